"""Cookie sessions, and links that work once: into the local stack, to verify an address, to reset a password."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from models.access import LinkPurpose, Profile, Session
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.profiles import profile_of
from stores.secrets import digest_secret, new_secret

SESSION_LIFETIME = timedelta(days=30)
SESSION_IDLE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=10)
"""So often it is written down that a session is in use."""

ID_PREFIX, ID_CHARS = "session-", 20
"""A session's id is the beginning of its digest: 80 bits of it tell sessions apart and say nothing of the secret."""

DEVICE_CHARS = 100

_COLUMNS = tuple(column.label(f"session_{column.name}") for column in tables.sessions.c)
"""Under names that a person's columns do not have."""
LINK_LIFETIMES = {
    LinkPurpose.ENTER: timedelta(days=1),
    LinkPurpose.VERIFY: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=12),
}


class Sessions:
    """Who is logged in where.

    Args:
        database: Migrated.
        clock: Tells the moment, aware; tests bring their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def begin(
        self, account_id: str, *, device: str = "", host_cookie: bool = False, second_factor: bool = False
    ) -> str:
        """Let an account in.

        Args:
            account_id: The account.
            device: Browser and system in words, for the list of sessions.
            host_cookie: The cookie's name begins with `__Host-`; a cookie without it will not be taken for this one.
            second_factor: The person has just proved their second factor.

        Returns:
            The cookie's secret, which is not readable in the database.
        """
        secret, now = new_secret(), self._clock()
        row = {
            "session_hash": digest_secret(secret),
            "account_id": account_id,
            "created_at": now,
            "last_seen_at": now,
            "signed_in_at": now,
            "second_factor_at": now if second_factor else None,
            "device": device[:DEVICE_CHARS],
            "host_cookie": host_cookie,
            "expires_at": now + SESSION_LIFETIME,
        }
        with self._database.write() as connection:
            connection.execute(insert(tables.sessions), row)
        return secret

    def find(self, secret: str) -> Profile | None:
        """Whose session a cookie is; None when it has ended or never was."""
        found = self.look(secret)
        return None if found is None else found[0]

    def look(self, secret: str, *, host_cookie: bool | None = None) -> tuple[Profile, Session] | None:
        """Whose session a cookie is, and which; that it is used keeps it from ending idle.

        Args:
            secret: The cookie's.
            host_cookie: By which kind of cookie it came; None: it does not matter. A cookie whose name does not begin
                with `__Host-` could have been planted by a neighbouring host, so it counts only for a session that was
                begun before there were others, and those are gone after `SESSION_LIFETIME`.

        Returns:
            The person and the session; None when it has ended or never was.
        """
        table, now = tables.sessions, self._clock()
        query = (
            select(tables.profiles, *_COLUMNS)
            .join(table, table.c.account_id == tables.profiles.c.account_id)
            .where(table.c.session_hash == digest_secret(secret), _is_alive(now))
        )
        if host_cookie is not None:
            query = query.where(table.c.host_cookie == host_cookie)
        with self._database.read() as connection:
            row = connection.execute(query).first()
        if row is None:
            return None
        if row.session_last_seen_at is None or row.session_last_seen_at <= now - SEEN_EVERY:
            mine = update(table).where(table.c.session_hash == digest_secret(secret))
            with self._database.write() as connection:
                connection.execute(mine.values(last_seen_at=now))
        return profile_of(row), _session_of(row, current=True)

    def confirm(self, secret: str, *, second_factor: bool) -> None:
        """The person of a session has just proved again who they are."""
        table, now = tables.sessions, self._clock()
        proved = {"signed_in_at": now} | ({"second_factor_at": now} if second_factor else {})
        with self._database.write() as connection:
            connection.execute(update(table).where(table.c.session_hash == digest_secret(secret)).values(proved))

    def list(self, account_id: str, current: str | None = None) -> list[Session]:
        """The sessions of an account that have not ended, last seen first.

        Args:
            account_id: The account.
            current: The secret of the session that asks.
        """
        table = tables.sessions
        own = digest_secret(current) if current else None
        query = select(*_COLUMNS).where(table.c.account_id == account_id, _is_alive(self._clock()))
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        found = [_session_of(row, current=row.session_session_hash == own) for row in rows]
        return sorted(found, key=lambda one: one.last_seen_at or one.created_at, reverse=True)

    def end(self, secret: str) -> None:
        """Log out; once more does nothing."""
        table = tables.sessions
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.session_hash == digest_secret(secret)))

    def end_one(self, account_id: str, session_id: str) -> bool:
        """End a session by the id that lists show; False where the account has no such session."""
        table, prefix = tables.sessions, session_id.removeprefix(ID_PREFIX)
        if session_id != ID_PREFIX + prefix or len(prefix) != ID_CHARS:
            return False
        mine = (table.c.account_id == account_id) & table.c.session_hash.startswith(prefix, autoescape=True)
        with self._database.write() as connection:
            return connection.execute(delete(table).where(mine)).rowcount > 0

    def end_others(self, account_id: str, current: str) -> int:
        """End all sessions of an account but one; returns how many ended."""
        table = tables.sessions
        others = (table.c.account_id == account_id) & (table.c.session_hash != digest_secret(current))
        with self._database.write() as connection:
            return connection.execute(delete(table).where(others)).rowcount

    def issue_link(self, account_id: str, purpose: LinkPurpose) -> str:
        """A secret that works once, for a limited time.

        Args:
            account_id: Whose.
            purpose: What it is good for.

        Returns:
            The secret, for a link.
        """
        secret = new_secret()
        row = {"link_hash": digest_secret(secret), "purpose": purpose.value, "account_id": account_id}
        with self._database.write() as connection:
            connection.execute(insert(tables.links), row | {"expires_at": self._clock() + LINK_LIFETIMES[purpose]})
        return secret

    def holder_of(self, secret: str, purpose: LinkPurpose) -> str | None:
        """Whose link this is, if it could be used now; it stays as it is."""
        table = tables.links
        mine = (table.c.link_hash == digest_secret(secret)) & (table.c.purpose == purpose.value)
        query = select(table.c.account_id).where(mine, table.c.expires_at > self._clock())
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def use_link(self, secret: str, purpose: LinkPurpose) -> str | None:
        """Use a link up.

        Args:
            secret: From the link.
            purpose: What it is used for.

        Returns:
            Whose it was; None when it was used before, is too old, or never was.
        """
        table = tables.links
        mine = (table.c.link_hash == digest_secret(secret)) & (table.c.purpose == purpose.value)
        with self._database.write() as connection:
            used = delete(table).where(mine, table.c.expires_at > self._clock()).returning(table.c.account_id)
            return connection.execute(used).scalar_one_or_none()

    def sweep(self) -> int:
        """Remove what has expired; returns how many rows went."""
        now, count = self._clock(), 0
        with self._database.write() as connection:
            for table in (tables.sessions, tables.links):
                count += connection.execute(delete(table).where(table.c.expires_at <= now)).rowcount
            count += connection.execute(delete(tables.sessions).where(~_is_alive(now))).rowcount
        return count


def _is_alive(now: datetime) -> ColumnElement[bool]:
    """Neither expired nor idle. Sessions of before this rule say nothing of their use, and are idle from now on."""
    session = tables.sessions.c
    return (session.expires_at > now) & (session.last_seen_at.is_(None) | (session.last_seen_at > now - SESSION_IDLE))


def _session_of(row: Row[Any], *, current: bool) -> Session:
    return Session(
        session_id=ID_PREFIX + row.session_session_hash[:ID_CHARS],
        device=row.session_device or "",
        created_at=row.session_created_at,
        last_seen_at=row.session_last_seen_at,
        signed_in_at=row.session_signed_in_at or row.session_created_at,
        second_factor_at=row.session_second_factor_at,
        current=current,
    )
