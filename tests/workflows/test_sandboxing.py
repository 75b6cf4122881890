"""The sandbox stays on, its shortcut is valid while our converter has no contexts, and no query leads a run astray."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import cast
from unittest.mock import create_autospec
from uuid import uuid4

import pytest
from temporalio import activity, workflow
from temporalio.bridge.proto.workflow_activation import WorkflowActivation, WorkflowActivationJob
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client, WorkflowHandle
from temporalio.converter import WorkflowSerializationContext
from temporalio.worker import Replayer, Worker, WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from models.wire import DATA_CONVERTER
from temporal.sandbox import AHEAD, ContextFreeRunner


@workflow.defn
class LooksAtTheClock:
    @workflow.run
    async def run(self) -> str:
        try:
            return str(datetime.now())
        except workflow.NondeterminismError as error:
            return type(error).__name__


async def test_a_workflow_cannot_look_at_the_clock(temporal: Client) -> None:
    queue = uuid4().hex
    async with Worker(temporal, task_queue=queue, workflows=[LooksAtTheClock], workflow_runner=ContextFreeRunner()):
        answer = await temporal.execute_workflow(LooksAtTheClock.run, id=queue, task_queue=queue)
    assert answer == "RestrictedWorkflowAccessError"


def test_our_converter_is_the_same_in_every_context() -> None:
    context = WorkflowSerializationContext(namespace="default", workflow_id="generate-1")
    changed, same = DATA_CONVERTER.with_context(context), DATA_CONVERTER
    assert type(changed.payload_converter) is type(same.payload_converter)
    assert changed is same
    assert (same.payload_codec, same.external_storage) == (None, None)


STEPS = ("first", "second")
TRIES = 10


@activity.defn(name="wait")
async def _wait() -> None:
    activity.raise_complete_async()


@workflow.defn
class Waits:
    """Two steps that others complete."""

    def __init__(self) -> None:
        self._done = 0

    @workflow.run
    async def run(self) -> None:
        await asyncio.gather(*(self._step(name) for name in STEPS))

    @workflow.query
    def done(self) -> int:
        return self._done

    async def _step(self, name: str) -> None:
        await workflow.execute_activity(_wait, activity_id=name, start_to_close_timeout=timedelta(minutes=5))
        self._done += 1


@asynccontextmanager
async def steps_worker(client: Client, queue: str) -> AsyncIterator[None]:
    async with Worker(client, task_queue=queue, activities=[_wait]):
        yield


def runs_worker(client: Client, queue: str) -> Worker:
    return Worker(client, task_queue=queue, workflows=[Waits], workflow_runner=ContextFreeRunner())


async def ask_between_tasks(client: Client, queue: str, handle: WorkflowHandle[Waits, None]) -> int:
    """Ask a run that no worker holds, let it go on, and have a new worker take up both."""
    question = asyncio.create_task(handle.query(Waits.done, rpc_timeout=timedelta(seconds=30)))
    await asyncio.sleep(0.2)  # the server has it before there is a task
    await client.get_async_activity_handle(workflow_id=handle.id, run_id=None, activity_id="first").complete()
    async with runs_worker(client, queue):
        answer = await question
        await client.get_async_activity_handle(workflow_id=handle.id, run_id=None, activity_id="second").complete()
        await handle.result()
    return answer


async def test_a_run_that_was_asked_between_its_tasks_does_its_next_task_from_the_history(temporal: Client) -> None:
    """A query may come too late to fall between tasks; then it is tried with another run."""
    reasons: list[str] = []
    queue = uuid4().hex
    async with steps_worker(temporal, queue):
        for _ in range(TRIES):
            async with runs_worker(temporal, queue):
                handle = await temporal.start_workflow(Waits.run, id=uuid4().hex, task_queue=queue)
                while len((await handle.describe()).raw_description.pending_activities) < len(STEPS):
                    await asyncio.sleep(0.02)
            assert await ask_between_tasks(temporal, queue, handle) == 1
            history = await handle.fetch_history()
            await Replayer(workflows=[Waits], data_converter=DATA_CONVERTER).replay_workflow(history)
            failures = [event.workflow_task_failed_event_attributes.failure.message for event in history.events]
            reasons = [reason for reason in failures if reason]
            if reasons:
                break
    assert reasons == [AHEAD]


def activation(kind: str, events: int, clock_s: int, is_replaying: bool = False) -> WorkflowActivation:
    job = WorkflowActivationJob()
    getattr(job, kind).SetInParent()
    act = WorkflowActivation(run_id="run", history_length=events, is_replaying=is_replaying, jobs=[job])
    act.timestamp.FromSeconds(clock_s)
    return act


START = activation("initialize_workflow", 3, 100)
LATER = activation("resolve_activity", 20, 102)
ASKED = activation("query_workflow", 12, 101)
EVICTED = activation("remove_from_cache", 20, 102)


@pytest.mark.parametrize(
    ("before", "is_done"),
    [
        pytest.param([START, activation("resolve_activity", 10, 101)], True, id="a task of its own"),
        pytest.param([START, activation("resolve_activity", 10, 100)], False, id="events of no task"),
        pytest.param([START, activation("resolve_activity", 10, 100), ASKED], False, id="and a query after them"),
        pytest.param([START, activation("resolve_activity", 3, 100)], True, id="a step that ended in the same task"),
        pytest.param([START, activation("resolve_activity", 10, 100, True)], True, id="a replay"),
        pytest.param([START, ASKED, ASKED], True, id="queries alone"),
    ],
)
def test_a_task_on_top_of_events_that_belong_to_none_is_done_again(
    monkeypatch: pytest.MonkeyPatch, before: list[WorkflowActivation], is_done: bool
) -> None:
    inner = create_autospec(WorkflowInstance, instance=True)
    inner.activate.side_effect = lambda act: WorkflowActivationCompletion(run_id=act.run_id)
    monkeypatch.setattr(SandboxedWorkflowRunner, "create_instance", lambda _self, _details: inner)
    run = ContextFreeRunner().create_instance(cast(WorkflowInstanceDetails, None))
    for act in before:
        assert not run.activate(act).HasField("failed")
    assert run.activate(LATER).failed.failure.message == ("" if is_done else AHEAD)
    run.activate(EVICTED)
    done = [call.args[0] for call in inner.activate.call_args_list]
    assert done == [*before, *([LATER] if is_done else []), EVICTED]
