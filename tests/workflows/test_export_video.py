"""`ExportVideo` against real servers: free, made once, and without leftovers of unfinished work."""

import asyncio
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio import activity
from temporalio.client import WorkflowFailureError
from temporalio.exceptions import CancelledError

from models.exports import EXPORT_METHOD, ExportRequest
from models.failures import InvalidInput, MediaCorrupt
from models.ids import export_id_for, export_workflow_id
from models.lyrics import read_lyrics
from models.object_keys import video_prefix
from models.progress import RunStatus
from models.vault import ExportKind, ExportRef, RemovalRequest, Shelf
from temporal.deletion import delete_from_vault
from temporal.exports import start_export
from tests.fakes.resetting import reset_to_start
from tests.fakes.world import QUICK, World


async def finished(world: World, folder: Path, kind: ExportKind = ExportKind.SQUARE) -> ExportRequest:
    request = world.request(world.add_song(folder))
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    return ExportRequest(
        account_id=world.account_id,
        video_id=request.video_id,
        version=1,
        kind=kind,
        title="Song",
        style="film-noir",
        limits=QUICK,
    )


def exports(world: World, request: ExportRequest) -> list[str]:
    prefix = video_prefix(request.account_id, request.video_id)
    return list(world.stores.objects.list_keys(f"{prefix}pieces/"))


def always(error: Exception) -> Callable[[int], None]:
    def plan(_count: int) -> None:
        raise error

    return plan


async def test_an_export_is_made_once_listed_and_free(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    balance, timeline = world.balance(), world.stores.vault.timeline(world.account_id, request.video_id)
    first, second = [await (await start_export(world.client, request)).result() for _ in range(2)]
    assert first == second
    assert world.faults.calls["make_export"] == 1
    assert exports(world, request) == [first.object_key]
    whole = world.stores.objects.get_bytes(first.object_key)
    assert whole.count(b"segment of ") == len(timeline.scenes)
    assert world.stores.catalogue.exports(world.account_id, request.video_id) == [first]
    assert world.balance() == balance
    other = request.model_copy(update={"kind": ExportKind.POSTER})
    poster = await (await start_export(world.client, other)).result()
    assert poster.object_key.endswith(".png")
    assert {a.kind for a in world.stores.catalogue.exports(world.account_id, request.video_id)} == {
        ExportKind.SQUARE,
        ExportKind.POSTER,
    }


async def test_the_same_export_asked_for_at_once_is_made_once(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    handles = await asyncio.gather(*(start_export(world.client, request) for _ in range(4)))
    made = await asyncio.gather(*(handle.result() for handle in handles))
    assert len({export.asset_id for export in made}) == 1
    assert world.faults.calls["make_export"] == 1


async def test_a_reset_after_an_export_finds_the_export(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    handle = await start_export(world.client, request)
    made = await handle.result()
    again = await reset_to_start(world.client, handle)
    assert await again.result() == made.model_dump(mode="json")
    assert world.faults.calls["make_export"] == 1
    assert world.stores.catalogue.exports(world.account_id, request.video_id) == [made]


async def test_a_reset_during_an_export_lists_one_export(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans["make_export"] = block
    handle = await start_export(world.client, request)
    assert await asyncio.to_thread(reached.wait, 200)
    again = await reset_to_start(world.client, handle)
    go_on.set()
    made = ExportRef.model_validate(await again.result())
    assert world.stores.catalogue.exports(world.account_id, request.video_id) == [made]
    assert exports(world, request) == [made.object_key]


async def test_a_failed_export_leaves_nothing(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    world.faults.plans["make_export"] = always(MediaCorrupt("The seam shows."))
    with pytest.raises(WorkflowFailureError) as failed:
        await (await start_export(world.client, request)).result()
    assert "The seam shows." in str(failed.value.__cause__)
    assert world.faults.calls["make_export"] == QUICK.max_attempts
    assert exports(world, request) == []
    assert world.stores.catalogue.exports(world.account_id, request.video_id) == []
    del world.faults.plans["make_export"]
    assert (await (await start_export(world.client, request)).result()).version == 1, "and may be asked for again"


async def test_a_cancelled_export_leaves_nothing(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    reached = threading.Event()

    def until_cancelled(_count: int) -> None:
        reached.set()
        activity.wait_for_cancelled_sync(timeout=200)

    world.faults.plans["make_export"] = until_cancelled
    handle = await start_export(world.client, request)
    assert await asyncio.to_thread(reached.wait, 200)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError) as ended:
        await handle.result()
    assert isinstance(ended.value.cause, CancelledError)
    assert exports(world, request) == []
    assert world.stores.catalogue.exports(world.account_id, request.video_id) == []


async def test_what_an_attempt_stored_without_listing_it_is_removed(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    request = await finished(world, tmp_path)
    monkeypatch.setattr(world.stores.catalogue, "add_export", lambda _asset: always(InvalidInput("Not listed."))(0))
    with pytest.raises(WorkflowFailureError):
        await (await start_export(world.client, request)).result()
    assert world.faults.calls["make_export"] == 1
    assert exports(world, request) == []


async def test_a_video_deleted_meanwhile_takes_its_export_along(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path)
    reached, go_on = threading.Event(), threading.Event()

    def block(_count: int) -> None:
        reached.set()
        go_on.wait(200)

    world.faults.plans["make_export"] = block
    handle = await start_export(world.client, request)
    assert await asyncio.to_thread(reached.wait, 200)
    removal = RemovalRequest(account_id=world.account_id, shelf=Shelf.VIDEO, subject_id=request.video_id, limits=QUICK)
    await delete_from_vault(world.client, removal)
    go_on.set()
    with pytest.raises(WorkflowFailureError) as failed:
        await handle.result()
    assert "not in the Vault" in str(failed.value.__cause__)
    assert exports(world, request) == []


async def test_lyrics_of_another_song_are_refused(world: World, tmp_path: Path) -> None:
    request = await finished(world, tmp_path, ExportKind.LYRICS)
    late = request.model_copy(update={"lyrics": read_lyrics(b"[59:00.00]Late")})
    with pytest.raises(WorkflowFailureError) as failed:
        await (await start_export(world.client, late)).result()
    assert "after the song's end" in str(failed.value.__cause__)
    assert world.faults.calls.get("make_export", 0) == 0


async def test_the_id_says_what_is_made() -> None:
    request = ExportRequest(
        account_id="a", video_id="v", version=1, kind=ExportKind.CANVAS, title="Song", style="film-noir"
    )
    ids = {
        export_workflow_id(export_id_for(one, EXPORT_METHOD))
        for one in (
            request,
            request.model_copy(update={"version": 2}),
            request.model_copy(update={"kind": ExportKind.WIDE}),
            request.model_copy(update={"account_id": "b"}),
        )
    }
    assert len(ids) == 4
