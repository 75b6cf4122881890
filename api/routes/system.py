"""Whether the process lives and can work, and the one-time link into a local stack."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import RedirectResponse, Response
from temporalio.service import RPCError

from api import admission
from api.deps import Backend, BackendOf
from api.docs import errors
from api.problems import Problem, unavailable
from api.signing_in import begin_session
from models.access import LinkPurpose, Profile, SecurityEventKind
from models.base import Model
from models.failures import EchonosError

PATIENCE_S = 3

router = admission.router()


class Health(Model):
    """The process answers."""

    status: str = "ok"


@router.get("/healthz", tags=["system"], summary="Whether this process lives")
async def health() -> Health:
    """Says nothing about other parts: a process that lives must not be restarted because the database is away."""
    return Health()


@router.get("/readyz", tags=["system"], summary="Whether this process can work", responses={503: errors()[503]})
async def ready(backend: BackendOf) -> Health:
    """Asks Temporal, database and object store; 503 while one of them is away."""
    answers = await asyncio.gather(_temporal(backend), _stores(backend))
    away = [name for name in answers if name]
    if away:
        raise unavailable(f"Waiting for {' and '.join(away)}.")
    return Health()


async def _temporal(backend: Backend) -> str:
    try:
        service = backend.client.service_client
        healthy = await service.check_health(timeout=timedelta(seconds=PATIENCE_S))
    except (RPCError, RuntimeError, EchonosError):
        return "Temporal"
    return "" if healthy else "Temporal"


async def _stores(backend: Backend) -> str:
    def ask() -> str:
        try:
            stores = backend.stores
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
            return await run_in_threadpool(ask)
    except TimeoutError:
        return "the stores"


@router.get("/enter", include_in_schema=False)
def enter(request: Request, backend: BackendOf, token: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Let the local stack's developer in: the link works once."""
    account_id = backend.access.sessions.use_link(token, LinkPurpose.ENTER)
    if account_id is None:
        raise Problem(
            404, "link_used", "This link was used before or is too old: `starter.py up` prints a new one.", "token"
        )
    response = RedirectResponse("/", 303)
    profile = backend.access.profiles.find(account_id) or Profile(account_id=account_id)
    begin_session(request, response, backend, profile)
    backend.access.events.note(SecurityEventKind.LOGGED_IN, account_id, "by a link of the local stack")
    return response
