"""The whole clip behind a scene or a take: the bought one where its segment was cut from one."""

from types import SimpleNamespace
from typing import cast

import pytest

from models.bought_clips import conformed_digest
from models.failures import NotFound, NotStored
from models.object_keys import footage_key, segment_key
from models.studio import SceneTake
from models.timeline import Timeline
from services.app import App
from services.media import find_scene_file, find_video_timeline
from tests.activities.test_recutting import ACCOUNT, LENGTH, TINY, VIDEO, Room

CLIP, OTHER_CLIP = "ab" * 10, "cd" * 10


def segment(scene: int, clip: str, frames: int = LENGTH, begun: int = 0) -> str:
    return segment_key(ACCOUNT, VIDEO, scene, conformed_digest(clip, frames, TINY, first_frame=begun))


class Shop:
    """A video with one bought scene, one drawn, one that an edit reached, one that goes on with the first one's
    clip, and a longer take of the first one."""

    def __init__(self) -> None:
        drawn = Room().timeline
        scenes = [
            drawn.scenes[0].model_copy(update={"segment_key": segment(0, CLIP)}),
            drawn.scenes[1],
            drawn.scenes[2].model_copy(update={"clip_key": "a kept clip", "clip_frames": 80, "in_frame": 7}),
            drawn.scenes[3].model_copy(update={"segment_key": segment(3, CLIP, begun=33), "shows_scene": 0}),
        ]
        self.timeline = drawn.model_copy(update={"scenes": tuple(scenes)})
        take = SceneTake.of(scenes[0]).model_copy(
            update={"take_id": "again", "segment_key": segment(0, OTHER_CLIP, LENGTH + 8), "frames": LENGTH + 8}
        )
        keys = [footage_key(ACCOUNT, VIDEO, 0, clip) for clip in (OTHER_CLIP, CLIP)]
        stores = SimpleNamespace(
            vault=SimpleNamespace(timeline=self._timeline, versions=lambda *_: []),
            operations=SimpleNamespace(
                takes=lambda *_: [SceneTake.of(scenes[0]), take, SceneTake.of(scenes[3])], of_video=lambda *_: []
            ),
            objects=SimpleNamespace(list_keys=lambda prefix: [key for key in keys if key.startswith(prefix)]),
            orders=SimpleNamespace(find=lambda *_: None),
        )
        self.app = cast(App, SimpleNamespace(stores=stores))

    def _timeline(self, account_id: str, video_id: str, version: int | None = None) -> Timeline:
        if version not in (None, 1):
            raise NotStored(str(version))
        return self.timeline

    def found(self, index: int, *, whole: bool = True, take: str | None = None, version: int | None = None) -> str:
        return find_scene_file(self.app, ACCOUNT, VIDEO, index, "segment", version, take, whole=whole)


def test_a_bought_clip_is_found_behind_its_segment() -> None:
    shop = Shop()
    assert shop.found(0) == footage_key(ACCOUNT, VIDEO, 0, CLIP)
    assert shop.found(0, whole=False) == segment(0, CLIP)
    assert shop.found(1) == shop.timeline.scenes[1].segment_key, "a drawn scene's segment is its clip"
    assert shop.found(2) == "a kept clip"


def test_a_scene_that_goes_on_with_anothers_clip_says_from_where() -> None:
    shop = Shop()
    assert shop.found(3) == footage_key(ACCOUNT, VIDEO, 0, CLIP)
    assert shop.found(3, take="draft") == footage_key(ACCOUNT, VIDEO, 0, CLIP)
    shown = find_video_timeline(shop.app, ACCOUNT, VIDEO).timeline
    assert [scene.in_frame for scene in shown.scenes] == [0, 0, 7, 33]
    assert shown.model_copy(update={"scenes": shop.timeline.scenes}) == shop.timeline, "nothing else is changed"


def test_a_take_has_its_own_clip_at_its_own_length() -> None:
    shop = Shop()
    assert shop.found(0, take="again") == footage_key(ACCOUNT, VIDEO, 0, OTHER_CLIP)
    assert shop.found(0, take="again", whole=False) == segment(0, OTHER_CLIP, LENGTH + 8)


@pytest.mark.parametrize(
    ("index", "take", "version", "words"),
    [
        (0, "none", None, "no such take"),
        (9, "again", None, "no such take"),
        (0, "again", 7, "no such take"),
        (9, None, None, "no such scene"),
        (0, None, 7, "no such version"),
    ],
)
def test_what_is_not_there_is_named(index: int, take: str | None, version: int | None, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        Shop().found(index, take=take, version=version)
