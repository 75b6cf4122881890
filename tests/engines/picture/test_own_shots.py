"""Own footage as phones and editors write it becomes exact frames, upright, in standard range, cropped to fill."""

from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from engines.intake.footage_clips import measure_clip
from engines.picture.own.colours import HLG, PQ, standard
from engines.picture.own.fitting import crop_to_fill
from engines.picture.own.shots import cut_file, write_still
from engines.picture.probe import decoded_frames
from models.failures import MediaCorrupt
from models.footage import MIDDLE, Focus, OwnCut
from models.profiles import PROFILES, ProfileName
from tests.fakes.own_footage import TURNS, corners_of, number_in, picture, write_clip

TINY = PROFILES[ProfileName.TINY]
FAST = {"deadline": "realtime", "cpu-used": "8"}
QUIET = {"x265-params": "log-level=none"}
IN_ORDER = (0, 1, 2, 3)


def measured(clip: Path) -> dict[str, Any]:
    return measure_clip(str(clip), clip.name, "", str(clip.with_suffix(".jpg")))


def shown(clip: Path, first: int = 0, count: int = 6, focus: Focus = MIDDLE, frozen: bool = False) -> list[Any]:
    out = clip.with_name("segment.mp4")
    length = measured(clip)["duration_s"]
    cut_file(
        OwnCut(
            clip=str(clip),
            clip_s=length,
            profile=TINY,
            focus=focus,
            first_frame=first,
            frame_count=count,
            frozen=frozen,
            out=str(out),
        )
    )
    frames = [frame.to_ndarray(format="rgb24") for frame in decoded_frames(out)]
    assert len(frames) == count
    return frames


CODECS: dict[str, dict[str, Any]] = {
    "mp4": {"codec": "libx264"},
    "mov": {"codec": "libx265", "options": QUIET},
    "webm": {"codec": "libvpx-vp9", "options": FAST},
}
SIZES = {"mp4": (202, 154), "mov": (200, 150), "webm": (131, 97)}
"""Odd ones where the codec has them."""

MATRIX = [
    (ending, turn, variable, with_sound)
    for ending, turn, variable, with_sound in product(CODECS, TURNS, (False, True), (False, True))
    if turn == "upright" or ending != "webm"
]


@pytest.mark.parametrize(("ending", "turn", "variable", "with_sound"), MATRIX)
def test_every_recording_is_shown_upright_on_exact_frames(
    tmp_path: Path, ending: str, turn: str, variable: bool, with_sound: bool
) -> None:
    """At 8 frames/s: a variable rate has frames of 33 to 500 ms, and the one nearest in time is shown."""
    times = [0, 33, 400, 440, 900, 1400, 1900] if variable else None
    count = 7 if variable else 12
    width, height = SIZES[ending]
    clip = write_clip(
        tmp_path / f"clip.{ending}",
        [picture(width, height, number) for number in range(count)],
        times=times,
        turn=turn,
        with_sound=with_sound,
        **CODECS[ending],
    )
    facts = measured(clip)
    assert (facts["width"], facts["height"]) == (width, height)
    assert facts["duration_s"] >= 1.9 if variable else facts["duration_s"] == pytest.approx(1.5, abs=0.01)
    frames = shown(clip, count=10)
    steps = [1, 1, 1, 2, 3, 3, 3, 4, 4, 4] if variable else list(range(10))
    assert [number_in(one) for one in frames] == steps
    assert corners_of(frames[0]) == corners_of(frames[-1]) == IN_ORDER


@pytest.mark.parametrize("ending", CODECS)
def test_a_scene_may_begin_far_inside_a_clip(tmp_path: Path, ending: str) -> None:
    pictures = [picture(96, 64, 2 + number % 20) for number in range(140)]
    extra = {"options": {"bf": "3"}} if ending == "mp4" else {}
    clip = write_clip(tmp_path / f"long.{ending}", pictures, key_frames=24, **CODECS[ending] | extra)
    for first in (23, 75, 130):
        assert [number_in(one) for one in shown(clip, first, 6)] == [2 + (first + step) % 20 for step in range(6)]
    assert {number_in(one) for one in shown(clip, 77, 6, frozen=True)} == {19}


def test_a_short_clip_is_slowed_a_little_and_a_shorter_one_moves_on(tmp_path: Path) -> None:
    seven = write_clip(tmp_path / "seven.mp4", [picture(96, 96, number) for number in range(7)])
    assert [number_in(one) for one in shown(seven, count=8)] == [0, 1, 2, 3, 3, 4, 5, 6]
    three = write_clip(tmp_path / "three.mp4", [picture(96, 96, number) for number in range(3)])
    frames = shown(three, count=24)
    assert [number_in(one) for one in frames[:5]] == [0, 1, 2, 2, 2]
    assert np.abs(frames[2].astype(int) - frames[-1]).mean() > 0.3, "never a frozen picture"


ALPHA: dict[str, dict[str, Any]] = {
    "prores.mov": {"codec": "prores_ks", "pix_fmt": "yuva444p10le"},
    "vp9.webm": {"codec": "libvpx-vp9", "pix_fmt": "yuva420p", "options": FAST | {"auto-alt-ref": "0"}},
    "vp8.webm": {"codec": "libvpx", "pix_fmt": "yuva420p", "options": FAST | {"auto-alt-ref": "0"}},
    "animation.mov": {"codec": "qtrle", "pix_fmt": "argb"},
}


@pytest.mark.parametrize("name", ALPHA)
def test_what_is_transparent_is_black(tmp_path: Path, name: str) -> None:
    alpha = np.full((96, 128), 255, np.uint8)
    alpha[:, :30] = 0
    clip = write_clip(tmp_path / name, [picture(128, 96, number) for number in range(8)], alpha=alpha, **ALPHA[name])
    assert measured(clip)["has_alpha"]
    frame = shown(clip, focus=Focus(x=0))[0]
    assert frame[20:140, 3:30].max() < 12
    assert np.abs(frame[20, 70].astype(int) - (200, 30, 30)).max() < 15, "the rest as it is"


def test_turned_and_transparent_and_in_odd_sizes_at_once(tmp_path: Path) -> None:
    alpha = np.full((97, 131), 255, np.uint8)
    alpha[:20] = 0
    clip = write_clip(
        tmp_path / "all.mov",
        [picture(131, 97, number) for number in range(6)],
        times=[0, 120, 260, 370, 505, 620],
        turn="counter",
        alpha=alpha,
        with_sound=True,
        **ALPHA["animation.mov"],
    )
    frames = shown(clip, count=5)
    assert [number_in(one) for one in frames] == [0, 1, 2, 3, 4]
    assert frames[0][:25].max() < 12
    assert frames[0][37, 10].argmax() == 0, "red stays left"
    assert frames[0][37, -10].argmax() == 1, "green stays right"


@pytest.mark.parametrize(("transfer", "level"), [(HLG, 0.75), (PQ, 0.5807)], ids=["hlg", "pq"])
def test_hdr_is_brought_to_standard_range(tmp_path: Path, transfer: int, level: float) -> None:
    """Diffuse white is 203 cd/m² (ITU-R BT.2408): a bright grey, neither burnt out nor dim."""
    greys = [np.full((64, 96, 3), round(255 * level), np.uint8), np.zeros((64, 96, 3), np.uint8)]
    tagged: dict[str, Any] = {"transfer": transfer, "primaries": 9, "matrix": 9}
    ten_bits: dict[str, Any] = {"codec": "libx265", "pix_fmt": "yuv420p10le", "options": QUIET}
    clip = write_clip(tmp_path / "hdr.mov", [*greys, *greys], **tagged, **ten_bits)
    assert measured(clip)["is_hdr"]
    white, black = shown(clip, count=2)
    assert white.mean() == pytest.approx(255 * 0.905, abs=5)
    assert np.ptp(white.mean(axis=(0, 1))) < 3, "grey stays grey"
    assert black.max() < 6


@pytest.mark.parametrize("transfer", [HLG, PQ, 1])
def test_colours_keep_their_order_and_their_hue(transfer: int) -> None:
    steps = np.linspace(0, 1, 65)
    grey = standard(np.repeat(steps[:, None], 3, axis=1), transfer, 9)
    assert (np.diff(grey[:, 0]) >= -1e-9).all(), "brighter stays brighter"
    assert np.ptp(grey, axis=1).max() < 0.005
    assert grey[0].max() == 0
    for channel in range(3):
        pure = np.zeros((65, 3))
        pure[:, channel] = steps
        out = standard(pure, transfer, 9)
        assert (out[8:].argmax(axis=1) == channel).all()
        assert (out >= 0).all()
        assert (out <= 1).all()


def test_the_focus_stays_in_the_picture(tmp_path: Path) -> None:
    wide = write_clip(tmp_path / "wide.mp4", [picture(320, 64, number) for number in range(3)])
    assert corners_of(shown(wide, count=2, focus=Focus(x=0))[0]) == (0, 0, 2, 2)
    assert corners_of(shown(wide, count=2)[0]) == IN_ORDER
    assert corners_of(shown(wide, count=2, focus=Focus(x=1))[0]) == (1, 1, 3, 3)
    high = write_clip(tmp_path / "high.mp4", [picture(64, 320, number) for number in range(3)])
    assert corners_of(shown(high, count=2, focus=Focus(y=0))[0]) == (0, 1, 0, 1)
    assert corners_of(shown(high, count=2, focus=Focus(y=1))[0]) == (2, 3, 2, 3)


shares = st.floats(0, 1)
sizes = st.integers(64, 4096)


@given(width=sizes, height=sizes, wide=st.integers(16, 1080), high=st.integers(16, 1920), x=shares, y=shares)
def test_any_size_is_filled_without_distortion(
    width: int, height: int, wide: int, high: int, x: float, y: float
) -> None:
    crop = crop_to_fill(width, height, wide, high, Focus(x=x, y=y))
    assert 0 <= crop.x < crop.x + crop.width <= width
    assert 0 <= crop.y < crop.y + crop.height <= height
    for offset, scaled, size in zip(crop.offset, crop.scaled, (wide, high), strict=True):
        assert 0 <= offset <= scaled - size
    scale = max(Fraction(wide, width), Fraction(high, height))
    for scaled, part in zip(crop.scaled, (crop.width, crop.height), strict=True):
        assert abs(scaled - part * scale) <= 1, "both directions are scaled alike"
    # The focus is in the result, and in its middle where the picture reaches far enough.
    for focus, length, begin, offset, size in (
        (x, width, crop.x, crop.offset[0], wide),
        (y, height, crop.y, crop.offset[1], high),
    ):
        at = (focus * length - begin) * scale - offset
        assert -2 <= at <= size + 2
        room = size / 2 / scale
        if room <= focus * length <= length - room:
            assert abs(at - size / 2) <= 2


def test_pixels_that_are_no_squares_are_stretched() -> None:
    crop = crop_to_fill(100, 100, 50, 50, MIDDLE, Fraction(2))
    assert (crop.width, crop.height) == (52, 100), "half of it, at edges that every format can have"
    assert crop.scaled == (52, 50)


def test_stills_are_cut_like_segments(tmp_path: Path) -> None:
    clip, out = tmp_path / "clip.mp4", tmp_path / "still.png"
    write_clip(clip, [picture(128, 96, number) for number in range(10)], turn="half")
    write_still(str(clip), TINY, MIDDLE, 7, str(out))
    still = np.asarray(Image.open(out))
    assert (still.shape, number_in(still), corners_of(still)) == ((160, 90, 3), 7, IN_ORDER)
    photo = tmp_path / "photo.jpg"
    Image.fromarray(picture(400, 90, 3)).save(photo, quality=95)
    write_still(str(photo), TINY, Focus(x=1), 0, str(out))
    assert corners_of(np.asarray(Image.open(out))) == (1, 1, 3, 3)


def test_damaged_frames_in_the_middle_are_passed_over_and_nothing_at_all_is_an_error(tmp_path: Path) -> None:
    clip = write_clip(tmp_path / "clip.mp4", [picture(96, 96, number) for number in range(24)])
    length = measured(clip)["duration_s"]
    data = bytearray(clip.read_bytes())
    at = data.index(b"mdat") + 4
    middle = at + (len(data) - at) // 2
    data[middle : middle + 200] = bytes(200)
    clip.write_bytes(bytes(data))
    cut = OwnCut(
        clip=str(clip),
        clip_s=length,
        profile=TINY,
        focus=MIDDLE,
        first_frame=0,
        frame_count=24,
        out=str(tmp_path / "o.mp4"),
    )
    cut_file(cut)
    clip.write_bytes(bytes(data[: at + 10]))
    with pytest.raises(MediaCorrupt):
        cut_file(cut)
