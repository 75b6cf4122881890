"""Where a decoding slipped from the beat to the off-beat, and what puts it back.

Songs stay on their beat. A decoding may leave it for a passage whose off-beats are the louder ones, by a few beats that
are longer or shorter than all others: it pays a little for them, and gains by every beat of the passage. Between two
passages of one steady tempo that is no music but a slip.
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engines.music.networks import Frames
from engines.music.stretches import near_peaks

Floats = NDArray[np.float64]

# Within so many beats a slip happens, and so many on either side of it are steady: at tempi that differ by less, and no
# farther from even than this share of a beat. Drummers without a click wander by more.
_SLIP_BEATS = 10
_STEADY_BEATS = 12
_SAME = 0.025
_EVEN = 0.05
# From this share of a beat on it is a slip.
_LEAST_SLIP = 0.38
# Nats per beat by which one phase has to be clearer than the others over the whole song.
_CLEARER = 0.3
# A passage whose own beats are clearer than the others by so much a beat moved by itself: a pause, an odd bar. Slips of
# real recordings stayed below 0.75, true shifts were above 1.2.
_OWN_PHASE = 1.0
_LEAST_HEARD = 0.03
# What is heard farther from the beat than this share of it counts for so much.
_ON_BEAT = 0.25
_DAMPED = np.float32(0.1)


def without_slips(activations: Frames, frames: NDArray[np.int64]) -> Frames | None:
    """Activations that keep a decoding on the song's beat.

    Args:
        activations: float32, (frames, 2), of one stretch.
        frames: int, (beats,), rising: the beats that were decoded from them.

    Returns:
        The activations, those off the beat damped; None where the decoding did not slip, where no phase is clearly the
        song's, or where the music itself moved.
    """
    slips = _slips(frames)
    if not slips:
        return None
    edges = [0, *(beat for beat, _ in slips), len(frames)]
    own = np.cumsum([0.0, *(shift for _, shift in slips)])
    passages = [frames[first:last] for first, last in pairwise(edges)]
    heard = near_peaks(activations.sum(axis=1))
    phases = [own[0], own[0] + 0.5]
    evidence = [
        sum(_evidence(heard, passage, phase - at) for passage, at in zip(passages, own, strict=True))
        for phase in phases
    ]
    if abs(evidence[0] - evidence[1]) < _CLEARER * len(frames):
        return None
    phase = phases[int(np.argmax(evidence))]
    if any(_moves_itself(heard, passage, phase - at) for passage, at in zip(passages, own, strict=True)):
        return None
    grid = np.concatenate([_later(passage, phase - at) for passage, at in zip(passages, own, strict=True)])
    every = np.arange(len(activations))
    behind = np.searchsorted(grid, every).clip(1, len(grid) - 1)
    step = np.median(np.diff(frames))
    distance = np.minimum(np.abs(every - grid[behind - 1]), np.abs(grid[behind] - every))
    damping = np.where((distance > _ON_BEAT * step) & (distance < step), _DAMPED, np.float32(1))
    straight: Frames = activations * damping[:, None]
    return straight


def _slips(frames: NDArray[np.int64]) -> list[tuple[int, float]]:
    """The first beat of each passage behind a slip, and by how much of a beat it is late."""
    count = len(frames) - 2 * _STEADY_BEATS - _SLIP_BEATS + 1
    if count < 1:
        return []
    rows = np.lib.stride_tricks.sliding_window_view(frames.astype(np.float64), _STEADY_BEATS)
    places = np.arange(_STEADY_BEATS) - (_STEADY_BEATS - 1) / 2
    means = rows.mean(axis=1)
    steps = rows @ places / (places @ places)
    uneven = np.abs(rows - means[:, None] - steps[:, None] * places).max(axis=1) / steps
    behind = slice(_STEADY_BEATS + _SLIP_BEATS, None)
    before = slice(0, count)
    beats = 2 * (means[behind] - means[before]) / (steps[behind] + steps[before])
    steady = np.maximum(uneven[behind], uneven[before]) < _EVEN
    steady &= np.abs(np.log(steps[behind] / steps[before])) < _SAME
    shifts = np.where(steady, beats - np.round(beats), 0.0)
    found: list[tuple[int, float]] = []
    while np.abs(shifts).max() > _LEAST_SLIP:
        at = int(np.abs(shifts).argmax())
        found.append((at + _STEADY_BEATS + _SLIP_BEATS // 2, float(shifts[at])))
        shifts[max(0, at - _STEADY_BEATS) : at + _STEADY_BEATS] = 0
    return sorted(found)


def _later(frames: NDArray[np.int64], share: float) -> Floats:
    """Beats, each later by a share of a beat, or earlier by less than half of one."""
    share -= round(share)
    steps = np.diff(frames, append=2 * frames[-1] - frames[-2]) if len(frames) > 1 else np.zeros(len(frames))
    moved: Floats = frames + share * steps
    return moved


def _moves_itself(heard: NDArray[np.float32], frames: NDArray[np.int64], share: float) -> bool:
    """Whether the music of a passage is off the song's beat by that share, and not just its decoding."""
    if abs(share - round(share)) < _LEAST_SLIP / 2:
        return False
    gain = _evidence(heard, frames, 0.0) - _evidence(heard, frames, share)
    return gain > _OWN_PHASE * len(frames)


def _evidence(heard: NDArray[np.float32], frames: NDArray[np.int64], share: float) -> float:
    """How clearly beats are heard that are later by a share of a beat."""
    places = np.round(_later(frames, share)).astype(np.int64).clip(0, len(heard) - 1)
    return float(np.log(heard[places] + _LEAST_HEARD).sum())
