"""A whole generation with everything real but the providers, and those are reached by their real SDKs."""

from contextlib import AsyncExitStack
from pathlib import Path
from uuid import uuid4

import av
import httpx
from pydantic import SecretStr
from temporalio.client import Client

from bootstrap import Application, build_activities, observed, open_engines
from engines.picture.probe import probe_picture
from gateways.telemetry.opening import open_telemetry
from models.brief import Brief
from models.generation import GenerateRequest
from models.ids import video_id_for
from models.paid_media import JobState
from models.profiles import PROFILES, ProfileName
from models.progress import RunStatus
from models.spending import report_on
from models.telemetry import Telemetry
from services.songs import CheckedSong, add_song
from settings import Settings
from stores.opening import Stores
from temporal.connection import connect
from temporal.generation import generation, start_generation
from temporal.workers import Tuning, build_workers
from tests.fakes import anthropic_server as anthropic
from tests.fakes.anthropic_server import AnthropicServer, anthropic_server
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.live import short_song
from tests.fakes.scraping import missing, series_of
from tests.fakes.world import QUICK, World
from tests.workflows.test_telemetry import PAID

__all__ = ["anthropic_server", "short_song"]

TINY = PROFILES[ProfileName.TINY]
SCENES = 6


async def test_a_song_becomes_a_video_through_both_real_sdks(
    temporal: Client,
    stores: Stores,
    s3: Settings,
    database_url: str,
    short_song: CheckedSong,
    fal_server: FalServer,
    anthropic_server: AnthropicServer,
    tmp_path: Path,
) -> None:
    settings = s3.model_copy(
        update={
            "database_url": database_url,
            "temporal_address": temporal.service_client.config.target_host,
            "fal_key": SecretStr(KEY),
            "fal_concurrency": 10,
            "anthropic_api_key": SecretStr(anthropic.KEY),
            "anthropic_base_url": anthropic_server.url,
        }
    )
    account_id = f"account-{uuid4().hex[:8]}"
    stores.ledger.open_account(account_id)
    song = add_song(Application(settings, temporal, stores), account_id, short_song)
    request = GenerateRequest(
        account_id=account_id,
        video_id=video_id_for(account_id, uuid4().hex),
        song_id=song.song_id,
        song_title="Demo",
        brief=Brief(prompt="A dancer on a rooftop at night in the rain.", style="neo-noir"),
        profile=ProfileName.TINY,
        limits=QUICK.model_copy(update={"max_scenes": SCENES}),
    )
    telemetry = open_telemetry(Telemetry(metrics="127.0.0.1:0"), "worker")
    client = await connect(settings, **observed(telemetry))
    activities = build_activities(stores, open_engines(settings), client)
    async with AsyncExitStack() as working:
        for worker in build_workers(client, activities, Tuning(2)):
            await working.enter_async_context(worker)
        await start_generation(temporal, request, f"start-{request.video_id}")
        handle = generation(temporal, request.video_id)
        world = World(temporal, stores, Faults())
        progress = await world.until(handle, lambda p: p.status is not RunStatus.RUNNING, patience_s=150)
        assert progress.status is RunStatus.DRAFT_READY, progress.sentence
        await handle.terminate()
    assert telemetry.server is not None
    scraped = httpx.get(telemetry.server.url, trust_env=False).text
    telemetry.close()
    assert [one for one in missing(scraped) if one[1].startswith(PAID)] == [], "alerts on money and providers"
    seen = series_of(scraped)
    assert {"echonos_job_cpu_seconds_total", "echonos_scenes_total", "echonos_stage_seconds_count"} <= {*seen}
    for call in ('provider="fal"', 'provider="anthropic"', 'job="', 'certainty="certain"'):
        assert call in scraped, call

    timeline = stores.vault.timeline(account_id, request.video_id)
    stores.objects.get_file(timeline.video_key, tmp_path / "video.mp4")
    facts = probe_picture(tmp_path / "video.mp4")
    assert (facts.width, facts.height, facts.frame_count) == (TINY.width, TINY.height, timeline.frame_count)
    with av.open(str(tmp_path / "video.mp4")) as container:
        assert container.streams.audio
    jobs = stores.jobs.of_video(request.video_id)
    assert all(job.state is JobState.DONE for job in jobs)
    assert fal_server.bought == len(jobs)
    clips = {job.scene_index for job in jobs if job.kind == "clip"}
    assert len(clips) <= SCENES
    assert clips == {scene.index for scene in timeline.scenes if scene.reprise_of is None}
    report = report_on(stores.spending.of(request.video_id))
    assert {line.provider for line in report.lines} == {"anthropic", "fal"}
    assert report.cost_micro_usd > 0
