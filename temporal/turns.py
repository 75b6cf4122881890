"""Whether a server serves accounts in turn: fairness keys are ignored, silently, where fairness is not switched on."""

import asyncio
from contextlib import suppress
from datetime import timedelta
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest, PollWorkflowTaskQueueRequest
from temporalio.client import Client
from temporalio.common import Priority
from temporalio.service import RPCError

from temporal.figures import backlogs

MANY, SMALL = 80, 10
"""Tasks of a big account, and small accounts with one behind them each.

In turn a small one's is among the first of its partition, else among the last. A server draws the partition of each
task and of each look, of four by default: the second of the small ones tells. Of 400,000 draws of a model with four
partitions it came at places 2 to 23 in turn, in 99 of 100 by the 10th, and from 14 on otherwise, in 99 of 100 after
the 37th.
"""

SOON, LATE = 12, 26
"""Looks: a second small one by then means turns, none by then means none; one between them tells nothing."""

TRIALS = 4
"""Careful ones, at most: only one of them may say that there are no turns, and one that tells nothing is repeated."""

_LIFE = timedelta(minutes=1)
"""Of a tiny workflow and of a taken task: one that timed out sooner would come again on a slow machine."""

_PATIENCE = timedelta(seconds=10)


async def serves_in_turn(client: Client) -> bool:
    """Whether small accounts' tasks come before most of a big one's.

    Starts tiny workflows that no worker serves on a queue of their own, takes some of their tasks and deletes them.

    Raises:
        RPCError: The server does not answer.
    """
    if await _place_of_second_small_one(client, careful=False) in range(SOON + 1):
        return True
    for _ in range(TRIALS):
        place = await _place_of_second_small_one(client, careful=True)
        if place is None or place <= SOON:
            break
    return place is not None


async def _place_of_second_small_one(client: Client, *, careful: bool) -> int | None:
    """The look, from 1, that meets a second small account; None if all looks do not.

    Args:
        careful: Wait until the server counts all tasks: a started workflow's task reaches its queue later, and small
            accounts whose tasks were missing would seem to come last. The count lags by seconds.
    """
    queue = f"echonos-probe-{uuid4().hex}"
    small = [f"small-{number}" for number in range(SMALL)]
    started: list[str] = []

    async def start(number: int, account: str) -> None:
        workflow_id = f"{queue}-{number}-{account}"
        started.append(workflow_id)
        await client.start_workflow(
            "Probe",
            id=workflow_id,
            task_queue=queue,
            execution_timeout=_LIFE,
            task_timeout=_LIFE,
            priority=Priority(fairness_key=account),
        )

    try:
        await asyncio.gather(*(start(number, "big") for number in range(MANY)))
        await asyncio.gather(*(start(MANY + number, account) for number, account in enumerate(small)))
        if careful:
            await _all_queued(client, queue)
        met: set[str] = set()
        for look in range(1, LATE + 1):
            met.add(await _next(client, queue))
            if sum("-small-" in name for name in met) > 1:
                return look
        return None
    finally:
        await asyncio.gather(*(_remove(client, workflow_id) for workflow_id in started))


async def _all_queued(client: Client, queue: str) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE.total_seconds()):
            while sum((await backlogs(client, [queue]))[0].values()) < MANY + SMALL:
                await asyncio.sleep(0.1)


async def _next(client: Client, queue: str) -> str:
    """The id of the workflow whose task the server gives out next; empty if there is none in time."""
    request = PollWorkflowTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), identity=client.identity
    )
    task = await client.workflow_service.poll_workflow_task_queue(request, timeout=_PATIENCE)
    return task.workflow_execution.workflow_id


async def _remove(client: Client, workflow_id: str) -> None:
    # Its own time-out ends it, and the namespace's retention removes it, where it is not deleted here.
    with suppress(RPCError):
        request = DeleteWorkflowExecutionRequest(
            namespace=client.namespace, workflow_execution=WorkflowExecution(workflow_id=workflow_id)
        )
        await client.workflow_service.delete_workflow_execution(request)
