"""Studio: an artist's operations on a scene or a whole video, their prices and outcomes."""

import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model, is_none, is_unset
from models.credits import Balance, Operation
from models.edits import TimelineEdit
from models.footage import MIDDLE, Focus, OwnShot, is_middle
from models.generation import Limits
from models.profiles import FIRST_REVISION, ProfileName, Revision
from models.progress import FailureNote
from models.storyboard import CameraMove
from models.timeline import Timeline, TimelineScene

DRAFT_TAKE = "draft"
"""The take that a scene has in version 1."""

OPERATION_ID = re.compile(r"(?!generate$|draft$)[A-Za-z0-9_-]{1,80}")
"""Operation ids become part of workflow ids and ledger keys."""


class StudioKind(StrEnum):
    """The kinds of operation. `image` and `video` are made and paid for; the others are free.

    `own` shows a picture or clip of the artist's own.
    """

    IMAGE = "image"
    VIDEO = "video"
    CHOOSE = "choose"
    RESTORE = "restore"
    EDIT = "edit"
    OWN = "own"

    @property
    def is_on_scene(self) -> bool:
        """Whether it concerns one scene; the others concern the whole video, one at a time."""
        return self not in (StudioKind.RESTORE, StudioKind.EDIT)

    @property
    def charged_as(self) -> Operation | None:
        """The ledger's name for it, if it has a price."""
        return _CHARGED_AS.get(self)


_CHARGED_AS = {StudioKind.IMAGE: Operation.REGENERATE_IMAGE, StudioKind.VIDEO: Operation.REGENERATE_VIDEO}


class SceneEdit(Model):
    """The changes; missing fields stay. The run checks the bounds, and answers in a sentence."""

    prompt: str | None = Field(default=None, description="of the still for `image`, of the motion for `video`")
    seed: int | None = Field(default=None, ge=0, lt=2**32, description="none: another one than before")
    camera_move: CameraMove | None = None
    character_ids: tuple[str, ...] | None = None
    location_id: str | None = None
    like: int | None = Field(
        default=None,
        exclude_if=is_none,
        description="the id of the scene whose place, hour, weather and light it takes",
    )


class RestoredBy(StrEnum):
    """How a version came back: by the artist's choice of it, by undo, or by redo."""

    CHOICE = ""
    UNDO = "undo"
    REDO = "redo"


class StudioOrder(Model):
    """One requested operation. A repeated operation id is the same operation."""

    account_id: str
    video_id: str
    operation_id: str
    kind: StudioKind
    scene_index: int | None = Field(default=None, description="its place; none for `restore` and `edit`")
    edit: SceneEdit = SceneEdit()
    take_id: str = Field(default="", description="of `choose`: an operation id, or `draft`")
    version: int | None = Field(default=None, description="of `restore`")
    quoted: int | None = Field(default=None, description="the price that was shown; another price now is refused")
    scene_id: int | None = Field(
        default=None, exclude_if=is_none, description="the scene's id; none: of the scene at its place"
    )
    base_version: int | None = Field(
        default=None, exclude_if=is_none, description="the newest version that the artist saw; none: any"
    )
    edits: tuple[TimelineEdit, ...] = Field(default=(), exclude_if=is_unset, description="of `edit`")
    analysis_key: str = Field(
        default="", exclude_if=is_unset, description="of `edit` with `use_beats`: the corrected analysis"
    )
    restored_by: RestoredBy = Field(default=RestoredBy.CHOICE, exclude_if=is_unset, description="of `restore`")
    own: OwnShot | None = Field(default=None, exclude_if=is_none, description="of `own`")

    @property
    def scene(self) -> int | None:
        """The id of the scene; without one, the scene's place stands for it."""
        return self.scene_index if self.scene_id is None else self.scene_id


class StudioState(StrEnum):
    """The state of an operation. `made`: its take exists, its version does not yet."""

    ACCEPTED = "accepted"
    MADE = "made"
    DELIVERED = "delivered"
    FAILED = "failed"


class AcceptedOperation(Model):
    """The answer to an accepted operation: the credits held, and the workflow that does the work."""

    operation_id: str
    operation_key: str
    kind: StudioKind
    scene_index: int | None = None
    price: int = 0
    free_units: int = 0
    reason: str = ""
    balance: Balance
    workflow_id: str = Field(default="", description="empty if there is nothing to make")
    state: StudioState = StudioState.ACCEPTED


class SceneTake(Model):
    """One candidate for a scene: its pieces, and everything that it was made from. Fields are `TimelineScene`'s."""

    scene_index: int = Field(description="the scene's id")
    take_id: str
    prompt: str
    motion_prompt: str
    seed: int = 0
    camera_move: str = ""
    character_ids: tuple[str, ...] = ()
    location_id: str = ""
    still_scene: int
    still: str
    still_key: str
    segment_key: str
    prompts_key: str
    shots_key: str
    marks: tuple[str, ...] = ()

    frames: int = Field(default=0, exclude_if=is_unset, description="of its segment; 0: as the scene in version 1")
    clip_key: str = Field(default="", exclude_if=is_unset, description="the own clip that its segment was cut from")
    clip_frames: int = Field(default=0, exclude_if=is_unset)
    in_frame: int = Field(default=0, exclude_if=is_unset)
    frozen: bool = Field(default=False, exclude_if=is_unset)
    footage_id: str = Field(default="", exclude_if=is_unset)
    focus: Focus = Field(default=MIDDLE, exclude_if=is_middle)

    @classmethod
    def of(cls, scene: TimelineScene) -> "SceneTake":
        """The take that a scene shows."""
        return cls.model_validate({**scene.model_dump(), "scene_index": scene.identity, "frames": scene.frame_count})

    def measured(self, draft: Timeline) -> "SceneTake":
        """With its length. Takes from before edits lack it: all versions had the cuts of the draft."""
        scene = None if self.frames else draft.find(self.scene_index)
        return self if scene is None else self.model_copy(update={"frames": scene.frame_count})


def takes_of(scene: TimelineScene, takes: Sequence[SceneTake]) -> list[SceneTake]:
    """A scene's takes, oldest first, and those of the scene that it shows; of two with one id its own."""
    own = [take for take in takes if take.scene_index == scene.identity]
    ids = {take.take_id for take in own}
    return own + [take for take in takes if take.scene_index == scene.shows_scene and take.take_id not in ids]


class StudioOperation(Model):
    """An operation as the Vault stores it."""

    order: StudioOrder
    operation_key: str
    state: StudioState
    base_version: int = Field(description="the version that the artist saw")
    price: int = 0
    free_units: int = 0
    take: SceneTake | None = None
    version: int | None = Field(default=None, description="the version that it made")
    failure: FailureNote | None = None
    accepted_at: datetime
    ended_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether the operation may still deliver."""
        return self.state in (StudioState.ACCEPTED, StudioState.MADE)


class OperationRef(Model):
    """Argument of the steps on one operation, and input of `RegenerateScene`, which reads the rest from the Vault."""

    account_id: str
    video_id: str
    operation_id: str
    limits: Limits = Limits()


class VideoStep(Model):
    """Argument of the steps on a whole video."""

    account_id: str
    video_id: str


class VersionStep(Model):
    """Argument of `rebuild_version`, and input of `RebuildVersion`."""

    account_id: str
    video_id: str
    version: int
    limits: Limits = Limits()


class OpenOperation(Model):
    """An operation that a run must finish."""

    operation_id: str
    kind: StudioKind
    scene_index: int | None = None


class StudioReady(Model):
    """Answer of `open_studio`: what a run needs to know of a video to serve it."""

    version: int
    timeline_key: str = ""
    scene_count: int
    credits_charged: int = Field(description="the credits charged for its generation")
    operations: tuple[OpenOperation, ...] = Field(default=(), description="accepted, and not ended yet")


class Retake(Model):
    """Answer of `prepare_take`: the inputs of a scene's take."""

    kind: StudioKind
    profile: ProfileName
    scene_index: int
    scene_count: int
    plan_key: str
    analysis_key: str
    prompts_key: str
    shots_key: str
    still_scene: int
    still: str = Field(description="the digest of the still that is shown now")
    profile_revision: Revision = FIRST_REVISION
    still_model: str = Field(default="", description="the video's model; empty: the default")
    clip_model: str = Field(default="", description="the video's model; empty: the default")


class MadeStep(Model):
    """Argument of `record_take`: the results, as digests."""

    operation: OperationRef
    prompts_key: str
    shots_key: str
    still_scene: int
    still: str
    segment: str
    image_words: str = Field(default="", description="as in `OtherWords`")
    motion_words: str = Field(default="", description="as in `OtherWords`")


class EndStep(Model):
    """Argument of `end_operation`: the operation failed, and why."""

    operation: OperationRef
    note: FailureNote


class Joined(Model):
    """Answer of `join_version`: the operation's version; 0 if its credits had been released before."""

    version: int
    timeline_key: str = ""
    scene_count: int = Field(default=0, description="of the version; 0: as before")


class Outcome(Model):
    """Answer of `RegenerateScene`, of `await_operation` and of `end_operation`."""

    operation_id: str
    state: StudioState
    version: int | None = None
    failure: FailureNote | None = None
