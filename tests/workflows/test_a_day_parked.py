"""A run that waits for a person waits a day, as production's limits say, or until its own time-out: time is skipped."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import TimeoutError as TimedOut
from temporalio.testing import WorkflowEnvironment

from models.generation import Limits, Reason
from models.ids import generate_operation_key
from models.progress import RunStatus
from stores.opening import Stores
from tests.fakes.engines import Faults
from tests.fakes.world import QUICK, World
from tests.workflows.test_money import away, reconcile
from tests.workflows.test_ten_minutes_away import begin, skipping
from workflows.generate_video import GenerateVideo

__all__ = ["skipping"]

A_DAY = timedelta(hours=24)
MOST_OF_A_DAY = timedelta(hours=23)
AS_IN_PRODUCTION = {name: getattr(Limits(), name) for name in ("park_timeout_s", "draft_timeout_s")}


async def test_a_parked_run_gives_itself_up_after_a_day(
    skipping: WorkflowEnvironment, stores: Stores, tmp_path: Path
) -> None:
    """A day after the first closing since the last retry."""
    world = World(skipping.client, stores, Faults())
    await world.work()
    try:
        world.faults.plans["paint"] = away
        limits = QUICK.model_copy(update=AS_IN_PRODUCTION)
        handle = await begin(world, world.request(world.add_song(tmp_path), limits))
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
        await skipping.sleep(timedelta(hours=3))
        await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="try again"))
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
        await skipping.sleep(MOST_OF_A_DAY)
        assert (await handle.query(GenerateVideo.progress)).status is RunStatus.NEEDS_ATTENTION
        assert world.balance().held == 200
        await skipping.sleep(A_DAY - MOST_OF_A_DAY)
        given_up = await world.until(handle, lambda p: p.status is RunStatus.FAILED)
        assert given_up.failure is not None
        assert given_up.failure.sentence == "Given up after waiting too long: away"
        assert (world.balance().posted, world.balance().held) == (250, 0)
    finally:
        await world.rest()


async def test_a_run_that_timed_out_is_refunded(skipping: WorkflowEnvironment, stores: Stores, tmp_path: Path) -> None:
    """A workflow cannot act at its own time-out; ours are started without one, but callers may set one."""
    world = World(skipping.client, stores, Faults())
    await world.work()
    try:
        world.faults.plans["paint"] = away
        request = world.request(world.add_song(tmp_path))
        handle = await begin(world, request, run_timeout=timedelta(hours=1))
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
        await skipping.sleep(timedelta(hours=1))
        with pytest.raises(WorkflowFailureError) as ended:
            await handle.result()
        assert isinstance(ended.value.cause, TimedOut)
        assert world.balance().held == 200
        assert await reconcile(world) == (generate_operation_key(request.video_id),)
        assert (world.balance().posted, world.balance().held) == (250, 0)
    finally:
        await world.rest()
