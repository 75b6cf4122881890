"""What keeps an execution from going on: the server's facts, for when no worker says it itself."""

import asyncio
import os
import re
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psutil
from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution as ExecutionName
from temporalio.api.enums.v1 import PendingActivityState, TaskQueueType, VersioningBehavior, WorkflowTaskFailedCause
from temporalio.api.taskqueue.v1 import PollerInfo, TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    GetWorkflowExecutionHistoryReverseRequest,
)
from temporalio.client import Client, WorkflowExecutionDescription
from temporalio.service import RPCError

from models.standstill import PendingStep, Standstill, StandstillCause
from temporal.reading import pause_of, subject_of

PATIENCE = timedelta(seconds=2)
LONGEST_POLL = timedelta(seconds=75)
"""A live worker polls again within a minute: what has not polled for longer is gone, or hangs."""

_EVENTS = 30
_LONGEST_SAID = 300
_LOCAL = re.compile(r"(\d+)@(.+)")
_SHARED = "KUBERNETES_SERVICE_HOST" in os.environ
"""Whether other containers may share this machine's name: a process that is not here may then run in another one."""

_NON_DETERMINISM = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
_BY_SERVER = frozenset(
    WorkflowTaskFailedCause.Value(f"WORKFLOW_TASK_FAILED_CAUSE_{name}")
    for name in (
        "RESET_WORKFLOW",
        "UNHANDLED_COMMAND",
        "UNHANDLED_UPDATE",
        "RESET_STICKY_TASK_QUEUE",
        "FORCE_CLOSE_COMMAND",
        "FAILOVER_CLOSE_COMMAND",
        "WORKFLOW_PAUSE_REQUESTED_BEFORE_TASK_STARTED",
    )
)
"""Ends of tasks without a fault in our code: a reset, a pause, or something that arrived meanwhile."""

_BAD_ATTRIBUTES = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_BAD_SEARCH_ATTRIBUTES


@dataclass(frozen=True)
class Poller:
    """A worker that asks a queue for tasks.

    Attributes:
        identity: Its process and machine.
        version: The version that it serves; empty: none.
        age_s: Seconds since it last asked.
        stopped: Whether its process is on this machine and stopped by a signal.
    """

    identity: str
    version: str
    age_s: float
    stopped: bool = False

    @property
    def told(self) -> str:
        """The worker, for operators."""
        version = f" of version {self.version}" if self.version else ""
        return f"{self.identity}{version}, last seen {self.age_s:.0f} s ago"


@dataclass(frozen=True)
class QueueFacts:
    """What the server knows of a queue.

    Attributes:
        pollers: The workers that are probably alive, the last one first.
        lost: The others that it remembers.
        current: The current version of the workers; empty: workers without a version.
    """

    pollers: tuple[Poller, ...]
    lost: tuple[Poller, ...]
    current: str


async def look_at_queue(client: Client, queue: str, kind: "TaskQueueType.ValueType") -> QueueFacts:
    """The pollers of a queue, and the version that its tasks go to. Raises `RPCError`: the server does not answer."""
    request = DescribeTaskQueueRequest(
        namespace=client.namespace, task_queue=TaskQueue(name=queue), task_queue_type=kind
    )
    raw = await client.workflow_service.describe_task_queue(request, timeout=PATIENCE)
    alive: list[Poller] = []
    lost: list[Poller] = []
    for info in raw.pollers:
        poller, is_gone = _poller(info)
        is_lost = is_gone or (poller.age_s > LONGEST_POLL.total_seconds() and not poller.stopped)
        (lost if is_lost else alive).append(poller)
    by_age = sorted(alive, key=lambda one: one.age_s), sorted(lost, key=lambda one: one.age_s)
    return QueueFacts(tuple(by_age[0]), tuple(by_age[1]), _current(raw))


async def why_it_stands(client: Client, description: WorkflowExecutionDescription) -> Standstill:
    """Why an open execution does not answer, and what to do.

    Args:
        client: The client.
        description: The server's facts about it, from `describe`.
    """
    pause = pause_of(description)
    if pause is not None and pause.cause is StandstillCause.PAUSED:
        return pause
    workflow_tasks = TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
    queue, failure = await asyncio.gather(
        look_at_queue(client, description.task_queue, workflow_tasks),
        _last_task_failure(client, description),
        return_exceptions=True,
    )
    failed = failure if isinstance(failure, Standstill) else None
    if isinstance(queue, QueueFacts):
        return _no_poller(description, queue) or failed or _hung(description, queue.pollers)
    if not isinstance(queue, RPCError):
        raise queue
    return failed or Standstill(
        cause=StandstillCause.HUNG,
        sentence="The run does not answer, and the server does not say which workers there are.",
    )


def pending_steps(description: WorkflowExecutionDescription) -> tuple[PendingStep, ...]:
    """The steps of an execution that have not ended."""
    return tuple(
        PendingStep(
            step=raw.activity_type.name,
            state=PendingActivityState.Name(raw.state).removeprefix("PENDING_ACTIVITY_STATE_").lower(),
            attempt=raw.attempt,
            last_failure=raw.last_failure.message[:_LONGEST_SAID],
            worker=raw.last_worker_identity,
            started_at=_time(raw.last_started_time),
            heartbeat_at=_time(raw.last_heartbeat_time),
            next_attempt_at=_time(raw.next_attempt_schedule_time),
        )
        for raw in description.raw_description.pending_activities
    )


def _no_poller(description: WorkflowExecutionDescription, queue: QueueFacts) -> Standstill | None:
    wanted, pinned = _version_of(description, queue.current)
    if not queue.pollers:
        seen = f"; the last one was {queue.lost[0].told}" if queue.lost else ""
        start = f"start one with ECHONOS_BUILD_ID={wanted}" if wanted else "start worker.py, or `starter.py up`"
        return Standstill(
            cause=StandstillCause.NO_WORKER,
            sentence=f"No worker serves the queue {description.task_queue}{seen}: {start}. The run goes on by itself.",
        )
    if any(poller.version == wanted for poller in queue.pollers):
        return None
    served = ", ".join(sorted({poller.version or "no version" for poller in queue.pollers}))
    need = f"version {wanted}" if wanted else "a worker without a version"
    need += ", to which it is pinned" if pinned else ", the current one"
    start = f"start a worker with ECHONOS_BUILD_ID={wanted}" if wanted else "start a worker without ECHONOS_BUILD_ID"
    other = next((poller.version for poller in queue.pollers if poller.version), "unversioned")
    deploy = "" if pinned else f", or make theirs the current one: `starter.py deploy {other}`"
    return Standstill(
        cause=StandstillCause.OTHER_VERSION,
        sentence=f"The run needs {need}, and the workers that poll have {served}: {start}{deploy}.",
    )


def _hung(description: WorkflowExecutionDescription, pollers: Sequence[Poller]) -> Standstill:
    stopped = [poller for poller in pollers if poller.stopped]
    attempt = description.raw_description.pending_workflow_task.attempt
    tried = f" Its workflow task is at attempt {attempt}." if attempt > 1 else ""
    if stopped:
        sentence = (
            f"The worker {stopped[0].told}, is stopped by a signal: "
            f"`kill -CONT {stopped[0].identity.partition('@')[0]}` wakes it; once it is ended, another takes over."
        )
    else:
        told = "; ".join(poller.told for poller in pollers[:3])
        sentence = (
            f"A worker polls ({told}), but the run does not answer yet: the worker took over just now, is overloaded, "
            "or hangs. If this lasts a minute, restart it: steps are idempotent, and the run goes on by itself."
        )
    return Standstill(cause=StandstillCause.HUNG, sentence=sentence + tried)


async def _last_task_failure(client: Client, description: WorkflowExecutionDescription) -> Standstill | None:
    """The failure of the run's last workflow task; None where it succeeded, or was never done."""
    request = GetWorkflowExecutionHistoryReverseRequest(
        namespace=client.namespace,
        execution=ExecutionName(workflow_id=description.id, run_id=description.run_id),
        maximum_page_size=_EVENTS,
    )
    answer = await client.workflow_service.get_workflow_execution_history_reverse(request, timeout=PATIENCE)
    for event in answer.history.events:
        kind = event.WhichOneof("attributes")
        if kind in ("workflow_task_completed_event_attributes", "workflow_task_timed_out_event_attributes"):
            return None
        if kind != "workflow_task_failed_event_attributes":
            continue
        failed = event.workflow_task_failed_event_attributes
        if failed.cause in _BY_SERVER:
            return None
        error = await client.data_converter.decode_failure(failed.failure)
        said = " ".join(str(getattr(error, "message", error)).split())[:_LONGEST_SAID]
        if failed.cause == _NON_DETERMINISM:
            return Standstill(
                cause=StandstillCause.DIVERGED,
                sentence=(
                    f"The workers' code has diverged from this run's history ({said}). Go back to the code that it "
                    f"began with, or patch the change; `starter.py replay {subject_of(description)}` checks it. "
                    "Nothing is lost meanwhile."
                ),
            )
        if failed.cause == _BAD_ATTRIBUTES:
            return Standstill(
                cause=StandstillCause.TASK_FAILS,
                sentence=(
                    f"The namespace refuses the run's search attributes ({said}): `starter.py doctor` has the command "
                    "that registers them. The run goes on by itself; nothing is lost meanwhile."
                ),
            )
        return Standstill(
            cause=StandstillCause.TASK_FAILS,
            sentence=(
                f"The workers' code fails in this run's workflow task ({said}): go back to the version before, or fix "
                "it. The run goes on by itself; nothing is lost meanwhile."
            ),
        )
    return None


def _version_of(description: WorkflowExecutionDescription, current: str) -> tuple[str, bool]:
    """The version that an execution's next task needs, and whether it is pinned to it."""
    info = description.raw_description.workflow_execution_info.versioning_info
    pinned = info.behavior == VersioningBehavior.VERSIONING_BEHAVIOR_PINNED
    return (info.deployment_version.build_id if pinned else current), pinned


def _poller(info: PollerInfo) -> tuple[Poller, bool]:
    """A poller, and whether its process was on this machine and has ended."""
    age_s = max(0.0, (datetime.now(UTC) - info.last_access_time.ToDatetime(UTC)).total_seconds())
    poller = Poller(info.identity, info.deployment_options.build_id, age_s)
    if (local := _LOCAL.fullmatch(info.identity)) is None or local[2] != socket.gethostname():
        return poller, False
    try:
        status = psutil.Process(int(local[1])).status()
    except psutil.NoSuchProcess:
        return poller, not _SHARED
    except psutil.Error:  # another account's, which this one may not look at
        return poller, False
    return Poller(poller.identity, poller.version, age_s, status == psutil.STATUS_STOPPED), False


def _current(raw: DescribeTaskQueueResponse) -> str:
    build_id: str = raw.versioning_info.current_deployment_version.build_id
    return build_id


def _time(stamp: Timestamp) -> datetime | None:
    return stamp.ToDatetime(UTC) if stamp.seconds else None
