"""The database is away for ten minutes of a run's time, with production's own time-outs and retries: time is skipped.

PostgreSQL's server is stopped as by a crash; another process locks SQLite's file. Steps really fail meanwhile.
"""

import asyncio
import sys
import threading
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import AddSearchAttributesRequest
from temporalio.testing import WorkflowEnvironment

from models.failures import EchonosError, InvalidInput
from models.generation import GenerateRequest, Limits, Reason
from models.progress import RunStatus, StageName, StageStatus
from models.queues import QUEUE
from models.search_attributes import SEARCH_ATTRIBUTES
from models.wire import DATA_CONVERTER
from stores.opening import Stores
from temporal.generation import GenerateHandle, generation
from tests.fakes.engines import Faults
from tests.fakes.world import World
from tests.workflows.test_database_away import Away, database_away, database_url, postgres
from workflows.generate_video import GenerateVideo
from workflows.policies import SETTLE_MAX_INTERVAL

__all__ = ["database_away", "database_url", "postgres"]

PATIENCE_S = 200
AWAY = timedelta(minutes=10)
PRODUCTION = Limits()


@pytest.fixture
async def skipping() -> AsyncIterator[WorkflowEnvironment]:
    """A Temporal server whose time moves only when told to."""
    server = Path(sys.executable).with_name("temporal-test-server")
    async with await WorkflowEnvironment.start_time_skipping(
        test_server_existing_path=str(server), data_converter=DATA_CONVERTER
    ) as environment:
        await environment.client.operator_service.add_search_attributes(
            AddSearchAttributesRequest(
                namespace=environment.client.namespace,
                search_attributes={
                    key.name: IndexedValueType.ValueType(key.indexed_value_type) for key in SEARCH_ATTRIBUTES.values()
                },
            )
        )
        yield environment


@pytest.fixture
async def world(skipping: WorkflowEnvironment, stores: Stores) -> AsyncIterator[World]:
    """A world on that server."""
    world = World(skipping.client, stores, Faults())
    await world.work()
    yield world
    await world.rest()


async def begin(world: World, request: GenerateRequest, run_timeout: timedelta | None = None) -> GenerateHandle:
    """Start a run; this server has no update-with-start."""
    handle = generation(world.client, request.video_id)
    world.handles.append(handle)
    start = world.client.start_workflow
    await start(GenerateVideo.run, request, id=handle.id, task_queue=QUEUE, run_timeout=run_timeout)
    return handle


class Assembly:
    """A run whose draft is made and about to be joined."""

    def __init__(self, world: World, error: EchonosError | None = None) -> None:
        self._world, self._error = world, error
        self._reached, self.go_on = threading.Event(), threading.Event()

    async def reach(self, folder: Path) -> GenerateHandle:
        def hold_up(_count: int) -> None:
            self._reached.set()
            assert self.go_on.wait(PATIENCE_S)
            if self._error is not None:
                raise self._error

        world = self._world
        world.faults.plans["assemble"] = hold_up
        handle = await begin(world, world.request(world.add_song(folder), PRODUCTION))
        assert await asyncio.to_thread(self._reached.wait, PATIENCE_S)
        return handle


async def test_a_draft_is_delivered_and_charged_once(
    world: World, skipping: WorkflowEnvironment, tmp_path: Path, database_away: Away
) -> None:
    assembly = Assembly(world)
    handle = await assembly.reach(tmp_path)
    before = await skipping.get_current_time()
    with database_away():
        assembly.go_on.set()
        await skipping.sleep(AWAY)
        parked = await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION, PATIENCE_S)
        assert [s.name for s in parked.stages if s.status is StageStatus.WAITING] == [StageName.ASSEMBLY]
        assert "database" in parked.sentence
    assert await skipping.get_current_time() - before >= AWAY
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="it is back"))
    progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY, PATIENCE_S)
    assert progress.credits_charged == 200
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_a_refund_is_tried_until_it_is_in_the_books(
    world: World, skipping: WorkflowEnvironment, tmp_path: Path, database_away: Away
) -> None:
    assembly = Assembly(world, InvalidInput("This cannot be joined."))
    handle = await assembly.reach(tmp_path)
    before = await skipping.get_current_time()
    with database_away():
        assembly.go_on.set()
        await skipping.sleep(AWAY)
        (pending,) = (await handle.describe()).raw_description.pending_activities
        assert pending.activity_type.name == "settle_credits"
        assert pending.attempt > 5, "again and again, for as long as it takes"
    assert await skipping.get_current_time() - before >= AWAY
    await skipping.sleep(SETTLE_MAX_INTERVAL)
    await world.until(handle, lambda p: p.status is RunStatus.FAILED, PATIENCE_S)
    assert (world.balance().posted, world.balance().held) == (250, 0)
