"""Changing an account's e-mail address: asked for by its person, confirmed at both addresses."""

from fastapi import Depends, Request
from pydantic import Field

from api import admission
from api.asking import Asker
from api.deps import BackendOf, Recent, address_of, limit, same_origin
from api.docs import errors
from api.emails import count_letter, send_address_change, tell_of_new_address
from api.people import Email
from api.problems import Problem
from api.routes.accounts import LinkToken, Said
from models.access import SecurityEventKind
from models.base import Model

router = admission.router("account")


class NewAddress(Model):
    """Where the account is to move."""

    email: Email


class AddressAgreed(Model):
    """What one of the two links has done."""

    sentence: str
    is_done: bool = Field(examples=[False], description="the account has moved")


@router.post(
    "/account/email",
    status_code=202,
    summary="Move the account to another address",
    responses=errors(401, 403, 409, 429),
)
def ask(body: NewAddress, request: Request, caller: Recent, backend: BackendOf) -> Said:
    """Sends a link to the old and to the new address; the account moves once both were opened, within 24 hours.

    The answer is the same whether or not the new address has an account.
    """
    profile = caller.profile
    if profile.email is None:
        raise Problem(409, "no_address", "Your identity provider keeps this account's address: change it there.")
    if body.email == profile.email:
        raise Problem(409, "same_address", "The account has this address already.")
    asker = Asker(email=body.email, client=f"account {caller.account_id}")
    count_letter(backend, "address", asker)
    old, new = backend.access.addresses.ask(caller.account_id, body.email)
    send_address_change(backend, profile, body.email, old, new)
    backend.access.events.note(SecurityEventKind.ADDRESS_CHANGE_ASKED, caller.account_id)
    both = (
        "Both addresses get an e-mail with a link: open both"
        if old is not None
        else "The new address gets a link: open it"
    )
    return Said(sentence=f"{both} within 24 hours.")


@router.post(
    "/accounts/address-confirmations",
    summary="Agree to a new address",
    responses=errors(403, 404, 409, 429),
    dependencies=[Depends(same_origin)],
)
def confirm(body: LinkToken, request: Request, backend: BackendOf) -> AddressAgreed:
    """With the token of one of the two links. The second one ends every session and API token of the account."""
    step = backend.access.addresses.confirm(body.token)
    if step is None:
        limit(backend, backend.settings.rates.log_in, "address", address_of(request))
        raise Problem(
            404, "link_used", "This link is too old, or a newer wish has replaced it: ask for the change once more."
        )
    if step.is_taken:
        raise Problem(409, "email_taken", "This address is confirmed for another account already; nothing has changed.")
    if not step.is_done:
        return AddressAgreed(sentence="Agreed. Open the link in the e-mail to the other address, too.", is_done=False)
    backend.rights.forget()
    backend.access.events.note(SecurityEventKind.ADDRESS_CHANGED, step.account_id)
    tell_of_new_address(backend, request.scope, step.before, step.email)
    return AddressAgreed(sentence="The account has moved: log in with the new address.", is_done=True)
