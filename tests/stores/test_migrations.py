"""The schema: migrations create what the code expects, even if several processes run them at once."""

import multiprocessing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

import stores.database
from models.failures import ProviderUnavailable
from stores.database import Database, migrate, open_database, sqlite_file
from stores.ledger import Ledger
from stores.schema import metadata


def test_migrations_make_the_schema_that_the_code_expects(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_migrating_again_changes_nothing_and_runs_no_step(
    database: Database, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(database)
    ledger.open_account("ada")
    monkeypatch.delattr("stores.database.command.upgrade")
    migrate(database_url)
    assert ledger.balance("ada").available == 250


def test_an_older_database_keeps_its_books(empty_database_url: str) -> None:
    """From the first revision to the last, with money in it; the triggers must survive the steps."""
    config = Config()
    config.set_main_option("script_location", str(Path(stores.database.__file__).parent / "migrations"))
    database = open_database(empty_database_url)
    with database.write() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    with database.write() as connection:
        connection.execute(text("INSERT INTO accounts (account_id, opened_at) VALUES ('ada', '2027-01-01 00:00:00')"))
        connection.execute(
            text(
                "INSERT INTO journal (kind, account_id, at, actor, reason, body, answer) "
                "VALUES ('collect', 'ada', '2027-01-01 00:00:00', 'system', '', '{}', '{}')"
            )
        )
    migrate(empty_database_url)
    (line,) = Ledger(database).history("ada")
    assert (line.text, line.available) == ("Taken for what was owed", 0)
    with pytest.raises(DBAPIError, match="append-only"), database.write() as connection:
        connection.execute(text("DELETE FROM journal"))
    database.close()


def test_processes_that_start_at_once_all_find_the_schema(empty_database_url: str) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["stores.database"])
    processes = [context.Process(target=migrate, args=(empty_database_url,)) for _ in range(4)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0, 0, 0]
    database = open_database(empty_database_url)
    assert set(inspect(database.engine).get_table_names()) == {*metadata.tables, "alembic_version"}
    database.close()


def test_a_sqlite_database_gets_its_folder(tmp_path: Path) -> None:
    migrate(f"sqlite:///{tmp_path}/not/yet/there/echonos.db")
    assert (tmp_path / "not/yet/there/echonos.db").exists()


def test_a_server_that_is_away_is_worth_a_retry() -> None:
    with pytest.raises(ProviderUnavailable):
        migrate("postgresql://none@127.0.0.1:1/none")


@pytest.mark.parametrize(
    "name", ["a#b", "a?b", "a?k=v", "50%41", "with space", "ü🎵", "a;b&c'd\"", "new\nline", "a,b:c"]
)
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    file = tmp_path / name / "echonos.db"
    file.parent.mkdir()
    database = open_database(f"sqlite:///{file}")
    with database.write() as connection:
        connection.execute(text("CREATE TABLE things (one INTEGER)"))
    database.close()
    assert file.stat().st_size
    assert [path.name for path in tmp_path.iterdir()] == [name], "nothing is made elsewhere"
    assert sqlite_file(f"sqlite:///{file}") == sqlite_file(f"sqlite:///{file}?timeout=5") == file
