"""Attacks on a running stack while other accounts use it: bounded, on loopback, each for a block."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager

import httpx

from tests.security.house import API, House, Person, a_song, said

JSON = "Content-Type: application/json"
Attack = Callable[[House], AbstractContextManager[None]]


@contextmanager
def half_heads(house: House, count: int = 200) -> Iterator[None]:
    """Connections that begin a request and go silent."""
    with _held(house, b"GET / HTTP/1.1\r\nHost: local", count):
        yield


@contextmanager
def slow_bodies(house: House, count: int = 50) -> Iterator[None]:
    """Bodies that are announced and do not come, to a route for strangers."""
    with _held(house, house.head("POST", f"{API}/session", JSON, "Content-Length: 100000") + b"{", count):
        yield


@contextmanager
def strange_multiparts(house: House, count: int = 20) -> Iterator[None]:
    """Images of strangers, which would be spooled to disk if anyone read them."""
    kind = "Content-Type: multipart/form-data; boundary=x"
    part = b'--x\r\nContent-Disposition: form-data; name="references"; filename="a"\r\n\r\n'
    sent = house.head("POST", f"{API}/characters", kind, "Content-Length: 50000000") + part + bytes(10_000)
    with _held(house, sent, count):
        yield


@contextmanager
def hostile_cookies(house: House) -> Iterator[None]:
    """Cookies at their bound, of characters that a parser may stumble over, as fast as they are answered."""
    heads = [
        house.head("GET", "/vault", f'Cookie: a="{bad * (8_000 // len(bad))}"') for bad in ("\\", '\\"', "=;", ",")
    ]
    with _again_and_again(lambda number: _ask(house, heads[number % len(heads)])):
        yield


@contextmanager
def junk_tokens(house: House) -> Iterator[None]:
    """Tokens and forged webhooks, as fast as they are answered."""
    heads = [
        house.head("GET", f"{API}/balance", "Authorization: Bearer " + "x" * 43),
        house.head("GET", f"{API}/balance", "Authorization: Bearer a.b.c"),
        house.head("POST", f"{API}/webhooks/fal/job", "Content-Length: 0"),
    ]
    with _again_and_again(lambda number: _ask(house, heads[number % len(heads)])):
        yield


@contextmanager
def greedy_uploads(house: House, count: int = 4) -> Iterator[None]:
    """One account sends as many long songs as it may at once, again and again."""
    eve = house.sign_up()
    songs = [a_song(seed=100 + number, duration_s=200) for number in range(count)]
    with _again_and_again(lambda number: _send(eve, songs[number % count]), hands=count):
        yield


@contextmanager
def free_things(house: House) -> Iterator[None]:
    """One account requests prices and renames until it is refused, and goes on."""
    eve = house.sign_up()

    def ask(number: int) -> None:
        del number
        with _same(eve) as http:
            http.post(f"{API}/quotes", json={"operation": "generate"})
            http.patch(f"{API}/songs/song-0", json={"title": "x"})

    with _again_and_again(ask):
        yield


ATTACKS: dict[str, Attack] = {
    "200 half heads": half_heads,
    "50 slow bodies": slow_bodies,
    "20 multiparts of strangers": strange_multiparts,
    "hostile cookies": hostile_cookies,
    "junk tokens and webhooks": junk_tokens,
    "greedy uploads": greedy_uploads,
    "free things": free_things,
}


@contextmanager
def _held(house: House, sent: bytes, count: int) -> Iterator[None]:
    with ExitStack() as held:
        for _ in range(count):
            held.enter_context(house.dial(sent))
        yield


@contextmanager
def _again_and_again(use: Callable[[int], None], hands: int = 4) -> Iterator[None]:
    """Use something from a few threads until the block ends."""
    over = threading.Event()

    def go_on(hand: int) -> None:
        number = hand
        while not over.is_set():
            use(number)
            number += hands

    with ThreadPoolExecutor(hands) as threads:
        working = [threads.submit(go_on, hand) for hand in range(hands)]
        try:
            yield
        finally:
            over.set()
        for one in working:
            one.result()


def _ask(house: House, head: bytes) -> None:
    with house.dial(head.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n", 1)) as connection:
        said(connection)


def _send(person: Person, song: bytes) -> None:
    with _same(person) as http:
        http.post(f"{API}/songs?filename=song.wav", content=song)


def _same(person: Person) -> httpx.Client:
    """Another connection of the same person."""
    mine = person.http
    return httpx.Client(base_url=mine.base_url, cookies=mine.cookies, headers=mine.headers, timeout=300)
