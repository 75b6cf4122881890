"""The database goes away under a run, and comes back: PostgreSQL's server is stopped, SQLite's file is locked.

On the real Temporal server, with shorter time-outs and intervals; `test_ten_minutes_away.py` has the real ones.
"""

import asyncio
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, make_url
from temporalio.client import WorkflowFailureError

from bench.servers.postgres import PostgresServer, postgres_server
from models.generation import Reason
from models.progress import RunStatus, StageName, StageStatus
from stores.database import migrate
from stores.opening import Stores
from tests.fakes.world import QUICK, World
from tests.workflows.test_money import away, reconcile
from workflows.generate_video import GenerateVideo

Away = Callable[[], AbstractContextManager[None]]

LIMITS = QUICK.model_copy(update={"light_timeout_s": 1})
"""For runs that are parked before the database goes: wherever a busy machine parks them, they are refunded."""

IMPATIENT_S, PATIENCE_S = 0.1, 200.0
AWAY_S = 3.0
"""Three time-outs of a step: in production ten minutes are thirty."""


@pytest.fixture(scope="module")
def postgres() -> Iterator[PostgresServer]:
    with postgres_server(durable=False) as server:
        migrate(server.url)
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, _migrated: Path, tmp_path: Path) -> str:
    """The world's database."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres").url)
    shutil.copyfile(_migrated, tmp_path / "echonos.db")
    return f"sqlite:///{tmp_path}/echonos.db"


@contextmanager
def _impatient(engine: Engine) -> Iterator[None]:
    """A block in which connections do not wait for SQLite's lock, which takes real time: each attempt fails at once."""

    def at_once(_dialect: object, _record: object, _arguments: object, parameters: dict[str, object]) -> None:
        parameters["timeout"] = IMPATIENT_S

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("stores.database.BUSY_TIMEOUT_S", IMPATIENT_S)
        event.listen(engine, "do_connect", at_once)
        engine.dispose()
        try:
            yield
        finally:
            event.remove(engine, "do_connect", at_once)
            engine.dispose()


@pytest.fixture
def database_away(database_url: str, stores: Stores, request: pytest.FixtureRequest) -> Away:
    """A block during which every write fails."""
    if database_url.startswith("postgresql"):
        return request.getfixturevalue("postgres").away  # type: ignore[no-any-return]

    @contextmanager
    def locked() -> Iterator[None]:
        path = make_url(database_url).database
        assert path is not None
        with (
            _impatient(stores.database.engine),
            closing(sqlite3.connect(path, timeout=PATIENCE_S, isolation_level=None)) as connection,
        ):
            connection.execute("BEGIN EXCLUSIVE")
            yield
            connection.execute("ROLLBACK")

    return locked


async def test_a_draft_that_cannot_be_stored_waits_for_the_database(
    world: World, tmp_path: Path, database_away: Away
) -> None:
    """Even with a retry that comes too early."""
    reached, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold_up(_count: int) -> None:
        loop.call_soon_threadsafe(reached.set)
        asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(200)

    world.faults.plans["assemble"] = hold_up
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    await asyncio.wait_for(reached.wait(), 200)
    with database_away():
        go_on.set()
        for _ in range(2):
            parked = await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
            assert [s.name for s in parked.stages if s.status is StageStatus.WAITING] == [StageName.ASSEMBLY]
            await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="too early"))
        await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="it is back"))
    progress = await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert progress.credits_charged == 200
    assert (world.balance().posted, world.balance().held) == (50, 0)


async def test_a_refund_waits_as_long_as_it_must(world: World, tmp_path: Path, database_away: Away) -> None:
    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path), LIMITS))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    with database_away():
        await handle.cancel()
        with pytest.raises(asyncio.TimeoutError):
            await asyncio.wait_for(asyncio.shield(handle.result()), AWAY_S)
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert (world.balance().posted, world.balance().held) == (250, 0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_reconciler_comes_again(world: World, tmp_path: Path, database_away: Away) -> None:
    world.faults.plans["paint"] = away
    handle, _ = await world.start(world.request(world.add_song(tmp_path), LIMITS))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    await handle.terminate()
    with database_away(), pytest.raises(WorkflowFailureError):
        await reconcile(world)
    assert len(await reconcile(world)) == 1
    assert (world.balance().posted, world.balance().held) == (250, 0)
