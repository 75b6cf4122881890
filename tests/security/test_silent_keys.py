"""Hosts that publish keys and do not answer: junk requests delay no other request."""

import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import jwt
import pytest

from tests.security.house import API, House, Neighbour, another_process

CALLS = 45
PATIENCE_S = 200.0
FETCHES = 8
"""Fetches of two kinds of keys, each with a growing back-off after failures; without it, each call would fetch."""


class Silence:
    """A host that takes connections and says nothing."""

    def __init__(self) -> None:
        self.asked = 0
        self._held: list[socket.socket] = []
        self._door = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.url = f"http://127.0.0.1:{self._door.getsockname()[1]}"
        self._listening = threading.Thread(target=self._listen)
        self._listening.start()

    def _listen(self) -> None:
        while True:
            try:
                self._held.append(self._door.accept()[0])
            except OSError:
                return
            self.asked += 1

    def end(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self._listening.join()
        for one in self._held:
            one.close()


@pytest.fixture(scope="module")
def silence() -> Iterator[Silence]:
    made = Silence()
    yield made
    made.end()


@pytest.fixture(scope="module")
def waiting_house(house: House, silence: Silence, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A process whose keys, fal's and the identity provider's, are with that host."""
    with another_process(
        house,
        tmp_path_factory.mktemp("keys"),
        FAL_KEY="key-id:key-secret-of-the-tests",
        FAL_JWKS_URL=f"{silence.url}/jwks.json",
        OIDC_ISSUER=silence.url,
        OIDC_AUDIENCE="echonos",
    ) as made:
        yield made


def forged_call(house: House) -> httpx.Response:
    headers = {
        "X-Fal-Webhook-Request-Id": "r1",
        "X-Fal-Webhook-User-Id": "eve",
        "X-Fal-Webhook-Timestamp": str(int(time.time())),
        "X-Fal-Webhook-Signature": "00" * 64,
    }
    with house.visitor(**headers) as http:
        return http.post(f"{API}/webhooks/fal/some-job", content=b"{}")


def junk_token(house: House) -> httpx.Response:
    token = jwt.encode({"sub": "eve"}, "x" * 32, algorithm="HS256", headers={"kid": "unknown"})
    with house.visitor(Authorization=f"Bearer {token}") as http:
        return http.get(f"{API}/balance")


@pytest.mark.parametrize("junk", [forged_call, junk_token])
def test_a_silent_key_host_holds_up_nobody(
    waiting_house: House, neighbour: Neighbour, silence: Silence, junk: Callable[[House], httpx.Response]
) -> None:
    """While the host hangs, all requests are answered, junk included. Forty-five calls cause a fetch or two."""
    asked = silence.asked
    with ThreadPoolExecutor(CALLS) as strangers:
        calls = [strangers.submit(junk, waiting_house) for _ in range(CALLS)]
        with waiting_house.visitor() as http:
            http.cookies.update(neighbour.person.http.cookies)
            assert http.get("/vault").status_code == 200
            assert http.get(f"{API}/videos/{neighbour.video_id}/progress").status_code == 200
        answers = {call.result().status_code for call in calls}
    assert answers <= {401, 400, 422, 503}
    assert silence.asked - asked <= FETCHES


def test_the_process_stops_in_time_while_keys_are_awaited(house: House, silence: Silence, tmp_path: Path) -> None:
    with another_process(house, tmp_path, OIDC_ISSUER=silence.url, OIDC_AUDIENCE="echonos") as made:
        assert junk_token(made).status_code == 503
        made.process.terminate()
        assert made.process.wait(PATIENCE_S) in (None, 0, -signal.SIGTERM), "it ends by itself"
