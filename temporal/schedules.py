"""The project's schedules, updated by every worker that starts."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleIntervalSpec,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleSpec,
    ScheduleUpdate,
    ScheduleUpdateInput,
)
from temporalio.service import RPCError

from models.failures import NoServer
from models.generation import ReconcileRequest
from models.queues import JOBS_SCHEDULE, QUEUE, RECONCILE_SCHEDULE, TIDY_SCHEDULE, VERIFY_SCHEDULE
from models.tidying import TidyRequest
from workflows.bookkeeping import ReconcileCredits, ReconcileJobs, VerifyLedger
from workflows.policies import JOBS_EVERY, RECONCILE_EVERY, RECONCILE_TIMEOUT, TIDY_EVERY, VERIFY_EVERY
from workflows.tidy_up import TidyUp

W = TypeVar("W")
A = TypeVar("A")


def schedules() -> dict[str, Schedule]:
    """All schedules, by their ids."""
    look = ReconcileRequest()
    return {
        RECONCILE_SCHEDULE: schedule_of(
            RECONCILE_SCHEDULE, ReconcileCredits.run, look, RECONCILE_EVERY, RECONCILE_TIMEOUT
        ),
        JOBS_SCHEDULE: schedule_of(JOBS_SCHEDULE, ReconcileJobs.run, look, JOBS_EVERY, RECONCILE_TIMEOUT),
        VERIFY_SCHEDULE: schedule_of(VERIFY_SCHEDULE, VerifyLedger.run, look, VERIFY_EVERY),
        TIDY_SCHEDULE: schedule_of(TIDY_SCHEDULE, TidyUp.run, TidyRequest(), TIDY_EVERY),
    }


def schedule_of(
    name: str,
    run: Callable[[W, A], Awaitable[Any]],
    request: A,
    every: timedelta,
    timeout: timedelta | None = None,
) -> Schedule:
    """A workflow that runs periodically, never twice at once.

    Args:
        name: Its workflow id.
        timeout: How long one run may take; None if a long run delays no caller.
    """
    return Schedule(
        action=ScheduleActionStartWorkflow(run, request, id=name, task_queue=QUEUE, execution_timeout=timeout),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )


async def ensure_schedules(client: Client) -> None:
    """Create missing schedules and update the others; a paused one stays paused.

    Raises:
        NoServer: The server stops just now, has no such namespace, or does not let us.
    """
    try:
        for name, schedule in schedules().items():
            try:
                await client.create_schedule(name, schedule)
            except ScheduleAlreadyRunningError:
                await client.get_schedule_handle(name).update(_to(schedule))
    except RPCError as error:
        raise NoServer(
            f"The Temporal server refuses our schedules in the namespace {client.namespace}: {error.message} "
            "(docs/runbooks/cluster-set-up.md)."
        ) from error


def _to(schedule: Schedule) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def updated(there: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = there.description.schedule.state
        return ScheduleUpdate(schedule)

    return updated
