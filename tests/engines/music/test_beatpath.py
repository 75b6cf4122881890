import numpy as np
import pytest
from madmom.features.downbeats import DBNDownBeatTrackingProcessor

from engines.music.beatpath import decode
from engines.music.networks import Frames


def activations(beat_frames: list[int], frames: int, beats_per_bar: int = 4, noise: float = 0.02) -> Frames:
    heard = np.random.default_rng(0).uniform(0.001, noise, (frames, 2)).astype(np.float32)
    for index, frame in enumerate(beat_frames):
        heard[frame, 1 if index % beats_per_bar == 0 else 0] = 0.8
    return heard


@pytest.mark.parametrize("beats_per_bar", [3, 4])
@pytest.mark.parametrize("interval", [30, 50, 83])
def test_steady_beats_are_found_to_the_frame(beats_per_bar: int, interval: int) -> None:
    beats = list(range(20, 3000, interval))
    path = decode(activations(beats, 3000, beats_per_bar), beats_per_bar)
    assert path.frames.tolist() == beats
    assert path.positions.tolist() == [i % beats_per_bar + 1 for i in range(len(beats))]


def test_a_song_that_speeds_up_is_followed() -> None:
    beats, interval = [40], 70.0
    while beats[-1] < 5800:
        beats.append(round(beats[-1] + interval))
        interval *= 0.994
    path = decode(activations(beats, 6000), 4)
    assert path.frames[: len(beats)].tolist() == beats


def test_the_right_meter_is_likelier() -> None:
    heard = activations(list(range(10, 4000, 45)), 4000, beats_per_bar=3)
    assert decode(heard, 3).log_likelihood > decode(heard, 4).log_likelihood


def test_agrees_with_madmoms_decoder() -> None:
    rng = np.random.default_rng(3)
    beats = np.cumsum(rng.integers(48, 53, 60)) + 10
    heard = activations(beats.tolist(), int(beats[-1]) + 40)
    heard[beats[rng.random(60) < 0.3]] = 0.01  # beats that are not played
    theirs = DBNDownBeatTrackingProcessor(beats_per_bar=[4], fps=100, threshold=0, num_tempi=None)(heard)
    ours = decode(heard, 4, 55, 215)
    assert len(ours.frames) == len(theirs)
    assert np.abs(ours.frames / 100 - theirs[:, 0]).max() <= 0.03
    assert ours.positions.tolist() == theirs[:, 1].astype(int).tolist()


@pytest.mark.parametrize("frames", [0, 1, 10, 40])
def test_next_to_nothing_is_no_beat_or_few(frames: int) -> None:
    path = decode(np.full((frames, 2), 0.1, np.float32), 4)
    assert len(path.frames) <= 2
