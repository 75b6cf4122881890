"""Songs beyond full scale do not clip in the soundtrack; all others are encoded as they were."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from engines.picture.peaks import true_peak, true_peak_of
from engines.picture.soundtrack import CEILING, RATE_HZ, encode, encode_within_full_scale


def song(level: float, seconds: float = 2.0) -> NDArray[np.float64]:
    """Loud chords with a sharp attack every half second, peaking at `level`."""
    time_s = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    tones = sum(np.sin(2 * np.pi * hz * time_s + hz) for hz in (110, 277, 659, 3_300, 9_900))
    left = tones * np.exp(-3 * (time_s % 0.5))
    both = np.stack([left, 0.7 * np.roll(left, 31)], 1)
    return np.asarray(level * both / np.abs(both).max())


def written(path: Path, samples: NDArray[np.float64], subtype: str) -> Path:
    soundfile.write(path, samples, RATE_HZ, subtype=subtype)
    return path


@pytest.mark.parametrize("phase", [0.0, np.pi / 4, 1.0])
def test_the_peak_between_samples_is_found(phase: float) -> None:
    """A sine at a quarter of the rate passes its samples by: at 45° they lie 3 dB below its peak."""
    tone = np.sin(2 * np.pi * np.arange(4_800) / 4 + phase)[None]
    assert true_peak([tone[:, :1_000], tone[:, 1_000:]]) == pytest.approx(1.0, abs=0.06)  # 0.55 dB: annex 2 allows it


@pytest.mark.parametrize("level", [1.02, 1.5, 4.0, 30.0])
@pytest.mark.parametrize("subtype", ["FLOAT", "DOUBLE"])
def test_a_song_beyond_full_scale_ends_below_the_ceiling(tmp_path: Path, level: float, subtype: str) -> None:
    loud, out = written(tmp_path / "loud.wav", song(level), subtype), tmp_path / "out.m4a"
    assert encode_within_full_scale(str(loud), str(out))
    assert CEILING * 0.9 < true_peak_of(out) <= CEILING
    encode(str(loud), str(tmp_path / "as-it-is.m4a"))
    assert true_peak_of(tmp_path / "as-it-is.m4a") > 1.0


@pytest.mark.parametrize(("level", "subtype"), [(1.0, "FLOAT"), (0.4, "FLOAT"), (1.0, "PCM_16"), (1.0, "PCM_24")])
def test_any_other_song_is_encoded_as_before_to_the_byte(tmp_path: Path, level: float, subtype: str) -> None:
    fine, out, before = written(tmp_path / "fine.wav", song(level), subtype), tmp_path / "a.m4a", tmp_path / "b.m4a"
    assert not encode_within_full_scale(str(fine), str(out))
    encode(str(fine), str(before))
    assert out.read_bytes() == before.read_bytes()


def test_silence_has_no_peak(tmp_path: Path) -> None:
    assert not encode_within_full_scale(
        str(written(tmp_path / "a.wav", song(0.0) * 0, "FLOAT")), str(tmp_path / "out.m4a")
    )
    assert true_peak([]) == 0.0
