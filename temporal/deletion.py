"""Delete a song, a video or a character: request it and wait until it is confirmed."""

import asyncio

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowFailureError, WorkflowUpdateFailedError

from models.failures import RunPaused
from models.generation import Reason
from models.ids import remove_workflow_id
from models.search_attributes import SearchAttribute
from models.vault import ConfirmRequest, Removal, RemovalRequest, Shelf
from temporal.calls import answer_with_start, joining, unless_unknown
from temporal.generation import generation
from temporal.reading import answered
from workflows.deletion import RemoveFromVault
from workflows.generate_video import GenerateVideo

CLOSE_PATIENCE_S = 10


async def delete_from_vault(client: Client, request: RemovalRequest) -> Removal:
    """Delete a song, a video or a character; its objects are removed afterwards. A running deletion is joined.

    A video's run that only waits for Studio is closed first.

    Raises:
        InvalidInput: An open run works with it.
        StartRefused: Any other reason.
    """
    if request.shelf is Shelf.VIDEO:
        await _close_idle_run(client, request.subject_id)
    start = WithStartWorkflowOperation(
        RemoveFromVault.run,
        request,
        **joining(
            remove_workflow_id(request.subject_id),
            f"Deletion of a {request.shelf}",
            {SearchAttribute.ACCOUNT: request.account_id},
        ),
    )
    return await answer_with_start(client, start, RemoveFromVault.confirm, ConfirmRequest())


async def _close_idle_run(client: Client, video_id: str) -> None:
    """Close a run that has delivered and waits for Studio. One that still makes its draft stays open."""
    handle = generation(client, video_id)
    try:
        with unless_unknown():
            await answered(handle.execute_update(GenerateVideo.close, Reason(reason="the video is deleted")))
            async with asyncio.timeout(CLOSE_PATIENCE_S):
                await handle.result()
    except (WorkflowUpdateFailedError, TimeoutError, WorkflowFailureError, RunPaused):
        return  # no draft yet, paused, or an operation is under way: the deletion then finds the run open, and says so
