"""Concurrent small transactions share a commit, and stay isolated from each other."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Barrier, Event
from typing import Any

import pytest
from sqlalchemy import Connection, event, func, insert, select

from models.failures import ProviderUnavailable
from stores import schema
from stores.database import Database, open_database

PATIENCE_S = 60
MOMENT = datetime(2027, 1, 1, tzinfo=UTC)


def insert_permit(connection: Connection, name: str) -> str:
    row = {"job_key": name, "provider": "p", "account_id": "a", "urgent": False}
    connection.execute(insert(schema.provider_permits), row | {"asked_at": MOMENT, "lapses_at": MOMENT})
    return name


def names(database: Database) -> set[str]:
    with database.read() as connection:
        return set(connection.scalars(select(schema.provider_permits.c.job_key)))


def test_all_of_them_are_done_once_and_answered(database: Database) -> None:
    start = Barrier(16, timeout=PATIENCE_S)

    def one(number: int) -> str:
        start.wait()
        return database.write_together(lambda connection: insert_permit(connection, f"job-{number}"))

    with ThreadPoolExecutor(16) as pool:
        assert list(pool.map(one, range(16))) == [f"job-{number}" for number in range(16)]
    assert len(names(database)) == 16


def test_what_raises_takes_nobody_with_it(database: Database) -> None:
    start = Barrier(8, timeout=PATIENCE_S)

    def one(number: int) -> str:
        def work(connection: Connection) -> str:
            insert_permit(connection, f"job-{number}")
            if number % 2:
                raise ValueError(f"not {number}")
            return f"job-{number}"

        start.wait()
        try:
            return database.write_together(work)
        except ValueError as error:
            return str(error)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(one, range(8)))
    assert answers == [f"not {n}" if n % 2 else f"job-{n}" for n in range(8)]
    assert names(database) == {f"job-{n}" for n in range(0, 8, 2)}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_who_waits_for_the_disk_shares_the_next_commit(database: Database) -> None:
    """Five arrive while one is at work: two commits, not six."""
    commits: list[object] = []
    event.listen(database.engine, "commit", commits.append)
    at_work, go_on = Event(), Event()

    def first(connection: Connection) -> None:
        insert_permit(connection, "first")
        at_work.set()
        assert go_on.wait(PATIENCE_S)

    with ThreadPoolExecutor(6) as pool:
        leader = pool.submit(database.write_together, first)
        assert at_work.wait(PATIENCE_S)
        others: list[Future[Any]] = [
            pool.submit(database.write_together, partial(insert_permit, name=f"job-{n}")) for n in range(5)
        ]
        shared: Any = database._shared
        while len(shared._waiting) < 5:
            assert not leader.done()
        go_on.set()
        leader.result(PATIENCE_S)
        for future in others:
            future.result(PATIENCE_S)
    assert len(commits) == 2
    assert len(names(database)) == 6


def test_a_database_that_is_away_is_said_to_all(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/missing/echonos.db")
    with pytest.raises(ProviderUnavailable):
        database.write_together(lambda connection: connection.execute(select(func.count())))
    database.close()
