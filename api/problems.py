"""Errors as RFC 9457 problems: a stable code for programs, a sentence for the artist, and the field that is meant."""

import math
import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import structlog
from fastapi.exceptions import RequestValidationError
from pydantic import Field
from starlette.exceptions import HTTPException
from starlette.responses import Response
from temporalio.service import RPCError, RPCStatusCode

from models.base import Model
from models.failures import (
    EchonosError,
    InsufficientCredits,
    InvalidInput,
    NoServer,
    ProviderUnavailable,
    RateLimited,
)
from workflows.clients import StartRefused

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 3
STOPS_RETRY_AFTER_S = 3600
"""After too many free stops; the sentence names the moment itself."""
_NO_EVENT = ("bad_event", "bad_signature")
"""Webhook calls that are none of a provider's: it is told so in the way that it expects."""

_NOT_CONNECTED = "Failed client connect"
"""How the Temporal SDK says, in a RuntimeError, that a first connection failed."""

TITLES: dict[int, str] = {
    400: "The request cannot be understood",
    401: "Log in first",
    402: "Not enough credits",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Not possible now",
    413: "Too large",
    415: "Not taken in this form",
    422: "Something is wrong with what was sent",
    429: "Too often",
    431: "Headers too large",
    500: "Our mistake",
    503: "Not available now",
}


_REFUSALS: dict[type[EchonosError], tuple[int, str]] = {
    InsufficientCredits: (402, "insufficient_credits"),
    StartRefused: (409, "start_refused"),
}


class ProblemBody(Model):
    """The body of every error."""

    type: str = Field(description="`urn:echonos:problem:` and the code", examples=["urn:echonos:problem:not_found"])
    title: str = Field(description="the kind of error, the same for every error of a status")
    status: int = Field(examples=[404])
    code: str = Field(description="stable, for programs", examples=["not_found"])
    detail: str = Field(description="a sentence for the person", examples=["There is no such video in your Vault."])
    field: str | None = Field(default=None, description="what in the request is meant")
    kept: int | None = Field(default=None, description="credits that a cancellation keeps", examples=[None])


class Problem(HTTPException):
    """An error that is answered as it stands.

    Args:
        status: The HTTP status.
        code: Stable, for programs.
        detail: A sentence for the person.
        field: What in the request is meant.
        headers: Further headers, such as Retry-After.
        kept: Credits that must be accepted as kept.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        kept: int | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code
        self.field = field
        self.kept = kept

    def response(self) -> Response:
        """The HTTP answer."""
        body = ProblemBody(
            type=f"urn:echonos:problem:{self.code}",
            title=TITLES.get(self.status_code, "Error"),
            status=self.status_code,
            code=self.code,
            detail=str(self.detail),
            field=self.field,
            kept=self.kept,
        )
        text = body.model_dump_json(exclude_none=True)
        return Response(text, self.status_code, {**(self.headers or {}), "Cache-Control": "no-store"}, MEDIA_TYPE)


def not_found(what: str = "There is nothing here under this address.") -> Problem:
    """It does not exist, or it is somebody else's: nobody learns which."""
    return Problem(404, "not_found", what)


def too_often(wait_s: float) -> Problem:
    """A limit is passed."""
    minutes = math.ceil(wait_s / 60)
    when = "in a minute" if minutes <= 1 else f"in {minutes} minutes"
    detail = f"That was too often: try again {when}."
    return Problem(429, "too_often", detail, headers={"Retry-After": str(math.ceil(wait_s))})


def too_long() -> Problem:
    """The headers are larger than anything honest."""
    return Problem(431, "headers_too_large", "The headers of this request are too large: delete this site's cookies.")


def unavailable(
    detail: str = "A part of Echonos does not answer now; nothing is lost. Try again in a moment.",
) -> Problem:
    """Temporal, the database or another part is away."""
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def problem_of(error: Exception) -> Problem:
    """Any exception as a problem; what is unexpected tells nothing of itself."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _invalid(error)
        case InvalidInput(code="too_many_stops"):
            return Problem(429, error.code, error.message, headers={"Retry-After": str(STOPS_RETRY_AFTER_S)})
        case InvalidInput():
            return Problem(400 if error.code in _NO_EVENT else 422, error.code, error.message)
        case InsufficientCredits() | StartRefused():
            status, code = _REFUSALS[type(error)]
            return Problem(status, code, error.message)
        case RateLimited():
            return too_often(error.delay_s or 60)
        case ProviderUnavailable() | NoServer():
            return unavailable()
        case RPCError():
            return not_found() if error.status is RPCStatusCode.NOT_FOUND else unavailable()
        case HTTPException():
            code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "bad_request")
            return Problem(error.status_code, code, _plain(error), headers=error.headers)
        case EchonosError():
            return Problem(500, "our_mistake", "Something is set up wrongly on our side; we have been told.")
        case _ if isinstance(error, RuntimeError) and str(error).startswith(_NOT_CONNECTED):
            return unavailable()
        case _:
            return Problem(500, "our_mistake", "Something went wrong on our side; we have been told.")


def log_failure(scope: Mapping[str, Any], error: Exception) -> None:
    """One line about what is our fault: the type and the place, not the text, which may repeat prompts or addresses."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    place = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    route = getattr(scope.get("route"), "path", "")
    log.error("request failed", route=route, error=type(error).__name__, place=place)


def _plain(error: HTTPException) -> str:
    sentences = {404: "There is nothing here under this address.", 405: "This address does not take that method."}
    return sentences.get(error.status_code, "This request cannot be understood.")


def _invalid(error: RequestValidationError) -> Problem:
    first: dict[str, Any] = error.errors()[0]
    place, *path = [str(part) for part in first["loc"]] or ["body"]
    if first["type"] == "json_invalid":
        return Problem(422, "invalid_json", "The body is not valid JSON.", field="body")
    field = ".".join(path) or place
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(422, "invalid", f"{field}: {message}.", field=field)
