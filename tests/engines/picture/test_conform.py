"""Any clip becomes a segment that joins by stream copy."""

from collections.abc import Callable
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from engines.picture.assemble import SegmentAssembler
from engines.picture.conform import ClipConformer, conform_file, cut_files, length_of
from engines.picture.encode import Bt709Converter, SegmentWriter
from engines.picture.probe import check_picture
from engines.picture.soundtrack import AacSoundtrackMaker
from models.failures import MediaCorrupt
from models.profiles import PROFILES, Profile, ProfileName
from models.takes import ClipCut
from tests.engines.picture.clips import make_clip

TINY = PROFILES[ProfileName.TINY]
PREVIEW = PROFILES[ProfileName.PREVIEW]


def pictures(path: Path) -> list[Any]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray").astype(np.float32) for frame in container.decode(video=0)]


def bar_at(picture: Any) -> float:
    """Where the bright bar is, as a share of the width."""
    return float(picture.mean(axis=0).argmax() / picture.shape[1])


def extradata(path: Path) -> bytes:
    with av.open(str(path)) as container:
        return bytes(container.streams.video[0].codec_context.extradata or b"")


@pytest.mark.parametrize(
    "clip",
    [
        {},
        {"width": 320, "height": 180},
        {"width": 202, "height": 358, "fps": Fraction(30_000, 1001)},
        {"fps": Fraction(60), "sound": True},
        {"codec": "mpeg4", "fps": Fraction(25)},
        {"variable": True},
        {"fps": Fraction(12), "width": 90, "height": 160},
    ],
    ids=["plain", "landscape", "ntsc", "60-with-sound", "mpeg4", "variable", "12-small"],
)
def test_any_clip_becomes_exact_frames_of_the_one_format(tmp_path: Path, clip: dict[str, Any]) -> None:
    source, out = make_clip(tmp_path / "clip.mp4", duration_s=2.2, **clip), tmp_path / "out.mp4"
    ClipConformer().conform(source, PREVIEW, 47, out)
    check_picture(out, PREVIEW, 47)
    own = tmp_path / "own.mp4"
    with SegmentWriter(own, PREVIEW) as writer:
        writer.write(Bt709Converter().to_yuv(np.zeros((PREVIEW.height, PREVIEW.width, 3), np.uint8)))
    assert extradata(out) == extradata(own), "other parameters would not join by stream copy"


@pytest.mark.parametrize("variable", [False, True])
def test_pictures_come_at_their_times(tmp_path: Path, variable: bool) -> None:
    source, out = make_clip(tmp_path / "clip.mp4", duration_s=4, variable=variable), tmp_path / "out.mp4"
    conform_file(str(source), PREVIEW, 72, str(out))
    for frame, picture in enumerate(pictures(out)):
        assert abs(bar_at(picture) - frame / 24 / 4) < 0.06 + 2 / 24 / 4


def test_a_landscape_clip_is_cropped_to_fill(tmp_path: Path) -> None:
    source, out = make_clip(tmp_path / "clip.mp4", width=640, height=360), tmp_path / "out.mp4"
    conform_file(str(source), PREVIEW, 24, str(out))
    for picture in pictures(out):
        assert picture[:4].mean() > 20, "no bar of black above"
        assert picture[:, :4].mean() > 20, "nor at the side"


def test_a_clip_a_little_short_is_slowed(tmp_path: Path) -> None:
    source, out = make_clip(tmp_path / "clip.mp4", duration_s=2.0), tmp_path / "out.mp4"
    frames = round(2.0 * 1.1 * 24)
    conform_file(str(source), PREVIEW, frames, str(out))
    shown = pictures(out)
    assert len(shown) == frames
    assert abs(bar_at(shown[-1]) - 2.0 / 4) < 0.08, "the end of the clip is shown at the end of the segment"
    assert bar_at(shown[-4]) < bar_at(shown[-1]) + 0.01


def test_a_clip_much_too_short_ends_in_a_still_that_moves(tmp_path: Path) -> None:
    source, out = make_clip(tmp_path / "clip.mp4", duration_s=1.0), tmp_path / "out.mp4"
    conform_file(str(source), PREVIEW, 48, str(out))
    shown = pictures(out)
    assert len(shown) == 48
    assert all(picture.mean() > 20 for picture in shown), "never black"
    steps = [float(np.abs(after - before).mean()) for before, after in pairwise(shown)]
    last_of_clip = max(at for at, step in enumerate(steps) if step > 1)
    assert 25 <= last_of_clip <= 28, "a clip of 24 frames is slowed to 27.6 and no further"
    held = shown[32:]
    moved = [float(np.abs(b - a).mean()) for a, b in zip(held[::4], held[4::4], strict=False)]
    assert min(moved) > 0.2, "never frozen"


def test_a_clip_that_fades_out_does_not_stay_dark(tmp_path: Path) -> None:
    source, out = make_clip(tmp_path / "clip.mp4", duration_s=1.0, dark_from_s=0.8), tmp_path / "out.mp4"
    conform_file(str(source), PREVIEW, 48, str(out))
    assert all(picture.mean() > 20 for picture in pictures(out)[29:]), (
        "the still is the last picture that shows anything"
    )


def test_colours_stay_where_the_still_begins(tmp_path: Path) -> None:
    """Between neighbours nothing but the push may change: no brightness, no hue."""
    source, out = make_clip(tmp_path / "clip.mp4", duration_s=1.0, tint=(0.9, 0.5, 0.3)), tmp_path / "out.mp4"
    conform_file(str(source), PREVIEW, 48, str(out))
    with av.open(str(out)) as container:
        shown = [frame.to_ndarray(format="yuv420p").astype(np.float32) for frame in container.decode(video=0)]
    luma = PREVIEW.height
    before, after = shown[26], shown[30]  # the clip, slowed by 15 %, lasts 27.6 frames
    for part in (slice(0, luma), slice(luma, luma + luma // 4), slice(luma + luma // 4, None)):
        assert abs(float(before[part].mean()) - float(after[part].mean())) < 0.5


def test_conformed_segments_join_with_a_soundtrack(tmp_path: Path, make_song: Callable[..., Path]) -> None:
    segments = []
    for number, clip in enumerate([{}, {"width": 320, "height": 180}, {"fps": Fraction(60), "sound": True}]):
        source = make_clip(tmp_path / f"clip-{number}.mp4", duration_s=1.6, **clip)  # type: ignore[arg-type]
        segments.append(tmp_path / f"segment-{number}.mp4")
        conform_file(str(source), TINY, 11, str(segments[-1]))
    AacSoundtrackMaker().encode_soundtrack(make_song("song.wav", 33 / 8), tmp_path / "sound.m4a", lambda: None)
    out = tmp_path / "video.mp4"
    SegmentAssembler().assemble(segments, tmp_path / "sound.m4a", TINY, 33, out, lambda: None)
    assert len(pictures(out)) == 33


@pytest.mark.parametrize("damage", ["text", "cut", "sound only"])
def test_what_cannot_be_read_is_corrupt(tmp_path: Path, damage: str) -> None:
    path = make_clip(tmp_path / "clip.mp4")
    if damage == "text":
        path.write_bytes(b"<html>expired</html>")
    elif damage == "cut":
        path.write_bytes(path.read_bytes()[:500])
    else:
        with av.open(str(path), "w") as container:
            stream = container.add_stream("aac", rate=44_100)
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 44_100), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44_100, 0
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    with pytest.raises(MediaCorrupt):
        ClipConformer().conform(path, TINY, 8, tmp_path / "out.mp4")


def test_every_profile_fits(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "clip.mp4", duration_s=0.6)
    for profile in PROFILES.values():
        assert isinstance(profile, Profile)
        out = tmp_path / f"{profile.name.value}.mp4"
        conform_file(str(source), profile, 3, str(out))
        check_picture(out, profile, 3)


@pytest.mark.parametrize("fps", [Fraction(24), Fraction(30), Fraction(60)])
def test_a_cut_begins_at_its_frame_and_a_frozen_one_stays_there(tmp_path: Path, fps: Fraction) -> None:
    source = make_clip(tmp_path / "clip.mp4", duration_s=4, fps=fps)
    assert length_of(str(source), PREVIEW) == 96
    cut = ClipCut(clip=source, first_frame=30, frame_count=50, out=tmp_path / "cut.mp4")
    frozen = cut.model_copy(update={"frozen": True, "frame_count": 20, "out": tmp_path / "frozen.mp4"})
    cut_files((cut, frozen), PREVIEW)
    for number, picture in enumerate(pictures(cut.out)):
        assert abs(bar_at(picture) - (30 + number) / 24 / 4) < 0.06 + 2 / 24 / 4
    held = pictures(frozen.out)
    assert len(held) == 20
    assert all(abs(bar_at(picture) - 30 / 24 / 4) < 0.06 + 2 / 24 / 4 for picture in held)
    assert max(float(np.abs(after - before).mean()) for before, after in pairwise(held)) < 1.0


def test_a_clip_that_ends_before_its_header_says_goes_on_moving(tmp_path: Path) -> None:
    source = make_clip(tmp_path / "clip.mp4", duration_s=1)
    cut = ClipCut(clip=source, first_frame=20, frame_count=30, out=tmp_path / "cut.mp4")
    cut_files((cut,), PREVIEW)
    check_picture(cut.out, PREVIEW, 30)


def test_what_is_no_clip_is_reported_as_such(tmp_path: Path) -> None:
    source = tmp_path / "clip.mp4"
    source.write_bytes(b"no clip at all")
    with pytest.raises(MediaCorrupt):
        length_of(str(source), TINY)
    with pytest.raises(MediaCorrupt):
        cut_files((ClipCut(clip=source, first_frame=0, frame_count=9, out=tmp_path / "cut.mp4"),), TINY)
