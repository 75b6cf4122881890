"""A data folder from before the tree was laid out anew: today's code writes the same keys and ids, and goes on with it.

`scenario.py` says how it was recorded.
"""

import json
import sqlite3
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import text
from temporalio.client import Client

from models.studio import StudioKind, StudioState
from settings import Settings
from stores.database import migrate
from stores.local_cache import LocalCache
from stores.opening import Stores, open_stores
from stores.schema import metadata
from temporal.generation import generation
from tests.data_folder.scenario import ACCOUNT, is_joined, make_folder, objects_of
from tests.fakes.desk import Desk
from tests.fakes.engines import Faults
from tests.fakes.world import QUICK, World

FOLDER: dict[str, Any] = json.loads(Path(__file__).with_name("folder.json").read_text())
OBJECTS: dict[str, bytes] = {key: content.encode("latin-1") for key, content in FOLDER["objects"].items()}
LASTING = {key: content for key, content in OBJECTS.items() if not is_joined(key)}


def rows_of(connection: sqlite3.Connection, table: str) -> int:
    """The number of a table's rows."""
    (count,) = connection.execute(f"SELECT count(*) FROM {table}").fetchone()
    return int(count)


def ids_of(connection: sqlite3.Connection, table: str, columns: list[str]) -> Counter[str]:
    """The ids and keys in a table's rows, but for those of the account of its own that each world opens."""
    every = connection.execute(f"SELECT {', '.join(columns)}, * FROM {table}").fetchall()
    return Counter(repr(row[: len(columns)]) for row in every if "account-" not in repr(row) or ACCOUNT in repr(row))


@pytest.fixture
def then() -> Iterator[sqlite3.Connection]:
    """The database as it was recorded."""
    connection = sqlite3.connect(":memory:")
    connection.executescript("\n".join(FOLDER["database"]))
    yield connection
    connection.close()


def tables_of(connection: sqlite3.Connection) -> list[str]:
    """The tables of the recorded database."""
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
    return [name for (name,) in names if not name.startswith(("sqlite_", "alembic_"))]


@pytest.fixture
def recorded(s3: Settings, tmp_path: Path) -> str:
    """The URL of the recorded database, migrated by today's code."""
    path = tmp_path / "recorded.db"
    with sqlite3.connect(path) as connection:
        connection.executescript("\n".join(FOLDER["database"]))
    connection.close()
    url = f"sqlite:///{path}"
    migrate(url)
    return url


@pytest.fixture
def old_stores(s3: Settings, recorded: str, tmp_path: Path) -> Stores:
    """The recorded folder, opened."""
    options = s3.model_copy(update={"database_url": recorded}).store_options()
    stores = open_stores(**options, local_cache=LocalCache(tmp_path / "cache"))
    stores.objects.delete_prefix(f"accounts/{ACCOUNT}/")
    for key, content in OBJECTS.items():
        stores.objects.put_bytes(key, content, "application/octet-stream")
    return stores


@pytest.fixture
async def old_world(temporal: Client, old_stores: Stores) -> AsyncIterator[World]:
    """A worker on the recorded folder."""
    world = World(temporal, old_stores, Faults())
    world.account_id = ACCOUNT
    world.handles.append(generation(temporal, FOLDER["video_id"]))
    await world.work()
    yield world
    await world.end()
    old_stores.database.close()


async def test_the_same_inputs_make_the_same_keys_and_ids(
    world: World, then: sqlite3.Connection, tmp_path: Path, database_url: str
) -> None:
    world.stores.objects.delete_prefix(f"accounts/{ACCOUNT}/")
    desk = await make_folder(world, tmp_path)
    assert desk.video_id == FOLDER["video_id"]
    made = objects_of(world)
    assert made.keys() == LASTING.keys()
    assert {key for key in made if made[key] != OBJECTS[key] and not key.endswith(".json")} == set()
    assert desk.timeline().video_key in OBJECTS
    now = sqlite3.connect(database_url.removeprefix("sqlite:///"))
    for table in tables_of(then):
        columns = [column[1] for column in then.execute(f"PRAGMA table_info({table})")]
        named = [name for name in columns if name.endswith(("_id", "_key", "_hash"))]
        if named:
            assert ids_of(now, table, named) >= ids_of(then, table, named), table
    now.close()


def test_the_recorded_database_migrates_with_all_its_rows(then: sqlite3.Connection, old_stores: Stores) -> None:
    with old_stores.database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
        for table in tables_of(then):
            (count,) = connection.execute(text(f"SELECT count(*) FROM {table}")).one()
            assert count == rows_of(then, table), table
    assert old_stores.ledger.verify().differences == ()


async def test_a_recorded_video_is_changed_by_todays_code(old_world: World) -> None:
    desk = Desk(old_world, FOLDER["video_id"], generation(old_world.client, FOLDER["video_id"]), QUICK)
    assert desk.timeline().version == 3
    balance = desk.balance().available
    made = await desk.do(StudioKind.VIDEO, 0, operation_id="video-2")
    assert made.state is StudioState.DELIVERED
    assert desk.timeline().version == 4
    assert desk.balance().available == balance - 50
    back = await desk.do(StudioKind.RESTORE, operation_id="restore-1", version=1)
    assert back.state is StudioState.DELIVERED
    kept = objects_of(old_world)
    assert {key: kept.get(key) for key in OBJECTS if not is_joined(key)} == LASTING
