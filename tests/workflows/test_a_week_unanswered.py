"""A storyboard waits a week, as production's limits say, at no cost; then it ends like a stop. Time is skipped."""

from datetime import timedelta
from pathlib import Path

from temporalio.testing import WorkflowEnvironment

from models.generation import Limits
from models.progress import RunStatus
from stores.opening import Stores
from temporal.generation import GenerateHandle
from tests.fakes.engines import Faults
from tests.fakes.world import QUICK, World
from tests.workflows.test_ten_minutes_away import begin, skipping
from workflows.generate_video import GenerateVideo

__all__ = ["skipping"]

AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
AS_IN_PRODUCTION = {name: getattr(Limits(), name) for name in ("board_timeout_s", "board_warning_s", "draft_timeout_s")}


async def events(handle: GenerateHandle) -> int:
    return len((await handle.fetch_history()).events)


async def test_a_board_waits_a_week_for_nothing_and_ends_like_a_stop(
    skipping: WorkflowEnvironment, stores: Stores, tmp_path: Path
) -> None:
    world = World(skipping.client, stores, Faults())
    await world.work()
    try:
        request = world.request(world.add_song(tmp_path), QUICK.model_copy(update=AS_IN_PRODUCTION))
        handle = await begin(world, request.model_copy(update={"storyboard": True}))
        await world.until(handle, lambda p: p.status is RunStatus.WAITING_FOR_ARTIST)
        before = await events(handle)
        await skipping.sleep(6 * A_DAY - AN_HOUR)
        waiting = await handle.query(GenerateVideo.progress)
        assert (waiting.status, world.balance().held) == (RunStatus.WAITING_FOR_ARTIST, 200)
        assert waiting.board is not None
        assert not waiting.board.warned
        assert await events(handle) == before, "a run that waits writes nothing"
        await skipping.sleep(2 * AN_HOUR)
        warned = await world.until(handle, lambda p: p.board is not None and p.board.warned)
        assert warned.sentence.startswith("Waiting for you until")
        await skipping.sleep(A_DAY)
        ended = await world.until(handle, lambda p: p.status is RunStatus.CANCELLED)
        assert ended.sentence == "The storyboard was not answered for 7 days, so the video was stopped."
        assert world.faults.calls.get("animate", 0) == 0
        assert (world.balance().posted, world.balance().held) == (250, 0), "nothing was bought"
    finally:
        await world.rest()
