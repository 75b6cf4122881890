"""An account as a whole: everything is in its ZIP, and after an erasure nothing but numbers is left of it."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from models.account_data import Erased
from models.brief import Brief
from models.failures import InvalidInput, NotStored, ProviderUnavailable, StartRefused
from models.ids import erase_workflow_id, takeout_workflow_id
from models.object_keys import account_prefix
from models.progress import RunStatus
from models.studio import SceneEdit, StudioKind
from services.account_data import erase_account, look_at_takeout, start_takeout
from stores import schema
from stores.access import open_access
from stores.account_data import KEPT_TABLES, _mine
from tests.fakes.desk import Desk
from tests.fakes.world import QUICK, World
from tests.workflows.test_complete_deletion import EDIT, PROMPT, TITLE, WORDS, add_song, histories_of, rows_with


def away(_count: int) -> None:
    raise ProviderUnavailable("away")


async def lived_in(world: World, folder: Path) -> str:
    """An account with a song, a video, a Studio version, a way in and a person; returns the video's id."""
    song_id, _ = add_song(world, folder)
    request = world.request(song_id).model_copy(
        update={"song_title": TITLE, "brief": Brief(prompt=PROMPT, style="film-noir", seed=1)}
    )
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    await Desk(world, request.video_id, handle, QUICK).do(StudioKind.IMAGE, 2, edit=SceneEdit(prompt=EDIT))
    access = open_access(world.stores.database)
    access.profiles.vouched(world.account_id, verified=True)
    access.tokens.issue(world.account_id, "my laptop", ["read"])  # type: ignore[list-item]
    return request.video_id


async def test_everything_is_in_the_zip_and_no_secret(world: World, tmp_path: Path) -> None:
    video_id = await lived_in(world, tmp_path)
    await start_takeout(world.client, world.account_id, "t1", QUICK)
    await world.client.get_workflow_handle(takeout_workflow_id(world.account_id, "t1")).result()
    takeout = await look_at_takeout(world.client, world.account_id, "t1")
    assert takeout is not None
    data = world.stores.objects.get_bytes(takeout.object_key)
    assert len(data) == takeout.size_bytes
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        names = set(archive.namelist())
        rows = {name: archive.read(name).decode() for name in names if name.startswith("rows/")}
        keys = world.stores.objects.list_keys(account_prefix(world.account_id))
        wanted = {f"files/{key.removeprefix(account_prefix(world.account_id))}" for key in keys}
        assert names >= wanted
        assert any(video_id in name and name.endswith(".mp4") for name in wanted)
    assert takeout.files == len(wanted)
    told = "".join(rows.values())
    assert all(word in told for word in (TITLE, PROMPT, EDIT, "my laptop"))
    assert {"rows/songs.json", "rows/videos.json", "rows/versions.json", "rows/holds.json"} <= set(rows)
    assert "token_hash" not in told
    assert json.loads(rows["rows/songs.json"])[0]["document"]["title"] == TITLE
    with pytest.raises(NotStored):
        await look_at_takeout(world.client, "account-of-another", "t1")


async def test_after_an_erasure_only_numbers_are_left(world: World, tmp_path: Path) -> None:
    await lived_in(world, tmp_path)
    other = World(world.client, world.stores, world.faults)
    other_song, _ = add_song(other, tmp_path)
    # A second video is being made: it ends, and what it holds comes back first.
    world.grant(200)
    world.faults.plans["paint"] = away
    song_id, _ = add_song(world, tmp_path)
    handle, _ = await world.start(world.request(song_id))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert world.balance().held == 200
    history = [(line.transaction_id, line.text) for line in world.stores.ledger.history(world.account_id)]

    closed = await erase_account(world.client, world.account_id, QUICK)
    assert closed.runs >= 1
    access = open_access(world.stores.database)
    assert access.tokens.list(world.account_id) == []
    erasure = world.client.get_workflow_handle(erase_workflow_id(world.account_id), result_type=Erased)
    erased = await erasure.result()
    assert erased.objects > 20
    assert erased.rows > 5

    assert list(world.stores.objects.list_keys(account_prefix(world.account_id))) == []
    with world.stores.database.read() as connection:
        for table in schema.metadata.sorted_tables:
            mine = _mine(table, world.account_id)
            if table.name not in KEPT_TABLES and mine is not None:
                assert connection.execute(table.select().where(mine)).first() is None, table.name
    await histories_of(world, "erase")
    assert rows_with(other, WORDS) == ["songs"], "another account's song stays"
    ledger = world.stores.ledger
    assert [(line.transaction_id, line.text) for line in ledger.history(world.account_id)][-len(history) :] == history
    assert (world.balance().held, world.balance().posted) == (0, 250 + 200 - 200 - 10)
    assert ledger.verify().differences == ()
    with pytest.raises(InvalidInput, match="erased"):
        access.profiles.vouched(world.account_id, verified=True)
    with pytest.raises(StartRefused):
        await erase_account(world.client, world.account_id, QUICK)
    assert other.stores.vault.song(other.account_id, other_song).title == TITLE


async def test_an_account_that_never_was_is_refused(world: World) -> None:
    with pytest.raises(InvalidInput, match="no account"):
        await erase_account(world.client, "account-unknown", QUICK)


def test_every_table_is_either_kept_or_found_by_account() -> None:
    """A new table that neither names an account nor belongs to a row that does must be decided about here."""
    nameless = {table.name for table in schema.metadata.sorted_tables if _mine(table, "x") is None}
    assert nameless <= {"payments", "reversals", "rate_limits", "provider_permits"} | KEPT_TABLES
