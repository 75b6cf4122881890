"""Resets: finding the event from which a run is to be done again.

Resetting to the last workflow task would only repeat the decision that followed a failed step. What helps is the
workflow task that scheduled the stage's first step: from there the stage runs again, and everything before it is kept.
"""

from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory

from models.failures import InvalidInput
from models.paid_media import PieceKind, PieceOrder
from models.progress import StageName
from models.routing import generate_workflow_id

FIRST_STEPS: dict[StageName, str] = {
    StageName.ANALYSIS: "look_up_song",
    StageName.VISION: "envision_video",
    StageName.CASTING: "cast_video",
    StageName.PLANNING: "plan_sequence",
    StageName.SHOTS: "specify_shots",
    StageName.PROMPTS: "write_prompts",
    StageName.STILLS: "paint_still",
    StageName.CLIPS: "animate_still",
    StageName.ASSEMBLY: "assemble_video",
}
"""The activity that a stage begins with."""

_BOUGHT = {"paint_still": PieceKind.STILL, "animate_still": PieceKind.CLIP}
"""What is ordered instead where pictures are bought."""


def task_before(history: WorkflowHistory, step: str) -> int:
    """The workflow task that scheduled the first activity of a type.

    Raises:
        InvalidInput: The run never came that far.
    """
    for event in history.events:
        scheduled = event.activity_task_scheduled_event_attributes
        if scheduled.activity_type.name == step or (step in _BOUGHT and _ordered(scheduled) is _BOUGHT[step]):
            return scheduled.workflow_task_completed_event_id
    raise InvalidInput("The run never came to this stage, so it cannot be done again from there.", code="not_reached")


def _ordered(scheduled: ActivityTaskScheduledEventAttributes) -> PieceKind | None:
    if scheduled.activity_type.name != "order_piece":
        return None
    return PieceOrder.from_bytes(scheduled.input.payloads[0].data).kind


async def reset_generation(client: Client, video_id: str, step: str, reason: str) -> str:
    """Do a run again from the first activity of a type on; returns the new run's id.

    Updates are not applied again: a retry or an abandonment of the past must not hit the new run.

    Raises:
        InvalidInput: The run never came to that step, or was cancelled.
    """
    workflow_id = generate_workflow_id(video_id)
    handle = client.get_workflow_handle(workflow_id)
    description = await handle.describe()
    if description.status is WorkflowExecutionStatus.CANCELED:
        raise InvalidInput("A cancelled run's pieces are removed: generate the video again instead.", code="cancelled")
    run_id = description.run_id
    history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    answer = await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=workflow_id, run_id=run_id),
            reason=reason,
            request_id=uuid4().hex,
            workflow_task_finish_event_id=task_before(history, step),
            reset_reapply_exclude_types=[ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE],
        )
    )
    return answer.run_id
