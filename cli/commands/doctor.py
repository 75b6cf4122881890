"""`doctor`: what is in use, and does it work?"""

import asyncio
from typing import Annotated

import typer

from cli.exits import Exit
from cli.output import Output


def doctor(
    prices: Annotated[bool, typer.Option("--prices", help="Compare our prices with fal's list, too.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Engines in use, and whether everything that is configured can be reached; exit code 4 when something cannot."""
    from cli.doctor import examine
    from settings import Settings

    if not asyncio.run(examine(Settings(), Output(as_json), prices)):
        raise typer.Exit(Exit.RUN_FAILED)
