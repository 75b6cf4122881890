"""The e-mails that accounts get, and how many may leave for one address."""

from collections.abc import Mapping
from typing import Any

from api.asking import Asker
from api.deps import Backend
from api.problems import log_failure, too_often
from models.access import LinkPurpose, Profile
from models.failures import ProviderUnavailable
from stores.mail import Letter
from stores.sessions import LINK_LIFETIMES

_RESET_HOURS = int(LINK_LIFETIMES[LinkPurpose.RESET].total_seconds() // 3600)

CHANGES = {
    "password": "The password of your account was changed, and every session and API token ended.",
    "reset": "The password of your account was set anew with a link, and every session and API token ended.",
    "token": "A new API token was made for your account.",
    "factor on": "A second factor was set up for your account.",
    "factor off": "The second factor of your account was switched off.",
    "recovery code": "A recovery code of your account was used to sign in.",
    "recovery codes": "New recovery codes were made for your account; the older ones are worth nothing.",
}


def count_letter(backend: Backend, reason: str, asker: Asker) -> None:
    """Count an e-mail to the address that somebody names.

    Args:
        backend: Of this process.
        reason: What it is for; strangers have a share for each.
        asker: Who wants it sent. The address's verified owner, on a known device, has a share of their own.

    Raises:
        Problem: 429, too many for this address.
    """
    wait_s = letter_wait_s(backend, reason, asker)
    if wait_s is not None:
        raise too_often(wait_s)


def letter_wait_s(backend: Backend, reason: str, asker: Asker) -> float | None:
    """As `count_letter`: None where the e-mail may leave, otherwise the seconds until another one may."""
    rates, hit = backend.settings.rates, backend.access.rates.hit
    if asker.owner is not None and asker.owner.verified:
        return hit(rates.mail_owner, "mail-owner", asker.email)
    # Who asks comes first: what is refused to one stranger is not taken from the others.
    wait_s = hit(rates.mail, "mail", reason, asker.email, asker.who)
    return wait_s if wait_s is not None else hit(rates.mail_strangers, "mail-strangers", reason, asker.email)


def send_welcome(backend: Backend, profile: Profile) -> None:
    """An e-mail with the link that proves an address; or one that says where the address has its account already.

    Raises:
        ProviderUnavailable: The mail server is away.
    """
    if profile.email is None:
        return
    url, known = backend.settings.public_url, backend.access.profiles.find_by_email(profile.email)
    if known is not None and known.verified:
        text = (
            "Somebody, probably you, signed up for Echonos with this address. It has an account already.\n\n"
            f"Log in to it here:\n\n{url}/login\n\n"
            f"If the password is forgotten, set a new one here:\n\n{url}/forgot\n\n"
            "If it was not you, ignore this e-mail: nothing has changed.\n"
        )
        backend.mailer.send(Letter(to=profile.email, subject="Your address has an account at Echonos", text=text))
        return
    secret = backend.access.sessions.issue_link(profile.account_id, LinkPurpose.VERIFY)
    text = (
        "Welcome to Echonos.\n\nOpen this link to confirm your address:\n\n"
        f"{url}/verify?token={secret}\n\n"
        "It works once, within seven days. If you did not sign up, ignore this e-mail.\n"
    )
    backend.mailer.send(Letter(to=profile.email, subject="Confirm your address for Echonos", text=text))


def send_reset(backend: Backend, profile: Profile) -> None:
    """An e-mail with the link that sets a new password.

    Raises:
        ProviderUnavailable: The mail server is away.
    """
    if profile.email is None:
        return
    secret = backend.access.sessions.issue_link(profile.account_id, LinkPurpose.RESET)
    text = (
        "Somebody, probably you, asked for a new password.\n\nOpen this link to set one:\n\n"
        f"{backend.settings.public_url}/reset?token={secret}\n\n"
        f"It works once, within {_RESET_HOURS} hours. If it was not you, ignore this e-mail: nothing has changed.\n"
    )
    backend.mailer.send(Letter(to=profile.email, subject="A new password for Echonos", text=text))


def send_address_change(backend: Backend, profile: Profile, email: str, old: str | None, new: str) -> None:
    """The e-mails that ask at both addresses whether one account is to move.

    Args:
        backend: Of this process.
        profile: The account's person, as they are now.
        email: The new address. Where it has an account already, its owner is told that, and nobody else.
        old: The secret for the old address; None where that was never confirmed.
        new: The secret for the new address.

    Raises:
        ProviderUnavailable: The mail server is away.
    """
    url, known = backend.settings.public_url, backend.access.profiles.find_by_email(email)
    if old is not None and profile.email is not None:
        text = (
            f"You asked to move your Echonos account to the address {email}.\n\nOpen this link to agree:\n\n"
            f"{url}/address?token={old}\n\nThe new address gets a link, too; both are needed within 24 hours.\n\n"
            f"If it was not you, set a new password at once:\n\n{url}/forgot\n"
        )
        backend.mailer.send(Letter(to=profile.email, subject="Agree to the new address of your account", text=text))
    if known is not None and known.verified:
        text = (
            "Somebody, probably you, asked to move an Echonos account to this address. It has an account already, so "
            f"nothing was changed.\n\nLog in to it here:\n\n{url}/login\n"
        )
        backend.mailer.send(Letter(to=email, subject="Your address has an account at Echonos", text=text))
        return
    text = (
        "An Echonos account is to move to this address.\n\nOpen this link to confirm that it is yours:\n\n"
        f"{url}/address?token={new}\n\nIt works within 24 hours. If you know nothing of it, ignore this e-mail.\n"
    )
    backend.mailer.send(Letter(to=email, subject="Confirm the new address of your account", text=text))


def tell_of_new_address(backend: Backend, scope: Mapping[str, Any], before: str | None, email: str) -> None:
    """Tell the old address that the account has moved. A mail server that is away holds nothing up."""
    if before is None:
        return
    text = (
        f"Your Echonos account has moved to the address {email}, as was agreed to from both addresses. Every session "
        "and API token has ended.\n\nIf you did not agree, answer this e-mail.\n"
    )
    try:
        backend.mailer.send(Letter(to=before, subject="Your Echonos account has a new address", text=text))
    except ProviderUnavailable as error:
        log_failure(scope, error)


def tell_of_change(backend: Backend, scope: Mapping[str, Any], account_id: str, change: str) -> None:
    """Tell the owner of an account what was changed in it. A mail server that is away holds nothing up.

    Args:
        backend: Of this process.
        scope: The request's, for the log.
        account_id: The account; one that only claims its address is told nothing, for the address may be another's.
        change: A key of `CHANGES`.
    """
    profile = backend.access.profiles.find(account_id)
    if profile is None or profile.email is None or not profile.verified:
        return
    if backend.access.rates.hit(backend.settings.rates.notices, "notices", profile.email) is not None:
        return
    url = backend.settings.public_url
    text = (
        f"{CHANGES[change]}\n\nIf it was you, there is nothing to do. If it was not, set a new password at once, which "
        f"ends every session and token:\n\n{url}/forgot\n\nand look through your account:\n\n{url}/account\n"
    )
    try:
        backend.mailer.send(Letter(to=profile.email, subject="A change in your Echonos account", text=text))
    except ProviderUnavailable as error:
        log_failure(scope, error)
