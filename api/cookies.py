"""The cookies of sessions and of known devices.

Over HTTPS their names begin with `__Host-`, so that no neighbouring host can plant one. A cookie under the old name is
accepted for a session that began under it; the last of those ends `SESSION_LIFETIME` after the change.
"""

from starlette.requests import HTTPConnection
from starlette.responses import Response

from models.access import DEVICE_LIFETIME, SESSION_LIFETIME
from settings import Settings

SESSION_COOKIE, DEVICE_COOKIE = "echonos_session", "echonos_device"
HOST_PREFIX = "__Host-"


def is_secure(settings: Settings) -> bool:
    """Whether the public URL is HTTPS."""
    return settings.public_url.startswith("https:")


def cookie_name(settings: Settings, name: str) -> str:
    """The name under which a cookie is set."""
    return HOST_PREFIX + name if is_secure(settings) else name


def session_sent(request: HTTPConnection, settings: Settings) -> tuple[str, bool] | None:
    """The session's secret from a browser, and whether its name is one that only we can set."""
    if is_secure(settings) and (secret := request.cookies.get(HOST_PREFIX + SESSION_COOKIE)):
        return secret, True
    secret = request.cookies.get(SESSION_COOKIE)
    return (secret, False) if secret else None


def device_sent(request: HTTPConnection, settings: Settings) -> str | None:
    """The device's secret from a browser."""
    return request.cookies.get(cookie_name(settings, DEVICE_COOKIE)) or None


def set_session(response: Response, settings: Settings, secret: str) -> None:
    """Log a browser in."""
    _set(response, settings, SESSION_COOKIE, secret, int(SESSION_LIFETIME.total_seconds()))


def set_device(response: Response, settings: Settings, secret: str) -> None:
    """Mark a browser as known; logging out keeps the mark."""
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
