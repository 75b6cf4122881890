"""The second factor of an account: an authenticator app, and recovery codes for when it is lost."""

from typing import Annotated

from fastapi import BackgroundTasks, Request
from pydantic import Field

from api import admission
from api.attempt_limits import Asker, count_code
from api.credentials import Code
from api.deps import BackendOf, Owner, Recent, address_of, limit
from api.docs import errors
from api.problems import Problem
from models.access import FactorState
from models.base import Model
from models.secrets import digest_secret
from services import account_emails, second_factors

router = admission.router("account", prefix="/account")

_CHANGES = errors(401, 403, 404, 409, 429)


class Proposal(Model):
    """The data for an authenticator app; a code of the app must confirm it."""

    secret: str = Field(examples=["JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"], description="base32, to be typed into the app")
    uri: str = Field(
        examples=["otpauth://totp/Echonos:ada%40example.org?secret=JBSWY3DP&issuer=Echonos"],
        description="the same, for the app to open or to be drawn as a QR code",
    )


class AppCode(Model):
    """A code of the app."""

    code: Code


class RecoveryCodes(Model):
    """Each works once, instead of the app. They are never shown again."""

    codes: tuple[Annotated[str, Field(examples=["abcd-efgh-jkmn-pqrs"])], ...]


@router.get("/second-factor", summary="The second factor", responses=errors(401, 403))
def show(caller: Owner, backend: BackendOf) -> FactorState:
    """Whether a second factor is in use, and how many recovery codes are left."""
    return backend.access.factors.state(caller.account_id)


@router.post("/second-factor", status_code=201, summary="Set a second factor up", responses=_CHANGES)
def propose(caller: Recent, backend: BackendOf) -> Proposal:
    """Returns the app's secret. Nothing changes until a code confirms it."""
    _check_session(caller.session)
    limit(backend, backend.settings.rates.start, "second-factor", caller.account_id)
    secret, uri = second_factors.propose(backend, caller.profile)
    return Proposal(secret=secret, uri=uri)


@router.put("/second-factor", summary="Confirm the second factor", responses=_CHANGES)
def confirm(
    body: AppCode, request: Request, caller: Recent, backend: BackendOf, afterwards: BackgroundTasks
) -> RecoveryCodes:
    """From now on, log-in needs a code. This session has proved it."""
    session = _check_session(caller.session)
    asker = Asker(email="", client=address_of(request), device=digest_secret(session), owner=caller.profile)
    count_code(backend, caller.account_id, asker)
    codes = second_factors.confirm(backend, caller.account_id, session, body.code)
    afterwards.add_task(account_emails.tell_of_change, backend, caller.account_id, "factor on")
    return RecoveryCodes(codes=codes)


@router.delete("/second-factor", status_code=204, summary="Switch the second factor off", responses=_CHANGES)
def switch_off(caller: Recent, backend: BackendOf, afterwards: BackgroundTasks) -> None:
    """Also deletes the recovery codes."""
    _check_session(caller.session)
    second_factors.switch_off(backend, caller.account_id)
    afterwards.add_task(account_emails.tell_of_change, backend, caller.account_id, "factor off")


@router.post("/recovery-codes", status_code=201, summary="New recovery codes", responses=_CHANGES)
def renew_codes(caller: Recent, backend: BackendOf, afterwards: BackgroundTasks) -> RecoveryCodes:
    """The new codes replace all older ones."""
    _check_session(caller.session)
    limit(backend, backend.settings.rates.start, "recovery-codes", caller.account_id)
    codes = second_factors.renew_codes(backend, caller.account_id)
    afterwards.add_task(account_emails.tell_of_change, backend, caller.account_id, "recovery codes")
    return RecoveryCodes(codes=codes)


def _check_session(session: str | None) -> str:
    """Refuse accounts of an identity provider, which has its own second factor."""
    if session is None:
        raise Problem(403, "session_only", "Your identity provider signs you in: set a second factor up there.")
    return session
