"""The demo song is music by every measurable figure, and its ground truth matches its sound."""

from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
import soundfile
from numpy.typing import NDArray
from scipy import signal

from engines.demo_song import score
from engines.demo_song.rendering import DEFAULT_SEED, demo_song_truth, render_demo_song, synthesize
from engines.intake.inspection import inspect_song
from models.song import Section

RATE_HZ = 44_100
Samples = NDArray[np.float64]


@pytest.fixture(scope="module")
def song_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("demo") / "First Light.flac"
    render_demo_song(path)
    return path


@pytest.fixture(scope="module")
def song(song_path: Path) -> Samples:
    """float64, (n, 2), at 44.1 kHz."""
    samples, rate_hz = soundfile.read(song_path, always_2d=True)
    assert rate_hz == RATE_HZ
    return np.asarray(samples)


def _loudness(song: Samples, section: Section) -> float:
    part = song[int(section.start_s * RATE_HZ) : int(section.end_s * RATE_HZ)]
    return float(pyloudnorm.Meter(RATE_HZ).integrated_loudness(part))


def test_it_is_a_song_by_our_own_rules(song_path: Path) -> None:
    facts = inspect_song(song_path)
    assert (facts.container, facts.sample_rate_hz, facts.channels) == ("flac", RATE_HZ, 2)
    assert (facts.title, facts.artist) == (score.TITLE, score.ARTIST)
    assert 75 <= facts.duration_s <= 100
    assert facts.duration_s == demo_song_truth().duration_s


def test_the_same_seed_gives_the_same_samples_and_another_seed_another_performance(song: Samples) -> None:
    again = np.round(synthesize(DEFAULT_SEED).T.astype(np.float64) * 32_768) / 32_768
    assert np.max(np.abs(again - song)) <= 1 / 32_768
    players = [score.write_hits(np.random.default_rng(seed)) for seed in (DEFAULT_SEED, DEFAULT_SEED + 1)]
    assert players[0] != players[1]


def test_the_master_is_loud_enough_and_never_clips(song: Samples) -> None:
    assert -14.0 <= pyloudnorm.Meter(RATE_HZ).integrated_loudness(song) <= -12.0
    assert np.max(np.abs(song)) <= 10 ** (-0.99 / 20)
    assert abs(np.mean(song)) < 1e-3


def test_sections_differ_as_they_should(song: Samples) -> None:
    sections = demo_song_truth().sections
    assert [section.label for section in sections] == ["intro", "verse", "chorus", "verse", "chorus", "outro"]
    assert sections[0].start_s == 0.0
    assert [section.end_s for section in sections] == [
        *(section.start_s for section in sections[1:]),
        demo_song_truth().duration_s,
    ]
    intro, verse, chorus, verse_again, last_chorus, outro = (_loudness(song, section) for section in sections)
    assert intro < verse - 3
    assert chorus > verse + 2
    assert last_chorus > verse_again + 2
    assert outro < verse_again - 1
    assert sorted(sections, key=lambda section: section.energy)[-1].strongest_chorus


def test_choruses_are_brighter_than_verses(song: Samples) -> None:
    shares = {}
    for section in demo_song_truth().sections[1:3]:
        part = song[int(section.start_s * RATE_HZ) : int(section.end_s * RATE_HZ)].mean(axis=1)
        frequencies, power = signal.welch(part, RATE_HZ, nperseg=4_096)
        shares[section.label] = power[frequencies > 4_000].sum()
    assert shares["chorus"] > 2 * shares["verse"]


def test_it_is_wide_but_holds_in_mono(song: Samples) -> None:
    left, right = song.T
    middle, side = (left + right) / 2, (left - right) / 2
    assert 0.1 < np.std(side) / np.std(middle) < 0.7


def test_the_true_beats_are_where_the_kick_is(song: Samples) -> None:
    low = signal.sosfilt(signal.butter(4, 150, fs=RATE_HZ, output="sos"), song.mean(axis=1))
    power = np.convolve(low**2, np.ones(220) / 220, "same")
    chorus = demo_song_truth().sections[2]
    beats = [beat.time_s for beat in demo_song_truth().beats if chorus.start_s <= beat.time_s < chorus.end_s - 3]
    around = int(0.1 * RATE_HZ)
    profile = np.mean([power[round(time_s * RATE_HZ) - around :][: 2 * around] for time_s in beats], axis=0)
    # The bass ducks and the kick enters: the steepest rise of the average beat.
    steepest = np.argmax(profile[441:] - profile[:-441]) + 220
    assert abs(steepest - around) / RATE_HZ < 0.015


def test_beats_are_even_and_bars_have_four() -> None:
    truth = demo_song_truth()
    times_s = np.array([beat.time_s for beat in truth.beats])
    assert np.allclose(np.diff(times_s), 60 / truth.tempo_bpm)
    assert [beat.position for beat in truth.beats] == [1, 2, 3, 4] * score.bar_count()
    downbeats_s = {beat.time_s for beat in truth.beats if beat.position == 1}
    assert all(section.start_s in downbeats_s for section in truth.sections[1:])


def test_the_score_is_complete_and_in_key() -> None:
    rng = np.random.default_rng(0)
    a_minor = {pitch % 12 for pitch in (57, 59, 60, 62, 64, 65, 67)}
    leading_note = score.pitch_of("G#5") % 12
    notes = score.write_notes(rng)
    assert {note.pitch % 12 for note in notes} <= a_minor | {leading_note}
    for part in score.FORM:
        assert len(part.melody) == len(part.chords)
        assert len(part.bass) == score.STEPS_PER_BAR
        assert all(len(steps) == score.STEPS_PER_BAR for steps in part.drums.values())
    hits = score.write_hits(rng)
    crashes = [hit.step for hit in hits if hit.drum is score.Drum.CRASH]
    assert crashes == score.first_steps()[1:]


@pytest.mark.parametrize(("name", "pitch"), [("A4", 69), ("C4", 60), ("G#5", 80), ("B2", 47)])
def test_pitches_have_their_usual_numbers(name: str, pitch: int) -> None:
    assert score.pitch_of(name) == pitch
