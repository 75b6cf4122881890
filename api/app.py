"""The application: middleware, errors, routes, and the page on top."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, FastAPI

from api import web
from api.codec_cors import CodecCors
from api.deps import Backend
from api.docs import document
from api.guard import Guard, origin_of
from api.routes import (
    account_data,
    accounts,
    addresses,
    beats,
    boards,
    characters,
    codec,
    credits,
    deletions,
    drafts,
    edits,
    exports,
    footage,
    media,
    notices,
    second_factors,
    sessions,
    shares,
    songs,
    studio,
    styles,
    support,
    system,
    videos,
)
from api.shapes import PREFIX
from models.failures import EchonosError
from services.figures import keep_figures
from services.readiness import warm_up
from services.telling import keep_telling
from settings import Settings

log = structlog.get_logger()

STREAMS = {
    f"{PREFIX}/songs": None,
    f"{PREFIX}/characters": characters.MOST_BYTES,
    f"{PREFIX}/footage-uploads/": footage.MOST_PART_BYTES,
    f"{PREFIX}/webhooks/fal/": credits.MOST_WEBHOOK_BYTES,
    f"{PREFIX}/codec/": codec.MOST_BYTES,
}
"""Limits of large bodies. None: the route counts its bytes itself."""

DESCRIPTION = """
Turns a finished song into a beat-cut vertical music video.

Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems: `code` is stable, `detail` is a sentence for
the person. A POST that costs credits needs an `Idempotency-Key` header: the same key gives the same answer.
"""


def create_app(settings: Settings) -> FastAPI:
    """Build the ASGI application of one process. Raises `Misconfigured`: a setting is not safe outside development."""
    settings.check_safe()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        backend: Backend = app.state.backend
        try:
            await backend.connect()
        except EchonosError as error:
            # The server logs the first line of a traceback, as of any library's message.
            log.exception("cannot start", reason=error.message)
            raise
        chores = [asyncio.create_task(warm_up(backend)), asyncio.create_task(keep_telling(backend))]
        if backend.settings.telemetry.metrics is not None:
            chores.append(asyncio.create_task(keep_figures(backend)))
        yield
        for chore in chores:
            chore.cancel()
        backend.close()

    app = FastAPI(
        title="Echonos",
        version="1",
        description=DESCRIPTION,
        lifespan=lifespan,
        openapi_url=f"{PREFIX}/openapi.json",
        docs_url=None,
        redoc_url=None,
    )
    app.state.backend = Backend(settings)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way to change it
    web.answer_failures(app)
    app.include_router(system.router)
    v1 = APIRouter(prefix=PREFIX)
    people = (sessions, accounts, account_data, addresses, notices, second_factors)
    making = (songs, beats, styles, characters, footage, videos, media, boards, studio, edits)
    work = (*making, drafts, exports, deletions, shares)
    for part in (*people, *work, credits, support, codec):
        v1.include_router(part.router)
    app.include_router(v1)
    web.mount(app)
    if settings.temporal_ui_url is not None:
        app.add_middleware(CodecCors, origin=origin_of(settings.temporal_ui_url))
    app.add_middleware(
        Guard,
        hosts=allowed_hosts(settings),
        media_url=settings.s3_public_endpoint or settings.s3_endpoint,
        secure=settings.public_url.startswith("https:"),
        streams=STREAMS,
    )
    return app


def allowed_hosts(settings: Settings) -> set[str]:
    """The accepted names in Host headers."""
    own = {str(urlsplit(settings.public_url).hostname), *(host.lower() for host in settings.allowed_hosts)}
    return own | ({"127.0.0.1", "localhost", "::1"} if settings.environment == "development" else set())
