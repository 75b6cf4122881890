"""A caller, and what they must have proved for what weighs more than the rest."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from api.problems import Problem
from models.access import Profile, Role, Scope
from stores.database import utc_now

RECENT = timedelta(minutes=30)
"""A sign-in of so long ago is enough for money, tokens and changes of how one signs in."""

FACTOR_LASTS = timedelta(hours=12)
"""Support proves the second factor once a working day."""


@dataclass(frozen=True)
class Caller:
    """Who asks, and what they may do."""

    profile: Profile
    scopes: frozenset[Scope]
    session: str | None = field(default=None, repr=False)
    signed_in_at: datetime | None = None
    """When the person last proved who they are: here, or at their identity provider."""

    second_factor_at: datetime | None = None
    vouched: bool = False
    """An identity provider says who it is."""

    local: bool = False
    """The person at a local stack, whom a link lets in: there is no password to ask for."""

    @property
    def account_id(self) -> str:
        """Whose things are meant."""
        return self.profile.account_id


def require(caller: Caller, scope: Scope) -> Caller:
    """The caller, if they may do that.

    Raises:
        Problem: 403, their token lacks the scope.
    """
    if scope not in caller.scopes:
        raise Problem(403, "scope", f"This token may not do that: it lacks the scope “{scope.value}”.")
    return caller


def require_owner(caller: Caller) -> Caller:
    """The caller, if a session shows that it is a person.

    Raises:
        Problem: 403, it is a token.
    """
    if caller.session is None:
        raise Problem(403, "session_only", "Only a person who is logged in may do that, not a token.")
    return caller


def require_person(caller: Caller) -> Caller:
    """The caller, if a session or an identity provider shows that it is a person.

    Raises:
        Problem: 403, it is an API token.
    """
    return caller if caller.vouched else require_owner(caller)


def require_recent(caller: Caller) -> Caller:
    """The person, if they proved a short time ago who they are.

    Raises:
        Problem: 403, it is an API token, or the sign-in is too long ago.
    """
    require_person(caller)
    if caller.local or (caller.signed_in_at is not None and caller.signed_in_at > utc_now() - RECENT):
        return caller
    told = (
        "Sign in at your identity provider again: your last sign-in there is too long ago, or the token does not say."
        if caller.vouched
        else "Confirm that it is you: your sign-in is more than half an hour ago."
    )
    raise Problem(403, "sign_in_again", told)


def require_recent_payer(caller: Caller) -> Caller:
    """Who may spend, and, where it is a person, proved a short time ago who they are.

    Raises:
        Problem: 403, the token lacks the scope, or the sign-in is too long ago.
    """
    require(caller, Scope.SPEND)
    return caller if caller.session is None else require_recent(caller)


def may_support(caller: Caller) -> bool:
    """Whether the caller has the role, a session and, but for the local stack's own person, a fresh second factor."""
    proved_at = caller.second_factor_at
    proved = caller.local or (proved_at is not None and proved_at > utc_now() - FACTOR_LASTS)
    return Role.SUPPORT in caller.profile.roles and caller.session is not None and proved


def require_supporter(caller: Caller) -> Caller:
    """The caller, if they may do support's work.

    Raises:
        Problem: 404, without the role there is nothing here; 403, the second factor is missing.
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
