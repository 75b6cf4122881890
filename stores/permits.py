"""Permits: how many jobs of one provider key are in flight at once, and which is next.

A permit is a row with a lease that its holder renews. A holder that is gone stops renewing, and the permit becomes
free.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import Connection, bindparam, case, delete, func, insert, select, text, update

from models.paid_media import PermitRequest
from stores import schema
from stores.database import Database, utc_now

LEASE_S = 60.0

_T = schema.provider_permits
# Built once: for a row or two SQLAlchemy takes longer to build a statement than to execute it.
_FIND = select(_T).where(_T.c.job_key == bindparam("job_key"))
_OTHERS = select(
    func.count().label("living"),
    func.count(_T.c.granted_at).label("held"),
    func.count(case((_T.c.account_id == bindparam("account_id"), 1))).label("own"),
).where(_T.c.provider == bindparam("provider"), _T.c.lapses_at > bindparam("now"), _T.c.job_key != bindparam("job_key"))
_CHANGE = update(_T).where(_T.c.job_key == bindparam("which"))
_FREE = delete(_T).where(_T.c.job_key == bindparam("job_key"))


class Permits:
    """The permits of all provider keys.

    Args:
        database: A migrated database.
        lease_s: How long a permit, or a place in the queue, stays valid without a renewal.
        clock: Returns the current time, aware.
    """

    def __init__(self, database: Database, lease_s: float = LEASE_S, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._lease = timedelta(seconds=lease_s)
        self._clock = clock

    @property
    def renew_every_s(self) -> float:
        """How often holders and waiters must renew, in seconds."""
        return self._lease.total_seconds() / 4

    def ask(self, request: PermitRequest, capacity: int, at_once: int = 0, for_s: float | None = None) -> bool:
        """Take a place in the queue; a repeated request keeps the place, and a granted permit.

        Args:
            request: Whose, and for what.
            capacity: The most permits in use, as far as they are granted in turn.
            at_once: An account with fewer permits and places than this gets a permit, even beyond the capacity.
            for_s: How long a permit that is granted lasts without renewals, in seconds; None: the usual lease.

        Returns:
            Whether a permit was granted at once: one is free, and the queue is empty; or the account has so few.
        """
        return self._database.write_together(partial(self._ask, request, capacity, at_once, for_s))

    def grant(self, provider: str, capacity: int) -> set[str]:
        """Grant free permits: Studio first, then the account with fewest in flight, then the earliest request.

        Returns:
            The keys of all holders.
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
        """Renew these permits and places in the queue."""
        change = update(_T).where(_T.c.job_key.in_(job_keys)).values(lapses_at=self._clock() + self._lease)
        self._database.write_together(lambda connection: connection.execute(change))

    def free(self, job_key: str) -> None:
        """Release a permit or a place in the queue."""
        self._database.write_together(lambda connection: connection.execute(_FREE, {"job_key": job_key}))

    def keep(self, job_key: str, for_s: float) -> None:
        """Keep a permit without renewals: no step waits for its job, which still runs at the provider.

        Args:
            job_key: The permit's job; a mere place in the queue is released.
            for_s: The longest time to keep it, in seconds.
        """
        lapses_at = self._clock() + timedelta(seconds=for_s)
        change = update(_T).where(_T.c.job_key == job_key, _T.c.granted_at.is_not(None)).values(lapses_at=lapses_at)
        waits = delete(_T).where(_T.c.job_key == job_key, _T.c.granted_at.is_(None))

        def keep(connection: Connection) -> None:
            connection.execute(change)
            connection.execute(waits)

        self._database.write_together(keep)

    def sweep(self, older_than_s: float = 86_400.0) -> None:
        """Delete rows whose holders disappeared long ago; they no longer count anyway."""
        with self._database.write() as connection:
            connection.execute(delete(_T).where(_T.c.lapses_at < self._clock() - timedelta(seconds=older_than_s)))

    def _ask(
        self, request: PermitRequest, capacity: int, at_once: int, for_s: float | None, connection: Connection
    ) -> bool:
        self._lock(connection, request.provider)
        now = self._clock()
        mine = {"job_key": request.job_key, "account_id": request.account_id}
        known = connection.execute(_FIND, {"job_key": request.job_key}).first()
        # Another job may hold a permit that has lapsed.
        has_it = known is not None and known.granted_at is not None and known.lapses_at > now
        others = connection.execute(_OTHERS, mine | {"provider": request.provider, "now": now}).one()
        is_free = others.held < capacity and others.living == others.held
        granted: bool = has_it or is_free or others.own < at_once
        lapses_at = now + (timedelta(seconds=for_s) if granted and for_s is not None else self._lease)
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
