"""A whole local stack with the real engines, for tests that kill parts of it."""

import asyncio
import os
import random
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import numpy as np
import pytest
import soundfile
from temporalio.client import Client, WorkflowQueryFailedError
from temporalio.service import RPCError

from bootstrap import Application
from cli.stack import StackState, connect, ensure_stack, running_stack, settings_for
from engines.demo_song.rendering import render_demo_song
from engines.intake.inspection import IntakeLimits, inspect_song
from models.brief import Brief
from models.credits import GrantRequest, GrantSource
from models.generation import GenerateRequest, Limits
from models.ids import video_id_for
from models.profiles import NEWEST_REVISION, ProfileName
from models.progress import Progress
from services.songs import CheckedSong, add_song
from settings import Settings
from stores.opening import Stores, open_stores
from temporal.generation import GenerateHandle, generation, start_generation
from workflows.generate_video import GenerateVideo

QUICK = Limits(light_timeout_s=10, heartbeat_timeout_s=4, retry_interval_s=0.2)
"""What a killed worker had is tried again soon, and what a busy machine does slowly is not lost."""
SHORT_SONG_S = 32.0
SEED = int(os.environ.get("SEED", "20"))


async def look(handle: GenerateHandle, patience_s: float = 2) -> Progress | None:
    """The progress; None while no worker answers.

    A short patience: a query that waits in the server until a new worker takes the run over may fail there, and was
    seen to leave a run whose history does not replay.
    """
    try:
        async with asyncio.timeout(patience_s):
            return await handle.query(GenerateVideo.progress)
    except (RPCError, TimeoutError, WorkflowQueryFailedError):
        return None


class LiveStack:
    """A running stack and an account on it."""

    def __init__(self, base: Settings, client: Client, stores: Stores, song: CheckedSong) -> None:
        self.base = base
        self.client = client
        self.stores = stores
        self.song = song
        self.account_id = f"account-{uuid4().hex[:8]}"
        self.stores.ledger.open_account(self.account_id)

    @property
    def state(self) -> StackState:
        """The stack's current state: processes change when they are killed."""
        state = running_stack(self.base)
        assert state is not None
        return state

    async def start(self, seed: int = 1) -> tuple[GenerateHandle, GenerateRequest]:
        """Start a tiny run of the demo song in this account."""
        song = add_song(Application(self.base, self.client, self.stores), self.account_id, self.song)
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
def demo_song(tmp_path_factory: pytest.TempPathFactory) -> CheckedSong:
    """The demo song, composed once."""
    path = tmp_path_factory.mktemp("song") / "demo.flac"
    render_demo_song(path)
    return CheckedSong(path, inspect_song(path))


def write_beats(path: Path, duration_s: float) -> None:
    """A quiet part and a loud one of eight bars at 120 bpm, in turn: written in no time, and as short as wanted.

    Args:
        path: A `.flac` or `.wav` file.
        duration_s: Its length in seconds.
    """
    rate_hz = 44_100
    time_s = np.arange(32 * rate_hz) / rate_hz
    in_beat, in_bar, loud = time_s % 0.5, time_s % 2.0, time_s >= 16.0
    kick = np.sin(2 * np.pi * 60 * in_beat) * np.exp(-in_beat * 30) * np.where(in_bar < 0.5, 1.0, 0.5)
    hat = np.random.default_rng(1).standard_normal(len(time_s)) * np.exp(-(time_s % 0.25) * 40)
    root_hz = np.array([220, 175, 131, 196])[(time_s // 2.0).astype(int) % 4]
    quiet_part = sum(np.sin(2 * np.pi * root_hz * n * time_s) / n for n in (1, 1.2, 1.5))
    loud_part = sum(np.sin(2 * np.pi * root_hz * n * time_s) / n for n in (1.33, 1.66, 2, 3, 4, 5, 6))
    samples = np.where(loud, 0.3 * kick + 0.12 * hat + 0.08 * loud_part, 0.1 * kick + 0.04 * quiet_part)
    soundfile.write(path, np.resize(samples.astype(np.float32), round(duration_s * rate_hz)), rate_hz)


@pytest.fixture(scope="session")
def short_song(tmp_path_factory: pytest.TempPathFactory) -> CheckedSong:
    """A song that is shorter than artists may bring, for whole runs whose length proves nothing."""
    path = tmp_path_factory.mktemp("song") / "short.flac"
    write_beats(path, SHORT_SONG_S)
    return CheckedSong(path, inspect_song(path, limits=IntakeLimits(min_s=SHORT_SONG_S)))


@pytest.fixture
def stack_settings(tmp_path: Path) -> Settings:
    """Settings of a stack in a folder of its own, whose name is as odd as people's are."""
    return Settings(home=tmp_path / "home #1? 50%41, ü")


@pytest.fixture
async def live(stack_settings: Settings, demo_song: CheckedSong) -> AsyncIterator[LiveStack]:
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
