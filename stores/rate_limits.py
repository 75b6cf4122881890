"""Rate limits, counted in SQL: a limit holds for all API processes together and survives restarts."""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from limits import RateLimitItem, parse
from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite

from stores import schema_access as tables
from stores.database import Database, utc_now


class RateLimits:
    """Fixed windows, one row per open window.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware; tests pass their own.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def hit(self, rule: str, *who: str, cost: int = 1) -> float | None:
        """Count one attempt.

        Args:
            rule: In the notation of the `limits` library: `10/minute`, `5 per 2 hours`.
            *who: What is counted, and for whom; stored as a digest only.
            cost: The weight of this attempt; 0 only checks.

        Returns:
            None within the limit, otherwise the seconds until the window ends.
        """
        item: RateLimitItem = parse(rule)
        table, now = tables.rate_limits, self._clock()
        fresh_until = now + timedelta(seconds=item.get_expiry())
        dialect = postgresql if self._database.engine.dialect.name == "postgresql" else sqlite
        statement = dialect.insert(table).values(bucket=_bucket(item, who), hits=cost, expires_at=fresh_until)
        over = table.c.expires_at <= now
        count = statement.on_conflict_do_update(
            index_elements=[table.c.bucket],
            set_={
                "hits": case((over, cost), else_=table.c.hits + cost),
                "expires_at": case((over, fresh_until), else_=table.c.expires_at),
            },
        ).returning(table.c.hits, table.c.expires_at)
        with self._database.write() as connection:
            row = connection.execute(count).one()
        return None if row.hits <= item.amount else max(1.0, (row.expires_at - now).total_seconds())

    def give_back(self, rule: str, *who: str) -> None:
        """Take back one attempt that proved honest; others still count."""
        table = tables.rate_limits
        mine = (table.c.bucket == _bucket(parse(rule), who)) & (table.c.hits > 0)
        with self._database.write() as connection:
            connection.execute(update(table).where(mine).values(hits=table.c.hits - 1))

    def sweep(self) -> int:
        """Delete ended windows; returns their number."""
        table = tables.rate_limits
        with self._database.write() as connection:
            return connection.execute(delete(table).where(table.c.expires_at <= self._clock())).rowcount


def _bucket(item: RateLimitItem, who: tuple[str, ...]) -> str:
    return hashlib.sha256(item.key_for(*who).encode("utf-8", "surrogatepass")).hexdigest()
