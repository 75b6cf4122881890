"""Figures that only the Temporal server knows: runs that wait for people, and tasks that wait for workers."""

import asyncio
from collections import Counter
from collections.abc import Iterable
from datetime import timedelta

from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DescribeTaskQueueRequest
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.failures import EchonosError
from models.measures import OTHER, failure_label
from models.progress import RunStatus, StageStatus
from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from temporal.reading import IS_OPEN, listed
from temporal.run_progress import ask

PATIENCE = timedelta(seconds=5)
MOST_ASKED = 50
"""Parked runs that are asked for their reason; beyond them, and without a worker, the reason is `unknown`."""

UNKNOWN = "unknown"
KINDS = {
    "workflow": TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW,
    "activity": TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY,
}


async def parked_runs(client: Client) -> dict[tuple[str, ...], float]:
    """The number of runs that wait for a person, by stage and type of failure. Raises `RPCError`."""
    state = f"{SearchAttribute.STATE} = '{RunStatus.NEEDS_ATTENTION.value}'"
    query = f"WorkflowType IN ('GenerateVideo', 'RegenerateScene') AND {state} AND {IS_OPEN}"
    found: Counter[tuple[str, ...]] = Counter()
    asked, silent = 0, False
    async for run in listed(client, query):
        stage = run.typed_search_attributes.get(SEARCH_ATTRIBUTES[SearchAttribute.STAGE]) or OTHER
        reason = UNKNOWN
        if asked < MOST_ASKED and not silent:
            asked += 1
            try:
                progress = await ask(client.get_workflow_handle(run.id), PATIENCE)
                kinds = (one.waits_for for one in progress.stages if one.status is StageStatus.WAITING)
                reason = next((failure_label(kind) for kind in kinds if kind), UNKNOWN)
            except RPCError as error:
                # Removed since it was listed; otherwise no worker answers, and would not for the others either.
                silent = error.status is not RPCStatusCode.NOT_FOUND
            except (EchonosError, WorkflowQueryFailedError):
                pass
        found[stage, reason] += 1
    return {labels: float(count) for labels, count in found.items()}


async def backlogs(
    client: Client, queues: Iterable[str]
) -> tuple[dict[tuple[str, ...], float], dict[tuple[str, ...], float]]:
    """Tasks that no worker has taken, and the age of the oldest in seconds, by queue and kind. Raises `RPCError`."""

    async def look(queue: str, kind: str) -> tuple[tuple[str, ...], float, float]:
        request = DescribeTaskQueueRequest(
            namespace=client.namespace,
            task_queue=TaskQueue(name=queue),
            task_queue_type=KINDS[kind],
            report_stats=True,
        )
        stats = (await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)).stats
        age_s = stats.approximate_backlog_age.ToTimedelta().total_seconds()
        return (queue, kind), float(stats.approximate_backlog_count), age_s

    looked = await asyncio.gather(*(look(queue, kind) for queue in queues for kind in KINDS))
    return {which: count for which, count, _ in looked}, {which: age for which, _, age in looked}
