"""Cross-origin requests: the codec's routes answer the origin of Temporal's own pages, and no other."""

from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

from api.shapes import PREFIX

PREFLIGHT_LASTS_S = 600


class CodecCors:
    """ASGI middleware.

    Args:
        origin: Scheme, host and port of Temporal's pages.
    """

    def __init__(self, app: ASGIApp, *, origin: str) -> None:
        self._app = app
        self._codec = CORSMiddleware(
            app,
            allow_origins=[origin],
            allow_methods=["POST"],
            allow_headers=["content-type", "x-namespace", "authorization"],
            max_age=PREFLIGHT_LASTS_S,
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        is_codec = scope["type"] == "http" and scope["path"].startswith(f"{PREFIX}/codec/")
        await (self._codec if is_codec else self._app)(scope, receive, send)
