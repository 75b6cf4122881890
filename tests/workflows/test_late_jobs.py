"""A provider that delivers after the refund: its cost is counted, and it reaches the artist only by `settle_late`."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from engines.providers.fal import FalShop, choose
from models.credits import HoldState
from models.generation import ReconcileRequest
from models.paid_media import JobState
from models.progress import RunStatus
from models.routing import QUEUE, SearchAttribute, generate_operation_key, late_operation_key
from models.spending import report_on
from stores.opening import Stores
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import World
from tests.workflows.test_buying import NEEDED, SCENES
from tests.workflows.test_money import reconcile, reset
from workflows.bookkeeping import ReconcileJobs

pytestmark = pytest.mark.timeout(120)


@pytest.fixture
async def paid(temporal: Client, stores: Stores, fal_server: FalServer) -> AsyncIterator[World]:
    """A world that buys from a provider whose jobs cannot be cancelled any more once they are seen."""
    fal_server.behaviour.still_s = 1.5
    world = World(temporal, stores, Faults())
    world.engines.scenes = SCENES
    world.shop = FalShop(KEY, choose("standard"))
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    await world.work()
    yield world
    await world.end()


async def settle_jobs(world: World, video_id: str) -> None:
    """Until the reconciler has settled each job of a video, as its schedule would."""
    async with asyncio.timeout(30):
        while any(job.ended_at is None for job in world.stores.jobs.of_video(video_id)):
            name = f"reconcile-jobs-{uuid4().hex}"
            await world.client.execute_workflow(ReconcileJobs.run, ReconcileRequest(), id=name, task_queue=QUEUE)
            await asyncio.sleep(0.1)


async def test_a_job_of_a_refunded_run_delivers_only_to_a_run_that_pays_anew(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    request = paid.request(paid.add_song(tmp_path))
    video_id, key = request.video_id, generate_operation_key(request.video_id)
    handle, _ = await paid.start(request)
    async with asyncio.timeout(20):
        while not any(job.state is JobState.SUBMITTED for job in paid.stores.jobs.of_video(video_id)):
            await asyncio.sleep(0.02)
    described = await handle.describe()
    assert described.typed_search_attributes[SearchAttributeKey.for_keyword(SearchAttribute.PROVIDER)] == "fal"
    await handle.terminate()
    assert await reconcile(paid) == (key,)
    assert (paid.balance().posted, paid.balance().held) == (250, 0), "at once, however long the provider takes"

    await settle_jobs(paid, video_id)
    before = fal_server.bought
    assert before >= 1
    assert report_on(paid.stores.spending.of(video_id)).calls == before, "its cost is counted"
    assert paid.stores.catalogue.videos(paid.account_id).videos == ()
    assert (paid.balance().posted, paid.balance().held) == (250, 0)

    again = await reset(paid, handle, "plan_sequence")
    progress = await paid.until(again, lambda p: p.status is RunStatus.DRAFT_READY)
    assert progress.credits_charged == 200
    assert (paid.balance().posted, paid.balance().held) == (50, 0)
    first, late = (paid.stores.ledger.find_hold(paid.account_id, k) for k in (key, late_operation_key(key)))
    assert first is not None
    assert late is not None
    assert (first.state, late.state) == (HoldState.RELEASED, HoldState.CAPTURED)
    assert NEEDED <= fal_server.bought <= NEEDED + before, "only what was dropped after the refund is bought again"
