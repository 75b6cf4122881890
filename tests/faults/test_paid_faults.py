"""Seeded misfortunes around paid jobs: every run ends as it should, and nothing is bought twice by mistake.

A schedule draws lost connections around submissions, a worker that is killed between a submission and its record, 429
storms, 5xx, a slow queue, broken media, refusals, and cancellations. SEED and FULL=1 (200 of them, in
chunks that can be run by name) as for the other faults.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from models.generation import Reason, ReconcileRequest
from models.paid_media import Job, JobState
from models.progress import Progress, RunStatus
from models.queues import QUEUE
from services.replaying import replay
from settings import Settings
from stores.opening import Stores
from temporal.generation import GenerateHandle
from tests.fakes.amounts import FULL
from tests.fakes.engines import Faults
from tests.fakes.fal_server import ERRORS, FalServer, seeded
from tests.fakes.live import SEED, look
from tests.fakes.paid_worker import PaidWorker
from tests.fakes.world import QUICK, World, stores
from workflows.bookkeeping import ReconcileJobs
from workflows.generate_video import GenerateVideo

__all__ = ["stores"]

CHUNK = 8
CHUNKS = 25 if FULL else 1
PIECES = 2 * 7 + 1
"""Of the instant plan: a still and a clip for each of seven made scenes, and a portrait."""

PATIENCE_S = 400.0
MOST_RETRIES = 25
ENDED = (RunStatus.DRAFT_READY, RunStatus.FAILED, RunStatus.CANCELLED)
LIMITS = QUICK.model_copy(update={"light_timeout_s": 10, "heartbeat_timeout_s": 2})
"""The steps of a killed worker are tried again soon; one that a busy machine loses is like them."""

_REFUSALS = ["policy", "content_policy_violation", "no_media_generated", "partner_validation_failed", "risk control"]
_FAILURES = [fate for fate in ERRORS if fate not in _REFUSALS]

# Every schedule may use up its patience before this does.
pytestmark = [pytest.mark.faults, pytest.mark.timeout(CHUNK * PATIENCE_S + 120)]


@pytest.fixture
def worker(
    s3: Settings, database_url: str, temporal_address: str, fal_server: FalServer, tmp_path: Path
) -> Iterator[PaidWorker]:
    settings = s3.model_copy(update={"database_url": database_url})
    worker = PaidWorker(settings, temporal_address, fal_server.ca_file, tmp_path)
    yield worker
    worker.kill()


class Schedule:
    """The faults of one seed."""

    def __init__(self, seed: int, server: FalServer, worker: PaidWorker) -> None:
        chance = random.Random(seed)
        heavy = chance.choice((0.0, 0.06, 0.2))
        proxies = {"502 accepted": heavy / 12, "503 accepted": heavy / 12}
        drops = seeded(seed, {"drop after": heavy / 2, "drop before": heavy / 3, **proxies})
        refusals = seeded(seed + 1, dict.fromkeys(("429", "500", "503", "503 proxy"), chance.choice((0.0, 0.04, 0.11))))
        kills = {chance.randrange(PIECES) for _ in range(chance.choice((0, 1, 1, 2)))}

        def submission(number: int, arguments: dict[str, Any]) -> str:
            if number in kills:
                worker.kill()
                return "drop after"
            return drops() or refusals()

        fates = seeded(seed + 2, dict.fromkeys(("failed", "black", "cut", "policy"), chance.choice((0.0, 0.02, 0.05))))
        behaviour = server.behaviour
        behaviour.submission = submission
        kinds = random.Random(seed + 4)
        behaviour.job = lambda number, arguments: self._fate(fates(), kinds)
        behaviour.bills = lambda: kinds.random() < 0.5
        behaviour.stops_when_cancelled = chance.random() < 0.5
        trouble = chance.choice((0.0, 0.05, 0.2))
        behaviour.poll = seeded(seed + 3, dict.fromkeys(("drop", "500", "429"), trouble / 3))
        behaviour.queue_s = chance.choice((0.0, 0.0, 0.2, 1.0))
        behaviour.clip_s = chance.choice((0.0, 0.3))
        self.cancels_after_s = chance.uniform(0.5, 4.0) if seed % 4 == 3 else None

    @staticmethod
    def _fate(drawn: str, kinds: random.Random) -> str:
        """A job that fails or is refused, in one of fal's ways."""
        if drawn == "failed":
            return kinds.choice([*_FAILURES, "media gone", "inside"])
        return kinds.choice(_REFUSALS) if drawn == "policy" else drawn or "ok"


async def drive(handle: GenerateHandle, schedule: Schedule, worker: PaidWorker) -> Progress:
    """Keep a worker up, act for a parked run as support would, and cancel as scheduled."""
    loop, retries = asyncio.get_running_loop(), 0
    begun = loop.time()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            await asyncio.to_thread(worker.keep_up)
            progress = await look(handle)
            if progress is not None and progress.status in ENDED:
                return progress
            if schedule.cancels_after_s is not None and loop.time() - begun > schedule.cancels_after_s:
                schedule.cancels_after_s = None
                with suppress(RPCError):  # it may have ended since
                    await handle.cancel()
            if progress is not None and progress.status is RunStatus.NEEDS_ATTENTION:
                retries += 1
                assert retries <= MOST_RETRIES, progress.sentence
                try:
                    async with asyncio.timeout(5):
                        await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="looked at it"))
                except (RPCError, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError, TimeoutError):
                    continue
            await asyncio.sleep(0.05)


def check(world: World, server: FalServer, progress: Progress, jobs: list[Job], seed: int) -> None:
    delivered = world.stores.vault.is_delivered(world.account_id, progress.video_id)
    balance = world.balance()
    assert (balance.posted, balance.held) == (50 if delivered else 250, 0), seed
    assert delivered == (progress.status is RunStatus.DRAFT_READY), (seed, progress.sentence)
    known = {job.request_id for job in jobs}
    # A worker that was killed in the middle of a request leaves an intent. The next attempt counts it; a cancelled run
    # has no next attempt, and the reconciler counts it later: one request may hide behind each.
    unknowns = sum(job.unknowns + (job.state is JobState.INTENDED) for job in jobs)
    strangers = [one for one in server.jobs.values() if one.request_id not in known]
    assert len(strangers) <= unknowns, (seed, "each job that no row knows was counted as unknown")
    done = Counter(job.job_key.rpartition(".")[0] for job in jobs if job.state is JobState.DONE)
    assert max(done.values(), default=0) <= 1, (seed, "no piece was bought twice")
    assert server.bought <= sum(job.charges for job in jobs), (seed, "each purchase is recorded")
    if delivered:
        # A scene that stays refused gets a fallback.
        assert PIECES - 4 <= len(done) <= PIECES, seed


@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_every_run_ends_as_it_should_and_nothing_is_bought_twice(
    temporal: Client, stores: Stores, fal_server: FalServer, worker: PaidWorker, tmp_path: Path, chunk: int
) -> None:
    worker.keep_up()
    ends: Counter[str] = Counter()
    for number in range(chunk * CHUNK, (chunk + 1) * CHUNK):
        seed = SEED * 1000 + number
        fal_server.reset()
        world = World(temporal, stores, Faults())
        schedule = Schedule(seed, fal_server, worker)
        worker.keep_up()
        handle, request = await begin(world, worker, tmp_path)
        try:
            progress = await drive(handle, schedule, worker)
        except TimeoutError:
            jobs = [(job.job_key, job.state.value) for job in stores.jobs.of_video(request) if job.ended_at is None]
            pytest.fail(f"the run of seed {seed} does not end: {await look(handle)}, open jobs {jobs}")
        await replay(await handle.fetch_history(), Settings())
        if progress.status is RunStatus.DRAFT_READY:
            await handle.terminate()
        check(world, fal_server, progress, stores.jobs.of_video(request), seed)
        ends[progress.status.value] += 1
    fal_server.behaviour.poll = lambda number: ""
    await reconcile(temporal, stores, worker)
    print(dict(ends), "worker kills:", worker.kills)
    assert ends["draft_ready"] >= CHUNK // 2
    assert stores.ledger.verify().differences == ()


async def begin(world: World, worker: PaidWorker, folder: Path) -> tuple[GenerateHandle, str]:
    request = world.request(world.add_song(folder), LIMITS)
    while True:
        try:
            handle, _ = await world.start(request)
            return handle, request.video_id
        except RPCError:
            worker.keep_up()


async def reconcile(temporal: Client, stores: Stores, worker: PaidWorker) -> None:
    """After all runs have ended, no accepted job stays open."""
    async with asyncio.timeout(PATIENCE_S):
        while any(job.state is JobState.SUBMITTED for job in stores.jobs.open_jobs()):
            worker.keep_up()
            await temporal.execute_workflow(
                ReconcileJobs.run, ReconcileRequest(), id=f"reconcile-{uuid4().hex}", task_queue=QUEUE
            )
