"""Logging in and out."""

from fastapi import Depends, Request, Response
from fastapi.concurrency import run_in_threadpool

from api import admission
from api.cookies import clear_session, set_session
from api.deps import BackendOf, Caller, Owner, Reader, address_of, csrf_token_of, limit, same_origin
from api.docs import errors
from api.people import Credentials
from api.problems import Problem
from models.access import Profile, Role
from models.base import Model
from models.credits import Balance
from stores.access import Access

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
    """Sets the session's cookie."""

    def count() -> None:
        limit(backend, backend.settings.rates.log_in, "log-in", address_of(request))
        limit(backend, backend.settings.rates.log_in_per_account, "log-in-account", body.email)

    def let_in(profile: Profile) -> tuple[str, SessionShape]:
        access = backend.access
        access.rates.forget(backend.settings.rates.log_in_per_account, "log-in-account", body.email)
        secret = _renewed(access, request, profile.account_id)
        return secret, session_shape(backend, Caller(profile, frozenset(), secret))

    await run_in_threadpool(count)
    profile = await backend.turns.hash_password(lambda: backend.access.profiles.log_in(body.email, body.password))
    if profile is None:
        raise Problem(401, "wrong_credentials", "This address and password do not belong together.")
    secret, shape = await run_in_threadpool(let_in, profile)
    set_session(response, backend, secret)
    return shape


@router.get("/session", summary="Who is logged in", responses=errors(401, 403))
def show(caller: Reader, backend: BackendOf) -> SessionShape:
    """With the balance, for every page's head."""
    return session_shape(backend, caller)


@router.delete("/session", status_code=204, summary="Log out", responses=errors(401, 403))
def log_out(caller: Owner, response: Response, backend: BackendOf) -> None:
    """Ends this session; others of the account stay."""
    if caller.session is not None:
        backend.access.sessions.end(caller.session)
        backend.rights.forget()
    clear_session(response, backend)


def _renewed(access: Access, request: Request, account_id: str) -> str:
    """A new secret at every log-in: one that was planted before is worth nothing."""
    old = request.cookies.get("echonos_session")
    if old:
        access.sessions.end(old)
    return access.sessions.begin(account_id)
