"""From the song's sections to scenes on exact frames, and from scenes to shots and prompts."""

import re
from enum import StrEnum

from pydantic import Field

from models.base import Model


class CameraMove(StrEnum):
    """Camera moves that an animator can make out of a still."""

    PUSH_IN = "push in"
    PULL_OUT = "pull out"
    PAN_LEFT = "pan left"
    PAN_RIGHT = "pan right"
    TILT_UP = "tilt up"
    TILT_DOWN = "tilt down"
    CRANE_UP = "crane up"
    ROLL = "roll"
    HANDHELD = "handheld"
    DRIFT = "drift"


class Framing(StrEnum):
    """How much of the subject the frame holds."""

    EXTREME_WIDE = "extreme wide shot"
    WIDE = "wide shot"
    FULL = "full shot"
    MEDIUM = "medium shot"
    CLOSE_UP = "close-up"
    AERIAL = "aerial shot"
    LOW_ANGLE = "low angle shot"
    DETAIL = "detail shot"


def framing_named(words: str) -> Framing | None:
    """The framing at the start of a prompt, as in “Close-up of a lantern”; None if there is none."""
    said = " ".join(words.lower().replace("-", " ").split()).removeprefix("a ").removeprefix("an ")
    names = {framing.value.replace("-", " "): framing for framing in Framing} | {"closeup": Framing.CLOSE_UP}
    return next((framing for name, framing in names.items() if re.match(rf"{name}\b", said)), None)


class Scene(Model):
    """One scene on exact frames: `start_frame` included, `end_frame` not. Scenes tile the video."""

    index: int
    section_index: int
    section: str = Field(description="the section's label")
    letter: str
    start_frame: int
    end_frame: int
    energy: float = Field(ge=0, le=1)
    on_downbeat: bool = True
    reprise_of: int | None = Field(default=None, description="the earlier scene whose still is shown again")
    place: int = Field(default=0, ge=0, description="counted from 0 among its section's scenes")
    reprise_section: int | None = Field(default=None, description="`section_index` of the scene that is shown again")
    reprise_place: int | None = Field(default=None, description="`place` of the scene that is shown again")

    @property
    def frame_count(self) -> int:
        """The scene's length in frames."""
        return self.end_frame - self.start_frame


class SequencePlan(Model):
    """All scenes of a video, in order."""

    scenes: tuple[Scene, ...]
    frame_count: int

    def scene(self, index: int) -> Scene:
        """The scene with an index: an edited scene has a plan of its own, without the others."""
        return next(scene for scene in self.scenes if scene.index == index)


class Shot(Model):
    """How one scene is filmed."""

    scene_index: int
    framing: Framing
    lens_mm: int
    camera_move: CameraMove
    light: str
    time_of_day: str
    weather: str
    location_id: str
    character_ids: tuple[str, ...]
    action: str
    things: tuple[str, ...] = Field(default=(), description="what else is in frame, in words; the local director's")
    filled_locally: bool = Field(default=False, description="the director in use gave no usable answer")


class ShotList(Model):
    """The shots of a run of scenes."""

    shots: tuple[Shot, ...]


class ScenePrompt(Model):
    """One scene, ready for an image model and a motion model. The preset's style is already in the words."""

    scene_index: int
    image_prompt: str
    motion_prompt: str
    negative_prompt: str = ""
    seed: int = Field(ge=0, lt=2**32)
    style: str = Field(description="preset slug")
    palette: tuple[str, ...] = Field(description="`#rrggbb`, darkest first")
    framing: Framing = Framing.WIDE
    camera_move: CameraMove = CameraMove.PUSH_IN
    energy: float = Field(default=0.5, ge=0, le=1)
    section: str = "verse"
    cast_seeds: tuple[int, ...] = Field(
        default=(), description="one number per character in frame; the same number is drawn as the same figure"
    )
    reference_keys: tuple[str, ...] = ()
    character_ids: tuple[str, ...] = Field(default=(), description="who is in frame; filled in from the shot")
    filled_locally: bool = Field(default=False, description="shot or prompt are the local director's")
    shown_scene: int | None = Field(default=None, description="in a reprise: the scene whose picture is shown again")
    shown_prompts_key: str = Field(default="", description="in a reprise: where the words for that picture stand")

    def over(self, shown: "ScenePrompt") -> "ScenePrompt":
        """A reprise's prompt, once the picture that it repeats has words: those words, with this scene's camera."""
        camera, picture = self.motion_prompt.partition("; ")[0], shown.motion_prompt.partition("; ")[2]
        return shown.model_copy(
            update={
                "scene_index": self.scene_index,
                "motion_prompt": f"{camera}; {picture}" if picture else shown.motion_prompt,
                "camera_move": self.camera_move,
                "energy": self.energy,
                "section": self.section,
            }
        )


class PromptList(Model):
    """The prompts of a run of scenes."""

    prompts: tuple[ScenePrompt, ...]
