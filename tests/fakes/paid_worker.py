"""A worker of its own process that buys from the fal server, for tests that kill it.

    python -m tests.fakes.paid_worker

Engines answer at once; stores, Temporal and the client of fal are real. Settings come from the environment, as for any
worker.
"""

import asyncio
import dataclasses
import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from engines.picture.delivered import Inspector
from engines.providers.fal import FalClient, choose
from settings import CHECKOUT, Settings
from stores.local_cache import LocalCache
from stores.opening import open_stores
from temporal.connection import connect
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY
from tests.fakes.world import World

CAPACITY = 6
START_S = 200.0


class PaidWorker:
    """The process, restarted whenever it is gone."""

    def __init__(self, settings: Settings, temporal_address: str, ca_file: Path, folder: Path) -> None:
        assert settings.s3_access_key is not None
        assert settings.s3_secret_key is not None
        self._ready = folder / "ready"
        self._log = (folder / "worker.log").open("ab")
        self._env = os.environ | {
            "ECHONOS_HOME": str(folder),
            "ECHONOS_TEMPORAL_ADDRESS": temporal_address,
            "ECHONOS_S3_ENDPOINT": settings.s3_endpoint or "",
            "ECHONOS_S3_REGION": settings.s3_region,
            "ECHONOS_S3_BUCKET": settings.s3_bucket,
            "ECHONOS_S3_ACCESS_KEY": settings.s3_access_key.get_secret_value(),
            "ECHONOS_S3_SECRET_KEY": settings.s3_secret_key.get_secret_value(),
            "ECHONOS_DATABASE_URL": settings.database_url,
            "ECHONOS_READY_FILE": str(self._ready),
            "SSL_CERT_FILE": str(ca_file),
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.kills = 0

    def keep_up(self) -> None:
        """Start it unless it runs."""
        while self._process is None or self._process.poll() is not None:
            self._start()

    def _start(self) -> None:
        self._ready.unlink(missing_ok=True)
        kills, command = self.kills, [sys.executable, "-m", "tests.fakes.paid_worker"]
        self._process = subprocess.Popen(command, env=self._env, cwd=CHECKOUT, stdout=self._log, stderr=self._log)
        deadline = time.monotonic() + START_S
        # It serves before it says so: a kill may come earlier.
        while not self._ready.exists() and self.kills == kills:
            if self._process.poll() not in (None, -signal.SIGKILL) or time.monotonic() > deadline:
                raise RuntimeError(f"the worker does not start, see {self._log.name}")
            time.sleep(0.05)

    def kill(self) -> None:
        """SIGKILL, if it runs."""
        if self._process is not None and self._process.poll() is None:
            os.kill(self._process.pid, signal.SIGKILL)
            self._process.wait(200)
            self.kills += 1


async def serve() -> None:
    settings = Settings()
    stores = open_stores(**settings.store_options(), local_cache=LocalCache(Path(tempfile.mkdtemp(dir=settings.home))))
    world = World(await connect(settings), stores, Faults())
    world.provider, world.inspector = FalClient(KEY, choose()), Inspector()
    world.terms = dataclasses.replace(
        world.terms, permit_key="fal-of-the-tests", capacity=CAPACITY, poll_s=0.05, most_poll_s=0.3
    )
    await world.work()
    assert settings.ready_file is not None
    settings.ready_file.touch()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(serve())
