"""`live-smoke`: the first contact with the services behind the keys."""

import asyncio
from typing import Annotated

import typer

from cli.exits import Exit
from cli.output import Output


def live_smoke(
    most_usd: Annotated[float, typer.Option(min=0, help="Refuse when it could cost more, in dollars.")] = 1.0,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before buying.")] = False,
    every_model: Annotated[
        bool, typer.Option("--every-model", help="Send a malformed request to each clip model, not to the bought one.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Buy one of each with your keys and say where the services differ from our tables; exit code 4 where they do."""
    from cli.live_smoke import smoke
    from settings import Settings

    if not asyncio.run(smoke(Settings(), most_usd, yes, Output(as_json), every_model)):
        raise typer.Exit(Exit.RUN_FAILED)
