from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from engines.picture.encode import Bt709Converter, SegmentWriter, plane
from models.profiles import PROFILES, ProfileName

TINY = PROFILES[ProfileName.TINY]
PREVIEW = PROFILES[ProfileName.PREVIEW]
BT709 = 1


@pytest.mark.parametrize("frame_count", [1, 2, 3, 7, 10, 11, 12, 16, 17, 33, 50])
def test_has_exactly_the_frames_it_was_given(make_segment: Callable[..., Path], frame_count: int) -> None:
    segment = make_segment("a.mp4", frame_count)
    with av.open(str(segment)) as container:
        times = [Fraction(packet.pts or 0) * packet.time_base for packet in container.demux(video=0) if packet.size]
        assert times == [i / TINY.fps for i in range(frame_count)]
        assert container.duration == pytest.approx(1e6 * frame_count / float(TINY.fps), abs=1)


@pytest.mark.parametrize("name", list(ProfileName))
def test_is_high_profile_bt709_and_starts_with_an_idr(make_segment: Callable[..., Path], name: ProfileName) -> None:
    profile = PROFILES[name]
    segment = make_segment("a.mp4", 3, profile=profile)
    with av.open(str(segment)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        packets = [packet for packet in container.demux(stream) if packet.size]
        assert packets[0].is_keyframe
        assert packets[0].pts == packets[0].dts == 0
        assert (context.profile, context.pix_fmt) == ("High", "yuv420p")
        assert (context.width, context.height) == (profile.width, profile.height)
        assert stream.average_rate == profile.fps
        assert (context.colorspace, context.color_primaries, context.color_trc) == (BT709, BT709, BT709)
        assert context.color_range == av.video.reformatter.ColorRange.MPEG


def test_segments_of_a_profile_share_their_parameter_sets(make_segment: Callable[..., Path]) -> None:
    seen = set()
    for index, frame_count in enumerate((1, 5, 40)):
        with av.open(str(make_segment(f"{index}.mp4", frame_count, seed=index))) as container:
            seen.add(container.streams.video[0].codec_context.extradata)
    assert len(seen) == 1


def test_the_same_frames_give_the_same_bytes(make_segment: Callable[..., Path]) -> None:
    assert make_segment("a.mp4", 20, seed=3).read_bytes() == make_segment("b.mp4", 20, seed=3).read_bytes()


@pytest.mark.parametrize(
    "rgb", [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (200, 120, 40), (30, 90, 160)]
)
def test_colours_survive_as_bt709(tmp_path: Path, rgb: tuple[int, int, int]) -> None:
    """The decoded luma and chroma are BT.709's, limited range, computed here from the standard's own formula."""
    picture = np.full((PREVIEW.height, PREVIEW.width, 3), rgb[::-1], np.uint8)
    path = tmp_path / "flat.mp4"
    with SegmentWriter(path, PREVIEW) as writer:
        writer.write(Bt709Converter().to_yuv(picture))
    with av.open(str(path)) as container:
        frame = next(container.decode(video=0))
    y, u, v = (float(plane(frame, i).mean()) for i in range(3))
    red, green, blue = (c / 255 for c in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    assert y == pytest.approx(16 + 219 * luma, abs=2)
    assert u == pytest.approx(128 + 224 * (blue - luma) / 1.8556, abs=2)
    assert v == pytest.approx(128 + 224 * (red - luma) / 1.5748, abs=2)


def test_a_writer_that_fails_leaves_no_finished_segment(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"

    def fail() -> None:
        with SegmentWriter(path, TINY) as writer:
            writer.write(Bt709Converter().to_yuv(np.zeros((TINY.height, TINY.width, 3), np.uint8)))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert not path.exists()
