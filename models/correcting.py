"""Corrections applied to a song's analysis: arithmetic on what was heard, without the sound.

Sections, drops and breaks that lay on a bar's start go with the bars, to the nearest new one; energy, voices and
loudness stay. Sections keep their number and order, because treatments name them by index.
"""

from bisect import bisect_left
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

from models.beat_corrections import (
    BeatCorrection,
    DoubleTempo,
    HalveTempo,
    RenameSection,
    ShiftOne,
    TapBeats,
)
from models.beat_facts import SAME_S, bars_of, meter_changes, nearest, tempo_curve, usual_bpm
from models.failures import InvalidInput
from models.song import Beat, Section, SongAnalysis
from models.tapping import LEAST_BPM, MOST_BPM, beats_from_taps

_UNDECIDED_BARS = 0.1
"""This near to the middle of a new bar its two ends are equally near: a live bar's beats are not of one length."""

_EDGE_BARS = 0.6
"""How far a moment before the first bar, or after the last one begins, may go."""

_FEWEST_BEATS = 4


def corrected(analysis: SongAnalysis, corrections: Sequence[BeatCorrection]) -> SongAnalysis:
    """An analysis after corrections, in their order.

    Args:
        analysis: The newest one, or the one that was heard.
        corrections: At least one; `AsHeard` is resolved by the caller.

    Returns:
        An analysis of the same sections and the same song, which says in `corrections` what was done.

    Raises:
        InvalidInput: One cannot be done, or all of them change nothing; the sentence says why.
    """
    after = analysis
    for number, one in enumerate(corrections, 1):
        try:
            after = _one_corrected(after, one)
        except InvalidInput as error:
            if len(corrections) == 1:
                raise
            raise InvalidInput(f"Correction {number}: {error.message}", error.code) from None
    if (after.beats, after.sections) == (analysis.beats, analysis.sections):
        raise InvalidInput("This changes nothing: beats and sections are like this already.", code="no_change")
    return after


def _one_corrected(analysis: SongAnalysis, one: BeatCorrection) -> SongAnalysis:
    match one:
        case ShiftOne():
            return _shifted(analysis, one.beats)
        case DoubleTempo():
            return _doubled(analysis)
        case HalveTempo():
            return _halved(analysis)
        case TapBeats():
            return _tapped(analysis, one)
        case RenameSection():
            return _renamed(analysis, one)
        case _:
            return analysis


def _shifted(analysis: SongAnalysis, by: int) -> SongAnalysis:
    """Each beat gets the place in the bar of the beat `by` before it."""
    beats = _enough(analysis)
    places = [beat.position for beat in beats]
    if by > 0:
        length = _first_bar(places, analysis.beats_per_bar)
        lead = [(places[0] - 1 - step) % length + 1 for step in range(by, 0, -1)]
        places = (lead + places)[: len(beats)]
    elif by < 0:
        length = _last_bar(places, analysis.beats_per_bar)
        tail = [(places[-1] - 1 + step) % length + 1 for step in range(1, 1 - by)]
        places = (places + tail)[-len(beats) :]
    moved = tuple(beat.model_copy(update={"position": place}) for beat, place in zip(beats, places, strict=True))
    words = f"{abs(by)} beat{'' if abs(by) == 1 else 's'} {'later' if by > 0 else 'earlier'}"
    return _rebuilt(analysis, moved, Fraction(1), f"Bars begin {words}", by)


def _doubled(analysis: SongAnalysis) -> SongAnalysis:
    """A beat between each two; a bar becomes two of as many beats."""
    beats = _enough(analysis)
    _refuse_tempo(2 * analysis.tempo_bpm)
    step_s = beats[-1].time_s - beats[-2].time_s
    after = Beat(time_s=beats[-1].time_s + step_s, position=1, confidence=beats[-1].confidence)
    lengths = _bar_lengths([beat.position for beat in beats], analysis.beats_per_bar)
    doubled: list[Beat] = []
    for (beat, following), length in zip(pairwise([*beats, after]), lengths, strict=True):
        between_s = (beat.time_s + following.time_s) / 2
        sure = round((beat.confidence + following.confidence) / 2, 3)
        first = 2 * (beat.position - 1)
        doubled.append(beat.model_copy(update={"position": first % length + 1}))
        if between_s < analysis.duration_s:
            doubled.append(Beat(time_s=between_s, position=(first + 1) % length + 1, confidence=sure))
    return _rebuilt(analysis, tuple(doubled), Fraction(2), "Twice the tempo")


def _halved(analysis: SongAnalysis) -> SongAnalysis:
    """Every second beat; two bars become one. Of the two ways the one whose bars begin with the sections."""
    beats = _enough(analysis)
    _refuse_tempo(analysis.tempo_bpm / 2)
    downs = [index for index, beat in enumerate(beats) if beat.position == 1]
    if len(beats) < 2 * _FEWEST_BEATS or len(downs) < 2:
        raise InvalidInput("There are too few beats to leave every second one out.", code="beats")
    wish = _wishes(analysis)
    kept_downs = max((downs[0::2], downs[1::2]), key=lambda some: sum(_near(wish, beats[one].time_s) for one in some))
    kept: list[tuple[int, int]] = []
    first = kept_downs[0]
    length = _first_bar([beat.position for beat in beats], analysis.beats_per_bar)
    kept += [(index, (-(first - index) // 2) % length + 1) for index in range(first % 2, first, 2)]
    for begin, end in pairwise([*kept_downs, len(beats)]):
        inside = range(begin, end, 2)
        # A bar of an odd number of beats ends with a longer one.
        whole = inside if end == len(beats) or (end - begin) % 2 == 0 else inside[:-1]
        kept += [(index, place) for place, index in enumerate(whole, 1)]
    chosen = tuple(beats[index].model_copy(update={"position": place}) for index, place in kept)
    return _rebuilt(analysis, chosen, Fraction(1, 2), "Half the tempo")


def _tapped(analysis: SongAnalysis, tap: TapBeats) -> SongAnalysis:
    heard = analysis.grid == "heard" or bool(analysis.corrections)
    times_s = [beat.time_s for beat in analysis.beats] if heard else []
    found = beats_from_taps(tap.times_s, times_s, analysis.duration_s)
    if found.heard is None:
        beats = _placed(analysis, found.times_s)
    else:
        beats = tuple(
            analysis.beats[index].model_copy(update={"time_s": time_s})
            for index, time_s in zip(found.heard, found.times_s, strict=True)
        )
    if beats == analysis.beats:
        return analysis
    if len(beats) < _FEWEST_BEATS:
        raise InvalidInput("These taps leave too few beats in the song: tap along with more of it.", code="taps")
    after = _rebuilt(analysis, beats, found.multiple, f"Tapped: {usual_bpm(beats):.1f} bpm")
    sure = {"grid": "heard", "beat_confidence": 1.0 if found.multiple is None else after.beat_confidence}
    return after.model_copy(update=sure)


def _renamed(analysis: SongAnalysis, one: RenameSection) -> SongAnalysis:
    """A section with another name. The strongest chorus is always a chorus, and there is one where any chorus is."""
    count = len(analysis.sections)
    if one.section_index >= count:
        raise InvalidInput(f"There is no section {one.section_index + 1}; the song has {count}.", code="no_section")
    sections = list(analysis.sections)
    before = sections[one.section_index]
    if before.label == one.label:
        return analysis
    sections[one.section_index] = before.model_copy(update={"label": one.label})
    choruses = [index for index, section in enumerate(sections) if section.label == "chorus"]
    marked = [index for index in choruses if sections[index].strongest_chorus]
    strongest = marked[:1] or sorted(choruses, key=lambda index: -sections[index].energy)[:1]
    named = tuple(
        section.model_copy(update={"strongest_chorus": [index] == strongest}) for index, section in enumerate(sections)
    )
    note = f"Section {one.section_index + 1}: {one.label} instead of {before.label}"
    return analysis.model_copy(update={"sections": named, "corrections": (*analysis.corrections, note)})


def _placed(analysis: SongAnalysis, times_s: Sequence[float]) -> tuple[Beat, ...]:
    """New beats in bars of the usual length, which begin where most of the old ones and of the sections do."""
    length, wish = analysis.beats_per_bar, _wishes(analysis)
    gains = [_near(wish, time_s, (after - before) / 2) for time_s, before, after in _around(times_s)]
    phase = max(range(length), key=lambda first: sum(gains[first::length]))
    return tuple(Beat(time_s=time_s, position=(number - phase) % length + 1) for number, time_s in enumerate(times_s))


def _around(times_s: Sequence[float]) -> list[tuple[float, float, float]]:
    """Each moment with the one before and the one after it, or itself at the ends."""
    padded = [times_s[0], *times_s, times_s[-1]] if times_s else []
    return [(padded[at], padded[at - 1], padded[at + 1]) for at in range(1, len(padded) - 1)]


def _wishes(analysis: SongAnalysis) -> list[tuple[float, float]]:
    """Moments at which a bar should begin, ascending, and how much: sections count more than the bars before."""
    strength = {bar.start_s: bar.cut_strength for bar in analysis.bars}
    bars = [(beat.time_s, strength.get(beat.time_s, 0.5)) for beat in analysis.beats if beat.position == 1]
    sections = [(section.start_s, 4.0) for section in analysis.sections[1:]]
    return sorted(bars + sections)


def _near(wishes: Sequence[tuple[float, float]], time_s: float, reach_s: float = SAME_S) -> float:
    """How much the wishes near a moment weigh; nearer ones weigh more."""
    first = bisect_left(wishes, (time_s - reach_s, 0.0))
    total = 0.0
    for moment_s, weight in wishes[first:]:
        if moment_s > time_s + reach_s:
            break
        total += weight * (1 - abs(moment_s - time_s) / (2 * reach_s)) if reach_s else weight
    return total


def _rebuilt(
    analysis: SongAnalysis, beats: tuple[Beat, ...], multiple: Fraction | None, note: str, later: int = 1
) -> SongAnalysis:
    """The analysis with other beats, and with all that follows from them.

    Args:
        multiple: The new tempo by the old one; None: the old one says nothing about it.
        later: Where a moment is as near to the bar before as to the one after: negative: the one before.
    """
    old_downs = [beat.time_s for beat in analysis.beats if beat.position == 1]
    downs = [beat.time_s for beat in beats if beat.position == 1]
    sections = _moved_sections(analysis.sections, old_downs, downs, later)
    scale = None if multiple is None else float(multiple)
    changes = analysis.tempo_changes if scale is not None else ()
    return analysis.model_copy(
        update={
            "beats": beats,
            "tempo_bpm": round(usual_bpm(beats) if scale is None else analysis.tempo_bpm * scale, 2),
            "tempo_curve": tempo_curve(beats),
            "tempo_changes": tuple(one.model_copy(update={"bpm": round(one.bpm * (scale or 1), 2)}) for one in changes),
            "meter_changes": meter_changes(beats),
            "sections": sections,
            "bars": bars_of(analysis, beats, [section.start_s for section in sections]) if analysis.bars else (),
            "drops_s": _moved(analysis.drops_s, old_downs, downs, later),
            "breaks_s": _moved(analysis.breaks_s, old_downs, downs, later),
            "corrections": (*analysis.corrections, note),
        }
    )


def _moved(times_s: Sequence[float], old_s: Sequence[float], new_s: Sequence[float], later: int) -> tuple[float, ...]:
    """Moments that lay on an old bar's start, at the nearest new one; the others stay."""
    return tuple(sorted({_moved_one(time_s, old_s, new_s, later) for time_s in times_s}))


def _moved_one(time_s: float, old_s: Sequence[float], new_s: Sequence[float], later: int) -> float:
    old = nearest(old_s, time_s)
    if old is None or abs(old - time_s) > SAME_S or len(new_s) < 2:
        return time_s
    at = bisect_left(new_s, time_s)
    if not 0 < at < len(new_s):
        edge, bar_s = (new_s[0], new_s[1] - new_s[0]) if at == 0 else (new_s[-1], new_s[-1] - new_s[-2])
        return edge if abs(edge - time_s) <= _EDGE_BARS * bar_s else time_s
    before, after = new_s[at - 1], new_s[at]
    middle = (before + after) / 2
    if abs(time_s - middle) < _UNDECIDED_BARS * (after - before):
        return after if later > 0 else before
    return before if time_s < middle else after


def _moved_sections(
    sections: Sequence[Section], old_s: Sequence[float], new_s: Sequence[float], later: int
) -> tuple[Section, ...]:
    """Sections whose inner edges go with the bars; an edge that would swallow a section stays."""
    if not sections:
        return ()
    edges = [sections[0].start_s, *(section.start_s for section in sections[1:]), sections[-1].end_s]
    for at in range(1, len(sections)):
        to = _moved_one(edges[at], old_s, new_s, later)
        if edges[at - 1] < to < edges[at + 1]:
            edges[at] = to
    return tuple(
        section.model_copy(update={"start_s": begin, "end_s": end})
        for section, (begin, end) in zip(sections, pairwise(edges), strict=True)
    )


def _bar_lengths(places: Sequence[int], usual: int) -> list[int]:
    """For each beat the number of beats in its bar; the first and the last bar may be cut off."""
    downs = [index for index, place in enumerate(places) if place == 1]
    if not downs:
        return [usual] * len(places)
    lengths = [max(_first_bar(places, usual), max(places[: downs[0]], default=0))] * downs[0]
    for begin, end in pairwise([*downs, len(places)]):
        own = end - begin if end < len(places) else max(_last_bar(places, usual), end - begin)
        lengths += [own] * (end - begin)
    return lengths


def _first_bar(places: Sequence[int], usual: int) -> int:
    """The beats of the first whole bar."""
    downs = [index for index, place in enumerate(places) if place == 1]
    return downs[1] - downs[0] if len(downs) > 1 else usual


def _last_bar(places: Sequence[int], usual: int) -> int:
    """The beats of the last whole bar."""
    downs = [index for index, place in enumerate(places) if place == 1]
    return downs[-1] - downs[-2] if len(downs) > 1 else usual


def _enough(analysis: SongAnalysis) -> tuple[Beat, ...]:
    if len(analysis.beats) < _FEWEST_BEATS:
        raise InvalidInput("This song has too few beats for that: tap them.", code="beats")
    return analysis.beats


def _refuse_tempo(bpm: float) -> None:
    if not LEAST_BPM <= bpm <= MOST_BPM:
        raise InvalidInput(
            f"This would be {bpm:.0f} bpm; a tempo lies between {LEAST_BPM:.0f} and {MOST_BPM:.0f}.", code="tempo_range"
        )
