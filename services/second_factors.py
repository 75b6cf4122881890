"""The second factor of an account: an authenticator app, and recovery codes for when it is lost."""

from collections.abc import Callable

from models.access import Profile, SecurityEventKind
from models.failures import Conflict, InvalidInput, NotFound, NotSignedIn
from services.account_emails import tell_of_change
from services.app import App
from stores.second_factors import app_link


def prove(app: App, account_id: str, code: str | None, count: Callable[[], None]) -> bool:
    """Check the code of an account that has a second factor.

    Args:
        count: Called before a code is tried; raises where too many were tried.

    Returns:
        Whether a factor was proved: False where the account has none.

    Raises:
        NotSignedIn: The code is missing, wrong or was used before.
    """
    factors, events = app.access.factors, app.access.events
    if not factors.state(account_id).enabled:
        return False
    if not code:
        raise NotSignedIn("Type the code that your authenticator app shows.", "code_needed", "code")
    count()
    kind = factors.check(account_id, code)
    if kind is None:
        events.note(SecurityEventKind.LOG_IN_FAILED, account_id, "second factor")
        raise NotSignedIn("This code is wrong or was used before: wait for the next one.", "wrong_code", "code")
    if kind == "recovery":
        events.note(SecurityEventKind.RECOVERY_CODE_USED, account_id)
        tell_of_change(app, account_id, "recovery code")
    return True


def propose(app: App, profile: Profile) -> tuple[str, str]:
    """A secret for the account's authenticator app; it counts once a code has confirmed it.

    Returns:
        The secret in base32, and the same as an `otpauth:` address.

    Raises:
        Conflict: A second factor is in use.
    """
    secret = app.access.factors.propose(profile.account_id)
    if secret is None:
        raise Conflict("A second factor is in use already: switch it off first.", "factor_in_use")
    return secret, app_link(secret, profile.email or profile.account_id)


def confirm(app: App, account_id: str, session: str, code: str) -> tuple[str, ...]:
    """Use the proposed factor from now on; the session has proved it.

    Returns:
        The recovery codes, which are never shown again.

    Raises:
        InvalidInput: `wrong_code`.
    """
    codes = app.access.factors.confirm(account_id, code)
    if codes is None:
        raise InvalidInput("This is not the code that the app shows now: is its clock right?", "wrong_code", "code")
    app.access.sessions.confirm(session, second_factor=True)
    app.access.events.note(SecurityEventKind.SECOND_FACTOR_ON, account_id)
    return codes


def switch_off(app: App, account_id: str) -> None:
    """Switch the second factor off and delete its recovery codes. Raises `NotFound`: there is none."""
    if not app.access.factors.remove(account_id):
        raise NotFound("There is no second factor.")
    app.access.events.note(SecurityEventKind.SECOND_FACTOR_OFF, account_id)


def renew_codes(app: App, account_id: str) -> tuple[str, ...]:
    """Replace all recovery codes by new ones. Raises `NotFound`: there is no second factor."""
    codes = app.access.factors.renew_codes(account_id)
    if codes is None:
        raise NotFound("There is no second factor.")
    app.access.events.note(SecurityEventKind.RECOVERY_CODES_MADE, account_id)
    return codes
