"""The command line: refusals and their exit codes, JSON on standard output, no stack for what needs none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from engines.demo_song.rendering import render_demo_song
from settings import CHECKOUT


def starter(*arguments: str, home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "starter.py", *arguments],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "ECHONOS_HOME": str(home)},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


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
        ["support", "reset", "video-x", "--to", "image_generation", "--reason", "x"],
    ],
    ids=" ".join,
)
def test_bad_usage_and_refused_input_say_what_to_do(arguments: list[str], tmp_path: Path) -> None:
    done = starter(*arguments, home=tmp_path)
    assert done.returncode == 2, done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == [], "nothing is stored"


def test_json_is_one_object_on_standard_output_also_for_a_refusal(tmp_path: Path) -> None:
    done = starter("generate", "missing.mp3", "--json", home=tmp_path)
    assert done.returncode == 2
    assert json.loads(done.stdout)["error"]["type"] == "InvalidInput"
    styles = starter("styles", "noir", "--json", home=tmp_path)
    assert [style["slug"] for style in json.loads(styles.stdout)["styles"]] == ["film-noir", "neo-noir"]


@pytest.mark.parametrize("text", ["{}", '{"events": []}', '{"events": [{"eventId": "1"}]}', "nothing"])
def test_what_is_no_history_is_not_replayed(text: str, tmp_path: Path) -> None:
    path = tmp_path / "history.json"
    path.write_text(text)
    assert starter("replay", str(path), home=tmp_path / "home").returncode == 2


@pytest.mark.parametrize(("recorded_as", "exit_code"), [("hold_credits", 0), ("hold_tokens", 4)])
def test_a_history_that_the_code_has_diverged_from_says_where(recorded_as: str, exit_code: int, tmp_path: Path) -> None:
    history = (CHECKOUT / "tests" / "replay" / "histories" / "success.json").read_text()
    path = tmp_path / "history.json"
    path.write_text(history.replace('"hold_credits"', f'"{recorded_as}"'))
    done = starter("replay", str(path), home=tmp_path / "home")
    assert done.returncode == exit_code, done.stderr
    said = done.stdout + done.stderr
    assert ("it fits" if exit_code == 0 else "This code has diverged") in said
    assert (recorded_as in said) == bool(exit_code), "the first difference is named"


def test_a_prompt_that_is_too_long_says_so(tmp_path: Path) -> None:
    song = tmp_path / "song.flac"
    render_demo_song(song)
    done = starter("generate", str(song), "--prompt", "a" * 4001, home=tmp_path / "home")
    assert done.returncode == 2
    assert "4000" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_credits_are_shown_granted_and_verified(tmp_path: Path) -> None:
    assert json.loads(starter("grant", "100", "--reason", "a test", "--json", home=tmp_path).stdout)["available"] == 350
    assert json.loads(starter("ledger", "verify", "--json", home=tmp_path).stdout)["differences"] == []


def test_an_unreachable_server_is_exit_code_5(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "starter.py", "balance"],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "ECHONOS_HOME": str(tmp_path), "TEMPORAL_ADDRESS": "127.0.0.1:1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 5
    assert done.stderr == "No Temporal server answers at 127.0.0.1:1: check the address, and that it runs.\n"


@pytest.mark.parametrize("out", [".", "no such folder/video.mp4", "README.md/video.mp4"])
def test_a_path_that_cannot_be_written_is_refused_first(out: str, tmp_path: Path) -> None:
    assert starter("watch", "video-x", "--out", out, home=tmp_path).returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_has_its_own_exit_code_and_a_sentence(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "starter.py", "up"],
        cwd=CHECKOUT,
        env={"PATH": "/usr/bin:/bin", "ECHONOS_HOME": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        while "Ctrl-C stops it" not in process.stdout.readline():
            assert process.poll() is None
        watching = subprocess.Popen(
            [sys.executable, "-c", INTERRUPTED],
            cwd=CHECKOUT,
            env={"PATH": "/usr/bin:/bin", "ECHONOS_HOME": str(tmp_path)},
            stdout=subprocess.PIPE,
            text=True,
        )
        assert watching.communicate(timeout=60)[0].count("Interrupted") == 1
        assert watching.returncode == 130
    finally:
        process.terminate()
        code = process.wait(timeout=60)
    assert code == 0


INTERRUPTED = """
import os, signal, sys, threading
sys.argv = ["starter.py", "balance", "--json"]
from cli import credits, session
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may ignore it
async def interrupt(output):
    async with session.open_session(output):
        os.kill(os.getpid(), signal.SIGINT)
        import asyncio
        await asyncio.sleep(30)
credits.show_balance = interrupt
from cli.app import main
code = main()
sys.stdout.flush()
os._exit(code)
"""
