"""Slow songs in triplets, counted at their triplets or at every other one of them.

Below 70 bpm the triplets of a shuffle, of 12/8 or 6/8 lie where beats usually are. Counted so, every third of them is a
beat to the networks, and the two behind it are heard less clearly: less than the second and third beat of any waltz.
"""

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import decode
from engines.music.decoding import FPS
from engines.music.networks import Frames
from engines.music.spectra import SPECTRUM_FPS
from engines.music.stretches import Stretch, near_peaks

Floats = NDArray[np.float64]

_ROOM = 1.12
_SLOWEST_BPM, _FASTEST_BPM = 45.0, 75.0
# Rows of three beats are averaged over so many beats, as the decoding may skip one.
_SPAN_BEATS = 24
# A shorter passage is a fill: one of metal, of 42 beats, has accents on every third.
_FEWEST_BEATS = 64
# The stronger of the two beats behind every third, relative to it: product of what the networks hear and of the rise of
# the spectrum. Triplets stayed below 0.42, waltzes and all else above 0.58.
_TRIPLETS = 0.5
# And to the networks alone: triplets up to 0.81, second beats of waltzes from 0.93 on.
_TRIPLETS_HEARD = 0.87
# Half-way between those two lies a beat, if they are every other triplet: at 0.97 of them and more, else below 0.1.
_BEAT_HALFWAY = 0.6


def triplet_factor(activations: Frames, stretch: Stretch, rises: Floats) -> float:
    """What the tempo of a stretch is to be multiplied by: 1, or 1/3 or 2/3 where its beats are triplets.

    Args:
        activations: float32, (frames, 2), 0…1 at `FPS`, of the whole song.
        stretch: With the tempo that it is counted at.
        rises: (rows,), by how much the spectrum gets louder, at `SPECTRUM_FPS`, of the whole song.
    """
    factors = [f for f in (1 / 3, 2 / 3) if _SLOWEST_BPM <= stretch.bpm * f <= _FASTEST_BPM]
    if not stretch.has_beat or not factors:
        return 1.0
    heard = activations[stretch.start : stretch.end].sum(axis=1)
    frames = decode(heard[:, None].repeat(2, axis=1), 1, stretch.bpm / _ROOM, stretch.bpm * _ROOM).frames
    if len(frames) < _FEWEST_BEATS:
        return 1.0
    peaks = near_peaks(heard).astype(np.float64)
    largest = np.maximum(rises, np.append(rises[1:], 0))
    rows = (frames + stretch.start) * SPECTRUM_FPS // FPS
    on_beats = _thirds(peaks[frames])
    behind = _behind(on_beats)
    if behind > _TRIPLETS_HEARD or behind * _behind(_thirds(largest[rows.clip(0, len(largest) - 1)])) > _TRIPLETS:
        return 1.0
    halfway = _thirds(peaks[(frames[:-1] + frames[1:]) // 2], peaks[frames[:-1]])
    factor = 2 / 3 if 2 * halfway[1] > _BEAT_HALFWAY * (on_beats[1] + on_beats[2]) else 1 / 3
    return factor if factor in factors else 1.0


def _thirds(values: Floats, order: Floats | None = None) -> Floats:
    """(3,), the mean of every third value, the strongest (of `order`) first."""
    order = values if order is None else order
    found = []
    for first in range(0, len(values) - _SPAN_BEATS + 1, _SPAN_BEATS):
        span = slice(first, first + _SPAN_BEATS)
        strongest = int(order[span].reshape(-1, 3).mean(axis=0).argmax())
        found.append(np.roll(values[span].reshape(-1, 3).mean(axis=0), -strongest))
    mean: Floats = np.mean(found, axis=0)
    return mean


def _behind(thirds: Floats) -> float:
    return float(thirds[1:].max() / (thirds[0] + 1e-9))
