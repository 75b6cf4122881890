"""The bodies of sign-in requests."""

from typing import Annotated

from pydantic import AfterValidator, Field

from models.base import Model

SHORTEST_PASSWORD = 10
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(?:\.{_LABEL})+$"


Email = Annotated[
    str,
    Field(max_length=254, pattern=_ADDRESS, examples=["ada@example.org"]),
    AfterValidator(str.lower),
]
Password = Annotated[str, Field(min_length=SHORTEST_PASSWORD, max_length=200, examples=["correct horse battery"])]

Code = Annotated[
    str,
    Field(
        min_length=6,
        max_length=40,
        pattern=r"^[0-9A-Za-z -]+$",
        examples=["123456"],
        description="six digits of the authenticator app, or a recovery code",
    ),
]


class Credentials(Model):
    """Address and password. A password may be any text."""

    email: Email
    password: str = Field(min_length=1, max_length=200)
    code: Code | None = Field(default=None, description="the second factor's code, where the account has one")


class Proof(Model):
    """Confirms the person of a session."""

    password: str = Field(min_length=1, max_length=200)
    code: Code | None = Field(default=None, description="the second factor's code, where the account has one")


class NewAccount(Model):
    """A sign-up."""

    email: Email
    password: Password


class NewPassword(Model):
    """A change of password."""

    old: str = Field(min_length=1, max_length=200)
    new: Password
