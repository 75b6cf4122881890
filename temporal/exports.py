"""Start exports, list running ones, and explain failed ones."""

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowFailureError, WorkflowHandle

from models.exports import EXPORT_METHOD, ExportRequest, ExportStarted
from models.failures import NotStored
from models.ids import export_id_for, export_workflow_id
from models.progress import FailureNote
from models.search_attributes import SEARCH_ATTRIBUTES, SearchAttribute
from models.vault import ExportRef
from temporal.calls import joining, unless_unknown
from temporal.reading import IS_OPEN, describe, listed
from workflows.export_video import ExportVideo
from workflows.failure_policy import note_on

_PIECE = "piece"
"""The memo from which a list of runs shows the export being made."""


async def start_export(client: Client, request: ExportRequest) -> WorkflowHandle[ExportVideo, ExportRef]:
    """Start an export, or join the running one; a finished export is returned at once."""
    asset_id = export_id_for(request, EXPORT_METHOD)
    attributes = {SearchAttribute.ACCOUNT: request.account_id, SearchAttribute.VIDEO: request.video_id}
    return await client.start_workflow(
        ExportVideo.run,
        request,
        **joining(export_workflow_id(asset_id), f"{request.title} · {request.kind}", attributes),
        memo={_PIECE: ExportStarted(export_id=asset_id, kind=request.kind, version=request.version)},
    )


async def made_export(client: Client, asset_id: str) -> ExportRef:
    """Wait for an export that was started."""
    handle: WorkflowHandle[ExportVideo, ExportRef] = client.get_workflow_handle_for(
        ExportVideo.run, export_workflow_id(asset_id)
    )
    return await handle.result()


async def exports_under_way(client: Client, account_id: str, video_id: str) -> list[ExportStarted]:
    """The exports of a stored video that are being made now."""
    running = (
        f"WorkflowType = '{ExportVideo.__name__}' AND {IS_OPEN} "
        f"AND {SearchAttribute.ACCOUNT} = '{account_id}' AND {SearchAttribute.VIDEO} = '{video_id}'"
    )
    noted = [await run.memo_value(_PIECE, None, type_hint=ExportStarted) async for run in listed(client, running)]
    return [export for export in noted if export is not None]  # runs started by an older process have no memo


async def look_at_export(client: Client, account_id: str, video_id: str, asset_id: str) -> FailureNote | None:
    """Why an export was not made; None while it is being made, or once it is made.

    Raises:
        NotStored: No such export of this video was ever started.
    """
    handle: WorkflowHandle[ExportVideo, ExportRef] = client.get_workflow_handle_for(
        ExportVideo.run, export_workflow_id(asset_id)
    )
    with unless_unknown(NotStored(asset_id)):
        description = await describe(client, handle.id)
    known = description.typed_search_attributes
    wanted = {SearchAttribute.ACCOUNT: account_id, SearchAttribute.VIDEO: video_id}
    if any(known.get(SEARCH_ATTRIBUTES[name]) != value for name, value in wanted.items()):
        raise NotStored(asset_id)
    if description.status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED):
        return None
    try:
        await handle.result(follow_runs=False)
    except WorkflowFailureError as error:
        return note_on(error.cause)
    return None
