"""How a paid director is asked: which model for which question, how hard it thinks, and what its tokens cost."""

from typing import Literal

from pydantic import Field

from models.base import Model

Effort = Literal["low", "medium", "high", "xhigh", "max"]


class DirectingStage(Model):
    """One kind of question."""

    model: str = Field(min_length=1)
    effort: Effort | None = Field(default=None, description="None: the model's own; not every model takes one")
    max_tokens: int = Field(default=16_000, ge=256, le=128_000, description="of an answer, its thinking included")


class Directing(Model):
    """All questions: the strong model where the whole video is decided, cheaper ones for many scenes."""

    vision: DirectingStage = DirectingStage(model="claude-opus-5-5", effort="high", max_tokens=16_000)
    casting: DirectingStage = DirectingStage(model="claude-opus-5-5", effort="medium", max_tokens=8_000)
    shots: DirectingStage = DirectingStage(model="claude-sonnet-5-5", effort="medium", max_tokens=16_000)
    prompts: DirectingStage = DirectingStage(model="claude-sonnet-5-5", effort="medium", max_tokens=24_000)
    enhance: DirectingStage = DirectingStage(model="claude-haiku-5-5", max_tokens=2_000)
    timeout_s: float = Field(default=150.0, gt=0, le=480, description="of one call, from the first byte to the last")
    question_s: float = Field(
        default=540.0, gt=0, le=540, description="of a question with its repairs: less than the step that asks may last"
    )

    def models(self) -> tuple[str, ...]:
        """Every model that is asked, each once."""
        stages = (self.vision, self.casting, self.shots, self.prompts, self.enhance)
        return tuple(dict.fromkeys(stage.model for stage in stages))


class TokenPrice(Model):
    """Dollars per million tokens. Writing a prompt cache costs a quarter more than input, reading it a tenth of it."""

    input_usd: float = Field(ge=0)
    output_usd: float = Field(ge=0)
    cache_write_factor: float = Field(default=1.25, ge=0)
    cache_read_factor: float = Field(default=0.1, ge=0)

    def cost_micro_usd(self, *, fresh: int, cache_write: int, cache_read: int, output: int) -> int:
        """What tokens cost, in millionths of a dollar."""
        weighed = fresh + cache_write * self.cache_write_factor + cache_read * self.cache_read_factor
        return round(weighed * self.input_usd + output * self.output_usd)


TOKEN_PRICES: dict[str, TokenPrice] = {
    "claude-opus-5-5": TokenPrice(input_usd=5, output_usd=25),
    "claude-sonnet-5-5": TokenPrice(input_usd=3, output_usd=15),
    "claude-haiku-5-5": TokenPrice(input_usd=1, output_usd=5),
}
"""List prices of these model lines. Prices change: `ECHONOS_TOKEN_PRICES` says what an account really pays."""
