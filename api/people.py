"""What people type to come in, checked; and the letters they get."""

from typing import Annotated

from pydantic import AfterValidator, Field

from api.deps import Backend
from models.access import LinkPurpose, Profile
from models.base import Model
from stores.mail import Letter

SHORTEST_PASSWORD = 10
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+$"


Email = Annotated[
    str,
    Field(max_length=254, pattern=_ADDRESS, examples=["ada@example.org"]),
    AfterValidator(str.lower),
]
Password = Annotated[str, Field(min_length=SHORTEST_PASSWORD, max_length=200, examples=["correct horse battery"])]


class Credentials(Model):
    """Address and password. A password may be any text."""

    email: Email
    password: str = Field(min_length=1, max_length=200)


class NewAccount(Model):
    """A sign-up."""

    email: Email
    password: Password


class NewPassword(Model):
    """A change of password."""

    old: str = Field(min_length=1, max_length=200)
    new: Password


def send_welcome(backend: Backend, profile: Profile) -> None:
    """A letter with the link that proves an address; or one that says where the address has its account already.

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
            "If it was not you, ignore this letter: nothing has changed.\n"
        )
        backend.mailer.send(Letter(to=profile.email, subject="Your address has an account at Echonos", text=text))
        return
    secret = backend.access.sessions.issue_link(profile.account_id, LinkPurpose.VERIFY)
    text = (
        "Welcome to Echonos.\n\nOpen this link to confirm your address:\n\n"
        f"{url}/verify?token={secret}\n\n"
        "It works once, within seven days. If you did not sign up, ignore this letter.\n"
    )
    backend.mailer.send(Letter(to=profile.email, subject="Confirm your address for Echonos", text=text))


def send_reset(backend: Backend, profile: Profile) -> None:
    """A letter with the link that sets a new password.

    Raises:
        ProviderUnavailable: The mail server is away.
    """
    if profile.email is None:
        return
    secret = backend.access.sessions.issue_link(profile.account_id, LinkPurpose.RESET)
    backend.mailer.send(
        Letter(
            to=profile.email,
            subject="A new password for Echonos",
            text=(
                "Somebody, probably you, asked for a new password.\n\nOpen this link to set one:\n\n"
                f"{backend.settings.public_url}/reset?token={secret}\n\n"
                "It works once, within an hour. If it was not you, ignore this letter: nothing has changed.\n"
            ),
        )
    )
