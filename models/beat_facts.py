"""What follows from a song's beats: bars, tempo, meter. As the analysis finds them, but without the sound."""

from bisect import bisect_left
from collections.abc import Sequence
from itertools import pairwise
from statistics import fmean, median

from models.song import Bar, Beat, EnergyCurve, MeterChange, SongAnalysis, TempoPoint

SAME_S = 0.03
"""Moments this near are one: analyses round to the millisecond, networks to 10 ms."""

_TEMPO_SPAN_BEATS = 8
_LASTING_BARS = 4


def nearest(times_s: Sequence[float], time_s: float) -> float | None:
    """The moment nearest to another one; None if there is none."""
    at = bisect_left(times_s, time_s)
    return min(times_s[max(0, at - 1) : at + 1], key=lambda one: abs(one - time_s), default=None)


def bars_of(analysis: SongAnalysis, beats: Sequence[Beat], section_starts_s: Sequence[float]) -> tuple[Bar, ...]:
    """Bars with the energy of their stretch, and the wish for a cut of the old bar that began nearest."""
    firsts = [index for index, beat in enumerate(beats) if beat.position == 1]
    old_starts = [bar.start_s for bar in analysis.bars]
    bars: list[Bar] = []
    for first, after in pairwise([*firsts, len(beats)]):
        start_s = beats[first].time_s
        end_s = beats[after].time_s if after < len(beats) else analysis.duration_s
        near = nearest(old_starts, start_s)
        old = None if near is None else analysis.bars[bisect_left(old_starts, near)]
        known = old is not None and abs(old.start_s - start_s) <= (old.end_s - old.start_s) / 2
        strength = old.cut_strength if old is not None and known else 0.5
        opens = any(abs(begin - start_s) <= SAME_S for begin in section_starts_s)
        bars.append(
            Bar(
                start_s=start_s,
                end_s=end_s,
                beats=after - first,
                energy=round(_mean_energy(analysis.energy, start_s, end_s), 4),
                cut_strength=1.0 if opens else strength,
            )
        )
    return tuple(bars)


def _mean_energy(curve: EnergyCurve, start_s: float, end_s: float) -> float:
    """The mean of an energy curve over a stretch, 0…1."""
    if not curve.values:
        return 0.0
    first = min(int(start_s / curve.hop_s), len(curve.values) - 1)
    return min(1.0, max(0.0, fmean(curve.values[first : max(first + 1, round(end_s / curve.hop_s))])))


def tempo_curve(beats: Sequence[Beat]) -> tuple[TempoPoint, ...]:
    """The local tempo over the song."""
    times_s, span = [beat.time_s for beat in beats], _TEMPO_SPAN_BEATS
    return tuple(
        TempoPoint(
            time_s=round(fmean(times_s[i : i + span + 1]), 3),
            bpm=round(60 * span / (times_s[i + span] - times_s[i]), 2),
        )
        for i in range(0, len(times_s) - span, span // 2)
    )


def usual_bpm(beats: Sequence[Beat]) -> float:
    """The median tempo of at least two beats."""
    times_s = [beat.time_s for beat in beats]
    span = min(_TEMPO_SPAN_BEATS, len(times_s) - 1)
    return 60 * span / median(after - before for before, after in zip(times_s, times_s[span:], strict=False))


def meter_changes(beats: Sequence[Beat]) -> tuple[MeterChange, ...]:
    """Where the bar gets another length for good, the first one included."""
    downs = [index for index, beat in enumerate(beats) if beat.position == 1]
    lengths = [after - before for before, after in pairwise(downs)]
    changes: list[MeterChange] = []
    for index, length in enumerate(lengths):
        run = lengths[index : index + _LASTING_BARS]
        lasting = len(set(run)) == 1 and (len(run) == _LASTING_BARS or not changes)
        if lasting and (not changes or changes[-1].beats_per_bar != length):
            changes.append(MeterChange(time_s=beats[downs[index]].time_s, beats_per_bar=length))
    return tuple(changes)
