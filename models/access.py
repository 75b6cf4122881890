"""Who is who for the web backend: accounts as people know them, their sessions and their machines' tokens."""

from datetime import datetime
from enum import StrEnum

from models.base import Model


class Role(StrEnum):
    """What an account may do beyond its own things."""

    SUPPORT = "support"


class Scope(StrEnum):
    """What an API token may do: look, change what costs nothing, start what costs credits."""

    READ = "read"
    WRITE = "write"
    SPEND = "spend"


class LinkPurpose(StrEnum):
    """What a link with a secret in it is good for; each works once."""

    ENTER = "enter"
    VERIFY = "verify"
    RESET = "reset"


class Profile(Model):
    """An account's person. `email` is None where an identity provider vouches for them."""

    account_id: str
    email: str | None = None
    verified: bool = False
    roles: frozenset[Role] = frozenset()


class ApiToken(Model):
    """A machine's way in, without its secret."""

    token_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
