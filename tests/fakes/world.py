"""A world for orchestration tests: the real Temporal server, real S3, real SQL, and engines that answer at once."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import Client

from activities.account_data import AccountDataActivities
from activities.analysis import AnalysisActivities
from activities.animation import AnimationActivities
from activities.assembly import AssemblyActivities
from activities.credits import CreditActivities
from activities.direction import DirectionActivities
from activities.exports import ExportActivities
from activities.footage import FootageActivities
from activities.imagery import ImageryActivities
from activities.ports import (
    Animator,
    Conformer,
    DeliveredInspector,
    Director,
    Estimator,
    MediaShop,
    Planner,
    RunPlanners,
)
from activities.purchases import PurchaseActivities
from activities.removal import RemovalActivities
from activities.rewriting import RewritingActivities
from activities.storyboard import StoryboardActivities
from activities.studio import StudioActivities
from activities.styling import StylingActivities
from activities.terms import BuyingTerms
from activities.versions import VersionActivities
from models.brief import Brief
from models.credits import Balance, GrantRequest, GrantSource
from models.directing_costs import DirectingCosts
from models.generation import Admission, GenerateRequest, Limits
from models.media_models import PromptLimits
from models.profiles import NEWEST_REVISION, ProfileName
from models.progress import Progress
from models.routing import video_id_for
from models.song import AudioFacts
from settings import StoreOptions
from stores.nearby import Nearby
from stores.opening import Stores, open_stores
from temporal.executions import Executions
from tests.fakes.engines import Faults, InstantEngines, InstantMover, InstantPieces
from workflows.clients import GenerateHandle, OpenRuns, generation, start_generation
from workflows.generate_video import GenerateVideo
from workflows.serving import build_workers, steps_of

QUICK = Limits(light_timeout_s=3, heartbeat_timeout_s=2, max_attempts=3, retry_interval_s=0.05)
STEADY = QUICK.model_copy(update={"light_timeout_s": 60, "heartbeat_timeout_s": 30})
"""For tests that count what was bought: no step may be lost on a busy machine meanwhile."""

PATIENCE_S = 60.0
RENDER_SLOTS = 2


class World:
    """One account, one song, and a worker that can be started and stopped."""

    def __init__(self, client: Client, stores: Stores, faults: Faults) -> None:
        self.client = client
        self.stores = stores
        self.faults = faults
        self.engines = InstantEngines(faults)
        self.director: Director = self.engines
        self.mover: Animator = InstantMover(faults)
        self.shop: MediaShop | None = None
        self.estimator: Estimator | None = None
        self.costs: DirectingCosts | None = None
        self.limits: PromptLimits | None = None
        self.planner: Planner = self.engines
        self.planners: RunPlanners | None = None
        self.inspector: DeliveredInspector = self.engines
        self.conformer: Conformer = self.engines
        self.terms = BuyingTerms(permit_key=f"fal-{uuid4().hex}", trouble_pause_s=0.05)
        self.account_id = f"account-{uuid4().hex[:8]}"
        self.handles: list[GenerateHandle] = []
        self._workers = AsyncExitStack()
        stores.ledger.open_account(self.account_id)

    async def work(self) -> None:
        """Start a worker."""
        for worker in build_workers(self.client, self.steps(), render_slots=RENDER_SLOTS):
            await self._workers.enter_async_context(worker)

    def steps(self) -> list[Callable[..., Any]]:
        """All activities of the house, on this world's engines and stores."""
        objects, vault, engines = self.stores.objects, self.stores.vault, self.engines
        runs, executions = OpenRuns(self.client), Executions(self.client)
        rooms = [
            AnalysisActivities(objects, vault, engines, engines, runs, engines),
            DirectionActivities(objects, self.director, self.stores.spending, self.stores.characters, self.costs),
            StoryboardActivities(
                objects, self.planner, self.director, self.stores.spending, self.estimator, self.planners, self.costs
            ),
            ImageryActivities(objects, engines),
            StylingActivities(objects, engines),
            AnimationActivities(objects, engines, engines, self.mover),
            RewritingActivities(objects, engines, self.stores.spending, self.planners),
            FootageActivities(objects, self.conformer),
            PurchaseActivities(
                objects,
                self.shop,
                self.stores.jobs,
                self.stores.permits,
                self.inspector,
                runs,
                self.terms,
            ),
            AssemblyActivities(objects, vault, engines),
            ExportActivities(objects, vault, self.stores.catalogue, InstantPieces(self.faults)),
            RemovalActivities(objects, self.stores.removal, runs, executions),
            AccountDataActivities(objects, self.stores.account_data, executions, self.stores.ledger),
            StudioActivities(
                objects,
                vault,
                self.stores.operations,
                self.director,
                self.stores.spending,
                runs,
                self.limits,
                self.planners,
            ),
            VersionActivities(objects, vault, self.stores.operations, engines),
            CreditActivities(self.stores.ledger, vault, runs),
        ]
        return [step for room in rooms for step in steps_of(room)]

    async def rest(self) -> None:
        """Stop the worker."""
        await self._workers.aclose()

    def add_song(self, folder: Path) -> str:
        """Put a song into the Vault; its analysis is left to the run."""
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
        return self.stores.vault.add_song(self.account_id, facts, "Song", key).song_id

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
        """Start a run and wait for its admission."""
        handle = generation(self.client, request.video_id)
        self.handles.append(handle)
        return handle, await start_generation(self.client, request, f"start-{request.video_id}")

    async def until(
        self,
        handle: GenerateHandle,
        wanted: Callable[[Progress], bool],
        patience_s: float = PATIENCE_S,
        every_s: float = 0.02,
    ) -> Progress:
        """Poll the progress until it is as wanted."""
        async with asyncio.timeout(patience_s):
            while not wanted(progress := await handle.query(GenerateVideo.progress)):
                await asyncio.sleep(every_s)
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
        """End all runs, so that the next test's worker does not meet them."""
        for handle in self.handles:
            try:
                await handle.terminate()
            except Exception as error:
                if "already completed" not in str(error) and "not found" not in str(error):
                    raise
        await self.rest()


@pytest.fixture
def stores(store_options: StoreOptions, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stores]:
    """The stores on the shared S3 server and a database of the test's own."""
    stores = open_stores(**store_options, nearby=Nearby(tmp_path_factory.mktemp("nearby")))
    yield stores
    stores.database.close()


@pytest.fixture
async def world(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world with a working worker."""
    world = World(temporal, stores, Faults())
    await world.work()
    yield world
    await world.end()
