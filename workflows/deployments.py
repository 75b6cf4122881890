"""Versions of the worker deployment: making one the current one, and finding out whether one is still needed."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from temporalio.api.deployment.v1 import WorkerDeploymentInfo
from temporalio.api.deployment.v1 import WorkerDeploymentVersion as VersionName
from temporalio.api.enums.v1 import RoutingConfigUpdateState
from temporalio.api.workflowservice.v1 import (
    DescribeWorkerDeploymentRequest,
    DescribeWorkerDeploymentVersionRequest,
    DescribeWorkerDeploymentVersionResponse,
    SetWorkerDeploymentCurrentVersionRequest,
)
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from models.failures import InvalidInput
from models.generation import CloseRequest
from models.routing import DEPLOYMENT, PROVIDER_QUEUE, QUEUE, RENDER_QUEUE
from workflows.generate_video import GenerateVideo

UNVERSIONED = "unversioned"
"""What people write for workers without `ECHONOS_BUILD_ID`."""

_POLL_S = 0.2


@dataclass(frozen=True)
class VersionUse:
    """Who needs a version.

    Attributes:
        is_current: New runs begin on it, and runs that upgrade go on with it.
        pinned: Open runs that can end on no other.
        upgrading: Open runs whose last task it did; their next one is done by the current version.
    """

    is_current: bool
    pinned: int
    upgrading: int

    @property
    def is_free(self) -> bool:
        """Whether nobody needs it."""
        return not (self.is_current or self.pinned or self.upgrading)


async def make_current(client: Client, version: str, patience_s: float) -> None:
    """Make a version the current one, and return once every queue follows it.

    Args:
        client: Of the namespace.
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
    """Who still needs a version.

    Raises:
        InvalidInput: There is no such version.
    """
    try:
        await _describe(client, version)
        routing = (await _deployment(client)).routing_config
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise InvalidInput(f"There is no version {version!r} of the workers.", code="no_version") from error
        raise
    routed = {routing.current_deployment_version.build_id, routing.ramping_deployment_version.build_id}
    pinned = await client.count_workflows(f"{_open_on(version)} AND TemporalWorkflowVersioningBehavior = 'Pinned'")
    everything = await client.count_workflows(_open_on(version))
    return VersionUse(version in routed, pinned.count, everything.count - pinned.count)


async def move_runs(client: Client, version: str, patience_s: float) -> VersionUse:
    """Have the open runs that upgrade leave a version now: one that waits for a person may have no task for weeks.

    Args:
        client: Of the namespace.
        version: One that is not current.
        patience_s: How long they may take.

    Returns:
        Who still needs the version.

    Raises:
        InvalidInput: There is no such version.
    """
    waiting = "WorkflowType IN ('GenerateVideo', 'RegenerateScene')"
    async for run in client.list_workflows(f"{_open_on(version)} AND {waiting}"):
        handle = client.get_workflow_handle(run.id, run_id=run.run_id)
        try:
            await handle.signal(GenerateVideo.move.__name__, CloseRequest(reason=f"version {version} is retired"))
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:  # it has ended since it was listed
                raise

    async def has_moved() -> bool:
        return not (await use_of(client, version)).upgrading

    await _within(patience_s, has_moved)
    return await use_of(client, version)


def _open_on(version: str) -> str:
    name = f"{DEPLOYMENT}:{version}".replace("'", "''")
    return f"ExecutionStatus = 'Running' AND TemporalWorkerDeploymentVersion = '{name}'"


async def _within(patience_s: float, is_so: Callable[[], Awaitable[bool]]) -> bool:
    try:
        async with asyncio.timeout(patience_s):
            while not await is_so():
                await asyncio.sleep(_POLL_S)
    except TimeoutError:
        return False
    return True


async def _serves_all_queues(client: Client, build_id: str) -> bool:
    try:
        described = await _describe(client, build_id)
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return {QUEUE, RENDER_QUEUE, PROVIDER_QUEUE} <= {queue.name for queue in described.version_task_queues}


async def _is_followed(client: Client, build_id: str) -> bool:
    deployment = await _deployment(client)
    # A server that does not tell how far its queues are has them follow before it answers.
    on_its_way = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS
    current = deployment.routing_config.current_deployment_version.build_id
    return current == build_id and deployment.routing_config_update_state != on_its_way


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
    return f"No worker of version {version} serves; start one with ECHONOS_BUILD_ID={version} and deploy it then."
