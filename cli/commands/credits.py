"""`balance` and `grant`: the local account's credits."""

from typing import Annotated
from uuid import uuid4

import typer

from cli.options import Credits, in_words
from cli.output import Output
from cli.session import Session
from models.credits import Balance


async def balance(*, output: Output) -> None:
    """The local account's balance."""
    from cli.quotes import balance_in_words
    from services import credits

    async with Session.open(output) as session:
        now = credits.balance(session.app, session.account_id)
    output.answer(now, balance_in_words(now))


async def grant(
    credits_: Credits,
    reason: Annotated[str, typer.Option(help="Why; kept with the entry.", callback=in_words)],
    *,
    output: Output,
) -> None:
    """Give credits to the local account."""
    async with Session.open(output) as session:
        now = grant_goodwill(session, credits_, reason)
    output.answer(now, [f"{credits_} credits granted: {now.available} available."])


def grant_goodwill(session: Session, amount: int, reason: str) -> Balance:
    """Give credits to the local account; each call gives them again."""
    from services import credits

    return credits.give(session.app, session.account_id, amount, reason, "command line", f"cli-{uuid4().hex}").balance
