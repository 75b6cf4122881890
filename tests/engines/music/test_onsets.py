"""The tracker without trained models, behind the same port."""

import numpy as np
import pytest
from numpy.typing import NDArray

from engines.music.decoding import HOP_SAMPLES, RATE_HZ
from engines.music.networks import BeatTracker
from engines.music.onsets import OnsetTracker


def clicks(bpm: float, duration_s: float, kick_every: int) -> NDArray[np.float32]:
    """Clicks on beats, with a low kick on every so many of them."""
    time_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    samples, chance = np.zeros(len(time_s), np.float32), np.random.default_rng(1)
    for number, at_s in enumerate(np.arange(0.5, duration_s - 0.3, 60 / bpm)):
        begin = round(at_s * RATE_HZ)
        end = begin + round(0.08 * RATE_HZ)
        fade = np.exp(-np.arange(end - begin) / (0.02 * RATE_HZ))
        samples[begin:end] += (0.4 * fade * chance.standard_normal(end - begin)).astype(np.float32)
        if number % kick_every == 0:
            samples[begin:end] += (0.6 * fade * np.sin(2 * np.pi * 60 * time_s[: end - begin])).astype(np.float32)
    return samples


@pytest.mark.parametrize("bpm", [90.0, 120.0, 150.0])
def test_beats_and_bars_of_clicks(bpm: float) -> None:
    tracker: BeatTracker = OnsetTracker()
    samples = clicks(bpm, 20.0, 4)
    heard = tracker.listen(samples)
    assert heard.activations.shape == (-(-len(samples) // HOP_SAMPLES), 2)
    likely = heard.activations.sum(axis=1)
    assert heard.activations.min() >= 0
    assert likely.max() <= 1
    beats_s = np.flatnonzero(likely > 0.4) / 100
    period_s = 60 / bpm
    off = np.abs((beats_s - 0.5 + period_s / 2) % period_s - period_s / 2)
    assert np.median(off) < 0.03
    down_s = np.flatnonzero(heard.activations[:, 1] > 0.3) / 100
    bar_s = 4 * period_s
    assert np.median(np.abs((down_s - 0.5 + bar_s / 2) % bar_s - bar_s / 2)) < 0.03


@pytest.mark.parametrize("length", [0, 1, HOP_SAMPLES, HOP_SAMPLES + 1, 3 * RATE_HZ])
def test_silence_has_frames_and_no_beats(length: int) -> None:
    heard = OnsetTracker().listen(np.zeros(length, np.float32))
    assert heard.activations.shape == (-(-length // HOP_SAMPLES), 2)
    assert not heard.activations.any()
