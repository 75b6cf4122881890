"""What is asked of the model, as schemas: creative content and nothing else.

Ids, seeds, frames, palettes and the preset's words are ours. Bounds that a JSON schema cannot enforce at the API stand
here all the same: they are described there, and checked when the answer is read.
"""

import re
import unicodedata
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from models.storyboard import CameraMove, Framing

TimeOfDay = Literal["dawn", "day", "golden", "dusk", "night"]
Weather = Literal["clear", "clouds", "rain", "snow", "fog", "storm", "dust"]

_NOT_PROSE = re.compile(r"[<>{}`\\]|https?:|www\.|\bdata:", re.IGNORECASE)


def prose(text: str) -> str:
    """One line of plain words.

    Raises:
        ValueError: It holds markup, code, links or invisible characters: nothing that a picture is described with.
    """
    line = " ".join(text.split())
    if _NOT_PROSE.search(line) or any(unicodedata.category(character) in ("Cc", "Cf", "Co") for character in line):
        raise ValueError("must be plain prose, without markup, code, links or invisible characters")
    return line


Name = Annotated[str, StringConstraints(min_length=2, max_length=60), AfterValidator(prose)]
Phrase = Annotated[str, StringConstraints(min_length=3, max_length=160), AfterValidator(prose)]
Sentence = Annotated[str, StringConstraints(min_length=12, max_length=420), AfterValidator(prose)]
# How long these may be, the chosen models say: see `scenes.length_check`.
ImageWords = Annotated[str, StringConstraints(min_length=60), AfterValidator(prose)]
MotionWords = Annotated[str, StringConstraints(min_length=12), AfterValidator(prose)]


class Answer(BaseModel):
    """The base of all answers: unknown fields are an error here, where nothing newer can have written them."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Somebody(Answer):
    """A character."""

    name: Name
    description: Sentence = Field(description="looks that can be painted again: age, hair, clothes, one mark")


class Somewhere(Answer):
    """A location."""

    name: Name
    description: Sentence = Field(description="what the place looks like, with two details that come back")


class SectionVision(Answer):
    """What one section of the song shows."""

    section: int
    summary: Sentence
    mood: Phrase
    time_of_day: TimeOfDay
    weather: Weather


class VisionAnswer(Answer):
    """The creative vision."""

    title: Name
    logline: Sentence
    mood_arc: Sentence
    motifs: tuple[Phrase, ...] = Field(min_length=2, max_length=6)
    characters: tuple[Somebody, ...] = Field(max_length=3, description="only the new ones")
    locations: tuple[Somewhere, ...] = Field(min_length=2, max_length=6)
    sections: tuple[SectionVision, ...]


class SectionCasting(Answer):
    """Who is in a section, and where."""

    section: int
    characters: tuple[str, ...] = Field(max_length=6, description="ids from the material; may be empty")
    location: str = Field(description="an id from the material")


class CastingAnswer(Answer):
    """The cast of every section."""

    sections: tuple[SectionCasting, ...]


class SceneShot(Answer):
    """How one scene is filmed."""

    scene: int
    framing: Framing
    lens_mm: int = Field(ge=8, le=300)
    camera_move: CameraMove
    light: Phrase
    time_of_day: TimeOfDay
    weather: Weather
    location: str = Field(description="an id from the material")
    characters: tuple[str, ...] = Field(max_length=4, description="ids of the section's cast who are in frame")
    action: Sentence


class ShotsAnswer(Answer):
    """The shots of a section."""

    shots: tuple[SceneShot, ...]


class SceneWords(Answer):
    """One scene in words for an image model and a video model."""

    scene: int
    image: ImageWords = Field(description="the picture, without any words about its style")
    motion: MotionWords = Field(description="one sentence: what moves in it, without the camera")


class PromptsAnswer(Answer):
    """The prompts of a section."""

    prompts: tuple[SceneWords, ...]


class EnhanceAnswer(Answer):
    """What is added to a short brief."""

    addition: Annotated[str, StringConstraints(min_length=60, max_length=900), AfterValidator(prose)]
