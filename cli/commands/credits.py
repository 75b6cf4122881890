"""`balance` and `grant`: the local account's credits."""

import asyncio
from typing import Annotated

import typer

from cli.commands.reasons import in_words
from cli.output import Output

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


def balance(as_json: AsJson = False) -> None:
    """What the local account has."""
    from cli.credits import show_balance

    asyncio.run(show_balance(Output(as_json)))


def grant(
    credits_: Annotated[int, typer.Argument(metavar="CREDITS", min=1, max=1_000_000, help="How many credits.")],
    reason: Annotated[str, typer.Option(help="Why; kept with the entry.", callback=in_words)],
    as_json: AsJson = False,
) -> None:
    """Give credits to the local account."""
    from cli.credits import grant_credits

    asyncio.run(grant_credits(credits_, reason, Output(as_json)))
