"""Resets of any run, as support would do them in the Temporal UI."""

from typing import Any
from uuid import uuid4

from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import ResetWorkflowExecutionRequest
from temporalio.client import Client, WorkflowHandle


async def reset_to_start(client: Client, handle: WorkflowHandle[Any, Any]) -> WorkflowHandle[Any, Any]:
    """Repeat a run from its first decision; returns the new run."""
    run_id = (await handle.describe()).run_id
    answer = await client.workflow_service.reset_workflow_execution(
        ResetWorkflowExecutionRequest(
            namespace=client.namespace,
            workflow_execution=WorkflowExecution(workflow_id=handle.id, run_id=run_id),
            reason="test",
            request_id=uuid4().hex,
            workflow_task_finish_event_id=await _first_decision(client, handle.id, run_id),
        )
    )
    return client.get_workflow_handle(handle.id, run_id=answer.run_id)


async def _first_decision(client: Client, workflow_id: str, run_id: str) -> int:
    history = await client.get_workflow_handle(workflow_id, run_id=run_id).fetch_history()
    return next(
        event.event_id for event in history.events if event.workflow_task_completed_event_attributes.scheduled_event_id
    )
