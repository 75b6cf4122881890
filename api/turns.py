"""Work that is heavy for a process, done by few at once: so a burst of it takes neither all memory nor all threads."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from api.problems import Problem, too_often, unavailable

T = TypeVar("T")

CHECKS_AT_ONCE = 2
"""A check of a song may take 500 MB for a moment, of a picture 1.1 GB: more at once is a way to fill our memory."""

UPLOADS_AT_ONCE, UPLOADS_WAIT_S = 4, 30
"""Songs of one account that may be on their way into a process, and when to try another one."""

STREAMS_WAIT_S = 30

HASHES_AT_ONCE, HASHES_WAITING = 2, 100
"""Each hash of a password takes 64 MB and several cores for a moment; the last one in line must not wait for long."""


class Turns:
    """Whose turn it is, in one process."""

    def __init__(self) -> None:
        self.checking = asyncio.Semaphore(CHECKS_AT_ONCE)
        self.hashes_in_line = 0
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)
        self._receiving: Counter[str] = Counter()
        self._watching: Counter[str] = Counter()
        self._checked: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def receiving(self, account_id: str) -> AsyncIterator[None]:
        """While an account's upload comes in: a few at once, so that slow ones fill neither disk nor connections.

        Raises:
            Problem: 429, the account has too many on their way.
        """
        if self._receiving[account_id] >= UPLOADS_AT_ONCE:
            raise too_often(UPLOADS_WAIT_S)
        self._receiving[account_id] += 1
        try:
            yield
        finally:
            self._receiving[account_id] -= 1
            if not self._receiving[account_id]:
                del self._receiving[account_id]

    @asynccontextmanager
    async def one_at_a_time(self, account_id: str) -> AsyncIterator[None]:
        """While a file of an account is checked. `checking` is first come, first served: so accounts take turns."""
        lock, users = self._checked.get(account_id, (asyncio.Lock(), 0))
        self._checked[account_id] = lock, users + 1
        try:
            async with lock:
                yield
        finally:
            users = self._checked[account_id][1] - 1
            self._checked[account_id] = lock, users
            if not users:
                del self._checked[account_id]

    @contextmanager
    def watching(self, account_id: str, most: int) -> Iterator[None]:
        """While an account's event stream is open in this process.

        Raises:
            Problem: 429, the account has too many.
        """
        if self._watching[account_id] >= most:
            raise Problem(
                429,
                "too_many_streams",
                f"{most} live views are open: close some of them.",
                headers={"Retry-After": str(STREAMS_WAIT_S)},
            )
        self._watching[account_id] += 1
        try:
            yield
        finally:
            self._watching[account_id] -= 1
            if not self._watching[account_id]:
                del self._watching[account_id]

    async def hash_password(self, work: Callable[[], T]) -> T:
        """Do something that hashes a password, in a thread, as soon as few others do.

        Args:
            work: Blocks for a moment.

        Returns:
            What it returns.

        Raises:
            Problem: 503, too many are in line.
        """
        if self.hashes_in_line >= HASHES_WAITING:
            raise unavailable()
        self.hashes_in_line += 1
        try:
            async with self._hashing:
                return await run_in_threadpool(work)
        finally:
            self.hashes_in_line -= 1
