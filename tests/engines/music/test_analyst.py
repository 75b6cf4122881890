import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest

from engines.jobs import JobLimits, run_job
from engines.music.analyst import MusicAnalyst
from engines.music.hearing import hear
from engines.music.networks import MadmomNetwork
from models.failures import Cancelled, InvalidInput, JobCrashed

RATE_HZ = 44_100


@pytest.fixture
def song(write_wav: Callable[..., Path], clicks: Callable[..., np.ndarray]) -> Path:
    times = np.arange(0.1, 10, 0.5).tolist()
    return write_wav(clicks(times, 10, [i % 4 == 0 for i in range(len(times))]), name="夜 の 歌.wav")


def newest_child() -> psutil.Process | None:
    """The job: a child of the fork server that leads its own process group."""
    jobs = [p for p in psutil.Process().children(recursive=True) if p.is_running() and os.getpgid(p.pid) == p.pid]
    return max(jobs, key=lambda p: p.create_time(), default=None)


def test_the_child_hears_what_the_function_hears(song: Path, network: MadmomNetwork) -> None:
    assert MusicAnalyst().analyze(song, lambda: None) == hear(song, network)


def test_a_killed_child_is_a_crash(song: Path) -> None:
    def kill() -> None:
        child = newest_child()
        if child is not None:
            child.send_signal(signal.SIGKILL)

    with pytest.raises(JobCrashed):
        MusicAnalyst().analyze(song, kill)


def test_too_much_memory_is_a_crash(song: Path) -> None:
    with pytest.raises(JobCrashed, match="MB"):
        MusicAnalyst(JobLimits(memory_bytes=20_000_000)).analyze(song, lambda: None)


def test_a_song_that_takes_too_much_memory_is_heard_again_in_smaller_windows(
    song: Path, network: MadmomNetwork, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries: list[object] = []

    def run_out_once(target: Callable[..., bytes], *args: object, **kept: Any) -> bytes:
        tries.append(args[2])
        small = JobLimits(memory_bytes=20_000_000)
        return run_job(target, *args, **(kept | {"limits": small} if len(tries) == 1 else kept))

    monkeypatch.setattr("engines.music.analyst.run_job", run_out_once)
    assert MusicAnalyst().analyze(song, lambda: None) == hear(song, network, window_frames=3_000)
    assert tries == [None, 3_000]
    assert "more than its 20 MB" in caplog.text


def test_cancelling_stops_the_child(song: Path) -> None:
    seen: list[psutil.Process] = []

    def cancel() -> None:
        child = newest_child()
        if child is not None:
            seen.append(child)
            raise Cancelled("the artist went away")

    with pytest.raises(Cancelled):
        MusicAnalyst().analyze(song, cancel)
    assert seen
    assert not seen[0].is_running()


def test_no_audio_is_the_songs_fault_not_ours(tmp_path: Path) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(b"\0" * 5000)
    with pytest.raises(InvalidInput):
        MusicAnalyst().analyze(path, lambda: None)
