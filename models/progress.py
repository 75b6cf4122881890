"""What the artist sees of a run while it works."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model


class StageName(StrEnum):
    """The nine stages, in order."""

    ANALYSIS = "audio analysis"
    VISION = "creative vision"
    CASTING = "casting"
    PLANNING = "sequence planning"
    SHOTS = "shot specification"
    PROMPTS = "prompt engineering"
    STILLS = "image generation"
    CLIPS = "video generation"
    ASSEMBLY = "assembly"

    @property
    def slug(self) -> str:
        """As it is typed and searched for: with hyphens."""
        return self.value.replace(" ", "-")


class StageStatus(StrEnum):
    """`waiting` means parked: it needs a person or another try."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"


class RunStatus(StrEnum):
    """The run as a whole; also the value of the state search attribute."""

    RUNNING = "running"
    NEEDS_ATTENTION = "needs_attention"
    DRAFT_READY = "draft_ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


CLOSED = frozenset({RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.CLOSED})
"""Nothing more happens in such a run."""


class SceneStatus(StrEnum):
    """How far one scene is."""

    PENDING = "pending"
    STILL = "still"
    CLIP = "clip"


class StageProgress(Model):
    """One stage. `total` is 0 while it is not known."""

    name: StageName
    status: StageStatus = StageStatus.PENDING
    done: int = 0
    total: int = 0
    started_at: datetime | None = None
    finished_at: datetime | None = None
    sentence: str = ""
    attempt: int | None = Field(default=None, description="filled in by watchers, from pending activities")
    last_failure: str | None = Field(default=None, description="filled in by watchers, from pending activities")


class FailureNote(Model):
    """Why a run ended without a draft, in words for the artist."""

    type: str
    sentence: str


class OperationStage(StrEnum):
    """Where a Studio operation is in its run: waiting for the run to take it up, being made, being joined."""

    QUEUED = "queued"
    MAKING = "making"
    JOINING = "joining"


class OperationProgress(Model):
    """A Studio operation under way. While it is `making`, its own workflow's `progress` tells more."""

    operation_id: str
    kind: str
    scene_index: int | None = None
    stage: OperationStage = OperationStage.QUEUED
    workflow_id: str = ""


class Progress(Model):
    """The answer of the `progress` query."""

    video_id: str
    status: RunStatus = RunStatus.RUNNING
    sentence: str = ""
    stages: tuple[StageProgress, ...] = ()
    scenes: tuple[SceneStatus, ...] = ()
    fraction_done: float = 0.0
    started_at: datetime | None = None
    updated_at: datetime | None = None
    expected_finish_at: datetime | None = None
    version: int = 0
    timeline_key: str | None = None
    credits_charged: int = 0
    failure: FailureNote | None = None
    operations: tuple[OperationProgress, ...] = ()
