"""Accounts that order drafts, and when these are made, with next to no work of the bench's own."""

import asyncio
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from temporalio.client import Client

from models.generation import AnalyzeRequest
from models.progress import Progress, RunStatus
from stores import schema
from stores.opening import Stores
from temporal.analysis import start_analysis
from temporal.generation import GenerateHandle
from tests.fakes.engines import Faults
from tests.fakes.world import QUICK, World
from workflows.generate_video import GenerateVideo

PATIENCE_S = 3600.0

Moments = tuple[datetime, datetime]
"""When a draft began, and when it was delivered."""

_LOOK_EVERY_S = 0.2


class Deliveries:
    """The drafts that are delivered: one look at SQL for all who wait.

    A hundred drafts that were looked at one by one, five times a second, took most of a core from what is measured.

    Args:
        stores: Where workers deliver.
    """

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._delivered: set[str] = set()
        self._look: asyncio.Task[None] | None = None

    async def wait_for(self, video_id: str) -> None:
        """Return once a video has a version."""
        while video_id not in self._delivered:
            if self._look is None or self._look.done():
                self._look = asyncio.create_task(self._look_again())
            await asyncio.shield(self._look)

    async def _look_again(self) -> None:
        await asyncio.sleep(_LOOK_EVERY_S)
        self._delivered = await asyncio.to_thread(self._read)

    def _read(self) -> set[str]:
        with self._stores.database.read() as connection:
            return set(connection.scalars(select(schema.versions.c.video_id)))


class Account:
    """An account that orders drafts of one song.

    Args:
        client: Connected.
        stores: Opened.
        deliveries: Of the same stores.
        drafts: How many it can pay for.
    """

    def __init__(self, client: Client, stores: Stores, deliveries: Deliveries, drafts: int) -> None:
        self.world = World(client, stores, Faults())
        self.world.grant(200 * drafts)
        self._deliveries = deliveries
        self._song_id = ""

    async def upload(self, folder: Path) -> None:
        """A song that is analysed, as after an upload."""
        self._song_id = self.world.add_song(folder, heard=False)
        request = AnalyzeRequest(account_id=self.world.account_id, song_id=self._song_id)
        await (await start_analysis(self.world.client, request)).result()

    async def order(self) -> GenerateHandle:
        """Order a draft; returns once it is admitted."""
        return (await self.world.start(self.world.request(self._song_id, QUICK)))[0]

    async def made(self, handle: GenerateHandle) -> Moments:
        """When a draft began and when it was delivered, by the run's own clock."""
        async with asyncio.timeout(PATIENCE_S):
            # Queries cost workflow tasks: ask SQL, and the run once.
            await self._deliveries.wait_for(handle.id.removeprefix("generate-"))
            progress = await self._ready(handle)
        assert progress.started_at is not None
        assert progress.updated_at is not None
        return progress.started_at, progress.updated_at

    async def _ready(self, handle: GenerateHandle) -> Progress:
        while (progress := await handle.query(GenerateVideo.progress)).status is not RunStatus.DRAFT_READY:
            await asyncio.sleep(_LOOK_EVERY_S)
        return progress


async def seconds_of(account: Account) -> float:
    """One draft from start to delivery."""
    began, ended = await account.made(await account.order())
    return (ended - began).total_seconds()
