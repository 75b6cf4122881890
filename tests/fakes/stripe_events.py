"""Events as Stripe sends them, whole and signed, in the shapes of API version 2026-10-28.endive."""

import json
from copy import deepcopy
from typing import Any

import stripe

SECRET = "whsec_test"
Thing = dict[str, Any]


def envelope(kind: str, thing: Any, created: int = 1_790_000_000) -> Thing:
    return {
        "id": f"evt_{kind.replace('.', '_')}_{created}",
        "object": "event",
        "api_version": "2026-10-28.endive",
        "created": created,
        "livemode": True,
        "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None},
        "type": kind,
        "data": {"object": thing, "previous_attributes": {}},
    }


def signed(payload: str) -> str:
    """The `Stripe-Signature` header of a body."""
    header: str = stripe.WebhookSignature.generate_signature_header(payload, SECRET)
    return header


def session(**more: Any) -> Thing:
    """A completed checkout of a top-up, without tax."""
    return {
        "id": "cs_live_a1",
        "object": "checkout.session",
        "adaptive_pricing": {"enabled": True},
        "amount_subtotal": 1_000,
        "amount_total": 1_000,
        "automatic_tax": {"enabled": False, "liability": None, "provider": None, "status": None},
        "client_reference_id": "ada",
        "currency": "usd",
        "currency_conversion": None,
        "customer": None,
        "customer_details": {"address": {"country": "DE"}, "email": "ada@example.org", "name": "Ada", "tax_ids": []},
        "customer_email": None,
        "livemode": True,
        "managed_payments": {"enabled": False},
        "metadata": {"account_id": "ada", "price_id": "price_250"},
        "mode": "payment",
        "payment_intent": "pi_1",
        "payment_status": "paid",
        "status": "complete",
        "subscription": None,
        "total_details": {"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0},
    } | more


def line(period_end: int, **more: Any) -> Thing:
    """A line of a plan's invoice."""
    return {
        "id": "il_1",
        "object": "line_item",
        "amount": 3_000,
        "currency": "usd",
        "description": "1 × Pilot plan (at $30.00 / month)",
        "metadata": {"account_id": "ada", "price_id": "price_pilot"},
        "parent": {
            "invoice_item_details": None,
            "subscription_item_details": {"proration": False, "subscription": "sub_1", "subscription_item": "si_1"},
            "type": "subscription_item_details",
        },
        "period": {"end": period_end, "start": period_end - 2_592_000},
        "pricing": {
            "price_details": {"price": "price_pilot", "product": "prod_1"},
            "type": "price_details",
            "unit_amount_decimal": "3000",
        },
        "quantity": 1,
        "taxes": [],
    } | more


def invoice(period_end: int, **more: Any) -> Thing:
    """A plan's paid invoice."""
    return {
        "id": "in_1",
        "object": "invoice",
        "amount_due": 3_000,
        "amount_paid": 3_000,
        "amount_remaining": 0,
        "billing_reason": "subscription_create",
        "collection_method": "charge_automatically",
        "currency": "usd",
        "customer": "cus_1",
        "customer_email": "ada@example.org",
        "lines": {"object": "list", "data": [line(period_end)], "has_more": False, "url": "/v1/invoices/in_1/lines"},
        "metadata": {},
        "parent": {
            "quote_details": None,
            "subscription_details": {"metadata": {"account_id": "ada"}, "subscription": "sub_1"},
            "type": "subscription_details",
        },
        "status": "paid",
        "subtotal": 3_000,
        "total": 3_000,
    } | more


def made_by_hand(period_end: int, **more: Any) -> Thing:
    """An invoice of a plan made by hand in the Dashboard: no metadata names an account."""
    bare = line(period_end, metadata={}, parent=None)
    lines = {"object": "list", "data": [bare], "has_more": False, "url": "/v1/invoices/in_1/lines"}
    return invoice(period_end, parent=None, metadata=None, lines=lines, billing_reason="manual") | more


def invoice_payment(**more: Any) -> Thing:
    return {
        "id": "inpay_1",
        "object": "invoice_payment",
        "amount_paid": 3_000,
        "amount_requested": 3_000,
        "currency": "usd",
        "invoice": "in_1",
        "is_default": True,
        "payment": {"payment_intent": "pi_1", "type": "payment_intent"},
        "status": "paid",
    } | more


def charge(refunded: int, **more: Any) -> Thing:
    """A charge with its refunded total so far."""
    return {
        "id": "ch_1",
        "object": "charge",
        "amount": 1_000,
        "amount_captured": 1_000,
        "amount_refunded": refunded,
        "currency": "usd",
        "disputed": False,
        "invoice": None,
        "metadata": {},
        "paid": True,
        "payment_intent": "pi_1",
        "refunded": refunded >= 1_000,
        "status": "succeeded",
    } | more


def refund(status: str = "succeeded", amount: int = 1_000, **more: Any) -> Thing:
    return {
        "id": "re_1",
        "object": "refund",
        "amount": amount,
        "balance_transaction": "txn_1",
        "charge": "ch_1",
        "currency": "usd",
        "failure_balance_transaction": "txn_2" if status == "failed" else None,
        "failure_reason": "lost_or_stolen_card" if status == "failed" else None,
        "payment_intent": "pi_1",
        "pending_reason": None,
        "reason": "requested_by_customer",
        "status": status,
    } | more


def dispute(status: str = "needs_response", **more: Any) -> Thing:
    return {
        "id": "du_1",
        "object": "dispute",
        "amount": 1_000,
        "balance_transactions": [],
        "charge": "ch_1",
        "currency": "usd",
        "evidence_details": {"due_by": 1_790_900_000, "has_evidence": False, "past_due": False, "submission_count": 0},
        "is_charge_refundable": False,
        "payment_intent": "pi_1",
        "reason": "fraudulent",
        "status": status,
    } | more


def every(period_end: int) -> list[Thing]:
    """One event of each type that the endpoint receives."""
    shapes = {
        "checkout.session.completed": session(),
        "checkout.session.async_payment_succeeded": session(),
        "invoice.paid": invoice(period_end),
        "invoice_payment.paid": invoice_payment(),
        "charge.refunded": charge(1_000),
        "refund.created": refund("pending"),
        "refund.updated": refund(),
        "refund.failed": refund("failed"),
        "charge.dispute.created": dispute(),
        "charge.dispute.updated": dispute("under_review"),
        "charge.dispute.closed": dispute("won"),
        "charge.dispute.funds_withdrawn": dispute(),
        "charge.dispute.funds_reinstated": dispute("won"),
    }
    return [envelope(kind, deepcopy(thing)) for kind, thing in shapes.items()]


def body(event: Any) -> str:
    return json.dumps(event)
