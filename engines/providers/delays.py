"""How long a provider asks us to wait."""

import math
from collections.abc import Mapping

LONGEST_DELAY_S = 300.0
"""A longer wish is not kept: whoever waits should hear that something is wrong."""


def asked_delay_s(headers: Mapping[str, str]) -> float | None:
    """The wish in `Retry-After`, in seconds; None where there is none that makes sense.

    Args:
        headers: Of the answer; a mapping that ignores case, or with lower-case names.
    """
    try:
        wish_s = float(headers.get("retry-after", ""))
    except ValueError:
        return None
    return min(LONGEST_DELAY_S, max(0.0, wish_s)) if math.isfinite(wish_s) else None
