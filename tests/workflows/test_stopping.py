"""An artist's stop of a run that buys: the amount kept, and that no other ending keeps anything."""

import asyncio
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import WorkflowFailureError

from models.failures import InvalidInput
from models.generation import Reason, ReconcileRequest
from models.ids import generate_operation_key
from models.progress import RunStatus
from models.queues import QUEUE
from services.cancelling import stop_terms, stop_video
from temporal.generation import GenerateHandle
from tests.fakes.fal_server import FalServer
from tests.fakes.world import World
from tests.workflows.test_buying import MADE, paid, start
from workflows.bookkeeping import ReconcileCredits
from workflows.generate_video import GenerateVideo

__all__ = ["paid"]

CLIPS = 3
KEPT = 40 + 160 * CLIPS // MADE // 10 * 10


def video_of(handle: GenerateHandle) -> str:
    return handle.id.removeprefix("generate-")


async def some_clips_bought(world: World, fal_server: FalServer, folder: Path) -> GenerateHandle:
    """A run with all stills and `CLIPS` of its clips bought, while the others wait at the provider."""
    seen = 0

    def job(_number: int, arguments: dict[str, object]) -> str:
        nonlocal seen
        seen += "image_url" in arguments
        if seen == CLIPS:
            fal_server.behaviour.clip_s = 600
        return "ok"

    fal_server.behaviour.job = job
    handle = await start(world, folder)
    async with asyncio.timeout(200):
        while (await stop_terms(world.app, world.account_id, video_of(handle))).kept < KEPT:
            await asyncio.sleep(0.05)
    return handle


async def ended(handle: GenerateHandle) -> None:
    with pytest.raises(WorkflowFailureError):
        await handle.result()


async def reconcile(world: World) -> None:
    name = f"reconcile-{uuid4().hex}"
    await world.client.execute_workflow(ReconcileCredits.run, ReconcileRequest(), id=name, task_queue=QUEUE)


async def test_a_stop_keeps_what_was_shown_and_says_so(paid: World, fal_server: FalServer, tmp_path: Path) -> None:
    handle = await some_clips_bought(paid, fal_server, tmp_path)
    ledger, account_id, video_id = paid.stores.ledger, paid.account_id, video_of(handle)
    for accepted in (None, KEPT - 10):
        with pytest.raises(InvalidInput, match=f"{KEPT} credits are kept"):
            await stop_video(paid.app, account_id, video_id, accepted)
    assert (await handle.query(GenerateVideo.progress)).status is RunStatus.RUNNING, "a refused stop changes nothing"
    stopped = await stop_video(paid.app, account_id, video_id, KEPT)
    assert (stopped.kept, stopped.returned) == (KEPT, 200 - KEPT)
    await ended(handle)
    progress = await handle.query(GenerateVideo.progress)
    assert progress.status is RunStatus.CANCELLED
    assert progress.credits_charged == KEPT
    assert f"{KEPT} credits are kept" in progress.sentence
    assert f"{200 - KEPT} are back" in progress.sentence
    assert (paid.balance().posted, paid.balance().held) == (250 - KEPT, 0)
    assert not ledger.verify().differences
    with pytest.raises(InvalidInput, match="ended"):
        await stop_video(paid.app, account_id, video_id, KEPT)


async def test_an_accepted_stop_is_carried_out_where_its_process_died(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    handle = await some_clips_bought(paid, fal_server, tmp_path)
    paid.stores.ledger.stop(paid.account_id, generate_operation_key(video_of(handle)), KEPT)
    await reconcile(paid)
    await ended(handle)
    assert (paid.balance().posted, paid.balance().held) == (250 - KEPT, 0)


async def test_a_stopped_run_that_is_terminated_keeps_the_sum_too(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    """Its worker never learns of it: the reconciler settles by the same row."""
    handle = await some_clips_bought(paid, fal_server, tmp_path)
    paid.stores.ledger.stop(paid.account_id, generate_operation_key(video_of(handle)), KEPT)
    await handle.terminate()
    await reconcile(paid)
    assert (paid.balance().posted, paid.balance().held) == (250 - KEPT, 0)


@pytest.mark.parametrize("ending", ["terminated", "abandoned", "cancelled by support"])
async def test_every_other_ending_keeps_nothing(
    paid: World, fal_server: FalServer, tmp_path: Path, ending: str
) -> None:
    handle = await some_clips_bought(paid, fal_server, tmp_path)
    if ending == "terminated":
        await handle.terminate()
        await reconcile(paid)
    elif ending == "abandoned":
        await handle.execute_update(GenerateVideo.abandon, Reason(reason="our fault"))
    else:
        await handle.cancel()
        await ended(handle)
    assert (paid.balance().posted, paid.balance().held) == (250, 0)
