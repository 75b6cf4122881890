"""What fal's answers mean. A failed job looks completed in the queue: only its result says that it failed."""

import json
from collections.abc import Mapping
from typing import Any

from fal_client.client import FalClientHTTPError

from engines.providers.delays import asked_delay_s
from models.failures import ContentRefused, EchonosError, JobFailed, Misconfigured, ProviderUnavailable, RateLimited
from models.paid_media import PieceKind

MESSAGE_CHARS = 200
REFUSED_KEY = "fal refuses the key: set FAL_KEY to one that works, and look whether its balance is used up."


def failure_of(error: FalClientHTTPError, *, asking: bool = False) -> EchonosError:
    """A refused request in the house's words.

    Args:
        error: The client's.
        asking: It was a question about a job, not a submission.

    Returns:
        What to raise.
    """
    body, delay_s = error.response.content, asked_delay_s(error.response.headers)
    if error.status_code == 429:
        return RateLimited("fal asks to slow down", delay_s)
    if error.status_code in (401, 403):
        return Misconfigured(REFUSED_KEY)
    if error.status_code >= 500 or asking:
        return ProviderUnavailable(f"fal answered {error.status_code}: {_words(_parsed(body))}", delay_s)
    return _refused(_parsed(body))


def read_answer(status: int | None, headers: Mapping[str, str], body: bytes, kind: PieceKind) -> str:
    """The media's URL out of a job's answer.

    Args:
        status: Of the HTTP answer; None for what a webhook brought.
        headers: Of the HTTP answer.
        body: JSON.
        kind: What was bought.

    Returns:
        The URL.

    Raises:
        ContentRefused: A policy said no.
        JobFailed: It came to nothing.
        ProviderUnavailable: This is no answer about the job; ask again.
    """
    answer = _parsed(body)
    if status is not None and status >= 500 and not (headers.get("x-fal-request-id") or _is_detail(answer)):
        raise ProviderUnavailable(f"fal answered {status}", asked_delay_s(headers))
    if status == 422 or (status is None and _is_detail(answer)):
        raise _refused(answer)
    if status is not None and status >= 400:
        raise JobFailed(f"the job failed at fal with {status}: {_words(answer)}")
    url = _url(answer, kind)
    if url is None:
        raise JobFailed(f"the job made no {kind.value}: {_words(answer)}")
    return url


def _refused(answer: Any) -> EchonosError:
    """A 422 is about the request: the prompt or the picture can be refused, anything else is our mistake."""
    problems = answer.get("detail") if isinstance(answer, dict) else None
    words = _words(answer)
    for problem in problems if isinstance(problems, list) else []:
        place = problem.get("loc") or [] if isinstance(problem, dict) else []
        name = str(problem.get("type", "")) if isinstance(problem, dict) else ""
        if "policy" in name or "moderat" in name or "prompt" in place:
            return ContentRefused(f"fal refused the prompt: {words}")
        if "download" in name or "timeout" in name:
            return JobFailed(f"fal could not read the picture: {words}")
    if any(word in words.lower() for word in ("policy", "moderation", "flagged", "nsfw", "safety")):
        return ContentRefused(f"fal refused the prompt: {words}")
    return Misconfigured(f"fal does not take the request: {words}")


def _is_detail(answer: Any) -> bool:
    return isinstance(answer, dict) and isinstance(answer.get("detail"), list)


def _url(answer: Any, kind: PieceKind) -> str | None:
    if not isinstance(answer, dict):
        return None
    media = answer.get("video") if kind is PieceKind.CLIP else answer.get("images") or answer.get("image")
    if isinstance(media, list):
        media = media[0] if media else None
    url = media.get("url") if isinstance(media, dict) else media
    return url if isinstance(url, str) and url else None


def _parsed(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode("utf-8", "replace")


def _words(answer: Any) -> str:
    detail = answer.get("detail", answer) if isinstance(answer, dict) else answer
    if isinstance(detail, list):
        detail = "; ".join(str(one.get("msg", one)) if isinstance(one, dict) else str(one) for one in detail)
    return str(detail)[:MESSAGE_CHARS]
