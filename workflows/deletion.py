"""`RemoveFromVault`: deletes something that an artist has removed, rows first, then all objects and histories.

Promise: once `confirm` has answered, the thing is on no list. Its objects and the histories that contain its words are
deleted, even if the store or the server is away for long. While a run works with it nothing is deleted, and the refusal
says so. Ledger entries stay. A deletion can't be cancelled halfway, because half of a thing is of no use.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.deletion import DeletionActivities
    from models.progress import FailureNote
    from models.vault import ConfirmRequest, Removal, RemovalRequest, Removed
    from workflows.failure_policy import note_on
    from workflows.policies import Policies
    from workflows.saga import shielded


@workflow.defn(name="RemoveFromVault")
class RemoveFromVault:
    """The deletion of one thing."""

    @workflow.init
    def __init__(self, request: RemovalRequest) -> None:
        self._policies = Policies(request.limits, request.account_id)
        self._removal: Removal | None = None
        self._failure: FailureNote | None = None
        self._removed = Removed(count=0)

    @workflow.run
    async def run(self, request: RemovalRequest) -> Removed:
        """Delete the rows, then the objects, then the histories."""
        await shielded(self._remove(request))
        await shielded(workflow.wait_condition(workflow.all_handlers_finished))
        if self._failure is not None:
            raise ApplicationError(self._failure.sentence, type=self._failure.type, non_retryable=True)
        return self._removed

    async def _remove(self, request: RemovalRequest) -> None:
        try:
            removal = await self._policies.settle.run(DeletionActivities.forget, request, "delete the rows")
        except ActivityError as error:
            self._failure = note_on(error)
            return
        self._removal = removal
        self._removed = await self._policies.remove.run(
            DeletionActivities.remove_objects, removal, "delete the objects"
        )
        if workflow.patched("delete-executions"):
            await self._policies.remove.run(DeletionActivities.delete_executions, removal, "delete the histories")

    @workflow.update
    async def confirm(self, request: ConfirmRequest) -> Removal:
        """Return once it is on no list; raise the failure that prevented it."""
        await workflow.wait_condition(lambda: self._removal is not None or self._failure is not None)
        if self._removal is None:
            failure = self._failure or FailureNote(type="Failed", sentence="It could not be deleted.")
            raise ApplicationError(failure.sentence, type=failure.type, non_retryable=True)
        return self._removal
