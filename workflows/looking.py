"""Looking at a run from outside: its `progress` query, with what only the server knows of its pending steps.

Where no worker answers, the run's search attributes still tell how far it is.
"""

from datetime import timedelta

from temporalio.client import WorkflowExecutionDescription, WorkflowExecutionStatus

from models.progress import CLOSED, Progress, RunStatus, StageName, StageProgress, StageStatus
from models.routing import SearchAttribute
from workflows.clients import GenerateHandle
from workflows.generate_video import GenerateVideo

NO_WORKER = "The work waits for a free machine; it goes on by itself as soon as one is there."

_STAGES = {
    "hold_credits": StageName.ANALYSIS,
    "look_up_song": StageName.ANALYSIS,
    "await_analysis": StageName.ANALYSIS,
    "envision_video": StageName.VISION,
    "cast_video": StageName.CASTING,
    "plan_sequence": StageName.PLANNING,
    "specify_shots": StageName.SHOTS,
    "write_prompts": StageName.PROMPTS,
    "paint_still": StageName.STILLS,
    "animate_still": StageName.CLIPS,
    "move_over_still": StageName.CLIPS,
    "assemble_video": StageName.ASSEMBLY,
    "deliver_version": StageName.ASSEMBLY,
}
_ENDED: dict[WorkflowExecutionStatus | None, RunStatus] = {
    WorkflowExecutionStatus.CANCELED: RunStatus.CANCELLED,
    WorkflowExecutionStatus.COMPLETED: RunStatus.CLOSED,
}


async def look_at(handle: GenerateHandle) -> Progress:
    """The run's progress, with attempts and failures of its pending steps.

    Raises:
        RPCError, WorkflowQueryFailedError: Server or worker do not answer.
    """
    progress = await ask(handle)
    return progress if progress.status in CLOSED else merged(progress, await handle.describe())


async def ask(handle: GenerateHandle, patience: timedelta | None = None) -> Progress:
    """What the run says of itself."""
    return await handle.query(GenerateVideo.progress, rpc_timeout=patience)


def merged(progress: Progress, description: WorkflowExecutionDescription) -> Progress:
    """What a run says of itself, with what the server knows of it."""
    if description.status is not WorkflowExecutionStatus.RUNNING and progress.status not in CLOSED:
        # Ended from outside: nothing in the workflow could say so.
        status = RunStatus.CLOSED if progress.version else RunStatus.FAILED
        sentence = "Ended from outside; the credits are settled by what was delivered."
        return progress.model_copy(update={"status": status, "sentence": sentence})
    attempts: dict[StageName, tuple[int, str]] = {}
    for pending in description.raw_description.pending_activities:
        stage = _STAGES.get(pending.activity_type.name)
        if stage is not None and pending.attempt > attempts.get(stage, (1, ""))[0]:
            attempts[stage] = (pending.attempt, pending.last_failure.message)
    stages = (
        s.model_copy(update={"attempt": attempts[s.name][0], "last_failure": attempts[s.name][1]})
        if s.name in attempts
        else s
        for s in progress.stages
    )
    return progress.model_copy(update={"stages": tuple(stages)})


def told_by_server(video_id: str, description: WorkflowExecutionDescription) -> Progress:
    """A run's progress as far as its search attributes tell it, for times without a worker."""
    told = {pair.key.name: str(pair.value) for pair in description.typed_search_attributes}
    state = told.get(SearchAttribute.STATE, "")
    status = RunStatus(state) if state in {item.value for item in RunStatus} else RunStatus.RUNNING
    running = description.status is WorkflowExecutionStatus.RUNNING
    if not running and status not in CLOSED:
        status = _ENDED.get(description.status, RunStatus.FAILED)
    names = list(StageName)
    shown = [name.replace(" ", "_") for name in names]
    active = shown.index(told[SearchAttribute.STAGE]) if told.get(SearchAttribute.STAGE) in shown else None
    return Progress(
        video_id=video_id,
        status=status,
        sentence=NO_WORKER if running else "This run has ended.",
        stages=tuple(
            StageProgress(name=name, status=_stage_status(place, active), total=1) for place, name in enumerate(names)
        ),
        started_at=description.start_time,
        updated_at=description.close_time or description.start_time,
    )


def _stage_status(place: int, active: int | None) -> StageStatus:
    if active is None or place > active:
        return StageStatus.PENDING
    return StageStatus.RUNNING if place == active else StageStatus.DONE
