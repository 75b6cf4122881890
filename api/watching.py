"""Watching runs: one loop per watched run and process, shared by all its watchers.

A loop queries its run at most twice a second, slower where nothing changes, and ends soon after its last watcher. It is
only a cache: a loop of another process reports the same.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

from api.shapes import ProgressShape, progress_shape
from models.failures import EchonosError, NoServer, NotFound
from models.progress import CLOSED
from services.progress import RunView

FASTEST_S = 0.55
"""Seconds between two queries of one run."""

SLOWEST_S = 4.0
SLOWER_BY = 1.3
FRESH_S = 1.5
"""Older states are served only after another query."""

PATIENCE_S = 15.0
LINGER_S = 5.0
"""Seconds that a loop goes on without watchers."""


@dataclass(frozen=True)
class Sight:
    """The state of a run, ready to be sent.

    Attributes:
        shape: The state.
        json: The state as JSON, serialized once for all watchers.
        event: The state as a server-sent event, serialized once, too.
        mark: A digest of the content, the same in every process.
        seen: The time of the query, by the monotonic clock.
    """

    shape: ProgressShape
    json: bytes
    event: bytes
    mark: str
    seen: float

    @property
    def is_last(self) -> bool:
        """Whether the run has ended."""
        return self.shape.status in CLOSED


class _Watch:
    def __init__(self, run: RunView) -> None:
        self._view = run
        self._looked = asyncio.Event()
        self._news = asyncio.Event()
        self._hurry = asyncio.Event()
        self.sight: Sight | None = None
        self.failure: EchonosError | None = None
        self.watchers = 0
        self.wanted = time.monotonic()
        self.task = asyncio.create_task(self._run())

    async def news(self, timeout_s: float) -> None:
        """Wait for a change, or until the time-out."""
        await _until(self._news, timeout_s)

    async def fresh(self) -> Sight:
        """The current state, at most a moment old."""
        self.wanted = time.monotonic()
        sight = self.sight
        if sight is not None and self.failure is None:
            age_s = time.monotonic() - sight.seen
            if age_s > FASTEST_S:
                self._hurry.set()  # the next watcher need not wait
            if sight.is_last or age_s < FRESH_S:
                return sight
        self._hurry.set()
        await _until(self._looked, PATIENCE_S)
        if self.failure is not None:
            raise self.failure
        if self.sight is None:
            raise NoServer("The Temporal server does not answer.")
        return self.sight

    async def _run(self) -> None:
        pace_s = FASTEST_S
        try:
            while self.watchers or time.monotonic() - self.wanted < LINGER_S:
                began = time.monotonic()
                changed = await self._look()
                if self.failure is None and self.sight is not None and self.sight.is_last:
                    await asyncio.sleep(LINGER_S)  # a watcher who returns meanwhile costs no query
                    return
                pace_s = FASTEST_S if changed else min(SLOWEST_S, pace_s * SLOWER_BY)
                await asyncio.sleep(max(0.0, began + FASTEST_S - time.monotonic()))
                rest_s = began + pace_s - time.monotonic()
                if rest_s > 0:
                    try:
                        await asyncio.wait_for(self._hurry.wait(), rest_s)
                    except TimeoutError:
                        continue
                    finally:
                        self._hurry.clear()
        finally:
            self._looked.set()
            self._news.set()

    async def _look(self) -> bool:
        """Query once; returns whether the state has changed."""
        before, failed = self.sight, self.failure
        try:
            shape = progress_shape(await self._view.look())
        except EchonosError as error:
            self.failure = error
        else:
            self.failure, self.sight = None, _sight_of(shape, before)
        changed = self.sight is not None and (before is None or before.mark != self.sight.mark)
        self._looked = _rung(self._looked)
        if changed or type(self.failure) is not type(failed):
            self._news = _rung(self._news)
        return changed


def _sight_of(shape: ProgressShape, before: Sight | None) -> Sight:
    text, now = shape.model_dump_json().encode(), time.monotonic()
    if before is not None and before.json == text:
        return replace(before, seen=now)
    mark = hashlib.sha256(text).hexdigest()[:16]
    event = b"id: " + mark.encode() + b"\nevent: progress\ndata: " + text + b"\n\n"
    return Sight(shape, text, event, mark, now)


def _rung(bell: asyncio.Event) -> asyncio.Event:
    """Wake current waiters; returns the event for later ones."""
    bell.set()
    return asyncio.Event()


async def _until(bell: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await bell.wait()
    except TimeoutError:
        return


class Watchtower:
    """All loops of one process."""

    def __init__(self) -> None:
        self._watches: dict[str, _Watch] = {}

    async def look(self, run: RunView) -> Sight:
        """The current state of a run.

        Raises:
            NotFound: There is no such run.
            NoServer: The Temporal server does not answer.
        """
        return await self._watch(run).fresh()

    async def follow(
        self, run: RunView, known: str | None, beat_s: float, longest_s: float
    ) -> AsyncIterator[Sight | None]:
        """The states of a run as it changes, until it has ended.

        Args:
            known: The mark of the watcher's last state.
            beat_s: After so long without change, None is yielded.
            longest_s: After so long the iteration ends.
        """
        watch = self._watch(run)
        watch.watchers += 1
        began = beat = time.monotonic()
        try:
            while time.monotonic() - began < longest_s:
                sight = watch.sight
                if sight is not None and sight.mark != known:
                    known, beat = sight.mark, time.monotonic()
                    yield sight
                if sight is not None and sight.is_last:
                    return
                if isinstance(watch.failure, NotFound):
                    return
                if watch.task.done():
                    watch = self._moved(watch, run)
                left_s = beat + beat_s - time.monotonic()
                if left_s <= 0:
                    beat = time.monotonic()
                    yield None
                    continue
                await watch.news(left_s)
        finally:
            watch.watchers -= 1
            watch.wanted = time.monotonic()

    def close(self) -> None:
        """End all loops."""
        for watch in self._watches.values():
            watch.task.cancel()
        self._watches.clear()

    @property
    def watched(self) -> int:
        """How many runs are watched now."""
        return sum(not watch.task.done() for watch in self._watches.values())

    def _watch(self, run: RunView) -> _Watch:
        watch = self._watches.get(run.video_id)
        if watch is None or watch.task.done():
            watch = self._watches[run.video_id] = _Watch(run)
            watch.task.add_done_callback(lambda _: self._forget(run.video_id, watch))
        return watch

    def _moved(self, old: _Watch, run: RunView) -> _Watch:
        old.watchers -= 1
        watch = self._watch(run)
        watch.watchers += 1
        return watch

    def _forget(self, video_id: str, watch: _Watch) -> None:
        if self._watches.get(video_id) is watch:
            del self._watches[video_id]
