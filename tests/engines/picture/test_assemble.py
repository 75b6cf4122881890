from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from engines.picture.assemble import SegmentAssembler, join, splice
from engines.picture.probe import check_picture
from engines.picture.soundtrack import RATE_HZ, encode
from models.failures import MediaCorrupt
from models.profiles import PROFILES, ProfileName
from models.stretches import ChangedScene, FileStretch, ObjectStretch, Stretch

TINY = PROFILES[ProfileName.TINY]
LENGTHS = [1, 7, 16, 17, 2, 24, 5]
"""Frames: a single one, a GOP, a GOP and one."""


@pytest.fixture
def segments(make_segment: Callable[..., Path]) -> list[Path]:
    return [make_segment(f"s{i}.mp4", length, seed=i) for i, length in enumerate(LENGTHS)]


@pytest.fixture
def make_soundtrack(make_song: Callable[..., Path], tmp_path: Path) -> Callable[[float], Path]:
    def make(length_s: float) -> Path:
        encode(str(make_song("song.wav", length_s)), str(tmp_path / "song.m4a"))
        return tmp_path / "song.m4a"

    return make


def assemble(segments: list[Path], soundtrack: Path, out: Path, frame_count: int = sum(LENGTHS)) -> None:
    join([str(s) for s in segments], str(soundtrack), TINY, frame_count, str(out))


def exact(ticks: int | None, tick_s: Fraction | None) -> Fraction:
    assert ticks is not None
    assert tick_s is not None
    return ticks * tick_s


def packets(path: Path, kind: str = "video") -> list[bytes]:
    with av.open(str(path)) as container:
        return [bytes(p) for p in container.demux(**{kind: 0}) if p.size]


def test_copies_every_packet_and_keeps_every_frame_in_its_place(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    soundtrack, out = make_soundtrack(9.0), tmp_path / "out.mp4"
    assemble(segments, soundtrack, out)
    assert packets(out) == [packet for segment in segments for packet in packets(segment)]
    assert packets(out, "audio") == packets(soundtrack, "audio")
    check_picture(out, TINY, sum(LENGTHS))
    with av.open(str(out)) as container:
        stream = container.streams.video[0]
        times = [exact(frame.pts, frame.time_base) for frame in container.decode(stream)]
        keys = [i for i, p in enumerate(p for p in _demuxed(out) if p.size) if p.is_keyframe]
    assert times == [i / TINY.fps for i in range(sum(LENGTHS))]
    assert set(np.cumsum([0, *LENGTHS[:-1]])) <= set(keys)


def _demuxed(path: Path) -> list["av.Packet[av.VideoStream]"]:
    with av.open(str(path)) as container:
        return list(container.demux(video=0))


@pytest.mark.parametrize("length_s", [8.9, 8.937, 9.0, 9.06])
def test_sound_never_outlasts_the_picture(
    segments: list[Path],
    make_soundtrack: Callable[[float], Path],
    heard: Callable[[Path], NDArray[np.float32]],
    tmp_path: Path,
    length_s: float,
) -> None:
    out = tmp_path / "out.mp4"
    assemble(segments, make_soundtrack(length_s), out)
    picture_s = Fraction(sum(LENGTHS)) / TINY.fps
    with av.open(str(out)) as container:
        video, audio = container.streams.video[0], container.streams.audio[0]
        sound_s = exact(audio.duration, audio.time_base)
        assert exact(video.duration, video.time_base) == picture_s
        assert video.start_time == audio.start_time == 0
        assert float(sound_s) == pytest.approx(min(length_s, float(picture_s)), abs=1e-3)
        assert sound_s <= picture_s
        assert exact(container.duration, Fraction(1, 1_000_000)) <= picture_s
    assert len(heard(out)) >= round(min(length_s, float(picture_s)) * RATE_HZ) - 1


def test_plays_while_it_loads_and_carries_no_clock(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    soundtrack = make_soundtrack(9.0)
    for name in ("a.mp4", "b.mp4"):
        SegmentAssembler().assemble(segments, soundtrack, TINY, sum(LENGTHS), tmp_path / name)
    data = (tmp_path / "a.mp4").read_bytes()
    assert data == (tmp_path / "b.mp4").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    assert b"Lavf" not in data[: data.index(b"mdat")]


def test_one_frame_alone_joins(
    make_segment: Callable[..., Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    assemble([make_segment("one.mp4", 1)], make_soundtrack(0.125), tmp_path / "out.mp4", 1)
    check_picture(tmp_path / "out.mp4", TINY, 1)


def test_names_a_segment_of_another_profile(
    segments: list[Path],
    make_segment: Callable[..., Path],
    make_soundtrack: Callable[[float], Path],
    tmp_path: Path,
) -> None:
    segments[3] = make_segment("big.mp4", LENGTHS[3], profile=PROFILES[ProfileName.PREVIEW])
    with pytest.raises(MediaCorrupt, match=r"segment 3 \(big.mp4\).*other settings"):
        assemble(segments, make_soundtrack(9.0), tmp_path / "out.mp4")


def test_names_the_size_when_all_segments_are_of_another_profile(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    with pytest.raises(MediaCorrupt, match=r"segment 0 .*90×160, not 540×960"):
        join(
            [str(s) for s in segments],
            str(make_soundtrack(9.0)),
            PROFILES[ProfileName.PREVIEW],
            sum(LENGTHS),
            str(tmp_path / "out.mp4"),
        )


def test_names_a_segment_that_is_cut_off(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    # Its index lies at its end: what is cut off has none.
    segments[5].write_bytes(segments[5].read_bytes()[:-300])
    with pytest.raises(MediaCorrupt, match=r"segment 5 \(s5.mp4\)"):
        assemble(segments, make_soundtrack(9.0), tmp_path / "out.mp4")


def test_names_a_segment_that_is_missing_or_no_video(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    soundtrack = make_soundtrack(9.0)
    for broken, words in ((tmp_path / "none.mp4", "cannot be read"), (soundtrack, "no picture")):
        with pytest.raises(MediaCorrupt, match=rf"segment 2 \({broken.name}\).*{words}"):
            assemble([*segments[:2], broken, *segments[3:]], soundtrack, tmp_path / "out.mp4")


def test_names_a_segment_whose_frames_are_not_where_they_belong(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    gappy = tmp_path / "gappy.mp4"
    with av.open(str(segments[1])) as source, av.open(str(gappy), "w") as target:
        stream = target.add_stream_from_template(source.streams.video[0], opaque=True)
        for index, packet in enumerate(source.demux(video=0)):
            if packet.size and index != 3:
                packet.stream = stream
                target.mux(packet)
    with pytest.raises(MediaCorrupt, match=r"segment 1 \(gappy.mp4\): frame 3"):
        assemble([segments[0], gappy, *segments[2:]], make_soundtrack(9.0), tmp_path / "out.mp4")


@pytest.mark.parametrize("off_by", [-1, 1])
def test_refuses_a_total_that_is_not_the_videos(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path, off_by: int
) -> None:
    with pytest.raises(MediaCorrupt, match="72 frames in all"):
        assemble(segments, make_soundtrack(9.0), tmp_path / "out.mp4", sum(LENGTHS) + off_by)


@pytest.mark.parametrize("length_s", [7.0, 11.0])
def test_refuses_a_soundtrack_of_another_song(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path, length_s: float
) -> None:
    with pytest.raises(MediaCorrupt, match="soundtrack"):
        assemble(segments, make_soundtrack(length_s), tmp_path / "out.mp4")


def spliced(stretches: list[Stretch], base: Path) -> bytes:
    parts = []
    for stretch in stretches:
        data = (stretch.path if isinstance(stretch, FileStretch) else base).read_bytes()
        parts.append(data[stretch.start : stretch.start + stretch.size_bytes])
    return b"".join(parts)


@pytest.mark.parametrize("numbers", [[0], [6], [2], [1, 2], [0, 3, 6], [0, 1, 2, 3, 4, 5, 6]])
def test_a_video_with_other_scenes_is_the_same_however_it_was_made(
    segments: list[Path],
    make_segment: Callable[..., Path],
    make_soundtrack: Callable[[float], Path],
    tmp_path: Path,
    numbers: list[int],
) -> None:
    soundtrack, base, whole = make_soundtrack(9.0), tmp_path / "base.mp4", tmp_path / "whole.mp4"
    assemble(segments, soundtrack, base)
    starts = np.cumsum([0, *LENGTHS]).tolist()
    changed = [
        ChangedScene(
            index=number,
            start_frame=starts[number],
            end_frame=starts[number + 1],
            segment=make_segment(f"new{number}.mp4", LENGTHS[number], seed=90 + number),
        )
        for number in numbers
    ]
    stretches = splice(
        "base", base.read_bytes()[:100_000], changed, soundtrack, TINY, sum(LENGTHS), tmp_path / "changed.bin"
    )
    assert stretches is not None
    others = list(segments)
    for scene in changed:
        others[scene.index] = scene.segment
    assemble(others, soundtrack, whole)
    assert spliced(stretches, base) == whole.read_bytes() != base.read_bytes()
    kept = sum(stretch.size_bytes for stretch in stretches if isinstance(stretch, ObjectStretch))
    assert kept > 0 or len(numbers) == len(LENGTHS), "what did not change stays where it is"


def test_what_was_not_joined_here_is_no_base(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    soundtrack, base = make_soundtrack(9.0), tmp_path / "base.mp4"
    assemble(segments, soundtrack, base)
    data = base.read_bytes()
    scene = ChangedScene(index=0, start_frame=0, end_frame=1, segment=segments[0])
    for beginning in (b"", b"no video", data[:500], data.replace(b"SoundHandler", b"OtherHandler")):
        assert splice("base", beginning, [scene], soundtrack, TINY, sum(LENGTHS), tmp_path / "changed.bin") is None


def test_a_splice_wants_a_segment_of_its_scenes_length(
    segments: list[Path], make_soundtrack: Callable[[float], Path], tmp_path: Path
) -> None:
    soundtrack, base = make_soundtrack(9.0), tmp_path / "base.mp4"
    assemble(segments, soundtrack, base)
    scene = ChangedScene(index=1, start_frame=1, end_frame=8, segment=segments[4])
    with pytest.raises(MediaCorrupt, match="has 2 frames, and its scene 7"):
        splice("base", base.read_bytes(), [scene], soundtrack, TINY, sum(LENGTHS), tmp_path / "changed.bin")
