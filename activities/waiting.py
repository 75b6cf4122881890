"""How many waiting steps share one event loop: heartbeats, permits, and word of what has landed."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, ParamSpec, TypeVar

from temporalio import activity

from activities.ports import JobBook, Permits
from activities.steps import BEATS_PER_TIMEOUT
from models.failures import WorkerStopping
from models.paid_media import PermitRequest

P = ParamSpec("P")
R = TypeVar("R")

DESK_POLL_S = 0.25
LANDING_POLL_S = 0.5
FINISH_S = 4.0
"""How long a submission that is under way may go on when its step is withdrawn: less than a worker's grace."""

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
        # Its own end, however it comes, is not news any more.
        with contextlib.suppress(BaseException):
            await task


async def finished(work: Coroutine[Any, Any, R] | asyncio.Task[R]) -> R:
    """Await `work`; withdrawn meanwhile, give it a moment to come to its end first."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task}, timeout=FINISH_S)
        task.cancel()
        raise


class Threads:
    """A pool for what blocks.

    Few are enough: each competes with the event loop, whose turn it is only now and then when many have work.

    Args:
        name: What they do.
        size: How many.
    """

    def __init__(self, name: str, size: int) -> None:
        self._pool = ThreadPoolExecutor(size, name)

    async def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call a function in a thread."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._pool, partial(function, *args, **kwargs))


class PermitDesk:
    """Permits of one provider key for all steps of this process, asked for by one task.

    Args:
        permits: The rows.
        key: The provider key.
        capacity: Jobs in flight at once.
        threads: Where SQL runs.
    """

    def __init__(self, permits: Permits, key: str, capacity: int, threads: Threads) -> None:
        self.permits = permits
        self._key = key
        self._capacity = capacity
        self._threads = threads
        self._waiting: dict[asyncio.Event, str] = {}
        self._moved = asyncio.Event()
        self._serving: asyncio.Task[None] | None = None

    async def obtain(self, job_key: str, account_id: str, urgent: bool) -> None:
        """Wait for a permit; a step that is withdrawn meanwhile loses its place."""
        request = PermitRequest(job_key=job_key, provider=self._key, account_id=account_id, urgent=urgent)
        granted = asyncio.Event()
        try:
            # Asked again now and then: who lapsed while this machine slept takes a new place.
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
            # When only the worker stops, or a stalled attempt was overtaken, the place is the next attempt's.
            if _is_withdrawn() and job_key not in self._waiting.values():
                await finished(self.free(job_key))
            raise
        finally:
            self._waiting.pop(granted, None)

    async def free(self, job_key: str) -> None:
        """Give a permit back, if there is one."""
        await self._threads.run(self.permits.free, job_key)
        self.look()

    def look(self) -> None:
        """A permit may be free: look at once."""
        self._moved.set()

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
                await asyncio.wait_for(self._moved.wait(), DESK_POLL_S)


class Landings:
    """Word of webhooks that came, for all waiting steps of this process, by one query.

    Args:
        jobs: Where webhooks are written down.
        threads: Where SQL runs.
        expected: Whether webhooks come at all; otherwise waiting is only time.
    """

    def __init__(self, jobs: JobBook, threads: Threads, expected: bool) -> None:
        self._jobs = jobs
        self._threads = threads
        self._expected = expected
        self._waiting: dict[str, asyncio.Event] = {}
        self._looking: asyncio.Task[None] | None = None

    async def wait(self, job_key: str, timeout_s: float) -> bool:
        """Wait until a job's webhook has come; False when the time is over first."""
        if not self._expected:
            await asyncio.sleep(timeout_s)
            return False
        landed = self._waiting.setdefault(job_key, asyncio.Event())
        if self._looking is None or self._looking.done():
            self._looking = asyncio.create_task(self._look())
        try:
            await asyncio.wait_for(landed.wait(), timeout_s)
        except TimeoutError:
            return False
        finally:
            self._waiting.pop(job_key, None)
        return True

    async def _look(self) -> None:
        while self._waiting:
            landed = await self._threads.run(self._jobs.landed, list(self._waiting))
            for job_key in landed & self._waiting.keys():
                self._waiting[job_key].set()
            await asyncio.sleep(LANDING_POLL_S)


def _is_withdrawn() -> bool:
    details = activity.cancellation_details()
    return details is not None and (details.cancel_requested or details.not_found)
