from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from engines.picture.probe import PictureFacts, check_picture, probe_picture
from models.failures import MediaCorrupt
from models.profiles import PROFILES, ProfileName

TINY = PROFILES[ProfileName.TINY]


def test_tells_what_a_segment_is(make_segment: Callable[..., Path]) -> None:
    assert probe_picture(make_segment("a.mp4", 21)) == PictureFacts("h264", 90, 160, Fraction(8), 21)


@pytest.mark.parametrize("frame_count", [1, 21])
def test_accepts_what_was_asked_for(make_segment: Callable[..., Path], frame_count: int) -> None:
    check_picture(make_segment("a.mp4", frame_count), TINY, frame_count)


@pytest.mark.parametrize(("profile", "frame_count"), [(ProfileName.TINY, 20), (ProfileName.PREVIEW, 21)])
def test_refuses_another_length_or_size(
    make_segment: Callable[..., Path], profile: ProfileName, frame_count: int
) -> None:
    with pytest.raises(MediaCorrupt, match="was asked for"):
        check_picture(make_segment("a.mp4", 21), PROFILES[profile], frame_count)


def test_refuses_what_is_no_video(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(b"not a video" * 100)
    with pytest.raises(MediaCorrupt, match="cannot be read"):
        probe_picture(path)


def test_refuses_sound_alone(make_song: Callable[..., Path]) -> None:
    with pytest.raises(MediaCorrupt, match="no picture"):
        probe_picture(make_song("a.wav", 0.5))


def test_refuses_a_key_frame_that_does_not_decode(make_segment: Callable[..., Path]) -> None:
    path = make_segment("a.mp4", 40)
    data = bytearray(path.read_bytes())
    start = data.index(b"mdat") + 900
    data[start : start + 400] = bytes(400)
    path.write_bytes(data)
    with pytest.raises(MediaCorrupt):
        probe_picture(path)
