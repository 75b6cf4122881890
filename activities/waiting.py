"""Shared waiting for many steps on one event loop: heartbeats, permits and webhooks."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from temporalio import activity

from activities.ports.purchases import JobBook, Permits
from activities.steps import BEATS_PER_TIMEOUT
from models.failures import WorkerStopping
from models.paid_media import PermitRequest

P = ParamSpec("P")
R = TypeVar("R")

QUEUE_POLL_S = 0.25
WEBHOOK_POLL_S = 0.5
FINISH_S = 4.0
"""How long a submission in flight may continue after its step is cancelled; less than a worker's grace period."""

_DEFAULT_BEAT_S = 5.0


async def watched(work: Coroutine[Any, Any, R]) -> R:
    """Await `work` with heartbeats.

    Raises:
        WorkerStopping: This worker shuts down; the step is retried on another.
    """
    limit = activity.info().heartbeat_timeout
    beat_s = limit.total_seconds() / BEATS_PER_TIMEOUT if limit else _DEFAULT_BEAT_S
    task = asyncio.ensure_future(work)
    stopping = asyncio.ensure_future(activity.wait_for_worker_shutdown())
    try:
        while not task.done():
            await asyncio.wait({task, stopping}, timeout=beat_s, return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                activity.heartbeat()
            if stopping.done() and not task.done():
                raise WorkerStopping("the worker is shutting down; another one will resume")
        return task.result()
    finally:
        stopping.cancel()
        task.cancel()
        # The outcome was already reported.
        with contextlib.suppress(BaseException):
            await task


async def finished(work: Coroutine[Any, Any, R] | asyncio.Task[R]) -> R:
    """Await `work`; if cancelled meanwhile, let it run on for a moment so that it may finish."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=FINISH_S)
        task.cancel()
        raise


class Threads:
    """A pool of threads for blocking calls.

    Keep it small: each busy thread competes with the event loop for the interpreter lock.

    Args:
        name: The name of the threads, for logs.
        size: The number of threads.
    """

    def __init__(self, name: str, size: int) -> None:
        self._pool = ThreadPoolExecutor(size, name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(function, *args, **kwargs))


class PermitQueue:
    """Permits of one provider key for all steps of this process, requested by one task.

    Args:
        permits: The rows of permits.
        key: The provider key.
        capacity: The most jobs in flight at once.
        threads: The pool that runs SQL.
        poll_s: The pause between two looks, while steps wait.
    """

    def __init__(
        self, permits: Permits, key: str, capacity: int, threads: Threads, poll_s: float = QUEUE_POLL_S
    ) -> None:
        self.permits = permits
        self._poll_s = poll_s
        self._loop: asyncio.AbstractEventLoop | None = None
        self._key = key
        self._capacity = capacity
        self._threads = threads
        self._waiting: dict[asyncio.Event, str] = {}
        self._moved = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def obtain(self, job_key: str, account_id: str, urgent: bool) -> None:
        """Wait for a permit; a step that is cancelled meanwhile loses its place."""
        request = PermitRequest(job_key=job_key, provider=self._key, account_id=account_id, urgent=urgent)
        granted = asyncio.Event()
        self._loop = asyncio.get_running_loop()
        try:
            # Asked again now and then: a place that lapsed while this machine slept is taken again.
            while not await self._threads.run(self.permits.ask, request, self._capacity):
                self._waiting[granted] = job_key
                self._moved.set()
                if self._serving is None or self._serving.done():
                    self._serving = asyncio.create_task(self._serve())
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(granted.wait(), self.permits.renew_every_s)
                    return
        except asyncio.CancelledError:
            self._waiting.pop(granted, None)
            # If only the worker stops, or this attempt stalled and was overtaken, the next attempt inherits the place.
            if _is_withdrawn() and job_key not in self._waiting.values():
                await finished(self.free(job_key))
            raise
        finally:
            self._waiting.pop(granted, None)

    async def free(self, job_key: str) -> None:
        """Release a permit, if there is one."""
        await self._threads.run(self.permits.free, job_key)
        self.look()

    async def keep(self, job_key: str, for_s: float) -> None:
        """Keep a permit without renewals, for so many seconds at most."""
        await self._threads.run(self.permits.keep, job_key, for_s)

    def look(self) -> None:
        """Check at once whether a permit is free."""
        self._moved.set()

    def look_from_thread(self) -> None:
        """As `look`, for steps that are not on the event loop."""
        if self._waiting and self._loop is not None:
            # A loop that is closed has no waiting steps any more.
            with contextlib.suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._moved.set)

    async def hold(self, job_key: str, work: Awaitable[R]) -> R:
        """Renew a permit while `work` goes on."""
        task = asyncio.ensure_future(work)
        try:
            while True:
                done, _ = await asyncio.wait({task}, timeout=self.permits.renew_every_s)
                if done:
                    return task.result()
                await self._threads.run(self.permits.renew, [job_key])
        finally:
            task.cancel()

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        renewed = loop.time()
        while self._waiting:
            self._moved.clear()
            held = await self._threads.run(self.permits.grant, self._key, self._capacity)
            for granted, job_key in self._waiting.items():
                if job_key in held:
                    granted.set()
            if loop.time() - renewed > self.permits.renew_every_s:
                renewed = loop.time()
                await self._threads.run(self.permits.renew, list(self._waiting.values()))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._moved.wait(), self._poll_s)


class WebhookWaiter:
    """Arrivals of webhooks for all waiting steps of this process, by one shared query.

    Args:
        jobs: The rows in which webhooks are recorded.
        threads: The pool that runs SQL.
        expected: Whether webhooks can arrive at all; if not, `wait` only waits.
    """

    def __init__(self, jobs: JobBook, threads: Threads, expected: bool) -> None:
        self._jobs = jobs
        self._threads = threads
        self._expected = expected
        # An event of its own for each attempt: one that was overtaken must not end the wait of the next.
        self._waiting: dict[asyncio.Event, str] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait(self, job_key: str, timeout_s: float) -> bool:
        """Wait until a job's webhook has arrived; False if the time runs out first."""
        if not self._expected:
            await asyncio.sleep(timeout_s)
            return False
        landed = asyncio.Event()
        self._waiting[landed] = job_key
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            await asyncio.wait_for(landed.wait(), timeout_s)
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(landed, None)
        return True

    async def _look(self) -> None:
        while self._waiting:
            landed = await self._threads.run(self._jobs.landed, list({*self._waiting.values()}))
            for event, job_key in self._waiting.items():
                if job_key in landed:
                    event.set()
            await asyncio.sleep(WEBHOOK_POLL_S)


def _is_withdrawn() -> bool:
    details = activity.cancellation_details()
    return details is not None and (details.cancel_requested or details.not_found)
