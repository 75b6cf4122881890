"""The second factor of an account: an authenticator app, and recovery codes for when it is lost."""

from typing import Annotated

from fastapi import BackgroundTasks, Request
from pydantic import Field

from api import admission
from api.asking import Asker, count_code
from api.deps import BackendOf, Owner, Recent, address_of, limit
from api.docs import errors
from api.emails import tell_of_change
from api.people import Code
from api.problems import Problem, not_found
from models.access import FactorState, SecurityEventKind
from models.base import Model
from stores.second_factors import app_link
from stores.secrets import digest_secret

router = admission.router("account", prefix="/account")

_CHANGES = errors(401, 403, 404, 409, 429)


class Proposal(Model):
    """What an authenticator app needs; it counts once a code of the app has confirmed it."""

    secret: str = Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"], description="base32, to be typed into the app")
    uri: str = Field(
        examples=["otpauth://totp/Echonos:ada%40example.org?secret=JBSWY3DP&issuer=Echonos"],
        description="the same, for the app to open or to be drawn as a QR code",
    )


class AppCode(Model):
    """What the app shows."""

    code: Code


class RecoveryCodes(Model):
    """Each works once, in place of the app. They are never shown again."""

    codes: tuple[Annotated[str, Field(examples=["abcd-efgh-jkmn-pqrs"])], ...]


@router.get("/second-factor", summary="The second factor", responses=errors(401, 403))
def show(caller: Owner, backend: BackendOf) -> FactorState:
    """Whether one is in use, and how many recovery codes are left."""
    return backend.access.factors.state(caller.account_id)


@router.post("/second-factor", status_code=201, summary="Set a second factor up", responses=_CHANGES)
def propose(caller: Recent, backend: BackendOf) -> Proposal:
    """Gives the app's secret. Nothing changes until a code confirms it."""
    _check_session(caller.session)
    limit(backend, backend.settings.rates.start, "second-factor", caller.account_id)
    secret = backend.access.factors.propose(caller.account_id)
    if secret is None:
        raise Problem(409, "factor_in_use", "A second factor is in use already: switch it off first.")
    return Proposal(secret=secret, uri=app_link(secret, caller.profile.email or caller.account_id))


@router.put("/second-factor", summary="Confirm the second factor", responses=_CHANGES)
def confirm(
    body: AppCode, request: Request, caller: Recent, backend: BackendOf, afterwards: BackgroundTasks
) -> RecoveryCodes:
    """From now on, logging in asks for a code. This session has proved it."""
    session = _check_session(caller.session)
    asker = Asker(email="", client=address_of(request), device=digest_secret(session), owner=caller.profile)
    count_code(backend, caller.account_id, asker)
    codes = backend.access.factors.confirm(caller.account_id, body.code)
    if codes is None:
        raise Problem(422, "wrong_code", "This is not the code that the app shows now: is its clock right?", "code")
    backend.access.sessions.confirm(session, second_factor=True)
    backend.access.events.note(SecurityEventKind.SECOND_FACTOR_ON, caller.account_id)
    afterwards.add_task(tell_of_change, backend, request.scope, caller.account_id, "factor on")
    return RecoveryCodes(codes=codes)


@router.delete("/second-factor", status_code=204, summary="Switch the second factor off", responses=_CHANGES)
def switch_off(request: Request, caller: Recent, backend: BackendOf, afterwards: BackgroundTasks) -> None:
    """With its recovery codes."""
    _check_session(caller.session)
    if not backend.access.factors.remove(caller.account_id):
        raise not_found("There is no second factor.")
    backend.access.events.note(SecurityEventKind.SECOND_FACTOR_OFF, caller.account_id)
    afterwards.add_task(tell_of_change, backend, request.scope, caller.account_id, "factor off")


@router.post("/recovery-codes", status_code=201, summary="New recovery codes", responses=_CHANGES)
def renew_codes(request: Request, caller: Recent, backend: BackendOf, afterwards: BackgroundTasks) -> RecoveryCodes:
    """In place of all older ones."""
    _check_session(caller.session)
    limit(backend, backend.settings.rates.start, "recovery-codes", caller.account_id)
    codes = backend.access.factors.renew_codes(caller.account_id)
    if codes is None:
        raise not_found("There is no second factor.")
    backend.access.events.note(SecurityEventKind.RECOVERY_CODES_MADE, caller.account_id)
    afterwards.add_task(tell_of_change, backend, request.scope, caller.account_id, "recovery codes")
    return RecoveryCodes(codes=codes)


def _check_session(session: str | None) -> str:
    """Where an identity provider vouches for people, it also asks for their second factor."""
    if session is None:
        raise Problem(403, "session_only", "Your identity provider signs you in: set a second factor up there.")
    return session
