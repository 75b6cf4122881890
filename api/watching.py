"""Watching runs for many people: one loop per watched run and process, shared by all its watchers.

A loop asks at most twice a second, slower where nothing changes, and ends soon after its last watcher has gone. It is
a cache and nothing more: another process with a loop of its own tells the same.
"""

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from api.shapes import ProgressShape, progress_shape
from models.failures import EchonosError, NoServer
from models.progress import CLOSED, Progress
from workflows.clients import GenerateHandle
from workflows.looking import NO_WORKER, ask, merged, told_by_server

FASTEST_S = 0.55
"""Between two queries of one run: less than two a second."""

SLOWEST_S = 4.0
SLOWER_BY = 1.3
DESCRIBE_EVERY_S = 2.0
FRESH_S = 1.5
"""What is older is not told before the run was asked again."""

PATIENCE_S = 15.0
LINGER_S = 5.0
"""How long a loop goes on without anybody."""

QUERY_PATIENCE = timedelta(seconds=4)
DESCRIBE_PATIENCE = timedelta(seconds=3)


class NoRun(EchonosError):
    """Nothing runs, or ran, under this video's id."""


@dataclass(frozen=True)
class Sight:
    """What was seen of a run, ready to be sent.

    Attributes:
        shape: As JSON will show it.
        json: The same, serialized once for all watchers.
        event: The same as a server-sent event, made once, too.
        mark: Names the content: the same content has the same mark in every process.
        seen: When, by the monotonic clock.
    """

    shape: ProgressShape
    json: bytes
    event: bytes
    mark: str
    seen: float

    @property
    def is_last(self) -> bool:
        """Whether nothing more will happen."""
        return self.shape.status in CLOSED


class _Watch:
    """The loop of one run."""

    def __init__(self, handle: GenerateHandle, video_id: str) -> None:
        self._handle = handle
        self._video_id = video_id
        self._looked = asyncio.Event()
        self._news = asyncio.Event()
        self._hurry = asyncio.Event()
        self._described = 0.0
        self._known: Progress | None = None
        self.sight: Sight | None = None
        self.failure: EchonosError | None = None
        self.watchers = 0
        self.wanted = time.monotonic()
        self.task = asyncio.create_task(self._run())

    async def news(self, timeout_s: float) -> None:
        """Wait until there is something new, or for some time."""
        await _until(self._news, timeout_s)

    async def fresh(self) -> Sight:
        """What there is to see now, at most a moment old."""
        self.wanted = time.monotonic()
        sight = self.sight
        if sight is not None and self.failure is None:
            age_s = time.monotonic() - sight.seen
            if age_s > FASTEST_S:
                self._hurry.set()  # so that whoever comes next need not wait
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
                    await asyncio.sleep(LINGER_S)  # whoever asks again meanwhile costs no query
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
        """Look once; whether something has changed."""
        before, failed = self.sight, self.failure
        try:
            shape = await self._see()
        except EchonosError as error:
            self.failure = error
        else:
            self.failure, self.sight = None, _sight_of(shape, before)
        changed = self.sight is not None and (before is None or before.mark != self.sight.mark)
        self._looked = _rung(self._looked)
        if changed or type(self.failure) is not type(failed):
            self._news = _rung(self._news)
        return changed

    async def _see(self) -> ProgressShape:
        try:
            progress = await ask(self._handle, QUERY_PATIENCE)
        except WorkflowQueryFailedError:
            return await self._without_worker()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise NoRun("There is no such run.") from error
            return await self._without_worker()
        except RuntimeError as error:  # the first connection fails with one
            raise NoServer("The Temporal server does not answer.") from error
        if progress.status not in CLOSED and time.monotonic() - self._described > DESCRIBE_EVERY_S:
            progress = await self._described_too(progress)
        elif self._known is not None:
            progress = _with_attempts_of(self._known, progress)
        self._known = progress
        return progress_shape(progress)

    async def _described_too(self, progress: Progress) -> Progress:
        try:
            description = await self._handle.describe(rpc_timeout=DESCRIBE_PATIENCE)
        except (RPCError, ValueError):  # ValueError: the SDK cannot read the description of a paused run
            return progress
        self._described = time.monotonic()
        return merged(progress, description)

    async def _without_worker(self) -> ProgressShape:
        try:
            description = await self._handle.describe(rpc_timeout=DESCRIBE_PATIENCE)
        except (RPCError, RuntimeError) as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                raise NoRun("There is no such run.") from error
            raise NoServer("The Temporal server does not answer.") from error
        told = told_by_server(self._video_id, description)
        if told.status in CLOSED:
            return progress_shape(told)
        known = self._known or told
        return progress_shape(known.model_copy(update={"sentence": NO_WORKER}), waiting="no_worker")


def _sight_of(shape: ProgressShape, before: Sight | None) -> Sight:
    text, now = shape.model_dump_json().encode(), time.monotonic()
    if before is not None and before.json == text:
        return replace(before, seen=now)
    mark = hashlib.sha256(text).hexdigest()[:16]
    event = b"id: " + mark.encode() + b"\nevent: progress\ndata: " + text + b"\n\n"
    return Sight(shape, text, event, mark, now)


def _rung(bell: asyncio.Event) -> asyncio.Event:
    """Wake whoever waits now; returns the bell for those who come later."""
    bell.set()
    return asyncio.Event()


async def _until(bell: asyncio.Event, timeout_s: float) -> None:
    try:
        async with asyncio.timeout(timeout_s):
            await bell.wait()
    except TimeoutError:
        return


def _with_attempts_of(known: Progress, progress: Progress) -> Progress:
    """Between two descriptions, what the last one told of attempts stays for stages that still run."""
    before = {stage.name: stage for stage in known.stages if stage.attempt is not None}
    stages = tuple(
        stage.model_copy(update={"attempt": old.attempt, "last_failure": old.last_failure})
        if (old := before.get(stage.name)) is not None and old.done == stage.done and stage.status == old.status
        else stage
        for stage in progress.stages
    )
    return progress.model_copy(update={"stages": stages})


class Watchtower:
    """All loops of one process."""

    def __init__(self) -> None:
        self._watches: dict[str, _Watch] = {}

    async def look(self, handle: GenerateHandle, video_id: str) -> Sight:
        """A run as it is now.

        Raises:
            NoRun: There is no such run.
            NoServer: The Temporal server is away.
        """
        return await self._watch(handle, video_id).fresh()

    async def follow(
        self, handle: GenerateHandle, video_id: str, known: str | None, beat_s: float, longest_s: float
    ) -> AsyncIterator[Sight | None]:
        """A run as it changes, until it has ended.

        Args:
            handle: The run.
            video_id: Its video.
            known: The mark of what the watcher has seen already.
            beat_s: After so long without change, None is yielded.
            longest_s: After so long it ends, whatever the run does.

        Yields:
            What has changed, or None.
        """
        watch = self._watch(handle, video_id)
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
                if isinstance(watch.failure, NoRun):
                    return
                if watch.task.done():
                    watch = self._moved(watch, handle, video_id)
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
        """How many runs are looked at now."""
        return sum(not watch.task.done() for watch in self._watches.values())

    def _watch(self, handle: GenerateHandle, video_id: str) -> _Watch:
        watch = self._watches.get(video_id)
        if watch is None or watch.task.done():
            watch = _Watch(handle, video_id)
            self._watches[video_id] = watch
            watch.task.add_done_callback(lambda _: self._forget(video_id, watch))
        return watch

    def _moved(self, old: _Watch, handle: GenerateHandle, video_id: str) -> _Watch:
        old.watchers -= 1
        watch = self._watch(handle, video_id)
        watch.watchers += 1
        return watch

    def _forget(self, video_id: str, watch: _Watch) -> None:
        if self._watches.get(video_id) is watch:
            del self._watches[video_id]
