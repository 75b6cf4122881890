"""The ledger's own audit: every balance recomputed from the entries, every difference reported in words."""

from collections.abc import Iterator

from sqlalchemy import Connection, case, func, literal, select

from models.credits import HoldState, LedgerReport, Unit
from stores import schema
from stores.postings import AVAILABLE, HELD, HOUSE, RECEIVABLE, REVENUE

_ENTRY = schema.entries.c


def audit(connection: Connection) -> LedgerReport:
    """Recompute all balances.

    Args:
        connection: From `Database.read`, so that all tables are read at one moment.

    Returns:
        Counts, and the differences found; none if all balances are right.
    """

    def count(table_column: object) -> int:
        return connection.execute(select(func.count(table_column))).scalar_one()  # type: ignore[arg-type]

    total = func.coalesce(func.sum(_ENTRY.amount), 0)
    sums = {row[0]: int(row[1]) for row in connection.execute(select(_ENTRY.unit, total).group_by(_ENTRY.unit))}
    totals = {unit.value: sums.get(unit.value, 0) for unit in Unit} | sums
    return LedgerReport(
        accounts=count(schema.accounts.c.account_id),
        transactions=count(schema.journal.c.transaction_id),
        entries=count(_ENTRY.entry_id),
        totals=totals,
        differences=(
            *(f"All entries in {unit} sum to {value}, not 0." for unit, value in totals.items() if value),
            *_unbalanced_transactions(connection),
            *_wrong_grants(connection),
            *_wrong_receivables(connection),
            *_negative_balances(connection),
            *_wrong_holds(connection),
            *_wrong_stops(connection),
        ),
    )


def _unbalanced_transactions(connection: Connection) -> Iterator[str]:
    total = func.sum(_ENTRY.amount)
    query = select(_ENTRY.transaction_id, _ENTRY.unit, total).group_by(_ENTRY.transaction_id, _ENTRY.unit)
    for number, unit, value in connection.execute(query.having(total != 0)):
        yield f"Transaction {number} does not balance: its entries in {unit} sum to {value}."


def _wrong_grants(connection: Connection) -> Iterator[str]:
    grant = schema.grants.c

    def book(name: str) -> object:
        return func.coalesce(func.sum(case((_ENTRY.book == name, _ENTRY.amount), else_=0)), 0)

    available, held = book(AVAILABLE), book(HELD)
    query = (
        select(grant.grant_id, grant.account_id, grant.available, grant.held, available, held)  # type: ignore[call-overload]
        .outerjoin(schema.entries, _ENTRY.grant_id == grant.grant_id)
        .group_by(grant.grant_id, grant.account_id, grant.available, grant.held)
        .having((grant.available != available) | (grant.held != held))
    )
    for grant_id, account_id, *values in connection.execute(query):
        kept, entered = tuple(values[:2]), tuple(int(v) for v in values[2:])
        yield f"Grant {grant_id} of {account_id} keeps {kept} (available, held), its entries say {entered}."


def _wrong_receivables(connection: Connection) -> Iterator[str]:
    account = schema.accounts.c
    owed = func.coalesce(func.sum(-_ENTRY.amount), 0)
    query = (
        select(account.account_id, account.receivable, owed)
        .outerjoin(schema.entries, (_ENTRY.owner == account.account_id) & (_ENTRY.book == RECEIVABLE))
        .group_by(account.account_id, account.receivable)
        .having(account.receivable != owed)
    )
    for account_id, kept, entered in connection.execute(query):
        yield f"Account {account_id} keeps a receivable of {kept}, its entries say {entered}."


def _negative_balances(connection: Connection) -> Iterator[str]:
    total = func.sum(_ENTRY.amount)
    query = (
        select(_ENTRY.owner, _ENTRY.book, _ENTRY.unit, total)
        .where(_ENTRY.owner != HOUSE, _ENTRY.book.in_((AVAILABLE, HELD)))
        .group_by(_ENTRY.owner, _ENTRY.book, _ENTRY.unit)
        .having(total < 0)
    )
    for owner, book, unit, value in connection.execute(query):
        yield f"Account {owner} has {value} {unit} {book}: less than nothing."


def _wrong_holds(connection: Connection) -> Iterator[str]:
    """A standing hold's entries hold its full amount; those of an ended hold hold nothing, and its capture is revenue.

    The journal says how a hold ended, because a hold without credits leaves no entries.
    """
    hold, line = schema.holds.c, schema.journal.c
    is_credit = _ENTRY.unit == Unit.CREDIT.value
    in_hold = func.coalesce(func.sum(case((is_credit & (_ENTRY.book == HELD), _ENTRY.amount), else_=0)), 0)
    taken = func.coalesce(func.sum(case((is_credit & (_ENTRY.book == REVENUE), _ENTRY.amount), else_=0)), 0)
    ends = {"capture": HoldState.CAPTURED.value, "release": HoldState.RELEASED.value}
    ended = func.coalesce(func.max(case(ends, value=line.kind)), HoldState.HELD.value)
    query = (
        select(hold.hold_id, hold.account_id, hold.state, hold.credits, hold.captured, in_hold, taken, ended)
        .outerjoin(schema.journal, line.hold_id == hold.hold_id)
        .outerjoin(schema.entries, _ENTRY.transaction_id == line.transaction_id)
        .group_by(hold.hold_id, hold.account_id, hold.state, hold.credits, hold.captured)
    )
    standing = case((hold.state == literal(HoldState.HELD.value), hold.credits), else_=0)
    is_wrong = (in_hold != standing) | (taken != hold.captured) | (ended != hold.state)
    for row in connection.execute(query.having(is_wrong)):
        yield (
            f"Hold {row[0]} of {row[1]} is {row[2]} with {row[3]} credits, {row[4]} captured; "
            f"its entries hold {row[5]} and captured {row[6]}, and the journal has it {row[7]}."
        )


def _wrong_stops(connection: Connection) -> Iterator[str]:
    """A hold whose generation the artist stopped captured exactly the amount that the stop keeps."""
    hold, stop = schema.holds.c, schema.stops.c
    query = (
        select(hold.hold_id, hold.account_id, hold.captured, stop.kept)
        .join(schema.stops, stop.operation_key == hold.operation_key)
        .where(hold.state != HoldState.HELD.value, hold.captured != stop.kept)
    )
    for row in connection.execute(query):
        yield f"Hold {row[0]} of {row[1]} took {row[2]} credits; its generation was stopped, which keeps {row[3]}."
