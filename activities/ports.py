"""What the steps need of the world. Engines and stores fit these; `worker.py` puts them together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Protocol, Self

from models.brief import Brief
from models.credits import (
    Balance,
    HoldInfo,
    HoldReceipt,
    HoldRequest,
    LedgerReport,
    Operation,
    Quote,
    Settlement,
    SettleRequest,
)
from models.exports import PieceBasis, PieceFacts, PiecePlan, PieceSources
from models.media_models import PromptLimits
from models.paid_media import (
    Job,
    JobState,
    JobStatus,
    JobTicket,
    Media,
    PermitRequest,
    PieceKind,
    PieceRequest,
    SpendingPlan,
)
from models.profiles import Profile
from models.progress import FailureNote
from models.song import FIRST_HEARD, AudioFacts, Heard, SongAnalysis, SongRef
from models.spending import Spending
from models.storyboard import PromptList, Scene, ScenePrompt, SequencePlan, ShotList
from models.stretches import ChangedScene, Stretch
from models.studio import SceneTake, StudioOperation, StudioOrder, Ticket
from models.takes import AnimationRequest, MusicCues, StillRequest
from models.timeline import Timeline
from models.treatment import Casting, Character, Treatment
from models.vault import AssetRef, ExportKind, Removal, Shelf

Pulse = Callable[[], None]
"""Called a few times a second during long work; raises when the work is no longer wanted."""


class ObjectStore(Protocol):
    """Objects under keys. Writing the same key again is harmless: keys are derived from inputs."""

    def put_bytes(self, key: str, data: bytes, content_type: str) -> None:
        """Store small data."""
        ...

    def put_file(self, key: str, path: Path, content_type: str) -> None:
        """Store a file."""
        ...

    def get_bytes(self, key: str) -> bytes:
        """Read a small object; raises `NotStored` where there is none."""
        ...

    def get_range(self, key: str, start: int, size_bytes: int) -> bytes:
        """Read a part of an object, shorter where it ends; raises `NotStored` where there is none."""
        ...

    def compose(self, key: str, stretches: Sequence[Stretch], content_type: str) -> None:
        """Store what consists of parts of files and of other objects; raises `NotStored` where one of those is gone."""
        ...

    def get_file(self, key: str, path: Path) -> None:
        """Write an object into a file; raises `NotStored` where there is none."""
        ...

    def size(self, key: str) -> int | None:
        """An object's size in bytes, or None where there is none."""
        ...

    def list_keys(self, prefix: str) -> Iterator[str]:
        """The keys below a prefix, in order."""
        ...

    def delete_prefix(self, prefix: str) -> int:
        """Delete everything below a prefix; returns how many objects went."""
        ...


class Ledger(Protocol):
    """Credits. Every call is safe to repeat."""

    def hold(self, request: HoldRequest) -> HoldReceipt:
        """Reserve; raises `InsufficientCredits`."""
        ...

    def is_stopped(self, operation_key: str) -> bool:
        """Whether the artist has stopped a generation."""
        ...

    def settle(self, request: SettleRequest) -> Settlement:
        """Capture if a version is stored under the operation key, release otherwise, in one transaction."""
        ...

    def balance(self, account_id: str) -> Balance:
        """What the account has now."""
        ...

    def standing_holds(self, held_before: datetime, limit: int = 500, after: HoldInfo | None = None) -> list[HoldInfo]:
        """Holds that have not ended, oldest first; the next page begins behind `after`."""
        ...

    def verify(self) -> LedgerReport:
        """Recompute all balances from the entries."""
        ...

    def quote(self, account_id: str, operation: Operation) -> Quote:
        """What an operation would cost the account now."""
        ...


class Vault(Protocol):
    """Songs, videos and versions, per account."""

    def song(self, account_id: str, song_id: str) -> SongRef:
        """A song; raises `NotStored`."""
        ...

    def record_analysis(
        self, account_id: str, song_id: str, analysis_key: str, soundtrack_key: str, heard: Heard = FIRST_HEARD
    ) -> SongRef:
        """Remember what was made of a song's bytes; a revision that is older than the song's changes nothing."""
        ...

    def is_delivered(self, account_id: str, video_id: str) -> bool:
        """Whether any version of the video is stored."""
        ...

    def timeline(self, account_id: str, video_id: str, version: int | None = None) -> Timeline:
        """The timeline of a version, None of the latest; raises `NotStored`."""
        ...

    def deliver_version(
        self,
        account_id: str,
        operation_key: str,
        timeline: Timeline,
        title: str,
        style: str,
        brief: Brief | None = None,
    ) -> bool:
        """Store a version if the operation's hold still stands; False when the hold was released before."""
        ...

    def settle_late(self, request: HoldRequest) -> Settlement:
        """Deliver what was kept aside, paid anew, in one transaction; raises `InsufficientCredits`."""
        ...


class Operations(Protocol):
    """Studio's operations, from order to version or refund."""

    def accept(self, order: StudioOrder) -> Ticket:
        """Hold its price and write it down; raises `InvalidInput` or `InsufficientCredits`."""
        ...

    def operation(self, account_id: str, video_id: str, operation_id: str) -> StudioOperation:
        """An operation; raises `NotStored`."""
        ...

    def of_video(self, account_id: str, video_id: str) -> list[StudioOperation]:
        """All operations on a video, oldest first."""
        ...

    def takes(self, account_id: str, video_id: str) -> list[SceneTake]:
        """The takes of all scenes, the draft's first."""
        ...

    def spent_retries(self, account_id: str, video_id: str) -> frozenset[int]:
        """The scenes whose free retry has been used."""
        ...

    def generation_cost(self, account_id: str, video_id: str) -> int:
        """What the video's generation was charged."""
        ...

    def record_take(self, account_id: str, operation_key: str, take: SceneTake) -> StudioOperation:
        """Remember what an operation made."""
        ...

    def deliver(self, account_id: str, operation_key: str, timeline: Timeline) -> int | None:
        """Store its version; None when it had been given up; raises `VersionMoved`."""
        ...

    def give_up(self, account_id: str, operation_key: str, note: FailureNote) -> StudioOperation:
        """End it without a version, with a refund; a delivered one stays."""
        ...


class SpendingBook(Protocol):
    """What runs have paid to providers."""

    def record(self, spending: Spending) -> None:
        """Write a line, unless its key is there already."""
        ...

    def total_micro_usd(self, video_id: str) -> int:
        """What a video has cost so far, in millionths of a dollar."""
        ...


class RunRegistry(Protocol):
    """Which runs are open."""

    async def is_open(self, workflow_id: str) -> bool:
        """Whether a run with this id is open now; False also where there never was one."""
        ...

    async def cancel(self, workflow_id: str) -> None:
        """Ask an open run to end; one that is closed or was never there stays as it is."""
        ...

    async def song_of(self, workflow_id: str) -> str | None:
        """The song that an open run works with; None where there is no such run or it is closed."""
        ...


class ExecutionStore(Protocol):
    """What Temporal keeps about runs."""

    async def delete_of(self, shelf: Shelf, subject_id: str, pulse: Pulse) -> int:
        """Delete the executions that know a deleted thing by its words; returns how many."""
        ...

    async def delete_of_account(self, account_id: str, pulse: Pulse) -> int:
        """Delete all executions of an account but those that delete; returns how many."""
        ...

    async def end_of_account(self, account_id: str, *, force: bool) -> int:
        """Cancel, or terminate, the account's open runs; returns how many there were."""
        ...


class AccountData(Protocol):
    """All rows of an account."""

    def rows(self, account_id: str) -> Iterator[tuple[str, list[dict[str, object]]]]:
        """Everything that is kept, by table, as plain JSON values; raises `InvalidInput` for an unknown account."""
        ...

    def close(self, account_id: str) -> None:
        """Let nobody in any more."""
        ...

    def standing_holds(self, account_id: str) -> list[SettleRequest]:
        """What is still held, to be settled."""
        ...

    def forget(self, account_id: str) -> int:
        """Delete the rows outside of the ledger; returns how many."""
        ...


class CharacterBook(Protocol):
    """Characters locked in the Vault."""

    def get(self, account_id: str, character_id: str) -> Character:
        """A character; raises `NotStored`."""
        ...


class RemovalDesk(Protocol):
    """Deletes rows of the Vault. Every call is safe to repeat."""

    def hide(self, account_id: str, shelf: Shelf, subject_id: str) -> None:
        """Take something off the lists."""
        ...

    def show(self, account_id: str, shelf: Shelf, subject_id: str) -> None:
        """Put it back."""
        ...

    def drafts_in_the_making(self, account_id: str) -> list[str]:
        """The workflows that hold credits for a draft now."""
        ...

    def forget(self, account_id: str, shelf: Shelf, subject_id: str) -> Removal:
        """Delete the rows; says what is left to remove from the object store."""
        ...


class Analyst(Protocol):
    """Hears a song."""

    def analyze(self, path: Path, pulse: Pulse) -> SongAnalysis:
        """Analyse the audio file at `path`."""
        ...


class SongCopier(Protocol):
    """Writes working copies of songs that are older than those."""

    def copy_source(self, source: Path, copy: Path, pulse: Pulse) -> AudioFacts:
        """Decode the artist's file as the intake does, into `copy`; raises `InvalidInput`."""
        ...


class SoundtrackMaker(Protocol):
    """Encodes the song once, as the soundtrack of all its videos."""

    def encode_soundtrack(self, source: Path, out: Path, pulse: Pulse) -> bool:
        """Write AAC, 48 kHz stereo, in MP4 with the encoder delay declared; True where it had to be made quieter."""
        ...


class Director(Protocol):
    """Decides what is seen: treatment, cast, shots, prompts. Steps store answers, so none is asked for twice."""

    def envision(self, brief: Brief, analysis: SongAnalysis, song_title: str) -> Treatment:
        """The creative vision."""
        ...

    def cast(self, brief: Brief, analysis: SongAnalysis, treatment: Treatment) -> Casting:
        """Who appears where, per section."""
        ...

    def specify_shots(
        self, brief: Brief, analysis: SongAnalysis, treatment: Treatment, casting: Casting, scenes: Sequence[Scene]
    ) -> ShotList:
        """Camera, lens, movement, framing, light and action for each of the given scenes."""
        ...

    def write_prompts(
        self, brief: Brief, treatment: Treatment, casting: Casting, scenes: Sequence[Scene], shots: ShotList
    ) -> PromptList:
        """Image and motion prompts for each of the given scenes."""
        ...

    def enhance(self, brief: Brief) -> Brief:
        """A short brief expanded into a richer direction."""
        ...

    def within(self, limits: PromptLimits) -> Self:
        """The same director for a run whose models take other prompts."""
        ...


class Planner(Protocol):
    """Timeline arithmetic: never a model's."""

    def plan(self, analysis: SongAnalysis, profile: Profile, max_scenes: int, seed: int) -> SequencePlan:
        """Scenes on exact frames, at most `max_scenes` of them made, the rest reprises."""
        ...

    def cues(self, analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues:
        """The music under a stretch of frames."""
        ...


class Estimator(Protocol):
    """Says what a plan will cost, where pieces are bought."""

    def estimate(self, plan: SequencePlan, profile: Profile, treatment: Treatment | None = None) -> SpendingPlan:
        """What its pieces cost when each of them is bought once."""
        ...


class RunPlanner(Planner, Estimator, Protocol):
    """Plans and estimates for the models of one run."""

    @property
    def prompt_limits(self) -> PromptLimits:
        """What prompts for its models must keep to."""
        ...


RunPlanners = Callable[[str, str], RunPlanner]
"""The planner for a still and a clip model by name; empty names are the house's. Raises `InvalidInput`."""


class Painter(Protocol):
    """Makes a still."""

    def paint(self, request: StillRequest, references: Sequence[Path], out: Path, pulse: Pulse) -> None:
        """Write a PNG of exactly the asked size to `out`."""
        ...


class Animator(Protocol):
    """Films a segment from a still."""

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse) -> None:
        """Write an MP4 segment (video only) of exactly `request.frame_count` frames to `out`."""
        ...


class PieceMaker(Protocol):
    """Makes pieces from a finished video."""

    def plan(self, kind: ExportKind, basis: PieceBasis) -> PiecePlan:
        """Which part of the video it shows; raises `InvalidInput` where the video has no such part."""
        ...

    def make(self, plan: PiecePlan, sources: PieceSources, out: Path, pulse: Pulse) -> PieceFacts:
        """Write the file and probe it; raises `MediaCorrupt` when it isn't what it should be."""
        ...


class AssetShelf(Protocol):
    """Lists what was made from videos."""

    def asset(self, account_id: str, asset_id: str) -> AssetRef:
        """A piece; raises `NotStored`."""
        ...

    def add_asset(self, asset: AssetRef) -> AssetRef:
        """List a piece; raises `NotStored` where its video is gone."""
        ...


class Assembler(Protocol):
    """Joins segments and soundtrack by stream copy."""

    def assemble(
        self, segments: Sequence[Path], soundtrack: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse
    ) -> None:
        """Write the finished MP4; raises `MediaCorrupt` when a segment does not fit."""
        ...

    def splice(
        self,
        key: str,
        beginning: bytes,
        changed: Sequence[ChangedScene],
        soundtrack: Path,
        profile: Profile,
        frame_count: int,
        out: Path,
    ) -> list[Stretch] | None:
        """The same MP4 as stretches of another version's, which lies under `key` and begins so.

        New bytes are written to `out`; None where that version can't be a base.
        """
        ...


class PromptRewriter(Protocol):
    """Finds other words for a prompt that a provider has refused."""

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        """The same scene in words that offend less; each attempt, counted from 1, goes further."""
        ...

    def within(self, limits: PromptLimits) -> Self:
        """The same for a run whose models take other prompts."""
        ...


class JobReport(Protocol):
    """Where a job is at its provider."""

    @property
    def status(self) -> JobStatus:
        """Queued, running or ended."""
        ...

    @property
    def has_run(self) -> bool:
        """Whether an ended job has taken a runner's time, as far as the provider says."""
        ...


class MediaShop(Protocol):
    """Sells pictures and clips. Each call is one request; nothing is sent twice by itself."""

    @property
    def media(self) -> Media:
        """What a run without wishes buys."""
        ...

    def media_for(self, still_model: str, clip_model: str) -> Media:
        """What a run buys that wants these models; empty: the house's. Raises `InvalidInput`."""
        ...

    def model_of(self, kind: PieceKind, model: str = "") -> str:
        """The endpoint that makes such a piece, of the run's model if it has one."""
        ...

    def price_micro_usd(self, kind: PieceKind, duration_s: float = 0, model: str = "") -> int:
        """What one piece costs, of the run's model if it has one."""
        ...

    def inline(self, picture: bytes, remedy: str = "") -> str:
        """A picture as a URL that holds it, made ready as `models.paid_media.Remedy` says."""
        ...

    def enlarged(self, picture: bytes) -> bytes | None:
        """A picture that is too small for clip models, enlarged, as JPEG; None where it is large enough."""
        ...

    async def submit(
        self, job_key: str, request: PieceRequest, images: list[str], webhook_url: str | None = None
    ) -> JobTicket:
        """Buy; raises `OutcomeUnknown` when there may be a job or not, anything else when there is none."""
        ...

    def addressed(self, ticket: JobTicket, model: str) -> JobTicket:
        """A ticket with the URLs of its job, where it has none."""
        ...

    async def status(self, ticket: JobTicket) -> JobReport:
        """Where a job is; raises `JobFailed` where the provider does not know it."""
        ...

    async def result(self, ticket: JobTicket, kind: PieceKind) -> str:
        """The URL of what an ended job has made; raises `ContentRefused`, `JobFailed`."""
        ...

    def answered(self, answer: str, kind: PieceKind) -> str:
        """The same, from what a webhook brought."""
        ...

    async def fetch(self, url: str, path: Path, most_bytes: int) -> None:
        """Download a result."""
        ...

    async def cancel(self, ticket: JobTicket) -> bool:
        """Ask that a job stops; False where it has ended or is not known. A running one may go on, and be billed."""
        ...


class JobBook(Protocol):
    """Paid jobs, one row a key; see `stores.provider_jobs`."""

    def intend(self, job: Job, allowance_micro_usd: int | None = None) -> tuple[Job, bool]:
        """Write down that a request is about to leave; says whether it may. Raises `SpendingExceeded`."""
        ...

    def intend_again(self, job_key: str) -> bool:
        """Permission to submit a job of unknown fate once more."""
        ...

    def submitted(self, ticket: JobTicket) -> Job:
        """The provider has accepted."""
        ...

    def unknown(self, job_key: str) -> Job:
        """The answer to a submission was lost."""
        ...

    def withdrawn(self, job_key: str) -> None:
        """The provider has refused the request."""
        ...

    def end(
        self,
        job_key: str,
        state: JobState,
        outcome: str,
        *,
        result: str = "",
        reason: str = "",
        failure: str = "",
        said: str = "",
        billing: str = "",
        remedy: str = "",
    ) -> Job:
        """A job has ended; the first end stays. Counts what it cost and frees its permit."""
        ...

    def asked_to_stop(self, job_key: str, where: JobStatus | None) -> None:
        """Its provider is asked to cancel a job that is `where`; None: it did not accept that."""
        ...

    def give_up(self, job_key: str) -> None:
        """A person has decided to pay anew for a job of unknown fate."""
        ...

    def find(self, job_key: str) -> Job | None:
        """A job by its key."""
        ...

    def landed(self, job_keys: Iterable[str]) -> set[str]:
        """Which of these have got their webhook."""
        ...

    def of_run(self, workflow_id: str) -> list[Job]:
        """The open jobs of a run."""
        ...

    def open_jobs(self, limit: int = 1000) -> list[Job]:
        """All open jobs, oldest first."""
        ...


class Permits(Protocol):
    """Who may have a job in flight; see `stores.permits`."""

    @property
    def renew_every_s(self) -> float:
        """How often a holder or a waiter must be heard of."""
        ...

    def ask(self, request: PermitRequest, capacity: int) -> bool:
        """Take a place in the queue; says whether a permit came with it at once."""
        ...

    def grant(self, provider: str, capacity: int) -> set[str]:
        """Give what is free to who is next; returns all holders."""
        ...

    def renew(self, job_keys: list[str]) -> None:
        """Say that these are still held, or waited for."""
        ...

    def free(self, job_key: str) -> None:
        """Give a permit, or a place in the queue, back."""
        ...

    def keep(self, job_key: str, for_s: float) -> None:
        """Hold a permit for a while without renewing it: nobody waits for its job, which still runs."""
        ...

    def sweep(self, older_than_s: float = 86_400.0) -> None:
        """Remove rows whose holders have been gone for long."""
        ...


class DeliveredInspector(Protocol):
    """Looks at what a provider delivered; raises `MediaCorrupt`."""

    def still(self, delivered: Path, width: int, height: int, out: Path, pulse: Pulse) -> None:
        """Write it as a PNG of exactly the asked size."""
        ...

    def clip(self, delivered: Path, wanted_s: float, pulse: Pulse) -> object:
        """Check that it decodes, is long enough, shows something, and moves."""
        ...


class Conformer(Protocol):
    """Any clip becomes a segment."""

    def conform(self, clip: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse) -> None:
        """Write exactly `frame_count` frames in the profile's format; raises `MediaCorrupt`."""
        ...


class Staging(Protocol):
    """Where uploads wait for their check."""

    def delete_older(self, prefix: str, than: datetime) -> int:
        """Delete what was stored below a prefix before a moment; returns how many objects went."""
        ...


class Sweeper(Protocol):
    """Keeps rows that expire."""

    def sweep(self) -> int:
        """Remove those that have; returns how many."""
        ...
