"""Versions of the worker deployment: making one current, and checking whether one is still in use."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.deployment.v1 import WorkerDeploymentVersion as VersionName
from temporalio.api.enums.v1 import RoutingConfigUpdateState, TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueue
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    DescribeWorkerDeploymentVersionResponse,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from models.failures import InvalidInput
from models.generation import Reason
from models.queues import DEPLOYMENT, QUEUE, QUEUES
from temporal.calls import unless_unknown
from temporal.reading import IS_OPEN, listed
from workflows.generate_video import GenerateVideo

UNVERSIONED = "unversioned"
"""The name for workers without `ECHONOS_BUILD_ID`."""

_POLL_S = 0.2


@dataclass(frozen=True)
class VersionUse:
    """The open runs that need a version.

    Attributes:
        is_current: New runs start on it, and upgrading runs continue on it.
        pinned: Open runs that can end on no other version.
        upgrading: Open runs whose last task it did; the current version does their next one.
    """

    is_current: bool
    pinned: int
    upgrading: int

    @property
    def is_free(self) -> bool:
        """Whether no run needs it."""
        return not (self.is_current or self.pinned or self.upgrading)


async def make_current(client: Client, version: str, patience_s: float) -> None:
    """Make a version current, and return once every queue follows it.

    Args:
        version: A worker's `ECHONOS_BUILD_ID`, or `unversioned`.
        patience_s: How long its workers may take to appear, and the queues to follow.

    Raises:
        InvalidInput: No worker of that version serves all queues.
    """
    build_id = "" if version == UNVERSIONED else version
    if build_id and not await _within(patience_s, lambda: _serves_all_queues(client, build_id)):
        raise InvalidInput(_nobody(version), code="no_worker")
    request = SetWorkerDeploymentCurrentVersionRequest(
        namespace=client.namespace, deployment_name=DEPLOYMENT, build_id=build_id, identity=client.identity
    )
    try:
        await client.workflow_service.set_worker_deployment_current_version(request)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise InvalidInput(
                "No version was ever deployed here; there is nothing to go back from.", code="no_version"
            ) from error
        if error.status is RPCStatusCode.FAILED_PRECONDITION:
            raise InvalidInput(_nobody(version), code="no_worker") from error
        raise
    if not await _within(patience_s, lambda: _is_followed(client, build_id)):
        raise InvalidInput(
            f"Version {version} was made the current one, but not all queues follow it yet; deploy it again.",
            code="not_followed",
        )


async def use_of(client: Client, version: str) -> VersionUse:
    """The open runs that need a version. Raises `InvalidInput`: there is no such version."""
    with unless_unknown(InvalidInput(f"There is no version {version!r} of the workers.", code="no_version")):
        await _describe(client, version)
        routing = (await _deployment(client)).routing_config
    routed = {routing.current_deployment_version.build_id, routing.ramping_deployment_version.build_id}
    pinned = await client.count_workflows(f"{_open_on(version)} AND TemporalWorkflowVersioningBehavior = 'Pinned'")
    everything = await client.count_workflows(_open_on(version))
    return VersionUse(version in routed, pinned.count, everything.count - pinned.count)


async def move_runs(client: Client, version: str, patience_s: float) -> VersionUse:
    """Move the open upgrading runs off a version now: one that waits for a person may have no task for weeks.

    Returns:
        The runs that still need the version.

    Raises:
        InvalidInput: There is no such version.
    """
    waiting = "WorkflowType IN ('GenerateVideo', 'RegenerateScene')"
    async for run in listed(client, f"{_open_on(version)} AND {waiting}"):
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        with unless_unknown():  # ended since it was listed
            await handle.signal(GenerateVideo.move.__name__, Reason(reason=f"version {version} is retired"))

    async def has_moved() -> bool:
        return not (await use_of(client, version)).upgrading

    await _within(patience_s, has_moved)
    return await use_of(client, version)


def _open_on(version: str) -> str:
    name = f"{DEPLOYMENT}:{version}".replace("'", "''")
    return f"{IS_OPEN} AND TemporalWorkerDeploymentVersion = '{name}'"


async def _within(patience_s: float, is_so: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(patience_s):
            while not await is_so():
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        return False
    return True


async def _serves_all_queues(client: Client, build_id: str) -> bool:
    serves: set[str] = set()
    with unless_unknown():
        serves = {queue.name for queue in (await _describe(client, build_id)).version_task_queues}
    return set(QUEUES.values()) <= serves


async def _is_followed(client: Client, build_id: str) -> bool:
    deployment = await _deployment(client)
    if deployment.routing_config.current_deployment_version.build_id != build_id:
        return False
    # A server that does not report the queues' progress has them follow before it answers.
    on_its_way = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS
    # Where the server's own message about the end gets lost, that state stays for good (temporalio/temporal#11842).
    return deployment.routing_config_update_state != on_its_way or await _queues_follow(client, build_id)


async def _queues_follow(client: Client, build_id: str) -> bool:
    """Whether each queue of ours itself sends its tasks to a version."""
    kinds = [(name, TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY) for name in QUEUES.values()]
    kinds.append((QUEUE, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW))
    for name, kind in kinds:
        request = DescribeTaskQueueRequest(
            namespace=client.namespace, task_queue=TaskQueue(name=name), task_queue_type=kind
        )
        routed = (await client.workflow_service.describe_task_queue(request)).versioning_info
        if routed.current_deployment_version.build_id != build_id:
            return False
    return True


async def _describe(client: Client, build_id: str) -> DescribeWorkerDeploymentVersionResponse:
    request = DescribeWorkerDeploymentVersionRequest(
        namespace=client.namespace,
        deployment_version=VersionName(deployment_name=DEPLOYMENT, build_id=build_id),
    )
    return await client.workflow_service.describe_worker_deployment_version(request)


async def _deployment(client: Client) -> WorkerDeploymentInfo:
    request = DescribeWorkerDeploymentRequest(namespace=client.namespace, deployment_name=DEPLOYMENT)
    return (await client.workflow_service.describe_worker_deployment(request)).worker_deployment_info


def _nobody(version: str) -> str:
    return f"No worker of version {version} is running; start one with ECHONOS_BUILD_ID={version}, then deploy again."
