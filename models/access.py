"""Accounts, sessions and API tokens, as the web backend sees them."""

from datetime import datetime, timedelta
from enum import StrEnum

from pydantic import Field

from models.base import Model

SESSION_LIFETIME, DEVICE_LIFETIME = timedelta(days=30), timedelta(days=365)
"""How long a browser stays signed in, and how long it is known afterwards."""


class Role(StrEnum):
    """What an account may do beyond its own data."""

    SUPPORT = "support"


class Scope(StrEnum):
    """What an API token may do: read, make free changes, start paid work."""

    READ = "read"
    WRITE = "write"
    SPEND = "spend"


class LinkPurpose(StrEnum):
    """What a secret link works for; each link works once."""

    ENTER = "enter"
    VERIFY = "verify"
    RESET = "reset"


class Profile(Model):
    """The profile of an account. `email` is None if an identity provider asserts the identity."""

    account_id: str
    email: str | None = None
    verified: bool = False
    roles: frozenset[Role] = frozenset()


class AddressStep(Model):
    """The state of a change of address after one of its two links was used."""

    account_id: str
    email: str = Field(description="the new address")
    before: str | None = Field(
        default=None, description="the old address, if it was confirmed, once the change is done"
    )
    is_done: bool
    is_taken: bool = Field(default=False, description="another account has confirmed the new address meanwhile")


class Session(Model):
    """A log-in on one browser."""

    session_id: str = Field(description="identifies the session; it is no credential")
    device: str = Field(default="", description="browser and system, as the browser reports them")
    created_at: datetime
    last_seen_at: datetime | None = None
    signed_in_at: datetime = Field(description="when the person last proved their identity")
    second_factor_at: datetime | None = None
    current: bool = Field(default=False, description="it is the session of this request")


class SecurityEventKind(StrEnum):
    """A kind of security event."""

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
    CODEC_TOKEN_MADE = "codec_token_made"
    SHARE_MADE = "share_made"
    SHARE_REVOKED = "share_revoked"


class SecurityEvent(Model):
    """A security event of an account. It holds no password, address or secret."""

    at: datetime
    account_id: str | None = None
    kind: SecurityEventKind
    actor: str = Field(default="", description="who acted, if not the account's own person")
    detail: str = ""


class FactorState(Model):
    """An account's second factor."""

    enabled: bool = False
    recovery_codes_left: int = 0


class ApiToken(Model):
    """A token for programs, without its secret."""

    token_id: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None


class KeptAnswer(Model):
    """What was answered under an idempotency key: an HTTP status and a JSON body."""

    status: int
    body: str
