"""Words that an artist has typed and not sent yet.

Several windows may type at once: the newest words win, field by field, and the replaced words are kept beside them.
"""

from pydantic import Field, field_validator

from models.base import Model
from models.brief import MOST_CHARACTERS, PROMPT_MAX_CHARS

MOST_SCENE_DRAFTS = 2_000
"""The most scenes per account that may have unsent words."""


class KeptWords(Model):
    """A field's unsent words."""

    words: str | None = Field(default=None, examples=["A fox in the rain"], description="null: nothing was typed")
    revision: int = Field(default=0, description="goes up with every change", examples=[3])
    other: str | None = Field(default=None, examples=[None], description="words of another window that were replaced")

    @property
    def is_blank(self) -> bool:
        """Whether nothing is stored."""
        return self.words is None and self.other is None


class TypedWords(Model):
    """A change of a field's unsent words."""

    words: str | None = Field(
        max_length=PROMPT_MAX_CHARS, examples=["A fox in the rain"], description="null: withdrawn"
    )
    revision: int = Field(
        default=0, strict=True, ge=0, lt=2**31, description="of the words that were typed over", examples=[2]
    )
    forget_other: bool = Field(
        default=False, strict=True, description="the replaced words are not needed any more", examples=[False]
    )

    @field_validator("revision", mode="before")
    @classmethod
    def _whole(cls, value: object) -> object:
        """JSON knows one kind of number: `2.0` is 2."""
        return int(value) if isinstance(value, float) and value.is_integer() else value


class SceneDraft(Model):
    """Unsent words of a scene."""

    index: int = Field(ge=0)
    image: KeptWords = KeptWords()
    motion: KeptWords = KeptWords()
    camera: KeptWords = KeptWords()

    @property
    def is_blank(self) -> bool:
        """Whether nothing is stored."""
        return self.image.is_blank and self.motion.is_blank and self.camera.is_blank


class SceneTyping(Model):
    """Changes of a scene's unsent words; missing fields stay as they are."""

    image: TypedWords | None = None
    motion: TypedWords | None = None
    camera: TypedWords | None = None


class BriefChoices(Model):
    """The choices for a video that is not ordered yet."""

    song_id: str | None = Field(default=None, max_length=80)
    style: str | None = Field(default=None, max_length=80)
    enhance: bool = Field(default=False, strict=True)
    character_ids: tuple[str, ...] = Field(default=(), max_length=MOST_CHARACTERS)
    aspect: str | None = Field(default=None, max_length=20)
    storyboard: bool = Field(default=False, strict=True)


class BriefDraft(Model):
    """A brief that is not ordered yet."""

    prompt: KeptWords = KeptWords()
    choices: BriefChoices = BriefChoices()


class BriefTyping(Model):
    """Changes of the brief; missing fields stay as they are."""

    prompt: TypedWords | None = None
    choices: BriefChoices | None = None


def typed_over(kept: KeptWords, typed: TypedWords | None) -> KeptWords:
    """A field after a change.

    Args:
        kept: The field before the change.
        typed: The change; it is late if its revision is not the stored one.

    Returns:
        The newest words. Words that a late change replaced, or that were swapped with others, stay beside them.
    """
    if typed is None:
        return kept
    late = typed.revision != kept.revision
    if typed.words == kept.words:
        return kept.model_copy(update={"other": None}) if typed.forget_other and not late else kept
    other = None if typed.forget_other and not late else kept.other
    swapped = kept.other is not None and typed.words == kept.other
    if kept.words and (late or swapped):
        other = kept.words
    if other == typed.words:
        other = None
    return KeptWords(words=typed.words, revision=kept.revision + 1, other=other)
