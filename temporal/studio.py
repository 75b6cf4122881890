"""Studio for callers: one function per operation, for the command line and the web backend alike.

A caller need not know whether a video's run is open, closed or long gone: an operation reopens it. The outcome of an
operation is in the Vault (`Operations.operation`), never only in a run.
"""

import asyncio
from datetime import timedelta
from uuid import uuid4

from temporalio.client import (
    Client,
    WithStartWorkflowOperation,
    WorkflowFailureError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.service import RPCError, RPCStatusCode

from models.brief import Brief
from models.failures import InvalidInput, ProviderUnavailable, RunPaused
from models.generation import DocumentRef, GenerateRequest, GenerateResult, Limits, Reason, RunMode
from models.ids import generate_workflow_id, rebuild_workflow_id, regenerate_workflow_id
from models.progress import Progress, RunStatus
from models.search_attributes import SearchAttribute
from models.studio import AcceptedOperation, Outcome, StudioOrder, VersionStep
from models.timeline import Timeline
from models.vault import VideoRef
from temporal.calls import answer_with_start, joining, refusal, server_answers, unless_unknown
from temporal.generation import generation
from temporal.reading import answered
from workflows.generate_video import GenerateVideo
from workflows.rebuild_version import RebuildVersion
from workflows.regenerate_scene import RegenerateScene

PATIENCE = timedelta(seconds=60)
HANDOVER_TRIES, HANDOVER_PAUSE_S = 10, 0.2
"""A run that ends or continues as new at this moment answers with an error; its successor answers."""

BUSY_TRIES = 3
"""How often a scene is checked before it is reported as busy."""

_HANDOVER = (RPCStatusCode.NOT_FOUND, RPCStatusCode.ABORTED, RPCStatusCode.FAILED_PRECONDITION)

RegenerateHandle = WorkflowHandle[RegenerateScene, Outcome]


async def operate(
    client: Client, video: VideoRef, order: StudioOrder, limits: Limits | None = None
) -> AcceptedOperation:
    """Run an operation: regenerate a scene's image or video, choose a take, restore a version.

    Returns once the credits are held. A repeated operation id gets the first answer.

    Args:
        video: From the Vault, so that it certainly has a version 1.
        limits: Limits for the run, if it must be reopened.

    Raises:
        InsufficientCredits: The balance is below the price.
        InvalidInput: The operation is refused; `code` says why (`scene_busy`, `no_scene`, `price_changed`, …).
        StartRefused: Too many operations are under way.
        ProviderUnavailable: No worker or server answers.
    """
    update = GenerateVideo.choose_version if order.kind.charged_as is None else GenerateVideo.regenerate_scene
    for attempt in range(HANDOVER_TRIES):
        start = _reopening(video, limits or Limits())
        try:
            return await answer_with_start(
                client, start, update, order, update_id=order.operation_id, patience=PATIENCE
            )
        except InvalidInput as refused:
            # The Vault, and so the caller, may know of a failure before the run does.
            if refused.code != "scene_busy" or attempt >= BUSY_TRIES:
                raise
        except RPCError as error:
            if error.status not in _HANDOVER or attempt == HANDOVER_TRIES - 1:
                raise ProviderUnavailable(
                    "The video's run does not continue; nothing was charged. Support can see why: "
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
    attributes = {
        SearchAttribute.ACCOUNT: video.account_id,
        SearchAttribute.SONG: video.song_id,
        SearchAttribute.VIDEO: video.video_id,
        SearchAttribute.STYLE: video.style,
        SearchAttribute.STATE: RunStatus.DRAFT_READY.value,
    }
    return WithStartWorkflowOperation(
        GenerateVideo.run,
        request,
        id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
        static_details=f"Studio of video `{video.video_id}` of song `{video.song_id}`.",
        **joining(generate_workflow_id(video.video_id), f"{video.title} · {video.style} · Studio", attributes),
    )


def regeneration(client: Client, video_id: str, operation_id: str) -> RegenerateHandle:
    """The run that makes an operation's take, for its `progress` and its cancellation."""
    return client.get_workflow_handle_for(RegenerateScene.run, regenerate_workflow_id(video_id, operation_id))


async def operation_progress(client: Client, video_id: str, operation_id: str) -> Progress | None:
    """The progress of the run that makes an operation's take; None where it does not answer now."""
    try:
        return await answered(regeneration(client, video_id, operation_id).query(RegenerateScene.progress))
    except (RPCError, WorkflowQueryFailedError, RunPaused):
        return None


async def cancel_operation(client: Client, video_id: str, operation_id: str) -> None:
    """Cancel an operation in the making and release its credits. One that has its take already continues."""
    unknown = InvalidInput("Nothing is being made under this operation.", code="no_operation")
    with server_answers(), unless_unknown(unknown):
        await regeneration(client, video_id, operation_id).cancel()


async def close_video(client: Client, video_id: str) -> None:
    """Close a video's run once its operations are done; the video stays. Closing a closed run changes nothing.

    Raises:
        InvalidInput: There is no draft yet.
        ProviderUnavailable: No worker or server answers.
    """
    try:
        run = generation(client, video_id)
        close_id = f"close-{uuid4().hex[:8]}"
        await answered(run.execute_update(GenerateVideo.close, Reason(), id=close_id, rpc_timeout=PATIENCE))
    except WorkflowUpdateFailedError as error:
        raise refusal(error.cause) from error
    except RPCError as error:
        if error.status is not RPCStatusCode.NOT_FOUND:
            raise ProviderUnavailable(f"The run does not answer: {error.message}") from error


async def rebuild(client: Client, account_id: str, timeline: Timeline, limits: Limits | None = None) -> str:
    """Make sure that a version's MP4 is stored; returns its key.

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
            **joining(
                rebuild_workflow_id(timeline.video_id, timeline.version),
                f"version {timeline.version} of {timeline.video_id}",
                {SearchAttribute.ACCOUNT: account_id, SearchAttribute.VIDEO: timeline.video_id},
            ),
        )
    except WorkflowFailureError as error:
        raise ProviderUnavailable(f"Version {timeline.version} cannot be joined now.") from error
    return done.key


def progress_from_vault(timeline: Timeline) -> Progress:
    """The progress of a video whose run has expired: the newest version, closed."""
    return Progress(
        video_id=timeline.video_id,
        status=RunStatus.CLOSED,
        sentence=f"Version {timeline.version} is in the Vault.",
        fraction_done=1.0,
        version=timeline.version,
    )
