"""The song as stretches of one tempo each, and those without a beat: found by a decoding that may jump.

What lies in between two jumps is decoded on its own afterwards, so that two joined songs, or a song behind minutes of
silence, are heard as they would be heard alone.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import MAX_BPM, MIN_BPM, decode
from engines.music.decoding import FPS
from engines.music.networks import Frames

Floats = NDArray[np.float64]

# Nats for which the tempo may jump. A true change brings hundreds: at 30 all of eighteen changes by a quarter and more
# were found within a bar, and one of thirty songs of one tempo was cut.
_JUMP_COST = 30.0
# Tempi this near (in octaves) are one.
_SAME_OCTAVES = 0.06
# Three beats where there were two, for less than this many beats, is a reading of triplets and no change of tempo.
_TRIPLET_OCTAVES = 0.03
_TRIPLET_BEATS = 32
# A stretch of one tempo has at least this many beats: shorter ones are stumbles.
_FEWEST_BEATS = 8
# Beats of this mean activation, over this many of them, are no beat that one could follow. Pads and silence stay below
# 0.08, quiet pianos above 0.2.
_BEATLESS = 0.12
_BEATLESS_BEATS = 12
_SHORTEST_REST_S = 6.0


@dataclass(frozen=True)
class Stretch:
    """A part of the song with one tempo, or none.

    Attributes:
        start: Its first frame.
        end: The frame after its last.
        bpm: Its tempo, at whichever octave; 0 where there is no beat.
    """

    start: int
    end: int
    bpm: float

    @property
    def has_beat(self) -> bool:
        """Whether there is a beat to follow."""
        return self.bpm > 0


def find_stretches(activations: Frames) -> list[Stretch]:
    """Cut the song where its tempo jumps and where its beat begins or ends.

    Args:
        activations: float32, (frames, 2), 0…1 at `FPS`.

    Returns:
        Stretches that tile the song, in order; empty where there are too few beats to have a tempo.
    """
    heard = activations.sum(axis=1)
    path = decode(heard[:, None].repeat(2, axis=1), 1, MIN_BPM, MAX_BPM, jump_cost=_JUMP_COST)
    if len(path.frames) < 4:
        return []
    rests = _rests(path.frames, near_peaks(heard)[path.frames], len(heard))
    marks = sorted({0, len(heard), *(edge for rest in rests for edge in rest)})
    stretches: list[Stretch] = []
    for start, end in pairwise(marks):
        if (start, end) in rests:
            stretches.append(Stretch(start, end, 0.0))
            continue
        inside = np.flatnonzero((path.frames >= start) & (path.frames < end))
        cuts = [int(path.frames[jump]) for jump in path.jumps if inside[1] < jump < inside[-1]]
        stretches.extend(_tempi(path.frames[inside], [start, *cuts, end]))
    return stretches


def near_peaks(values: NDArray[np.float32], reach: int = 3) -> NDArray[np.float32]:
    """The largest value within `reach` frames of each: beats are not where they are expected to the frame.

    Args:
        values: float32, (frames,).
        reach: In frames.

    Returns:
        float32, (frames,).
    """
    peaks: NDArray[np.float32] = np.lib.stride_tricks.sliding_window_view(np.pad(values, reach), 2 * reach + 1).max(1)
    return peaks


def median_bpm(frames: NDArray[np.int64]) -> float:
    """The tempo of beats, at least two: over four of them at a time, which averages the frame grid out."""
    span = min(4, len(frames) - 1)
    return float(60 * FPS * span / np.median(frames[span:] - frames[:-span]))


def _rests(frames: NDArray[np.int64], strengths: NDArray[np.float32], end: int) -> list[tuple[int, int]]:
    """Spans of frames without a beat: at least `_SHORTEST_REST_S` long, from the last clear beat to the next."""
    width = min(_BEATLESS_BEATS, len(frames))
    means = np.convolve(strengths, np.ones(width) / width, "valid")
    # A beat is clear if any row of beats around it is.
    clear = np.array([means[max(0, i - width + 1) : i + 1].max() >= _BEATLESS for i in range(len(frames))])
    # At the edge of a clear row, beats of the silence belong to the silence.
    clear &= np.array([strengths[max(0, i - 2) : i + 3].max() >= _BEATLESS for i in range(len(frames))])
    if not clear.any():
        return [(0, end)]
    rests, at = [], 0
    for index in np.flatnonzero(clear):
        frame = int(frames[index])
        if frame - at > _SHORTEST_REST_S * FPS:
            rests.append((at if at == 0 else at + 30, max(0, frame - 20)))
        at = frame
    if end - at > _SHORTEST_REST_S * FPS:
        rests.append((at + 30, end))
    return rests


def _tempi(frames: NDArray[np.int64], edges: list[int]) -> list[Stretch]:
    """The stretches between edges, those of one tempo joined, with the tempo that most of each has."""
    parts: list[tuple[int, int, float, int]] = []  # start, end, octaves above 1 bpm, beats
    for start, end in pairwise(edges):
        own = frames[(frames >= start) & (frames < end)]
        if len(own) < _FEWEST_BEATS:
            if parts:
                parts[-1] = (parts[-1][0], end, *parts[-1][2:])
            continue
        first = edges[0] if not parts else parts[-1][1]
        parts.append((first, end, float(np.log2(median_bpm(own))), len(own)))
    if not parts:
        return [Stretch(edges[0], edges[-1], median_bpm(frames) if len(frames) > 1 else 0.0)]
    joined: list[list[tuple[int, int, float, int]]] = []
    for part in parts:
        if joined and _one_tempo(joined[-1][-1], part):
            joined[-1].append(part)
        else:
            joined.append([part])
    return [Stretch(group[0][0], group[-1][1], _usual_bpm(group)) for group in joined]


def _one_tempo(one: tuple[int, int, float, int], other: tuple[int, int, float, int]) -> bool:
    """Whether two parts count one tempo: for a moment the decoder may count triplets instead of beats."""
    apart = abs(one[2] - other[2])
    triplets = abs(apart - np.log2(1.5)) < _TRIPLET_OCTAVES and min(one[3], other[3]) < _TRIPLET_BEATS
    return bool(apart < _SAME_OCTAVES or triplets)


def _usual_bpm(group: list[tuple[int, int, float, int]]) -> float:
    """The tempo of the longest part."""
    return float(2.0 ** max(group, key=lambda part: part[1] - part[0])[2])
