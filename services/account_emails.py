"""The e-mails that accounts get."""

from collections.abc import Callable
from typing import ParamSpec

import structlog

from gateways.mail import Email
from models.access import LinkPurpose, Profile
from models.failures import ProviderUnavailable
from services.app import App
from stores.sessions import LINK_LIFETIMES

log = structlog.get_logger()
P = ParamSpec("P")

_RESET_HOURS = int(LINK_LIFETIMES[LinkPurpose.RESET].total_seconds() // 3600)

CHANGES = {
    "password": "The password of your account was changed, and every session and API token ended.",
    "reset": "The password of your account was reset with a link, and every session and API token ended.",
    "token": "A new API token was made for your account.",
    "factor on": "A second factor was set up for your account.",
    "factor off": "The second factor of your account was switched off.",
    "recovery code": "A recovery code of your account was used to sign in.",
    "recovery codes": "New recovery codes were made for your account; the older ones no longer work.",
}


def attempt(send: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
    """Send an optional e-mail: an unreachable mail server is logged and blocks nothing."""
    try:
        send(*args, **kwargs)
    except ProviderUnavailable as error:
        log.warning("e-mail not sent", error=type(error).__name__)


def send_welcome(app: App, profile: Profile) -> None:
    """Send the link that confirms an address; an address with an account gets a link to log in instead.

    Raises:
        ProviderUnavailable: The mail server is unreachable.
    """
    if profile.email is None:
        return
    url, known = app.settings.public_url, app.access.profiles.find_by_email(profile.email)
    if known is not None and known.verified:
        text = (
            "A sign-up for Echonos was made with this address. It has an account already.\n\n"
            f"Log in to it here:\n\n{url}/login\n\n"
            f"If the password is forgotten, set a new one here:\n\n{url}/forgot\n\n"
            "If it was not you, ignore this e-mail: nothing has changed.\n"
        )
        app.mailer.send(Email(to=profile.email, subject="Your address has an account at Echonos", text=text))
        return
    secret = app.access.sessions.issue_link(profile.account_id, LinkPurpose.VERIFY)
    text = (
        "Welcome to Echonos.\n\nOpen this link to confirm your address:\n\n"
        f"{url}/verify?token={secret}\n\n"
        "It works once, within seven days. If you did not sign up, ignore this e-mail.\n"
    )
    app.mailer.send(Email(to=profile.email, subject="Confirm your address for Echonos", text=text))


def send_reset(app: App, profile: Profile) -> None:
    """Send the link that sets a new password. Raises `ProviderUnavailable` if the mail server is unreachable."""
    if profile.email is None:
        return
    secret = app.access.sessions.issue_link(profile.account_id, LinkPurpose.RESET)
    text = (
        "A new password was requested for your account.\n\nOpen this link to set one:\n\n"
        f"{app.settings.public_url}/reset?token={secret}\n\n"
        f"It works once, within {_RESET_HOURS} hours. If it was not you, ignore this e-mail: nothing has changed.\n"
    )
    app.mailer.send(Email(to=profile.email, subject="A new password for Echonos", text=text))


def send_address_change(app: App, profile: Profile, email: str, old: str | None, new: str) -> None:
    """Ask at both addresses whether the account shall move.

    Args:
        profile: The account's current profile.
        email: The new address. Where it has an account already, only that mailbox learns so.
        old: The secret for the old address; None where that was never confirmed.
        new: The secret for the new address.

    Raises:
        ProviderUnavailable: The mail server is unreachable.
    """
    url, known = app.settings.public_url, app.access.profiles.find_by_email(email)
    if old is not None and profile.email is not None:
        text = (
            f"You asked to move your Echonos account to the address {email}.\n\nOpen this link to agree:\n\n"
            f"{url}/address?token={old}\n\nThe new address gets a link, too; both are needed within 24 hours.\n\n"
            f"If it was not you, set a new password at once:\n\n{url}/forgot\n"
        )
        app.mailer.send(Email(to=profile.email, subject="Agree to the new address of your account", text=text))
    if known is not None and known.verified:
        text = (
            "A request was made to move an Echonos account to this address. It has an account already, so "
            f"nothing was changed.\n\nLog in to it here:\n\n{url}/login\n"
        )
        app.mailer.send(Email(to=email, subject="Your address has an account at Echonos", text=text))
        return
    text = (
        "An Echonos account is to move to this address.\n\nOpen this link to confirm that it is yours:\n\n"
        f"{url}/address?token={new}\n\nIt works within 24 hours. If you know nothing of it, ignore this e-mail.\n"
    )
    app.mailer.send(Email(to=email, subject="Confirm the new address of your account", text=text))


def tell_of_new_address(app: App, before: str | None, email: str) -> None:
    """Tell the old address that the account has moved."""
    if before is None:
        return
    text = (
        f"Your Echonos account has moved to the address {email}, as was agreed to from both addresses. Every session "
        "and API token has ended.\n\nIf you did not agree, answer this e-mail.\n"
    )
    attempt(app.mailer.send, Email(to=before, subject="Your Echonos account has a new address", text=text))


def tell_of_change(app: App, account_id: str, change: str) -> None:
    """Tell the owner of an account about a change.

    Args:
        account_id: The account. An unverified address gets no e-mail: it may be another person's.
        change: A key of `CHANGES`.
    """
    profile = app.access.profiles.find(account_id)
    if profile is None or profile.email is None or not profile.verified:
        return
    if app.access.rates.hit(app.settings.rates.notices, "notices", profile.email) is not None:
        return
    url = app.settings.public_url
    text = (
        f"{CHANGES[change]}\n\nIf it was you, there is nothing to do. If it was not, set a new password at once, which "
        f"ends every session and token:\n\n{url}/forgot\n\nand look through your account:\n\n{url}/account\n"
    )
    attempt(app.mailer.send, Email(to=profile.email, subject="A change in your Echonos account", text=text))
