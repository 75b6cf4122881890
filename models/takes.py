"""A scene's pieces, and what the music requires of their motion."""

from pathlib import Path

from pydantic import Field

from models.base import Model
from models.profiles import Profile
from models.storyboard import ScenePrompt


class BeatCue(Model):
    """A beat inside a scene: `frame` counts from the scene's start, `strength` is 0…1."""

    frame: int
    strength: float = Field(ge=0, le=1)
    downbeat: bool = False


class MusicCues(Model):
    """The music under a scene: energy per frame (0…1, one value a frame) and the beats within it."""

    energy: tuple[float, ...]
    beats: tuple[BeatCue, ...] = ()


class StillRequest(Model):
    """One still to paint, `width` × `height` pixels."""

    prompt: ScenePrompt
    width: int
    height: int


class AnimationRequest(Model):
    """One segment to film from a still: exactly `frame_count` frames in the profile's format."""

    prompt: ScenePrompt
    profile: Profile
    frame_count: int = Field(ge=1)
    cues: MusicCues
    variation: int = Field(default=0, description="another number gives another trim and move of the same still")


class Take(Model):
    """A finished piece for a scene, made or bought; `digest` names it in the store, see `models/object_keys.py`."""

    scene_index: int = Field(default=-1, description="-1: of no scene, as a portrait")
    digest: str
    size_bytes: int
    words_key: str = Field(
        default="", description="where the words stand that it was made from, when the scene's own were refused"
    )


class ClipCut(Model):
    """A part of a local clip that becomes a segment. Frames count at the segment's rate."""

    clip: Path
    first_frame: int = Field(ge=0)
    frame_count: int = Field(ge=1)
    frozen: bool = Field(default=False, description="only `first_frame` is shown")
    out: Path
