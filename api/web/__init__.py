"""The page an artist uses: server-rendered templates, static assets and the small modules that bring them to life."""

from fastapi import FastAPI

from api.web.answers import install as answer_failures
from api.web.assets import Assets
from api.web.pages import router
from api.web.sharing import router as shared

__all__ = ["answer_failures", "mount"]


def mount(app: FastAPI) -> None:
    """Add the page to an application.

    Args:
        app: The application; its state holds the backend of `api.deps`.
    """
    app.mount("/static", Assets(), name="static")
    app.include_router(router)
    app.include_router(shared)
