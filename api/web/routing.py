"""Routes of pages: their failures are pages, too."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.responses import Response

from api.problems import Problem, log_failure, not_found, problem_of
from api.web.answers import log_in_first, page_of, wanted_of
from models.failures import InvalidInput
from services.failures import FAILURES


class LogInFirst(Exception):
    """The page needs a session."""


class PageRoute(APIRoute):
    """A route whose errors are pages: people see sentences, not JSON.

    It answers HEAD like GET: sites that show a preview of a link may ask so first. The server leaves the body out.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **how: Any) -> None:
        super().__init__(path, endpoint, **how)
        if self.methods and "GET" in self.methods:
            self.methods.add("HEAD")

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, whose errors become pages."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await handle(request)
            except LogInFirst:
                return log_in_first(request.scope)
            except (InvalidInput, RequestValidationError):
                return page_of(not_found())
            except Exception as error:
                if not isinstance(error, (Problem, *FAILURES)):
                    raise
                problem = problem_of(error)
                if problem.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR:
                    log_failure(request.scope, error)
                return page_of(problem, again=wanted_of(request.scope))

        return answer
