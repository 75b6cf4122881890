"""Accounts: sign-up, verified addresses, passwords, API tokens."""

from functools import partial
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.attempt_limits import Asker, asker_of, count_email, email_wait_s
from api.cookies import clear_session
from api.credentials import Email, NewAccount, NewPassword, Password
from api.deps import BackendOf, Caller, Owner, Person, Recent, address_of, limit, same_origin
from api.docs import errors
from api.routes.sessions import SessionShape, session_shape
from api.shapes import WHOLE, Page
from api.signing_in import begin_session, remember_device
from models.access import ApiToken, Profile, Scope
from models.base import Model
from models.failures import NotFound
from services import account_emails, accounts

router = admission.router("account")

STRANGE = errors(403, 429)
LinkSecret = Annotated[str, Field(min_length=20, max_length=200, pattern=r"^[A-Za-z0-9_-]+$")]


class Said(Model):
    """The outcome as a sentence."""

    sentence: str


class LinkToken(Model):
    """The token of an e-mail's link."""

    token: LinkSecret


class Address(Model):
    """An e-mail address."""

    email: Email


class PasswordAfterReset(Model):
    """The new password of a reset."""

    password: Password


class NewToken(Model):
    """A request for a token."""

    name: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f\x7f]+$", examples=["my script"])
    scopes: frozenset[Scope] = Field(min_length=1, description="read, make free changes, spend credits")
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
    """Opens an account with 250 credits, logs in, and sends an e-mail to confirm the address.

    The answer is the same whether or not another account has the address; only the e-mail says so. An address that has
    received too many e-mails gets none now: ask for it again later.
    """

    def count() -> Asker:
        limit(backend, backend.settings.rates.sign_up, "sign-up", address_of(request))
        return asker_of(request, backend, body.email)

    def let_in(profile: Profile, asker: Asker) -> SessionShape:
        if email_wait_s(backend, "welcome", asker) is None:
            account_emails.attempt(account_emails.send_welcome, backend, profile)
        secret = begin_session(request, response, backend, profile)
        return session_shape(backend, Caller(profile, frozenset(), secret))

    asker = await run_in_threadpool(count)
    profile = await backend.concurrency.hash_password(partial(accounts.sign_up, backend, body.email, body.password))
    return await run_in_threadpool(let_in, profile, asker)


@router.post(
    "/accounts/verification",
    summary="Confirm an address",
    responses=errors(403, 404, 409, 429),
    dependencies=[Depends(same_origin)],
)
def verify(body: LinkToken, request: Request, backend: BackendOf) -> Said:
    """Takes the token of the e-mail's link, which works once. Existing API tokens of the account end."""
    try:
        accounts.confirm_address(backend, body.token)
    except NotFound:
        # Only failures count: a valid link works, whatever others on the same connection have tried.
        limit(backend, backend.settings.rates.log_in, "verify", address_of(request))
        raise
    return Said(sentence="Your address is confirmed.")


@router.post(
    "/accounts/verification-letters", status_code=202, summary="Another e-mail", responses=errors(401, 403, 429)
)
def send_again(request: Request, caller: Owner, backend: BackendOf) -> Said:
    """Sends the e-mail that confirms the address again."""
    if caller.profile.verified:
        return Said(sentence="Your address is confirmed already.")
    asker = Asker(email=caller.profile.email or "", client=f"account {caller.account_id}")
    count_email(backend, "welcome", asker)
    account_emails.send_welcome(backend, caller.profile)
    return Said(sentence="The e-mail is on its way.")


@router.put("/account/password", summary="Change the password", responses=errors(401, 403, 429))
async def change_password(
    body: NewPassword,
    request: Request,
    caller: Owner,
    response: Response,
    backend: BackendOf,
    afterwards: BackgroundTasks,
) -> Said:
    """Ends every session and API token of the account, also this session: log in with the new password."""
    await run_in_threadpool(limit, backend, backend.settings.rates.log_in, "password", caller.account_id)
    change = partial(accounts.change_password, backend, caller.profile, body.old, body.new)
    await backend.concurrency.hash_password(change)
    backend.rights.forget()
    await run_in_threadpool(remember_device, request, response, backend, caller.account_id)
    clear_session(response, backend.settings)
    afterwards.add_task(account_emails.tell_of_change, backend, caller.account_id, "password")
    return Said(sentence="The password is changed. Every session and API token has ended: log in again.")


@router.post(
    "/password-resets",
    status_code=202,
    summary="Forgot the password",
    responses=STRANGE,
    dependencies=[Depends(same_origin)],
)
def ask_for_reset(body: Address, request: Request, backend: BackendOf, afterwards: BackgroundTasks) -> Said:
    """Gives the same answer in the same time whether or not the address has an account and e-mails can be sent."""
    asker = asker_of(request, backend, body.email)
    if asker.owner is None:
        limit(backend, backend.settings.rates.log_in, "reset", asker.client)
    count_email(backend, "reset", asker)
    afterwards.add_task(account_emails.attempt, accounts.ask_for_reset, backend, body.email)
    return Said(sentence="If this address has an account, an e-mail is on its way.")


@router.put(
    "/password-resets/{token}",
    summary="Set a new password",
    responses=errors(403, 404, 429),
    dependencies=[Depends(same_origin)],
)
async def reset_password(
    token: Annotated[LinkSecret, Path()],
    body: PasswordAfterReset,
    request: Request,
    response: Response,
    backend: BackendOf,
    afterwards: BackgroundTasks,
) -> Said:
    """Ends every session and API token of the account, and verifies the address, because the e-mail reached it.

    Strangers' failed log-ins do not delay the next log-in from this browser.
    """
    try:
        reset = partial(accounts.reset_password, backend, token, body.password)
        account_id = await backend.concurrency.hash_password(reset)
    except NotFound:
        await run_in_threadpool(limit, backend, backend.settings.rates.log_in, "reset", address_of(request))
        raise
    backend.rights.forget()
    await run_in_threadpool(remember_device, request, response, backend, account_id)
    afterwards.add_task(account_emails.tell_of_change, backend, account_id, "reset")
    return Said(sentence="The new password is set: log in with it.")


@router.get("/tokens", summary="The account's API tokens", responses=errors(401, 403))
def list_tokens(caller: Person, backend: BackendOf) -> Page[ApiToken]:
    """Without their secrets, which are not stored."""
    return Page(items=tuple(backend.access.tokens.list(caller.account_id)))


@router.post("/tokens", status_code=201, summary="Make an API token", responses=errors(401, 403, 429))
def issue_token(body: NewToken, caller: Recent, backend: BackendOf, afterwards: BackgroundTasks) -> IssuedToken:
    """Needs a sign-in of the last half hour and a confirmed address. Only this answer contains the secret."""
    accounts.check_verified(caller.profile)
    limit(backend, backend.settings.rates.start, "token", caller.account_id)
    token, secret = accounts.issue_token(backend, caller.account_id, body.name, body.scopes, body.days)
    afterwards.add_task(account_emails.tell_of_change, backend, caller.account_id, "token")
    return IssuedToken(**token.model_dump(), secret=secret)


@router.delete("/tokens/{token_id}", status_code=204, summary="Revoke a token", responses=errors(401, 403, 404))
def revoke_token(token_id: str, caller: Person, backend: BackendOf) -> None:
    """The token stops working at once."""
    accounts.revoke_token(backend, caller.account_id, token_id)
    backend.rights.forget()
