"""Inputs and results of the workflows and their activities. Small by design: keys and facts, no media."""

from enum import StrEnum
from typing import Any

from pydantic import Field

from models.base import Model, is_unset
from models.brief import Brief
from models.credits import Balance
from models.paid_media import SpendingPlan
from models.profiles import FIRST_REVISION, ProfileName, Revision

BOARD_TIMEOUT_S = 7 * 86_400.0

BOARD_WARNING_S = 86_400.0


class Limits(Model):
    """Time-outs and bounds of a run. They travel in its input, so that tests can shorten them."""

    draft_timeout_s: float = Field(default=30 * 3600, description="longer than parking, which counts too")
    idle_timeout_s: float = 30 * 86_400
    park_timeout_s: float = 86_400
    light_timeout_s: float = 20
    heartbeat_timeout_s: float = 10
    max_attempts: int = 5
    retry_interval_s: float = 1.0
    max_scenes: int = 120
    reopen_timeout_s: float = Field(default=60, description="a run reopened for Studio closes if nothing is accepted")
    history_events: int = Field(
        default=5_000, description="a run continues as new from here, once nothing is under way"
    )
    board_timeout_s: float = Field(
        default=BOARD_TIMEOUT_S,
        exclude_if=lambda value: value == BOARD_TIMEOUT_S,
        description="a storyboard that is not answered for so long ends like a stop",
    )
    board_warning_s: float = Field(
        default=BOARD_WARNING_S,
        exclude_if=lambda value: value == BOARD_WARNING_S,
        description="its artist is warned so long before",
    )


class AnalyzeRequest(Model):
    """Input of `AnalyzeSong`."""

    account_id: str
    song_id: str
    revision: int = Field(default=1, description="of the analysis that is wanted; the song's own or an older one: none")
    limits: Limits = Limits()


class SongReady(Model):
    """A song that has been analysed. Empty keys: not yet."""

    song_id: str
    title: str
    analysis_key: str = ""
    soundtrack_key: str = ""
    duration_s: float = 0
    revision: int = 1
    copied: bool = Field(default=False, description="whether it has a working copy")

    @property
    def ready(self) -> bool:
        """Whether generation can start."""
        return bool(self.analysis_key and self.soundtrack_key)


class RunMode(StrEnum):
    """`studio`: the video is in the Vault; such a run cannot hold or charge for a generation."""

    GENERATE = "generate"
    STUDIO = "studio"


class GenerateRequest(Model):
    """Input of `GenerateVideo`."""

    account_id: str
    video_id: str
    song_id: str
    song_title: str = ""
    brief: Brief
    profile: ProfileName = ProfileName.FULL
    profile_revision: Revision = FIRST_REVISION
    still_model: str = Field(default="", description="the model of all its stills; empty: the default")
    clip_model: str = Field(default="", description="the model of all its clips; empty: the default")
    limits: Limits = Limits()
    quoted: int | None = Field(default=None, description="the price that was shown; another price now is refused")
    mode: RunMode = RunMode.GENERATE
    storyboard: bool = Field(
        default=False, exclude_if=is_unset, description="wait for the artist before clips are ordered"
    )
    carried: dict[str, Any] | None = Field(
        default=None, description="the state of the run before; only continue-as-new sets it"
    )


class AdmitRequest(Model):
    """Argument of the `admit` update."""

    operation_id: str


class Admission(Model):
    """The credits are held; the run continues by itself."""

    video_id: str
    amount: int
    balance: Balance


class TurnRequest(Model):
    """Argument of `await_turn`: a draft whose credits are held."""

    account_id: str
    operation_key: str


class Turn(Model):
    """It is the draft's turn."""

    attempt: int = Field(default=1, description="above 1: it had waited before, and was lost")


class Reason(Model):
    """Argument of `close`, `abandon` and `retry_stage`: the reason, in words."""

    reason: str = ""


class GenerateResult(Model):
    """The result of a finished run."""

    video_id: str
    version: int
    timeline_key: str


class DocumentRef(Model):
    """A stored document."""

    key: str


class CopyRef(DocumentRef):
    """A stored working copy."""

    size_bytes: int


class PromptsRef(DocumentRef):
    """Stored prompts, and the scenes that show characters: they wait for the cast's portraits, if those are drawn."""

    with_cast: tuple[int, ...] = ()


class SongStep(Model):
    """Argument of the steps of `AnalyzeSong`."""

    account_id: str
    song_id: str
    revision: int = Field(default=1, description="of the analysis that is made")


class RecordStep(Model):
    """Argument of `record_analysis`: what was made from a song's bytes."""

    account_id: str
    song_id: str
    analysis_key: str
    soundtrack_key: str
    revision: int = 1
    copy_bytes: int = Field(default=0, description="of the working copy that was written for it; 0: there was one")


class VisionStep(Model):
    """Argument of `envision_video`."""

    request: GenerateRequest
    analysis_key: str
    title: str
    openings: int = Field(default=0, description="how often support let this run go on")
    allowance_micro_usd: int | None = Field(
        default=None, description="what the whole video may have cost; none: not planned"
    )


class StoryStep(Model):
    """Argument of the steps from casting to prompts; later ones have more keys filled in."""

    request: GenerateRequest
    analysis_key: str
    brief_key: str = ""
    treatment_key: str = ""
    casting_key: str = ""
    plan_key: str = ""
    shots_key: str = ""
    first_scene: int = Field(default=0, description="the scenes of one section: this one …")
    end_scene: int = Field(default=0, description="… up to, not including, this one")
    openings: int = Field(default=0, description="how often support let this run go on")
    allowance_micro_usd: int | None = Field(
        default=None, description="what the whole video may have cost; none: not planned"
    )


class PlannedSection(Model):
    """A run of scenes that are directed together."""

    label: str
    first_scene: int
    end_scene: int


class PlanRef(Model):
    """A stored sequence plan, and what the workflow needs of it. Small even for a song of 20 minutes."""

    key: str
    frame_count: int
    sections: tuple[PlannedSection, ...]
    reprise_of: tuple[int | None, ...] = Field(
        description="for each scene: the scene whose still it shows again, if any"
    )
    spending: SpendingPlan | None = Field(default=None, description="where pieces are bought")
    lengths: tuple[int, ...] = Field(
        default=(), description="of the scenes, in frames, where they are filmed here: it takes time by them"
    )


class VisionRef(Model):
    """The brief as it was used (enhanced or not) and the treatment."""

    brief_key: str
    treatment_key: str


class StillStep(Model):
    """Argument of `paint_still`."""

    account_id: str
    video_id: str
    profile: ProfileName
    scene_index: int
    prompts_key: str
    with_cast: bool = Field(default=False, description="it shows a character whose portrait may still be drawn")


class ClipStep(Model):
    """Argument of `animate_still`."""

    account_id: str
    video_id: str
    profile: ProfileName
    scene_index: int
    plan_key: str
    prompts_key: str
    analysis_key: str
    still_scene: int = Field(description="the scene that the still was painted for: another one in a reprise")
    still: str = Field(description="the still's digest")
    footage_of: int | None = Field(default=None, description="of a reprise: the scene that is shown again")
    profile_revision: Revision = FIRST_REVISION


class SceneTakes(Model):
    """What assembly needs of one scene: digests instead of keys, so that long songs stay small."""

    still_scene: int
    still: str
    segment: str
    marks: tuple[str, ...] = ()


class OtherWords(Model):
    """Keys of the words that a scene was made from, because a provider refused its own."""

    scene_index: int
    image_words: str = Field(default="", description="the still's; empty: the scene's own")
    motion_words: str = Field(default="", description="the clip's; empty: those of the still")


class SectionPrompts(Model):
    """The key of the prompts of a run of scenes."""

    first_scene: int
    end_scene: int
    key: str
    shots_key: str = ""


class AssembleStep(Model):
    """Argument of `assemble_video`: version `version` of a video, its takes in the order of the scenes."""

    account_id: str
    video_id: str
    song_id: str
    profile: ProfileName
    version: int
    plan_key: str
    soundtrack_key: str
    prompts: tuple[SectionPrompts, ...]
    takes: tuple[SceneTakes, ...]
    analysis_key: str = ""
    brief_key: str = ""
    treatment_key: str = ""
    casting_key: str = ""
    other_words: tuple[OtherWords, ...] = Field(default=(), description="of the scenes whose own were refused")
    profile_revision: Revision = FIRST_REVISION
    still_model: str = Field(default="", description="the model that the stills were bought from; empty: none")
    clip_model: str = Field(default="", description="the model that the clips were bought from; empty: none")
    board_key: str = Field(
        default="", exclude_if=is_unset, description="the approved storyboard, which says all but the takes"
    )


class DeliverStep(Model):
    """Argument of `deliver_version`."""

    account_id: str
    operation_key: str
    timeline_key: str
    title: str
    style: str
    brief: Brief | None = None


class Delivery(Model):
    """Whether the version was stored; False if its credits had been released before."""

    delivered: bool


class DiscardStep(Model):
    """Argument of `discard_draft`."""

    account_id: str
    video_id: str


class Discarded(Model):
    """The number of deleted objects."""

    count: int


class ReconcileRequest(Model):
    """Input of `ReconcileCredits` and `VerifyLedger`."""

    limit: int = Field(default=500, gt=0, description="how many holds are read at a time")


class Reconciliation(Model):
    """The number of standing holds, and those that were settled.

    `settled` names the first of them: after an outage there may be more than a payload should hold.
    """

    standing: int
    settled: tuple[str, ...]
    settled_count: int = 0
