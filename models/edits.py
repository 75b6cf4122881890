"""An artist's free edits of a timeline. Scenes are named by their ids, which edits never change."""

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from models.base import OfKind

MOST_EDITS = 100
"""The most edits that make one version."""


def whole(value: object) -> object:
    """JSON knows one kind of number: `2.0` is 2."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_Number = Annotated[int, Field(strict=True, ge=0, lt=2**31), BeforeValidator(whole)]
_Frame = _Number
SceneId = Annotated[_Number, Field(description="a scene's `scene_id`")]


class Snap(StrEnum):
    """Where a cut may lie: on a beat, also halfway between two, or on any frame."""

    BEAT = "beat"
    HALF = "half"
    FRAME = "frame"


class MoveCut(OfKind):
    """Move the cut before a scene; both pictures stay where they are in time."""

    kind: Literal["move_cut"] = "move_cut"
    scene_id: SceneId
    frame: _Frame = Field(description="of the video")
    snap: Snap = Snap.BEAT


class Split(OfKind):
    """Cut a scene in two; the first part keeps the id, the second one goes on with the same clip."""

    kind: Literal["split"] = "split"
    scene_id: SceneId
    frame: _Frame = Field(description="of the video: the first one of the second part")
    snap: Snap = Snap.BEAT


class Merge(OfKind):
    """Join a scene with the one after it, which vanishes; the first one's picture goes on."""

    kind: Literal["merge"] = "merge"
    scene_id: SceneId


class Swap(OfKind):
    """Let two scenes change places; the cuts stay."""

    kind: Literal["swap"] = "swap"
    scene_id: SceneId
    other_id: SceneId


class Reorder(OfKind):
    """Move a scene to another place; the scenes between move up, the cuts stay."""

    kind: Literal["reorder"] = "reorder"
    scene_id: SceneId
    position: _Number = Field(description="its new index")


class Repeat(OfKind):
    """Show in a scene what another one shows."""

    kind: Literal["repeat"] = "repeat"
    scene_id: SceneId
    other_id: SceneId


class Trim(OfKind):
    """Begin a scene at another frame of its clip."""

    kind: Literal["trim"] = "trim"
    scene_id: SceneId
    in_frame: _Frame = Field(description="of the clip; 0: its first one")


class Freeze(OfKind):
    """Hold one picture of a scene for its whole length."""

    kind: Literal["freeze"] = "freeze"
    scene_id: SceneId
    frame: _Frame | None = Field(description="of the video, within the scene; null: it moves again")


class ShowTake(OfKind):
    """Show another take of a scene."""

    kind: Literal["choose"] = "choose"
    scene_id: SceneId
    take: str = Field(min_length=1, max_length=80, description="an operation's id, or `draft`")


class UseBeats(OfKind):
    """Let the video follow its song's corrected beats and names of sections; no cut moves by this alone."""

    kind: Literal["use_beats"] = "use_beats"
    revision: _Number = Field(description="the song's `analysis_revision` that the artist saw")


TimelineEdit = Annotated[
    MoveCut | Split | Merge | Swap | Reorder | Repeat | Trim | Freeze | ShowTake | UseBeats,
    Field(discriminator="kind"),
]


_DONE = {
    "move_cut": "Cut moved",
    "split": "Scene split",
    "merge": "Scenes merged",
    "swap": "Scenes swapped",
    "reorder": "Scene moved",
    "repeat": "Scene repeated",
    "trim": "Scene trimmed",
    "freeze": "Scene frozen",
    "choose": "Another take",
    "use_beats": "Corrected beats",
}


def edits_sentence(edits: Sequence[TimelineEdit]) -> str:
    """What edits did, in the artist's words."""
    counted: dict[str, int] = {}
    for edit in edits:
        word = "Scene moves again" if isinstance(edit, Freeze) and edit.frame is None else _DONE[edit.kind]
        counted[word] = counted.get(word, 0) + 1
    said = ", ".join(word if times == 1 else f"{word} {times} times" for word, times in counted.items())
    return said[:1] + said[1:].lower()
