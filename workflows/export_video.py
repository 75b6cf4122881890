"""`ExportVideo`: one export of a finished video: a loop, a teaser, a reframe, a lyric video or a poster.

Promise: the export is in the Vault, or no part of it is stored. It is free. A second request for the same export joins
the running export or finds the finished one. On failure or cancellation everything that an attempt stored is removed.
"""

import asyncio

from temporalio import workflow
from temporalio.exceptions import ActivityError, ApplicationError, is_cancelled_exception

with workflow.unsafe.imports_passed_through():
    from activities.exports import ExportActivities
    from models.exports import ExportRequest
    from models.vault import ExportRef
    from workflows.failure_policy import note_on
    from workflows.policies import Policies
    from workflows.saga import Saga


@workflow.defn(name="ExportVideo")
class ExportVideo:
    """One export in the making."""

    @workflow.run
    async def run(self, request: ExportRequest) -> ExportRef:
        """Make the export, or leave nothing behind."""
        policies, saga = Policies(request.limits, request.account_id), Saga()

        async def discard() -> None:
            await policies.settle.run(ExportActivities.discard_piece, request, "remove what is left")

        saga.undo_with(discard)
        try:
            return await policies.export.run(ExportActivities.export_piece, request, f"make the {request.kind}")
        except (ActivityError, asyncio.CancelledError) as error:
            await saga.undo()
            if is_cancelled_exception(error):
                raise
            note = note_on(error)
            raise ApplicationError(note.sentence, type=note.type, non_retryable=True) from error
