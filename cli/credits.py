"""The local account's credits."""

from uuid import uuid4

from cli.output import Output
from cli.quotes import balance_in_words
from cli.session import Session, open_session
from models.credits import Balance, GrantRequest, GrantSource


def grant_goodwill(session: Session, amount: int, reason: str) -> Balance:
    """A grant of its own each time: nobody asks twice by accident on the command line."""
    request = GrantRequest(
        account_id=session.account_id,
        key=f"cli-{uuid4().hex}",
        amount=amount,
        source=GrantSource.GOODWILL,
        reason=reason,
        actor="command line",
    )
    return session.stores.ledger.grant(request).balance


async def show_balance(output: Output) -> None:
    """What the account has."""
    async with open_session(output) as session:
        now = session.stores.ledger.balance(session.account_id)
    output.answer(now, balance_in_words(now))


async def grant_credits(amount: int, reason: str, output: Output) -> None:
    """Give credits and show the balance."""
    async with open_session(output) as session:
        now = grant_goodwill(session, amount, reason)
    output.answer(now, [f"{amount} credits granted: {now.available} available."])
