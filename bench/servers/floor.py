"""The raw Temporal floor: no-op activities in a given shape."""

import asyncio
from datetime import timedelta

from temporalio import activity, workflow


@activity.defn
async def nothing() -> None:
    """A no-op."""


@workflow.defn
class Floor:
    """No-op activities in the shape of a draft: a chain, then one chain a scene, then another chain."""

    @workflow.run
    async def run(self, shape: list[int]) -> None:
        """Run them. `shape`: how many before, how many scenes, how many in each, how many after."""
        before, scenes, each, after = shape
        await self._chain(before)
        await asyncio.gather(*(self._chain(each) for _ in range(scenes)))
        await self._chain(after)

    async def _chain(self, length: int) -> None:
        for _ in range(length):
            await workflow.execute_activity(nothing, start_to_close_timeout=timedelta(seconds=60))
