"""The delay that a provider asks for."""

import math
from collections.abc import Mapping

LONGEST_DELAY_S = 300.0
"""Longer delays are not kept: the artist should learn that something is wrong."""


def asked_delay_s(headers: Mapping[str, str]) -> float | None:
    """The delay in `Retry-After`, in seconds; None without a sensible one.

    Args:
        headers: The answer's headers; a case-insensitive mapping, or with lower-case names.
    """
    try:
        wish_s = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(LONGEST_DELAY_S, max(0.0, wish_s)) if math.isfinite(wish_s) else None
