"""A repeated analysis of a song, on request: nothing changes until all of it is stored."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError, WorkflowHandle

from models.failures import InvalidInput, NotFound
from models.generation import AnalyzeRequest, SongReady
from models.ids import remove_workflow_id
from models.object_keys import song_prefix, waveform_key, working_copy_key
from models.progress import RunStatus
from models.song import ANALYSIS_VERSION, SongAnalysis, SongRef
from models.studio import StudioKind, StudioState
from models.vault import RemovalRequest, Shelf
from services.hearing import NOTHING_NEW, Hearing, copy_estimate_bytes, hear_again, hear_song, look_at_hearing
from temporal.analysis import start_analysis
from temporal.deletion import delete_from_vault
from tests.fakes.desk import Desk
from tests.fakes.engines import made_analysis
from tests.fakes.world import QUICK, World
from workflows.analyze_song import AnalyzeSong

STEPS = ("copy_source", "analyze", "encode_soundtrack")


def old_song(world: World, folder: Path) -> SongRef:
    """A song stored and analysed before working copies existed."""
    song_id, objects = world.add_song(folder, heard=False), world.stores.objects
    prefix = song_prefix(world.account_id, song_id)
    analysis, soundtrack = f"{prefix}analysis-1.json", f"{prefix}soundtrack-1.m4a"
    objects.put_bytes(analysis, made_analysis().to_bytes(), "application/json")
    objects.put_bytes(f"{prefix}waveform-1.json", b"as it was drawn", "application/json")
    objects.put_bytes(soundtrack, b"as it sounded", "audio/mp4")
    return world.stores.vault.record_analysis(world.account_id, song_id, analysis, soundtrack)


def song_of(world: World, song_id: str) -> SongRef:
    return world.stores.vault.song(world.account_id, song_id)


async def again(world: World, song: SongRef, *, force: bool = False) -> WorkflowHandle[AnalyzeSong, SongReady]:
    return await hear_again(world.app, world.account_id, song.song_id, force=force, limits=QUICK)


def blocking(world: World, step: str) -> tuple[threading.Event, threading.Event]:
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans[step] = block
    return reached, go_on


async def test_a_new_revision_takes_the_place_of_the_old_one_and_all_that_was_there_stays(
    world: World, tmp_path: Path
) -> None:
    song, objects = old_song(world, tmp_path), world.stores.objects
    before = {key: objects.get_bytes(key) for key in objects.list_keys(song_prefix(world.account_id, song.song_id))}
    assert len(before) == 3
    assert (song.renewable, copy_estimate_bytes(song) > 0) == (True, True)
    heard: list[bytes] = []
    analyze = world.engines.analyze

    def listening(path: Path, pulse: Callable[[], None]) -> SongAnalysis:
        heard.append(path.read_bytes())
        return analyze(path, pulse)

    world.engines.analyze = listening  # type: ignore[method-assign]
    ready = await (await again(world, song)).result()

    new = song_of(world, song.song_id)
    assert (new.analysis_revision, new.analysis_version) == (2, ANALYSIS_VERSION)
    assert (new.renewable, copy_estimate_bytes(new)) == (False, 0)
    assert (ready.analysis_key, ready.soundtrack_key, ready.revision) == (new.analysis_key, new.soundtrack_key, 2)
    copy = objects.get_bytes(working_copy_key(world.account_id, song.song_id))
    assert heard == [copy], "it is the working copy that is listened to"
    assert new.copy_bytes == len(copy)
    assert new.analysis_key not in before
    assert new.soundtrack_key not in before, "the old one was made from the artist's file"
    assert objects.size(waveform_key(new.analysis_key or "")) is not None
    assert {key: objects.get_bytes(key) for key in before} == before

    # A third one is made from the same copy, and sounds the same.
    await (await again(world, song, force=True)).result()
    third = song_of(world, song.song_id)
    assert (third.analysis_revision, third.soundtrack_key) == (3, new.soundtrack_key)
    assert third.analysis_key not in (new.analysis_key, song.analysis_key)
    assert world.faults.calls == {"copy_source": 1, "analyze": 2, "encode_soundtrack": 1}


@pytest.mark.parametrize("step", STEPS)
async def test_a_failure_leaves_the_song_as_it_was(world: World, tmp_path: Path, step: str) -> None:
    song = old_song(world, tmp_path)

    def refuse(_count: int) -> None:
        raise InvalidInput("This cannot be heard.")

    world.faults.plans[step] = refuse
    handle = await again(world, song)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    looked = await look_at_hearing(world.app, world.account_id, song.song_id)
    assert (looked.running, looked.failure and looked.failure.sentence) == (False, "This cannot be heard.")
    assert song_of(world, song.song_id) == song
    drawn = world.stores.objects.get_bytes(waveform_key(song.analysis_key or ""))
    assert drawn == b"as it was drawn"

    del world.faults.plans[step]
    await (await again(world, song)).result()
    assert song_of(world, song.song_id).analysis_revision == 2
    assert await look_at_hearing(world.app, world.account_id, song.song_id) == Hearing(running=False)


async def test_two_who_ask_at_once_get_one_analysis_and_one_who_comes_late_finds_it(
    world: World, tmp_path: Path
) -> None:
    song = old_song(world, tmp_path)
    reached, go_on = blocking(world, "analyze")
    first = await again(world, song)
    assert await asyncio.to_thread(reached.wait, 200)
    second = await again(world, song)
    assert await look_at_hearing(world.app, world.account_id, song.song_id) == Hearing(running=True)
    go_on.set()
    assert await first.result() == await second.result()
    late = AnalyzeRequest(account_id=world.account_id, song_id=song.song_id, revision=2, limits=QUICK)
    finding = await start_analysis(world.client, late)
    assert (await finding.result()).revision == 2
    history = await finding.fetch_history()
    assert sum(event.HasField("activity_task_scheduled_event_attributes") for event in history.events) == 1
    assert world.faults.calls["analyze"] == 1


async def test_what_would_find_the_same_is_refused_unless_it_is_forced(world: World, tmp_path: Path) -> None:
    song_id = world.add_song(tmp_path, heard=False)
    song = song_of(world, song_id)
    assert await look_at_hearing(world.app, world.account_id, song_id) == Hearing(running=False)
    first = await (await again(world, song)).result()
    assert (first.revision, world.faults.calls["analyze"]) == (1, 1), "it had never been heard"
    with pytest.raises(InvalidInput, match="the same") as refused:
        await again(world, song)
    assert refused.value.code == NOTHING_NEW
    assert (await (await again(world, song, force=True)).result()).revision == 2
    hearing = await hear_song(world.app, world.account_id, song_id)
    assert (await hearing.result()).revision == 2, "it is found, and not heard once more"
    assert world.faults.calls["analyze"] == 2


async def test_a_reset_of_an_old_run_does_not_bring_its_revision_back(world: World, tmp_path: Path) -> None:
    song = old_song(world, tmp_path)
    await (await again(world, song)).result()
    new, vault = song_of(world, song.song_id), world.stores.vault
    assert vault.record_analysis(world.account_id, song.song_id, "old", "old") == new
    assert song_of(world, song.song_id) == new


async def test_a_video_in_the_making_keeps_to_one_analysis_and_studio_goes_on(world: World, tmp_path: Path) -> None:
    song = old_song(world, tmp_path)
    reached, go_on = blocking(world, "paint")
    request = world.request(song.song_id)
    handle, _ = await world.start(request)
    assert await asyncio.to_thread(reached.wait, 200)
    del world.faults.plans["paint"]
    # Both render slots paint: the analysis takes its turn.
    hearing = await again(world, song)
    go_on.set()
    await hearing.result()
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    desk = Desk(world, request.video_id, handle, QUICK)
    made = desk.timeline(1)
    assert (made.analysis_key, made.soundtrack_key) == (song.analysis_key, song.soundtrack_key)
    world.grant(300)
    assert (await desk.do(StudioKind.IMAGE, 0)).state is StudioState.DELIVERED
    assert desk.timeline(2).analysis_key == song.analysis_key

    later = world.request(song.song_id)
    handle, _ = await world.start(later)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    new = song_of(world, song.song_id)
    made = Desk(world, later.video_id, handle, QUICK).timeline(1)
    assert (made.analysis_key, made.soundtrack_key) == (new.analysis_key, new.soundtrack_key)


async def test_a_deleted_song_takes_all_its_revisions_along(world: World, tmp_path: Path) -> None:
    song = old_song(world, tmp_path)
    await (await again(world, song)).result()
    await (await again(world, song, force=True)).result()
    objects, prefix = world.stores.objects, song_prefix(world.account_id, song.song_id)
    assert len(list(objects.list_keys(prefix))) == 9
    removal = RemovalRequest(account_id=world.account_id, shelf=Shelf.SONG, subject_id=song.song_id, limits=QUICK)
    await delete_from_vault(world.client, removal)
    await world.client.get_workflow_handle(remove_workflow_id(song.song_id)).result()
    assert list(objects.list_keys(prefix)) == []


async def test_a_song_of_somebody_else_is_not_heard(world: World, tmp_path: Path) -> None:
    song = old_song(world, tmp_path)
    with pytest.raises(NotFound):
        await hear_again(world.app, f"account-{uuid4().hex}", song.song_id)
    assert "analyze" not in world.faults.calls
