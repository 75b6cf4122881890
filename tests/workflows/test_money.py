"""Money without a workflow: terminated runs, resets, a balance that becomes short too late.

The saga's promise (charged once or refunded) has a test on the real server for each way in which a run can end:

| what happens | test |
| --- | --- |
| a step fails, in every stage | `test_generate_video.test_a_definite_failure_in_any_stage_gives_the_credits_back` |
| cancelled, in every stage | `test_generate_video.test_cancel_in_any_stage_gives_everything_back` |
| parked for too long, draft too late | `test_generate_video.test_nobody_waits_for_ever` |
| a time-out set at the start | `test_a_day_parked.test_a_run_that_timed_out_is_refunded` |
| terminated | `test_a_terminated_run_is_refunded`, `test_a_run_terminated_between_delivery_and_capture_is_charged` |
| the worker is killed | `faults.test_kills.test_a_killed_worker_costs_nothing_but_time` |
| the server is killed and starts again | `faults.test_kills.test_a_killed_server_loses_nothing` |
| the database is away | `test_database_away` (SQLite and PostgreSQL) |
| reset, to before every step | `test_a_reset_after_a_refund_pays_anew`, `…_after_delivery_charges_nothing_more` |
| delivered late, balance short | `test_a_late_video_waits_for_a_top_up`, `test_a_late_video_can_be_given_up` |
| cancelled while it is paid late | `test_a_cancel_while_a_late_video_is_being_paid_loses_neither` |
| the code of the workflow is broken | `faults.test_runbooks.test_a_bad_version_is_rolled_back` |
"""

import asyncio
import threading
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle
from temporalio.service import RPCError

from models.credits import HoldRequest, Operation, Settlement, SettleRequest
from models.failures import InvalidInput, ProviderUnavailable, StartRefused
from models.generation import Reason, ReconcileRequest
from models.ids import analyze_workflow_id, generate_operation_key
from models.progress import RunStatus
from models.queues import QUEUE
from models.stages import STAGES
from models.studio import SceneEdit, StudioKind
from temporal.generation import GenerateHandle, generation, start_generation
from temporal.resets import reset_generation
from temporal.studio import regeneration
from tests.fakes.desk import finished_video
from tests.fakes.world import World
from workflows.bookkeeping import ReconcileCredits, VerifyLedger
from workflows.generate_video import GenerateVideo


async def reconcile(world: World, page: int = 500) -> tuple[str, ...]:
    name = f"reconcile-{uuid4().hex}"
    request = ReconcileRequest(limit=page)
    done = await world.client.execute_workflow(ReconcileCredits.run, request, id=name, task_queue=QUEUE)
    assert done.settled_count == len(done.settled)
    return done.settled


async def reset(world: World, handle: GenerateHandle, before: str) -> GenerateHandle:
    """Reset a closed run to just before an activity was scheduled."""
    video_id = handle.id.removeprefix("generate-")
    await reset_generation(world.client, video_id, before, "test")
    world.handles.append(generation(world.client, video_id))
    return world.handles[-1]


def away(_count: int) -> None:
    raise ProviderUnavailable("away")


async def test_a_terminated_run_is_refunded(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert await reconcile(world) == (), "an open run keeps its credits"
    await handle.terminate()
    assert await reconcile(world) == (generate_operation_key(handle.id.removeprefix("generate-")),)
    assert (world.balance().posted, world.balance().held) == (250, 0)
    assert await reconcile(world) == ()


async def test_an_abandonment_of_the_past_does_not_hit_the_run_after_a_reset(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await handle.execute_update(GenerateVideo.abandon, Reason(reason="given up too early"))
    del world.faults.plans["paint"]
    again = await reset(world, handle, "paint_still")
    await world.until(again, lambda p: p.status is RunStatus.DRAFT_READY)
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_a_hold_without_any_run_is_refunded(world: World) -> None:
    key = generate_operation_key("video-never-started")
    world.stores.ledger.hold(HoldRequest(account_id=world.account_id, operation=Operation.GENERATE, operation_key=key))
    assert await reconcile(world) == (key,)
    assert world.balance().held == 0


def hold_without_run(world: World, name: str) -> str:
    key = generate_operation_key(f"video-{uuid4().hex}-{name}")
    request = HoldRequest(account_id=world.account_id, operation=Operation.REGENERATE_IMAGE, operation_key=key)
    world.stores.ledger.hold(request)
    return key


async def test_all_holds_are_looked_at_however_many_there_are(world: World) -> None:
    keys = [hold_without_run(world, str(n)) for n in range(7)]
    assert sorted(await reconcile(world, page=3)) == sorted(keys)
    assert world.balance().held == 0


async def test_a_hold_that_cannot_be_settled_does_not_keep_others_waiting(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, *_ = [hold_without_run(world, str(n)) for n in range(4)]
    settle = world.stores.ledger.settle

    def refuse_one(request: SettleRequest) -> Settlement:
        if request.operation_key == stuck:
            raise InvalidInput("not this one")
        return settle(request)

    with monkeypatch.context() as patch:
        patch.setattr(world.stores.ledger, "settle", refuse_one)
        with pytest.raises(WorkflowFailureError):
            await reconcile(world, page=2)
    assert world.balance().held == 10, "told as a failure, but the other three are settled"
    assert await reconcile(world) == (stuck,)


async def test_a_run_names_itself_in_the_temporal_ui(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path))
    handle, _ = await world.start(request)
    described = await handle.describe()
    assert await described.static_summary() == "Song · film-noir"
    details = await described.static_details() or ""
    assert f"/namespaces/default/workflows/analyze-{request.song_id}" in details
    assert "/namespaces/default/workflows?query=EchonosAccount" in details


async def found_by(handle: WorkflowHandle[Any, Any]) -> dict[str, object]:
    """A run's search attributes, as far as they are ours."""
    pairs = (await handle.describe()).typed_search_attributes
    return {pair.key.name: pair.value for pair in pairs if pair.key.name.startswith("Echonos")}


async def test_runs_are_found_by_what_they_are_about_and_name_nobody(world: World, tmp_path: Path) -> None:
    """All that is searchable: neither title nor prompt, and the account by an opaque id."""
    desk = await finished_video(world, tmp_path, heard=False)
    ticket = await desk.order(StudioKind.IMAGE, 0, edit=SceneEdit(prompt="my neighbour, Ada Lovelace"))
    assert (await desk.ended(ticket)).version == 2
    song_id = desk.timeline().song_id
    video = {"EchonosAccount": world.account_id, "EchonosSong": song_id}
    made = video | {"EchonosVideo": desk.video_id, "EchonosStyle": "film-noir", "EchonosProvider": "local"}
    assert await found_by(desk.handle) == made | {"EchonosState": "draft_ready", "EchonosStage": ""}
    child = regeneration(world.client, desk.video_id, ticket.operation_id)
    assert await found_by(child) == made | {"EchonosState": "closed", "EchonosStage": ""}
    assert await found_by(world.client.get_workflow_handle(analyze_workflow_id(song_id))) == video


async def test_a_run_terminated_between_delivery_and_capture_is_charged(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settle(_request: SettleRequest) -> Settlement:
        world.faults.at("settle")
        raise ProviderUnavailable("the database is away")

    with monkeypatch.context() as patch:
        patch.setattr(world.stores.ledger, "settle", settle)
        handle, _ = await world.start(world.request(world.add_song(tmp_path)))
        async with asyncio.timeout(200):
            while not world.faults.calls.get("settle"):
                await asyncio.sleep(0.02)
        await handle.terminate()
    assert world.balance().held == 200
    assert len(await reconcile(world)) == 1
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def failed_run(world: World, folder: Path) -> GenerateHandle:
    def refuse(_count: int) -> None:
        raise InvalidInput("not like this")

    world.faults.plans["assemble"] = refuse
    handle, _ = await world.start(world.request(world.add_song(folder)))
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    del world.faults.plans["assemble"]
    assert world.balance().posted == 250
    return handle


@pytest.mark.parametrize("before", ["hold_credits", *(row.first_step for row in STAGES.values() if not row.optional)])
async def test_a_reset_after_a_refund_pays_anew(world: World, tmp_path: Path, before: str) -> None:
    again = await reset(world, await failed_run(world, tmp_path), before)
    progress = await world.until(again, lambda p: p.status is RunStatus.DRAFT_READY)
    assert progress.credits_charged == 200
    assert (world.balance().posted, world.balance().held) == (50, 0)
    assert len(world.stores.catalogue.videos(world.account_id).videos) == 1


async def test_a_late_video_waits_for_a_top_up(world: World, tmp_path: Path) -> None:
    handle = await failed_run(world, tmp_path)
    world.stores.ledger.hold(
        HoldRequest(account_id=world.account_id, operation=Operation.GENERATE, operation_key="other/op")
    )
    again = await reset(world, handle, "assemble_video")
    parked = await world.until(again, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert "credits" in parked.sentence
    assert world.stores.catalogue.videos(world.account_id).videos == (), "kept, but not listed"
    world.grant(200)
    await again.execute_update(GenerateVideo.retry_stage, Reason(reason="topped up"))
    await world.until(again, lambda p: p.status is RunStatus.DRAFT_READY)
    assert (world.balance().posted, world.balance().held) == (250, 200)
    assert len(world.stores.catalogue.videos(world.account_id).videos) == 1


async def test_a_late_video_can_be_given_up(world: World, tmp_path: Path) -> None:
    handle = await failed_run(world, tmp_path)
    world.stores.ledger.hold(
        HoldRequest(account_id=world.account_id, operation=Operation.GENERATE, operation_key="other/op")
    )
    again = await reset(world, handle, "assemble_video")
    await world.until(again, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    progress = await again.execute_update(GenerateVideo.abandon, Reason(reason="no money"))
    assert progress.status is RunStatus.FAILED
    assert (world.balance().posted, world.balance().held) == (250, 200)


async def test_a_video_that_was_paid_late_is_kept_whatever_comes_after(world: World, tmp_path: Path) -> None:
    handle = await failed_run(world, tmp_path)
    again = await reset(world, handle, "assemble_video")
    await world.until(again, lambda p: p.status is RunStatus.DRAFT_READY)
    third = await reset(world, again, "deliver_version")
    progress = await world.until(third, lambda p: p.status is RunStatus.DRAFT_READY)
    assert progress.credits_charged == 200
    await third.cancel()
    await third.result()
    timeline = world.stores.vault.timeline(world.account_id, handle.id.removeprefix("generate-"))
    assert world.stores.objects.size(timeline.video_key)
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_a_cancel_while_a_late_video_is_being_paid_loses_neither(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    handle = await failed_run(world, tmp_path)
    settle_late, paid, go_on = world.stores.vault.settle_late, threading.Event(), threading.Event()

    def slow(request: HoldRequest) -> Settlement:
        settled = settle_late(request)
        paid.set()
        go_on.wait(200)
        return settled

    monkeypatch.setattr(world.stores.vault, "settle_late", slow)
    again = await reset(world, handle, "assemble_video")
    assert await asyncio.to_thread(paid.wait, 200)
    await again.cancel()
    result = await again.result()
    go_on.set()
    assert result.version == 1
    timeline = world.stores.vault.timeline(world.account_id, result.video_id)
    assert world.stores.objects.size(timeline.video_key)
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_a_cancelled_run_is_not_reset(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    with pytest.raises(InvalidInput, match="generate the video again"):
        await reset(world, handle, "paint_still")


async def test_a_run_whose_ledger_is_away_can_be_given_up(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away_hold(_request: HoldRequest) -> None:
        raise ProviderUnavailable("the database is away")

    monkeypatch.setattr(world.stores.ledger, "hold", away_hold)
    request = world.request(world.add_song(tmp_path))
    starting = asyncio.create_task(world.start(request))
    handle = generation(world.client, request.video_id)
    async with asyncio.timeout(200):
        while not starting.done():
            try:
                if (await handle.query(GenerateVideo.progress)).status is RunStatus.NEEDS_ATTENTION:
                    break
            except RPCError:
                pass
            await asyncio.sleep(0.05)
    await handle.execute_update(GenerateVideo.abandon, Reason(reason="later"))
    with pytest.raises(StartRefused, match="later"):
        await starting
    assert world.balance().held == 0


async def test_a_run_of_an_unknown_account_ends_with_an_answer(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path)).model_copy(update={"account_id": "unknown"})
    with pytest.raises(InvalidInput):
        await start_generation(world.client, request, f"start-{request.video_id}")
    progress = await generation(world.client, request.video_id).query(GenerateVideo.progress)
    assert progress.status is RunStatus.FAILED


async def test_a_reset_after_delivery_charges_nothing_more(world: World, tmp_path: Path) -> None:
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.execute_update(GenerateVideo.close, Reason())
    await handle.result()
    again = await reset(world, handle, "hold_credits")
    progress = await world.until(again, lambda p: p.status is RunStatus.DRAFT_READY)
    assert progress.credits_charged == 200
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_the_books_are_verified(world: World) -> None:
    name = f"verify-{uuid4().hex}"
    report = await world.client.execute_workflow(VerifyLedger.run, ReconcileRequest(), id=name, task_queue=QUEUE)
    assert report.differences == ()
