"""Start GenerateVideo runs, and find the run of a video."""

from datetime import timedelta
from urllib.parse import quote

from temporalio.client import Client, WithStartWorkflowOperation, WorkflowHandle
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from models.failures import StartRefused
from models.generation import Admission, AdmitRequest, GenerateRequest, GenerateResult
from models.ids import LOCAL_PROVIDER, analyze_workflow_id, generate_workflow_id
from models.progress import RunStatus
from models.search_attributes import SearchAttribute
from temporal.calls import ADMIT_PATIENCE, answer_with_start, joining
from workflows.generate_video import GenerateVideo
from workflows.policies import behind

GenerateHandle = WorkflowHandle[GenerateVideo, GenerateResult]


async def start_generation(
    client: Client,
    request: GenerateRequest,
    operation_id: str,
    patience: timedelta = ADMIT_PATIENCE,
    drafts_ahead: int = 0,
) -> Admission:
    """Start a run and wait, for at most `patience`, until its credits are held. A second start joins the first.

    Args:
        client: Connected.
        request: The run's input.
        operation_id: The id of its admission.
        patience: The longest wait.
        drafts_ahead: Drafts of the account that are under way: many of them do not delay another account's.

    Raises:
        InsufficientCredits: The balance is below the price; no run stays open.
        InvalidInput: The request is unusable.
        StartRefused: Any other reason.
        WorkflowUpdateRPCTimeoutOrCancelledError: The run waits for a worker, and admits itself once there is one.
    """
    attributes = {
        SearchAttribute.ACCOUNT: request.account_id,
        SearchAttribute.SONG: request.song_id,
        SearchAttribute.VIDEO: request.video_id,
        SearchAttribute.STYLE: request.brief.style,
        SearchAttribute.STATE: RunStatus.RUNNING.value,
        SearchAttribute.PROVIDER: LOCAL_PROVIDER,
    }
    summary = f"{request.song_title} · {request.brief.style}"
    start = WithStartWorkflowOperation(
        GenerateVideo.run,
        request,
        id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
        static_details=_details(client.namespace, request),
        **joining(generate_workflow_id(request.video_id), summary, attributes, key=behind(drafts_ahead)),
    )
    admit = AdmitRequest(operation_id=operation_id)
    try:
        return await answer_with_start(
            client, start, GenerateVideo.admit, admit, update_id=operation_id, patience=patience
        )
    except WorkflowAlreadyStartedError as error:
        raise StartRefused("This operation has been run before; start a new one.") from error


def generation(client: Client, video_id: str) -> GenerateHandle:
    """The run behind a video, in any state."""
    return client.get_workflow_handle_for(GenerateVideo.run, generate_workflow_id(video_id))


def _details(namespace: str, request: GenerateRequest) -> str:
    """A description of the run, with relative links that work wherever the Temporal UI is served."""
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
