"""Anthropic's models as data: one row each, with prices and request limits.

Sources: the page of each model below https://platform.claude.com/docs/en/models, and the pages on pricing and prompt
caching there. Output speed is not published: `tokens_per_s` is a low assumption.
"""

import re
from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from models.base import Model


class TokenPrice(Model):
    """Dollars per million tokens. Writing a prompt cache costs a quarter more than input, reading it a fraction."""

    input_usd: float = Field(ge=0)
    output_usd: float = Field(ge=0)
    cache_write_factor: float = Field(default=1.25, ge=0)
    cache_read_factor: float = Field(default=0.1, ge=0)
    long_from_tokens: int | None = Field(
        default=None, ge=0, description="a prompt with more tokens, cached ones included, is charged as a long one"
    )
    long_input_usd: float = Field(default=0, ge=0)
    long_output_usd: float = Field(default=0, ge=0)

    def cost_micro_usd(self, *, fresh: int, cache_write: int, cache_read: int, output: int) -> int:
        """The cost of tokens, in millionths of a dollar; the prompt's length sets the price of all its tokens."""
        prompt = fresh + cache_write + cache_read
        is_long = self.long_from_tokens is not None and prompt > self.long_from_tokens
        input_usd = self.long_input_usd if is_long else self.input_usd
        output_usd = self.long_output_usd if is_long else self.output_usd
        weighed = fresh + cache_write * self.cache_write_factor + cache_read * self.cache_read_factor
        return round(weighed * input_usd + output * output_usd)


class ClaudeModel(Model):
    """One model.

    Attributes:
        thinks: `always`: thinking cannot be turned off. `usually`: it thinks unless told otherwise. `asked`: only with
            a budget of tokens.
        thinking_refused: Values of `thinking.type` that the API refuses with 400. We send none of them.
        takes_effort: Whether `output_config.effort` is accepted.
    """

    model: str
    price: TokenPrice
    least_cached_tokens: int = Field(description="a shorter prefix is not cached, without an error")
    most_output_tokens: int = Field(default=128_000, description="of an answer, its thinking included")
    thinks: Literal["always", "usually", "asked"] = "usually"
    thinking_refused: tuple[str, ...] = ("enabled",)
    takes_effort: bool = True
    tokens_per_s: float = Field(default=40.0, gt=0, description="written at least; our assumption")
    seen_on: str = Field(description="the day on which the page said so")


_ALWAYS = ("disabled", "enabled")

CLAUDE_MODELS: dict[str, ClaudeModel] = {
    row.model: row
    for row in (
        ClaudeModel(
            model="claude-opus-5-5",
            price=TokenPrice(input_usd=4, output_usd=20, cache_read_factor=0.05),
            least_cached_tokens=512,
            thinks="always",
            thinking_refused=_ALWAYS,
            tokens_per_s=50,
            seen_on="2026-10-24",
        ),
        ClaudeModel(
            model="claude-sonnet-5-5",
            # Reading the cache cost $0.20 until 2026-10-06.
            price=TokenPrice(input_usd=2, output_usd=10, cache_read_factor=0.05),
            least_cached_tokens=512,
            thinking_refused=_ALWAYS,
            tokens_per_s=80,
            seen_on="2026-10-24",
        ),
        ClaudeModel(
            model="claude-haiku-5-5",
            price=TokenPrice(
                input_usd=0.1, output_usd=0.5, long_from_tokens=100_000, long_input_usd=0.5, long_output_usd=2.5
            ),
            least_cached_tokens=512,
            tokens_per_s=120,
            seen_on="2026-10-24",
        ),
        ClaudeModel(
            model="claude-fable-5-1",
            price=TokenPrice(input_usd=10, output_usd=50, cache_read_factor=0.025),
            least_cached_tokens=512,
            thinks="always",
            thinking_refused=_ALWAYS,
            seen_on="2026-10-10",
        ),
        ClaudeModel(
            model="claude-opus-5",
            price=TokenPrice(input_usd=5, output_usd=25),
            least_cached_tokens=512,
            seen_on="2026-10-10",
        ),
        ClaudeModel(
            model="claude-sonnet-5",
            price=TokenPrice(input_usd=2, output_usd=10),
            least_cached_tokens=1_024,
            seen_on="2026-10-10",
        ),
        ClaudeModel(
            model="claude-opus-4-8",
            price=TokenPrice(input_usd=5, output_usd=25),
            least_cached_tokens=1_024,
            seen_on="2026-10-10",
        ),
        ClaudeModel(
            model="claude-haiku-4-5",
            price=TokenPrice(input_usd=1, output_usd=5),
            least_cached_tokens=4_096,
            most_output_tokens=64_000,
            thinks="asked",
            thinking_refused=("adaptive",),
            takes_effort=False,
            seen_on="2026-10-10",
        ),
    )
}

UNKNOWN_MODEL = ClaudeModel(
    model="unknown",
    price=TokenPrice(input_usd=10, output_usd=50),
    least_cached_tokens=4_096,
    most_output_tokens=64_000,
    thinks="always",
    thinking_refused=_ALWAYS,
    seen_on="2026-10-24",
)
"""Assumptions for a model without a row: the highest price, the tightest limits."""

TOKEN_PRICES: dict[str, TokenPrice] = {name: row.price for name, row in CLAUDE_MODELS.items()}
"""List prices. Prices change: `ECHONOS_TOKEN_PRICES` overrides them with an account's own."""

_VERSIONED = re.compile(r"(claude(?:-[a-z]+)?(?:-\d{1,2})+(?:-[a-z]+)?)(?:[-@]\d{8})?(?:-v\d+(?:-\d+)?)?(?:\[1m\])?$")


def known_name(model: str) -> str | None:
    """The row that a model's name means, including names in the style of gateways and platforms.

    Args:
        model: The requested name: `claude-opus-5-5`, `anthropic/claude-opus-5.5`, `us.anthropic.claude-opus-5-5-v1:0`.

    Returns:
        Its name in `CLAUDE_MODELS`; None if no row matches with certainty.
    """
    bare = model.strip().lower()
    at = bare.find("claude-")
    found = _VERSIONED.match(re.sub(r"[.:]", "-", bare[at:])) if at >= 0 else None
    name = found.group(1) if found else ""
    return name if name in CLAUDE_MODELS else None


def claude_model(model: str) -> ClaudeModel:
    """The row of a model, or the assumptions for a model without one."""
    return CLAUDE_MODELS.get(known_name(model) or "", UNKNOWN_MODEL)


def price_of(model: str, prices: Mapping[str, TokenPrice]) -> tuple[TokenPrice, bool]:
    """The token prices of a model.

    Args:
        model: The requested name.
        prices: By model; an account's own prices override the list's.

    Returns:
        The price, and whether it is the model's own. If not, it is the highest known price.
    """
    own = prices.get(model) or prices.get(known_name(model) or "")
    if own is not None:
        return own, True
    every = [*prices.values(), UNKNOWN_MODEL.price]
    return UNKNOWN_MODEL.price.model_copy(
        update={
            "input_usd": max(max(price.input_usd, price.long_input_usd) for price in every),
            "output_usd": max(max(price.output_usd, price.long_output_usd) for price in every),
        }
    ), False
