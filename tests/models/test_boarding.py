"""Edits of a storyboard by two clients: scenes tile, cuts lie on beats, approved scenes stay, reprises follow."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.board_edits import Appear, BoardEdit, Pace, Reword, SetPace
from models.boarding import (
    apply_board_edits,
    approve,
    clips_of,
    decided,
    followed,
    frames_needed,
    of_its_own,
    plan_of,
    restored,
    show_still,
    with_stale_still,
)
from models.boards import STILL_STALE, Board, BoardKind, BoardStepState, StoredStep
from models.edits import Freeze, Merge, MoveCut, Reorder, Repeat, ShowTake, Snap, Split, Swap, Trim
from models.failures import InvalidInput
from models.studio import SceneTake
from models.timeline import TimelineScene
from models.undoing import board_undo_state
from tests.fakes.amounts import FULL
from tests.models.test_recutting import GRID, LENGTH, SCENES, made

EXAMPLES = 600 if FULL else 60


def laid() -> Board:
    """Eight scenes of four seconds; the last one repeats the first."""
    scenes = [
        scene.model_copy(
            update={"segment_key": "", "still": f"d{scene.index}", "still_scene": scene.index, "prompt": "a fox"}
        )
        for scene in made().scenes
    ]
    first = scenes[0]
    shown = {"still_key": first.still_key, "still": first.still, "still_scene": 0, "reprise_of": 0}
    scenes[-1] = scenes[-1].model_copy(update=shown)
    timeline = made().model_copy(update={"version": 0, "scenes": tuple(scenes)})
    return Board(revision=0, timeline=timeline, takes=tuple(map(still_of, scenes)))


def still_of(scene: TimelineScene) -> SceneTake:
    return SceneTake.of(scene).model_copy(update={"frames": 0})


def reword(scene: TimelineScene, edit: Reword | Appear) -> TimelineScene:
    if isinstance(edit, Appear):
        return of_its_own(scene, character_ids=edit.character_ids, marks=with_stale_still(scene.marks))
    return of_its_own(scene, prompt=edit.image or scene.prompt, marks=with_stale_still(scene.marks))


def edited(board: Board, *edits: BoardEdit, **more: Any) -> Board:
    return apply_board_edits(board, edits, GRID, reword, **{"max_scenes": 120} | more)


def painted(board: Board, scene_id: int, name: str) -> Board:
    """A scene's still, made anew."""
    scene = board.timeline.find(scene_id)
    assert scene is not None
    new = still_of(scene).model_copy(
        update={"take_id": name, "scene_index": scene_id, "still": name, "still_scene": scene_id}
        | {"still_key": f"stills/{name}", "marks": (), "prompts_key": f"prompts-{name}"}
    )
    return show_still(board, new, still_of(scene))


def content(scene: TimelineScene) -> dict[str, object]:
    return scene.model_dump(exclude={"index", "scene_id"})


def check(board: Board) -> None:
    scenes = board.timeline.scenes
    edges = [scene.start_frame for scene in scenes] + [board.timeline.frame_count]
    assert edges[0] == 0
    assert edges[1:] == [scene.end_frame for scene in scenes]
    assert all(GRID.shortest <= scene.frame_count for scene in scenes)
    assert all(scene.start_frame in GRID.beats for scene in scenes), "every cut lies on a beat"
    ids = [scene.identity for scene in scenes]
    assert len(set(ids)) == len(ids)
    assert set(board.approved) <= set(ids)
    for scene in scenes:
        assert (scene.clip_key, scene.clip_frames, scene.segment_key) == ("", 0, "")
        assert 0 <= scene.in_frame < board.timeline.frame_count
        shown = followed(board.timeline, scene)
        if shown is not None:
            assert shown.still_key == scene.still_key
            assert followed(board.timeline, shown) is None
            assert scene.identity not in board.approved or shown.identity in board.approved
            assert frames_needed(board.timeline, shown) >= scene.in_frame + scene.frame_count
    assert len(plan_of(board.timeline).scenes) == len(scenes)


def check_approved(before: Board, after: Board) -> None:
    """What is approved never changes, and stays approved."""
    assert set(before.approved) <= set(after.approved)
    for scene_id in before.approved:
        old, new = before.timeline.find(scene_id), after.timeline.find(scene_id)
        assert old is not None
        assert new is not None
        assert content(old) == content(new)


_KINDS = {
    "approve": BoardKind.APPROVE,
    "section": BoardKind.APPROVE,
    "paint": BoardKind.REPAINT,
    "undo": BoardKind.UNDO,
    "redo": BoardKind.REDO,
}


def row(revision: int, kind: BoardKind) -> StoredStep:
    name = f"o-{revision}"
    state = BoardStepState.APPLIED
    return StoredStep(operation_key=name, operation_id=name, kind=kind, state=state, revision=revision)


_ID = st.integers(0, SCENES + 3)
_FRAME = st.integers(0, SCENES * LENGTH)
_EDIT = st.one_of(
    st.builds(MoveCut, scene_id=_ID, frame=_FRAME),
    st.builds(Split, scene_id=_ID, frame=_FRAME),
    st.builds(Merge, scene_id=_ID),
    st.builds(Swap, scene_id=_ID, other_id=_ID),
    st.builds(Reorder, scene_id=_ID, position=st.integers(0, SCENES)),
    st.builds(Repeat, scene_id=_ID, other_id=_ID),
    st.builds(ShowTake, scene_id=_ID, take=st.sampled_from(["draft", "anew-1", "anew-2"])),
    st.builds(Reword, scene_id=_ID, image=st.sampled_from(["a heron", "a boat"])),
    st.builds(Appear, scene_id=_ID, character_ids=st.just(("c1",))),
    st.builds(SetPace, section_index=st.integers(0, 4), pace=st.sampled_from(Pace)),
    st.builds(Trim, scene_id=_ID, in_frame=st.just(1)),
    st.builds(Freeze, scene_id=_ID, frame=st.just(1)),
    st.builds(Split, scene_id=_ID, frame=_FRAME, snap=st.just(Snap.FRAME)),
)
_STEP = st.tuples(
    st.booleans(),
    st.one_of(
        st.lists(_EDIT, min_size=1, max_size=3),
        st.tuples(st.just("approve"), _ID),
        st.tuples(st.just("section"), st.integers(0, 4)),
        st.tuples(st.just("paint"), _ID),
        st.tuples(st.sampled_from(["undo", "redo"]), st.just(0)),
    ),
)


@settings(max_examples=EXAMPLES, database=None, deadline=None)
@given(steps=st.lists(_STEP, min_size=5, max_size=25))
def test_whatever_two_clients_do(steps: list[tuple[bool, Any]]) -> None:
    """One of them sees each revision at once, the other one only after its order was refused."""
    newest, late = laid(), laid()
    check(newest)
    boards, rows = {0: newest}, [row(0, BoardKind.LAID)]
    for number, (is_late, step) in enumerate(steps):
        if is_late and late.revision != newest.revision:
            late = newest  # refused as `board_moved`: it looks again
            continue
        before = newest
        try:
            if isinstance(step, list):
                newest = edited(newest, *step)
            elif step[0] == "approve":
                newest, _ = approve(newest, scenes=(step[1],))
            elif step[0] == "section":
                newest, _ = approve(newest, sections=(step[1],))
            elif step[0] in ("undo", "redo"):
                target = getattr(board_undo_state(rows), step[0])
                newest = newest if target is None else restored(newest, boards[target])
            elif newest.timeline.find(step[1]) is not None:
                newest = painted(newest, step[1], f"anew-{number}")
        except InvalidInput:
            continue  # and nothing has changed: a board is immutable
        check(newest)
        if newest is not before:
            kind = BoardKind.EDIT if isinstance(step, list) else _KINDS[step[0]]
            boards[newest.revision] = newest
            rows.append(row(newest.revision, kind))
        assert newest.timeline.next_id >= before.timeline.next_id, "an id is never given twice"
        assert set(before.takes) <= set(newest.takes), "a still stays to be chosen"
        check_approved(before, newest)
        # Wherever the artist is, a step may be taken back, or done again.
        ways = board_undo_state(rows)
        for target in (ways.undo, ways.redo):
            with suppress(InvalidInput):
                back = newest if target is None else restored(newest, boards[target])
                check(back)
                check_approved(newest, back)


def test_a_reprise_follows_the_picture_that_it_repeats() -> None:
    board = laid()
    first, last = board.timeline.scenes[0], board.timeline.scenes[-1]
    assert followed(board.timeline, last) == first
    anew = painted(board, 0, "anew")
    assert anew.timeline.scenes[-1].still_key == "stills/anew"
    assert len(clips_of(anew.timeline)) == SCENES - 1
    own = edited(anew, Reword(scene_id=7, image="a heron"))
    assert followed(own.timeline, own.timeline.scenes[-1]) is None
    assert own.timeline.scenes[-1].marks == (STILL_STALE,)
    assert painted(own, 0, "again").timeline.scenes[-1].still_key == "stills/anew"
    _, along = approve(board, scenes=(7,))
    assert along == (0,)


def test_a_split_scene_goes_on_with_its_clip() -> None:
    board = edited(laid(), Split(scene_id=1, frame=48))
    second = board.timeline.scenes[2]
    assert (second.identity, second.in_frame) == (8, 16)
    shown = followed(board.timeline, second)
    assert shown is not None
    assert (shown.identity, frames_needed(board.timeline, shown)) == (1, LENGTH)
    assert len(clips_of(board.timeline)) == SCENES - 1
    moved = edited(board, MoveCut(scene_id=8, frame=40))
    assert moved.timeline.scenes[2].in_frame == 8


def test_a_calmer_section_has_fewer_scenes_and_a_busier_one_more() -> None:
    board = laid()
    calmer = edited(board, SetPace(section_index=1, pace=Pace.CALMER))
    assert [scene.identity for scene in calmer.timeline.scenes] == [0, 1, 2, 4, 5, 6, 7]
    busier = edited(board, SetPace(section_index=1, pace=Pace.BUSIER))
    assert [scene.identity for scene in busier.timeline.scenes] == [0, 1, 2, 8, 3, 9, 4, 5, 6, 7]
    with pytest.raises(InvalidInput, match="at most 8"):
        edited(board, SetPace(section_index=1, pace=Pace.BUSIER), max_scenes=8)
    approved, _ = approve(board, sections=(1,))
    with pytest.raises(InvalidInput, match="approved"):
        edited(approved, SetPace(section_index=1, pace=Pace.CALMER))


def test_what_is_decided_on_must_not_be_in_the_making() -> None:
    board = laid()
    assert decided(board, edited(board, Merge(scene_id=2))) == {3}
    assert decided(board, edited(board, MoveCut(scene_id=2, frame=60))) == frozenset()
    assert decided(board, edited(board, Reword(scene_id=2, image="a heron"))) == {2}
    assert decided(board, approve(board, scenes=(4,))[0]) == {4}
