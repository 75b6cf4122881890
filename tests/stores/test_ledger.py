"""The ledger's rules, one by one, on both databases."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

import pytest
from sqlalchemy import delete, event, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from models.credits import GrantRequest, GrantSource, HoldRequest, HoldState, Operation, SettleRequest, Unit
from models.failures import InsufficientCredits, InvalidInput, LedgerMismatch, ProviderUnavailable
from models.prices import PRICES
from stores import schema
from stores.database import Database, open_database
from stores.ledger import Ledger


class MovableClock(Protocol):
    def __call__(self) -> Any: ...

    def forward(self, **by: float) -> None: ...


def hold_of(key: str, operation: Operation = Operation.GENERATE, **more: Any) -> HoldRequest:
    return HoldRequest(account_id="ada", operation=operation, operation_key=key, **more)


def end_of(key: str) -> SettleRequest:
    return SettleRequest(account_id="ada", operation_key=key)


def gift(key: str, amount: int, **more: Any) -> GrantRequest:
    return GrantRequest(account_id="ada", key=key, amount=amount, source=GrantSource.GOODWILL, **more)


def left(ledger: Ledger) -> list[tuple[int, int]]:
    """(available, held) of the open grants, in spending order."""
    return [(grant.available, grant.held) for grant in ledger.grants("ada")]


def house(database: Database, book: str) -> int:
    entry = schema.entries.c
    total = select(func.coalesce(func.sum(entry.amount), 0)).where(entry.owner == "house", entry.book == book)
    with database.read() as connection:
        return int(connection.execute(total).scalar_one())


def test_a_new_account_gets_its_credits_once(ledger: Ledger, database: Database) -> None:
    again = ledger.open_account("ada")
    assert (again.posted, again.held, again.available) == (250, 0, 250)
    assert house(database, "grants") == -250


def test_an_unknown_account_is_named(ledger: Ledger) -> None:
    for call in (
        lambda: ledger.balance("eve"),
        lambda: ledger.quote("eve", Operation.GENERATE),
        lambda: ledger.hold(HoldRequest(account_id="eve", operation=Operation.GENERATE, operation_key="k")),
    ):
        with pytest.raises(InvalidInput, match="'eve'"):
            call()
    # A compensation accepts "nothing to undo".
    assert ledger.settle(SettleRequest(account_id="eve", operation_key="k")).outcome == "nothing"


def test_credits_are_reserved_then_taken(ledger: Ledger, database: Database) -> None:
    receipt = ledger.hold(hold_of("k"))
    assert (receipt.amount, receipt.balance.posted, receipt.balance.held, receipt.balance.available) == (
        200,
        250,
        200,
        50,
    )
    settlement = ledger.capture(end_of("k"))
    assert (settlement.outcome, settlement.credits, settlement.balance.posted) == ("captured", 200, 50)
    assert house(database, "revenue") == 200


def test_a_key_is_one_intent(ledger: Ledger) -> None:
    first = ledger.hold(hold_of("k"))
    ledger.grant(gift("g", 1000))
    assert ledger.hold(hold_of("k")) == first
    ledger.release(end_of("k"))
    assert ledger.hold(hold_of("k")) == first
    assert ledger.balance("ada").held == 0
    with pytest.raises(InvalidInput, match="another request"):
        ledger.hold(hold_of("k", Operation.REGENERATE_VIDEO))
    ledger.open_account("bob")
    with pytest.raises(InvalidInput, match="another request"):
        ledger.hold(HoldRequest(account_id="bob", operation=Operation.GENERATE, operation_key="k"))
    given = ledger.grant(gift("g", 1000))
    assert (given.amount, ledger.balance("ada").available) == (1000, 1250)
    with pytest.raises(InvalidInput, match="another request"):
        ledger.grant(gift("g", 1001))


def test_a_stored_request_of_an_older_writer_is_the_same_request(ledger: Ledger, database: Database) -> None:
    """A body from before a field was added lacks it; a repetition must still be recognised."""
    first = ledger.hold(hold_of("k"))
    with database.write() as connection:
        row = connection.execute(select(schema.journal).where(schema.journal.c.key == "hold/k")).one()._asdict()
        row |= {"transaction_id": None, "key": "hold/older", "body": row["body"].replace('"quoted":null,', "")}
        row["body"] = row["body"].replace(',"quoted":null', "").replace('"k"', '"older"')
        del row["transaction_id"]
        connection.execute(insert(schema.journal), row)
    assert ledger.hold(hold_of("older")) == first


def test_too_little_is_refused_and_nothing_moves(ledger: Ledger) -> None:
    ledger.hold(hold_of("first"))
    with pytest.raises(InsufficientCredits, match="200 credits and 50 are available"):
        ledger.hold(hold_of("second"))
    assert ledger.find_hold("ada", "second") is None
    assert ledger.balance("ada").available == 50
    ledger.grant(gift("g", 150))
    assert ledger.hold(hold_of("second")).balance.available == 0


@pytest.mark.parametrize("operation", Operation)
def test_what_is_quoted_is_held(ledger: Ledger, operation: Operation) -> None:
    quote = ledger.quote("ada", operation)
    receipt = ledger.hold(hold_of("k", operation, quoted=quote.price))
    assert receipt.amount == quote.price == PRICES[operation]
    assert (quote.balance_before, quote.balance_after) == (250, receipt.balance.available)


def test_a_price_that_changed_since_it_was_shown_is_refused(ledger: Ledger) -> None:
    ledger.grant(gift("free", 1, unit=Unit.FREE_IMAGE))
    shown = ledger.quote("ada", Operation.REGENERATE_IMAGE)
    ledger.hold(hold_of("elsewhere", Operation.REGENERATE_IMAGE))
    with pytest.raises(InvalidInput, match="10 credits now, not the 0"):
        ledger.hold(hold_of("k", Operation.REGENERATE_IMAGE, quoted=shown.price))


def test_free_images_pay_for_images_only_and_first(ledger: Ledger) -> None:
    ledger.grant(gift("free", 2, unit=Unit.FREE_IMAGE))
    assert ledger.balance("ada").free_images == 2
    assert ledger.quote("ada", Operation.REGENERATE_VIDEO).free_units == 0
    quote = ledger.quote("ada", Operation.REGENERATE_IMAGE)
    assert (quote.price, quote.free_units, quote.balance_after) == (0, 1, 250)
    for key in ("taken", "given back"):
        receipt = ledger.hold(hold_of(key, Operation.REGENERATE_IMAGE))
        assert (receipt.amount, receipt.free_units) == (0, 1)
    assert ledger.hold(hold_of("paid", Operation.REGENERATE_IMAGE)).amount == 10
    assert ledger.capture(end_of("taken")).free_units == 1
    assert ledger.release(end_of("given back")).free_units == 1
    assert ledger.balance("ada").free_images == 1


def test_a_free_retry_costs_nothing_and_says_why(ledger: Ledger) -> None:
    why = "the scene fell back to a camera move"
    quote = ledger.quote("ada", Operation.REGENERATE_VIDEO, free_because=why)
    assert (quote.price, quote.reason) == (0, why)
    receipt = ledger.hold(hold_of("k", Operation.REGENERATE_VIDEO, free_because=why))
    assert (receipt.amount, receipt.balance.available) == (0, 250)
    assert ledger.capture(end_of("k")).outcome == "captured"
    assert ledger.balance("ada").available == 250


def test_an_end_is_final(ledger: Ledger) -> None:
    ledger.hold(hold_of("released"))
    ledger.release(end_of("released"))
    assert ledger.capture(end_of("released")).outcome == "released"
    ledger.hold(hold_of("captured"))
    ledger.capture(end_of("captured"))
    for _ in range(2):
        again = ledger.release(end_of("captured"))
        assert (again.outcome, again.credits, again.balance.available) == ("captured", 200, 50)
    assert ledger.settle(end_of("never held")).outcome == "nothing"


def test_a_partial_capture_releases_the_rest(ledger: Ledger, clock: MovableClock) -> None:
    ledger.grant(gift("soon", 60, expires_at=clock() + timedelta(days=2)))
    ledger.hold(hold_of("k"))
    assert left(ledger) == [(0, 60), (110, 140)]
    for wrong in (0, -5, 201):
        with pytest.raises(InvalidInput):
            ledger.capture(end_of("k"), credits=wrong)
    settlement = ledger.capture(end_of("k"), credits=70)
    assert (settlement.outcome, settlement.credits, settlement.balance.available) == ("captured", 70, 240)
    assert left(ledger) == [(240, 0)]


def test_what_expires_first_is_spent_first(ledger: Ledger, clock: MovableClock) -> None:
    ledger.grant(gift("late", 10, expires_at=clock() + timedelta(days=9)))
    ledger.grant(gift("soon, later in line", 20, expires_at=clock() + timedelta(days=3), priority=99))
    ledger.grant(gift("soon", 30, expires_at=clock() + timedelta(days=3), priority=1))
    assert [grant.amount for grant in ledger.grants("ada")] == [30, 20, 10, 250]
    ledger.hold(hold_of("k", Operation.REGENERATE_VIDEO))
    assert left(ledger) == [(0, 30), (0, 20), (10, 0), (250, 0)]
    ledger.release(end_of("k"))
    assert left(ledger) == [(30, 0), (20, 0), (10, 0), (250, 0)]


def test_a_grant_counts_from_its_date_to_its_date(ledger: Ledger, database: Database, clock: MovableClock) -> None:
    begins, ends = clock() + timedelta(days=1), clock() + timedelta(days=3)
    ledger.grant(gift("g", 100, effective_at=begins, expires_at=ends))
    assert ledger.balance("ada").available == 250
    clock.forward(days=1)
    assert ledger.balance("ada").available == 350
    clock.forward(days=2)
    assert ledger.balance("ada").posted == 250
    assert house(database, "expiry") == 0
    ledger.hold(hold_of("k", Operation.REGENERATE_IMAGE))
    assert house(database, "expiry") == 100
    for expires_at in (clock(), begins):
        with pytest.raises(InvalidInput, match="expire"):
            ledger.grant(gift("past", 1, expires_at=expires_at))


def test_held_credits_do_not_expire_and_live_a_week_after_a_late_release(ledger: Ledger, clock: MovableClock) -> None:
    ledger.grant(gift("g", 100, expires_at=clock() + timedelta(days=1)))
    for key in ("a", "b"):
        ledger.hold(hold_of(key, Operation.REGENERATE_VIDEO))
    clock.forward(days=10)
    assert (ledger.balance("ada").held, ledger.balance("ada").available) == (100, 250)
    assert ledger.release(end_of("a")).balance.available == 300
    clock.forward(days=3)
    assert ledger.release(end_of("b")).balance.available == 350
    clock.forward(days=4)
    assert ledger.balance("ada").available == 300
    clock.forward(days=3, seconds=-1)
    assert ledger.balance("ada").available == 300
    clock.forward(seconds=1)
    assert ledger.balance("ada").available == 250


def test_held_credits_can_be_taken_after_their_date(ledger: Ledger, clock: MovableClock) -> None:
    ledger.grant(gift("g", 50, expires_at=clock() + timedelta(days=1)))
    ledger.hold(hold_of("k", Operation.REGENERATE_VIDEO))
    clock.forward(days=30)
    assert ledger.capture(end_of("k")).balance.posted == 250


def test_the_reconciler_finds_standing_holds(ledger: Ledger, clock: MovableClock) -> None:
    ledger.hold(hold_of("old", Operation.REGENERATE_IMAGE))
    clock.forward(minutes=5)
    ledger.hold(hold_of("young", Operation.REGENERATE_IMAGE))
    ledger.hold(hold_of("ended", Operation.REGENERATE_IMAGE))
    ledger.release(end_of("ended"))
    clock.forward(minutes=1)
    found = ledger.standing_holds(held_before=clock())
    assert [(hold.operation_key, hold.state) for hold in found] == [("old", HoldState.HELD), ("young", HoldState.HELD)]
    assert [hold.operation_key for hold in ledger.standing_holds(clock() - timedelta(minutes=2))] == ["old"]


def test_standing_holds_come_in_pages(ledger: Ledger, clock: MovableClock) -> None:
    """Including holds of the same moment, as in a burst."""
    for n in range(5):
        ledger.hold(hold_of(f"k{n}", Operation.REGENERATE_IMAGE))
    clock.forward(minutes=1)
    found, after = [], None
    while page := ledger.standing_holds(clock(), limit=2, after=after):
        after = page[-1]
        found += [hold.operation_key for hold in page]
    assert sorted(found) == [f"k{n}" for n in range(5)]


def test_history_is_told_in_words(ledger: Ledger, clock: MovableClock) -> None:
    clock.forward(days=1)
    ledger.grant(gift("g", 50, reason="thanks for the report", expires_at=clock() + timedelta(days=30)))
    ledger.hold(hold_of("a"))
    ledger.release(SettleRequest(account_id="ada", operation_key="a", reason="cancelled"))
    ledger.hold(hold_of("b", Operation.REGENERATE_IMAGE))
    ledger.capture(end_of("b"))
    lines = ledger.history("ada")
    assert [(line.text, line.credits, line.available) for line in reversed(lines)] == [
        ("Welcome credits", 250, 250),
        ("Thanks for the report, until 1 February 2027", 50, 300),
        ("Reserved for a video", -200, 100),
        ("Given back: a video was not delivered (cancelled)", 200, 300),
        ("Reserved for a new image for a scene", -10, 290),
        ("Delivered: a new image for a scene, for 10 credits", 0, 290),
    ]
    assert ledger.history("ada", limit=2) == lines[:2]
    assert ledger.history("ada", before=lines[3].transaction_id) == lines[4:]


@pytest.mark.parametrize("table", [schema.journal, schema.entries], ids=lambda table: table.name)
@pytest.mark.parametrize("change", [delete, lambda table: update(table).values(transaction_id=99)])
def test_the_past_cannot_be_changed(ledger: Ledger, database: Database, table: Any, change: Callable[..., Any]) -> None:
    with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
        connection.execute(change(table))


TAMPERINGS = {
    "Grant grant-": "UPDATE grants SET available = available + 1",
    "keeps a receivable": "UPDATE accounts SET receivable = 5",
    "Hold hold-": "UPDATE holds SET state = 'released'",
    "does not balance": "INSERT INTO entries (transaction_id, owner, book, unit, amount) "
    "VALUES (1, 'house', 'revenue', 'credit', 7)",
    "less than nothing": "INSERT INTO entries (transaction_id, owner, book, unit, amount) "
    "VALUES (1, 'house', 'revenue', 'credit', 700), (1, 'ada', 'available', 'credit', -700)",
}


@pytest.mark.parametrize("complaint", TAMPERINGS)
def test_verify_reports_every_difference(database: Database, clock: Any, complaint: str) -> None:
    ledger = Ledger(database, clock)
    ledger.open_account("ada")
    ledger.hold(hold_of("k"))
    report = ledger.verify()
    assert (report.accounts, report.transactions, report.entries, report.differences) == (1, 2, 4, ())
    with database.write() as connection:
        connection.execute(text(TAMPERINGS[complaint]))
    assert any(complaint in difference for difference in ledger.verify().differences)


@pytest.mark.parametrize("free_because", ["", "the scene fell back"])
@pytest.mark.parametrize("state", [HoldState.RELEASED, HoldState.CAPTURED])
def test_verify_sees_the_end_of_a_hold_without_credits(
    database: Database, clock: Any, free_because: str, state: HoldState
) -> None:
    """No sum of credits shows it, but a hold that never ended would never return its free image."""
    ledger = Ledger(database, clock)
    ledger.open_account("ada")
    ledger.grant(gift("free", 1, unit=Unit.FREE_IMAGE))
    ledger.hold(hold_of("v/op", Operation.REGENERATE_IMAGE, free_because=free_because))
    with database.write() as connection:
        connection.execute(update(schema.holds).values(state=state.value))
    (difference,) = ledger.verify().differences
    assert f"is {state.value}" in difference
    ledger.rebuild()
    assert ledger.verify().differences == ()
    ledger.release(end_of("v/op"))
    assert ledger.balance("ada").free_images == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_open_is_found_by_its_index(ledger: Ledger, database: Database, clock: MovableClock) -> None:
    """A partial index serves only a query that repeats its condition; SQLite shows its plan for empty tables too."""
    plans: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if statement.startswith("SELECT") and ("FROM grants" in statement or "FROM holds" in statement):
            raw = connection.connection.driver_connection
            plans.extend(row[-1] for row in raw.execute(f"EXPLAIN QUERY PLAN {statement}", parameters))

    event.listen(database.engine, "before_cursor_execute", explain)
    ledger.balance("ada")
    ledger.standing_holds(held_before=clock())
    assert any("ix_grants_open" in plan for plan in plans)
    assert any("ix_holds_standing" in plan for plan in plans)
    ledger.open_account("bob")
    assert ledger.balance("bob").posted == 250


@pytest.mark.parametrize("url", ["postgresql://none@127.0.0.1:1/none", "sqlite:////nowhere/at/all.db"])
def test_a_database_that_is_away_is_worth_a_retry(url: str) -> None:
    ledger = Ledger(open_database(url))
    with pytest.raises(ProviderUnavailable):
        ledger.balance("ada")
    with pytest.raises(ProviderUnavailable):
        ledger.hold(hold_of("k"))


def test_what_is_kept_is_rebuilt_from_the_entries(ledger: Ledger, database: Database) -> None:
    for key in ("captured", "held"):
        ledger.hold(hold_of(key, Operation.REGENERATE_VIDEO))
    ledger.capture(end_of("captured"))

    def books() -> tuple[object, ...]:
        return ledger.balance("ada"), ledger.find_hold("ada", "captured"), ledger.find_hold("ada", "held")

    right = books()
    with database.write() as connection:
        connection.execute(update(schema.grants).values(available=7, held=0))
        connection.execute(update(schema.accounts).values(receivable=3))
        connection.execute(update(schema.holds).values(state="released", captured=0))
    assert len(ledger.rebuild().differences) == 4
    assert books() == right
    assert ledger.rebuild().differences == ()


def test_wrong_entries_are_not_rebuilt_from(ledger: Ledger, database: Database) -> None:
    with database.write() as connection:
        connection.execute(update(schema.grants).values(available=7))
        number = connection.execute(select(func.max(schema.journal.c.transaction_id))).scalar_one()
        stray = {"transaction_id": number, "owner": "house", "book": "sales", "unit": "credit", "amount": 5}
        connection.execute(insert(schema.entries), stray)
    with pytest.raises(LedgerMismatch, match="last good copy"):
        ledger.rebuild()
    with database.read() as connection:
        assert connection.execute(select(schema.grants.c.available)).scalar_one() == 7
    with database.write() as connection:  # the fixture verifies the ledger at the end
        connection.execute(insert(schema.entries), stray | {"amount": -5})
    ledger.rebuild()
