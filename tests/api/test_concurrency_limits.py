"""Heavy work waits its turn; one account's uploads do not keep others waiting."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from api.concurrency_limits import UPLOADS_AT_ONCE, ConcurrencyLimits
from api.problems import Problem


async def test_an_account_has_a_few_uploads_on_their_way_at_once() -> None:
    concurrency = ConcurrencyLimits()
    async with AsyncExitStack() as coming:
        for _ in range(UPLOADS_AT_ONCE):
            await coming.enter_async_context(concurrency.receiving("ada"))
        with pytest.raises(Problem) as told:
            await coming.enter_async_context(concurrency.receiving("ada"))
        assert (told.value.status_code, int((told.value.headers or {})["Retry-After"]) > 0) == (429, True)
        await coming.enter_async_context(concurrency.receiving("eve"))
    async with concurrency.receiving("ada"):
        pass


async def test_accounts_take_turns_at_checks() -> None:
    """Three files of one account wait before one of another, which comes last and is second."""
    concurrency, order = ConcurrencyLimits(), []
    concurrency.checking = asyncio.Semaphore(1)

    async def check(account_id: str) -> None:
        async with concurrency.one_at_a_time(account_id), concurrency.checking:
            order.append(account_id)
            await asyncio.sleep(0)

    await asyncio.gather(*(check(who) for who in ("eve", "eve", "eve", "ada")))
    assert order == ["eve", "ada", "eve", "eve"]


async def test_one_account_never_takes_all_turns() -> None:
    concurrency, at_work, most = ConcurrencyLimits(), 0, 0

    async def check() -> None:
        nonlocal at_work, most
        async with concurrency.one_at_a_time("eve"), concurrency.checking:
            at_work += 1
            most = max(most, at_work)
            await asyncio.sleep(0)
            at_work -= 1

    await asyncio.gather(*(check() for _ in range(10)))
    assert most == 1


async def test_live_views_are_counted_until_they_end() -> None:
    concurrency = ConcurrencyLimits()
    with concurrency.watching("ada", 1):
        with pytest.raises(Problem) as told, concurrency.watching("ada", 1):
            raise AssertionError("one too many")
        assert (told.value.status_code, "Retry-After" in (told.value.headers or {})) == (429, True)
        with concurrency.watching("eve", 1):
            pass
    with concurrency.watching("ada", 1):
        pass
