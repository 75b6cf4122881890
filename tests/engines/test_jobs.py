"""Child-process jobs: answers, failures, crashes, limits, cancellation, and no orphans."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from engines.jobs import JobLimits, run_job
from models.failures import Cancelled, InvalidInput, JobCrashed
from settings import CHECKOUT


def double(number: int) -> int:
    return 2 * number


def refuse() -> None:
    raise InvalidInput("no", code="why")


def divide() -> float:
    return 1 / 0


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def swell() -> None:
    block = bytearray(400_000_000)
    block[::4096] = b"x" * len(block[::4096])
    time.sleep(60)


def linger(mark: Path) -> None:
    child = subprocess.Popen(["sleep", "60"])
    mark.with_suffix(".draft").write_text(f"{os.getpid()} {child.pid}")
    mark.with_suffix(".draft").rename(mark)
    time.sleep(60)


def gone(pid: int) -> bool:
    """Whether a process has ended, reaped or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pids: list[int]) -> bool:
    deadline = time.monotonic() + 200
    while time.monotonic() < deadline:
        if all(gone(pid) for pid in pids):
            return True
        time.sleep(0.05)
    return False


def test_a_job_answers() -> None:
    assert run_job(double, 21) == 42


def test_failures_of_the_house_come_back_as_they_are() -> None:
    with pytest.raises(InvalidInput) as refused:
        run_job(refuse)
    assert (refused.value.message, refused.value.code) == ("no", "why")


@pytest.mark.parametrize(
    ("target", "limits", "sentence"),
    [
        (divide, JobLimits(), "ZeroDivisionError"),
        (die, JobLimits(), "died before it answered"),
        (swell, JobLimits(memory_bytes=300_000_000), "more than its 300 MB"),
    ],
)
def test_everything_else_is_a_crash(target: object, limits: JobLimits, sentence: str) -> None:
    with pytest.raises(JobCrashed, match=sentence):
        run_job(target, limits=limits)  # type: ignore[arg-type]


def test_a_job_is_stopped_with_all_its_processes(tmp_path: Path) -> None:
    mark = tmp_path / "pids"

    def pulse() -> None:
        if mark.exists():
            raise Cancelled("enough")

    with pytest.raises(Cancelled):
        run_job(linger, mark, pulse=pulse)
    assert wait_until_gone([int(pid) for pid in mark.read_text().split()])


def test_a_job_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(JobCrashed, match="longer than"):
        run_job(linger, tmp_path / "pids", limits=JobLimits(wall_s=1.0))


OWNER = """
import sys
from pathlib import Path
sys.path.insert(0, {checkout!r})
with open({count!r}, "a") as file:
    file.write("x")
if __name__ == "__main__":
    from engines.jobs import run_job
    from tests.engines.test_jobs import linger
    run_job(linger, Path({mark!r}))
"""


def test_jobs_die_with_their_owner_and_do_not_run_its_script(tmp_path: Path) -> None:
    mark, count, script = tmp_path / "pids", tmp_path / "count", tmp_path / "owner.py"
    script.write_text(OWNER.format(checkout=str(CHECKOUT), count=str(count), mark=str(mark)))
    owner = subprocess.Popen([sys.executable, script], cwd=CHECKOUT)
    deadline = time.monotonic() + 200
    while not mark.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    job_pid = int(mark.read_text().split()[0])
    owner.kill()
    owner.wait()
    assert wait_until_gone([job_pid])
    assert count.read_text() == "x", "a child that ran its parent's script would cost seconds each time"


def run_out_of_disk() -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    ("target", "limits", "again", "limit"),
    [
        (divide, JobLimits(), True, False),
        (run_out_of_disk, JobLimits(), False, False),
        (die, JobLimits(), False, False),
        (swell, JobLimits(memory_bytes=300_000_000), False, True),
    ],
)
def test_a_crash_says_whether_it_comes_again(target: object, limits: JobLimits, again: bool, limit: bool) -> None:
    with pytest.raises(JobCrashed) as crashed:
        run_job(target, limits=limits)  # type: ignore[arg-type]
    assert (crashed.value.again, crashed.value.limit) == (again, limit)
