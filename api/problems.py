"""Errors as RFC 9457 problems: a stable code for programs, a sentence for the artist, and the field concerned."""

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

from models.base import Model
from models.failures import (
    Conflict,
    DiskFull,
    EchonosError,
    InsufficientCredits,
    InvalidInput,
    Misconfigured,
    NoServer,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ProviderUnavailable,
    RateLimited,
    StartRefused,
)
from models.measures import ERRORS, failure_label, report
from services.failures import translated

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 3
FULL_DISK_RETRY_AFTER_S = 300
STOPS_RETRY_AFTER_S = 3600
"""After too many free cancellations; the sentence contains the time."""
_BY_CODE = {
    "bad_event": 400,
    "bad_signature": 400,
    "too_big": 413,
    "storage_full": 413,
    "unknown_type": 415,
    "aiff": 415,
}
"""Statuses of unusable input by code: unsigned webhooks, and refused files."""

TITLES: dict[int, str] = {
    400: "The request is malformed",
    401: "Log in first",
    402: "Not enough credits",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    408: "Too slow",
    409: "Not possible now",
    413: "Too large",
    415: "Unsupported type",
    416: "No such range",
    422: "The request is invalid",
    429: "Too often",
    431: "Headers too large",
    500: "Our mistake",
    503: "Not available now",
}


_REFUSALS: dict[type[EchonosError], tuple[int, str]] = {
    InsufficientCredits: (402, "insufficient_credits"),
    StartRefused: (409, "start_refused"),
}


_STATUSES: dict[type[InvalidInput], int] = {NotSignedIn: 401, NotAllowed: 403, NotFound: 404, Conflict: 409}
"""Statuses of kinds of unusable input; others are 422."""


class ProblemBody(Model):
    """The body of every error."""

    type: str = Field(description="`urn:echonos:problem:` and the code", examples=["urn:echonos:problem:not_found"])
    title: str = Field(description="the kind of error, the same for every error of a status")
    status: int = Field(examples=[404])
    code: str = Field(description="stable, for programs", examples=["not_found"])
    detail: str = Field(description="a sentence for the person", examples=["There is no such video in your Vault."])
    field: str | None = Field(default=None, description="the part of the request that is wrong")
    kept: int | None = Field(default=None, description="credits that a cancellation keeps", examples=[None])
    revision: int | None = Field(
        default=None, description="with `board_moved`: the storyboard's newest revision", examples=[None]
    )


class Problem(HTTPException):
    """An error with its HTTP answer.

    Args:
        code: Stable, for programs.
        detail: A sentence for the person.
        field: The part of the request that is wrong.
        kept: Credits that must be accepted as kept.
        revision: The newest revision of a storyboard.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        field: str | None = None,
        headers: Mapping[str, str] | None = None,
        kept: int | None = None,
        revision: int | None = None,
    ) -> None:
        super().__init__(status, detail, dict(headers or {}))
        self.code = code
        self.field = field
        self.kept = kept
        self.revision = revision

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
            revision=self.revision,
        )
        text = body.model_dump_json(exclude_none=True)
        return Response(text, self.status_code, {**(self.headers or {}), "Cache-Control": "no-store"}, MEDIA_TYPE)


def not_found(what: str = "There is nothing here under this address.") -> Problem:
    """404 for missing and for other accounts' things alike, so that existence is not revealed."""
    return Problem(404, "not_found", what)


def too_often(wait_s: float) -> Problem:
    """A rate limit is exceeded."""
    minutes = math.ceil(wait_s / 60)
    when = "in a minute" if minutes <= 1 else f"in {minutes} minutes"
    detail = f"That was too often: try again {when}."
    return Problem(429, "too_often", detail, headers={"Retry-After": str(math.ceil(wait_s))})


def too_long() -> Problem:
    """The headers exceed their limit."""
    return Problem(431, "headers_too_large", "The headers of this request are too large: delete this site's cookies.")


def unavailable(
    detail: str = "A part of Echonos does not answer now; nothing is lost. Try again in a moment.",
) -> Problem:
    """Temporal, the database or another part does not answer."""
    return Problem(503, "unavailable", detail, headers={"Retry-After": str(RETRY_AFTER_S)})


def problem_of(error: Exception) -> Problem:
    """Any exception as a problem; unexpected ones reveal nothing."""
    match translated(error) or error:
        case Problem() as problem:
            return problem
        case RequestValidationError() as invalid:
            return _invalid(invalid)
        case InvalidInput(code="too_many_stops") as failure:
            return Problem(429, failure.code, failure.message, headers={"Retry-After": str(STOPS_RETRY_AFTER_S)})
        case InvalidInput() as failure:
            kind = next((status for kind, status in _STATUSES.items() if isinstance(failure, kind)), 422)
            return Problem(_BY_CODE.get(failure.code, kind), failure.code, failure.message, failure.field)
        case InsufficientCredits() | StartRefused() as failure:
            status, code = _REFUSALS[type(failure)]
            return Problem(status, code, failure.message)
        case RateLimited() as limited:
            return too_often(limited.delay_s or 60)
        case DiskFull() as full:
            return Problem(503, "disk_full", full.message, headers={"Retry-After": str(FULL_DISK_RETRY_AFTER_S)})
        case ProviderUnavailable() | NoServer():
            return unavailable()
        case HTTPException() as refused:
            code = {404: "not_found", 405: "method_not_allowed"}.get(refused.status_code, "bad_request")
            return Problem(refused.status_code, code, _plain(refused), headers=refused.headers)
        case Misconfigured():
            return Problem(500, "our_mistake", "Echonos is configured wrongly; we have been notified.")
        case _:
            return Problem(500, "our_mistake", "Something went wrong on our side; we have been notified.")


def log_failure(scope: Mapping[str, Any], error: Exception) -> None:
    """Log one line about an internal error: type and place, not the text, which may contain prompts or addresses."""
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    place = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in frames]
    route = getattr(scope.get("route"), "path", "")
    report(ERRORS, where="api", type=failure_label(type(error).__name__))
    log.error("request failed", route=route, error=type(error).__name__, place=place)


def _plain(error: HTTPException) -> str:
    sentences = {404: "There is nothing here under this address.", 405: "This address does not take that method."}
    return sentences.get(error.status_code, "This request is malformed.")


def _invalid(error: RequestValidationError) -> Problem:
    first: dict[str, Any] = error.errors()[0]
    place, *path = [str(part) for part in first["loc"]] or ["body"]
    if first["type"] == "json_invalid":
        return Problem(422, "invalid_json", "The body is not valid JSON.", field="body")
    field = ".".join(path) or place
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    return Problem(422, "invalid", f"{field}: {message}.", field=field)
