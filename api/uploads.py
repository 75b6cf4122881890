"""A song's bytes on their way in: counted as they come, on disk, checked before anything is kept."""

import asyncio
import math
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import NoReturn

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect

from api.deps import Backend, limit
from api.guard import declared_bytes
from api.problems import Problem, not_found
from engines.intake.inspection import IntakeLimits
from engines.intake.inspection import too_big as too_big_song
from engines.intake.wave import flac_bytes
from models.failures import InvalidInput
from models.generation import AnalyzeRequest
from models.routing import staged_key
from models.song import AudioFacts, SongRef
from stores.keeping import keep_song
from workflows.clients import start_analysis

LIMIT_BYTES = IntakeLimits().max_size_bytes
STALL_S = 30.0
"""A connection that sends nothing for so long is given up."""

TOTAL_S = 1_800.0
UPLOAD_LIFETIME_S = 3_600
"""Of a form for a direct upload."""

_WRITE_BYTES = 1 << 20
_HEAD_BYTES, _HEAD_S = 4_096, 5.0
_TOO_BIG = "This file has more than 40 MB, and we take up to 40 MB: export the song as FLAC or a high-bitrate MP3."


@asynccontextmanager
async def received(request: Request, limit_bytes: int = LIMIT_BYTES, too_big: str = _TOO_BIG) -> AsyncIterator[Path]:
    """The body in a file of its own, gone at the end of the block.

    Args:
        request: Whose body is read; what it declares about itself is not believed.
        limit_bytes: At the byte after these it is refused.
        too_big: The sentence of the refusal.

    Yields:
        The file.

    Raises:
        Problem: 413, too large; 408, it stands still.
    """
    declared = declared_bytes(request.headers.get("content-length", ""))
    if declared > limit_bytes:
        if too_big == _TOO_BIG:
            _refuse_too_big(declared, await _head(request))
        raise Problem(413, "too_big", too_big, "song")
    with tempfile.TemporaryDirectory(prefix="echonos-upload-") as folder:
        path = Path(folder) / "body"
        await _receive(request, path, limit_bytes, too_big)
        yield path


async def _head(request: Request) -> bytes:
    """The first bytes of a body that is refused: those of a WAV tell how large its FLAC will be."""
    head = b""
    try:
        async with asyncio.timeout(_HEAD_S):
            async for chunk in request.stream():
                head += chunk
                if len(head) >= _HEAD_BYTES:
                    break
    except (TimeoutError, ClientDisconnect):
        return b""
    return head[:_HEAD_BYTES]


def _refuse_too_big(size_bytes: int, head: bytes) -> NoReturn:
    refusal = too_big_song(size_bytes, LIMIT_BYTES, flac_bytes(head, size_bytes))
    raise Problem(413, "too_big", refusal.message, "song")


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
    """A direct upload in a file of its own; it leaves the staging area once it was kept or refused.

    Args:
        backend: Of this process.
        account_id: Whose.
        upload_id: Which.

    Yields:
        The file.

    Raises:
        Problem: 404, nothing was uploaded; 413, too large.
    """
    key, objects = staged_key(account_id, upload_id), backend.stores.objects
    size = await run_in_threadpool(objects.size, key)
    if size is None:
        raise not_found("Nothing was uploaded under this number, or it was completed before.")
    try:
        with tempfile.TemporaryDirectory(prefix="echonos-upload-") as folder:
            path = Path(folder) / "body"
            if size > LIMIT_BYTES:  # refused by its size and its first bytes
                _refuse_too_big(size, await run_in_threadpool(objects.get_range, key, 0, _HEAD_BYTES))
            await run_in_threadpool(objects.get_file, key, path)
            yield path
    except (Problem, InvalidInput):
        await run_in_threadpool(objects.delete_prefix, key)
        raise
    await run_in_threadpool(objects.delete_prefix, key)


@asynccontextmanager
async def checked(backend: Backend, account_id: str) -> AsyncIterator[None]:
    """While a file is checked: accounts take turns, and each has so many seconds an hour.

    Raises:
        Problem: 429, the account's files took too long to check.
    """
    rule, turns = backend.settings.rates.checking, backend.turns
    async with turns.one_at_a_time(account_id):
        await run_in_threadpool(limit, backend, rule, "checking", account_id, 0)
        async with turns.checking:
            began = time.monotonic()
            try:
                yield
            finally:
                took_s = math.ceil(time.monotonic() - began)
                await run_in_threadpool(partial(backend.access.rates.hit, rule, "checking", account_id, cost=took_s))


async def take_in(backend: Backend, account_id: str, path: Path, filename: str, title: str | None) -> SongRef:
    """Check a file, keep it as a song, and let it be heard.

    Args:
        backend: Of this process.
        account_id: Whose.
        path: The file.
        filename: What the artist calls the file; its ending counts, nothing else of it is used for anything.
        title: How the song is to be called; None: its tag, or else the file's name.

    Returns:
        The song.

    Raises:
        Problem: 422, it cannot be a song; nothing was stored.
    """
    try:
        async with checked(backend, account_id):
            copy = path.with_name("working.flac")
            facts = await run_in_threadpool(backend.inspect, path, filename, copy)
    except InvalidInput as error:
        status = {"too_big": 413, "unknown_type": 415, "aiff": 415}.get(error.code, 422)
        raise Problem(status, error.code, error.message, "song") from error
    stores = backend.stores
    keep = partial(keep_song, stores.vault, stores.objects, account_id, path, facts, copy=copy)
    song = await run_in_threadpool(keep, _title(title, facts, filename))
    if not song.analysed:
        await start_analysis(backend.client, AnalyzeRequest(account_id=account_id, song_id=song.song_id))
    return song


def _title(wanted: str | None, facts: AudioFacts, filename: str) -> str:
    plain = " ".join((wanted or facts.title or Path(filename).stem).split())
    return plain[:200] or "Untitled"
