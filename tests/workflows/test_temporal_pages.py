"""What Temporal's own pages show of a run: nothing red that is in order, and a name on every timer."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from temporalio.api.workflow.v1 import PendingActivityInfo

from models.progress import RunStatus
from models.wire import DATA_CONVERTER
from services.hearing import hear_song
from temporal import workers
from temporal.generation import GenerateHandle
from tests.fakes.world import QUICK, World


async def joined_analysis(world: World, folder: Path) -> GenerateHandle:
    """A closed run that found its song's analysis under way."""
    heard = threading.Event()

    def listen(_count: int) -> None:
        heard.wait(200)

    world.faults.plans["analyze"] = listen
    song_id = world.add_song(folder, heard=False)
    analysis = await hear_song(world.app, world.account_id, song_id, QUICK)
    handle, _ = await world.start(world.request(song_id))
    async with asyncio.timeout(200):
        while not any(step.activity_type.name == "await_analysis" for step in await pending(handle)):
            await asyncio.sleep(0.05)
    heard.set()
    await analysis.result()
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.cancel()
    await handle.result()
    return handle


async def pending(handle: GenerateHandle) -> Sequence[PendingActivityInfo]:
    return (await handle.describe()).raw_description.pending_activities


async def test_an_analysis_that_runs_is_no_failed_child(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who wait for it take no slot that it needs, either: here there is one."""
    await world.rest()
    monkeypatch.setattr(workers, "LIGHT_SLOTS", 1)
    await world.work()
    events = (await (await joined_analysis(world, tmp_path)).fetch_history()).events
    assert not any(event.HasField("start_child_workflow_execution_failed_event_attributes") for event in events)
    timers = [event for event in events if event.HasField("timer_started_event_attributes")]
    assert all(event.user_metadata.HasField("summary") for event in timers)
    first = DATA_CONVERTER.payload_converter.from_payload(timers[0].user_metadata.summary)
    assert first == "time limit of the draft"
