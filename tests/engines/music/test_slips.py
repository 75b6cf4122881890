import numpy as np
import pytest

from engines.music.meter import Beats, find_bars
from engines.music.networks import Frames
from engines.music.slips import without_slips
from engines.music.tempo import find_tempo

SILENT = np.full((1, 40), -80, np.float32)


def beat_with_loud_off_beats(interval: float, first: int, last: int, on: float, off: float, beats: int = 200) -> Frames:
    """A steady song; in the beats from `first` to `last`, `off` is heard between the beats and `on` on them."""
    heard = np.full((round((beats + 1) * interval), 2), 0.005, np.float32)
    for beat in range(beats):
        inside = first <= beat < last
        heard[round(15 + beat * interval), int(beat % 4 == 0)] = on if inside else 0.8
        heard[round(15 + (beat + 0.5) * interval), 0] = off if inside else 0.2
    return heard


def beats_of(heard: Frames) -> Beats:
    beats = find_bars(heard, find_tempo(heard, SILENT))
    assert beats is not None
    return beats


def share_on_the_beat(beats: Beats, interval: float) -> float:
    place = (beats.frames - 15) / interval
    return float(np.mean(np.abs(place - np.round(place)) < 0.15))


@pytest.mark.parametrize(("interval", "first", "last"), [(42.3, 150, 200), (50.0, 90, 140), (61.7, 0, 50)])
def test_a_passage_with_louder_off_beats_stays_on_the_beat(interval: float, first: int, last: int) -> None:
    heard = beat_with_loud_off_beats(interval, first, last, on=0.3, off=0.55)
    assert share_on_the_beat(beats_of(heard), interval) > 0.97


def test_a_song_that_moves_by_half_a_beat_is_followed() -> None:
    # A pause of half a beat: behind it nothing is left where the beats would have been.
    heard = beat_with_loud_off_beats(50, 0, 0, on=0.8, off=0.2)
    heard = np.concatenate([heard[:2_000], np.full((25, 2), 0.005, np.float32), heard[2_000:]])
    followed = np.flatnonzero(heard.max(axis=1) > 0.5)
    assert without_slips(heard, followed) is None
    # Where both are heard, it is the same beats that slipped.
    unsure = np.maximum(heard, np.roll(heard, 25, axis=0) * 0.45)
    assert without_slips(unsure, followed) is not None


def test_a_song_without_a_clear_phase_is_left_as_it_was_heard() -> None:
    first = beat_with_loud_off_beats(50, 0, 100, on=0.7, off=0.3)[:5_000]
    second = beat_with_loud_off_beats(50, 100, 200, on=0.3, off=0.7)[5_000:]
    assert 0.4 < share_on_the_beat(beats_of(np.concatenate([first, second])), 50) < 0.6
