"""`ExportAccount` and `EraseAccount`: an account's data handed out, or gone.

Promise of an erasure: from the answer to `confirm` on nobody gets in any more; its runs end and are settled, then its
objects, histories and rows go, however long a part is away. The ledger's journal stays and still verifies; only what
leads from the account to a person is gone. It can't be cancelled halfway. An export leaves one ZIP or nothing.
"""

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError

with workflow.unsafe.imports_passed_through():
    from activities.account_data import AccountDataActivities
    from models.account_data import Closed, Erased, ErasureRequest, Takeout, TakeoutRequest
    from models.progress import FailureNote
    from models.vault import ConfirmRequest
    from workflows.policies import Policies
    from workflows.saga import shielded
    from workflows.verdicts import note_on


@workflow.defn(name="ExportAccount")
class ExportAccount:
    """The making of one ZIP."""

    @workflow.run
    async def run(self, request: TakeoutRequest) -> Takeout:
        """Pack it."""
        try:
            return await workflow.execute_activity_method(
                AccountDataActivities.pack_account,
                request,
                summary="pack everything",
                **Policies(request.limits, request.account_id).pack.options(),
            )
        except ActivityError as error:
            note = note_on(error)
            raise ApplicationError(note.sentence, type=note.type, non_retryable=True) from error


@workflow.defn(name="EraseAccount")
class EraseAccount:
    """The erasure of one account."""

    @workflow.init
    def __init__(self, request: ErasureRequest) -> None:
        self._policies = Policies(request.limits)
        self._closed: Closed | None = None
        self._failure: FailureNote | None = None
        self._erased = Erased(objects=0, executions=0, rows=0)

    @workflow.run
    async def run(self, request: ErasureRequest) -> Erased:
        """Close the account, settle it, delete everything else."""
        await shielded(self._erase(request))
        await shielded(workflow.wait_condition(workflow.all_handlers_finished))
        if self._failure is not None:
            raise ApplicationError(self._failure.sentence, type=self._failure.type, non_retryable=True)
        return self._erased

    async def _erase(self, request: ErasureRequest) -> None:
        options = self._policies.remove.options()
        try:
            self._closed = await workflow.execute_activity_method(
                AccountDataActivities.close_account, request, summary="end every way in", **options
            )
        except ActivityError as error:
            self._failure = note_on(error)
            return
        await workflow.execute_activity_method(
            AccountDataActivities.settle_account, request, summary="end and settle its runs", **options
        )
        self._erased = await workflow.execute_activity_method(
            AccountDataActivities.erase_account, request, summary="delete objects, histories and rows", **options
        )

    @workflow.update
    async def confirm(self, request: ConfirmRequest) -> Closed:
        """Return once nobody gets in any more; raise what refused that."""
        await workflow.wait_condition(lambda: self._closed is not None or self._failure is not None)
        if self._closed is None:
            failure = self._failure or FailureNote(type="Failed", sentence="It could not be erased.")
            raise ApplicationError(failure.sentence, type=failure.type, non_retryable=True)
        return self._closed
