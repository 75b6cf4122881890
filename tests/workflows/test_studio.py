"""Studio against real servers, with engines that answer at once."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from activities.imagery import prompt_of
from models.credits import Settlement, SettleRequest
from models.failures import ContentRefused, InsufficientCredits, InvalidInput, StartRefused
from models.generation import Reason
from models.media_models import PromptLimits
from models.progress import RunStatus
from models.storyboard import Framing
from models.studio import AcceptedOperation, SceneEdit, StudioKind, StudioState
from models.timeline import CLIP_STALE, Timeline
from temporal.generation import GenerateHandle, start_generation
from temporal.studio import close_video, progress_from_vault
from tests.fakes.desk import Desk, finished_video
from tests.fakes.world import QUICK, World
from workflows.generate_video import GenerateVideo

ROUNDS = 2


def others(timeline: Timeline, index: int) -> list[Any]:
    return [scene for scene in timeline.scenes if scene.index != index]


async def test_an_image_is_made_anew_with_a_camera_move_and_marked(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.grant(50)
    ticket = await desk.order(StudioKind.IMAGE, 2, edit=SceneEdit(prompt="Close-up of a heron", seed=7))
    assert (ticket.price, ticket.balance.available, ticket.balance.held) == (10, 90, 10)
    done = await desk.ended(ticket)
    assert (done.state, done.version) == (StudioState.DELIVERED, 2)
    before, after = desk.timeline(1), desk.timeline(2)
    assert others(before, 2) == others(after, 2)
    scene = after.scenes[2]
    prompt = prompt_of(world.stores.objects, scene.prompts_key, 2)
    assert (prompt.image_prompt, prompt.framing) == ("Close-up of a heron", Framing.CLOSE_UP)
    assert (scene.prompt, scene.seed, scene.take_id) == (prompt.image_prompt, 7, ticket.operation_id)
    assert scene.marks == (CLIP_STALE,)
    assert scene.still_key != before.scenes[2].still_key
    assert scene.segment_key != before.scenes[2].segment_key
    assert world.faults.calls["move"] == 1
    assert (desk.balance().posted, desk.balance().held) == (90, 0)
    assert world.stores.objects.size(after.video_key)
    progress = await world.until(desk.handle, lambda p: p.version == 2 and not p.operations)
    assert progress.status is RunStatus.DRAFT_READY


async def test_a_video_is_made_anew_from_the_chosen_still(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.grant(100)
    await desk.do(StudioKind.IMAGE, 2)
    done = await desk.do(StudioKind.VIDEO, 2, edit=SceneEdit(prompt="it takes off"))
    assert done.version == 3
    image, video = desk.timeline(2).scenes[2], desk.timeline(3).scenes[2]
    assert video.still_key == image.still_key
    assert video.segment_key != image.segment_key
    assert (video.motion_prompt, video.marks) == ("it takes off", ())
    assert video.prompt == image.prompt
    assert (desk.balance().posted, desk.balance().held) == (50 + 100 - 60, 0)


async def test_a_prompt_that_the_bought_model_would_not_take_is_refused_before_it_costs_anything(
    world: World, tmp_path: Path
) -> None:
    await world.rest()
    world.limits = PromptLimits(image_max_chars=500, motion_max_chars=200)
    await world.work()
    desk = await finished_video(world, tmp_path)
    for kind, most in ((StudioKind.IMAGE, 500), (StudioKind.VIDEO, 200)):
        with pytest.raises(InvalidInput, match=f"has {most + 1} characters; the {kind.value} model takes {most}") as no:
            await desk.order(kind, 2, edit=SceneEdit(prompt="x" * (most + 1)))
        assert no.value.code == "prompt_too_long"
    assert (desk.balance().available, desk.balance().held) == (50, 0)
    assert (await desk.do(StudioKind.IMAGE, 2, edit=SceneEdit(prompt="x" * 500))).version == 2


async def test_an_order_for_a_draft_that_the_vault_shows_before_its_run_knows_is_taken(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle, stored, go_on = world.stores.ledger.settle, threading.Event(), threading.Event()

    def slow(request: SettleRequest) -> Settlement:
        stored.set()
        assert go_on.wait(200)
        return settle(request)

    monkeypatch.setattr(world.stores.ledger, "settle", slow)
    request = world.request(world.add_song(tmp_path), QUICK)
    handle, _ = await world.start(request)
    assert await asyncio.to_thread(stored.wait, 200)
    desk = Desk(world, request.video_id, handle, QUICK)
    ordered = asyncio.create_task(desk.order(StudioKind.RESTORE, version=1, operation_id="early"))
    while not ordered.done() and "early" not in await updates_of(handle):
        await asyncio.sleep(0.02)
    go_on.set()
    assert (await desk.ended(await ordered)).state is StudioState.DELIVERED


async def updates_of(handle: GenerateHandle) -> set[str]:
    """The ids of the updates that a run has accepted."""
    return {
        event.workflow_execution_update_accepted_event_attributes.accepted_request.meta.update_id
        async for event in handle.fetch_history_events()
        if event.HasField("workflow_execution_update_accepted_event_attributes")
    }


async def test_choosing_a_take_and_going_back_cost_nothing(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    first = await desk.do(StudioKind.IMAGE, 1)
    await desk.do(StudioKind.IMAGE, 1)
    spent = desk.balance().posted
    takes = [t for t in world.stores.operations.takes(world.account_id, desk.video_id) if t.scene_index == 1]
    assert len(takes) == 3
    assert (await desk.do(StudioKind.CHOOSE, 1, take_id=first.order.operation_id)).version == 4
    assert desk.timeline(4).scenes == desk.timeline(2).scenes
    assert (await desk.do(StudioKind.CHOOSE, 1, take_id="draft")).version == 5
    assert (await desk.do(StudioKind.RESTORE, version=3)).version == 6
    assert desk.timeline(5).scenes == desk.timeline(1).scenes
    assert desk.timeline(6).scenes == desk.timeline(3).scenes
    assert desk.timeline(6).video_key == desk.timeline(3).video_key
    assert desk.balance().posted == spent


async def test_two_for_one_scene_are_refused_and_several_scenes_go_at_once(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    world.grant(100)
    tickets = await asyncio.gather(
        *(desk.order(StudioKind.IMAGE, scene) for scene in (0, 1, 2)), return_exceptions=False
    )
    second = await asyncio.gather(*(desk.order(StudioKind.IMAGE, 5) for _ in range(3)), return_exceptions=True)
    refused = [one for one in second if isinstance(one, InvalidInput)]
    assert {one.code for one in refused} == {"scene_busy"}
    accepted = [one for one in second if isinstance(one, AcceptedOperation)]
    assert len(accepted) == 1
    done = [await desk.ended(ticket) for ticket in [*tickets, *accepted]]
    assert sorted(one.version or 0 for one in done) == [2, 3, 4, 5]
    newest = desk.timeline()
    assert {scene.take_id for scene in newest.scenes if scene.index in (0, 1, 2, 5)} == {
        one.order.operation_id for one in done
    }, "no version lost another one's scene"
    assert desk.balance().posted == 150 - 40


async def test_the_same_operation_is_charged_once(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    tickets = await asyncio.gather(*(desk.order(StudioKind.IMAGE, 3, operation_id="once") for _ in range(4)))
    assert {ticket.operation_key for ticket in tickets} == {tickets[0].operation_key}
    await desk.ended(tickets[0])
    await close_video(world.client, desk.video_id)
    await desk.handle.result()
    again = await desk.order(StudioKind.IMAGE, 3, operation_id="once")
    assert again.operation_key == tickets[0].operation_key
    assert desk.timeline().version == 2
    assert desk.balance().posted == 40


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"kind": StudioKind.IMAGE, "scene": 99}, "no_scene"),
    ({"kind": StudioKind.IMAGE, "scene": -1}, "no_scene"),
    ({"kind": StudioKind.IMAGE, "scene": None}, "no_scene"),
    ({"kind": StudioKind.IMAGE, "scene": 0, "edit": SceneEdit(prompt="x" * 4_001)}, "prompt"),
    ({"kind": StudioKind.VIDEO, "scene": 0, "edit": SceneEdit(prompt=" ")}, "prompt"),
    ({"kind": StudioKind.IMAGE, "scene": 0, "edit": SceneEdit(location_id="nowhere")}, "no_location"),
    ({"kind": StudioKind.IMAGE, "scene": 0, "edit": SceneEdit(character_ids=("stranger",))}, "no_character"),
    ({"kind": StudioKind.IMAGE, "scene": 0, "quoted": 3}, "price_changed"),
    ({"kind": StudioKind.IMAGE, "scene": 0, "operation_id": "a/b"}, "operation_id"),
    ({"kind": StudioKind.CHOOSE, "scene": 0, "take_id": "none"}, "no_take"),
    ({"kind": StudioKind.RESTORE, "scene": None, "version": 9}, "no_version"),
]


async def test_what_cannot_be_done_is_refused_in_a_sentence(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    for more, code in REFUSED:
        with pytest.raises(InvalidInput) as refused:
            await desk.order(**more)
        assert refused.value.code == code, more
        assert refused.value.message.endswith(".")
    assert (desk.balance().posted, desk.balance().held) == (50, 0)
    assert desk.timeline().version == 1


async def test_too_few_credits_refuse_before_any_work(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    await desk.do(StudioKind.IMAGE, 0)
    with pytest.raises(InsufficientCredits):
        await desk.order(StudioKind.VIDEO, 0)
    assert (desk.balance().posted, desk.balance().held) == (40, 0)


async def test_a_regeneration_that_fails_gives_its_credits_back(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)

    def refuse(_count: int) -> None:
        raise ContentRefused("Not this; word it differently.")

    world.faults.plans["paint"] = refuse
    done = await desk.do(StudioKind.IMAGE, 0)
    assert done.state is StudioState.FAILED
    assert done.failure is not None
    assert done.failure.sentence == "Not this; word it differently."
    assert desk.timeline().version == 1
    assert (desk.balance().posted, desk.balance().held) == (50, 0)
    del world.faults.plans["paint"]
    assert (await desk.do(StudioKind.IMAGE, 0)).version == 2


async def test_a_closed_run_is_reopened_by_the_next_operation(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    await desk.handle.execute_update(GenerateVideo.close, Reason())
    await desk.handle.result()
    assert (await desk.do(StudioKind.IMAGE, 4)).version == 2
    progress = await world.until(desk.handle, lambda p: p.version == 2)
    assert progress.status is RunStatus.DRAFT_READY
    assert progress.credits_charged == 200
    assert (await desk.handle.describe()).status is WorkflowExecutionStatus.RUNNING
    assert (desk.balance().posted, desk.balance().held) == (40, 0)


async def test_a_reopened_run_that_accepted_nothing_closes_soon(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path, QUICK.model_copy(update={"reopen_timeout_s": 0.3}))
    await close_video(world.client, desk.video_id)
    await desk.handle.result()
    with pytest.raises(InvalidInput):
        await desk.order(StudioKind.IMAGE, 99)
    assert (await desk.handle.result()).version == 1
    assert (await desk.handle.query(GenerateVideo.progress)).status is RunStatus.CLOSED


async def test_long_runs_continue_as_new_and_lose_nothing(world: World, tmp_path: Path) -> None:
    limits = QUICK.model_copy(update={"history_events": 150})
    desk = await finished_video(world, tmp_path, limits)
    world.grant(1000)
    first = (await desk.handle.describe()).run_id
    for round_ in range(ROUNDS):
        tickets = [await desk.order(StudioKind.IMAGE, scene) for scene in range(4)]
        for ticket in tickets:
            assert (await desk.ended(ticket)).state is StudioState.DELIVERED, round_
    assert (await desk.handle.describe()).run_id != first
    assert desk.timeline().version == 1 + 4 * ROUNDS
    assert desk.balance().posted == 1050 - 40 * ROUNDS


async def test_an_expired_run_is_answered_from_the_vault_and_reopened(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    await close_video(world.client, desk.video_id)
    await desk.handle.result()
    await world.client.workflow_service.delete_workflow_execution(
        DeleteWorkflowExecutionRequest(
            namespace=world.client.namespace, workflow_execution=WorkflowExecution(workflow_id=desk.handle.id)
        )
    )
    async with asyncio.timeout(120):  # a deletion that meets an unfinished closing is retried after half a minute
        while True:
            try:
                await desk.handle.describe()
            except RPCError as error:
                if error.status is RPCStatusCode.NOT_FOUND:
                    break
            await asyncio.sleep(0.1)
    progress = progress_from_vault(desk.timeline())
    assert (progress.status, progress.version) == (RunStatus.CLOSED, 1)
    await close_video(world.client, desk.video_id)
    assert (await desk.do(StudioKind.IMAGE, 1)).version == 2
    assert (desk.balance().posted, desk.balance().held) == (40, 0)


async def test_a_video_that_is_in_the_vault_is_not_generated_again(world: World, tmp_path: Path) -> None:
    """A run in Studio mode cannot charge the 200 credits, for any caller."""
    world.grant(200)
    desk = await finished_video(world, tmp_path)
    await close_video(world.client, desk.video_id)
    await desk.handle.result()
    await desk.do(StudioKind.IMAGE, 1)
    request = world.request(desk.timeline().song_id).model_copy(update={"video_id": desk.video_id})
    with pytest.raises(StartRefused):
        await start_generation(world.client, request, "another")
    assert (desk.balance().posted, desk.balance().held) == (240, 0)
