"""Payments through Stripe: checkout pages, and signed events about payments, refunds and disputes.

Credits follow the payment, never the click: a paid invoice grants a plan (a subscription's checkout session grants
nothing), a payment grants a top-up. Our own table by price id says what was bought, and the amount and currency must be
the offer's. A payment that cannot be granted (no account, another price) is acknowledged and kept for support. The
endpoint at Stripe must send the types in `EVENTS`.
"""

from collections.abc import Mapping
from typing import Any

import stripe
from stripe import StripeClient

from gateways.stripe_events import Event, Part, odd
from models.credits import CheckoutSession
from models.failures import InvalidInput, Misconfigured, ProviderUnavailable, RateLimited
from models.payments import StrayPayment
from models.prices import OFFERS, Offer
from stores.purchases import Purchases

EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "invoice.paid",
    "invoice_payment.paid",
    "charge.refunded",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
)
CURRENCY = "usd"
"""Of all offers."""

_SESSIONS = ("checkout.session.completed", "checkout.session.async_payment_succeeded")
_REFUNDS = ("refund.created", "refund.updated", "refund.failed", "charge.refund.updated")
_DISPUTES = tuple(f"charge.dispute.{end}" for end in ("created", "updated", "closed"))
_FUNDS = ("charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated")
_MONEY_STAYED = ("won", "prevented")
_REFUND_FAILED = ("failed", "canceled")
_INQUIRY = "warning_"
"""The start of an inquiry's statuses: the money has not moved."""


class StripeGateway:
    """Checkout and webhooks.

    Args:
        price_ids: Stripe's price id of each offer in `models.prices.OFFERS`.
        api_base: Another address than Stripe's own, for tests.
        managed_payments: Whether Stripe sells in its own name, with tax. An account may have it on by default, so every
            session states it.
    """

    def __init__(
        self,
        api_key: str,
        webhook_secret: str,
        price_ids: Mapping[str, str],
        purchases: Purchases,
        api_base: str | None = None,
        *,
        managed_payments: bool = False,
    ) -> None:
        if unknown := set(price_ids) - set(OFFERS):
            raise Misconfigured(f"there is no offer {', '.join(sorted(unknown))}; offers are {', '.join(OFFERS)}")
        # Callers retry; the idempotency key makes that safe.
        self._client = StripeClient(
            api_key, max_network_retries=0, base_addresses={"api": api_base} if api_base else None
        )
        self._webhook_secret = webhook_secret
        self._price_ids = dict(price_ids)
        self._offer_ids = {price_id: offer_id for offer_id, price_id in price_ids.items()}
        self._purchases = purchases
        self._strays = purchases.strays
        self._managed_payments = managed_payments

    def checkout(
        self, account_id: str, offer_id: str, success_url: str, cancel_url: str, idempotency_key: str
    ) -> CheckoutSession:
        """Open a payment page.

        Args:
            success_url: Stripe's redirect after the payment.
            cancel_url: Stripe's redirect if the artist turns back.
            idempotency_key: The same key opens the same page.

        Raises:
            InvalidInput: There is no such offer.
            Misconfigured: The offer has no price at Stripe, or Stripe refuses our key or request.
            RateLimited: Too many requests.
            ProviderUnavailable: Stripe is away.
        """
        offer = OFFERS.get(offer_id)
        if offer is None:
            raise InvalidInput(f"There is no offer {offer_id!r}; choose one of {', '.join(OFFERS)}.", "unknown_offer")
        if offer_id not in self._price_ids:
            raise Misconfigured(f"no Stripe price id is set for {offer_id}")
        metadata = {"account_id": account_id, "price_id": self._price_ids[offer_id]}
        params: Any = {
            "mode": "subscription" if offer.monthly else "payment",
            "line_items": [{"price": self._price_ids[offer_id], "quantity": 1}],
            "client_reference_id": account_id,
            "metadata": metadata,
            # Stripe copies this to later invoices and payments; by then the session itself is gone.
            ("subscription_data" if offer.monthly else "payment_intent_data"): {"metadata": metadata},
            "managed_payments": {"enabled": self._managed_payments},
            "success_url": success_url,
            "cancel_url": cancel_url,
        }
        try:
            session = self._client.v1.checkout.sessions.create(params, {"idempotency_key": idempotency_key})
        except stripe.RateLimitError as error:
            raise RateLimited("Stripe asks us to slow down") from error
        except stripe.APIConnectionError as error:
            raise ProviderUnavailable("Stripe does not answer") from error
        except stripe.StripeError as error:
            if (error.http_status or 500) >= 500:
                raise ProviderUnavailable(f"Stripe answered {error.http_status}") from error
            raise Misconfigured(f"Stripe refuses the checkout: {error.user_message or type(error).__name__}") from error
        return CheckoutSession(session_id=session.id, url=session.url or "")

    def receive(self, payload: bytes, signature: str | None) -> bool:
        """Receive one webhook call; repetition and order do not matter.

        Args:
            payload: The raw body: the signature covers every byte.
            signature: The `Stripe-Signature` header.

        Returns:
            True if it concerned one of our payments.

        Raises:
            InvalidInput: The signature is missing, wrong or old, or the event lacks a required field.
            ProviderUnavailable: The database is away; Stripe will send the event again.
        """
        try:
            stripe.WebhookSignature.verify_header(
                payload, signature, self._webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
        except stripe.SignatureVerificationError as error:
            raise InvalidInput("This call is not signed by Stripe.", code="bad_signature") from error
        except ValueError as error:
            raise odd("it is not text") from error
        return self._handle(Event.read(payload))

    def _handle(self, event: Event) -> bool:
        thing = event.thing
        if event.kind in _SESSIONS:
            return self._session_paid(thing)
        if event.kind == "invoice.paid":
            return self._invoice_paid(thing)
        if event.kind == "invoice_payment.paid":
            return self._invoice_payment_made(thing)
        if event.kind == "charge.refunded":
            return self._reversed(event, "refund", thing.cents("amount_refunded"), is_final=False)
        if event.kind in _REFUNDS:
            return self._refund_told(event)
        if event.kind in _DISPUTES:
            status = thing.text("status")
            money_moved = status not in _MONEY_STAYED and not status.startswith(_INQUIRY)
            cents = thing.cents("amount") if money_moved else 0
            return self._reversed(event, "dispute", cents, is_final=event.kind.endswith("closed"))
        if event.kind in _FUNDS:
            is_back = event.kind.endswith("reinstated")
            return self._reversed(event, "dispute", 0 if is_back else thing.cents("amount"), is_final=is_back)
        return False

    def _session_paid(self, session: Part) -> bool:
        metadata = session.part("metadata")
        offer_id = self._offer_ids.get(metadata.some_text("price_id"))
        if offer_id is None or session.text("mode") != "payment" or session.text("payment_status") != "paid":
            return False
        payment_intent = session.reference("payment_intent")
        if not payment_intent:
            raise odd("a paid session names no payment")
        total, subtotal = session.cents("amount_total"), session.some_cents("amount_subtotal")
        discount = session.part("total_details").some_cents("amount_discount") or 0
        payment = StrayPayment(
            payment_id=payment_intent,
            offer_id=offer_id,
            paid_cents=total,
            currency=session.currency(),
            reason="",
            email=session.part("customer_details").some_text("email") or session.some_text("customer_email"),
            account_id=metadata.some_text("account_id") or session.some_text("client_reference_id"),
            payment_intent=payment_intent,
        )
        # The total includes any tax.
        return self._grant(payment, min(total, (total if subtotal is None else subtotal) - discount))

    def _invoice_paid(self, invoice: Part) -> bool:
        for line in invoice.part("lines").parts("data"):
            offer_id = self._offer_ids.get(_price_id(line))
            if offer_id is None or _is_proration(line):
                continue
            paid = invoice.cents("amount_paid")
            payment = StrayPayment(
                payment_id=invoice.text("id"),
                offer_id=offer_id,
                paid_cents=paid,
                currency=invoice.currency(),
                reason="",
                email=invoice.some_text("customer_email"),
                account_id=_account_named(invoice, line),
                # Only endpoints of older API versions report it here; newer ones send invoice_payment.paid.
                payment_intent=invoice.reference("payment_intent"),
                period_ends_at=line.part("period").moment("end"),
                is_new_subscription=invoice.some_text("billing_reason") == "subscription_create",
            )
            return self._grant(payment, paid)
        return False

    def _grant(self, payment: StrayPayment, net_cents: int) -> bool:
        """Grant a payment, or keep it for support: sending it again would not help."""
        known, offer = self._strays.find(payment.payment_id), OFFERS[payment.offer_id]
        if known is not None and known.settled_at is not None:
            return True  # support has decided
        account_id = payment.account_id or self._strays.account_of(payment.email)
        if wrong := _wrong_price(offer, net_cents, payment.currency):
            self._strays.note(payment.model_copy(update={"reason": wrong}))
        elif not account_id:
            reason = "The payment names no account, and no account has verified its e-mail address."
            self._strays.note(payment.model_copy(update={"reason": reason}))
        else:
            self._purchases.paid(payment.purchase(account_id))
            if known is not None:
                self._strays.settle(payment.payment_id, account_id)
        return True

    def _invoice_payment_made(self, invoice_payment: Part) -> bool:
        payment_intent = invoice_payment.part("payment").reference("payment_intent")
        if not payment_intent:
            return False
        invoice = invoice_payment.reference("invoice")
        if not invoice:
            raise odd("an invoice's payment names no invoice")
        self._purchases.link(payment_intent, invoice)
        return True

    def _refund_told(self, event: Event) -> bool:
        refund = event.thing
        payment_intent = refund.reference("payment_intent")
        if not payment_intent:
            return False
        # Older refunds that succeeded have no status.
        failed = event.kind == "refund.failed" or refund.some_text("status") in _REFUND_FAILED
        self._purchases.refunded(
            refund.text("id"), payment_intent, refund.cents("amount"), failed=failed, told_at=event.told_at
        )
        return True

    def _reversed(self, event: Event, kind: str, cents: int, *, is_final: bool) -> bool:
        payment_intent = event.thing.reference("payment_intent")
        if not payment_intent:
            return False
        self._purchases.reversed(
            event.thing.text("id"), payment_intent, kind, cents, is_final=is_final, told_at=event.told_at
        )
        return True


def _wrong_price(offer: Offer, net_cents: int, currency: str) -> str:
    """Why a payment does not match an offer's price, in a sentence; empty if it matches."""
    if currency not in ("", CURRENCY):
        return f"{offer.title} is sold in {CURRENCY.upper()}, and was paid in {currency[:10].upper()}."
    if net_cents < offer.price_cents:
        return f"{offer.title} costs ${offer.price_cents / 100:.2f}, and ${net_cents / 100:.2f} were paid."
    return ""


def _price_id(line: Part) -> str:
    # An endpoint keeps the API version it was created with: before 2025-03-31 a line had its price itself.
    if line.has("pricing"):
        return line.part("pricing").part("price_details").reference("price")
    return line.reference("price")


def _is_proration(line: Part) -> bool:
    details = line.part("parent").part("subscription_item_details")
    return bool((details if details.data else line).data.get("proration"))


def _account_named(invoice: Part, line: Part) -> str:
    named = (
        invoice.part("parent").part("subscription_details").part("metadata"),
        invoice.part("subscription_details").part("metadata"),
        line.part("metadata"),
        invoice.part("metadata"),
    )
    return next((found for found in (metadata.some_text("account_id") for metadata in named) if found), "")
