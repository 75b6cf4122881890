"""Payments that nothing could be granted for, as support sees and settles them."""

from cli.output import Output
from cli.session import open_session
from models.credits import OFFERS
from models.payments import StrayPayment
from models.support import DONE, Action
from stores.purchases import Purchases
from stores.support import refused_because


async def show_payments(output: Output) -> None:
    """List the payments that wait."""
    async with open_session(output) as session:
        waiting = Purchases(session.stores.database).strays.waiting()
    answer = {"payments": [payment.model_dump(mode="json") for payment in waiting]}
    output.answer(answer, [line for one in waiting for line in _lines(one)] or ["No payment waits."])


async def assign_payment(payment_id: str, account_id: str, reason: str, actor: str, output: Output) -> None:
    """Grant what was paid for to an account."""
    async with open_session(output) as session:
        why = f"{reason} (payment {payment_id})"
        log = session.stores.support
        number = log.begin(actor, Action.GRANT, account_id, why, account_id, once=True)
        try:
            granted = Purchases(session.stores.database).strays.assign(payment_id, account_id)
        except BaseException as error:
            log.finish(number, refused_because(error))
            raise
        log.finish(number, DONE if granted else "refused: it was granted before")
        balance = session.stores.ledger.balance(account_id)
    output.answer(balance, [f"Granted; the account has {balance.available} credits."])


async def dismiss_payment(payment_id: str, reason: str, actor: str, output: Output) -> None:
    """Grant nothing for a payment: it was given back, or settled otherwise."""
    async with open_session(output) as session:
        with session.stores.support.attempt(actor, Action.DISMISS, payment_id, reason):
            Purchases(session.stores.database).strays.dismiss(payment_id)
    output.answer({"payment_id": payment_id}, ["Nothing is granted for it."])


def _lines(payment: StrayPayment) -> list[str]:
    paid = f"{payment.paid_cents / 100:.2f} {payment.currency.upper() or 'USD'}"
    when = f"{payment.seen_at:%Y-%m-%d %H:%M}  " if payment.seen_at else ""
    payer = payment.account_id or payment.email or "nobody known"
    return [f"{when}{payment.payment_id}  {paid}  {OFFERS[payment.offer_id].title}  {payer}", f"  {payment.reason}"]
