"""The command line: all commands in one application, and how each failure ends it."""

import json
import sys

import typer
from pydantic import ValidationError
from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError
from typer.exceptions import TyperException

from cli.commands import (
    credits,
    demo,
    doctor,
    export,
    live_smoke,
    songs,
    stack,
    studio,
    styles,
    support,
    upkeep,
    vault,
    videos,
)
from cli.exits import Exit, exit_code
from models.failures import EchonosError, InvalidInput
from workflows.verdicts import note_on

app = typer.Typer(
    help="Echonos turns a finished song into a beat-cut vertical music video.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    stack.up,
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
):
    app.command()(command)
app.add_typer(vault.songs, name="songs")
app.add_typer(vault.characters, name="characters")
app.add_typer(vault.videos, name="videos")
app.add_typer(support.support, name="support")
app.add_typer(upkeep.ledger, name="ledger")


def main() -> int:
    """Run one command; returns its exit code."""
    try:
        # Typer turns Ctrl-C into a returned exit code.
        code = int(app(standalone_mode=False) or Exit.DONE)
    except KeyboardInterrupt:
        code = Exit.INTERRUPTED
    except (
        EchonosError,
        WorkflowFailureError,
        RPCError,
        OSError,
        ValidationError,
        typer.Abort,
        TyperException,
    ) as error:
        return _fail(*_ending(error))
    if code == Exit.INTERRUPTED:
        return _fail("Interrupted", "Stopped. A run that has begun goes on when the stack is up.", Exit.INTERRUPTED)
    return code


def _ending(error: BaseException) -> tuple[str, str, Exit]:
    """What a failure is called, the sentence that a person reads, and its exit code."""
    match error:
        case EchonosError():
            return error.type, error.message, exit_code(error)
        case WorkflowFailureError():
            note = note_on(error.cause)
            return note.type, note.sentence, Exit.BAD_INPUT if note.type == InvalidInput.__name__ else Exit.RUN_FAILED
        case RPCError() | TimeoutError():
            return "NoServer", f"The Temporal server does not answer as it should: {error}", Exit.NO_SERVER
        case OSError():
            return "File", f"{error.filename or 'A file'}: {error.strerror or error}.", Exit.BAD_INPUT
        case ValidationError():
            first = error.errors(include_url=False, include_input=False)[0]
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
