"""After a deletion no word of the deleted thing is left: not in a row, an object or a history."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import select
from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from models.access import KeptAnswer
from models.brief import Brief
from models.failures import InvalidInput
from models.progress import RunStatus
from models.search_attributes import SearchAttribute
from models.song import AudioFacts
from models.studio import SceneEdit, StudioKind
from models.vault import Shelf
from stores.idempotency import Idempotency
from stores.schema import metadata
from tests.fakes.desk import Desk
from tests.fakes.world import QUICK, World
from tests.workflows.test_deletion import delete, gone
from workflows.generate_video import GenerateVideo

TITLE, ARTIST, PROMPT, EDIT = "Xylotitle", "Xyloartist", "Xyloprompt", "Xyloedit"
WORDS = (TITLE, ARTIST, PROMPT, EDIT)
PATIENCE_S = 200.0


def add_song(world: World, folder: Path) -> tuple[str, str]:
    """A song with distinctive words, and its hash."""
    path, sha256 = folder / "song", uuid4().hex * 2
    path.write_bytes(sha256.encode())
    facts = AudioFacts(
        container="wav",
        codec="pcm",
        duration_s=64,
        sample_rate_hz=44_100,
        channels=2,
        size_bytes=64,
        sha256=sha256,
        title=TITLE,
        artist=ARTIST,
    )
    key = f"accounts/{world.account_id}/songs/{uuid4().hex}/source.wav"
    world.stores.objects.put_file(key, path, "audio/wav")
    return world.stores.vault.add_song(world.account_id, facts, TITLE, key).song_id, sha256


def rows_with(world: World, words: tuple[str, ...]) -> list[str]:
    """Tables with a column that contains one of the words."""
    found = []
    with world.stores.database.read() as connection:
        for table in metadata.sorted_tables:
            values = (str(value) for row in connection.execute(select(table)) for value in row)
            if any(word in value for value in values for word in words):
                found.append(table.name)
    return found


async def histories(world: World) -> dict[str, bytes]:
    """All executions of the account, as bytes, by workflow id."""
    query = f"{SearchAttribute.ACCOUNT} = '{world.account_id}'"
    found = {}
    async for run in world.client.list_workflows(query):
        try:
            history = await world.client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise
            continue  # the server's index still has what was deleted a moment ago
        found[run.id] = b"".join(event.SerializeToString() for event in history.events)
    return found


async def histories_of(world: World, *kinds: str) -> dict[str, bytes]:
    """The same once they are of these kinds, by the beginnings of their ids: the index follows a moment later."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            found = await histories(world)
            if {run.partition("-")[0] for run in found} == set(kinds):
                return found
            await asyncio.sleep(0.05)


async def test_deleting_video_and_song_leaves_no_word_of_them(world: World, tmp_path: Path) -> None:
    song_id, sha256 = add_song(world, tmp_path)
    brief = Brief(prompt=PROMPT, style="film-noir", seed=1)
    request = world.request(song_id).model_copy(update={"song_title": TITLE, "brief": brief})
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    desk = Desk(world, request.video_id, handle, QUICK)
    await desk.do(StudioKind.IMAGE, 2, edit=SceneEdit(prompt=EDIT))
    keys = Idempotency(world.stores.database)
    keys.claim(world.account_id, "upload", "digest")
    keys.keep(world.account_id, "upload", KeptAnswer(status=201, body=f'{{"song_id":"{song_id}","title":"{TITLE}"}}'))
    assert set(rows_with(world, WORDS)) >= {"songs", "videos", "operations", "idempotency"}, "it was there"
    assert any(TITLE.encode() in history for history in (await histories(world)).values())

    await delete(world, Shelf.VIDEO, request.video_id)
    await gone(world, request.video_id)
    await histories_of(world, "remove", "analyze")
    await delete(world, Shelf.SONG, song_id)
    await gone(world, song_id)
    assert rows_with(world, (*WORDS, sha256)) == []
    left = await histories_of(world, "remove")
    assert not any(word.encode() in history for history in left.values() for word in (*WORDS, sha256))
    kept = keys.claim(world.account_id, "upload", "digest")
    assert kept is not None
    assert (kept.status, "deleted" in kept.body) == (404, True)
    assert world.stores.ledger.verify().differences == ()
    assert world.balance().held == 0


async def test_a_cancelled_video_is_deleted_with_its_history(world: World, tmp_path: Path) -> None:
    world.faults.plans["paint"] = lambda _count: (_ for _ in ()).throw(InvalidInput("This cannot be painted."))
    song_id, _ = add_song(world, tmp_path)
    request = world.request(song_id).model_copy(update={"song_title": TITLE})
    handle, _ = await world.start(request)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    await delete(world, Shelf.VIDEO, request.video_id)
    await gone(world, request.video_id)
    await histories_of(world, "remove", "analyze")
    assert (world.balance().posted, world.balance().held) == (250, 0)


async def test_others_keep_what_is_theirs(world: World, tmp_path: Path) -> None:
    """A video's deletion touches no other video of the same song, and invalid ids touch nothing."""
    song_id, _ = add_song(world, tmp_path)
    first, second = world.request(song_id), world.request(song_id)
    for request in (first, second):
        handle, _ = await world.start(request)
        await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
        world.grant(200)
    await delete(world, Shelf.VIDEO, first.video_id)
    await gone(world, first.video_id)
    await delete(world, Shelf.VIDEO, "' OR '1' = '1")
    await gone(world, "' OR '1' = '1")
    progress = await world.handles[1].query(GenerateVideo.progress)
    assert progress.status is RunStatus.DRAFT_READY
    assert any(run.startswith("analyze") for run in await histories(world))
