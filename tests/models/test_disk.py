"""A full disk: whatever it breaks, the failure says so, and blames nothing else."""

import errno
import shutil
from collections import namedtuple
from pathlib import Path

import pytest
from sqlalchemy import text
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from activities.steps import _translating, scratch
from api.problems import problem_of
from engines.jobs import run_job
from models.disk import is_full_behind
from models.failures import DiskFull, MediaCorrupt, NotFound, ProviderUnavailable
from services.failures import translated
from stores.database import open_database

Usage = namedtuple("Usage", "total used free")


def fill() -> None:
    """Write to a device that is always full."""
    with Path("/dev/full").open("w") as file:
        file.write("x")
        file.flush()


def full_behind_broken_media() -> None:
    """What an engine makes of a full disk."""
    try:
        fill()
    except OSError as error:
        raise MediaCorrupt("the clip does not decode") from error


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hardly any space is left."""
    monkeypatch.setattr(shutil, "disk_usage", lambda place: Usage(10**9, 10**9, 10**6))


@pytest.mark.parametrize("work", [fill, full_behind_broken_media])
def test_a_child_process_and_a_step_say_so(work: object) -> None:
    with pytest.raises(DiskFull):
        run_job(work)  # type: ignore[arg-type]
    with pytest.raises(ApplicationError) as failed, _translating():
        work()  # type: ignore[operator]
    assert (failed.value.type, failed.value.non_retryable) == ("DiskFull", False)
    assert failed.value.message.startswith("The disk is full")


def test_a_database_without_room(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path}/small.db")

    def outgrow() -> None:
        with database.write() as connection:
            connection.execute(text("CREATE TABLE things (one BLOB)"))
            connection.execute(text("PRAGMA max_page_count = 4"))
            connection.execute(text("INSERT INTO things VALUES (zeroblob(100000))"))

    with pytest.raises(DiskFull):
        outgrow()
    database.close()


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        RPCError("sql: database or disk is full (13)", RPCStatusCode.UNAVAILABLE, b""),
    ],
)
def test_the_artist_and_the_operator_read_it(error: Exception) -> None:
    told = problem_of(error)
    assert (told.status_code, told.code) == (503, "disk_full")
    assert str(told.detail).startswith("The disk is full")


@pytest.mark.parametrize("error", [ProviderUnavailable("answered 500"), RPCError("?", RPCStatusCode.UNAVAILABLE, b"")])
def test_a_server_that_has_no_room_answers_in_many_ways(error: Exception, short: None) -> None:
    assert isinstance(translated(error), DiskFull)
    missing = translated(RPCError("?", RPCStatusCode.NOT_FOUND, b""))
    assert isinstance(missing, NotFound)


def test_nothing_is_begun_without_room(short: None) -> None:
    with pytest.raises(DiskFull), scratch():
        raise AssertionError


def test_other_failures_are_not_about_the_disk() -> None:
    rate = RuntimeError("429: Quota exceeded for quota metric “requests per minute”")
    for error in (
        rate,
        OSError(errno.EACCES, "no"),
        ValueError("x"),
        NotFound("“The disk is full” is no song of yours."),
    ):
        assert not is_full_behind(error)
