"""CPU work in a fresh child process per job: plain arguments in, file or small result out.

A child is forked from multiprocessing's fork server, which has the heavy imports loaded, so that a job starts in
milliseconds. Each child leads its own process group, dies with its parent (also by SIGKILL), and is held to limits of
memory and time. A `ProcessPoolExecutor` is no alternative: one killed child breaks the pool for every later call.
"""

import ctypes
import multiprocessing
import os
import resource
import select
import signal
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from models.disk import is_full_behind
from models.failures import DiskFull, EchonosError, JobCrashed
from models.measures import JOB_CPU, JOB_PEAK, report, span

T = TypeVar("T")

Pulse = Callable[[], None]
"""Called a few times a second while a job runs; raises to stop it (cancelled, worker stopping)."""

OUT_OF_MEMORY = "out_of_memory"
"""Code of a `JobCrashed` whose child exceeded its memory limit."""

POLL_S = 0.2
_PR_SET_PDEATHSIG = 1
_STARTING = threading.Lock()
_NO_MAIN = types.ModuleType("__main__")
_PRELOADED = [
    "engines.intake.decoding",
    "engines.picture.assemble",
    "engines.picture.conform",
    "engines.picture.delivered",
    "engines.picture.soundtrack",
    "engines.providers.local.animator.filming",
    "engines.providers.local.painter.painter",
]
"""Imports of jobs, loaded once for all children.

The analysis is left out: its libraries are large, and it runs once.
"""


@dataclass(frozen=True)
class JobLimits:
    """Limits of one child.

    Attributes:
        memory_bytes: Resident memory above which the child is killed.
        wall_s: Run time after which the child is killed.
        nice: Added niceness, so that an API on the same cores stays quick.
    """

    memory_bytes: int = 1_000_000_000
    wall_s: float = 600.0
    nice: int = 5


def no_pulse() -> None:
    """For callers without heartbeats or cancellation."""


def run_job(target: Callable[..., T], *args: Any, limits: JobLimits | None = None, pulse: Pulse = no_pulse) -> T:
    """Run `target(*args)` in a child process of its own and return what it returns.

    Args:
        target: A module-level function.
        *args: Picklable plain arguments; bytes of media travel as file paths.
        limits: Memory and time; exceeding one kills the child's whole process group.
        pulse: Called about five times a second; an exception from it stops the child and is raised here.

    Returns:
        The target's result, pickled back.

    Raises:
        EchonosError: The target's own failure.
        JobCrashed: The child died, passed a limit, or raised anything else.
    """
    limits = limits or JobLimits()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_child_main, args=(sender, os.getpid(), limits.nice, target, args), daemon=False)
    _start(process)
    sender.close()
    name = target.__name__
    try:
        with span(f"child {name}"):
            outcome = _wait(name, process.pid or 0, receiver, limits, pulse)
    finally:
        _kill_group(process.pid or 0)
        process.join()
        receiver.close()
        process.close()
    if isinstance(outcome, BaseException):
        raise outcome
    return outcome  # type: ignore[no-any-return]  # the pipe carries what the target returned


def _start(process: BaseProcess) -> None:
    """Start without a main module: the child would run the parent's main script again, seconds for a worker's."""
    with _STARTING:
        main = sys.modules["__main__"]
        sys.modules["__main__"] = _NO_MAIN
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main


def _wait(name: str, pid: int, receiver: Connection, limits: JobLimits, pulse: Pulse) -> Any:
    deadline = time.monotonic() + limits.wall_s
    while not receiver.poll(POLL_S):
        pulse()
        if time.monotonic() > deadline:
            return JobCrashed(f"{name} took longer than {limits.wall_s:.0f} s and was stopped", limit=True)
        used = _resident_bytes(pid)
        if used > limits.memory_bytes:
            allowed = f"{limits.memory_bytes / 1e6:.0f} MB"
            return JobCrashed(
                f"{name} used {used / 1e6:.0f} MB, more than its {allowed}", limit=True, code=OUT_OF_MEMORY
            )
    try:
        ok, value, (cpu_s, peak_bytes) = receiver.recv()
    except (EOFError, OSError):
        return JobCrashed(f"{name}: its process died before it answered")
    report(JOB_CPU, cpu_s, job=name)
    report(JOB_PEAK, peak_bytes, job=name)
    if ok:
        return value
    if isinstance(value, EchonosError):
        return value
    sentence, again = value
    return JobCrashed(f"{name}: {sentence}", again=again)


def _resident_bytes(pid: int) -> int:
    """Resident memory of a process and its descendants.

    Read from /proc by hand: psutil finds descendants by reading every process of the machine, which five times a second
    for each job was a tenth of a core.
    """
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except (OSError, IndexError):
        return 0
    return pages * resource.getpagesize() + sum(_resident_bytes(int(child)) for child in children)


def _kill_group(pid: int) -> None:
    # Until the child has called setpgid its group does not exist: then the child itself is the target.
    for kill in (os.killpg, os.kill):
        try:
            kill(pid, signal.SIGKILL)
            return
        except (ProcessLookupError, PermissionError):
            continue


def _child_main(sender: Connection, owner_pid: int, nice: int, target: Callable[..., Any], args: Sequence[Any]) -> None:
    os.setpgid(0, 0)
    _die_with(owner_pid)
    os.nice(nice)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _single_threaded()
    try:
        answer: tuple[bool, Any] = (True, target(*args))
    except EchonosError as error:
        answer = (False, DiskFull() if is_full_behind(error) else error)
    except BaseException as error:  # the child's boundary: every exception becomes an answer
        if is_full_behind(error):
            answer = (False, DiskFull())
        else:
            traceback.print_exc(file=sys.stderr)
            # A shortage of memory or of files passes; any other error recurs with the same input.
            again = isinstance(error, Exception) and not isinstance(error, OSError | MemoryError | ImportError)
            answer = (False, (f"{type(error).__name__}: {error}"[:500], again))
    sender.send((*answer, _used()))
    sender.close()


def _used() -> tuple[float, int]:
    """CPU time in seconds and peak memory in bytes of this child and its ended descendants."""
    own, inner = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_s = own.ru_utime + own.ru_stime + inner.ru_utime + inner.ru_stime
    return cpu_s, 1024 * max(own.ru_maxrss, inner.ru_maxrss)


def _die_with(owner_pid: int) -> None:
    """End this process group as soon as the owner of the job, or the fork server, is gone.

    The fork server outlives its owner as long as it has children, so the kernel's signal for a dead parent is not
    enough: a thread waits for the owner itself.
    """
    ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    try:
        owner = os.pidfd_open(owner_pid)
    except ProcessLookupError:
        os._exit(1)
    threading.Thread(target=_wait_for_end, args=(owner,), daemon=True).start()


def _wait_for_end(owner: int) -> None:
    select.select([owner], [], [])
    os.killpg(0, signal.SIGKILL)


def _single_threaded() -> None:
    """One core per render slot: OpenCV would otherwise start a thread per core in every child."""
    import cv2

    cv2.setNumThreads(1)
