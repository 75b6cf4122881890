"""Every time-out, retry and heartbeat, by name. Those that tests must shorten come from the run's `Limits`."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, TypeVar, cast

from temporalio import workflow
from temporalio.common import Priority, RetryPolicy
from temporalio.workflow import ActivityCancellationType

from models.base import Model
from models.generation import Limits
from models.paid_media import PieceKind
from models.queues import ANALYSIS_QUEUE, PROVIDER_QUEUE, QUEUE, RENDER_QUEUE

A = TypeVar("A", bound=Model)

R = TypeVar("R", bound=Model)

ANALYZE_TIMEOUT = timedelta(minutes=15)

AWAIT_ANALYSIS_TIMEOUT = timedelta(minutes=30)

DIRECT_TIMEOUT = timedelta(minutes=20)
"""Time for a question and two repairs of its answer."""

PAINT_TIMEOUT = timedelta(minutes=5)

ANIMATE_TIMEOUT = timedelta(minutes=10)

ASSEMBLE_TIMEOUT = timedelta(minutes=10)

EXPORT_TIMEOUT = timedelta(hours=1)

REMOVE_TIMEOUT = timedelta(minutes=10)

DECORATE_TIMEOUT = timedelta(minutes=10)

ORDER_TIMEOUT = timedelta(hours=12)

COLLECT_TIMEOUT = timedelta(hours=3)

TURN_TIMEOUT = timedelta(hours=12)

TURN_BEATS = 3
"""The heartbeat interval of a step that waits for a turn, in usual intervals: hundreds of them may wait."""

PROVIDER_ATTEMPTS = 4
"""Factor on the usual attempts: providers are away more often than our own services."""

JOBS_EVERY = timedelta(minutes=1)

SETTLE_INTERVAL = timedelta(seconds=1)

SETTLE_MAX_INTERVAL = timedelta(minutes=1)

RETRY_MAX_INTERVAL = timedelta(seconds=30)

BOOKKEEPING_TIMEOUT = timedelta(minutes=3)

BOOKKEEPING_HEARTBEAT = timedelta(seconds=30)

RECONCILE_EVERY = timedelta(minutes=1)

RECONCILE_TIMEOUT = timedelta(minutes=2)
"""Time-out including retries; overlapping runs are skipped, so one that hangs must end."""

RECONCILE_WITHIN = timedelta(minutes=5)
"""The longest time from a run's end to its hold's settlement: a pass that hangs, a pause, and a whole pass."""

VERIFY_EVERY = timedelta(days=1)

TIDY_EVERY = timedelta(hours=1)

ENHANCE_TIMEOUT = timedelta(seconds=30)

ENHANCE_RUN_TIMEOUT = timedelta(seconds=70)
"""Without a worker the preview ends after this: its reader has left by then."""

ENHANCE_RETRY = RetryPolicy(initial_interval=timedelta(seconds=1), maximum_attempts=3)
"""The artist waits at a spinner: an early failure is better than long retries."""

RECONCILE_RETRY = RetryPolicy(maximum_attempts=3, maximum_interval=timedelta(seconds=10))
"""The schedule starts the next pass in a minute; that is better than retrying this one for long."""

BOOKKEEPING_RETRY = RetryPolicy(maximum_attempts=3)

LOST_WORKER_ROUNDS = 20
"""How often a step whose worker was lost is rescheduled before it counts as failed."""

MAX_OPEN_OPERATIONS = 100
"""Studio operations that one video may have open at once: more would swell state and history."""

MAX_HISTORY_EVENTS = 9_000
"""History length after which no operation starts: those under way must end below 10,000 events."""

STILL_PRIORITY = 3

EXPORT_PRIORITY = 4

CLIP_PRIORITY = 2

DECORATION_PRIORITY = 5
"""Clips outrank stills, so that scenes finish one by one; otherwise all stills would come first."""

PIECE_PRIORITIES = {
    PieceKind.PORTRAIT: STILL_PRIORITY,
    PieceKind.STILL: STILL_PRIORITY,
    PieceKind.CLIP: CLIP_PRIORITY,
}
"""Priorities of a draft's purchases; a watcher recognises a pending one's stage by them."""


COLLECTION_PRIORITIES = {kind: priority - 1 for kind, priority in PIECE_PRIORITIES.items()}
"""What is bought is collected before more is ordered: orders that wait for a permit would otherwise fill all slots."""

STUDIO_PRIORITY = 1
"""The artist waits for this one piece."""


CROWDS = ((8, 5), (1, 4))
"""From so many drafts of an account under way, further ones get this priority.

Queues of runs that a worker keeps in memory know priorities and no fairness, and directing has no other priority.
"""


def behind(drafts: int) -> int | None:
    """The priority of a draft of an account that has so many under way; None: the usual one."""
    return next((priority for crowd, priority in CROWDS if drafts >= crowd), None)


def in_turn(account_id: str, urgent: bool = False, key: int | None = None) -> Priority:
    """Queues serve accounts in turn, and what a person waits for before all else.

    Args:
        account_id: The account whose work it is; empty: bookkeeping's.
        urgent: Whether a person waits for this one piece.
        key: The priority of anything else, 1…5; None: 3.
    """
    return Priority(priority_key=STUDIO_PRIORITY if urgent else key, fairness_key=account_id or None)


@dataclass(frozen=True)
class Policy:
    """How one kind of step is run."""

    task_queue: str
    start_to_close: timedelta
    heartbeat: timedelta | None
    retry: RetryPolicy
    priority: Priority
    # A cancelled step can only leave objects under its own keys, so no caller needs to wait for its end.
    cancellation: ActivityCancellationType = ActivityCancellationType.TRY_CANCEL

    def options(self) -> dict[str, Any]:
        """Keyword arguments for `workflow.execute_activity_method`."""
        return {
            "task_queue": self.task_queue,
            "start_to_close_timeout": self.start_to_close,
            "heartbeat_timeout": self.heartbeat,
            "retry_policy": self.retry,
            "priority": self.priority,
            "cancellation_type": self.cancellation,
        }

    async def run(
        self,
        method: Callable[[Any, A], R] | Callable[[Any, A], Coroutine[Any, Any, R]],
        argument: A,
        summary: str,
    ) -> R:
        """Run an activity by this policy. Raises `ActivityError`: it failed after its last retry, or was cancelled."""
        # The SDK's overloads distinguish synchronous from async methods, which a union type cannot.
        step = cast(Callable[[Any, A], R], method)
        return await workflow.execute_activity_method(step, argument, summary=summary, **self.options())


class Policies:
    """The policies of one run.

    Args:
        account_id: The account that owns the run: queues serve accounts in turn.
        urgent: True for Studio, which goes before all drafts.
    """

    def __init__(self, limits: Limits, account_id: str = "", urgent: bool = False) -> None:
        light = timedelta(seconds=limits.light_timeout_s)
        self.urgent = urgent
        self._account_id = account_id
        self._heartbeat = timedelta(seconds=limits.heartbeat_timeout_s)
        self._retry = RetryPolicy(
            initial_interval=timedelta(seconds=limits.retry_interval_s),
            maximum_interval=RETRY_MAX_INTERVAL,
            maximum_attempts=limits.max_attempts,
        )
        usual, first = self._priority(None), self._priority(1)
        self.light = Policy(QUEUE, light, None, self._retry, usual)
        self.settle = Policy(
            QUEUE,
            light,
            None,
            RetryPolicy(initial_interval=SETTLE_INTERVAL, maximum_interval=SETTLE_MAX_INTERVAL),
            first,
        )
        self.remove = Policy(QUEUE, REMOVE_TIMEOUT, self._heartbeat, self.settle.retry, usual)
        self.pack = Policy(QUEUE, EXPORT_TIMEOUT, self._heartbeat, self._retry, usual)
        self.ask = replace(self.light, task_queue=PROVIDER_QUEUE)
        self.direct = Policy(PROVIDER_QUEUE, DIRECT_TIMEOUT, self._heartbeat, self._retry, usual)
        # It only waits, and what it waits for needs the slots of the other queue.
        self.await_analysis = Policy(PROVIDER_QUEUE, AWAIT_ANALYSIS_TIMEOUT, self._heartbeat, self._retry, usual)
        self.analyze = replace(self._render(ANALYZE_TIMEOUT, CLIP_PRIORITY), task_queue=ANALYSIS_QUEUE)
        self.paint = self._render(PAINT_TIMEOUT, STILL_PRIORITY)
        self.animate = self._render(ANIMATE_TIMEOUT, CLIP_PRIORITY)
        # After the work that drafts wait for. A cancelled attempt must end before its objects are removed.
        self.export = replace(
            self._render(EXPORT_TIMEOUT, EXPORT_PRIORITY),
            cancellation=ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
        )
        self.assemble = self._render(ASSEMBLE_TIMEOUT, CLIP_PRIORITY)
        self.decorate = self._render(DECORATE_TIMEOUT, DECORATION_PRIORITY)
        patient = RetryPolicy(
            initial_interval=timedelta(seconds=limits.retry_interval_s),
            maximum_interval=RETRY_MAX_INTERVAL,
            maximum_attempts=PROVIDER_ATTEMPTS * limits.max_attempts,
            # A broken result stays broken: another one is bought under another key.
            non_retryable_error_types=["MediaCorrupt"],
        )
        self._order = Policy(PROVIDER_QUEUE, ORDER_TIMEOUT, self._heartbeat, patient, usual)
        self._collect = Policy(PROVIDER_QUEUE, COLLECT_TIMEOUT, self._heartbeat, patient, usual)
        self.turn = replace(self._order, start_to_close=TURN_TIMEOUT, heartbeat=TURN_BEATS * self._heartbeat)
        self.withdraw = Policy(PROVIDER_QUEUE, light, None, self._retry, first)

    def order(self, kind: PieceKind) -> Policy:
        """The policy for ordering a piece at a provider."""
        return replace(self._order, priority=self._priority(PIECE_PRIORITIES[kind]))

    def collect(self, kind: PieceKind) -> Policy:
        """The policy for waiting for an ordered piece."""
        return replace(self._collect, priority=self._priority(COLLECTION_PRIORITIES[kind]))

    def _render(self, start_to_close: timedelta, priority: int) -> Policy:
        return Policy(RENDER_QUEUE, start_to_close, self._heartbeat, self._retry, self._priority(priority))

    def _priority(self, key: int | None) -> Priority:
        return in_turn(self._account_id, self.urgent, key)


def reconciling(queue: str) -> dict[str, Any]:
    """The options of a pass that reconciles."""
    common = {"task_queue": queue, "start_to_close_timeout": RECONCILE_TIMEOUT, "retry_policy": RECONCILE_RETRY}
    return common | {"heartbeat_timeout": BOOKKEEPING_HEARTBEAT}


def verifying(queue: str) -> dict[str, Any]:
    """The options of a pass that verifies the ledger."""
    return {"task_queue": queue, "start_to_close_timeout": BOOKKEEPING_TIMEOUT, "retry_policy": BOOKKEEPING_RETRY}
