"""Accounts: sign-up, confirming and changing the address, passwords, API tokens.

Functions that hash a password take 64 MB and several cores for a moment: limit how many run at once.
"""

from datetime import UTC, datetime, timedelta

from models.access import AddressStep, ApiToken, LinkPurpose, Profile, Scope, SecurityEventKind
from models.failures import Conflict, NotAllowed, NotFound
from services.account_emails import send_address_change, send_reset, tell_of_new_address
from services.app import App
from services.passwords import refuse_common

_LINK_USED = "This link was used before or is too old: ask for another e-mail."


def sign_up(app: App, email: str, password: str) -> Profile:
    """Open an account; hashes. The result does not reveal whether another account has the address.

    Raises:
        InvalidInput: `common_password`.
    """
    refuse_common(password, email)
    profile = app.access.profiles.sign_up(email, password)
    app.access.events.note(SecurityEventKind.SIGNED_UP, profile.account_id)
    return profile


def confirm_address(app: App, link: str) -> None:
    """Confirm an account's address by the link in its e-mail, which works once. Its existing API tokens end.

    Raises:
        NotFound: The link was used before or is too old.
        Conflict: Another account has confirmed the address.
    """
    account_id = app.access.sessions.use_link(link, LinkPurpose.VERIFY)
    if account_id is None:
        raise NotFound(_LINK_USED, "link_used", "token")
    if not app.access.profiles.verify(account_id):
        raise Conflict("This address is confirmed for another account already: log in there.", "email_taken")
    app.access.events.note(SecurityEventKind.ADDRESS_VERIFIED, account_id)


def change_password(app: App, profile: Profile, old: str, new: str) -> None:
    """Set a new password; hashes. Every session and API token of the account ends.

    Raises:
        NotAllowed: `wrong_password`: the old one is wrong.
        InvalidInput: `common_password`.
    """
    account_id, events = profile.account_id, app.access.events
    if app.access.profiles.check_password(account_id, old) is None:
        events.note(SecurityEventKind.CONFIRMATION_FAILED, account_id, "change of password")
        raise NotAllowed("Your current password is wrong.", "wrong_password", "old")
    refuse_common(new, profile.email, "new")
    app.access.profiles.set_password(account_id, new)
    events.note(SecurityEventKind.PASSWORD_CHANGED, account_id)


def ask_for_reset(app: App, email: str) -> None:
    """Send the link that sets a new password, if an account has the address."""
    profile = app.access.profiles.find_by_email(email)
    if profile is not None:
        send_reset(app, profile)
    app.access.events.note(SecurityEventKind.RESET_ASKED, None if profile is None else profile.account_id)


def reset_password(app: App, link: str, password: str) -> str:
    """Set a new password by the link in an e-mail, which also verifies the address; hashes.

    Every session and API token of the account ends. Returns the account's id.

    Raises:
        NotFound: The link was used before or is too old.
        InvalidInput: `common_password`; the link still works.
    """
    profiles, sessions = app.access.profiles, app.access.sessions
    owner = sessions.holder_of(link, LinkPurpose.RESET)
    if owner is not None:
        profile = profiles.find(owner)
        refuse_common(password, None if profile is None else profile.email)
    account_id = None if owner is None else sessions.use_link(link, LinkPurpose.RESET)
    if account_id is None:
        raise NotFound(_LINK_USED, "link_used", "token")
    profiles.set_password(account_id, password)
    profiles.verify(account_id)
    app.access.events.note(SecurityEventKind.PASSWORD_RESET, account_id)
    return account_id


def check_new_address(profile: Profile, email: str) -> None:
    """Refuse an impossible move. Raises `Conflict`: `no_address` or `same_address`."""
    if profile.email is None:
        raise Conflict("Your identity provider keeps this account's address: change it there.", "no_address")
    if email == profile.email:
        raise Conflict("The account has this address already.", "same_address")


def ask_to_move(app: App, profile: Profile, email: str) -> bool:
    """Send the links by which an account moves to another address once both addresses have agreed.

    Returns:
        Whether the old address must agree, too: False where it was never confirmed.
    """
    old, new = app.access.addresses.ask(profile.account_id, email)
    send_address_change(app, profile, email, old, new)
    app.access.events.note(SecurityEventKind.ADDRESS_CHANGE_ASKED, profile.account_id)
    return old is not None


def agree_to_move(app: App, link: str) -> AddressStep:
    """Agree to a new address by one of two links. The second one moves the account and ends its sessions and tokens.

    Raises:
        NotFound: The link is too old, or a newer one has replaced it.
        Conflict: Another account has confirmed the new address meanwhile.
    """
    step = app.access.addresses.confirm(link)
    if step is None:
        raise NotFound(
            "This link is too old, or a newer request has replaced it: request the change again.", "link_used"
        )
    if step.is_taken:
        raise Conflict("This address is confirmed for another account already; nothing has changed.", "email_taken")
    if step.is_done:
        app.access.events.note(SecurityEventKind.ADDRESS_CHANGED, step.account_id)
        tell_of_new_address(app, step.before, step.email)
    return step


def check_verified(profile: Profile) -> None:
    """Refuse what needs a confirmed address. Raises `NotAllowed`: `unverified`."""
    if not profile.verified:
        raise NotAllowed("Confirm your e-mail address first: the link is in your mailbox.", "unverified")


def issue_token(
    app: App, account_id: str, name: str, scopes: frozenset[Scope], days: int | None
) -> tuple[ApiToken, str]:
    """Make an API token.

    Args:
        name: The person's name for it.
        days: Its lifetime; None: until it is revoked.

    Returns:
        The token, and its secret, which is never shown again.
    """
    until = None if days is None else datetime.now(UTC) + timedelta(days=days)
    token, secret = app.access.tokens.issue(account_id, name, scopes, until)
    app.access.events.note(SecurityEventKind.TOKEN_MADE, account_id, token.token_id)
    return token, secret


def revoke_token(app: App, account_id: str, token_id: str) -> None:
    """Revoke an API token; it stops working at once. Raises `NotFound`: the account has no such token."""
    if not app.access.tokens.revoke(account_id, token_id):
        raise NotFound("There is no such token.")
    app.access.events.note(SecurityEventKind.TOKEN_REVOKED, account_id, token_id)
