"""An account's data as a whole: ask for the ZIP, look how far it is, erase the account."""

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.account_data import Closed, ErasureRequest, Takeout, TakeoutRequest
from models.failures import EchonosError, NotStored
from models.generation import Limits
from models.routing import QUEUE, SearchAttribute, erase_workflow_id, keywords, takeout_workflow_id
from models.vault import ConfirmRequest
from workflows.account_data import EraseAccount, ExportAccount
from workflows.clients import ADMIT_PATIENCE, StartRefused, hear_out, refusal
from workflows.verdicts import note_on


class TakeoutFailed(EchonosError):
    """The ZIP could not be made."""


async def start_takeout(client: Client, account_id: str, takeout_id: str, limits: Limits | None = None) -> None:
    """Start packing everything that an account has; the same id is one ZIP.

    Args:
        client: Connected.
        account_id: The account.
        takeout_id: From the operation that asks.
        limits: For tests.
    """
    await client.start_workflow(
        ExportAccount.run,
        TakeoutRequest(account_id=account_id, takeout_id=takeout_id, limits=limits or Limits()),
        id=takeout_workflow_id(account_id, takeout_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        static_summary="Everything of an account as a ZIP",
        search_attributes=keywords({SearchAttribute.ACCOUNT: account_id}),
    )


async def look_at_takeout(client: Client, account_id: str, takeout_id: str) -> Takeout | None:
    """The ZIP; None while it is being packed.

    Args:
        client: Connected.
        account_id: The account.
        takeout_id: As it was asked for.

    Raises:
        NotStored: The account never asked for it, or it expired long ago.
        TakeoutFailed: It could not be made; the sentence says why.
    """
    workflow_id = takeout_workflow_id(account_id, takeout_id)
    handle: WorkflowHandle[ExportAccount, Takeout] = client.get_workflow_handle(workflow_id, result_type=Takeout)
    try:
        if (await handle.describe()).status is WorkflowExecutionStatus.RUNNING:
            return None
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotStored(takeout_id) from None
        raise
    try:
        return await handle.result()
    except WorkflowFailureError as error:
        raise TakeoutFailed(note_on(error.cause).sentence) from error


async def erase_account(client: Client, account_id: str, limits: Limits | None = None) -> Closed:
    """Erase an account for good; answers once nobody gets in any more. A repeated call joins the first.

    Args:
        client: Connected.
        account_id: The account.
        limits: For tests.

    Raises:
        InvalidInput: There is no such account.
        StartRefused: It was erased before.
    """
    start = WithStartWorkflowOperation(
        EraseAccount.run,
        ErasureRequest(account_id=account_id, limits=limits or Limits()),
        id=erase_workflow_id(account_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        static_summary="Erasure of an account",
        search_attributes=keywords({SearchAttribute.ACCOUNT: account_id}),
    )
    try:
        return await client.execute_update_with_start_workflow(
            EraseAccount.confirm, ConfirmRequest(), start_workflow_operation=start, rpc_timeout=ADMIT_PATIENCE
        )
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    except WorkflowAlreadyStartedError as error:
        raise StartRefused("This account was erased before.") from error
    except RPCError:
        await hear_out(start)
        raise
