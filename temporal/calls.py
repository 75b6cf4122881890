"""What all calls of the Temporal server share: starts that join a running workflow, refusals, and unknown runs."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowUpdateFailedError
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.workflow import UpdateMethodMultiParam

from models.failures import (
    Conflict,
    EchonosError,
    InsufficientCredits,
    InvalidInput,
    NotFound,
    ProviderUnavailable,
    RunPaused,
    StartRefused,
)
from models.queues import QUEUE
from models.search_attributes import SearchAttribute, keywords
from temporal.reading import unless_paused
from workflows.policies import in_turn

A = TypeVar("A")
T = TypeVar("T")

ADMIT_PATIENCE = timedelta(seconds=60)


def joining(
    workflow_id: str,
    summary: str,
    attributes: Mapping[SearchAttribute, str],
    urgent: bool = False,
    key: int | None = None,
) -> dict[str, Any]:
    """Keyword arguments of a start that joins the running workflow of this id.

    Args:
        workflow_id: The workflow's id.
        summary: One line for the Temporal UI.
        attributes: Its search attributes; queues serve accounts in turn.
        urgent: Whether a person waits for this one answer.
        key: The priority of anything else, 1…5; None: the usual one.
    """
    return {
        "id": workflow_id,
        "task_queue": QUEUE,
        "id_conflict_policy": WorkflowIDConflictPolicy.USE_EXISTING,
        "static_summary": summary,
        "search_attributes": keywords(attributes),
        "priority": in_turn(attributes.get(SearchAttribute.ACCOUNT, ""), urgent, key),
    }


async def answer_with_start(
    client: Client,
    start: WithStartWorkflowOperation[Any, Any],
    update: UpdateMethodMultiParam[[Any, A], T],
    argument: A,
    *,
    update_id: str | None = None,
    patience: timedelta = ADMIT_PATIENCE,
) -> T:
    """Start or join a workflow and return its answer to an update.

    Raises:
        EchonosError: The workflow refuses the update.
        RunPaused: The workflow is paused.
        RPCError: The server does not answer.
    """
    try:
        with unless_paused():
            return await client.execute_update_with_start_workflow(
                update, argument, start_workflow_operation=start, id=update_id, rpc_timeout=patience
            )
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    except (RPCError, RunPaused):
        # The SDK leaves the failure in the start's future, too: unread, it prints a traceback on stderr.
        with suppress(Exception):
            await start.workflow_handle()
        raise


@contextmanager
def server_answers(sentence: str = "The Temporal server does not answer.") -> Iterator[None]:
    """Raise `ProviderUnavailable` where a call of the block fails."""
    try:
        yield
    except RPCError as error:
        raise ProviderUnavailable(sentence) from error


@contextmanager
def unless_unknown(failure: Exception | None = None) -> Iterator[None]:
    """Leave the block where a run is unknown or has ended, with `failure` or without any."""
    try:
        yield
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise
        if failure is not None:
            raise failure from error


_UNKNOWN = frozenset(
    {"no_scene", "no_version", "no_take", "no_character", "no_location", "no_video", "no_footage", "no_section"}
)
_NOT_NOW = frozenset(
    {
        "scene_busy",
        "price_changed",
        "version_moved",
        "board_moved",
        "scene_approved",
        "no_board_open",
        "board_not_laid",
        "nothing_to_undo",
        "nothing_to_redo",
    }
)


def refusal(cause: BaseException | None) -> EchonosError:
    """The refusal of an update, as one of our own failures."""
    if isinstance(cause, ApplicationError):
        if cause.type == InsufficientCredits.__name__:
            return InsufficientCredits(cause.message)
        if cause.type == InvalidInput.__name__:
            return input_refused(cause.message, cause.details[0] if cause.details else "invalid")
        return StartRefused(cause.message)
    return StartRefused(str(cause))


def input_refused(sentence: str, code: str) -> InvalidInput:
    """Unusable input as the kind of failure that its code names."""
    kind = NotFound if code in _UNKNOWN else Conflict if code in _NOT_NOW else InvalidInput
    return kind(sentence, code)
