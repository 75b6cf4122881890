"""The raw Temporal floor: no-op activities in a given shape, on the same queues and slots as the product.

    python -m bench.servers.floor NAME RENDER_SLOTS

serves the queues of a floor until SIGTERM; it finds the server through the environment, as `worker.py` does.
"""

import asyncio
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

with workflow.unsafe.imports_passed_through():
    from models.queues import QUEUE, QUEUES, Work
    from settings import Settings
    from temporal.connection import connect
    from temporal.workers import LIGHT_SLOTS, PROVIDER_SLOTS


@dataclass(frozen=True)
class Shape:
    """The shape of a run: a chain of activities, then one chain per scene, all scenes at once, then another chain.

    Attributes:
        before: The queue of each activity in the first chain.
        scenes: The number of scenes.
        each: The queue of each activity in a scene's chain.
        after: The queue of each activity in the last chain.
        piece_s: The time of each activity of a scene's chain, in seconds.
    """

    before: Sequence[str]
    scenes: int
    each: Sequence[str]
    after: Sequence[str]
    piece_s: float = 0.0


@activity.defn
async def nothing(for_s: float) -> None:
    """A no-op that takes so many seconds."""
    if for_s:
        await asyncio.sleep(for_s)


@workflow.defn
class Floor:
    """No-op activities in the shape of a draft."""

    @workflow.run
    async def run(self, shape: Shape) -> float:
        """Run them; returns the duration by the run's own clock, in seconds."""
        begun = workflow.now()
        await self._chain(shape.before)
        await asyncio.gather(*(self._chain(shape.each, shape.piece_s) for _ in range(shape.scenes)))
        await self._chain(shape.after)
        return (workflow.now() - begun).total_seconds()

    async def _chain(self, queues: Sequence[str], for_s: float = 0.0) -> None:
        base = workflow.info().task_queue.removesuffix(QUEUE)
        for queue in queues:
            await workflow.execute_activity(
                nothing, for_s, task_queue=f"{base}{queue}", start_to_close_timeout=timedelta(seconds=600)
            )


@asynccontextmanager
async def serving_floor(client: Client, name: str, render_slots: int) -> AsyncIterator[None]:
    """Workers of a floor, with as many slots as the product has."""
    slots = {Work.ORCHESTRATE: LIGHT_SLOTS, Work.PROVIDE: PROVIDER_SLOTS}
    async with AsyncExitStack() as working:
        for work, queue in QUEUES.items():
            kind: dict[str, Any] = {"workflows": [Floor], "activities": [nothing]}
            kind["max_concurrent_activities"] = slots.get(work, render_slots)
            await working.enter_async_context(Worker(client, task_queue=f"{name}-{queue}", **kind))
        yield


async def run_floor(client: Client, name: str, shape: Shape) -> float:
    """The duration of one floor on running workers, in seconds."""
    return await client.execute_workflow(Floor.run, shape, id=f"floor-{uuid4().hex}", task_queue=f"{name}-{QUEUE}")


async def floor_s(client: Client, shape: Shape, render_slots: int) -> float:
    """The duration of a shape's floor, in seconds."""
    name = f"floor-{uuid4().hex}"
    async with serving_floor(client, name, render_slots):
        return await run_floor(client, name, shape)


async def _serve(settings: Settings, name: str, render_slots: int) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with serving_floor(await connect(settings), name, render_slots):
        if settings.ready_file is not None:
            settings.ready_file.touch()
        await stop.wait()


if __name__ == "__main__":
    # The workflow's module must have its own name, not `__main__`: the sandbox imports it again.
    from bench.servers import floor

    asyncio.run(floor._serve(Settings(), sys.argv[1], int(sys.argv[2])))
