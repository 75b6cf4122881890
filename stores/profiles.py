"""Profiles: sign-up, passwords, verified addresses, roles.

An account and its welcome credits are created in the same transaction as its profile. An address belongs to the account
that has verified it; before that an account only claims it. So a sign-up never reveals that an address is known.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Connection, Row, delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from models.access import Profile, Role
from models.failures import InvalidInput
from stores import schema_access as tables
from stores.account_data import AccountData
from stores.database import Database, utc_now
from stores.granting import open_account
from stores.welcome import settle_welcome

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("no account has this password")
"""Checked if the address is unknown, so that the answer takes as long as for a known one."""


class Profiles:
    """The profiles behind the accounts.

    Args:
        database: The migrated database that the ledger uses.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def sign_up(self, email: str, password: str) -> Profile:
        """Open an account with its welcome credits, which claims an address.

        Args:
            email: Well-formed and in lower case. Another account may own it: see `verify`.
            password: Long enough; checked by the caller.

        Returns:
            The new, unverified profile.
        """
        account_id = f"account-{uuid4().hex[:20]}"
        row: dict[str, object] = {"account_id": account_id, "email": email, "password_hash": _HASHER.hash(password)}
        with self._database.write() as connection:
            now = self._clock()
            open_account(connection, account_id, now)
            row |= {"roles": "", "created_at": now, "tell_since": now}
            connection.execute(insert(tables.profiles), row)
        return Profile(account_id=account_id, email=email)

    def log_in(self, email: str, password: str) -> Profile | None:
        """Check an address and a password, of the address's owner or of the account that claimed it last.

        Args:
            email: In lower case.
            password: The password, as typed.

        Returns:
            The profile; None if either is wrong. The check takes as long for an unknown address.
        """
        rows = self._rows_of(email)
        # The claim first: a log-in right after a sign-up with a known address must not take longer than others.
        for row in (_newest_claim(rows), _owner(rows)):
            known = row.password_hash if row is not None and row.password_hash else _NOBODY
            if _matches(known, password) and row is not None:
                if _HASHER.check_needs_rehash(known):
                    self._keep_password(row.account_id, password)
                return profile_of(row)
        return None

    def find(self, account_id: str) -> Profile | None:
        """The profile of an account; None if it has none, as accounts of the command line."""
        table = tables.profiles
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.account_id == account_id)).first()
        return None if row is None else profile_of(row)

    def find_by_email(self, email: str) -> Profile | None:
        """The profile with an address: its owner's, or else of the account that claimed it last."""
        rows = self._rows_of(email)
        row = _owner(rows) or _newest_claim(rows)
        return None if row is None else profile_of(row)

    def verify(self, account_id: str) -> bool:
        """Mark the account's address as verified; False if it belongs to another account already.

        The welcome credits stay with a mailbox's first account, see `stores.welcome`. Tokens that were made while the
        address was only claimed are revoked: another person may have made them.
        """
        table, now = tables.profiles, self._clock()
        verified = update(table).where(table.c.account_id == account_id, table.c.verified_at.is_(None))
        try:
            with self._database.write() as connection:
                if connection.execute(verified.values(verified_at=now)).rowcount:
                    revoke_tokens(connection, account_id, now)
                    email = connection.scalar(select(table.c.email).where(table.c.account_id == account_id))
                    if email is not None:
                        settle_welcome(connection, account_id, email, now)
        except IntegrityError:
            return False
        return True

    def change_password(self, account_id: str, old: str, new: str) -> bool:
        """Set a new password, and end every session, token, link and known device of the account.

        Args:
            account_id: The owning account.
            old: The current password.
            new: Long enough; checked by the caller.

        Returns:
            False if `old` is wrong; nothing is changed then.
        """
        if self.check_password(account_id, old) is None:
            return False
        self.set_password(account_id, new)
        return True

    def check_password(self, account_id: str, password: str) -> Profile | None:
        """The profile of an account, if this is its password. The check takes as long without a password."""
        table = tables.profiles
        with self._database.read() as connection:
            row = connection.execute(select(table).where(table.c.account_id == account_id)).first()
        known = row.password_hash if row is not None and row.password_hash else _NOBODY
        return profile_of(row) if _matches(known, password) and row is not None else None

    def set_password(self, account_id: str, password: str) -> None:
        """Set a password without the old one, and end all other access to the account."""
        now = self._clock()
        self._keep_password(account_id, password, also=lambda connection, mine: end_everything(connection, mine, now))

    def vouched(self, account_id: str, *, verified: bool) -> Profile:
        """The profile that an identity provider asserts; opens the account at the first log-in.

        Args:
            account_id: Derived from issuer and subject.
            verified: Whether the provider has verified the person's address.

        Returns:
            The profile.
        """
        if AccountData(self._database).is_erased(account_id):
            raise InvalidInput("This account was erased.", code="erased")
        known = self.find(account_id)
        if known is not None and (known.verified or not verified):
            return known
        with self._database.write() as connection:
            self._add(connection, account_id, email=None, verified=verified, roles=frozenset())
        return self.find(account_id) or Profile(account_id=account_id, verified=verified)

    def ensure_developer(self, account_id: str) -> None:
        """The local stack's developer: verified, without a password, with every role."""
        with self._database.write() as connection:
            self._add(connection, account_id, email=None, verified=True, roles=frozenset(Role))

    def _rows_of(self, email: str) -> Sequence[Row[Any]]:
        """The account that owns an address, if any, and the one that claimed it last, if any."""
        table = tables.profiles
        mine = select(table).where(table.c.email == email)
        owner = mine.where(table.c.verified_at.is_not(None))
        claim = mine.where(table.c.verified_at.is_(None)).order_by(table.c.created_at.desc()).limit(1)
        with self._database.read() as connection:
            return [*connection.execute(owner), *connection.execute(claim)]

    def _add(
        self, connection: Connection, account_id: str, *, email: str | None, verified: bool, roles: frozenset[Role]
    ) -> None:
        table, now = tables.profiles, self._clock()
        open_account(connection, account_id, now)
        if connection.execute(select(table).where(table.c.account_id == account_id)).first() is None:
            row = {"account_id": account_id, "email": email, "roles": ",".join(sorted(roles)), "created_at": now}
            connection.execute(insert(table), row)
        if verified:
            unverified = (table.c.account_id == account_id) & table.c.verified_at.is_(None)
            connection.execute(update(table).where(unverified).values(verified_at=now))

    def _keep_password(
        self, account_id: str, password: str, also: Callable[[Connection, str], None] = lambda *_: None
    ) -> None:
        table, password_hash = tables.profiles, _HASHER.hash(password)
        with self._database.write() as connection:
            mine = update(table).where(table.c.account_id == account_id)
            connection.execute(mine.values(password_hash=password_hash))
            also(connection, account_id)


def end_everything(connection: Connection, account_id: str, now: datetime) -> None:
    """End all existing access to an account: sessions, links in e-mails, API tokens, known devices.

    For changes of password and address, in their transaction.
    """
    for table in (tables.sessions, tables.links, tables.devices):
        connection.execute(delete(table).where(table.c.account_id == account_id))
    revoke_tokens(connection, account_id, now)


def revoke_tokens(connection: Connection, account_id: str, now: datetime) -> None:
    """Revoke every API token of an account, in an open transaction."""
    table = tables.api_tokens
    standing = (table.c.account_id == account_id) & table.c.revoked_at.is_(None)
    connection.execute(update(table).where(standing).values(revoked_at=now))


def _owner(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    return next((row for row in rows if row.verified_at is not None), None)


def _newest_claim(rows: Sequence[Row[Any]]) -> Row[Any] | None:
    return next((row for row in rows if row.verified_at is None), None)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (Argon2Error, InvalidHashError):
        return False


def profile_of(row: object) -> Profile:
    """A row of the profiles table as a profile."""
    values = row._mapping  # type: ignore[attr-defined]  # a Row, whose columns no type knows
    roles = frozenset(Role(name) for name in values["roles"].split(",") if name)
    return Profile(
        account_id=values["account_id"],
        email=values["email"],
        verified=values["verified_at"] is not None,
        roles=roles,
    )
