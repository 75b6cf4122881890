"""Options that commands share, and how a function becomes a command."""

import asyncio
import getpass
import inspect
import os
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer

from cli.output import Output
from models import support
from models.failures import InvalidInput

Work = TypeVar("Work", bound=Callable[..., Coroutine[Any, Any, None]])


def command(group: typer.Typer, name: str | None = None) -> Callable[[Work], Work]:
    """Add a command that runs an async function; the function's `output` is made of the option `--json`.

    Args:
        group: The application, or one of its groups of commands.
        name: The command's name where it isn't the function's.
    """

    def add(work: Work) -> Work:
        @wraps(work)
        def run(*, as_json: bool, **given: Any) -> None:
            asyncio.run(work(**given, output=Output(as_json)))

        signature = inspect.signature(work)
        options = [option for option in signature.parameters.values() if option.name != "output"]
        as_json = inspect.Parameter("as_json", inspect.Parameter.KEYWORD_ONLY, default=False, annotation=AsJson)
        run.__dict__["__signature__"] = signature.replace(parameters=[*options, as_json])
        group.command(name)(run)
        return work

    return add


def in_words(reason: str) -> str:
    """A reason without surrounding space, before anything is started for it. Raises `BadParameter`: it is empty."""
    try:
        return support.in_words(reason)
    except InvalidInput as error:
        raise typer.BadParameter(error.message) from error


def writable(out: Path | None) -> Path | None:
    """An output path, refused before anything is started for it.

    Raises:
        InvalidInput: No file can be written there.
    """
    if out is not None and (out.is_dir() or not os.access(out.absolute().parent, os.W_OK | os.X_OK)):
        raise InvalidInput(f"{out} cannot be written: name a file in a folder that exists.", code="out")
    return out


AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]
VideoId = Annotated[str, typer.Argument(help="The video's id, as printed by `generate`.")]
AccountId = Annotated[str, typer.Argument(help="The account.")]
Credits = Annotated[int, typer.Argument(metavar="CREDITS", min=1, max=1_000_000, help="How many credits.")]
Out = Annotated[Path | None, typer.Option(help="Where to put the MP4; default: the data folder.", callback=writable)]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
YesHold = Annotated[bool, typer.Option("--yes", help="Do not ask before credits are held.")]
Reason = Annotated[str, typer.Option(help="Why; kept in the audit.", callback=in_words)]
Actor = Annotated[
    str, typer.Option("--as", help="The person who acts; kept in the audit.", default_factory=getpass.getuser)
]
