"""Which e-mails an account gets about its videos."""

from pydantic import Field

from api import admission
from api.deps import BackendOf, Owner, counted
from api.docs import errors
from models.base import Model
from models.notices import MailSettings
from services.telling import choose_mail, mail_settings

router = admission.router("account")


class MailWish(Model):
    """Which e-mails the account shall get."""

    videos: bool = Field(strict=True, description="whether the end of a draft is reported", examples=[True])


@router.get("/account/emails", summary="Which e-mails the account gets", responses=errors(401, 403))
def show(caller: Owner, backend: BackendOf) -> MailSettings:
    """Beside those about the account's safety. Only a confirmed address gets them."""
    return mail_settings(backend, caller.account_id)


@router.put(
    "/account/emails",
    summary="Choose which e-mails the account gets",
    responses=errors(401, 403, 409, 429),
    dependencies=[counted("change")],
)
def choose(body: MailWish, caller: Owner, backend: BackendOf) -> MailSettings:
    """A draft is reported once: when it is ready, was not made, or waits for a person."""
    return choose_mail(backend, caller.account_id, videos=body.videos)
