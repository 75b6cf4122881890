"""Whether a process can work now, and what it prepares for the first request."""

import asyncio
from datetime import timedelta

import structlog

from models.failures import EchonosError
from services.app import App
from services.failures import AWAY
from temporal.style_pictures import start_style_pictures

log = structlog.get_logger()
PATIENCE_S = 3


async def warm_up(app: App) -> None:
    """Open the stores, read other services' keys, start painting the style wall; failures are retried on use."""
    try:
        await asyncio.to_thread(lambda: app.stores)
        app.read_keys_early()
        await start_style_pictures(app.client)
    except AWAY as error:
        log.warning("not everything is ready yet", error=type(error).__name__)


async def away(app: App) -> list[str]:
    """The names of the parts that do not answer: Temporal, the database or the object store."""
    return [name for name in await asyncio.gather(_temporal(app), _stores(app)) if name]


async def _temporal(app: App) -> str:
    try:
        healthy = await app.client.service_client.check_health(timeout=timedelta(seconds=PATIENCE_S))
    except AWAY:
        return "Temporal"
    return "" if healthy else "Temporal"


async def _stores(app: App) -> str:
    def ask() -> str:
        try:
            stores = app.stores
            with stores.database.read():
                pass
        except EchonosError:
            return "the database"
        try:
            stores.objects.size("ready")
        except EchonosError:
            return "the object store"
        return ""

    try:
        async with asyncio.timeout(2 * PATIENCE_S):
            return await asyncio.to_thread(ask)
    except TimeoutError:
        return "the stores"
