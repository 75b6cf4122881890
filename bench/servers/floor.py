"""The raw Temporal floor: no-op activities in a given shape, on queues and slots like those of the house."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.client import Client
from temporalio.worker import Worker

from models.routing import PROVIDER_QUEUE, QUEUE, RENDER_QUEUE
from workflows.serving import LIGHT_SLOTS, PROVIDER_SLOTS


@dataclass(frozen=True)
class Shape:
    """What a run did: a chain of activities, then one chain a scene, all scenes at once, then another chain.

    Attributes:
        before: The queue of each activity in the first chain.
        scenes: How many scenes.
        each: The queue of each activity in a scene's chain.
        after: The queue of each activity in the last chain.
    """

    before: Sequence[str]
    scenes: int
    each: Sequence[str]
    after: Sequence[str]


@activity.defn
async def nothing() -> None:
    """A no-op."""


@workflow.defn
class Floor:
    """No-op activities in the shape of a draft."""

    @workflow.run
    async def run(self, shape: Shape) -> float:
        """Run them; returns how long it took by the run's own clock, in seconds."""
        begun = workflow.now()
        await self._chain(shape.before)
        await asyncio.gather(*(self._chain(shape.each) for _ in range(shape.scenes)))
        await self._chain(shape.after)
        return (workflow.now() - begun).total_seconds()

    async def _chain(self, queues: Sequence[str]) -> None:
        for queue in queues:
            name = f"{workflow.info().workflow_id}-{queue}"
            await workflow.execute_activity(nothing, task_queue=name, start_to_close_timeout=timedelta(seconds=60))


async def floor_s(client: Client, shape: Shape, render_slots: int) -> float:
    """How long the floor of a shape takes, in seconds, with as many slots as the house has."""
    name = f"floor-{uuid4().hex}"
    slots = {QUEUE: LIGHT_SLOTS, RENDER_QUEUE: render_slots, PROVIDER_QUEUE: PROVIDER_SLOTS}
    async with AsyncExitStack() as working:
        for queue, count in slots.items():
            kind: dict[str, Any] = {"workflows": [Floor], "activities": [nothing], "max_concurrent_activities": count}
            await working.enter_async_context(Worker(client, task_queue=f"{name}-{queue}", **kind))
        return await client.execute_workflow(Floor.run, shape, id=name, task_queue=f"{name}-{QUEUE}")
