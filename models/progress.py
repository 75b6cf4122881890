"""A run's progress, as the artist sees it."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model
from models.standstill import Standstill


class StageName(StrEnum):
    """The stages, in order; models/stages.py says what each of them is."""

    ANALYSIS = "audio analysis"
    VISION = "creative vision"
    CASTING = "casting"
    PLANNING = "sequence planning"
    SHOTS = "shot specification"
    PROMPTS = "prompt engineering"
    STILLS = "image generation"
    STORYBOARD = "storyboard"
    CLIPS = "video generation"
    ASSEMBLY = "assembly"


class StageStatus(StrEnum):
    """`waiting` means parked: the stage needs a person or another try."""

    PENDING = "pending"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    WAITING = "waiting"


class RunStatus(StrEnum):
    """The run as a whole; also the value of the state search attribute."""

    RUNNING = "running"
    WAITING_FOR_ARTIST = "waiting_for_artist"
    NEEDS_ATTENTION = "needs_attention"
    DRAFT_READY = "draft_ready"
    FAILED = "failed"
    CANCELLED = "cancelled"
    CLOSED = "closed"


CLOSED = frozenset({RunStatus.FAILED, RunStatus.CANCELLED, RunStatus.CLOSED})
"""States of a run that has ended."""


class SceneStatus(StrEnum):
    """The progress of one scene."""

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
    waits_for: str = Field(default="", description="the type of the failure that parked it last, for support")
    attempt: int | None = Field(default=None, description="filled in by watchers, from pending activities")
    last_failure: str | None = Field(default=None, description="filled in by watchers, from pending activities")


class FailureNote(Model):
    """Why a run ended without a draft, in words for the artist."""

    type: str
    sentence: str


class OperationStage(StrEnum):
    """The state of a Studio operation in its run: waiting to be taken up, being made, being joined."""

    QUEUED = "queued"
    MAKING = "making"
    JOINING = "joining"


class OperationProgress(Model):
    """A Studio operation under way. While it is `making`, its own workflow's `progress` has the details."""

    operation_id: str
    kind: str
    scene_index: int | None = None
    stage: OperationStage = OperationStage.QUEUED
    workflow_id: str = ""


class BoardProgress(Model):
    """A storyboard on which a run waits, or has waited."""

    revision: int = Field(examples=[3])
    scenes: int = Field(description="how many it has", examples=[40])
    scene_ids: tuple[int, ...] = Field(default=(), description="of its scenes, in their order", examples=[[0, 1, 2]])
    approved: int = Field(description="how many of them are approved", examples=[12])
    filmed: int = Field(description="approved scenes whose clip is made", examples=[8])
    open: bool = Field(default=True, description="whether edits and approvals are taken")
    answer_by: datetime | None = Field(default=None, description="unanswered until then, it ends like a stop")
    warned: bool = Field(default=False, description="whether that is near")


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
    board: BoardProgress | None = Field(default=None, description="of a run that was ordered with a storyboard")
    standstill: Standstill | None = Field(default=None, description="filled in by watchers, from the server's facts")
