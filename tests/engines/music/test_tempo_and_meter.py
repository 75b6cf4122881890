from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.music.meter import Beats, find_bars, meter_changes
from engines.music.networks import Frames
from engines.music.stretches import find_stretches
from engines.music.tempo import find_tempo
from engines.music.tempocurve import tempo_changes, usual_tempo_bpm

SILENT = np.full((1, 40), -80, np.float32)


def pattern(
    interval: float, strengths: list[float], frames: int = 3000, downbeat_every: int = 4, ones: tuple[int, ...] = (0,)
) -> Frames:
    """Beats whose strengths repeat; every so many is a downbeat, or several of them."""
    heard = np.full((frames, 2), 0.005, np.float32)
    for index, frame in enumerate(np.arange(15, frames, interval).astype(int)):
        heard[frame, 1 if index % downbeat_every in ones else 0] = strengths[index % len(strengths)]
    return heard


def bass_on(interval: float, rows: int = 600) -> NDArray[np.float32]:
    """A mel spectrum of drums whose lowest register strikes every so many frames."""
    mel = np.full((rows, 40), -80, np.float32)
    for frame in np.arange(15, rows * 5 - 5, interval):
        mel[int(frame) // 5 : int(frame) // 5 + 2, :5] = -20
    mel[3::4, 30:] = -50
    return mel


def tempi(heard: Frames, mel: NDArray[np.float32] = SILENT) -> list[float]:
    return [round(reading.bpm, 1) for reading in find_tempo(heard, mel)]


def beats_of(heard: Frames, mel: NDArray[np.float32] = SILENT) -> Beats:
    beats = find_bars(heard, find_tempo(heard, mel))
    assert beats is not None
    return beats


@pytest.mark.parametrize(("interval", "bpm"), [(48, 125), (40, 150)])
def test_even_beats_keep_their_tempo(interval: int, bpm: float) -> None:
    assert tempi(pattern(interval, [0.8])) == [pytest.approx(bpm, abs=1)]


def test_weak_beats_in_between_are_off_beats() -> None:
    heard = pattern(42, [0.8, 0.1], downbeat_every=8)
    assert tempi(heard, bass_on(84)) == [pytest.approx(71.4, abs=1)]


@pytest.mark.parametrize("bpm", [152, 166, 187, 203])
def test_a_fast_backbeat_is_not_heard_at_half_its_tempo(bpm: float) -> None:
    # Snares on 2 and 4 are loud to the ear and weak to the networks; the bass drum's register strikes on every beat.
    interval = 6000 / bpm
    heard = pattern(interval, [0.8, 0.15])
    assert tempi(heard, bass_on(interval)) == [pytest.approx(bpm, abs=1.5)]
    beats = beats_of(heard, bass_on(interval))
    ones = beats.frames[beats.positions == 1]
    assert np.abs(ones[:, None] - np.arange(15, 3000, 4 * interval)[None, :]).min(axis=1).max() <= 2


def joined(*parts: Frames) -> Frames:
    return np.concatenate(parts)


@pytest.mark.parametrize(("first", "second"), [(92, 137), (141, 96), (78, 117), (128, 85)])
def test_two_tempi_are_two_stretches(first: float, second: float) -> None:
    heard = joined(pattern(6000 / first, [0.8]), pattern(6000 / second, [0.8]))
    beats = beats_of(heard)
    times_s = beats.frames / 100
    changes = tempo_changes(times_s, beats.confidence > 0)
    assert [bpm for _, bpm in changes] == [pytest.approx(first, rel=0.01), pytest.approx(second, rel=0.01)]
    assert changes[1][0] == pytest.approx(30, abs=1.5)
    true = np.flatnonzero(heard.max(axis=1) > 0.5)
    assert np.mean(np.abs(true[:, None] - beats.frames[None, :]).min(axis=1) <= 3) > 0.96
    assert np.diff(beats.frames).min() > 0.5 * 6000 / max(first, second)


def doubling(slow_bpm: float, off_beat: float, *, slow_first: bool) -> tuple[Frames, NDArray[np.float32]]:
    """Half a minute at a tempo and as much at its double, with drums; slow beats have off-beats of that strength."""
    step = 3000 / slow_bpm
    slow, fast = pattern(step, [0.8, off_beat], downbeat_every=8), pattern(step, [0.8], downbeat_every=4)
    parts = [(slow, bass_on(2 * step)), (fast, bass_on(step))]
    parts = parts if slow_first else parts[::-1]
    return joined(*(heard for heard, _ in parts)), np.concatenate([mel for _, mel in parts])


@pytest.mark.parametrize("slow_first", [True, False])
@pytest.mark.parametrize("off_beat", [0.02, 0.3])
@pytest.mark.parametrize("slow_bpm", [62, 75, 93])
def test_a_change_to_the_double_or_the_half_is_one(slow_bpm: float, off_beat: float, slow_first: bool) -> None:
    heard, mel = doubling(slow_bpm, off_beat, slow_first=slow_first)
    beats = beats_of(heard, mel)
    changes = tempo_changes(beats.frames / 100, beats.confidence > 0)
    tempi_bpm = (slow_bpm, 2 * slow_bpm) if slow_first else (2 * slow_bpm, slow_bpm)
    assert [bpm for _, bpm in changes] == [pytest.approx(bpm, rel=0.02) for bpm in tempi_bpm]
    assert changes[1][0] == pytest.approx(30, abs=1.5)


@pytest.mark.parametrize("off_beats", [(0.05, 0.3), (0.3, 0.05)])
def test_off_beats_that_get_louder_are_no_change_of_tempo(off_beats: tuple[float, float]) -> None:
    heard = joined(*(pattern(40, [0.8, strength], 3200, downbeat_every=8) for strength in off_beats))
    assert tempi(heard, bass_on(80, 1280)) == [pytest.approx(75, rel=0.01)]


def test_the_tempo_of_a_song_is_the_one_that_lasts_longest() -> None:
    heard = joined(pattern(6000 / 90, [0.8], 5000), pattern(6000 / 135, [0.8], 2000))
    beats = beats_of(heard)
    assert usual_tempo_bpm(beats.frames / 100, beats.confidence > 0) == pytest.approx(90, rel=0.01)


def test_a_song_that_gets_faster_and_faster_has_no_change_of_tempo() -> None:
    times_s, at = [], 0.2
    while at < 70:
        times_s.append(at)
        at += 60 / (90 + at * 60 / 70)
    assert tempo_changes(np.array(times_s), np.ones(len(times_s), bool)) == []


def test_a_live_drummer_has_one_tempo() -> None:
    rng = np.random.default_rng(3)
    walk = np.clip(np.cumsum(rng.normal(0, 0.006, 200)), -0.03, 0.03)
    times_s = np.cumsum(0.5 * (1 + walk))
    assert tempo_changes(times_s, np.ones(200, bool)) == []
    assert usual_tempo_bpm(times_s, np.ones(200, bool)) == pytest.approx(120, rel=0.04)


@pytest.mark.parametrize("silence_s", [20, 90, 200])
@pytest.mark.parametrize("where", ["before", "between", "after"])
def test_silence_takes_nothing_from_the_beat_around_it(silence_s: int, where: str) -> None:
    song, silence = pattern(53, [0.8]), np.full((silence_s * 100, 2), 0.004, np.float32)
    order = {"before": (silence, song), "between": (song, silence, song), "after": (song, silence)}[where]
    heard = joined(*order)
    beats = beats_of(heard)
    true = np.flatnonzero(heard.max(axis=1) > 0.5)
    assert (np.abs(true[:, None] - beats.frames[None, :]).min(axis=1) <= 3).mean() > 0.97
    assert usual_tempo_bpm(beats.frames / 100, beats.confidence > 0) == pytest.approx(6000 / 53, rel=0.01)
    clear = beats.confidence > 0
    assert beats.confidence[clear].mean() > 0.85
    assert np.diff(beats.frames).max() < 82, "the grid goes on through silence"
    assert tempo_changes(beats.frames / 100, clear) == []


def test_a_moment_in_triplets_is_no_change_of_tempo() -> None:
    heard = joined(pattern(48, [0.8], 6000), pattern(32, [0.8], 900))
    assert [stretch.bpm for stretch in find_stretches(heard)] == [pytest.approx(125, rel=0.01)]


def test_stretches_tile_the_song() -> None:
    heard = joined(
        np.zeros((2000, 2), np.float32), pattern(50, [0.8]), pattern(70, [0.8]), np.zeros((900, 2), np.float32)
    )
    stretches = find_stretches(heard)
    assert (stretches[0].start, stretches[-1].end) == (0, len(heard))
    assert all(a.end == b.start for a, b in pairwise(stretches))
    assert [stretch.has_beat for stretch in stretches] == [False, True, True, False]


def test_silence_has_no_tempo() -> None:
    heard = np.zeros((20, 2), np.float32)
    assert find_bars(heard, find_tempo(heard, SILENT)) is None


@pytest.mark.parametrize("beats_per_bar", [3, 4, 5, 7])
def test_meter_and_phase(beats_per_bar: int) -> None:
    heard = pattern(50, [0.8], downbeat_every=beats_per_bar)
    beats = beats_of(heard)
    assert beats.beats_per_bar == beats_per_bar
    assert beats.frames[beats.positions == 1].tolist() == list(range(15, 3000, 50 * beats_per_bar))
    assert meter_changes(beats.positions) == [(0, beats_per_bar)]


def test_a_bar_of_two_beats_shifts_those_after_it() -> None:
    heard = np.full((6000, 2), 0.005, np.float32)
    downbeats = [*range(0, 60, 4), *range(62, 118, 4)]
    for index, frame in enumerate(range(15, 5900, 50)):
        heard[frame, 1 if index in downbeats else 0] = 0.85
    beats = beats_of(heard)
    assert np.flatnonzero(beats.positions == 1)[: len(downbeats)].tolist() == downbeats


def test_downbeats_that_come_at_random_are_no_odd_meter() -> None:
    rng = np.random.default_rng(8)
    heard = np.full((9000, 2), 0.005, np.float32)
    for frame in range(15, 9000, 35):
        share = rng.uniform(0.2, 0.6)
        heard[frame] = 0.4 * (1 - share), 0.4 * share
    assert beats_of(heard).beats_per_bar in (3, 4)


def test_a_lasting_meter_is_a_change_and_a_single_bar_is_not() -> None:
    bars = [4] * 6 + [2] + [4] * 6 + [3] * 8
    positions = np.concatenate([np.arange(1, length + 1) for length in bars])
    assert meter_changes(positions) == [(0, 4), (50, 3)]


@pytest.mark.parametrize("bpm", [53, 58, 64])
def test_slow_triplets_are_no_beats(bpm: float) -> None:
    heard = pattern(2000 / bpm, [0.8, 0.25, 0.3], 6000, downbeat_every=12)
    mel = np.full((1200, 40), -80, np.float32)
    for frame in np.arange(15, 5990, 6000 / bpm):
        mel[int(frame) // 5 : int(frame) // 5 + 2] = -20
    assert tempi(heard, mel) == [pytest.approx(bpm, rel=0.01)]


def test_a_fast_waltz_is_counted_in_beats() -> None:
    heard = pattern(6000 / 174, [0.8, 0.75, 0.75], 6000, downbeat_every=3)
    mel = np.full((1200, 40), -80, np.float32)
    for frame in np.arange(15, 5990, 18000 / 174):
        mel[int(frame) // 5 : int(frame) // 5 + 2] = -20
    assert tempi(heard, mel) == [pytest.approx(174, rel=0.01)]
