"""Edited scenes are cut from the provider's clip where it is known, and what is stored is not made again."""

from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import cast

import pytest
from temporalio.testing import ActivityEnvironment

from activities.ports.engines import Conformer
from activities.ports.stores import ObjectStore
from activities.recutting import CUTS_AT_ONCE, Recutter
from engines.picture.own.shots import OwnShots
from models.bought_clips import CONFORM_METHOD, conformed_digest
from models.cut_grid import Grid, clips_among
from models.edits import Freeze, MoveCut, Split, Swap, TimelineEdit, Trim
from models.ids import digest_of
from models.object_keys import footage_key, segment_key
from models.profiles import PROFILES, ProfileName
from models.recutting import apply_edits
from models.takes import ClipCut
from models.timeline import Timeline, TimelineScene
from tests.fakes.engines import Faults, InstantEngines, InstantMover

ACCOUNT, VIDEO, LENGTH, SCENES = "a", "v", 32, 12
TINY = PROFILES[ProfileName.TINY]


class Shelf:
    """An object store in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def list_keys(self, prefix: str) -> list[str]:
        return [key for key in self.objects if key.startswith(prefix)]

    def size(self, key: str) -> int | None:
        return len(self.objects[key]) if key in self.objects else None

    def get_file(self, key: str, path: Path) -> None:
        path.write_bytes(self.objects[key])

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        self.objects[key] = path.read_bytes()


class Cutting(InstantEngines):
    """Clips of ten seconds, but those that were bought too short; remembers its cuts."""

    short: bytes = b"clip 5"

    def __init__(self, faults: Faults) -> None:
        super().__init__(faults)
        self.batches: list[list[ClipCut]] = []

    def length(self, clip: Path, profile: object, pulse: object) -> int:
        return 24 if clip.read_bytes() == self.short else 80

    def cut(self, cuts: Sequence[ClipCut], profile: object, pulse: object) -> None:
        self.batches.append(list(cuts))
        for cut in cuts:
            cut.out.write_bytes(cut.clip.read_bytes() + f" from {cut.first_frame}, {cut.frame_count}".encode())


class Room:
    """A video whose scenes were all bought as clips, with a recutter."""

    def __init__(self) -> None:
        self.shelf, self.engines = Shelf(), Cutting(Faults())
        self.recutter = Recutter(
            cast(ObjectStore, self.shelf),
            cast(Conformer, self.engines),
            self.engines,
            InstantMover(Faults()),
            OwnShots(),
        )
        scenes = []
        for index in range(SCENES):
            clip = f"{index:02d}" * 10
            self.shelf.objects[footage_key(ACCOUNT, VIDEO, index, clip)] = f"clip {index}".encode()
            digest = digest_of("conform", clip, LENGTH, TINY, self.engines.method)
            key = segment_key(ACCOUNT, VIDEO, index, digest)
            self.shelf.objects[key] = f"segment {index}".encode()
            start = index * LENGTH
            scenes.append(
                TimelineScene(
                    index=index,
                    section_index=0,
                    section="verse",
                    start_frame=start,
                    end_frame=start + LENGTH,
                    start_s=start / 8,
                    end_s=(start + LENGTH) / 8,
                    segment_key=key,
                    still_scene=index,
                )
            )
        self.timeline = Timeline(
            video_id=VIDEO,
            version=1,
            song_id="s",
            profile=ProfileName.TINY,
            profile_revision=2,
            fps=Fraction(8),
            width=90,
            height=160,
            frame_count=SCENES * LENGTH,
            soundtrack_key="sound",
            scenes=tuple(scenes),
        )

    def clip_key(self, index: int) -> str:
        return footage_key(ACCOUNT, VIDEO, index, f"{index:02d}" * 10)

    def goes_on(self, index: int, begun: int, **shown: int) -> Timeline:
        """The video, with a scene that goes on with the clip of scene 3, as one that was split on a storyboard."""
        digest = conformed_digest("03" * 10, LENGTH, TINY, self.engines.method, begun)
        key = segment_key(ACCOUNT, VIDEO, index, digest)
        self.shelf.objects[key] = b"a part"
        scenes = list(self.timeline.scenes)
        scenes[4] = scenes[4].model_copy(update={"shows_scene": 3})
        scenes[index] = scenes[index].model_copy(update={"segment_key": key} | shown)
        return self.timeline.model_copy(update={"scenes": tuple(scenes)})

    def edited(self, timeline: Timeline, *edits: TimelineEdit) -> Timeline:
        def work() -> Timeline:
            clip_of = self.recutter.clips_of(ACCOUNT, timeline)
            return self.recutter.made(ACCOUNT, apply_edits(timeline, edits, Grid(TINY), (), clip_of))

        return ActivityEnvironment().run(work)

    def shown(self, scene: TimelineScene) -> str:
        return self.shelf.objects[scene.segment_key].decode()


def test_a_longer_place_is_cut_from_the_bought_clip_and_back_it_is_the_first_segment() -> None:
    room = Room()
    longer = room.edited(room.timeline, MoveCut(scene_id=1, frame=40))
    assert [room.shown(scene) for scene in longer.scenes[:2]] == ["clip 0 from 0, 40", "clip 1 from 8, 24"]
    assert [scene.marks for scene in longer.scenes[:2]] == [(), ()]
    assert longer.scenes[2:] == room.timeline.scenes[2:]
    back = room.edited(longer, MoveCut(scene_id=1, frame=32))
    assert [one.segment_key for one in back.scenes] == [one.segment_key for one in room.timeline.scenes]
    assert len(room.engines.batches) == 1, "the segments were stored"


def test_one_process_cuts_several_segments_and_stored_ones_are_not_cut_again() -> None:
    room = Room()
    edits = [Trim(scene_id=index, in_frame=index + 1) for index in range(SCENES) if index != 5]
    trimmed = room.edited(room.timeline, *edits)
    assert [len(batch) for batch in room.engines.batches] == [CUTS_AT_ONCE, SCENES - 1 - CUTS_AT_ONCE]
    assert room.shown(trimmed.scenes[3]) == "clip 3 from 4, 32"
    again = room.edited(room.timeline, *edits)
    assert again == trimmed
    assert len(room.engines.batches) == 2
    room.edited(trimmed, Swap(scene_id=2, other_id=9))
    assert len(room.engines.batches) == 2, "places of one length"


def test_a_clip_that_was_slowed_to_fill_its_scene_is_cut_as_it_was_shown() -> None:
    room = Room()
    split = room.edited(room.timeline, Split(scene_id=5, frame=176))
    assert [room.shown(scene) for scene in split.scenes[5:7]] == ["segment 5 from 0, 16", "segment 5 from 16, 16"]


@pytest.mark.parametrize(
    "shown",
    [
        {"shows_scene": 3},
        {"shows_scene": 3, "still_scene": 9},
        {"reprise_of": 3},
        {"still_scene": 3},
        {"shows_scene": 4},  # which shows scene 3 again
    ],
)
@pytest.mark.parametrize("begun", [1, 12, 48])
def test_a_scene_that_goes_on_with_anothers_clip_is_cut_from_it(shown: dict[str, int], begun: int) -> None:
    room = Room()
    timeline = room.goes_on(8, begun, **shown)
    later = room.edited(timeline, MoveCut(scene_id=8, frame=8 * LENGTH + 8)).scenes[8]
    assert (later.clip_key, later.clip_frames) == (room.clip_key(3), 80)
    assert (later.in_frame, room.shown(later)) == (begun + 8, f"clip 3 from {begun + 8}, {LENGTH - 8}")
    earlier = room.edited(timeline, Trim(scene_id=8, in_frame=0)).scenes[8]
    assert room.shown(earlier) == f"clip 3 from 0, {LENGTH}"
    swapped = room.edited(timeline, Swap(scene_id=8, other_id=10))
    assert swapped.scenes[10].segment_key == timeline.scenes[8].segment_key, "as long there, so nothing is encoded"


def test_a_preview_begins_where_the_scene_does() -> None:
    room = Room()
    room.engines.method = CONFORM_METHOD  # the only one that a preview knows
    timeline = room.goes_on(8, 12, shows_scene=3)
    clip_of = clips_among(room.shelf.list_keys("accounts/a/videos/v/footage/"), timeline)
    edit = [MoveCut(scene_id=8, frame=8 * LENGTH - 8)]
    assert apply_edits(timeline, edit, Grid(TINY), (), clip_of).scenes[8].in_frame == 4


def test_a_clip_that_ended_before_the_scene_is_cut_as_it_was_shown() -> None:
    room = Room()
    timeline = room.goes_on(8, 49, shows_scene=3)  # 49 + 32 frames are more than 80
    part = room.recutter.clips_of(ACCOUNT, timeline)(timeline.scenes[8])
    assert part == (timeline.scenes[8].segment_key, LENGTH, 0)


def test_a_frozen_scene_is_another_segment_than_a_cut_of_the_same_frame() -> None:
    room = Room()
    frozen = room.edited(room.timeline, Freeze(scene_id=3, frame=100)).scenes[3]
    cut = room.edited(room.timeline, Trim(scene_id=3, in_frame=4)).scenes[3]
    assert frozen.segment_key != cut.segment_key
    assert [one.frozen for batch in room.engines.batches for one in batch] == [True, False]


def test_without_measuring_a_bought_clip_counts_as_long_enough_and_a_drawn_one_as_its_scene() -> None:
    room = Room()
    edit = [Trim(scene_id=3, in_frame=60)]
    bought = clips_among(room.shelf.list_keys("accounts/a/videos/v/footage/"), room.timeline)
    assert apply_edits(room.timeline, edit, Grid(TINY), (), bought).scenes[3].in_frame == 60
    longer = [MoveCut(scene_id=3, frame=100)]
    assert apply_edits(room.timeline, longer, Grid(TINY), (), clips_among([], room.timeline)).scenes[2].marks == (
        "clip too short",
    )
    assert apply_edits(room.timeline, longer, Grid(TINY), (), bought).scenes[2].marks == ()
