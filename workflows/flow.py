"""Concurrency helpers whose order of commands is the same at every replay."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow

T = TypeVar("T")


def heed_cancellation() -> None:
    """Raise the cancellation of the present task once more, if it has one.

    Updates are heard before the endings that come with them in one workflow task. So a step that ends in the very task
    that has an update withdraw it answers instead of the cancellation, which is lost then: nobody sends it twice, and
    what we would begin or wait for now nobody would end.

    Raises:
        asyncio.CancelledError: This task was cancelled.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def all_or_none(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Run everything at once; the first failure, or our own cancellation, cancels the rest and is raised.

    `asyncio.TaskGroup` would do, but it keeps its tasks in a set, and a set's order is not a replay's.
    """
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    if not tasks:
        return []  # nothing to wait for, and `workflow.wait` takes no empty sequence
    await _wait(tasks, asyncio.FIRST_EXCEPTION, None)
    failed = next((t for t in tasks if t.done() and not t.cancelled() and t.exception() is not None), None)
    await _end(tasks)
    if failed is not None:
        failed.result()
    return [task.result() for task in tasks]


async def first_of(tasks: Sequence["asyncio.Task[Any]"], timeout: timedelta) -> "asyncio.Task[Any] | None":
    """The first task to finish, or None after `timeout`; the others are cancelled and awaited.

    Tasks that finish at the same moment rank by their order. Our own cancellation cancels them all.
    """
    await _wait(tasks, asyncio.FIRST_COMPLETED, timeout.total_seconds())
    winner = next((task for task in tasks if task.done()), None)
    await _end(tasks)
    return winner


async def _wait(tasks: Sequence["asyncio.Task[Any]"], until: str, timeout_s: float | None) -> None:
    # No `finally`: a workflow that is dropped from memory is closed at this await, and must not await anything more.
    try:
        await workflow.wait(tasks, timeout=timeout_s, return_when=until)
    except asyncio.CancelledError:
        await _end(tasks)
        raise


async def _end(tasks: Sequence["asyncio.Task[Any]"]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
