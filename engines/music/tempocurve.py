"""The tempo as a curve, the one that most of the song has, and where it changes for good."""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

REGULAR_BPM = 120.0
# Over this many beats a tempo is measured: it averages the frame grid and a player's swing out.
_SPAN_BEATS = 8
# Tempi this near are one for the song's usual tempo, and these for a change of it: a live drummer wanders by 5 %.
_SAME = 0.04
_NO_CHANGE = 0.06
# A new tempo that lasts less is a break, not a change.
_LASTING_BEATS = 16


def usual_tempo_bpm(times_s: Floats, clear: NDArray[np.bool_]) -> float:
    """The tempo that most of the song has.

    Args:
        times_s: (beats,), rising.
        clear: (beats,), which of them were heard; those of silence don't count.

    Returns:
        Beats per minute: the median of all moments near the commonest tempo, weighed by how long it lasts.
    """
    at, bpm, length_s = _moments(times_s, clear)
    if not len(at):
        return REGULAR_BPM if len(times_s) < 2 else float(60 / np.median(np.diff(times_s)))
    logs = np.log(bpm)
    shares = (np.abs(logs[:, None] - logs[None, :]) < _SAME) @ length_s
    near = np.abs(logs - np.median(logs[shares >= shares.max() - 1e-9])) < _SAME
    order = np.argsort(bpm[near])
    weights = np.cumsum(length_s[near][order])
    return float(bpm[near][order][np.searchsorted(weights, weights[-1] / 2)])


def tempo_changes(times_s: Floats, clear: NDArray[np.bool_]) -> list[tuple[float, float]]:
    """Where the tempo changes for good.

    A moment is a change where the beats after it have another tempo than those before, and both keep theirs: a song
    that gets faster and faster has none.

    Args:
        times_s: (beats,), rising.
        clear: (beats,), which of them were heard.

    Returns:
        Seconds and beats per minute of each tempo, the first included; empty where there is only one.
    """
    edges = [0, *_steps(times_s, clear), len(times_s) - 1]
    found: list[tuple[float, float]] = []
    for first, last in pairwise(edges):
        inside = np.arange(first, last)[clear[first:last]] if last > first else np.zeros(0, int)
        if len(inside) < _LASTING_BEATS:
            continue
        bpm = 60 / float(np.median(times_s[inside + 1] - times_s[inside]))
        span = min(_SPAN_BEATS, last - first)
        starts = np.arange(first, last - span + 1)
        bpm = float(60 * span / np.median(times_s[starts + span] - times_s[starts])) if len(starts) else bpm
        if found and abs(np.log(bpm / found[-1][1])) < _NO_CHANGE:
            continue
        found.append((float(times_s[first]), bpm))
    return found if len(found) > 1 else []


def _moments(times_s: Floats, clear: NDArray[np.bool_]) -> tuple[Floats, Floats, Floats]:
    """Centre, tempo and length of all spans of heard beats."""
    span = min(_SPAN_BEATS, len(times_s) - 1)
    if span < 1:
        return np.zeros(0), np.zeros(0), np.zeros(0)
    heard = np.convolve(clear, np.ones(span + 1), "valid") > span / 2
    length = (times_s[span:] - times_s[:-span])[heard]
    return ((times_s[span:] + times_s[:-span]) / 2)[heard], 60 * span / length, length / span


def _steps(times_s: Floats, clear: NDArray[np.bool_]) -> list[int]:
    """Beats at which a tempo that has lasted gives way to another one that lasts."""
    intervals = np.diff(times_s)
    steps: list[int] = []
    sizes: list[float] = []
    reach = _LASTING_BEATS
    for beat in range(reach, len(intervals) - reach + 1):
        if not clear[beat - reach : beat + reach].mean() > 0.5:
            continue
        before, after = intervals[beat - reach : beat], intervals[beat : beat + reach]
        size = abs(float(np.log(np.median(before) / np.median(after))))
        # Both halves of either side agree, which they would not in an accelerando.
        drift = max(_drift(before), _drift(after))
        if size < _NO_CHANGE or drift > size / 4:
            continue
        if steps and beat - steps[-1] < reach:
            if size - drift > sizes[-1]:
                steps[-1], sizes[-1] = beat, size - drift
            continue
        steps.append(beat)
        sizes.append(size - drift)
    return [_sharpened(intervals, step) for step in steps]


def _drift(intervals: Floats) -> float:
    half = len(intervals) // 2
    return abs(float(np.log(intervals[:half].mean() / intervals[half:].mean())))


def _sharpened(intervals: Floats, step: int) -> int:
    """The beat around a step at which splitting leaves both sides most even."""
    low, high = max(1, step - _LASTING_BEATS), min(len(intervals) - 1, step + _LASTING_BEATS)
    logs = np.log(intervals[low:high])
    costs = [
        float(np.abs(logs[:cut] - np.median(logs[:cut])).sum() + np.abs(logs[cut:] - np.median(logs[cut:])).sum())
        for cut in range(1, len(logs))
    ]
    return low + 1 + int(np.argmin(costs))
