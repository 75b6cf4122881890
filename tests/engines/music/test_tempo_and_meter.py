import numpy as np
import pytest

from engines.music.meter import find_bars, meter_changes
from engines.music.networks import Frames
from engines.music.tempo import find_tempo

NO_OPINION = np.full(300, 1 / 300, np.float32)


def pattern(interval: int, strengths: list[float], frames: int = 3000, downbeat_every: int = 4) -> Frames:
    """Beats whose strengths repeat; every so many is a downbeat."""
    heard = np.full((frames, 2), 0.005, np.float32)
    for index, frame in enumerate(range(15, frames, interval)):
        heard[frame, 1 if index % downbeat_every == 0 else 0] = strengths[index % len(strengths)]
    return heard


def leaning(bpm: int) -> np.ndarray:
    odds = np.full(300, 0.001, np.float32)
    odds[bpm - 2 : bpm + 3] = 0.14
    return odds


@pytest.mark.parametrize(("interval", "bpm"), [(48, 125), (40, 150)])
def test_even_beats_keep_their_tempo(interval: int, bpm: float) -> None:
    reading = find_tempo(pattern(interval, [0.8]), NO_OPINION)
    assert reading is not None
    assert reading.bpm == pytest.approx(bpm, abs=1)


def test_weak_beats_in_between_are_off_beats() -> None:
    reading = find_tempo(pattern(42, [0.8, 0.3], downbeat_every=8), NO_OPINION)
    assert reading is not None
    assert reading.bpm == pytest.approx(71.4, abs=1)


def test_the_tempo_network_tips_the_scale() -> None:
    undecided = pattern(40, [0.8, 0.62], downbeat_every=8)
    fast, slow = find_tempo(undecided, leaning(150)), find_tempo(undecided, leaning(75))
    assert fast is not None
    assert slow is not None
    assert fast.bpm == pytest.approx(150, abs=2)
    assert slow.bpm == pytest.approx(75, abs=1)


def test_silence_has_no_tempo() -> None:
    assert find_tempo(np.zeros((20, 2), np.float32), NO_OPINION) is None


@pytest.mark.parametrize("beats_per_bar", [3, 4])
def test_meter_and_phase(beats_per_bar: int) -> None:
    heard = pattern(50, [0.8], downbeat_every=beats_per_bar)
    reading = find_tempo(heard, NO_OPINION)
    assert reading is not None
    beats = find_bars(heard, reading)
    assert beats.beats_per_bar == beats_per_bar
    assert beats.frames[beats.positions == 1].tolist() == list(range(15, 3000, 50 * beats_per_bar))
    assert meter_changes(beats.positions) == [(0, beats_per_bar)]


def test_a_bar_of_two_beats_shifts_those_after_it() -> None:
    heard = np.full((6000, 2), 0.005, np.float32)
    downbeats = [*range(0, 60, 4), *range(62, 118, 4)]
    for index, frame in enumerate(range(15, 5900, 50)):
        heard[frame, 1 if index in downbeats else 0] = 0.85
    reading = find_tempo(heard, NO_OPINION)
    assert reading is not None
    beats = find_bars(heard, reading)
    assert np.flatnonzero(beats.positions == 1)[: len(downbeats)].tolist() == downbeats


def test_a_lasting_meter_is_a_change_and_a_single_bar_is_not() -> None:
    bars = [4] * 6 + [2] + [4] * 6 + [3] * 8
    positions = np.concatenate([np.arange(1, length + 1) for length in bars])
    assert meter_changes(positions) == [(0, 4), (50, 3)]
