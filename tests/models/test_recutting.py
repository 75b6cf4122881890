"""Edits of a timeline: whatever an artist does, scenes tile, ids stay, and what was not reached stays equal."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from models.cut_grid import ClipPart, Grid, is_longer, own_segment
from models.edits import Freeze, Merge, MoveCut, Reorder, Repeat, ShowTake, Snap, Split, Swap, TimelineEdit, Trim
from models.failures import InvalidInput
from models.profiles import ProfileName
from models.recutting import apply_edits, show_take
from models.studio import SceneTake
from models.timeline import CLIP_SHORT, CLIP_STALE, FREE_RETRY, Timeline, TimelineScene
from tests.fakes.amounts import FULL
from tests.fakes.engines import made_analysis

FPS, SCENES, LENGTH = 8, 8, 32
"""Frames a second of `tiny`, and scenes of four seconds: two bars at 120 bpm."""


def made(lengths: tuple[int, ...] = (LENGTH,) * SCENES) -> Timeline:
    scenes, start = [], 0
    for index, length in enumerate(lengths):
        scenes.append(
            TimelineScene(
                index=index,
                section_index=index // 2,
                section=("intro", "verse", "chorus", "outro")[index // 2 % 4],
                letter="ABCD"[index // 2 % 4],
                start_frame=start,
                end_frame=start + length,
                start_s=start / FPS,
                end_s=(start + length) / FPS,
                still_key=f"stills/{index}",
                segment_key=f"v/segments/{index}",
                prompts_key=f"prompts-{index // 2}",
            )
        )
        start += length
    return Timeline(
        video_id="v",
        version=1,
        song_id="s",
        profile=ProfileName.TINY,
        fps=Fraction(FPS),
        width=90,
        height=160,
        frame_count=start,
        soundtrack_key="sound",
        profile_revision=2,
        scenes=tuple(scenes),
    )


TIMELINE = made()
GRID = Grid.of(TIMELINE, made_analysis(TIMELINE.frame_count / FPS))
LONG_CLIPS = {scene.segment_key: ClipPart(f"v/footage/{scene.index}", 10 * FPS) for scene in TIMELINE.scenes[::2]}


def clip_of(scene: TimelineScene) -> ClipPart:
    """Every second scene was bought as a clip of ten seconds."""
    return LONG_CLIPS.get(scene.segment_key) or own_segment(scene)


def edited(*edits: Any, timeline: Timeline = TIMELINE, **more: Any) -> Timeline:
    return apply_edits(timeline, edits, GRID, **more)


def refusal(*edits: Any, timeline: Timeline = TIMELINE) -> str:
    with pytest.raises(InvalidInput) as refused:
        edited(*edits, timeline=timeline)
    return refused.value.message


def check(timeline: Timeline) -> None:
    """Whatever was done."""
    edges = [scene.start_frame for scene in timeline.scenes] + [TIMELINE.frame_count]
    assert edges[0] == 0
    assert edges[1:] == [scene.end_frame for scene in timeline.scenes]
    assert [scene.index for scene in timeline.scenes] == list(range(len(timeline.scenes)))
    ids = [scene.identity for scene in timeline.scenes]
    assert len(set(ids)) == len(ids)
    assert max(ids) < timeline.next_id
    for scene in timeline.scenes:
        assert GRID.shortest <= scene.frame_count <= GRID.longest
        assert (scene.start_s, scene.end_s) == (scene.start_frame / FPS, scene.end_frame / FPS)
        assert scene.in_frame >= 0
        if scene.frozen:
            assert scene.in_frame < scene.clip_frames
        elif scene.clip_key:
            assert is_longer(scene) or scene.in_frame + scene.frame_count <= scene.clip_frames
            assert (CLIP_SHORT in scene.marks) == is_longer(scene)


_ID, _FRAME = st.integers(0, SCENES + 3), st.integers(0, TIMELINE.frame_count)
_EDIT: st.SearchStrategy[Any] = st.one_of(
    st.builds(MoveCut, scene_id=_ID, frame=_FRAME, snap=st.sampled_from(Snap)),
    st.builds(Split, scene_id=_ID, frame=_FRAME, snap=st.sampled_from(Snap)),
    st.builds(Merge, scene_id=_ID),
    st.builds(Swap, scene_id=_ID, other_id=_ID),
    st.builds(Reorder, scene_id=_ID, position=_ID),
    st.builds(Repeat, scene_id=_ID, other_id=_ID),
    st.builds(Trim, scene_id=_ID, in_frame=st.integers(0, 60)),
    st.builds(Freeze, scene_id=_ID, frame=st.one_of(st.none(), _FRAME)),
    st.builds(ShowTake, scene_id=_ID, take=st.just("draft")),
)


@settings(max_examples=3_000 if FULL else 120, database=None)
@given(steps=st.lists(st.one_of(_EDIT, st.just("undo"), st.just("redo")), min_size=3, max_size=12))
def test_any_edits_tile_and_come_back(steps: list[Any]) -> None:
    takes = [SceneTake.of(scene) for scene in TIMELINE.scenes]
    history, place = [TIMELINE], 0
    for step in steps:
        before = history[place]
        if step == "undo":
            place = max(0, place - 1)
        elif step == "redo":
            place = min(len(history) - 1, place + 1)
        else:
            try:
                after = apply_edits(before, [step], GRID, takes, clip_of)
            except InvalidInput:
                continue
            check(after)
            unreached(before, after, step)
            after = segmented(after)
            history[place + 1 :] = [after.model_copy(update={"version": after.version + 1})]
            place += 1
    assert history[0] == TIMELINE


def segmented(timeline: Timeline) -> Timeline:
    """With a segment for each scene, named after what it is made of."""

    def key(scene: TimelineScene) -> str:
        return f"made/{scene.clip_key}-{scene.in_frame}-{scene.frame_count}-{scene.frozen}"

    scenes = tuple(s if s.segment_key else s.model_copy(update={"segment_key": key(s)}) for s in timeline.scenes)
    return timeline.model_copy(update={"scenes": scenes})


def unreached(before: Timeline, after: Timeline, edit: Any) -> None:
    """What an edit does not reach is equal in every field, and most edits reach two scenes at most."""
    if isinstance(edit, Reorder):
        return
    old = {scene.identity: scene.model_copy(update={"index": 0, "scene_id": None}) for scene in before.scenes}
    changed = [
        scene.identity
        for scene in after.scenes
        if old.get(scene.identity) != scene.model_copy(update={"index": 0, "scene_id": None})
    ]
    assert len(changed) <= 2
    assert all(scene.segment_key for scene in after.scenes if scene.identity not in changed)


def test_a_cut_moves_to_the_next_beat_and_the_pictures_stay_in_time() -> None:
    after = edited(MoveCut(scene_id=2, frame=71))
    assert [(s.start_frame, s.end_frame) for s in after.scenes[1:3]] == [(32, 72), (72, 96)]
    first, second = after.scenes[1:3]
    assert (first.marks, first.segment_key, first.in_frame) == ((CLIP_SHORT,), "", 0)
    assert (second.marks, second.segment_key, second.in_frame) == ((), "", 8), "its first eight frames are hidden"
    assert after.scenes[:1] + after.scenes[3:] == TIMELINE.scenes[:1] + TIMELINE.scenes[3:]
    assert edited(MoveCut(scene_id=2, frame=71, snap=Snap.HALF)).scenes[2].start_frame == 70
    assert edited(MoveCut(scene_id=2, frame=71, snap=Snap.FRAME)).scenes[2].start_frame == 71


def test_a_clip_that_is_long_enough_fills_a_longer_place() -> None:
    after = edited(MoveCut(scene_id=1, frame=40), clip_of=clip_of)
    scene = after.scenes[0]
    assert (scene.clip_key, scene.clip_frames, scene.in_frame, scene.marks) == ("v/footage/0", 80, 0, ())
    later = edited(MoveCut(scene_id=3, frame=88), Trim(scene_id=2, in_frame=50), clip_of=clip_of)
    assert later.scenes[2].in_frame == 50
    assert edited(MoveCut(scene_id=3, frame=104), timeline=later).scenes[2].in_frame == 40, "as late as 40 frames allow"


def test_there_and_back_is_the_same_segment() -> None:
    there = segmented(edited(MoveCut(scene_id=2, frame=72)))
    back = segmented(edited(MoveCut(scene_id=2, frame=64), timeline=there))
    assert [scene.segment_key for scene in back.scenes] == [scene.segment_key for scene in TIMELINE.scenes]
    assert "changes nothing" in refusal(MoveCut(scene_id=2, frame=72), MoveCut(scene_id=2, frame=64))


def test_a_split_goes_on_with_the_clip_and_a_merge_takes_it_back() -> None:
    after = edited(Split(scene_id=3, frame=113))
    first, second = after.scenes[3:5]
    assert (first.identity, second.identity, after.next_id) == (3, SCENES, SCENES + 1)
    assert (first.end_frame, second.start_frame, second.in_frame, second.clip_key) == (112, 112, 16, "v/segments/3")
    assert (second.shows_scene, second.words_id) == (3, 3)
    assert [scene.identity for scene in after.scenes[5:]] == [4, 5, 6, 7]
    merged = segmented(edited(Merge(scene_id=3), timeline=segmented(after)))
    assert [scene.segment_key for scene in merged.scenes] == [scene.segment_key for scene in TIMELINE.scenes]
    assert merged.next_id == SCENES + 1, "ids are never used again"


def test_scenes_of_one_length_change_places_without_being_encoded() -> None:
    after = edited(Swap(scene_id=1, other_id=6))
    assert [scene.identity for scene in after.scenes] == [0, 6, 2, 3, 4, 5, 1, 7]
    assert all(scene.segment_key for scene in after.scenes)
    assert [(s.section, s.start_frame) for s in after.scenes] == [(s.section, s.start_frame) for s in TIMELINE.scenes]
    moved = edited(Reorder(scene_id=0, position=2))
    assert [scene.identity for scene in moved.scenes] == [1, 2, 0, 3, 4, 5, 6, 7]
    assert edited(Reorder(scene_id=0, position=0), timeline=moved).scenes == TIMELINE.scenes


def test_a_repeated_scene_keeps_its_own_id_and_its_own_free_retry() -> None:
    with_retries = TIMELINE.model_copy(
        update={
            "scenes": tuple(
                s.model_copy(update={"marks": (FREE_RETRY,)} if s.index == 2 else {}) for s in TIMELINE.scenes
            )
        }
    )
    after = edited(Repeat(scene_id=5, other_id=2), timeline=with_retries)
    scene = after.scenes[5]
    assert (scene.identity, scene.shows_scene, scene.still_key, scene.marks) == (5, 2, "stills/2", ())
    assert edited(Repeat(scene_id=2, other_id=5), timeline=with_retries).scenes[2].marks == (FREE_RETRY,)
    halves = edited(Split(scene_id=2, frame=80), timeline=with_retries).scenes[2:4]
    assert [half.marks for half in halves] == [(FREE_RETRY,), ()], "one free retry stays one"
    takes = [SceneTake.of(one) for one in with_retries.scenes]
    own = edited(ShowTake(scene_id=5, take="draft"), timeline=after, takes=takes)
    assert (own.scenes[5].shows_scene, own.scenes[5].still_key) == (None, "stills/5")
    assert own.scenes == with_retries.scenes


def test_a_frozen_scene_holds_what_is_seen_and_moves_again() -> None:
    after = edited(Freeze(scene_id=1, frame=40))
    assert (after.scenes[1].frozen, after.scenes[1].in_frame, after.scenes[1].segment_key) == (True, 8, "")
    assert edited(Freeze(scene_id=1, frame=None), timeline=segmented(after)).scenes[1].in_frame == 0
    longer = edited(Freeze(scene_id=1, frame=40), MoveCut(scene_id=2, frame=80))
    assert longer.scenes[1].marks == (), "one picture lasts as long as it must"


def test_a_new_still_stays_marked_as_such_where_its_move_becomes_longer() -> None:
    stale = TIMELINE.model_copy(
        update={"scenes": tuple(s.model_copy(update={"marks": (CLIP_STALE,)}) for s in TIMELINE.scenes)}
    )
    assert edited(MoveCut(scene_id=2, frame=72), timeline=stale).scenes[1].marks == (CLIP_STALE,)


def test_a_take_of_another_length_is_cut_anew_where_it_is_shown() -> None:
    take = SceneTake.of(TIMELINE.scenes[1]).model_copy(update={"take_id": "new", "segment_key": "v/segments/new"})
    assert show_take(TIMELINE, take).scenes[1].segment_key == "v/segments/new"
    shorter = segmented(edited(MoveCut(scene_id=2, frame=56)))
    scene = show_take(shorter, take).scenes[1]
    assert (scene.segment_key, scene.clip_key, scene.clip_frames, scene.marks) == ("", "v/segments/new", 32, ())
    longer = segmented(edited(MoveCut(scene_id=2, frame=72)))
    assert show_take(longer, take).scenes[1].marks == (CLIP_SHORT,)


def test_a_take_that_fits_its_moved_place_exactly_gets_the_times_of_that_place() -> None:
    """Several edits at once: both cuts move by as much, or a part is as long as a take of before."""
    takes = [SceneTake.of(scene) for scene in TIMELINE.scenes]
    later = edited(
        MoveCut(scene_id=1, frame=40, snap=Snap.FRAME),
        MoveCut(scene_id=2, frame=72, snap=Snap.FRAME),
        ShowTake(scene_id=1, take="draft"),
        takes=takes,
    )
    assert later.scenes[1].segment_key == TIMELINE.scenes[1].segment_key
    check(later)
    half = takes[1].model_copy(update={"take_id": "half", "frames": 16})
    check(edited(Split(scene_id=1, frame=48), ShowTake(scene_id=1, take="half"), takes=[*takes, half]))


def test_a_take_from_before_edits_has_the_length_of_its_scene_in_the_draft() -> None:
    made_before = {"take_id": "old", "frames": 0, "segment_key": "v/segments/old"}
    old = SceneTake.of(TIMELINE.scenes[1]).model_copy(update=made_before)
    moved = segmented(edited(MoveCut(scene_id=2, frame=56)))
    scene = show_take(moved, old.measured(TIMELINE)).scenes[1]
    assert (scene.segment_key, scene.clip_frames) == ("", LENGTH), "it is cut, for its segment is longer"
    assert old.measured(moved).measured(TIMELINE).frames == moved.scenes[1].frame_count, "a known length stays"


def test_a_part_of_a_scene_shows_a_take_of_the_whole_one() -> None:
    parted = segmented(edited(Split(scene_id=1, frame=48)))
    take = SceneTake.of(TIMELINE.scenes[1]).model_copy(update={"take_id": "new", "segment_key": "v/segments/new"})
    shown = show_take(parted, take, own_segment, parted.scenes[2].identity)
    assert [scene.take_id for scene in shown.scenes[:4]] == ["draft", "draft", "new", "draft"]
    assert shown.scenes[2].clip_key == "v/segments/new"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (MoveCut(scene_id=0, frame=8), "begins with the song"),
        (MoveCut(scene_id=2, frame=34), "between 4.75 s and 11.25 s (frames 38 to 90)"),
        (MoveCut(scene_id=99, frame=34), "id 99 is not in this version"),
        (Split(scene_id=2, frame=66), "A cut in scene 3 lies between 8.75 s"),
        (Merge(scene_id=7), "none after it"),
        (Swap(scene_id=2, other_id=2), "with itself"),
        (Reorder(scene_id=2, position=8), "no place 9; the video has 8"),
        (Reorder(scene_id=2, position=2), "changes nothing"),
        (Repeat(scene_id=2, other_id=2), "cannot repeat itself"),
        (Trim(scene_id=2, in_frame=1), "at frame 0 at the latest"),
        (Freeze(scene_id=2, frame=96), "has the frames 64 to 95"),
        (ShowTake(scene_id=2, take="nope"), "no take 'nope'"),
    ],
)
def test_what_cannot_be_done_is_refused_with_its_bound(edit: Any, said: str) -> None:
    assert said in refusal(edit)


def test_the_refused_one_of_several_is_named() -> None:
    assert refusal(Swap(scene_id=0, other_id=1), Merge(scene_id=7)).startswith("Edit 2: The last scene")


def test_a_scene_can_be_too_short_to_split_and_too_long_to_merge() -> None:
    assert "each part needs 0.75 s" in refusal(Split(scene_id=1, frame=34), timeline=made((32, 10, 214)))
    assert "at most 30.00 s" in refusal(Merge(scene_id=0), timeline=made((200, 56)))


def test_each_edit_is_told_with_the_numbers_that_scenes_had_before_it() -> None:
    told: list[str] = []
    edits = (
        Split(scene_id=1, frame=48),
        MoveCut(scene_id=2, frame=61, snap=Snap.FRAME),
        Swap(scene_id=2, other_id=8),
        Reorder(scene_id=8, position=0),
        Repeat(scene_id=7, other_id=0),
        Trim(scene_id=1, in_frame=0),
        Freeze(scene_id=3, frame=97),
        Freeze(scene_id=3, frame=None),
        Merge(scene_id=4),
        ShowTake(scene_id=6, take="draft"),
    )
    edited(*edits, takes=[SceneTake.of(scene) for scene in TIMELINE.scenes], told=told)
    assert told == [
        "Scene 2 is split at 0:06.0.",
        "The cut before scene 4 moves to 0:07.6.",
        "Scene 4 and scene 3 change places.",
        "Scene 4 moves to place 1.",
        "Scene 9 shows what scene 2 shows.",
        "Scene 3 begins at frame 0 of its clip.",
        "Scene 5 holds its picture of 0:12.1.",
        "Scene 5 moves again.",
        "Scene 6 is merged with scene 7.",
        "Scene 7 shows another take.",
    ]


def test_edits_are_read_back_as_they_were() -> None:
    kind: TypeAdapter[TimelineEdit] = TypeAdapter(TimelineEdit)
    edit = Freeze(scene_id=3, frame=None)
    assert kind.validate_json(kind.dump_json(edit)) == edit
