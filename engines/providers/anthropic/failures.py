"""Anthropic's failures in the words of the house."""

import anthropic
import httpx2

from engines.providers.delays import asked_delay_s
from models.failures import EchonosError, Misconfigured, ProviderUnavailable, RateLimited

_OVERLOADED = frozenset({"overloaded_error", "api_error", "timeout_error"})
_DETAIL_MAX_CHARS = 160


def translated(error: Exception, model: str) -> EchonosError | None:
    """What a failure of a call means for the step that made it.

    Args:
        error: From the SDK, or from the connection beneath it while an answer streams in.
        model: That was asked.

    Returns:
        The failure to raise; None where the exception is a defect of ours and should stay what it is.
    """
    if isinstance(error, TimeoutError | anthropic.APITimeoutError | httpx2.TimeoutException):
        return ProviderUnavailable("Anthropic did not answer in time.")
    if isinstance(error, anthropic.APIStatusError):
        return _of_status(error, model)
    if isinstance(error, anthropic.APIConnectionError | httpx2.HTTPError):
        return ProviderUnavailable("Anthropic cannot be reached: the connection failed.")
    return None


def _of_status(error: anthropic.APIStatusError, model: str) -> EchonosError:
    # A stream that fails after it has begun carries its failure in an event: the status is still 200.
    kind, status = error.type, error.status_code
    detail = f"{(error.api_message or 'no reason given')[:_DETAIL_MAX_CHARS].rstrip('. ')}."
    delay_s = asked_delay_s(error.response.headers)
    if status == 429 or kind == "rate_limit_error":
        return RateLimited("Anthropic asks us to slow down.", delay_s)
    if status in (401, 403):
        return Misconfigured(
            f"Anthropic refuses the key ({status}): {detail} Set ANTHROPIC_API_KEY to a key that works, then retry."
        )
    if status == 402 or kind == "billing_error":
        return Misconfigured(f"Anthropic wants to be paid: {detail} Top up that account, then retry.")
    if status == 404:
        return Misconfigured(f"Anthropic does not know the model {model}: set ECHONOS_DIRECTING__…__MODEL, then retry.")
    if status >= 500 or status == 408 or kind in _OVERLOADED:
        return ProviderUnavailable(f"Anthropic answers {status if status >= 400 else kind}; it may pass.", delay_s)
    return Misconfigured(f"Anthropic does not accept our request ({status}): {detail}")
