"""Runs as support finds them, retries them and gives them up."""

import asyncio
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution as ExecutionName
from temporalio.api.workflowservice.v1 import UnpauseActivityRequest, UnpauseWorkflowExecutionRequest
from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.service import RPCError, RPCStatusCode

from models.failures import NotFound, RunPaused, StartRefused
from models.generation import Reason
from models.ids import analyze_workflow_id, generate_workflow_id, regenerate_workflow_id
from models.progress import CLOSED, Progress, RunStatus, StageStatus
from models.search_attributes import SearchAttribute
from models.support import RunLine
from temporal.calls import refusal, unless_unknown
from temporal.generation import generation
from temporal.reading import IS_OPEN, IS_PAUSED, answered, describe, listed, pause_of, subject_of, unless_paused
from workflows.generate_video import GenerateVideo
from workflows.regenerate_scene import RegenerateScene

T = TypeVar("T")
PATIENCE = timedelta(seconds=60)
REASON_PATIENCE = timedelta(seconds=3)
_DESCRIBED_AT_ONCE = 16
_WITH_REASON = {RunStatus.NEEDS_ATTENTION, RunStatus.FAILED}


async def runs_in(client: Client, state: RunStatus, most: int = 1_000) -> list[RunLine]:
    """The runs in a state, oldest first; with those that need attention come those that are paused."""
    runs = [run async for run in listed(client, _in_state(state), most)]
    if state is RunStatus.NEEDS_ATTENTION:
        known = {run.run_id for run in runs}
        runs += [run for run in await _paused_runs(client, most) if run.run_id not in known]
    at_once, silence = asyncio.Semaphore(_DESCRIBED_AT_ONCE), asyncio.Event()
    if state not in _WITH_REASON:
        silence.set()
    lines = await asyncio.gather(*(_line(client, run, at_once, silence) for run in runs))
    return sorted((line for line in lines if line is not None), key=lambda line: line.started_at)


async def parked(client: Client, state: RunStatus = RunStatus.NEEDS_ATTENTION) -> dict[str, str]:
    """The account of each video that waits, for support or its artist; one whose operations wait is there once."""
    runs = listed(client, _in_state(state))
    return {_keyword_of(run, SearchAttribute.VIDEO): _keyword_of(run, SearchAttribute.ACCOUNT) async for run in runs}


def _in_state(state: RunStatus) -> str:
    asked = f"WorkflowType IN ('GenerateVideo', 'RegenerateScene') AND {SearchAttribute.STATE} = '{state.value}'"
    # A run that was terminated, timed out, reset or continued as new keeps its last state attribute.
    return asked if state in CLOSED else f"{asked} AND {IS_OPEN}"


async def _paused_runs(client: Client, most: int) -> list[WorkflowExecution]:
    # Of any type: a paused analysis keeps its drafts waiting, and paused housekeeping settles no books.
    query = f"{IS_PAUSED} AND {IS_OPEN}"
    try:
        return [run async for run in listed(client, query, most)]
    except RPCError as error:
        if error.status is not RPCStatusCode.INVALID_ARGUMENT:
            raise
        return []  # a server that is too old to pause anything


async def retry_run(client: Client, video_id: str, reason: str) -> Progress:
    """Open the gates of a parked run.

    Raises:
        NotFound: There is no such run, or it has ended.
        StartRefused: Nothing waits in it.
    """
    return await _update(generation(client, video_id), video_id, GenerateVideo.retry_stage, reason)


async def abandon_run(client: Client, video_id: str, reason: str) -> Progress:
    """Give up a run, or a video's waiting Studio operations; returns once the credits are back.

    Raises:
        NotFound: There is no such run, or it has ended.
        StartRefused: It cannot be given up.
    """
    run, parked = generation(client, video_id), await _parked_operations(client, video_id)
    if not parked:
        return await _update(run, video_id, GenerateVideo.abandon, reason)
    for workflow_id in parked:
        await _update(client.get_workflow_handle(workflow_id), video_id, RegenerateScene.abandon, reason)
    return await known_run(run.query(GenerateVideo.progress), video_id)


async def named(client: Client, name: str) -> "Named":
    """The execution that a person means, with what it is about.

    Args:
        client: The client.
        name: A video's id, a song's, or that of any workflow.

    Raises:
        NotFound: There is none.
    """
    for workflow_id in (generate_workflow_id(name), analyze_workflow_id(name), name):
        with unless_unknown():
            run = await describe(client, workflow_id)
            account_id, video_id, song_id = (
                _keyword_of(run, one) for one in (SearchAttribute.ACCOUNT, SearchAttribute.VIDEO, SearchAttribute.SONG)
            )
            return Named(run.id, account_id=account_id, video_id=video_id, song_id=song_id)
    raise NotFound(f"There is no run of {name}, or it has ended.")


@dataclass(frozen=True)
class Named:
    """An execution, and what it is about; empty: nothing of that kind."""

    workflow_id: str
    account_id: str
    video_id: str
    song_id: str


async def unpause_all_of(client: Client, what: Named, operations: Sequence[str], reason: str, actor: str) -> list[str]:
    """Let an execution go on, with all that it is about: a video's other executions, its song's analysis, their steps.

    Args:
        client: The client.
        what: The execution.
        operations: The video's open Studio operations: the list of executions lags behind a moment.
        reason: Why; kept by the server.
        actor: Who does it; kept by the server.

    Returns:
        What was paused.

    Raises:
        StartRefused: Nothing of it is paused.
    """
    names = [what.workflow_id]
    if what.video_id:
        asked = f"{SearchAttribute.VIDEO} = '{_quoted(what.video_id)}' AND {IS_OPEN}"
        names += [regenerate_workflow_id(what.video_id, one) for one in operations]
        names += [run.id async for run in listed(client, asked)]
    if what.song_id:
        names.append(analyze_workflow_id(what.song_id))
    unpaused: list[str] = []
    for workflow_id in dict.fromkeys(names):
        with unless_unknown():
            unpaused += await _unpause(client, await describe(client, workflow_id), reason, actor)
    if not unpaused:
        raise StartRefused(f"Nothing of {what.video_id or what.workflow_id} is paused.")
    return unpaused


async def _unpause(client: Client, run: WorkflowExecutionDescription, reason: str, actor: str) -> list[str]:
    if run.status is not WorkflowExecutionStatus.RUNNING:
        return []
    service, raw, unpaused = client.workflow_service, run.raw_description, []
    name = ExecutionName(workflow_id=run.id, run_id=run.run_id)
    if raw.workflow_extended_info.HasField("pause_info"):
        request = UnpauseWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_id=run.id,
            run_id=run.run_id,
            identity=actor,
            reason=reason,
            request_id=uuid4().hex,
        )
        await service.unpause_workflow_execution(request)
        unpaused.append(run.id)
    for step in raw.pending_activities:
        if step.paused:
            step_request = UnpauseActivityRequest(
                namespace=client.namespace, execution=name, id=step.activity_id, identity=actor
            )
            with unless_unknown():  # ended meanwhile
                await service.unpause_activity(step_request)
            unpaused.append(f"{run.id}: {step.activity_type.name}")
    return unpaused


async def _parked_operations(client: Client, video_id: str) -> list[str]:
    state = RunStatus.NEEDS_ATTENTION.value
    query = (
        f"WorkflowType = 'RegenerateScene' AND {IS_OPEN} AND {SearchAttribute.STATE} = '{state}' "
        f"AND {SearchAttribute.VIDEO} = '{_quoted(video_id)}'"
    )
    return [run.id async for run in listed(client, query)]


def _quoted(video_id: str) -> str:
    return video_id.replace("'", "")


async def account_of(client: Client, video_id: str) -> str:
    """The account of a run. Raises `NotFound`: there is no such run, or it has ended."""
    description = await known_run(describe(client, generate_workflow_id(video_id)), video_id)
    return _keyword_of(description, SearchAttribute.ACCOUNT)


async def known_run(work: Awaitable[T], video_id: str) -> T:
    """The answer of a run.

    Raises:
        NotFound: There is no such run, or it has ended.
        RunPaused: It is paused, and answers nothing.
    """
    paused = f'The run is paused: `starter.py support unpause {video_id} --reason "…"` lets it go on, then try again.'
    with unless_paused(paused), unless_unknown(NotFound(f"There is no run of {video_id}, or it has ended.")):
        return await work


def _keyword_of(run: WorkflowExecution, name: str) -> str:
    return next((str(pair.value) for pair in run.typed_search_attributes if pair.key.name == name), "")


async def _update(handle: WorkflowHandle[Any, Any], video_id: str, update: Any, reason: str) -> Progress:
    # Temporal's pages name an update by its id.
    update_id = f"{update.__name__}-{uuid4().hex[:8]}"
    work = handle.execute_update(update, Reason(reason=reason), id=update_id, rpc_timeout=PATIENCE)
    try:
        answer: Progress = await known_run(work, video_id)
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    return answer


async def _line(
    client: Client, run: WorkflowExecution, at_once: asyncio.Semaphore, silence: asyncio.Event
) -> RunLine | None:
    """A run's line; None where it was removed since it was listed."""
    # A list has no summaries: each run is asked for its own.
    handle = client.get_workflow_handle(run.id, run_id=run.run_id)
    described: WorkflowExecutionDescription | None = None
    async with at_once:
        with unless_unknown():
            described = await describe(client, run.id, run_id=run.run_id)
        if described is None:
            return None
        pause = pause_of(described)
        reason = pause.sentence if pause is not None else ""
        if pause is None and not silence.is_set():
            reason = await _reason(handle, silence)
    return RunLine(
        video_id=subject_of(run),
        workflow_id=run.id,
        account=_keyword_of(run, SearchAttribute.ACCOUNT),
        style=_keyword_of(run, SearchAttribute.STYLE),
        stage=_keyword_of(run, SearchAttribute.STAGE),
        state=_keyword_of(run, SearchAttribute.STATE),
        started_at=run.start_time,
        summary=await described.static_summary() or "",
        reason=reason,
        paused=pause is not None,
    )


async def _reason(handle: WorkflowHandle[Any, Any], silence: asyncio.Event) -> str:
    """Why a run waits or failed, in its own words; `silence` is set once no worker answers, to stop asking."""
    try:
        query = handle.query("progress", result_type=Progress, rpc_timeout=REASON_PATIENCE)
        progress: Progress = await answered(query)
    except (WorkflowQueryFailedError, RunPaused):
        return ""
    except RPCError:
        silence.set()
        return ""
    if progress.failure is not None:
        return progress.failure.sentence
    waiting = (stage.sentence for stage in progress.stages if stage.status is StageStatus.WAITING)
    return " ".join(dict.fromkeys(sentence for sentence in waiting if sentence))
