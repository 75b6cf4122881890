"""Runs directed through Anthropic's SDK against a local server: their payments, waits and marks."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from temporalio.client import Client

from activities.imagery import prompt_of
from activities.spending import charge
from activities.steps import pulse
from engines.providers.anthropic import AnthropicDirector
from models.directing import TOKEN_PRICES, Directing
from models.generation import Reason
from models.media_models import PromptLimits
from models.progress import Progress, RunStatus, StageName
from models.spending import report_on
from models.timeline import DIRECTED_LOCALLY, Timeline
from stores.opening import Stores
from temporal.generation import GenerateHandle
from tests.fakes.anthropic_server import (
    KEY,
    AnthropicServer,
    answered,
    anthropic_server,
    dropped,
    failed,
    failing_halfway,
    held,
    stopped,
)
from tests.fakes.engines import Faults
from tests.fakes.world import World
from workflows.generate_video import GenerateVideo

__all__ = ["anthropic_server"]


@pytest.fixture
async def directed(temporal: Client, stores: Stores, anthropic_server: AnthropicServer) -> AsyncIterator[World]:
    """A world whose director asks the server."""
    world = World(temporal, stores, Faults())
    director = AnthropicDirector(KEY, anthropic_server.url, Directing(), TOKEN_PRICES, PromptLimits(), pulse, charge)
    world.director = director
    await world.work()
    yield world
    await world.end()
    director.close()


def ready(progress: Progress) -> bool:
    assert progress.failure is None, progress.failure
    return progress.status is RunStatus.DRAFT_READY


def parked(progress: Progress) -> bool:
    return progress.status is RunStatus.NEEDS_ATTENTION


async def begin(world: World, folder: Path) -> tuple[GenerateHandle, str]:
    request = world.request(world.add_song(folder))
    handle, _ = await world.start(request)
    return handle, request.video_id


def timeline(world: World, video_id: str) -> Timeline:
    return world.stores.vault.timeline(world.account_id, video_id, 1)


async def test_a_run_pays_for_each_call_once_and_reads_the_cache(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    handle, video_id = await begin(directed, tmp_path)
    await directed.until(handle, ready)
    spent = directed.stores.spending.of(video_id)
    assert len(spent) == len(anthropic_server.asked) == 2 + 4 + 4, "vision, casting, and four sections twice"
    assert {line.stage for line in spent} == {
        StageName.VISION, StageName.CASTING, StageName.SHOTS, StageName.PROMPTS
    }  # fmt: skip
    assert {line.account_id for line in spent} == {directed.account_id}
    report = report_on(spent)
    assert report.cost_micro_usd == directed.stores.spending.total_micro_usd(video_id) > 0
    assert report.unpriced_calls == 0
    for stage in (StageName.SHOTS, StageName.PROMPTS):
        written = [line for line in spent if line.stage is stage and line.cache_write_tokens]
        read = [line for line in spent if line.stage is stage and line.cache_read_tokens]
        assert (len(written), len(read)) == (1, 3), "sections asked at once share one cache entry"
    scenes = timeline(directed, video_id).scenes
    assert [scene.marks for scene in scenes] == [()] * len(scenes)
    assert "walks past the window" in scenes[0].prompt


async def test_a_reprise_has_the_words_of_the_picture_that_it_shows(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    handle, video_id = await begin(directed, tmp_path)
    await directed.until(handle, ready)
    shown, reprise = timeline(directed, video_id).scenes[0], timeline(directed, video_id).scenes[7]
    assert reprise.reprise_of == 0
    assert reprise.section_index != shown.section_index, "they were directed at once, by two calls"
    assert reprise.prompt == shown.prompt
    assert reprise.motion_prompt.partition("; ")[2] == shown.motion_prompt.partition("; ")[2] != ""
    assert (reprise.character_ids, reprise.location_id) == (shown.character_ids, shown.location_id)
    assert reprise.seed == shown.seed
    prompt = prompt_of(directed.stores.objects, reprise.prompts_key, reprise.index)
    assert (prompt.scene_index, prompt.image_prompt) == (7, shown.prompt), "Studio starts from the same words"


async def test_scenes_that_were_filled_in_are_marked_in_the_timeline(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    def without_scene_four(data: dict[str, list[dict[str, int]]]) -> object:
        return {"shots": [one for one in data["shots"] if one["scene"] != 4]}

    anthropic_server.plan("shots", *[answered(without_scene_four)] * 20)
    handle, video_id = await begin(directed, tmp_path)
    await directed.until(handle, ready)
    scenes = timeline(directed, video_id).scenes
    assert [scene.index for scene in scenes if scene.marks] == [3]
    assert scenes[3].marks == (DIRECTED_LOCALLY,)


async def test_faults_on_the_way_cost_tries_and_nothing_else(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    anthropic_server.plan("vision", failed(529, "overloaded_error"), dropped)
    anthropic_server.plan("casting", failing_halfway(), failed(500, "api_error"))
    anthropic_server.plan("shots", failed(429, "rate_limit_error", retry_after="0"), dropped)
    handle, video_id = await begin(directed, tmp_path)
    await directed.until(handle, ready)
    outcomes = [line.outcome for line in directed.stores.spending.of(video_id)]
    assert outcomes.count("used") == 10
    assert outcomes.count("failed") == 1, "the answer that failed halfway had begun, so it was paid for"


@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limit_error"), (529, "overloaded_error")])
async def test_the_providers_own_delay_is_kept(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path, status: int, kind: str
) -> None:
    anthropic_server.plan("vision", failed(status, kind, retry_after="2"))
    handle, _ = await begin(directed, tmp_path)
    await directed.until(handle, ready)
    history = await handle.fetch_history()
    started = {
        event.activity_task_started_event_attributes.scheduled_event_id: event
        for event in history.events
        if event.HasField("activity_task_started_event_attributes")
    }
    waited = [
        (started[event.event_id].event_time.ToDatetime() - event.event_time.ToDatetime()).total_seconds()
        for event in history.events
        if event.activity_task_scheduled_event_attributes.activity_type.name == "envision_video"
    ]
    assert waited[0] >= 2.0, "our own interval would have been a twentieth of a second"


async def test_a_key_that_is_refused_parks_the_run_at_once_with_the_reason(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    anthropic_server.plan("vision", failed(401, "authentication_error", "invalid x-api-key"))
    handle, _ = await begin(directed, tmp_path)
    progress = await directed.until(handle, parked)
    assert "ANTHROPIC_API_KEY" in progress.sentence
    assert len(anthropic_server.asked) == 1, "a wrong key stays wrong"
    assert directed.balance().available == 50
    await handle.execute_update(GenerateVideo.retry_stage, Reason())
    await directed.until(handle, ready)


async def test_a_declined_brief_ends_the_run_and_gives_the_credits_back(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    anthropic_server.plan("vision", stopped("refusal"))
    handle, _ = await begin(directed, tmp_path)
    progress = await directed.until(handle, lambda progress: progress.failure is not None)
    assert progress.failure is not None
    assert progress.failure.type == "ContentRefused"
    assert "change it" in progress.failure.sentence
    assert directed.balance().available == 250


async def test_a_cancelled_run_hangs_up(directed: World, anthropic_server: AnthropicServer, tmp_path: Path) -> None:
    begun, never, hung_up = threading.Event(), threading.Event(), threading.Event()
    anthropic_server.plan("vision", held(never, begun, hung_up))
    handle, video_id = await begin(directed, tmp_path)
    assert await asyncio.to_thread(begun.wait, 200)
    await handle.cancel()
    assert await asyncio.to_thread(hung_up.wait, 200), "the connection is closed while the model still writes"
    never.set()
    await directed.until(handle, lambda progress: progress.status is RunStatus.CANCELLED)
    async with asyncio.timeout(200):
        while not directed.stores.spending.of(video_id):
            await asyncio.sleep(0.02)
    (line,) = directed.stores.spending.of(video_id)
    assert line.outcome == "withdrawn"


async def test_requests_carry_nothing_that_names_the_account(
    directed: World, anthropic_server: AnthropicServer, tmp_path: Path
) -> None:
    handle, video_id = await begin(directed, tmp_path)
    await directed.until(handle, ready)
    sent = json.dumps([one.body for one in anthropic_server.asked])
    assert directed.account_id not in sent
    assert video_id not in sent
    assert "accounts/" not in sent
