"""How a storyboard ends, and what it survives: no answer, a stop, support, a reset, a terminated run, many edits."""

import asyncio
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError

from models.boards import BoardStepState
from models.edits import Merge, MoveCut, Swap
from models.failures import Conflict
from models.generation import Reason, ReconcileRequest
from models.progress import RunStatus
from models.queues import QUEUE
from services.cancelling import stop_terms, stop_video
from temporal.resets import reset_generation
from tests.fakes.board_desk import BoardDesk, waiting_board
from tests.fakes.fal_server import FalServer
from tests.fakes.world import QUICK, World
from tests.workflows.test_buying import MADE, SCENES, paid
from tests.workflows.test_studio_any_sequence import check_tiling
from workflows.bookkeeping import ReconcileCredits
from workflows.generate_video import GenerateVideo

__all__ = ["paid"]

IMPATIENT = QUICK.model_copy(update={"board_timeout_s": 0.2, "board_warning_s": 0.1})


async def ended(desk: BoardDesk) -> str:
    """Wait for the run's end; returns the last sentence of its progress."""
    with pytest.raises(WorkflowFailureError):
        await desk.handle.result()
    return (await desk.handle.query(GenerateVideo.progress)).sentence


def clips_at(provider: FalServer) -> int:
    """Clips that were ordered, counted at the provider's door."""
    return sum(job.is_clip for job in provider.jobs.values())


async def test_nothing_is_ordered_before_it_is_approved_and_a_stop_keeps_its_sum(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    desk = await waiting_board(paid, tmp_path)

    assert clips_at(fal_server) == 0
    assert (await stop_terms(paid.app, paid.account_id, desk.video_id)).kept == 40
    answer = await desk.approve([7])
    assert answer.approved_along == (0,), "the last scene repeats the first one"
    await paid.until(desk.handle, lambda p: p.board is not None and p.board.filmed == 2)
    assert clips_at(fal_server) == 1
    kept = 40 + 160 // MADE // 10 * 10
    assert (await stop_terms(paid.app, paid.account_id, desk.video_id)).kept == kept
    await stop_video(paid.app, paid.account_id, desk.video_id, kept)
    assert f"{kept} credits are kept" in await ended(desk)
    assert (paid.balance().posted, paid.balance().held) == (250 - kept, 0)


async def test_a_board_that_is_not_answered_ends_like_a_stop(paid: World, tmp_path: Path) -> None:
    request = paid.request(paid.add_song(tmp_path), IMPATIENT).model_copy(update={"storyboard": True})
    handle, _ = await paid.start(request)
    assert "was not answered" in await ended(BoardDesk(paid, request, handle))
    progress = await handle.query(GenerateVideo.progress)
    assert (progress.status, progress.credits_charged) == (RunStatus.CANCELLED, 40)
    assert (paid.balance().posted, paid.balance().held) == (210, 0)


async def test_its_artist_is_warned_and_an_answer_begins_the_time_anew(world: World, tmp_path: Path) -> None:
    limits = QUICK.model_copy(update={"board_timeout_s": 600, "board_warning_s": 599.9})
    desk = await waiting_board(world, tmp_path, limits)
    warned = await world.until(desk.handle, lambda p: p.board is not None and p.board.warned)
    assert "Waiting for you until" in warned.sentence
    assert warned.board is not None
    assert warned.board.answer_by is not None
    await desk.edit(Swap(scene_id=1, other_id=2))
    answered = (await desk.handle.query(GenerateVideo.progress)).board
    assert answered is not None
    assert answered.answer_by is not None
    assert answered.answer_by > warned.board.answer_by


async def test_support_gives_up_a_waiting_board_with_a_refund(world: World, tmp_path: Path) -> None:
    desk = await waiting_board(world, tmp_path)
    ticket = await desk.repaint(1)
    await desk.painted(ticket)
    await desk.handle.execute_update(GenerateVideo.abandon, Reason(reason="by mistake"))
    assert "by mistake" in await ended(desk)
    assert (world.balance().posted, world.balance().held) == (250, 0)


async def test_credits_of_a_terminated_board_go_back(world: World, tmp_path: Path) -> None:
    """The hold of a still that is being made anew goes back, too."""
    desk = await waiting_board(world, tmp_path)
    await desk.painted(await desk.repaint(1))
    painting, go_on = threading.Event(), threading.Event()

    def slowly(_: int) -> None:
        painting.set()
        go_on.wait(200)

    world.faults.plans["paint"] = slowly
    ticket = await desk.repaint(1)
    assert await asyncio.to_thread(painting.wait, 200)
    assert (ticket.price, world.balance().held) == (10, 210)
    await desk.handle.terminate()
    go_on.set()
    await world.client.execute_workflow(
        ReconcileCredits.run, ReconcileRequest(), id=f"reconcile-{uuid4().hex}", task_queue=QUEUE
    )
    assert (world.balance().posted, world.balance().held) == (250, 0)
    row = world.stores.boards.find(world.account_id, desk.video_id, ticket.operation_id)
    assert row is not None
    assert row.state is BoardStepState.FAILED


async def test_a_reset_keeps_the_artists_board(world: World, tmp_path: Path) -> None:
    desk = await waiting_board(world, tmp_path)
    await desk.edit(MoveCut(scene_id=1, frame=60))
    await desk.approve([2])
    await world.until(desk.handle, lambda p: p.board is not None and p.board.filmed == 1)
    filmed = world.faults.calls["animate"]
    await reset_generation(world.client, desk.video_id, "lay_board", "test")
    progress = await world.until(
        desk.handle, lambda p: p.status is RunStatus.WAITING_FOR_ARTIST and p.board is not None and p.board.filmed == 1
    )
    assert progress.board is not None
    assert (progress.board.revision, progress.board.approved) == (2, 1)
    assert world.faults.calls["animate"] == filmed, "what was filmed is found"
    await desk.approve()
    made = await desk.delivered()
    assert made.scenes[0].end_frame == 60
    assert world.balance().posted == 50


async def test_a_long_board_continues_as_new(paid: World, fal_server: FalServer, tmp_path: Path) -> None:
    desk = await waiting_board(paid, tmp_path, QUICK.model_copy(update={"history_events": 130}))
    begun = (await desk.handle.describe()).run_id
    await desk.approve([0])
    await paid.until(desk.handle, lambda p: p.board is not None and p.board.filmed == 1)
    for _ in range(12):
        await desk.edit(Swap(scene_id=1, other_id=2))
    assert (await desk.handle.describe()).run_id != begun
    await desk.approve()
    made = await desk.delivered()
    assert len(made.scenes) == 8
    assert clips_at(fal_server) == MADE, "the reprise shows the clip that was bought before"
    assert (paid.balance().posted, paid.balance().held) == (50, 0)


async def test_steps_are_undone_and_done_again_across_continue_as_new(world: World, tmp_path: Path) -> None:
    """Few events each; what is approved stays, and the run films what the newest revision says."""
    desk = await waiting_board(world, tmp_path, QUICK.model_copy(update={"history_events": 130}))
    begun = (await desk.handle.describe()).run_id
    await desk.edit(Swap(scene_id=1, other_id=2))
    await desk.edit(Merge(scene_id=4))
    first = await desk.undo(operation_id="one")
    assert (first.scene_ids, first.revision) == ((0, 2, 1, 3, 4, 5, 6, 7), 3)
    while (await desk.handle.describe()).run_id == begun:
        await desk.redo()
        await desk.undo()
    assert await desk.undo(operation_id="one", revision=2) == first, "the same order again"
    await desk.approve([1])
    with pytest.raises(Conflict, match="scene 3 is approved: it stays as it is") as refused:
        await desk.undo()
    assert refused.value.code == "scene_approved"
    answer = await desk.redo()
    assert (answer.scene_ids, answer.approved) == ((0, 2, 1, 3, 4, 6, 7), (1,))
    await desk.approve()
    made = await desk.delivered()
    check_tiling(made)
    assert [scene.identity for scene in made.scenes] == [0, 2, 1, 3, 4, 6, 7]
    assert world.balance().posted == 50


async def test_twenty_edits_leave_a_short_history(paid: World, fal_server: FalServer, tmp_path: Path) -> None:
    """The bar for any run: 45 events a scene and 300; stills made anew move the limit on what the video may cost."""
    desk = await waiting_board(paid, tmp_path)
    for number in range(20):
        await desk.edit(Swap(scene_id=1, other_id=2 + number % 3))
    paid.grant(10)
    for _ in range(2):
        await desk.painted(await desk.repaint(3))
    state = (await desk.handle.query(GenerateVideo.progress)).board
    assert state is not None
    assert state.revision == 22
    price = max(job.price_micro_usd for job in paid.stores.jobs.of_video(desk.video_id))
    assert paid.stores.boards.repainted_micro_usd(desk.video_id) == 2 * price
    await desk.approve()
    await desk.delivered()
    events = len((await desk.handle.fetch_history()).events)
    print(f"{events} events for {SCENES} scenes")
    assert events <= 45 * SCENES + 300
    assert clips_at(fal_server) == MADE
    assert (paid.balance().posted, paid.balance().held) == (50, 0)
