"""The price of Anthropic's tokens: by row, by the prompt's length, and the highest for a model without a row."""

import pytest

from models.claude_models import (
    CLAUDE_MODELS,
    TOKEN_PRICES,
    UNKNOWN_MODEL,
    TokenPrice,
    claude_model,
    known_name,
    price_of,
)

PUBLISHED = {
    # dollars per million tokens: input, 5-minute cache write, cache read, output
    "claude-opus-5-5": (4.0, 5.0, 0.20, 20.0),
    "claude-sonnet-5-5": (2.0, 2.5, 0.10, 10.0),
    "claude-haiku-5-5": (0.10, 0.125, 0.01, 0.50),
    "claude-opus-5": (5.0, 6.25, 0.50, 25.0),
    "claude-haiku-4-5": (1.0, 1.25, 0.10, 5.0),
}


@pytest.mark.parametrize("model", PUBLISHED)
def test_a_rows_price_is_the_published_one(model: str) -> None:
    price = TOKEN_PRICES[model]
    for kind, usd in zip(("fresh", "cache_write", "cache_read", "output"), PUBLISHED[model], strict=True):
        tokens = {"fresh": 0, "cache_write": 0, "cache_read": 0, "output": 0} | {kind: 100_000}
        assert price.cost_micro_usd(**tokens) == round(usd * 100_000), kind


@pytest.mark.parametrize(
    ("fresh", "write", "read", "factor"),
    [(100_000, 0, 0, 1), (100_001, 0, 0, 5), (1, 50_000, 50_000, 5), (0, 0, 100_000, 1), (0, 0, 100_001, 5)],
)
def test_a_long_prompt_makes_every_token_dearer_its_cached_ones_and_the_answers_too(
    fresh: int, write: int, read: int, factor: int
) -> None:
    price = TOKEN_PRICES["claude-haiku-5-5"]
    cost = price.cost_micro_usd(fresh=fresh, cache_write=write, cache_read=read, output=1_000)
    assert cost == round(factor * (0.1 * fresh + 0.125 * write + 0.01 * read + 0.5 * 1_000))


DRESSED = {
    "claude-opus-5-5": "claude-opus-5-5",
    "anthropic/claude-opus-5.5": "claude-opus-5-5",
    "us.anthropic.claude-sonnet-5-5-20260928-v1:0": "claude-sonnet-5-5",
    "claude-haiku-4-5@20251001": "claude-haiku-4-5",
    "claude-opus-5-5[1m]": "claude-opus-5-5",
    "claude-opus-5": "claude-opus-5",
    "claude-opus-5-6": None,
    "claude-opus-5-5-fast": None,
    "claude-3-5-sonnet-20241022": None,
    "gpt-6": None,
    "": None,
    "claude-": None,
}


@pytest.mark.parametrize(("name", "meant"), DRESSED.items())
def test_a_name_means_a_row_or_none(name: str, meant: str | None) -> None:
    assert known_name(name) == meant
    assert claude_model(name) is (CLAUDE_MODELS[meant] if meant else UNKNOWN_MODEL)


def test_a_model_without_a_row_costs_what_the_dearest_one_does() -> None:
    price, known = price_of("claude-opus-7", TOKEN_PRICES)
    assert not known
    for own in TOKEN_PRICES.values():
        for tokens in ({"fresh": 10**6}, {"cache_write": 10**6}, {"cache_read": 10**6}, {"output": 10**6}):
            asked = {"fresh": 0, "cache_write": 0, "cache_read": 0, "output": 0} | tokens
            assert price.cost_micro_usd(**asked) >= own.cost_micro_usd(**asked)
    dear = TokenPrice(input_usd=90, output_usd=400)
    assert price_of("claude-opus-7", {**TOKEN_PRICES, "x": dear})[0].output_usd == 400


def test_an_accounts_own_price_comes_before_the_lists() -> None:
    own = TokenPrice(input_usd=1, output_usd=2)
    assert price_of("claude-opus-5-5", {**TOKEN_PRICES, "claude-opus-5-5": own}) == (own, True)
    assert price_of("our-own-model", {"our-own-model": own}) == (own, True)
