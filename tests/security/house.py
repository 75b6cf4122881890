"""A running stack with its page on a real port, people who use it, and bare sockets for those who misuse it."""

import io
import os
import random
import socket
import sys
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil

from bench.api import instant_worker
from cli.stack import ensure_stack, settings_for
from cli.stack.processes import Child, last_lines
from models.access import Scope
from models.credits import GrantRequest, GrantSource
from settings import CHECKOUT, Settings
from stores.access import Access, open_access
from stores.opening import Stores, open_stores
from tests.fakes.ports import own_port

API, PASSWORD = "/api/v1", "an honest passphrase"
CSRF = "X-CSRF-Token"
START_S = 300.0
SCENES = 3
_CPU_OF_A_PROCESS = 2
"""CPUCLOCK_SCHED, in the ids that Linux gives to the CPU clocks of processes: `clock_getcpuclockid`."""

FREE = {"SIGN_UP": "100000/minute", "LOG_IN": "100000/minute", "MAIL": "100000/minute", "UPLOAD": "100000/hour"}
"""All people of the tests come from one address."""


class Person:
    """A person with a browser and an account."""

    def __init__(self, http: httpx.Client, account_id: str, email: str) -> None:
        self.http = http
        self.account_id = account_id
        self.email = email

    def upload(self, song: bytes, filename: str = "song.wav") -> httpx.Response:
        """Send a song."""
        return self.http.post(f"{API}/songs", params={"filename": filename}, content=song)


class Neighbour:
    """Another account, whose song is there and whose video is in the making or made."""

    def __init__(self, person: Person, **more: Any) -> None:
        self.person = person
        self._song = a_song(seed=1)
        song = person.upload(self._song)
        assert song.status_code == 201, song.text
        wish = {"song_id": song.json()["song_id"], "prompt": "a fox", "profile": "tiny"} | more
        order = person.http.post(f"{API}/videos", json=wish, headers={"Idempotency-Key": uuid4().hex})
        assert order.status_code == 202, order.text
        self.video_id = order.json()["video_id"]

    def served(self) -> dict[str, float]:
        """Use the page, an upload and the progress: all must be answered, on connections of their own.

        Returns:
            How long each took, in seconds.
        """
        took = {}
        for name, method, url, body in (
            ("page", "GET", "/vault", None),
            ("progress", "GET", f"{API}/videos/{self.video_id}/progress", None),
            ("upload", "POST", f"{API}/songs?filename=song.wav", self._song),
        ):
            mine = self.person.http
            with httpx.Client(
                base_url=mine.base_url, cookies=mine.cookies, headers={CSRF: mine.headers[CSRF]}, timeout=120
            ) as http:
                began = time.monotonic()
                answer = http.request(method, url, content=body)
                took[name] = time.monotonic() - began
            assert answer.status_code in {200, 201}, (name, answer.status_code, answer.text[:300])
        return took


class House:
    """One process of the web backend on a running stack."""

    def __init__(self, url: str, process: psutil.Process, stores: Stores, access: Access, settings: Settings) -> None:
        self.url = url
        self.process = process
        self.stores = stores
        self.access = access
        self.settings = settings
        parts = urlsplit(url)
        self.host, self.port = str(parts.hostname), int(parts.port or 80)

    def visitor(self, **headers: str) -> httpx.Client:
        """A client without an account."""
        return httpx.Client(base_url=self.url, headers=headers, timeout=120)

    def sign_up(self, email: str | None = None, *, verified: bool = True) -> Person:
        """A new person, logged in."""
        http, email = self.visitor(), email or f"{uuid4().hex}@example.org"
        answer = http.post(f"{API}/accounts", json={"email": email, "password": PASSWORD})
        assert answer.status_code == 201, answer.text
        http.headers[CSRF] = answer.json()["csrf_token"]
        account_id = answer.json()["account_id"]
        if verified:
            assert self.access.profiles.verify(account_id)
        return Person(http, account_id, email)

    def machine(self, account_id: str, *scopes: Scope) -> httpx.Client:
        """A client with a token of these scopes."""
        _, secret = self.access.tokens.issue(account_id, "test", scopes or tuple(Scope))
        return self.visitor(Authorization=f"Bearer {secret}")

    def grant(self, account_id: str, amount: int) -> None:
        """More credits."""
        source = GrantSource.GOODWILL
        self.stores.ledger.grant(GrantRequest(account_id=account_id, key=uuid4().hex, amount=amount, source=source))

    def dial(self, sent: bytes = b"") -> socket.socket:
        """A bare connection, on which these bytes were sent."""
        made = socket.create_connection((self.host, self.port), timeout=200)
        made.sendall(sent)
        return made

    def head(self, method: str, path: str, *lines: str) -> bytes:
        """The head of a request, complete."""
        return "\r\n".join((f"{method} {path} HTTP/1.1", f"Host: {self.host}:{self.port}", *lines, "", "")).encode()

    @property
    def open_connections(self) -> int:
        """How many connections the process holds."""
        return sum(
            found.status == psutil.CONN_ESTABLISHED
            for found in self.process.net_connections("tcp")
            if found.laddr and found.laddr.port == self.port
        )

    def cpu_ns(self) -> int:
        """CPU time of all threads of the process, ended ones too: it does not depend on what else runs."""
        return time.clock_gettime_ns(~self.process.pid << 3 | _CPU_OF_A_PROCESS)


@contextmanager
def running_house(home: Path) -> Iterator[House]:
    """A whole stack whose worker answers at once, for a block."""
    base = Settings(home=home)
    with (
        _environment({f"ECHONOS_RATES__{name}": rate for name, rate in FREE.items()}),
        ensure_stack(base, say=print, worker=False, api=True) as state,
        instant_worker(state, base, SCENES),
    ):
        assert state.api_url is not None
        with _opened(state.api_url, psutil.Process(state.parts["api"].pid), settings_for(state, base)) as house:
            yield house


@contextmanager
def another_process(house: House, folder: Path, **env: str) -> Iterator[House]:
    """One more process of the web backend on the same stack, with settings of its own.

    Args:
        house: The first.
        folder: For its log.
        **env: Variables in addition; the names of settings are written without their prefix.
    """
    port = own_port()
    url = f"http://127.0.0.1:{port}"
    own = {f"ECHONOS_{name}": value for name, value in _stack_variables(house.settings).items()}
    own |= {"ECHONOS_ENVIRONMENT": "development", "ECHONOS_API_PORT": str(port), "ECHONOS_PUBLIC_URL": url}
    own |= {f"ECHONOS_RATES__{name}": rate for name, rate in FREE.items()}
    own |= {name if name.startswith(("FAL_", "SSL_")) else f"ECHONOS_{name}": value for name, value in env.items()}
    child = Child((sys.executable, "-m", "api"), env=os.environ | own, cwd=CHECKOUT, log=folder / f"api-{port}.log")
    try:
        deadline = time.monotonic() + START_S
        while not _answers(f"{url}/readyz"):
            assert child.exit_code is None, last_lines(child.log, 20)
            assert time.monotonic() < deadline, last_lines(child.log, 20)
            time.sleep(0.1)
        with _opened(url, psutil.Process(child.pid), house.settings) as made:
            yield made
    finally:
        child.stop(10)


def a_song(seed: int, duration_s: float = 61.0) -> bytes:
    """A WAV file of noise that the intake takes; another seed, another song."""
    with io.BytesIO() as file:
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(1)
            sound.setframerate(8_000)
            sound.writeframes(random.Random(seed).randbytes(round(8_000 * duration_s)))
        return file.getvalue()


def said(connection: socket.socket, most: int = 100_000) -> bytes:
    """All that the other side says until it closes; a reset counts as a close."""
    heard = b""
    try:
        while len(heard) < most and (part := connection.recv(65_536)):
            heard += part
    except ConnectionError:
        pass
    return heard


def status_of(answer: bytes) -> int:
    """The status of the first response; 0 where there is none."""
    return int(answer.split(b" ", 2)[1]) if answer.startswith(b"HTTP/1.1 ") else 0


@contextmanager
def _opened(url: str, process: psutil.Process, settings: Settings) -> Iterator[House]:
    stores = open_stores(**settings.store_options())
    try:
        yield House(url, process, stores, open_access(stores.database), settings)
    finally:
        stores.database.close()


def _stack_variables(settings: Settings) -> dict[str, str]:
    options = {name.upper(): str(value) for name, value in settings.store_options().items()}
    return options | {"HOME": str(settings.home), "TEMPORAL_ADDRESS": str(settings.temporal_address)}


@contextmanager
def _environment(variables: dict[str, str]) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False
