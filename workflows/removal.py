"""`RemoveFromVault`: something that an artist has deleted goes, rows first and objects until none is left.

Promise: from the answer to `confirm` on it is on no list, and its objects and the histories that hold its words go
however long the store or the server is away. While a
run works with it nothing is deleted and the refusal says so. Ledger entries stay. It can't be cancelled halfway:
nobody could use what would be left.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.removal import RemovalActivities
    from models.progress import FailureNote
    from models.vault import ConfirmRequest, Removal, RemovalRequest, Removed
    from workflows.policies import Policies
    from workflows.saga import shielded
    from workflows.verdicts import note_on


@workflow.defn(name="RemoveFromVault")
class RemoveFromVault:
    """The deletion of one thing."""

    @workflow.init
    def __init__(self, request: RemovalRequest) -> None:
        self._policies = Policies(request.limits)
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
            removal = await workflow.execute_activity_method(
                RemovalActivities.forget, request, summary="delete the rows", **self._policies.settle.options()
            )
        except ActivityError as error:
            self._failure = note_on(error)
            return
        self._removal = removal
        self._removed = await workflow.execute_activity_method(
            RemovalActivities.remove_objects,
            removal,
            summary="delete the objects",
            **self._policies.remove.options(),
        )
        if workflow.patched("delete-executions"):
            await workflow.execute_activity_method(
                RemovalActivities.delete_executions,
                removal,
                summary="delete the histories",
                **self._policies.remove.options(),
            )

    @workflow.update
    async def confirm(self, request: ConfirmRequest) -> Removal:
        """Return once it is off all lists; raise what refused that."""
        await workflow.wait_condition(lambda: self._removal is not None or self._failure is not None)
        if self._removal is None:
            failure = self._failure or FailureNote(type="Failed", sentence="It could not be deleted.")
            raise ApplicationError(failure.sentence, type=failure.type, non_retryable=True)
        return self._removal
