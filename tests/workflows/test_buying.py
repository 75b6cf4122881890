"""A run that buys its pictures and clips, from a server that speaks fal's queue, through fal's own client."""

import asyncio
import dataclasses
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from uuid import uuid4

import pytest
from temporalio.client import Client, WorkflowFailureError

from engines.picture.delivered import Inspector
from engines.providers.fal import FalClient, choose
from gateways.fal_webhooks import FalWebhooks, WebhookVerifier
from models.failures import ProviderUnavailable
from models.generation import Reason, ReconcileRequest
from models.paid_media import JobState, PermitRequest, SpendingPlan
from models.profiles import Profile
from models.progress import RunStatus, StageName
from models.queues import QUEUE
from models.spending import report_on
from models.stages import STAGES
from models.storyboard import SequencePlan
from models.timeline import FALLBACK, FREE_RETRY
from models.treatment import Treatment
from stores.opening import Stores
from temporal.generation import GenerateHandle
from temporal.resets import reset_generation
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import World
from workflows.bookkeeping import ReconcileJobs
from workflows.generate_video import GenerateVideo

FOR_EVER_S = 1e6
SCENES = 8
MADE = SCENES - 1
"""The last scene of the instant plan is a reprise."""

NEEDED = 2 * MADE + 1
"""A still and a clip for each scene that is made, and a portrait."""


@pytest.fixture
async def paid(temporal: Client, stores: Stores, fal_server: FalServer) -> AsyncIterator[World]:
    """A world that buys."""
    world = World(temporal, stores, Faults())
    world.engines.scenes = SCENES
    world.provider = FalClient(KEY, choose("standard"))
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    await world.work()
    yield world
    await world.end()


async def start(world: World, folder: Path) -> GenerateHandle:
    handle, _ = await world.start(world.request(world.add_song(folder)))
    return handle


async def made(world: World, folder: Path) -> GenerateHandle:
    handle = await start(world, folder)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    return handle


def jobs_of(world: World, handle: GenerateHandle) -> list[tuple[str, JobState, int]]:
    jobs = world.stores.jobs.of_video(handle.id.removeprefix("generate-"))
    return [(job.job_key.removeprefix(f"{handle.id}."), job.state, job.unknowns) for job in jobs]


async def test_each_piece_is_bought_once_and_what_it_cost_stands_on_the_run(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    handle = await made(paid, tmp_path)
    assert fal_server.bought == len(fal_server.jobs) == NEEDED
    jobs = jobs_of(paid, handle)
    assert len(jobs) == NEEDED
    assert all(state is JobState.DONE and unknowns == 0 for _, state, unknowns in jobs)
    report = report_on(paid.stores.spending.of(handle.id.removeprefix("generate-")))
    assert report.calls == NEEDED
    assert report.cost_micro_usd == (MADE + 1) * 40_000 + MADE * 8 * 22_000
    scenes = paid.stores.vault.timeline(paid.account_id, handle.id.removeprefix("generate-")).scenes
    assert scenes[-1].still_key == scenes[0].still_key
    assert paid.faults.calls["conform"] == SCENES, "a reprise is cut from the footage of its first showing"
    assert "paint" not in paid.faults.calls
    assert "animate" not in paid.faults.calls
    assert paid.balance().posted == 50


async def test_the_ticket_is_in_the_history_before_anything_waits(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    handle = await made(paid, tmp_path)
    tickets = {}
    async for event in handle.fetch_history_events():
        done = event.activity_task_completed_event_attributes
        for payload in done.result.payloads:
            if b"request_id" in payload.data and b"status_url" in payload.data:
                tickets[payload.data] = event.event_id
    assert len(tickets) == NEEDED


async def test_a_still_that_shows_a_character_is_made_with_its_portrait(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    paid.engines.in_frame = ("c1",)
    await made(paid, tmp_path)
    stills = [one for one in fal_server.submissions if "nano-banana" in one["endpoint"]]
    assert stills[0]["endpoint"] == "google/nano-banana-2.1"
    assert "Character reference" in stills[0]["arguments"]["prompt"]
    for still in stills[1:]:
        assert still["endpoint"] == "google/nano-banana-2.1/edit"
        assert still["arguments"]["image_urls"][0].startswith("data:image/jpeg;base64,")


@pytest.mark.parametrize("trouble", ["drop after", "502 accepted", "drop before"])
async def test_a_lost_answer_is_submitted_once_more_and_counted(
    paid: World, fal_server: FalServer, tmp_path: Path, trouble: str
) -> None:
    fal_server.behaviour.submission = lambda number, arguments: trouble if number == 2 else ""
    handle = await made(paid, tmp_path)
    unknowns = sum(unknown for _, _, unknown in jobs_of(paid, handle))
    assert unknowns == 1
    assert fal_server.bought == NEEDED + (trouble != "drop before")
    spendings = paid.stores.spending.of(handle.id.removeprefix("generate-"))
    assert [one.outcome for one in spendings].count("unknown") == 1


async def test_twice_lost_waits_for_a_person_and_keeps_the_credits(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    lost: list[int] = []

    def lose(number: int, arguments: dict[str, object]) -> str:
        if "image_url" not in arguments or arguments["prompt"] != "a fox 2":
            return ""
        lost.append(number)
        return "drop after" if len(lost) <= 2 else ""

    fal_server.behaviour.submission = lose
    handle = await start(paid, tmp_path)
    parked = await paid.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert "bought twice" in parked.sentence
    assert paid.balance().held == 200
    assert len(lost) == 2, "the piece itself is not bought again while a person is waited for"
    await handle.execute_update(GenerateVideo.retry_stage, Reason(reason="looked at the dashboard"))
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert len(lost) == 3
    unknowns = sum(unknown for _, _, unknown in jobs_of(paid, handle))
    assert fal_server.bought == NEEDED + unknowns == NEEDED + 2


@pytest.mark.parametrize("trouble", ["429", "500", "503"])
async def test_trouble_before_a_job_exists_is_simply_tried_again(
    paid: World, fal_server: FalServer, tmp_path: Path, trouble: str
) -> None:
    fal_server.behaviour.submission = lambda number, arguments: "" if number % 3 else trouble
    await made(paid, tmp_path)
    assert fal_server.bought == NEEDED


@pytest.mark.parametrize("fate", ["failed", "black", "cut", "text", "frozen", "short"])
async def test_a_job_that_came_to_nothing_is_bought_again_under_another_key(
    paid: World, fal_server: FalServer, tmp_path: Path, fate: str
) -> None:
    await paid.rest()
    paid.inspector = Inspector()
    await paid.work()
    spoilt: list[int] = []

    def spoil(number: int, arguments: dict[str, object]) -> str:
        if "image_url" in arguments and not spoilt:
            spoilt.append(number)
            return fate
        return "ok"

    fal_server.behaviour.job = spoil
    handle = await made(paid, tmp_path)
    assert len(fal_server.jobs) == NEEDED + 1
    failed = [key for key, state, _ in jobs_of(paid, handle) if state is JobState.FAILED]
    assert len(failed) == 1
    assert failed[0].endswith(".0")


async def test_a_refused_prompt_is_rewritten_and_bought_under_another_key(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.job = lambda n, arguments: "ok" if n != 1 or "softly" in arguments["prompt"] else "policy"
    handle = await made(paid, tmp_path)
    assert paid.faults.calls["rewrite"] == 1
    assert len(fal_server.jobs) == NEEDED + 1
    scenes = paid.stores.vault.timeline(paid.account_id, handle.id.removeprefix("generate-")).scenes
    assert not any(FALLBACK in scene.marks for scene in scenes)


@pytest.mark.parametrize(("scene", "fallen"), [(3, {3}), (0, {0, MADE})])
async def test_what_stays_refused_falls_back_for_that_scene(
    paid: World, fal_server: FalServer, tmp_path: Path, scene: int, fallen: set[int]
) -> None:
    """And for its reprise, which would have shown the same footage again."""

    def refuse(number: int, arguments: dict[str, object]) -> str:
        prompt = str(arguments["prompt"])
        return "policy" if "image_url" in arguments and (prompt == f"a fox {scene}" or "softly" in prompt) else "ok"

    fal_server.behaviour.job = refuse
    handle = await made(paid, tmp_path)
    scenes = paid.stores.vault.timeline(paid.account_id, handle.id.removeprefix("generate-")).scenes
    assert {one.index for one in scenes if one.marks == (FALLBACK, FREE_RETRY)} == fallen
    assert paid.faults.calls["rewrite"] == 2
    assert paid.faults.calls["move"] == len(fallen)


async def test_a_cancelled_run_cancels_its_queued_jobs_and_is_refunded(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.queue_s = FOR_EVER_S
    handle = await start(paid, tmp_path)
    async with asyncio.timeout(200):
        while len(fal_server.jobs) < 1:
            await asyncio.sleep(0.02)
        await asyncio.sleep(0.3)
    await handle.cancel()
    with pytest.raises(WorkflowFailureError):
        await handle.result()
    assert paid.balance().posted == 250
    assert any(job.cancelled for job in fal_server.jobs.values())
    # What was on its way in that moment is cancelled by the reconciler.
    async with asyncio.timeout(200):
        while not all(job.cancelled for job in fal_server.jobs.values()):
            look, name = ReconcileJobs.run, f"reconcile-{uuid4().hex}"
            await paid.client.execute_workflow(look, ReconcileRequest(), id=name, task_queue=QUEUE)
    assert {state for _, state, _ in jobs_of(paid, handle)} == {JobState.CANCELLED}


async def test_a_worker_that_stops_lets_another_attach_to_its_jobs(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.still_s = 1.0
    handle = await start(paid, tmp_path)
    async with asyncio.timeout(200):
        while not fal_server.jobs:
            await asyncio.sleep(0.02)
    await paid.rest()
    await paid.work()
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert fal_server.bought == NEEDED


async def test_permits_cap_what_is_in_flight(paid: World, fal_server: FalServer, tmp_path: Path) -> None:
    await paid.rest()
    paid.terms = dataclasses.replace(paid.terms, capacity=2)
    await paid.work()
    fal_server.behaviour.still_s = fal_server.behaviour.clip_s = 0.1
    await made(paid, tmp_path)
    assert fal_server.most_running <= 2
    assert fal_server.bought == NEEDED


async def test_studio_is_served_before_drafts_and_artists_in_turn(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    permits, key = paid.stores.permits, paid.terms.permit_key
    for number in range(3):
        permits.ask(PermitRequest(job_key=f"ada-{number}", provider=key, account_id="ada"), 0)
    permits.ask(PermitRequest(job_key="studio", provider=key, account_id="bob", urgent=True), 0)
    assert permits.grant(key, 1) == {"studio"}


async def test_a_run_that_costs_more_than_planned_waits_for_a_person(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    await paid.rest()
    paid.estimator = OneCent()
    await paid.work()
    handle = await start(paid, tmp_path)
    parked = await paid.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    assert "more than was planned" in parked.sentence
    assert paid.balance().held == 200
    await handle.execute_update(GenerateVideo.abandon, Reason(reason="too dear"))
    assert paid.balance().posted == 250


class OneCent:
    """Says that everything costs a cent."""

    def estimate(self, plan: SequencePlan, profile: Profile, treatment: Treatment | None = None) -> SpendingPlan:
        return SpendingPlan(estimate_micro_usd=10_000, made=MADE, reprises=1)


class Reception:
    """Takes fal's calls over http, as the backend does."""

    def __init__(self, webhooks: FalWebhooks) -> None:
        self.calls = 0
        reception = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                try:
                    webhooks.receive(self.path.rpartition("/")[2], self.headers, body)  # type: ignore[arg-type]
                except ProviderUnavailable:
                    self.send_response(503)
                else:
                    reception.calls += 1
                    self.send_response(200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/webhooks"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
async def called(paid: World, fal_server: FalServer) -> AsyncIterator[Reception]:
    """The paid world where fal can call us."""
    keys = WebhookVerifier(f"https://{fal_server.address}/.well-known/jwks.json")
    webhooks = FalWebhooks(paid.stores.jobs, keys)
    webhooks.read_keys_early()  # as the backend does
    reception = Reception(webhooks)
    await paid.rest()
    paid.terms = dataclasses.replace(
        paid.terms, webhook_url=lambda job_key: f"{reception.url}/{job_key}", unknown_patience_s=100
    )
    await paid.work()
    yield reception
    reception.close()


@pytest.mark.parametrize("webhooks", ["once", "early", "twice", "never"])
async def test_webhooks_may_come_early_twice_or_never(
    paid: World, called: Reception, fal_server: FalServer, tmp_path: Path, webhooks: str
) -> None:
    fal_server.behaviour.webhooks = webhooks
    handle = await made(paid, tmp_path)
    assert fal_server.bought == NEEDED
    assert all(unknowns == 0 for _, _, unknowns in jobs_of(paid, handle))


async def test_a_webhook_is_faster_than_asking(
    paid: World, called: Reception, fal_server: FalServer, tmp_path: Path
) -> None:
    await paid.rest()
    paid.terms = dataclasses.replace(paid.terms, poll_s=25.0, most_poll_s=25.0)
    await paid.work()
    fal_server.behaviour.still_s = fal_server.behaviour.clip_s = 0.2
    await made(paid, tmp_path)
    assert called.calls == NEEDED


async def test_a_lost_answer_is_found_by_its_webhook_and_not_bought_again(
    paid: World, called: Reception, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.submission = lambda number, arguments: "drop after" if number in (2, 9) else ""
    handle = await made(paid, tmp_path)
    assert fal_server.bought == NEEDED
    assert all(unknowns == 0 for _, _, unknowns in jobs_of(paid, handle))


async def test_a_job_that_its_provider_has_forgotten_is_settled_too(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.still_s = FOR_EVER_S
    handle = await start(paid, tmp_path)
    async with asyncio.timeout(200):
        while not fal_server.jobs:
            await asyncio.sleep(0.02)
    await paid.rest()
    await handle.terminate()
    fal_server.jobs.clear()
    await paid.work()
    async with asyncio.timeout(200):
        while any(state is JobState.SUBMITTED for _, state, _ in jobs_of(paid, handle)):
            look, name = ReconcileJobs.run, f"reconcile-{uuid4().hex}"
            await paid.client.execute_workflow(look, ReconcileRequest(), id=name, task_queue=QUEUE)


@pytest.mark.parametrize("stage", [StageName.STILLS, StageName.CLIPS])
async def test_a_reset_to_a_stage_that_buys_finds_what_was_bought(
    paid: World, fal_server: FalServer, tmp_path: Path, stage: StageName
) -> None:
    handle = await made(paid, tmp_path)
    await reset_generation(paid.client, handle.id.removeprefix("generate-"), STAGES[stage].first_step, "test")
    await paid.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert fal_server.bought == NEEDED
    assert (paid.balance().posted, paid.balance().held) == (50, 0)
