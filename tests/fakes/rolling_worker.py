"""A worker with a patched `GenerateVideo`, for drills of deploys: `python -m tests.fakes.rolling_worker FOLDER`.

Its version is `ECHONOS_BUILD_ID`; where `ECHONOS_RESTING_PATCHES` names the patch, it knows the change and begins it
in no run. Engines answer at once, but for stills: the first ones of every run wait until FOLDER holds `EARLY`, the
others until it holds `LATE`, so that each run has tasks before and after a change of versions, on any machine.
"""

import asyncio
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from temporalio import workflow

from activities.analysis import AnalysisActivities
from models.generation import DocumentRef, SongStep
from models.takes import StillRequest
from settings import Settings
from stores.local_cache import LocalCache
from stores.opening import open_stores
from temporal.connection import connect
from tests.fakes.engines import Faults, InstantEngines, Pulse
from tests.fakes.world import World
from workflows.draft import Draft

PATCH = "rolling-drill"
EARLY, LATE = "early", "late"
EARLY_STILLS = 3
SLOTS = 200
"""More than the stills of all runs: none of them keeps another run's from its turn."""

_make = Draft.make


async def _make_after_a_look(self: Draft) -> DocumentRef | None:
    if workflow.patched(PATCH):
        request = self._request
        song = SongStep(account_id=request.account_id, song_id=request.song_id)
        await self._policies.light.run(AnalysisActivities.look_up_song, song, "a further look")
    return await _make(self)


class _HeldPainter(InstantEngines):
    def __init__(self, faults: Faults, folder: Path) -> None:
        super().__init__(faults)
        self._folder = folder

    def paint(self, request: StillRequest, references: Sequence[Path], out: Path, pulse: Pulse) -> None:
        awaited = self._folder / (EARLY if request.prompt.scene_index < EARLY_STILLS else LATE)
        while not awaited.exists():
            pulse()
            time.sleep(0.1)
        super().paint(request, references, out, pulse)


async def serve(settings: Settings, folder: Path, drill: Path) -> None:
    """Serve until SIGTERM."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    stores = open_stores(**settings.store_options(), local_cache=LocalCache(folder))
    world = World(await connect(settings), stores, Faults())
    world.engines, world.render_slots = _HeldPainter(world.faults, drill), SLOTS
    world.resting_patches = frozenset(settings.resting_patches.split(","))
    await world.work()
    assert settings.ready_file is not None
    settings.ready_file.touch()
    await stop.wait()
    await world.rest()


if __name__ == "__main__":
    Draft.make = _make_after_a_look  # type: ignore[method-assign]
    with TemporaryDirectory() as name:
        asyncio.run(serve(Settings(), Path(name), Path(sys.argv[1])))
