"""Resets: finding the event from which a run is repeated.

A reset to the last workflow task would only repeat the decision that followed a failed step. The right event is the
workflow task that scheduled the stage's first step: from there the stage runs again, and everything before it is kept.
"""

from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.enums.v1 import ResetReapplyExcludeType
from temporalio.api.history.v1 import ActivityTaskScheduledEventAttributes
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHistory
from temporalio.converter import DataConverter

from models.failures import InvalidInput
from models.ids import generate_workflow_id
from models.paid_media import PieceKind, PieceOrder
from models.stages import STAGES
from temporal.converting import opened_payload
from temporal.reading import describe


def task_before(history: WorkflowHistory, step: str, converter: DataConverter) -> int:
    """The workflow task that scheduled the first activity of a type, or the first purchase in its place.

    Raises:
        InvalidInput: The run never reached that step.
    """
    scheduled = [event.activity_task_scheduled_event_attributes for event in history.events]
    buys = next((row.buys for row in STAGES.values() if row.first_step == step), ())
    for kind in (None, *buys):
        for one in scheduled:
            if one.activity_type.name == step if kind is None else _ordered(one, converter) is kind:
                return one.workflow_task_completed_event_id
    raise InvalidInput("The run never reached this stage, so it cannot be repeated from there.", code="not_reached")


def _ordered(scheduled: ActivityTaskScheduledEventAttributes, converter: DataConverter) -> PieceKind | None:
    if scheduled.activity_type.name != "order_piece":
        return None
    return PieceOrder.from_bytes(opened_payload(scheduled.input.payloads[0], converter).data).kind


async def reset_generation(client: Client, video_id: str, step: str, reason: str) -> str:
    """Repeat a run from the first activity of a type; returns the new run's id.

    Updates are not reapplied: an earlier retry or abandonment must not affect the new run.

    Raises:
        InvalidInput: The run never reached that step, or was cancelled.
    """
    workflow_id = generate_workflow_id(video_id)
    description = await describe(client, workflow_id)
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
            workflow_task_finish_event_id=task_before(history, step, client.data_converter),
            reset_reapply_exclude_types=[ResetReapplyExcludeType.RESET_REAPPLY_EXCLUDE_TYPE_UPDATE],
        )
    )
    return answer.run_id
