"""The real databases and the real object store of the stores' tests; each starts once per test process."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bench.servers.postgres import postgres_server
from models.failures import Misconfigured, ProviderUnavailable
from stores.database import Database, migrate, open_database
from stores.ledger import Ledger
from stores.local_cache import LocalCache
from stores.objects import S3Objects
from tests.fakes.clock import Clock
from tests.fakes.databases import Databases
from tests.fakes.ports import own_port

START_TIMEOUT_S = 200


@pytest.fixture(scope="session")
def postgres() -> Iterator[Databases]:
    with postgres_server(durable=False) as server:
        databases = Databases(server)
        yield databases
        databases.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated file that others are copied from."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh migrated database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "echonos.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    with request.getfixturevalue("postgres").migrated() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A fresh database of each kind, without any table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/echonos.db"
        return
    with request.getfixturevalue("postgres").bare() as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def ledger(database: Database, clock: Clock) -> Iterator[Ledger]:
    """A ledger with the account `ada`; after every test its balances must be right."""
    ledger = Ledger(database, clock)
    ledger.open_account("ada")
    yield ledger
    assert ledger.verify().differences == ()


@pytest.fixture(scope="session")
def object_server() -> Iterator[str]:
    """SeaweedFS as our child process; yields its S3 endpoint."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(prefix="echonos-objects-")))
        # SeaweedFS serves gRPC 10,000 above each.
        ports = {name: own_port(also=10_000) for name in ("s3", "master", "volume", "filer", "admin")}
        command = [
            str(Path(sys.executable).with_name("weed")),
            "mini",
            f"-dir={folder}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            "-master.telemetry=false",
            "-admin.ui=false",
            "-webdav=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            f"-filer.localSocket={folder}/filer.sock",
            *(f"-{name}.port={port}" for name, port in ports.items()),
        ]
        log = stack.enter_context((folder / "log").open("wb"))
        secrets_of_ours = {"AWS_ACCESS_KEY_ID": S3_KEYS[0], "AWS_SECRET_ACCESS_KEY": S3_KEYS[1]}
        server = subprocess.Popen(command, cwd=folder, env=os.environ | secrets_of_ours, stdout=log, stderr=log)
        try:
            endpoint = f"http://127.0.0.1:{ports['s3']}"
            _wait_for_objects(endpoint, server, (folder / "log").read_text)
            yield endpoint
        finally:
            server.kill()
            server.wait()


S3_KEYS = ("test-key-id", "test-secret")


def _wait_for_objects(endpoint: str, server: subprocess.Popen[bytes], log_text: Callable[[], str]) -> None:
    """Until a write succeeds: the port opens a second before the first volume exists."""
    deadline = time.monotonic() + START_TIMEOUT_S
    objects = S3Objects(endpoint, "us-east-1", *S3_KEYS, "ready")
    while True:
        try:
            objects.ensure_bucket()
            objects.put_bytes("ready", b"", "text/plain")
            return
        except (ProviderUnavailable, Misconfigured):
            assert server.poll() is None, log_text()
            assert time.monotonic() < deadline, log_text()
            time.sleep(0.1)


@pytest.fixture
def bucket() -> str:
    """The name of one test's bucket."""
    return f"test-{secrets.token_hex(6)}"


@pytest.fixture
def objects(object_server: str, bucket: str) -> S3Objects:
    """An empty bucket of its own for each test."""
    opened = S3Objects(object_server, "us-east-1", *S3_KEYS, bucket)
    opened.ensure_bucket()
    return opened


@pytest.fixture
def local_cache(tmp_path: Path) -> Path:
    """The folder in which `beside` keeps its copies."""
    folder = tmp_path / "local_cache"
    folder.mkdir()
    return folder


@pytest.fixture
def beside(objects: S3Objects, object_server: str, bucket: str, local_cache: Path) -> S3Objects:
    """The same bucket as `objects`, for a process with a local cache."""
    return S3Objects(object_server, "us-east-1", *S3_KEYS, bucket, LocalCache(local_cache))
