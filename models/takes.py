"""What is made for a scene, and what the music asks of its motion."""

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
    """The music under a scene: energy per frame (0…1, one value a frame) and the beats that fall in it."""

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
    """A finished piece for a scene; `digest` names it in the object store, see `models/routing.py`."""

    scene_index: int
    digest: str
    size_bytes: int
    words_key: str = Field(
        default="", description="where the words stand that it was made from, when the scene's own were refused"
    )
