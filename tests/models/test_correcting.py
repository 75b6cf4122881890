"""Corrections of beats and sections: arithmetic on the analysis, and what follows from it."""

from collections.abc import Sequence
from itertools import accumulate, pairwise
from random import Random

import pytest

from models.beat_corrections import AsHeard as Heard
from models.beat_corrections import (
    BeatCorrection,
    DoubleTempo,
    HalveTempo,
    RenameSection,
    ShiftOne,
    TapBeats,
    heard_first,
)
from models.correcting import corrected
from models.failures import InvalidInput
from models.song import Bar, Beat, EnergyCurve, Section, SectionLabel, SongAnalysis, TempoChange

LABELS: tuple[SectionLabel, ...] = ("intro", "verse", "chorus", "verse", "chorus", "outro")


def heard(
    gaps_s: Sequence[float], meter: int = 4, first_s: float = 0.2, pickup: int = 0, section_bars: int = 4
) -> SongAnalysis:
    """A song with a beat after each gap; sections begin with every few bars.

    Args:
        gaps_s: Seconds between neighbouring beats.
        meter: Beats a bar.
        first_s: The first beat.
        pickup: Beats before the first bar.
        section_bars: Bars a section.
    """
    times = list(accumulate(gaps_s, initial=first_s))
    beats = tuple(Beat(time_s=t, position=(i - pickup) % meter + 1, confidence=0.9) for i, t in enumerate(times))
    downs = [beat.time_s for beat in beats if beat.position == 1]
    duration_s = times[-1] + gaps_s[-1]
    edges = [0.0, *downs[section_bars::section_bars][: len(LABELS) - 1], duration_s]
    bars = tuple(
        Bar(start_s=a, end_s=b, beats=sum(a <= t < b for t in times), energy=0.5, cut_strength=0.3 + 0.1 * (i % 4))
        for i, (a, b) in enumerate(pairwise([*downs, duration_s]))
    )
    sections = tuple(
        Section(start_s=a, end_s=b, letter="ABCBCD"[i], label=LABELS[i], energy=0.1 * (i + 1), strongest_chorus=i == 4)
        for i, (a, b) in enumerate(pairwise(edges))
    )
    return SongAnalysis(
        analysis_version=2,
        duration_s=duration_s,
        sample_rate_hz=44_100,
        channels=2,
        tempo_bpm=round(60 / gaps_s[0], 2),
        beats_per_bar=meter,
        beats=beats,
        bars=bars,
        sections=sections,
        energy=EnergyCurve(hop_s=0.5, values=tuple(0.01 * (i % 100) for i in range(round(duration_s / 0.5) + 1))),
        drops_s=(downs[section_bars],),
    )


EVEN = heard([0.5] * 99)
WALTZ = heard([0.45] * 95, meter=3, pickup=2)
LIVE = heard([0.5 + 0.04 * ((i * 7) % 5 - 2) / 2 - 0.0006 * i for i in range(127)])
SONGS = {"even": EVEN, "waltz": WALTZ, "live": LIVE}


@pytest.fixture(params=SONGS)
def song(request: pytest.FixtureRequest) -> SongAnalysis:
    """One of the songs."""
    return SONGS[request.param]


def times(analysis: SongAnalysis) -> list[float]:
    return [beat.time_s for beat in analysis.beats]


def downs(analysis: SongAnalysis) -> list[float]:
    return [beat.time_s for beat in analysis.beats if beat.position == 1]


def inner_pairs(after: SongAnalysis, before: SongAnalysis) -> list[tuple[Section, Section]]:
    return list(zip(after.sections[1:], before.sections[1:], strict=True))


def refusal(analysis: SongAnalysis, *corrections: BeatCorrection) -> InvalidInput:
    with pytest.raises(InvalidInput) as refused:
        corrected(analysis, corrections)
    return refused.value


def check(after: SongAnalysis, before: SongAnalysis) -> None:
    """What any analysis promises."""
    assert SongAnalysis.from_bytes(after.to_bytes()) == after
    assert all(a < b for a, b in pairwise(times(after)))
    assert times(after)[0] >= 0
    assert times(after)[-1] < after.duration_s == before.duration_s
    assert len(after.sections) == len(before.sections)
    assert (after.sections[0].start_s, after.sections[-1].end_s) == (0, after.duration_s)
    assert all(a.end_s == b.start_s and a.start_s < a.end_s for a, b in pairwise(after.sections))
    assert [bar.start_s for bar in after.bars] == downs(after)
    assert all(a.end_s == b.start_s for a, b in pairwise(after.bars))
    assert sum(bar.beats for bar in after.bars) == sum(beat.time_s >= downs(after)[0] for beat in after.beats)
    assert len(after.corrections) > len(before.corrections)


@pytest.mark.parametrize("by", [1, -1, 2, -2, 5, -7])
def test_a_shift_moves_the_bars_and_leaves_the_beats(song: SongAnalysis, by: int) -> None:
    after = corrected(song, [ShiftOne(beats=by)]) if by % song.beats_per_bar else None
    if after is None:
        return
    check(after, song)
    assert times(after) == times(song)
    assert after.tempo_bpm == song.tempo_bpm
    for index in range(max(0, by), min(len(song.beats), len(song.beats) + by)):
        assert after.beats[index].position == song.beats[index - by].position
    assert {bar.beats for bar in after.bars[:-1]} == {song.beats_per_bar}
    assert corrected(after, [ShiftOne(beats=-by)]).beats == song.beats
    # Sections and drops go with the bars that they began with; from the middle of a bar the way that the bars went.
    if by in (2, -2) and song.beats_per_bar == 4:
        assert all((now.start_s > old.start_s) == (by > 0) for now, old in inner_pairs(after, song))
    assert all(section.start_s in downs(after) for section in after.sections[1:])
    assert all(drop in downs(after) for drop in after.drops_s)
    assert all(bar.cut_strength == 1 for bar in after.bars if bar.start_s in {s.start_s for s in after.sections[1:]})


def test_a_shift_by_whole_bars_changes_nothing() -> None:
    for beats in (0, 4, -8):
        assert refusal(EVEN, ShiftOne(beats=beats)).code == "no_change"
    assert refusal(EVEN, ShiftOne(beats=1), ShiftOne(beats=-1)).code == "no_change"


def test_edges_that_lie_on_no_bar_stay() -> None:
    loose = EVEN.sections[1].model_copy(update={"start_s": EVEN.sections[1].start_s + 0.21})
    before = (EVEN.sections[0].model_copy(update={"end_s": loose.start_s}), loose, *EVEN.sections[2:])
    song = EVEN.model_copy(update={"sections": before})
    after = corrected(song, [ShiftOne(beats=1)])
    assert after.sections[1].start_s == loose.start_s
    assert after.sections[2].start_s == song.sections[2].start_s + 0.5


def test_twice_the_tempo_puts_beats_between_and_half_of_it_takes_them_away(song: SongAnalysis) -> None:
    double = corrected(song, [DoubleTempo()])
    check(double, song)
    assert times(double)[::2] == times(song)
    assert double.tempo_bpm == pytest.approx(2 * song.tempo_bpm)
    assert set(downs(song)) <= set(downs(double))
    assert {bar.beats for bar in double.bars[:-1]} == {song.beats_per_bar}
    assert [section.start_s for section in double.sections] == [section.start_s for section in song.sections]
    back = corrected(double, [HalveTempo()])
    check(back, double)
    assert back.tempo_bpm == pytest.approx(song.tempo_bpm, abs=0.02)
    inner = [section.start_s for section in song.sections[1:]]
    assert set(inner) <= set(downs(back)), "of the two ways the one whose bars begin with the sections"
    if song.beats_per_bar == 4:
        assert times(back) == times(song)


def test_half_of_a_song_whose_sections_begin_with_every_second_bar() -> None:
    song = heard([0.25] * 127, section_bars=3)
    odd = song.model_copy(update={"sections": (song.sections[0], *song.sections[1:])})
    after = corrected(odd, [HalveTempo()])
    check(after, odd)
    assert after.tempo_bpm == 120
    assert {bar.beats for bar in after.bars[:-1]} == {4}
    assert {round(b - a, 6) for a, b in pairwise(times(after))} == {0.5}


def test_tempo_changes_go_with_the_tempo() -> None:
    changes = (TempoChange(time_s=0.2, bpm=120), TempoChange(time_s=30, bpm=90))
    song = EVEN.model_copy(update={"tempo_changes": changes})
    assert [one.bpm for one in corrected(song, [DoubleTempo()]).tempo_changes] == [240, 180]
    assert corrected(song, [ShiftOne(beats=1)]).tempo_changes == changes


def test_no_tempo_that_music_does_not_have() -> None:
    fast = corrected(EVEN, [DoubleTempo()])
    assert refusal(fast, DoubleTempo()).code == "tempo_range"
    slow = heard([1.5] * 40)
    assert "20 bpm" in refusal(slow, HalveTempo()).message
    few = EVEN.model_copy(update={"beats": EVEN.beats[:3], "bars": ()})
    for one in (ShiftOne(beats=1), DoubleTempo(), HalveTempo()):
        assert refusal(few, one).code == "beats"


def test_a_section_gets_another_name_and_one_chorus_is_the_strongest() -> None:
    after = corrected(EVEN, [RenameSection(section_index=3, label="bridge")])
    check(after, EVEN)
    assert [section.label for section in after.sections][3] == "bridge"
    assert after.corrections == ("Section 4: bridge instead of verse",)
    assert [s.strongest_chorus for s in after.sections] == [s.strongest_chorus for s in EVEN.sections]
    without = corrected(EVEN, [RenameSection(section_index=4, label="outro")])
    assert [section.strongest_chorus for section in without.sections] == [False, False, True, False, False, False]
    none = corrected(without, [RenameSection(section_index=2, label="verse")])
    assert not any(section.strongest_chorus for section in none.sections)
    one = corrected(none, [RenameSection(section_index=5, label="chorus")])
    assert [section.strongest_chorus for section in one.sections][5]
    assert refusal(EVEN, RenameSection(section_index=6, label="verse")).code == "no_section"
    assert refusal(EVEN, RenameSection(section_index=0, label="intro")).code == "no_change"


def test_the_correction_that_cannot_be_done_is_named() -> None:
    said = refusal(EVEN, ShiftOne(beats=1), RenameSection(section_index=99, label="verse")).message
    assert said.startswith("Correction 2: There is no section 100")


def test_what_is_done_after_as_heard_begins_there() -> None:
    assert heard_first([ShiftOne(beats=1), Heard(), DoubleTempo()]) == (True, (DoubleTempo(),))
    assert heard_first([Heard()]) == (True, ())
    assert heard_first([ShiftOne(beats=1)]) == (False, (ShiftOne(beats=1),))


def test_older_documents_keep_their_bytes() -> None:
    assert b"corrections" not in EVEN.to_bytes()


def taps(moments: Sequence[float], scatter_s: float = 0.02, late_s: float = 0.0, seed: int = 1) -> TapBeats:
    """Taps of a hand."""
    hand = Random(seed)
    return TapBeats(times_s=tuple(max(0.0, moment + late_s + hand.gauss(0, scatter_s)) for moment in moments))


def test_taps_on_the_heard_beats_change_nothing(song: SongAnalysis) -> None:
    for seed in range(20):
        assert refusal(song, taps(times(song)[20:36], late_s=0.03, seed=seed)).code == "no_change"


@pytest.mark.parametrize("count", [4, 5, 7])
def test_few_taps_mean_the_heard_tempo(count: int) -> None:
    """Four taps by hand say little about a tempo, and enough about its phase and multiple."""
    for seed in range(40):
        between = [0.45 + 0.5 * (20 + at) for at in range(count)]
        after = corrected(EVEN, [taps(between, scatter_s=0.025, seed=seed)])
        assert after.tempo_bpm == 120, seed
        half = corrected(EVEN, [taps(times(EVEN)[20 : 20 + 2 * count : 2], scatter_s=0.025, seed=seed)])
        assert half.tempo_bpm == 60, seed


def test_taps_between_the_heard_beats_move_all_of_them_and_keep_the_drift(song: SongAnalysis) -> None:
    between = [(a + b) / 2 for a, b in pairwise(times(song))]
    for seed in range(20):
        after = corrected(song, [taps(between[10:30], seed=seed)])
        check(after, song)
        assert [beat.position for beat in after.beats][:90] == [beat.position for beat in song.beats][:90]
        own = times(after)
        off = [min(abs(one - beat) for beat in own) for one in between]
        assert max(off) < 0.05


@pytest.mark.parametrize("missing", [0, 3, 8])
def test_taps_at_twice_or_half_the_tempo_follow_the_heard_drift(song: SongAnalysis, missing: int) -> None:
    """Some taps are missing, one is doubled; the rest of the song is not tapped at all."""
    between = [(a + b) / 2 for a, b in pairwise(times(song))]
    twice = sorted([*times(song), *between])
    for seed in range(10):
        hand = Random(seed)
        some = twice[40:80]
        for _ in range(missing):
            some.remove(hand.choice(some[1:-1]))
        tapped = taps([*some, some[5] + 0.03], seed=seed, scatter_s=0.012)
        after = corrected(song, [tapped])
        check(after, song)
        assert set(twice) <= {*times(after), *twice[-1:]}, seed
        assert after.tempo_bpm == pytest.approx(2 * song.tempo_bpm)
        half = corrected(song, [taps(times(song)[21:61:2], seed=seed)])
        check(half, song)
        assert times(half) == times(song)[1::2]


def test_a_tempo_that_was_not_heard_is_fitted_and_lies_over_the_whole_song() -> None:
    song = EVEN.model_copy(update={"grid": "regular"})
    true = [0.13 + 60 / 137 * i for i in range(112)]
    for seed in range(20):
        after = corrected(song, [taps([*true[8:30], *true[90:100]], seed=seed)])
        check(after, song)
        assert after.tempo_bpm == pytest.approx(137, rel=0.002), seed
        off = [min(abs(one - beat) for beat in times(after)) for one in true if one < 49]
        assert max(off) < 0.06, seed
        assert after.grid == "heard"


def test_taps_that_drift_are_followed() -> None:
    song = EVEN.model_copy(update={"grid": "regular"})
    true = list(accumulate((0.35 + 0.004 * i for i in range(70)), initial=0.5))
    true = [one for one in true if one < 45]
    for seed in range(20):
        after = corrected(song, [taps(true, seed=seed)])
        check(after, song)
        off = [min(abs(one - beat) for beat in times(after)) for one in true]
        assert max(off) < 0.09, seed
        assert abs(len([beat for beat in times(after) if true[0] - 0.1 < beat < true[-1] + 0.1]) - len(true)) <= 1


def test_bars_of_tapped_beats_begin_with_the_sections() -> None:
    song = EVEN.model_copy(update={"grid": "regular"})
    after = corrected(song, [taps(times(EVEN)[4:60], scatter_s=0.004)])
    first = after.sections[1].start_s
    assert min(abs(first - down) for down in downs(after)) < 0.03
    assert {bar.beats for bar in after.bars[:-1]} == {4}


@pytest.mark.parametrize(
    ("moments", "said"),
    [
        ([1, 1.5, 2, 2.04, 1.98], "Only 3 of these taps"),
        ([70, 71, 72, 73], "Only 0"),
        ([1, 1.5, 30, 30.5], "without a pause"),
        ([1, 4, 7, 10, 13], "20 a minute"),
        ([1 + 0.15 * i for i in range(12)], "400 a minute"),
        ([1, 1.5, 2.28, 2.5, 3.3, 3.45, 4.4, 4.95, 5.13, 6.4], "too uneven"),
    ],
)
def test_taps_that_are_no_tempo_are_refused(moments: list[float], said: str) -> None:
    refused = refusal(EVEN.model_copy(update={"grid": "regular"}), TapBeats(times_s=tuple(moments)))
    assert refused.code == "taps"
    assert said in refused.message


def any_song(hand: Random) -> SongAnalysis:
    """A song of some meter and tempo, played by hand."""
    meter, beat_s = hand.choice([2, 3, 4, 4, 4, 5, 7]), hand.uniform(0.25, 1.2)
    gaps = [beat_s * (1 + hand.uniform(-0.08, 0.08)) for _ in range(hand.randint(9 * meter, 160))]
    return heard(gaps, meter, hand.uniform(0, 3), hand.randint(0, meter - 1), hand.randint(1, 6))


def any_correction(hand: Random, song: SongAnalysis) -> BeatCorrection:
    first, step = hand.uniform(0, 0.6 * song.duration_s), hand.uniform(0.2, 1.5)
    tapped = [max(0.0, first + step * place + hand.gauss(0, 0.03)) for place in range(hand.randint(4, 40))]
    corrections: list[BeatCorrection] = [
        ShiftOne(beats=hand.randint(-16, 16)),
        DoubleTempo(),
        HalveTempo(),
        RenameSection(section_index=hand.randint(0, 6), label=hand.choice(LABELS)),
        TapBeats(times_s=tuple(tapped)),
    ]
    return hand.choice(corrections)


@pytest.mark.parametrize("seed", range(40))
def test_any_corrections_keep_what_an_analysis_promises(seed: int) -> None:
    hand = Random(seed)
    song = any_song(hand)
    for _ in range(4):
        try:
            after = corrected(song, [any_correction(hand, song)])
        except InvalidInput:
            continue
        check(after, song)
        song = after
