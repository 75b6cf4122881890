"""An answer's token limit for the available time, and the time-out for a token limit.

Thinking counts: with a token limit that no model can reach before the time-out, each long answer would end in a
time-out, which is paid for and brings nothing. So both are chosen together, for every call.
"""

from models.claude_models import claude_model

BEGIN_S = 20.0
"""Time until an answer begins: the provider's queue, and reading the prompt."""

LEAST_CALL_S = 150.0
"""The least time of a call, unless settings or the step's end demand less: providers have slow minutes."""

LEAST_TOKENS = 256
LONGEST_TOKENS = 64_000
"""The most tokens that a finished answer ever needed."""


def time_for(model: str, max_tokens: int, most_s: float) -> float:
    """The time-out of a call, in seconds.

    Args:
        model: The model to ask.
        max_tokens: The answer's token limit.
        most_s: The longest time-out.
    """
    return min(most_s, max(LEAST_CALL_S, BEGIN_S + max_tokens / claude_model(model).tokens_per_s))


def tokens_in(model: str, seconds: float) -> int:
    """The tokens that a model writes in a call of this many seconds, within its own limit."""
    row = claude_model(model)
    return max(LEAST_TOKENS, min(row.most_output_tokens, int((seconds - BEGIN_S) * row.tokens_per_s)))
