"""Limits of heavy work per process, so that a burst exhausts neither memory nor threads."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import TypeVar

from fastapi.concurrency import run_in_threadpool

from api.problems import Problem, too_often, unavailable

T = TypeVar("T")

CHECKS_AT_ONCE = 2
"""Checking a song may take 500 MB for a moment, a picture 1.1 GB; more at once could exhaust memory."""

UPLOADS_AT_ONCE, UPLOADS_WAIT_S = 4, 30
"""Uploads of one account at once in a process, and the seconds until a retry."""

STREAMS_WAIT_S = 30

SHOWN_AT_ONCE, SHOWN_WAIT_S = 16, 10
"""Shared videos that one client address receives at once from a process, and the seconds until a retry."""

HASHES_AT_ONCE, HASHES_WAITING = 2, 100
"""Each password hash takes 64 MB and several cores for a moment; the last one in the queue must not wait for long."""


class ConcurrencyLimits:
    """The limits of one process."""

    def __init__(self) -> None:
        self.checking = asyncio.Semaphore(CHECKS_AT_ONCE)
        self.hashes_in_line = 0
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)
        self._receiving: Counter[str] = Counter()
        self._watching: Counter[str] = Counter()
        self._showing: Counter[str] = Counter()
        self._checked: dict[str, tuple[asyncio.Lock, int]] = {}

    @asynccontextmanager
    async def receiving(self, account_id: str) -> AsyncIterator[None]:
        """Held while an account's upload arrives. The limit keeps slow uploads from exhausting disk and connections.

        Raises:
            Problem: 429, too many uploads of the account.
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
        """Held while an account's file is checked. `checking` is first come, first served, so accounts take turns."""
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
        """Held while an account's event stream is open in this process.

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

    @contextmanager
    def showing(self, client: str) -> Iterator[None]:
        """Held while a shared video is sent to a client.

        Raises:
            Problem: 429, the client receives too many.
        """
        if self._showing[client] >= SHOWN_AT_ONCE:
            raise too_often(SHOWN_WAIT_S)
        self._showing[client] += 1
        try:
            yield
        finally:
            self._showing[client] -= 1
            if not self._showing[client]:
                del self._showing[client]

    async def hash_password(self, work: Callable[[], T]) -> T:
        """Run work that hashes a password in a thread, a few at once.

        Args:
            work: The work, which blocks for a moment.

        Raises:
            Problem: 503, the queue is full.
        """
        if self.hashes_in_line >= HASHES_WAITING:
            raise unavailable()
        self.hashes_in_line += 1
        try:
            async with self._hashing:
                return await run_in_threadpool(work)
        finally:
            self.hashes_in_line -= 1
