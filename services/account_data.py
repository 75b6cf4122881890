"""All data of an account: request the ZIP, follow it, erase the account."""

import asyncio
from pathlib import Path
from uuid import uuid4

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from models.account_data import Closed, ErasureRequest, Takeout, TakeoutRequest
from models.failures import EchonosError, NotStored, RunFailed, StartRefused
from models.generation import Limits
from models.ids import erase_workflow_id, takeout_workflow_id
from models.search_attributes import SearchAttribute
from models.support import Action
from models.vault import ConfirmRequest
from services.app import App
from services.support import audited
from temporal.calls import answer_with_start, joining, unless_unknown
from temporal.reading import describe
from workflows.account_data import EraseAccount, ExportAccount
from workflows.failure_policy import note_on

_LOOKS_EVERY_S = 0.5


class TakeoutFailed(EchonosError):
    """The ZIP could not be made."""


async def start_takeout(client: Client, account_id: str, takeout_id: str, limits: Limits | None = None) -> None:
    """Start packing all data of an account; the same id is one ZIP.

    Args:
        takeout_id: The ZIP's id, from the operation.
    """
    await client.start_workflow(
        ExportAccount.run,
        TakeoutRequest(account_id=account_id, takeout_id=takeout_id, limits=limits or Limits()),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        **joining(
            takeout_workflow_id(account_id, takeout_id),
            "Everything of an account as a ZIP",
            {SearchAttribute.ACCOUNT: account_id},
        ),
    )


async def look_at_takeout(client: Client, account_id: str, takeout_id: str) -> Takeout | None:
    """The ZIP; None while it is being packed.

    Raises:
        NotStored: The account never requested it, or it expired long ago.
        TakeoutFailed: It could not be made; the sentence says why.
    """
    workflow_id = takeout_workflow_id(account_id, takeout_id)
    handle: WorkflowHandle[ExportAccount, Takeout] = client.get_workflow_handle(workflow_id, result_type=Takeout)
    with unless_unknown(NotStored(takeout_id)):
        if (await describe(client, handle.id)).status is WorkflowExecutionStatus.RUNNING:
            return None
    try:
        return await handle.result()
    except WorkflowFailureError as error:
        raise TakeoutFailed(note_on(error.cause).sentence) from error


async def erase_account(client: Client, account_id: str, limits: Limits | None = None) -> Closed:
    """Erase an account for good; returns once no session or token works. A repeated call joins the first.

    Raises:
        InvalidInput: There is no such account.
        StartRefused: It was erased before.
    """
    start = WithStartWorkflowOperation(
        EraseAccount.run,
        ErasureRequest(account_id=account_id, limits=limits or Limits()),
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
        **joining(erase_workflow_id(account_id), "Erasure of an account", {SearchAttribute.ACCOUNT: account_id}),
    )
    try:
        return await answer_with_start(client, start, EraseAccount.confirm, ConfirmRequest())
    except WorkflowAlreadyStartedError as error:
        raise StartRefused("This account was erased before.") from error


async def take_out_for(app: App, actor: str, account_id: str, reason: str, out: Path) -> Takeout:
    """Write an account's ZIP into a file for support, and store it nowhere else.

    Raises:
        InvalidInput: There is no such account; nothing is written.
        RunFailed: The ZIP could not be made.
    """
    await asyncio.to_thread(app.stores.ledger.balance, account_id)
    takeout_id, takeout = uuid4().hex, None
    async with audited(app, actor, Action.TAKE_OUT, account_id, reason, account_id):
        await start_takeout(app.client, account_id, takeout_id)
        while takeout is None:
            await asyncio.sleep(_LOOKS_EVERY_S)
            try:
                takeout = await look_at_takeout(app.client, account_id, takeout_id)
            except TakeoutFailed as error:
                raise RunFailed(error.message) from error
        await asyncio.to_thread(app.stores.objects.get_file, takeout.object_key, out)
        await asyncio.to_thread(app.stores.objects.delete_prefix, takeout.object_key)
    return takeout


async def erase_for(app: App, actor: str, account_id: str, reason: str) -> Closed:
    """As `erase_account`, for support at the person's request, with an entry in the audit."""
    async with audited(app, actor, Action.ERASE, account_id, reason, account_id):
        return await erase_account(app.client, account_id)
