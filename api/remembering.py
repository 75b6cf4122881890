"""What was found out a moment ago, so that it need not be asked again: bounded, short-lived, forgotten on demand."""

import time
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Remembered(Generic[T]):
    """Answers by question, in one process; used on the event loop, forgotten from any thread.

    Args:
        lifetime_s: An answer is given for so long.
        most: So many are kept; the oldest give way.
    """

    def __init__(self, lifetime_s: float, most: int) -> None:
        self._lifetime_s = lifetime_s
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[float, T]] = OrderedDict()
        self.age = 0
        """Grows whenever everything is forgotten."""

    def find(self, question: Hashable) -> T | None:
        """The answer of a moment ago."""
        kept = self._kept.get(question)
        return kept[1] if kept is not None and time.monotonic() - kept[0] < self._lifetime_s else None

    def keep(self, question: Hashable, answer: T, age: int) -> None:
        """Remember an answer.

        Args:
            question: What was asked.
            answer: What was found.
            age: Of before the asking: what was forgotten meanwhile must not come back.
        """
        if age != self.age:
            return
        self._kept[question] = time.monotonic(), answer
        self._kept.move_to_end(question)
        while len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        """Ask everything anew."""
        self.age += 1
        self._kept.clear()
