"""A provider that delivers after the refund: its cost is counted, and it reaches the artist only by `settle_late`."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client

from engines.providers.fal import FalClient, choose
from models.credits import HoldState
from models.generation import ReconcileRequest
from models.ids import generate_operation_key, late_operation_key
from models.paid_media import Job, JobState, PieceKind
from models.progress import RunStatus
from models.queues import QUEUE
from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from models.spending import report_on
from stores.opening import Stores
from stores.provider_jobs import JobBook
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import World
from tests.workflows.test_buying import NEEDED, SCENES
from tests.workflows.test_money import reconcile, reset
from workflows.bookkeeping import ReconcileJobs


@pytest.fixture
async def paid(temporal: Client, stores: Stores, fal_server: FalServer) -> AsyncIterator[World]:
    """A world whose provider's jobs cannot be cancelled any more once they are seen."""
    fal_server.behaviour.still_s = 1.5
    world = World(temporal, stores, Faults())
    world.engines.scenes = SCENES
    world.provider = FalClient(KEY, choose("standard"))
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    await world.work()
    yield world
    await world.end()


async def settle_jobs(world: World, video_id: str) -> None:
    """Run the reconciler until each job of a video is settled, as its schedule would."""
    async with asyncio.timeout(200):
        while any(job.ended_at is None for job in world.stores.jobs.of_video(video_id)):
            name = f"reconcile-jobs-{uuid4().hex}"
            await world.client.execute_workflow(ReconcileJobs.run, ReconcileRequest(), id=name, task_queue=QUEUE)
            await asyncio.sleep(0.1)


@pytest.mark.parametrize(
    ("minutes", "state", "unknowns", "billed"),
    [(1, JobState.INTENDED, 0, 0), (6, JobState.UNKNOWN, 1, 0), (240, JobState.LOST, 1, 1)],
)
async def test_a_request_that_nobody_saw_the_end_of_is_counted(
    paid: World, minutes: int, state: JobState, unknowns: int, billed: int
) -> None:
    """Its worker was killed, and its run ended before another attempt could ask for the outcome."""
    earlier = datetime.now(UTC) - timedelta(minutes=minutes)
    video_id = f"video-{uuid4().hex}"
    book = JobBook(paid.stores.database, clock=lambda: earlier)
    intended = Job(
        job_key=f"generate-{video_id}.clip.001.0",
        workflow_id=f"generate-{video_id}",
        account_id=paid.account_id,
        video_id=video_id,
        provider="fal",
        model="clip",
        kind=PieceKind.CLIP,
        scene_index=1,
        state=JobState.INTENDED,
        price_micro_usd=250_000,
        intended_at=earlier,
    )
    assert book.intend(intended)[1]
    for _ in range(2):
        name = f"reconcile-jobs-{uuid4().hex}"
        await paid.client.execute_workflow(ReconcileJobs.run, ReconcileRequest(), id=name, task_queue=QUEUE)
    (job,) = book.of_video(video_id)
    assert (job.state, job.unknowns) == (state, unknowns)
    lines = paid.stores.spending.of(video_id)
    assert [(line.outcome, line.cost_micro_usd) for line in lines] == billed * [("unknown", 250_000)]


async def test_a_job_of_a_refunded_run_delivers_only_to_a_run_that_pays_anew(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    request = paid.request(paid.add_song(tmp_path))
    video_id, key = request.video_id, generate_operation_key(request.video_id)
    handle, _ = await paid.start(request)
    async with asyncio.timeout(200):
        while not any(job.state is JobState.SUBMITTED for job in paid.stores.jobs.of_video(video_id)):
            await asyncio.sleep(0.02)
    described = await handle.describe()
    assert described.typed_search_attributes[SEARCH_ATTRIBUTES[SearchAttribute.PROVIDER]] == "fal"
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
