"""Signing in: password, second factor, the session that begins, the device that is known from then on."""

import re
from functools import partial

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from api.asking import Asker, asker_of, count_code, count_device, count_stranger, forgive
from api.cookies import device_sent, is_secure, session_sent, set_device, set_session
from api.deps import Backend
from api.emails import tell_of_change
from api.people import Credentials
from api.problems import Problem
from models.access import Profile, SecurityEventKind

_BROWSERS = {
    "Edge": r"Edg(e|A|iOS)?/",
    "Opera": r"OPR/|Opera",
    "Firefox": r"Firefox/|FxiOS/",
    "Chrome": r"Chrome/|CriOS/|Chromium/",
    "Safari": r"Safari/",
}
_SYSTEMS = {
    "Android": r"Android",
    "iOS": r"iPhone|iPad",
    "Windows": r"Windows",
    "macOS": r"Mac OS X|Macintosh",
    "Linux": r"Linux|X11",
}
"""The first that fits, in this order: later names also stand in what the earlier ones say of themselves."""


def device_words(request: Request) -> str:
    """Browser and system in words of our own: nothing that a browser says of itself is shown as it is."""
    said = request.headers.get("user-agent", "")[:500]
    browser = next((name for name, pattern in _BROWSERS.items() if re.search(pattern, said)), "")
    system = next((name for name, pattern in _SYSTEMS.items() if re.search(pattern, said)), "")
    return " on ".join(filter(None, (browser, system))) or "Another program"


async def check_credentials(request: Request, backend: Backend, body: Credentials) -> tuple[Profile, bool]:
    """Whose address, password and code these are.

    Args:
        request: With the cookies of the browser.
        backend: Of this process.
        body: What was typed.

    Returns:
        The person, and whether a second factor was proved.

    Raises:
        Problem: 401, something of it is wrong or missing; 429, too often.
    """
    asker = await run_in_threadpool(asker_of, request, backend, body.email)
    profile = await _by_known_device(backend, asker, body.password) or await _by_anybody(backend, asker, body)
    if profile is None:
        await run_in_threadpool(_note_failure, backend, body.email)
        raise Problem(401, "wrong_credentials", "This address and password do not belong together.")
    proved = await run_in_threadpool(prove_factor, request, backend, profile.account_id, asker, body.code)
    return profile, proved


async def _by_known_device(backend: Backend, asker: Asker, password: str) -> Profile | None:
    """The device's own account, and no other with this address: a claim's device must not help to guess the owner's."""
    if asker.owner is None:
        return None
    await run_in_threadpool(count_device, backend, asker)
    check = partial(backend.access.profiles.check_password, asker.owner.account_id, password)
    return await backend.turns.hash_password(check)


async def _by_anybody(backend: Backend, asker: Asker, body: Credentials) -> Profile | None:
    try:
        await run_in_threadpool(count_stranger, backend, asker)
    except Problem:
        if asker.owner is None:
            raise
        return None  # the device has had its try; strangers' limits are not what its person should read about
    profile = await backend.turns.hash_password(lambda: backend.access.profiles.log_in(body.email, body.password))
    if profile is not None:
        await run_in_threadpool(forgive, backend, asker)
    return profile


def prove_factor(request: Request, backend: Backend, account_id: str, asker: Asker, code: str | None) -> bool:
    """Check the code of an account that has a second factor.

    Args:
        request: For the log.
        backend: Of this process.
        account_id: The account, whose password is known to be right.
        asker: Who asks, to be counted.
        code: What was typed, if anything.

    Returns:
        Whether a factor was proved: False where the account has none.

    Raises:
        Problem: 401, the code is missing, wrong or was used before; 429, too many were tried.
    """
    factors, events = backend.access.factors, backend.access.events
    if not factors.state(account_id).enabled:
        return False
    if not code:
        raise Problem(401, "code_needed", "Type the code that your authenticator app shows.", "code")
    count_code(backend, account_id, asker)
    kind = factors.check(account_id, code)
    if kind is None:
        events.note(SecurityEventKind.LOG_IN_FAILED, account_id, "second factor")
        raise Problem(401, "wrong_code", "This code is wrong or was used before: wait for the next one.", "code")
    if kind == "recovery":
        events.note(SecurityEventKind.RECOVERY_CODE_USED, account_id)
        tell_of_change(backend, request.scope, account_id, "recovery code")
    return True


def begin_session(
    request: Request, response: Response, backend: Backend, profile: Profile, *, second_factor: bool = False
) -> str:
    """Log a browser in, under a new secret: one that was planted before is worth nothing.

    Args:
        request: With the cookies of the browser.
        response: Gets the cookies of the session and the device.
        backend: Of this process.
        profile: The person, who has proved who they are.
        second_factor: Whether with a second factor.

    Returns:
        The session's secret.
    """
    settings, access = backend.settings, backend.access
    if (old := session_sent(request, settings)) is not None:
        access.sessions.end(old[0])
    device = device_words(request)
    secret = access.sessions.begin(
        profile.account_id, device=device, host_cookie=is_secure(settings), second_factor=second_factor
    )
    set_session(response, settings, secret)
    remember_device(request, response, backend, profile.account_id)
    return secret


def remember_device(request: Request, response: Response, backend: Backend, account_id: str) -> None:
    """Let strangers' guesses no longer count against this browser."""
    secret = device_sent(request, backend.settings)
    known = backend.access.devices.find(secret) if secret else None
    if known is None or known.account_id != account_id:
        set_device(response, backend.settings, backend.access.devices.remember(account_id))


def _note_failure(backend: Backend, email: str) -> None:
    """A row for every failure, so that its time does not tell whether any account has the address."""
    known = backend.access.profiles.find_by_email(email)
    account_id = None if known is None else known.account_id
    backend.access.events.note(SecurityEventKind.LOG_IN_FAILED, account_id)
