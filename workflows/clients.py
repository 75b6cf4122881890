"""How callers talk to the workflows: the one place that knows ids, queues and search attributes of a start.

The command line and the web backend use it; nothing here runs inside a workflow.
"""

import asyncio
from contextlib import suppress
from datetime import timedelta
from typing import Any
from urllib.parse import quote

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowExecutionDescription,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import SearchAttributeKey, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from models.brief import Brief, EnhanceRequest
from models.exports import EXPORT_METHOD, ExportRequest, ExportStarted
from models.failures import EchonosError, InsufficientCredits, InvalidInput, NotStored, ProviderUnavailable
from models.generation import (
    Admission,
    AdmitRequest,
    AnalyzeRequest,
    CloseRequest,
    GenerateRequest,
    GenerateResult,
    SongReady,
)
from models.progress import FailureNote, RunStatus
from models.routing import (
    LOCAL_PROVIDER,
    PAINT_STYLES_ID,
    QUEUE,
    SearchAttribute,
    analyze_workflow_id,
    asset_id_for,
    export_workflow_id,
    generate_workflow_id,
    keywords,
    preview_id,
    remove_workflow_id,
)
from models.style_pictures import StylePictures, StylePicturesStep
from models.vault import AssetRef, ConfirmRequest, Removal, RemovalRequest, Shelf
from workflows.analyze_song import AnalyzeSong
from workflows.enhance_brief import EnhanceBrief
from workflows.export_video import ExportVideo
from workflows.generate_video import GenerateVideo
from workflows.paint_styles import PaintStyles
from workflows.removal import RemoveFromVault
from workflows.verdicts import note_on

ADMIT_PATIENCE = timedelta(seconds=60)
ENHANCE_PATIENCE_S = 35.0
CLOSE_PATIENCE_S = 10
_PIECE = "piece"
"""The memo by which a list of runs tells what is made."""

GenerateHandle = WorkflowHandle[GenerateVideo, GenerateResult]


class StartRefused(EchonosError):
    """The run could not start; nothing is held and nothing is open."""


async def start_analysis(client: Client, request: AnalyzeRequest) -> WorkflowHandle[AnalyzeSong, SongReady]:
    """Start the analysis of a song, or join the one that runs."""
    return await client.start_workflow(
        AnalyzeSong.run,
        request,
        id=analyze_workflow_id(request.song_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Analysis of a song",
        search_attributes=keywords(
            {SearchAttribute.ACCOUNT: request.account_id, SearchAttribute.SONG: request.song_id}
        ),
    )


async def start_generation(
    client: Client, request: GenerateRequest, operation_id: str, patience: timedelta = ADMIT_PATIENCE
) -> Admission:
    """Start a run and wait, for at most `patience`, until its credits are held. The same video joins the first start.

    Raises:
        InsufficientCredits: The balance is below the price; no run stays open.
        InvalidInput: Something about the request is unusable.
        StartRefused: Any other reason.
        WorkflowUpdateRPCTimeoutOrCancelledError: The run waits for a worker, and admits itself once there is one.
    """
    start = WithStartWorkflowOperation(
        GenerateVideo.run,
        request,
        id=generate_workflow_id(request.video_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        static_summary=f"{request.song_title} · {request.brief.style}",
        static_details=_details(client.namespace, request),
        search_attributes=keywords(
            {
                SearchAttribute.ACCOUNT: request.account_id,
                SearchAttribute.SONG: request.song_id,
                SearchAttribute.VIDEO: request.video_id,
                SearchAttribute.STYLE: request.brief.style,
                SearchAttribute.STATE: RunStatus.RUNNING.value,
                SearchAttribute.PROVIDER: LOCAL_PROVIDER,
            }
        ),
    )
    try:
        return await client.execute_update_with_start_workflow(
            GenerateVideo.admit,
            AdmitRequest(operation_id=operation_id),
            start_workflow_operation=start,
            id=operation_id,
            rpc_timeout=patience,
        )
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    except RPCError:
        await hear_out(start)
        raise
    except WorkflowAlreadyStartedError as error:
        raise StartRefused("This operation has been run before; start a new one.") from error


async def hear_out(start: WithStartWorkflowOperation[Any, Any]) -> None:
    """Take note of a failure that the SDK also leaves in the start's future: unheard, it ends as a trace on stderr."""
    with suppress(Exception):
        await start.workflow_handle()


async def start_style_pictures(client: Client) -> WorkflowHandle[PaintStyles, StylePictures]:
    """See to it that every style has its picture; joins the run that paints them already."""
    return await client.start_workflow(
        PaintStyles.run,
        StylePicturesStep(),
        id=PAINT_STYLES_ID,
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary="Pictures of the styles",
    )


async def enhance_brief(client: Client, request: EnhanceRequest) -> Brief:
    """What a short brief would become. The same brief, asked for twice at once, is one piece of work.

    Raises:
        ProviderUnavailable: Nobody answers in time.
    """
    try:
        async with asyncio.timeout(ENHANCE_PATIENCE_S):
            return await client.execute_workflow(
                EnhanceBrief.run,
                request,
                id=preview_id(request),
                task_queue=QUEUE,
                id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
                # Without a worker nobody waits for the answer any more when one comes.
                execution_timeout=timedelta(seconds=2 * ENHANCE_PATIENCE_S),
                static_summary="Preview of an enhanced prompt",
                search_attributes=keywords({SearchAttribute.ACCOUNT: request.account_id}),
            )
    except (TimeoutError, WorkflowFailureError) as error:
        raise ProviderUnavailable("The director does not answer now.") from error


def generation(client: Client, video_id: str) -> GenerateHandle:
    """The run behind a video, whatever state it is in."""
    return client.get_workflow_handle_for(GenerateVideo.run, generate_workflow_id(video_id))


async def start_export(client: Client, request: ExportRequest) -> WorkflowHandle[ExportVideo, AssetRef]:
    """Start the making of a piece, or join the one that runs; one that is there already is found at once."""
    asset_id = asset_id_for(request, EXPORT_METHOD)
    return await client.start_workflow(
        ExportVideo.run,
        request,
        id=export_workflow_id(asset_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"{request.title} · {request.kind}",
        search_attributes=keywords(
            {SearchAttribute.ACCOUNT: request.account_id, SearchAttribute.VIDEO: request.video_id}
        ),
        memo={_PIECE: ExportStarted(export_id=asset_id, kind=request.kind, version=request.version)},
    )


async def exports_under_way(client: Client, account_id: str, video_id: str) -> list[ExportStarted]:
    """The pieces of a stored video that are in the making now."""
    running = (
        f"WorkflowType = '{ExportVideo.__name__}' AND ExecutionStatus = 'Running' "
        f"AND {SearchAttribute.ACCOUNT} = '{account_id}' AND {SearchAttribute.VIDEO} = '{video_id}'"
    )
    noted = [
        await run.memo_value(_PIECE, None, type_hint=ExportStarted) async for run in client.list_workflows(running)
    ]
    return [piece for piece in noted if piece is not None]  # those that an older process started have none


async def look_at_export(client: Client, account_id: str, video_id: str, asset_id: str) -> FailureNote | None:
    """Why a piece was not made; None while it is in the making, or when it has just been made.

    Raises:
        NotStored: Nobody asked for this piece of this account's video.
    """
    handle: WorkflowHandle[ExportVideo, AssetRef] = client.get_workflow_handle_for(
        ExportVideo.run, export_workflow_id(asset_id)
    )
    try:
        description = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise NotStored(asset_id) from None
        raise
    known = description.typed_search_attributes
    wanted = {SearchAttribute.ACCOUNT: account_id, SearchAttribute.VIDEO: video_id}
    if any(known.get(SearchAttributeKey.for_keyword(name)) != value for name, value in wanted.items()):
        raise NotStored(asset_id)
    if description.status in (WorkflowExecutionStatus.RUNNING, WorkflowExecutionStatus.COMPLETED):
        return None
    try:
        await handle.result(follow_runs=False)
    except WorkflowFailureError as error:
        return note_on(error.cause)
    return None


async def delete_from_vault(client: Client, request: RemovalRequest) -> Removal:
    """Delete a song, a video or a character; its objects go afterwards. What is being deleted already is joined.

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
        id=remove_workflow_id(request.subject_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        static_summary=f"Deletion of a {request.shelf}",
        search_attributes=keywords({SearchAttribute.ACCOUNT: request.account_id}),
    )
    try:
        return await client.execute_update_with_start_workflow(
            RemoveFromVault.confirm,
            ConfirmRequest(),
            start_workflow_operation=start,
            rpc_timeout=ADMIT_PATIENCE,
        )
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error


async def _close_idle_run(client: Client, video_id: str) -> None:
    """Close a run that has delivered and waits for Studio. One that still makes its draft stays open."""
    handle = generation(client, video_id)
    try:
        await handle.execute_update(GenerateVideo.close, CloseRequest(reason="the video is deleted"))
        async with asyncio.timeout(CLOSE_PATIENCE_S):
            await handle.result()
    except (WorkflowUpdateFailedError, TimeoutError, WorkflowFailureError):
        return  # no draft yet, or a piece of work goes on: whoever deletes finds the run open, and says so
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise


class OpenRuns:
    """Which runs are open, asked of the server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def is_open(self, workflow_id: str) -> bool:
        """Whether a run with this id is open now; False also where there never was one."""
        return await self._open(workflow_id) is not None

    async def cancel(self, workflow_id: str) -> None:
        """Ask an open run to end; one that is closed or was never there stays as it is."""
        try:
            await self._client.get_workflow_handle(workflow_id).cancel()
        except RPCError as error:
            if error.status is not RPCStatusCode.NOT_FOUND:
                raise ProviderUnavailable("The Temporal server does not answer.") from error

    async def song_of(self, workflow_id: str) -> str | None:
        """The song that an open run works with; None where there is no such run or it is closed."""
        description = await self._open(workflow_id)
        key = SearchAttributeKey.for_keyword(SearchAttribute.SONG)
        return None if description is None else description.typed_search_attributes.get(key)

    async def _open(self, workflow_id: str) -> WorkflowExecutionDescription | None:
        try:
            description = await self._client.get_workflow_handle(workflow_id).describe()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                return None
            raise ProviderUnavailable("The Temporal server does not answer.") from error
        return description if description.status is WorkflowExecutionStatus.RUNNING else None


def refusal(cause: BaseException | None) -> EchonosError:
    """What an update was refused with, as a failure of the house."""
    if isinstance(cause, ApplicationError):
        if cause.type == InsufficientCredits.__name__:
            return InsufficientCredits(cause.message)
        if cause.type == InvalidInput.__name__:
            return InvalidInput(cause.message, *cause.details)
        return StartRefused(cause.message)
    return StartRefused(str(cause))


def _details(namespace: str, request: GenerateRequest) -> str:
    """What a run is about, with links that hold in the Temporal UI wherever it is served."""
    runs = f"/namespaces/{namespace}/workflows"
    others = quote(f"{SearchAttribute.ACCOUNT} = '{request.account_id}'")
    return "\n".join(
        (
            f"**{request.song_title or request.song_id}** in the style {request.brief.style} ({request.profile}).",
            "",
            f"- Video `{request.video_id}` of song `{request.song_id}`",
            f"- [The song's analysis]({runs}/{analyze_workflow_id(request.song_id)})",
            f"- [All runs of the account]({runs}?query={others})",
        )
    )
