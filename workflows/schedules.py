"""The schedules of the house, brought up to date by every worker that starts."""

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

from models.generation import ReconcileRequest
from models.routing import JOBS_SCHEDULE, QUEUE, RECONCILE_SCHEDULE, TIDY_SCHEDULE, VERIFY_SCHEDULE
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
    """A workflow that is run again and again, never twice at once.

    Args:
        name: Its workflow id.
        run: What runs.
        request: Its input.
        every: How often.
        timeout: How long one run may take; None where a long one keeps nobody waiting.
    """
    return Schedule(
        action=ScheduleActionStartWorkflow(run, request, id=name, task_queue=QUEUE, execution_timeout=timeout),
        spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
        policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
    )


async def ensure_schedules(client: Client) -> None:
    """Create what is not there yet, and bring the rest up to date; one that somebody paused stays paused."""
    for name, schedule in schedules().items():
        try:
            await client.create_schedule(name, schedule)
        except ScheduleAlreadyRunningError:
            await client.get_schedule_handle(name).update(_to(schedule))


def _to(schedule: Schedule) -> Callable[[ScheduleUpdateInput], ScheduleUpdate]:
    def updated(there: ScheduleUpdateInput) -> ScheduleUpdate:
        schedule.state = there.description.schedule.state
        return ScheduleUpdate(schedule)

    return updated
