"""Middleware for every request: allowed hosts, body limits, security headers, one log line."""

import re
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit
from uuid import uuid4

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import Problem, log_failure, problem_of, too_long
from api.web.answers import answer_of
from models.measures import OTHER, REQUESTS, Naming, report, trace

log = structlog.get_logger()

BODY_LIMIT_BYTES = 256 * 1024
"""The limit of every body except streams, which count themselves."""

HEADERS_BYTES, COOKIES_BYTES = 32 * 1024, 8 * 1024
MEGABYTE = 1_000_000
_OUR_COOKIE = re.compile(rb"(?:__Host-)?echonos_[a-z_]{1,40}=[A-Za-z0-9_.~-]{1,1000}")
_LENGTH_DIGITS = 18
_USUAL_PORTS = {"http": 80, "https": 443}
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""A client may send any word as its method: others are not repeated in metrics, spans and logs."""

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:\d{1,5})?")


def policy_for(media_origin: str) -> str:
    """The Content-Security-Policy: nothing inline, everything from ourselves, media from the object store."""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob: {media_origin}",
            f"media-src 'self' blob: {media_origin}",
            f"connect-src 'self' {media_origin}",
            "font-src 'self'",
            "manifest-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def origin_of(url: str) -> str:
    """Scheme, host and port of a URL, as browsers write them in `Origin`: in small letters, without a usual port."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if ":" in host:
        host = f"[{host}]"
    return (
        f"{parts.scheme}://{host}"
        if port in (None, _USUAL_PORTS.get(parts.scheme))
        else f"{parts.scheme}://{host}:{port}"
    )


class BrokenOffError(Exception):
    """A begun answer could not be finished: the connection must be closed."""


class Guard:
    """ASGI middleware.

    Args:
        hosts: Accepted Host headers, without port.
        media_url: The origin of presigned links.
        secure: Whether the public URL is HTTPS.
        streams: Body limits by the end of the path, or by its beginning where the key ends with a slash; None:
            the route counts its bytes itself.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        hosts: Iterable[str],
        media_url: str | None,
        secure: bool,
        streams: Mapping[str, int | None],
    ) -> None:
        self._app = app
        self._hosts = frozenset(hosts)
        self._streams = dict(streams)
        headers = {
            "Content-Security-Policy": policy_for(origin_of(media_url) if media_url else "https:"),
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Referrer-Policy": "same-origin",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        }
        if secure:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        self._headers = [(name.lower().encode(), value.encode()) for name, value in headers.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        structlog.contextvars.clear_contextvars()
        with trace(_method_of(scope)) as named:
            await self._answer(scope, receive, send, named)

    async def _answer(self, scope: Scope, receive: Receive, send: Send, named: Naming) -> None:
        began, status = time.monotonic(), 0
        request_id = uuid4().hex[:16]
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request=request_id)

        async def send_guarded(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = [*message["headers"], (b"x-request-id", request_id.encode())]
                present = {name for name, _ in headers}
                headers += [header for header in self._headers if header[0] not in present]
                if b"cache-control" not in present and scope["path"].startswith("/api/"):
                    headers.append((b"cache-control", b"no-store"))
                message["headers"] = headers
            await send(message)

        try:
            refused = self._refusal(scope)
            if refused is not None:
                await answer_of(refused, scope)(scope, receive, send_guarded)
            else:
                await self._app(scope, self._counted(scope, receive), send_guarded)
        except Exception as error:  # the boundary of a request: defects are answered as problems, too
            log_failure(scope, error)
            if status:
                # The server logs what it catches: not this error, whose text may contain user input.
                raise BrokenOffError from None
            await answer_of(problem_of(error), scope)(scope, receive, send_guarded)
        finally:
            # Route and status only: paths contain secrets (reset links), queries titles, and addresses identify people.
            route, method = getattr(scope.get("route"), "path", ""), _method_of(scope)
            took_s = time.monotonic() - began
            named(f"{method} {route or 'unknown'}", request=request_id, status=status)
            report(REQUESTS, took_s, route=f"{method} {route}" if route else OTHER, status=f"{status // 100}xx")
            log.info("request", method=method, route=route, status=status, took_ms=round(1000 * took_s, 1))

    def _refusal(self, scope: Scope) -> Problem | None:
        if _are_too_long(scope["headers"]):
            return too_long()
        scope["headers"] = [*_without_strange_cookies(scope["headers"])]
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if _without_port(host) not in self._hosts:
            return Problem(400, "unknown_host", "We do not answer under this name.", field="Host")
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:  # PostgreSQL stores no text with NUL
            return Problem(400, "bad_request", "An address has no NUL in it.")
        length = headers.get("content-length", "0")
        allowed = self._allowed(scope)
        if allowed is not None and declared_bytes(length) > allowed:
            return _too_large(allowed)
        return None

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        allowed = self._allowed(scope)
        if allowed is None:
            return receive
        taken = 0

        async def receive_counted() -> Message:
            nonlocal taken
            message = await receive()
            if message["type"] == "http.request":
                taken += len(message.get("body", b""))
                if taken > allowed:
                    raise _too_large(allowed)
            return message

        return receive_counted

    def _allowed(self, scope: Scope) -> int | None:
        if scope["method"] == "POST":
            for ending, limit_bytes in self._streams.items():
                path = str(scope["path"])
                if path.startswith(ending) if ending.endswith("/") else path.endswith(ending):
                    return limit_bytes
        return BODY_LIMIT_BYTES


def declared_bytes(length: str) -> int:
    """The value of a Content-Length header; 0 where it is no number."""
    return int(length) if length.isascii() and length.isdigit() and len(length) <= _LENGTH_DIGITS else 0


def _method_of(scope: Scope) -> str:
    method = str(scope["method"])
    return method if method in _METHODS else OTHER


def _are_too_long(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    total = cookies = 0
    for name, value in headers:
        total += len(name) + len(value) + 4  # a colon, a blank, an end of line
        cookies += len(value) if name == b"cookie" else 0
    return total > HEADERS_BYTES or cookies > COOKIES_BYTES


def _without_strange_cookies(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    """The headers without foreign cookies: Python's parser takes quadratic time for quoted ones (3.11.7)."""
    for name, value in headers:
        if name != b"cookie":
            yield name, value
            continue
        ours = [pair for part in value.split(b";") if _OUR_COOKIE.fullmatch(pair := part.strip())]
        if ours:
            yield name, b"; ".join(ours)


def _without_port(host: str) -> str:
    found = _HOST.fullmatch(host)
    return found["name"].strip("[]").lower() if found else ""


def _too_large(allowed: int) -> Problem:
    size = f"{allowed // 1024} KB" if allowed < MEGABYTE else f"{allowed // MEGABYTE} MB"
    return Problem(413, "body_too_large", f"This request takes up to {size}.")
