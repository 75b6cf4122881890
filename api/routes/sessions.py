"""Logging in and out, the list of sessions, and confirming that it is still the same person."""

from functools import partial
from typing import Annotated

from fastapi import Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import admission
from api.asking import Asker
from api.cookies import clear_session
from api.deps import BackendOf, Caller, Owner, Reader, address_of, csrf_token_of, limit, same_origin
from api.docs import errors
from api.people import Credentials, Proof
from api.problems import Problem, not_found
from api.shapes import Page
from api.signing_in import begin_session, check_credentials, prove_factor
from models.access import Profile, Role, SecurityEventKind, Session
from models.base import Model
from models.credits import Balance
from stores.secrets import digest_secret

router = admission.router("session")


class SessionShape(Model):
    """Who is logged in."""

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
        account_id=profile.account_id,
        email=profile.email,
        verified=profile.verified,
        roles=tuple(sorted(profile.roles)),
        balance=backend.stores.ledger.balance(profile.account_id),
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
    """Sets the session's cookie. An account with a second factor answers 401 `code_needed` until a code comes along."""

    def let_in(profile: Profile, proved: bool) -> SessionShape:
        secret = begin_session(request, response, backend, profile, second_factor=proved)
        detail = "with a second factor" if proved else ""
        backend.access.events.note(SecurityEventKind.LOGGED_IN, profile.account_id, detail)
        return session_shape(backend, Caller(profile, frozenset(), secret))

    profile, proved = await check_credentials(request, backend, body)
    return await run_in_threadpool(let_in, profile, proved)


@router.get("/session", summary="Who is logged in", responses=errors(401, 403))
def show(caller: Reader, backend: BackendOf) -> SessionShape:
    """With the balance, for every page's head."""
    return session_shape(backend, caller)


@router.delete("/session", status_code=204, summary="Log out", responses=errors(401, 403))
def log_out(caller: Owner, response: Response, backend: BackendOf) -> None:
    """Ends this session; others of the account stay."""
    if caller.session is not None:
        backend.access.sessions.end(caller.session)
        backend.access.events.note(SecurityEventKind.LOGGED_OUT, caller.account_id)
        backend.rights.forget()
    clear_session(response, backend.settings)


@router.post(
    "/session/confirmation", status_code=204, summary="Confirm that it is you", responses=errors(401, 403, 429)
)
async def confirm(body: Proof, request: Request, caller: Owner, backend: BackendOf) -> None:
    """For half an hour, money, tokens and changes of how one signs in ask no more (403 `sign_in_again`)."""
    session, access = caller.session or "", backend.access
    # A session counts for itself: what is tried in another one takes nothing from it.
    asker = Asker(email="", client=address_of(request), device=digest_secret(session), owner=caller.profile)

    def prove() -> None:
        proved = prove_factor(request, backend, caller.account_id, asker, body.code)
        access.sessions.confirm(session, second_factor=proved)
        access.events.note(SecurityEventKind.CONFIRMED, caller.account_id)

    await run_in_threadpool(limit, backend, backend.settings.rates.log_in_per_account, "confirm", asker.who)
    check = partial(access.profiles.check_password, caller.account_id, body.password)
    if await backend.turns.hash_password(check) is None:
        await run_in_threadpool(access.events.note, SecurityEventKind.CONFIRMATION_FAILED, caller.account_id)
        raise Problem(422, "wrong_password", "Your current password is wrong.", "password")
    await run_in_threadpool(prove)


@router.get("/sessions", summary="Where the account is logged in", responses=errors(401, 403))
def list_sessions(caller: Owner, backend: BackendOf) -> Page[Session]:
    """Last seen first. A session ends after a week without use, and after 30 days in any case."""
    return Page(items=tuple(backend.access.sessions.list(caller.account_id, caller.session)))


@router.delete("/sessions", status_code=204, summary="Log out everywhere else", responses=errors(401, 403))
def end_others(caller: Owner, backend: BackendOf) -> None:
    """Ends all sessions of the account but this one."""
    count = backend.access.sessions.end_others(caller.account_id, caller.session or "")
    backend.access.events.note(SecurityEventKind.SESSION_ENDED, caller.account_id, f"{count} others")
    backend.rights.forget()


@router.delete("/sessions/{session_id}", status_code=204, summary="End a session", responses=errors(401, 403, 404))
def end_session(session_id: Annotated[str, Path(max_length=80)], caller: Owner, backend: BackendOf) -> None:
    """Logs that browser out at once."""
    if not backend.access.sessions.end_one(caller.account_id, session_id):
        raise not_found("There is no such session.")
    backend.access.events.note(SecurityEventKind.SESSION_ENDED, caller.account_id)
    backend.rights.forget()
