"""Hypothesis drives the ledger against a reference model that knows nothing of tables, locks or laziness.

The model acts at the moment at which something is due; the ledger acts when an account is next used. Both must always
agree. 300 steps per database; 100,000 with FULL=1 in the environment.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from models.credits import GrantRequest, GrantSource, HoldRequest, Operation, Purchase, SettleRequest, Unit
from models.failures import InsufficientCredits, InvalidInput
from models.prices import OFFERS, PLAN_CREDITS_OUTLIVE_PERIOD, PRICES
from models.profiles import ProfileName
from models.song import AudioFacts
from models.timeline import Timeline
from stores.database import Database
from stores.ledger import Ledger
from stores.purchases import Purchases
from stores.vault import Vault
from tests.fakes.amounts import FULL
from tests.fakes.reference_ledger import NEVER, Pot, Reference, Reserved

STEPS = 100_000 if FULL else 300
STEPS_PER_EXAMPLE = 50
EXAMPLES_PER_VERIFY = 100 if FULL else 10
TOP_UPS = [offer_id for offer_id, offer in OFFERS.items() if not offer.monthly]
PLAN = OFFERS["pilot-monthly"]


class LedgerMachine(RuleBasedStateMachine):
    """One caller after another on a few accounts, all in one database."""

    database: Database
    examples = 0
    steps = 0
    steps_in_debt = 0

    def __init__(self) -> None:
        super().__init__()
        cls = type(self)
        cls.examples += 1
        self.account = f"account-{cls.examples}"
        self.model = Reference(datetime(2027, 1, 1, tzinfo=UTC))
        self.ledger = Ledger(self.database, lambda: self.model.now)
        self.vault = Vault(self.database, lambda: self.model.now)
        self.purchases = Purchases(self.database, lambda: self.model.now)
        self.holds: dict[str, Reserved] = {}
        self.grants: list[tuple[GrantRequest, Any]] = []
        self.bought: dict[str, tuple[int, int]] = {}
        self.names = (f"{self.account}/{n}" for n in range(10_000))
        # Not in an @initialize rule: an example may end before its first rule, and still runs teardown.
        self.ledger.open_account(self.account)
        self.model.give(Pot(Unit.CREDIT, self.model.now, NEVER, 10, 250))
        facts = AudioFacts(
            container="wav", codec="pcm", duration_s=60, sample_rate_hz=8000, channels=1, size_bytes=1, sha256="0" * 64
        )
        self.song_id = self.vault.add_song(self.account, facts, "Song", "key").song_id

    @rule(
        amount=st.integers(1, 90),
        unit=st.sampled_from([Unit.CREDIT, Unit.CREDIT, Unit.CREDIT, Unit.FREE_IMAGE]),
        begins_in_h=st.sampled_from([0, 0, 0, 1, 24, 200]),
        lives_h=st.sampled_from([None, None, 1, 24, 100, 400]),
        priority=st.integers(1, 3),
    )
    def grant(self, amount: int, unit: Unit, begins_in_h: int, lives_h: int | None, priority: int) -> None:
        begins = self.model.now + timedelta(hours=begins_in_h)
        ends = NEVER if lives_h is None else begins + timedelta(hours=lives_h)
        request = GrantRequest(
            account_id=self.account,
            key=next(self.names),
            amount=amount,
            source=GrantSource.GOODWILL,
            unit=unit,
            effective_at=begins if begins_in_h else None,
            expires_at=None if lives_h is None else ends,
            priority=priority,
        )
        self.grants.append((request, self.ledger.grant(request)))
        self.model.give(Pot(unit, begins, ends, priority, amount))

    @precondition(lambda self: self.grants)
    @rule(data=st.data())
    def repeat_grant(self, data: st.DataObject) -> None:
        request, receipt = data.draw(st.sampled_from(self.grants))
        assert self.ledger.grant(request) == receipt
        with pytest.raises(InvalidInput):
            self.ledger.grant(request.model_copy(update={"amount": request.amount + 1}))

    @rule(operation=st.sampled_from(Operation), is_free=st.sampled_from([False, False, False, True]))
    def hold(self, operation: Operation, is_free: bool) -> None:
        self._hold(operation, is_free)

    @rule()
    def fall_into_debt(self) -> None:
        """Buy, spend until too little is left for a refund, and be refunded."""
        payment = self._buy("top-up-250", 1)
        while self.model.available() >= PRICES[Operation.GENERATE] and not self.model.owed:
            self._end(self._hold(Operation.GENERATE, False), "capture", 0)
        self._refund(payment, 10)

    def _hold(self, operation: Operation, is_free: bool) -> str:
        free_because = "a scene fell back" if is_free else ""
        quote = self.ledger.quote(self.account, operation, free_because)
        request = HoldRequest(
            account_id=self.account,
            operation=operation,
            operation_key=next(self.names),
            free_because=free_because,
            quoted=quote.price,
        )
        price, units = (0, 0) if is_free else (PRICES[operation], 0)
        if operation is Operation.REGENERATE_IMAGE and not is_free and self.model.available(Unit.FREE_IMAGE):
            price, units = 0, 1
        available = self.model.available()
        assert (quote.price, quote.free_units) == (price, units)
        assert (quote.balance_before, quote.balance_after) == (available, available - price)
        if self.model.owed or available < price:
            with pytest.raises(InsufficientCredits):
                self.ledger.hold(request)
            return ""
        receipt = self.ledger.hold(request)
        assert (receipt.amount, receipt.free_units) == (price, units)
        parts = self.model.hold(Unit.FREE_IMAGE, units) + self.model.hold(Unit.CREDIT, price)
        self.holds[request.operation_key] = Reserved(request, receipt, parts)
        return request.operation_key

    @precondition(lambda self: self.holds)
    @rule(data=st.data())
    def repeat_hold(self, data: st.DataObject) -> None:
        reserved = data.draw(st.sampled_from(list(self.holds.values())))
        assert self.ledger.hold(reserved.request) == reserved.receipt
        with pytest.raises(InvalidInput):
            self.ledger.hold(reserved.request.model_copy(update={"reason": "something else"}))

    @precondition(lambda self: self.holds)
    @rule(data=st.data(), how=st.sampled_from(["capture", "release", "settle", "deliver", "part"]))
    def end(self, data: st.DataObject, how: str) -> None:
        key = data.draw(st.sampled_from(list(self.holds)))
        price = self.holds[key].receipt.amount
        if how == "part" and price < 2:
            how = "capture"
        self._end(key, how, data.draw(st.integers(1, price - 1)) if how == "part" else 0)

    def _end(self, key: str, how: str, taken: int) -> None:
        reserved = self.holds[key]
        request = SettleRequest(account_id=self.account, operation_key=key)
        price = reserved.receipt.amount
        if how == "deliver":
            assert self.vault.deliver_version(self.account, key, self._timeline(key), "T", "s") == (
                reserved.ended != "released"
            )
            settlement = self.ledger.settle(request)
            taken = price
        elif how == "capture":
            settlement = self.ledger.capture(request)
            taken = price
        elif how == "part":
            settlement = self.ledger.capture(request, credits=taken)
        else:
            settlement = self.ledger.settle(request) if how == "settle" else self.ledger.release(request)
        if not reserved.ended:
            is_release = how in {"release", "settle"}
            reserved.ended = "released" if is_release else "captured"
            reserved.credits = price if is_release else taken
            in_units = 0 if is_release else reserved.receipt.free_units
            self.model.end(reserved.parts, taken + in_units)
        assert (settlement.outcome, settlement.credits) == (reserved.ended, reserved.credits)
        assert settlement.balance.available == self.model.available()

    @rule(data=st.data())
    def settle_nothing(self, data: st.DataObject) -> None:
        request = SettleRequest(account_id=self.account, operation_key=f"{self.account}/never")
        assert self.ledger.settle(request).outcome == "nothing"

    @rule(offer_id=st.sampled_from(TOP_UPS), how_often=st.integers(1, 2))
    def buy(self, offer_id: str, how_often: int) -> None:
        self._buy(offer_id, how_often)

    @rule(is_new=st.booleans(), period_h=st.sampled_from([1, 700]))
    def subscribe(self, is_new: bool, period_h: int) -> None:
        """The only paid credits that expire: after a release they live on under their purchase."""
        payment, period_ends_at = next(self.names), self.model.now + timedelta(hours=period_h)
        purchase = Purchase(
            purchase_id=payment,
            account_id=self.account,
            offer_id=PLAN.offer_id,
            paid_cents=PLAN.price_cents,
            payment_intent=payment,
            period_ends_at=period_ends_at,
            is_new_subscription=is_new,
        )
        assert self.purchases.paid(purchase)
        ends = period_ends_at + PLAN_CREDITS_OUTLIVE_PERIOD
        self.model.give(Pot(Unit.CREDIT, self.model.now, ends, 30, PLAN.credits, purchase=payment))
        if is_new:
            self.model.give(Pot(Unit.FREE_IMAGE, self.model.now, NEVER, 30, PLAN.free_images))
        self.bought[payment] = (PLAN.credits, 0)

    def _buy(self, offer_id: str, how_often: int) -> str:
        offer, payment = OFFERS[offer_id], next(self.names)
        purchase = Purchase(
            purchase_id=payment,
            account_id=self.account,
            offer_id=offer_id,
            paid_cents=offer.price_cents,
            payment_intent=payment,
        )
        assert [self.purchases.paid(purchase) for _ in range(how_often)] == [True, False][:how_often]
        self.model.give(Pot(Unit.CREDIT, self.model.now, NEVER, 40, offer.credits, purchase=payment))
        self.bought[payment] = (offer.credits, 0)
        return payment

    @precondition(lambda self: self.bought)
    @rule(data=st.data(), tenths=st.sampled_from([1, 3, 10, 10]))
    def refund(self, data: st.DataObject, tenths: int) -> None:
        self._refund(data.draw(st.sampled_from(list(self.bought))), tenths)

    def _refund(self, payment: str, tenths: int) -> None:
        credits, tenths_before = self.bought[payment]
        cents = credits * 4 * tenths // 10
        self.purchases.reversed(f"charge/{payment}", payment, "refund", cents, is_final=False)
        more = max(tenths, tenths_before)
        self.model.take_back(payment, credits * more // 10 - credits * tenths_before // 10)
        self.bought[payment] = (credits, more)

    @rule(hours=st.sampled_from([0.5, 1, 23, 24, 100, 168, 500]))
    def wait(self, hours: float) -> None:
        self.model.forward(timedelta(hours=hours))

    @invariant()
    def tells_the_same(self) -> None:
        type(self).steps += 1
        type(self).steps_in_debt += self.model.owed > 0
        balance = self.ledger.balance(self.account)
        assert balance.available == self.model.available() >= 0
        assert balance.held == self.model.held()
        assert balance.posted == balance.available + balance.held
        assert balance.free_images == self.model.available(Unit.FREE_IMAGE)
        assert balance.receivable == self.model.owed

    def teardown(self) -> None:
        sums: Counter[tuple[Unit, datetime, str]] = Counter()
        for grant in self.ledger.grants(self.account):
            sums[grant.unit, grant.expires_at or NEVER, "available"] += grant.available
            sums[grant.unit, grant.expires_at or NEVER, "held"] += grant.held
        assert +sums == self.model.by_date()
        if self.examples % EXAMPLES_PER_VERIFY == 0:
            assert self.ledger.verify().differences == ()

    def _timeline(self, key: str) -> Timeline:
        return Timeline(
            video_id=key,
            version=1,
            song_id=self.song_id,
            profile=ProfileName.TINY,
            fps=Fraction(8),
            width=90,
            height=160,
            frame_count=8,
            soundtrack_key="",
            scenes=(),
        )


@pytest.mark.timeout(7_200 if FULL else 900)
def test_the_ledger_and_its_reference_model_agree(database: Database) -> None:
    class Machine(LedgerMachine):
        pass

    Machine.database = database

    while Machine.steps < STEPS:
        run_state_machine_as_test(
            Machine,
            settings=settings(
                max_examples=(STEPS - Machine.steps) // STEPS_PER_EXAMPLE + 1,
                stateful_step_count=STEPS_PER_EXAMPLE,
                database=None,
            ),
        )
    assert Machine.steps_in_debt > 0, "debts are too rare here to be proved anything of"
    assert Ledger(database).verify().differences == ()
