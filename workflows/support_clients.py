"""What support does to runs: the same for the command line and the web backend."""

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError, RPCStatusCode

from models.failures import InvalidInput
from models.generation import CloseRequest
from models.progress import CLOSED, Progress, RunStatus, StageStatus
from models.routing import SearchAttribute
from models.studio import Outcome
from models.support import RunLine
from workflows.clients import generation, refusal
from workflows.generate_video import GenerateVideo
from workflows.regenerate_scene import RegenerateScene

T = TypeVar("T")
PATIENCE = timedelta(seconds=60)
REASON_PATIENCE = timedelta(seconds=3)
_DESCRIBED_AT_ONCE = 16
_WITH_REASON = {RunStatus.NEEDS_ATTENTION, RunStatus.FAILED}


async def runs_in(client: Client, state: RunStatus, most: int = 1_000) -> list[RunLine]:
    """The runs in a state, oldest first.

    Args:
        client: Connected.
        state: Which.
        most: At most so many.
    """
    runs = [run async for run in client.list_workflows(in_state(state), limit=most)]
    at_once, silence = asyncio.Semaphore(_DESCRIBED_AT_ONCE), asyncio.Event()
    if state not in _WITH_REASON:
        silence.set()
    lines = await asyncio.gather(*(_line(client, run, at_once, silence) for run in runs))
    return sorted(lines, key=lambda line: line.started_at)


def in_state(state: RunStatus) -> str:
    """The question for runs in a state, Studio operations among them, as the server understands it."""
    asked = f"WorkflowType IN ('GenerateVideo', 'RegenerateScene') AND {SearchAttribute.STATE} = '{state.value}'"
    # What was ended from outside (terminated, timed out, reset) or continued as new keeps the state that it had shown.
    return asked if state in CLOSED else f"{asked} AND ExecutionStatus = 'Running'"


async def retry_run(client: Client, video_id: str, reason: str) -> Progress:
    """Open the gates of a parked run.

    Raises:
        InvalidInput: There is no such run.
        StartRefused: Nothing waits in it.
    """
    return await _update(client, video_id, GenerateVideo.retry_stage, reason)


async def abandon_run(client: Client, video_id: str, reason: str) -> Progress:
    """Give a run up, or the Studio operations of a video that wait for a person; answers when the credits are back.

    Raises:
        InvalidInput: There is no such run.
        StartRefused: It cannot be given up.
    """
    parked = await _parked_operations(client, video_id)
    if not parked:
        return await _update(client, video_id, GenerateVideo.abandon, reason)
    for workflow_id in parked:
        operation: WorkflowHandle[RegenerateScene, Outcome] = client.get_workflow_handle_for(
            RegenerateScene.run, workflow_id
        )
        work = operation.execute_update(RegenerateScene.abandon, CloseRequest(reason=reason), rpc_timeout=PATIENCE)
        await known_run(work, video_id)
    return await known_run(generation(client, video_id).query(GenerateVideo.progress), video_id)


async def _parked_operations(client: Client, video_id: str) -> list[str]:
    state = RunStatus.NEEDS_ATTENTION.value
    asked = video_id.replace("'", "")
    query = (
        f"WorkflowType = 'RegenerateScene' AND ExecutionStatus = 'Running' AND {SearchAttribute.STATE} = '{state}' "
        f"AND {SearchAttribute.VIDEO} = '{asked}'"
    )
    return [run.id async for run in client.list_workflows(query)]


async def account_of(client: Client, video_id: str) -> str:
    """Whose run it is.

    Raises:
        InvalidInput: There is no such run.
    """
    return keyword_of(await known_run(generation(client, video_id).describe(), video_id), SearchAttribute.ACCOUNT)


async def known_run(work: Awaitable[T], video_id: str) -> T:
    """What a run answers.

    Raises:
        InvalidInput: There is no such run.
    """
    try:
        return await work
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise InvalidInput(f"There is no run of {video_id} for which that can be done.", code="no_run") from error
        raise


def keyword_of(run: WorkflowExecution, name: str) -> str:
    """A search attribute of a run."""
    return next((str(pair.value) for pair in run.typed_search_attributes if pair.key.name == name), "")


async def _update(client: Client, video_id: str, update: Any, reason: str) -> Progress:
    handle = generation(client, video_id)
    work = handle.execute_update(update, CloseRequest(reason=reason), rpc_timeout=PATIENCE)
    try:
        answer: Progress = await known_run(work, video_id)
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    return answer


async def _line(client: Client, run: WorkflowExecution, at_once: asyncio.Semaphore, silence: asyncio.Event) -> RunLine:
    # A list carries no summaries: each run is asked for its own.
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    async with at_once:
        described = await handle.describe()
        reason = "" if silence.is_set() else await _reason(handle, silence)
    return RunLine(
        video_id=keyword_of(run, SearchAttribute.VIDEO),
        account=keyword_of(run, SearchAttribute.ACCOUNT),
        style=keyword_of(run, SearchAttribute.STYLE),
        stage=keyword_of(run, SearchAttribute.STAGE),
        state=keyword_of(run, SearchAttribute.STATE),
        started_at=run.start_time,
        summary=await described.static_summary() or "",
        reason=reason,
    )


async def _reason(handle: WorkflowHandle[Any, Any], silence: asyncio.Event) -> str:
    """Why a run waits or has failed, by its own words; `silence` is set where no worker answers, to ask no more."""
    try:
        progress: Progress = await handle.query("progress", result_type=Progress, rpc_timeout=REASON_PATIENCE)
    except WorkflowQueryFailedError:
        return ""
    except RPCError:
        silence.set()
        return ""
    if progress.failure is not None:
        return progress.failure.sentence
    waiting = (stage.sentence for stage in progress.stages if stage.status is StageStatus.WAITING)
    return " ".join(dict.fromkeys(sentence for sentence in waiting if sentence))
