"""Songs as they are uploaded, in the real child process with its limit of memory: 75 s, and 20 minutes with FULL=1."""

from collections.abc import Callable
from pathlib import Path

import pytest

from engines.jobs import no_pulse
from engines.music.analyst import MusicAnalyst
from models.song import SongAnalysis
from tests.fakes.amounts import FULL
from tests.fakes.live import write_beats

LENGTHS_S = (75, 1200) if FULL else (75,)


@pytest.mark.parametrize("length_s", LENGTHS_S)
def test_a_song_is_heard_within_its_limits(
    length_s: int, tmp_path: Path, assert_valid: Callable[[SongAnalysis], None]
) -> None:
    song = tmp_path / "song.flac"
    write_beats(song, length_s)
    analysis = MusicAnalyst().analyze(song, no_pulse)
    assert_valid(analysis)
    assert analysis.duration_s == length_s
    assert analysis.grid == "heard"
    assert abs(analysis.tempo_bpm - 120) < 1
