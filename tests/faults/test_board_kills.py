"""Worker, server and web backend are killed around every order on a storyboard: nothing is bought twice or too early.

A schedule draws one run: which part is killed at which order, and how soon after it was sent, or while the run waits.
The artist repeats an order with its key until it is answered. FULL=1 runs 60 of them; SEED as for the other faults.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest
from temporalio.client import WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError

from cli.stack import connect, ensure_stack, running_stack, settings_for
from models.access import Scope
from models.boards import BoardStepState
from models.failures import ProviderUnavailable
from models.generation import GenerateRequest
from models.orders import Order
from models.paid_media import JobState
from models.progress import Progress, RunStatus
from settings import Settings
from stores.access import open_access
from stores.database import utc_now
from stores.opening import open_stores
from temporal.generation import GenerateHandle, generation, start_generation
from tests.fakes.amounts import FULL
from tests.fakes.engines import Faults
from tests.fakes.fal_server import FalServer
from tests.fakes.live import SEED, look, stack_settings
from tests.fakes.paid_worker import PaidWorker
from tests.fakes.world import QUICK, World

__all__ = ["stack_settings"]

SERIES, SCHEDULES = (6, 10) if FULL else (1, 2)
"""So many series, each with a stack of its own, of so many schedules."""
PATIENCE_S = 300.0
LIMITS = QUICK.model_copy(update={"light_timeout_s": 15, "heartbeat_timeout_s": 8})
PARTS = ("worker", "temporal", "api")

pytestmark = [pytest.mark.faults, pytest.mark.timeout(SCHEDULES * PATIENCE_S + 120)]

ORDERS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("edits", {"edits": [{"kind": "move_cut", "scene_id": 1, "frame": 60}]}),
    ("edits", {"edits": [{"kind": "swap", "scene_id": 2, "other_id": 3}]}),
    ("edits", {"edits": [{"kind": "words", "scene_id": 4, "image": "a heron", "motion": "it lands"}]}),
    ("edits", {"edits": [{"kind": "appear", "scene_id": 5, "character_ids": ["c1"]}]}),
    ("edits", {"edits": [{"kind": "split", "scene_id": 6, "frame": 416}]}),
    ("edits", {"edits": [{"kind": "pace", "section_index": 1, "pace": "busier"}, {"kind": "merge", "scene_id": 6}]}),
    ("repaints", {"scene_id": 0}),
    ("repaints", {"scene_id": 0, "prompt": "a red boat"}),
    ("undo", {}),
    ("redo", {}),
    ("approvals", {"scenes": [0]}),
    ("approvals", {"everything": True}),
)
FIRST_APPROVAL = next(number for number, (path, _) in enumerate(ORDERS) if path == "approvals")


class Artist:
    """One account on a stack whose parts can be killed, at one storyboard."""

    def __init__(self, base: Settings, world: World, worker: PaidWorker, door: FalServer, secret: str) -> None:
        self.base, self.world, self.worker, self.door = base, world, worker, door
        self._secret = secret
        self.video_id = ""

    def kill(self, part: str) -> None:
        """SIGKILL one part; what watches it starts it again."""
        if part == "worker":
            self.worker.kill()
            return
        state = running_stack(self.base)
        if state is not None and psutil.pid_exists(state.parts[part].pid):
            os.kill(state.parts[part].pid, signal.SIGKILL)

    async def keep_up(self) -> None:
        """Start the worker unless it runs; one whose server was killed meanwhile starts at the next call."""
        try:
            await asyncio.to_thread(self.worker.keep_up)
        except RuntimeError as error:
            print(error)

    async def ask(self, method: str, path: str, key: str = "", **body: Any) -> dict[str, Any]:
        """One order, with the same key again until there is an answer."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await self.keep_up()
                answer = await self._asked(method, path, key, body)
                if answer is not None and answer.is_success:
                    return dict(answer.json())
                if answer is not None:
                    # Busy, away, or in progress under this key.
                    assert answer.status_code in (409, 429) or answer.status_code >= 500, answer.text
                    refused = answer.json()["code"]
                    assert refused not in ("board_moved", "scene_approved", "no_board_open"), answer.text
                await asyncio.sleep(0.2)

    async def _asked(self, method: str, path: str, key: str, body: dict[str, Any]) -> httpx.Response | None:
        state = running_stack(self.base)
        if state is None or state.api_url is None:
            return None
        headers = {"Authorization": f"Bearer {self._secret}"} | ({"Idempotency-Key": key} if key else {})
        url = f"{state.api_url}/api/v1/videos/{self.video_id}/{path}"
        try:
            async with httpx.AsyncClient(trust_env=False, timeout=70) as http:
                return await http.request(method, url, headers=headers, json=body or None)
        except httpx.TransportError:
            return None

    async def until(self, handle: GenerateHandle, status: RunStatus) -> Progress:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await self.keep_up()
                progress = await look(handle)
                if progress is None:
                    continue
                assert progress.status not in (RunStatus.FAILED, RunStatus.NEEDS_ATTENTION), progress.sentence
                if progress.status is status:
                    return progress
                await asyncio.sleep(0.05)

    async def painted(self, operation_id: str) -> int:
        """Wait until a still is shown; returns its price."""
        boards = self.world.stores.boards
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await self.keep_up()
                row = boards.find(self.world.account_id, self.video_id, operation_id)
                if row is not None and row.state is not BoardStepState.ACCEPTED:
                    return row.price if row.state is BoardStepState.APPLIED else 0
                await asyncio.sleep(0.1)

    @property
    def clips_at_the_door(self) -> int:
        return sum(job.is_clip for job in self.door.jobs.values())


@pytest.fixture
async def artist(stack_settings: Settings, fal_server: FalServer, tmp_path: Path) -> AsyncIterator[Artist]:
    with ensure_stack(stack_settings, say=print, worker=False, api=True) as state:
        settings = settings_for(state, stack_settings)
        stores = open_stores(**settings.store_options())
        world = World(await connect(settings), stores, Faults())
        access = open_access(stores.database)
        world.account_id = access.profiles.sign_up("artist@example.org", "correct horse battery").account_id
        assert access.profiles.verify(world.account_id)
        _, secret = access.tokens.issue(world.account_id, "test", tuple(Scope))
        worker = PaidWorker(settings, str(settings.temporal_address), fal_server.ca_file, tmp_path)
        yield Artist(stack_settings, world, worker, fal_server, secret)
        worker.kill()
        stores.database.close()


@pytest.mark.parametrize("series", range(SERIES))
async def test_kills_around_a_storyboard_cost_nothing_but_time(artist: Artist, series: int, tmp_path: Path) -> None:
    world, spent = artist.world, 0
    world.grant(300 * SCHEDULES)
    kills: Counter[str] = Counter()
    for number in range(SCHEDULES):
        spent += 200 + await one_run(artist, random.Random(SEED * 1000 + series * SCHEDULES + number), tmp_path, kills)
        balance = world.balance()
        assert (balance.posted, balance.held) == (250 + 300 * SCHEDULES - spent, 0), number
        assert world.stores.ledger.verify().differences == ()
    print("kills:", dict(kills))
    assert sum(kills.values()) >= 2 * SCHEDULES


async def begun(world: World, request: GenerateRequest) -> GenerateHandle:
    """Order as a client that asks again while the server or the worker of the run before starts anew."""
    world.stores.orders.add(Order.model_validate(_order(request)))
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await start_generation(world.client, request, f"start-{request.video_id}")
                return generation(world.client, request.video_id)
            except (RPCError, ProviderUnavailable, WorkflowUpdateRPCTimeoutOrCancelledError):
                await asyncio.sleep(0.2)


def _order(request: GenerateRequest) -> dict[str, Any]:
    return request.model_dump(include=set(Order.model_fields)) | {"ordered_at": utc_now()}


async def one_run(artist: Artist, chance: random.Random, folder: Path, kills: Counter[str]) -> int:
    """Order, edit, paint and approve under kills; returns what the stills cost."""
    world, door, price = artist.world, artist.door, 0
    door.reset()
    await artist.keep_up()
    request = world.request(world.add_song(folder), LIMITS).model_copy(update={"storyboard": True})
    handle = await begun(world, request)
    artist.video_id = request.video_id
    await artist.until(handle, RunStatus.WAITING_FOR_ARTIST)
    moments = dict.fromkeys(chance.sample(range(len(ORDERS)), k=4 if FULL else 3))
    for number, (path, order) in enumerate(ORDERS):
        revision = int((await artist.ask("GET", "board"))["revision"])
        asking = asyncio.create_task(
            artist.ask("POST", f"board/{path}", f"{artist.video_id}-{number}", revision=revision, **order)
        )
        if number in moments:
            part = chance.choice(PARTS)
            await asyncio.sleep(chance.choice((0.0, chance.uniform(0, 0.15), chance.uniform(0, 0.8))))
            artist.kill(part)
            kills[part] += 1
        done = await asking
        if path == "repaints":
            price += await artist.painted(str(done["operation_id"]))
        if number < FIRST_APPROVAL:
            assert artist.clips_at_the_door == 0, "nothing of clips is ordered before it is approved"
    await artist.until(handle, RunStatus.DRAFT_READY)
    jobs = world.stores.jobs.of_video(request.video_id)
    bought = Counter(job.job_key.rpartition(".")[0] for job in jobs if job.state is JobState.DONE)
    assert max(bought.values()) == 1, "no piece was bought twice"
    assert door.bought <= sum(job.charges for job in jobs), "each purchase is recorded"
    assert {job.request_id for job in jobs if job.state is JobState.DONE} <= set(door.jobs)
    rows = world.stores.boards.head(world.account_id, request.video_id)
    repaints = sum(path == "repaints" for path, _ in ORDERS)
    assert len(ORDERS) - repaints <= (rows.revision or 0) <= len(ORDERS), "each order made one revision"
    made = world.stores.vault.timeline(world.account_id, request.video_id, 1)
    edges = [0, *(scene.end_frame for scene in made.scenes)]
    assert [scene.start_frame for scene in made.scenes] == edges[:-1]
    assert edges[-1] == made.frame_count
    await handle.terminate()
    return price
