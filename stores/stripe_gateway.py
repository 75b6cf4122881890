"""Payments through Stripe: checkout pages, and the signed news of what was paid, refunded and disputed.

What was paid decides, never what was clicked: a plan is granted by its paid invoice (a subscription's checkout session
grants nothing), a top-up by its payment. The amount comes from our own table by price id. The endpoint at Stripe must
send the types in `EVENTS`.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import stripe
from stripe import StripeClient

from models.credits import OFFERS, CheckoutSession, Purchase
from models.failures import InvalidInput, Misconfigured, ProviderUnavailable, RateLimited
from stores.purchases import Purchases

EVENTS = (
    "checkout.session.completed",
    "checkout.session.async_payment_succeeded",
    "invoice.paid",
    "invoice_payment.paid",
    "charge.refunded",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
)
_MONEY_STAYED = ("won", "prevented")
_INQUIRY = "warning_"
"""Statuses of an inquiry begin so: the money has not moved."""


class StripeGateway:
    """Checkout and webhooks.

    Args:
        api_key: Stripe's secret key.
        webhook_secret: Signs the webhook's events.
        price_ids: Stripe's price id of each offer in `models.credits.OFFERS`.
        purchases: Where paid things are granted.
        api_base: Another address than Stripe's own, for tests.
    """

    def __init__(
        self,
        api_key: str,
        webhook_secret: str,
        price_ids: Mapping[str, str],
        purchases: Purchases,
        api_base: str | None = None,
    ) -> None:
        if unknown := set(price_ids) - set(OFFERS):
            raise Misconfigured(f"there is no offer {', '.join(sorted(unknown))}; offers are {', '.join(OFFERS)}")
        # Whoever calls us retries; the idempotency key makes that safe.
        self._client = StripeClient(
            api_key, max_network_retries=0, base_addresses={"api": api_base} if api_base else None
        )
        self._webhook_secret = webhook_secret
        self._price_ids = dict(price_ids)
        self._offer_ids = {price_id: offer_id for offer_id, price_id in price_ids.items()}
        self._purchases = purchases

    def checkout(
        self, account_id: str, offer_id: str, success_url: str, cancel_url: str, idempotency_key: str
    ) -> CheckoutSession:
        """Open a page on which the artist pays.

        Args:
            account_id: Who buys.
            offer_id: What.
            success_url: Where Stripe sends the artist afterwards.
            cancel_url: Where it sends who turns back.
            idempotency_key: The same key opens the same page.

        Returns:
            The page.

        Raises:
            InvalidInput: There is no such offer.
            Misconfigured: The offer has no price at Stripe, or Stripe refuses our key or request.
            RateLimited: Slow down.
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
            # What Stripe copies to later invoices and payments: the session itself is gone by then.
            ("subscription_data" if offer.monthly else "payment_intent_data"): {"metadata": metadata},
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
        """Take in one webhook call; repetition and order do not matter.

        Args:
            payload: The body as it came: the signature covers every byte.
            signature: The `Stripe-Signature` header.

        Returns:
            True when it was about something of ours.

        Raises:
            InvalidInput: The signature is missing, wrong or old, or the event lacks what it must tell.
            ProviderUnavailable: The database is away; Stripe will send the event again.
        """
        try:
            stripe.WebhookSignature.verify_header(
                payload, signature, self._webhook_secret, stripe.Webhook.DEFAULT_TOLERANCE
            )
            event = json.loads(payload)
            kind, thing = str(event["type"]), event["data"]["object"]
        except stripe.SignatureVerificationError as error:
            raise InvalidInput("This call is not signed by Stripe.", code="bad_signature") from error
        except (ValueError, KeyError, TypeError) as error:
            raise InvalidInput("This is no event of Stripe's.", code="bad_event") from error
        try:
            return self._handle(kind, thing)
        except (KeyError, TypeError, IndexError) as error:
            raise InvalidInput(f"This {kind} event lacks {error}.", code="bad_event") from error

    def _handle(self, kind: str, thing: dict[str, Any]) -> bool:
        if kind in {"checkout.session.completed", "checkout.session.async_payment_succeeded"}:
            return self._session_paid(thing)
        if kind == "invoice.paid":
            return self._invoice_paid(thing)
        if kind == "invoice_payment.paid":
            return self._invoice_payment_made(thing)
        if kind == "charge.refunded":
            return self._reversed(thing, "refund", thing["amount_refunded"], is_final=False)
        if kind in {"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"}:
            status = str(thing["status"])
            money_moved = status not in _MONEY_STAYED and not status.startswith(_INQUIRY)
            cents = thing["amount"] if money_moved else 0
            return self._reversed(thing, "dispute", cents, is_final=kind == "charge.dispute.closed")
        return False

    def _session_paid(self, session: dict[str, Any]) -> bool:
        metadata = session.get("metadata") or {}
        offer_id = self._offer_ids.get(metadata.get("price_id", ""))
        if offer_id is None or session["mode"] != "payment" or session["payment_status"] != "paid":
            return False
        payment_intent = _id_of(session["payment_intent"])
        self._purchases.paid(
            Purchase(
                purchase_id=payment_intent,
                account_id=metadata["account_id"],
                offer_id=offer_id,
                paid_cents=session["amount_total"],
                payment_intent=payment_intent,
            )
        )
        return True

    def _invoice_paid(self, invoice: dict[str, Any]) -> bool:
        for line in invoice["lines"]["data"]:
            offer_id = self._offer_ids.get(_price_id(line))
            if offer_id is None or _is_proration(line):
                continue
            self._purchases.paid(
                Purchase(
                    purchase_id=invoice["id"],
                    account_id=_subscription_details(invoice)["metadata"]["account_id"],
                    offer_id=offer_id,
                    paid_cents=invoice["amount_paid"],
                    # Only endpoints of older API versions tell it here; newer ones send invoice_payment.paid.
                    payment_intent=_id_of(invoice.get("payment_intent")),
                    period_ends_at=datetime.fromtimestamp(line["period"]["end"], UTC),
                    is_new_subscription=invoice.get("billing_reason") == "subscription_create",
                )
            )
            return True
        return False

    def _invoice_payment_made(self, invoice_payment: dict[str, Any]) -> bool:
        payment_intent = _id_of(invoice_payment["payment"].get("payment_intent"))
        if not payment_intent:
            return False
        self._purchases.link(payment_intent, _id_of(invoice_payment["invoice"]))
        return True

    def _reversed(self, thing: dict[str, Any], kind: str, cents: int, *, is_final: bool) -> bool:
        payment_intent = _id_of(thing.get("payment_intent"))
        if not payment_intent:
            return False
        self._purchases.reversed(thing["id"], payment_intent, kind, cents, is_final=is_final)
        return True


def _id_of(reference: Any) -> str:
    """Stripe refers by id, or by the whole object where an endpoint expands it."""
    return str(reference["id"] if isinstance(reference, dict) else reference or "")


def _price_id(line: dict[str, Any]) -> str:
    # An endpoint keeps the API version it was made with: before 2025-03-31 a line had its price itself.
    pricing = line.get("pricing")
    return _id_of(pricing["price_details"]["price"] if pricing else line.get("price"))


def _is_proration(line: dict[str, Any]) -> bool:
    parent = line.get("parent") or {}
    return bool((parent.get("subscription_item_details") or line).get("proration"))


def _subscription_details(invoice: dict[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = (invoice.get("parent") or invoice)["subscription_details"]
    return details
