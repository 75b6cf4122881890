"""Changing an account's e-mail address, confirmed at both addresses."""

from fastapi import Depends, Request
from pydantic import Field

from api import admission
from api.attempt_limits import Asker, count_email
from api.credentials import Email
from api.deps import BackendOf, Recent, address_of, limit, same_origin
from api.docs import errors
from api.routes.accounts import LinkToken, Said
from models.base import Model
from models.failures import NotFound
from services import accounts

router = admission.router("account")


class NewAddress(Model):
    """The new address."""

    email: Email


class AddressAgreed(Model):
    """The effect of one of the two links."""

    sentence: str
    is_done: bool = Field(examples=[False], description="the account has moved")


@router.post(
    "/account/email",
    status_code=202,
    summary="Move the account to another address",
    responses=errors(401, 403, 409, 429),
)
def ask(body: NewAddress, caller: Recent, backend: BackendOf) -> Said:
    """Sends a link to the old and to the new address; the account moves once both were opened, within 24 hours.

    The answer is the same whether or not the new address has an account.
    """
    accounts.check_new_address(caller.profile, body.email)
    count_email(backend, "address", Asker(email=body.email, client=f"account {caller.account_id}"))
    old_too = accounts.ask_to_move(backend, caller.profile, body.email)
    both = "Both addresses get an e-mail with a link: open both" if old_too else "The new address gets a link: open it"
    return Said(sentence=f"{both} within 24 hours.")


@router.post(
    "/accounts/address-confirmations",
    summary="Agree to a new address",
    responses=errors(403, 404, 409, 429),
    dependencies=[Depends(same_origin)],
)
def confirm(body: LinkToken, request: Request, backend: BackendOf) -> AddressAgreed:
    """Takes the token of one of the two links. The second one ends every session and API token of the account."""
    try:
        step = accounts.agree_to_move(backend, body.token)
    except NotFound:
        limit(backend, backend.settings.rates.log_in, "address", address_of(request))
        raise
    if not step.is_done:
        return AddressAgreed(sentence="Agreed. Open the link in the e-mail to the other address, too.", is_done=False)
    backend.rights.forget()
    return AddressAgreed(sentence="The account has moved: log in with the new address.", is_done=True)
