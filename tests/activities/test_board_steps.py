"""A storyboard's steps on real rows: whatever two clients do, cuts, approvals and credits are as a model says."""

import random
from collections.abc import Iterator
from typing import Any

import pytest
from temporalio.exceptions import ApplicationError

from activities.steps import load
from models.board_edits import Appear, BoardEdit, Pace, Reword, SetPace
from models.boarding import followed
from models.boards import (
    Board,
    BoardStepState,
    ShowStillStep,
)
from models.edits import Merge, MoveCut, Reorder, Repeat, ShowTake, Split, Swap
from models.storyboard import SequencePlan
from models.studio import RestoredBy
from settings import Settings
from stores.database import Database, open_database
from tests.fakes.amounts import FULL
from tests.fakes.board_table import ACCOUNT, VIDEO, Prices, Table
from tests.fakes.live import SEED

STEPS = 1_500 if FULL else 150


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


def check(table: Table, before: Board) -> None:
    """The board tiles, cuts lie on beats, what was approved has not changed, and credits are the model's."""
    board, beats = table.board, set(table.grid.beats)
    edges = [scene.start_frame for scene in board.timeline.scenes] + [board.timeline.frame_count]
    assert edges[0] == 0
    assert edges[1:] == [scene.end_frame for scene in board.timeline.scenes]
    assert beats.issuperset(edges[:-1])
    assert set(before.approved) <= set(board.approved)
    for scene_id in before.approved:
        old, new = before.timeline.find(scene_id), board.timeline.find(scene_id)
        assert old is not None
        assert new is not None
        unnumbered = {"index", "scene_id"}
        assert new.model_dump(exclude=unnumbered) == old.model_dump(exclude=unnumbered)
    assert table.money() == (table.posted, table.held)


def some_edit(chance: random.Random) -> BoardEdit:
    one, other, frame = chance.randrange(12), chance.randrange(12), chance.randrange(512)
    makers: list[Any] = [
        lambda: MoveCut(scene_id=one, frame=frame),
        lambda: Split(scene_id=one, frame=frame),
        lambda: Merge(scene_id=one),
        lambda: Swap(scene_id=one, other_id=other),
        lambda: Reorder(scene_id=one, position=other),
        lambda: Repeat(scene_id=one, other_id=other),
        lambda: Reword(scene_id=one, image=chance.choice(["a heron", "a boat", None]), motion="it moves"),
        lambda: Appear(scene_id=one, character_ids=chance.choice([(), ("c1",)])),
        lambda: ShowTake(scene_id=one, take="draft"),
        lambda: SetPace(section_index=one % 4, pace=chance.choice(list(Pace))),
    ]
    made: BoardEdit = chance.choice(makers)()
    return made


def a_step(table: Table, chance: random.Random, revision: int) -> None:
    """One order of a client that saw a revision, or the end of a still in the making."""
    kind = chance.random()
    if table.painting and kind < 0.2:
        table.end(chance.choice(list(table.painting.values())), shown=chance.random() < 0.7)
    elif kind < 0.45:
        table.repaint(chance.randrange(12), revision=revision, prompt=chance.choice([None, "a red boat"]))
    elif kind < 0.48:
        table.approve(scenes=(chance.randrange(12),), revision=revision)
    elif kind < 0.6:
        table.restore(RestoredBy.UNDO if chance.random() < 0.6 else RestoredBy.REDO, revision=revision)
    else:
        table.edit(*(some_edit(chance) for _ in range(chance.randint(1, 2))), revision=revision)


def test_whatever_two_clients_do_rows_cuts_and_credits_follow_the_model(database: Database) -> None:
    """Each client sends what it saw last; one that is refused looks again."""
    chance, refused, done = random.Random(SEED), 0, 0
    table = Table(database)
    seen = [0, 0]
    for _ in range(STEPS):
        before, client = table.board, chance.randrange(2)
        try:
            a_step(table, chance, seen[client])
            done += 1
            seen[client] = table.board.revision if chance.random() < 0.9 else seen[client]
        except ApplicationError as error:
            if error.type not in ("InvalidInput", "InsufficientCredits"):
                raise
            refused += 1
            seen[client] = table.board.revision
        check(table, before)
    for ticket in list(table.painting.values()):
        table.end(ticket, shown=False)
    check(table, table.board)
    assert table.held == 0
    assert not table.ledger.verify().differences
    assert min(refused, done) > STEPS // 10, (refused, done)


def test_edits_that_cost_a_quarter_more_are_refused_by_name(database: Database) -> None:
    table = Table(database, Prices())
    table.edit(Reword(scene_id=7, motion="a clip of its own"), Split(scene_id=1, frame=96))
    with pytest.raises(
        ApplicationError, match=r"clips for 9 scenes would be filmed, 29 % more than was planned\. The 200 credits"
    ) as no:
        table.edit(Reword(scene_id=8, motion="one more"))
    assert no.value.details == ("too_many_clips",)
    table.edit(Repeat(scene_id=3, other_id=2), Reword(scene_id=8, motion="one more"))


def test_a_preview_knows_the_prices_lengths_and_words_of_bought_clips(database: Database) -> None:
    """`Table.edit` compares what the page is shown with what the run does."""
    table = Table(database, settings=Settings(fal_key="key", max_scenes=1))
    splits = [Split(scene_id=one, frame=64 * one + 32) for one in range(1, 7)]
    own = [Reword(scene_id=one, motion="a clip of its own") for one in range(7, 14)]
    refused: list[tuple[BoardEdit, ...]] = [
        (Merge(scene_id=1),),
        (*splits, *own),
        (Reword(scene_id=0, motion="a fox " * 600),),
        (Reword(scene_id=0),),
        (Appear(scene_id=0),),
        (Appear(scene_id=0, character_ids=("c9",)),),
        (Appear(scene_id=0, location_id="nowhere"),),
    ]
    codes: list[str] = []
    for edits in refused:
        with pytest.raises(ApplicationError) as no:
            table.edit(*edits)
        codes += no.value.details
    assert codes == [
        "shot_too_long",
        "too_many_clips",
        "prompt_too_long",
        "edit",
        "edit",
        "no_character",
        "no_location",
    ]
    table.edit(*splits)


def test_a_preview_knows_what_is_in_the_making_and_that_a_run_has_ended(database: Database) -> None:
    table = Table(database)
    table.repaint(3)
    with pytest.raises(ApplicationError, match="being made anew"):
        table.edit(Merge(scene_id=2))
    table.edit(Merge(scene_id=5))
    table.app.stores.ledger.is_stopped = lambda *_: True
    order = table.order(edits=(Merge(scene_id=0),))
    assert table.preview(order)[-1] == "no_board_open"


def test_no_edit_needs_a_longer_clip_than_the_model_makes(database: Database) -> None:
    """Filming such a scene would end the run."""
    table = Table(database, Prices())
    # The last scene shows the first one's clip, of which it then shows more.
    for edit, scene in ((Merge(scene_id=1), 2), (MoveCut(scene_id=7, frame=400), 1)):
        with pytest.raises(ApplicationError, match=f"Scene {scene} would need a longer clip") as refused:
            table.edit(edit)
        assert refused.value.details == ("shot_too_long",)
    table.edit(MoveCut(scene_id=7, frame=424))


def test_a_clip_is_as_long_as_all_that_show_it(database: Database) -> None:
    table = Table(database)
    table.edit(Split(scene_id=1, frame=88), MoveCut(scene_id=2, frame=136), MoveCut(scene_id=7, frame=440))
    board = table.board
    second = board.timeline.scenes[2]
    shown = followed(board.timeline, second)
    assert shown is not None
    answer = table.approve(everything=True)
    clips = {clip.scene_id: clip for clip in answer.clips}
    assert (clips[second.identity].footage_of, clips[second.identity].first_frame) == (1, 24)
    plans = {
        name: load(table.objects, key, SequencePlan).scene(1)
        for name, key in (("own", clips[1].plan_key), ("film", clips[1].film_plan_key))
    }
    assert (plans["own"].frame_count, plans["film"].frame_count) == (24, 72), "up to where the second half ends"
    reprise = load(table.objects, clips[0].film_plan_key, SequencePlan).scene(0)
    assert reprise.frame_count == 72, "the last scene shows more of the first one's clip"


def test_undo_and_redo_keep_stills_ids_and_what_is_approved(database: Database) -> None:
    table = Table(database)
    undo, redo = RestoredBy.UNDO, RestoredBy.REDO
    with pytest.raises(ApplicationError, match="nothing to undo") as none:
        table.restore(undo)
    assert none.value.details == ("nothing_to_undo",)
    table.edit(Split(scene_id=1, frame=96))
    table.end(table.repaint(8), shown=True)
    table.restore(undo)
    table.restore(undo)
    assert [one.take_id for one in table.board.takes if one.scene_index == 8 and one.take_id != "draft"], "it was made"
    table.restore(redo)
    table.restore(redo)
    with pytest.raises(ApplicationError, match="nothing to redo"):
        table.restore(redo)
    table.restore(undo)
    table.restore(undo)
    table.edit(Split(scene_id=2, frame=160))
    assert table.board.timeline.find(8) is None
    assert table.board.timeline.find(9) is not None, "an id, and its free still, is not given twice"

    table.edit(Reword(scene_id=4, motion="it turns"))
    table.approve(scenes=(5,))
    order = table.order(restored_by=undo)
    first = table.run(table.steps.restore_board, order)
    assert (table.board.approved, table.run(table.steps.restore_board, order)) == ((5,), first)
    with pytest.raises(ApplicationError, match="revision"):
        table.restore(redo, revision=first.revision - 1)
    table.restore(redo)
    table.approve(scenes=(4,))
    with pytest.raises(
        ApplicationError, match=r": This step cannot be taken back or done again, because scene 6 is"
    ) as no:
        table.restore(undo)
    assert no.value.details == ("scene_approved",)
    table.edit(Merge(scene_id=0))
    painted = table.repaint(0)
    with pytest.raises(ApplicationError, match="being made anew"):
        table.edit(Reword(scene_id=0, image="a heron"))
    table.restore(undo)
    table.end(painted, shown=True)
    assert table.money() == (table.posted, table.held)


def test_a_step_is_taken_back_by_the_rules_of_today(database: Database) -> None:
    """The models may have changed since."""
    prices = Prices()
    table = Table(database, prices)
    table.edit(Split(scene_id=1, frame=96))
    prices.longest_s = 4
    with pytest.raises(ApplicationError, match="longer clip than is made"):
        table.restore(RestoredBy.UNDO)


def test_a_repeated_order_gets_its_first_answer_and_an_ended_repaint_stays_ended(database: Database) -> None:
    table = Table(database)
    order = table.order(edits=(Merge(scene_id=1),))
    first = table.run(table.steps.edit_board, order)
    table.edit(Merge(scene_id=3))
    assert table.run(table.steps.edit_board, order) == first
    ticket = table.repaint(0)
    table.end(ticket, shown=False)
    ids = {"account_id": ACCOUNT, "video_id": VIDEO, "operation_id": ticket.operation_id}
    table.run(table.steps.show_still, ShowStillStep(**ids, prompts_key=ticket.prompts_key, still="0000ffff"))
    row = table.boards.find(ACCOUNT, VIDEO, ticket.operation_id)
    assert row is not None
    assert (row.state, table.money()) == (BoardStepState.FAILED, (250, 0))
