"""Songs as they are uploaded, in the real child process with its limit of memory: 75 s, and 20 minutes with FULL=1."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engines.demo_song.rendering import render_demo_song
from engines.jobs import no_pulse
from engines.music.analyst import MusicAnalyst
from models.song import SongAnalysis

LENGTHS_S = (75, 1200) if os.environ.get("FULL") == "1" else (75,)


@pytest.mark.timeout(600)
@pytest.mark.parametrize("length_s", LENGTHS_S)
def test_a_song_is_heard_within_its_limits(
    length_s: int, tmp_path: Path, assert_valid: Callable[[SongAnalysis], None]
) -> None:
    render_demo_song(tmp_path / "demo.flac")
    samples, rate_hz = soundfile.read(tmp_path / "demo.flac", dtype="int16")
    frames = length_s * rate_hz
    song = tmp_path / "song.flac"
    soundfile.write(song, np.tile(samples, (frames // len(samples) + 1, 1))[:frames], rate_hz)
    analysis = MusicAnalyst().analyze(song, no_pulse)
    assert_valid(analysis)
    assert analysis.duration_s == length_s
    assert analysis.grid == "heard"
    assert abs(analysis.tempo_bpm - 112) < 1
