"""Problems as answers: JSON for programs, and a page that says what to do for a browser that asked for a page."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from api.problems import Problem, log_failure, problem_of
from api.web.templating import render
from services.failures import FAILURES

_HEADINGS = {
    400: "This address is not right",
    402: "Not enough credits",
    403: "Not allowed",
    404: "Not here",
    409: "Not now",
    422: "This address is not right",
    429: "Too often",
    503: "Back in a moment",
}
_OURS = "Our mistake"
_ELSEWHERE = "Nothing of yours is under this address. It may have been deleted."
_GENERAL = {"not_found", "bad_request", "invalid", "invalid_json"}
"""Codes whose sentences are about a request's content, which a person who follows a link did not write."""


def answer_of(problem: Problem, scope: Mapping[str, Any]) -> Response:
    """The answer to a failed request.

    Args:
        scope: The request's ASGI scope; its method and Accept header decide.

    Returns:
        A page where a browser follows a link, a redirect to the log-in without a session, otherwise JSON.
    """
    if not _asks_for_a_page(scope):
        return problem.response()
    if problem.status_code == HTTPStatus.UNAUTHORIZED:
        return log_in_first(scope)
    return page_of(problem, again=wanted_of(scope))


def page_of(problem: Problem, again: str = "") -> Response:
    """A problem as a page.

    Args:
        again: The requested address; linked where the problem may pass.

    Returns:
        The page, with the problem's status and headers.
    """
    status = problem.status_code
    passing = status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    heading = _HEADINGS.get(status, _OURS if status >= HTTPStatus.INTERNAL_SERVER_ERROR else "Not possible")
    sentence = _ELSEWHERE if problem.code in _GENERAL else str(problem.detail)
    headers = {"Cache-Control": "no-store"} | dict(problem.headers or {})
    text = render("wrong.html", session=None, heading=heading, sentence=sentence, again=again if passing else "")
    return HTMLResponse(text, status, headers)


def install(app: FastAPI) -> None:
    """Answer failures as problems; defects are the guard's, around everything."""

    async def answer(request: Request, error: Exception) -> Response:
        problem = problem_of(error)
        if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
            log_failure(request.scope, error)
        return answer_of(problem, request.scope)

    for kind in (HTTPException, RequestValidationError, *FAILURES):
        app.add_exception_handler(kind, answer)


def _asks_for_a_page(scope: Mapping[str, Any]) -> bool:
    """Browsers name text/html where they follow a link or send a form, and nowhere else."""
    headers = Headers(raw=list(scope["headers"]))
    mode = headers.get("sec-fetch-mode", "navigate")
    return mode == "navigate" and "text/html" in headers.get("accept", "").lower()


def wanted_of(scope: Mapping[str, Any]) -> str:
    """Path and query of what a browser asked for; empty where it sent something, which is not sent again by a link."""
    if scope["method"] != "GET":
        return ""
    path = quote(str(scope["path"]), safe="/%:@!$&'()*+,;=~-._")
    return path + (f"?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else "")


def log_in_first(scope: Mapping[str, Any]) -> Response:
    """The log-in, which leads back to what was asked for."""
    wanted = wanted_of(scope)
    address = f"/login?{urlencode({'next': wanted})}" if wanted not in {"", "/"} else "/login"
    return RedirectResponse(address, 303, {"Cache-Control": "no-store"})
