"""The provider against a server that speaks fal's queue, through fal's own client."""

import asyncio
from pathlib import Path

import pytest

from engines.providers.fal import FalClient, choose
from models.failures import (
    ContentRefused,
    EchonosError,
    JobFailed,
    Misconfigured,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
)
from models.paid_media import JobRef, JobStatus, PieceKind, PieceRequest
from tests.fakes.fal_server import KEY, FalServer, media

STILL = PieceRequest(kind=PieceKind.STILL, prompt="a fox", seed=5)
CLIP = PieceRequest(kind=PieceKind.CLIP, prompt="it runs", duration_s=2)


def provider() -> FalClient:
    return FalClient(KEY, choose())


async def buy(fal: FalClient, request: PieceRequest = STILL) -> tuple[JobRef, str]:
    if request is CLIP:
        request = request.model_copy(update={"images": (fal.inline(media("ok", "still.png")),)})
    ticket = await fal.submit("job", request)
    async with asyncio.timeout(200):
        while (await fal.status(ticket)).status is not JobStatus.ENDED:
            await asyncio.sleep(0.02)
    return ticket, await fal.result(ticket, request.kind)


@pytest.mark.parametrize("request_", [STILL, CLIP], ids=["still", "clip"])
async def test_a_piece_is_bought_and_fetched(fal_server: FalServer, tmp_path: Path, request_: PieceRequest) -> None:
    fal_server.behaviour.queue_s = fal_server.behaviour.clip_s = 0.05
    fal = provider()
    ticket, url = await buy(fal, request_)
    await fal.fetch(url, tmp_path / "piece", 10_000_000)
    assert (tmp_path / "piece").stat().st_size > 1000
    assert fal_server.bought == 1
    assert ticket.request_id in fal_server.jobs


@pytest.mark.parametrize(
    ("trouble", "failure", "bought"),
    [
        ("drop before", OutcomeUnknown, 0),
        ("drop after", OutcomeUnknown, 1),
        ("502 accepted", OutcomeUnknown, 1),
        ("429", RateLimited, 0),
        ("500", ProviderUnavailable, 0),
        ("503", ProviderUnavailable, 0),
        ("503 proxy", OutcomeUnknown, 0),
        ("503 accepted", OutcomeUnknown, 1),
        ("array", OutcomeUnknown, 0),
        ("no id", OutcomeUnknown, 0),
        ("422", ContentRefused, 0),
        ("401", Misconfigured, 0),
        ("locked", Misconfigured, 0),
    ],
)
async def test_one_submission_is_one_request(
    fal_server: FalServer, trouble: str, failure: type[EchonosError], bought: int
) -> None:
    fal_server.behaviour.submission = lambda number, arguments: trouble
    with pytest.raises(failure) as caught:
        await provider().submit("job", STILL)
    assert len(fal_server.submissions) == 1, "the client's own retries are off"
    assert fal_server.bought == bought
    if isinstance(caught.value, RateLimited):
        assert caught.value.delay_s == pytest.approx(0.05)


@pytest.mark.parametrize("wish_s", [86_400.0, float("inf")])
async def test_a_wish_for_a_pause_is_bounded(fal_server: FalServer, wish_s: float) -> None:
    fal_server.behaviour.retry_after_s = wish_s
    fal_server.behaviour.submission = lambda number, arguments: "429"
    with pytest.raises(RateLimited) as caught:
        await provider().submit("job", STILL)
    assert caught.value.delay_s is None or caught.value.delay_s <= 300


@pytest.mark.parametrize(("fate", "failure"), [("failed", JobFailed), ("policy", ContentRefused)])
async def test_a_failed_job_looks_completed_and_is_told_apart(
    fal_server: FalServer, fate: str, failure: type[EchonosError]
) -> None:
    fal_server.behaviour.job = lambda number, arguments: fate
    with pytest.raises(failure):
        await buy(provider())


async def test_cancelling_is_asking(fal_server: FalServer) -> None:
    """A queued job is removed; a running one goes on and is billed, for any answer."""
    fal = provider()
    fal_server.behaviour.queue_s = 60
    queued = await fal.submit("job", STILL)
    assert await fal.cancel(queued)
    assert (await fal.status(queued)).status is JobStatus.ENDED
    assert not (await fal.status(queued)).has_run
    assert fal_server.bought == 0
    fal_server.behaviour.queue_s, fal_server.behaviour.still_s = 0, 0.2
    running = await fal.submit("job", STILL)
    assert await fal.cancel(running)
    assert (await fal.status(running)).status is JobStatus.RUNNING
    async with asyncio.timeout(200):
        while (await fal.status(running)).status is not JobStatus.ENDED:
            await asyncio.sleep(0.02)
    assert not await fal.cancel(running), "it has ended"
    assert await fal.result(running, PieceKind.STILL)
    assert fal_server.bought == 1
    fal_server.jobs.clear()
    assert not await fal.cancel(running), "it is not known"


async def test_a_wrong_key_is_our_own_mistake(fal_server: FalServer) -> None:
    with pytest.raises(Misconfigured, match="FAL_KEY"):
        await FalClient("wrong", choose()).submit("job", STILL)


async def test_nobody_there_means_nothing_was_bought() -> None:
    # No server is up: its port is this process's own, and nothing else listens there.
    ticket = JobRef(
        job_key="job", request_id="r", status_url="https://127.0.0.1:9/status", response_url="", cancel_url=""
    )
    with pytest.raises(ProviderUnavailable, match=r"fal cannot be reached at 127\.0\.0\.1:\d+: the connection failed"):
        await provider().status(ticket)


async def test_a_broken_answer_is_asked_for_again(fal_server: FalServer) -> None:
    fal = provider()
    ticket = await fal.submit("job", STILL)
    fal_server.behaviour.poll = lambda number: "drop" if number == 0 else ""
    with pytest.raises(ProviderUnavailable):
        await fal.status(ticket)
    assert (await fal.status(ticket)).status is JobStatus.ENDED


async def test_a_job_nobody_knows_has_failed(fal_server: FalServer) -> None:
    fal = provider()
    ticket = await fal.submit("job", STILL)
    fal_server.jobs.clear()
    with pytest.raises(JobFailed):
        await fal.status(ticket)
