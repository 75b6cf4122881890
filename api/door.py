"""Limits of connections to one process: time, rate and number.

uvicorn has none. Its protocol class is extended here: headers have a deadline and a size, bodies a lowest rate, clients
must read their answers, and connections per address are limited. Other servers: docs/decisions/the-door.md.
"""

import asyncio
import sys
import time
from collections import defaultdict
from ipaddress import IPv4Address, ip_address, ip_network
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import STATUS_PHRASES, H11Protocol

from api.problems import MEDIA_TYPE, Problem, too_long

NETWORK_BITS = 64
"""The smallest network of an IPv6 customer."""

TICK_S = 0.5
HEAD_S = 10.0
"""From the beginning of a connection or request to the end of its headers."""

BODY_BYTES_PER_S = 4_096
BODY_START_S, BODY_SLACK_S = 10.0, 30.0
"""Seconds of waiting that a body may cost: at first, and at most after it was faster than required."""

ANSWER_S = 30.0
"""The connection is closed after so long without reading the answer."""

LEFTOVER_S = 5.0
"""For the rest of a body that was answered before it was read."""

HEAD_BYTES = 36 * 1024
"""All headers (`guard.HEADERS_BYTES`) and the request line."""

SMALL_CHUNKS, CHUNK_BYTES = 200, 32
"""Each chunk counts as 4 KB of body: some small ones pass, then chunks must be larger."""

SLICE_BYTES = 32 * 1024
STALLED_S = 1.0


class Doorkeeper:
    """All connections of one process.

    Args:
        most_per_address: The limit per IPv4 address or IPv6 customer network.
        proxies: Trusted proxies with commas, or `*`: they count their own clients.
    """

    def __init__(self, most: int, most_per_address: int, proxies: str) -> None:
        self._most = most
        self._most_per_address = most_per_address
        self._proxies = [ip_network(part.strip(), strict=False) for part in proxies.split(",") if _is_network(part)]
        self._trusts_all = proxies.strip() == "*"
        self._by_address: defaultdict[str, set[Connection]] = defaultdict(set)
        self._open = 0
        self._ticking = False

    def admit(self, connection: "Connection") -> bool:
        """Count a new connection. Above the limit, the connection that has been waiting longest is closed.

        Returns:
            False where all others are busy: the new connection must be closed.
        """
        mine = self._by_address[connection.address]
        if len(mine) >= self._most_per_address and not self._is_proxy(connection.address):
            admitted = _give_way(mine)
        elif self._open >= self._most:
            admitted = _give_way({one for some in self._by_address.values() for one in some})
        else:
            admitted = True
        if admitted:
            mine.add(connection)
            self._open += 1
            if not self._ticking:
                self._ticking = True
                connection.loop.call_later(TICK_S, self._tick, connection.loop, time.monotonic())
        elif not mine:
            del self._by_address[connection.address]
        return admitted

    def leave(self, connection: "Connection") -> None:
        """Stop counting a connection."""
        mine = self._by_address.get(connection.address, set())
        if connection in mine:
            mine.discard(connection)
            self._open -= 1
        if not mine:
            self._by_address.pop(connection.address, None)

    def _tick(self, loop: asyncio.AbstractEventLoop, last: float) -> None:
        now = time.monotonic()
        for some in list(self._by_address.values()):
            for connection in list(some):
                connection.check(now, now - last)
        self._ticking = bool(self._by_address)
        if self._ticking:
            loop.call_later(TICK_S, self._tick, loop, now)

    def _is_proxy(self, address: str) -> bool:
        if self._trusts_all:
            return True
        if not _is_network(address):
            return False
        network = ip_network(address)
        return any(network.version == proxy.version and network.overlaps(proxy) for proxy in self._proxies)


class Connection(H11Protocol):
    """A connection with limits. `keeper` is set on a subclass: see `protocol_of`."""

    keeper: Doorkeeper

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Admit or close the connection."""
        super().connection_made(transport)
        self.address = address_key(self.client[0] if self.client else "unknown")
        now = time.monotonic()
        self.heard = self._since = now
        self._head_begun = False
        self._slack_s = BODY_START_S
        self._crlfs = self._wire_bytes = 0
        self._unread_s = 0.0
        self._seen: Any = None
        if not self.keeper.admit(self):
            self._answer(_crowded())

    def connection_lost(self, exc: Exception | None) -> None:
        """Free the connection's place."""
        self.keeper.leave(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Count and pass on the next bytes."""
        for start in range(0, len(data), SLICE_BYTES):
            if self.transport.is_closing():
                return
            self._take(data[start : start + SLICE_BYTES])

    def _take(self, data: bytes) -> None:
        self.heard = time.monotonic()
        if self._is_between_requests():
            if self._seen is not None and not self._head_begun:
                self._since = self.heard
            self._head_begun = True
        elif self._reads_a_body():
            self._slack_s = min(BODY_SLACK_S, self._slack_s + len(data) / BODY_BYTES_PER_S)
            if self._is_crumbled(data):
                self._answer(Problem(400, "small_chunks", "The body comes in too many small chunks."))
                return
        super().data_received(data)
        if self.cycle is not self._seen:  # the headers are complete
            self._seen, self._head_begun = self.cycle, False
            self._slack_s, self._crlfs, self._wire_bytes = BODY_START_S, 0, 0

    def on_response_complete(self) -> None:
        """Limit the rest of the body from here."""
        self._since = time.monotonic()
        super().on_response_complete()

    def send_400_response(self, msg: str) -> None:
        """Answer invalid HTTP, with the status of the h11 error that is being handled."""
        status = getattr(sys.exc_info()[1], "error_status_hint", 400)
        if status == 431:
            self._answer(too_long())
        else:
            self._answer(Problem(400, "bad_request", "This request is malformed."))

    def check(self, now: float, passed_s: float) -> None:
        """Close the connection where it is too slow; called every TICK_S.

        Args:
            now: The monotonic clock.
            passed_s: Seconds since the last call.
        """
        if self.transport.is_closing():
            return
        self._unread_s = self._unread_s + passed_s if self.flow.write_paused else 0.0
        if self._unread_s > ANSWER_S:
            self._abandon()
        elif self._is_between_requests():
            # Between two requests uvicorn's own keep-alive time holds.
            if self.timeout_keep_alive_task is None and now - self._since > HEAD_S:
                self._end(self._head_begun)
        elif self.conn.their_state is h11.SEND_BODY:
            if self.cycle.response_complete:
                if now - self._since > LEFTOVER_S:
                    self._abandon()
            elif not (self.flow.read_paused or self.cycle.waiting_for_100_continue):
                self._slack_s -= passed_s
                if self._slack_s < 0:
                    self._end(True)

    def waits_since(self, now: float) -> float | None:
        """Since when the connection has been waiting for its client; None while a request is being answered."""
        if self._is_between_requests():
            return self.heard
        stalled = self._reads_a_body() and not self.flow.read_paused and now - self.heard > STALLED_S
        return self.heard if stalled else None

    def give_way(self) -> None:
        """Close in favour of another connection."""
        self._abandon()

    def _is_between_requests(self) -> bool:
        return self.conn.their_state is h11.IDLE

    def _reads_a_body(self) -> bool:
        return self.conn.their_state is h11.SEND_BODY and not self.cycle.response_complete

    def _is_crumbled(self, data: bytes) -> bool:
        if not any(name == b"transfer-encoding" for name, _ in self.headers):
            return False
        self._crlfs += data.count(b"\r\n")
        self._wire_bytes += len(data)
        return self._crlfs > SMALL_CHUNKS + self._wire_bytes / CHUNK_BYTES

    def _end(self, has_begun: bool) -> None:
        if has_begun:
            self._answer(Problem(408, "too_slow", "This request came too slowly: try again."))
        else:
            self._abandon()

    def _answer(self, problem: Problem) -> None:
        """Answer instead of the application where nothing was answered yet, and close."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            answer = problem.response()
            headers = [(name, value) for name, value in answer.raw_headers if name != b"content-type"]
            headers += [(b"content-type", MEDIA_TYPE.encode()), (b"connection", b"close")]
            reason = STATUS_PHRASES[problem.status_code]
            head = self.conn.send(h11.Response(status_code=problem.status_code, headers=headers, reason=reason))
            body = self.conn.send(h11.Data(data=bytes(answer.body)))
            self.transport.write(b"".join(part for part in (head, body, self.conn.send(h11.EndOfMessage())) if part))
        self._abandon()

    def _abandon(self) -> None:
        """Close; for the application the client has disconnected."""
        self.keeper.leave(self)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if self.flow.write_paused:
            self.transport.abort()  # `close` would wait until the rest is read
        else:
            self.transport.close()


def protocol_of(keeper: Doorkeeper) -> type[Connection]:
    """The protocol class for a server."""
    return type("KeptConnection", (Connection,), {"keeper": keeper})


def address_key(host: str) -> str:
    """The counted key of an address: an IPv4 address, or an IPv6 customer network."""
    try:
        address = ip_address(host)
    except ValueError:
        return host
    if isinstance(address, IPv4Address):
        return str(address)
    return str(address.ipv4_mapped or ip_network((int(address), NETWORK_BITS), strict=False))


def _crowded() -> Problem:
    detail = "Too many connections are open from your network: close some, and try again."
    return Problem(503, "too_many_connections", detail, headers={"Retry-After": "10"})


def _give_way(connections: set[Connection]) -> bool:
    now = time.monotonic()
    waiting = [(since, id(one), one) for one in connections if (since := one.waits_since(now)) is not None]
    if not waiting:
        return False
    min(waiting)[2].give_way()
    return True


def _is_network(text: str) -> bool:
    try:
        ip_network(text.strip(), strict=False)
    except ValueError:
        return False
    return True
