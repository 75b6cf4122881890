"""Workers by kind of work: they know every step, and share the cores of their process."""

import asyncio
import dataclasses
import threading
from contextlib import AsyncExitStack
from datetime import timedelta
from typing import Any
from uuid import uuid4

from temporalio import activity, workflow
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import ActivityEnvironment
from temporalio.worker import ActivityInboundInterceptor, ExecuteActivityInput, UnsandboxedWorkflowRunner, Worker

from models.queues import ANALYSIS_QUEUE, QUEUES, RENDER_QUEUE, Work
from temporal.workers import SharedCores, Tuning, build_workers

PATIENCE_S = 200.0


class Step:
    """A step of both queues that ends when the test lets it."""

    def __init__(self) -> None:
        self.begun = 0
        self.go_on = threading.Event()

    @activity.defn(name="use_a_core")
    def use_a_core(self) -> None:
        """Begin, and wait."""
        self.begun += 1
        assert self.go_on.wait(PATIENCE_S)


@workflow.defn(name="UsesBothQueues")
class UsesBothQueues:
    """A step on each queue whose work takes a core."""

    @workflow.run
    async def run(self) -> None:
        """Run both at once."""
        queues = (RENDER_QUEUE, ANALYSIS_QUEUE)
        timeouts: dict[str, Any] = {
            "start_to_close_timeout": timedelta(seconds=PATIENCE_S),
            "heartbeat_timeout": timedelta(seconds=PATIENCE_S),
        }
        await asyncio.gather(*(workflow.execute_activity("use_a_core", task_queue=q, **timeouts) for q in queues))


async def both_are_taken(handle: WorkflowHandle[UsesBothQueues, None]) -> None:
    """Wait until the server has given both steps to a worker."""
    taken = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    async with asyncio.timeout(PATIENCE_S):
        while True:
            pending = (await handle.describe()).raw_description.pending_activities
            if [one.state for one in pending] == [taken, taken]:
                return
            await asyncio.sleep(0.02)


async def test_queues_of_one_process_share_its_cores(temporal: Client) -> None:
    step, queue = Step(), f"both-{uuid4().hex}"
    async with AsyncExitStack() as working:
        for worker in build_workers(temporal, [step.use_a_core], Tuning(render_slots=1), [Work.RENDER, Work.ANALYSE]):
            await working.enter_async_context(worker)
        flow: dict[str, Any] = {"workflows": [UsesBothQueues], "workflow_runner": UnsandboxedWorkflowRunner()}
        await working.enter_async_context(Worker(temporal, task_queue=queue, **flow))
        handle = await temporal.start_workflow(UsesBothQueues.run, id=queue, task_queue=queue)
        await both_are_taken(handle)
        while not step.begun:
            await asyncio.sleep(0.02)
        assert step.begun == 1
        step.go_on.set()
        await handle.result()
    assert step.begun == 2


def test_each_worker_knows_every_step(temporal_address: str) -> None:
    async def served() -> dict[str, int]:
        client = await Client.connect(temporal_address)
        step = Step()
        workers = build_workers(client, [step.use_a_core], Tuning(render_slots=1, memory_share=0.5))
        return {worker.task_queue: len(worker.config()["activities"]) for worker in workers}

    assert asyncio.run(served()) == dict.fromkeys(QUEUES.values(), 1)


class Begins(ActivityInboundInterceptor):
    """Ends the chain of interceptors."""

    def __init__(self) -> None:
        self.began = False

    async def execute_activity(self, input: ExecuteActivityInput) -> None:
        """Say that the step began."""
        self.began = True


async def test_a_step_does_not_lose_its_time_while_it_waits_for_a_core() -> None:
    """Its time runs while a long export has the only core; the server would retry it until it is given up."""
    end, environment, cores = Begins(), ActivityEnvironment(), asyncio.Semaphore(0)
    environment.info = dataclasses.replace(environment.info, start_to_close_timeout=timedelta(milliseconds=100))
    inside = SharedCores(cores).intercept_activity(end)
    await asyncio.wait_for(
        environment.run(inside.execute_activity, ExecuteActivityInput(fn=print, args=[], executor=None, headers={})),
        PATIENCE_S,
    )
    assert end.began
    assert cores.locked()
