"""docs/how-to/add-a-style.md is executed: its two files make a 21st style, in a copy of the house."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from settings import CHECKOUT

GUIDE = CHECKOUT / "docs" / "how-to" / "add-a-style.md"
FILE = re.compile(r"`((?:models|engines)/styles/\w+\.py)`.*?```python\n(.*?)```", re.DOTALL)
COMMAND = re.compile(r"```sh\n(.*?)```", re.DOTALL)
NOT_COPIED = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "histories", "docs", "bench")

USE = """
import sys
from pathlib import Path
from engines.providers.local.painter.painter import LocalPainter
from models.style_pictures import style_picture_key, style_still
from models.styles import STYLES, find_style, search_styles

style = find_style("Ink Wash")
assert STYLES[-1] is style and len(STYLES) == 21
assert search_styles("calligraphy") == (style,)
assert style_picture_key(style).startswith("styles/ink-wash-")
LocalPainter().paint(style_still(style), [], Path(sys.argv[1]))
"""


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A copy of the house with the guide's files."""
    copy = tmp_path / "house"
    shutil.copytree(CHECKOUT, copy, ignore=NOT_COPIED)
    written = FILE.findall(GUIDE.read_text())
    assert [Path(name).parent.as_posix() for name, _ in written] == ["models/styles", "engines/styles"]
    for name, text in written:
        assert not (copy / name).exists()
        (copy / name).write_text(text)
    return copy


def run(command: list[str], house: Path) -> str:
    done = subprocess.run(
        command,
        cwd=house,
        env=os.environ | {"PYTHONPATH": str(house)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_guide_adds_a_style_that_is_drawn(house: Path, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    run([sys.executable, "-c", USE, str(picture)], house)
    assert picture.read_bytes().startswith(b"\x89PNG")
    (commands,) = COMMAND.findall(GUIDE.read_text())
    for line in commands.strip().splitlines():
        program, *arguments = line.split()
        assert program == "python"
        assert "passed" in run([sys.executable, *arguments], house)
    for name in ("models/styles/ink_wash.py", "engines/styles/ink_wash.py"):
        run([sys.executable, "-m", "ruff", "check", "--no-cache", name], house)
        run([sys.executable, "-m", "ruff", "format", "--no-cache", "--check", name], house)
