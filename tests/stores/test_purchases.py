"""Payments and reversals: the same balances for any order of events, and any repetition."""

import itertools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest

from models.credits import GrantRequest, GrantSource, HoldRequest, Operation, Purchase, SettleRequest, Unit
from models.failures import InsufficientCredits, InvalidInput
from models.prices import OFFERS
from stores.database import Database
from stores.ledger import Ledger
from stores.purchases import Purchases


@pytest.fixture
def purchases(database: Database, clock: Any) -> Purchases:
    return Purchases(database, clock)


def top_up(payment: str = "pi_1", offer_id: str = "top-up-250", account_id: str = "ada") -> Purchase:
    return Purchase(
        purchase_id=payment,
        account_id=account_id,
        offer_id=offer_id,
        paid_cents=OFFERS[offer_id].price_cents,
        payment_intent=payment,
    )


def plan(invoice: str, period_ends_at: datetime, **more: Any) -> Purchase:
    return Purchase(
        purchase_id=invoice,
        account_id="ada",
        offer_id="pilot-monthly",
        paid_cents=3_000,
        period_ends_at=period_ends_at,
        **more,
    )


def refund(purchases: Purchases, cents: int, payment: str = "pi_1") -> None:
    purchases.reversed("ch_1", payment, "refund", cents, is_final=False)


def test_prices_are_the_products() -> None:
    table = {(offer.credits, offer.price_cents) for offer in OFFERS.values()}
    assert table == {(750, 3_000), (250, 1_000), (500, 2_000), (1_250, 5_000)}


def test_a_top_up_is_granted_once_and_does_not_expire(ledger: Ledger, purchases: Purchases, clock: Any) -> None:
    assert [purchases.paid(top_up()) for _ in range(3)] == [True, False, False]
    assert ledger.balance("ada").available == 500
    clock.forward(days=10_000)
    assert ledger.balance("ada").available == 500


def test_a_payment_of_an_unknown_account_is_not_lost(ledger: Ledger, purchases: Purchases) -> None:
    purchases.paid(top_up(account_id="new"))
    assert ledger.balance("new").available == 500


def test_plan_credits_live_30_days_after_their_period(ledger: Ledger, purchases: Purchases, clock: Any) -> None:
    ends = clock() + timedelta(days=31)
    purchases.paid(plan("in_1", ends, is_new_subscription=True))
    purchases.paid(plan("in_2", ends))
    balance = ledger.balance("ada")
    assert (balance.available, balance.free_images) == (250 + 2 * 750, 10)
    assert [(g.source, g.expires_at) for g in ledger.grants("ada") if g.unit is Unit.CREDIT][:2] == [
        (GrantSource.PLAN, ends + timedelta(days=30))
    ] * 2
    clock.forward(days=61, seconds=-1)
    assert ledger.balance("ada").available == 250 + 2 * 750
    clock.forward(seconds=1)
    balance = ledger.balance("ada")
    assert (balance.available, balance.free_images) == (250, 10)
    with pytest.raises(InvalidInput, match="period"):
        purchases.paid(top_up("in_3", "pilot-monthly"))


def test_a_refund_takes_what_is_available_and_the_rest_is_owed(
    ledger: Ledger, purchases: Purchases, clock: Any
) -> None:
    purchases.paid(top_up())
    for key in ("in flight", "captured"):
        ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
    ledger.capture(SettleRequest(account_id="ada", operation_key="captured"))
    refund(purchases, 1_000)
    balance = ledger.balance("ada")
    assert (balance.available, balance.held, balance.receivable) == (0, 200, 150)
    for operation, why in ((Operation.REGENERATE_IMAGE, ""), (Operation.REGENERATE_VIDEO, "a free retry")):
        with pytest.raises(InsufficientCredits, match="150 credits are owed"):
            ledger.hold(HoldRequest(account_id="ada", operation=operation, operation_key="n", free_because=why))
    settlement = ledger.capture(SettleRequest(account_id="ada", operation_key="in flight"))
    assert (settlement.outcome, settlement.balance.receivable) == ("captured", 150)
    purchases.paid(top_up("pi_2"))
    balance = ledger.balance("ada")
    assert (balance.available, balance.receivable) == (100, 0)


def test_credits_that_come_back_settle_what_is_owed(ledger: Ledger, purchases: Purchases) -> None:
    purchases.paid(top_up())
    request = HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key="k")
    ledger.hold(request)
    for payment in ("pi_1", "pi_2"):
        purchases.paid(top_up(payment))
    ledger.hold(request.model_copy(update={"operation_key": "k2"}))
    for number, payment in enumerate(("pi_1", "pi_2")):
        purchases.reversed(f"ch_{number}", payment, "refund", 1_000, is_final=False)
    assert ledger.balance("ada").receivable == 150
    balance = ledger.release(SettleRequest(account_id="ada", operation_key="k")).balance
    assert (balance.available, balance.receivable) == (50, 0)


def test_a_debt_meets_a_grant_on_the_grants_first_day(ledger: Ledger, purchases: Purchases, clock: Any) -> None:
    """The account is not used while the grant is valid; the grant must have paid the debt nevertheless."""
    begins = clock() + timedelta(days=1)
    ledger.grant(
        GrantRequest(
            account_id="ada",
            key="later",
            amount=40,
            source=GrantSource.GOODWILL,
            effective_at=begins,
            expires_at=begins + timedelta(days=1),
        )
    )
    purchases.paid(top_up())
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key="k"))
    ledger.capture(SettleRequest(account_id="ada", operation_key="k"))
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key="k2"))
    refund(purchases, 1_000)
    assert ledger.balance("ada").receivable == 150
    clock.forward(days=3)
    assert ledger.balance("ada").receivable == 110
    assert ledger.release(SettleRequest(account_id="ada", operation_key="k2")).balance.available == 90


def test_a_part_of_the_money_back_is_a_part_of_the_credits_back(ledger: Ledger, purchases: Purchases) -> None:
    purchases.paid(top_up())
    for cents, available in ((100, 475), (100, 475), (500, 375), (100, 375), (1_000, 250)):
        refund(purchases, cents)
        assert ledger.balance("ada").available == available


def test_a_refund_that_comes_before_its_top_up(ledger: Ledger, purchases: Purchases) -> None:
    refund(purchases, 500)
    assert ledger.balance("ada").available == 250
    purchases.paid(top_up())
    assert ledger.balance("ada").available == 375
    refund(purchases, 1_000)
    assert ledger.balance("ada").available == 250


def test_a_partly_spent_top_up_is_refunded_in_parts(ledger: Ledger, purchases: Purchases) -> None:
    purchases.paid(top_up())
    for key, operation in (("a", Operation.GENERATE), ("b", Operation.GENERATE), ("c", Operation.REGENERATE_VIDEO)):
        ledger.hold(HoldRequest(account_id="ada", operation=operation, operation_key=key))
        ledger.capture(SettleRequest(account_id="ada", operation_key=key))
    assert ledger.balance("ada").available == 50
    for cents, owed in ((120, 0), (300, 25), (600, 100), (600, 100), (300, 100), (1_000, 200)):
        refund(purchases, cents)
        balance = ledger.balance("ada")
        assert (balance.available, balance.receivable) == (20 if not owed else 0, owed)
    purchases.paid(top_up("pi_2", "top-up-500"))
    balance = ledger.balance("ada")
    assert (balance.available, balance.receivable) == (300, 0)


def test_the_refunded_grant_is_emptied_before_others(ledger: Ledger, purchases: Purchases) -> None:
    purchases.paid(top_up())
    refund(purchases, 1_000)
    assert [(g.source, g.available) for g in ledger.grants("ada")] == [(GrantSource.SIGNUP, 250)]


def test_a_won_dispute_gives_back(ledger: Ledger, purchases: Purchases, clock: Any) -> None:
    purchases.paid(plan("in_1", clock() + timedelta(days=30), payment_intent="pi_1"))
    purchases.reversed("dp_1", "pi_1", "dispute", 3_000, is_final=False)
    assert ledger.balance("ada").available == 250
    clock.forward(days=90)
    purchases.reversed("dp_1", "pi_1", "dispute", 0, is_final=True)
    assert ledger.balance("ada").available == 1_000
    purchases.reversed("dp_1", "pi_1", "dispute", 3_000, is_final=False)
    assert ledger.balance("ada").available == 1_000
    clock.forward(days=7)
    assert ledger.balance("ada").available == 250


def news(purchases: Purchases, clock: Any, name: str) -> list[Callable[[], Any]]:
    """All events of one invoice: paid, linked, half refunded, disputed, dispute won."""
    invoice, payment, dispute = f"in_{name}", f"pi_{name}", f"dp_{name}"
    paid = plan(invoice, clock() + timedelta(days=30)).model_copy(update={"account_id": name})
    return [
        lambda: purchases.paid(paid),
        lambda: purchases.link(payment, invoice),
        lambda: purchases.reversed(f"ch_{name}", payment, "refund", 1_500, is_final=False),
        lambda: purchases.reversed(dispute, payment, "dispute", 600, is_final=False),
        lambda: purchases.reversed(dispute, payment, "dispute", 0, is_final=True),
    ]


def test_the_order_of_news_does_not_matter(purchases: Purchases, ledger: Ledger, clock: Any) -> None:
    orders = list(itertools.permutations(range(5)))[::3]
    for order in orders:
        name = "".join(map(str, order))
        told = news(purchases, clock, name)
        for index in (*order, *order[::-1]):
            told[index]()
        assert (order, ledger.balance(name).available) == (order, 250 + 375)


def test_news_that_comes_all_at_once(purchases: Purchases, ledger: Ledger, clock: Any) -> None:
    told = news(purchases, clock, "ada") * 4
    with ThreadPoolExecutor(len(told)) as callers:
        list(callers.map(lambda tell: tell(), told))
    assert ledger.balance("ada").available == 250 + 375


def test_a_test_purchase_is_marked_and_off_by_default(
    ledger: Ledger, purchases: Purchases, database: Database, clock: Any
) -> None:
    with pytest.raises(InvalidInput, match="off here"):
        purchases.buy_for_test("ada", "top-up-500", "k")
    local = Purchases(database, clock, allow_test_purchases=True)
    for _ in range(2):
        assert local.buy_for_test("ada", "top-up-500", "k").available == 750
    with pytest.raises(InvalidInput, match="another purchase"):
        local.buy_for_test("ada", "top-up-250", "k")
    assert ledger.balance("ada").available == 750
    assert "TEST purchase, no money moved" in ledger.history("ada")[0].text
    for key in ("first", "second"):
        balance = local.buy_for_test("ada", "pilot-monthly", key)
    assert (balance.available, balance.free_images) == (750 + 1_500, 10)
    with pytest.raises(InvalidInput, match="no offer"):
        local.buy_for_test("ada", "yacht", "k")


def test_of_purchases_of_one_moment_the_first_is_spent_first(ledger: Ledger, purchases: Purchases, clock: Any) -> None:
    """Later it shows which of two equal grants paid: a refund empties its own first, then the earliest to expire."""
    for n in range(8):  # sorted by name, as before, a pair would be in the right order every other time
        account_id = f"account-{n}"
        ledger.open_account(account_id)
        ledger.hold(HoldRequest(account_id=account_id, operation=Operation.GENERATE, operation_key=f"{n}/signup"))
        ledger.grant(GrantRequest(account_id=account_id, key=f"{n}/a", amount=50, source=GrantSource.GOODWILL))
        for name in ("first", "second"):
            purchases.paid(top_up(f"{n}/{name}", account_id=account_id))
        ledger.hold(HoldRequest(account_id=account_id, operation=Operation.GENERATE, operation_key=f"{n}/video"))
        soon = clock() + timedelta(days=1)
        ledger.grant(
            GrantRequest(
                account_id=account_id, key=f"{n}/soon", amount=90, source=GrantSource.GOODWILL, expires_at=soon
            )
        )
        purchases.reversed(f"{n}/charge", f"{n}/second", "refund", 1_000, is_final=False)
        assert [(g.amount, g.available) for g in ledger.grants(account_id) if g.available] == [(90, 90), (250, 150)]


def test_a_refund_finds_credits_that_came_back_twice(ledger: Ledger, purchases: Purchases, clock: Any) -> None:
    """Each release after its date creates a grant of its own; all of them were bought with the plan."""
    purchases.paid(plan("in_1", clock() + timedelta(days=1), payment_intent="pi_1"))
    key = "a/1"
    ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=key))
    clock.forward(days=40)
    for again in ("a/2", "a/3"):
        ledger.release(SettleRequest(account_id="ada", operation_key=key))
        ledger.hold(HoldRequest(account_id="ada", operation=Operation.GENERATE, operation_key=again))
        clock.forward(days=8)
        key = again
    ledger.release(SettleRequest(account_id="ada", operation_key=key))
    soon = clock() + timedelta(days=1)
    ledger.grant(GrantRequest(account_id="ada", key="s", amount=90, source=GrantSource.GOODWILL, expires_at=soon))
    refund(purchases, 400)
    assert [(g.amount, g.available) for g in ledger.grants("ada")] == [(90, 90), (200, 100), (250, 250)]
