"""The song as a row of bars, each described by harmony, melody, timbre, rhythm and level."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.music.spectra import HIGHEST_MIDI, LOWEST_MIDI, SPECTRUM_FPS, Spectra

Floats = NDArray[np.float64]

# Compression before comparing: pitches above about −40 dB of full scale count nearly alike.
_PITCH_GAIN = 100.0
_MEL_RANGE_DB = 70.0
_LEVEL_RANGE_DB = 30.0


@dataclass(frozen=True)
class BarFeatures:
    """Everything that structure is found from; n bars.

    Attributes:
        edges_s: (n + 1,), where bars begin; the last entry ends the last bar.
        similarity: By name, (n, n), −1…1: how alike two bars are in `pitch` (melody and voicing), `chroma` (harmony
            whatever the octave), `bass`, `timbre` (average sound), `rhythm` (its course in the bar) and `mel` (both).
        level_db: (n,), loudness, at most `_LEVEL_RANGE_DB` below the loud bars.
        treble_onset_db: (n,), high frequencies in the first quarter of the bar: where cymbals crash.
    """

    edges_s: Floats
    similarity: dict[str, Floats]
    level_db: Floats
    treble_onset_db: Floats

    @property
    def count(self) -> int:
        """How many bars there are."""
        return len(self.edges_s) - 1


def bar_edges(downbeats_s: Floats, duration_s: float) -> Floats:
    """Bar lines from before the first downbeat to the end of the song.

    Args:
        downbeats_s: (m,), rising, at least two.
        duration_s: The song's length.

    Returns:
        The downbeats, with bars added where silence or a pickup leaves room at either end.
    """
    edges = [float(t) for t in downbeats_s]
    lengths = np.diff(edges)
    bar = float(np.median(lengths[:4]))
    while edges[0] > 0.65 * bar:
        edges.insert(0, max(0.0, edges[0] - bar))
    bar = float(np.median(lengths[-4:]))
    while duration_s - edges[-1] > 0.65 * bar:
        edges.append(min(duration_s, edges[-1] + bar))
    if len(edges) > 2 and edges[-1] > duration_s:
        edges.pop()
    return np.array(edges)


def describe_bars(spectra: Spectra, edges_s: Floats, beats_per_bar: int) -> BarFeatures:
    """Features of bars and all pairs of them.

    Barwise comparison follows Marmoret, Cohen & Bimbot (2023): whole bars, cut into equal steps, so that tempo does not
    matter and what falls on the same place of two bars is compared.

    Args:
        spectra: Of the whole song.
        edges_s: (n + 1,), bar lines.
        beats_per_bar: The usual bar.

    Returns:
        The features.
    """
    steps = 4 * beats_per_bar
    pitch = _synchronized(np.log1p(_PITCH_GAIN * spectra.pitches), edges_s, steps)
    mel = _synchronized(np.maximum(spectra.mel, spectra.mel.max() - _MEL_RANGE_DB), edges_s, steps)
    level = 10 * np.log10(spectra.power + 1e-7)[:, None]
    # Twice: short rests must not count as deep ones, nor quiet endings as other worlds.
    level_db = _synchronized(np.maximum(level, level.max() - 2 * _LEVEL_RANGE_DB), edges_s, steps)[:, :, 0].mean(axis=1)
    level_db = np.maximum(level_db, np.percentile(level_db, 95) - _LEVEL_RANGE_DB)

    midi = np.arange(LOWEST_MIDI, HIGHEST_MIDI + 1)
    fold = (midi[:, None] % 12 == np.arange(12)).astype(float)
    low = midi < 52
    chroma = _unit(_coarser(pitch @ fold, beats_per_bar))
    bass = _unit(_coarser(pitch[:, :, low] @ fold[low], beats_per_bar))
    timbre = mel.mean(axis=1)
    timbre = (timbre - timbre.mean(axis=0)) / (timbre.std(axis=0) + 2)
    halves = 2 * beats_per_bar
    return BarFeatures(
        edges_s=edges_s,
        similarity={
            "pitch": _alike(_coarser(pitch, halves)),
            "chroma": _alike(chroma),
            "bass": _alike(bass),
            "timbre": _alike(timbre, centred=False),
            "rhythm": _alike(mel - mel.mean(axis=1, keepdims=True)),
            "mel": _alike(_coarser(mel, halves)),
        },
        level_db=level_db,
        treble_onset_db=mel[:, : max(1, steps // 4), 28:].mean(axis=(1, 2)),
    )


def _synchronized(values: NDArray[np.floating], edges_s: Floats, steps: int) -> Floats:
    """(bars, steps, features): means over equal steps of each bar."""
    at = np.interp(np.arange((len(edges_s) - 1) * steps + 1) / steps, np.arange(len(edges_s)), edges_s)
    index = np.round(at * SPECTRUM_FPS).astype(int)
    sums = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
    first = np.clip(index[:-1], 0, len(values) - 1)
    last = np.clip(np.maximum(index[1:], index[:-1] + 1), 1, len(values))
    means: Floats = (sums[last] - sums[first]) / np.maximum(last - first, 1)[:, None]
    return means.reshape(len(edges_s) - 1, steps, -1)


def _coarser(values: Floats, steps: int) -> Floats:
    bars, fine, features = values.shape
    means: Floats = values.reshape(bars, steps, fine // steps, features).mean(axis=2)
    return means


def _unit(values: Floats) -> Floats:
    scaled: Floats = values / (np.linalg.norm(values, axis=2, keepdims=True) + 1e-9)
    return scaled


def _alike(values: Floats, centred: bool = True) -> Floats:
    """Cosine similarity of all pairs of rows."""
    rows = values.reshape(len(values), -1)
    if centred:
        rows = rows - rows.mean(axis=0)
    rows = rows / (np.linalg.norm(rows, axis=1, keepdims=True) + 1e-9)
    similarity: Floats = rows @ rows.T
    return similarity
