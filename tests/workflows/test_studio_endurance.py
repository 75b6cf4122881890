"""Studio under bad endings and long runs: resets, terminations, kills in between, hundreds of operations."""

import asyncio
import threading
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError

from models.failures import ContentRefused, InvalidInput, ProviderUnavailable, StartRefused
from models.generation import Reason, ReconcileRequest
from models.progress import OperationStage, RunStatus
from models.queues import QUEUE
from models.studio import Outcome, StudioKind, StudioOrder, StudioState
from models.timeline import FREE_RETRY
from temporal.generation import generation
from temporal.resets import reset_generation
from temporal.studio import cancel_operation, operate, regeneration
from temporal.support_runs import abandon_run, runs_in
from tests.fakes.amounts import FULL
from tests.fakes.desk import Desk, finished_video
from tests.fakes.resetting import reset_to_start
from tests.fakes.world import QUICK, World
from workflows.bookkeeping import ReconcileCredits
from workflows.generate_video import GenerateVideo
from workflows.regenerate_scene import RegenerateScene

OPERATIONS = 500 if FULL else 12
EVENTS_BAR = 10_000
CARRIED_BAR_BYTES = 100_000

pytestmark = pytest.mark.timeout(3600 if FULL else 900)


class Block:
    """Holds an engine's call until released."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def __call__(self, _count: int) -> None:
        self.reached.set()
        self.go_on.wait(200)


async def reconcile(world: World) -> tuple[str, ...]:
    name = f"reconcile-{uuid4().hex}"
    done = await world.client.execute_workflow(ReconcileCredits.run, ReconcileRequest(), id=name, task_queue=QUEUE)
    return done.settled


async def test_a_reset_after_studio_repeats_nothing(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.grant(100)
    await desk.do(StudioKind.IMAGE, 0)
    await desk.do(StudioKind.VIDEO, 1)
    calls, spent = dict(world.faults.calls), desk.balance().posted
    versions = [desk.timeline(number) for number in (1, 2, 3)]
    await reset_generation(world.client, desk.video_id, "assemble_video", "test")
    progress = await world.until(desk.handle, lambda p: p.version == 3)
    assert progress.status is RunStatus.DRAFT_READY
    assert [desk.timeline(number) for number in (1, 2, 3)] == versions
    assert desk.timeline().version == 3
    assert (desk.balance().posted, desk.balance().held) == (spent, 0)
    assert {name: world.faults.calls[name] for name in ("paint", "animate", "move")} == {
        name: calls[name] for name in ("paint", "animate", "move")
    }
    assert (await desk.do(StudioKind.IMAGE, 2)).version == 4, "and it goes on"


async def test_a_reset_of_a_finished_regeneration_repeats_nothing(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.grant(100)
    for number, kind in enumerate((StudioKind.IMAGE, StudioKind.VIDEO), start=2):
        done = await desk.do(kind, 0)
        calls, spent = dict(world.faults.calls), desk.balance().posted
        child = regeneration(world.client, desk.video_id, done.order.operation_id)
        outcome = Outcome.model_validate(await (await reset_to_start(world.client, child)).result())
        assert (outcome.state, outcome.version) == (StudioState.DELIVERED, number)
        made = ("paint", "animate", "move")
        assert [world.faults.calls[name] for name in made] == [calls[name] for name in made]
        assert (desk.balance().posted, desk.balance().held) == (spent, 0)
        assert desk.timeline().version == number
    assert world.stores.ledger.verify().differences == ()


async def test_a_reset_during_a_regeneration_takes_it_up_again(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.faults.plans["paint"] = block = Block()
    painted = world.faults.calls["paint"]
    ticket = await desk.order(StudioKind.IMAGE, 0)
    assert await asyncio.to_thread(block.reached.wait, 200)
    await reset_generation(world.client, desk.video_id, "assemble_video", "test")
    await world.until(desk.handle, lambda p: bool(p.operations))
    block.go_on.set()
    done = await desk.ended(ticket)
    assert (done.state, done.version) == (StudioState.DELIVERED, 2)
    assert world.faults.calls["paint"] == painted + 1
    assert (desk.balance().posted, desk.balance().held) == (40, 0)


async def test_a_terminated_run_gives_back_what_it_held_and_the_next_one_goes_on(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.faults.plans["paint"] = block = Block()
    ticket = await desk.order(StudioKind.IMAGE, 0)
    assert await asyncio.to_thread(block.reached.wait, 200)
    await desk.handle.terminate()
    assert await reconcile(world) == (ticket.operation_key,)
    operation = world.stores.operations.operation(world.account_id, desk.video_id, ticket.operation_id)
    assert operation.state is StudioState.FAILED
    block.go_on.set()
    with pytest.raises(WorkflowFailureError):
        await regeneration(world.client, desk.video_id, ticket.operation_id).result()
    assert (desk.balance().posted, desk.balance().held) == (50, 0)
    del world.faults.plans["paint"]
    assert (await desk.do(StudioKind.IMAGE, 0)).version == 2
    assert desk.balance().posted == 40


async def test_a_run_cancelled_during_a_regeneration_gives_its_credits_back(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.faults.plans["paint"] = block = Block()
    ticket = await desk.order(StudioKind.IMAGE, 0)
    assert await asyncio.to_thread(block.reached.wait, 200)
    await desk.handle.cancel()
    assert (await desk.handle.result()).version == 1
    block.go_on.set()
    assert (await desk.ended(ticket)).state is StudioState.FAILED
    assert (desk.balance().posted, desk.balance().held) == (50, 0)


async def test_an_operation_can_be_cancelled(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.faults.plans["paint"] = block = Block()
    ticket = await desk.order(StudioKind.IMAGE, 0)
    assert await asyncio.to_thread(block.reached.wait, 200)
    await cancel_operation(world.client, desk.video_id, ticket.operation_id)
    done = await desk.ended(ticket)
    block.go_on.set()
    assert done.failure is not None
    assert done.failure.type == "Cancelled"
    assert (desk.balance().posted, desk.balance().held) == (50, 0)
    assert desk.timeline().version == 1


@pytest.mark.parametrize("ending", ["retry", "retry by the video", "abandon"])
async def test_a_parked_operation_waits_for_support(world: World, tmp_path: Path, ending: str) -> None:
    desk = await finished_video(world, tmp_path)

    def away(_count: int) -> None:
        raise ProviderUnavailable("The painter is away.")

    world.faults.plans["paint"] = away
    ticket = await desk.order(StudioKind.IMAGE, 0)
    child = regeneration(world.client, desk.video_id, ticket.operation_id)
    async with asyncio.timeout(200):
        # The ticket is returned before the child starts: support's list has it once it waits.
        while desk.video_id not in {line.video_id for line in await runs_in(world.client, RunStatus.NEEDS_ATTENTION)}:
            await asyncio.sleep(0.1)
    assert desk.balance().held == 10
    del world.faults.plans["paint"]
    if ending != "abandon":
        if ending == "retry":
            await child.execute_update(RegenerateScene.retry_stage, Reason(reason="back"))
        else:
            await desk.handle.execute_update(GenerateVideo.retry_stage, Reason(reason="back"))
        assert (await desk.ended(ticket)).version == 2
        assert desk.balance().posted == 40
    else:
        await abandon_run(world.client, desk.video_id, "gone for good")
        assert (await desk.ended(ticket)).failure is not None
        assert (desk.balance().posted, desk.balance().held) == (50, 0)


async def test_a_scene_that_had_to_be_filled_in_has_one_free_retry(world: World, tmp_path: Path) -> None:
    def once(count: int) -> None:
        if count == 1:
            raise ContentRefused("Not this.")

    world.faults.plans["animate"] = once
    desk = await finished_video(world, tmp_path)
    fallen = next(scene.index for scene in desk.timeline().scenes if FREE_RETRY in scene.marks)
    first = await desk.do(StudioKind.VIDEO, fallen)
    assert (first.price, desk.timeline().scenes[fallen].marks) == (0, ())
    assert desk.balance().posted == 50
    await desk.do(StudioKind.RESTORE, version=1)
    assert FREE_RETRY not in desk.timeline().scenes[fallen].marks, "it has been used"
    assert (await desk.do(StudioKind.VIDEO, fallen)).price == 50


async def test_a_free_retry_that_fails_beside_others_is_free_again(world: World, tmp_path: Path) -> None:
    """Versions joined meanwhile must not remove the failing scene's mark."""

    def refuse_one(count: int) -> None:
        if count == 1:
            raise ContentRefused("Not this.")

    def away(_count: int) -> None:
        raise ProviderUnavailable("The animator is away.")

    world.faults.plans["animate"] = refuse_one
    desk = await finished_video(world, tmp_path)
    fallen = next(scene.index for scene in desk.timeline().scenes if FREE_RETRY in scene.marks)
    world.faults.plans["animate"] = away
    free = await desk.order(StudioKind.VIDEO, fallen)
    assert (await desk.do(StudioKind.IMAGE, (fallen + 1) % len(desk.timeline().scenes))).version == 2
    child = regeneration(world.client, desk.video_id, free.operation_id)
    await child.execute_update(RegenerateScene.abandon, Reason(reason="gone for good"))
    assert (free.price, (await desk.ended(free)).state) == (0, StudioState.FAILED)
    del world.faults.plans["animate"]
    assert (await desk.do(StudioKind.VIDEO, fallen)).price == 0


async def test_a_failed_join_is_given_up_and_refunded(world: World, tmp_path: Path) -> None:
    limits = QUICK.model_copy(update={"park_timeout_s": 1.0})
    desk = await finished_video(world, tmp_path, limits)

    def away(_count: int) -> None:
        raise ProviderUnavailable("The store is away.")

    world.faults.plans["assemble"] = away
    done = await desk.do(StudioKind.IMAGE, 0)
    assert done.state is StudioState.FAILED
    assert (desk.balance().posted, desk.balance().held) == (50, 0)
    del world.faults.plans["assemble"]
    assert (await desk.do(StudioKind.IMAGE, 0)).version == 2
    assert (await desk.handle.query(GenerateVideo.progress)).status is RunStatus.DRAFT_READY


async def test_a_join_that_waits_for_a_person_can_be_given_up(world: World, tmp_path: Path) -> None:
    """Others wait behind it; each waiting one is given up, and later ones are made."""
    desk = await finished_video(world, tmp_path)
    with pytest.raises(StartRefused, match="nothing to give up"):
        await abandon_run(world.client, desk.video_id, "too early")

    def away(_count: int) -> None:
        raise ProviderUnavailable("The store is away.")

    world.faults.plans["assemble"] = away
    tickets = [await desk.order(StudioKind.IMAGE, scene) for scene in (0, 1)]
    await world.until(
        desk.handle,
        lambda p: (
            p.status is RunStatus.NEEDS_ATTENTION
            and [one.stage for one in p.operations] == [OperationStage.JOINING] * len(tickets)
        ),
    )
    assert desk.balance().held == 20
    progress = await abandon_run(world.client, desk.video_id, "The store stays away.")
    assert (desk.balance().posted, desk.balance().held) == (50, 0), "the answer comes when the credits are back"
    assert (progress.status, progress.operations) == (RunStatus.DRAFT_READY, ())
    for ticket in tickets:
        failure = (await desk.ended(ticket)).failure
        assert failure is not None
        assert failure.sentence == "The store stays away."
    del world.faults.plans["assemble"]
    assert (await desk.do(StudioKind.IMAGE, 0)).version == 2


async def test_a_run_without_a_version_1_is_not_opened(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    video = world.stores.vault.video(world.account_id, desk.video_id)
    unknown = video.model_copy(update={"video_id": "video-unknown"})
    order = StudioOrder(
        account_id=world.account_id,
        video_id="video-unknown",
        operation_id="op",
        kind=StudioKind.IMAGE,
        scene_index=0,
    )
    world.handles.append(generation(world.client, "video-unknown"))
    with pytest.raises(InvalidInput) as refused:
        await operate(world.client, unknown, order, QUICK)
    assert refused.value.code == "no_video"
    with pytest.raises(WorkflowFailureError):
        await world.handles[-1].result()
    assert (world.balance().posted, world.balance().held) == (50, 0), "and 200 are not held either"


async def test_hundreds_of_operations_on_one_video(world: World, tmp_path: Path) -> None:
    """No run grows past the bar, nothing is lost across continue-as-new, and the balance is right."""
    limits = QUICK if FULL else QUICK.model_copy(update={"history_events": 120})
    desk = await finished_video(world, tmp_path, limits)
    world.grant(10 * OPERATIONS)
    left = OPERATIONS

    async def artist(scene: int) -> list[int]:
        nonlocal left
        made = []
        while left > 0:
            left -= 1
            made.append((await desk.do(StudioKind.IMAGE, scene)).version or 0)
        return made

    made = await asyncio.gather(*(artist(scene) for scene in range(4)))
    assert sorted(version for versions in made for version in versions) == list(range(2, OPERATIONS + 2))
    assert (desk.balance().posted, desk.balance().held) == (50, 0)
    await check_runs(desk)
    for scene, versions in enumerate(made):
        assert desk.timeline().scenes[scene].take_id == desk.timeline(versions[-1]).scenes[scene].take_id


async def check_runs(desk: Desk) -> None:
    runs = 0
    query = f"WorkflowId = '{desk.handle.id}'"
    async for run in desk.world.client.list_workflows(query):
        runs += 1
        history = await desk.world.client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        assert len(history.events) < EVENTS_BAR
        started = history.events[0].workflow_execution_started_event_attributes
        assert started.input.ByteSize() < CARRIED_BAR_BYTES
    assert runs > 1, "it continued as new"
