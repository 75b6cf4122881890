"""A song: its identity, and its analysis."""

from typing import Literal

from pydantic import Field

from models.base import Model, is_unset

SURELY_SUNG = 0.65
ANALYSIS_VERSION = 2
"""The current analysis: 1 assumed one tempo, 2 follows changes of tempo and detects voices."""

LEAST_SUNG = 0.15
"""The shortest stretch of voice that counts: less is a shout, a sample, or a false detection."""

SectionLabel = Literal["intro", "verse", "pre-chorus", "chorus", "bridge", "instrumental", "breakdown", "outro"]


class Beat(Model):
    """One beat; `position` counts within the bar and 1 is the downbeat."""

    time_s: float
    position: int = Field(ge=1)
    confidence: float = Field(default=1.0, ge=0, le=1)


class Bar(Model):
    """One bar, from its downbeat to the next."""

    start_s: float
    end_s: float
    beats: int = Field(ge=1)
    energy: float = Field(ge=0, le=1)
    cut_strength: float = Field(default=0.5, ge=0, le=1, description="how well a cut fits the bar's start")


class Section(Model):
    """A stretch of music with one function; equal letters are the same music."""

    start_s: float
    end_s: float
    letter: str
    label: SectionLabel
    energy: float = Field(ge=0, le=1)
    confidence: float = Field(default=1.0, ge=0, le=1, description="how certain its start is")
    strongest_chorus: bool = False


class EnergyCurve(Model):
    """Loudness-like energy, 0…1 relative to the song; `values[i]` stands for `i * hop_s` seconds."""

    hop_s: float = Field(gt=0)
    values: tuple[float, ...]


class TempoPoint(Model):
    """The local tempo around a moment."""

    time_s: float
    bpm: float


class TempoChange(Model):
    """From `time_s` on the song has another tempo for good."""

    time_s: float
    bpm: float


class MeterChange(Model):
    """From `time_s` on a bar has `beats_per_bar` beats."""

    time_s: float
    beats_per_bar: int


class VocalSpan(Model):
    """A stretch in which a voice is heard."""

    start_s: float
    end_s: float
    confidence: float = Field(ge=0, le=1)


class SongAnalysis(Model):
    """The complete analysis of a song. Sections tile 0…`duration_s`; beats ascend."""

    analysis_version: int = Field(default=1, description="the version of the analysis; 2 follows changes of tempo")
    duration_s: float = Field(gt=0)
    sample_rate_hz: int
    channels: int
    tempo_bpm: float = Field(description="the tempo that most of the song has")
    beats_per_bar: int
    grid: Literal["heard", "regular"] = Field(
        default="heard", description="`regular`: no beat was found, the beats are an even grid"
    )
    beats: tuple[Beat, ...]
    bars: tuple[Bar, ...] = ()
    sections: tuple[Section, ...]
    energy: EnergyCurve
    tempo_curve: tuple[TempoPoint, ...] = ()
    tempo_changes: tuple[TempoChange, ...] = Field(
        default=(), description="the first tempo and those that follow; empty for a song of one tempo"
    )
    meter_changes: tuple[MeterChange, ...] = ()
    drops_s: tuple[float, ...] = ()
    breaks_s: tuple[float, ...] = ()
    loudness_lufs: float | None = None
    true_peak_dbtp: float | None = None
    key: str | None = None
    beat_confidence: float = Field(default=1.0, ge=0, le=1)
    waveform: tuple[float, ...] = Field(default=(), description="peak per equal slice of the song, 0…1, for drawing")
    vocals: tuple[VocalSpan, ...] | None = Field(
        default=None, description="where voices are heard; empty: nowhere; null: unknown"
    )
    corrections: tuple[str, ...] = Field(
        default=(), exclude_if=is_unset, description="what the artist corrected since it was heard, in words"
    )

    def sung_share(self, start_s: float, end_s: float) -> float | None:
        """The share of a stretch with a detected voice, 0…1; None if unknown."""
        if self.vocals is None:
            return None
        sure = [span for span in self.vocals if span.confidence >= SURELY_SUNG]
        within = sum(max(0.0, min(end_s, span.end_s) - max(start_s, span.start_s)) for span in sure)
        return min(1.0, within / max(1e-6, end_s - start_s))

    def is_sung(self, start_s: float, end_s: float) -> bool | None:
        """Whether a stretch may show a singer; None if unknown."""
        share = self.sung_share(start_s, end_s)
        return None if share is None else share >= LEAST_SUNG


class AudioFacts(Model):
    """The intake's measurements from decoding the whole file."""

    container: str = Field(description="mp3, m4a, wav, aac, ogg or flac, by content")
    codec: str
    duration_s: float
    sample_rate_hz: int
    channels: int
    size_bytes: int
    sha256: str
    title: str | None = None
    artist: str | None = None
    copy_bytes: int = Field(default=0, description="of the working copy, where one was written")


class Heard(Model):
    """How a song was analysed; recorded together with the keys of the results."""

    revision: int = 1
    analysis_version: int = 1
    duration_s: float = 0
    copy_bytes: int = Field(default=0, description="of the working copy that was written for it; 0: there was one")


FIRST_HEARD = Heard()


class SongRef(Model):
    """A song in the Vault."""

    song_id: str
    account_id: str
    title: str
    artist: str | None = None
    sha256: str
    source_key: str
    size_bytes: int
    duration_s: float
    container: str = ""
    analysis_key: str | None = None
    soundtrack_key: str | None = None
    cover_key: str | None = Field(default=None, description="the cover art that the file brought along, as a JPEG")
    copy_bytes: int = Field(default=0, description="of the working copy; 0: the song is older than those")
    analysis_revision: int = Field(
        default=1, description="how often it was analysed or corrected, each time under keys of its own"
    )
    analysis_version: int = Field(default=1, description="of the analysis, as in `ANALYSIS_VERSION`")
    heard_key: str | None = Field(
        default=None, description="the analysis as it was heard, where the artist has corrected it; none: the current"
    )

    @property
    def analysed(self) -> bool:
        """Whether videos can be made from it."""
        return self.analysis_key is not None and self.soundtrack_key is not None

    @property
    def corrected(self) -> bool:
        """Whether the artist has corrected its analysis."""
        return self.heard_key is not None

    @property
    def renewable(self) -> bool:
        """Whether a new analysis would find more than the present one."""
        return self.analysed and self.analysis_version < ANALYSIS_VERSION
