"""The session's cookie."""

from starlette.responses import Response

from api.deps import SESSION_COOKIE, Backend
from stores.sessions import SESSION_LIFETIME


def set_session(response: Response, backend: Backend, secret: str) -> None:
    """Log a browser in."""
    response.set_cookie(
        SESSION_COOKIE,
        secret,
        max_age=int(SESSION_LIFETIME.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=_is_secure(backend),
        path="/",
    )


def clear_session(response: Response, backend: Backend) -> None:
    """Log a browser out."""
    response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=_is_secure(backend), path="/")


def _is_secure(backend: Backend) -> bool:
    return backend.settings.public_url.startswith("https:")
