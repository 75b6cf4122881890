"""A run with a storyboard: it waits with its stills, and films what its artist approves."""

import asyncio
import threading
from pathlib import Path

import pytest

from models.board_edits import Appear, Pace, Reword, SetPace
from models.boarding import clips_of
from models.boards import STILL_STALE, BoardStepState
from models.edits import Merge, MoveCut, ShowTake, Snap, Split, Swap, Trim
from models.failures import Conflict, ContentRefused, InvalidInput, ProviderUnavailable
from models.progress import RunStatus, SceneStatus, StageName, StageStatus
from models.studio import StudioKind, StudioState
from models.timeline import Timeline, TimelineScene
from tests.fakes.board_desk import waiting_board
from tests.fakes.desk import Desk, finished_video
from tests.fakes.world import QUICK, World
from tests.workflows.test_studio_any_sequence import check_tiling


async def test_a_board_that_is_approved_as_it_is_makes_the_same_video(world: World, tmp_path: Path) -> None:
    world.grant(200)
    plain = (await finished_video(world, tmp_path)).timeline(1)
    assert world.faults.calls["animate"] == 8
    desk = await waiting_board(world, tmp_path)
    progress = await desk.until(RunStatus.WAITING_FOR_ARTIST)
    assert progress.sentence == "Waiting for you: 0 of 8 scenes are approved."
    assert set(progress.scenes) == {SceneStatus.STILL}
    stages = {stage.name: stage for stage in progress.stages}
    assert stages[StageName.STORYBOARD].status is StageStatus.RUNNING
    assert world.faults.calls["animate"] == 8, "nothing is filmed before it is approved"
    answer = await desk.approve()
    assert (answer.revision, len(answer.approved)) == (1, 8)
    made = await desk.delivered()
    assert made.frame_count == plain.frame_count
    for old, new in zip(plain.scenes, made.scenes, strict=True):
        assert _content(old, plain) == _content(new, made)
    assert made.next_scene_id == 0
    assert world.balance().posted == 50
    assert world.stores.ledger.verify().differences == ()


def _content(scene: TimelineScene, timeline: Timeline) -> str:
    """All of a scene but the keys of documents, which name the song."""
    return scene.model_dump_json(exclude={"prompts_key", "shots_key"}).replace(timeline.video_id, "video")


async def test_two_clients_edit_one_board(world: World, tmp_path: Path) -> None:
    """Edits are Studio's; the older revision is refused; a repeated order gets its first answer."""
    desk = await waiting_board(world, tmp_path)
    first = await desk.edit(MoveCut(scene_id=1, frame=60), Swap(scene_id=2, other_id=3), operation_id="one")
    assert first.revision == 1
    with pytest.raises(Conflict, match="revision 1 is the newest") as moved:
        await desk.edit(Merge(scene_id=5), revision=0)
    assert moved.value.code == "board_moved"
    assert (
        await desk.edit(MoveCut(scene_id=1, frame=60), Swap(scene_id=2, other_id=3), revision=0, operation_id="one")
    ).revision == 1, "the same order again"
    for bad, said in (
        (Trim(scene_id=3, in_frame=9), "no clip to trim"),
        (Merge(scene_id=77), "id 77"),
        (Split(scene_id=0, frame=20, snap=Snap.FRAME), "cuts lie on beats"),
    ):
        with pytest.raises(InvalidInput, match=said):
            await desk.edit(bad)
    await desk.edit(
        Split(scene_id=4, frame=288),
        Reword(scene_id=5, image="a heron", motion="it takes off"),
        Appear(scene_id=6, character_ids=("c1",)),
    )
    board = desk.board
    scenes = {scene.identity: scene for scene in board.timeline.scenes}
    assert [scene.identity for scene in board.timeline.scenes] == [0, 1, 3, 2, 4, 8, 5, 6, 7]
    assert (scenes[5].prompt, scenes[5].motion_prompt) == ("a heron", "it takes off")
    assert scenes[5].marks == scenes[6].marks == (STILL_STALE,)
    assert scenes[6].character_ids == ("c1",)
    assert scenes[0].end_frame == 60
    progress = await desk.until(RunStatus.WAITING_FOR_ARTIST)
    assert len(progress.scenes) == 9
    await desk.approve()
    made = await desk.delivered()
    check_tiling(made)
    shown = {scene.identity: scene for scene in made.scenes}
    assert [scene.identity for scene in made.scenes] == [0, 1, 3, 2, 4, 8, 5, 6, 7]
    assert made.next_id == 9
    assert shown[5].motion_prompt == "it takes off"
    assert all(scene.segment_key and not scene.clip_key for scene in made.scenes)
    # Version 1 is one for Studio as any other.
    studio = Desk(world, desk.video_id, desk.handle, QUICK)
    world.grant(100)
    assert (await studio.do(StudioKind.IMAGE, 5)).state is StudioState.DELIVERED, "the second half of the split scene"
    assert (await studio.do(StudioKind.CHOOSE, 5, take_id="draft")).state is StudioState.DELIVERED
    assert world.stores.vault.timeline(world.account_id, desk.video_id).scenes[5].prompt == shown[8].prompt


async def test_approved_scenes_are_filmed_while_others_are_edited(world: World, tmp_path: Path) -> None:
    desk = await waiting_board(world, tmp_path)
    answer = await desk.approve([7], [1])
    assert answer.approved == (0, 2, 3, 7)
    assert answer.approved_along == (0,), "the reprise shows its clip"
    progress = await world.until(desk.handle, lambda p: p.board is not None and p.board.filmed == 4)
    assert progress.status is RunStatus.WAITING_FOR_ARTIST
    assert world.faults.calls["animate"] == 4
    for edit in (Merge(scene_id=1), MoveCut(scene_id=2, frame=140), Swap(scene_id=0, other_id=1), Merge(scene_id=2)):
        with pytest.raises(Conflict, match="is approved") as refused:
            await desk.edit(edit)
        assert refused.value.code == "scene_approved"
    with pytest.raises(InvalidInput, match="approved already"):
        await desk.approve([0])
    await desk.edit(Merge(scene_id=4))
    assert [scene.identity for scene in desk.board.timeline.scenes] == [0, 1, 2, 3, 4, 6, 7]
    await desk.edit(SetPace(section_index=2, pace=Pace.BUSIER))
    assert [scene.identity for scene in desk.board.timeline.scenes] == [0, 1, 2, 3, 4, 8, 6, 7]
    await desk.approve()
    made = await desk.delivered()
    check_tiling(made)
    assert len(made.scenes) == 8
    assert world.balance().posted == 50


async def test_a_still_made_anew_is_free_once_and_then_costs(world: World, tmp_path: Path) -> None:
    desk = await waiting_board(world, tmp_path)
    free = await desk.repaint(0, prompt="a heron at dawn")
    assert (free.price, free.state) == (0, BoardStepState.ACCEPTED)
    assert (await desk.painted(free)).state is BoardStepState.APPLIED
    shown = desk.board.timeline.scenes
    assert (shown[0].take_id, shown[0].prompt) == (free.operation_id, "a heron at dawn")
    assert (shown[7].still_key, shown[7].take_id) == (shown[0].still_key, free.operation_id), "its reprise follows"
    assert len(clips_of(desk.board.timeline)) == 7
    with pytest.raises(Conflict, match="price is 10"):
        await desk.repaint(0, quoted=0)
    paid = await desk.repaint(0, quoted=10)
    assert paid.price == 10
    assert (await desk.painted(paid)).state is BoardStepState.APPLIED
    assert (world.balance().posted, world.balance().held) == (240, 200)
    await desk.edit(ShowTake(scene_id=0, take="draft"))
    assert desk.board.timeline.scenes[0].still_key == desk.board.takes[0].still_key
    await desk.edit(Reword(scene_id=3, image="a red boat"))
    assert desk.board.timeline.scenes[3].marks == (STILL_STALE,)
    anew = await desk.repaint(3)
    await desk.painted(anew)
    fresh = desk.board.timeline.scenes[3]
    assert (fresh.marks, fresh.prompt) == ((), "a red boat")
    await desk.approve()
    await desk.delivered()
    assert (world.balance().posted, world.balance().held) == (40, 0)
    assert world.stores.ledger.verify().differences == ()


async def test_a_repaint_that_comes_to_nothing_costs_nothing(world: World, tmp_path: Path) -> None:
    desk = await waiting_board(world, tmp_path)
    for failure in (ContentRefused("Not this."), ProviderUnavailable("away")):

        def fail(_: int, error: Exception = failure) -> None:
            raise error

        world.faults.plans["paint"] = fail
        row = await desk.painted(await desk.repaint(2))
        assert row.state is BoardStepState.FAILED
        assert row.failure is not None
    del world.faults.plans["paint"]
    assert (await desk.until(RunStatus.WAITING_FOR_ARTIST)).board is not None
    again = await desk.repaint(2)
    assert again.price == 0, "the free one was not used up"
    assert (await desk.painted(again)).state is BoardStepState.APPLIED
    assert (world.balance().posted, world.balance().held) == (250, 200)


async def test_what_is_being_painted_is_neither_approved_nor_merged_away(world: World, tmp_path: Path) -> None:
    desk = await waiting_board(world, tmp_path)
    painting, go_on = threading.Event(), threading.Event()

    def slowly(_: int) -> None:
        painting.set()
        assert go_on.wait(200)

    world.faults.plans["paint"] = slowly
    ticket = await desk.repaint(3)
    assert await asyncio.to_thread(painting.wait, 200)
    for asked in (
        desk.approve(),
        desk.edit(Merge(scene_id=2)),
        desk.edit(Reword(scene_id=3, image="x")),
        desk.repaint(3),
    ):
        with pytest.raises(Conflict, match="being made anew"):
            await asked
    await desk.edit(MoveCut(scene_id=4, frame=232))
    await desk.approve([5])
    go_on.set()
    assert (await desk.painted(ticket)).revision == 3
    scene = desk.board.timeline.scenes[3]
    assert (scene.end_frame, scene.take_id) == (232, ticket.operation_id)
    await desk.handle.cancel()
