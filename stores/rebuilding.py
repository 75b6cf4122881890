"""Recomputing cached balances. Entries are the truth: this module reads them and never writes them."""

from sqlalchemy import ColumnElement, Connection, ScalarSelect, case, func, literal, select, text, update
from sqlalchemy.exc import IntegrityError

from models.credits import HoldState, LedgerReport, Unit
from models.failures import LedgerMismatch
from stores import schema
from stores.audit import audit
from stores.postings import AVAILABLE, HELD, RECEIVABLE, REVENUE

_ENTRY, _LINE = schema.entries.c, schema.journal.c


def rebuild(connection: Connection) -> LedgerReport:
    """Recompute the cached balances of grants, accounts and holds.

    Args:
        connection: From `Database.write`.

    Returns:
        The differences found before.

    Raises:
        LedgerMismatch: The entries themselves are wrong; nothing was changed.
    """
    if connection.dialect.name == "postgresql":
        # Opening an account's postings locks its row: none may be opened meanwhile.
        connection.execute(text("LOCK TABLE accounts IN EXCLUSIVE MODE"))
    before = audit(connection)
    try:
        _rebuild_grants(connection)
        _rebuild_accounts(connection)
        _rebuild_holds(connection)
    except IntegrityError as error:
        raise _beyond_rebuilding(before) from error
    if audit(connection).differences:
        raise _beyond_rebuilding(before)
    return before


def _rebuild_grants(connection: Connection) -> None:
    table = schema.grants

    def in_book(book: str) -> ScalarSelect[int]:
        mine = (_ENTRY.grant_id == table.c.grant_id) & (_ENTRY.book == book)
        return select(func.coalesce(func.sum(_ENTRY.amount), 0)).where(mine).scalar_subquery()

    available, held = in_book(AVAILABLE), in_book(HELD)
    wrong = (table.c.available != available) | (table.c.held != held)
    connection.execute(update(table).where(wrong).values(available=available, held=held))


def _rebuild_accounts(connection: Connection) -> None:
    table = schema.accounts
    mine = (_ENTRY.owner == table.c.account_id) & (_ENTRY.book == RECEIVABLE)
    owed = select(func.coalesce(func.sum(-_ENTRY.amount), 0)).where(mine).scalar_subquery()
    connection.execute(update(table).where(table.c.receivable != owed).values(receivable=owed))


def _rebuild_holds(connection: Connection) -> None:
    table = schema.holds

    def ended_by(kind: str) -> ColumnElement[bool]:
        return select(_LINE.transaction_id).where(_LINE.hold_id == table.c.hold_id, _LINE.kind == kind).exists()

    state = case(
        (ended_by("capture"), literal(HoldState.CAPTURED.value)),
        (ended_by("release"), literal(HoldState.RELEASED.value)),
        else_=literal(HoldState.HELD.value),
    )
    taken = (
        select(func.coalesce(func.sum(_ENTRY.amount), 0))
        .join(schema.journal, _LINE.transaction_id == _ENTRY.transaction_id)
        .where(_LINE.hold_id == table.c.hold_id, _ENTRY.book == REVENUE, _ENTRY.unit == Unit.CREDIT.value)
        .scalar_subquery()
    )
    wrong = (table.c.state != state) | (table.c.captured != taken)
    connection.execute(update(table).where(wrong).values(state=state, captured=taken))


def _beyond_rebuilding(report: LedgerReport) -> LedgerMismatch:
    return LedgerMismatch(
        "The entries themselves are wrong, so nothing was changed: another program wrote to the database. "
        f"Restore it from its last good copy. Found: {'; '.join(report.differences)}"
    )
