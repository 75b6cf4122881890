"""A worker whose engines answer at once, as a process of its own: `python -m bench.servers.instant SCENES`.

Finds the stack through the environment, as `worker.py` does, and creates `ECHONOS_READY_FILE` once it polls.
"""

import asyncio
import signal
import sys

from settings import Settings
from stores.opening import open_stores
from tests.fakes.engines import Faults
from tests.fakes.world import World
from workflows.connecting import connect


async def serve(settings: Settings, scenes: int) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    stores = open_stores(**settings.store_options())
    world = World(await connect(settings), stores, Faults())
    world.engines.scenes, world.engines.reprises = scenes, False
    await world.work()
    if settings.ready_file is not None:
        settings.ready_file.touch()
    await stop.wait()
    await world.end()


if __name__ == "__main__":
    asyncio.run(serve(Settings(), int(sys.argv[1])))
