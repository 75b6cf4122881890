"""A clock that tests move."""

from datetime import UTC, datetime, timedelta


class Clock:
    """Begins in 2027.

    Args:
        tick: How far each look at it moves it, where the order of events matters.
    """

    def __init__(self, tick: timedelta = timedelta(0)) -> None:
        self.now = datetime(2027, 1, 1, 12, tzinfo=UTC)
        self._tick = tick

    def __call__(self) -> datetime:
        self.now += self._tick
        return self.now

    def forward(self, **by: float) -> None:
        """Move it by so much, in the words of `timedelta`."""
        self.now += timedelta(**by)
