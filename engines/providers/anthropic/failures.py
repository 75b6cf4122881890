"""Anthropic's failures as our own; each sentence says what a person can do.

Source: https://platform.claude.com/docs/en/api/errors (seen on 2026-11-28), and what users report. One error type has
many meanings: a 400 `invalid_request_error` may be our mistake, an empty account, a spend limit, or the content filter.
"""

import re

import anthropic
import httpx2

from engines.providers.delays import asked_delay_s
from models.failures import ContentRefused, EchonosError, Misconfigured, ProviderUnavailable, RateLimited

_OVERLOADED = frozenset({"overloaded_error", "api_error", "timeout_error"})
_FILTER = re.compile(r"content[\s_-]*filter|blocked by (?:\w+ )?content", re.IGNORECASE)
_MONEY = re.compile(
    r"credit balance|purchase credits|(?:usage|spend|spending)[\s_-]+limit|insufficient (?:credit|fund)", re.IGNORECASE
)
_MARKUP = re.compile(r"<\s*(?:!doctype|html|head|body)\b", re.IGNORECASE)
_DETAIL_MAX_CHARS = 140

LATER = "Retry later (status.claude.com says how Anthropic is), or unset ANTHROPIC_API_KEY to direct locally."
_BY_SETTINGS = (
    "Set ECHONOS_DIRECTING__…__MODEL, …__EFFORT or …__MAX_TOKENS to what it takes, "
    "or unset ANTHROPIC_API_KEY to direct locally; then retry."
)
_BY_ADDRESS = "Check ANTHROPIC_BASE_URL and what stands between (proxy, gateway); then retry."


class ContentFiltered(ContentRefused):
    """Anthropic's filter stopped an answer, which also happens to harmless text: the brief itself is not declined."""


def unreadable(what: str) -> ProviderUnavailable:
    """An unusable answer: malformed, truncated, or from something between us and Anthropic."""
    return ProviderUnavailable(f"Anthropic {what}. {LATER}")


def translated(error: Exception, model: str) -> EchonosError | None:
    """Our own failure for a call's exception.

    Args:
        error: From the SDK, or from the connection beneath it while an answer streams in.
        model: The model of the call.

    Returns:
        The failure to raise; None if the exception is a defect in our code and must stay as it is.
    """
    if isinstance(error, EchonosError):
        return error
    if isinstance(error, TimeoutError | anthropic.APITimeoutError | httpx2.TimeoutException):
        return unreadable("did not answer in time")
    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error, model)
    if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError | httpx2.InvalidURL):
        return ProviderUnavailable(f"Anthropic cannot be reached: the connection failed. {_BY_ADDRESS}")
    if isinstance(error, anthropic.APIError):
        return unreadable("sent an answer that cannot be read")
    if isinstance(error, anthropic.AnthropicError):
        return Misconfigured(f"The key for Anthropic cannot be used. Set ANTHROPIC_API_KEY to one that works; {LATER}")
    return None


def _of_status(error: anthropic.APIStatusError, model: str) -> EchonosError:
    # A stream that fails after its start reports the failure in an event: the status is still 200.
    kind = error.type if isinstance(error.type, str) else ""
    message = error.api_message if isinstance(error.api_message, str) else ""
    status, words = error.status_code, f"{message} {error.error_code or ''}"
    detail = _detail(message)
    delay_s = asked_delay_s(error.response.headers)
    if status < 500 and _FILTER.search(words):
        return ContentFiltered("Anthropic's content filter stopped the answer.")
    if status == 402 or kind == "billing_error" or (status < 500 and _MONEY.search(words)):
        return Misconfigured(
            f"Anthropic wants to be paid: {detail} Top up that account or raise its limit at "
            "platform.claude.com/settings/billing, then retry."
        )
    if status == 429 or kind == "rate_limit_error":
        return RateLimited(f"Anthropic asks us to slow down. {LATER}", delay_s)
    if status >= 500 or status == 408 or kind in _OVERLOADED:
        return ProviderUnavailable(
            f"Anthropic answers {status if status >= 400 else kind}; it may pass. {LATER}", delay_s
        )
    if not kind and not 200 <= status < 300:
        return Misconfigured(f"{status} was answered on the way to Anthropic, and not by it: {detail} {_BY_ADDRESS}")
    if status in (401, 403) or kind in ("authentication_error", "permission_error"):
        return Misconfigured(
            f"Anthropic refuses the key ({status}): {detail} Set ANTHROPIC_API_KEY to a key that works, then retry."
        )
    if kind == "not_found_error":
        return Misconfigured(f"Anthropic does not know the model {model}: set ECHONOS_DIRECTING__…__MODEL, then retry.")
    return Misconfigured(f"Anthropic does not accept our request ({status}): {detail} {_BY_SETTINGS}")


def _detail(message: str) -> str:
    """The provider's own words, as far as they are text."""
    line = " ".join(message.split())
    if not line or _MARKUP.search(line):
        return "no reason given."
    return f"{line[:_DETAIL_MAX_CHARS].rstrip('. ')}."
