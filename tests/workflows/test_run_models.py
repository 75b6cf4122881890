"""A run with models of its own: its plan, purchases and estimate use them, and Studio keeps them."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from engines.estimating import SpendingEstimator
from engines.providers.fal import FalClient, choose
from models.paid_media import SpendingBounds
from models.profiles import PROFILES, ProfileName
from models.progress import RunStatus
from models.storyboard import SequencePlan
from models.studio import StudioKind
from stores.opening import Stores
from tests.fakes.desk import Desk
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World

H3_MAX = "minimax/h3-max/image-to-video"
SEEDANCE = "fal-ai/bytedance/seedance/v1/pro/fast/image-to-video"
KLING_26 = "fal-ai/kling-video/v2.6/pro/image-to-video"
BOUNDS = SpendingBounds(least_usd=30, most_usd=30)


@pytest.fixture
async def buying(temporal: Client, stores: Stores, fal_server: FalServer) -> AsyncIterator[World]:
    world = World(temporal, stores, Faults())
    house = SpendingEstimator(choose("standard"), BOUNDS, max_scenes=8)
    world.provider, world.planner, world.estimator = FalClient(KEY, choose("standard")), house.planner, house.planner
    world.planners = lambda still, clip: house.other(still, clip).planner
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    world.grant(1_000)
    await world.work()
    yield world
    await world.end()


async def bought(world: World, folder: Path, **models: str) -> Desk:
    limits = QUICK.model_copy(update={"max_scenes": 8})
    request = world.request(world.add_song(folder), limits).model_copy(update=models)
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    return Desk(world, request.video_id, handle, limits)


def clips(fal_server: FalServer) -> list[tuple[str, object, object]]:
    sent = [(one["endpoint"], one["arguments"]) for one in fal_server.submissions]
    return [
        (endpoint, arguments["duration"], arguments.get("resolution"))
        for endpoint, arguments in sent
        if "prompt" in arguments and "duration" in arguments
    ]


async def test_all_scenes_and_studio_are_made_by_the_models_of_the_run(
    buying: World, fal_server: FalServer, tmp_path: Path
) -> None:
    desk = await bought(buying, tmp_path, still_model="google/nano-banana-2.1@2K", clip_model=f"{H3_MAX}@480p")
    made = clips(fal_server)
    assert {(endpoint, resolution) for endpoint, _, resolution in made} == {(H3_MAX, "480P")}
    assert all(isinstance(duration, int) and 5 <= duration <= 15 for _, duration, _ in made)
    stills = [one["arguments"] for one in fal_server.submissions if "nano" in one["endpoint"]]
    assert {still["resolution"] for still in stills} == {"2K"}
    cost = sum(int(str(duration)) * 50_000 for _, duration, _ in made) + len(stills) * 60_000
    assert buying.stores.spending.total_micro_usd(desk.video_id) == cost, "the bought length is booked"

    timeline = desk.timeline()
    assert (timeline.still_model, timeline.clip_model) == ("google/nano-banana-2.1@2K", f"{H3_MAX}@480P")
    fal_server.submissions.clear()
    await desk.do(StudioKind.IMAGE, 1)
    await desk.do(StudioKind.VIDEO, 2)
    assert {(endpoint, resolution) for endpoint, _, resolution in clips(fal_server)} == {(H3_MAX, "480P")}
    assert [one["arguments"]["resolution"] for one in fal_server.submissions if "nano" in one["endpoint"]] == ["2K"]
    assert desk.timeline().clip_model == f"{H3_MAX}@480P"


async def test_studio_keeps_the_models_of_its_video_when_the_house_has_changed(
    buying: World, fal_server: FalServer, tmp_path: Path
) -> None:
    desk = await bought(buying, tmp_path)
    assert {(endpoint, resolution) for endpoint, _, resolution in clips(fal_server)} == {(SEEDANCE, "720p")}
    await buying.rest()
    buying.provider = FalClient(KEY, choose("premium"))
    await buying.work()
    fal_server.submissions.clear()
    await desk.do(StudioKind.VIDEO, 1)
    assert [(endpoint, resolution) for endpoint, _, resolution in clips(fal_server)] == [(SEEDANCE, "720p")]


async def test_plan_and_estimate_follow_the_models_of_the_run(
    buying: World, fal_server: FalServer, tmp_path: Path
) -> None:
    estimates = {}
    for model in ("", H3_MAX, KLING_26):
        desk = await bought(buying, tmp_path, clip_model=model)
        plan = SequencePlan.from_bytes(buying.stores.objects.get_bytes(desk.timeline().plan_key))
        fps = PROFILES[ProfileName.TINY].fps
        row = choose(clip_endpoint=model).clip
        for scene in plan.scenes:
            assert float(scene.frame_count / fps) <= row.durations_s[-1]
        estimates[model] = buying.stores.spending.total_micro_usd(desk.video_id)
    assert estimates[""] < estimates[H3_MAX], "a clip of 5 s is the least that it sells"


async def test_a_model_that_is_not_known_ends_the_run_with_a_refund(buying: World, tmp_path: Path) -> None:
    request = buying.request(buying.add_song(tmp_path)).model_copy(update={"clip_model": "fal-ai/nothing"})
    handle, _ = await buying.start(request)
    progress = await buying.until(handle, lambda p: p.status is not RunStatus.RUNNING)
    assert progress.status is RunStatus.FAILED
    assert "fal-ai/nothing" in progress.sentence
    assert "minimax/h3-max" in progress.sentence
    assert buying.balance().held == 0
