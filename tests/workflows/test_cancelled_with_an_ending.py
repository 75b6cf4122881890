"""A step that completes in the very workflow task that cancels it: the completion must not swallow the cancellation.

The tests force such a task: while no worker decides, the run is cancelled or given up, and its step completes.
"""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.update.v1 import UpdateRef
from temporalio.api.workflowservice.v1 import PollWorkflowExecutionUpdateRequest
from temporalio.client import Client, WorkflowFailureError
from temporalio.exceptions import CancelledError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.worker import Worker

from models.failures import EchonosError, InvalidInput, ProviderUnavailable
from models.generation import Reason
from models.ids import analyze_workflow_id
from models.paid_media import JobRef, PieceRequest
from models.progress import RunStatus
from models.queues import QUEUE, QUEUES
from stores.opening import Stores
from temporal.generation import GenerateHandle
from tests.fakes.engines import Faults
from tests.fakes.instant_provider import InstantProvider
from tests.fakes.world import QUICK, World
from workflows.analyze_song import AnalyzeSong
from workflows.catalog import WORKFLOWS
from workflows.generate_video import GenerateVideo

PATIENCE_S = 200.0

ENDINGS = ("activity_task_completed", "activity_task_failed", "child_workflow_execution_")
LIMITS = QUICK.model_copy(update={"light_timeout_s": 250, "heartbeat_timeout_s": 250, "max_attempts": 1})


@pytest.fixture
async def hands(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world whose workers run steps but no workflow tasks."""
    world = World(temporal, stores, Faults())
    async with AsyncExitStack() as serving:

        async def serve() -> None:
            steps, executor = world.steps(), ThreadPoolExecutor(16)
            for queue in QUEUES.values():
                worker = Worker(temporal, task_queue=queue, activities=steps, activity_executor=executor)
                await serving.enter_async_context(worker)

        world.work = serve  # type: ignore[method-assign]
        yield world
        await world.end()


def mind(world: World, workflows: Sequence[type] = WORKFLOWS) -> Worker:
    """A worker that runs workflow tasks of these workflows, and no steps."""
    return Worker(world.client, task_queue=QUEUE, workflows=workflows)


class Held:
    """A step that has begun and waits for its end."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()

    def ends(self, error: EchonosError | None = None) -> Callable[[int], None]:
        def plan(_count: int) -> None:
            self.begun.set()
            assert self.go_on.wait(PATIENCE_S)
            if error is not None:
                raise error

        return plan


async def begun(world: World, folder: Path, held: Held, *, heard: bool = True) -> GenerateHandle:
    """A run whose step is held up, without a worker for workflow tasks."""
    async with mind(world):
        handle, _ = await world.start(world.request(world.add_song(folder, heard=heard), LIMITS))
        assert await asyncio.to_thread(held.begun.wait, PATIENCE_S)
    return handle


async def until_it_has(handle: GenerateHandle, *kinds: str) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not set(kinds) & set(await kinds_of(handle)):
            await asyncio.sleep(0.05)


async def ends_cancelled(world: World, handle: GenerateHandle) -> None:
    """Start deciding: one task brings the cancellation and the completions, and the run ends."""
    async with asyncio.timeout(PATIENCE_S):
        while "workflow_execution_cancel_requested" not in (kinds := await kinds_of(handle)):
            await asyncio.sleep(0.05)
    endings = [n for n, kind in enumerate(kinds) if kind.startswith(ENDINGS)]
    news = min(kinds.index("workflow_execution_cancel_requested"), endings[-1])
    assert "workflow_task_completed" not in kinds[news:], "both are for one workflow task to hear"
    async with mind(world):
        with pytest.raises(WorkflowFailureError) as ended:
            await asyncio.wait_for(handle.result(), PATIENCE_S)
        assert isinstance(ended.value.cause, CancelledError)
        assert (await handle.query(GenerateVideo.progress)).status is RunStatus.CANCELLED
    assert (world.balance().posted, world.balance().held) == (250, 0)


async def kinds_of(handle: GenerateHandle) -> list[str]:
    return [
        (event.WhichOneof("attributes") or "").removesuffix("_event_attributes")
        async for event in handle.fetch_history_events()
    ]


@pytest.mark.parametrize("cancelled", ["before", "after"])
@pytest.mark.parametrize("ending", ["completed", "terminated"])
async def test_a_child_that_ends_with_the_cancellation_does_not_swallow_it(
    hands: World, tmp_path: Path, ending: str, cancelled: str
) -> None:
    held = Held()
    hands.faults.plans["analyze"] = held.ends()
    await hands.work()
    handle = await begun(hands, tmp_path, held, heard=False)
    song_id = hands.stores.catalogue.songs(hands.account_id).songs[0].song_id
    child = hands.client.get_workflow_handle(analyze_workflow_id(song_id))
    if cancelled == "before":
        await handle.cancel()
    if ending == "completed":
        async with mind(hands, [AnalyzeSong]):
            held.go_on.set()
            await asyncio.wait_for(child.result(), PATIENCE_S)
    else:
        await child.terminate()
        held.go_on.set()
    await until_it_has(handle, f"child_workflow_execution_{ending}")
    if cancelled == "after":
        await handle.cancel()
    await ends_cancelled(hands, handle)
    assert "envision" not in hands.faults.calls, "nothing is begun after the cancellation"


ERRORS = pytest.mark.parametrize(
    "error",
    [None, ProviderUnavailable("away"), InvalidInput("not like this")],
    ids=["succeeds", "would park", "would fail the run"],
)


async def until_the_step_has_ended(handle: GenerateHandle, ended: int) -> None:
    """Wait until more than `ended` completions are in the history."""
    async with asyncio.timeout(PATIENCE_S):
        while (kinds := await kinds_of(handle)).count("activity_task_completed") == ended:
            if "activity_task_failed" in kinds:
                break
            await asyncio.sleep(0.05)


@ERRORS
@pytest.mark.parametrize("cancelled", ["before", "after"])
async def test_a_step_that_ends_with_the_cancellation_does_not_swallow_it(
    hands: World, tmp_path: Path, error: EchonosError | None, cancelled: str
) -> None:
    held = Held()
    hands.faults.plans["envision"] = held.ends(error)
    await hands.work()
    handle = await begun(hands, tmp_path, held)
    ended = (await kinds_of(handle)).count("activity_task_completed")
    if cancelled == "before":
        await handle.cancel()
    held.go_on.set()
    await until_the_step_has_ended(handle, ended)
    if cancelled == "after":
        await handle.cancel()
    await ends_cancelled(hands, handle)
    assert "cast" not in hands.faults.calls, "nothing is begun after the cancellation"


async def given_up_while_it_ends(world: World, folder: Path, held: Held) -> None:
    """Abandon a run while no worker decides, let its step complete meanwhile, and decide then."""
    handle = await begun(world, folder, held)
    kinds = await kinds_of(handle)
    before, ended = len(kinds), kinds.count("activity_task_completed")
    giving_up = asyncio.create_task(
        handle.execute_update(GenerateVideo.abandon, Reason(reason="enough"), id="given-up")
    )
    await until_it_is_admitted(world.client, handle, "given-up")
    held.go_on.set()
    await until_the_step_has_ended(handle, ended)
    async with mind(world):
        progress = await asyncio.wait_for(giving_up, PATIENCE_S)
        assert progress.failure is not None
        assert progress.failure.type == "Abandoned"
    news = (await kinds_of(handle))[before:]
    until_accepted = news[: news.index("workflow_execution_update_accepted")]
    assert any(kind.startswith(ENDINGS) for kind in until_accepted)
    assert until_accepted.count("workflow_task_completed") == 1, "one workflow task heard both"
    assert (world.balance().posted, world.balance().held) == (250, 0)


async def until_it_is_admitted(client: Client, handle: GenerateHandle, update_id: str) -> None:
    """Wait until the server knows of an update that no worker has received."""
    execution = WorkflowExecution(workflow_id=handle.id)
    request = PollWorkflowExecutionUpdateRequest(
        namespace=client.namespace,
        update_ref=UpdateRef(workflow_execution=execution, update_id=update_id),
    )
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await client.workflow_service.poll_workflow_execution_update(request)
                return
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
            await asyncio.sleep(0.05)


@ERRORS
async def test_a_step_that_ends_with_the_giving_up_does_not_swallow_it(
    hands: World, tmp_path: Path, error: EchonosError | None
) -> None:
    held = Held()
    hands.faults.plans["envision"] = held.ends(error)
    await hands.work()
    await given_up_while_it_ends(hands, tmp_path, held)
    assert "cast" not in hands.faults.calls, "nothing is begun after the giving up"


class SlowToAccept(InstantProvider):
    """A provider whose answer to an order is held up."""

    def __init__(self, held: Held) -> None:
        self._accepts = held.ends()
        self.fetched = False

    async def submit(self, job_key: str, request: PieceRequest, webhook_url: str | None = None) -> JobRef:
        await asyncio.to_thread(self._accepts, 1)
        return await super().submit(job_key, request, webhook_url)

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        self.fetched = True
        await super().fetch(url, path, most_bytes)


async def test_what_is_ordered_with_the_giving_up_is_not_waited_for(hands: World, tmp_path: Path) -> None:
    held, meanwhile = Held(), Held()
    hands.provider = provider = SlowToAccept(held)
    hands.faults.plans["plan"] = meanwhile.ends()  # beside the portrait that is ordered
    await hands.work()
    await given_up_while_it_ends(hands, tmp_path, held)
    meanwhile.go_on.set()
    assert not provider.fetched, "no step waits for an unwanted piece"
