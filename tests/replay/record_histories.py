"""Records one history of every scenario that has none in `histories/`. No test; called by `make histories`.

Each scenario runs on the real server with engines that answer at once.
"""

import asyncio
import dataclasses
import threading
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.client import WorkflowFailureError

from engines.picture.delivered import Inspector
from engines.providers.fal import FalClient, choose
from models.exports import ExportRequest
from models.failures import ContentRefused, InvalidInput, ProviderUnavailable
from models.generation import Limits, Reason
from models.ids import analyze_workflow_id, rebuild_workflow_id, remove_workflow_id
from models.progress import RunStatus
from models.studio import StudioKind, StudioOperation
from models.vault import ExportKind, RemovalRequest, Shelf
from services.hearing import hear_again
from temporal.deletion import delete_from_vault
from temporal.exports import start_export
from temporal.generation import GenerateHandle
from temporal.resets import reset_generation
from temporal.studio import close_video, rebuild, regeneration
from tests.fakes.desk import Desk, finished_video
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World
from tests.replay.recording import SCENES, fail, save
from tests.workflows.test_hearing_again import blocking, old_song
from tests.workflows.test_temporal_pages import joined_analysis
from workflows.generate_video import GenerateVideo

STEPS = (
    "analyze",
    "envision",
    "cast",
    "plan",
    "specify_shots",
    "write_prompts",
    "paint",
    "animate",
    "assemble",
)


async def start(world: World, folder: Path) -> GenerateHandle:
    world.engines.scenes = SCENES
    handle, _ = await world.start(world.request(world.add_song(folder, heard=False)))
    return handle


async def test_success(world: World, tmp_path: Path) -> None:
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.execute_update(GenerateVideo.close, Reason())
    await handle.result()
    await save(handle, "success")
    await save(handle, "success-in-order")
    song_id = world.stores.catalogue.songs(world.account_id).songs[0].song_id
    analysis = world.client.get_workflow_handle(analyze_workflow_id(song_id))
    await save(analysis, "analysis")


async def test_joined_an_analysis(world: World, tmp_path: Path) -> None:
    await save(await joined_analysis(world, tmp_path), "joined-an-analysis")


async def test_waited_for_its_turn(world: World, tmp_path: Path) -> None:
    await world.rest()
    world.grant(200)
    world.drafts_at_once = 1
    await world.work()
    _, go_on = blocking(world, "envision")
    await start(world, tmp_path)
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.sentence == "Waiting for its turn.")
    go_on.set()
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.execute_update(GenerateVideo.close, Reason())
    await handle.result()
    await save(handle, "waited-for-its-turn")


async def test_heard_again(world: World, tmp_path: Path) -> None:
    song = old_song(world, tmp_path)
    handle = await hear_again(world.app, world.account_id, song.song_id, limits=QUICK)
    await handle.result()
    await save(handle, "heard-again")


@pytest.mark.parametrize("step", STEPS)
async def test_cancelled(world: World, tmp_path: Path, step: str) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans[step] = block
    handle = await start(world, tmp_path)
    assert await asyncio.to_thread(reached.wait, 200)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    go_on.set()
    await save(handle, f"cancelled-{step}")


async def test_failed(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = fail(InvalidInput("This cannot be made."))
    handle = await start(world, tmp_path)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await save(handle, "failed")


async def test_scene_fallback(world: World, tmp_path: Path) -> None:
    def refuse(count: int) -> None:
        if count == 1:
            raise ContentRefused("Not this.")

    world.faults.plans["animate"] = refuse
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.cancel()
    await handle.result()
    await save(handle, "scene-fallback")


async def test_reset_after_refund(world: World, tmp_path: Path) -> None:
    world.faults.plans["assemble"] = fail(InvalidInput("not like this"))
    handle = await start(world, tmp_path)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    del world.faults.plans["assemble"]
    await reset_generation(world.client, handle.id.removeprefix("generate-"), "assemble_video", "test")
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.cancel()
    await handle.result()
    await save(handle, "reset-after-refund")


async def test_refused(world: World, tmp_path: Path) -> None:
    world.grant(100)
    await start(world, tmp_path)
    with pytest.raises(Exception, match="credits"):
        await start(world, tmp_path)
    with pytest.raises(WorkflowFailureError):
        await world.handles[-1].result()
    await save(world.handles[-1], "refused")


async def test_parked_and_retried(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = fail(ProviderUnavailable("The painter is away."))
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    del world.faults.plans["paint"]
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="back"))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.cancel()
    await handle.result()
    await save(handle, "parked-and-retried")


async def test_parked_and_abandoned(world: World, tmp_path: Path) -> None:
    world.faults.plans["animate"] = fail(ProviderUnavailable("The animator is away."))
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await handle.execute_update(GenerateVideo.abandon, Reason(reason="gone for good"))
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await save(handle, "parked-and-abandoned")


async def test_deleted(world: World, tmp_path: Path) -> None:
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    video_id = handle.id.removeprefix("generate-")
    request = RemovalRequest(account_id=world.account_id, shelf=Shelf.VIDEO, subject_id=video_id)
    await delete_from_vault(world.client, request)
    deletion = world.client.get_workflow_handle(remove_workflow_id(video_id))
    await deletion.result()
    await save(deletion, "deleted-with-histories")


async def test_not_deleted(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = fail(ProviderUnavailable("The painter is away."))
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    video_id = handle.id.removeprefix("generate-")
    request = RemovalRequest(account_id=world.account_id, shelf=Shelf.VIDEO, subject_id=video_id)
    with pytest.raises(InvalidInput, match="still open"):
        await delete_from_vault(world.client, request)
    deletion = world.client.get_workflow_handle(remove_workflow_id(video_id))
    with pytest.raises(WorkflowFailureError):
        await deletion.result()
    await save(deletion, "not-deleted")


async def export_of(world: World, tmp_path: Path) -> ExportRequest:
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    return ExportRequest(
        account_id=world.account_id,
        video_id=handle.id.removeprefix("generate-"),
        version=1,
        kind=ExportKind.SQUARE,
        title="Song",
        style="film-noir",
        limits=QUICK,
    )


async def test_exported(world: World, tmp_path: Path) -> None:
    handle = await start_export(world.client, await export_of(world, tmp_path))
    await handle.result()
    await save(handle, "exported")


async def test_export_failed(world: World, tmp_path: Path) -> None:
    request = await export_of(world, tmp_path)
    world.faults.plans["make_export"] = fail(InvalidInput("This cannot be made."))
    handle = await start_export(world.client, request)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await save(handle, "export-failed")


async def test_export_cancelled(world: World, tmp_path: Path) -> None:
    request = await export_of(world, tmp_path)
    reached = threading.Event()

    def until_cancelled(_count: int) -> None:
        reached.set()
        activity.wait_for_cancelled_sync(timeout=200)

    world.faults.plans["make_export"] = until_cancelled
    handle = await start_export(world.client, request)
    assert await asyncio.to_thread(reached.wait, 200)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await save(handle, "export-cancelled")


async def finished(world: World, folder: Path, limits: Limits = QUICK) -> Desk:
    world.engines.scenes = SCENES
    return await finished_video(world, folder, limits)


async def closed(desk: Desk, name: str) -> None:
    """Close the run and keep its history."""
    await close_video(desk.world.client, desk.video_id)
    await desk.handle.result()
    await save(desk.handle, name)


async def child_of(desk: Desk, operation: StudioOperation, name: str) -> None:
    await save(regeneration(desk.world.client, desk.video_id, operation.order.operation_id), name)


async def test_regenerated(world: World, tmp_path: Path) -> None:
    world.grant(100)
    desk = await finished(world, tmp_path)
    image, video = await desk.do(StudioKind.IMAGE, 0), await desk.do(StudioKind.VIDEO, 0)
    await desk.do(StudioKind.CHOOSE, 0, take_id="draft")
    await child_of(desk, image, "regenerated-image")
    await child_of(desk, image, "regenerated-in-order")
    await child_of(desk, video, "regenerated-video")
    await closed(desk, "studio")
    timeline = desk.timeline(2)
    await rebuild(world.client, world.account_id, timeline, QUICK)
    await save(world.client.get_workflow_handle(rebuild_workflow_id(desk.video_id, 2)), "rebuilt")


async def test_regeneration_failed(world: World, tmp_path: Path) -> None:
    desk = await finished(world, tmp_path)
    world.faults.plans["paint"] = fail(ContentRefused("Not this."))
    operation = await desk.do(StudioKind.IMAGE, 0)
    await child_of(desk, operation, "regeneration-failed")
    await closed(desk, "studio-refunded")


async def test_continued_as_new(world: World, tmp_path: Path) -> None:
    desk = await finished(world, tmp_path, QUICK.model_copy(update={"history_events": 60}))
    await desk.do(StudioKind.IMAGE, 0)
    await desk.do(StudioKind.IMAGE, 1)
    await closed(desk, "studio-continued")
    runs = [run async for run in world.client.list_workflows(f"WorkflowId = '{desk.handle.id}'")]
    first = min(runs, key=lambda run: run.start_time)
    await save(world.client.get_workflow_handle_for(GenerateVideo.run, first.id, run_id=first.run_id), "studio-turned")


async def test_reopened(world: World, tmp_path: Path) -> None:
    desk = await finished(world, tmp_path)
    await close_video(world.client, desk.video_id)
    await desk.handle.result()
    await desk.do(StudioKind.IMAGE, 0)
    await closed(desk, "studio-reopened")


async def test_cancelled_while_regenerating(world: World, tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    desk = await finished(world, tmp_path)
    world.faults.plans["paint"] = block
    ticket = await desk.order(StudioKind.IMAGE, 0)
    assert await asyncio.to_thread(reached.wait, 200)
    await desk.handle.cancel()
    await desk.handle.result()
    go_on.set()
    await save(desk.handle, "studio-cancelled")
    await child_of(desk, await desk.ended(ticket), "regeneration-cancelled")


async def test_bought(world: World, fal_server: FalServer, tmp_path: Path) -> None:
    """Pieces from a provider: one refused and rewritten, one broken and bought again."""
    await world.rest()
    world.provider, world.inspector = FalClient(KEY, choose()), Inspector()
    world.terms = dataclasses.replace(world.terms, capacity=9, poll_s=0.05)
    world.engines.duration_s = 8.0 * SCENES
    await world.work()
    fates = {1: "policy", 2: "black"}
    fal_server.behaviour.job = lambda number, arguments: fates.get(number, "ok")
    handle = await start(world, tmp_path)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.cancel()
    await handle.result()
    await save(handle, "bought")
