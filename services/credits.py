"""An account's credits: balance, history, gifts; and the check of all balances against the journal."""

from models.credits import (
    Balance,
    GrantReceipt,
    GrantRequest,
    GrantSource,
    HistoryLine,
    LedgerReport,
    StatementLine,
)
from models.failures import RunFailed
from models.support import Action
from services.app import App

PAGE = 50


def balance(app: App, account_id: str) -> Balance:
    """An account's current balance. Raises `InvalidInput`: there is no such account."""
    return app.stores.ledger.balance(account_id)


def history(app: App, account_id: str, before: int | None = None) -> tuple[list[HistoryLine], int | None]:
    """A page of the history of an account's credits, newest first.

    Args:
        before: The end of the page before; None: the first page.

    Returns:
        The lines, and the beginning of the next page; None: this is the last one.
    """
    lines = app.stores.ledger.history(account_id, PAGE, before)
    return lines, lines[-1].transaction_id if len(lines) == PAGE else None


def statement(app: App, account_id: str, before: int | None = None) -> tuple[list[StatementLine], int | None]:
    """A page of an account's statement, newest first: an order and its end are one line. As `history` otherwise."""
    lines = app.stores.statements.of(account_id, PAGE, before)
    return lines, lines[-1].transaction_id if len(lines) == PAGE else None


def give(app: App, account_id: str, amount: int, reason: str, actor: str, key: str) -> GrantReceipt:
    """Give credits away; the same key gives once. Raises `InvalidInput`: there is no such account."""
    request = GrantRequest(
        account_id=account_id, key=key, amount=amount, source=GrantSource.GOODWILL, reason=reason, actor=actor
    )
    return app.stores.ledger.grant(request)


def verify(app: App) -> LedgerReport:
    """Recompute all balances from the entries. Raises `RunFailed`: some differ."""
    report = app.stores.ledger.verify()
    if report.differences:
        raise RunFailed("The books differ: " + "; ".join(report.differences))
    return report


def rebuild(app: App, actor: str, reason: str) -> LedgerReport:
    """Recompute cached balances from the journal, which never changes.

    Raises:
        LedgerMismatch: The entries themselves are wrong.
    """
    with app.stores.support.attempt(actor, Action.REBUILD, "ledger", reason):
        return app.stores.ledger.rebuild()
