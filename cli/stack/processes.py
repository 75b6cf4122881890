"""Child processes that never outlive us, each with its own session and log file."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

import psutil

from cli.stack.privacy import UMASK
from cli.stack.state import ProcessMark, mark_of

LOG_LIMIT_BYTES = 5_000_000
LOGS_KEPT = 3
_WRAPPER = Path(__file__).with_name("child.py")
_POLL_S = 0.02


class Child:
    """One run of a command.

    Start it from a thread that lives as long as the child should: the kernel kills it when that thread ends.

    Args:
        command: Absolute path and arguments.
        env: The whole environment.
        cwd: The working directory.
        log: Receives its standard output and error.
    """

    def __init__(self, command: Sequence[str], *, env: Mapping[str, str], cwd: Path, log: Path) -> None:
        # -I -S: the wrapper needs nothing but the standard library, and starts in half the time.
        wrapped = [sys.executable, "-I", "-S", str(_WRAPPER), str(os.getpid()), *command]
        with os.fdopen(os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "ab") as file:
            self._process = subprocess.Popen(
                wrapped,
                env=dict(env),
                cwd=cwd,
                stdin=subprocess.DEVNULL,
                stdout=file,
                stderr=subprocess.STDOUT,
                # A Ctrl-C on the terminal is for the supervisor, which stops its children in order.
                start_new_session=True,
                umask=UMASK,
            )
        self.pid = self._process.pid
        self.log = log
        self.mark: ProcessMark | None = mark_of(self.pid)

    @property
    def exit_code(self) -> int | None:
        """None while it runs; negative: the signal that ended it."""
        return self._process.poll()

    def stop(self, grace_s: float, hurry: threading.Event | None = None) -> bool:
        """SIGTERM, then SIGKILL after a grace; its own children are killed, too.

        Args:
            grace_s: The grace.
            hurry: Ends the grace when set, also before it begins.

        Returns:
            Whether it ended by itself in time.
        """
        if self.exit_code is None and not (hurry and hurry.is_set()):
            self._process.terminate()
        deadline = time.monotonic() + grace_s
        while self.exit_code is None and time.monotonic() < deadline and not (hurry and hurry.is_set()):
            time.sleep(_POLL_S)
        in_time = self.exit_code is not None
        if not in_time:
            self._process.kill()
            self._process.wait()
        kill_session(self.pid)
        return in_time


def kill_session(leader_pid: int) -> None:
    """Kill the rest of a session: a child's children belong to it, even in another process group.

    The kernel does not reuse a pid while it names a session, so this cannot hit other processes.
    """
    for pid in psutil.pids():
        try:
            if os.getsid(pid) == leader_pid:
                os.kill(pid, signal.SIGKILL)
        except (ProcessLookupError, PermissionError):
            continue


def end_remains(marks: Sequence[ProcessMark], wait_s: float) -> list[ProcessMark]:
    """Kill the processes of a supervisor that is gone.

    Args:
        marks: Its recorded parts.
        wait_s: The longest wait for their end.

    Returns:
        The processes that were still running.
    """
    found = [mark for mark in marks if mark.alive]
    for mark in found:
        kill_session(mark.pid)
    deadline = time.monotonic() + wait_s
    while any(mark.alive for mark in found) and time.monotonic() < deadline:
        time.sleep(_POLL_S)
    return found


def rotate(log: Path) -> None:
    """Rename a large log to .1, .2, …; the oldest is deleted."""
    if not log.exists() or log.stat().st_size < LOG_LIMIT_BYTES:
        return
    for number in range(LOGS_KEPT - 1, 0, -1):
        older = log.with_name(f"{log.name}.{number}")
        if older.exists():
            older.replace(log.with_name(f"{log.name}.{number + 1}"))
    log.replace(log.with_name(f"{log.name}.1"))


def last_lines(log: Path, count: int) -> list[str]:
    """The end of a log file."""
    try:
        with log.open(encoding="utf-8", errors="replace") as file:
            return [line.rstrip() for line in deque(file, count) if line.strip()]
    except FileNotFoundError:
        return []
