"""The artist's brief."""

from typing import Literal

from pydantic import Field

from models.base import Model
from models.treatment import Character

AspectRatio = Literal["9:16"]
PROMPT_MAX_CHARS = 4_000
MOST_CHARACTERS = 3


class Brief(Model):
    """Prompt, style and switches of one generation. An empty prompt means the style's default direction."""

    prompt: str = Field(default="", max_length=PROMPT_MAX_CHARS)
    style: str = Field(default="cinematic-realism", description="slug of one of the styles in models.styles")
    enhance: bool = False
    aspect: AspectRatio = "9:16"
    character_ids: tuple[str, ...] = Field(
        default=(), max_length=MOST_CHARACTERS, description="characters locked in the Vault, the lead first"
    )
    characters: tuple[Character, ...] = Field(
        default=(),
        description="those characters as they were when the run began: a step fills them in for the director",
    )
    seed: int = Field(default=0, ge=0, lt=2**32)


class EnhanceRequest(Model):
    """Input of `EnhanceBrief`: a short brief to expand."""

    account_id: str
    brief: Brief
