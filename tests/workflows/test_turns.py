"""The order of submissions at the provider: Studio's first, then the artist with fewest in flight, then the oldest."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from sqlalchemy import select
from temporalio.client import Client

from engines.providers.fal import FalClient, choose
from models.paid_media import Job
from models.studio import StudioKind
from stores import schema
from stores.opening import Stores
from tests.fakes.desk import finished_video
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World

PATIENCE_S = 200.0
FOR_EVER_S = 1e6
CAPACITY = 2
FIRST = 4
"""What a draft orders at first: a portrait, and a still for each of three made scenes."""


@pytest.fixture
async def paid(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    world = World(temporal, stores, Faults())
    world.engines.scenes, world.engines.duration_s = 4, 16.0
    world.provider = FalClient(KEY, choose("standard"))
    world.terms = dataclasses.replace(world.terms, capacity=CAPACITY, poll_s=0.02, most_poll_s=0.2)
    await world.work()
    yield world
    await world.end()


class Counterpart:
    """Jobs at the server end when the test says so; everything else waits for its turn."""

    def __init__(self, world: World, server: FalServer) -> None:
        self._world, self._server = world, server
        self._bought_before = set(server.jobs)
        server.behaviour.queue_s = FOR_EVER_S

    @property
    def arrived(self) -> list[str]:
        """The request ids of all jobs since then, in the order of the server's log."""
        return [key for key in list(self._server.jobs) if key not in self._bought_before]

    @property
    def submitted(self) -> list[tuple[str, str]]:
        """Account and job key of each of them, once all are recorded."""
        rows = {job.request_id: (job.account_id, job.job_key) for job in self._jobs()}
        return [rows[key] for key in self.arrived]

    def _jobs(self) -> list[Job]:
        jobs = self._world.stores.jobs
        ids = [handle.id.removeprefix("generate-") for handle in self._world.handles]
        return [job for video_id in ids for job in jobs.of_video(video_id)]

    def waiting(self, account_id: str) -> list[str]:
        """The job keys of an artist without a permit, oldest first."""
        table = schema.provider_permits
        query = select(table.c.job_key).where(
            table.c.provider == self._world.terms.permit_key,
            table.c.account_id == account_id,
            table.c.granted_at.is_(None),
        )
        with self._world.stores.database.read() as connection:
            return list(connection.scalars(query.order_by(table.c.asked_at, table.c.job_key)))

    async def until(self, true: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while not true():
                await asyncio.sleep(0.02)

    async def seen(self, count: int) -> None:
        """Wait until this many submissions have arrived and are recorded."""
        await self.until(
            lambda: len(self.arrived) >= count and {job.request_id for job in self._jobs()} >= set(self.arrived)
        )

    async def end(self, number: int) -> tuple[str, str]:
        """End a submission's job, and return the next one."""
        before = len(self.arrived)
        self._server.jobs[self.arrived[number]].queue_s = 0.0
        await self.seen(before + 1)
        return self.submitted[before]


async def test_the_order_of_submissions_at_the_provider(
    paid: World, stores: Stores, fal_server: FalServer, tmp_path: Path
) -> None:
    ada = await finished_video(paid, tmp_path, QUICK)
    counterpart = Counterpart(paid, fal_server)

    async def draft(account_id: str) -> None:
        stores.ledger.open_account(account_id)
        paid.account_id = account_id
        await paid.start(paid.request(paid.add_song(tmp_path), QUICK))

    account = paid.account_id
    bob, cyd = f"{account}-bob", f"{account}-cyd"
    await draft(bob)
    await counterpart.seen(CAPACITY)
    await counterpart.until(lambda: len(counterpart.waiting(bob)) == FIRST - CAPACITY)
    await draft(cyd)
    await counterpart.until(lambda: len(counterpart.waiting(cyd)) == FIRST)
    paid.account_id = account
    await ada.order(StudioKind.IMAGE, 0)
    await counterpart.until(lambda: len(counterpart.waiting(account)) == 1)

    assert [who for who, _ in counterpart.submitted] == [bob, bob]
    oldest_of_bob, oldest_of_cyd = counterpart.waiting(bob), counterpart.waiting(cyd)
    studio = counterpart.waiting(account)

    assert await counterpart.end(0) == (account, studio[0]), "Studio first, though it came last"
    assert await counterpart.end(1) == (bob, oldest_of_bob[0]), "no other artist has a job in flight: the oldest"
    assert await counterpart.end(2) == (cyd, oldest_of_cyd[0]), "bob has one in flight, cyd none"
    assert await counterpart.end(3) == (bob, oldest_of_bob[1]), "cyd has one in flight, bob none"
    assert await counterpart.end(4) == (cyd, oldest_of_cyd[1])
