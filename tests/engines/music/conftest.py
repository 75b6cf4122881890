from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from engines.music.networks import MadmomNetwork
from models.song import SongAnalysis

Samples = NDArray[np.float64]
RATE_HZ = 44_100


@pytest.fixture(scope="session")
def network() -> MadmomNetwork:
    return MadmomNetwork()


@pytest.fixture
def write_wav(tmp_path: Path) -> Callable[..., Path]:
    def write(samples: Samples, rate_hz: int = RATE_HZ, name: str = "song.wav", subtype: str = "PCM_16") -> Path:
        path = tmp_path / name
        soundfile.write(path, samples, rate_hz, subtype=subtype)
        return path

    return write


@pytest.fixture(scope="session")
def clicks() -> Callable[..., Samples]:
    def render(times_s: list[float], duration_s: float, accents: list[bool] | None = None) -> Samples:
        """Drum-like clicks: a low thump on accents, a short noise elsewhere, over a quiet chord."""
        samples = np.zeros(int(duration_s * RATE_HZ))
        at = np.arange(int(0.08 * RATE_HZ)) / RATE_HZ
        thump = 0.8 * np.sin(2 * np.pi * 60 * at) * np.exp(-at * 40)
        tick = 0.3 * np.random.default_rng(1).standard_normal(len(at)) * np.exp(-at * 120)
        for index, time_s in enumerate(times_s):
            sound = thump + tick if accents is None or accents[index] else tick
            first = int(time_s * RATE_HZ)
            piece = samples[first : first + len(sound)]
            piece += sound[: len(piece)]
        return np.clip(samples, -1, 1)

    return render


@pytest.fixture(scope="session")
def assert_valid() -> Callable[[SongAnalysis], None]:
    def check(analysis: SongAnalysis) -> None:
        times = [beat.time_s for beat in analysis.beats]
        assert all(a < b for a, b in pairwise(times)), "beats rise"
        assert all(0 <= time < analysis.duration_s for time in times)
        assert analysis.sections[0].start_s == 0
        assert analysis.sections[-1].end_s == analysis.duration_s
        assert all(a.end_s == b.start_s for a, b in pairwise(analysis.sections)), "sections tile the song"
        assert all(section.start_s < section.end_s for section in analysis.sections)
        downbeats = {beat.time_s for beat in analysis.beats if beat.position == 1}
        assert all(section.start_s in downbeats for section in analysis.sections[1:])
        assert [bar.start_s for bar in analysis.bars] == sorted(downbeats)
        assert all(a.end_s == b.start_s for a, b in pairwise(analysis.bars))
        assert all(bar.start_s < bar.end_s for bar in analysis.bars)
        assert sum(section.strongest_chorus for section in analysis.sections) <= 1
        assert all(0 <= value <= 1 for value in (*analysis.energy.values, *analysis.waveform))
        assert analysis.energy.values
        assert set(analysis.drops_s) | set(analysis.breaks_s) <= downbeats
        assert np.isfinite(analysis.tempo_bpm)
        assert SongAnalysis.from_bytes(analysis.to_bytes()) == analysis

    return check
