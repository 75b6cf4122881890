"""Delete executions from Temporal: their histories hold titles and prompts."""

import asyncio
import re
import time
from collections.abc import Callable

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus
from temporalio.service import RPCError, RPCStatusCode

from models.failures import ProviderUnavailable
from models.routing import SearchAttribute
from models.vault import Shelf

_EMPTY_LOOKS = 2
"""The list of executions lags behind the runs: so many looks in a row must find none."""

_PAUSE_S = 0.5
_ASKED_AGAIN_S = 120.0
"""A server deletes within a minute of the request (measured: 53 s with its default intervals)."""

_DELETED_AT_ONCE = 16
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")
_NEVER = "'RemoveFromVault', 'EraseAccount'"
"""They hold ids only, and one of them asks."""


class Executions:
    """Deletes what Temporal knows about a thing that its artist has deleted.

    Args:
        client: Connected.
    """

    def __init__(self, client: Client) -> None:
        self._client = client

    async def delete_of(self, shelf: Shelf, subject_id: str, pulse: Callable[[], None]) -> int:
        """Delete the executions that know a deleted song or video by its words; waits for those that are open.

        A song's is its analysis; runs that made videos of it belong to the videos. A character's words are in none.

        Args:
            shelf: What was deleted.
            subject_id: Its id.
            pulse: Called between requests; raises when the work is no longer wanted.

        Returns:
            How many were deleted.

        Raises:
            ProviderUnavailable: The Temporal server does not answer.
        """
        if not _SAFE_ID.fullmatch(subject_id):
            return 0  # no id of ours: nothing can be found under it
        match shelf:
            case Shelf.SONG:
                return await self._delete(
                    f"WorkflowType = 'AnalyzeSong' AND {SearchAttribute.SONG} = '{subject_id}'", pulse
                )
            case Shelf.VIDEO:
                return await self._delete(
                    f"{SearchAttribute.VIDEO} = '{subject_id}' AND WorkflowType NOT IN ({_NEVER})", pulse
                )
            case Shelf.CHARACTER:
                return 0

    async def delete_of_account(self, account_id: str, pulse: Callable[[], None]) -> int:
        """Delete all executions of an account but those that delete; the others are closed before.

        Args:
            account_id: The account.
            pulse: As for `delete_of`.

        Returns:
            How many were deleted.

        Raises:
            ProviderUnavailable: The Temporal server does not answer.
        """
        return await self._delete(f"{_of_account(account_id)} AND WorkflowType NOT IN ({_NEVER})", pulse)

    async def end_of_account(self, account_id: str, *, force: bool) -> int:
        """Ask the account's open runs to end, or end them from outside.

        Args:
            account_id: The account.
            force: Terminate instead of cancelling; what was held is then settled by whoever asked.

        Returns:
            How many were open.

        Raises:
            ProviderUnavailable: The Temporal server does not answer.
        """
        query = f"{_of_account(account_id)} AND ExecutionStatus = 'Running' AND WorkflowType NOT IN ({_NEVER})"
        try:
            found = [(run.id, run.run_id) async for run in self._client.list_workflows(query)]
            for workflow_id, run_id in found:
                handle = self._client.get_workflow_handle(workflow_id, run_id=run_id)
                try:
                    await (handle.terminate("the account is erased") if force else handle.cancel())
                except RPCError as error:
                    if error.status is not RPCStatusCode.NOT_FOUND:
                        raise
        except RPCError as error:
            raise ProviderUnavailable("The Temporal server does not answer.") from error
        return len(found)

    async def _delete(self, query: str, pulse: Callable[[], None]) -> int:
        asked: dict[tuple[str, str], float] = {}
        empty, at_once = 0, asyncio.Semaphore(_DELETED_AT_ONCE)
        try:
            while empty < _EMPTY_LOOKS:
                pulse()
                listed = [run async for run in self._client.list_workflows(query)]
                found = [(run.id, run.run_id) for run in listed]
                # One that still works ends by itself, and tidies up: to delete it would terminate it halfway.
                closed = [(run.id, run.run_id) for run in listed if run.status is not WorkflowExecutionStatus.RUNNING]
                due = [run for run in closed if time.monotonic() - asked.get(run, -_ASKED_AGAIN_S) >= _ASKED_AGAIN_S]
                await asyncio.gather(*(self._delete_one(*run, at_once) for run in due))
                asked |= dict.fromkeys(due, time.monotonic())
                empty = 0 if found else empty + 1
                await asyncio.sleep(_PAUSE_S)
        except RPCError as error:
            raise ProviderUnavailable("The Temporal server does not answer.") from error
        return len(asked)

    async def _delete_one(self, workflow_id: str, run_id: str, at_once: asyncio.Semaphore) -> None:
        request = DeleteWorkflowExecutionRequest(
            namespace=self._client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
        )
        async with at_once:
            try:
                await self._client.workflow_service.delete_workflow_execution(request)
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise


def _of_account(account_id: str) -> str:
    quoted = account_id.replace("\\", "\\\\").replace("'", "\\'")
    return f"{SearchAttribute.ACCOUNT} = '{quoted}'"
