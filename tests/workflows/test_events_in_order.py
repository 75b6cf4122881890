"""A run does its events one by one, so its steps begin in the same order however many events come together."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast
from unittest.mock import create_autospec
from uuid import uuid4

import pytest
from temporalio import activity, workflow
from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.client import Client
from temporalio.worker import Replayer, Worker, WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from models.wire import DATA_CONVERTER
from temporal.sandbox import ContextFreeRunner
from workflows.flow import EVENTS_IN_ORDER, keep_events_in_order

PATIENCE = timedelta(minutes=5)


@activity.defn(name="say")
async def _say(word: str) -> str:
    return word


@workflow.defn
class Forks:
    """Two steps at once; the first one lets two others begin, the second one another."""

    @workflow.run
    async def run(self, in_order: bool) -> tuple[str, str, str]:
        if in_order:
            keep_events_in_order()
        self._opened: asyncio.Future[None] = asyncio.Future()
        return await asyncio.gather(self._leads(), self._follows(), self._other())

    async def _leads(self) -> str:
        await self._step("first")
        self._opened.set_result(None)
        return await self._step("after the first")

    async def _follows(self) -> str:
        await self._opened
        return await self._step("after both")

    async def _other(self) -> str:
        await self._step("second")
        return await self._step("after the second")

    async def _step(self, word: str) -> str:
        return await workflow.execute_activity(_say, word, start_to_close_timeout=PATIENCE)


@dataclass
class Recorder:
    """Keeps what a run is made from, and the activations that it gets."""

    details: list[WorkflowInstanceDetails] = field(default_factory=list)
    told: list[WorkflowActivation] = field(default_factory=list)

    def watch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """From now on, until the patch is undone."""
        create = ContextFreeRunner.create_instance

        def created(runner: ContextFreeRunner, details: WorkflowInstanceDetails) -> WorkflowInstance:
            self.details.append(details)
            run = create(runner, details)
            activate = run.activate

            def activated(act: WorkflowActivation) -> WorkflowActivationCompletion:
                kept = WorkflowActivation()
                kept.CopyFrom(act)
                self.told.append(kept)
                return activate(act)

            monkeypatch.setattr(run, "activate", activated)
            return run

        monkeypatch.setattr(ContextFreeRunner, "create_instance", created)


def steps_of(completion: WorkflowActivationCompletion) -> Iterator[str]:
    assert not completion.HasField("failed"), completion.failed
    for command in completion.successful.commands:
        if command.HasField("schedule_activity"):
            yield command.schedule_activity.arguments[0].data.decode()


def together(*acts: WorkflowActivation) -> WorkflowActivation:
    whole = WorkflowActivation()
    whole.CopyFrom(acts[-1])
    del whole.jobs[:]
    for act in acts:
        whole.jobs.extend(act.jobs)
    return whole


@pytest.mark.parametrize("in_order", [True, False])
async def test_steps_begin_in_the_order_of_events(
    temporal: Client, monkeypatch: pytest.MonkeyPatch, in_order: bool
) -> None:
    """Without the patch the order depends on how events come: recorded histories need it so."""
    queue, recorder = uuid4().hex, Recorder()
    recorder.watch(monkeypatch)
    async with Worker(
        temporal,
        task_queue=queue,
        workflows=[Forks],
        activities=[_say],
        workflow_runner=ContextFreeRunner(),
    ):
        handle = await temporal.start_workflow(Forks.run, in_order, id=queue, task_queue=queue)
        await handle.result()
    monkeypatch.undo()
    replayer = Replayer(workflows=[Forks], data_converter=DATA_CONVERTER, workflow_runner=ContextFreeRunner())
    await replayer.replay_workflow(await handle.fetch_history())

    begin, *ends = [act for act in recorder.told if not any(job.HasField("remove_from_cache") for job in act.jobs)]
    results = sorted(
        (job for act in ends for job in act.jobs if job.HasField("resolve_activity")),
        key=lambda job: job.resolve_activity.seq,
    )
    first, second = (
        WorkflowActivation(run_id=begin.run_id, history_length=ends[0].history_length, timestamp=ends[0].timestamp)
        for _ in range(2)
    )
    first.jobs.append(results[0])
    second.jobs.append(results[1])
    orders = []
    for acts in ([begin, first, second], [begin, together(first, second)]):
        run = ContextFreeRunner().create_instance(recorder.details[0])
        # As in a worker: a run is made on its loop, and works in another thread.
        done = [await asyncio.to_thread(run.activate, act) for act in acts]
        orders.append([step for one in done for step in steps_of(one)])
    apart, at_once = orders
    assert apart == ['"first"', '"second"', '"after the first"', '"after both"', '"after the second"']
    assert (at_once == apart) is in_order


def activation(*kinds: str) -> WorkflowActivation:
    act = WorkflowActivation(run_id="run", history_length=3)
    for kind in kinds:
        getattr(act.jobs.add(), kind).SetInParent()
    return act


BEGINS = activation("initialize_workflow", "notify_has_patch", "do_update")
BEGINS.jobs[1].notify_has_patch.patch_id = EVENTS_IN_ORDER
COMES = activation("notify_has_patch", "signal_workflow", "do_update", "resolve_activity", "fire_timer")


def begun(monkeypatch: pytest.MonkeyPatch, *answers: str) -> tuple[WorkflowInstance, list[list[str]]]:
    """A run after its first task, which answers each event with a command, and the events that it gets from then on."""
    told: list[list[str]] = []

    def activate(act: WorkflowActivation) -> WorkflowActivationCompletion:
        done = WorkflowActivationCompletion(run_id=act.run_id)
        answer = answers[min(len(told), len(answers) - 1)] if answers else "start_timer"
        if answer == "failed":
            done.failed.SetInParent()
        else:
            getattr(done.successful.commands.add(), answer).SetInParent()
        told.append([str(job.WhichOneof("variant")) for job in act.jobs])
        return done

    inner = create_autospec(WorkflowInstance, instance=True)
    inner.activate.side_effect = activate
    monkeypatch.setattr(SandboxedWorkflowRunner, "create_instance", lambda _self, _details: inner)
    run = ContextFreeRunner().create_instance(cast(WorkflowInstanceDetails, None))
    run.activate(BEGINS)
    assert told == [["initialize_workflow", "notify_has_patch", "do_update"]], "the first task is never divided"
    told.clear()
    return run, told


def test_each_event_comes_by_itself_with_the_notes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    run, told = begun(monkeypatch)
    done = run.activate(COMES)
    assert told == [["notify_has_patch", "signal_workflow"], ["do_update"], ["resolve_activity"], ["fire_timer"]]
    assert len(done.successful.commands) == len(told)
    assert done.run_id == "run"


@pytest.mark.parametrize("end", ["complete", "continue_as_new", "fail", "cancel"])
def test_nothing_comes_after_the_end(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    run, told = begun(monkeypatch, "start_timer", f"{end}_workflow_execution")
    done = run.activate(COMES)
    assert [command.WhichOneof("variant") for command in done.successful.commands] == [
        "start_timer",
        f"{end}_workflow_execution",
    ]
    assert told == [["notify_has_patch", "signal_workflow"], ["do_update"]]


def test_a_failure_is_the_whole_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    run, told = begun(monkeypatch, "start_timer", "failed")
    assert run.activate(COMES).HasField("failed")
    assert len(told) == 2
