"""Objects streamed through this process, by ranges, for people who must not see the object store's links.

A presigned link names the account in its path and works for an hour whatever happens meanwhile; an answer of ours does
neither.
"""

import hashlib
import re
from collections.abc import AsyncIterator
from urllib.parse import quote

from fastapi.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from api.backend import Backend
from api.problems import Problem

CHUNK_BYTES = 512 * 1024
_RANGE = re.compile(r"bytes=(?P<first>\d{0,18})-(?P<last>\d{0,18})", re.IGNORECASE)


async def stream_object(
    request: Request, backend: Backend, key: str, media_type: str, download_name: str | None = None
) -> Response:
    """An object as an answer: whole, or the part that a `Range` header names.

    Args:
        request: Its `Range` and `If-Range` headers are used.
        backend: The process, whose object store is read.
        key: The object.
        media_type: Its media type.
        download_name: Save it under this name instead of showing it.

    Returns:
        200 with everything, or 206 with a part.

    Raises:
        Problem: 416, the range begins behind the end; 404, there is no such object.
    """
    size_bytes = await run_in_threadpool(backend.stores.objects.size, key)
    if size_bytes is None:
        raise Problem(404, "not_found", "There is nothing here under this address.")
    # Keys name content: the same key is the same bytes.
    mark = f'"{hashlib.sha256(key.encode()).hexdigest()[:32]}"'
    part = _part_of(request, mark, size_bytes)
    first, last = part or (0, size_bytes - 1)
    headers = {
        "Accept-Ranges": "bytes",
        "Cache-Control": "private, no-store",
        "Content-Length": str(last - first + 1),
        "ETag": mark,
    }
    if part is not None:
        headers["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    if download_name is not None:
        headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(download_name, safe='')}"
    return StreamingResponse(_chunks(backend, key, first, last), 206 if part else 200, headers, media_type)


def _part_of(request: Request, mark: str, size_bytes: int) -> tuple[int, int] | None:
    """The first and last byte that are asked for; None: everything.

    RFC 9110: what is no range, or several at once, or of another state of the object, is answered as a whole.
    """
    found = _RANGE.fullmatch(request.headers.get("range", "").strip())
    if found is None or request.headers.get("if-range", mark) != mark:
        return None
    first, last = found["first"], found["last"]
    if not first and not last:
        return None
    if not first:
        start, end = max(0, size_bytes - int(last)), size_bytes - 1
    else:
        start, end = int(first), min(int(last), size_bytes - 1) if last else size_bytes - 1
        if last and int(last) < int(first):
            return None
    if start >= size_bytes:
        detail = f"This file has {size_bytes} bytes; the range begins behind its end."
        raise Problem(416, "range", detail, "Range", {"Content-Range": f"bytes */{size_bytes}"})
    return start, end


async def _chunks(backend: Backend, key: str, first: int, last: int) -> AsyncIterator[bytes]:
    """The bytes, a piece at a time: the next one is read once the client has taken the one before."""
    while first <= last:
        piece = await run_in_threadpool(
            backend.stores.objects.get_range, key, first, min(CHUNK_BYTES, last - first + 1)
        )
        if not piece:
            return
        first += len(piece)
        yield piece
