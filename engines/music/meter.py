"""Where the bars begin: the length of the bar, its phase, and bars that are shorter or longer than the others.

Each stretch of one tempo has a meter of its own.
"""

from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import BeatPath, decode
from engines.music.decoding import FPS
from engines.music.networks import Frames
from engines.music.slips import without_slips
from engines.music.stretches import Stretch, median_bpm
from engines.music.tempo import METERS, TempoReading

Floats = NDArray[np.float64]

# Nats per beat that bars of five or seven have to bring beyond bars of three and four: true ones brought 1.2 to 2.3,
# songs in four whose downbeats are hard to hear up to 0.3.
_ODD_METER_COST = 0.7
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


def find_bars(activations: Frames, readings: list[TempoReading]) -> Beats | None:
    """Give the beats of all stretches their place in the bar.

    Args:
        activations: float32, (frames, 2), 0…1: a beat that is no downbeat, a downbeat.
        readings: The tempo of each stretch, in order.

    Returns:
        The beats, or None where no stretch has any. Where there is no beat to follow, those of the neighbouring tempo
        go on with a confidence of 0.
    """
    heard = [_bars_of(activations, reading) if reading.bpm else None for reading in readings]
    found = [beats for beats in heard if beats is not None]
    if not found:
        return None
    pieces: list[_Laid] = []
    for index, (reading, own) in enumerate(zip(readings, heard, strict=True)):
        after = next((beats for beats in heard[index:] if beats is not None), None)
        piece = own if own is not None else _filled(reading.stretch, pieces[-1] if pieces else None, after)
        if not len(piece.frames):
            continue
        if pieces:
            pieces[-1] = pieces[-1].before(int(piece.frames[0]))
        pieces.append(piece)
    longest = max(found, key=lambda beats: float(beats.confidence.sum()))
    return Beats(
        frames=np.concatenate([piece.frames for piece in pieces]),
        positions=np.concatenate([piece.positions for piece in pieces]),
        confidence=np.concatenate([piece.confidence for piece in pieces]),
        beats_per_bar=longest.beats_per_bar,
        bpm=longest.bpm,
    )


@dataclass(frozen=True)
class _Laid:
    """The beats of one stretch; like `Beats`."""

    frames: NDArray[np.int64]
    positions: NDArray[np.int64]
    confidence: Floats
    beats_per_bar: int
    bpm: float

    def before(self, frame: int) -> "_Laid":
        """Without the beats that come so near to the next stretch's first that they mean the same."""
        kept = self.frames < frame - 0.6 * 60 * FPS / self.bpm
        return replace(self, frames=self.frames[kept], positions=self.positions[kept], confidence=self.confidence[kept])


def _bars_of(activations: Frames, reading: TempoReading) -> _Laid | None:
    """Beats of a stretch in its likeliest meter.

    All meters are decoded with the beats (Böck, Krebs & Widmer 2016), which needs every bar to be alike. Against the
    likeliest of them stands a reading without bars, into which bars are then laid that may be shorter or longer at a
    price: where a single bar of two beats shifts all that follow, it wins.
    """
    own = activations[reading.stretch.start : reading.stretch.end]
    path, beats_per_bar = _likeliest_bars(own, reading.range_bpm)
    if len(path.frames) < 4:
        return None
    straight = without_slips(own, path.frames)
    if straight is not None:
        path, beats_per_bar = _likeliest_bars(straight, reading.range_bpm)
    peaks = _near_peaks(own)
    confidence = np.clip(peaks[path.frames].sum(axis=1) / 0.8, 0, 1).astype(np.float64)
    frames = path.frames + reading.stretch.start
    return _Laid(frames, path.positions, confidence, beats_per_bar, median_bpm(frames))


def _likeliest_bars(own: Frames, range_bpm: tuple[float, float]) -> tuple[BeatPath, int]:
    """The likeliest reading of a stretch, with bars of one length or with laid ones, and the usual bar."""
    paths = {meter: decode(own, meter, *range_bpm) for meter in METERS}
    price = _ODD_METER_COST * len(paths[4].frames)
    beats_per_bar = max(paths, key=lambda meter: paths[meter].log_likelihood - (price if meter > 4 else 0.0))
    path = paths[beats_per_bar]
    if len(path.frames) < 4:
        return path, beats_per_bar
    loose = decode(own.sum(axis=1, keepdims=True).repeat(2, axis=1), 1, *range_bpm)
    laid, gain = _lay_bars(_near_peaks(own)[loose.frames], beats_per_bar)
    if loose.log_likelihood + gain > path.log_likelihood:
        path = BeatPath(loose.frames, laid, loose.log_likelihood + gain)
    return path, beats_per_bar


def _filled(stretch: Stretch, before: _Laid | None, after: _Laid | None) -> _Laid:
    """A regular grid where there is no beat: on from the stretch before, or back from the one behind."""
    pattern = before or after
    assert pattern is not None
    step, bar = 60 * FPS / pattern.bpm, pattern.beats_per_bar
    if before is not None and len(before.frames):
        end = stretch.end if after is None else after.frames[0] - step / 2
        frames = np.arange(before.frames[-1] + step, end, step)
        positions = (np.arange(len(frames)) + before.positions[-1]) % bar + 1
    else:
        frames = np.arange(pattern.frames[0] - step, stretch.start - 1e-6, -step)[::-1]
        positions = (pattern.positions[0] - 1 - np.arange(len(frames), 0, -1)) % bar + 1
    return _Laid(np.round(frames).astype(np.int64), positions, np.zeros(len(frames)), bar, pattern.bpm)


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
