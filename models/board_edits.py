"""An artist's edits of a storyboard: Studio's, and those that only make sense before clips exist."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from models.base import OfKind
from models.brief import MOST_CHARACTERS, PROMPT_MAX_CHARS
from models.edits import Freeze, Merge, MoveCut, Reorder, Repeat, SceneId, ShowTake, Split, Swap, Trim, whole

Words = Annotated[str, Field(min_length=1, max_length=PROMPT_MAX_CHARS, pattern=r"\S")]


class Reword(OfKind):
    """Change a scene's words. Other words for its still mark it until its still is made anew."""

    kind: Literal["words"] = "words"
    scene_id: SceneId
    image: Words | None = Field(default=None, description="of its still; null: as they are")
    motion: Words | None = Field(default=None, description="of its clip; null: as they are")


class Appear(OfKind):
    """Change who appears in a scene, or where it plays; its words follow, and its still is to be made anew."""

    kind: Literal["appear"] = "appear"
    scene_id: SceneId
    character_ids: tuple[Annotated[str, Field(max_length=80)], ...] | None = Field(
        default=None, max_length=MOST_CHARACTERS, description="null: as they are; empty: no character"
    )
    location_id: Annotated[str, Field(max_length=80)] | None = Field(default=None, description="null: as it is")


class Pace(StrEnum):
    """The pace of a section: fewer, longer scenes, or more, shorter ones."""

    CALMER = "calmer"
    BUSIER = "busier"


class SetPace(OfKind):
    """Make a section calmer (neighbouring scenes become one) or busier (scenes are cut in two on a beat)."""

    kind: Literal["pace"] = "pace"
    section_index: Annotated[int, Field(strict=True, ge=0, lt=2**31), BeforeValidator(whole)]
    pace: Pace


BoardEdit = Annotated[
    MoveCut | Split | Merge | Swap | Reorder | Repeat | Trim | Freeze | ShowTake | Reword | Appear | SetPace,
    Field(discriminator="kind"),
]
