"""A local server that speaks Anthropic's Messages API, streaming included, over plain http.

The real SDK reaches it unpatched by its base URL. Its models think before they write, and it answers whole or as a
stream, as requested. It answers plausibly (`tests/fakes/claude.py`), checks requests as the API does, keeps a prompt
cache with the API's rules, records requests, and misbehaves as a test has planned.
"""

import json
import threading
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from socket import SHUT_RDWR
from typing import Any

import pytest

from tests.fakes import claude
from tests.fakes.anthropic_rules import MODELS, Bad, check, prefix_of, tokens_of

KEY = "sk-ant-of-a-test"
FILTERED = "Output blocked by content filtering policy"
THOUGHT_TOKENS = 40
CHUNK_CHARS = 160
PING_S = 0.1


@dataclass(frozen=True)
class Asked:
    """One accepted request and the tokens it was counted with."""

    body: dict[str, Any]
    question: str
    fresh: int
    cache_write: int
    cache_read: int


Act = Callable[["Exchange"], None]
"""The server's reaction to an accepted request."""


class Outage(deque[Act]):
    """A plan without an end: every request fails on the provider's side."""

    def __bool__(self) -> bool:
        return True

    def popleft(self) -> Act:
        return lambda exchange: exchange.fail(500, "api_error", "Internal server error")


@dataclass
class AnthropicServer:
    """The server; usable as a context manager.

    Attributes:
        plans: By question: reactions to the next requests, in order; later ones are answered well.
        asked: Every accepted request, in order.
        cached_from_tokens: Shorter prefixes are not cached; None: as on each model's page.
    """

    cached_from_tokens: int | None = None
    plans: dict[str, deque[Act]] = field(default_factory=lambda: defaultdict(deque))
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.numbers = count(1)
        self.lock = threading.Lock()
        self.cached: set[str] = set()
        server = self

        class Handler(Exchange):
            pass

        Handler.server_state = server
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> "AnthropicServer":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def plan(self, question: str, *acts: Act) -> None:
        """Plan reactions to the next requests for a question."""
        self.plans[question].extend(acts)

    def of(self, question: str) -> list[Asked]:
        """The requests for a question."""
        return [one for one in self.asked if one.question == question]


class Exchange(BaseHTTPRequestHandler):
    """One request and its response."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server_state: AnthropicServer
    asked: Asked

    @property
    def streams(self) -> bool:
        """Whether the answer is requested as a stream."""
        return bool(self.asked.body.get("stream"))

    def do_GET(self) -> None:
        name = self.path.removeprefix("/v1/models/")
        if self._refuse_key():
            return
        if name not in MODELS:
            self.fail(404, "not_found_error", f"model: {name}")
            return
        facts = {"type": "model", "id": name, "display_name": name, "created_at": "2026-01-01T00:00:00Z"}
        self._respond(200, facts | {"lifecycle": "active"})

    def do_POST(self) -> None:
        length = int(self.headers["content-length"])
        body = json.loads(self.rfile.read(length))
        if self._refuse_key():
            return
        try:
            check(body)
        except Bad as error:
            self.fail(400, "invalid_request_error", str(error))
            return
        rules = MODELS.get(body["model"])
        if rules is None:
            self.fail(404, "not_found_error", f"model: {body['model']}")
            return
        self._thinks = rules.thinks
        state = self.server_state
        question = claude.question(body)
        with state.lock:
            prefix, held, total = prefix_of(body)
            hit = prefix is not None and prefix in state.cached
            least = rules.least_cached_tokens if state.cached_from_tokens is None else state.cached_from_tokens
            long_enough = prefix is not None and held >= least
            self.asked = Asked(
                body,
                question,
                total - held if hit or long_enough else total,
                held if long_enough and not hit else 0,
                held if hit else 0,
            )
            state.asked.append(self.asked)
            self._becomes_cached = prefix if long_enough else None
            plan = state.plans[question]
            act = plan.popleft() if plan else answered()
        act(self)

    def fail(self, status: int, kind: str, message: str, **headers: str) -> None:
        """An error response with a body like the API's."""
        body = {"type": "error", "error": {"type": kind, "message": message}, "request_id": "req_test"}
        self._respond(status, body, headers)

    def drop(self) -> None:
        """Close the connection without another word."""
        self.close_connection = True
        self.connection.shutdown(SHUT_RDWR)

    def begin(self) -> None:
        """Start the answer, with the model's thinking; from now on the prefix can be read from the cache."""
        usage = {
            "input_tokens": self.asked.fresh,
            "cache_creation_input_tokens": self.asked.cache_write,
            "cache_read_input_tokens": self.asked.cache_read,
            "output_tokens": 1,
        }
        self._message = {
            "id": f"msg_{next(self.server_state.numbers):06d}",
            "type": "message",
            "role": "assistant",
            "model": self.asked.body["model"],
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": usage,
        }
        self._said = ""
        if self._becomes_cached:
            self.server_state.cached.add(self._becomes_cached)
        if not self.streams:
            return
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("transfer-encoding", "chunked")
        self.end_headers()
        self.event("message_start", message=self._message)
        self._at = 0
        if self._thinks:
            # By default the words of the thinking stay with the provider.
            self.event(
                "content_block_start", index=0, content_block={"type": "thinking", "thinking": "", "signature": ""}
            )
            self.event("content_block_delta", index=0, delta={"type": "thinking_delta", "thinking": ""})
            self.event("content_block_delta", index=0, delta={"type": "signature_delta", "signature": "c2ln"})
            self.event("content_block_stop", index=0)
            self._at = 1
        self.event("content_block_start", index=self._at, content_block={"type": "text", "text": ""})
        self.event("ping")

    def say(self, text: str) -> None:
        """Send a part of the answer."""
        self._said += text
        for start in range(0, len(text) if self.streams else 0, CHUNK_CHARS):
            delta = {"type": "text_delta", "text": text[start : start + CHUNK_CHARS]}
            self.event("content_block_delta", index=self._at, delta=delta)

    def end(self, text: str, stop_reason: str = "end_turn") -> None:
        """Send the rest of the answer; thinking is charged like text."""
        output = max(1, tokens_of(text)) + THOUGHT_TOKENS * self._thinks
        if not self.streams:
            thought = [{"type": "thinking", "thinking": "", "signature": "c2ln"}] * self._thinks
            whole = {"content": [*thought, {"type": "text", "text": self._said}], "stop_reason": stop_reason}
            self._respond(200, self._message | whole | {"usage": self._message["usage"] | {"output_tokens": output}})
            return
        self.event("content_block_stop", index=self._at)
        delta = {"stop_reason": stop_reason, "stop_sequence": None}
        self.event("message_delta", delta=delta, usage={"output_tokens": output})
        self.event("message_stop")
        self._chunk(b"")

    def event(self, kind: str, **data: Any) -> None:
        self.raw(f"event: {kind}\ndata: {json.dumps({'type': kind, **data})}\n\n".encode())

    def raw(self, data: bytes) -> None:
        """Send raw bytes, which may be no event."""
        self._chunk(data)

    def answer(self, status: int, body: bytes, content_type: str = "text/html") -> None:
        """A response that is not the API's: a proxy's page, or half a document."""
        self.send_response(status)
        self.send_header("content-type", content_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Suppress the log."""

    def handle(self) -> None:
        try:
            super().handle()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the client went away, as a cancelled one does

    def _chunk(self, data: bytes) -> None:
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _refuse_key(self) -> bool:
        keys = (self.headers.get("x-api-key"), self.headers.get("authorization", "").removeprefix("Bearer "))
        if KEY in keys and self.headers.get("anthropic-version"):
            return False
        self.fail(401, "authentication_error", "invalid x-api-key")
        return True

    def _respond(self, status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        for name, value in {"content-type": "application/json", "request-id": "req_test", **(headers or {})}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def answered(change: Callable[[dict[str, Any]], Any] = lambda data: data) -> Act:
    """A good answer, changed by `change`: an object, or a text that is not JSON."""

    def act(exchange: Exchange) -> None:
        changed = change(claude.answer(exchange.asked.body))
        text = changed if isinstance(changed, str) else json.dumps(changed)
        exchange.begin()
        exchange.say(text)
        exchange.end(text)

    return act


def thought_over(seconds: float) -> Act:
    """A good answer that begins late."""

    def act(exchange: Exchange) -> None:
        threading.Event().wait(seconds)
        answered()(exchange)

    return act


def failed(status: int, kind: str, message: str = "Nothing personal.", **headers: str) -> Act:
    """An error instead of an answer."""
    return lambda exchange: exchange.fail(status, kind, message, **headers)


def dropped(exchange: Exchange) -> None:
    """The connection closes before any response."""
    exchange.drop()


def broken_off(exchange: Exchange) -> None:
    """The connection closes in the middle of the answer."""
    exchange.begin()
    exchange.say('{"half of')
    exchange.drop()


def cut_short(exchange: Exchange) -> None:
    """The stream ends in order, but too early."""
    exchange.begin()
    exchange.say('{"half of')
    exchange._chunk(b"")


def failing_halfway(kind: str = "overloaded_error", message: str = "Overloaded") -> Act:
    """A failure that arrives as an event of a stream that began well."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.event("error", error={"type": kind, "message": message, "details": None})
        exchange._chunk(b"")

    return act


def stopped(reason: str, text: str = "") -> Act:
    """An answer that ends for another reason: `refusal`, `max_tokens`."""

    def act(exchange: Exchange) -> None:
        exchange.begin()
        exchange.say(text)
        exchange.end(text, reason)

    return act


def held(until: threading.Event, begun: threading.Event | None = None, gone: threading.Event | None = None) -> Act:
    """A good answer whose first half comes at once, and its second when the test says so.

    `begun` is set after the first half, `gone` if the client hangs up instead of waiting.
    """

    def act(exchange: Exchange) -> None:
        text = json.dumps(claude.answer(exchange.asked.body))
        exchange.begin()
        exchange.say(text[:20])
        if begun is not None:
            begun.set()
        # The API also sends pings during silence.
        try:
            while not until.wait(PING_S):
                exchange.event("ping")
        except (BrokenPipeError, ConnectionResetError):
            if gone is not None:
                gone.set()
            raise
        exchange.say(text[20:])
        exchange.end(text)

    return act


@pytest.fixture
def anthropic_server() -> Iterator[AnthropicServer]:
    """A server for one test."""
    with AnthropicServer() as server:
        yield server
