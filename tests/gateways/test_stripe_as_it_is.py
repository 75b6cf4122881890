"""Stripe's events as they really come: by hand, in other money, in any order, repeated, and odd in every way."""

import itertools
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateways.stripe import EVENTS, StripeGateway
from models.failures import InvalidInput, Misconfigured
from stores.database import Database
from stores.ledger import Ledger
from stores.profiles import Profiles
from stores.purchases import Purchases
from tests.fakes import stripe_events as shapes
from tests.fakes.amounts import examples
from tests.fakes.stripe_events import SECRET, Thing, body, envelope, signed
from tests.fakes.stripe_server import KEY, StripeServer, stripe_server

__all__ = ["stripe_server"]

OURS = {"pilot-monthly": "price_pilot", "top-up-250": "price_250"}
FREE = 250
one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def purchases(database: Database, clock: Any) -> Purchases:
    return Purchases(database, clock)


@pytest.fixture
def gateway(purchases: Purchases, stripe_server: StripeServer) -> StripeGateway:
    return StripeGateway(KEY, SECRET, OURS, purchases, api_base=stripe_server.url)


@pytest.fixture
def ends(clock: Any) -> int:
    """When a plan's period ends."""
    return int(clock().timestamp()) + 2_592_000


def told(gateway: StripeGateway, event: Any) -> bool:
    payload = event if isinstance(event, str) else body(event)
    return gateway.receive(payload.encode(), signed(payload))


# By hand, and in other money


def test_a_plan_made_by_hand_waits_for_support_and_is_granted_once(
    gateway: StripeGateway, purchases: Purchases, ledger: Ledger, ends: int
) -> None:
    event = envelope("invoice.paid", shapes.made_by_hand(ends))
    for _ in range(2):
        assert told(gateway, event), "acknowledged: it would not come right by being sent again"
    (waiting,) = purchases.strays.waiting()
    assert (waiting.payment_id, waiting.offer_id, waiting.email) == ("in_1", "pilot-monthly", "ada@example.org")
    assert "names no account" in waiting.reason
    told(gateway, envelope("invoice_payment.paid", shapes.invoice_payment()))
    told(gateway, envelope("charge.refunded", shapes.charge(1_500)))
    with pytest.raises(InvalidInput, match="no account"):
        purchases.strays.assign("in_1", "unknown")
    assert purchases.strays.assign("in_1", "ada")
    assert ledger.balance("ada").available == FREE + 375, "what was refunded meanwhile is not granted"
    assert not purchases.strays.assign("in_1", "ada")
    with pytest.raises(InvalidInput, match="granted to ada"):
        purchases.strays.dismiss("in_1")
    assert told(gateway, event)
    assert (purchases.strays.waiting(), ledger.balance("ada").available) == ([], FREE + 375)


def test_a_plan_made_by_hand_for_a_verified_address_is_its_accounts(
    gateway: StripeGateway, purchases: Purchases, ledger: Ledger, database: Database, ends: int
) -> None:
    profiles = Profiles(database)
    profile = profiles.sign_up("eve@example.org", "a long enough password")
    event = envelope("invoice.paid", shapes.made_by_hand(ends, customer_email="Eve@Example.org"))
    told(gateway, event)
    assert len(purchases.strays.waiting()) == 1, "an address that is only claimed has no owner"
    profiles.verify(profile.account_id)
    told(gateway, envelope("invoice.paid", shapes.made_by_hand(ends, id="in_2", customer_email="eve@example.org")))
    assert ledger.balance(profile.account_id).available == FREE + 750
    told(gateway, event)
    assert ledger.balance(profile.account_id).available == FREE + 2 * 750, "sent again, the first one is found, too"
    assert not purchases.strays.waiting()


@one_database
def test_what_support_has_dismissed_is_not_granted_when_it_is_sent_again(
    gateway: StripeGateway, purchases: Purchases, ledger: Ledger, ends: int
) -> None:
    told(gateway, envelope("invoice.paid", shapes.made_by_hand(ends)))
    purchases.strays.dismiss("in_1")
    assert told(gateway, envelope("invoice.paid", shapes.invoice(ends)))
    assert ledger.balance("ada").available == FREE


NAMED: dict[str, Callable[[Thing], Thing]] = {
    "the subscription's": lambda one: one,
    "the line's": lambda one: one | {"parent": None},
    "the invoice's": lambda one: (
        one | {"parent": {"subscription_details": {"metadata": None}}, "metadata": {"account_id": "ada"}}
    ),
}


@one_database
@pytest.mark.parametrize("change", NAMED.values(), ids=NAMED)
def test_the_account_is_found_wherever_metadata_names_it(
    gateway: StripeGateway, ledger: Ledger, ends: int, change: Callable[[Thing], Thing]
) -> None:
    told(gateway, envelope("invoice.paid", change(shapes.invoice(ends))))
    assert ledger.balance("ada").available == FREE + 750


WRONG: dict[str, tuple[str, Thing, str]] = {
    "other money": ("checkout.session.completed", {"currency": "jpy"}, "paid in JPY"),
    "too little": ("checkout.session.completed", {"amount_total": 999, "amount_subtotal": 999}, r"\$9\.99 were paid"),
    "a discount made up by tax": (
        "checkout.session.completed",
        {"amount_total": 1_071, "total_details": {"amount_discount": 100, "amount_tax": 171}},
        r"\$9\.00 were paid",
    ),
    "a trial": ("invoice.paid", {"amount_paid": 0, "total": 0}, r"\$0\.00 were paid"),
    "a plan in other money": ("invoice.paid", {"currency": "eur"}, "paid in EUR"),
}


@one_database
@pytest.mark.parametrize("name", WRONG)
def test_another_price_grants_nothing_and_is_shown(
    gateway: StripeGateway, purchases: Purchases, ledger: Ledger, ends: int, name: str
) -> None:
    kind, change, reason = WRONG[name]
    thing = shapes.invoice(ends) if kind == "invoice.paid" else shapes.session()
    assert told(gateway, envelope(kind, thing | change))
    assert ledger.balance("ada").available == FREE
    (waiting,) = purchases.strays.waiting()
    assert re.search(reason, waiting.reason)
    purchases.strays.dismiss(waiting.payment_id)
    assert not purchases.strays.waiting()


@one_database
def test_tax_on_top_is_no_other_price(gateway: StripeGateway, ledger: Ledger) -> None:
    taxed = {"amount_total": 1_190, "total_details": {"amount_discount": 0, "amount_tax": 190}}
    told(gateway, envelope("checkout.session.completed", shapes.session(**taxed)))
    assert ledger.balance("ada").available == FREE + 250


# In any order, each once


def renamed(event: Thing, number: int) -> str:
    """An event about another payment."""
    return body(event).replace("_1", f"_{number}_1").replace("re_2", f"re_{number}_2")


def at(kind: str, thing: Thing, second: int) -> Thing:
    return envelope(kind, thing, 1_790_000_000 + second)


PAID = at("checkout.session.completed", shapes.session(), 0)
STORIES: dict[str, tuple[Sequence[Thing], int]] = {
    "a refund that failed": (
        [
            PAID,
            at("charge.refunded", shapes.charge(1_000), 1),
            at("refund.created", shapes.refund("pending"), 1),
            at("refund.failed", shapes.refund("failed"), 9),
        ],
        250,
    ),
    "a refund that failed, told by its charge alone": (
        [PAID, at("charge.refunded", shapes.charge(1_000), 1), at("refund.failed", shapes.refund("failed"), 9)],
        250,
    ),
    "a refund that failed, and another one": (
        [
            PAID,
            at("charge.refunded", shapes.charge(1_000), 1),
            at("refund.failed", shapes.refund("failed"), 9),
            at("refund.created", shapes.refund(id="re_2"), 20),
            at("charge.refunded", shapes.charge(1_000), 20),
        ],
        0,
    ),
    "a part that stayed refunded beside one that failed": (
        [
            PAID,
            at("refund.created", shapes.refund(amount=400, id="re_2"), 1),
            at("charge.refunded", shapes.charge(400), 1),
            at("charge.refunded", shapes.charge(1_000), 2),
            at("refund.updated", shapes.refund("canceled", 600), 9),
        ],
        150,
    ),
    "a dispute that was won": (
        [
            PAID,
            at("charge.dispute.created", shapes.dispute(), 1),
            at("charge.dispute.funds_withdrawn", shapes.dispute(), 1),
            at("charge.dispute.closed", shapes.dispute("won"), 9),
            at("charge.dispute.funds_reinstated", shapes.dispute("won"), 9),
        ],
        250,
    ),
    "a dispute that was lost": (
        [
            PAID,
            at("charge.dispute.created", shapes.dispute(), 1),
            at("charge.dispute.closed", shapes.dispute("lost"), 9),
        ],
        0,
    ),
    "a dispute that was lost and reversed": (
        [
            PAID,
            at("charge.dispute.created", shapes.dispute(), 1),
            at("charge.dispute.closed", shapes.dispute("lost"), 9),
            at("charge.dispute.funds_reinstated", shapes.dispute("won"), 30),
        ],
        250,
    ),
}


@one_database
@pytest.mark.parametrize("name", STORIES)
def test_every_order_of_arrival_ends_in_the_same_books(gateway: StripeGateway, ledger: Ledger, name: str) -> None:
    story, credits_left = STORIES[name]
    orders = list(itertools.permutations(range(len(story))))
    for number, order in enumerate(orders[:: max(1, len(orders) // 12)]):
        # Each order happens to a payment of its own.
        mine = [
            json.loads(body(story[step]).replace("_1", f"_{number}_1").replace("re_2", f"re_{number}_2"))
            for step in order
        ]
        before = ledger.balance("ada")
        for event in [*mine, *mine[:2]]:
            told(gateway, event)
        after = ledger.balance("ada")
        assert after.available - before.available == credits_left, (name, order)
        assert after.receivable == 0
    assert not ledger.verify().differences


# Odd in every way

ODD = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=True, allow_infinity=True)
    | st.text(max_size=8)
    | st.sampled_from(["", "\x00", "\ud800", "pi_1" * 100, "usd", "-1", "paid", 2**63, -1, [], {}, {"id": None}]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Where in an event something else may stand."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, one in inner for place in places(one, (*path, key)))]


def replaced(value: Any, path: tuple[Any, ...], other: Any) -> Any:
    if not path:
        return other
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], other)
    return copy


@one_database
@settings(max_examples=examples(250))
@given(data=st.data())
def test_an_odd_event_is_refused_or_taken_and_nothing_else(
    gateway: StripeGateway, purchases: Purchases, ledger: Ledger, ends: int, data: st.DataObject
) -> None:
    event: Any = data.draw(st.sampled_from(shapes.every(ends)))
    for _ in range(data.draw(st.integers(1, 3))):
        event = replaced(event, data.draw(st.sampled_from(places(event))), data.draw(ODD))
    before = ledger.balance("ada").available
    refused = ""
    try:
        told(gateway, event)
    except InvalidInput as error:
        refused = error.code
    assert refused in ("", "bad_event")
    assert not refused or ledger.balance("ada").available == before
    assert all(0 <= one.paid_cents <= 10**10 for one in purchases.strays.waiting())


@one_database
@pytest.mark.parametrize(
    "payload",
    [
        '{"type": "invoice.paid", "data": {"object": []}}',
        '{"type": "charge.refunded", "data": null}',
        '{"type": "refund.failed", "data": {"object": {"payment_intent": "pi_1", "id": "re_1", "amount": -5}}}',
        '{"type": "refund.failed", "data": {"object": {"payment_intent": {"id": 7}, "id": "re_1", "amount": 5}}}',
        '{"type": {"a": 1}, "data": {"object": {}}}',
        '{"type": "invoice.paid", "created": "soon", "data": {"object": {}}}',
        "[" * 100_000,
        '{"type": "x", "data": {"object": ' + "[" * 50_000 + "]" * 50_000 + "}}",
        '{"type": "charge.refunded", "data": {"object": {"amount_refunded": ' + "9" * 4_000 + "}}}",
        '"text"',
        "null",
    ],
)
def test_a_body_that_is_no_event_is_refused(gateway: StripeGateway, payload: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        told(gateway, payload)
    assert refused.value.code == "bad_event"


@one_database
@pytest.mark.parametrize("intent", [None, "", {}, {"id": None}])
def test_a_paid_session_without_its_payment_is_refused(gateway: StripeGateway, ledger: Ledger, intent: Any) -> None:
    with pytest.raises(InvalidInput, match="payment"):
        told(gateway, envelope("checkout.session.completed", shapes.session(payment_intent=intent)))
    assert ledger.balance("ada").available == FREE


def test_every_type_that_is_listened_for_has_a_shape(ends: int) -> None:
    assert {event["type"] for event in shapes.every(ends)} == set(EVENTS)


# Checkout


@one_database
def test_managed_payments_are_off_unless_they_are_wanted(
    gateway: StripeGateway, purchases: Purchases, stripe_server: StripeServer
) -> None:
    for offer in OURS:
        gateway.checkout("ada", offer, "https://us.example/ok", "https://us.example/no", f"click-{offer}")
        assert stripe_server.asked["managed_payments[enabled]"] == "false"
    wanted = StripeGateway(KEY, SECRET, OURS, purchases, api_base=stripe_server.url, managed_payments=True)
    with pytest.raises(Misconfigured, match="tax code"):
        wanted.checkout("ada", "top-up-250", "https://us.example/ok", "https://us.example/no", "click-9")
    assert stripe_server.asked["managed_payments[enabled]"] == "true"
