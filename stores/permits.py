"""Permits: how many jobs of one provider key are in flight at once, and who is next.

A permit is a row with a lease that its holder renews. A holder that is gone stops renewing, and the permit is free.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text, update

from models.paid_media import PermitRequest
from stores import schema
from stores.database import Database, utc_now

LEASE_S = 60.0

_T = schema.provider_permits
# Made once: for a row or two SQLAlchemy takes longer to build a statement than to execute it.
_FIND = select(_T).where(_T.c.job_key == bindparam("job_key"))
_OTHERS = select(func.count().label("living"), func.count(_T.c.granted_at).label("held")).where(
    _T.c.provider == bindparam("provider"), _T.c.lapses_at > bindparam("now"), _T.c.job_key != bindparam("job_key")
)
_CHANGE = update(_T).where(_T.c.job_key == bindparam("which"))
_FREE = delete(_T).where(_T.c.job_key == bindparam("job_key"))


class Permits:
    """The permits of all provider keys.

    Args:
        database: Migrated.
        lease_s: How long a permit, or a place in the queue, holds without a word from its holder.
        clock: Tells the moment, aware.
    """

    def __init__(self, database: Database, lease_s: float = LEASE_S, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._lease = timedelta(seconds=lease_s)
        self._clock = clock

    @property
    def renew_every_s(self) -> float:
        """How often a holder or a waiter must be heard of."""
        return self._lease.total_seconds() / 4

    def ask(self, request: PermitRequest, capacity: int) -> bool:
        """Take a place in the queue; who asks again keeps the place, and a permit that was granted.

        Returns:
            Whether a permit came with it at once: one is free, and nobody waits.
        """
        return self._database.write_together(partial(self._ask, request, capacity))

    def grant(self, provider: str, capacity: int) -> set[str]:
        """Give what is free to who is next: Studio first, then who has fewest in flight, then who asked first.

        Returns:
            The keys of all who hold a permit now.
        """
        now = self._clock()
        with self._database.read() as connection:
            held, waiting = _living(connection, provider, now)
        if len(held) >= capacity or not waiting:
            return {row.job_key for row in held}
        with self._database.write() as connection:
            self._lock(connection, provider)
            held, waiting = _living(connection, provider, now)
            keys = {row.job_key for row in held}
            in_flight = Counter(row.account_id for row in held)
            while waiting and len(keys) < capacity:
                row = min(waiting, key=lambda w: (not w.urgent, in_flight[w.account_id], w.asked_at, w.job_key))
                waiting.remove(row)
                keys.add(row.job_key)
                in_flight[row.account_id] += 1
                connection.execute(
                    update(_T).where(_T.c.job_key == row.job_key).values(granted_at=now, lapses_at=now + self._lease)
                )
            return keys

    def renew(self, job_keys: list[str]) -> None:
        """Say that these are still held, or waited for."""
        change = update(_T).where(_T.c.job_key.in_(job_keys)).values(lapses_at=self._clock() + self._lease)
        self._database.write_together(lambda connection: connection.execute(change))

    def free(self, job_key: str) -> None:
        """Give a permit, or a place in the queue, back."""
        self._database.write_together(lambda connection: connection.execute(_FREE, {"job_key": job_key}))

    def keep(self, job_key: str, for_s: float) -> None:
        """Hold a permit for a while without renewing it: nobody waits for its job, which still runs at the provider.

        Args:
            job_key: Whose permit; a mere place in the queue is given back.
            for_s: At most so long, in seconds.
        """
        lapses_at = self._clock() + timedelta(seconds=for_s)
        change = update(_T).where(_T.c.job_key == job_key, _T.c.granted_at.is_not(None)).values(lapses_at=lapses_at)
        waits = delete(_T).where(_T.c.job_key == job_key, _T.c.granted_at.is_(None))

        def keep(connection: Connection) -> None:
            connection.execute(change)
            connection.execute(waits)

        self._database.write_together(keep)

    def sweep(self, older_than_s: float = 86_400.0) -> None:
        """Remove rows whose holders have been gone for long; they count nothing already."""
        with self._database.write() as connection:
            connection.execute(delete(_T).where(_T.c.lapses_at < self._clock() - timedelta(seconds=older_than_s)))

    def _ask(self, request: PermitRequest, capacity: int, connection: Connection) -> bool:
        self._lock(connection, request.provider)
        now = self._clock()
        lapses_at = now + self._lease
        mine = {"job_key": request.job_key}
        known = connection.execute(_FIND, mine).first()
        # A permit that has lapsed may be somebody else's by now.
        has_it = known is not None and known.granted_at is not None and known.lapses_at > now
        others = connection.execute(_OTHERS, mine | {"provider": request.provider, "now": now}).one()
        granted: bool = has_it or (others.held < capacity and others.living == others.held)
        if known is None:
            row = request.model_dump() | {"asked_at": now, "lapses_at": lapses_at}
            connection.execute(insert(_T), row | {"granted_at": now if granted else None})
            return granted
        granted_at = known.granted_at if has_it else now if granted else None
        connection.execute(_CHANGE, {"which": request.job_key, "lapses_at": lapses_at, "granted_at": granted_at})
        return granted

    def _lock(self, connection: Connection, provider: str) -> None:
        """One grant at a time; on SQLite the transaction itself is the lock."""
        if connection.dialect.name == "postgresql":
            lock = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 1))")
            connection.execute(lock, {"key": provider})


def _living(connection: Connection, provider: str, now: datetime) -> tuple[list[Any], list[Any]]:
    rows = connection.execute(select(_T).where(_T.c.provider == provider, _T.c.lapses_at > now)).all()
    return [row for row in rows if row.granted_at is not None], [row for row in rows if row.granted_at is None]
