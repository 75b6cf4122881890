"""Dependencies of routes: the process's backend, the caller, the rate limits."""

import hashlib
import hmac
from collections.abc import Callable
from functools import partial
from typing import Annotated, Any, Literal

import structlog
from fastapi import Depends, Request, Security
from fastapi.concurrency import run_in_threadpool
from fastapi.security import APIKeyCookie, HTTPBearer
from starlette.requests import HTTPConnection

from api.admission import before_the_body
from api.backend import Backend
from api.cookies import HOST_PREFIX, SESSION_COOKIE, session_sent
from api.door import address_key
from api.permissions import (
    Caller,
    require,
    require_owner,
    require_person,
    require_recent,
    require_recent_payer,
    require_supporter,
)
from api.problems import Problem, too_often
from models.access import Profile, Scope, Session
from services.accounts import check_verified
from services.storage import check_room

__all__ = ["SESSION_COOKIE", "Backend", "Caller", "require"]

CSRF_HEADER = "X-CSRF-Token"
_BOUND = {"video_id": "video"}
"""Path parameters that log lines have, by the lines' names for them."""

_SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
_ALL_SCOPES = frozenset(Scope)


def backend_of(request: Request) -> Backend:
    """The process's backend."""
    backend: Backend = request.app.state.backend
    return backend


async def _backend_of(request: Request) -> Backend:
    # A coroutine, although it awaits nothing: FastAPI runs other dependencies in a thread.
    return backend_of(request)


BackendOf = Annotated[Backend, Depends(_backend_of)]


def csrf_token_of(session: str) -> str:
    """The CSRF token of a session: other sites can't read the cookie and so can't compute it."""
    return hmac.new(session.encode(), b"csrf", hashlib.sha256).hexdigest()


class _SessionCookie(APIKeyCookie):
    async def __call__(self, request: HTTPConnection) -> str | None:
        sent = session_sent(request, request.app.state.backend.settings)
        return None if sent is None else sent[0]


_cookie = _SessionCookie(
    name=SESSION_COOKIE,
    auto_error=False,
    scheme_name="session",
    description=f"Of the page; over HTTPS its name begins with {HOST_PREFIX}.",
)
_bearer = HTTPBearer(
    auto_error=False, scheme_name="token", description="An API token, or one of the identity provider."
)


Cookie = Annotated[str | None, Security(_cookie)]
Bearer = Annotated[object, Security(_bearer)]


async def known_caller(request: Request) -> Caller:
    """The caller, authenticated once a request.

    Raises:
        Problem: 401, not authenticated; 403, the request comes from another site.
    """
    known: Caller | None = getattr(request.state, "caller", None)
    if known is None:
        known = await run_in_threadpool(caller_of, request, backend_of(request))
        request.state.caller = known
        bind_request(request, known.account_id)
    return known


def bind_request(request: Request, account_id: str) -> None:
    """Have the log lines of a request say whose it is, and which video it is about."""
    about = {name: request.path_params[given] for given, name in _BOUND.items() if given in request.path_params}
    structlog.contextvars.bind_contextvars(account=account_id, **about)


async def _caller_of(request: Request, cookie: Cookie, bearer: Bearer) -> Caller:
    return await known_caller(request)


def caller_of(request: Request, backend: Backend) -> Caller:
    """Authenticate a request. Blocks on the database. A change by cookie needs the CSRF token.

    Args:
        request: The request; its method, cookies and headers are used.

    Raises:
        Problem: 401, not authenticated; 403, the request comes from another site.
    """
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _by_token(backend, authorization)
    come = session_sent(request, backend.settings)
    found = None if come is None else backend.access.sessions.look(come[0], host_cookie=come[1])
    if come is None or found is None:
        raise _stranger("Log in, or send an API token.")
    secret = come[0]
    if request.method not in _SAFE_METHODS:
        _check_same_origin(request)
        sent = request.headers.get(CSRF_HEADER, "")
        if not hmac.compare_digest(sent.encode("utf-8", "replace"), csrf_token_of(secret).encode()):
            detail = "This page is too old: load it again. (The X-CSRF-Token header is missing or wrong.)"
            raise Problem(403, "csrf", detail, field=CSRF_HEADER)
    return of_session(backend, secret, *found)


def of_session(backend: Backend, secret: str, profile: Profile, session: Session) -> Caller:
    """The caller of a session."""
    return Caller(
        profile,
        _ALL_SCOPES,
        secret,
        signed_in_at=session.signed_in_at,
        second_factor_at=session.second_factor_at,
        local=backend.settings.environment == "development" and profile.email is None,
    )


def _by_token(backend: Backend, authorization: str) -> Caller:
    scheme, _, secret = authorization.partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise _stranger("The Authorization header must be `Bearer` and a token.")
    if backend.identity is not None and secret.count(".") == 2:
        claims = backend.identity.check(secret)
        if claims is None:
            raise _stranger("This token is not valid here, or has expired.")
        profile = backend.access.profiles.vouched(claims.account_id, verified=claims.verified)
        return Caller(profile, _ALL_SCOPES, signed_in_at=claims.signed_in_at, vouched=True)
    found = backend.access.tokens.find(secret)
    if found is None:
        raise _stranger("This token is unknown, revoked or expired.")
    return Caller(*found)


def _stranger(detail: str) -> Problem:
    return Problem(401, "unauthenticated", detail, headers={"WWW-Authenticate": "Bearer"})


def _check_same_origin(request: Request) -> None:
    """Browsers send an Origin; other programs send none and hold no users' cookies."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = {backend_of(request).settings.public_url, f"{request.url.scheme}://{request.headers.get('host', '')}"}
    if site not in {None, "same-origin", "none"} or (origin is not None and origin not in own):
        raise Problem(403, "cross_site", "This request comes from another site.", field="Origin")


async def _from_here(request: Request) -> None:
    _check_same_origin(request)


@before_the_body(_from_here)
async def same_origin(request: Request) -> None:
    """Refuse forms of other sites on routes without authentication."""
    _check_same_origin(request)


def _admitting(rule: Callable[[Caller], Caller]) -> Callable[..., Any]:
    async def early(request: Request) -> None:
        rule(await known_caller(request))

    @before_the_body(early)
    async def check(caller: Annotated[Caller, Depends(_caller_of)]) -> Caller:
        return rule(caller)

    return check


def _scoped(scope: Scope) -> Callable[[Caller], Caller]:
    return partial(require, scope=scope)


Reader = Annotated[Caller, Depends(_admitting(_scoped(Scope.READ)))]
Writer = Annotated[Caller, Depends(_admitting(_scoped(Scope.WRITE)))]
Spender = Annotated[Caller, Depends(_admitting(_scoped(Scope.SPEND)))]
Owner = Annotated[Caller, Depends(_admitting(require_owner))]
Person = Annotated[Caller, Depends(_admitting(require_person))]
Recent = Annotated[Caller, Depends(_admitting(require_recent))]
Payer = Annotated[Caller, Depends(_admitting(require_recent_payer))]
Supporter = Annotated[Caller, Depends(_admitting(require_supporter))]


def limit(backend: Backend, rule: str, what: str, who: str, cost: int = 1) -> None:
    """Count an attempt. Raises `Problem`: 429, too often."""
    wait_s = backend.access.rates.hit(rule, what, who, cost=cost)
    if wait_s is not None:
        raise too_often(wait_s)


def has_room(backend: Backend, caller: Caller, wanted_bytes: int = 0) -> None:
    """Refuse uploads beyond the caller's quota; see `services.storage.check_room`. Blocks."""
    check_room(backend, caller.account_id, caller.profile.verified, wanted_bytes)


def counted(what: Literal["export", "restore", "choose", "change", "quote", "analyse", "share"]) -> Any:
    """A dependency that counts an account's free actions by the rate of that name."""

    async def count(request: Request) -> None:
        backend, caller = backend_of(request), await known_caller(request)
        rule: str = getattr(backend.settings.rates, what)
        await run_in_threadpool(limit, backend, rule, f"free-{what}", caller.account_id)

    return Depends(count)


def address_of(request: Request) -> str:
    """The client's address, for counting only; never stored or logged. One IPv6 network is one client."""
    return address_key(request.client.host if request.client else "unknown")


def refuse_unverified(backend: Backend, caller: Caller) -> None:
    """Refuse unverified addresses: welcome credits would pay real providers.

    Raises:
        NotAllowed: The address is not verified yet.
    """
    settings = backend.settings
    if settings.fal_key is not None or settings.anthropic_api_key is not None:
        check_verified(caller.profile)
