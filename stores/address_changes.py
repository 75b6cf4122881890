"""Changes of an account's e-mail address: requested once, confirmed at both addresses, then done."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from models.access import AddressStep
from models.secrets import digest_secret, new_secret
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.profiles import end_everything
from stores.welcome import note_mailbox

LIFETIME = timedelta(hours=24)

_T = tables.address_changes


class AddressChanges:
    """The pending changes, at most one per account.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def ask(self, account_id: str, email: str) -> tuple[str | None, str]:
        """Record a requested change; it replaces an earlier request of the account.

        Args:
            account_id: The account.
            email: The new address, in lower case.

        Returns:
            The secrets of the links to the old and to the new address. The old one is None if that address was never
            confirmed: it has no say.
        """
        old, new, now = new_secret(), new_secret(), self._clock()
        profile = tables.profiles.c
        verified = select(profile.verified_at).where(profile.account_id == account_id)
        with self._database.write() as connection:
            is_verified = connection.scalar(verified) is not None
            connection.execute(delete(_T).where(_T.c.account_id == account_id))
            row = {"account_id": account_id, "email": email, "expires_at": now + LIFETIME}
            digests = {"old_hash": digest_secret(old), "new_hash": digest_secret(new)}
            connection.execute(insert(_T), row | digests | {"old_agreed_at": None if is_verified else now})
        return (old if is_verified else None), new

    def confirm(self, secret: str) -> AddressStep | None:
        """Use one of the two links; the second one changes the address and ends all access of the account.

        Args:
            secret: The secret from the link.

        Returns:
            How far the change is; None if the link is too old, belongs to an earlier request, or is unknown.
        """
        now, digest = self._clock(), digest_secret(secret)
        mine = or_(_T.c.old_hash == digest, _T.c.new_hash == digest) & (_T.c.expires_at > now)
        with self._database.read() as connection:
            row = connection.execute(select(_T).where(mine)).first()
        if row is None:
            return None
        try:
            with self._database.write() as connection:
                row = connection.execute(select(_T).where(mine).with_for_update()).one()
                column = "old_agreed_at" if row.old_hash == digest else "new_agreed_at"
                of_this = _T.c.account_id == row.account_id
                connection.execute(update(_T).where(of_this).values({column: now}))
                other = row.new_agreed_at if column == "old_agreed_at" else row.old_agreed_at
                if other is None:
                    return AddressStep(account_id=row.account_id, email=row.email, is_done=False)
                people = tables.profiles
                person = people.c.account_id == row.account_id
                confirmed = person & people.c.verified_at.is_not(None)
                before = connection.scalar(select(people.c.email).where(confirmed))
                connection.execute(update(people).where(person).values(email=row.email, verified_at=now))
                end_everything(connection, row.account_id, now)
                note_mailbox(connection, row.account_id, row.email, now)
                connection.execute(delete(_T).where(of_this))
        except IntegrityError:
            # Another account has confirmed the address meanwhile: this account stays unchanged.
            return AddressStep(account_id=row.account_id, email=row.email, is_done=False, is_taken=True)
        return AddressStep(account_id=row.account_id, email=row.email, before=before, is_done=True)

    def sweep(self) -> int:
        """Delete expired requests; returns their number."""
        with self._database.write() as connection:
            return connection.execute(delete(_T).where(_T.c.expires_at <= self._clock())).rowcount
