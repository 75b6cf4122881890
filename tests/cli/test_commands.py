"""The command line: refusals and their exit codes, JSON on standard output, no stack for what needs none."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import pytest
import soundfile

from cli.app import main
from settings import CHECKOUT


@dataclass(frozen=True)
class Done:
    """A command that has ended."""

    returncode: int
    stdout: str
    stderr: str


class Starter(Protocol):
    """Runs a command with a data folder."""

    def __call__(self, *arguments: str, home: Path) -> Done: ...


@pytest.fixture
def starter(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Starter:
    """Commands in this process: a new one would spend a second on imports, each time."""

    def run(*arguments: str, home: Path) -> Done:
        monkeypatch.setenv("ECHONOS_HOME", str(home))
        monkeypatch.setattr(sys, "argv", ["starter.py", *arguments])
        monkeypatch.chdir(CHECKOUT)
        capfd.readouterr()
        code = main()
        said = capfd.readouterr()
        return Done(code, said.out, said.err)

    return run


@pytest.mark.parametrize(
    "arguments",
    [
        ["generate"],
        ["generate", "missing.mp3"],
        ["generate", "."],
        ["generate", "README.md"],
        ["generate", "missing.mp3", "--profile", "huge"],
        ["generate", "missing.mp3", "--style", "no such style"],
        ["generate", "missing.mp3", "--aspect", "2:1"],
        ["analyze", "pyproject.toml"],
        ["nonsense"],
        ["grant", "-5", "--reason", "x"],
        ["grant", "5", "--reason", " "],
        ["support", "refund", "video-x", "--reason", ""],
        ["support", "retry", "video-x"],
        ["support", "retry", "--all", "--reason", " "],
        ["support", "reset", "video-x", "--to", "image_generation", "--reason", "x"],
    ],
    ids=" ".join,
)
def test_bad_usage_and_refused_input_say_what_to_do(starter: Starter, arguments: list[str], tmp_path: Path) -> None:
    done = starter(*arguments, home=tmp_path)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == [], "nothing is stored"


def test_json_is_one_object_on_standard_output_also_for_a_refusal(starter: Starter, tmp_path: Path) -> None:
    done = starter("generate", "missing.mp3", "--json", home=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["type"] == "InvalidInput"
    styles = starter("styles", "noir", "--json", home=tmp_path)
    assert [style["slug"] for style in json.loads(styles.stdout)["styles"]] == ["film-noir", "neo-noir"]


@pytest.mark.parametrize("text", ["{}", '{"events": []}', '{"events": [{"eventId": "1"}]}', "nothing"])
def test_what_is_no_history_is_not_replayed(starter: Starter, text: str, tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text(text)
    assert starter("replay", str(path), home=tmp_path / "home").returncode == 2


@pytest.mark.parametrize(("recorded_as", "exit_code"), [("hold_credits", 0), ("hold_tokens", 4)])
def test_a_history_that_the_code_has_diverged_from_says_where(
    starter: Starter, recorded_as: str, exit_code: int, tmp_path: Path
) -> None:
    history = (CHECKOUT / "tests" / "replay" / "histories" / "success.json").read_text()
    path = tmp_path / "history.json"
    path.write_text(history.replace('"hold_credits"', f'"{recorded_as}"'))
    done = starter("replay", str(path), home=tmp_path / "home")
    assert done.returncode == exit_code, done.stderr
    said = done.stdout + done.stderr
    assert ("it fits" if exit_code == 0 else "This code has diverged") in said
    assert (recorded_as in said) == bool(exit_code), "the first difference is named"


def test_a_prompt_that_is_too_long_says_so(starter: Starter, tmp_path: Path) -> None:
    song, rate_hz = tmp_path / "song.flac", 8_000
    soundfile.write(song, np.random.default_rng(1).uniform(-0.1, 0.1, 30 * rate_hz), rate_hz)
    done = starter("generate", str(song), "--prompt", "a" * 4001, home=tmp_path / "home")
    assert done.returncode == 2
    assert "4000" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_command_starts_a_stack_for_its_own_duration(starter: Starter, tmp_path: Path) -> None:
    """On one that stays up, credits are verified in `test_vault`."""
    assert json.loads(starter("grant", "100", "--reason", "a test", "--json", home=tmp_path).stdout)["available"] == 350


def test_an_unreachable_server_is_exit_code_5(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "starter.py", "balance"],
        cwd=CHECKOUT,
        env={
            "PATH": "/usr/bin:/bin",
            "ECHONOS_HOME": str(tmp_path),
            "ECHONOS_ENVIRONMENT": "development",
            "TEMPORAL_ADDRESS": "127.0.0.1:1",
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 5
    sentence = "check the address, that it runs, and that both sides use TLS or neither."
    assert done.stderr == f"No Temporal server answers at 127.0.0.1:1: {sentence}\n"


@pytest.mark.parametrize("out", [".", "no such folder/video.mp4", "README.md/video.mp4"])
def test_a_path_that_cannot_be_written_is_refused_first(starter: Starter, out: str, tmp_path: Path) -> None:
    assert starter("watch", "video-x", "--out", out, home=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_has_its_own_exit_code_and_a_sentence(temporal_address: str, tmp_path: Path) -> None:
    """At a server that is up already, in a process of its own, which the signal reaches."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=CHECKOUT,
        env={
            "PATH": "/usr/bin:/bin",
            "ECHONOS_HOME": str(tmp_path),
            "ECHONOS_ENVIRONMENT": "development",
            "TEMPORAL_ADDRESS": temporal_address,
            # A balance needs no object store, and nothing listens there.
            "ECHONOS_S3_ENDPOINT": "http://127.0.0.1:1",
            "ECHONOS_S3_ACCESS_KEY": "id",
            "ECHONOS_S3_SECRET_KEY": "secret",
        },
        capture_output=True,
        text=True,
        timeout=250,
        check=False,
    )
    assert done.stdout.count("Interrupted") == 1, done.stdout + done.stderr
    assert done.returncode == 130


INTERRUPTED = """
import os, signal, sys, threading
sys.argv = ["starter.py", "balance", "--json"]
from contextlib import asynccontextmanager
from cli.session import Session
signal.signal(signal.SIGINT, signal.default_int_handler)  # the tests' parent may ignore it
join = Session.open
@asynccontextmanager
async def interrupt(output):
    async with join(output) as session:
        os.kill(os.getpid(), signal.SIGINT)
        import asyncio
        await asyncio.sleep(30)
        yield session
Session.open = interrupt
from cli.app import main
code = main()
sys.stdout.flush()
os._exit(code)
"""
