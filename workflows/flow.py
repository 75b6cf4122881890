"""Concurrency helpers whose order of commands is the same at every replay."""

import asyncio
from collections.abc import Coroutine, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from temporalio import workflow

T = TypeVar("T")

EVENTS_IN_ORDER = "events-in-order"
"""The patch of runs whose events are done one by one (`temporal/sandbox.py`)."""


def keep_events_in_order() -> None:
    """For the first line of a run that does several things at once: a replay starts its steps in the same order.

    Without it, the order depends on which events come to the run together, and a query can change that.
    """
    workflow.patched(EVENTS_IN_ORDER)


def heed_cancellation() -> None:
    """Raise the current task's cancellation again, if it has one.

    An update handler may cancel a task in the same activation that completes its activity; the completion then swallows
    the cancellation. It is not sent again, so whatever this task starts next would never be cancelled. Re-raise it.

    Raises:
        asyncio.CancelledError: This task was cancelled.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


async def all_or_none(work: Sequence[Coroutine[Any, Any, T]]) -> list[T]:
    """Run everything concurrently; the first failure, or our own cancellation, cancels the rest and is raised.

    `asyncio.TaskGroup` keeps its tasks in a set, whose order differs at a replay.
    """
    tasks = [asyncio.create_task(coroutine) for coroutine in work]
    if not tasks:
        return []  # nothing to wait for, and `workflow.wait` refuses an empty sequence
    await _wait(tasks, asyncio.FIRST_EXCEPTION, None)
    failed = next((t for t in tasks if t.done() and not t.cancelled() and t.exception() is not None), None)
    await _end(tasks)
    if failed is not None:
        failed.result()
    return [task.result() for task in tasks]


async def first_of(
    tasks: Sequence["asyncio.Task[Any]"], timeout: timedelta | None, summary: str
) -> "asyncio.Task[Any] | None":
    """The first task to finish, or None after `timeout`; the others are cancelled and awaited.

    Tasks that finish at the same moment rank by their order. Our own cancellation cancels them all.

    Args:
        tasks: The tasks.
        timeout: The longest wait; None: the tasks have their own.
        summary: The timer's name in the Temporal UI.
    """
    if workflow.patched("named-limits"):
        await _one_done(tasks, timeout, summary)
    else:
        await _wait(tasks, asyncio.FIRST_COMPLETED, None if timeout is None else timeout.total_seconds())
    winner = next((task for task in tasks if task.done()), None)
    await _end(tasks)
    return winner


async def _one_done(tasks: Sequence["asyncio.Task[Any]"], timeout: timedelta | None, summary: str) -> None:
    # `workflow.wait` cannot name its timer.
    try:
        await workflow.wait_condition(
            lambda: any(task.done() for task in tasks), timeout=timeout, timeout_summary=summary
        )
        heed_cancellation()
    except TimeoutError:
        return
    except asyncio.CancelledError:
        await _end(tasks)
        raise


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
