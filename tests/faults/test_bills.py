"""fal's own bill lies between what our books call certain and that with what they call possible.

Seeded runs meet every type of error, lost answers, proxies, cancellations of running jobs, and fal's choice of whether
an error is billed. FULL=1 runs 50 of them, otherwise a sample; SEED as for the other faults.
"""

import asyncio
import dataclasses
import random
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError
from temporalio.service import RPCError

from engines.providers.fal import FalClient, choose
from models.failures import JobFailed
from models.generation import Reason, ReconcileRequest
from models.paid_media import JobState
from models.progress import RunStatus
from models.queues import QUEUE
from models.spending import spending_of
from stores.opening import Stores
from temporal.generation import GenerateHandle
from tests.fakes.amounts import FULL
from tests.fakes.engines import Faults
from tests.fakes.fal_server import ERRORS, KEY, FalServer, seeded
from tests.fakes.live import SEED
from tests.fakes.world import QUICK, World, stores
from workflows.bookkeeping import ReconcileJobs
from workflows.generate_video import GenerateVideo

__all__ = ["stores"]

RUNS = 50 if FULL else 6
MOST_RETRIES = 4
PATIENCE_S = 240.0
ENDED = (RunStatus.DRAFT_READY, RunStatus.FAILED, RunStatus.CANCELLED)

pytestmark = [pytest.mark.faults, pytest.mark.timeout(RUNS * PATIENCE_S)]


def misfortunes(seed: int, server: FalServer) -> float | None:
    """fal's misbehaviour in a run; returns when the artist cancels, in seconds, if at all."""
    chance, behaviour = random.Random(seed), server.behaviour
    heavy = chance.choice((0.0, 0.1, 0.3))
    lost = dict.fromkeys(("drop after", "drop before", "503 accepted", "503 proxy", "429", "500"), heavy / 6)
    submissions, share = seeded(seed, lost), chance.choice((0.0, 0.2, 0.5))
    fates = [*ERRORS, "media gone", "inside"]
    jobs = seeded(seed + 1, dict.fromkeys(fates, share / len(fates)))
    bills = seeded(seed + 2, {"billed": 0.5})
    behaviour.submission = submissions
    behaviour.job = lambda number, arguments: jobs() or "ok"
    behaviour.bills = lambda: bills() == "billed"
    behaviour.poll = seeded(seed + 3, dict.fromkeys(("drop", "500", "429"), chance.choice((0.0, 0.05)) / 3))
    behaviour.queue_s, behaviour.still_s, behaviour.clip_s = (chance.choice((0.0, 0.1, 0.4)) for _ in range(3))
    behaviour.stops_when_cancelled = chance.random() < 0.5
    return chance.uniform(0.2, 2.0) if seed % 3 == 0 else None


async def drive(world: World, handle: GenerateHandle, cancels_after_s: float | None) -> RunStatus:
    """Act as the artist who cancels, and as support, which retries a parked run and finally gives it up."""
    retries, loop = 0, asyncio.get_running_loop()
    begun = loop.time()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            progress = await handle.query(GenerateVideo.progress)
            if progress.status in ENDED:
                return progress.status
            if cancels_after_s is not None and loop.time() - begun > cancels_after_s:
                cancels_after_s = None
                with suppress(RPCError):  # it may have ended since
                    await handle.cancel()
            elif progress.status is RunStatus.NEEDS_ATTENTION:
                assert progress.sentence
                retries += 1
                update = GenerateVideo.retry_stage if retries <= MOST_RETRIES else GenerateVideo.abandon
                try:
                    await handle.execute_update(update, Reason(reason="looked at it"))
                except (RPCError, WorkflowUpdateFailedError):
                    continue
            await asyncio.sleep(0.05)


async def test_the_providers_bill_lies_within_our_books(
    temporal: Client, stores: Stores, fal_server: FalServer, tmp_path: Path
) -> None:
    exact = 0
    for number in range(RUNS):
        seed = SEED * 1000 + number
        fal_server.reset()
        world = World(temporal, stores, Faults())
        world.engines.scenes, world.engines.duration_s = 4, 16.0
        world.provider = FalClient(KEY, choose("standard"))
        world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.1, trouble_pause_s=0.02)
        cancels_after_s = misfortunes(seed, fal_server)
        await world.work()
        request = world.request(world.add_song(tmp_path), QUICK)
        handle, _ = await world.start(request)
        status = await drive(world, handle, cancels_after_s)
        if status is RunStatus.DRAFT_READY:
            await handle.terminate()
        # A step learns of a cancellation with its next heartbeat, and may order one more piece before that.
        await world.rest()
        await world.work()
        fal_server.behaviour.poll = lambda number: ""
        await settle(world, request.video_id, seed)
        jobs = stores.jobs.of_video(request.video_id)
        report = spending_of(stores.spending.of(request.video_id), jobs)
        books = (report.certain_micro_usd, report.certain_micro_usd + report.possible_micro_usd)
        bill = fal_server.bill_micro_usd
        print(seed, status.value, "books", books, "bill", bill)
        assert books[0] <= bill <= books[1], (seed, [(job.job_key, job.state, job.said, job.billing) for job in jobs])
        exact += books[0] == books[1]
        await world.end()
    assert exact, "without unknown outcomes, our bookings equal the bill"


async def settle(world: World, video_id: str, seed: int) -> None:
    """Run the schedule's passes until the only open jobs are those whose outcome takes hours to settle."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            while any(job.ended_at is None and job.ticket is not None for job in world.stores.jobs.of_video(video_id)):
                name = f"reconcile-jobs-{uuid4().hex}"
                await world.client.execute_workflow(ReconcileJobs.run, ReconcileRequest(), id=name, task_queue=QUEUE)
                await asyncio.sleep(0.05)
    except TimeoutError:
        still = [(job.job_key, job.state) for job in world.stores.jobs.of_video(video_id) if job.ended_at is None]
        pytest.fail(f"jobs of seed {seed} stay open: {still}")
    for job in world.stores.jobs.of_video(video_id):
        if job.state is JobState.FAILED and job.failure == JobFailed.__name__:
            assert job.said, "support sees fal's own type"
