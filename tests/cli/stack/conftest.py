"""Stacks of a test's own: data folder, ports and a worker that does nothing."""

import queue
import time
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
import yaml

from models.local_stack import StackDescription
from settings import Settings

WAIT_S = 200.0

IDLE_WORKER = """
import os, pathlib, signal, subprocess, sys

signal.signal(signal.SIGTERM, lambda *_: sys.exit())
# Like the real one it has a child in a process group of its own, which ends when its pipe does.
child = "import os, sys; os.setpgid(0, 0); sys.stdin.read()"
subprocess.Popen([sys.executable, "-c", child], stdin=subprocess.PIPE)
pathlib.Path(os.environ["ECHONOS_READY_FILE"]).touch()
while True:
    signal.pause()
"""


class Said:
    """What a stack says, and waiting for it."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._queue: queue.Queue[str] = queue.Queue()

    def __call__(self, line: str) -> None:
        self.lines.append(line)
        self._queue.put(line)

    def wait_for(self, *parts: str) -> None:
        """Until each of these has been part of a line since the last call."""
        missing = set(parts)
        deadline = time.monotonic() + WAIT_S
        while missing:
            try:
                line = self._queue.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                pytest.fail(f"never said: {missing}; said: {self.lines}")
            missing -= {part for part in missing if part in line}


@pytest.fixture
def said() -> Said:
    return Said()


@pytest.fixture
def write_stack_file(tmp_path: Path, stack_description: StackDescription) -> Callable[[str], Path]:
    """Writes a stack's description whose worker is the given source."""

    def write(worker_source: str) -> Path:
        script = tmp_path / "worker.py"
        script.write_text(worker_source)
        described = stack_description.model_dump(mode="json") | {"data_folder": "home"}
        described["worker"]["script"] = str(script)
        for section in ("temporal", "s3"):
            # Apart from the servers that all tests of this process share.
            described[section]["ports"] = {name: port + 30 for name, port in described[section]["ports"].items()}
        described["api"]["port"] += 30
        path = tmp_path / "stack.yaml"
        path.write_text(yaml.safe_dump(described))
        return path

    return write


@pytest.fixture
def settings(write_stack_file: Callable[[str], Path]) -> Settings:
    made = Settings(stack_file=write_stack_file(IDLE_WORKER))
    made.home.mkdir()
    return made


@pytest.fixture
def nothing_left(tmp_path: Path) -> Callable[[], list[str]]:
    """The processes whose arguments or environment name this test's folder, as those of all parts do."""

    def left() -> list[str]:
        found = []
        for process in psutil.process_iter():
            try:
                if process.pid != psutil.Process().pid and str(tmp_path) in " ".join(
                    [*process.cmdline(), *process.environ().values()]
                ):
                    found.append(f"{process.pid} {' '.join(process.cmdline())[:100]}")
            except psutil.Error:
                continue
        return found

    return left
