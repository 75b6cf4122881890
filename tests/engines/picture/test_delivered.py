"""What a provider delivered is looked at before it is used."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from engines.picture.delivered import Inspector
from models.failures import MediaCorrupt
from tests.engines.picture.clips import make_clip, moving_picture


def test_a_good_clip_passes(tmp_path: Path) -> None:
    facts = Inspector().clip(make_clip(tmp_path / "clip.mp4"), 2.0)
    assert (facts.width, facts.height) == (192, 336)
    assert facts.duration_s == pytest.approx(2.0, abs=0.05)


@pytest.mark.parametrize(
    ("clip", "words"),
    [
        ({"black": True}, "black"),
        ({"frozen": True}, "frozen"),
        ({"duration_s": 0.5}, "lasts"),
        ({"width": 32, "height": 48}, "only 32"),
    ],
)
def test_a_bad_clip_does_not(tmp_path: Path, clip: dict[str, object], words: str) -> None:
    with pytest.raises(MediaCorrupt, match=words):
        Inspector().clip(make_clip(tmp_path / "clip.mp4", **clip), 2.0)  # type: ignore[arg-type]


def test_a_clip_that_breaks_off_does_not(tmp_path: Path) -> None:
    path = make_clip(tmp_path / "clip.mp4")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(MediaCorrupt):
        Inspector().clip(path, 2.0)


def test_a_picture_becomes_a_png_of_the_asked_size(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jpg", tmp_path / "out.png"
    cv2.imwrite(str(source), moving_picture(400, 300, 1.0))
    Inspector().still(source, 90, 160, out)
    picture = cv2.imread(str(out))
    assert picture is not None
    assert picture.shape == (160, 90, 3)


@pytest.mark.parametrize("bad", ["black", "small", "text"])
def test_a_bad_picture_does_not_pass(tmp_path: Path, bad: str) -> None:
    source = tmp_path / "in.png"
    if bad == "text":
        source.write_text("expired")
    else:
        cv2.imwrite(
            str(source), np.full((300, 300) if bad == "black" else (40, 40), 0 if bad == "black" else 99, np.uint8)
        )
    with pytest.raises(MediaCorrupt):
        Inspector().still(source, 90, 160, tmp_path / "out.png")
