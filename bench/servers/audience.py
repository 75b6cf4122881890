"""Many readers and watchers in one light process: `python -m bench.servers.audience`, orders on stdin, JSON on stdout.

Sockets and bytes only, so that the client takes little of the cores that it measures. Each line of stdin is an order:
`{"videos": [...]}` says which videos are in the making now, `{"reads": N, "streams": N}` begins, and
`{"stop": true}` ends and prints the observations as one JSON object.
"""

import asyncio
import json
import re
import sys
import time
from collections import deque
from functools import partial
from typing import Any
from urllib.parse import urlsplit

OPENING_PER_S = 100
"""Streams are opened one after the other, as people arrive."""

MOST_READERS = 100
"""Connections kept for reads; a read that must wait for one counts that time too."""

_CHANGED = re.compile(rb'"updated_at":"([^"]+)"')
_EVENT, _END = b"event: progress\ndata: ", b"\n\n"
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)\r\n", re.IGNORECASE)


class Reader(asyncio.Protocol):
    """A connection that is kept; one request at a time."""

    def __init__(self, audience: "Audience") -> None:
        self._audience = audience
        self._transport: asyncio.Transport | None = None
        self._buffer = b""
        self._due: float | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep it."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._audience.is_free(self)

    def ask(self, request: bytes, due: float) -> None:
        """Send a request that was due at a moment of the performance counter."""
        assert self._transport is not None
        self._due = due
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Take the answer once it is whole."""
        self._buffer += data
        head = self._buffer.find(b"\r\n\r\n")
        if head < 0:
            return
        told = _LENGTH.search(self._buffer, 0, head + 2)
        size = int(told[1]) if told else 0
        if len(self._buffer) < head + 4 + size:
            return
        succeeded = self._buffer.startswith((b"HTTP/1.1 200", b"HTTP/1.1 304"))
        self._buffer = self._buffer[head + 4 + size :]
        self._finish(succeeded)
        self._audience.is_free(self)

    def connection_lost(self, error: Exception | None) -> None:
        """Count a request in flight as failed."""
        if self._due is not None:
            self._finish(succeeded=False)
        self._audience.is_gone(self)

    def _finish(self, succeeded: bool) -> None:
        assert self._due is not None
        self._audience.took.append(time.perf_counter() - self._due)
        self._audience.failed += not succeeded
        self._due = None


class Watcher(asyncio.Protocol):
    """One event stream."""

    def __init__(self, audience: "Audience", video_id: str) -> None:
        self._audience = audience
        self._video_id = video_id
        self._buffer = b""
        self.seen: list[tuple[str, float]] = []
        self.ended = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the stream."""
        assert isinstance(transport, asyncio.Transport)
        transport.write(self._audience.request(f"/api/v1/videos/{self._video_id}/events"))
        self._audience.watched.append({"video_id": self._video_id, "since": time.time(), "seen": self.seen})
        self._audience.open += 1

    def data_received(self, data: bytes) -> None:
        """Note when each event was there as a whole, and when its run had changed."""
        buffer = self._buffer + data
        while (begin := buffer.find(_EVENT)) >= 0 and (end := buffer.find(_END, begin)) >= 0:
            told = _CHANGED.search(buffer, begin, end)
            if told:
                self.seen.append((told[1].decode(), time.time()))
            buffer = buffer[end + len(_END) :]
        self._buffer = buffer if begin >= 0 else buffer[-len(_EVENT) :]
        if buffer.endswith(b"0\r\n\r\n"):
            self.ended.set()

    def connection_lost(self, error: Exception | None) -> None:
        """The stream is over."""
        self._audience.open -= 1
        self.ended.set()


class Audience:
    """All readers and watchers."""

    def __init__(self, url: str, token: str) -> None:
        parts = urlsplit(url)
        self._address = str(parts.hostname), int(parts.port or 80)
        self._head = f"Host: {parts.netloc}\r\nAuthorization: Bearer {token}\r\n\r\n"
        self.videos: list[str] = []
        self._idle: deque[Reader] = deque()
        self._waiting: deque[tuple[bytes, float]] = deque()
        self._readers = 0
        self.took: list[float] = []
        self.failed = 0
        self.open = self.most_open = 0
        self.watched: list[dict[str, Any]] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def request(self, path: str) -> bytes:
        """The bytes of a GET."""
        return f"GET {path} HTTP/1.1\r\n{self._head}".encode()

    def begin(self, reads: int, streams: int) -> None:
        """Read at a steady rate, whether or not answers come, and watch."""
        wanted = [self._read(reads)] if reads else []
        for task in [*wanted, *(self._watch(number) for number in range(streams))]:
            self._tasks.add(asyncio.create_task(task))

    async def end(self) -> dict[str, Any]:
        """Stop; return the observations since the last end."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks.clear()
        # Waiting reads count as long as they have waited: leaving them out would flatter.
        now = time.perf_counter()
        took = self.took + [now - due for _, due in self._waiting]
        seen = {"took": took, "failed": self.failed, "watched": self.watched, "most_open": self.most_open}
        self.took, self.failed, self.watched, self.most_open = [], 0, [], 0
        self._waiting.clear()
        return seen | {"cpu_s": time.process_time()}

    async def _read(self, rate: int) -> None:
        began, number = time.perf_counter(), 0
        while True:
            due = began + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            self._waiting.append(
                (self.request(f"/api/v1/videos/{self.videos[number % len(self.videos)]}/progress"), due)
            )
            number += 1
            if self._idle:
                self.is_free(self._idle.popleft())
            elif self._readers < MOST_READERS:
                self._readers += 1
                await asyncio.get_running_loop().create_connection(lambda: Reader(self), *self._address)

    def is_free(self, reader: Reader) -> None:
        """Give a reader the read that has waited longest, if any waits."""
        if self._waiting:
            reader.ask(*self._waiting.popleft())
        else:
            self._idle.append(reader)

    def is_gone(self, reader: Reader) -> None:
        """Note a closed connection."""
        self._readers -= 1
        if reader in self._idle:
            self._idle.remove(reader)

    async def _watch(self, number: int) -> None:
        await asyncio.sleep(number / OPENING_PER_S)
        loop = asyncio.get_running_loop()
        while True:
            video_id = self.videos[number % len(self.videos)]
            watcher = Watcher(self, video_id)
            transport, _ = await loop.create_connection(partial(_this, watcher), *self._address)
            self.most_open = max(self.most_open, self.open)
            try:
                await watcher.ended.wait()
            finally:
                transport.abort()
            while self.videos[number % len(self.videos)] == video_id:  # the next one is being ordered
                await asyncio.sleep(0.05)


def _this(watcher: Watcher) -> Watcher:
    return watcher


async def main() -> None:
    """Execute orders from stdin."""
    stdin = asyncio.StreamReader(limit=1 << 20)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(stdin), sys.stdin)
    audience: Audience | None = None
    while line := await stdin.readline():
        order = json.loads(line)
        if "url" in order:
            audience = Audience(order["url"], order["token"])
        assert audience is not None
        if "videos" in order:
            audience.videos = order["videos"]
        if "reads" in order:
            audience.begin(order["reads"], order["streams"])
        if "stop" in order:
            print(json.dumps(await audience.end()), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
