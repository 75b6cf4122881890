"""A version is a git tag."""

import subprocess
from pathlib import Path

import pytest

from cli.commands import version


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=ada", "-c", "user.email=ada@example.org"]
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_a_version_is_the_tag_or_what_came_after_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(version, "CHECKOUT", tmp_path)
    assert version.described() == "unknown"
    git(tmp_path, "init")
    git(tmp_path, "commit", "--allow-empty", "-m", "first")
    git(tmp_path, "tag", "-a", "v1.2.3", "-m", "v1.2.3")
    assert version.described() == "v1.2.3"
    git(tmp_path, "commit", "--allow-empty", "-m", "second")
    assert version.described().startswith("v1.2.3-1-g")
