"""Beats from an artist's taps, which are late, early, missing or doubled.

Where the tapped tempo is the heard one, or a simple multiple of it, the heard beats say how the tempo drifts, and the
taps only choose the multiple and the phase. Otherwise a line is fitted through the taps: Theil–Sen (Sen 1968) for the
first guess, least squares over what lies near it. Where no line fits, the taps themselves are followed, smoothed.
"""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, pairwise
from math import atan2, ceil, cos, floor, pi, sin
from statistics import fmean, median

from models.beat_corrections import FEWEST_TAPS
from models.failures import InvalidInput

LEAST_BPM, MOST_BPM = 30.0, 300.0

_BOUNCE_S = 0.12
"""A second tap this soon is the same touch: a beat at 300 bpm lasts 0.2 s."""

_MULTIPLES = tuple(Fraction(*one) for one in ((1, 1), (2, 1), (1, 2), (3, 1), (1, 3), (3, 2), (2, 3), (4, 1), (1, 4)))
_SAME_TEMPO = 0.04
_UNSURE = 0.1
"""Beats by which the first and the last tap may lie apart from the truth: over few taps that is some of the tempo."""

_LOOSE = 0.16
"""The median distance, in beats, from which taps are too uneven for one phase or line. Hands scatter by 0.02 to 0.08.
"""

_PAUSE_BEATS = 4.5
"""A longer gap begins another run of taps: how many beats it has is counted only once the tempo is sure."""

_HALF_AWAY = -0.4
_AGREES = 0.35
"""Another run of taps belongs to a line that reaches it this near, in beats."""

_REACH = 4
"""Taps on either side that smooth one."""


@dataclass(frozen=True)
class TappedBeats:
    """Beats that taps ask for.

    Attributes:
        times_s: Ascending, within the song.
        multiple: Their number per heard beat; None: the heard beats say nothing about them.
        heard: For each the index of the heard beat that it replaces; None: there are more or fewer than those.
    """

    times_s: tuple[float, ...]
    multiple: Fraction | None = None
    heard: tuple[int, ...] | None = None


def beats_from_taps(taps_s: Sequence[float], heard_s: Sequence[float], duration_s: float) -> TappedBeats:
    """The beats of a whole song by taps along with some part of it.

    Args:
        taps_s: Moments of the song, in any order.
        heard_s: The beats before, ascending; empty: they were not heard.
        duration_s: The song's length.

    Returns:
        The beats.

    Raises:
        InvalidInput: `taps`: too few, too uneven, or of no tempo that music has.
    """
    taps = _clean(taps_s, duration_s)
    runs = _runs(taps)
    longest = max(runs, key=len)
    _, period = _counts(longest)
    if not LEAST_BPM <= 60 / period <= MOST_BPM:
        raise _refused(
            f"These taps are {60 / period:.0f} a minute; a tempo lies between {LEAST_BPM:.0f} and {MOST_BPM:.0f}: "
            "tap on the beat."
        )
    found = _along(runs, heard_s, duration_s) if len(heard_s) > 1 else None
    return found or TappedBeats(_on_their_own(runs, longest, period, duration_s))


def _clean(taps_s: Sequence[float], duration_s: float) -> list[float]:
    """The taps within the song, ascending, without bounces."""
    taps: list[float] = []
    for tap in sorted(tap for tap in taps_s if 0 <= tap <= duration_s):
        if not taps or tap - taps[-1] >= _BOUNCE_S:
            taps.append(tap)
    if len(taps) < FEWEST_TAPS:
        raise _refused(f"Only {len(taps)} of these taps can be used: tap at least {FEWEST_TAPS} beats of the song.")
    return taps


def _runs(taps: Sequence[float]) -> list[list[float]]:
    """Stretches that were tapped without a pause."""
    usual = median(after - before for before, after in pairwise(taps))
    runs = [[taps[0]]]
    for before, after in pairwise(taps):
        if after - before > _PAUSE_BEATS * usual:
            runs.append([])
        runs[-1].append(after)
    runs = [run for run in runs if len(run) >= FEWEST_TAPS]
    if not runs:
        raise _refused(f"Tap at least {FEWEST_TAPS} beats without a pause.")
    return runs


def _counts(run: Sequence[float]) -> tuple[list[int], float]:
    """Beats between neighbouring taps, more than one where some are missing, and seconds a beat.

    Raises:
        InvalidInput: The taps have no common period.
    """
    gaps = [after - before for before, after in pairwise(run)]
    periods, counts = [_around(gaps, at) for at in range(len(gaps))], [1] * len(gaps)
    for _ in range(3):
        counts = [max(1, round(gap / period)) for gap, period in zip(gaps, periods, strict=True)]
        single = [gap / count for gap, count in zip(gaps, counts, strict=True)]
        periods = [_around(single, at) for at in range(len(gaps))]
    off = [abs(gap / period - count) for gap, period, count in zip(gaps, periods, counts, strict=True)]
    if median(off) > _LOOSE:
        raise _refused("These taps are too uneven to be a tempo: tap one on each beat.")
    return counts, median(periods)


def _around(values: Sequence[float], at: int) -> float:
    """The median of a value and its neighbours: a tempo may change along the taps."""
    return median(values[max(0, at - _REACH) : at + _REACH + 1])


def _along(runs: Sequence[Sequence[float]], heard_s: Sequence[float], duration_s: float) -> TappedBeats | None:
    """The heard beats, multiplied and shifted; None where the taps are of another tempo, or drift apart from them."""
    places = [[_place(heard_s, tap) for tap in run] for run in runs]
    beats = sum(sum(_counts(run)[0]) for run in runs)
    rate = beats / sum(place[-1] - place[0] for place in places)
    multiple = min(_MULTIPLES, key=lambda one: abs(rate / one - 1))
    if abs(rate / multiple - 1) > _SAME_TEMPO + _UNSURE / beats:
        return None
    phases = [float(multiple) * place for run in places for place in run]
    phase = _middle(phases)
    if median(abs(_within(one - phase)) for one in phases) > _LOOSE:
        return None
    # Taps near the heard beats mean these: a hand is less sure than the analysis of where they lie.
    step = 1 / multiple.denominator
    nearest = step * round(phase / step)
    if abs(phase - nearest) <= min(_LOOSE, step / 3):
        phase = nearest
    if multiple == 1:
        # Half a beat away is later, never earlier, so that equal taps give equal bars.
        late = phase if phase > _HALF_AWAY else phase + 1
        moved = [(_time(heard_s, number + late), number) for number in range(len(heard_s))]
        moved = [(time, number) for time, number in moved if 0 <= time < duration_s]
        return TappedBeats(tuple(time for time, _ in moved), multiple, tuple(number for _, number in moved))
    margin = 0.5 if multiple > 1 else 0.0
    low = ceil(-float(multiple) * margin - phase - 1e-9)
    high = floor(float(multiple) * (len(heard_s) - 1 + margin) - phase + 1e-9)
    times = (_time(heard_s, (number + phase) / float(multiple)) for number in range(low, high + 1))
    return TappedBeats(tuple(time for time in times if 0 <= time < duration_s), multiple)


def _on_their_own(
    runs: Sequence[Sequence[float]], longest: Sequence[float], period: float, duration_s: float
) -> tuple[float, ...]:
    """Beats over the whole song by the taps alone: even where a line fits, otherwise as the taps drift."""
    numbers = _numbered(longest)
    period, begin = _line(numbers, longest, period)
    off = median(abs(tap - begin - period * number) for number, tap in zip(numbers, longest, strict=True)) / period
    if off > _LOOSE:
        return _followed(numbers, longest, duration_s)
    # Another run makes the tempo surer, if what is known of it reaches that far.
    known_numbers, known = list(numbers), list(longest)
    for run in sorted(runs, key=lambda run: abs(run[0] - longest[0])):
        if run is longest:
            continue
        places = [(tap - begin) / period for tap in run]
        lag = _middle(places)
        if abs(lag) > _AGREES:
            continue
        known_numbers += [round(place - lag) for place in places]
        known += run
        period, begin = _line(known_numbers, known, period)
    first, last = ceil(-begin / period - 1e-9), floor((duration_s - begin) / period)
    times = (begin + period * number for number in range(first, last + 1))
    return tuple(max(0.0, time) for time in times if time < duration_s)


def _numbered(run: Sequence[float]) -> list[int]:
    return list(accumulate(_counts(run)[0], initial=0))


def _line(numbers: Sequence[int], taps: Sequence[float], period: float) -> tuple[float, float]:
    """Seconds a beat, and the moment of beat 0, without the taps that are far off."""
    begin = median(tap - period * number for number, tap in zip(numbers, taps, strict=True))
    for reach in (0.35, 0.25, 0.25):
        near = [
            (number, tap)
            for number, tap in zip(numbers, taps, strict=True)
            if abs(tap - begin - period * number) <= reach * period
        ]
        if len(near) < FEWEST_TAPS:
            break
        period, begin = _least_squares(near) or (period, begin)
    return period, begin


def _least_squares(points: Sequence[tuple[int, float]]) -> tuple[float, float] | None:
    """Slope and height of a line; None where the points lie in one column, or the line does not rise."""
    middle_number, middle_tap = fmean(number for number, _ in points), fmean(tap for _, tap in points)
    spread = sum((number - middle_number) ** 2 for number, _ in points)
    if not spread:
        return None
    slope = sum((number - middle_number) * (tap - middle_tap) for number, tap in points) / spread
    return (slope, middle_tap - slope * middle_number) if slope > 0 else None


def _followed(numbers: Sequence[int], run: Sequence[float], duration_s: float) -> tuple[float, ...]:
    """Beats along smoothed taps, missing ones filled in, and on at the first and the last tempo."""
    smooth: list[tuple[int, float]] = []
    points = list(zip(numbers, run, strict=True))
    for place, (number, tap) in enumerate(points):
        fitted = _least_squares(points[max(0, place - _REACH) : place + _REACH + 1])
        time = tap if fitted is None else fitted[1] + fitted[0] * number
        if not smooth or time > smooth[-1][1]:
            smooth.append((number, time))
    times: list[float] = []
    for (number, time), (after, until) in pairwise(smooth):
        times += [time + (until - time) * step / (after - number) for step in range(after - number)]
    times.append(smooth[-1][1])
    span = min(2 * _REACH, len(times) - 1)
    early, late = (times[span] - times[0]) / span, (times[-1] - times[-1 - span]) / span
    before = [times[0] - early * step for step in range(1, ceil(times[0] / early) + 1)]
    after_s = [times[-1] + late * step for step in range(1, ceil((duration_s - times[-1]) / late) + 1)]
    return tuple(time for time in [*reversed(before), *times, *after_s] if 0 <= time < duration_s)


def _place(heard_s: Sequence[float], time_s: float) -> float:
    """A moment counted in heard beats, also before the first and after the last."""
    at = min(max(bisect_right(heard_s, time_s) - 1, 0), len(heard_s) - 2)
    return at + (time_s - heard_s[at]) / (heard_s[at + 1] - heard_s[at])


def _time(heard_s: Sequence[float], place: float) -> float:
    """The moment of a place that is counted in heard beats."""
    at = min(max(floor(place), 0), len(heard_s) - 2)
    return heard_s[at] + (place - at) * (heard_s[at + 1] - heard_s[at])


def _within(phase: float) -> float:
    """A phase in −0.5…0.5 beats."""
    return phase - round(phase)


def _middle(phases: Sequence[float]) -> float:
    """The phase in the middle of phases, −0.5…0.5: the mean on the circle, then the median around it."""
    turn = [2 * pi * phase for phase in phases]
    mean = atan2(fmean(map(sin, turn)), fmean(map(cos, turn))) / (2 * pi)
    return _within(mean + median(_within(phase - mean) for phase in phases))


def _refused(sentence: str) -> InvalidInput:
    return InvalidInput(sentence, code="taps")
