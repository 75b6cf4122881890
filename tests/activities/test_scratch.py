"""Temporary folders of steps: those of killed workers are removed, those of live ones stay."""

import errno
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import activities.steps
from activities.steps import scratch, sweep_scratch
from settings import CHECKOUT

HOLDS_A_FOLDER = """
import time
from activities.steps import scratch
with scratch() as folder:
    (folder / "still.png").write_bytes(b"half")
    print(folder, flush=True)
    time.sleep(60)
"""


def test_only_what_dead_workers_left_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(activities.steps, "_SCRATCH_IS_FRESH_S", 0.0)
    worker = subprocess.Popen(
        [sys.executable, "-c", HOLDS_A_FOLDER],
        cwd=CHECKOUT,
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert worker.stdout is not None
    folder = Path(worker.stdout.readline().strip())
    somebody_elses = tmp_path / "echonos-other"
    somebody_elses.mkdir()
    with scratch() as ours:
        sweep_scratch()
        assert folder.exists()
        assert ours.exists()
        worker.kill()
        worker.wait()
        sweep_scratch()
        assert not folder.exists()
        assert ours.exists()
    assert sorted(tmp_path.iterdir()) == [somebody_elses]
    worker.stdout.close()


def test_a_folder_that_is_just_being_made_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tmp_path / "echonos-step-new").mkdir()
    sweep_scratch()
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_locked_is_not_used_by_the_next_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another worker would sweep it under the feet of the steps that use it."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(activities.steps, "_SCRATCH_IS_FRESH_S", 0.0)

    def too_many_open_files(*_: object) -> int:
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))

    with monkeypatch.context() as short:
        short.setattr("activities.steps.fcntl.flock", too_many_open_files)
        with pytest.raises(OSError, match="open files"), scratch():
            pass
    with scratch() as ours:
        sweep_scratch()
        assert ours.exists()
    assert list(tmp_path.iterdir()) == []
