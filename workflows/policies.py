"""Every time-out, retry and heartbeat, by name. What tests must shorten comes from the run's `Limits`."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from temporalio.common import Priority, RetryPolicy
from temporalio.workflow import ActivityCancellationType

from models.generation import Limits
from models.paid_media import PieceKind
from models.routing import PROVIDER_QUEUE, QUEUE, RENDER_QUEUE

ANALYZE_TIMEOUT = timedelta(minutes=15)
AWAIT_ANALYSIS_TIMEOUT = timedelta(minutes=30)
DIRECT_TIMEOUT = timedelta(minutes=20)
"""Room for a question that is mended twice."""

PAINT_TIMEOUT = timedelta(minutes=5)
ANIMATE_TIMEOUT = timedelta(minutes=10)
ASSEMBLE_TIMEOUT = timedelta(minutes=10)
EXPORT_TIMEOUT = timedelta(hours=1)
REMOVE_TIMEOUT = timedelta(minutes=10)
DECORATE_TIMEOUT = timedelta(minutes=10)
ORDER_TIMEOUT = timedelta(hours=12)
COLLECT_TIMEOUT = timedelta(hours=3)
PROVIDER_ATTEMPTS = 4
"""Providers are away more often than our own parts: so many times the usual attempts."""

MOST_REWRITES = 2
MOST_PURCHASES = 3
"""Purchases of one piece that come to nothing before the run parks, or its scene goes without."""

JOBS_EVERY = timedelta(minutes=1)
SETTLE_INTERVAL = timedelta(seconds=1)
SETTLE_MAX_INTERVAL = timedelta(minutes=1)
RETRY_MAX_INTERVAL = timedelta(seconds=30)
BOOKKEEPING_TIMEOUT = timedelta(minutes=3)
BOOKKEEPING_HEARTBEAT = timedelta(seconds=30)
RECONCILE_EVERY = timedelta(minutes=1)
RECONCILE_TIMEOUT = timedelta(minutes=2)
"""Of one look, with all its attempts: a look that hangs is ended, because the next one does not begin beside it."""

RECONCILE_WITHIN = timedelta(minutes=5)
"""A hold is settled so long after its run has ended: after a look that hangs, a pause, and a whole look."""

VERIFY_EVERY = timedelta(days=1)
TIDY_EVERY = timedelta(hours=1)
ENHANCE_TIMEOUT = timedelta(seconds=30)
LOST_WORKER_ROUNDS = 20
"""How often a step whose worker was lost is scheduled again before it counts as failed."""

SCENES_PER_FALLBACK = 10
"""One scene in so many (at least one) may go without a piece of its own before the run fails."""

MAX_OPEN_OPERATIONS = 100
"""Studio operations that one video may have under way or waiting: more would swell the state and the history."""

MAX_HISTORY_EVENTS = 9_000
"""No new operation from here on: what is under way must fit below 10,000 events."""

STILL_PRIORITY = 3
EXPORT_PRIORITY = 4
CLIP_PRIORITY = 2
DECORATION_PRIORITY = 5
"""Clips outrank stills, so that scenes finish one by one instead of all stills coming first."""

STUDIO_PRIORITY = 1
"""Somebody waits for this one piece."""


@dataclass(frozen=True)
class Policy:
    """How one kind of step is run."""

    task_queue: str
    start_to_close: timedelta
    heartbeat: timedelta | None
    retry: RetryPolicy
    priority: Priority
    # A withdrawn step only leaves objects under keys of its own, so nobody needs to wait for its end.
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


class Policies:
    """The policies of one run.

    Args:
        limits: What tests may shorten.
        fairness_key: Whose run it is: queues serve artists in turn.
        urgent: Studio: before all drafts.
    """

    def __init__(self, limits: Limits, fairness_key: str = "", urgent: bool = False) -> None:
        light = timedelta(seconds=limits.light_timeout_s)
        self.urgent = urgent
        self._fairness_key = fairness_key or None
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
        self.direct = Policy(QUEUE, DIRECT_TIMEOUT, self._heartbeat, self._retry, usual)
        self.await_analysis = Policy(QUEUE, AWAIT_ANALYSIS_TIMEOUT, self._heartbeat, self._retry, usual)
        self.analyze = self._render(ANALYZE_TIMEOUT, CLIP_PRIORITY)
        self.paint = self._render(PAINT_TIMEOUT, STILL_PRIORITY)
        self.animate = self._render(ANIMATE_TIMEOUT, CLIP_PRIORITY)
        # After what drafts wait for; and a withdrawn attempt ends before what it stored is removed.
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
            # What is broken stays broken: another one is bought under another key.
            non_retryable_error_types=["MediaCorrupt"],
        )
        self._order = Policy(PROVIDER_QUEUE, ORDER_TIMEOUT, self._heartbeat, patient, usual)
        self._collect = Policy(PROVIDER_QUEUE, COLLECT_TIMEOUT, self._heartbeat, patient, usual)
        self.withdraw = Policy(PROVIDER_QUEUE, light, None, self._retry, first)

    def order(self, kind: PieceKind) -> Policy:
        """To order a piece at a provider."""
        return replace(self._order, priority=self._piece_priority(kind))

    def collect(self, kind: PieceKind) -> Policy:
        """To wait for an ordered piece."""
        return replace(self._collect, priority=self._piece_priority(kind))

    def _piece_priority(self, kind: PieceKind) -> Priority:
        return self._priority(CLIP_PRIORITY if kind is PieceKind.CLIP else STILL_PRIORITY)

    def _render(self, start_to_close: timedelta, priority: int) -> Policy:
        return Policy(RENDER_QUEUE, start_to_close, self._heartbeat, self._retry, self._priority(priority))

    def _priority(self, key: int | None) -> Priority:
        return Priority(priority_key=STUDIO_PRIORITY if self.urgent else key, fairness_key=self._fairness_key)
