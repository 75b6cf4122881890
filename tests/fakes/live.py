"""A whole local stack with the real engines, for tests that kill parts of it."""

import os
import random
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
from temporalio.client import Client

from cli.stack import StackState, connect, ensure_stack, running_stack, settings_for
from cli.upload import Upload
from engines.demo_song.rendering import render_demo_song
from engines.intake.inspection import inspect_song
from models.brief import Brief
from models.credits import GrantRequest, GrantSource
from models.generation import GenerateRequest, Limits
from models.profiles import NEWEST_REVISION, ProfileName
from models.routing import video_id_for
from settings import Settings
from stores.opening import Stores, open_stores
from workflows.clients import GenerateHandle, generation, start_generation

QUICK = Limits(light_timeout_s=4, heartbeat_timeout_s=2, retry_interval_s=0.2)
FULL = os.environ.get("FULL") == "1"
SEED = int(os.environ.get("SEED", "20"))


class LiveStack:
    """A running stack and an account on it."""

    def __init__(self, base: Settings, client: Client, stores: Stores, song: Upload) -> None:
        self.base = base
        self.client = client
        self.stores = stores
        self.song = song
        self.account_id = f"account-{uuid4().hex[:8]}"
        self.stores.ledger.open_account(self.account_id)

    @property
    def state(self) -> StackState:
        """The stack as it is now: processes change when they are killed."""
        state = running_stack(self.base)
        assert state is not None
        return state

    async def start(self, seed: int = 1) -> tuple[GenerateHandle, GenerateRequest]:
        """Start a tiny run of the demo song in this account."""
        song = self.song.keep(self.stores, self.account_id)
        operation_id = uuid4().hex
        request = GenerateRequest(
            account_id=self.account_id,
            video_id=video_id_for(self.account_id, operation_id),
            song_id=song.song_id,
            song_title="Demo",
            brief=Brief(prompt="A dancer on a rooftop at night in the rain.", style="neo-noir", seed=seed),
            profile=ProfileName.TINY,
            profile_revision=NEWEST_REVISION,
            limits=QUICK,
        )
        await start_generation(self.client, request, operation_id)
        return generation(self.client, request.video_id), request

    def grant(self, amount: int) -> None:
        """More credits."""
        request = GrantRequest(account_id=self.account_id, key=uuid4().hex, amount=amount, source=GrantSource.GOODWILL)
        self.stores.ledger.grant(request)


@pytest.fixture(scope="session")
def demo_song(tmp_path_factory: pytest.TempPathFactory) -> Upload:
    """The demo song, composed once."""
    path = tmp_path_factory.mktemp("song") / "demo.flac"
    render_demo_song(path)
    return Upload(path, inspect_song(path))


@pytest.fixture
def stack_settings(tmp_path: Path) -> Settings:
    """Settings of a stack in a folder of its own."""
    return Settings(home=tmp_path / "home")


@pytest.fixture
async def live(stack_settings: Settings, demo_song: Upload) -> AsyncIterator[LiveStack]:
    """A stack with a worker, up for one test."""
    with ensure_stack(stack_settings, say=print) as state:
        settings = settings_for(state, stack_settings)
        stores = open_stores(**settings.store_options())
        yield LiveStack(stack_settings, await connect(settings), stores, demo_song)
        stores.database.close()


@pytest.fixture
def chance() -> random.Random:
    """Seeded: the same kills at every run with the same SEED."""
    return random.Random(SEED)
