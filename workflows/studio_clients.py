"""How callers use Studio: one function per operation, for the command line and the web backend alike.

Whether a video's run is open, closed or long gone makes no difference to a caller: an operation reopens it. What became
of an operation stands in the Vault (`Operations.operation`), never only in a run.
"""

import asyncio
from datetime import timedelta

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from models.brief import Brief
from models.failures import InvalidInput, ProviderUnavailable
from models.generation import CloseRequest, DocumentRef, GenerateRequest, GenerateResult, Limits, RunMode
from models.progress import Progress, RunStatus
from models.routing import (
    QUEUE,
    SearchAttribute,
    generate_workflow_id,
    keywords,
    rebuild_workflow_id,
    regenerate_workflow_id,
)
from models.studio import Outcome, StudioOrder, Ticket, VersionStep
from models.timeline import Timeline
from models.vault import VideoRef
from workflows.clients import generation, hear_out, refusal
from workflows.generate_video import GenerateVideo
from workflows.rebuild_version import RebuildVersion
from workflows.regenerate_scene import RegenerateScene

PATIENCE = timedelta(seconds=60)
HANDOVER_TRIES, HANDOVER_PAUSE_S = 10, 0.2
"""A run that ends or continues as new at this very moment answers with an error; its successor answers."""

BUSY_TRIES = 3
"""A scene is looked at again so often before it is called busy."""

_HANDOVER = (RPCStatusCode.NOT_FOUND, RPCStatusCode.ABORTED, RPCStatusCode.FAILED_PRECONDITION)

RegenerateHandle = WorkflowHandle[RegenerateScene, Outcome]


async def operate(client: Client, video: VideoRef, order: StudioOrder, limits: Limits | None = None) -> Ticket:
    """Do something in Studio: regenerate a scene's image or video, choose a take, restore a version.

    Answers once the credits are held. The same operation id gives the first answer again.

    Args:
        client: Connected.
        video: From the Vault, so that it is known to have a version 1.
        order: What to do.
        limits: Of the run, should it have to be reopened.

    Raises:
        InsufficientCredits: The balance is below the price.
        InvalidInput: It cannot be done; `code` says why (`scene_busy`, `no_scene`, `price_changed`, …).
        StartRefused: Too many operations are under way.
        ProviderUnavailable: No worker or server answers.
    """
    update = GenerateVideo.choose_version if order.kind.charged_as is None else GenerateVideo.regenerate_scene
    for attempt in range(HANDOVER_TRIES):
        start = _reopening(video, limits or Limits())
        try:
            return await client.execute_update_with_start_workflow(
                update,
                order,
                start_workflow_operation=start,
                id=order.operation_id,
                rpc_timeout=PATIENCE,
            )
        except WorkflowUpdateFailedError as error:
            refused = refusal(error.cause)
            # What has just failed may be known in the Vault, and seen by the caller, before its run hears of it.
            busy = isinstance(refused, InvalidInput) and refused.code == "scene_busy"
            if not busy or attempt >= BUSY_TRIES:
                raise refused from error
        except RPCError as error:
            await hear_out(start)
            if error.status not in _HANDOVER or attempt == HANDOVER_TRIES - 1:
                raise ProviderUnavailable(
                    "The video's run does not go on; nothing was charged. Support can see why: "
                    f"`starter.py support show {video.video_id}`, `starter.py replay {video.video_id}`."
                ) from error
        await asyncio.sleep(HANDOVER_PAUSE_S)
    raise AssertionError("the last attempt returns or raises")


def _reopening(video: VideoRef, limits: Limits) -> WithStartWorkflowOperation[GenerateVideo, GenerateResult]:
    request = GenerateRequest(
        account_id=video.account_id,
        video_id=video.video_id,
        song_id=video.song_id,
        song_title=video.title,
        brief=Brief(style=video.style),
        limits=limits,
        mode=RunMode.STUDIO,
    )
    return WithStartWorkflowOperation(
        GenerateVideo.run,
        request,
        id=generate_workflow_id(video.video_id),
        task_queue=QUEUE,
        id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_summary=f"{video.title} · {video.style} · Studio",
        static_details=f"Studio of video `{video.video_id}` of song `{video.song_id}`.",
        search_attributes=keywords(
            {
                SearchAttribute.ACCOUNT: video.account_id,
                SearchAttribute.SONG: video.song_id,
                SearchAttribute.VIDEO: video.video_id,
                SearchAttribute.STYLE: video.style,
                SearchAttribute.STATE: RunStatus.DRAFT_READY.value,
            }
        ),
    )


def regeneration(client: Client, video_id: str, operation_id: str) -> RegenerateHandle:
    """The run that makes an operation's take: its `progress`, its cancellation."""
    return client.get_workflow_handle_for(RegenerateScene.run, regenerate_workflow_id(video_id, operation_id))


async def cancel_operation(client: Client, video_id: str, operation_id: str) -> None:
    """Withdraw an operation that is being made; its credits go back. One that has its take already goes on."""
    try:
        await regeneration(client, video_id, operation_id).cancel()
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise ProviderUnavailable("The Temporal server does not answer.") from error
        raise InvalidInput("Nothing is being made under this operation.", code="no_operation") from error


async def close_video(client: Client, video_id: str) -> None:
    """Close a video's run once its operations are done; the video stays. Closing a closed one changes nothing.

    Raises:
        InvalidInput: There is no draft yet.
        ProviderUnavailable: No worker or server answers.
    """
    try:
        await generation(client, video_id).execute_update(GenerateVideo.close, CloseRequest(), rpc_timeout=PATIENCE)
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise ProviderUnavailable(f"The run does not answer: {error.message}") from error


async def rebuild(client: Client, account_id: str, timeline: Timeline, limits: Limits | None = None) -> str:
    """Make sure that a version's MP4 is there; returns its key.

    Raises:
        ProviderUnavailable: It cannot be joined now.
    """
    version = VersionStep(
        account_id=account_id, video_id=timeline.video_id, version=timeline.version, limits=limits or Limits()
    )
    try:
        done: DocumentRef = await client.execute_workflow(
            RebuildVersion.run,
            version,
            id=rebuild_workflow_id(timeline.video_id, timeline.version),
            task_queue=QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
            static_summary=f"version {timeline.version} of {timeline.video_id}",
            search_attributes=keywords({SearchAttribute.ACCOUNT: account_id, SearchAttribute.VIDEO: timeline.video_id}),
        )
    except WorkflowFailureError as error:
        raise ProviderUnavailable(f"Version {timeline.version} cannot be joined now.") from error
    return done.key


def progress_from_vault(timeline: Timeline) -> Progress:
    """What to show of a video whose run has expired: the newest version, closed."""
    return Progress(
        video_id=timeline.video_id,
        status=RunStatus.CLOSED,
        sentence=f"Version {timeline.version} is in the Vault.",
        fraction_done=1.0,
        version=timeline.version,
    )
