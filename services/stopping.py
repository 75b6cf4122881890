"""Stop a video: what the artist's own stop keeps, and how it is carried out."""

import asyncio

from pydantic import Field
from temporalio.client import Client, WorkflowExecutionStatus

from models.base import Model
from models.failures import InvalidInput
from models.routing import generate_operation_key
from models.stops import StopTerms
from stores.ledger import Ledger
from workflows.clients import generation


class Stopped(Model):
    """A stop that was accepted and told to the run."""

    kept: int = Field(examples=[60], description="credits")
    returned: int = Field(examples=[140], description="credits")
    sentence: str


async def stop_terms(ledger: Ledger, account_id: str, video_id: str) -> StopTerms:
    """What stopping a video would keep now.

    Args:
        ledger: The credits.
        account_id: The artist's account.
        video_id: A video of this account.
    """
    return await asyncio.to_thread(ledger.stop_terms, account_id, generate_operation_key(video_id))


async def stop_video(
    client: Client, ledger: Ledger, account_id: str, video_id: str, accept_kept: int | None = None
) -> Stopped:
    """Stop a video at its artist's wish. Before version 1 it settles the credits; afterwards it only closes the run.

    The stop is written down first: should this process die before the run hears of it, the reconciler tells the run.

    Args:
        client: Connected.
        ledger: The credits.
        account_id: The artist's account.
        video_id: A video of this account whose run exists.
        accept_kept: The sum that was shown and accepted, in credits; None: none was shown.

    Raises:
        InvalidInput: `accept_kept`: more is kept than was accepted; `ended`: the run has ended. Nothing changes.
    """
    handle = generation(client, video_id)
    if (await handle.describe()).status is not WorkflowExecutionStatus.RUNNING:
        raise InvalidInput("This run has ended already.", code="ended")
    stop = await asyncio.to_thread(ledger.stop, account_id, generate_operation_key(video_id), accept_kept)
    await handle.cancel()
    if stop is None:
        return Stopped(kept=0, returned=0, sentence="It is being cancelled.")
    sentence = f"It is being cancelled. {stop.terms.sentence}" if stop.kept else "It is being cancelled."
    return Stopped(kept=stop.kept, returned=stop.terms.returned, sentence=sentence)
