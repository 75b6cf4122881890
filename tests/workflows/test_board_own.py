"""An artist's own pictures and clips on a storyboard: free, never ordered, cut once their scene is approved."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from engines.picture.probe import decoded_frames
from models.boarding import clips_of
from models.boards import BoardAnswer
from models.edits import MoveCut, ShowTake, Split, Trim
from models.failures import Conflict, InvalidInput, NotFound
from models.footage import FootageRef, OwnShot
from models.timeline import OWN
from models.vault import Shelf
from services.footage import add_footage, check_footage
from stores.opening import Stores
from temporal.boards import place_own
from tests.fakes.board_desk import BoardDesk, waiting_board
from tests.fakes.engines import Faults
from tests.fakes.footage import FootageEngines
from tests.fakes.own_footage import number_in, picture, write_clip
from tests.fakes.world import World
from tests.workflows.test_own_footage import Room
from tests.workflows.test_studio_any_sequence import check_tiling


@pytest.fixture
async def desk(temporal: Client, stores: Stores, tmp_path: Path) -> AsyncIterator[BoardDesk]:
    """A storyboard of eight scenes of 64 frames, whose media will be real."""
    world = World(temporal, stores, Faults())
    world.engines = world.director = world.mover = FootageEngines(world.faults)
    world.conformer = world.engines
    await world.work()
    yield await waiting_board(world, tmp_path)
    await world.end()


def kept(desk: BoardDesk, path: Path) -> FootageRef:
    room: Any = Room(desk.world.stores)
    return add_footage(room, desk.world.account_id, check_footage(path, path.name, path.parent))


async def place(desk: BoardDesk, scene_id: int, **shot: Any) -> BoardAnswer:
    return await place_own(desk.world.client, desk.order(scene_id=scene_id, own=OwnShot(**shot)))


def numbers(desk: BoardDesk, key: str, folder: Path) -> list[int]:
    path = folder / Path(key).name
    desk.world.stores.objects.get_file(key, path)
    shown: list[Any] = [frame.to_ndarray(format="rgb24") for frame in decoded_frames(path)]
    return [number_in(one) for one in shown]


async def test_own_clips_and_pictures_are_shown_and_cut_like_the_board_says(desk: BoardDesk, tmp_path: Path) -> None:
    clip = kept(desk, write_clip(tmp_path / "walk.mp4", [picture(96, 96, n % 25) for n in range(100)]))
    short = kept(desk, write_clip(tmp_path / "short.mp4", [picture(96, 96, n % 25) for n in range(20)]))
    with pytest.raises(NotFound, match="no longer in your Vault"):
        await place(desk, 2, footage_id="footage-unknown")
    with pytest.raises(InvalidInput, match=r"begin at 4\.50 s at the latest"):
        await place(desk, 2, footage_id=clip.footage_id, in_s=5)
    await place(desk, 0, footage_id=clip.footage_id, in_s=2.5)
    await place(desk, 5, footage_id=short.footage_id)
    scenes = desk.board.timeline.scenes
    assert (scenes[0].marks, scenes[0].in_frame, scenes[0].clip_frames) == ((OWN,), 20, 100)
    assert scenes[7].footage_id == clip.footage_id, "a reprise shows it, too"
    assert len(clips_of(desk.board.timeline)) == 5
    with pytest.raises(InvalidInput, match="no clip to trim"):
        await desk.edit(Trim(scene_id=1, in_frame=3))
    await desk.edit(Trim(scene_id=0, in_frame=3), MoveCut(scene_id=1, frame=56), Split(scene_id=0, frame=24))
    await desk.edit(ShowTake(scene_id=7, take="draft"))
    assert desk.board.timeline.scenes[-1].footage_id == ""

    desk.world.stores.deletion.hide(desk.world.account_id, Shelf.FOOTAGE, short.footage_id)
    gone = desk.world.stores.deletion.forget(desk.world.account_id, Shelf.FOOTAGE, short.footage_id)
    assert all(desk.world.stores.objects.delete_prefix(prefix) for prefix in gone.prefixes)

    await desk.approve([0])
    with pytest.raises(Conflict, match="is approved"):
        await place(desk, 0, footage_id=clip.footage_id)
    await desk.approve()
    made = await desk.delivered()
    check_tiling(made)
    assert desk.world.faults.calls["animate"] == 6, "no clip was made for the own ones"
    first, second = made.scenes[:2]
    assert (first.in_frame, second.in_frame, first.end_frame) == (3, 27, 24)
    assert numbers(desk, first.segment_key, tmp_path)[:3] == [3, 4, 5]
    assert numbers(desk, second.segment_key, tmp_path)[:3] == [2, 3, 4]
    filled = next(scene for scene in made.scenes if scene.identity == 5)
    assert (filled.marks, filled.clip_key) == ((OWN,), "")
    assert len(numbers(desk, filled.segment_key, tmp_path)) == filled.frame_count
    assert (desk.world.balance().posted, desk.world.balance().held) == (50, 0)
