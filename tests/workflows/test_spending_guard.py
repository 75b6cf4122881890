"""A run that costs 1.5 times its estimate waits for a person, and each retry allows half an estimate more."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from engines.providers.fal import FalClient, choose
from models.generation import Reason
from models.paid_media import SpendingPlan
from models.profiles import Profile
from models.progress import RunStatus
from models.storyboard import SequencePlan
from models.treatment import Treatment
from stores.opening import Stores
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World
from workflows.generate_video import GenerateVideo

SCENES = 4
MADE = SCENES - 1
COST = (MADE + 1) * 40_000 + MADE * 4 * 22_000
"""A still and a clip of 4 s for each scene that is made, and a portrait."""


class HalfOfIt:
    """Estimates half of every cost."""

    def estimate(self, plan: SequencePlan, profile: Profile, treatment: Treatment | None = None) -> SpendingPlan:
        return SpendingPlan(estimate_micro_usd=COST // 2, made=MADE, reprises=1)


@pytest.fixture
async def paid(temporal: Client, stores: Stores, fal_server: FalServer) -> AsyncIterator[World]:
    world = World(temporal, stores, Faults())
    world.engines.scenes, world.engines.duration_s = SCENES, 16.0
    world.provider, world.estimator = FalClient(KEY, choose()), HalfOfIt()
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    await world.work()
    yield world
    await world.end()


async def test_no_piece_is_bought_beyond_it_and_a_retry_allows_half_an_estimate_more(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    request = paid.request(paid.add_song(tmp_path), QUICK)
    handle, _ = await paid.start(request)
    parked = await paid.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert "more than was planned" in parked.sentence
    assert paid.balance().held == 200
    jobs = paid.stores.jobs
    assert jobs.committed_micro_usd(request.video_id) <= 1.5 * COST / 2
    assert 1.5 * COST / 2 - jobs.committed_micro_usd(request.video_id) < 4 * 22_000, "and nothing is held back before"
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="looked at it"))
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert jobs.committed_micro_usd(request.video_id) == COST
    assert (paid.balance().posted, paid.balance().held) == (50, 0)
