"""The plot of a song: its outline with beats and sections, compact enough for a phone."""

from pydantic import Field

from models.base import Model
from models.song import EnergyCurve, SectionLabel, SongAnalysis, TempoChange, VocalSpan

MOST_PEAKS = 2_000


class WaveformBeat(Model):
    """A beat: `t` in seconds."""

    t: float
    downbeat: bool


class WaveformSection(Model):
    """A section of the song."""

    start_s: float
    end_s: float
    label: SectionLabel
    letter: str
    energy: float
    strongest_chorus: bool


class Waveform(Model):
    """The data that a plot of a song needs."""

    duration_s: float
    tempo_bpm: float
    tempo_changes: tuple[TempoChange, ...] = Field(default=(), description="empty for a song of one tempo")
    key: str | None
    peaks: tuple[float, ...] = Field(description="loudest sample per equal slice, 0…1")
    beats: tuple[WaveformBeat, ...]
    sections: tuple[WaveformSection, ...]
    energy: EnergyCurve
    vocals: tuple[VocalSpan, ...] | None = Field(default=None, description="empty: no voice is heard; null: not known")


def waveform_of(analysis: SongAnalysis) -> Waveform:
    """The plot of an analysis.

    Args:
        analysis: The song's analysis.

    Returns:
        At most `MOST_PEAKS` peaks; moments to the millisecond.
    """
    peaks = analysis.waveform
    step = -(-len(peaks) // MOST_PEAKS) or 1
    return Waveform(
        duration_s=round(analysis.duration_s, 3),
        tempo_bpm=round(analysis.tempo_bpm, 2),
        tempo_changes=analysis.tempo_changes,
        key=analysis.key,
        vocals=analysis.vocals,
        peaks=tuple(round(max(peaks[at : at + step]), 3) for at in range(0, len(peaks), step)),
        beats=tuple(WaveformBeat(t=round(beat.time_s, 3), downbeat=beat.position == 1) for beat in analysis.beats),
        sections=tuple(
            WaveformSection.model_validate(section.model_dump(exclude={"confidence"})) for section in analysis.sections
        ),
        energy=EnergyCurve(
            hop_s=analysis.energy.hop_s, values=tuple(round(value, 3) for value in analysis.energy.values)
        ),
    )
