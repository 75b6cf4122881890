"""Cookie sessions, and links that work once: into the local stack, to verify an address, to reset a password."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, delete, insert, select, update

from models.access import SESSION_LIFETIME, LinkPurpose, Profile, Session
from models.secrets import digest_secret, new_secret
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.profiles import profile_of

SESSION_IDLE = timedelta(days=7)
SEEN_EVERY = timedelta(minutes=10)
"""How often a session's last use is written."""

ID_PREFIX, ID_CHARS = "session-", 20
"""A session's id is the beginning of its digest: 80 bits identify it and reveal nothing of the secret."""

DEVICE_CHARS = 100

_COLUMNS = tuple(column.label(f"session_{column.name}") for column in tables.sessions.c)
"""Column labels that do not collide with those of a profile."""
LINK_LIFETIMES = {
    LinkPurpose.ENTER: timedelta(days=1),
    LinkPurpose.VERIFY: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=12),
}


class Sessions:
    """The sessions of all accounts.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def begin(
        self, account_id: str, *, device: str = "", host_cookie: bool = False, second_factor: bool = False
    ) -> str:
        """Begin a session.

        Args:
            account_id: The account.
            device: Browser and system in words, for the list of sessions.
            host_cookie: The cookie's name begins with `__Host-`; another cookie is not accepted for this session.
            second_factor: The person has just proved their second factor.

        Returns:
            The cookie's secret, of which the database holds only a digest.
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
        """The profile of a cookie's session; None if it has ended or is unknown."""
        found = self.look(secret)
        return None if found is None else found[0]

    def look(self, secret: str, *, host_cookie: bool | None = None) -> tuple[Profile, Session] | None:
        """The profile and the session of a cookie; the use is recorded, so that the session does not end idle.

        Args:
            secret: The cookie's.
            host_cookie: The kind of cookie that carried the secret; None: either kind. A neighbouring host could
                have planted a cookie whose name does not begin with `__Host-`, so it counts only for sessions from
                before such cookies existed; those are gone after `SESSION_LIFETIME`.

        Returns:
            The profile and the session; None if it has ended or is unknown.
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

    def look_by_id(self, session_id: str) -> tuple[Profile, Session] | None:
        """As `look`, by the id shown in lists, which opens nothing by itself; the use is not recorded."""
        table, prefix = tables.sessions, session_id.removeprefix(ID_PREFIX)
        if session_id != ID_PREFIX + prefix or len(prefix) != ID_CHARS:
            return None
        query = (
            select(tables.profiles, *_COLUMNS)
            .join(table, table.c.account_id == tables.profiles.c.account_id)
            .where(table.c.session_hash.startswith(prefix, autoescape=True), _is_alive(self._clock()))
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else (profile_of(row), _session_of(row, current=False))

    def confirm(self, secret: str, *, second_factor: bool) -> None:
        """Record that the session's person has just proved their identity again."""
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
        """Log out; a repetition does nothing."""
        table = tables.sessions
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.session_hash == digest_secret(secret)))

    def end_one(self, account_id: str, session_id: str) -> bool:
        """End a session by the id shown in lists; False if the account has no such session."""
        table, prefix = tables.sessions, session_id.removeprefix(ID_PREFIX)
        if session_id != ID_PREFIX + prefix or len(prefix) != ID_CHARS:
            return False
        mine = (table.c.account_id == account_id) & table.c.session_hash.startswith(prefix, autoescape=True)
        with self._database.write() as connection:
            return connection.execute(delete(table).where(mine)).rowcount > 0

    def end_others(self, account_id: str, current: str) -> int:
        """End all sessions of an account but one; returns the number ended."""
        table = tables.sessions
        others = (table.c.account_id == account_id) & (table.c.session_hash != digest_secret(current))
        with self._database.write() as connection:
            return connection.execute(delete(table).where(others)).rowcount

    def issue_link(self, account_id: str, purpose: LinkPurpose) -> str:
        """Create a secret that works once, for a limited time.

        Args:
            account_id: The owning account.
            purpose: The only purpose that it works for.

        Returns:
            The secret, for a link.
        """
        secret = new_secret()
        row = {"link_hash": digest_secret(secret), "purpose": purpose.value, "account_id": account_id}
        with self._database.write() as connection:
            connection.execute(insert(tables.links), row | {"expires_at": self._clock() + LINK_LIFETIMES[purpose]})
        return secret

    def holder_of(self, secret: str, purpose: LinkPurpose) -> str | None:
        """The account of a valid link; the link stays valid."""
        table = tables.links
        mine = (table.c.link_hash == digest_secret(secret)) & (table.c.purpose == purpose.value)
        query = select(table.c.account_id).where(mine, table.c.expires_at > self._clock())
        with self._database.read() as connection:
            return connection.execute(query).scalar_one_or_none()

    def use_link(self, secret: str, purpose: LinkPurpose) -> str | None:
        """Use up a link.

        Args:
            secret: The secret from the link.
            purpose: The purpose it is used for.

        Returns:
            Its account; None if it was used before, is too old, or is unknown.
        """
        table = tables.links
        mine = (table.c.link_hash == digest_secret(secret)) & (table.c.purpose == purpose.value)
        with self._database.write() as connection:
            used = delete(table).where(mine, table.c.expires_at > self._clock()).returning(table.c.account_id)
            return connection.execute(used).scalar_one_or_none()

    def sweep(self) -> int:
        """Delete expired rows; returns their number."""
        now, count = self._clock(), 0
        with self._database.write() as connection:
            for table in (tables.sessions, tables.links):
                count += connection.execute(delete(table).where(table.c.expires_at <= now)).rowcount
            count += connection.execute(delete(tables.sessions).where(~_is_alive(now))).rowcount
        return count


def _is_alive(now: datetime) -> ColumnElement[bool]:
    """Neither expired nor idle. Sessions from before this rule have no record of use, and count as idle."""
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
