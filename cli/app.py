"""The command line: all commands in one application, and how each failure ends it."""

import json
import os
import sys

import typer
from pydantic import ValidationError
from typer.exceptions import TyperException

from cli.commands import (
    account,
    accounts,
    beats,
    board,
    credits,
    demo,
    doctor,
    export,
    footage,
    live_smoke,
    many,
    sharing,
    songs,
    stack,
    studio,
    styles,
    upkeep,
    vault,
    version,
    videos,
)
from cli.exits import Exit, exit_code
from cli.options import command
from models.failures import EchonosError, InvalidInput
from models.loopback import keep_loopback_direct
from services.failures import FAILURES, translated

app = typer.Typer(
    help="Echonos turns a finished song into a beat-cut vertical music video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(stack.up)
for work in (
    demo.demo,
    songs.analyze,
    videos.generate,
    videos.watch,
    videos.timeline,
    videos.cancel,
    export.export,
    studio.regenerate,
    studio.choose,
    studio.versions,
    studio.close,
    credits.balance,
    credits.grant,
    styles.styles,
    doctor.doctor,
    live_smoke.live_smoke,
    upkeep.replay,
    upkeep.deploy,
    upkeep.drain,
    version.version,
):
    command(app)(work)
app.add_typer(board.board, name="board")
app.add_typer(many.studio, name="studio")
app.add_typer(account.account, name="account")
app.add_typer(sharing.share, name="share")
app.add_typer(beats.songs, name="songs")
app.add_typer(vault.characters, name="characters")
app.add_typer(vault.videos, name="videos")
app.add_typer(footage.footage, name="footage")
app.add_typer(accounts.support, name="support")
app.add_typer(upkeep.ledger, name="ledger")

_EXPECTED = (*FAILURES, OSError, ValidationError, typer.Abort, TyperException)
"""Failures that end a command with a sentence; any other is a defect and shows its traceback."""


def main() -> int:
    """Run one command; returns its exit code."""
    keep_loopback_direct(os.environ)
    try:
        # Typer turns Ctrl-C into a returned exit code.
        code = int(app(standalone_mode=False) or Exit.DONE)
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except Exception as error:
        if not isinstance(error, _EXPECTED):
            raise
        return _fail(*_ending(error))
    if code == Exit.INTERRUPTED:
        return _fail("Interrupted", "Stopped. A run that has begun goes on when the stack is up.", Exit.INTERRUPTED)
    return code


def _ending(error: BaseException) -> tuple[str, str, Exit]:
    match translated(error) or error:
        case InvalidInput() as refused:  # scripts know no finer kinds
            return InvalidInput.__name__, refused.message, exit_code(refused)
        case EchonosError() as failure:
            return failure.type, failure.message, exit_code(failure)
        case TimeoutError():
            return "NoServer", "The Temporal server does not answer in time.", Exit.NO_SERVER
        case OSError() as failed:
            return "File", f"{failed.filename or 'A file'}: {failed.strerror or failed}.", Exit.BAD_INPUT
        case ValidationError() as invalid:
            first = invalid.errors(include_url=False, include_input=False)[0]
            return "InvalidInput", f"{'.'.join(map(str, first['loc']))}: {first['msg']}.", Exit.BAD_INPUT
        case typer.Abort():
            return "Interrupted", "Nothing was started.", Exit.BAD_INPUT
        case _:
            return "Usage", f"{_message(error).rstrip('.')}. See --help.", Exit.BAD_INPUT


def _fail(kind: str, sentence: str, code: Exit) -> int:
    if "--json" in sys.argv[1:]:
        print(json.dumps({"error": {"type": kind, "sentence": sentence}}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)
    return code


def _message(error: BaseException) -> str:
    """Usage errors name their parameter only in `format_message`, which their exported base lacks."""
    return str(getattr(error, "format_message", error.__str__)())
