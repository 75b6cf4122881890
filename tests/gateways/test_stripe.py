"""Stripe's side: signed events in, a checkout page out through Stripe's own library to a local protocol server."""

import json
from datetime import timedelta
from typing import Any

import pytest
import stripe

from gateways.stripe import StripeGateway
from models.failures import EchonosError, InvalidInput, Misconfigured, ProviderUnavailable, RateLimited
from stores.database import Database
from stores.ledger import Ledger
from stores.purchases import Purchases
from tests.fakes.stripe_server import StripeServer, stripe_server

__all__ = ["stripe_server"]

SECRET = "whsec_test"
PRICES = {"pilot-monthly": "price_pilot", "top-up-250": "price_250"}

no_need_for_both_databases = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def gateway(database: Database, clock: Any, stripe_server: StripeServer) -> StripeGateway:
    return StripeGateway("sk_test_1", SECRET, PRICES, Purchases(database, clock), api_base=stripe_server.url)


def tell(gateway: StripeGateway, kind: str, thing: dict[str, Any]) -> bool:
    payload = json.dumps({"id": "evt_1", "object": "event", "type": kind, "data": {"object": thing}})
    signature = stripe.WebhookSignature.generate_signature_header(payload, SECRET)
    return gateway.receive(payload.encode(), signature)


def session(**more: Any) -> dict[str, Any]:
    return {
        "id": "cs_1",
        "mode": "payment",
        "payment_status": "paid",
        "payment_intent": "pi_1",
        "amount_total": 1_000,
        "metadata": {"account_id": "ada", "price_id": "price_250"},
    } | more


def invoice(clock: Any, **more: Any) -> dict[str, Any]:
    line = {
        "period": {"end": int((clock() + timedelta(days=30)).timestamp())},
        "pricing": {"type": "price_details", "price_details": {"price": "price_pilot"}},
        "parent": {"type": "subscription_item_details", "subscription_item_details": {"proration": False}},
    }
    return {
        "id": "in_1",
        "amount_paid": 3_000,
        "billing_reason": "subscription_create",
        "parent": {"subscription_details": {"metadata": {"account_id": "ada"}}},
        "lines": {"data": [line]},
    } | more


def test_a_top_up_is_granted_when_it_is_paid(gateway: StripeGateway, ledger: Ledger) -> None:
    assert not tell(gateway, "checkout.session.completed", session(payment_status="unpaid"))
    assert ledger.balance("ada").available == 250
    for kind in ("async_payment_succeeded", "completed", "async_payment_succeeded"):
        assert tell(gateway, f"checkout.session.{kind}", session(amount_total=1_190))
        assert ledger.balance("ada").available == 500, "by its price id, whatever was paid for it with tax"


def test_a_plan_is_granted_by_its_invoice_not_by_its_session(
    gateway: StripeGateway, ledger: Ledger, clock: Any
) -> None:
    metadata = {"account_id": "ada", "price_id": "price_pilot"}
    assert not tell(gateway, "checkout.session.completed", session(mode="subscription", metadata=metadata))
    assert ledger.balance("ada").available == 250
    for _ in range(2):
        assert tell(gateway, "invoice.paid", invoice(clock))
    balance = ledger.balance("ada")
    assert (balance.available, balance.free_images) == (1_000, 10)
    assert not tell(gateway, "checkout.session.completed", session(mode="subscription", metadata=metadata))
    assert ledger.balance("ada") == balance, "also when it comes last"
    tell(gateway, "invoice.paid", invoice(clock, id="in_2", billing_reason="subscription_cycle"))
    balance = ledger.balance("ada")
    assert (balance.available, balance.free_images) == (1_750, 10)


def test_an_endpoint_of_an_older_api_version_is_understood(gateway: StripeGateway, ledger: Ledger, clock: Any) -> None:
    old = invoice(clock, payment_intent="pi_1", subscription_details={"metadata": {"account_id": "ada"}})
    del old["parent"]
    line = old["lines"]["data"][0]
    old["lines"]["data"] = [
        {"period": line["period"], "price": {"id": "price_pilot"}, "proration": proration}
        for proration in (True, False)
    ]
    assert tell(gateway, "invoice.paid", old)
    assert ledger.balance("ada").available == 1_000
    tell(gateway, "charge.refunded", {"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 3_000})
    assert ledger.balance("ada").available == 250


def test_a_refund_that_overtakes_its_purchase(gateway: StripeGateway, ledger: Ledger, clock: Any) -> None:
    tell(gateway, "charge.refunded", {"id": "ch_1", "payment_intent": "pi_1", "amount_refunded": 1_500})
    tell(
        gateway,
        "invoice_payment.paid",
        {"id": "inpay_1", "invoice": "in_1", "payment": {"type": "payment_intent", "payment_intent": "pi_1"}},
    )
    tell(gateway, "invoice.paid", invoice(clock))
    assert ledger.balance("ada").available == 250 + 375


@pytest.mark.parametrize(
    ("status", "closing", "available"),
    [
        ("needs_response", "won", 500),
        ("needs_response", "lost", 250),
        ("warning_needs_response", "warning_closed", 500),
    ],
)
def test_a_dispute(gateway: StripeGateway, ledger: Ledger, status: str, closing: str, available: int) -> None:
    tell(gateway, "checkout.session.completed", session())
    dispute = {"id": "dp_1", "payment_intent": "pi_1", "amount": 1_000}
    tell(gateway, "charge.dispute.created", dispute | {"status": status})
    assert ledger.balance("ada").available == (500 if status.startswith("warning") else 250)
    tell(gateway, "charge.dispute.closed", dispute | {"status": closing})
    assert ledger.balance("ada").available == available


@pytest.mark.parametrize("told", [("created", "updated"), ("updated", "created")])
def test_an_inquiry_that_becomes_a_dispute(gateway: StripeGateway, ledger: Ledger, told: tuple[str, ...]) -> None:
    tell(gateway, "checkout.session.completed", session())
    statuses = {"created": "warning_needs_response", "updated": "needs_response"}
    dispute = {"id": "dp_1", "payment_intent": "pi_1", "amount": 1_000}
    for name in told:
        tell(gateway, f"charge.dispute.{name}", dispute | {"status": statuses[name]})
    assert ledger.balance("ada").available == 250, "the money has moved, whatever was reported last"
    tell(gateway, "charge.dispute.closed", dispute | {"status": "won"})
    assert ledger.balance("ada").available == 500


def test_what_is_not_ours_is_passed_over(gateway: StripeGateway, ledger: Ledger, clock: Any) -> None:
    others = {"pricing": {"price_details": {"price": "price_of_another_product"}}}
    for kind, thing in (
        ("customer.created", {}),
        ("checkout.session.completed", session(metadata={})),
        ("invoice.paid", invoice(clock, lines={"data": [others]})),
        ("charge.refunded", {"id": "ch_1", "payment_intent": None, "amount_refunded": 5}),
        ("invoice_payment.paid", {"id": "x", "invoice": "in_9", "payment": {"type": "charge", "charge": "ch_9"}}),
    ):
        assert not tell(gateway, kind, thing)
    assert ledger.balance("ada").available == 250


def test_an_event_that_is_not_signed_does_nothing(gateway: StripeGateway, ledger: Ledger) -> None:
    payload = json.dumps({"type": "checkout.session.completed", "data": {"object": session()}})
    sign = stripe.WebhookSignature.generate_signature_header
    hour_old = 1_700_000_000
    for signature in (None, "", "nonsense", sign(payload, "whsec_other"), sign(payload, SECRET, hour_old)):
        with pytest.raises(InvalidInput, match="not signed"):
            gateway.receive(payload.encode(), signature)
    with pytest.raises(InvalidInput, match="not signed"):
        gateway.receive(payload.replace("ada", "eve").encode(), sign(payload, SECRET))
    assert ledger.balance("ada").available == 250


@no_need_for_both_databases
@pytest.mark.parametrize("payload", ["[]", "{}", "no json", '{"type": "invoice.paid", "data": {"object": {}}}'])
def test_an_event_that_makes_no_sense_is_refused(gateway: StripeGateway, payload: str) -> None:
    signature = stripe.WebhookSignature.generate_signature_header(payload, SECRET)
    with pytest.raises(InvalidInput, match="event"):
        gateway.receive(payload.encode(), signature)


@no_need_for_both_databases
@pytest.mark.parametrize(
    ("offer_id", "mode", "copied_by"),
    [("pilot-monthly", "subscription", "subscription_data"), ("top-up-250", "payment", "payment_intent_data")],
)
def test_a_checkout_page(
    gateway: StripeGateway, stripe_server: StripeServer, offer_id: str, mode: str, copied_by: str
) -> None:
    page = gateway.checkout("ada", offer_id, "https://us.example/ok", "https://us.example/no", "click-1")
    assert (page.session_id, page.url) == ("cs_1", "https://pay.example/cs_1")
    asked = stripe_server.asked
    assert asked["path"] == "/v1/checkout/sessions"
    assert (asked["mode"], asked["line_items[0][price]"]) == (mode, PRICES[offer_id])
    assert asked["metadata[account_id]"] == asked[f"{copied_by}[metadata][account_id]"] == "ada"
    assert asked["metadata[price_id]"] == PRICES[offer_id]
    assert asked["idempotency_key"] == "click-1"


@no_need_for_both_databases
@pytest.mark.parametrize(
    ("status", "failure"), [(429, RateLimited), (500, ProviderUnavailable), (400, Misconfigured), (401, Misconfigured)]
)
def test_what_stripe_refuses_is_translated(
    gateway: StripeGateway, stripe_server: StripeServer, status: int, failure: type[EchonosError]
) -> None:
    stripe_server.status = status
    with pytest.raises(failure):
        gateway.checkout("ada", "top-up-250", "https://us.example/ok", "https://us.example/no", "click-1")


@no_need_for_both_databases
def test_stripe_away_and_offers_unknown(database: Database) -> None:
    gateway = StripeGateway("sk_test_1", SECRET, PRICES, Purchases(database), api_base="http://127.0.0.1:1")
    with pytest.raises(ProviderUnavailable):
        gateway.checkout("ada", "top-up-250", "https://us.example/ok", "https://us.example/no", "click-1")
    with pytest.raises(InvalidInput, match="no offer"):
        gateway.checkout("ada", "yacht", "https://us.example/ok", "https://us.example/no", "click-1")
    with pytest.raises(Misconfigured, match="price id"):
        gateway.checkout("ada", "top-up-500", "https://us.example/ok", "https://us.example/no", "click-1")
    with pytest.raises(Misconfigured, match="yacht"):
        StripeGateway("sk_test_1", SECRET, {"yacht": "price_1"}, Purchases(database))
