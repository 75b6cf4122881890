"""A story with telemetry on: one trace a request, figures on support's page, and no word of an artist in any of it."""

import asyncio
import json
import logging
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
import structlog

from gateways.telemetry.logs import configure_logs
from models.failures import ContentRefused, ProviderUnavailable
from models.measures import trace
from models.progress import RunStatus
from models.queues import QUEUE
from models.studio import StudioKind
from models.telemetry import Telemetry
from services.figures import collect_figures, figures_of_all
from settings import Settings
from stores.opening import Stores
from temporal.connection import connect
from temporal.generation import GenerateHandle, generation
from tests.api.conftest import Api, api_settings, serve
from tests.api.test_studio import ended
from tests.api.test_support import helper
from tests.fakes.collector import Collector, collecting
from tests.fakes.desk import Desk
from tests.fakes.engines import Faults
from tests.fakes.scraping import missing
from tests.fakes.world import QUICK, World, stores

__all__ = ["api_settings", "serve", "stores"]

PAID = ("echonos_provider_seconds", "echonos_spend_usd", "echonos_job_peak_bytes")
"""Measured only where something is bought or computed: tests/workflows/test_paid_generation.py."""

FAILED_TASKS = "temporal_workflow_task_execution_failed_total"
WORDS = PROMPT, TITLE, EDIT, REFUSED = ("zanzibar", "quokka", "marmalade", "thunderhead")


@pytest.fixture
def logs(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process's logs as a worker in production writes them."""
    before = structlog.get_config()
    monkeypatch.setattr(logging.root, "handlers", [])
    configure_logs("json")
    yield
    structlog.configure(**before)


async def test_a_story_is_traced_measured_and_logged_without_its_words(
    serve: Callable[[Settings], Any],
    api_settings: Settings,
    stores: Stores,
    logs: None,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    with collecting() as collector:
        telemetry = Telemetry(metrics="127.0.0.1:0", folder=tmp_path / "metrics", traces=collector.url)
        async with serve(api_settings.model_copy(update={"telemetry": telemetry})) as api:
            world = World(await connect(api.backend.settings, **api.backend.observed), stores, Faults())
            await world.work()
            first, second, artist = await story(api, world, tmp_path)
            figures = await figures_of(api)
            await world.end()
        # Leaving the block closed telemetry, which sent the last spans.
        one_trace_each(collector, first, second)
        for word in (*WORDS, artist):
            assert word.encode() not in collector.raw.lower(), word
    (generations,) = figures["echonos_generations_total"].items()
    assert ("outcome=draft_ready" in generations[0], generations[1]) == (True, 2.0)
    assert figures["echonos_held_credits"] == {"": 200.0}
    assert figures["echonos_parked_runs"].get("reason=ProviderUnavailable,stage=image-generation") == 1
    assert sum(figures["echonos_stage_seconds_count"].values()) >= 9
    assert sum(figures["echonos_scenes_total"].values()) >= 16
    assert any("ContentRefused" in labels for labels in figures["echonos_errors_total"])

    logged = capsys.readouterr().err
    lines = [json.loads(line) for line in logged.splitlines()]
    assert [word for word in (*WORDS, artist) if word in logged.lower()] == []
    failed = next(line for line in lines if line["event"] == "step failed" and line["failure"] == "ContentRefused")
    assert {"trace", "account", "video", "stage", "attempt", "step"} <= failed.keys()
    asked = [line for line in lines if line["event"] == "request" and line["method"] == "POST"]
    assert all({"request", "trace"} <= line.keys() for line in asked)
    assert any(line.get("video") == second and line.get("account") == failed["account"] for line in asked)


def be_away(_count: int) -> None:
    raise ProviderUnavailable("The painter is away.")


async def story(api: Api, world: World, folder: Path) -> tuple[str, str, str]:
    """Two videos, one of them over HTTP with Studio, one that continues as new; returns their ids and an address."""
    artist = await api.sign_up()
    api.grant(artist.account_id, 800)
    world.account_id = artist.account_id
    limits = QUICK.model_copy(update={"history_events": 60})
    request = world.request(world.add_song(folder), limits)
    request = request.model_copy(update={"brief": request.brief.model_copy(update={"prompt": PROMPT})})
    with trace("a command"):
        handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    desk = Desk(world, request.video_id, handle, limits)
    await desk.do(StudioKind.IMAGE, 1)

    song = api.add_song(artist.account_id, TITLE)
    order = {"song_id": song.song_id, "prompt": f"{PROMPT} at night", "style": "film-noir"}
    answer = await artist.http.post("/api/v1/videos", json=order, headers={"Idempotency-Key": "order"})
    assert answer.status_code == 202, answer.text
    video_id = str(answer.json()["video_id"])
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    url, body = f"/api/v1/videos/{video_id}", {"kind": "image", "prompt": f"{EDIT} by the sea"}
    asked = await artist.http.post(f"{url}/scenes/2/regenerations", json=body, headers={"Idempotency-Key": "again"})
    assert asked.status_code == 202, asked.text
    await ended(artist, url, asked.json()["operation_id"])

    def refuse(_count: int) -> None:
        raise ContentRefused(f"Not with {REFUSED}.")

    world.faults.plans["paint"] = refuse
    assert (await desk.do(StudioKind.IMAGE, 2)).failure is not None

    world.faults.plans["paint"] = be_away
    parked, _ = await world.start(world.request(world.add_song(folder)))
    await world.until(parked, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    wrong = await world.client.start_workflow("EnhanceBrief", 3, id=f"wrong-{video_id}", task_queue=QUEUE)
    world.handles += [generation(world.client, video_id), cast(GenerateHandle, wrong)]
    return request.video_id, video_id, artist.email


async def figures_of(api: Api) -> dict[str, dict[str, float]]:
    """The figures of support's page, which shows the same as a scrape."""
    async with asyncio.timeout(200):  # the server's index of runs comes a moment later than the runs
        while True:
            await collect_figures(api.backend)
            groups, _ = await figures_of_all(api.backend)
            if {"echonos_parked_runs", FAILED_TASKS} <= {group.name for group in groups}:
                break
            await asyncio.sleep(0.2)
    support = await helper(api)
    answer = await support.http.get("/api/v1/support/figures")
    assert answer.status_code == 200, answer.text
    assert answer.json()["silent"] == []
    shown = {
        group["name"]: {one["labels"]: one["value"] for one in group["figures"]} for group in answer.json()["groups"]
    }
    page = (await support.http.get("/support/figures")).text
    assert api.backend.telemetry is not None
    assert api.backend.telemetry.server is not None
    scraped = httpx.get(api.backend.telemetry.server.url, trust_env=False).text
    for name in shown:
        assert name in scraped
        assert name in page
    absent = {one for _, one in missing(scraped)}
    assert {one for one in absent if not one.startswith(PAID)} == set(), "alerts ask for nothing that no process has"
    artist = await api.sign_up()
    assert (await artist.http.get("/support/figures")).status_code == 404
    return shown


def one_trace_each(collector: Collector, continued: str, ordered: str) -> None:
    """Each request has one trace, with everything that it caused."""

    def of(video_id: str, start: str) -> set[bytes]:
        ids = {f"generate-{video_id}"}
        return {
            span.trace_id for span in collector.named(start) if collector.attribute(span, "temporalWorkflowID") in ids
        }

    (request,) = {span.trace_id for span in collector.named("POST /videos") if span.name.endswith("/videos")}
    for start in ("StartUpdateWithStartWorkflow:GenerateVideo", "RunWorkflow:", "HandleUpdate:admit", "RunActivity:"):
        assert request in of(ordered, start), start
    assert of(ordered, "RunWorkflow:") == {request}
    children = {s.trace_id for s in collector.named("RunWorkflow:AnalyzeSong")}
    assert request in children

    (studio,) = {span.trace_id for span in collector.named("POST /videos/{video_id}/scenes")}
    assert studio != request
    (update,) = [s for s in collector.named("HandleUpdate:regenerate_scene") if s.trace_id == studio]
    assert [link.trace_id for link in update.links] == [request], "linked to the run's trace"
    takes = [span for span in collector.spans if span.trace_id == studio]
    assert {"RunWorkflow:RegenerateScene", "RunActivity:paint_still", "RunActivity:join_version"} <= {
        span.name for span in takes
    }

    (command,) = {span.trace_id for span in collector.named("a command")}
    runs = {
        collector.attribute(span, "temporalRunID")
        for span in collector.named("RunWorkflow:GenerateVideo")
        if span.trace_id == command
    }
    assert len(runs) >= 2, "continued as new in the same trace"
    assert of(continued, "RunActivity:") >= {command}
    assert not collector.named("QueryWorkflow:")
