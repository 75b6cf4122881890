from itertools import pairwise

import numpy as np
import pytest

from engines.music.bars import BarFeatures, bar_edges, describe_bars
from engines.music.boundaries import boundary_measures, choose_boundaries
from engines.music.dynamics import drops_and_breaks, energy_curve, musical_key, waveform_peaks
from engines.music.letters import joined_sections, letter_sections, pair_measures
from engines.music.names import Part, name_sections, strongest_chorus
from engines.music.spectra import LOWEST_MIDI, SPECTRUM_FPS, Spectra
from engines.music.weights import fitted_weights

FORM = "AAAABBBBCCCCBBBBCCCCDDCCCCEE"  # a letter per two bars of two seconds


def song_of(form: str) -> tuple[Spectra, np.ndarray]:
    """Spectra in which every letter has its own chords, timbre and level, with a little noise."""
    rng = np.random.default_rng(5)
    sound = {
        letter: (rng.uniform(0, 0.05, (80, 64)), rng.uniform(-50, -20, (80, 40)), 10 ** rng.uniform(-3, -1))
        for letter in sorted(set(form))
    }
    pitches, mel, power = [], [], []
    for letter in form:
        notes, bands, level = sound[letter]
        pitches.append(notes + rng.uniform(0, 0.005, notes.shape))
        mel.append(bands + rng.normal(0, 1, (80, 40)))
        power.append(np.full(80, level))
    joined = Spectra(
        np.concatenate(pitches).astype(np.float32),
        np.concatenate(mel).astype(np.float32),
        np.concatenate(power).astype(np.float32),
    )
    return joined, np.arange(len(form) * 2 + 1) * 2.0


@pytest.fixture(scope="module")
def bars() -> BarFeatures:
    spectra, edges_s = song_of(FORM)
    return describe_bars(spectra, edges_s, 4)


def sections(bars: BarFeatures) -> tuple[list[tuple[int, int]], list[str]]:
    weights = fitted_weights()
    lines = choose_boundaries(boundary_measures(bars), np.ones(bars.count - 1, bool), weights)
    spans = list(pairwise([0, *lines, bars.count]))
    return joined_sections(spans, letter_sections(pair_measures(bars, spans), len(spans), weights))


def test_the_form_of_a_song_is_found(bars: BarFeatures) -> None:
    spans, letters = sections(bars)
    assert spans == [(0, 8), (8, 16), (16, 24), (24, 32), (32, 40), (40, 44), (44, 52), (52, 56)]
    assert letters == ["A", "B", "C", "B", "C", "D", "C", "E"]


def test_sections_begin_only_where_they_may(bars: BarFeatures) -> None:
    allowed = np.ones(bars.count - 1, bool)
    allowed[15] = False  # line 16, the first chorus
    assert 16 not in choose_boundaries(boundary_measures(bars), allowed, fitted_weights())


@pytest.mark.parametrize("count", [3, 4, 5, 9])
def test_few_bars_have_measures_too(count: int) -> None:
    spectra, edges_s = song_of("ABCDE")
    bars = describe_bars(spectra, edges_s[: count + 1], 4)
    spans, letters = sections(bars)
    assert spans[0][0] == 0
    assert spans[-1][1] == count
    assert len(letters) == len(spans)


def test_bar_lines_reach_both_ends() -> None:
    edges = bar_edges(np.array([5.0, 7.0, 9.0, 11.0]), 15.9)
    assert edges.tolist() == [1.0, 3.0, 5.0, 7.0, 9.0, 11.0, 13.0, 15.0]


def test_names_follow_repetition_energy_and_place() -> None:
    parts = [
        Part("A", 8, 0.1, 0.1),
        Part("B", 16, 0.4, 0.7),
        Part("C", 4, 0.6, 0.7),
        Part("D", 16, 0.9, 0.8),
        Part("B", 16, 0.4, 0.7),
        Part("C", 4, 0.6, 0.7),
        Part("D", 16, 0.9, 0.8),
        Part("E", 8, 0.2, 0.2),
        Part("F", 8, 0.6, 0.6),
        Part("D", 16, 0.95, 0.8),
        Part("G", 6, 0.1, 0.1),
    ]
    names = name_sections(parts)
    strophe = ["verse", "pre-chorus", "chorus"]
    assert names == ["intro", *strophe, *strophe, "breakdown", "bridge", "chorus", "outro"]
    assert strongest_chorus(parts, names) == 9


def test_one_section_has_a_name_and_no_chorus() -> None:
    parts = [Part("A", 40, 0.5, 0.5)]
    assert name_sections(parts) == ["verse"]
    assert strongest_chorus(parts, ["verse"]) is None


def test_drops_and_breaks() -> None:
    energy = np.array([0.3] * 8 + [0.9] * 8 + [0.2] * 4 + [0.95] * 8)
    assert drops_and_breaks(energy) == ([8, 20], [16])
    assert drops_and_breaks(np.full(20, 0.7)) == ([], [])


def test_energy_is_relative_to_the_song() -> None:
    mel = np.full((20 * SPECTRUM_FPS, 40), -60, np.float32)
    mel[10 * SPECTRUM_FPS :] = -15
    spectra = Spectra(np.zeros((len(mel), 64), np.float32), mel, np.ones(len(mel), np.float32))
    curve = energy_curve(spectra)
    assert len(curve) == 200
    assert curve[:95].max() < 0.1
    assert curve[105:].min() > 0.95
    silence = Spectra(spectra.pitches, np.full_like(mel, -80), spectra.power * 0)
    assert energy_curve(silence).max() == 0


@pytest.mark.parametrize(("tonic", "third", "key"), [(0, 4, "C major"), (9, 3, "A minor"), (5, 4, "F major")])
def test_key_of_a_scale_with_its_triad(tonic: int, third: int, key: str) -> None:
    degrees = (0, 2, 4, 5, 7, 9, 11) if third == 4 else (0, 2, 3, 5, 7, 8, 10)
    pitches = np.full((10, 64), 1e-4, np.float32)
    midi = np.arange(64) + LOWEST_MIDI
    for degree in degrees:
        pitches[:, midi % 12 == (tonic + degree) % 12] = 0.2
    for degree in (0, third, 7):
        pitches[:, midi % 12 == (tonic + degree) % 12] = 1.0
    assert musical_key(Spectra(pitches, np.zeros((10, 40), np.float32), np.ones(10, np.float32))) == key
    assert musical_key(Spectra(pitches * 0, np.zeros((10, 40), np.float32), np.ones(10, np.float32))) is None


def test_waveform_keeps_the_loudest_moment() -> None:
    peaks = np.full(30_000, 0.1, np.float32)
    peaks[17_777] = 0.5
    drawn = waveform_peaks(peaks)
    assert len(drawn) == 1200
    assert drawn[711] == 1
    assert np.delete(drawn, 711).max() == pytest.approx(0.2)
    assert waveform_peaks(np.zeros(0, np.float32)).tolist() == []
