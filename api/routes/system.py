"""Health and readiness of the process, and the one-time link into a local stack."""

from typing import Annotated

from fastapi import Query, Request
from starlette.responses import RedirectResponse, Response

from api import admission
from api.deps import BackendOf
from api.docs import errors
from api.problems import unavailable
from api.signing_in import begin_session
from api.visiting import own_page
from models.base import Model
from services import sign_in
from services.readiness import away

router = admission.router()


class Health(Model):
    """The process answers."""

    status: str = "ok"


@router.get("/healthz", tags=["system"], summary="Liveness")
async def health() -> Health:
    """Ignores other parts: a live process must not be restarted because the database does not answer."""
    return Health()


@router.get("/readyz", tags=["system"], summary="Readiness", responses={503: errors()[503]})
async def ready(backend: BackendOf) -> Health:
    """Checks Temporal, database and object store; 503 while one of them does not answer."""
    if parts := await away(backend):
        raise unavailable(f"Waiting for {' and '.join(parts)}.")
    return Health()


@router.get("/enter", include_in_schema=False)
def enter(
    request: Request,
    backend: BackendOf,
    token: Annotated[str, Query(max_length=200)] = "",
    next: Annotated[str, Query(max_length=500)] = "/",
) -> Response:
    """Log in to the local stack; the link works once. `next` is where to go afterwards."""
    profile = sign_in.enter(backend, token)
    response = RedirectResponse(own_page(next), 303)
    begin_session(request, response, backend, profile, "by a link of the local stack")
    return response
