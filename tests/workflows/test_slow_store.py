"""Slow transfers of large files, while permits must be renewed and rows written."""

import dataclasses
import itertools
import threading
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from temporalio.client import Client

from activities.ports import Pulse
from activities.purchases import FILE_THREADS
from models.progress import RunStatus
from stores import schema
from stores.opening import Stores
from stores.permits import Permits
from tests.fakes.engines import Faults, InstantEngines
from tests.fakes.instant_provider import InstantProvider
from tests.fakes.world import World

PATIENCE_S = 200.0


class SlowInspector(InstantEngines):
    """Holds every step that brings a scene's still until the test releases it; the portrait passes."""

    def __init__(self) -> None:
        super().__init__(Faults())
        self.go_on = threading.Event()
        self._calls = itertools.count()
        self.kept: set[int] = set()

    def still(self, delivered: Path, width: int, height: int, out: Path, pulse: Pulse) -> None:
        """Only when it may go on."""
        if number := next(self._calls):
            self.kept.add(number)
            assert self.go_on.wait(PATIENCE_S)
        super().still(delivered, width, height, out, pulse)


async def test_permits_are_renewed_while_every_thread_for_files_is_busy(
    temporal: Client, stores: Stores, tmp_path: Path
) -> None:
    world = World(temporal, dataclasses.replace(stores, permits=Permits(stores.database, lease_s=2)), Faults())
    world.engines.scenes, world.engines.duration_s = 2 * FILE_THREADS, 8.0 * FILE_THREADS
    world.engines.reprises = False
    world.provider, world.inspector = InstantProvider(), (slow := SlowInspector())
    world.terms = dataclasses.replace(world.terms, capacity=2 * FILE_THREADS + 1)

    def leases() -> list[datetime]:
        table = schema.provider_permits
        with stores.database.read() as connection:
            return list(connection.scalars(select(table.c.lapses_at).where(table.c.provider == world.terms.permit_key)))

    await world.work()
    try:
        handle, _ = await world.start(world.request(world.add_song(tmp_path)))
        await world.until(handle, lambda _: len(slow.kept) == FILE_THREADS)
        since = max(leases())
        await world.until(handle, lambda _: min(leases()) > since)
        slow.go_on.set()
        await world.until(handle, lambda progress: progress.status is RunStatus.DRAFT_READY)
    finally:
        slow.go_on.set()
        await world.end()
