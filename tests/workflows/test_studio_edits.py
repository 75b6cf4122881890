"""Free edits from order to version: only what changed is encoded, and undo gives the same bytes."""

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from engines.picture.probe import probe_picture
from models.edits import Freeze, Merge, MoveCut, Repeat, Split, Swap, Trim
from models.failures import Conflict, InvalidInput
from models.studio import RestoredBy, StudioKind, StudioOperation, StudioState
from models.timeline import CLIP_SHORT, CLIP_STALE, Timeline
from models.undoing import UndoState, undo_state
from stores.opening import Stores
from temporal.studio import rebuild
from tests.fakes.desk import Desk, finished_video
from tests.fakes.engines import Faults
from tests.fakes.footage import FootageEngines
from tests.fakes.world import World
from tests.workflows.test_studio_any_sequence import check_tiling, mp4_of, packets_of


@pytest.fixture
async def desk(temporal: Client, stores: Stores, tmp_path: Path) -> AsyncIterator[Desk]:
    """An artist at a real video of eight scenes of 64 frames."""
    world = World(temporal, stores, Faults())
    world.engines = world.director = world.mover = FootageEngines(world.faults)
    world.conformer = world.engines
    await world.work()
    world.grant(100)
    yield await finished_video(world, tmp_path)
    await world.end()


async def edit(desk: Desk, *edits: Any, base: int | None = None) -> StudioOperation:
    base = desk.timeline().version if base is None else base
    done = await desk.do(StudioKind.EDIT, edits=edits, base_version=base)
    assert done.state is StudioState.DELIVERED, done.failure
    return done


async def undo_or_redo(desk: Desk, way: RestoredBy) -> StudioOperation:
    found = cursor(desk)
    version = found.undo if way is RestoredBy.UNDO else found.redo
    base = desk.timeline().version
    return await desk.do(StudioKind.RESTORE, version=version, base_version=base, restored_by=way)


def cursor(desk: Desk) -> UndoState:
    return undo_state(desk.world.stores.operations.of_video(desk.world.account_id, desk.video_id))


def encoded(desk: Desk) -> int:
    return sum(desk.world.faults.calls.get(name, 0) for name in ("animate", "cut", "conform"))


async def pictures(desk: Desk, timeline: Timeline, folder: Path) -> list[bytes]:
    """The packets of a version's picture; checks that it is whole."""
    check_tiling(timeline)
    key = await rebuild(desk.world.client, desk.world.account_id, timeline, desk.limits)
    path = folder / f"{timeline.version}.mp4"
    desk.world.stores.objects.get_file(key, path)
    assert probe_picture(path).frame_count == timeline.frame_count
    return packets_of(path)[0]


async def test_edits_encode_what_they_change_and_come_back_bit_for_bit(desk: Desk, tmp_path: Path) -> None:
    first, credits = desk.timeline(), desk.balance()
    drafted, before = encoded(desk), await pictures(desk, first, tmp_path)

    await edit(desk, MoveCut(scene_id=1, frame=60), Swap(scene_id=2, other_id=3))
    moved = desk.timeline()
    assert encoded(desk) - drafted == 2, "one is cut, one gets a longer move; two of one length only change places"
    assert [scene.identity for scene in moved.scenes] == [0, 1, 3, 2, 4, 5, 6, 7]
    assert [scene.marks for scene in moved.scenes[:3]] == [(), (CLIP_SHORT,), ()]
    after = await pictures(desk, moved, tmp_path)
    assert after[128:192] == before[192:256], "moved, and the same to the bit"
    assert after[192:256] == before[128:192]
    assert after[256:] == before[256:]
    assert after[:128] != before[:128]

    await edit(desk, Split(scene_id=0, frame=28), Trim(scene_id=8, in_frame=8), Freeze(scene_id=2, frame=200))
    split = desk.timeline()
    assert [scene.identity for scene in split.scenes] == [0, 8, 1, 3, 2, 4, 5, 6, 7]
    assert encoded(desk) - drafted == 5
    assert (await pictures(desk, split, tmp_path))[60:192] == after[60:192]

    assert cursor(desk) == UndoState(undo=2, redo=None)
    await undo_or_redo(desk, RestoredBy.UNDO)
    await undo_or_redo(desk, RestoredBy.UNDO)
    undone = desk.timeline()
    assert (undone.version, undone.scenes, undone.video_key) == (5, first.scenes, first.video_key)
    assert mp4_of(desk, undone) == mp4_of(desk, desk.timeline(1))
    await undo_or_redo(desk, RestoredBy.REDO)
    assert desk.timeline().scenes == moved.scenes
    assert cursor(desk) == UndoState(undo=1, redo=3)
    assert encoded(desk) - drafted == 5, "nothing is encoded to go back and forth"
    await edit(desk, Merge(scene_id=0))
    assert desk.timeline().next_id == 9, "an id of a version that was undone is not used again"
    assert cursor(desk) == UndoState(undo=2, redo=None)
    assert desk.balance() == credits
    assert desk.world.stores.ledger.verify().differences == ()


async def test_an_edited_scene_is_made_anew_and_takes_fit_their_new_length(desk: Desk, tmp_path: Path) -> None:
    await edit(desk, Split(scene_id=1, frame=96))
    done = await desk.do(StudioKind.VIDEO, 2)
    assert (done.state, done.order.scene) == (StudioState.DELIVERED, 8), "the second half, by its id"
    scene = desk.timeline().scenes[2]
    assert (scene.take_id, scene.frame_count, scene.shows_scene, scene.marks) == (done.order.operation_id, 32, None, ())
    await edit(desk, MoveCut(scene_id=2, frame=120))
    cut = desk.timeline().scenes[2]
    assert (cut.frame_count, cut.take_id) == (24, done.order.operation_id)
    image = await desk.do(StudioKind.IMAGE, 2)
    assert image.state is StudioState.DELIVERED
    await desk.do(StudioKind.CHOOSE, 2, take_id=done.order.operation_id)
    assert desk.timeline().scenes[2].segment_key == cut.segment_key, "the same part of the same take"
    await edit(desk, Repeat(scene_id=0, other_id=8))
    await desk.do(StudioKind.CHOOSE, 0, take_id="draft")
    assert desk.timeline().scenes[0] == desk.timeline(1).scenes[0]
    with pytest.raises(InvalidInput, match="no take 'draft'"):
        await desk.order(StudioKind.CHOOSE, 2, take_id="draft")
    assert probe_picture(await whole(desk, tmp_path)).frame_count == desk.timeline().frame_count


async def whole(desk: Desk, folder: Path) -> Path:
    path = folder / "newest.mp4"
    desk.world.stores.objects.get_file(desk.timeline().video_key, path)
    return path


async def test_a_take_that_is_made_meanwhile_fits_the_edited_scene(desk: Desk) -> None:
    """Its scene is cut while it is filmed: the take is cut to its new length, and pays for itself."""
    painting, go_on = threading.Event(), threading.Event()

    def slowly(_: int) -> None:
        painting.set()
        assert go_on.wait(200)

    desk.world.faults.plans["paint"] = slowly
    ticket = await desk.order(StudioKind.IMAGE, 1, operation_id="slow")
    assert await asyncio.to_thread(painting.wait, 200)
    with pytest.raises(Conflict, match="Scene 2 is being worked on and would vanish"):
        await desk.order(StudioKind.EDIT, edits=(Merge(scene_id=0),), base_version=1)
    edited = await edit(desk, MoveCut(scene_id=2, frame=116))
    go_on.set()
    done = await desk.ended(ticket)
    assert (edited.version, done.version) == (2, 3)
    scene = desk.timeline().scenes[1]
    assert (scene.end_frame, scene.take_id, scene.marks) == (116, "slow", (CLIP_STALE,))
    assert desk.balance().posted == 140


async def test_what_cannot_be_done_is_refused_and_changes_nothing(desk: Desk) -> None:
    await edit(desk, MoveCut(scene_id=1, frame=60))
    with pytest.raises(Conflict, match="Version 2 is the newest by now") as moved:
        await desk.order(StudioKind.EDIT, edits=(Merge(scene_id=0),), base_version=1)
    assert moved.value.code == "version_moved"
    for bad, said in (
        (Merge(scene_id=7), "none after it"),
        (Trim(scene_id=3, in_frame=9), "at frame 0 at the latest"),
        (Merge(scene_id=77), "id 77"),
    ):
        with pytest.raises(InvalidInput, match=said):
            await desk.order(StudioKind.EDIT, edits=(bad,), base_version=2)
    with pytest.raises(InvalidInput, match="1 to 100 edits"):
        await desk.order(StudioKind.EDIT, base_version=2)
    assert desk.timeline().version == 2
