"""Sessions and known devices."""

from models.access import LinkPurpose, Profile, SecurityEventKind
from models.failures import InvalidInput, NotFound, NotSignedIn
from services.app import App


def refused(app: App, email: str) -> NotSignedIn:
    """Record a refused log-in; always a row, so that timing does not reveal whether an account exists."""
    known = app.access.profiles.find_by_email(email)
    app.access.events.note(SecurityEventKind.LOG_IN_FAILED, None if known is None else known.account_id)
    return NotSignedIn("Wrong e-mail address or password.", "wrong_credentials")


def enter(app: App, link: str) -> Profile:
    """Log in to the local stack; the link works once. Raises `NotFound`: it was used before or is too old."""
    account_id = app.access.sessions.use_link(link, LinkPurpose.ENTER)
    if account_id is None:
        raise NotFound(
            "This link was used before or is too old: `starter.py up` prints a new one.", "link_used", "token"
        )
    return app.access.profiles.find(account_id) or Profile(account_id=account_id)


def begin_session(
    app: App,
    account_id: str,
    *,
    device: str,
    host_cookie: bool,
    second_factor: bool = False,
    replaces: str | None = None,
    how: str | None = None,
) -> str:
    """Sign a person in; returns the session's new secret: one planted in the browser before stays invalid.

    Args:
        device: Browser and system, in words.
        host_cookie: Whether the secret travels under a name that only we can set.
        replaces: The secret of the browser's previous session, which ends.
        how: Recorded with the log-in; None for a sign-up, which is already recorded.
    """
    sessions = app.access.sessions
    if replaces is not None:
        sessions.end(replaces)
    secret = sessions.begin(account_id, device=device, host_cookie=host_cookie, second_factor=second_factor)
    if how is not None:
        app.access.events.note(SecurityEventKind.LOGGED_IN, account_id, how)
    return secret


def remember_device(app: App, known: str | None, account_id: str) -> str | None:
    """Mark a browser as known, so that strangers' guesses do not count against it.

    Args:
        known: The device's current secret, if any.

    Returns:
        The device's new secret; None: the device is known for this account already.
    """
    profile = app.access.devices.find(known) if known else None
    if profile is not None and profile.account_id == account_id:
        return None
    return app.access.devices.remember(account_id)


def check_password(app: App, account_id: str, password: str) -> None:
    """Refuse a password that is not the account's; hashes. Raises `InvalidInput`: `wrong_password`."""
    if app.access.profiles.check_password(account_id, password) is None:
        app.access.events.note(SecurityEventKind.CONFIRMATION_FAILED, account_id)
        raise InvalidInput("Your current password is wrong.", "wrong_password", "password")


def confirm(app: App, account_id: str, session: str, *, second_factor: bool) -> None:
    """Record that a session's person has just signed in again."""
    app.access.sessions.confirm(session, second_factor=second_factor)
    app.access.events.note(SecurityEventKind.CONFIRMED, account_id)


def log_out(app: App, account_id: str, session: str) -> None:
    """End a session by its secret; others of the account stay."""
    app.access.sessions.end(session)
    app.access.events.note(SecurityEventKind.LOGGED_OUT, account_id)


def end_others(app: App, account_id: str, session: str) -> None:
    """End all sessions of an account but one."""
    count = app.access.sessions.end_others(account_id, session)
    app.access.events.note(SecurityEventKind.SESSION_ENDED, account_id, f"{count} others")


def end_session(app: App, account_id: str, session_id: str) -> None:
    """End a session by its id. Raises `NotFound`: the account has no such session."""
    if not app.access.sessions.end_one(account_id, session_id):
        raise NotFound("There is no such session.")
    app.access.events.note(SecurityEventKind.SESSION_ENDED, account_id)
