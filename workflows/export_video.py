"""`ExportVideo`: one piece of a finished video: a loop, a teaser, a reframe, a lyric video or a poster.

Promise: the piece is in the Vault, or nothing of it is anywhere. It is free. Asking again for the same piece joins the
running export or finds the finished one. On failure or cancellation whatever an attempt had stored is removed.
"""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.exports import ExportActivities
    from models.exports import ExportRequest
    from models.vault import AssetRef
    from workflows.policies import Policies
    from workflows.saga import Saga
    from workflows.verdicts import note_on


@workflow.defn(name="ExportVideo")
class ExportVideo:
    """The making of one piece."""

    @workflow.run
    async def run(self, request: ExportRequest) -> AssetRef:
        """Make it, or leave nothing behind."""
        policies, saga = Policies(request.limits), Saga()

        async def discard() -> None:
            await workflow.execute_activity_method(
                ExportActivities.discard_piece, request, summary="remove what is left", **policies.settle.options()
            )

        saga.undo_with(discard)
        try:
            return await workflow.execute_activity_method(
                ExportActivities.export_piece, request, summary=f"make the {request.kind}", **policies.export.options()
            )
        except (ActivityError, asyncio.CancelledError) as error:
            await saga.undo()
            if is_cancelled_exception(error):
                raise
            note = note_on(error)
            raise ApplicationError(note.sentence, type=note.type, non_retryable=True) from error
