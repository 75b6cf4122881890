"""Known devices: browsers that an account has logged in from.

Failed log-ins from elsewhere never count against them.
"""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import delete, insert, select

from models.access import DEVICE_LIFETIME, Profile
from models.secrets import digest_secret, new_secret
from stores import schema_access as tables
from stores.database import Database, utc_now
from stores.profiles import profile_of

MOST_DEVICES = 50
"""Devices kept per account; the oldest are dropped."""


class Devices:
    """The known devices of all accounts. A device grants no access; it only identifies the caller.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def remember(self, account_id: str) -> str:
        """A new device of an account; returns the secret for its cookie. Only a digest is stored."""
        secret, now, table = new_secret(), self._clock(), tables.devices
        row = {"device_hash": digest_secret(secret), "account_id": account_id, "created_at": now}
        newest = select(table.c.device_hash).where(table.c.account_id == account_id)
        kept = newest.order_by(table.c.created_at.desc(), table.c.device_hash).limit(MOST_DEVICES)
        with self._database.write() as connection:
            connection.execute(insert(table), row | {"expires_at": now + DEVICE_LIFETIME})
            old = delete(table).where(table.c.account_id == account_id, table.c.device_hash.not_in(kept))
            connection.execute(old)
        return secret

    def find(self, secret: str) -> Profile | None:
        """The account of a device; None if it is unknown or too old."""
        device, profile = tables.devices.c, tables.profiles
        query = (
            select(profile)
            .join(tables.devices, device.account_id == profile.c.account_id)
            .where(device.device_hash == digest_secret(secret), device.expires_at > self._clock())
        )
        with self._database.read() as connection:
            row = connection.execute(query).first()
        return None if row is None else profile_of(row)

    def sweep(self) -> int:
        """Delete expired rows; returns their number."""
        table = tables.devices
        with self._database.write() as connection:
            return connection.execute(delete(table).where(table.c.expires_at <= self._clock())).rowcount
