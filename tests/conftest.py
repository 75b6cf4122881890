"""Real servers for all tests: each pytest process starts its own, once, and only when a test asks for it."""

import asyncio
import gc
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from temporalio.client import Client

from cli.stack.keys import local_s3_keys
from cli.stack.parts import Part, s3_part, temporal_command, wait_until_healthy
from cli.stack.plan import StackPlan, plan_stack
from cli.stack.ports import claim, is_free
from cli.stack.processes import Child, last_lines
from models.local_stack import StackDescription
from models.setting_values import StoreOptions
from models.wire import DATA_CONVERTER
from settings import CHECKOUT, Settings, read_description
from stores.database import migrate
from temporal.namespace import prepare_namespace
from tests.fakes.amounts import FULL
from tests.fakes.cheap import cheap_safety

if TYPE_CHECKING:
    from tests.fakes.fal_server import FalServer

START_TIMEOUT_S = 300.0
PROMPT = {
    # A retry or a timer comes no sooner than after this: a second by default, for each of a test's retries.
    "history.timerProcessorMaxTimeShift": "10ms",
    # A deleted execution is gone after a few of these.
    "history.transferProcessorUpdateAckInterval": "200ms",
    "history.visibilityProcessorUpdateAckInterval": "200ms",
}
STARTS = 3
FIRST_BLOCK, BLOCK, BLOCKS = 12_000, 100, 80
"""Below the ports of `own_port`. SeaweedFS serves gRPC 10,000 above each."""

_FAL_DOOR = socket.socket()
"""Bound before fal's client is imported, so that no other process takes its port."""
PROVIDER_VARIABLES = ("ANTHROPIC_API_KEY", "ANTHROPIC_BASE_URL", "FAL_KEY")


def pytest_configure() -> None:
    """A developer's own configuration has no say in a test."""
    for name in list(os.environ):
        if name.startswith(("ECHONOS_", "TEMPORAL_", "AWS_")) or name in PROVIDER_VARIABLES:
            del os.environ[name]
    os.environ["TEMPORAL_CONFIG_FILE"] = os.devnull
    # On a busy machine a workflow may stand still for longer than the two seconds at which the SDK breaks it off.
    os.environ["TEMPORAL_DEBUG"] = "1"
    # Neither time nor chance may block a landing: new examples are searched with FULL=1.
    hypothesis_settings.register_profile(
        "steady",
        deadline=None,
        derandomize=not FULL,
        max_examples=100 if FULL else 30,
        suppress_health_check=list(HealthCheck),
    )
    hypothesis_settings.load_profile("steady")
    # fal's client reads its host once, at import.
    _FAL_DOOR.bind(("127.0.0.1", 0))
    os.environ["FAL_QUEUE_RUN_HOST"] = f"127.0.0.1:{_FAL_DOOR.getsockname()[1]}"


def pytest_collection() -> None:
    """Imports make a million objects that stay: the garbage collector need not look at them again and again."""
    gc.disable()


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session", autouse=True)
def _cheap_safety() -> Iterator[None]:
    with cheap_safety():
        yield


@pytest.fixture(scope="session")
def stack_description() -> StackDescription:
    """temporal-dev.yaml with ports of this pytest process: several run on one machine."""
    described = read_description(CHECKOUT / "temporal-dev.yaml")
    first = _first_port(described.host)
    temporal = {name: first + n for n, name in enumerate(type(described.temporal.ports).model_fields)}
    s3 = {name: first + 10 + n for n, name in enumerate(type(described.s3.ports).model_fields)}
    return described.model_copy(
        update={
            "api": described.api.model_copy(update={"port": first + 20}),
            "temporal": described.temporal.model_copy(
                update={
                    "ports": described.temporal.ports.model_copy(update=temporal),
                    "dynamic_config": described.temporal.dynamic_config | PROMPT,
                }
            ),
            "s3": described.s3.model_copy(update={"ports": described.s3.ports.model_copy(update=s3)}),
        }
    )


def _first_port(host: str) -> int:
    """The first of a block of ports that no other pytest process of this machine has, and that nothing listens on."""
    for step in range(BLOCKS):
        first = FIRST_BLOCK + (os.getpid() + step) % BLOCKS * BLOCK
        block = (port + grpc for port in range(first, first + 25) for grpc in (0, 10_000))
        if claim(first) and all(is_free(host, port) for port in block):
            return first
    raise AssertionError(f"every block of ports from {FIRST_BLOCK} on is in use")


@pytest.fixture(scope="session")
def server_plan(stack_description: StackDescription, tmp_path_factory: pytest.TempPathFactory) -> StackPlan:
    """Where this process's servers listen and keep their data."""
    home = tmp_path_factory.mktemp("servers")
    return plan_stack(stack_description, Settings(home=home), local_s3_keys(home), worker=False, say=print)


@pytest.fixture(scope="session")
def temporal_address(server_plan: StackPlan) -> Iterator[str]:
    """host:port of a real Temporal dev server in memory, configured by temporal-dev.yaml."""
    address, section = server_plan.address("frontend"), server_plan.description.temporal
    part = Part(
        name="temporal",
        command=(
            *temporal_command(section),
            "--headless",
            f"--ip={server_plan.description.host}",
            f"--port={server_plan.ports['frontend']}",
        ),
        env=dict(os.environ),
        cwd=server_plan.home,
        port=server_plan.ports["frontend"],
        usable=lambda: asyncio.run(prepare_namespace(address, section)),
        stop_grace_s=section.stop_grace_s,
        sweep=lambda: None,
    )
    with Served(part, server_plan.home):
        yield address


@pytest.fixture
async def temporal(temporal_address: str) -> Client:
    """A client of the server that all tests of this process share: use workflow ids of your own."""
    return await Client.connect(temporal_address, data_converter=DATA_CONVERTER)


@pytest.fixture(scope="session")
def s3(server_plan: StackPlan) -> Iterator[Settings]:
    """Settings that reach a real S3 server, its bucket shared by all tests of this process: use keys of your own."""
    with Served(s3_part(server_plan), server_plan.home):
        yield Settings(
            home=server_plan.home,
            s3_endpoint=server_plan.url("s3"),
            s3_region=server_plan.description.s3.region,
            s3_bucket=server_plan.description.s3.bucket,
            s3_access_key=server_plan.keys.access_key,
            s3_secret_key=server_plan.keys.secret_key,
        )


@pytest.fixture(scope="session")
def _fal_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator["FalServer"]:
    from tests.fakes.fal_server import serving

    with serving(_FAL_DOOR, tmp_path_factory.mktemp("fal")) as server:
        os.environ["SSL_CERT_FILE"] = str(server.ca_file)
        yield server
        del os.environ["SSL_CERT_FILE"]


@pytest.fixture
def fal_server(_fal_server: "FalServer") -> "FalServer":
    """A server that speaks fal's queue; the real client reaches it unpatched."""
    _fal_server.reset()
    return _fal_server


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("database") / "migrated.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture
def database_url(_migrated: Path, tmp_path: Path) -> str:
    """A fresh, migrated SQLite database for one test."""
    path = tmp_path / "echonos.db"
    shutil.copyfile(_migrated, path)
    return f"sqlite:///{path}"


@pytest.fixture
def store_options(s3: Settings, database_url: str) -> StoreOptions:
    """For `open_stores(**store_options)`: the shared S3 server and a database of the test's own."""
    return s3.model_copy(update={"database_url": database_url}).store_options()


class Served:
    """A part while the block lasts. Its process dies with pytest, however that ends."""

    def __init__(self, part: Part, folder: Path) -> None:
        self._part = part
        self._log = folder / f"{part.name}.log"

    def __enter__(self) -> None:
        for _ in range(STARTS):
            problem = self._problem()
            if problem is None:
                return
            self._child.stop(0)
            lines = last_lines(self._log, 50)
            # Temporal chooses some ports itself, which another process may take before it listens on them.
            if not any("address already in use" in line.lower() for line in lines):
                break
        raise RuntimeError("\n".join([f"{self._part.name}: {problem}", *lines[-10:]]))

    def _problem(self) -> str | None:
        part = self._part
        self._child = Child(part.command, env=part.env, cwd=part.cwd, log=self._log)
        return wait_until_healthy(part, self._child, give_up=lambda: False, timeout_s=START_TIMEOUT_S)

    def __exit__(self, *_: object) -> None:
        self._child.stop(0)  # without grace: these data are not needed any more
        self._part.sweep()
