"""Signing in: password, second factor, new sessions and known devices."""

import re
from functools import partial

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from api.attempt_limits import Asker, asker_of, count_code, count_device, count_stranger, forgive
from api.cookies import device_sent, is_secure, session_sent, set_device, set_session
from api.credentials import Credentials
from api.deps import Backend
from api.problems import Problem
from models.access import Profile
from services import second_factors, sign_in

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
"""Browsers in order of matching: the user agents of earlier ones also contain later names."""


def device_words(request: Request) -> str:
    """Browser and system in our own words: the user agent is never shown."""
    said = request.headers.get("user-agent", "")[:500]
    browser = next((name for name, pattern in _BROWSERS.items() if re.search(pattern, said)), "")
    system = next((name for name, pattern in _SYSTEMS.items() if re.search(pattern, said)), "")
    return " on ".join(filter(None, (browser, system))) or "Another program"


async def check_credentials(request: Request, backend: Backend, body: Credentials) -> tuple[Profile, bool]:
    """Check address, password and code.

    Args:
        request: The request with the browser's cookies.

    Returns:
        The profile, and whether a second factor was proved.

    Raises:
        NotSignedIn: A part of it is wrong or missing.
        Problem: 429, too often.
    """
    asker = await run_in_threadpool(asker_of, request, backend, body.email)
    profile = await _by_known_device(backend, asker, body.password) or await _by_anybody(backend, asker, body)
    if profile is None:
        raise await run_in_threadpool(sign_in.refused, backend, body.email)
    proved = await run_in_threadpool(prove_factor, backend, profile.account_id, asker, body.code)
    return profile, proved


async def _by_known_device(backend: Backend, asker: Asker, password: str) -> Profile | None:
    """Check the device's own account only: a claim's device must not help to guess the owner's password."""
    if asker.owner is None:
        return None
    await run_in_threadpool(count_device, backend, asker)
    check = partial(backend.access.profiles.check_password, asker.owner.account_id, password)
    return await backend.concurrency.hash_password(check)


async def _by_anybody(backend: Backend, asker: Asker, body: Credentials) -> Profile | None:
    try:
        await run_in_threadpool(count_stranger, backend, asker)
    except Problem:
        if asker.owner is None:
            raise
        return None  # the device used its attempt; strangers' limits must not concern its owner
    log_in = partial(backend.access.profiles.log_in, body.email, body.password)
    profile = await backend.concurrency.hash_password(log_in)
    if profile is not None:
        await run_in_threadpool(forgive, backend, asker)
    return profile


def prove_factor(backend: Backend, account_id: str, asker: Asker, code: str | None) -> bool:
    """Check the code of an account that has a second factor; see `services.second_factors.prove`.

    Raises:
        Problem: 429, too many were tried.
    """
    return second_factors.prove(backend, account_id, code, lambda: count_code(backend, account_id, asker))


def begin_session(
    request: Request,
    response: Response,
    backend: Backend,
    profile: Profile,
    how: str | None = None,
    *,
    second_factor: bool = False,
) -> str:
    """Log a browser in, with cookies for the session and the device.

    Args:
        request: The request with the browser's cookies.
        response: Receives the new cookies.
        how: As for `services.sign_in.begin_session`.
    """
    settings, old = backend.settings, session_sent(request, backend.settings)
    secret = sign_in.begin_session(
        backend,
        profile.account_id,
        device=device_words(request),
        host_cookie=is_secure(settings),
        second_factor=second_factor,
        replaces=None if old is None else old[0],
        how=how,
    )
    set_session(response, settings, secret)
    remember_device(request, response, backend, profile.account_id)
    return secret


def remember_device(request: Request, response: Response, backend: Backend, account_id: str) -> None:
    """Mark a browser as known, so that strangers' guesses do not count against it."""
    secret = sign_in.remember_device(backend, device_sent(request, backend.settings), account_id)
    if secret is not None:
        set_device(response, backend.settings, secret)
