"""What activities need of the engines: hearing, directing, planning, drawing, encoding."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, Self

from activities.ports import Pulse
from models.brief import Brief
from models.exports import ExportBasis, ExportFacts, ExportPlan, ExportSources
from models.footage import Focus, OwnCut
from models.media_models import PromptLimits
from models.paid_media import (
    SpendingPlan,
)
from models.profiles import Profile
from models.song import AudioFacts, SongAnalysis
from models.storyboard import PromptList, Scene, ScenePrompt, SequencePlan, ShotList
from models.stretches import ChangedScene, Stretch
from models.takes import AnimationRequest, ClipCut, MusicCues, StillRequest
from models.treatment import Casting, Treatment
from models.vault import ExportKind


class Analyst(Protocol):
    """Analyses a song."""

    def analyze(self, path: Path, pulse: Pulse) -> SongAnalysis:
        """Analyse the audio file at `path`."""
        ...


class SongCopier(Protocol):
    """Writes missing working copies of older songs."""

    def copy_source(self, source: Path, copy: Path, pulse: Pulse) -> AudioFacts:
        """Decode the artist's file as the intake does, into `copy`; raises `InvalidInput`."""
        ...


class SoundtrackMaker(Protocol):
    """Encodes the song once, as the soundtrack of all its videos."""

    def encode_soundtrack(self, source: Path, out: Path, pulse: Pulse) -> bool:
        """Write AAC, 48 kHz stereo, in MP4 with the encoder delay declared; True if the level was reduced."""
        ...


class Director(Protocol):
    """Decides what is seen: treatment, cast, shots, prompts.

    Steps store the answers, so each question is asked once.
    """

    @property
    def method(self) -> str:
        """The name of its way of working, part of the keys of what it makes. A constant: it outlives class names."""
        ...

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
        """The same director, bound by the prompt limits of a run's own models."""
        ...


class Planner(Protocol):
    """Timeline arithmetic. No language model takes part."""

    def plan(self, analysis: SongAnalysis, profile: Profile, max_scenes: int, seed: int) -> SequencePlan:
        """Scenes on exact frames: at most `max_scenes` new ones, the rest reprises."""
        ...

    def cues(self, analysis: SongAnalysis, profile: Profile, start_frame: int, end_frame: int) -> MusicCues:
        """The music under a range of frames."""
        ...


class Estimator(Protocol):
    """Estimates what a plan costs if its pieces are bought."""

    def estimate(self, plan: SequencePlan, profile: Profile, treatment: Treatment | None = None) -> SpendingPlan:
        """The cost of all pieces, each bought once."""
        ...


class RunPlanner(Planner, Estimator, Protocol):
    """Plans and estimates for the models of one run."""

    @property
    def prompt_limits(self) -> PromptLimits:
        """The limits on prompts for its models."""
        ...


RunPlanners = Callable[[str, str], RunPlanner]
"""The planner for a still and a clip model by name; empty names mean the defaults. Raises `InvalidInput`."""


class Painter(Protocol):
    """Makes a still."""

    @property
    def method(self) -> str:
        """The name of its way of working, part of the keys of what it makes. A constant: it outlives class names."""
        ...

    def paint(self, request: StillRequest, references: Sequence[Path], out: Path, pulse: Pulse) -> None:
        """Write a PNG of exactly the requested size to `out`."""
        ...


class Animator(Protocol):
    """Films a segment from a still."""

    @property
    def method(self) -> str:
        """The name of its way of working, part of the keys of what it makes. A constant: it outlives class names."""
        ...

    def animate(self, request: AnimationRequest, still: Path, out: Path, pulse: Pulse) -> None:
        """Write an MP4 segment (video only) of exactly `request.frame_count` frames to `out`."""
        ...


class ExportMaker(Protocol):
    """Makes exports of a finished video."""

    def plan(self, kind: ExportKind, basis: ExportBasis) -> ExportPlan:
        """Choose the part of the video to show; raises `InvalidInput` if the video has no such part."""
        ...

    def make(self, plan: ExportPlan, sources: ExportSources, out: Path, pulse: Pulse) -> ExportFacts:
        """Write the file and probe it; raises `MediaCorrupt` if the result is not as planned."""
        ...


class Assembler(Protocol):
    """Joins segments and soundtrack by stream copy."""

    @property
    def method(self) -> str:
        """The name of its way of working, part of the keys of what it makes. A constant: it outlives class names."""
        ...

    def assemble(
        self, segments: Sequence[Path], soundtrack: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse
    ) -> None:
        """Write the finished MP4; raises `MediaCorrupt` if a segment does not fit."""
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
        """The same MP4 as a concatenation that reuses another version's bytes.

        That version lies under `key` and has the same start. New bytes are written to `out`; None if that version
        cannot serve as a base.
        """
        ...


class PromptRewriter(Protocol):
    """Rewrites a prompt that a provider has refused."""

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        """The same scene in less offensive words; each attempt, counted from 1, changes more."""
        ...

    def within(self, limits: PromptLimits) -> Self:
        """The same rewriter, bound by the prompt limits of a run's own models."""
        ...


class DeliveredInspector(Protocol):
    """Checks delivered files; raises `MediaCorrupt`."""

    def still(self, delivered: Path, width: int, height: int, out: Path, pulse: Pulse) -> None:
        """Write the picture as a PNG of exactly the requested size."""
        ...

    def clip(self, delivered: Path, wanted_s: float, pulse: Pulse) -> object:
        """Check that the clip decodes, is long enough, shows something, and moves."""
        ...


class Conformer(Protocol):
    """Turns any clip into a segment."""

    @property
    def method(self) -> str:
        """The name of its way of working, part of the keys of what it makes. A constant: it outlives class names."""
        ...

    def conform(self, clip: Path, profile: Profile, frame_count: int, out: Path, pulse: Pulse) -> None:
        """Write exactly `frame_count` frames in the profile's format; raises `MediaCorrupt`."""
        ...

    def length(self, clip: Path, profile: Profile, pulse: Pulse) -> int:
        """The clip's length in frames at the profile's rate; raises `MediaCorrupt`."""
        ...

    def cut(self, cuts: Sequence[ClipCut], profile: Profile, pulse: Pulse) -> None:
        """Write a segment of each part of a clip; raises `MediaCorrupt`."""
        ...


class OwnFilmer(Protocol):
    """Makes stills and segments of an artist's own pictures and clips."""

    @property
    def method(self) -> str:
        """The name of its way of working, part of the keys of what it makes. A constant: it outlives class names."""
        ...

    def cut(self, cut: OwnCut, pulse: Pulse) -> None:
        """Write a segment of a part of a clip, or of a picture that stands still; raises `MediaCorrupt`."""
        ...

    def still(self, source: Path, profile: Profile, focus: Focus, frame: int, out: Path, pulse: Pulse) -> None:
        """Write a picture, or a frame of a clip, as a PNG of the profile's size; raises `MediaCorrupt`."""
        ...
