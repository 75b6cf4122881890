"""Studio: what an artist asks of one scene or of a whole video, what it costs, and what became of it."""

import re
from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model
from models.credits import Balance, Operation
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
    """What can be done. `image` and `video` are made and paid for; `choose` and `restore` cost nothing."""

    IMAGE = "image"
    VIDEO = "video"
    CHOOSE = "choose"
    RESTORE = "restore"

    @property
    def charged_as(self) -> Operation | None:
        """The ledger's name for it, where it has a price."""
        return _CHARGED_AS.get(self)


_CHARGED_AS = {StudioKind.IMAGE: Operation.REGENERATE_IMAGE, StudioKind.VIDEO: Operation.REGENERATE_VIDEO}


class SceneEdit(Model):
    """What is to be different; what is left out stays. Bounds are checked by the run, which answers in a sentence."""

    prompt: str | None = Field(default=None, description="of the still for `image`, of the motion for `video`")
    seed: int | None = Field(default=None, ge=0, lt=2**32, description="none: another one than before")
    camera_move: CameraMove | None = None
    character_ids: tuple[str, ...] | None = None
    location_id: str | None = None


class StudioOrder(Model):
    """One operation as it was asked for. The same operation id is the same operation, however often it arrives."""

    account_id: str
    video_id: str
    operation_id: str
    kind: StudioKind
    scene_index: int | None = Field(default=None, description="none for `restore`")
    edit: SceneEdit = SceneEdit()
    take_id: str = Field(default="", description="of `choose`: an operation id, or `draft`")
    version: int | None = Field(default=None, description="of `restore`")
    quoted: int | None = Field(default=None, description="the price that was shown; another price now is refused")


class StudioState(StrEnum):
    """How far an operation is. `made`: its take exists, its version does not yet."""

    ACCEPTED = "accepted"
    MADE = "made"
    DELIVERED = "delivered"
    FAILED = "failed"


class Ticket(Model):
    """The answer to an operation that was accepted: what is held for it, and which workflow does the work."""

    operation_id: str
    operation_key: str
    kind: StudioKind
    scene_index: int | None = None
    price: int = 0
    free_units: int = 0
    reason: str = ""
    balance: Balance
    workflow_id: str = Field(default="", description="empty where nothing has to be made")
    state: StudioState = StudioState.ACCEPTED


class SceneTake(Model):
    """One candidate for a scene: its pieces, and everything that it was made from. Fields are `TimelineScene`'s."""

    scene_index: int
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

    @classmethod
    def of(cls, scene: TimelineScene) -> "SceneTake":
        """The take that a scene shows."""
        return cls.model_validate({**scene.model_dump(), "scene_index": scene.index})

    def shown_in(self, timeline: Timeline) -> Timeline:
        """The timeline with this take in its scene, and every other scene as it was."""
        changes = self.model_dump(exclude={"scene_index"})
        scenes = tuple(
            scene.model_copy(update=changes) if scene.index == self.scene_index else scene for scene in timeline.scenes
        )
        return timeline.model_copy(update={"scenes": scenes})


class StudioOperation(Model):
    """An operation as the Vault keeps it."""

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
        """Whether something is still to come of it."""
        return self.state in (StudioState.ACCEPTED, StudioState.MADE)


class OperationRef(Model):
    """Argument of the steps on one operation, and input of `RegenerateScene`, which reads the rest in the Vault."""

    account_id: str
    video_id: str
    operation_id: str
    limits: Limits = Limits()


class VideoStep(Model):
    """Argument of the steps that look at a whole video."""

    account_id: str
    video_id: str


class VersionStep(Model):
    """Argument of `rebuild_version`, and input of `RebuildVersion`."""

    account_id: str
    video_id: str
    version: int
    limits: Limits = Limits()


class OpenOperation(Model):
    """An operation that a run has to see to."""

    operation_id: str
    kind: StudioKind
    scene_index: int | None = None


class StudioReady(Model):
    """Answer of `open_studio`: what a run must know of a video to serve it."""

    version: int
    timeline_key: str = ""
    scene_count: int
    credits_charged: int = Field(description="what its generation cost")
    operations: tuple[OpenOperation, ...] = Field(default=(), description="accepted, and not ended yet")


class Retake(Model):
    """Answer of `prepare_take`: what the take of a scene is made from."""

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
    still_model: str = Field(default="", description="the video's; empty: the house's")
    clip_model: str = Field(default="", description="the video's; empty: the house's")


class MadeStep(Model):
    """Argument of `record_take`: what was made, as digests."""

    operation: OperationRef
    prompts_key: str
    shots_key: str
    still_scene: int
    still: str
    segment: str
    image_words: str = Field(default="", description="as in `OtherWords`")
    motion_words: str = Field(default="", description="as in `OtherWords`")


class EndStep(Model):
    """Argument of `end_operation`: it came to nothing, and why."""

    operation: OperationRef
    note: FailureNote


class Joined(Model):
    """Answer of `join_version`: the operation's version; 0 where its credits had gone back before."""

    version: int
    timeline_key: str = ""


class Outcome(Model):
    """Answer of `RegenerateScene`, of `await_operation` and of `end_operation`."""

    operation_id: str
    state: StudioState
    version: int | None = None
    failure: FailureNote | None = None
