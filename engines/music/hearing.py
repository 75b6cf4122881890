"""The whole analysis, in order: listen once, then find beats, bars, sections and their names."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from engines.music.bars import BarFeatures, bar_edges, describe_bars
from engines.music.boundaries import boundary_measures, choose_boundaries
from engines.music.decoding import FPS, WINDOW_FRAMES, SongStream
from engines.music.dynamics import (
    ENERGY_HOP_S,
    drops_and_breaks,
    energy_curve,
    mean_energy,
    melody_curve,
    musical_key,
    waveform_peaks,
)
from engines.music.letters import joined_sections, letter_sections, pair_measures
from engines.music.meter import Beats, find_bars, meter_changes
from engines.music.names import Part, name_sections, strongest_chorus
from engines.music.networks import BeatTracker, Frames, MadmomNetwork
from engines.music.spectra import SPECTRUM_FPS, Spectra, spectra
from engines.music.tempo import find_tempo
from engines.music.tempocurve import REGULAR_BPM, tempo_changes, usual_tempo_bpm
from engines.music.vocals import find_vocals
from engines.music.weights import Weights, fitted_weights
from models.song import (
    ANALYSIS_VERSION,
    Bar,
    Beat,
    EnergyCurve,
    MeterChange,
    Section,
    SongAnalysis,
    TempoChange,
    TempoPoint,
)

Floats = NDArray[np.float64]

# Below this share of clear beats a listener would not tap along: drones, speech, noise.
_NO_BEAT = 0.22
_TEMPO_SPAN_BEATS = 8


@dataclass(frozen=True)
class Heard:
    """What one pass over the audio leaves behind.

    Attributes:
        duration_s: The song's length.
        sample_rate_hz: Of the file.
        channels: Of the file.
        loudness_lufs: Integrated, None in silence.
        true_peak_dbtp: None in silence.
        activations: float32, (frames, 2), 0…1 at `FPS`: a beat that is no downbeat, a downbeat.
        tempo_odds: float32, (n,), belief in each whole number of beats per minute.
        spectra: Harmony, timbre and power.
        peaks: float32, (frames,), the largest absolute sample of any channel in each frame.
    """

    duration_s: float
    sample_rate_hz: int
    channels: int
    loudness_lufs: float | None
    true_peak_dbtp: float | None
    activations: Frames
    tempo_odds: NDArray[np.float32]
    spectra: Spectra
    peaks: NDArray[np.float32]


def hear(path: Path, network: BeatTracker | None = None, window_frames: int | None = None) -> SongAnalysis:
    """Analyse a song.

    Args:
        path: A file that PyAV can decode.
        network: What hears beats; madmom's by default.
        window_frames: How much is heard at a time; shorter windows need less memory and hear octaves less well.

    Returns:
        The analysis; the same bytes give the same one.

    Raises:
        InvalidInput: Nothing in the file decodes to audio.
    """
    # Sums in another order round differently: one BLAS thread, so that the number of cores does not matter.
    with threadpool_limits(1):
        analysis = interpret(listen(path, network or MadmomNetwork(), window_frames or WINDOW_FRAMES), fitted_weights())
        return analysis.model_copy(update={"vocals": find_vocals(path)})


def listen(path: Path, network: BeatTracker, window_frames: int = WINDOW_FRAMES) -> Heard:
    """Decode a song once, in windows, and keep what the later steps need.

    Args:
        path: A file that PyAV can decode.
        network: What hears beats.
        window_frames: How much is heard at a time.

    Returns:
        Features that grow by 40 kB per second of song.

    Raises:
        InvalidInput: Nothing in the file decodes to audio.
    """
    stream = SongStream(path, window_frames)
    activations, odds, parts, peaks = [], [], [], []
    for window in stream.windows():
        pulse = network.listen(window.samples)
        activations.append(pulse.activations[window.lead_frames : window.lead_frames + window.core_frames])
        odds.append(pulse.tempo_odds * window.core_frames)
        parts.append(spectra(window))
        peaks.append(window.peaks)
    joined = np.concatenate(activations)
    return Heard(
        duration_s=stream.duration_s,
        sample_rate_hz=stream.sample_rate_hz,
        channels=stream.channels,
        loudness_lufs=stream.loudness_lufs,
        true_peak_dbtp=stream.true_peak_dbtp,
        activations=joined,
        tempo_odds=np.asarray(np.sum(odds, axis=0) / len(joined), np.float32),
        spectra=Spectra.joined(parts),
        peaks=np.concatenate(peaks),
    )


def find_beats(heard: Heard) -> Beats | None:
    """Beats and bars, or None where there is nothing to tap along to."""
    beats = find_bars(heard.activations, find_tempo(heard.activations, heard.spectra.mel))
    return beats if beats is not None and _can_be_tapped(beats) else None


def _can_be_tapped(beats: Beats) -> bool:
    """Whether a listener would tap along anywhere: silence or a pad around the music does not count against it."""
    clear = beats.confidence[beats.confidence > 0]
    if len(clear) < 8 or (beats.positions == 1).sum() < 2:
        return False
    return bool(clear.mean() >= _NO_BEAT)


def interpret(heard: Heard, weights: Weights) -> SongAnalysis:
    """Everything that can be said about what was heard.

    Args:
        heard: From `listen`.
        weights: Of boundaries and letters.

    Returns:
        The analysis.
    """
    duration_s = heard.duration_s
    found = find_beats(heard)
    beats = found or _regular_grid(duration_s)
    times_s = beats.frames / FPS
    kept = times_s < duration_s
    times_s, positions, confidence = times_s[kept], beats.positions[kept], beats.confidence[kept]
    # A regular grid is all that there is of it; in a song that was heard, what fills the gaps is no tempo.
    heard_beats = confidence > 0 if found else np.ones(len(times_s), bool)
    downbeats_s = times_s[positions == 1]
    curve = energy_curve(heard.spectra)
    bars = bars_of(heard, beats)
    if bars is None:
        starts_s, letters, odds, sureness = [0.0], ["A"], np.zeros(0), [1.0]
    else:
        measures = boundary_measures(bars)
        lines = choose_boundaries(measures, on_downbeats(bars, downbeats_s), weights)
        spans = list(pairwise([0, *lines, bars.count]))
        spans, letters = joined_sections(spans, letter_sections(pair_measures(bars, spans), len(spans), weights))
        starts_s = [0.0, *(float(bars.edges_s[first]) for first, _ in spans[1:])]
        odds = weights.boundary.log_odds(measures)
        sureness = [1.0, *(float(1 / (1 + np.exp(-odds[first - 1]))) for first, _ in spans[1:])]
    sections = _sections(heard, bars, curve, starts_s, letters, sureness)
    bar_models, drops, breaks = _bars(downbeats_s, positions, duration_s, curve, bars, odds, starts_s)
    return SongAnalysis(
        analysis_version=ANALYSIS_VERSION,
        duration_s=duration_s,
        sample_rate_hz=heard.sample_rate_hz,
        channels=heard.channels,
        tempo_bpm=round(usual_tempo_bpm(times_s, heard_beats), 2),
        beats_per_bar=beats.beats_per_bar,
        grid="heard" if found else "regular",
        beats=tuple(
            Beat(time_s=float(t), position=int(p), confidence=round(float(c), 3))
            for t, p, c in zip(times_s, positions, confidence, strict=True)
        ),
        bars=bar_models,
        sections=sections,
        energy=EnergyCurve(hop_s=ENERGY_HOP_S, values=tuple(round(float(v), 4) for v in curve)),
        tempo_curve=_tempo_curve(times_s),
        tempo_changes=tuple(
            TempoChange(time_s=round(time_s, 3), bpm=round(bpm, 2))
            for time_s, bpm in (tempo_changes(times_s, heard_beats) if found else ())
        ),
        meter_changes=tuple(
            MeterChange(time_s=float(times_s[beat]), beats_per_bar=length) for beat, length in meter_changes(positions)
        ),
        drops_s=tuple(bar_models[i].start_s for i in drops),
        breaks_s=tuple(bar_models[i].start_s for i in breaks),
        loudness_lufs=heard.loudness_lufs,
        true_peak_dbtp=heard.true_peak_dbtp,
        key=musical_key(heard.spectra),
        beat_confidence=round(float(confidence[heard_beats].mean()), 3) if found and heard_beats.any() else 0.0,
        waveform=tuple(round(float(v), 4) for v in waveform_peaks(heard.peaks)),
    )


def bars_of(heard: Heard, beats: Beats) -> BarFeatures | None:
    """The song bar by bar, or None where there are too few bars to have a structure."""
    times_s = beats.frames / FPS
    downbeats_s = times_s[(beats.positions == 1) & (times_s < heard.duration_s)]
    if len(downbeats_s) < 4:
        return None
    return describe_bars(heard.spectra, bar_edges(downbeats_s, heard.duration_s), beats.beats_per_bar)


def on_downbeats(bars: BarFeatures, downbeats_s: Floats) -> NDArray[np.bool_]:
    """(bars − 1,), which inner bar lines are downbeats; those added around the music are not."""
    return np.isin(bars.edges_s[1:-1], downbeats_s)


def _regular_grid(duration_s: float) -> Beats:
    frames = np.arange(0, max(1, round(duration_s * FPS)), round(60 * FPS / REGULAR_BPM))
    return Beats(frames, np.arange(len(frames)) % 4 + 1, np.zeros(len(frames)), 4, REGULAR_BPM)


def _sections(
    heard: Heard,
    bars: BarFeatures | None,
    curve: Floats,
    starts_s: list[float],
    letters: list[str],
    sureness: list[float],
) -> tuple[Section, ...]:
    spans = list(pairwise([*starts_s, heard.duration_s]))
    energies = [mean_energy(curve, *span) for span in spans]
    sung = melody_curve(heard.spectra)
    melody = [float(sung[_spectrum_frames(span, len(sung))].mean()) for span in spans]
    lengths = [1 if bars is None else max(1, int(((bars.edges_s >= a) & (bars.edges_s < b)).sum())) for a, b in spans]
    parts = [Part(*facts) for facts in zip(letters, lengths, energies, melody, strict=True)]
    names = name_sections(parts)
    strongest = strongest_chorus(parts, names)
    return tuple(
        Section(
            start_s=a,
            end_s=b,
            letter=letter,
            label=name,
            energy=round(energy, 4),
            confidence=round(sure, 3),
            strongest_chorus=index == strongest,
        )
        for index, ((a, b), letter, name, energy, sure) in enumerate(
            zip(spans, letters, names, energies, sureness, strict=True)
        )
    )


def _spectrum_frames(span_s: tuple[float, float], count: int) -> slice:
    first = min(int(span_s[0] * SPECTRUM_FPS), count - 1)
    return slice(first, max(first + 1, int(span_s[1] * SPECTRUM_FPS)))


def _bars(
    downbeats_s: Floats,
    positions: NDArray[np.int64],
    duration_s: float,
    curve: Floats,
    features: BarFeatures | None,
    odds: Floats,
    section_starts_s: list[float],
) -> tuple[tuple[Bar, ...], list[int], list[int]]:
    """Bars with energy and the wish for a cut, and which of them begin a drop or a break."""
    if not len(downbeats_s):
        return (), [], []
    spans = list(pairwise([*(float(t) for t in downbeats_s), duration_s]))
    energies = np.array([mean_energy(curve, *span) for span in spans])
    drops, breaks = drops_and_breaks(energies)
    downbeat_index = np.flatnonzero(positions == 1)
    lengths = np.diff([*downbeat_index, len(positions)])
    wish = dict(zip(features.edges_s[1:-1].tolist(), odds.tolist(), strict=True)) if features is not None else {}
    bars, in_section = [], 0
    for index, (start_s, end_s) in enumerate(spans):
        starts_section = start_s in section_starts_s
        in_section = 0 if starts_section else in_section + 1
        if starts_section or index in drops:
            strength = 1.0
        else:
            # Phrases of four bars and two ask for cuts whatever happens; novelty asks on top of that.
            place = 0.3 if in_section % 4 == 0 else 0.15 if in_section % 2 == 0 else 0.0
            strength = 0.2 + place + 0.45 / (1 + np.exp(-wish.get(start_s, -6.0) - 1.0))
        bars.append(
            Bar(
                start_s=start_s,
                end_s=end_s,
                beats=int(lengths[index]),
                energy=round(float(energies[index]), 4),
                cut_strength=round(float(strength), 3),
            )
        )
    return tuple(bars), drops, breaks


def _tempo_curve(times_s: Floats) -> tuple[TempoPoint, ...]:
    span = _TEMPO_SPAN_BEATS
    return tuple(
        TempoPoint(
            time_s=round(float(times_s[i : i + span + 1].mean()), 3),
            bpm=round(float(60 * span / (times_s[i + span] - times_s[i])), 2),
        )
        for i in range(0, len(times_s) - span, span // 2)
    )
