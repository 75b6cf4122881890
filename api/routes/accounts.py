"""Accounts: sign-up, verified addresses, passwords, tokens for machines."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import BackgroundTasks, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import Field

from api import admission
from api.asking import Asker, asker_of
from api.cookies import clear_session
from api.deps import BackendOf, Caller, Owner, Person, Recent, address_of, limit, same_origin
from api.docs import errors
from api.emails import count_letter, letter_wait_s, send_reset, send_welcome, tell_of_change
from api.passwords import refuse_common
from api.people import Email, NewAccount, NewPassword, Password
from api.problems import Problem, log_failure, not_found
from api.routes.sessions import SessionShape, session_shape
from api.shapes import WHOLE, Page
from api.signing_in import begin_session, remember_device
from models.access import ApiToken, LinkPurpose, Profile, Scope, SecurityEventKind
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
    """From the link in an e-mail."""

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
    """Opens an account with 250 credits, logs in, and sends an e-mail to confirm the address.

    Whether another account has the address already, only the e-mail says: the answer is the same. Where the address has
    got enough e-mails for now, the account is opened all the same, and the next one is sent when it is asked for.
    """

    def count() -> Asker:
        limit(backend, backend.settings.rates.sign_up, "sign-up", address_of(request))
        return asker_of(request, backend, body.email)

    def open_account() -> Profile:
        refuse_common(body.password, body.email)
        return backend.access.profiles.sign_up(body.email, body.password)

    def let_in(profile: Profile, asker: Asker) -> SessionShape:
        try:
            if letter_wait_s(backend, "welcome", asker) is None:
                send_welcome(backend, profile)
        except ProviderUnavailable as error:  # another one can be asked for
            log_failure(request.scope, error)
        backend.access.events.note(SecurityEventKind.SIGNED_UP, profile.account_id)
        secret = begin_session(request, response, backend, profile)
        return session_shape(backend, Caller(profile, frozenset(), secret))

    asker = await run_in_threadpool(count)
    profile = await backend.turns.hash_password(open_account)
    return await run_in_threadpool(let_in, profile, asker)


@router.post(
    "/accounts/verification",
    summary="Confirm an address",
    responses=errors(403, 404, 409, 429),
    dependencies=[Depends(same_origin)],
)
def verify(body: LinkToken, request: Request, backend: BackendOf) -> Said:
    """With the token of the link in the e-mail, which works once. API tokens that the account had until now end."""
    account_id = backend.access.sessions.use_link(body.token, LinkPurpose.VERIFY)
    if account_id is None:
        # Counted only here: a link that works is let through whatever strangers at the same connection have tried.
        limit(backend, backend.settings.rates.log_in, "verify", address_of(request))
        raise _link_used("token")
    if not backend.access.profiles.verify(account_id):
        raise Problem(409, "email_taken", "This address is confirmed for another account already: log in there.")
    backend.access.events.note(SecurityEventKind.ADDRESS_VERIFIED, account_id)
    return Said(sentence="Your address is confirmed.")


@router.post(
    "/accounts/verification-letters", status_code=202, summary="Another e-mail", responses=errors(401, 403, 429)
)
def send_again(request: Request, caller: Owner, backend: BackendOf) -> Said:
    """Sends the e-mail that confirms the address once more."""
    if caller.profile.verified:
        return Said(sentence="Your address is confirmed already.")
    asker = Asker(email=caller.profile.email or "", client=f"account {caller.account_id}")
    count_letter(backend, "welcome", asker)
    send_welcome(backend, caller.profile)
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
    """Ends every session and API token of the account, this session too: log in with the new password."""

    def change() -> bool:
        if backend.access.profiles.check_password(caller.account_id, body.old) is None:
            return False
        refuse_common(body.new, caller.profile.email, "new")
        backend.access.profiles.set_password(caller.account_id, body.new)
        return True

    await run_in_threadpool(limit, backend, backend.settings.rates.log_in, "password", caller.account_id)
    if not await backend.turns.hash_password(change):
        await run_in_threadpool(
            backend.access.events.note, SecurityEventKind.CONFIRMATION_FAILED, caller.account_id, "change of password"
        )
        raise Problem(403, "wrong_password", "Your current password is wrong.", "old")
    backend.rights.forget()
    await run_in_threadpool(backend.access.events.note, SecurityEventKind.PASSWORD_CHANGED, caller.account_id)
    await run_in_threadpool(remember_device, request, response, backend, caller.account_id)
    clear_session(response, backend.settings)
    afterwards.add_task(tell_of_change, backend, request.scope, caller.account_id, "password")
    return Said(sentence="The password is changed. Every session and API token has ended: log in again.")


@router.post(
    "/password-resets",
    status_code=202,
    summary="Forgot the password",
    responses=STRANGE,
    dependencies=[Depends(same_origin)],
)
def ask_for_reset(body: Address, request: Request, backend: BackendOf, afterwards: BackgroundTasks) -> Said:
    """Answers the same, and as soon, whether or not the address has an account and whether or not e-mails leave."""
    asker = asker_of(request, backend, body.email)
    if asker.owner is None:
        limit(backend, backend.settings.rates.log_in, "reset", asker.client)
    count_letter(backend, "reset", asker)

    def send() -> None:
        try:
            profile = backend.access.profiles.find_by_email(body.email)
            if profile is not None:
                send_reset(backend, profile)
            backend.access.events.note(SecurityEventKind.RESET_ASKED, None if profile is None else profile.account_id)
        except ProviderUnavailable as error:  # another one can be asked for
            log_failure(request.scope, error)

    afterwards.add_task(send)
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
    """Ends every session and API token of the account. That the e-mail came proves the address, too.

    From this browser, the log-in that follows does not wait for anything that strangers have tried.
    """
    profiles, sessions = backend.access.profiles, backend.access.sessions

    def set_password() -> str | None:
        owner = sessions.holder_of(token, LinkPurpose.RESET)
        if owner is None:
            return None
        profile = profiles.find(owner)
        refuse_common(body.password, None if profile is None else profile.email)
        account_id = sessions.use_link(token, LinkPurpose.RESET)
        if account_id is not None:
            profiles.set_password(account_id, body.password)
        return account_id

    def finish(account_id: str) -> None:
        profiles.verify(account_id)
        backend.access.events.note(SecurityEventKind.PASSWORD_RESET, account_id)
        remember_device(request, response, backend, account_id)

    account_id = await backend.turns.hash_password(set_password)
    if account_id is None:
        await run_in_threadpool(limit, backend, backend.settings.rates.log_in, "reset", address_of(request))
        raise _link_used("token")
    backend.rights.forget()
    await run_in_threadpool(finish, account_id)
    afterwards.add_task(tell_of_change, backend, request.scope, account_id, "reset")
    return Said(sentence="The new password is set: log in with it.")


@router.get("/tokens", summary="The account's API tokens", responses=errors(401, 403))
def list_tokens(caller: Person, backend: BackendOf) -> Page[ApiToken]:
    """Without their secrets, which are kept nowhere."""
    return Page(items=tuple(backend.access.tokens.list(caller.account_id)))


@router.post("/tokens", status_code=201, summary="Make an API token", responses=errors(401, 403, 429))
def issue_token(
    body: NewToken, request: Request, caller: Recent, backend: BackendOf, afterwards: BackgroundTasks
) -> IssuedToken:
    """Needs a sign-in of the last half hour and a confirmed address. The secret is in this answer and nowhere else."""
    if not caller.profile.verified:
        raise Problem(403, "unverified", "Confirm your e-mail address first: the link is in your mailbox.")
    limit(backend, backend.settings.rates.start, "token", caller.account_id)
    token, secret = backend.access.tokens.issue(caller.account_id, body.name, body.scopes, _in_days(body.days))
    backend.access.events.note(SecurityEventKind.TOKEN_MADE, caller.account_id, token.token_id)
    afterwards.add_task(tell_of_change, backend, request.scope, caller.account_id, "token")
    return IssuedToken(**token.model_dump(), secret=secret)


@router.delete("/tokens/{token_id}", status_code=204, summary="Revoke a token", responses=errors(401, 403, 404))
def revoke_token(token_id: str, caller: Person, backend: BackendOf) -> None:
    """It stops working at once, everywhere."""
    if not backend.access.tokens.revoke(caller.account_id, token_id):
        raise not_found("There is no such token.")
    backend.access.events.note(SecurityEventKind.TOKEN_REVOKED, caller.account_id, token_id)
    backend.rights.forget()


def _link_used(field: str) -> Problem:
    return Problem(404, "link_used", "This link was used before or is too old: ask for another e-mail.", field)


def _in_days(days: int | None) -> datetime | None:
    return None if days is None else utc_now() + timedelta(days=days)
