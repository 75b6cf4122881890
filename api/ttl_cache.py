"""A cache with a time to live: bounded, and emptied on demand."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class TtlCache(Generic[T]):
    """Cached answers of one process; used on the event loop, cleared from any thread.

    Args:
        most: The greatest number of answers; the oldest are dropped.
    """

    def __init__(self, lifetime_s: float, most: int) -> None:
        self._lifetime_s = lifetime_s
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self.age = 0
        """Grows with each clearing."""

    def find(self, question: Hashable) -> T | None:
        """The cached answer, or None."""
        kept = self._kept.get(question)
        return kept[1] if kept is not None and time.monotonic() - kept[0] < self._lifetime_s else None

    def keep(self, question: Hashable, answer: T, age: int) -> None:
        """Cache an answer.

        Args:
            age: `age` before the answer was computed: an answer from before a clearing is not cached.
        """
        if age != self.age:
            return
        self._kept[question] = time.monotonic(), answer
        self._kept.move_to_end(question)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Clear the cache."""
        self.age += 1
        self._kept.clear()
