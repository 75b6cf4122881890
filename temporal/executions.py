"""Delete executions from Temporal: their histories hold titles and prompts."""

import asyncio
import re
import time
from collections.abc import Callable

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import DeleteWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus

from models.search_attributes import SearchAttribute
from models.vault import Shelf
from temporal.calls import server_answers, unless_unknown
from temporal.reading import IS_OPEN, listed

_EMPTY_LOOKS = 2
"""The list of executions lags behind the runs: this many reads in a row must find none."""

_PAUSE_S = 0.5
_ASKED_AGAIN_S = 120.0
"""A server deletes within a minute of the request (measured: 53 s with its default intervals)."""

_DELETED_AT_ONCE = 16
_SAFE_ID = re.compile(r"[A-Za-z0-9._-]{1,200}")
_NEVER = "'RemoveFromVault', 'EraseAccount'"
"""They hold ids only, and one of them is the caller."""


class Executions:
    """Deletes Temporal's executions about something that its artist has deleted."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def delete_of(self, shelf: Shelf, subject_id: str, pulse: Callable[[], None]) -> int:
        """Delete the executions whose histories contain a deleted song's or video's words; waits for the open ones.

        A song has its analysis; runs that made videos of it belong to the videos. Words of characters and own footage
        are in none.

        Args:
            pulse: Called between requests; raises if the work was cancelled.

        Returns:
            The number of deleted executions.

        Raises:
            ProviderUnavailable: The Temporal server does not answer.
        """
        if not _SAFE_ID.fullmatch(subject_id):
            return 0  # not one of our ids: no execution can have it
        match shelf:
            case Shelf.SONG:
                return await self._delete(
                    f"WorkflowType = 'AnalyzeSong' AND {SearchAttribute.SONG} = '{subject_id}'", pulse
                )
            case Shelf.VIDEO:
                return await self._delete(
                    f"{SearchAttribute.VIDEO} = '{subject_id}' AND WorkflowType NOT IN ({_NEVER})", pulse
                )
            case Shelf.CHARACTER | Shelf.FOOTAGE:
                return 0

    async def delete_of_account(self, account_id: str, pulse: Callable[[], None]) -> int:
        """Delete all executions of an account except deletions, open ones closed first; returns how many.

        Raises:
            ProviderUnavailable: The Temporal server does not answer.
        """
        return await self._delete(f"{_of_account(account_id)} AND WorkflowType NOT IN ({_NEVER})", pulse)

    async def end_of_account(self, account_id: str, *, force: bool) -> int:
        """Cancel or terminate the account's open runs.

        Args:
            force: Terminate instead of cancelling; the caller then settles the holds.

        Returns:
            The number of open runs.

        Raises:
            ProviderUnavailable: The Temporal server does not answer.
        """
        query = f"{_of_account(account_id)} AND {IS_OPEN} AND WorkflowType NOT IN ({_NEVER})"
        with server_answers():
            found = [(run.id, run.run_id) async for run in listed(self._client, query)]
            for workflow_id, run_id in found:
                handle = self._client.get_workflow_handle(workflow_id, run_id=run_id)
                with unless_unknown():
                    await (handle.terminate("the account is erased") if force else handle.cancel())
        return len(found)

    async def _delete(self, query: str, pulse: Callable[[], None]) -> int:
        asked: dict[tuple[str, str], float] = {}
        empty, at_once = 0, asyncio.Semaphore(_DELETED_AT_ONCE)
        with server_answers():
            while empty < _EMPTY_LOOKS:
                pulse()
                runs = [run async for run in listed(self._client, query)]
                found = [(run.id, run.run_id) for run in runs]
                # An open run ends by itself and tidies up; deleting it now would terminate it halfway.
                closed = [(run.id, run.run_id) for run in runs if run.status is not WorkflowExecutionStatus.RUNNING]
                due = [run for run in closed if time.monotonic() - asked.get(run, -_ASKED_AGAIN_S) >= _ASKED_AGAIN_S]
                await asyncio.gather(*(self._delete_one(*run, at_once) for run in due))
                asked |= dict.fromkeys(due, time.monotonic())
                empty = 0 if found else empty + 1
                await asyncio.sleep(_PAUSE_S)
        return len(asked)

    async def _delete_one(self, workflow_id: str, run_id: str, at_once: asyncio.Semaphore) -> None:
        request = DeleteWorkflowExecutionRequest(
            namespace=self._client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
        )
        async with at_once:
            with unless_unknown():
                await self._client.workflow_service.delete_workflow_execution(request)


def _of_account(account_id: str) -> str:
    quoted = account_id.replace("\\", "\\\\").replace("'", "\\'")
    return f"{SearchAttribute.ACCOUNT} = '{quoted}'"
