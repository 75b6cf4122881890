"""The meaning of fal's answers: one table from error types to verdicts, for polls and webhooks alike.

The queue shows a failed job as completed; only its result says that it failed, with the model's own HTTP status and a
list of typed problems. Sources: fal's "Model Errors", "Request Error Types" and FAQ (docs/providers.md).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from engines.providers.delays import asked_delay_s
from models.failures import ContentRefused, EchonosError, JobFailed, Misconfigured, ProviderUnavailable, RateLimited
from models.paid_media import Billing, PieceKind, Remedy

ASK_AGAIN = "A retry asks again."
BILLING_PAGE = "https://fal.ai/dashboard/billing"
MESSAGE_CHARS = 160
SAID_CHARS = 80
MOST_URL_CHARS = 8_000
MOST_PROBLEMS = 20


class Kind(Enum):
    """`REFUSED`: rewrite. `FAILED`: buy again, with a remedy if there is one. `PASSING`: buy again later."""

    REFUSED = "refused"
    FAILED = "failed"
    PASSING = "passing"


@dataclass(frozen=True)
class Verdict:
    """The meaning of an error type.

    Attributes:
        kind: The reaction.
        remedy: The change for the next purchase.
    """

    kind: Kind
    remedy: Remedy = Remedy.NONE


REFUSED = Verdict(Kind.REFUSED)
FAILED = Verdict(Kind.FAILED)
PASSING = Verdict(Kind.PASSING, Remedy.LATER)

VERDICTS: dict[str, Verdict] = {
    "content_policy_violation": REFUSED,
    "no_media_generated": REFUSED,
    "partner_validation_failed": REFUSED,
    "image_load_error": Verdict(Kind.FAILED, Remedy.INLINE),
    "file_download_error": Verdict(Kind.FAILED, Remedy.INLINE),
    "unsupported_image_format": Verdict(Kind.FAILED, Remedy.INLINE),
    "image_too_small": Verdict(Kind.FAILED, Remedy.LARGER),
    "face_detection_error": Verdict(Kind.FAILED, Remedy.LARGER),
    "image_too_large": Verdict(Kind.FAILED, Remedy.SMALLER),
    "file_too_large": Verdict(Kind.FAILED, Remedy.SMALLER),
    "internal_server_error": PASSING,
    "downstream_service_error": PASSING,
    "downstream_service_unavailable": PASSING,
    "generation_timeout": PASSING,
    "startup_timeout": PASSING,
    "request_timeout": PASSING,
    "runner_scheduling_failure": PASSING,
    "runner_connection_timeout": PASSING,
    "runner_disconnected": PASSING,
    "runner_connection_refused": PASSING,
    "runner_connection_error": PASSING,
    "runner_incomplete_response": PASSING,
    "runner_server_error": PASSING,
    "internal_error": PASSING,
    "client_cancelled": FAILED,
    "client_disconnected": FAILED,
    "bad_request": FAILED,
}
"""By fal's type. Other types are judged by status and place, see `verdict_on`."""

INFRASTRUCTURE = frozenset(
    name for name in VERDICTS if name.startswith(("runner_", "internal_")) or name.endswith("_timeout")
)
"""Errors with a documented status of 500 or above: never billed, even if a webhook names no status."""

_OF_ANYBODY = frozenset({"internal_error", "internal_server_error"})

_PASSING_STATUSES = frozenset({401, 403, 408, 425, 429})
"""Types about a model's own service, inside a result: its key, its quota. Our key was good enough to ask."""

_REFUSED_TYPE = re.compile(r"content_policy|moderat|nsfw|safety_violation|risk_control")
_REFUSED_WORDS = re.compile(r"risk control|content polic|content moderation|flagged (by|as)|prohibited content", re.I)
"""For models whose refusals have no type of their own (Kling's risk control), and for plain text bodies."""

_ERROR_KEYS = frozenset({"detail", "error", "error_type"})
_TOO_LONG = frozenset({"string_too_long", "too_long", "value_error.any_str.max_length"})
_STILL_RUNNING = re.compile(r"(still )?(in progress|in queue|is not complete)", re.I)
_LOCKED = re.compile(r"user is locked|exhausted balance|top.?up|insufficient (balance|funds|credit)", re.I)
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]+")


@dataclass(frozen=True)
class Problem:
    """One entry of an error's `detail`: `place` is its `loc`, joined with dots."""

    type: str
    place: str
    words: str


def problems_of(answer: Any, headers: Mapping[str, str] | None = None) -> list[Problem]:
    """The typed problems of an error body in any form: a list, one problem, an `error_type`, or only words."""
    named = _text((headers or {}).get("x-fal-error-type", ""), SAID_CHARS)
    if not isinstance(answer, dict):
        return [Problem(named, "", _text(answer, MESSAGE_CHARS))] if named or answer else []
    detail = answer.get("detail", answer.get("error", answer.get("message")))
    if isinstance(detail, dict):
        detail = [detail]
    if isinstance(detail, list):
        found = [_problem(one) for one in detail[:MOST_PROBLEMS]]
        return [Problem(one.type or named, one.place, one.words) for one in found]
    kind = _text(answer.get("error_type") or answer.get("type") or "", SAID_CHARS) or named
    return [Problem(kind, "", _text(detail, MESSAGE_CHARS))] if kind or detail else []


def verdict_on(status: int | None, problems: list[Problem]) -> Verdict:
    """The verdict on a job that ended with an error.

    Args:
        status: The model's HTTP status; None if a webhook names none.
        problems: The problems in the body.

    Returns:
        The decisive one of several problems: a refusal, else a wrong input, else a temporary one.
    """
    verdicts = [_judged(status, problem) for problem in problems] or [_by_status(status)]
    return min(verdicts, key=lambda verdict: (list(Kind).index(verdict.kind), verdict.remedy is Remedy.NONE))


def _judged(status: int | None, problem: Problem) -> Verdict:
    known = VERDICTS.get(problem.type)
    if known is not None:
        return known
    if _REFUSED_TYPE.search(problem.type):
        return REFUSED
    if problem.type in _TOO_LONG and "prompt" in problem.place:
        return REFUSED
    if status is None or status < 500:
        if _REFUSED_WORDS.search(problem.words):
            return REFUSED
        if "image" in problem.place or "image" in problem.type:
            return Verdict(Kind.FAILED, Remedy.INLINE)
    return _by_status(status)


def _by_status(status: int | None) -> Verdict:
    return PASSING if status is not None and (status >= 500 or status in _PASSING_STATUSES) else FAILED


def billing_of(status: int | None, problems: list[Problem]) -> Billing:
    """Whether a failed job is on the bill: 5xx never is, success always, anything else may be."""
    if status is not None:
        return Billing.FREE if status >= 500 else Billing.CERTAIN if status < 300 else Billing.POSSIBLE
    return Billing.FREE if problems and all(one.type in INFRASTRUCTURE for one in problems) else Billing.POSSIBLE


def read_answer(status: int | None, headers: Mapping[str, str], body: bytes, kind: PieceKind) -> str:
    """The media's URL from a job's answer: the one function for polls and webhooks.

    Args:
        status: The HTTP answer's status; None for a webhook.
        headers: The HTTP answer's headers, with lower-case names or case-insensitive.
        body: JSON; for a failed job's webhook, with its `status_code`.
        kind: The kind of piece bought.

    Returns:
        The URL.

    Raises:
        ContentRefused: A policy refused it.
        JobFailed: The job failed.
        ProviderUnavailable: This is not an answer about the job; ask again.
    """
    answer = parsed(body)
    told = status is None
    if told and isinstance(answer, dict) and set(answer) == {"status_code", "payload"}:
        status, answer = answer["status_code"], answer["payload"]
        if type(status) is not int or not 100 <= status < 600:  # an error of no known status
            raise ended(None, problems_of(answer, headers), kind)
    if status is None or status < 300:
        url = _url(answer, kind)
        if url is not None:
            return url
    problems = problems_of(answer, headers)
    if not told and status is not None and not _is_about_the_job(status, headers, answer):
        raise ProviderUnavailable(
            f"fal answered {status} to a question about a job. {ASK_AGAIN}", asked_delay_s(headers)
        )
    if not told and status == 404 and not _is_typed(answer):
        sentence = "fal no longer has this job's result: it was made, is billed, and is lost. A retry buys it again."
        raise JobFailed(sentence, "404", Billing.CERTAIN)
    if status is None and not (isinstance(answer, dict) and answer.keys() & _ERROR_KEYS):
        status = 200  # a payload without media and without an error
    raise ended(status, problems, kind)


def ended(status: int | None, problems: list[Problem], kind: PieceKind) -> EchonosError:
    """A job's end without a piece, as one of our failures.

    Args:
        status: As for `verdict_on`.
        problems: The problems in the body.
        kind: The kind of piece bought.

    Returns:
        The failure to raise: `ContentRefused` or `JobFailed`.
    """
    verdict, billing = verdict_on(status, problems), billing_of(status, problems)
    said = said_of(status, problems)
    words = "; ".join(one.words for one in problems if one.words)[:MESSAGE_CHARS]
    if verdict.kind is Kind.REFUSED:
        return ContentRefused(f"fal refused the prompt ({said}): {words}", said, billing)
    if not problems:
        words = f"the job made no {kind.value}"
    if verdict.kind is Kind.PASSING:
        sentence = f"The model at fal is in trouble ({said}): {words}. A retry buys the piece again, once this is over."
        return JobFailed(sentence, said, billing, Remedy.LATER)
    hint = "A retry buys it again; if this stays, choose another model, or give the run up."
    return JobFailed(f"The job failed at fal ({said}): {words}. {hint}", said, billing, verdict.remedy)


def said_of(status: int | None, problems: list[Problem]) -> str:
    """The raw types and the status, for support: `image_too_small 422`."""
    types = dict.fromkeys(one.type for one in problems if one.type)
    return " ".join([*types, *([str(status)] if status is not None else [])])[:SAID_CHARS] or "no type"


def refused_request(status: int, headers: Mapping[str, str], body: bytes, kind: PieceKind) -> EchonosError:
    """A submission that fal itself refused, so that there is no job.

    Returns:
        The failure to raise.
    """
    answer = parsed(body)
    problems, delay_s = problems_of(answer, headers), asked_delay_s(headers)
    if status == 429:
        return RateLimited(f"fal asks to slow down. {ASK_AGAIN}", delay_s)
    if is_account_trouble(status, answer):
        return account_trouble(status, answer)
    if status >= 500:
        return ProviderUnavailable(f"fal answered {status}: {_words(problems)}. {ASK_AGAIN}", delay_s)
    return ended(status, problems, kind)


def is_account_trouble(status: int, answer: Any) -> bool:
    """Whether an answer of fal's own gateway concerns our key or balance. Never applied to a model's result."""
    return status in (401, 402, 403) and not _is_typed(answer)


def is_locked(answer: Any) -> bool:
    """Whether fal says, in its own sentence, that our account is locked."""
    return not _is_typed(answer) and _LOCKED.search(_words(problems_of(answer))) is not None


def account_trouble(status: int, answer: Any) -> Misconfigured:
    """The trouble with our account, and what a person can do about it."""
    words = _words(problems_of(answer))
    if status == 402 or is_locked(answer):
        return Misconfigured(f"fal has locked our account: {words} Top it up at {BILLING_PAGE}, then retry.")
    return Misconfigured(
        f"fal refuses the key ({status}): {words} Set FAL_KEY to one that works, and look whether its balance is used "
        f"up: {BILLING_PAGE}."
    )


def is_of_fal(headers: Mapping[str, str], body: bytes) -> bool:
    """Whether fal itself wrote an error, and not a proxy between us and it."""
    answer = parsed(body)
    named = isinstance(answer, dict) and answer.get("error_type")
    return bool(headers.get("x-fal-error-type") or named or _is_typed(answer))


def parsed(body: bytes) -> Any:
    """JSON, or the body as text if it is not JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body[: 4 * MESSAGE_CHARS].decode("utf-8", "replace")


def _is_about_the_job(status: int, headers: Mapping[str, str], answer: Any) -> bool:
    """Whether a result's status is the job's own, not that of a gateway that cannot reach it now."""
    if status == 400 and not _is_typed(answer) and _STILL_RUNNING.search(_words(problems_of(answer))):
        return False
    if status < 500 and not 300 <= status < 400:
        return True
    # 5xx: with the request's id, a list of problems, or a runner's type it is the job's. `internal_error` alone is also
    # the queue's answer to its own failure, while the job is fine.
    named = headers.get("x-fal-error-type") or (answer.get("error_type") if isinstance(answer, dict) else None)
    is_runners = isinstance(named, str) and named in INFRASTRUCTURE - _OF_ANYBODY
    return bool(headers.get("x-fal-request-id") or _is_typed(answer) or is_runners)


def _is_typed(answer: Any) -> bool:
    return isinstance(answer, dict) and isinstance(answer.get("detail"), list | dict)


def _problem(one: Any) -> Problem:
    if not isinstance(one, dict):
        return Problem("", "", _text(one, MESSAGE_CHARS))
    place = one.get("loc")
    parts = place if isinstance(place, list) else [place]
    joined = ".".join(_text(part, SAID_CHARS) for part in parts[:MOST_PROBLEMS] if part is not None)
    return Problem(_text(one.get("type"), SAID_CHARS), joined, _text(one.get("msg"), MESSAGE_CHARS))


def _words(problems: list[Problem]) -> str:
    return "; ".join(one.words for one in problems)[:MESSAGE_CHARS]


def _text(value: Any, most_chars: int) -> str:
    """A value as short printable text, without characters that cannot be stored or shown."""
    if value is None or isinstance(value, dict | list):
        return ""
    return _UNPRINTABLE.sub(" ", str(value)[: 4 * most_chars])[:most_chars].strip()


def _url(answer: Any, kind: PieceKind) -> str | None:
    if not isinstance(answer, dict):
        return None
    names = ("video", "videos") if kind is PieceKind.CLIP else ("images", "image")
    for name in names:
        media = answer.get(name)
        for one in media[:MOST_PROBLEMS] if isinstance(media, list) else [media]:
            url = one.get("url") if isinstance(one, dict) else one
            if isinstance(url, str) and 0 < len(url) <= MOST_URL_CHARS:
                return url
    return None
