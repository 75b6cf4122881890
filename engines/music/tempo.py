"""Which of the tempi that fit is the one people tap to.

A beat tracker's commonest mistake is the octave: every beat right, and as many in between, or every other one missing.
Three kinds of evidence decide between two readings, none of which suffices alone: whether the beats that only the
faster reading has are as strong as the others; what a network trained on tempo itself says; and how often people call a
tempo like this one (the resonance curve of van Noorden & Moelants 1999, here on a logarithmic axis).
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import MAX_BPM, MIN_BPM, BeatPath, decode
from engines.music.decoding import FPS
from engines.music.networks import Frames

SLOWEST_BPM, FASTEST_BPM = 40.0, 230.0
# Where beats in between are exp(−0.3) = 0.74 as strong as the beats, both readings are as likely. Off-beats of the
# development songs lie below 0.69, true beats of one strength above 0.84.
_EVEN_CONTRAST = -0.30
_CONTRAST_WEIGHT = 8.0
_NETWORK_WEIGHT = 0.25
_NETWORK_RANGE = 3.0
_PREFERRED_BPM = 95.0
_PREFERENCE_OCTAVES = 0.6
# Room around the tempi of the first decoding, and the most of it: more would let another octave in.
_ROOM = 1.2
_WIDEST_ROOM = 1.38
# A reading this far (in octaves) from the tempo it was asked for found some other ratio.
_SAME_TEMPO_OCTAVES = 0.2


@dataclass(frozen=True)
class TempoReading:
    """One way to tap along.

    Attributes:
        path: The beats at this tempo, in bars of four.
        bpm: Median tempo.
        range_bpm: Slowest and fastest tempo that decoding was allowed.
    """

    path: BeatPath
    bpm: float
    range_bpm: tuple[float, float]


def find_tempo(activations: Frames, tempo_odds: NDArray[np.float32]) -> TempoReading | None:
    """The reading that people would tap.

    Args:
        activations: float32, (frames, 2), 0…1 at `FPS`: a beat that is no downbeat, a downbeat.
        tempo_odds: float32, (n,), a network's belief in each whole number of beats per minute.

    Returns:
        The reading, or None where there are too few beats to have a tempo.
    """
    free = decode(activations, 4, MIN_BPM, MAX_BPM)
    if len(free.frames) < 4:
        return None
    bpm = _median_bpm(free)
    room = _room(free, bpm)
    readings = [_read(activations, bpm * factor, room) for factor in (0.5, 1.0, 2.0)]
    best: TempoReading | None = None
    for reading in readings:
        if reading is None:
            continue
        if best is None or _prefers_faster(best, reading, activations, tempo_odds):
            best = reading
    return best


def _room(free: BeatPath, bpm: float) -> float:
    """How far a song strays from its median tempo, octave jumps of the decoder not counted."""
    octaves = np.log2(60 * FPS / np.diff(free.frames) / bpm)
    strays = float(np.percentile(np.abs(octaves - np.round(octaves)), 97))
    return float(np.clip(2.0 ** (strays * 1.25), _ROOM, _WIDEST_ROOM))


def _read(activations: Frames, bpm: float, room: float) -> TempoReading | None:
    if not SLOWEST_BPM <= bpm <= FASTEST_BPM:
        return None
    range_bpm = (bpm / room, bpm * room)
    path = decode(activations, 4, *range_bpm)
    if len(path.frames) < 4 or abs(np.log2(_median_bpm(path) / bpm)) > _SAME_TEMPO_OCTAVES:
        return None
    return TempoReading(path, _median_bpm(path), range_bpm)


def _median_bpm(path: BeatPath) -> float:
    return 60 * FPS / float(np.median(np.diff(path.frames)))


def _prefers_faster(
    slow: TempoReading, fast: TempoReading, activations: Frames, tempo_odds: NDArray[np.float32]
) -> bool:
    contrast = _offbeat_contrast(slow.path, activations)
    network = np.log(_odds(tempo_odds, fast.bpm) / _odds(tempo_odds, slow.bpm))
    evidence = (
        _CONTRAST_WEIGHT * (contrast - _EVEN_CONTRAST)
        + _NETWORK_WEIGHT * float(np.clip(network, -_NETWORK_RANGE, _NETWORK_RANGE))
        + _preference(fast.bpm)
        - _preference(slow.bpm)
    )
    return bool(evidence > 0)


def _offbeat_contrast(path: BeatPath, activations: Frames) -> float:
    """Log ratio of what is heard half-way between beats to what is heard on them; 0 where they are equal."""
    # The peak within 30 ms: beats are not where they are expected to the frame.
    combined = activations.sum(axis=1)
    padded = np.pad(combined, 3)
    peak = np.lib.stride_tricks.sliding_window_view(padded, 7).max(axis=1)
    halfway = (path.frames[:-1] + path.frames[1:]) // 2
    return float(np.log((peak[halfway].mean() + 1e-3) / (peak[path.frames].mean() + 1e-3)))


def _odds(tempo_odds: NDArray[np.float32], bpm: float) -> float:
    near = np.arange(round(bpm * 0.97), round(bpm * 1.03) + 1)
    near = near[near < len(tempo_odds)]
    return float(tempo_odds[near].sum()) + 1e-3 if len(near) else 1e-3


def _preference(bpm: float) -> float:
    return -0.5 * float((np.log2(bpm / _PREFERRED_BPM) / _PREFERENCE_OCTAVES) ** 2)
