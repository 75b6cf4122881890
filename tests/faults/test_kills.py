"""A worker or the server dies in the middle of a run: the run finishes, charged once, with the same scenes."""

import asyncio
import os
import random
import signal

import psutil
import pytest
from temporalio.service import RPCError

from models.exports import ExportRequest
from models.failures import ProviderUnavailable
from models.object_keys import video_prefix
from models.progress import Progress, RunStatus, StageName, StageStatus
from models.studio import AcceptedOperation, StudioKind, StudioOrder, StudioState
from models.vault import ExportKind
from temporal.exports import start_export
from temporal.generation import GenerateHandle
from temporal.studio import operate
from tests.fakes.amounts import FULL
from tests.fakes.live import QUICK, LiveStack, look
from workflows.state import USUAL_STAGES

pytestmark = [pytest.mark.faults, pytest.mark.timeout(7200 if FULL else 900)]

WORKER_KILLS = 50 if FULL else 6
SERVER_KILLS = 10 if FULL else 2
STUDIO_KILLS = 20 if FULL else 4
EXPORT_KILLS = 4 if FULL else 2
PATIENCE_S = 300.0
STAGES = list(USUAL_STAGES)


async def reach(handle: GenerateHandle, stage: StageName) -> Progress:
    """Wait until a stage has begun, or the run is past it."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            progress = await look(handle)
            if progress and progress.stages[STAGES.index(stage)].status is not StageStatus.PENDING:
                return progress
            await asyncio.sleep(0.01)


async def finish(handle: GenerateHandle) -> Progress:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            progress = await look(handle)
            if progress and progress.status is not RunStatus.RUNNING:
                return progress
            await asyncio.sleep(0.1)


def kill(live: LiveStack, part: str) -> list[psutil.Process]:
    """SIGKILL one part of the stack; returns its children."""
    mark = live.state.parts[part]
    process = psutil.Process(mark.pid)
    children = process.children(recursive=True)
    os.kill(mark.pid, signal.SIGKILL)
    return children


def scenes_of(live: LiveStack, video_id: str) -> list[tuple[int, int, str]]:
    timeline = live.stores.vault.timeline(live.account_id, video_id)
    return [(scene.start_frame, scene.end_frame, scene.prompt) for scene in timeline.scenes]


def check(live: LiveStack, progress: Progress, runs: int, granted: int) -> None:
    assert progress.status is RunStatus.DRAFT_READY, progress.sentence
    balance = live.stores.ledger.balance(live.account_id)
    assert (balance.posted, balance.held) == (250 + granted - 200 * runs, 0)
    assert live.stores.ledger.verify().differences == ()


async def test_a_killed_worker_costs_nothing_but_time(live: LiveStack, chance: random.Random) -> None:
    granted = 200 * (WORKER_KILLS + 1)
    live.grant(granted)
    handle, request = await live.start()
    await finish(handle)
    undisturbed = scenes_of(live, request.video_id)
    kills = runs = 0
    while kills < WORKER_KILLS:
        handle, request = await live.start()
        # Several kills may hit one run; over all runs every stage has its turn.
        for stage in sorted(chance.sample(STAGES, k=min(3, WORKER_KILLS - kills)), key=STAGES.index):
            await reach(handle, stage)
            await asyncio.sleep(chance.uniform(0, 0.4))
            orphans = kill(live, "worker")
            kills += 1
            _, alive = psutil.wait_procs(orphans, timeout=60)
            assert not alive, "jobs die with their worker"
        runs += 1
        progress = await finish(handle)
        check(live, progress, runs + 1, granted)
        assert scenes_of(live, request.video_id) == undisturbed


async def test_a_killed_server_loses_nothing(live: LiveStack, chance: random.Random) -> None:
    granted = 200 * SERVER_KILLS
    live.grant(granted)
    for run in range(SERVER_KILLS):
        handle, _ = await live.start(seed=run)
        await reach(handle, chance.choice(STAGES))
        await asyncio.sleep(chance.uniform(0, 0.4))
        kill(live, "temporal")
        check(live, await finish(handle), run + 1, granted)


async def ordered(live: LiveStack, order: StudioOrder) -> AcceptedOperation:
    """Order as an artist would: with the same operation id until there is an answer."""
    video = live.stores.vault.video(order.account_id, order.video_id)
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                return await operate(live.client, video, order, QUICK)
            except (ProviderUnavailable, RPCError):
                await asyncio.sleep(0.2)


async def test_a_part_killed_during_studio_costs_nothing_but_time(live: LiveStack, chance: random.Random) -> None:
    """Worker and server in turn, while images and videos are regenerated."""
    live.grant(100 + 60 * STUDIO_KILLS)
    handle, request = await live.start()
    await finish(handle)
    stores, account_id, video_id = live.stores, live.account_id, request.video_id
    scenes = len(stores.vault.timeline(account_id, video_id).scenes)
    spent = 200
    for number in range(STUDIO_KILLS):
        order = StudioOrder(
            account_id=account_id,
            video_id=video_id,
            operation_id=f"op-{number}",
            kind=(StudioKind.IMAGE, StudioKind.VIDEO)[number // 2 % 2],
            scene_index=chance.randrange(scenes),
        )
        ordering = asyncio.create_task(ordered(live, order))
        await asyncio.sleep(chance.uniform(0, 1.5))
        kill(live, ("worker", "temporal")[number % 2])
        ticket = await ordering
        spent += ticket.price
        async with asyncio.timeout(PATIENCE_S):
            while stores.ledger.balance(account_id).held:
                await asyncio.sleep(0.1)
        done = stores.operations.operation(account_id, video_id, order.operation_id)
        assert (done.state, done.version) == (StudioState.DELIVERED, number + 2)
    balance = stores.ledger.balance(account_id)
    assert (balance.posted, balance.held) == (250 + 100 + 60 * STUDIO_KILLS - spent, 0)
    assert stores.ledger.verify().differences == ()


async def test_a_part_killed_during_an_export_costs_nothing_but_time(live: LiveStack, chance: random.Random) -> None:
    handle, request = await live.start()
    await finish(handle)
    stores, account_id, video_id = live.stores, live.account_id, request.video_id
    balance = stores.ledger.balance(account_id)
    kinds = [ExportKind.SQUARE, ExportKind.TEASER, ExportKind.WIDE, ExportKind.PORTRAIT][:EXPORT_KILLS]
    for number, kind in enumerate(kinds):
        wanted = ExportRequest(
            account_id=account_id,
            video_id=video_id,
            version=1,
            kind=kind,
            title="Demo",
            style="neo-noir",
            limits=QUICK,
        )
        export = await start_export(live.client, wanted)
        await asyncio.sleep(chance.uniform(0, 0.6))
        kill(live, ("worker", "temporal")[number % 2])
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    piece = await export.result()
                    break
                except RPCError:
                    await asyncio.sleep(0.2)
        listed = [asset for asset in stores.catalogue.exports(account_id, video_id) if asset.kind is kind]
        assert listed == [piece]
        assert stores.objects.size(piece.object_key) == piece.size_bytes
    stored = list(stores.objects.list_keys(f"{video_prefix(account_id, video_id)}pieces/"))
    assert len(stored) == len(kinds)
    assert stores.ledger.balance(account_id) == balance
