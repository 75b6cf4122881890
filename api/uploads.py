"""Uploads: counted while they arrive, written to disk, checked before anything is stored."""

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.deps import Backend, limit
from api.guard import declared_bytes
from api.problems import Problem
from models.failures import InvalidInput
from models.song import SongRef
from services.hearing import hear_song
from services.songs import (
    HEAD_BYTES,
    MOST_SONG_BYTES,
    add_song,
    check_song,
    fetch_staged,
    forget_staged,
    refuse_too_big,
)

STALL_S = 30.0
"""An upload is refused after so long without a byte."""

TOTAL_S = 1_800.0

_WRITE_BYTES = 1 << 20
_HEAD_S = 5.0
_TOO_BIG = "This file has more than 40 MB, and we take up to 40 MB: export the song as FLAC or a high-bitrate MP3."


@asynccontextmanager
async def received(
    request: Request, limit_bytes: int = MOST_SONG_BYTES, too_big: str = _TOO_BIG
) -> AsyncIterator[Path]:
    """Write a request's body to a temporary file, deleted at the end of the block.

    Args:
        request: The request; its declared length is not trusted.
        limit_bytes: The largest accepted body.
        too_big: The sentence of the refusal.

    Raises:
        Problem: 413, too large; 408, it stalled.
        InvalidInput: `too_big`, for a song.
    """
    declared = declared_bytes(request.headers.get("content-length", ""))
    if declared > limit_bytes:
        if too_big == _TOO_BIG:
            raise refuse_too_big(declared, await _head(request))
        raise Problem(413, "too_big", too_big, "song")
    with tempfile.TemporaryDirectory(prefix="echonos-upload-") as folder:
        path = Path(folder) / "body"
        await _receive(request, path, limit_bytes, too_big)
        yield path


async def _head(request: Request) -> bytes:
    """The first bytes of a refused body: a WAV's say how large its FLAC will be."""
    head = b""
    try:
        async with asyncio.timeout(_HEAD_S):
            async for chunk in request.stream():
                head += chunk
                if len(head) >= HEAD_BYTES:
                    break
    except (TimeoutError, ClientDisconnect):
        return b""
    return head[:HEAD_BYTES]


async def _receive(request: Request, path: Path, limit_bytes: int, too_big: str) -> None:
    chunks, taken, pending = aiter(request.stream()), 0, bytearray()
    try:
        async with asyncio.timeout(TOTAL_S):
            with path.open("wb") as file:
                while True:
                    async with asyncio.timeout(STALL_S):
                        chunk = await anext(chunks, None)
                    if chunk is None:
                        break
                    taken += len(chunk)
                    if taken > limit_bytes:
                        raise Problem(413, "too_big", too_big, "song")
                    pending += chunk
                    if len(pending) >= _WRITE_BYTES:
                        await run_in_threadpool(file.write, bytes(pending))
                        pending.clear()
                await run_in_threadpool(file.write, bytes(pending))
    except TimeoutError as error:
        raise Problem(408, "too_slow", "The upload stood still for too long: try again.") from error
    except ClientDisconnect as error:
        raise Problem(400, "cut_off", "The upload was cut off.") from error


@asynccontextmanager
async def staged(backend: Backend, account_id: str, upload_id: str) -> AsyncIterator[Path]:
    """Fetch a direct upload into a temporary file; it is deleted from the staging area once it was stored or refused.

    A rate limit, an unavailable part or an unusable title leaves it there: the completion can be repeated.

    Raises:
        NotFound: Nothing was uploaded.
        InvalidInput: `too_big`.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="echonos-upload-") as folder:
            path = Path(folder) / "body"
            await run_in_threadpool(fetch_staged, backend, account_id, upload_id, path)
            yield path
    except InvalidInput as error:
        if error.field != "title":
            await run_in_threadpool(forget_staged, backend, account_id, upload_id)
        raise
    await run_in_threadpool(forget_staged, backend, account_id, upload_id)


@asynccontextmanager
async def checked(backend: Backend, account_id: str) -> AsyncIterator[None]:
    """Held while a file is checked: accounts take turns, and each has a number of seconds an hour.

    Raises:
        Problem: 429, the account's files took too long to check.
    """
    rule, concurrency = backend.settings.rates.checking, backend.concurrency
    async with concurrency.one_at_a_time(account_id):
        await run_in_threadpool(limit, backend, rule, "checking", account_id, 0)
        async with concurrency.checking:
            began = time.monotonic()
            try:
                yield
            finally:
                took_s = math.ceil(time.monotonic() - began)
                await run_in_threadpool(partial(backend.access.rates.hit, rule, "checking", account_id, cost=took_s))


async def take_in(backend: Backend, account_id: str, path: Path, filename: str, title: str | None) -> SongRef:
    """Check a file, store it as a song, and start its analysis.

    Args:
        filename: The artist's file name; only its ending is used.
        title: The song's title; None: its tag, or else the file's name.

    Raises:
        InvalidInput: The file is no usable song; nothing was stored.
    """
    async with checked(backend, account_id):
        check = partial(check_song, path, backend.settings, filename, title, path.parent)
        checked_song = await run_in_threadpool(check)
    song = await run_in_threadpool(add_song, backend, account_id, checked_song)
    if not song.analysed:
        await hear_song(backend, account_id, song.song_id)
    return song
