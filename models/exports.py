"""Pieces made from a finished video: what is asked for, what of the video they need, and what comes out."""

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
"""Counts up when pieces look different: then they are made anew."""


class ExportRequest(Model):
    """Input of `ExportVideo`, of its steps too: one piece of one version."""

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
    """A piece in the making."""

    export_id: str
    kind: ExportKind
    version: int


class PiecePlan(Model):
    """Which part of a version a piece shows, and how large: positions are frames of the video."""

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


class PieceSources(Model):
    """What a piece is made of, fetched: files in the order of the plan's scenes and stills."""

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


class PieceFacts(Model):
    """What was made, as measured in the file."""

    media_type: str
    width: int
    height: int
    duration_s: float = 0


class PieceBasis(Model):
    """What a plan is made from."""

    timeline: Timeline
    analysis: SongAnalysis
    framings: tuple[Framing, ...]
    subjects: tuple[SubjectRows | None, ...]
