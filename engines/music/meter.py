"""Where the bars begin: the length of the bar, its phase, and bars that are shorter or longer than the others."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import BeatPath, decode
from engines.music.networks import Frames
from engines.music.tempo import TempoReading

Floats = NDArray[np.float64]

METERS = (3, 4)
# Nats that an irregular bar costs: nine bars of clear downbeats. Half of it let confusions of the network through.
_IRREGULAR_COST = 60.0
# A beat is never more surely a downbeat, or none, than this.
_LEAST_SHARE = 0.01
# A new bar length that stays is a change of meter from this many bars on.
_LASTING_BARS = 4


@dataclass(frozen=True)
class Beats:
    """Beats with their place in the bar.

    Attributes:
        frames: int, (beats,), rising, at `decoding.FPS`.
        positions: int, (beats,), 1 is a downbeat.
        confidence: float, (beats,), 0…1, how clearly each was heard.
        beats_per_bar: The usual bar.
        bpm: Median tempo.
    """

    frames: NDArray[np.int64]
    positions: NDArray[np.int64]
    confidence: Floats
    beats_per_bar: int
    bpm: float


def find_bars(activations: Frames, reading: TempoReading) -> Beats:
    """Give the beats of a tempo their place in the bar.

    All meters are decoded with the beats (Böck, Krebs & Widmer 2016), which needs every bar to be alike. Against the
    likeliest of them stands a reading without bars, into which bars are then laid that may be shorter or longer at a
    price: where a single bar of two beats shifts all that follow, it wins.

    Args:
        activations: float32, (frames, 2), 0…1: a beat that is no downbeat, a downbeat.
        reading: The tempo, with a decoding in bars of four.

    Returns:
        The beats.
    """
    paths = {meter: reading.path if meter == 4 else decode(activations, meter, *reading.range_bpm) for meter in METERS}
    beats_per_bar = max(paths, key=lambda meter: paths[meter].log_likelihood)
    path = paths[beats_per_bar]
    peaks = _near_peaks(activations)
    loose = decode(activations.sum(axis=1, keepdims=True).repeat(2, axis=1), 1, *reading.range_bpm)
    laid, gain = _lay_bars(peaks[loose.frames], beats_per_bar)
    if loose.log_likelihood + gain > path.log_likelihood:
        path = BeatPath(loose.frames, laid, loose.log_likelihood + gain)
    near = peaks[path.frames]
    confidence = np.clip(near.sum(axis=1) / 0.8, 0, 1).astype(np.float64)
    return Beats(path.frames, path.positions, confidence, beats_per_bar, reading.bpm)


def _near_peaks(activations: Frames) -> Frames:
    """The largest activations within 20 ms of each frame."""
    padded = np.pad(activations, ((2, 2), (0, 0)))
    peaks: Frames = np.lib.stride_tricks.sliding_window_view(padded, 5, axis=0).max(axis=2)
    return peaks


def _lay_bars(near: Frames, beats_per_bar: int) -> tuple[NDArray[np.int64], float]:
    """The best positions of beats in bars that may have another length at a price, and their log-likelihood."""
    count = len(near)
    heard = np.maximum(near.sum(axis=1), 1e-6)
    down = np.log(np.maximum(near[:, 1] / heard, _LEAST_SHARE))
    other = np.log(np.maximum(near[:, 0] / heard, _LEAST_SHARE))
    gain = down - other  # what it brings to call a beat a downbeat
    lengths = np.arange(max(2, beats_per_bar - 2), beats_per_bar + 3)
    price = np.where(lengths == beats_per_bar, 0.0, _IRREGULAR_COST)
    # best[i]: the most that the beats before i can bring, where i is a downbeat. A song may begin anywhere in its bar.
    best = np.full(count + 1, -np.inf)
    best[:beats_per_bar] = 0.0
    origin = np.full(count + 1, -1)
    for at in range(beats_per_bar, count + 1):
        starts = at - lengths[lengths <= at]
        values = best[starts] + gain[starts] - price[: len(starts)]
        choice = int(values.argmax())
        best[at], origin[at] = values[choice], int(starts[choice])
    # The last bar may be cut off: its downbeat is any of the last few beats.
    tail = np.arange(max(0, count - beats_per_bar), count)
    total = best[tail] + gain[tail]
    at = int(tail[total.argmax()])
    downbeats = []
    while at >= 0:
        downbeats.append(at)
        at = int(origin[at])
    downbeats.reverse()
    positions = np.zeros(count, np.int64)
    first = downbeats[0]
    positions[:first] = (np.arange(first) - first) % beats_per_bar + 1
    for start, end in pairwise([*downbeats, count]):
        positions[start:end] = np.arange(1, end - start + 1)
    return positions, float(total.max() + other.sum())


def meter_changes(positions: NDArray[np.int64]) -> list[tuple[int, int]]:
    """Where the bar gets another length for good.

    Args:
        positions: int, (beats,), 1 is a downbeat.

    Returns:
        Pairs of the index of the first beat of a lasting meter and its beats per bar; the song's first meter included.
    """
    downbeats = np.flatnonzero(positions == 1)
    lengths = np.diff(downbeats)
    changes: list[tuple[int, int]] = []
    for index in range(len(lengths)):
        run = lengths[index : index + _LASTING_BARS]
        lasting = (run == run[0]).all() and (len(run) == _LASTING_BARS or not changes)
        if lasting and (not changes or changes[-1][1] != run[0]):
            changes.append((int(downbeats[index]), int(run[0])))
    return changes
