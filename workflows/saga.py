"""Ordered compensations, shielded from cancellation.

A compensation is registered *before* the step that it undoes: a step whose answer is lost may still have happened.
Compensations are therefore idempotent and accept "nothing to undo". Their activity policies retry them until they
succeed.
"""

import asyncio
from collections.abc import Awaitable, Callable

Compensation = Callable[[], Awaitable[object]]


class Saga:
    """Steps that can be undone, last first."""

    def __init__(self) -> None:
        self._compensations: list[Compensation] = []

    def undo_with(self, compensation: Compensation) -> None:
        """Register what undoes the step that comes next."""
        self._compensations.append(compensation)

    def complete(self) -> None:
        """Forget all compensations: nothing needs undoing any more."""
        self._compensations.clear()

    async def undo(self) -> None:
        """Run all compensations in reverse order; a cancellation meanwhile does not stop them."""
        await shielded(self._undo_all())

    async def _undo_all(self) -> None:
        while self._compensations:
            await self._compensations[-1]()
            self._compensations.pop()


async def shielded(work: Awaitable[None]) -> None:
    """Await `work` to its end; cancellations that arrive meanwhile are dropped, because the caller is ending anyway."""
    task = asyncio.ensure_future(work)
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise
    task.result()
