"""The desk where steps wait for permits: places survive attempts that are overtaken, and lapses."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from activities import waiting
from activities.waiting import PermitDesk, Threads
from models.paid_media import PermitRequest
from stores.database import migrate, open_database
from stores.permits import Permits

PATIENCE_S = 60
KEY = "generate-1.still.000.0"


@pytest.fixture
async def permits(tmp_path: Path) -> AsyncIterator[Permits]:
    url = f"sqlite:///{tmp_path}/echonos.db"
    migrate(url)
    database = open_database(url)
    yield Permits(database, lease_s=1)
    database.close()


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():
            await asyncio.sleep(0.01)


def obtaining(desk: PermitDesk, key: str = KEY) -> "asyncio.Task[None]":
    return asyncio.create_task(desk.obtain(key, "ada", False))


async def test_an_overtaken_attempt_leaves_the_place_to_the_next(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine slept, the server has begun a second attempt, and the first one hears of it only now."""
    monkeypatch.setattr(waiting, "_is_withdrawn", lambda: True)
    desk = PermitDesk(permits, "fal", 1, Threads("books", 4))
    await desk.obtain("another", "bob", False)
    first = obtaining(desk)
    await until(lambda: len(desk._waiting) == 1)
    second = obtaining(desk)
    await until(lambda: len(desk._waiting) == 2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await desk.free("another")
    await asyncio.wait_for(second, PATIENCE_S)


async def test_who_is_withdrawn_and_nobody_follows_gives_the_place_back(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_is_withdrawn", lambda: True)
    desk = PermitDesk(permits, "fal", 1, Threads("books", 4))
    await desk.obtain("another", "bob", False)
    first = obtaining(desk)
    await until(lambda: len(desk._waiting) == 1)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    permits.free("another")
    assert permits.grant("fal", 1) == set()


async def test_a_place_that_is_gone_is_taken_anew(permits: Permits) -> None:
    desk = PermitDesk(permits, "fal", 1, Threads("books", 4))
    await desk.obtain("another", "bob", False)
    waiter = obtaining(desk)
    await until(lambda: len(desk._waiting) == 1)
    permits.free(KEY)
    await desk.free("another")
    await asyncio.wait_for(waiter, PATIENCE_S)
    held: Any = permits.ask(PermitRequest(job_key=KEY, provider="fal", account_id="ada", urgent=False), 1)
    assert held
