"""How many tokens an answer may have in the time that is there, and how long an answer of so many tokens may take.

Thinking counts: a limit of tokens that no model can write before the call's time-out would turn each long answer into
a time-out, which is paid for and brings nothing. So the two are chosen together, for every call.
"""

from models.claude_models import claude_model

BEGIN_S = 20.0
"""Until an answer begins: the queue at the provider, and reading the prompt."""

LEAST_CALL_S = 150.0
"""No call is given less, unless the settings or the step's end say so: providers have slow minutes."""

LEAST_TOKENS = 256
LONGEST_TOKENS = 64_000
"""More was never needed by an answer that came to an end."""


def time_for(model: str, max_tokens: int, most_s: float) -> float:
    """Seconds that a call may take.

    Args:
        model: That is asked.
        max_tokens: Of its answer.
        most_s: No more than this.
    """
    return min(most_s, max(LEAST_CALL_S, BEGIN_S + max_tokens / claude_model(model).tokens_per_s))


def tokens_in(model: str, seconds: float) -> int:
    """Tokens that a model writes in so many seconds of a call, within its own limit."""
    row = claude_model(model)
    return max(LEAST_TOKENS, min(row.most_output_tokens, int((seconds - BEGIN_S) * row.tokens_per_s)))
