"""A world for orchestration tests: the real Temporal server, real S3, real SQL, and engines that answer at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client
from temporalio.service import RPCError, RPCStatusCode

from activities.analysis import SOUNDTRACK_METHOD
from activities.composition import Engines, MediaParts
from activities.ports.engines import Animator, Conformer, DeliveredInspector, Director, Estimator, Planner, RunPlanners
from activities.ports.purchases import MediaProvider
from activities.steps import save
from activities.terms import BuyingTerms
from bootstrap import MANY_DRAFTS, Application, build_activities
from engines.picture.own.shots import OwnShots
from models.brief import Brief
from models.credits import Balance, GrantRequest, GrantSource
from models.directing_costs import DirectingCosts
from models.generation import Admission, GenerateRequest, Limits
from models.ids import video_id_for
from models.media_models import PromptLimits
from models.object_keys import analysis_key, soundtrack_key, waveform_key, working_copy_key
from models.orders import Order
from models.profiles import NEWEST_REVISION, ProfileName
from models.progress import Progress
from models.setting_values import StoreOptions
from models.song import ANALYSIS_VERSION, AudioFacts, Heard
from models.waveform import waveform_of
from settings import Settings
from stores.database import utc_now
from stores.local_cache import LocalCache
from stores.opening import Stores, open_stores
from temporal.generation import GenerateHandle, generation, start_generation
from temporal.reading import IS_OPEN, listed
from temporal.workers import Tuning, build_workers
from tests.fakes.cheap import HEARTBEAT_S
from tests.fakes.engines import Faults, InstantEngines, InstantExports, InstantMover
from workflows.generate_video import GenerateVideo

QUICK = Limits(light_timeout_s=60, heartbeat_timeout_s=HEARTBEAT_S, max_attempts=3, retry_interval_s=0.05)
"""Retries come at once; no step is lost on a busy machine, so that calls and purchases can be counted."""

PATIENCE_S = 600.0
FIRST_PAUSE_S, MOST_PAUSE_S = 0.02, 0.2
"""Between two looks at a run: a query costs as much as a step, so that long runs are asked less often."""

RENDER_SLOTS = 2


class World:
    """One account, one song, and a worker that can be started and stopped."""

    def __init__(self, client: Client, stores: Stores, faults: Faults) -> None:
        self.client = client
        self.stores = stores
        self.app = Application(Settings(), client, stores)
        self.faults = faults
        self.engines = InstantEngines(faults)
        self.director: Director = self.engines
        self.mover: Animator = InstantMover(faults)
        self.provider: MediaProvider | None = None
        self.estimator: Estimator | None = None
        self.costs: DirectingCosts | None = None
        self.limits: PromptLimits | None = None
        self.planner: Planner = self.engines
        self.planners: RunPlanners | None = None
        self.inspector: DeliveredInspector = self.engines
        self.conformer: Conformer = self.engines
        self.terms = BuyingTerms(permit_key=f"fal-{uuid4().hex}", trouble_pause_s=0.05)
        self.drafts_at_once = MANY_DRAFTS
        self.render_slots = RENDER_SLOTS
        self.resting_patches: frozenset[str] = frozenset()
        self.account_id = f"account-{uuid4().hex[:8]}"
        self.handles: list[GenerateHandle] = []
        self._workers = AsyncExitStack()
        stores.ledger.open_account(self.account_id)

    async def work(self) -> None:
        """Start a worker."""
        tuning = Tuning(self.render_slots, resting_patches=self.resting_patches)
        for worker in build_workers(self.client, self.steps(), tuning):
            await self._workers.enter_async_context(worker)

    def steps(self) -> list[Callable[..., Any]]:
        """All activities, on this world's engines and stores."""
        engines = self.engines
        media = MediaParts(self.planner, self.estimator, self.provider, self.terms, self.limits, self.planners)
        parts = Engines(
            copier=engines,
            analyst=engines,
            soundtracks=engines,
            director=self.director,
            rewriter=engines,
            painter=engines,
            animator=engines,
            mover=self.mover,
            conformer=self.conformer,
            inspector=self.inspector,
            assembler=engines,
            exporter=InstantExports(self.faults),
            cutter=self.planner,
            own=OwnShots(),
            media=media,
            costs=self.costs,
        )
        return build_activities(self.stores, parts, self.client, self.drafts_at_once)

    async def rest(self) -> None:
        """Stop the worker."""
        await self._workers.aclose()

    def add_song(self, folder: Path, *, heard: bool = True) -> str:
        """Put a song into the Vault, heard already, which takes a third of an instant run; or leave that to the run."""
        path = folder / "song"
        path.write_bytes(uuid4().bytes)
        facts = AudioFacts(
            container="wav",
            codec="pcm",
            duration_s=64,
            sample_rate_hz=44_100,
            channels=2,
            size_bytes=16,
            sha256=path.read_bytes().hex(),
        )
        key = f"accounts/{self.account_id}/{path.read_bytes().hex()}"
        self.stores.objects.put_file(key, path, "audio/wav")
        song_id = self.stores.vault.add_song(self.account_id, facts, "Song", key).song_id
        if heard:
            self._hear(song_id, path)
        return song_id

    def _hear(self, song_id: str, path: Path) -> None:
        """What `AnalyzeSong` does, by the same engines."""
        copy, track, objects = path.with_name("copy"), path.with_name("track"), self.stores.objects
        copy_bytes = self.engines.copy_source(path, copy, _no_pulse).copy_bytes
        analysis = self.engines.analyze(copy, _no_pulse)
        self.engines.encode_soundtrack(copy, track, _no_pulse)
        key = analysis_key(self.account_id, song_id, 1, ANALYSIS_VERSION)
        track_key = soundtrack_key(self.account_id, song_id, 1, SOUNDTRACK_METHOD)
        objects.put_file(working_copy_key(self.account_id, song_id), copy, "audio/flac")
        objects.put_file(track_key, track, "audio/mp4")
        save(objects, waveform_key(key), waveform_of(analysis))
        save(objects, key, analysis)
        heard = Heard(
            revision=1,
            analysis_version=analysis.analysis_version,
            duration_s=analysis.duration_s,
            copy_bytes=copy_bytes,
        )
        self.stores.vault.record_analysis(self.account_id, song_id, key, track_key, heard)

    def request(self, song_id: str, limits: Limits = QUICK, operation_id: str | None = None) -> GenerateRequest:
        """A start input."""
        return GenerateRequest(
            account_id=self.account_id,
            video_id=video_id_for(self.account_id, operation_id or uuid4().hex),
            song_id=song_id,
            song_title="Song",
            brief=Brief(prompt="a fox", style="film-noir", seed=1),
            profile=ProfileName.TINY,
            profile_revision=NEWEST_REVISION,
            limits=limits,
        )

    async def start(self, request: GenerateRequest) -> tuple[GenerateHandle, Admission]:
        """Write the order down, start its run and wait for its admission."""
        kept = request.model_dump(include=set(Order.model_fields)) | {"ordered_at": utc_now()}
        self.stores.orders.add(Order.model_validate(kept))
        handle = generation(self.client, request.video_id)
        self.handles.append(handle)
        ahead = (await asyncio.to_thread(self.balance)).held // 200
        return handle, await start_generation(self.client, request, f"start-{request.video_id}", drafts_ahead=ahead)

    async def until(
        self,
        handle: GenerateHandle,
        wanted: Callable[[Progress], bool],
        patience_s: float = PATIENCE_S,
        most_pause_s: float = MOST_PAUSE_S,
    ) -> Progress:
        """Poll the progress until a condition holds."""
        pause_s = FIRST_PAUSE_S
        async with asyncio.timeout(patience_s):
            while not wanted(progress := await handle.query(GenerateVideo.progress)):
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 1.2, most_pause_s)
        return progress

    def balance(self) -> Balance:
        """The account's credits."""
        return self.stores.ledger.balance(self.account_id)

    def grant(self, amount: int) -> None:
        """More credits."""
        self.stores.ledger.grant(
            GrantRequest(account_id=self.account_id, key=uuid4().hex, amount=amount, source=GrantSource.GOODWILL)
        )

    async def end(self) -> None:
        """End all runs, so that the next test's worker does not receive them; also those ordered over HTTP."""
        others = [run async for run in listed(self.client, IS_OPEN)]
        for handle in (*self.handles, *(self.client.get_workflow_handle(run.id) for run in others)):
            try:
                await handle.terminate()
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
        await self.rest()


def _no_pulse() -> None:
    """Outside of an activity nothing waits for heartbeats."""


@pytest.fixture
def stores(store_options: StoreOptions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The stores on the shared S3 server and a database of the test's own."""
    stores = open_stores(**store_options, local_cache=LocalCache(tmp_path_factory.mktemp("local_cache")))
    yield stores
    stores.database.close()


@pytest.fixture
async def world(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world with a working worker."""
    world = World(temporal, stores, Faults())
    await world.work()
    yield world
    await world.end()
