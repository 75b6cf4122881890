"""Records the histories of runs with a storyboard, as record_histories.py does. No test."""

from pathlib import Path

import pytest
from PIL import Image
from temporalio.client import WorkflowFailureError

from models.board_edits import Reword
from models.edits import MoveCut
from models.failures import Conflict, ContentRefused
from models.footage import OwnShot
from models.generation import Limits
from models.progress import RunStatus
from services.footage import add_footage, check_footage
from temporal.boards import place_own
from tests.fakes.board_desk import BoardDesk, waiting_board
from tests.fakes.own_footage import picture
from tests.fakes.world import QUICK, World
from tests.replay.recording import SCENES, fail, save
from workflows.generate_video import GenerateVideo


async def storyboard(world: World, folder: Path, limits: Limits = QUICK) -> BoardDesk:
    world.engines.scenes = SCENES
    return await waiting_board(world, folder, limits)


async def test_storyboard(world: World, tmp_path: Path) -> None:
    """Edits, stills made anew (one comes to nothing), an own picture, and approvals in two steps."""
    desk = await storyboard(world, tmp_path)
    await desk.edit(MoveCut(scene_id=1, frame=160), Reword(scene_id=1, image="a heron"))
    await desk.painted(await desk.repaint(1))
    world.faults.plans["paint"] = fail(ContentRefused("Not this."))
    await desk.painted(await desk.repaint(0))
    del world.faults.plans["paint"]
    await desk.approve([0])
    await world.until(desk.handle, lambda p: p.board is not None and p.board.filmed == 1)
    path = tmp_path / "photo.png"
    Image.fromarray(picture(96, 96)).save(path)
    photo = add_footage(world.app, world.account_id, check_footage(path, path.name, tmp_path))
    await place_own(world.client, desk.order(scene_id=1, own=OwnShot(footage_id=photo.footage_id, stands_still=True)))
    await desk.approve()
    await desk.until(RunStatus.DRAFT_READY)
    await desk.handle.cancel()
    await desk.handle.result()
    await save(desk.handle, "storyboard")


async def test_storyboard_continued_as_new(world: World, tmp_path: Path) -> None:
    desk = await storyboard(world, tmp_path, QUICK.model_copy(update={"history_events": 100}))
    first = (await desk.handle.describe()).run_id
    await desk.approve([0])
    await world.until(desk.handle, lambda p: p.board is not None and p.board.filmed == 1)
    while (await desk.handle.describe()).run_id == first:
        await desk.edit(Reword(scene_id=1, motion=f"slowly {desk.row.revision}"))
    await desk.approve()
    await desk.until(RunStatus.DRAFT_READY)
    await desk.handle.cancel()
    await desk.handle.result()
    runs = world.client
    await save(runs.get_workflow_handle_for(GenerateVideo.run, desk.handle.id, run_id=first), "storyboard-turned")
    await save(desk.handle, "storyboard-continued")


async def test_storyboard_unanswered(world: World, tmp_path: Path) -> None:
    limits = QUICK.model_copy(update={"board_timeout_s": 0.2, "board_warning_s": 0.1})
    world.engines.scenes = SCENES
    request = world.request(world.add_song(tmp_path), limits).model_copy(update={"storyboard": True})
    handle, _ = await world.start(request)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await save(handle, "storyboard-unanswered")


async def test_storyboard_undone(world: World, tmp_path: Path) -> None:
    """Undo and redo, also of a still; one that would change an approved scene is refused."""
    desk = await storyboard(world, tmp_path)
    await desk.edit(MoveCut(scene_id=1, frame=160))
    await desk.painted(await desk.repaint(0))
    await desk.undo()
    await desk.undo()
    await desk.redo()
    await desk.approve([1])
    with pytest.raises(Conflict):
        await desk.undo()
    await desk.redo()
    await desk.approve()
    await desk.until(RunStatus.DRAFT_READY)
    await desk.handle.cancel()
    await desk.handle.result()
    await save(desk.handle, "storyboard-undone")
