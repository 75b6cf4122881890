"""Checks whether a key works at Anthropic, by asking about models, which is free."""

from collections.abc import Iterable

import anthropic
import httpx2

from engines.providers.anthropic.failures import translated
from models.failures import Misconfigured

TIMEOUT_S = 10.0


def reach(api_key: str, base_url: str, models: Iterable[str]) -> None:
    """Look every model up.

    Args:
        api_key: The account's key.
        base_url: The API's URL.
        models: The models in use.

    Raises:
        Misconfigured: The key is refused, or a model is unknown or retired.
        RateLimited, ProviderUnavailable: Anthropic does not answer now.
    """
    with anthropic.Anthropic(api_key=api_key, base_url=base_url, max_retries=0, timeout=TIMEOUT_S) as client:
        for model in models:
            try:
                found = client.models.retrieve(model)
            except (anthropic.AnthropicError, httpx2.HTTPError) as error:
                failure = translated(error, model)
                if failure is None:
                    raise
                raise failure from error
            if found.lifecycle == "retired":
                raise Misconfigured(f"Anthropic has retired the model {model}: set ECHONOS_DIRECTING__…__MODEL.")
