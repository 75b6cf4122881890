"""A run that waits for a person waits a day, as production's limits say, and then gives itself up: time is skipped."""

from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.testing import WorkflowEnvironment

from models.failures import ProviderUnavailable
from models.generation import CloseRequest, Limits
from models.progress import RunStatus
from stores.opening import Stores
from tests.fakes.engines import Faults
from tests.fakes.world import QUICK, World
from tests.workflows.test_ten_minutes_away import begin, skipping
from workflows.generate_video import GenerateVideo

__all__ = ["skipping"]

pytestmark = pytest.mark.timeout(300)

A_DAY = timedelta(hours=24)
MOST_OF_A_DAY = timedelta(hours=23)
AS_IN_PRODUCTION = {name: getattr(Limits(), name) for name in ("park_timeout_s", "draft_timeout_s")}


async def test_a_parked_run_gives_itself_up_after_a_day(
    skipping: WorkflowEnvironment, stores: Stores, tmp_path: Path
) -> None:
    """A day after the first closing since somebody last let it try again."""

    def away(_count: int) -> None:
        raise ProviderUnavailable("The painter is away.")

    world = World(skipping.client, stores, Faults())
    await world.work()
    try:
        world.faults.plans["paint"] = away
        limits = QUICK.model_copy(update=AS_IN_PRODUCTION)
        handle = await begin(world, world.request(world.add_song(tmp_path), limits))
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
        await skipping.sleep(timedelta(hours=3))
        await handle.execute_update(GenerateVideo.retry_stage, CloseRequest(reason="try again"))
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
        await skipping.sleep(MOST_OF_A_DAY)
        assert (await handle.query(GenerateVideo.progress)).status is RunStatus.NEEDS_ATTENTION
        assert world.balance().held == 200
        await skipping.sleep(A_DAY - MOST_OF_A_DAY)
        given_up = await world.until(handle, lambda p: p.status is RunStatus.FAILED)
        assert given_up.failure is not None
        assert given_up.failure.sentence == "Given up after waiting too long: The painter is away."
        assert (world.balance().posted, world.balance().held) == (250, 0)
    finally:
        await world.rest()
