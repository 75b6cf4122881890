"""How a paid director is asked: the model for each question, its effort, its time."""

from typing import Literal

from pydantic import Field

from models.base import Model
from models.claude_models import TOKEN_PRICES, TokenPrice

__all__ = ["TOKEN_PRICES", "Directing", "DirectingStage", "Effort", "TokenPrice"]

Effort = Literal["low", "medium", "high", "xhigh", "max"]


class DirectingStage(Model):
    """One kind of question."""

    model: str = Field(min_length=1)
    effort: Effort | None = Field(default=None, description="None: the model's own; not every model takes one")
    max_tokens: int = Field(default=16_000, ge=256, le=128_000, description="of an answer, its thinking included")


class Directing(Model):
    """All questions: the strong model for decisions on the whole video, cheaper ones for many scenes.

    A call that may write more tokens gets more time, and a call with less time may write fewer: see
    `engines.providers.anthropic.pacing`.
    """

    vision: DirectingStage = DirectingStage(model="claude-opus-5-5", effort="high", max_tokens=16_000)
    casting: DirectingStage = DirectingStage(model="claude-opus-5-5", effort="medium", max_tokens=8_000)
    shots: DirectingStage = DirectingStage(model="claude-sonnet-5-5", effort="medium", max_tokens=16_000)
    prompts: DirectingStage = DirectingStage(model="claude-sonnet-5-5", effort="medium", max_tokens=24_000)
    enhance: DirectingStage = DirectingStage(model="claude-haiku-5-5", max_tokens=4_000)
    timeout_s: float = Field(default=840.0, gt=0, le=1_080, description="of one call at most, to its last byte")
    question_s: float = Field(
        default=1_080.0, gt=0, le=1_080, description="of a question with its repairs: less than its step may last"
    )

    def models(self) -> tuple[str, ...]:
        """All models in use, each once."""
        stages = (self.vision, self.casting, self.shots, self.prompts, self.enhance)
        return tuple(dict.fromkeys(stage.model for stage in stages))
