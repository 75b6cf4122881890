"""Deleting against real servers: refusals while a run works, objects gone in the end, money untouched."""

import asyncio
import threading
from pathlib import Path
from uuid import uuid4

import pytest

from models.failures import InvalidInput, ProviderUnavailable
from models.generation import AnalyzeRequest, Reason
from models.ids import remove_workflow_id
from models.object_keys import video_prefix
from models.progress import RunStatus
from models.vault import RemovalRequest, Shelf
from temporal.analysis import start_analysis
from temporal.deletion import delete_from_vault
from tests.fakes.world import QUICK, World
from workflows.generate_video import GenerateVideo


async def delete(world: World, shelf: Shelf, subject_id: str) -> None:
    request = RemovalRequest(account_id=world.account_id, shelf=shelf, subject_id=subject_id, limits=QUICK)
    await delete_from_vault(world.client, request)


async def gone(world: World, subject_id: str) -> int:
    return int((await world.client.get_workflow_handle(remove_workflow_id(subject_id)).result())["count"])


async def test_a_video_goes_with_its_objects_and_closes_its_idle_run(world: World, tmp_path: Path) -> None:
    song_id = world.add_song(tmp_path)
    request = world.request(song_id)
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    balance, history = world.balance(), world.stores.ledger.history(world.account_id)
    timeline = world.stores.vault.timeline(world.account_id, request.video_id)
    await delete(world, Shelf.VIDEO, request.video_id)
    assert world.stores.catalogue.videos(world.account_id).videos == ()
    assert await gone(world, request.video_id) > 20
    assert list(world.stores.objects.list_keys(video_prefix(world.account_id, request.video_id))) == []
    assert world.stores.objects.size(timeline.soundtrack_key) is not None, "the song stays"
    assert (world.balance(), world.stores.ledger.history(world.account_id)) == (balance, history)
    await delete(world, Shelf.VIDEO, request.video_id)
    assert await gone(world, request.video_id) == 0


async def test_what_a_run_works_with_is_not_deleted(world: World, tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans["envision"] = block
    song_id = world.add_song(tmp_path)
    request = world.request(song_id)
    handle, _ = await world.start(request)
    assert await asyncio.to_thread(reached.wait, 200)
    with pytest.raises(InvalidInput, match="cancel it first"):
        await delete(world, Shelf.SONG, song_id)
    with pytest.raises(InvalidInput, match="still open"):
        await delete(world, Shelf.VIDEO, request.video_id)
    assert world.stores.vault.song(world.account_id, song_id).song_id == song_id
    go_on.set()
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await delete(world, Shelf.SONG, song_id)
    timeline = world.stores.vault.timeline(world.account_id, request.video_id)
    await gone(world, song_id)
    assert world.stores.objects.size(timeline.soundtrack_key) is not None, "its video still needs it"
    await delete(world, Shelf.VIDEO, request.video_id)
    await gone(world, request.video_id)
    assert world.stores.objects.size(timeline.soundtrack_key) is None


async def test_a_song_that_is_listened_to_is_not_deleted(world: World, tmp_path: Path) -> None:
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans["analyze"] = block
    song_id = world.add_song(tmp_path, heard=False)
    analysis = await start_analysis(world.client, AnalyzeRequest(account_id=world.account_id, song_id=song_id))
    assert await asyncio.to_thread(reached.wait, 200)
    with pytest.raises(InvalidInput, match="listened to"):
        await delete(world, Shelf.SONG, song_id)
    go_on.set()
    await analysis.result()
    await delete(world, Shelf.SONG, song_id)
    assert world.stores.catalogue.songs(world.account_id).songs == ()


async def test_objects_go_however_long_the_store_is_away(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    song_id = world.add_song(tmp_path, heard=False)
    key = f"accounts/{world.account_id}/songs/{song_id}/{uuid4().hex}"
    world.stores.objects.put_bytes(key, b"x", "text/plain")
    real, calls = world.stores.objects.delete_prefix, 0

    def away(prefix: str) -> int:
        nonlocal calls
        calls += 1
        if calls < 3:
            raise ProviderUnavailable("The store is away.")
        return real(prefix)

    monkeypatch.setattr(world.stores.objects, "delete_prefix", away)
    await delete(world, Shelf.SONG, song_id)
    assert world.stores.catalogue.songs(world.account_id).songs == ()
    assert await gone(world, song_id) == 1
    assert world.stores.objects.size(key) is None


async def test_a_cancellation_leaves_nothing_half_deleted(world: World, tmp_path: Path) -> None:
    song_id = world.add_song(tmp_path, heard=False)
    await world.rest()
    request = RemovalRequest(account_id=world.account_id, shelf=Shelf.SONG, subject_id=song_id, limits=QUICK)
    asking = asyncio.create_task(delete_from_vault(world.client, request))
    handle = world.client.get_workflow_handle(remove_workflow_id(song_id))
    async with asyncio.timeout(200):
        while True:
            try:
                await handle.cancel()
                break
            except Exception:
                await asyncio.sleep(0.05)
    await world.work()
    assert (await asking).prefixes
    assert await gone(world, song_id) == 0
    assert world.stores.catalogue.songs(world.account_id).songs == ()


async def test_a_closed_run_does_not_stand_in_the_way(world: World, tmp_path: Path) -> None:
    request = world.request(world.add_song(tmp_path))
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await handle.execute_update(GenerateVideo.close, Reason())
    await handle.result()
    await delete(world, Shelf.VIDEO, request.video_id)
    assert await gone(world, request.video_id) > 20
