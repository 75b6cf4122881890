"""End a video's run: cancel it, with the credits that are kept, or close it after its draft."""

import asyncio

from pydantic import Field
from temporalio.client import WorkflowExecutionStatus

from models.base import Model
from models.cancellations import StopTerms
from models.failures import PAUSED, Conflict, InvalidInput, StartRefused
from models.ids import generate_operation_key
from models.standstill import StandstillCause
from services.app import App
from services.videos import check_owned
from temporal import studio
from temporal.generation import generation
from temporal.reading import describe, pause_of


class Stopped(Model):
    """A stop that was accepted and sent to the run."""

    kept: int = Field(examples=[60], description="credits")
    returned: int = Field(examples=[140], description="credits")
    sentence: str


async def stop_terms(app: App, account_id: str, video_id: str) -> StopTerms:
    """The credits that stopping a video would keep now. Raises `NotFound`: the account has no such video."""

    def read() -> StopTerms:
        check_owned(app, account_id, video_id)
        return app.stores.ledger.stop_terms(account_id, generate_operation_key(video_id))

    return await asyncio.to_thread(read)


async def stop_video(app: App, account_id: str, video_id: str, accept_kept: int | None = None) -> Stopped:
    """Stop a video for its artist. Before version 1 this settles the credits; afterwards it only closes the run.

    The stop is recorded first: if this process dies before it reaches the run, the reconciler sends it.

    Args:
        video_id: A video of this account whose run exists.
        accept_kept: The shown and accepted sum in credits; None: no sum was shown.

    Raises:
        NotFound: The account has no such video.
        Conflict: `accept_kept`: more is kept than was accepted; `ended`: the run has ended. Nothing changes.
    """
    await asyncio.to_thread(check_owned, app, account_id, video_id)
    handle = generation(app.client, video_id)
    description = await describe(app.client, handle.id)
    if description.status is not WorkflowExecutionStatus.RUNNING:
        raise Conflict("This run has ended already.", code="ended")
    key = generate_operation_key(video_id)
    try:
        stop = await asyncio.to_thread(app.stores.ledger.stop, account_id, key, accept_kept)
    except InvalidInput as error:
        raise Conflict(error.message, error.code) from error
    await handle.cancel()
    pause = pause_of(description)
    waits = pause is not None and pause.cause is StandstillCause.PAUSED  # a paused step ends at once
    sentence = f"It will be cancelled. {PAUSED}" if waits else "It is being cancelled."
    if stop is None:
        return Stopped(kept=0, returned=0, sentence=sentence)
    sentence = f"{sentence} {stop.terms.sentence}" if stop.kept else sentence
    return Stopped(kept=stop.kept, returned=stop.terms.returned, sentence=sentence)


async def close_video(app: App, account_id: str, video_id: str) -> None:
    """Close a video's run once its operations are done; the video stays. A closed run stays closed.

    Raises:
        NotFound: The account has no such video.
        Conflict: There is no draft yet.
        ProviderUnavailable: No worker or server answers.
    """
    await asyncio.to_thread(check_owned, app, account_id, video_id)
    try:
        await studio.close_video(app.client, video_id)
    except StartRefused as error:
        raise Conflict("There is no draft yet: cancel instead.", code="no_draft") from error
    except InvalidInput as error:
        raise Conflict(error.message, error.code) from error
