"""Sums that operators watch, each by one query."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import func, select

from models.base import Model
from models.paid_media import DRAFTS_KEY
from stores import schema
from stores.database import Database, utc_now


class LedgerFigures(Model):
    """Open jobs, holds and permits at one moment."""

    under_way_micro_usd: int
    """The most that open jobs may cost."""

    held_credits: int
    oldest_hold_s: float
    """0: nothing is held."""

    permits_used: int
    permits_wanted: int


class Figures:
    """Reads sums of the whole database.

    Args:
        database: A migrated database.
        clock: Returns the current time, aware.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime] = utc_now) -> None:
        self._database = database
        self._clock = clock

    def read(self) -> LedgerFigures:
        """All sums."""
        now = self._clock()
        job, hold, permit = (table.c for table in (schema.provider_jobs, schema.holds, schema.provider_permits))
        under_way = select(func.coalesce(func.sum(job.price_micro_usd * (job.unknowns + 1)), 0)).where(
            schema.JOB_IS_OPEN
        )
        held = select(func.coalesce(func.sum(hold.credits), 0), func.min(hold.held_at)).where(schema.HOLD_STANDS)
        of_providers = (permit.provider != DRAFTS_KEY) & (permit.lapses_at > now)
        permits = select(func.count(permit.granted_at), func.count()).where(of_providers)
        with self._database.read() as connection:
            open_jobs = connection.execute(under_way).scalar_one()
            credits, oldest = connection.execute(held).one()
            used, living = connection.execute(permits).one()
        return LedgerFigures(
            under_way_micro_usd=int(open_jobs),
            held_credits=int(credits),
            oldest_hold_s=0 if oldest is None else (now - oldest).total_seconds(),
            permits_used=int(used),
            permits_wanted=int(living) - int(used),
        )
