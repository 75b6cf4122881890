"""Logging in and out, the list of sessions, and confirming the password."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import admission
from api.attempt_limits import Asker
from api.cookies import clear_session
from api.credentials import Credentials, Proof
from api.deps import BackendOf, Caller, Owner, Reader, address_of, csrf_token_of, limit, same_origin
from api.docs import errors
from api.shapes import Page, shared
from api.signing_in import begin_session, check_credentials, prove_factor
from models.access import Profile, Role, Session
from models.base import Model
from models.credits import Balance
from models.secrets import digest_secret
from services import credits, sign_in

router = admission.router("session")


class SessionShape(Model):
    """The account of a session."""

    account_id: str
    email: str | None
    verified: bool
    roles: tuple[Role, ...]
    balance: Balance
    csrf_token: str | None = None


def session_shape(backend: BackendOf, caller: Caller) -> SessionShape:
    """A caller as JSON shows them."""
    profile = caller.profile
    return SessionShape(
        **shared(SessionShape, profile) | {"roles": tuple(sorted(profile.roles))},
        balance=credits.balance(backend, profile.account_id),
        csrf_token=csrf_token_of(caller.session) if caller.session else None,
    )


@router.post(
    "/session",
    status_code=201,
    summary="Log in",
    responses=errors(401, 403, 429),
    dependencies=[Depends(same_origin)],
)
async def log_in(body: Credentials, request: Request, response: Response, backend: BackendOf) -> SessionShape:
    """Sets the session's cookie. An account with a second factor answers 401 `code_needed` without a code."""

    def let_in(profile: Profile, proved: bool) -> SessionShape:
        how = "with a second factor" if proved else ""
        secret = begin_session(request, response, backend, profile, how, second_factor=proved)
        return session_shape(backend, Caller(profile, frozenset(), secret))

    profile, proved = await check_credentials(request, backend, body)
    return await run_in_threadpool(let_in, profile, proved)


@router.get("/session", summary="Who is logged in", responses=errors(401, 403))
def show(caller: Reader, backend: BackendOf) -> SessionShape:
    """The account, its rights and its balance."""
    return session_shape(backend, caller)


@router.delete("/session", status_code=204, summary="Log out", responses=errors(401, 403))
def log_out(caller: Owner, response: Response, backend: BackendOf) -> None:
    """Ends this session; others of the account stay."""
    if caller.session is not None:
        sign_in.log_out(backend, caller.account_id, caller.session)
        backend.rights.forget()
    clear_session(response, backend.settings)


@router.post(
    "/session/confirmation", status_code=204, summary="Confirm that it is you", responses=errors(401, 403, 429)
)
async def confirm(body: Proof, request: Request, caller: Owner, backend: BackendOf) -> None:
    """For half an hour, money, tokens and changes of the sign-in are allowed (no 403 `sign_in_again`)."""
    session = caller.session or ""
    # Each session has its own count, so attempts in one do not block another.
    asker = Asker(email="", client=address_of(request), device=digest_secret(session), owner=caller.profile)

    def prove() -> None:
        proved = prove_factor(backend, caller.account_id, asker, body.code)
        sign_in.confirm(backend, caller.account_id, session, second_factor=proved)

    await run_in_threadpool(limit, backend, backend.settings.rates.log_in_per_account, "confirm", asker.who)
    check = partial(sign_in.check_password, backend, caller.account_id, body.password)
    await backend.concurrency.hash_password(check)
    await run_in_threadpool(prove)


@router.get("/sessions", summary="Where the account is logged in", responses=errors(401, 403))
def list_sessions(caller: Owner, backend: BackendOf) -> Page[Session]:
    """Last seen first. A session ends after a week without use, and after 30 days in any case."""
    return Page(items=tuple(backend.access.sessions.list(caller.account_id, caller.session)))


@router.delete("/sessions", status_code=204, summary="Log out everywhere else", responses=errors(401, 403))
def end_others(caller: Owner, backend: BackendOf) -> None:
    """Ends all sessions of the account but this one."""
    sign_in.end_others(backend, caller.account_id, caller.session or "")
    backend.rights.forget()


@router.delete("/sessions/{session_id}", status_code=204, summary="End a session", responses=errors(401, 403, 404))
def end_session(session_id: Annotated[str, Path(max_length=80)], caller: Owner, backend: BackendOf) -> None:
    """Logs that browser out at once."""
    sign_in.end_session(backend, caller.account_id, session_id)
    backend.rights.forget()
