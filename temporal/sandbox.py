"""The workflow sandbox: the SDK's own, without its detour for converters that use a context, and with a guard.

For every payload of every command the SDK asks the workflow's instance five times which context to convert it in, and
each question enters the sandbox again: on a draft of 40 scenes that took two fifths of the worker's time. Our converter
is the same in every context and stores nothing outside of payloads, so the answer is known in advance.

The guard keeps a query from leading its run astray (see `_Sandboxed`).
"""

from temporalio.bridge.proto.workflow_activation import WorkflowActivation
from temporalio.bridge.proto.workflow_completion import WorkflowActivationCompletion
from temporalio.converter import StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner
from temporalio.workflow import Info

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
    replay both come together, and commands that follow them may come in another order: the history would not replay,
    and the run would be stuck. So a task that adds to such a rest fails: the worker forgets the run, and the server
    hands it out again, whole.

    Only the start of a task sets a run's clock: events without a step of the clock belong to no task.
    """

    def __init__(self, sandboxed: WorkflowInstance) -> None:
        self._sandboxed = sandboxed
        self._events = 0
        self._clock_ns = 0
        self._is_ahead = False

    def activate(self, act: WorkflowActivation) -> WorkflowActivationCompletion:
        if any(job.HasField("query_workflow") or job.HasField("remove_from_cache") for job in act.jobs):
            return self._sandboxed.activate(act)
        events, clock_ns = act.history_length, act.timestamp.ToNanoseconds()
        if events > self._events:
            if self._is_ahead:
                return _failed(act.run_id)
            self._is_ahead = not act.is_replaying and clock_ns == self._clock_ns
        self._events, self._clock_ns = events, clock_ns
        return self._sandboxed.activate(act)

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
