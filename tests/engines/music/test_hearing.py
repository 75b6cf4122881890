from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from engines.music.hearing import Heard, hear, interpret
from engines.music.networks import MadmomNetwork
from engines.music.plot import draw_analysis
from engines.music.spectra import Spectra
from engines.music.weights import fitted_weights
from models.song import SongAnalysis
from tests.fakes.amounts import examples

RATE_HZ = 44_100
Samples = NDArray[np.float64]
Check = Callable[[SongAnalysis], None]


def steady(bpm: float, duration_s: float) -> list[float]:
    return np.arange(0.1, duration_s, 60 / bpm).tolist()


def test_clicks_in_four(
    network: MadmomNetwork, write_wav: Callable[..., Path], clicks: Callable[..., Samples], assert_valid: Check
) -> None:
    times = steady(110, 16)
    analysis = hear(write_wav(clicks(times, 16, [i % 4 == 0 for i in range(len(times))])), network)
    assert_valid(analysis)
    assert analysis.grid == "heard"
    assert analysis.tempo_bpm == pytest.approx(110, abs=1)
    found = np.array([beat.time_s for beat in analysis.beats])
    assert np.mean([np.abs(found - time).min() < 0.03 for time in times]) > 0.9


def ramp(duration_s: float) -> list[float]:
    times, at = [], 0.1
    while at < duration_s:
        times.append(at)
        at += 60 / (90 + 4 * at)
    return times


@pytest.mark.parametrize(
    ("times", "every"),
    [(steady(30, 12), 4), (steady(300, 8), 4), (steady(120, 10), 5), (ramp(14), 4)],
    ids=["30 bpm", "300 bpm", "five in a bar", "faster and faster"],
)
def test_any_clicks_give_a_valid_analysis(
    network: MadmomNetwork,
    write_wav: Callable[..., Path],
    clicks: Callable[..., Samples],
    assert_valid: Check,
    times: list[float],
    every: int,
) -> None:
    song = clicks(times, times[-1] + 1, [i % every == 0 for i in range(len(times))])
    assert_valid(hear(write_wav(song), network))


def noise(seconds: float) -> Samples:
    return np.random.default_rng(7).uniform(-0.5, 0.5, round(seconds * RATE_HZ))


def drone(seconds: float) -> Samples:
    at = np.arange(round(seconds * RATE_HZ)) / RATE_HZ
    return 0.2 * (np.sin(2 * np.pi * 110 * at) + np.sin(2 * np.pi * 164.8 * at + 0.3 * np.sin(at)))


def blip_in_silence(seconds: float) -> Samples:
    song = np.zeros(round(seconds * RATE_HZ))
    song[RATE_HZ : RATE_HZ + RATE_HZ // 10] = drone(0.1)
    return song


@pytest.mark.parametrize("song", [noise(9), drone(9), blip_in_silence(9), np.zeros(9 * RATE_HZ)])
def test_without_a_beat_the_grid_is_regular(
    network: MadmomNetwork, write_wav: Callable[..., Path], assert_valid: Check, song: Samples
) -> None:
    analysis = hear(write_wav(song), network)
    assert_valid(analysis)
    assert analysis.grid == "regular"
    assert analysis.beat_confidence == 0
    assert {beat.confidence for beat in analysis.beats} == {0}


@pytest.mark.parametrize("seconds", [0.003, 0.2, 0.9, 3.1])
def test_however_short(
    network: MadmomNetwork, write_wav: Callable[..., Path], assert_valid: Check, seconds: float
) -> None:
    assert_valid(hear(write_wav(drone(seconds)), network))


@pytest.mark.parametrize(("rate_hz", "channels"), [(8_000, 1), (96_000, 6)])
def test_odd_rates_and_channels(
    network: MadmomNetwork, write_wav: Callable[..., Path], assert_valid: Check, rate_hz: int, channels: int
) -> None:
    samples = np.random.default_rng(7).uniform(-0.5, 0.5, (4 * rate_hz, channels))
    analysis = hear(write_wav(samples, rate_hz, subtype="PCM_24"), network)
    assert_valid(analysis)
    assert (analysis.sample_rate_hz, analysis.channels) == (rate_hz, channels)


@st.composite
def anything_heard(draw: st.DrawFn) -> Heard:
    """Beats, chords and levels as no song has them."""
    seconds = draw(st.floats(0.02, 60))
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    frames, rows = int(np.ceil(seconds * 100)), int(np.ceil(seconds * 20))
    activations = rng.uniform(0, draw(st.sampled_from([0.0, 0.05, 0.5])), (frames, 2)).astype(np.float32)
    interval, per_bar = draw(st.integers(20, 160)), draw(st.integers(1, 7))
    for index, frame in enumerate(range(draw(st.integers(0, 200)), frames, interval)):
        activations[frame] = (0.02, 0.9) if index % per_bar == 0 else (0.9, 0.02)
    activations /= np.maximum(1, activations.sum(axis=1, keepdims=True))
    block = draw(st.integers(1, 600))
    parts = np.arange(rows) // block % draw(st.integers(1, 5))
    mel = rng.uniform(-80, 0, (5, 40))[parts] * draw(st.sampled_from([1.0, 0.0]))
    pitches = rng.uniform(0, 1, (5, 64))[parts] * draw(st.sampled_from([1.0, 0.0, 1e-6]))
    spectra = Spectra(
        pitches.astype(np.float32), mel.astype(np.float32), (10 ** (mel.mean(axis=1) / 10)).astype(np.float32)
    )
    odds = rng.dirichlet(np.ones(300)).astype(np.float32)
    peaks = rng.uniform(0, draw(st.sampled_from([0.0, 1.5])), frames).astype(np.float32)
    return Heard(seconds, 44_100, 2, None, None, activations, odds, spectra, peaks)


@settings(max_examples=examples(40))
@given(anything_heard())
def test_whatever_is_heard_the_analysis_is_valid(assert_valid: Check, heard: Heard) -> None:
    assert_valid(interpret(heard, fitted_weights()))


def test_section_starts_ask_for_cuts_most(song_analysis: SongAnalysis) -> None:
    starts = {section.start_s for section in song_analysis.sections}
    strengths = {bar.start_s: bar.cut_strength for bar in song_analysis.bars}
    assert all(strengths[start] == 1 for start in starts - {0.0})
    assert max(strength for start, strength in strengths.items() if start not in starts) <= 1


@pytest.fixture(scope="module")
def song_analysis() -> SongAnalysis:
    """A song of 36 bars at 120: eight soft, twelve loud, eight soft, eight loud."""
    seconds = 72
    activations = np.full((seconds * 100, 2), 0.005, np.float32)
    for index, frame in enumerate(range(0, seconds * 100, 50)):
        activations[frame, 1 if index % 4 == 0 else 0] = 0.85
    rng = np.random.default_rng(2)
    parts = [0] * 8 + [1] * 12 + [0] * 8 + [1] * 8
    bar_mel = np.array([rng.uniform(-60, -45, (40, 40)), rng.uniform(-25, -10, (40, 40))])
    mel = bar_mel[parts].reshape(-1, 40) + rng.normal(0, 0.5, (len(parts) * 40, 40))
    pitches = rng.uniform(0, 0.05, (2, 40, 64))[parts].reshape(-1, 64)
    spectra = Spectra(
        pitches.astype(np.float32), mel.astype(np.float32), (10 ** (mel.mean(axis=1) / 10)).astype(np.float32)
    )
    odds = np.full(300, 1 / 300, np.float32)
    peaks = rng.uniform(0.1, 0.9, seconds * 100).astype(np.float32)
    return interpret(Heard(float(seconds), 48_000, 2, -14.2, -0.8, activations, odds, spectra, peaks), fitted_weights())


def test_sections_letters_names_and_drops_of_a_made_up_song(song_analysis: SongAnalysis, assert_valid: Check) -> None:
    assert_valid(song_analysis)
    assert [round(section.start_s) for section in song_analysis.sections] == [0, 16, 40, 56]
    assert [section.letter for section in song_analysis.sections] == ["A", "B", "A", "B"]
    assert song_analysis.sections[0].confidence == 1.0, "a song begins at its beginning"
    assert all(0 < section.confidence < 1 for section in song_analysis.sections[1:])
    assert [section.label for section in song_analysis.sections] == ["verse", "chorus", "verse", "chorus"]
    assert [round(time) for time in song_analysis.drops_s] == [16, 56]
    assert [round(time) for time in song_analysis.breaks_s] == [40]


@pytest.mark.parametrize(("suffix", "magic"), [(".png", b"\x89PNG"), (".svg", b"<?xml")])
def test_a_drawing_is_made_and_is_always_the_same(
    song_analysis: SongAnalysis, tmp_path: Path, suffix: str, magic: bytes
) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    draw_analysis(song_analysis, first, "Song & <more>")
    draw_analysis(song_analysis, second, "Song & <more>")
    assert first.read_bytes().startswith(magic)
    assert first.read_bytes() == second.read_bytes()


def test_next_to_nothing_can_be_drawn(tmp_path: Path, network: MadmomNetwork, write_wav: Callable[..., Path]) -> None:
    draw_analysis(hear(write_wav(drone(0.2)), network), tmp_path / "a.png")
    assert (tmp_path / "a.png").stat().st_size > 1000
