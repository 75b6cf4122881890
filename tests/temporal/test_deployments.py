"""A version is deployed once the queues say so, whatever the deployment's own progress says."""

from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.deployment.v1 import RoutingConfig, WorkerDeploymentInfo, WorkerDeploymentVersion
from temporalio.api.enums.v1 import RoutingConfigUpdateState, TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueueVersioningInfo
from temporalio.api.workflowservice.v1 import (
    DescribeTaskQueueRequest,
    DescribeTaskQueueResponse,
    DescribeWorkerDeploymentResponse,
    DescribeWorkerDeploymentVersionResponse,
)

from models.failures import InvalidInput
from models.queues import QUEUE, QUEUES
from temporal.deployments import UNVERSIONED, make_current

TWO = WorkerDeploymentVersion(deployment_name="echonos", build_id="two")
IN_PROGRESS = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_IN_PROGRESS
COMPLETED = RoutingConfigUpdateState.ROUTING_CONFIG_UPDATE_STATE_COMPLETED


class Server:
    """A server whose deployment reports this state for good; queues follow at their second look, unless they lag."""

    def __init__(self, state: RoutingConfigUpdateState.ValueType, lagging: tuple[str, int] | None = None) -> None:
        self.state, self.lagging = state, lagging
        self.current: WorkerDeploymentVersion | None = None
        self.looks: dict[tuple[str, int], int] = {}

    def client(self) -> Any:
        return SimpleNamespace(workflow_service=self, namespace="default", identity="support")

    async def describe_worker_deployment_version(self, _: object) -> DescribeWorkerDeploymentVersionResponse:
        answer = DescribeWorkerDeploymentVersionResponse()
        for name in QUEUES.values():
            answer.version_task_queues.add(name=name)
        return answer

    async def set_worker_deployment_current_version(self, request: Any) -> None:
        self.current = TWO if request.build_id else None

    async def describe_worker_deployment(self, _: object) -> DescribeWorkerDeploymentResponse:
        routing = RoutingConfig(current_deployment_version=self.current)
        info = WorkerDeploymentInfo(routing_config=routing, routing_config_update_state=self.state)
        return DescribeWorkerDeploymentResponse(worker_deployment_info=info)

    async def describe_task_queue(self, request: DescribeTaskQueueRequest) -> DescribeTaskQueueResponse:
        which = (request.task_queue.name, request.task_queue_type)
        self.looks[which] = self.looks.get(which, 0) + 1
        has_followed = self.looks[which] > 1 and which != self.lagging
        routed = self.current if has_followed else None if self.current else TWO
        return DescribeTaskQueueResponse(versioning_info=TaskQueueVersioningInfo(current_deployment_version=routed))


@pytest.mark.parametrize("version", ["two", UNVERSIONED])
async def test_queues_that_follow_end_the_wait_though_the_deployment_never_says_so(version: str) -> None:
    server = Server(IN_PROGRESS)
    await make_current(server.client(), version, 60)
    assert {name for name, _ in server.looks} == set(QUEUES.values())
    assert (QUEUE, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW) in server.looks


async def test_a_deployment_that_says_so_needs_no_look_at_its_queues() -> None:
    server = Server(COMPLETED)
    await make_current(server.client(), "two", 60)
    assert not server.looks


@pytest.mark.parametrize(
    "lagging",
    [
        (QUEUE, TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW),
        (list(QUEUES.values())[-1], TaskQueueType.TASK_QUEUE_TYPE_ACTIVITY),
    ],
)
async def test_one_queue_that_lags_is_not_passed_over(lagging: tuple[str, int]) -> None:
    with pytest.raises(InvalidInput, match="not all queues follow"):
        await make_current(Server(IN_PROGRESS, lagging).client(), "two", 0.5)
