"""Callers, and the proofs that sensitive actions need."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from api.problems import Problem
from models.access import Profile, Role, Scope

RECENT = timedelta(minutes=30)
"""The greatest age of a sign-in for money, tokens and changes of the sign-in itself."""

FACTOR_LASTS = timedelta(hours=12)
"""The greatest age of support's second factor: a working day."""


@dataclass(frozen=True)
class Caller:
    """The caller and their rights."""

    profile: Profile
    scopes: frozenset[Scope]
    session: str | None = field(default=None, repr=False)
    signed_in_at: datetime | None = None
    """The last sign-in, here or at the identity provider."""

    second_factor_at: datetime | None = None
    vouched: bool = False
    """Whether an identity provider authenticated the caller."""

    local: bool = False
    """Whether this is the local stack's own account, which logs in by link and has no password."""

    @property
    def account_id(self) -> str:
        """The caller's account."""
        return self.profile.account_id


def require(caller: Caller, scope: Scope) -> Caller:
    """The caller, if they have the scope. Raises `Problem`: 403, their token lacks the scope."""
    if scope not in caller.scopes:
        raise Problem(403, "scope", f"This token may not do that: it lacks the scope “{scope.value}”.")
    return caller


def require_owner(caller: Caller) -> Caller:
    """The caller, if they use a session. Raises `Problem`: 403, the caller uses a token."""
    if caller.session is None:
        raise Problem(403, "session_only", "Only a person who is logged in may do that, not a token.")
    return caller


def require_person(caller: Caller) -> Caller:
    """The caller, if they use a session or an identity provider.

    Raises:
        Problem: 403, the caller uses an API token.
    """
    return caller if caller.vouched else require_owner(caller)


def require_recent(caller: Caller) -> Caller:
    """The person, if they signed in recently.

    Raises:
        Problem: 403, the caller uses an API token, or the sign-in is too old.
    """
    require_person(caller)
    if caller.local or (caller.signed_in_at is not None and caller.signed_in_at > datetime.now(UTC) - RECENT):
        return caller
    told = (
        "Sign in at your identity provider again: your last sign-in there is too long ago, or the token does not say."
        if caller.vouched
        else "Confirm that it is you: your sign-in is more than half an hour ago."
    )
    raise Problem(403, "sign_in_again", told)


def require_recent_payer(caller: Caller) -> Caller:
    """The caller, if they may spend; a person must have signed in recently.

    Raises:
        Problem: 403, the token lacks the scope, or the sign-in is too old.
    """
    require(caller, Scope.SPEND)
    return caller if caller.session is None else require_recent(caller)


def may_support(caller: Caller) -> bool:
    """Whether the caller has the role, a session and, but for the local stack's own person, a fresh second factor."""
    proved_at = caller.second_factor_at
    proved = caller.local or (proved_at is not None and proved_at > datetime.now(UTC) - FACTOR_LASTS)
    return Role.SUPPORT in caller.profile.roles and caller.session is not None and proved


def require_supporter(caller: Caller) -> Caller:
    """The caller, if they may do support's work.

    Raises:
        Problem: 404, the role is missing; 403, the second factor is missing.
    """
    if Role.SUPPORT not in caller.profile.roles or caller.session is None:
        raise Problem(404, "not_found", "There is nothing here under this address.")
    if not may_support(caller):
        raise Problem(
            403,
            "second_factor",
            "Support needs a second factor: set one up on the account page, or prove it there once more.",
        )
    return caller
