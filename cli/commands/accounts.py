"""`support …` for an account's data and credits, and for payments that granted nothing."""

from pathlib import Path
from typing import Annotated

import typer

from cli.commands.support import support
from cli.options import AccountId, Actor, Credits, Reason, Yes, command, writable
from cli.output import Output
from cli.session import Session
from models.payments import StrayPayment
from models.prices import OFFERS

__all__ = ["support"]

PaymentId = Annotated[str, typer.Argument(help="The payment's id, as `support payments` lists it.")]


@command(support, "take-out")
async def take_out(
    account_id: AccountId,
    reason: Reason,
    actor: Actor,
    out: Annotated[Path, typer.Option(help="The ZIP to write.", callback=writable)],
    *,
    output: Output,
) -> None:
    """Write all data of an account into a ZIP: files, prompts, credits, log-ins; no secrets."""
    from services.account_data import take_out_for

    async with Session.open(output) as session:
        takeout = await take_out_for(session.app, actor, account_id, reason, out)
    answer = takeout.model_dump(mode="json", exclude={"object_key"}) | {"path": str(out)}
    output.answer(answer, [f"{takeout.files} files and all records of {account_id}.", str(out)])


@command(support)
async def erase(account_id: AccountId, reason: Reason, actor: Actor, yes: Yes = False, *, output: Output) -> None:
    """Erase an account at the person's request. The ledger's entries stay, under an id that identifies no person."""
    from services.account_data import erase_for
    from services.credits import balance

    async with Session.open(output) as session:
        left = balance(session.app, account_id).available
        output.say(f"{account_id} has {left} credits, which are lost. Everything but the ledger is deleted.")
        output.ask("Erase the account?", yes, "Nothing was erased.")
        closed = await erase_for(session.app, actor, account_id, reason)
    answer = {"account_id": account_id, "runs": closed.runs}
    output.answer(answer, [f"{account_id} is being erased; {closed.runs} open runs were asked to end."])


@command(support)
async def grant(account_id: AccountId, credits_: Credits, reason: Reason, actor: Actor, *, output: Output) -> None:
    """Give credits to any account."""
    from services import support

    async with Session.open(output) as session:
        receipt = support.grant(session.app, actor, account_id, credits_, reason)
    output.answer(receipt, [f"{credits_} credits granted; the account has {receipt.balance.available}."])


@command(support)
async def unshare(
    link: Annotated[str, typer.Argument(metavar="LINK|SHARE_ID", help="A share link as it was sent, or its id.")],
    reason: Reason,
    actor: Actor,
    *,
    output: Output,
) -> None:
    """Revoke the share link of any account; `support show ACCOUNT` lists them."""
    from services.shares import unshare

    async with Session.open(output) as session:
        ended = unshare(session.app, actor, link, reason)
    output.answer(ended, [f"{ended.share_id} of {ended.video_id} shows nothing from now on."])


@command(support)
async def payments(*, output: Output) -> None:
    """Payments that granted nothing, because no account or no current price matches them."""
    from services import purchases

    async with Session.open(output) as session:
        waiting = purchases.waiting_payments(session.app)
    answer = {"payments": [payment.model_dump(mode="json") for payment in waiting]}
    output.answer(answer, [line for one in waiting for line in _lines(one)] or ["No payment waits."])


@command(support)
async def assign(payment_id: PaymentId, account_id: AccountId, reason: Reason, actor: Actor, *, output: Output) -> None:
    """Grant such a payment's credits to an account; once."""
    from services import purchases

    async with Session.open(output) as session:
        balance = purchases.assign_payment(session.app, actor, payment_id, account_id, reason)
    output.answer(balance, [f"Granted; the account has {balance.available} credits."])


@command(support)
async def dismiss(payment_id: PaymentId, reason: Reason, actor: Actor, *, output: Output) -> None:
    """Close such a payment without credits: it was refunded, or settled otherwise."""
    from services import purchases

    async with Session.open(output) as session:
        purchases.dismiss_payment(session.app, actor, payment_id, reason)
    output.answer({"payment_id": payment_id}, ["Nothing is granted for it."])


def _lines(payment: StrayPayment) -> list[str]:
    paid = f"{payment.paid_cents / 100:.2f} {payment.currency.upper() or 'USD'}"
    when = f"{payment.seen_at:%Y-%m-%d %H:%M}  " if payment.seen_at else ""
    payer = payment.account_id or payment.email or "payer unknown"
    return [f"{when}{payment.payment_id}  {paid}  {OFFERS[payment.offer_id].title}  {payer}", f"  {payment.reason}"]
