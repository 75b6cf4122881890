"""Headers, half-sent requests or many connections do not block a process."""

import socket
import time

import pytest

from tests.security.attacks import ATTACKS
from tests.security.house import API, House, Neighbour, said, status_of

MOST_PER_ADDRESS = 128
KILOBYTE = 1024
SMALL, LARGE = KILOBYTE // 2, 8 * KILOBYTE - 64
FEW, MANY = 3, 30
SUPERLINEAR = 10.0
"""Sixteen times the bytes: what is linear is small beside the rest of a request, what is quadratic is not."""


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ([f"Cookie: {'x' * 8_100}"], 200),
        ([f"Cookie: {'x' * 8_300}"], 431),
        ([f"Cookie: {'x' * 4_200}", f"Cookie: {'y' * 4_200}"], 431),
        (['Cookie: a="' + "\\" * 60_000 + '"'], 431),
        ([f"X-Filler: {'x' * 31_000}"], 200),
        ([f"X-Filler: {'x' * 33_000}"], 431),
        ([f"X-{n}: {'x' * 1_000}" for n in range(40)], 431),
        ([f"X-Filler: {'x' * 300_000}"], 431),
    ],
)
def test_headers_have_a_size(house: House, lines: list[str], status: int) -> None:
    with house.dial(house.head("GET", "/healthz", *lines, "Connection: close")) as connection:
        answer = said(connection)
    assert status_of(answer) == status, answer[:300]
    assert status == 200 or b'"code":"headers_too_large"' in answer


@pytest.mark.parametrize("pattern", ["\\", '"', "a=b; ", "a,", "a;", " a", "=", "%41", "[", "(", "é"])
def test_no_header_costs_more_than_its_length(house: House, pattern: str) -> None:
    """CPU time of the process, by size: a ratio, so that the machine does not matter."""
    names = (
        "Cookie", "Authorization", "Content-Type", "Accept", "Accept-Language", "If-None-Match", "X-CSRF-Token",
        "Last-Event-ID", "Origin", "X-Forwarded-For", "Range", "Idempotency-Key", "Expect", "Transfer-Encoding",
    )  # fmt: skip
    slow = {}
    for name in names:
        for quoted in (False, True):
            small, large = (_filled(pattern, size, quoted=quoted) for size in (SMALL, LARGE))
            if _ratio(house, name, small, large, FEW) > SUPERLINEAR:
                # Other work of the process may have fallen into all few requests; hardly into all of many.
                ratio = _ratio(house, name, small, large, MANY)
                if ratio > SUPERLINEAR:
                    slow[name] = ratio
    assert slow == {}


def _filled(pattern: str, size: int, *, quoted: bool) -> bytes:
    filled = (pattern * size).encode()[:size].strip()
    return b'echonos_session="' + filled + b'"' if quoted else filled


def _ratio(house: House, name: str, small: bytes, large: bytes, requests: int) -> float:
    return _cpu_of(house, name, large, requests) / _cpu_of(house, name, small, requests)


def _cpu_of(house: House, name: str, value: bytes, requests: int) -> int:
    request = house.head("GET", f"{API}/session", "Connection: close")[:-2]
    request += name.encode() + b": " + value + b"\r\n\r\n"
    took = []
    for _ in range(requests):
        before = house.cpu_ns()
        with house.dial(request) as connection:
            said(connection)
        took.append(house.cpu_ns() - before)
    return min(took)


def test_what_does_not_come_is_not_waited_for(house: House) -> None:
    """Silence, half a head, a head and a body that trickle, a body that stands still: all end by themselves."""
    start = b"GET / HTTP/1.1\r\n"
    body = house.head("POST", f"{API}/session", "Content-Type: application/json", "Content-Length: 100000")
    cases = {
        "silent": (b"", b""),
        "half a head": (start + b"Host: local", b""),
        "a trickling head": (start, b"X-A: b\r\n"),
        "no body": (body, b""),
        "a trickling body": (body + b"{", b" "),
        "a second request": (house.head("GET", "/healthz") + start, b"X-A: b\r\n"),
    }
    held = {name: (house.dial(sent), more) for name, (sent, more) in cases.items()}
    answers = dict.fromkeys(held, b"")
    for _ in range(400):
        for name, (connection, more) in list(held.items()):
            if _is_closed(connection, more, answers, name):
                connection.close()
                del held[name]
        if not held:
            break
        time.sleep(0.4)
    assert held == {}
    assert answers.pop("silent") == b""
    assert b"200 OK" in answers["a second request"]
    assert {name: b" 408 " in answer for name, answer in answers.items()} == dict.fromkeys(answers, True)


def _is_closed(connection: socket.socket, more: bytes, answers: dict[str, bytes], name: str) -> bool:
    connection.settimeout(0.02)
    try:
        if more:
            connection.sendall(more)
        part = connection.recv(65_536)
    except TimeoutError:
        return False
    except ConnectionError:
        return True
    answers[name] += part
    return part == b""


@pytest.mark.parametrize("attack", ATTACKS)
def test_another_account_is_served_meanwhile(house: House, neighbour: Neighbour, attack: str) -> None:
    """Page, progress and upload are answered; how much slower, `python -m bench.security` prints."""
    with ATTACKS[attack](house):
        neighbour.served()
        assert house.open_connections <= MOST_PER_ADDRESS + 5


def test_strangers_are_refused_before_their_body(house: House) -> None:
    """On every route that takes a body and is not for strangers, only the head is sent."""
    with house.visitor() as http:
        described = http.get(f"{API}/openapi.json").json()["paths"]
    asked = [
        (method.upper(), path, next(iter(operation["requestBody"]["content"])))
        for path, methods in described.items()
        for method, operation in methods.items()
        if "requestBody" in operation and operation.get("security")
    ]
    assert len(asked) > 15
    answers = {}
    for method, path, kind in asked:
        url = path.replace("{", "").replace("}", "") + "?filename=a.wav"
        connection = house.dial(house.head(method, url, f"Content-Type: {kind}; boundary=x", "Content-Length: 200000"))
        answers[method, path] = status_of(connection.recv(2_000))
        if path.endswith("/characters"):
            assert _trickle(connection, b"x", every_s=0.5, most=400) < 400, "what is left is not read for ever"
        connection.close()
    assert {route: status for route, status in answers.items() if status != 401} == {}


def test_tiny_chunks_are_refused(house: House) -> None:
    head = house.head("POST", f"{API}/session", "Content-Type: application/json", "Transfer-Encoding: chunked")
    with house.dial(head) as connection:
        connection.sendall(b"1\r\n \r\n" * 15_000)
        assert status_of(said(connection)) == 400


def test_answers_that_are_not_read_do_not_stay(house: House, neighbour: Neighbour) -> None:
    """One connection, many requests, nothing read: the process stops reading and lets go."""
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
        connection.connect((house.host, house.port))
        connection.settimeout(5)
        request, sent = house.head("GET", f"{API}/openapi.json"), 0
        try:
            for _ in range(200):
                sent += connection.send(1_000 * request)
        except (TimeoutError, ConnectionError):
            pass
        assert sent < 100_000 * len(request)
        neighbour.served()


def test_those_at_work_are_not_ended_for_new_ones(house: House, neighbour: Neighbour) -> None:
    """An open event stream outlives a storm of connections from its own address."""
    cookie = "; ".join(f"{name}={value}" for name, value in neighbour.person.http.cookies.items())
    head = house.head("GET", f"{API}/videos/{neighbour.video_id}/events", f"Cookie: {cookie}")
    with house.dial(head) as stream:
        assert status_of(stream.recv(1_000)) == 200
        for connection in [house.dial(b"GET") for _ in range(300)]:
            connection.close()
        neighbour.served()
        stream.settimeout(200)
        assert stream.recv(65_536) != b""


def _trickle(connection: socket.socket, part: bytes, *, every_s: float, most: int) -> int:
    """How often a part could be sent before the connection was closed."""
    connection.settimeout(every_s)
    for number in range(most):
        try:
            connection.sendall(part)
            if connection.recv(65_536) == b"":
                return number
        except TimeoutError:
            continue
        except ConnectionError:
            return number
    return most
