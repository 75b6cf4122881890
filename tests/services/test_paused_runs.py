"""A run that was paused in Temporal: everything still reads it, says so, and lets it go on."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution as ExecutionName
from temporalio.api.history.v1 import HistoryEvent
from temporalio.api.workflowservice.v1 import PauseActivityRequest, PauseWorkflowExecutionRequest

from cli.commands import support, videos
from models.failures import RateLimited
from models.progress import RunStatus, StageName
from models.support import Action
from services.hearing import hear_song
from temporal.generation import GenerateHandle
from temporal.open_runs import OpenRuns
from temporal.reading import IS_OPEN, describe, listed
from tests.api.conftest import Api, Person
from tests.api.test_support import RUNS, WHY, helper, parked
from tests.fakes.world import QUICK, World
from tests.services.conftest import Terminal

BY, REASON = "kim", "is the provider at fault?"


async def paused(world: World, api: Api, artist: Person) -> GenerateHandle:
    """A run that waits for its painter, and was paused meanwhile."""
    handle = await parked(world, artist, api.add_song(artist.account_id).song_id)
    await pause(world, handle.id)
    return handle


async def pause(world: World, workflow_id: str) -> None:
    request = PauseWorkflowExecutionRequest(
        namespace=world.client.namespace,
        workflow_id=workflow_id,
        identity=BY,
        reason=REASON,
        request_id=uuid4().hex,
    )
    await world.client.workflow_service.pause_workflow_execution(request)


async def test_a_paused_run_is_read_everywhere_and_goes_on(
    api: Api, world: World, terminal_for: Callable[..., Terminal]
) -> None:
    artist, helping = await api.sign_up(), await helper(api)
    terminal = terminal_for(artist.account_id)
    handle = await paused(world, api, artist)
    video_id = handle.id.removeprefix("generate-")
    told = f"({REASON}): `starter.py support unpause {video_id}"

    async with asyncio.timeout(200):
        while not (found := await runs_of(world, video_id)):
            pass
    assert found == [handle.id], "a paused run is open"
    assert await OpenRuns(world.client).is_open(handle.id), "the reconciler leaves its hold alone"

    seen = (await artist.http.get(f"/api/v1/videos/{video_id}/progress")).json()
    assert seen["waiting"] == "paused"
    assert REASON not in str(seen), "support's reasons are none of the artist's"
    stages = {stage["name"]: stage["status"] for stage in seen["stages"]}
    assert stages[StageName.STILLS] == "waiting", "the last known stage stays"
    listing = await artist.http.get("/api/v1/videos")
    assert listing.status_code == 200
    assert [one["video_id"] for one in listing.json()["items"]] == [video_id]
    assert (await artist.http.get("/vault")).status_code == 200

    shown = await terminal.run(partial(support.show, video_id, BY))
    assert shown["progress"]["standstill"]["cause"] == "paused"
    assert shown["progress"]["standstill"]["sentence"].startswith("Paused by kim since ")
    assert told in shown["progress"]["standstill"]["sentence"]
    assert shown["hold"]["credits"] == 200
    async with asyncio.timeout(200):  # the server's index of runs comes a moment later than the runs
        while not (lines := await paused_lines(terminal, video_id)):
            await asyncio.sleep(0.05)
    assert told in lines[0]["reason"]
    for command in (videos.watch, videos.timeline):
        _, sentence = await terminal.refusal(partial(command, video_id))
        assert told in sentence
    code, sentence = await terminal.refusal(partial(support.retry, BY, video_id, reason="now"))
    assert (code, "support unpause" in sentence) == ("paused", True)
    refused = await helping.http.post(f"{RUNS}/{video_id}/abandonment", json=WHY)
    assert (refused.status_code, refused.json()["code"]) == (409, "paused")

    del world.faults.plans["paint"]
    went_on = await helping.http.post(f"{RUNS}/{video_id}/unpause", json=WHY)
    assert went_on.status_code == 200, went_on.text
    _, sentence = await terminal.refusal(partial(support.unpause, video_id, "again", BY))
    assert sentence == f"Nothing of {video_id} is paused."
    await terminal.run(partial(support.retry, BY, video_id, reason="it is back"))
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    accepted = [event.workflow_execution_update_accepted_event_attributes for event in await events_of(handle)]
    assert any(one.accepted_request.meta.update_id.startswith("retry_stage-") for one in accepted)
    actions = [(one.action, one.outcome) for one in api.backend.stores.support.of(video_id)]
    assert (Action.UNPAUSE, "done") in actions


async def paused_lines(terminal: Terminal, video_id: str) -> list[dict[str, Any]]:
    """A run's lines in support's list, as far as it has them as paused."""
    lines = (await terminal.run(partial(support.list_runs, BY)))["runs"]
    return [line for line in lines if line["video_id"] == video_id and line["paused"]]


async def test_a_paused_run_that_is_cancelled_ends_once_it_goes_on(
    api: Api, world: World, terminal_for: Callable[..., Terminal]
) -> None:
    artist = await api.sign_up()
    terminal = terminal_for(artist.account_id)
    handle = await paused(world, api, artist)
    video_id = handle.id.removeprefix("generate-")
    answer = await terminal.run(partial(videos.cancel, video_id, yes=True))
    assert answer["sentence"].startswith("It will be cancelled. Paused by kim since ")
    await terminal.run(partial(support.unpause, video_id, "seen enough", BY))
    ended = await world.until(handle, lambda p: p.status is RunStatus.CANCELLED)
    assert ended.sentence == "Cancelled. The credits are back."
    assert api.balance(artist.account_id) == 250


async def test_a_paused_analysis_is_told_and_goes_on_with_its_video(
    api: Api, world: World, terminal_for: Callable[..., Terminal], tmp_path: Path
) -> None:
    artist, heard = await api.sign_up(), threading.Event()
    terminal, world.account_id = terminal_for(artist.account_id), artist.account_id

    def listen(_count: int) -> None:
        heard.wait(200)

    world.faults.plans["analyze"] = listen
    song_id = world.add_song(tmp_path, heard=False)
    analysis = await hear_song(world.app, artist.account_id, song_id, QUICK)
    await pause(world, analysis.id)
    handle, _ = await world.start(world.request(song_id))
    video_id = handle.id.removeprefix("generate-")

    url = f"/api/v1/songs/{song_id}/analysis/progress"
    assert (await artist.http.get(url)).json() == {"running": True, "paused": True, "failure": None}
    async with asyncio.timeout(200):
        while (await artist.http.get(f"/api/v1/videos/{video_id}/progress")).json()["waiting"] != "paused":
            await asyncio.sleep(0.1)
        while analysis.id not in {
            one["video_id"] for one in (await terminal.run(partial(support.list_runs, BY)))["runs"]
        }:
            await asyncio.sleep(0.1)
    assert (await terminal.run(partial(support.unpause, video_id, "seen enough", BY)))["unpaused"] == [analysis.id]
    await pause(world, analysis.id)
    assert (await terminal.run(partial(support.unpause, song_id, "seen enough", BY)))["unpaused"] == [analysis.id]
    _, sentence = await terminal.refusal(partial(support.unpause, analysis.id, "again", BY))
    assert sentence == f"Nothing of {analysis.id} is paused."
    heard.set()
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)


async def test_a_run_with_a_paused_step_is_cancelled_at_once(api: Api, world: World) -> None:
    artist, begun, loop = await api.sign_up(), asyncio.Event(), asyncio.get_running_loop()

    def busy(_count: int) -> None:
        loop.call_soon_threadsafe(begun.set)
        raise RateLimited("busy", delay_s=3_600)

    world.faults.plans["envision"] = busy
    world.account_id = artist.account_id
    handle, _ = await world.start(world.request(api.add_song(artist.account_id).song_id))
    await begun.wait()
    (step,) = (await describe(world.client, handle.id)).raw_description.pending_activities
    name = ExecutionName(workflow_id=handle.id)
    request = PauseActivityRequest(
        namespace=world.client.namespace, execution=name, id=step.activity_id, identity=BY, reason=REASON
    )
    await world.client.workflow_service.pause_activity(request)
    url = f"/api/v1/videos/{handle.id.removeprefix('generate-')}"
    assert (await artist.http.get(f"{url}/progress")).json()["waiting"] == "paused"
    assert (await artist.http.post(f"{url}/cancellation")).json()["sentence"] == "It is being cancelled."
    await world.until(handle, lambda p: p.status is RunStatus.CANCELLED)


async def events_of(handle: GenerateHandle) -> list[HistoryEvent]:
    return [event async for event in handle.fetch_history_events()]


async def runs_of(world: World, video_id: str) -> list[str]:
    """The open executions about a video."""
    return [run.id async for run in listed(world.client, f"EchonosVideo = '{video_id}' AND {IS_OPEN}")]
