"""`GenerateVideo` against real servers, with engines that answer at once."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowExecutionStatus, WorkflowFailureError
from temporalio.exceptions import ApplicationError

from models.brief import Brief
from models.failures import ContentRefused, InsufficientCredits, InvalidInput, JobCrashed, ProviderUnavailable
from models.generation import AnalyzeRequest, Reason
from models.object_keys import video_prefix
from models.progress import RunStatus, StageName, StageStatus
from models.takes import StillRequest
from models.timeline import FALLBACK, FREE_RETRY
from temporal.analysis import start_analysis
from temporal.generation import start_generation
from tests.fakes.world import QUICK, World
from workflows.generate_video import GenerateVideo


def always(error: Exception) -> Callable[[int], None]:
    def plan(_count: int) -> None:
        raise error

    return plan


async def test_a_song_becomes_version_1_and_is_charged_once(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path, heard=False))
    handle, admission = await world.start(request)
    assert (admission.amount, admission.balance.available) == (200, 50)

    progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)

    assert all(stage.status is StageStatus.DONE for stage in progress.stages)
    assert all(stage.started_at and stage.finished_at and stage.done == stage.total for stage in progress.stages)
    assert progress.fraction_done == 1.0
    assert (progress.version, progress.credits_charged) == (1, 200)
    assert (world.balance().posted, world.balance().held) == (50, 0)
    timeline = world.stores.vault.timeline(world.account_id, request.video_id)
    assert [scene.index for scene in timeline.scenes] == list(range(8))
    assert timeline.scenes[7].still_key == timeline.scenes[0].still_key, "a reprise shows the earlier still"
    assert world.faults.calls["paint"] == 7
    assert world.faults.calls["animate"] == 8


async def test_the_run_stays_open_until_it_is_closed(world: World, tmp_path: Path) -> None:
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert (await handle.describe()).status is WorkflowExecutionStatus.RUNNING
    await handle.execute_update(GenerateVideo.close, Reason())
    assert (await handle.result()).version == 1
    assert (await handle.query(GenerateVideo.progress)).status is RunStatus.CLOSED


async def test_an_idle_run_closes_itself(world: World, tmp_path: Path) -> None:
    limits = QUICK.model_copy(update={"idle_timeout_s": 0.2})
    handle, _ = await world.start(world.request(world.add_song(tmp_path), limits))
    assert (await handle.result()).version == 1


async def test_cancel_after_version_1_closes_the_run_and_keeps_the_video(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path))
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.cancel()
    assert (await handle.result()).version == 1
    assert world.balance().posted == 50
    assert world.stores.vault.timeline(world.account_id, request.video_id).version == 1


async def test_too_few_credits_refuse_and_leave_nothing_open(world: World, tmp_path: Path) -> None:
    song_id = world.add_song(tmp_path)
    first, _ = await world.start(world.request(song_id))
    request = world.request(song_id)
    with pytest.raises(InsufficientCredits):
        await world.start(request)
    with pytest.raises(WorkflowFailureError):
        await world.handles[-1].result()
    assert (await world.handles[-1].describe()).status is WorkflowExecutionStatus.FAILED
    await world.until(first, lambda p: p.status is RunStatus.DRAFT_READY)
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_another_price_than_was_shown_is_refused(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path)).model_copy(update={"quoted": 180})
    with pytest.raises(InvalidInput, match="The price is 200 credits now"):
        await world.start(request)
    with pytest.raises(WorkflowFailureError):
        await world.handles[-1].result()
    assert (world.balance().posted, world.balance().held) == (250, 0)


async def test_starting_the_same_operation_twice_joins_the_first(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path), operation_id="same")
    starts = await asyncio.gather(*(world.start(request) for _ in range(5)))
    assert {admission.model_dump_json() for _, admission in starts} == {starts[0][1].model_dump_json()}
    await world.until(starts[0][0], lambda p: p.status is RunStatus.DRAFT_READY)
    again = await start_generation(world.client, request, f"start-{request.video_id}")
    assert again == starts[0][1]
    assert (world.balance().posted, world.balance().held) == (50, 0)


STEPS = {
    "analyze": StageName.ANALYSIS,
    "envision": StageName.VISION,
    "cast": StageName.CASTING,
    "plan": StageName.PLANNING,
    "specify_shots": StageName.SHOTS,
    "write_prompts": StageName.PROMPTS,
    "paint": StageName.STILLS,
    "animate": StageName.CLIPS,
    "assemble": StageName.ASSEMBLY,
}


@pytest.mark.parametrize("step", STEPS)
async def test_cancel_in_any_stage_gives_everything_back(world: World, tmp_path: Path, step: str) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans[step] = block
    request = world.request(world.add_song(tmp_path, heard=step != "analyze"))
    handle, _ = await world.start(request)
    assert await asyncio.to_thread(reached.wait, 200)
    assert (await handle.query(GenerateVideo.progress)).stages[list(STEPS).index(step)].status is StageStatus.RUNNING
    await handle.cancel()
    try:
        with pytest.raises(WorkflowFailureError):
            await handle.result()
    finally:
        go_on.set()
    progress = await handle.query(GenerateVideo.progress)
    assert progress.status is RunStatus.CANCELLED
    assert progress.stages[list(STEPS).index(step)].status is StageStatus.FAILED
    assert (world.balance().posted, world.balance().held) == (250, 0)
    assert world.stores.catalogue.videos(world.account_id).videos == ()


@pytest.mark.parametrize("step", STEPS)
async def test_a_definite_failure_in_any_stage_gives_the_credits_back(world: World, tmp_path: Path, step: str) -> None:
    world.faults.plans[step] = always(InvalidInput("This cannot be made; try another song.", code="nope"))
    handle, _ = await world.start(world.request(world.add_song(tmp_path, heard=step != "analyze")))
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result()
    cause = failed.value.cause
    while cause.__cause__ is not None and not isinstance(cause, ApplicationError):
        cause = cause.__cause__
    progress = await handle.query(GenerateVideo.progress)
    assert progress.status is RunStatus.FAILED
    assert progress.failure is not None
    assert progress.failure.sentence == "This cannot be made; try another song."
    assert progress.stages[list(STEPS).index(step)].status is StageStatus.FAILED
    assert (world.balance().posted, world.balance().held) == (250, 0)


@pytest.mark.parametrize(
    ("step", "crash", "attempts"),
    [
        ("analyze", JobCrashed("hear: ValueError: shapes", again=True), 1),
        ("encode_soundtrack", JobCrashed("encode: ValueError: shapes", again=True), 1),
        ("analyze", JobCrashed("hear used 1,102 MB", limit=True), QUICK.max_attempts),
    ],
)
async def test_a_song_that_always_breaks_the_analysis_ends_with_the_credits_back(
    world: World, tmp_path: Path, step: str, crash: JobCrashed, attempts: int
) -> None:
    world.faults.plans[step] = always(crash)
    handle, _ = await world.start(world.request(world.add_song(tmp_path, heard=False)))
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    progress = await handle.query(GenerateVideo.progress)
    assert progress.status is RunStatus.FAILED
    assert progress.failure is not None
    assert "Nothing was charged" in progress.failure.sentence
    assert world.faults.calls[step] == attempts
    assert (world.balance().posted, world.balance().held) == (250, 0)


async def test_a_worker_that_was_killed_at_the_analysis_parks_nothing(world: World, tmp_path: Path) -> None:
    def once(count: int) -> None:
        if count == 1:
            raise JobCrashed("hear: its process died before it answered")

    world.faults.plans["analyze"] = once
    handle, _ = await world.start(world.request(world.add_song(tmp_path, heard=False)))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)


async def test_passing_failures_are_retried(world: World, tmp_path: Path) -> None:
    def twice(count: int) -> None:
        if count <= 2:
            raise ProviderUnavailable("away")

    for step in STEPS:
        world.faults.plans[step] = twice
    handle, _ = await world.start(world.request(world.add_song(tmp_path, heard=False)))
    progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert progress.credits_charged == 200


async def test_spent_retries_park_the_run_until_support_lets_it_try_again(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = always(ProviderUnavailable("The painter is away."))
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    parked = await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert parked.stages[6].status is StageStatus.WAITING
    assert parked.stages[6].sentence == "The painter is away."
    assert world.balance().held == 200
    del world.faults.plans["paint"]
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="back again"))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_an_abandoned_run_is_refunded(world: World, tmp_path: Path) -> None:
    world.faults.plans["animate"] = always(ProviderUnavailable("away"))
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    progress = await handle.execute_update(GenerateVideo.abandon, Reason(reason="provider is gone for good"))
    assert progress.failure is not None
    assert progress.failure.type == "Abandoned"
    assert (world.balance().posted, world.balance().held) == (250, 0)


@pytest.mark.parametrize("bound", ["park_timeout_s", "draft_timeout_s"])
async def test_nobody_waits_for_ever(world: World, tmp_path: Path, bound: str) -> None:
    world.faults.plans["paint"] = always(ProviderUnavailable("away"))
    limits = QUICK.model_copy(update={bound: 1.0})
    handle, _ = await world.start(world.request(world.add_song(tmp_path), limits))
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert (world.balance().posted, world.balance().held) == (250, 0)


def once(error: Exception) -> Callable[[int], None]:
    def plan(count: int) -> None:
        if count == 1:
            raise error

    return plan


@pytest.mark.parametrize("step", ["paint", "animate"])
async def test_one_scene_that_cannot_be_made_does_not_sink_a_video(world: World, tmp_path: Path, step: str) -> None:
    world.faults.plans[step] = once(ContentRefused("Not this."))
    request = world.request(world.add_song(tmp_path))
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    scenes = world.stores.vault.timeline(world.account_id, request.video_id).scenes
    marked = {scene.index: scene for scene in scenes if FALLBACK in scene.marks}
    fallen = [scene for scene in marked.values() if scene.reprise_of not in marked]
    assert len(fallen) == 1
    assert FREE_RETRY in fallen[0].marks
    if step == "paint":
        assert fallen[0].still_key in [scene.still_key for scene in scenes if scene is not fallen[0]]
    assert world.faults.calls.get("move", 0) == (1 if step == "animate" else 0)
    assert world.balance().posted == 50


def refusing(world: World, scenes: set[int]) -> Callable[..., None]:
    """A painter that refuses some scenes."""
    paint = world.engines.paint

    def refuse(request: StillRequest, *more: Any) -> None:
        if request.prompt.scene_index in scenes:
            raise ContentRefused("Not this.")
        paint(request, *more)

    return refuse


@pytest.mark.parametrize(("refused", "ended_as"), [({1, 2}, RunStatus.DRAFT_READY), ({1, 2, 3}, RunStatus.FAILED)])
async def test_a_tenth_of_the_scenes_may_go_without(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refused: set[int], ended_as: RunStatus
) -> None:
    world.engines.scenes = 20
    monkeypatch.setattr(world.engines, "paint", refusing(world, refused))
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    progress = await world.until(handle, lambda p: p.status in {RunStatus.DRAFT_READY, RunStatus.FAILED})
    assert progress.status is ended_as
    assert (world.balance().posted, world.balance().held) == (50 if progress.version else 250, 0)


async def test_a_reprise_of_a_scene_that_could_not_be_painted_is_marked_like_it(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(world.engines, "paint", refusing(world, {0}))
    request = world.request(world.add_song(tmp_path))
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    scenes = world.stores.vault.timeline(world.account_id, request.video_id).scenes
    marks = {scene.index: scene.marks for scene in scenes if scene.marks}
    assert marks == dict.fromkeys((0, 7), (FALLBACK, FREE_RETRY)), "both show a neighbour's still"


@pytest.mark.parametrize("step", ["paint", "animate"])
async def test_too_many_scenes_that_cannot_be_made_end_the_run(world: World, tmp_path: Path, step: str) -> None:
    world.faults.plans[step] = always(ContentRefused("Not any of this."))
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert world.balance().posted == 250


async def test_a_run_that_waits_for_another_analysis_hears_of_its_failure(world: World, tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def refuse(_count: int) -> None:
        reached.set()
        go_on.wait(200)
        raise InvalidInput("This song cannot be heard.")

    world.faults.plans["analyze"] = refuse
    song_id = world.add_song(tmp_path, heard=False)
    await start_analysis(world.client, AnalyzeRequest(account_id=world.account_id, song_id=song_id, limits=QUICK))
    assert await asyncio.to_thread(reached.wait, 200)
    handle, _ = await world.start(world.request(song_id))
    go_on.set()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert world.balance().posted == 250


async def test_a_song_is_heard_once(world: World, tmp_path: Path) -> None:
    world.grant(1000)
    song_id = world.add_song(tmp_path, heard=False)
    runs = await asyncio.gather(*(world.start(world.request(song_id)) for _ in range(3)))
    for handle, _ in runs:
        await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert world.faults.calls["analyze"] == 1
    assert world.faults.calls["encode_soundtrack"] == 1


async def test_a_locked_characters_images_reach_every_still_and_outlive_the_character(
    world: World, tmp_path: Path
) -> None:
    world.stores.objects.put_bytes(f"{world.account_id}/mara", b"face", "image/jpeg")
    characters = world.stores.characters
    mara = characters.add(world.account_id, "character-m", "Mara", "a woman", [f"{world.account_id}/mara"])
    brief = Brief(prompt="a fox", style="film-noir", character_ids=(mara.character_id,))
    request = world.request(world.add_song(tmp_path)).model_copy(update={"brief": brief})
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert world.engines.references == [[b"face"]] * 7
    assert world.stores.vault.brief(world.account_id, request.video_id) == brief, "as the artist gave it"
    copies = list(world.stores.objects.list_keys(video_prefix(world.account_id, request.video_id) + "references/"))
    assert [world.stores.objects.get_bytes(key) for key in copies] == [b"face"]


@pytest.mark.parametrize("whose", ["no account's", "another account's"])
async def test_a_character_that_is_not_the_artists_refuses_and_refunds(
    world: World, tmp_path: Path, whose: str
) -> None:
    character_id = f"character-{uuid4().hex}"
    if whose == "another account's":
        world.stores.ledger.open_account("bob")
        world.stores.objects.put_bytes("bob/face", b"face", "image/jpeg")
        world.stores.characters.add("bob", character_id, "Mara", "a woman", ["bob/face"])
    brief = Brief(prompt=f"Show {character_id} of bob.", style="film-noir", character_ids=(character_id,))
    request = world.request(world.add_song(tmp_path)).model_copy(update={"brief": brief})
    handle, _ = await world.start(request)
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result()
    assert "no longer in the Vault" in str(failed.value.__cause__)
    assert world.balance().posted == 250
    assert not list(world.stores.objects.list_keys(video_prefix(world.account_id, request.video_id)))
