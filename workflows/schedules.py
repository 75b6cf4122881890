"""The schedules of the house, created by every worker that starts; the first one wins."""

from collections.abc import Awaitable, Callable
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
)

from models.generation import ReconcileRequest
from models.routing import JOBS_SCHEDULE, QUEUE, RECONCILE_SCHEDULE, TIDY_SCHEDULE, VERIFY_SCHEDULE
from models.tidying import TidyRequest
from workflows.bookkeeping import ReconcileCredits, ReconcileJobs, VerifyLedger
from workflows.policies import JOBS_EVERY, RECONCILE_EVERY, TIDY_EVERY, VERIFY_EVERY
from workflows.tidy_up import TidyUp

W = TypeVar("W")
A = TypeVar("A")


async def ensure_schedules(client: Client) -> None:
    """Create what is not there yet."""
    look = ReconcileRequest()
    for action, every in (
        (_start(RECONCILE_SCHEDULE, ReconcileCredits.run, look), RECONCILE_EVERY),
        (_start(JOBS_SCHEDULE, ReconcileJobs.run, look), JOBS_EVERY),
        (_start(VERIFY_SCHEDULE, VerifyLedger.run, look), VERIFY_EVERY),
        (_start(TIDY_SCHEDULE, TidyUp.run, TidyRequest()), TIDY_EVERY),
    ):
        schedule = Schedule(
            action=action,
            spec=ScheduleSpec(intervals=[ScheduleIntervalSpec(every=every)]),
            policy=SchedulePolicy(overlap=ScheduleOverlapPolicy.SKIP),
        )
        try:
            await client.create_schedule(action.id, schedule)
        except ScheduleAlreadyRunningError:
            continue


def _start(name: str, run: Callable[[W, A], Awaitable[Any]], request: A) -> ScheduleActionStartWorkflow:
    return ScheduleActionStartWorkflow(run, request, id=name, task_queue=QUEUE)
