"""Who is who for the web backend: accounts as people know them, their sessions and their machines' tokens."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

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


class AddressStep(Model):
    """How far a change of address is after one of its two links was used."""

    account_id: str
    email: str = Field(description="the new address")
    before: str | None = Field(default=None, description="the old one, where it was confirmed, once the change is done")
    is_done: bool
    is_taken: bool = Field(default=False, description="another account has confirmed the new address meanwhile")


class Session(Model):
    """One place where a person is signed in."""

    session_id: str = Field(description="names it; lets nobody in")
    device: str = Field(default="", description="browser and system, as the browser says")
    created_at: datetime
    last_seen_at: datetime | None = None
    signed_in_at: datetime = Field(description="when the person last proved who they are")
    second_factor_at: datetime | None = None
    current: bool = Field(default=False, description="it is the one that asks")


class SecurityEventKind(StrEnum):
    """What happened to an account's safety."""

    SIGNED_UP = "signed_up"
    LOGGED_IN = "logged_in"
    LOGGED_OUT = "logged_out"
    LOG_IN_FAILED = "log_in_failed"
    CONFIRMED = "confirmed"
    CONFIRMATION_FAILED = "confirmation_failed"
    ADDRESS_VERIFIED = "address_verified"
    RESET_ASKED = "reset_asked"
    PASSWORD_RESET = "password_reset"
    PASSWORD_CHANGED = "password_changed"
    ADDRESS_CHANGE_ASKED = "address_change_asked"
    ADDRESS_CHANGED = "address_changed"
    TOKEN_MADE = "token_made"
    TOKEN_REVOKED = "token_revoked"
    SESSION_ENDED = "session_ended"
    SECOND_FACTOR_ON = "second_factor_on"
    SECOND_FACTOR_OFF = "second_factor_off"
    RECOVERY_CODE_USED = "recovery_code_used"
    RECOVERY_CODES_MADE = "recovery_codes_made"
    REFUNDED = "refunded"
    GRANTED = "granted"
    SUPPORT_READ = "support_read"
    SUPPORT_WROTE = "support_wrote"


class SecurityEvent(Model):
    """One line of an account's record. It holds no password, address or secret."""

    at: datetime
    account_id: str | None = None
    kind: SecurityEventKind
    actor: str = Field(default="", description="who did it, where it was not the account's own person")
    detail: str = ""


class FactorState(Model):
    """An account's second factor."""

    enabled: bool = False
    recovery_codes_left: int = 0


class ApiToken(Model):
    """A machine's way in, without its secret."""

    token_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
