"""Reading executions, whatever state they are in: the one way to describe, list and query them.

The SDK (1.35) knows no paused execution: its own `describe`, `list_workflows` and `query` raise ValueError for one.
Here a paused execution is open: its description says RUNNING, and `pause_of` says who paused it.
"""

from collections.abc import AsyncIterator, Awaitable, Iterator
from contextlib import contextmanager
from datetime import UTC, timedelta
from typing import TypeVar

from google.protobuf.timestamp_pb2 import Timestamp
from temporalio.api.common.v1 import WorkflowExecution as ExecutionName
from temporalio.api.enums.v1 import WorkflowExecutionStatus as RawStatus
from temporalio.api.workflow.v1 import WorkflowExecutionInfo
from temporalio.api.workflowservice.v1 import (
    DescribeWorkflowExecutionRequest,
    DescribeWorkflowExecutionResponse,
    ListWorkflowExecutionsRequest,
)
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowQueryRejectedError,
)
from temporalio.service import RPCError, RPCStatusCode

from models.failures import RunPaused
from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from models.standstill import Standstill, StandstillCause

T = TypeVar("T")

IS_OPEN = "CloseTime IS NULL"
"""A list's filter for executions that have not ended; `ExecutionStatus = 'Running'` misses paused ones."""

IS_PAUSED = "TemporalPauseInfo IS NOT NULL"
"""A list's filter for executions that are paused, or have a paused step."""

_PAGE = 1_000
_KNOWN = frozenset(int(status) for status in WorkflowExecutionStatus)


async def describe(
    client: Client, workflow_id: str, *, run_id: str | None = None, patience: timedelta | None = None
) -> WorkflowExecutionDescription:
    """The server's facts about an execution; a paused one reads as RUNNING.

    Args:
        client: The client.
        workflow_id: The execution's workflow.
        run_id: One of its runs; None: the newest.
        patience: The longest wait for the server.

    Raises:
        RPCError: The server does not answer, or knows no such execution (NOT_FOUND).
    """
    request = DescribeWorkflowExecutionRequest(
        namespace=client.namespace, execution=ExecutionName(workflow_id=workflow_id, run_id=run_id or "")
    )
    raw = await client.workflow_service.describe_workflow_execution(request, retry=True, timeout=patience)
    for pending in raw.pending_activities:
        if pending.last_failure.HasField("encoded_attributes"):
            # Its message is generic until it is decoded.
            failure = await client.data_converter.decode_failure(pending.last_failure)
            pending.last_failure.message = str(getattr(failure, "message", failure))
    readable = DescribeWorkflowExecutionResponse()
    readable.CopyFrom(raw)
    readable.workflow_execution_info.CopyFrom(_readable(raw.workflow_execution_info))
    return await WorkflowExecutionDescription._from_raw_description(readable, client.namespace, client.data_converter)


async def listed(client: Client, query: str, most: int | None = None) -> AsyncIterator[WorkflowExecution]:
    """The executions that match a visibility query; a paused one reads as RUNNING.

    Args:
        client: The client.
        query: The filter. The list lags behind the executions by a moment.
        most: The largest number of them; None: all.
    """
    request = ListWorkflowExecutionsRequest(
        namespace=client.namespace, query=query, page_size=min(most or _PAGE, _PAGE)
    )
    count = 0
    while True:
        page = await client.workflow_service.list_workflow_executions(request, retry=True)
        for info in page.executions:
            if count == most:
                return
            count += 1
            yield WorkflowExecution._from_raw_info(_readable(info), client.namespace, client.data_converter)
        if not page.next_page_token:
            return
        request.next_page_token = page.next_page_token


async def answered(work: Awaitable[T]) -> T:
    """The answer to a query or an update. Raises `RunPaused`: its execution is paused, and answers nothing."""
    with unless_paused():
        return await work


@contextmanager
def unless_paused(sentence: str = "") -> Iterator[None]:
    """Raise `RunPaused` where the server refuses a query or an update of the block because its execution is paused.

    Args:
        sentence: What it says; empty: what an artist reads.
    """
    try:
        yield
    except WorkflowQueryRejectedError as error:
        raise RunPaused(sentence) from error  # we set no other condition
    except ValueError as error:
        if WorkflowExecutionStatus.__name__ not in str(error):
            raise
        raise RunPaused(sentence) from error
    except RPCError as error:
        if error.status is not RPCStatusCode.FAILED_PRECONDITION or "is paused" not in error.message:
            raise
        raise RunPaused(sentence) from error


def pause_of(description: WorkflowExecutionDescription) -> Standstill | None:
    """The pause of an execution, or of a step of it; None where nothing is paused."""
    raw = description.raw_description
    if raw.workflow_extended_info.HasField("pause_info"):
        info = raw.workflow_extended_info.pause_info
        sentence = _paused(description, "Paused", info.identity, info.reason, info.paused_time)
        return Standstill(cause=StandstillCause.PAUSED, sentence=sentence)
    for step in raw.pending_activities:
        if step.paused:
            told, info_of_step = f"Its step {step.activity_type.name} is paused", step.pause_info
            manual, rule = info_of_step.manual, info_of_step.rule
            by = manual.identity or rule.identity or (rule.rule_id and f"the rule {rule.rule_id}")
            sentence = _paused(description, told, by, manual.reason or rule.reason, info_of_step.pause_time)
            return Standstill(cause=StandstillCause.STEP_PAUSED, sentence=sentence)
    return None


def subject_of(run: WorkflowExecution) -> str:
    """The video that an execution works on; otherwise its workflow's id."""
    return run.typed_search_attributes.get(SEARCH_ATTRIBUTES[SearchAttribute.VIDEO]) or run.id


def _paused(run: WorkflowExecution, what: str, by: str, reason: str, since: Timestamp) -> str:
    return (
        f"{what} by {by or 'an unknown client'} since {since.ToDatetime(UTC):%Y-%m-%d %H:%M} UTC"
        f"{f' ({reason})' if reason else ''}: "
        f'`starter.py support unpause {subject_of(run)} --reason "…"` lets it go on.'
    )


def _readable(info: WorkflowExecutionInfo) -> WorkflowExecutionInfo:
    """The same facts with a status that the SDK knows: whatever has no end is open."""
    if info.status in _KNOWN or not info.status:
        return info
    copy = WorkflowExecutionInfo()
    copy.CopyFrom(info)
    closed = info.HasField("close_time")
    copy.status = (
        RawStatus.WORKFLOW_EXECUTION_STATUS_UNSPECIFIED if closed else RawStatus.WORKFLOW_EXECUTION_STATUS_RUNNING
    )
    return copy
