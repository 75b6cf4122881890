"""An own picture and an own clip from the Vault to a version: free, exact, and undone like everything."""

import base64
import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from engines.picture.probe import decoded_frames
from models.edits import Freeze, MoveCut, Trim
from models.failures import InvalidInput
from models.footage import Focus, FootageRef, OwnShot
from models.object_keys import own_clip_key
from models.studio import RestoredBy, StudioKind, StudioState
from models.timeline import OWN
from models.vault import Shelf
from services.footage import add_footage, check_footage
from stores.opening import Stores
from tests.fakes.desk import Desk
from tests.fakes.fal_server import FalServer
from tests.fakes.own_footage import corners_of, number_in, picture, write_clip
from tests.fakes.world import World
from tests.workflows.test_run_models import bought, buying
from tests.workflows.test_studio_any_sequence import check_tiling
from tests.workflows.test_studio_edits import desk

__all__ = ["buying", "desk"]


class Room:
    """What services need to store footage."""

    def __init__(self, stores: Stores) -> None:
        self.stores = stores


def kept(desk: Desk, path: Path) -> FootageRef:
    folder = path.parent
    return add_footage(Room(desk.world.stores), desk.world.account_id, check_footage(path, path.name, folder))  # type: ignore[arg-type]


def shown(desk: Desk, key: str, folder: Path) -> list[Any]:
    path = folder / Path(key).name
    desk.world.stores.objects.get_file(key, path)
    return [frame.to_ndarray(format="rgb24") for frame in decoded_frames(path)]


async def test_own_clip_and_picture_become_versions_and_are_edited_like_any_other(desk: Desk, tmp_path: Path) -> None:
    first, credits = desk.timeline(), desk.balance()
    clip = kept(desk, write_clip(tmp_path / "walk.mov", [picture(160, 120, n % 25) for n in range(100)], turn="clock"))
    done = await desk.do(StudioKind.OWN, 2, own=OwnShot(footage_id=clip.footage_id, in_s=2.5, focus=Focus(x=0.4)))
    assert (done.state, done.version, done.price) == (StudioState.DELIVERED, 2, 0), done.failure
    timeline = desk.timeline()
    check_tiling(timeline)
    scene = timeline.scenes[2]
    assert (scene.marks, scene.in_frame, scene.clip_frames, scene.footage_id) == ((OWN,), 20, 100, clip.footage_id)
    assert [one for one in timeline.scenes if one.index != 2] == [one for one in first.scenes if one.index != 2]
    frames = shown(desk, scene.segment_key, tmp_path)
    assert [number_in(one) for one in frames[:8]] == [20, 21, 22, 23, 24, 0, 1, 2]
    assert (len(frames), corners_of(frames[0])) == (64, (0, 1, 2, 3))

    still = tmp_path / "still.png"
    desk.world.stores.objects.get_file(scene.still_key, still)
    assert number_in(np.asarray(Image.open(still))) == 20, "the scene's picture is the clip's where the scene begins"

    assert (await desk.do(StudioKind.EDIT, edits=(Trim(scene_id=2, in_frame=3),), base_version=2)).version == 3
    trimmed = desk.timeline().scenes[2]
    assert [number_in(one) for one in shown(desk, trimmed.segment_key, tmp_path)[:3]] == [3, 4, 5]
    await desk.do(StudioKind.EDIT, edits=(MoveCut(scene_id=2, frame=120),), base_version=3)
    longer = desk.timeline().scenes[2]
    assert (longer.frame_count, longer.marks, longer.focus) == (72, (OWN,), Focus(x=0.4))
    await desk.do(StudioKind.RESTORE, version=1, base_version=4, restored_by=RestoredBy.UNDO)
    assert desk.timeline().scenes == first.scenes

    path = tmp_path / "photo.png"
    Image.fromarray(picture(300, 200, 9)).save(path)
    photo = kept(desk, path)
    moving = await desk.do(StudioKind.OWN, 3, own=OwnShot(footage_id=photo.footage_id))
    assert moving.state is StudioState.DELIVERED, moving.failure
    assert desk.timeline().scenes[3].marks == (OWN,), "a camera move over an own picture is no clip that is too short"
    await desk.do(StudioKind.OWN, 3, own=OwnShot(footage_id=photo.footage_id, stands_still=True))
    standing = desk.timeline().scenes[3]
    frames = shown(desk, standing.segment_key, tmp_path)
    assert {number_in(one) for one in frames} == {9}
    assert np.abs(frames[0].astype(int) - frames[-1]).mean() < 2, "it stands still"
    newest = desk.timeline().version
    await desk.do(StudioKind.EDIT, edits=(Freeze(scene_id=3, frame=None),), base_version=newest)
    assert desk.timeline().scenes[3].segment_key == desk.timeline(newest - 1).scenes[3].segment_key, "it moves again"

    desk.world.stores.deletion.hide(desk.world.account_id, Shelf.FOOTAGE, clip.footage_id)
    removal = desk.world.stores.deletion.forget(desk.world.account_id, Shelf.FOOTAGE, clip.footage_id)
    for prefix in removal.prefixes:
        assert desk.world.stores.objects.delete_prefix(prefix) == 2
    with pytest.raises(InvalidInput, match="no such picture or clip"):
        await desk.order(StudioKind.OWN, 2, own=OwnShot(footage_id=clip.footage_id))
    await desk.do(StudioKind.CHOOSE, 2, take_id=done.order.operation_id)
    again = desk.timeline()
    assert again.scenes[2].segment_key == scene.segment_key, "the video keeps its own copy"
    copy = own_clip_key(desk.world.account_id, desk.video_id, clip.footage_id, "mov")
    assert desk.world.stores.objects.size(copy) == clip.size_bytes
    await desk.do(StudioKind.EDIT, edits=(Trim(scene_id=2, in_frame=1),), base_version=again.version)
    assert number_in(shown(desk, desk.timeline().scenes[2].segment_key, tmp_path)[0]) == 1
    assert desk.balance() == credits


async def test_a_clip_that_is_too_short_is_filled_and_one_that_begins_too_late_is_refused(
    desk: Desk, tmp_path: Path
) -> None:
    clip = kept(desk, write_clip(tmp_path / "short.mp4", [picture(96, 96, n % 25) for n in range(20)]))
    with pytest.raises(InvalidInput, match=r"lasts 2\.50 s and scene 3 8\.00 s: begin at 0 s, or choose a longer one"):
        await desk.order(StudioKind.OWN, 2, own=OwnShot(footage_id=clip.footage_id, in_s=1))
    done = await desk.do(StudioKind.OWN, 2, own=OwnShot(footage_id=clip.footage_id))
    assert done.state is StudioState.DELIVERED, done.failure
    scene = desk.timeline().scenes[2]
    frames = shown(desk, scene.segment_key, tmp_path)
    assert (len(frames), scene.clip_key, number_in(frames[22])) == (64, "", 19)
    long = kept(desk, write_clip(tmp_path / "long.mp4", [picture(96, 96, n % 25) for n in range(72)]))
    with pytest.raises(InvalidInput, match=r"begin at 1\.00 s at the latest"):
        await desk.order(StudioKind.OWN, 2, own=OwnShot(footage_id=long.footage_id, in_s=1.2))
    await desk.do(StudioKind.OWN, 2, own=OwnShot(footage_id=long.footage_id, in_s=1))
    assert number_in(shown(desk, desk.timeline().scenes[2].segment_key, tmp_path)[-1]) == 71 % 25


async def test_a_clip_is_bought_from_an_own_picture(buying: World, fal_server: FalServer, tmp_path: Path) -> None:
    """At the provider's door: what is sent as the first frame is the artist's picture."""
    desk = await bought(buying, tmp_path)
    path = tmp_path / "photo.png"
    Image.fromarray(picture(300, 200, 9)).save(path)
    photo = kept(desk, path)
    shown_own = await desk.do(StudioKind.OWN, 1, own=OwnShot(footage_id=photo.footage_id, stands_still=True))
    assert shown_own.state is StudioState.DELIVERED, shown_own.failure
    fal_server.submissions.clear()
    made = await desk.do(StudioKind.VIDEO, 1)
    assert made.state is StudioState.DELIVERED, made.failure
    (sent,) = [one["arguments"]["image_url"] for one in fal_server.submissions if "image_url" in one["arguments"]]
    first = np.asarray(Image.open(io.BytesIO(base64.b64decode(sent.partition(",")[2]))).convert("RGB"))
    assert (number_in(first), corners_of(first)) == (9, (0, 1, 2, 3))
    scene = desk.timeline().scenes[1]
    assert (scene.marks, scene.footage_id, scene.clip_key) == ((), "", "")
