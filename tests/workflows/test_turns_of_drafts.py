"""Drafts beyond the places of a deployment wait for their turn: held, told, and safe from a lost worker."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client, WorkflowFailureError

from models.paid_media import DRAFTS_KEY
from models.progress import Progress, RunStatus, StageStatus
from stores.opening import Stores
from tests.fakes.engines import Faults
from tests.fakes.world import QUICK, World
from tests.workflows.test_hearing_again import blocking


@pytest.fixture
async def narrow(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world with a place for one draft in the making."""
    world = World(temporal, stores, Faults())
    world.engines.scenes, world.drafts_at_once = 3, 1
    await world.work()
    yield world
    await world.end()


def waits(progress: Progress) -> bool:
    return progress.sentence == "Waiting for its turn."


async def test_a_draft_waits_for_its_turn(narrow: World, tmp_path: Path) -> None:
    narrow.grant(400)
    _, go_on = blocking(narrow, "envision")
    song_id = narrow.add_song(tmp_path)
    first, _ = await narrow.start(narrow.request(song_id, QUICK))
    await narrow.until(first, lambda p: p.stages[1].status is StageStatus.RUNNING)
    second, admission = await narrow.start(narrow.request(song_id, QUICK))
    assert admission.amount == 200
    seen = await narrow.until(second, waits)
    assert seen.status is RunStatus.RUNNING
    assert {stage.status for stage in seen.stages} == {StageStatus.PENDING}

    cancelled, _ = await narrow.start(narrow.request(song_id, QUICK))
    await narrow.until(cancelled, waits)
    await cancelled.cancel()
    with pytest.raises(WorkflowFailureError):
        await cancelled.result()
    assert narrow.balance().held == 400, "its credits are back"

    go_on.set()
    for handle in (first, second):
        await narrow.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert narrow.stores.permits.grant(DRAFTS_KEY, 1) <= {f"{cancelled.id}/generate"}, "places end with their drafts"


async def test_a_draft_whose_worker_is_lost_keeps_waiting(narrow: World, tmp_path: Path) -> None:
    narrow.grant(200)
    _, go_on = blocking(narrow, "envision")
    song_id = narrow.add_song(tmp_path)
    first, _ = await narrow.start(narrow.request(song_id))
    await narrow.until(first, lambda p: p.stages[1].status is StageStatus.RUNNING)
    second, _ = await narrow.start(narrow.request(song_id))
    await narrow.until(second, waits)
    go_on.set()
    await narrow.rest()
    await narrow.work()
    for handle in (first, second):
        await narrow.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
