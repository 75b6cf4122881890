"""Processes of ours on one stack, as on many machines: started, killed, and started again."""

import asyncio
import os
import random
import signal
import sys
from pathlib import Path

import httpx

from cli.stack import StackState, settings_for
from cli.stack.processes import Child
from models.queues import Work
from settings import CHECKOUT, Settings
from tests.fakes.ports import own_port

START_S = 600.0


def environment_of(settings: Settings) -> dict[str, str]:
    """The environment of a process that works with these settings."""
    stores = settings.store_options()
    ours = {name: value for name, value in os.environ.items() if not name.startswith(("TEMPORAL_", "ECHONOS_"))}
    return ours | {
        "PYTHONUNBUFFERED": "1",
        "ECHONOS_HOME": str(settings.home),
        "ECHONOS_ENVIRONMENT": "development",
        "ECHONOS_TEMPORAL_ADDRESS": str(settings.temporal_address),
        "ECHONOS_TEMPORAL_NAMESPACE": settings.temporal_namespace,
        "ECHONOS_DATABASE_URL": settings.database_url,
        "ECHONOS_S3_ENDPOINT": str(settings.s3_endpoint),
        "ECHONOS_S3_REGION": settings.s3_region,
        "ECHONOS_S3_BUCKET": settings.s3_bucket,
        "ECHONOS_S3_ACCESS_KEY": stores["s3_access_key"],
        "ECHONOS_S3_SECRET_KEY": stores["s3_secret_key"],
    }


class Machines:
    """Web backends and workers, each a process of its own."""

    def __init__(self, state: StackState, base: Settings, folder: Path) -> None:
        self._folder = folder
        self._env = environment_of(settings_for(state, base))
        self._commands: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {}
        self._running: dict[str, Child] = {}
        self.urls: list[str] = []

    def add_api(self) -> None:
        """A web backend on a port of its own."""
        port = own_port()
        self.urls.append(f"http://127.0.0.1:{port}")
        ours = {"ECHONOS_API_PORT": str(port), "ECHONOS_PUBLIC_URL": self.urls[-1], "ECHONOS_RATES__START": "9999/hour"}
        self._begin(f"api-{port}", (sys.executable, "-m", "api"), ours)

    def add_worker(self, name: str, *arguments: str, **variables: str) -> None:
        """A worker: `worker.py`, or a module, with these arguments."""
        ready = {"ECHONOS_READY_FILE": str(self._folder / f"{name}.ready")}
        self._begin(name, (sys.executable, *arguments), ready | variables)

    async def ready(self) -> None:
        """Wait until all of them serve."""
        async with asyncio.timeout(START_S), httpx.AsyncClient(trust_env=False) as client:
            for name in self._commands:
                file = self._commands[name][1].get("ECHONOS_READY_FILE")
                while not (Path(file).exists() if file else await _answers(client, name)):
                    assert self._running[name].exit_code is None, self._running[name].log.read_text()[-2000:]
                    await asyncio.sleep(0.1)

    def kill(self, name: str) -> None:
        """SIGKILL one, and start it again."""
        os.kill(self._running[name].pid, signal.SIGKILL)
        self._running[name].stop(0)
        self._start(name)

    async def kill_now_and_then(self, chance: random.Random, kills: int, pause_s: float) -> list[str]:
        """Kill one after the other; returns which."""
        killed = []
        for _ in range(kills):
            await asyncio.sleep(pause_s)
            killed.append(chance.choice(list(self._commands)))
            self.kill(killed[-1])
        return killed

    def end(self) -> None:
        """Stop them all."""
        for child in self._running.values():
            child.stop(20)

    def _begin(self, name: str, command: tuple[str, ...], variables: dict[str, str]) -> None:
        self._commands[name] = command, self._env | variables
        self._start(name)

    def _start(self, name: str) -> None:
        command, env = self._commands[name]
        self._running[name] = Child(command, env=env, cwd=CHECKOUT, log=self._folder / f"{name}.log")


async def _answers(client: httpx.AsyncClient, name: str) -> bool:
    try:
        return (await client.get(f"http://127.0.0.1:{name.removeprefix('api-')}/healthz")).is_success
    except httpx.TransportError:
        return False


def many_machines(machines: Machines, apis: int = 3) -> None:
    """Web backends, and a worker for each kind of work."""
    for _ in range(apis):
        machines.add_api()
    for work in Work:
        machines.add_worker(work.value, "worker.py", "--queues", work.value)
