"""For any answer of fal, a run ends or parks with a sentence that helps, and a retry tries again."""

import asyncio
import base64
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest
from temporalio.client import Client, WorkflowFailureError

from engines.providers.fal import FalClient, choose
from models.generation import Reason, ReconcileRequest
from models.paid_media import Job, JobState, PermitRequest, PieceKind
from models.progress import RunStatus
from models.queues import QUEUE
from models.spending import spending_of
from stores.opening import Stores
from temporal.generation import GenerateHandle
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World
from workflows.bookkeeping import ReconcileJobs
from workflows.generate_video import GenerateVideo

CLIP_PRICE = 8 * 22_000
FOR_EVER_S = 1e6


@pytest.fixture
async def paid(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world that buys two scenes and a portrait."""
    world = World(temporal, stores, Faults())
    world.engines.scenes, world.engines.duration_s, world.engines.reprises = 2, 16.0, False
    world.provider = FalClient(KEY, choose("standard"))
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.1)
    await world.work()
    yield world
    await world.end()


async def begin(world: World, folder: Path) -> tuple[GenerateHandle, str]:
    request = world.request(world.add_song(folder), QUICK)
    handle, _ = await world.start(request)
    return handle, request.video_id


async def parked(world: World, handle: GenerateHandle) -> str:
    return (await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)).sentence


async def retry(handle: GenerateHandle) -> None:
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="looked at it"))


async def reconciled(world: World, video_id: str) -> list[Job]:
    async with asyncio.timeout(200):
        while any(job.ended_at is None for job in world.stores.jobs.of_video(video_id)):
            name = f"reconcile-jobs-{uuid4().hex}"
            await world.client.execute_workflow(ReconcileJobs.run, ReconcileRequest(), id=name, task_queue=QUEUE)
            await asyncio.sleep(0.05)
    return world.stores.jobs.of_video(video_id)


def is_clip(arguments: dict[str, object]) -> bool:
    return "image_url" in arguments


async def test_a_locked_account_parks_at_once_and_names_the_page(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.submission = lambda number, arguments: "locked"
    handle, _ = await begin(paid, tmp_path)
    sentence = await parked(paid, handle)
    assert "Exhausted balance" in sentence
    assert "https://fal.ai/dashboard/billing" in sentence
    assert fal_server.bought == 0
    fal_server.behaviour.submission = lambda number, arguments: ""
    await retry(handle)
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert fal_server.bought == 5


@pytest.mark.parametrize("fate", ["downstream_service_error", "model 401", "unheard of", "image_load_error"])
async def test_a_dead_answer_is_never_met_again(paid: World, fal_server: FalServer, tmp_path: Path, fate: str) -> None:
    fal_server.behaviour.job = lambda number, arguments: fate if is_clip(arguments) else "ok"
    handle, video_id = await begin(paid, tmp_path)
    sentence = await parked(paid, handle)
    assert "retry" in sentence.lower()
    assert "refuses the key" not in sentence
    await asyncio.sleep(0.3)  # the other scene's last purchase
    jobs = [job for job in paid.stores.jobs.of_video(video_id) if job.kind is PieceKind.CLIP]
    before = len(fal_server.jobs)
    assert all(job.state is JobState.FAILED and job.said for job in jobs if job.ended_at)
    assert max(int(job.job_key.rpartition(".")[2]) for job in jobs) <= 2, "bounded"
    fal_server.behaviour.job = lambda number, arguments: "ok"
    await retry(handle)
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert len(fal_server.jobs) >= before + 1


@pytest.mark.parametrize("linked", [False, True])
async def test_a_picture_that_was_refused_goes_larger_and_inside_the_request(
    paid: World, fal_server: FalServer, tmp_path: Path, linked: bool
) -> None:
    await paid.rest()
    share_url = (lambda key: f"https://store.example/{key}") if linked else None
    paid.terms = dataclasses.replace(paid.terms, share_url=share_url)
    await paid.work()
    refused = ["image_too_small"]
    fal_server.behaviour.job = lambda _, arguments: refused.pop() if is_clip(arguments) and refused else "ok"
    handle, _ = await begin(paid, tmp_path)
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    sent = [str(one["arguments"]["image_url"]) for one in fal_server.submissions if is_clip(one["arguments"])]
    assert len(sent) == 3
    sides = [side_of(url) for url in sent if url.startswith("data:")]
    assert max(sides) >= 1_024
    linked_ones = [url for url in sent if url.startswith("https://store.example/")]
    assert len(linked_ones) == (2 if linked else 0)
    for url in linked_ones:
        key = url.removeprefix("https://store.example/")
        assert min(decoded(paid.stores.objects.get_bytes(key)).shape[:2]) >= 300, "also where it travels by link"


def decoded(data: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


def side_of(url: str) -> int:
    return int(min(decoded(base64.b64decode(url.partition(",")[2])).shape[:2]))


def clips_of(world: World, video_id: str) -> list[Job]:
    """The clips of a video that fal has accepted, as far as our books know."""
    return [job for job in world.stores.jobs.of_video(video_id) if job.kind is PieceKind.CLIP and job.request_id]


@pytest.mark.parametrize("stops", [False, True])
async def test_a_cancelled_running_clip_is_on_the_bill_if_it_finishes(
    paid: World, fal_server: FalServer, tmp_path: Path, stops: bool
) -> None:
    fal_server.behaviour.clip_s, fal_server.behaviour.stops_when_cancelled = FOR_EVER_S, stops
    handle, video_id = await begin(paid, tmp_path)
    async with asyncio.timeout(200):
        while len(clips_of(paid, video_id)) < 2:
            await asyncio.sleep(0.02)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert paid.balance().held == 0
    clips = clips_of(paid, video_id)
    if not stops:
        assert all(job.ended_at is None and job.cancelled_from == "running" for job in clips)
        waiting = PermitRequest(job_key="next", provider=paid.terms.permit_key, account_id="bob")
        assert not paid.stores.permits.ask(waiting, len(clips)), "a job that runs on keeps its permit"
    for job in fal_server.jobs.values():
        job.run_s = 0.0
    jobs = await reconciled(paid, video_id)
    report = spending_of(paid.stores.spending.of(video_id), jobs)
    assert report.certain_micro_usd == fal_server.bill_micro_usd
    ended = {job.state for job in jobs if job.kind is PieceKind.CLIP and job.request_id}
    assert ended == ({JobState.CANCELLED} if stops else {JobState.DONE})
    assert report.possible_micro_usd == (len(clips) * CLIP_PRICE if stops else 0)
