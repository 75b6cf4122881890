"""A deployment that buys, for benchmarks: real Temporal, S3, SQL and fal's client; engines that answer at once."""

import dataclasses
import os
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

_DOOR = socket.socket()
_DOOR.bind(("127.0.0.1", 0))
# Set before the import of fal's client, which reads its host once.
os.environ["FAL_QUEUE_RUN_HOST"] = f"127.0.0.1:{_DOOR.getsockname()[1]}"

from temporalio.client import Client  # noqa: E402

from activities.ports.purchases import MediaProvider  # noqa: E402
from cli.output import Output  # noqa: E402
from cli.stack import ensure_stack, settings_for  # noqa: E402
from engines.picture.conform import ClipConformer  # noqa: E402
from settings import Settings  # noqa: E402
from stores.local_cache import LocalCache  # noqa: E402
from stores.opening import Stores, open_stores  # noqa: E402
from temporal.connection import connect  # noqa: E402
from tests.fakes.engines import Faults  # noqa: E402
from tests.fakes.fal_server import FalServer, serving  # noqa: E402
from tests.fakes.world import World  # noqa: E402

SCENE_S = 4.0


@dataclass(frozen=True)
class PaidHouse:
    """The parts that a benchmark measures against."""

    client: Client
    stores: Stores
    server: FalServer

    @asynccontextmanager
    async def making(
        self, scenes: int, provider: MediaProvider | None, conforming: bool = False
    ) -> AsyncIterator[World]:
        """A worker whose plans have this many scenes, all of them new, and as many permits."""
        world = World(self.client, self.stores, Faults())
        world.engines.scenes, world.engines.reprises = scenes, False
        world.engines.duration_s = SCENE_S * scenes
        world.provider = provider
        if conforming:
            world.conformer = ClipConformer()
        world.terms = dataclasses.replace(world.terms, capacity=scenes)
        await world.work()
        try:
            yield world
        finally:
            await world.end()


@asynccontextmanager
async def paid_house(folder: Path) -> AsyncIterator[PaidHouse]:
    """A stack in its own folder, without a worker, and a server that speaks fal's queue."""
    base = Settings(home=folder / "home")
    with ensure_stack(base, say=Output(as_json=True).say, worker=False) as state, serving(_DOOR, folder) as server:
        local_cache = folder / "local_cache"
        local_cache.mkdir()
        os.environ["SSL_CERT_FILE"] = str(server.ca_file)
        settings = settings_for(state, base)
        stores = open_stores(**settings.store_options(), local_cache=LocalCache(local_cache))
        yield PaidHouse(await connect(settings), stores, server)
        stores.database.close()
