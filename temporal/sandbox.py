"""The workflow sandbox: the SDK's own, without its detour for converters that use a context, with an order of events.

For every payload of every command the SDK asks the workflow's instance five times which context to convert it in, and
each question enters the sandbox again: on a draft of 40 scenes that took two fifths of the worker's time. Our converter
is the same in every context and stores nothing outside of payloads, so the answer is known in advance.

The order keeps a query from leading its run astray (see `_Sandboxed`).
"""

from collections.abc import Iterator

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_commands import WorkflowCommand
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info

from workflows.flow import EVENTS_IN_ORDER

AHEAD = "A query took this copy of the run further than its tasks; the task is done again from the history."


class ContextFreeRunner(SandboxedWorkflowRunner):
    """Runs workflows in the sandbox, for data converters that have neither contexts nor external storage."""

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """One workflow, in a sandbox of its own."""
        return _Sandboxed(super().create_instance(det))


class _Sandboxed(WorkflowInstance):
    """A workflow that no query leads astray.

    A query that a worker answers without having the run in memory comes with the whole history, and SDK 1.35 applies
    all of it: also what happened after the run's last task. The run's next task then adds the rest. At every later
    replay both come together, and the run would do them at once: it would start its next steps in another order, and
    take one step's result for another's. Two measures:

    - Events are done one by one, each to its end, however many come together (`EVENTS_IN_ORDER`; runs that began before
      that patch do them at once, as they always did). So the order of what a run does is that of its history.
    - A task that adds to such a rest fails: the worker forgets the run, and the server hands it out again, whole. For
      signals and updates, which come before all other events of a task. Only the start of a task sets a run's clock:
      events without a step of the clock belong to no task. (A task without any news sets it unseen, and hides a rest.)
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed
        self._events = 0
        self._clock_ns = 0
        self._is_ahead = False
        self._in_order = False

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        if any(job.HasField("query_workflow") or job.HasField("remove_from_cache") for job in act.jobs):
            return self._sandboxed.activate(act)
        events, clock_ns = act.history_length, act.timestamp.ToNanoseconds()
        if events > self._events:
            if self._is_ahead:
                return _failed(act.run_id)
            self._is_ahead = not act.is_replaying and clock_ns == self._clock_ns
        self._events, self._clock_ns = events, clock_ns
        if self._in_order:
            return self._one_by_one(act)
        done = self._sandboxed.activate(act)
        # A run decides for or against the patch in its first task, which is never divided.
        self._in_order = _begins_in_order(act, done)
        return done

    def _one_by_one(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        whole = WorkflowActivationCompletion(run_id=act.run_id)
        whole.successful.SetInParent()
        for part in _divided(act):
            done = self._sandboxed.activate(part)
            if done.HasField("failed"):
                return done
            whole.MergeFrom(done)
            if any(_ends_the_run(command) for command in done.successful.commands):
                break
        return whole

    def get_serialization_context(self, command_info: object) -> None:
        return None

    def get_external_store_context(self, command_info: object) -> StorageDriverStoreContext:
        return StorageDriverStoreContext()

    def get_info(self) -> Info:
        return self._sandboxed.get_info()

    def get_thread_id(self) -> int | None:
        return self._sandboxed.get_thread_id()


def _failed(run_id: str) -> WorkflowActivationCompletion:
    completion = WorkflowActivationCompletion(run_id=run_id)
    completion.failed.failure.message = AHEAD
    return completion


def _divided(act: WorkflowActivation) -> Iterator[WorkflowActivation]:
    """An activation for each event; notes about patches and seeds belong to the event that they precede."""
    part = WorkflowActivation()
    part.CopyFrom(act)
    del part.jobs[:]
    for number, job in enumerate(act.jobs, 1):
        part.jobs.append(job)
        is_note = job.HasField("notify_has_patch") or job.HasField("update_random_seed")
        if not is_note or number == len(act.jobs):
            yield part
            del part.jobs[:]


def _begins_in_order(act: WorkflowActivation, done: WorkflowActivationCompletion) -> bool:
    known = any(job.notify_has_patch.patch_id == EVENTS_IN_ORDER for job in act.jobs)
    return known or any(one.set_patch_marker.patch_id == EVENTS_IN_ORDER for one in done.successful.commands)


def _ends_the_run(command: WorkflowCommand) -> bool:
    return (
        command.HasField("complete_workflow_execution")
        or command.HasField("continue_as_new_workflow_execution")
        or command.HasField("fail_workflow_execution")
        or command.HasField("cancel_workflow_execution")
    )
