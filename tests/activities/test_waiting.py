"""The permit_queue where steps wait for permits: places survive attempts that are overtaken, and lapses."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from activities import waiting
from activities.ports.purchases import JobBook
from activities.waiting import PermitQueue, Threads, WebhookWaiter
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


def obtaining(permit_queue: PermitQueue, key: str = KEY) -> "asyncio.Task[None]":
    return asyncio.create_task(permit_queue.obtain(key, "ada", False))


async def test_an_overtaken_attempt_leaves_the_place_to_the_next(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine slept, the server started a second attempt, and only now does the first one learn of it."""
    monkeypatch.setattr(waiting, "_is_withdrawn", lambda: True)
    permit_queue = PermitQueue(permits, "fal", 1, Threads("books", 4))
    await permit_queue.obtain("another", "bob", False)
    first = obtaining(permit_queue)
    await until(lambda: len(permit_queue._waiting) == 1)
    second = obtaining(permit_queue)
    await until(lambda: len(permit_queue._waiting) == 2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    await permit_queue.free("another")
    await asyncio.wait_for(second, PATIENCE_S)


async def test_who_is_withdrawn_and_nobody_follows_gives_the_place_back(
    permits: Permits, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(waiting, "_is_withdrawn", lambda: True)
    permit_queue = PermitQueue(permits, "fal", 1, Threads("books", 4))
    await permit_queue.obtain("another", "bob", False)
    first = obtaining(permit_queue)
    await until(lambda: len(permit_queue._waiting) == 1)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    permits.free("another")
    assert permits.grant("fal", 1) == set()


async def test_a_place_that_is_gone_is_taken_anew(permits: Permits) -> None:
    permit_queue = PermitQueue(permits, "fal", 1, Threads("books", 4))
    await permit_queue.obtain("another", "bob", False)
    waiter = obtaining(permit_queue)
    await until(lambda: len(permit_queue._waiting) == 1)
    permits.free(KEY)
    await permit_queue.free("another")
    await asyncio.wait_for(waiter, PATIENCE_S)
    held: Any = permits.ask(PermitRequest(job_key=KEY, provider="fal", account_id="ada", urgent=False), 1)
    assert held


class Landed:
    """Jobs whose webhooks have arrived."""

    def __init__(self) -> None:
        self.keys: set[str] = set()

    def landed(self, job_keys: Sequence[str]) -> set[str]:
        return self.keys & {*job_keys}


async def test_an_overtaken_attempt_leaves_the_webhook_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "WEBHOOK_POLL_S", 0.01)
    jobs = Landed()
    waiter = WebhookWaiter(cast(JobBook, jobs), Threads("books", 1), expected=True)
    first, second = (asyncio.create_task(waiter.wait(KEY, PATIENCE_S)) for _ in range(2))
    await until(lambda: len(waiter._waiting) == 2)
    first.cancel()
    await asyncio.gather(first, return_exceptions=True)
    jobs.keys.add(KEY)
    assert await second
    assert not waiter._waiting
