"""A version of a video: which segment plays when. Immutable once stored."""

from fractions import Fraction

from pydantic import Field

from models.base import Model
from models.profiles import FIRST_REVISION, ProfileName, Revision

FALLBACK = "fallback"
"""The scene has no piece of its own: a neighbour's still, or a plain camera move."""

DIRECTED_LOCALLY = "directed locally"
"""The director in use gave no usable answer for the scene, so the local director has directed it."""

FREE_RETRY = "free retry"
"""The scene's next regeneration costs nothing."""


CLIP_STALE = "clip stale"
"""The scene shows a new still with a plain camera move, until its video is made anew."""


class TimelineScene(Model):
    """One scene of a version."""

    index: int
    section_index: int
    section: str
    letter: str = ""
    start_frame: int
    end_frame: int
    start_s: float
    end_s: float
    energy: float = 0.5
    prompt: str = ""
    motion_prompt: str = ""
    still_key: str = ""
    segment_key: str = ""
    reprise_of: int | None = None
    marks: tuple[str, ...] = ()
    take_id: str = Field(default="draft", description="the operation that made what is shown")
    seed: int = 0
    camera_move: str = ""
    character_ids: tuple[str, ...] = ()
    location_id: str = ""
    still_scene: int = Field(default=0, description="the scene that the still was painted for")
    still: str = Field(default="", description="the still's digest")
    prompts_key: str = ""
    shots_key: str = ""


class Timeline(Model):
    """Scenes in order, tiling `frame_count` frames at `fps`."""

    video_id: str
    version: int
    song_id: str
    profile: ProfileName
    fps: Fraction
    width: int
    height: int
    frame_count: int
    soundtrack_key: str
    video_key: str = Field(default="", description="the joined MP4")
    plan_key: str = ""
    analysis_key: str = ""
    brief_key: str = ""
    treatment_key: str = ""
    casting_key: str = ""
    profile_revision: Revision = FIRST_REVISION
    still_model: str = Field(default="", description="that stills are bought from, in Studio too; empty: the house's")
    clip_model: str = Field(default="", description="that clips are bought from, in Studio too; empty: the house's")
    scenes: tuple[TimelineScene, ...]
