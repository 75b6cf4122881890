"""Prompt caches shared by many calls: the first call with a prefix goes ahead, the others follow once it is cached.

An entry can be read only after the answer to the call that wrote it has begun. Sections are asked about concurrently:
without an order each would write the same entry, and none would read it.
"""

import asyncio
import time
from collections.abc import Callable

FRESH_S = 240.0
"""How long an entry counts as cached after its last use: a minute less than its lifetime."""

PATIENCE_S = 20.0
"""The longest wait for another call's answer to begin."""


class Prefixes:
    """The prefixes that are cached or in flight. Belongs to one event loop.

    Args:
        clock: Monotonic seconds; tests pass their own.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._used_at: dict[str, float] = {}
        self._leaders: dict[str, asyncio.Event] = {}

    async def turn(self, prefix: str) -> bool:
        """Wait until a call with this prefix should go.

        Returns:
            True: it goes first, and must call `cached` or `given_up`. False: it follows, or has waited long enough.
        """
        until = self._clock() + PATIENCE_S
        while not self._is_fresh(prefix):
            leader = self._leaders.get(prefix)
            if leader is None:
                self._leaders[prefix] = asyncio.Event()
                return True
            try:
                async with asyncio.timeout(max(0.0, until - self._clock())):
                    await leader.wait()
            except TimeoutError:
                return False
        self._used_at[prefix] = self._clock()
        return False

    def cached(self, prefix: str) -> None:
        """The first call's answer has begun: the others may follow."""
        self._used_at = {known: at for known, at in self._used_at.items() if self._clock() - at < FRESH_S}
        self._used_at[prefix] = self._clock()
        self.given_up(prefix)

    def given_up(self, prefix: str) -> None:
        """The first call has failed or ended: if nothing is cached, the next one goes first."""
        leader = self._leaders.pop(prefix, None)
        if leader is not None:
            leader.set()

    def _is_fresh(self, prefix: str) -> bool:
        return self._clock() - self._used_at.get(prefix, float("-inf")) < FRESH_S
