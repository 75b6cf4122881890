"""How much a test tries: little in every run, all of it with FULL=1 in the environment."""

import os

FULL = os.environ.get("FULL") == "1"


def examples(count: int) -> int:
    """How many examples a property is tried with: `count` of them with FULL=1, a fifth otherwise."""
    return count if FULL else max(3, count // 5)
