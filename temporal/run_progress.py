"""A run's progress from outside: its `progress` query, and what only the server knows of its pending steps.

If no worker answers, the run's search attributes still show how far it is.
"""

from collections.abc import Sequence
from datetime import timedelta

from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.client import Client, WorkflowExecutionDescription, WorkflowExecutionStatus
from temporalio.service import RPCError

from models.ids import analyze_workflow_id, generate_workflow_id
from models.progress import CLOSED, Progress, RunStatus, StageName, StageProgress, StageStatus
from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from models.stages import STAGES, stages_of
from models.standstill import Standstill
from temporal.calls import unless_unknown
from temporal.generation import GenerateHandle
from temporal.reading import answered, describe, listed, pause_of
from workflows.generate_video import GenerateVideo
from workflows.policies import COLLECTION_PRIORITIES, PIECE_PRIORITIES

NO_WORKER = "The work waits for a free machine; it goes on by itself as soon as one is free."

READY = "The draft is ready."
"""The sentence of a run that needs no worker until its artist wants something."""

MOST_CHILDREN = 8
"""Children of a run that are looked at: each costs a request."""

_COLLECTS = "collect_piece"
_WAITS_FOR_ANALYSIS = "await_analysis"
_ENDED: dict[WorkflowExecutionStatus | None, RunStatus] = {
    WorkflowExecutionStatus.CANCELED: RunStatus.CANCELLED,
    WorkflowExecutionStatus.COMPLETED: RunStatus.CLOSED,
}


async def ask(handle: GenerateHandle, patience: timedelta | None = None) -> Progress:
    """The run's own answer. Raises `RunPaused`: it is paused, and answers nothing."""
    return await answered(handle.query(GenerateVideo.progress, rpc_timeout=patience))


def merged(progress: Progress, description: WorkflowExecutionDescription) -> Progress:
    """The run's own answer, completed by the server's facts about it."""
    if description.status is not WorkflowExecutionStatus.RUNNING and progress.status not in CLOSED:
        # Terminated, timed out or reset: the workflow could not record it.
        status = RunStatus.CLOSED if progress.version else RunStatus.FAILED
        sentence = "Ended from outside; the credits are settled by what was delivered."
        return progress.model_copy(update={"status": status, "sentence": sentence})
    stages = _with_attempts(progress.stages, description)
    return progress.model_copy(update={"stages": stages, "standstill": pause_of(description)})


def _with_attempts(
    stages: Sequence[StageProgress], description: WorkflowExecutionDescription
) -> tuple[StageProgress, ...]:
    attempts: dict[StageName, tuple[int, str]] = {}
    for pending in description.raw_description.pending_activities:
        stage = _stage_of(pending)
        if stage is not None and pending.attempt > attempts.get(stage, (1, ""))[0]:
            attempts[stage] = (pending.attempt, pending.last_failure.message)
    return tuple(
        stage.model_copy(update={"attempt": attempts[stage.name][0], "last_failure": attempts[stage.name][1]})
        if stage.name in attempts
        else stage
        for stage in stages
    )


def _stage_of(pending: PendingActivityInfo) -> StageName | None:
    """The stage of a pending step. Bought stages share their steps, and differ in priority."""
    rows = stages_of(pending.activity_type.name)
    collects = pending.activity_type.name == _COLLECTS
    priorities = COLLECTION_PRIORITIES if collects else PIECE_PRIORITIES
    bought = [row for row in rows for kind in row.buys if priorities[kind] == pending.priority.priority_key]
    return next((row.name for row in (*bought, *rows)), None)


def with_facts_of(known: Progress, progress: Progress) -> Progress:
    """Between two descriptions, the last one's facts stay: a paused step, and the attempts of stages that still run."""
    before = {stage.name: stage for stage in known.stages if stage.attempt is not None}
    stages = tuple(
        stage.model_copy(update={"attempt": old.attempt, "last_failure": old.last_failure})
        if (old := before.get(stage.name)) is not None and old.done == stage.done and stage.status == old.status
        else stage
        for stage in progress.stages
    )
    standstill = None if progress.status in CLOSED else known.standstill
    return progress.model_copy(update={"stages": stages, "standstill": standstill})


async def pause_behind(client: Client, description: WorkflowExecutionDescription) -> Standstill | None:
    """The pause of a child, or of the analysis, for which a run waits; None where neither is paused.

    Args:
        client: The client.
        description: The server's facts about the run.

    Raises:
        RPCError: The server does not answer.
    """
    raw = description.raw_description
    waits_for = [child.workflow_id for child in raw.pending_children][:MOST_CHILDREN]
    if any(step.activity_type.name == _WAITS_FOR_ANALYSIS for step in raw.pending_activities):
        song_id = description.typed_search_attributes.get(SEARCH_ATTRIBUTES[SearchAttribute.SONG])
        waits_for += [analyze_workflow_id(song_id)] if song_id else []
    for workflow_id in waits_for:
        with unless_unknown():
            child = await describe(client, workflow_id)
            pause = pause_of(child) if child.status is WorkflowExecutionStatus.RUNNING else None
            if pause is not None:
                return pause
    return None


async def states_of(client: Client, video_ids: Sequence[str]) -> dict[str, RunStatus]:
    """The states of several videos' runs, by one query; empty where the server does not answer."""
    ids = ", ".join(f"'{generate_workflow_id(one)}'" for one in video_ids if one.isascii() and "'" not in one)
    found: dict[str, RunStatus] = {}
    if not ids:
        return found
    try:
        async for run in listed(client, f"WorkflowId IN ({ids})"):
            told = {pair.key.name: str(pair.value) for pair in run.typed_search_attributes}
            state = told.get(SearchAttribute.STATE, "")
            if state in {item.value for item in RunStatus}:
                found.setdefault(run.id.removeprefix("generate-"), RunStatus(state))
    except (RPCError, RuntimeError):
        return {}
    return found


def told_by_server(video_id: str, description: WorkflowExecutionDescription) -> Progress:
    """A run's progress from its search attributes alone, for times without a worker."""
    told = {pair.key.name: str(pair.value) for pair in description.typed_search_attributes}
    state = told.get(SearchAttribute.STATE, "")
    status = RunStatus(state) if state in {item.value for item in RunStatus} else RunStatus.RUNNING
    running = description.status is WorkflowExecutionStatus.RUNNING
    if not running and status not in CLOSED:
        status = _ENDED.get(description.status, RunStatus.FAILED)
    slug = told.get(SearchAttribute.STAGE, "")
    active = next((row.name for row in STAGES.values() if row.slug == slug), None)
    at_work = {_stage_of(pending) for pending in description.raw_description.pending_activities}
    of_stages = {name: _stage_status(name, status, active, name in at_work) for name in STAGES}
    stages = [
        StageProgress(name=name, status=found, done=int(found is StageStatus.DONE), total=1)
        for name, found in of_stages.items()
        if not STAGES[name].optional or active is name or status is RunStatus.WAITING_FOR_ARTIST
    ]
    rests = status is RunStatus.DRAFT_READY and not has_work(description)
    return Progress(
        video_id=video_id,
        status=status,
        sentence="This run has ended." if not running else READY if rests else NO_WORKER,
        stages=_with_attempts(stages, description),
        started_at=description.start_time,
        updated_at=description.close_time or description.start_time,
        standstill=pause_of(description) if running else None,
    )


def has_work(description: WorkflowExecutionDescription) -> bool:
    """Whether a run waits for a worker: for a step, a child, or its own next task."""
    raw = description.raw_description
    return bool(raw.pending_activities or raw.pending_children or raw.HasField("pending_workflow_task"))


def _stage_status(name: StageName, run: RunStatus, active: StageName | None, at_work: bool) -> StageStatus:
    """A stage's status from the server's facts; several stages may be at work, and the attribute names the last one."""
    if run in (RunStatus.DRAFT_READY, RunStatus.CLOSED):
        return StageStatus.DONE
    if name is StageName.STORYBOARD and run is RunStatus.WAITING_FOR_ARTIST:
        return StageStatus.RUNNING  # also while approved scenes are filmed
    if name is active:
        return StageStatus.WAITING if run is RunStatus.NEEDS_ATTENTION else StageStatus.RUNNING
    if at_work:
        return StageStatus.RUNNING
    order = list(STAGES)
    is_before = active is not None and order.index(name) < order.index(active)
    return StageStatus.DONE if is_before else StageStatus.PENDING
