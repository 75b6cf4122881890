"""Accounts: sign-up, addresses that prove to be theirs, passwords, tokens for machines."""

from datetime import datetime, timedelta
from functools import partial
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.cookies import clear_session, set_session
from api.deps import BackendOf, Caller, Owner, address_of, limit, same_origin
from api.docs import errors
from api.people import Email, NewAccount, NewPassword, Password, send_reset, send_welcome
from api.problems import Problem, log_failure, not_found
from api.routes.sessions import SessionShape, session_shape
from api.shapes import WHOLE, Page
from models.access import ApiToken, LinkPurpose, Profile, Scope
from models.base import Model
from models.failures import ProviderUnavailable
from stores.database import utc_now

router = admission.router("account")

STRANGE = errors(403, 429)
LinkSecret = Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class Said(Model):
    """What has happened, in words."""

    sentence: str


class LinkToken(Model):
    """From the link in a letter."""

    token: LinkSecret


class Address(Model):
    """An e-mail address."""

    email: Email


class PasswordAfterReset(Model):
    """What a reset sets."""

    password: Password


class NewToken(Model):
    """A token that is wanted."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["my script"])
    scopes: frozenset[Scope] = Field(min_length=1, description="look, change what costs nothing, start what costs")
    days: Annotated[int | None, WHOLE] = Field(
        default=None, strict=True, ge=1, le=3_650, description="how long it works; null: until it is revoked"
    )


class IssuedToken(ApiToken):
    """A new token with its secret, which is never shown again."""

    secret: str


@router.post(
    "/accounts",
    status_code=201,
    summary="Sign up",
    responses=errors(403, 429),
    dependencies=[Depends(same_origin)],
)
async def sign_up(body: NewAccount, request: Request, response: Response, backend: BackendOf) -> SessionShape:
    """Opens an account with 250 credits, logs in, and sends a letter to confirm the address.

    Whether another account has the address already, only the letter says: the answer is the same.
    """
    rates = backend.settings.rates

    def count() -> None:
        limit(backend, rates.sign_up, "sign-up", address_of(request))
        limit(backend, rates.mail, "welcome", body.email)

    def let_in(profile: Profile) -> tuple[str, SessionShape]:
        try:
            send_welcome(backend, profile)
        except ProviderUnavailable as error:  # there is another letter for whoever asks
            log_failure(request.scope, error)
        secret = backend.access.sessions.begin(profile.account_id)
        return secret, session_shape(backend, Caller(profile, frozenset(), secret))

    await run_in_threadpool(count)
    profile = await backend.turns.hash_password(lambda: backend.access.profiles.sign_up(body.email, body.password))
    secret, shape = await run_in_threadpool(let_in, profile)
    set_session(response, backend, secret)
    return shape


@router.post(
    "/accounts/verification",
    summary="Confirm an address",
    responses=errors(403, 404, 409, 429),
    dependencies=[Depends(same_origin)],
)
def verify(body: LinkToken, request: Request, backend: BackendOf) -> Said:
    """With the token of the link in the letter, which works once."""
    limit(backend, backend.settings.rates.log_in, "verify", address_of(request))
    account_id = backend.access.sessions.use_link(body.token, LinkPurpose.VERIFY)
    if account_id is None:
        raise Problem(404, "link_used", "This link was used before or is too old: ask for another letter.", "token")
    if not backend.access.profiles.verify(account_id):
        raise Problem(409, "email_taken", "This address is confirmed for another account already: log in there.")
    return Said(sentence="Your address is confirmed.")


@router.post(
    "/accounts/verification-letters", status_code=202, summary="Another letter", responses=errors(401, 403, 429)
)
def send_again(caller: Owner, backend: BackendOf) -> Said:
    """Sends the letter that confirms the address once more."""
    limit(backend, backend.settings.rates.mail, "letter", caller.account_id)
    if caller.profile.verified:
        return Said(sentence="Your address is confirmed already.")
    send_welcome(backend, caller.profile)
    return Said(sentence="The letter is on its way.")


@router.put("/account/password", summary="Change the password", responses=errors(401, 403, 429))
async def change_password(body: NewPassword, caller: Owner, response: Response, backend: BackendOf) -> Said:
    """Ends every session of the account, this one too: log in with the new password."""
    await run_in_threadpool(limit, backend, backend.settings.rates.log_in, "password", caller.account_id)
    change = partial(backend.access.profiles.change_password, caller.account_id, body.old, body.new)
    if not await backend.turns.hash_password(change):
        raise Problem(403, "wrong_password", "The present password is another one.", "old")
    backend.rights.forget()
    clear_session(response, backend)
    return Said(sentence="The password is changed, and every session has ended: log in again.")


@router.post(
    "/password-resets",
    status_code=202,
    summary="Forgot the password",
    responses=STRANGE,
    dependencies=[Depends(same_origin)],
)
def ask_for_reset(body: Address, request: Request, backend: BackendOf, afterwards: BackgroundTasks) -> Said:
    """Answers the same, and as soon, whether or not the address has an account and whether or not letters leave."""
    rates = backend.settings.rates
    limit(backend, rates.log_in, "reset", address_of(request))
    limit(backend, rates.mail, "reset-letter", body.email)

    def send() -> None:
        try:
            profile = backend.access.profiles.find_by_email(body.email)
            if profile is not None:
                send_reset(backend, profile)
        except ProviderUnavailable as error:  # whoever waits in vain asks again
            log_failure(request.scope, error)

    afterwards.add_task(send)
    return Said(sentence="If this address has an account, a letter is on its way.")


@router.put(
    "/password-resets/{token}",
    summary="Set a new password",
    responses=errors(403, 404, 429),
    dependencies=[Depends(same_origin)],
)
async def reset_password(
    token: Annotated[LinkSecret, Path()], body: PasswordAfterReset, request: Request, backend: BackendOf
) -> Said:
    """Ends every session of the account. That the letter came proves the address, too."""

    def use() -> str | None:
        limit(backend, backend.settings.rates.log_in, "reset", address_of(request))
        return backend.access.sessions.use_link(token, LinkPurpose.RESET)

    account_id = await run_in_threadpool(use)
    if account_id is None:
        raise Problem(404, "link_used", "This link was used before or is too old: ask for another letter.", "token")
    profiles = backend.access.profiles
    await backend.turns.hash_password(partial(profiles.set_password, account_id, body.password))
    backend.rights.forget()
    await run_in_threadpool(profiles.verify, account_id)
    return Said(sentence="The new password is set: log in with it.")


@router.get("/tokens", summary="The account's API tokens", responses=errors(401, 403))
def list_tokens(caller: Owner, backend: BackendOf) -> Page[ApiToken]:
    """Without their secrets, which are kept nowhere."""
    return Page(items=tuple(backend.access.tokens.list(caller.account_id)))


@router.post("/tokens", status_code=201, summary="Make an API token", responses=errors(401, 403, 429))
def issue_token(body: NewToken, caller: Owner, backend: BackendOf) -> IssuedToken:
    """The secret is in this answer and nowhere else."""
    limit(backend, backend.settings.rates.start, "token", caller.account_id)
    token, secret = backend.access.tokens.issue(caller.account_id, body.name, body.scopes, _in_days(body.days))
    return IssuedToken(**token.model_dump(), secret=secret)


@router.delete("/tokens/{token_id}", status_code=204, summary="Revoke a token", responses=errors(401, 403, 404))
def revoke_token(token_id: str, caller: Owner, backend: BackendOf) -> None:
    """It stops working at once, everywhere."""
    if not backend.access.tokens.revoke(caller.account_id, token_id):
        raise not_found("There is no such token.")
    backend.rights.forget()


def _in_days(days: int | None) -> datetime | None:
    return None if days is None else utc_now() + timedelta(days=days)
