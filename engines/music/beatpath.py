"""From activations to the most likely sequence of beats, tempo and bar position."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from engines.music.decoding import FPS
from engines.music.networks import Frames

Floats = NDArray[np.float32]

MIN_BPM = 50.0
MAX_BPM = 215.0
# How reluctantly the tempo changes from beat to beat, and which part of a beat counts as "on the beat" (1/16): both
# from Böck, Krebs & Widmer (2016).
TEMPO_RIGIDITY = 100.0
ON_BEAT_FRACTION = 16
# A beat is at most this many frames longer or shorter than the one before: beyond, the rigidity rules it out anyway.
_BAND = 12
_NEVER = np.float32(-1e9)
# How a beat was reached, where it was not from an interval within the band.
_OPENED, _JUMPED = 254, 255

TempoRange = tuple[Floats, Floats]
"""Slowest and fastest beats per minute, each float32, (frames,)."""


@dataclass(frozen=True)
class BeatPath:
    """A decoded sequence of beats.

    Attributes:
        frames: int, (beats,), the frame of each beat's peak, rising.
        positions: int, (beats,), 1 is a downbeat.
        log_likelihood: Of the whole path, comparable between decodings of the same activations.
        jumps: int, (jumps,), rising, beats at which another tempo begins without a transition.
    """

    frames: NDArray[np.int64]
    positions: NDArray[np.int64]
    log_likelihood: float
    jumps: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))


def decode(  # noqa: PLR0915  # one recursion; its parts share a dozen arrays
    activations: Frames,
    beats_per_bar: int,
    min_bpm: float = MIN_BPM,
    max_bpm: float = MAX_BPM,
    *,
    jump_cost: float = np.inf,
    allowed: TempoRange | None = None,
    fps: int = FPS,
) -> BeatPath:
    """The best path through the bar-pointer model of Krebs, Böck & Widmer (2015), as a semi-Markov chain.

    Tempo changes only at beats, so a whole beat is one step instead of one state per frame: the same model as madmom's
    `DBNDownBeatTrackingProcessor` in a hundredth of its memory, and with every tempo instead of sixty.

    Args:
        activations: float32, (frames, 2), 0…1: a beat that is no downbeat, a downbeat.
        beats_per_bar: Bar length that the path keeps.
        min_bpm: Slowest tempo.
        max_bpm: Fastest tempo.
        jump_cost: Nats for which, at any beat, any other tempo and place in the bar may follow.
        allowed: Beats per minute between which the tempo must stay, moment by moment.
        fps: Frames per second of `activations`.

    Returns:
        The path; empty where there are fewer frames than one beat needs.
    """
    shortest = max(2, round(60 * fps / max_bpm))
    longest = max(shortest, round(60 * fps / min_bpm))
    intervals = np.arange(shortest, longest + 1)
    frames = len(activations)
    if frames < shortest + 1:
        return BeatPath(np.zeros(0, np.int64), np.zeros(0, np.int64), float("-inf"))
    scores = _BeatScores(activations, beats_per_bar, longest)
    forbidden = None if allowed is None else _forbidden(allowed, intervals, frames, fps)
    transition = _transition(intervals)
    width = transition.shape[1]
    count = len(intervals)

    # start[t % ring, p, k]: the best score of everything before t, with a beat of position p and interval k starting at
    # t. Nothing looks back farther than the longest beat, so a ring is enough.
    ring = longest + shortest
    start = np.full((ring, beats_per_bar, count), _NEVER, np.float32)
    came_from = np.zeros((frames, beats_per_bar, count), np.uint8)
    jumped_from = np.zeros(frames, np.int32)
    may_jump = bool(np.isfinite(jump_cost))
    jump_price = np.float32(jump_cost + np.log(beats_per_bar * count)) if may_jump else np.float32(0)
    before = scores.silence(np.zeros(1, np.int64), np.arange(longest))[0]
    head = min(longest, frames)
    open_start = np.full((head, beats_per_bar, count), -np.log(beats_per_bar * count), np.float32)
    open_start += before[:head, None, None]
    # A song begins within a beat: nothing longer than one may come before the first.
    too_late = np.arange(head)[:, None] >= intervals[None, :]
    open_start = np.where(too_late[:, None, :], _NEVER, open_start)
    rows = np.arange(count)
    # Everything that arrives within one shortest beat starts before it: a block of frames is one array operation.
    for first in range(0, frames, shortest):
        t = np.arange(first, min(first + shortest, frames))
        leave = t[:, None] - intervals[None, :]
        valid = leave >= 0
        safe = np.maximum(leave, 0)
        arrive = start[safe % ring, :, rows] + scores.whole(safe, intervals)
        arrive = np.where(valid[:, :, None], arrive, _NEVER)  # (t, k, p)
        arrive = np.roll(arrive, 1, axis=2).transpose(0, 2, 1)
        padded = np.pad(arrive, ((0, 0), (0, 0), (_BAND, _BAND)), constant_values=_NEVER)
        options = np.lib.stride_tricks.sliding_window_view(padded, width, axis=2) + transition
        best = options.argmax(axis=3)
        value = np.take_along_axis(options, best[..., None], axis=3)[..., 0]
        source = best.astype(np.uint8)
        if may_jump:
            flat = arrive.reshape(len(t), -1)
            jumped_from[t] = flat.argmax(axis=1)
            jump = flat.max(axis=1)[:, None, None] - jump_price
            source[jump > value] = _JUMPED
            value = np.maximum(value, jump)
        from_open = np.full_like(value, _NEVER)
        if first < head:
            n = min(len(t), head - first)
            from_open[:n] = open_start[first : first + n]
        opened = from_open > value
        source[opened] = _OPENED
        value = np.maximum(value, from_open)
        if forbidden is not None:
            value[forbidden[t][:, None, :].repeat(beats_per_bar, axis=1)] = _NEVER
        start[t % ring] = value
        came_from[t] = source
    # The last beat is cut off by the end of the song, at any point of it.
    tail = np.arange(max(0, frames - longest), frames)
    return _trace(tail, start[tail % ring], came_from, jumped_from, scores, intervals, activations)


def _trace(
    tail: NDArray[np.int64],
    start: Floats,
    came_from: NDArray[np.uint8],
    jumped_from: NDArray[np.int32],
    scores: "_BeatScores",
    intervals: NDArray[np.int64],
    activations: Frames,
) -> BeatPath:
    frames, beats_per_bar, _ = came_from.shape
    final = start + scores.cut_off(tail, intervals, frames).transpose(0, 2, 1)
    final = np.where((tail[:, None] + intervals[None, :] >= frames)[:, None, :], final, _NEVER)
    where = np.unravel_index(int(final.argmax()), final.shape)
    likelihood = float(final[where])
    t, p, k = int(tail[where[0]]), int(where[1]), int(where[2])
    path: list[tuple[int, int, int]] = []
    jumps: list[int] = []
    while True:
        path.append((t, p, int(intervals[k])))
        step = int(came_from[t, p, k])
        if step == _OPENED:
            break
        if step == _JUMPED:
            jumps.append(len(path))
            before, k = divmod(int(jumped_from[t]), len(intervals))
            p = before + 1
        else:
            k = k + step - _BAND
        t, p = t - int(intervals[k]), (p - 1) % beats_per_bar
    path.reverse()
    combined = activations.max(axis=1)
    peaks = []
    for at, _, interval in path:
        on_beat = combined[at : at + _on_beat_frames(np.int64(interval))]
        peaks.append(at + int(on_beat.argmax()))
    return BeatPath(
        np.array(peaks, np.int64),
        np.array([p + 1 for _, p, _ in path], np.int64),
        likelihood,
        np.array([len(path) - jump for jump in reversed(jumps)], np.int64),
    )


def _forbidden(allowed: TempoRange, intervals: NDArray[np.int64], frames: int, fps: int) -> NDArray[np.bool_]:
    """(frames, intervals), which beats may not start where."""
    slowest, fastest = allowed
    longest, shortest = 60 * fps / slowest[:frames, None], 60 * fps / fastest[:frames, None]
    outside: NDArray[np.bool_] = (intervals > np.ceil(longest)) | (intervals < np.floor(shortest))
    return outside


def _on_beat_frames(interval: np.int64) -> int:
    return int(-(-int(interval) // ON_BEAT_FRACTION))


def _transition(intervals: NDArray[np.int64]) -> Floats:
    """Log probabilities, (to, offset): row k holds those of coming from interval k − band … k + band."""
    count = len(intervals)
    ratio = intervals[None, :] / intervals[:, None]  # to / from
    full = np.exp(-TEMPO_RIGIDITY * np.abs(ratio - 1))
    full /= full.sum(axis=1, keepdims=True)
    offsets = np.arange(count)[:, None] + np.arange(-_BAND, _BAND + 1)[None, :]
    inside = (offsets >= 0) & (offsets < count)
    with np.errstate(divide="ignore"):
        values = np.log(full[np.clip(offsets, 0, count - 1), np.arange(count)[:, None]])
    return np.maximum(np.where(inside, values, _NEVER), _NEVER).astype(np.float32)


class _BeatScores:
    """Log-likelihoods of the frames of a beat, from cumulative sums."""

    def __init__(self, activations: Frames, beats_per_bar: int, longest: int) -> None:
        padded = np.vstack([activations, np.zeros((longest + 1, 2), np.float32)]).astype(np.float64)
        tiny = 1e-6
        no_beat = np.log(np.maximum(1 - padded.sum(axis=1), tiny) / (ON_BEAT_FRACTION - 1))
        beat = np.log(np.maximum(padded[:, 0], tiny))
        downbeat = np.log(np.maximum(padded[:, 1], tiny))
        no_beat[len(activations) :] = beat[len(activations) :] = downbeat[len(activations) :] = 0
        self._no_beat = np.concatenate([[0.0], np.cumsum(no_beat)])
        on = np.stack([downbeat] + [beat] * (beats_per_bar - 1), axis=1)
        self._on = np.vstack([np.zeros((1, beats_per_bar)), np.cumsum(on, axis=0)])

    def whole(self, starts: NDArray[np.int64], intervals: NDArray[np.int64]) -> Floats:
        """(t, k, p): of beats that start at `starts` (t, k) and last `intervals` (k,)."""
        on_until = starts + np.array([_on_beat_frames(k) for k in intervals])
        rest = self._no_beat[starts + intervals] - self._no_beat[on_until]
        scores: Floats = (self._on[on_until] - self._on[starts] + rest[:, :, None]).astype(np.float32)
        return scores

    def cut_off(self, starts: NDArray[np.int64], intervals: NDArray[np.int64], end: int) -> Floats:
        """(t, k, p): like `whole`; frames beyond the song count nothing."""
        return self.whole(np.repeat(starts[:, None], len(intervals), axis=1), intervals)

    def silence(self, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> Floats:
        """(t, n): no beat in the `lengths` frames from `starts` on."""
        scores: Floats = (self._no_beat[starts[:, None] + lengths] - self._no_beat[starts][:, None]).astype(np.float32)
        return scores
