"""Exports made from a finished video: requests, plans, inputs and results."""

from pathlib import Path

from pydantic import Field

from models.base import Model
from models.generation import Limits
from models.lyrics import Lyrics
from models.song import SongAnalysis
from models.storyboard import Framing
from models.subjects import SubjectRows
from models.timeline import Timeline
from models.vault import ExportKind

EXPORT_METHOD = 3
"""Increased when exports look different, so that they are made again."""


class ExportRequest(Model):
    """Input of `ExportVideo` and of its steps: one export of one version."""

    account_id: str
    video_id: str
    version: int
    kind: ExportKind
    title: str
    artist: str = ""
    style: str
    lyrics: Lyrics | None = Field(default=None, description="for `lyrics` only")
    limits: Limits = Limits()


class ExportStarted(Model):
    """An export in the making."""

    export_id: str
    kind: ExportKind
    version: int


class ExportPlan(Model):
    """The part of a version that an export shows, and its size; positions are frames of the video."""

    kind: ExportKind
    width: int
    height: int
    start_frame: int
    end_frame: int
    scenes: tuple[int, ...] = Field(description="whose segments it needs, in order")
    stills: tuple[int, ...] = Field(default=(), description="whose stills it needs")
    overlap_frames: int = Field(default=0, description="canvas: how long the end dissolves into the beginning")
    there_and_back: bool = Field(default=False, description="canvas: played forwards, then backwards")
    with_sound: bool = False


class ExportSources(Model):
    """An export's inputs, downloaded: files in the order of the plan's scenes and stills."""

    timeline: Timeline
    framings: tuple[Framing, ...] = Field(description="one per scene of the timeline")
    subjects: tuple[SubjectRows | None, ...] = Field(description="one per scene; where its still says where it is")
    segments: tuple[Path, ...] = ()
    stills: tuple[Path, ...] = ()
    soundtrack: Path | None = None
    title: str = ""
    artist: str = ""
    style: str = ""
    lyrics: Lyrics | None = None


class ExportFacts(Model):
    """The finished export, as measured in the file."""

    media_type: str
    width: int
    height: int
    duration_s: float = 0


class ExportBasis(Model):
    """The inputs of a plan."""

    timeline: Timeline
    analysis: SongAnalysis
    framings: tuple[Framing, ...]
    subjects: tuple[SubjectRows | None, ...]
