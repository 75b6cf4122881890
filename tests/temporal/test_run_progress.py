"""What is seen of a run from outside: with a worker, and from the server alone."""

import asyncio
from pathlib import Path

import pytest

from models.failures import ProviderUnavailable
from models.paid_media import JobRef, PieceKind, PieceRequest
from models.progress import Progress, RunStatus, StageName, StageStatus
from models.stages import STAGES
from models.wire import DATA_CONVERTER
from services.progress import RunView
from temporal.generation import GenerateHandle
from temporal.resets import task_before
from temporal.run_progress import READY, has_work, told_by_server
from tests.fakes.instant_provider import InstantProvider
from tests.fakes.world import PATIENCE_S, QUICK, World
from workflows.state import USUAL_STAGES


class Closed(InstantProvider):
    """A provider that is away for one kind of piece."""

    def __init__(self, kind: PieceKind) -> None:
        super().__init__()
        self._kind = kind

    async def submit(self, job_key: str, request: PieceRequest, webhook_url: str | None = None) -> JobRef:
        if request.kind is self._kind:
            raise ProviderUnavailable("The provider is away.")
        return await super().submit(job_key, request, webhook_url)


async def without_worker(world: World, handle: GenerateHandle) -> Progress:
    await world.rest()
    return told_by_server(handle.id.removeprefix("generate-"), await handle.describe())


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        ("envision", StageName.VISION),
        ("specify_shots", StageName.SHOTS),
        ("paint", StageName.STILLS),
        ("assemble", StageName.ASSEMBLY),
    ],
)
async def test_a_parked_run_is_read_without_a_worker(world: World, tmp_path: Path, step: str, stage: StageName) -> None:
    def away(_count: int) -> None:
        raise ProviderUnavailable("It is away.")

    world.faults.plans[step] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    told = await without_worker(world, handle)
    assert told.status is RunStatus.NEEDS_ATTENTION
    place = USUAL_STAGES.index(stage)
    assert [s.status for s in told.stages] == [
        *[StageStatus.DONE] * place,
        StageStatus.WAITING,
        *[StageStatus.PENDING] * (len(USUAL_STAGES) - place - 1),
    ]


async def test_a_finished_run_is_read_without_a_worker(world: World, tmp_path: Path) -> None:
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    async with asyncio.timeout(PATIENCE_S):
        while has_work(await handle.describe()):  # what follows the draft
            await asyncio.sleep(0.05)
    told = await without_worker(world, handle)
    assert {(s.status, s.done, s.total) for s in told.stages} == {(StageStatus.DONE, 1, 1)}
    assert told.sentence == READY, "nothing of it waits for a machine"


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        (PieceKind.PORTRAIT, StageName.STILLS),
        (PieceKind.STILL, StageName.STILLS),
        (PieceKind.CLIP, StageName.CLIPS),
    ],
)
async def test_a_purchase_that_fails_shows_under_its_stage(
    world: World, tmp_path: Path, kind: PieceKind, stage: StageName
) -> None:
    world.provider = Closed(kind)
    await world.rest()
    await world.work()
    patient = QUICK.model_copy(update={"max_attempts": 100})
    handle, _ = await world.start(world.request(world.add_song(tmp_path), limits=patient))

    video_id = handle.id.removeprefix("generate-")

    def attempted(progress: Progress) -> list[tuple[StageName, str | None]]:
        return [(s.name, s.last_failure) for s in progress.stages if s.attempt is not None]

    async with asyncio.timeout(200):
        while not attempted(seen := (await RunView(world.app, world.account_id, video_id).look()).progress):
            await asyncio.sleep(0.05)
    assert attempted(seen) == [(stage, "The provider is away.")]
    assert task_before(await handle.fetch_history(), STAGES[stage].first_step, DATA_CONVERTER), (
        "a reset to the stage finds its purchase"
    )
    told = await without_worker(world, handle)
    assert stage in [name for name, _ in attempted(told)]
    (status,) = (s.status for s in told.stages if s.name is stage)
    assert status is StageStatus.RUNNING
