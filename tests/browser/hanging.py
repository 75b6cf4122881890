"""A server that hangs: an HTTP proxy before the site that keeps an answer back, as a whole or in its middle."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from enum import StrEnum
from urllib.parse import urlsplit


class Hang(StrEnum):
    """What of an answer does not come."""

    NOTHING = "nothing"
    ALL = "all of it"
    REST = "its rest"


class HangingProxy:
    """Passes requests on; posts to one path may hang.

    Attributes:
        hang: What hangs now.
        keys: The idempotency keys of the posts that hung.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        self.hang = Hang.NOTHING
        self.keys: list[str] = []
        self.url = ""
        self._serving: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def serving(self) -> AsyncIterator["HangingProxy"]:
        """While the block lasts."""
        server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()[:2]
        self.url = f"http://{host}:{port}"
        try:
            yield self
        finally:
            server.close()
            for task in self._serving:
                task.cancel()
            await asyncio.gather(*self._serving, return_exceptions=True)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(self._serve(reader, writer))
        self._serving.add(task)
        task.add_done_callback(self._serving.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            line, _, rest = head.decode("latin-1").partition("\r\n")
            method, url, _ = line.split(" ")
            if method == "CONNECT":
                return  # the browser's own errands
            headers = {n.lower(): v for n, _, v in (h.partition(": ") for h in rest.split("\r\n") if h)}
            body = await reader.readexactly(int(headers.get("content-length", 0)))
            if self.hang is not Hang.NOTHING and method == "POST" and urlsplit(url).path == self._path:
                self.keys.append(headers.get("idempotency-key", ""))
                await self._keep_back(reader, writer)
                return
            await self._pass_on(method, url, rest, body, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the browser has gone
        finally:
            writer.close()

    async def _keep_back(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.hang is Hang.REST:
            writer.write(b"HTTP/1.1 202 Accepted\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{")
            await writer.drain()
        await reader.read()  # until the browser gives up

    async def _pass_on(self, method: str, url: str, headers: str, body: bytes, writer: asyncio.StreamWriter) -> None:
        parts = urlsplit(url)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        kept = [h for h in headers.split("\r\n") if h and not h.lower().startswith(("connection:", "proxy-"))]
        lines = [f"{method} {path} HTTP/1.1", *kept, "Connection: close", "", ""]
        answer, onward = await asyncio.open_connection(parts.hostname, parts.port)
        try:
            onward.write("\r\n".join(lines).encode("latin-1") + body)
            while piece := await answer.read(65_536):
                writer.write(piece)
                await writer.drain()
        finally:
            onward.close()
