"""The cookies: the session's, and the one by which a device is known again.

Over HTTPS their names begin with `__Host-`, so that no neighbouring host can plant one. A cookie under the old name is
taken for a session that was begun under it, and the last of those ends `SESSION_LIFETIME` after the change.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from settings import Settings
from stores.devices import DEVICE_LIFETIME
from stores.sessions import SESSION_LIFETIME

SESSION_COOKIE, DEVICE_COOKIE = "echonos_session", "echonos_device"
HOST_PREFIX = "__Host-"


def is_secure(settings: Settings) -> bool:
    """Whether people come over HTTPS."""
    return settings.public_url.startswith("https:")


def cookie_name(settings: Settings, name: str) -> str:
    """Under which name a cookie is set."""
    return HOST_PREFIX + name if is_secure(settings) else name


def session_sent(request: HTTPConnection, settings: Settings) -> tuple[str, bool] | None:
    """The session's secret as a browser sent it, and whether under a name that only we can set."""
    if is_secure(settings) and (secret := request.cookies.get(HOST_PREFIX + SESSION_COOKIE)):
        return secret, True
    secret = request.cookies.get(SESSION_COOKIE)
    return (secret, False) if secret else None


def device_sent(request: HTTPConnection, settings: Settings) -> str | None:
    """The secret of a device, as its browser sent it."""
    return request.cookies.get(cookie_name(settings, DEVICE_COOKIE)) or None


def set_session(response: Response, settings: Settings, secret: str) -> None:
    """Log a browser in."""
    _set(response, settings, SESSION_COOKIE, secret, int(SESSION_LIFETIME.total_seconds()))


def set_device(response: Response, settings: Settings, secret: str) -> None:
    """Let a browser be known again; logging out leaves that as it is."""
    _set(response, settings, DEVICE_COOKIE, secret, int(DEVICE_LIFETIME.total_seconds()))


def clear_session(response: Response, settings: Settings) -> None:
    """Log a browser out, also of a session under the old name."""
    for name in {SESSION_COOKIE, cookie_name(settings, SESSION_COOKIE)}:
        response.delete_cookie(name, httponly=True, samesite="lax", secure=is_secure(settings), path="/")


def _set(response: Response, settings: Settings, name: str, secret: str, lifetime_s: int) -> None:
    response.set_cookie(
        cookie_name(settings, name),
        secret,
        max_age=lifetime_s,
        httponly=True,
        samesite="lax",
        secure=is_secure(settings),
        path="/",
    )
