"""A version of a video: its segments in order. Immutable once stored."""

from fractions import Fraction

from pydantic import Field

from models.base import Model, is_none, is_unset
from models.footage import MIDDLE, Focus, is_middle
from models.profiles import FIRST_REVISION, ProfileName, Revision

FALLBACK = "fallback"
"""The scene uses a fallback: a neighbour's still, or a plain camera move."""

DIRECTED_LOCALLY = "directed locally"
"""The director in use gave no usable answer for the scene, so the local director directed it."""

FREE_RETRY = "free retry"
"""The scene's next regeneration is free."""

CLIP_STALE = "clip stale"
"""The scene shows a new still with a plain camera move, until its video is regenerated."""

CLIP_SHORT = "clip too short"
"""The scene lasts longer than its clip, and shows a plain camera move until its video is regenerated."""

OWN = "own"
"""The scene shows a picture or clip of the artist's own."""

SHORTEST_SCENE_S = Fraction(7, 10)
"""A shorter scene is noticed but not seen."""

LONGEST_SCENE_S = Fraction(30)
"""The longest scene that an edit may make."""


class ShownClip(Model):
    """The part of a clip that a scene shows. Unset values are left out, so that older documents keep their digests."""

    words_scene: int | None = Field(
        default=None, exclude_if=is_none, description="its number in prompts and shots; none: its own id"
    )
    shows_scene: int | None = Field(
        default=None, exclude_if=is_none, description="the scene whose take it shows, by id; none: its own"
    )
    clip_key: str = Field(default="", exclude_if=is_unset, description="the clip it is cut from; empty: its segment")
    clip_frames: int = Field(default=0, exclude_if=is_unset, description="the clip's length; 0: its segment's")
    in_frame: int = Field(default=0, exclude_if=is_unset, description="the clip's first frame that is shown")
    frozen: bool = Field(default=False, exclude_if=is_unset, description="only that frame is shown")
    footage_id: str = Field(default="", exclude_if=is_unset, description="the artist's own footage that is shown")
    focus: Focus = Field(default=MIDDLE, exclude_if=is_middle, description="of own footage: what the crop keeps")


class TimelineScene(ShownClip):
    """One scene of a version. Its index is its place; its id stays through all edits."""

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
    scene_id: int | None = Field(default=None, exclude_if=is_none, description="none: its index, as in version 1")

    @property
    def identity(self) -> int:
        """The scene's id, under which its takes, operations and documents are kept."""
        return self.index if self.scene_id is None else self.scene_id

    @property
    def words_id(self) -> int:
        """Its number in the documents under `prompts_key` and `shots_key`."""
        return self.identity if self.words_scene is None else self.words_scene

    @property
    def frame_count(self) -> int:
        """Its length in frames."""
        return self.end_frame - self.start_frame


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
    still_model: str = Field(default="", description="the model of its stills, in Studio too; empty: the default")
    clip_model: str = Field(default="", description="the model of its clips, in Studio too; empty: the default")
    next_scene_id: int = Field(
        default=0, exclude_if=is_unset, description="the id of the next new scene; 0: the number of scenes"
    )
    scenes: tuple[TimelineScene, ...]

    @property
    def next_id(self) -> int:
        """The id of the next new scene: never used in any version of the video."""
        return self.next_scene_id or len(self.scenes)

    def find(self, scene_id: int) -> TimelineScene | None:
        """The scene with an id; None if this version has none."""
        return next((scene for scene in self.scenes if scene.identity == scene_id), None)
