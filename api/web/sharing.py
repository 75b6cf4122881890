"""The page that a share link opens: for everyone who has it, without an account."""

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from starlette.responses import HTMLResponse, Response

from api.deps import BackendOf
from api.problems import problem_of
from api.routes.shares import UNLISTED, shared_video, visit
from api.web.answers import page_of
from api.web.routing import PageRoute
from api.web.templating import render
from models.failures import NotFound

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse, route_class=PageRoute)


@router.get("/shared/{token}")
async def shared(token: str, request: Request, backend: BackendOf) -> Response:
    """The player. A link that shows nothing is answered like any that never existed."""
    try:
        shown = await run_in_threadpool(visit, request, token)
    except NotFound as error:
        answer = page_of(problem_of(error))
    else:
        video = shared_video(token, shown)
        text = render("shared.html", session=None, video=video, site=backend.settings.public_url, token=token)
        answer = HTMLResponse(text, headers={"Cache-Control": "no-store"})
    # The address is the key: other sites must not learn it.
    answer.headers.update(UNLISTED | {"Referrer-Policy": "no-referrer"})
    return answer
