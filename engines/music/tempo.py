"""Which of the tempi that fit is the one people tap to.

A beat tracker's commonest mistake is the octave: every beat right, and as many in between, or every other one missing.
Three kinds of evidence decide between two readings, none of which suffices alone: whether the beats that only the
faster reading has are as strong as the others; whether the bass drum's register strikes on them, which is what a fast
backbeat does and a ballad does not; and at which level downbeats come back once a bar. Without drums there is no
backbeat: then the first decides, with a weak preference for moderate tempi (van Noorden & Moelants 1999).
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from engines.music.beatpath import decode
from engines.music.decoding import FPS
from engines.music.networks import Frames
from engines.music.octaves import split_at_octaves
from engines.music.spectra import SPECTRUM_FPS
from engines.music.stretches import Stretch, find_stretches, median_bpm, near_peaks
from engines.music.triplets import triplet_factor

Floats = NDArray[np.float64]

_FRAMES_PER_ROW = FPS // SPECTRUM_FPS
SLOWEST_BPM, FASTEST_BPM = 40.0, 230.0
FACTORS = (0.5, 1.0, 2.0)
METERS = (3, 4, 5, 7)
# Room around the tempo of a stretch, and the most of it: more would let another octave in.
_ROOM = 1.12
_WIDEST_ROOM = 1.38
# A reading this far (in octaves) from the tempo it was asked for found some other ratio.
_SAME_TEMPO_OCTAVES = 0.2
# A beat is never more surely a downbeat, or none, than this; below this activation it says nothing.
_LEAST_SHARE = 0.01
_LEAST_HEARD = 0.02
# With drums. Weights from a logistic regression over 75 readings, half as fast and as fast as the truth, of 55 songs
# (written for it, pop arrangements, eight real recordings), the bass then given more weight, as its two sides hardly
# meet: half-way between beats it rises by exp(−0.75) or more where the faster reading is right, and by less where not.
# What is left over is rock in half time, which either answer fits. Neither the tempo network nor a preference for
# moderate tempi added anything.
_CONTRAST_WEIGHT = 0.48
_CONTRAST_RANGE = (-4.0, 1.0)
# Off-beats of songs with drums were hardly ever stronger than this: what is stronger are beats.
_WEAKEST_BEATS = -0.4
_BARS_WEIGHT = 8.5
_BASS_WEIGHT = 4.0
_BASS_RANGE = (-1.5, 0.3)
_BIAS = 3.5
# Without drums: where beats in between are exp(−0.3) = 0.74 as strong as the beats, both readings are as likely.
# Off-beats of most of twenty piano arrangements lie below 0.72, true beats of one strength above 0.76.
_EVEN_CONTRAST = -0.30
_CONTRAST_ALONE = 8.0
_PREFERRED_BPM = 95.0
_PREFERENCE_OCTAVES = 0.6
# Cymbals and snares: by how many dB the treble rises at its sharpest moments within a twentieth of a second. Pianos
# stay below 4.4, songs with drums lie above 5.4, two with nothing but a soft rim excepted.
_DRUMS_DB = 5.0
_TREBLE_BAND = 30
_LOUD_RANGE_DB = 25.0
# The lowest five bands of the mel spectrum end at 150 Hz.
_BASS_BANDS = 5
# Evidence of fewer beats counts less.
_FULL_EVIDENCE_BEATS = 32
# Nats that it costs to count neighbouring stretches of one pulse at another octave. Songs that did change brought 3.7
# and more, one that doubled for thirty seconds 3.9 for both of its changes; a piano that did not change, 1.6.
_SWITCH_COST = 1.8


@dataclass(frozen=True)
class TempoReading:
    """One way to tap along to a stretch.

    Attributes:
        stretch: The part of the song that is read.
        bpm: Usual tempo; 0 where there is no beat.
        range_bpm: Slowest and fastest tempo that decoding is allowed.
    """

    stretch: Stretch
    bpm: float
    range_bpm: tuple[float, float]


@dataclass(frozen=True)
class Evidence:
    """What speaks for tapping twice as fast.

    Attributes:
        contrast: Log ratio of what is heard half-way between beats to what is heard on them; 0 where they are equal.
        bars: How much better bars of three or four fast beats explain the downbeats than bars of slow ones, in nats
            per fast beat.
        bass: Log ratio of the rise of the lowest register half-way between beats to that on them.
        preference: How much rather people tap to the faster one.
        beats: Of the slower reading.
    """

    contrast: float
    bars: float
    bass: float
    preference: float
    beats: int

    def nats(self, has_drums: bool) -> float:
        """Log odds of the faster reading.

        Args:
            has_drums: Whether the song has any.
        """
        if has_drums:
            odds = (
                _CONTRAST_WEIGHT * float(np.clip(self.contrast, *_CONTRAST_RANGE))
                + _BARS_WEIGHT * self.bars
                + _BASS_WEIGHT * float(np.clip(self.bass, *_BASS_RANGE))
                + _CONTRAST_ALONE * max(0.0, self.contrast - _WEAKEST_BEATS)
                + _BIAS
            )
        else:
            odds = _CONTRAST_ALONE * (self.contrast - _EVEN_CONTRAST) + self.preference
        return odds * min(1.0, self.beats / _FULL_EVIDENCE_BEATS)


def find_tempo(activations: Frames, mel: NDArray[np.float32]) -> list[TempoReading]:
    """The reading of each stretch that people would tap.

    Args:
        activations: float32, (frames, 2), 0…1 at `FPS`: a beat that is no downbeat, a downbeat.
        mel: float32, (rows, bands), dB, at `SPECTRUM_FPS`.

    Returns:
        Readings that tile the song, in order; empty where there are too few beats to have a tempo.
    """
    whole = find_stretches(activations)
    stretches = [part for stretch in whole for part in _parts(activations, stretch)]
    rises, drums = _bass_rises(mel), has_drums(mel)
    scores = np.array([_scores(activations, stretch, rises, drums) for stretch in stretches])
    choice = _likeliest(stretches, scores)
    chosen = [
        replace(stretch, bpm=stretch.bpm * FACTORS[factor]) for stretch, factor in zip(stretches, choice, strict=True)
    ]
    counted = _rejoined(chosen, {stretch.start for stretch in whole})
    all_rises = _rises(mel)
    return [
        _reading(activations, replace(stretch, bpm=stretch.bpm * triplet_factor(activations, stretch, all_rises)))
        for stretch in counted
    ]


def faster_evidence(activations: Frames, slow_bpm: float, rises: Floats) -> Evidence | None:
    """What speaks for twice a tempo, or None where that tempo is not to be found.

    Args:
        activations: float32, (frames, 2), of one stretch.
        slow_bpm: The slower tempo.
        rises: (rows,), of the lowest register, of that stretch at `SPECTRUM_FPS`.
    """
    heard = activations.sum(axis=1)
    room = _room(activations, slow_bpm)
    path = decode(heard[:, None].repeat(2, axis=1), 1, slow_bpm / room, slow_bpm * room)
    if len(path.frames) < 4 or abs(np.log2(median_bpm(path.frames) / slow_bpm)) > _SAME_TEMPO_OCTAVES:
        return None
    beats = path.frames[:-1]
    halfway = (path.frames[:-1] + path.frames[1:]) // 2
    peaks = near_peaks(heard)
    fast = np.stack([beats, halfway], axis=1).ravel()
    down, other = near_peaks(activations[:, 1])[fast], near_peaks(activations[:, 0])[fast]
    share = np.clip(down / np.maximum(down + other, _LEAST_HEARD), _LEAST_SHARE, 1 - _LEAST_SHARE)
    gain = np.log(share / (1 - share))

    def regular(length: int) -> float:
        return max(float(gain[phase::length].sum()) for phase in range(length)) / len(gain)

    return Evidence(
        contrast=float(np.log((peaks[halfway].mean() + 1e-3) / (peaks[beats].mean() + 1e-3))),
        bars=max(regular(length) for length in METERS) - max(regular(2 * length) for length in METERS),
        bass=float(np.log((_at(rises, halfway) + 1e-9) / (_at(rises, beats) + 1e-9))),
        preference=_preference(2 * slow_bpm) - _preference(slow_bpm),
        beats=len(beats),
    )


def _scores(activations: Frames, stretch: Stretch, rises: Floats, drums: bool) -> list[float]:
    """Nats for each of `FACTORS`, relative to the tempo as it was found."""
    if not stretch.has_beat:
        return [0.0, 0.0, 0.0]
    own = activations[stretch.start : stretch.end]
    bass = rises[stretch.start // _FRAMES_PER_ROW : -(-stretch.end // _FRAMES_PER_ROW)]
    scores = [-np.inf, 0.0, -np.inf]
    if stretch.bpm / 2 >= SLOWEST_BPM:
        evidence = faster_evidence(own, stretch.bpm / 2, bass)
        scores[0] = -np.inf if evidence is None else -evidence.nats(drums)
    if stretch.bpm * 2 <= FASTEST_BPM:
        evidence = faster_evidence(own, stretch.bpm, bass)
        scores[2] = -np.inf if evidence is None else evidence.nats(drums)
    return scores


def _likeliest(stretches: list[Stretch], scores: Floats) -> list[int]:
    """The best factor for each stretch, where stretches of one pulse are reluctant to change their octave."""
    if not stretches:
        return []
    best, origins = scores[0], list[NDArray[np.int64]]()
    before = stretches[0]
    for stretch, own in zip(stretches[1:], scores[1:], strict=True):
        price: Floats = np.zeros((3, 3))
        if stretch.has_beat and before.has_beat:
            apart = np.log2([[stretch.bpm * b / (before.bpm * a) for b in FACTORS] for a in FACTORS])
            one_pulse = abs(apart[1, 1] - round(apart[1, 1])) < 0.06
            price = (
                np.where(np.abs(apart) > 0.5, _SWITCH_COST, 0.0) if one_pulse else np.maximum(0, np.abs(apart) - 0.6)
            )
        options = best[:, None] - price
        origins.append(options.argmax(axis=0))
        best = options.max(axis=0) + own
        before = stretch if stretch.has_beat else before
    choice = [int(best.argmax())]
    for origin in reversed(origins):
        choice.append(int(origin[choice[-1]]))
    return choice[::-1]


def _parts(activations: Frames, stretch: Stretch) -> list[Stretch]:
    """A stretch, or both sides of the place where its octave may change."""
    for slow_bpm in (stretch.bpm / 2, stretch.bpm):
        if slow_bpm >= SLOWEST_BPM and 2 * slow_bpm <= FASTEST_BPM:
            parts = split_at_octaves(activations, stretch, slow_bpm)
            if len(parts) > 1:
                return parts
    return [stretch]


def _rejoined(parts: list[Stretch], starts: set[int]) -> list[Stretch]:
    """Stretches again, but for those whose parts have got two tempi."""
    stretches: list[Stretch] = []
    for part in parts:
        if stretches and part.start not in starts and stretches[-1].bpm == part.bpm:
            stretches[-1] = replace(stretches[-1], end=part.end)
        else:
            stretches.append(part)
    return stretches


def _reading(activations: Frames, stretch: Stretch) -> TempoReading:
    bpm = stretch.bpm
    room = _room(activations[stretch.start : stretch.end], bpm) if bpm else 1.0
    return TempoReading(stretch, bpm, (bpm / room, bpm * room))


def _room(activations: Frames, bpm: float) -> float:
    """How far a stretch strays from its tempo."""
    heard = activations.sum(axis=1)
    wide = decode(heard[:, None].repeat(2, axis=1), 1, bpm / _WIDEST_ROOM, bpm * _WIDEST_ROOM)
    if len(wide.frames) < 6:
        return _ROOM
    strays = np.abs(np.log2(240 * FPS / (wide.frames[4:] - wide.frames[:-4]) / bpm))
    return float(np.clip(2.0 ** (float(np.percentile(strays, 97)) * 1.25), _ROOM, _WIDEST_ROOM))


def has_drums(mel: NDArray[np.float32]) -> bool:
    """Whether anything strikes the way cymbals and snares do.

    Args:
        mel: float32, (rows, bands), dB, at `SPECTRUM_FPS`.
    """
    level = 10 * np.log10((10 ** (mel / 10)).sum(axis=1) + 1e-9)
    loud = level > np.percentile(level, 95) - _LOUD_RANGE_DB
    rises = np.maximum(0, np.diff(mel[:, _TREBLE_BAND:].mean(axis=1)))[loud[1:]]
    return bool(len(rises)) and float(np.percentile(rises, 97)) > _DRUMS_DB


def _preference(bpm: float) -> float:
    return -0.5 * float((np.log2(bpm / _PREFERRED_BPM) / _PREFERENCE_OCTAVES) ** 2)


def _bass_rises(mel: NDArray[np.float32]) -> Floats:
    """(rows,), by how much the lowest register gets louder."""
    return _rises(mel[:, :_BASS_BANDS])


def _rises(mel: NDArray[np.float32]) -> Floats:
    """(rows,), by how much bands get louder."""
    level = 10 ** (np.asarray(mel, np.float64) / 20)
    rises: Floats = np.maximum(0, np.diff(level, axis=0, prepend=level[:1])).sum(axis=1)
    return rises


def _at(rises: Floats, frames: NDArray[np.int64]) -> float:
    """The mean rise around frames: the largest of three rows each."""
    largest = np.lib.stride_tricks.sliding_window_view(np.pad(rises, (1, 2)), 3).max(axis=1)
    return float(largest[np.minimum(np.round(frames / _FRAMES_PER_ROW).astype(int), len(largest) - 1)].mean())
