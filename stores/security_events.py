"""Security events of accounts: stored in SQL for a limited time, and logged with account ids.

A row or a log line holds no password, no address and no secret. Attempts at unknown addresses leave a row too, so that
an answer takes as long for them as for others.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Connection, delete, insert, select

from models.access import SecurityEvent, SecurityEventKind
from stores import schema_access as tables
from stores.database import Database, utc_now

log = structlog.get_logger()

KEPT = timedelta(days=180)
KEPT_OF_UNKNOWN = timedelta(days=7)
READ_AGAIN = timedelta(hours=1)
"""A reader who looks at the same account again within this time leaves one row."""

DETAIL_CHARS = 400


class SecurityEvents:
    """The security events of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def note(self, kind: SecurityEventKind, account_id: str | None, detail: str = "", actor: str = "") -> None:
        """Record one event, and log it.

        Args:
            kind: The kind of event.
            account_id: The account; None if no account has the address.
            detail: Further words, without addresses or secrets.
            actor: The person who acted, if not the account's own.
        """
        with self._database.write() as connection:
            self.note_within(connection, kind, account_id, detail, actor)

    def note_within(
        self, connection: Connection, kind: SecurityEventKind, account_id: str | None, detail: str = "", actor: str = ""
    ) -> None:
        """As `note`, in an open transaction: the event exists if and only if the change does."""
        row = {"at": self._clock(), "account_id": account_id, "kind": kind.value, "actor": actor[:200]}
        connection.execute(insert(tables.security_events), row | {"detail": detail[:DETAIL_CHARS]})
        log.info("security", event_kind=kind.value, account=account_id, detail=detail[:DETAIL_CHARS], by=bool(actor))

    def note_reads(self, account_ids: Iterable[str], detail: str, actor: str) -> None:
        """Record that support read accounts; repeated page views leave one row an hour.

        Args:
            account_ids: The accounts whose data was shown.
            detail: The data that was shown.
            actor: The person who read it.
        """
        wanted = sorted({account_id for account_id in account_ids if account_id})
        if not wanted:
            return
        event = tables.security_events.c
        query = select(event.account_id).where(
            event.account_id.in_(wanted),
            event.kind == SecurityEventKind.SUPPORT_READ.value,
            event.actor == actor[:200],
            event.detail == detail[:DETAIL_CHARS],
            event.at > self._clock() - READ_AGAIN,
        )
        with self._database.read() as connection:
            known = set(connection.execute(query).scalars())
        missing = [account_id for account_id in wanted if account_id not in known]
        if missing:
            with self._database.write() as connection:
                for account_id in missing:
                    self.note_within(connection, SecurityEventKind.SUPPORT_READ, account_id, detail, actor)

    def of(self, account_id: str, limit: int = 200) -> list[SecurityEvent]:
        """The newest events of an account, oldest first."""
        event = tables.security_events.c
        query = select(tables.security_events).where(event.account_id == account_id)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(event.event_id.desc()).limit(limit)).all()
        return [SecurityEvent.model_validate(dict(row._mapping)) for row in reversed(rows)]

    def sweep(self) -> int:
        """Delete expired rows; returns their number."""
        event, now = tables.security_events.c, self._clock()
        of_unknown = event.account_id.is_(None) & (event.at <= now - KEPT_OF_UNKNOWN)
        with self._database.write() as connection:
            old = delete(tables.security_events).where((event.at <= now - KEPT) | of_unknown)
            return connection.execute(old).rowcount
