"""Pictures and clips that are bought from a provider: what is asked for, what a job is, what it may cost."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model
from models.profiles import FIRST_REVISION, ProfileName, Revision
from models.progress import StageName


class PieceKind(StrEnum):
    """What is bought: a character's reference still, a scene's still, a scene's clip."""

    PORTRAIT = "portrait"
    STILL = "still"
    CLIP = "clip"

    @property
    def stage(self) -> StageName:
        """The stage that pays for it."""
        return StageName.CLIPS if self is PieceKind.CLIP else StageName.STILLS


class Media(Model):
    """Who makes the pictures of a run. Resolved once per run, in its history; the default is the local painter."""

    provider: str = Field(default="", description="empty: nothing is bought")
    still_model: str = ""
    clip_model: str = ""

    @property
    def paid(self) -> bool:
        """Whether pieces are bought."""
        return bool(self.provider)


class MediaQuestion(Model):
    """Argument of `choose_media`. Models by name; empty: the house's."""

    account_id: str
    video_id: str
    still_model: str = ""
    clip_model: str = ""


class JobTicket(Model):
    """A job that the provider has accepted: its id there and the URLs that it returned."""

    job_key: str
    request_id: str
    status_url: str = ""
    response_url: str = ""
    cancel_url: str = ""


class PieceOrder(Model):
    """Argument of `order_piece`: one piece to buy, unless it is bought already under its key."""

    job_key: str = Field(description="from workflow id, piece, scene and revision; never run id or attempt")
    kind: PieceKind
    account_id: str
    video_id: str
    profile: ProfileName
    scene_index: int = -1
    prompts_key: str = ""
    plan_key: str = Field(default="", description="of a clip: says how long it must be")
    still_scene: int = Field(default=-1, description="of a clip: the scene whose still it begins with")
    still: str = Field(default="", description="of a clip: that still's digest")
    treatment_key: str = Field(default="", description="of a portrait")
    style: str = Field(default="", description="of a portrait: the preset's slug")
    character_id: str = Field(default="", description="of a portrait")
    model: str = Field(default="", description="the run's for such a piece; empty: the house's")
    urgent: bool = Field(default=False, description="Studio: somebody waits for this one piece")
    planned_clips: int = Field(default=0, description="how many clips the run plans to buy; 0: not known")
    forced: bool = Field(default=False, description="a person lets it go on although an earlier job's fate is unknown")
    allowance_micro_usd: int | None = Field(default=None, description="what the whole video may have cost, with this")
    remedy: str = Field(default="", description="how its pictures are made ready after a job that failed for them")
    troubles: int = Field(default=0, description="jobs of this piece that failed for a passing reason: it waits first")


class CollectStep(Model):
    """Argument of `collect_piece`."""

    order: PieceOrder
    ticket: JobTicket
    attempts: int = Field(default=0, description="the last attempt's number; 0: not known")


class Piece(Model):
    """What was bought, stored: `digest` is a content hash and names it in the object store."""

    digest: str
    size_bytes: int


class Billing(StrEnum):
    """Whether a job that has ended is on the provider's bill."""

    FREE = "free"
    POSSIBLE = "possible"
    CERTAIN = "certain"


class Remedy(StrEnum):
    """What the next purchase of a piece does differently, after a job that failed.

    `later`: waits a while first. The others concern the pictures that it is made from: they travel in the request,
    and are enlarged, reduced or only written anew.
    """

    NONE = ""
    LATER = "later"
    LARGER = "larger"
    SMALLER = "smaller"
    INLINE = "inline"


class PieceRequest(Model):
    """What a provider is asked for. References and the first picture travel beside it."""

    kind: PieceKind
    prompt: str
    negative_prompt: str = ""
    seed: int = 0
    duration_s: float = Field(default=0, description="of a clip: at least so long")
    model: str = Field(default="", description="the run's for such a piece; empty: the house's")


class JobState(StrEnum):
    """`intended`: the request may leave at any moment; `unknown`: it may have left, and nobody knows what became of it.

    `withdrawn`: refused before it was accepted; `lost`: given up as unknown, and paid anew under another key.
    """

    INTENDED = "intended"
    UNKNOWN = "unknown"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    WITHDRAWN = "withdrawn"
    LOST = "lost"


class Job(Model):
    """One paid job, as its row says."""

    job_key: str
    workflow_id: str
    account_id: str
    video_id: str
    provider: str
    model: str
    kind: PieceKind
    scene_index: int
    state: JobState
    price_micro_usd: int = 0
    request_id: str | None = None
    status_url: str = ""
    response_url: str = ""
    cancel_url: str = ""
    planned_clips: int = Field(default=0, description="how many clips its run plans to buy; 0: not known")
    unknowns: int = Field(default=0, description="submissions whose fate was never learnt: possible double spends")
    answer: str | None = Field(default=None, description="the provider's answer as its webhook brought it, JSON")
    result: str | None = Field(default=None, description="the stored piece, JSON")
    reason: str = Field(default="", description="why it failed, in words")
    failure: str = Field(default="", description="the failure's type, to give the same answer again")
    said: str = Field(default="", description="the provider's own type of the error, for support")
    remedy: str = Field(default="", description="what the next purchase does differently")
    billing: str = Field(default="", description="of an ended job: whether it is on the bill; empty: an older row")
    cancelled_from: str = Field(default="", description="where the job was when it was asked to stop; empty: never")
    intended_at: datetime
    ended_at: datetime | None = None

    @property
    def charges(self) -> int:
        """How often its price is, or may be, on the provider's bill. A refusal by policy may be billed."""
        if self.ended_at is not None and self.billing:
            return self.unknowns + (self.billing != Billing.FREE)
        free = (JobState.WITHDRAWN, JobState.CANCELLED, JobState.UNKNOWN, JobState.LOST)
        once = self.state not in free and not (self.state is JobState.FAILED and self.failure == "JobFailed")
        return self.unknowns + once

    @property
    def ticket(self) -> JobTicket | None:
        """What the provider returned, once it is known."""
        if self.request_id is None:
            return None
        return JobTicket(
            job_key=self.job_key,
            request_id=self.request_id,
            status_url=self.status_url,
            response_url=self.response_url,
            cancel_url=self.cancel_url,
        )


class JobStatus(StrEnum):
    """Where a job is at the provider."""

    QUEUED = "queued"
    RUNNING = "running"
    ENDED = "ended"


class Portrait(Model):
    """A character without locked references, to be drawn once."""

    character_id: str


class CastList(Model):
    """Whose reference stills are missing."""

    portraits: tuple[Portrait, ...]


class CastStep(Model):
    """Argument of `list_cast`."""

    account_id: str
    video_id: str
    treatment_key: str


class ConformStep(Model):
    """Argument of `conform_clip`: footage of a scene becomes the segment of the same or of a returning scene."""

    account_id: str
    video_id: str
    profile: ProfileName
    scene_index: int
    plan_key: str
    footage_scene: int
    footage: str = Field(description="the clip's digest")
    profile_revision: Revision = FIRST_REVISION


class RewriteStep(Model):
    """Argument of `rewrite_prompt`: a provider refused a scene's prompt."""

    account_id: str
    video_id: str
    prompts_key: str
    scene_index: int
    complaint: str
    attempt: int = Field(description="counted from 1: each goes further")
    allowance_micro_usd: int | None = Field(default=None, description="what the whole video may have cost")
    still_model: str = Field(default="", description="of the run: other words must fit it, too")
    clip_model: str = Field(default="", description="likewise")


class WithdrawStep(Model):
    """Argument of `withdraw_jobs`: the run `workflow_id` wants nothing any more."""

    workflow_id: str


class Withdrawn(Model):
    """How many jobs were cancelled at the provider, and how many were past that."""

    cancelled: int
    running: int


class JobsReconciled(Model):
    """How many rows were open, and which of them were settled."""

    open: int
    settled: tuple[str, ...] = ()


class PermitRequest(Model):
    """A wish for one of a provider key's permits."""

    job_key: str
    provider: str
    account_id: str
    urgent: bool = False


ALLOWED_AGAIN = 0.5
"""Of the estimate, for each time that a person lets a run go on."""


class SpendingPlan(Model):
    """What a run may cost: shown with its quote, planned for, and held against what it really costs."""

    estimate_micro_usd: int = 0
    made: int = Field(default=0, description="scenes that are made")
    reprises: int = Field(default=0, description="scenes that show an earlier take again")
    park_at: float = Field(default=1.5, description="times the estimate: what a run may cost before it waits")

    @property
    def reprise_share(self) -> float:
        """0…1, of all scenes."""
        return self.reprises / max(1, self.made + self.reprises)


class SpendingBounds(Model):
    """The budget of one generation, in dollars: settings."""

    per_minute_usd: float = Field(default=2.5, gt=0)
    least_usd: float = Field(default=6.0, gt=0)
    most_usd: float = Field(default=15.0, gt=0)
    park_at: float = Field(default=1.5, ge=1, description="times the estimate")

    def budget_micro_usd(self, duration_s: float) -> int:
        """What a song of this length may cost."""
        wished = max(self.least_usd, self.per_minute_usd * duration_s / 60)
        return round(min(self.most_usd, wished) * 1_000_000)
