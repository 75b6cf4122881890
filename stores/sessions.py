"""Cookie sessions, and links that work once: into the local stack, to verify an address, to reset a password."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, select

from models.access import LinkPurpose, Profile
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.profiles import profile_of
from stores.secrets import digest_secret, new_secret

SESSION_LIFETIME = timedelta(days=30)
LINK_LIFETIMES = {
    LinkPurpose.ENTER: timedelta(days=1),
    LinkPurpose.VERIFY: timedelta(days=7),
    LinkPurpose.RESET: timedelta(hours=1),
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

    def begin(self, account_id: str) -> str:
        """Let an account in; returns the cookie's secret, which nobody can read from the database."""
        secret, now = new_secret(), self._clock()
        row = {"session_hash": digest_secret(secret), "account_id": account_id, "created_at": now}
        with self._database.write() as connection:
            connection.execute(insert(tables.sessions), row | {"expires_at": now + SESSION_LIFETIME})
        return secret

    def find(self, secret: str) -> Profile | None:
        """Whose session a cookie is; None when it has ended or never was."""
        session, profile = tables.sessions.c, tables.profiles
        query = (
            select(profile)
            .join(tables.sessions, session.account_id == profile.c.account_id)
            .where(session.session_hash == digest_secret(secret), session.expires_at > self._clock())
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else profile_of(row)

    def end(self, secret: str) -> None:
        """Log out; once more does nothing."""
        table = tables.sessions
        with self._database.write() as connection:
            connection.execute(delete(table).where(table.c.session_hash == digest_secret(secret)))

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
        return count
