"""Checkouts, test purchases, webhooks, and payments that support settles."""

from typing import TYPE_CHECKING

from models.credits import Balance
from models.failures import InvalidInput, NotFound
from models.payments import StrayPayment
from models.prices import OFFERS
from models.support import DONE, Action
from services.app import App
from stores.support import refused_because

if TYPE_CHECKING:
    from gateways.fal_webhooks import FalWebhooks


def check_checkout(app: App, offer_id: str) -> None:
    """Refuse a checkout that could not be opened.

    Raises:
        NotFound: Stripe is not set up.
        InvalidInput: `unknown_offer`.
    """
    if app.stripe is None:
        raise NotFound("Nothing is sold here.")
    _check_offer(offer_id)


def check_out(app: App, account_id: str, offer_id: str, operation_id: str) -> str:
    """Open a checkout; credits come with the payment.

    Args:
        offer_id: The offer, accepted by `check_checkout`.
        operation_id: The operation; the same one opens one checkout.

    Returns:
        The URL of Stripe's page.
    """
    if app.stripe is None:
        raise NotFound("Nothing is sold here.")
    page = f"{app.settings.public_url}/credits"
    return app.stripe.checkout(account_id, offer_id, f"{page}?paid=1", page, operation_id).url


def check_test_purchase(app: App, offer_id: str) -> None:
    """Refuse a purchase without money.

    Raises:
        NotFound: This is no developer's machine, or Stripe is set up.
        InvalidInput: `unknown_offer`.
    """
    if not app.takes_test_purchases:
        raise NotFound("Nothing is given away here.")
    _check_offer(offer_id)


def buy_for_test(app: App, account_id: str, offer_id: str, operation_id: str) -> Balance:
    """Buy without money; marked as a test in the history. The same operation buys once."""
    return app.purchases.buy_for_test(account_id, offer_id, operation_id)


def receive_stripe(app: App, body: bytes, signature: str | None) -> bool:
    """Process a Stripe event; events may repeat and arrive in any order.

    Returns:
        Whether it is about a purchase of ours.

    Raises:
        NotFound: Stripe is not set up.
        InvalidInput: `bad_event` or `bad_signature`.
    """
    if app.stripe is None:
        raise NotFound("There is nothing here under this address.")
    return app.stripe.receive(body, signature)


def fal_webhooks(app: App) -> "FalWebhooks":
    """The receiver of fal's webhooks, which only shorten waiting. Raises `NotFound`: no pictures are bought here."""
    if app.fal is None:
        raise NotFound("There is nothing here under this address.")
    return app.fal


def waiting_payments(app: App) -> list[StrayPayment]:
    """The payments that granted nothing, oldest first."""
    return app.purchases.strays.waiting()


def assign_payment(app: App, actor: str, payment_id: str, account_id: str, reason: str) -> Balance:
    """Grant a waiting payment's credits to an account, once.

    Raises:
        InvalidInput: There is no such payment or account, or the payment was settled otherwise.
    """
    log = app.stores.support
    what = f"payment {payment_id}"
    number = log.begin(actor, Action.GRANT, account_id, reason, account_id, detail=what, once=True)
    try:
        granted = app.purchases.strays.assign(payment_id, account_id)
    except BaseException as error:
        log.finish(number, refused_because(error))
        raise
    log.finish(number, DONE if granted else "refused: it was granted before")
    return app.stores.ledger.balance(account_id)


def dismiss_payment(app: App, actor: str, payment_id: str, reason: str) -> None:
    """Close a waiting payment without credits: it was refunded, or settled otherwise.

    Raises:
        InvalidInput: There is no such payment, or it was assigned to an account.
    """
    with app.stores.support.attempt(actor, Action.DISMISS, payment_id, reason):
        app.purchases.strays.dismiss(payment_id)


def _check_offer(offer_id: str) -> None:
    if offer_id not in OFFERS:
        raise InvalidInput(f"price: one of {', '.join(OFFERS)}.", "unknown_offer", "price")
