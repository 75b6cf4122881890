"""The application: middleware, errors, routes, and the page on top."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import structlog
from fastapi import APIRouter, FastAPI
from temporalio.service import RPCError

from api import web
from api.deps import Backend
from api.docs import document
from api.guard import Guard
from api.routes import (
    account_data,
    accounts,
    addresses,
    characters,
    credits,
    drafts,
    exports,
    media,
    removals,
    second_factors,
    sessions,
    songs,
    studio,
    styles,
    support,
    system,
    videos,
)
from api.shapes import PREFIX
from models.failures import EchonosError
from settings import Settings
from workflows.clients import start_style_pictures
from workflows.connecting import connect

log = structlog.get_logger()

STREAMS = {
    f"{PREFIX}/songs": None,
    f"{PREFIX}/characters": characters.MOST_BYTES,
    f"{PREFIX}/webhooks/fal/": credits.MOST_NEWS_BYTES,
}
"""Bodies that may be large: songs count their bytes themselves, and of fal's calls little is kept."""

DESCRIPTION = """
Turns a finished song into a beat-cut vertical music video.

Errors are [RFC 9457](https://www.rfc-editor.org/rfc/rfc9457) problems: `code` is stable, `detail` is a sentence for
the person. A POST that costs credits needs an `Idempotency-Key` header: the same key gives the same answer.
"""


def create_app(settings: Settings) -> FastAPI:
    """The application of one process.

    Args:
        settings: Of this process.

    Returns:
        An ASGI application.

    Raises:
        Misconfigured: A setting is not safe outside development.
    """
    settings.check_safe()
    backend = Backend(settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        backend.connect_with(await connect(settings, lazy=True))
        chores = asyncio.create_task(_begin(backend))
        yield
        chores.cancel()
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
    app.state.backend = backend
    app.openapi = lambda: document(app)  # type: ignore[method-assign]  # FastAPI's own way to change it
    web.answer_failures(app)
    app.include_router(system.router)
    v1 = APIRouter(prefix=PREFIX)
    for part in (
        sessions,
        accounts,
        account_data,
        addresses,
        second_factors,
        songs,
        styles,
        characters,
        videos,
        media,
        studio,
        drafts,
        exports,
        removals,
        credits,
        support,
    ):
        v1.include_router(part.router)
    app.include_router(v1)
    web.mount(app)
    app.add_middleware(
        Guard,
        hosts=allowed_hosts(settings),
        media_url=settings.s3_public_endpoint or settings.s3_endpoint,
        secure=settings.public_url.startswith("https:"),
        streams=STREAMS,
    )
    return app


def allowed_hosts(settings: Settings) -> set[str]:
    """The names under which we answer."""
    own = {str(urlsplit(settings.public_url).hostname), *(host.lower() for host in settings.allowed_hosts)}
    return own | ({"127.0.0.1", "localhost", "::1"} if settings.environment == "development" else set())


async def _begin(backend: Backend) -> None:
    """What is good to have done early; all of it is done again when it is needed."""
    try:
        await asyncio.to_thread(lambda: backend.stores)
        backend.read_keys_early()
        await start_style_pictures(backend.client)
    except (EchonosError, RPCError, RuntimeError) as error:
        log.warning("not everything is there yet", error=type(error).__name__)
