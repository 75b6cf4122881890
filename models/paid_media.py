"""Pictures and clips bought from a provider: requests, jobs and costs."""

from datetime import datetime
from enum import StrEnum

from pydantic import Field

from models.base import Model, is_unset
from models.profiles import FIRST_REVISION, ProfileName, Revision


class PieceKind(StrEnum):
    """The kind of a bought piece: a character's reference still, a scene's still, a scene's clip."""

    PORTRAIT = "portrait"
    STILL = "still"
    CLIP = "clip"


class Media(Model):
    """The models that make a run's pictures.

    Resolved once per run, in its history; the default is the local painter.
    """

    provider: str = Field(default="", description="empty: nothing is bought")
    still_model: str = ""
    clip_model: str = ""

    @property
    def paid(self) -> bool:
        """Whether pieces are bought."""
        return bool(self.provider)


class MediaQuestion(Model):
    """Argument of `choose_media`. Names of models; empty: the default."""

    account_id: str
    video_id: str
    still_model: str = ""
    clip_model: str = ""


class JobRef(Model):
    """A job accepted by the provider: its id there and its URLs."""

    job_key: str
    request_id: str
    status_url: str = ""
    response_url: str = ""
    cancel_url: str = ""


def edition_in(job_key: str) -> str:
    """The edition of a still in the key of its purchase; empty: the draft's own."""
    return job_key.rsplit(".", 2)[-2].partition("-")[2] if job_key.count(".") > 1 else ""


class PieceOrder(Model):
    """Argument of `order_piece`: one piece to buy, unless its key is bought already."""

    job_key: str = Field(description="made of workflow id, piece, scene and revision; never run id or attempt")
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
    style: str = Field(default="", description="of a portrait: the style's slug")
    character_id: str = Field(default="", description="of a portrait")
    model: str = Field(default="", description="the run's model for this kind; empty: the default")
    urgent: bool = Field(default=False, description="Studio: the artist waits for this one piece")
    planned_clips: int = Field(default=0, description="how many clips the run plans to buy; 0: not known")
    forced: bool = Field(
        default=False, description="support lets it go on although an earlier job's outcome is unknown"
    )
    allowance_micro_usd: int | None = Field(default=None, description="what the whole video may have cost, with this")
    remedy: str = Field(default="", description="how its pictures are prepared after a job failed on them")
    troubles: int = Field(default=0, description="failed jobs with a temporary reason: the next one waits first")


class CollectStep(Model):
    """Argument of `collect_piece`."""

    order: PieceOrder
    ticket: JobRef
    attempts: int = Field(default=0, description="the last attempt's number; 0: not known")


class Billing(StrEnum):
    """Whether an ended job is on the provider's bill."""

    FREE = "free"
    POSSIBLE = "possible"
    CERTAIN = "certain"


class Remedy(StrEnum):
    """The change for the next purchase of a piece, after a failed job.

    `later` waits first. The others concern the input pictures: they travel in the request, and are enlarged, reduced or
    only re-encoded.
    """

    NONE = ""
    LATER = "later"
    LARGER = "larger"
    SMALLER = "smaller"
    INLINE = "inline"


class PieceRequest(Model):
    """A request to a provider. It is never stored: its pictures may travel inline."""

    kind: PieceKind
    prompt: str
    images: tuple[str, ...] = Field(default=(), description="URLs of the references, or of a clip's first picture")
    negative_prompt: str = ""
    seed: int = 0
    duration_s: float = Field(default=0, description="of a clip: its least length")
    model: str = Field(default="", description="the run's model for this kind; empty: the default")


class JobState(StrEnum):
    """`intended`: the request may leave at any moment. `unknown`: it may have left, and its outcome is not known.

    `withdrawn`: refused before it was accepted. `lost`: given up as unknown, and bought again under another key.
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
    """One paid job, as recorded in its row."""

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
    unknowns: int = Field(default=0, description="submissions whose outcome stayed unknown: possible double spends")
    answer: str | None = Field(default=None, description="the body of the provider's webhook, JSON")
    result: str | None = Field(default=None, description="the stored piece, JSON")
    reason: str = Field(default="", description="why it failed, in words")
    failure: str = Field(default="", description="the failure's type, to give the same answer again")
    said: str = Field(default="", description="the provider's own error type, for support")
    remedy: str = Field(default="", description="the change for the next purchase")
    billing: str = Field(default="", description="of an ended job: whether it is on the bill; empty: an older row")
    cancelled_from: str = Field(default="", description="the job's state when it was cancelled; empty: never cancelled")
    intended_at: datetime
    ended_at: datetime | None = None

    @property
    def charges(self) -> int:
        """How often its price is, or may be, on the provider's bill. A policy refusal may be billed."""
        if self.ended_at is not None and self.billing:
            return self.unknowns + (self.billing != Billing.FREE)
        free = (JobState.WITHDRAWN, JobState.CANCELLED, JobState.UNKNOWN, JobState.LOST)
        once = self.state not in free and not (self.state is JobState.FAILED and self.failure == "JobFailed")
        return self.unknowns + once

    @property
    def ticket(self) -> JobRef | None:
        """The provider's ticket, once known."""
        if self.request_id is None:
            return None
        return JobRef(
            job_key=self.job_key,
            request_id=self.request_id,
            status_url=self.status_url,
            response_url=self.response_url,
            cancel_url=self.cancel_url,
        )


class JobStatus(StrEnum):
    """The state of a job at the provider."""

    QUEUED = "queued"
    RUNNING = "running"
    ENDED = "ended"


class Portrait(Model):
    """A character without locked references, whose portrait is bought once."""

    character_id: str


class CastList(Model):
    """The characters whose reference stills are missing."""

    portraits: tuple[Portrait, ...]


class CastStep(Model):
    """Argument of `list_cast`."""

    account_id: str
    video_id: str
    treatment_key: str


class ConformStep(Model):
    """Argument of `conform_clip`: a scene's footage becomes the segment of that scene or of a reprise."""

    account_id: str
    video_id: str
    profile: ProfileName
    scene_index: int
    plan_key: str
    footage_scene: int
    footage: str = Field(description="the clip's digest")
    profile_revision: Revision = FIRST_REVISION
    first_frame: int = Field(
        default=0, exclude_if=is_unset, description="of the clip, where the scene goes on with another one's"
    )


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
    """Argument of `withdraw_jobs`: the run `workflow_id` needs its jobs no longer."""

    workflow_id: str


class Withdrawn(Model):
    """How many jobs were cancelled at the provider, and how many had already gone too far."""

    cancelled: int
    running: int


class JobsReconciled(Model):
    """The number of open rows, and those that were settled."""

    open: int
    settled: tuple[str, ...] = ()


class PermitRequest(Model):
    """A request for one of a provider key's permits."""

    job_key: str
    provider: str
    account_id: str
    urgent: bool = False


DRAFTS_KEY = "drafts"
"""In place of a provider's key: the places of drafts in the making, which are kept in the same way."""


ALLOWED_AGAIN = 0.5
"""Share of the estimate that is added each time a person lets a run go on."""


class SpendingPlan(Model):
    """What a run may cost: shown with its quote, planned for, and compared with its actual cost."""

    estimate_micro_usd: int = 0
    made: int = Field(default=0, description="scenes that are made")
    reprises: int = Field(default=0, description="scenes that show an earlier take again")
    park_at: float = Field(default=1.5, description="factor on the estimate: a run that costs more waits")

    @property
    def reprise_share(self) -> float:
        """Share of all scenes, 0…1."""
        return self.reprises / max(1, self.made + self.reprises)


class SpendingBounds(Model):
    """The budget of one generation, in dollars: settings."""

    per_minute_usd: float = Field(default=2.5, gt=0)
    least_usd: float = Field(default=6.0, gt=0)
    most_usd: float = Field(default=15.0, gt=0)
    park_at: float = Field(default=1.5, ge=1, description="times the estimate")

    def budget_micro_usd(self, duration_s: float) -> int:
        """The budget for a song of this length."""
        wished = max(self.least_usd, self.per_minute_usd * duration_s / 60)
        return round(min(self.most_usd, wished) * 1_000_000)
