"""`up` as its own process: stopped politely, killed, and what others see of it."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO

import psutil
import pytest

from cli.stack import ensure_stack, run_stack_forever, running_stack
from cli.stack.state import read_state
from settings import CHECKOUT, Settings

# As a script's background job has it, SIGINT is ignored: SIGTERM must stop the stack there, too.
UP = """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
from cli.stack import run_stack_forever
from settings import Settings
run_stack_forever(Settings(), say=print)
"""


@contextmanager
def up(settings: Settings) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """`up` in a process of its own, from its first "Ctrl-C stops it." on."""
    env = os.environ | {"ECHONOS_STACK_FILE": str(settings.stack_file), "PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", UP]
    with subprocess.Popen(
        command,
        cwd=CHECKOUT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout
        finally:
            process.kill()


def read_until(output: IO[str], wanted: str) -> str:
    read = ""
    for line in output:
        read += line
        if wanted in line:
            return read
    pytest.fail(f"never said {wanted!r}: {read}")


def test_sigterm_stops_in_order_and_a_second_up_says_that_one_runs(
    settings: Settings, nothing_left: Callable[[], list[str]]
) -> None:
    with up(settings) as (process, output):
        said = read_until(output, "Ctrl-C stops it.")
        state = running_stack(settings)
        assert state is not None
        assert state.supervisor is not None
        assert state.supervisor.pid == process.pid
        for url in (state.temporal_ui_url, state.s3_endpoint, str(state.home)):
            assert str(url) in said
        second: list[str] = []
        run_stack_forever(settings, say=second.append)
        assert f"already runs on {state.home} (process {process.pid})" in second[0]
        with ensure_stack(settings, say=second.append) as joined:
            assert joined == state
        assert all(mark.alive for mark in state.parts.values())
        process.send_signal(signal.SIGTERM)
        assert output.read().splitlines() == ["Stopping …", "Stopped."]
        assert process.wait() == 0
    assert running_stack(settings) is None
    assert nothing_left() == []


def test_a_killed_supervisor_takes_its_children_with_it(
    settings: Settings, nothing_left: Callable[[], list[str]]
) -> None:
    with up(settings) as (process, output):
        read_until(output, "Ctrl-C stops it.")
        state = running_stack(settings)
        assert state is not None
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) > len(state.parts), "the worker's own child is among them"
        process.kill()
        process.wait()
        assert psutil.wait_procs(children, timeout=200)[1] == []
    assert nothing_left() == []
    assert read_state(settings.home) == state, "a killed supervisor cannot clean up: the state is stale"
    assert running_stack(settings) is None
    with ensure_stack(settings, say=print, worker=False) as again:
        assert again.supervisor is not None
        assert again.supervisor.pid == os.getpid()
