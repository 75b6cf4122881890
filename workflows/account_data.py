"""`ExportAccount` and `EraseAccount`: an account's data exported, or erased.

Promise of an erasure: once `confirm` has answered, all access is revoked. The account's runs end and are settled, then
its objects, histories and rows are deleted, even if a store is away for long. The ledger's journal stays and still
verifies, but no longer identifies a person. An erasure can't be cancelled halfway. An export leaves one ZIP or nothing.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.account_data import AccountDataActivities
    from models.account_data import Closed, Erased, ErasureRequest, Takeout, TakeoutRequest
    from models.progress import FailureNote
    from models.vault import ConfirmRequest
    from workflows.failure_policy import note_on
    from workflows.policies import Policies
    from workflows.saga import shielded


@workflow.defn(name="ExportAccount")
class ExportAccount:
    """The export of one account as a ZIP."""

    @workflow.run
    async def run(self, request: TakeoutRequest) -> Takeout:
        """Write the ZIP."""
        try:
            return await Policies(request.limits, request.account_id).pack.run(
                AccountDataActivities.pack_account, request, "pack everything"
            )
        except ActivityError as error:
            note = note_on(error)
            raise ApplicationError(note.sentence, type=note.type, non_retryable=True) from error


@workflow.defn(name="EraseAccount")
class EraseAccount:
    """The erasure of one account."""

    @workflow.init
    def __init__(self, request: ErasureRequest) -> None:
        self._policies = Policies(request.limits, request.account_id)
        self._closed: Closed | None = None
        self._failure: FailureNote | None = None
        self._erased = Erased(objects=0, executions=0, rows=0)

    @workflow.run
    async def run(self, request: ErasureRequest) -> Erased:
        """Close the account, settle its holds, delete everything else."""
        await shielded(self._erase(request))
        await shielded(workflow.wait_condition(workflow.all_handlers_finished))
        if self._failure is not None:
            raise ApplicationError(self._failure.sentence, type=self._failure.type, non_retryable=True)
        return self._erased

    async def _erase(self, request: ErasureRequest) -> None:
        remove = self._policies.remove
        try:
            self._closed = await remove.run(AccountDataActivities.close_account, request, "end every way in")
        except ActivityError as error:
            self._failure = note_on(error)
            return
        await remove.run(AccountDataActivities.settle_account, request, "end and settle its runs")
        self._erased = await remove.run(
            AccountDataActivities.erase_account, request, "delete objects, histories and rows"
        )

    @workflow.update
    async def confirm(self, request: ConfirmRequest) -> Closed:
        """Return once all access is revoked; raise the failure that prevented it."""
        await workflow.wait_condition(lambda: self._closed is not None or self._failure is not None)
        if self._closed is None:
            failure = self._failure or FailureNote(type="Failed", sentence="The account could not be erased.")
            raise ApplicationError(failure.sentence, type=failure.type, non_retryable=True)
        return self._closed
