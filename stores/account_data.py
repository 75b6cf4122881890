"""All rows of an account: to export them, and to erase them.

Both go through every table, so that a table added later is covered without being named here. What stays after an
erasure is named: the ledger, whose entries must still add up, and the records of payments that the law requires.
"""

import json
import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Table, delete, insert, select, update

from models.credits import HoldState, SettleRequest
from models.failures import InvalidInput
from stores import schema, schema_access
from stores.database import Database, utc_now

KEPT_TABLES = frozenset(
    {
        "accounts",
        "journal",
        "entries",
        "grants",
        "holds",
        "stops",
        "purchases",
        "payments",
        "reversals",
        "spendings",
        "provider_jobs",
        "erasures",
        "welcomed_mailboxes",
        "support_actions",
    }
)
"""Tables that stay after an erasure: they hold numbers and ids, no words of a person."""

_SECRET = re.compile(r"hash|secret|digest|recovery")
"""Columns with credentials, which an export leaves out."""

_SESSIONS_FIRST = ("sessions", "api_tokens", "links", "shares")


class AccountData:
    """The rows of one account at a time.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def rows(self, account_id: str) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """All stored rows of an account, by table, without credentials.

        Args:
            account_id: The account.

        Yields:
            A table's name and its rows, as plain JSON values; empty tables are left out.

        Raises:
            InvalidInput: There is no such account.
        """
        with self._database.read() as connection:
            _check_known(connection, account_id)
            for table in schema.metadata.sorted_tables:
                mine = _mine(table, account_id)
                if mine is None:
                    continue
                found = [_plain(row) for row in connection.execute(select(table).where(mine))]
                if found:
                    yield table.name, found

    def close(self, account_id: str) -> None:
        """Revoke all access: sessions, tokens, links and share links end, and the account is marked as erased.

        Args:
            account_id: The account; a repeated call changes nothing.

        Raises:
            InvalidInput: There is no such account.
        """
        table = schema.erasures
        with self._database.write() as connection:
            _check_known(connection, account_id)
            for name in _SESSIONS_FIRST:
                _delete(connection, schema.metadata.tables[name], account_id)
            if connection.execute(select(table).where(table.c.account_id == account_id)).first() is None:
                connection.execute(insert(table).values(account_id=account_id, erased_at=self._clock()))

    def is_known(self, account_id: str) -> bool:
        """Whether this account exists or has existed."""
        table = schema.accounts
        with self._database.read() as connection:
            return connection.execute(select(table).where(table.c.account_id == account_id)).first() is not None

    def is_erased(self, account_id: str) -> bool:
        """Whether an account was erased or is being erased."""
        table = schema.erasures
        with self._database.read() as connection:
            return connection.execute(select(table).where(table.c.account_id == account_id)).first() is not None

    def standing_holds(self, account_id: str) -> list[SettleRequest]:
        """The holds that still stand for the account, to be settled once its runs are closed."""
        hold = schema.holds.c
        query = select(hold.operation_key).where(hold.account_id == account_id, hold.state == HoldState.HELD.value)
        with self._database.read() as connection:
            keys = list(connection.scalars(query))
        return [SettleRequest(account_id=account_id, operation_key=key, reason="the account is erased") for key in keys]

    def forget(self, account_id: str) -> int:
        """Delete the account's rows outside of the ledger, and providers' answers in the rows that stay.

        Args:
            account_id: The account; a repeated call deletes nothing more.

        Returns:
            The number of deleted rows.
        """
        jobs, gone = schema.provider_jobs, 0
        with self._database.write() as connection:
            # The audit keeps who did what; the reason may name the person, so it goes.
            actions, videos = schema.support_actions, schema.videos.c
            of_videos = actions.c.subject.in_(select(videos.video_id).where(videos.account_id == account_id))
            about = (actions.c.subject == account_id) | of_videos
            connection.execute(update(actions).where(about).values(reason=""))
            for table in reversed(schema.metadata.sorted_tables):
                if table.name not in KEPT_TABLES:
                    gone += _delete(connection, table, account_id)
            blank = {"answer": None, "reason": ""}
            connection.execute(update(jobs).where(jobs.c.account_id == account_id).values(blank))
            # The mailbox has had its welcome credits; its owner is forgotten.
            welcomed = schema_access.welcomed_mailboxes
            mine = welcomed.c.account_id == account_id
            connection.execute(update(welcomed).where(mine).values(account_id=None))
        return gone


def _mine(table: Table, account_id: str) -> ColumnElement[bool] | None:
    """The account's rows of a table: by its account column, or through its parent table."""
    for name in ("account_id", "owner", "subject"):
        if name in table.c:
            return table.c[name] == account_id
    for key in table.foreign_keys:
        parent = _mine(key.column.table, account_id)
        if parent is not None:
            return key.parent.in_(select(key.column).where(parent))
    return None


def _delete(connection: Connection, table: Table, account_id: str) -> int:
    mine = _mine(table, account_id)
    return 0 if mine is None else connection.execute(delete(table).where(mine)).rowcount


def _plain(row: Any) -> dict[str, Any]:
    shown = {name: value for name, value in row._mapping.items() if not _SECRET.search(name)}
    return {name: _value(value) for name, value in shown.items()}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return None
    if isinstance(value, str) and value[:1] in ("{", "["):
        try:
            return json.loads(value)
        except ValueError:
            return value
    return value


def _check_known(connection: Connection, account_id: str) -> None:
    table = schema.accounts
    if connection.execute(select(table.c.account_id).where(table.c.account_id == account_id)).first() is None:
        raise InvalidInput(f"There is no account {account_id!r}.", code="unknown_account")
