"""One question to a model of Anthropic's, and whether its answer is counted and priced as our table says."""

from engines.providers.anthropic.director import AnthropicDirector
from models.brief import Brief
from models.claude_models import TokenPrice, claude_model, price_of
from models.directing import Directing, DirectingStage
from models.failures import EchonosError
from models.first_contact import Seen, ToBuy
from models.media_models import PromptLimits
from models.spending import MICRO_USD, PaidCall

_ANSWER_TOKENS = 2_048
_QUESTION_TOKENS = 3_000
_MOST_CALLS = 3
"""A question is repaired twice at most."""


def to_buy(model: str, prices: dict[str, TokenPrice]) -> ToBuy:
    """What `ask` may cost at most.

    Args:
        model: A model's name.
        prices: That replace those of the table.
    """
    price, _ = price_of(model, prices)
    once = _QUESTION_TOKENS * max(price.input_usd, price.long_input_usd) * price.cache_write_factor
    once += _ANSWER_TOKENS * max(price.output_usd, price.long_output_usd)
    return ToBuy(what=f"one answer of {model}", most_usd=once * _MOST_CALLS / MICRO_USD)


def ask(key: str, base_url: str, model: str, prices: dict[str, TokenPrice]) -> list[Seen]:
    """Ask one question in the way of a director.

    Args:
        key: Anthropic's.
        base_url: Anthropic's address.
        model: A model's name.
        prices: That replace those of the table.

    Returns:
        One line per call, or why there was none.
    """
    calls: list[PaidCall] = []
    stage = DirectingStage(model=model, max_tokens=_ANSWER_TOKENS)
    director = AnthropicDirector(
        key,
        base_url,
        Directing(enhance=stage),
        prices,
        PromptLimits(),
        record=calls.append,
    )
    try:
        director.enhance(Brief(prompt="A fox walks home through the first snow."))
    except EchonosError as error:
        return [Seen(part=model, differs=True, sentence=error.message)]
    finally:
        director.close()
    row = claude_model(model)
    seen = []
    for call in calls:
        tokens = call.input_tokens + call.cache_read_tokens + call.cache_write_tokens
        unpriced = call.cost_micro_usd is None or not price_of(call.model, prices)[1]
        said = f"outcome {call.outcome}, {tokens} tokens in, {call.output_tokens} out"
        cost = "no price is known" if unpriced else f"${(call.cost_micro_usd or 0) / MICRO_USD:.5f}"
        wrong = call.outcome != "used" or call.model != model or unpriced or not tokens or not call.output_tokens
        seen.append(Seen(part=model, differs=wrong, sentence=f"{said}, {cost} (row of {row.seen_on})."))
    if not calls:
        seen.append(Seen(part=model, differs=True, sentence="The answer named no usage."))
    return seen
