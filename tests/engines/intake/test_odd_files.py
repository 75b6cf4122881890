"""Odd files from programs and people: accepted with the length present, or refused for the true reason."""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engines.intake.inspection import IntakeLimits, inspect_song
from engines.intake.refusals import Refusal
from engines.song_file import read_song
from models.failures import InvalidInput
from tests.engines.intake.conftest import MakeSong
from tests.fakes.foreign_files import ogg_page

RATE_HZ = 44_100
PART_S = 2.0
Take = Callable[[bytes, str], float]


@pytest.fixture
def take(tmp_path: Path, brief_limits: IntakeLimits) -> Take:
    """Runs the intake on a file; returns its length, which equals its working copy's."""

    def take(data: bytes, name: str) -> float:
        path, copy = tmp_path / name, tmp_path / "working.flac"
        path.write_bytes(data)
        facts = inspect_song(path, copy=copy, limits=brief_limits)
        assert sum(frame.samples for frame in read_song(copy)) == round(facts.duration_s * RATE_HZ)
        return facts.duration_s

    return take


def part(make_song: MakeSong, folder: Path, kind: str, rate_hz: int, layout: str, encoder: str = "") -> bytes:
    bare = {"write_xing": "0", "id3v2_version": "0"} if kind == "mp3" else {}
    path = folder / f"{rate_hz}{layout}{encoder}.{kind}"
    make_song(path, kind, duration_s=PART_S, rate_hz=rate_hz, layout=layout, encoder=encoder, muxer_options=bare)
    return path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("mp3", (44_100, "stereo"), (48_000, "stereo")),
        ("mp3", (44_100, "mono"), (44_100, "stereo")),
        ("mp3", (22_050, "stereo"), (48_000, "mono")),
        ("mp3", (8_000, "mono"), (11_025, "stereo")),
        ("aac", (44_100, "stereo"), (48_000, "stereo")),
        ("aac", (32_000, "mono"), (44_100, "stereo")),
        ("ogg", (48_000, "mono", "libopus"), (44_100, "stereo", "flac")),
        ("ogg", (44_100, "stereo", "flac"), (96_000, "mono", "flac")),
    ],
)
def test_a_stream_may_change_midway(
    kind: str, one: tuple[int, str], other: tuple[int, str], make_song: MakeSong, tmp_path: Path, take: Take
) -> None:
    both = part(make_song, tmp_path, kind, *one) + part(make_song, tmp_path, kind, *other)
    assert take(both, f"song.{kind}") == pytest.approx(2 * PART_S, abs=0.1)


def test_two_whole_mp3s_in_one_file_lose_both_paddings(make_song: MakeSong, tmp_path: Path, take: Take) -> None:
    whole = make_song(tmp_path / "one.mp3", "mp3", duration_s=2.3).read_bytes()
    assert take(whole + b"TAG" + bytes(125) + whole, "song.mp3") == pytest.approx(4.6, abs=1e-4)


def test_a_stream_that_changes_all_the_time_is_refused_as_such(make_song: MakeSong, tmp_path: Path, take: Take) -> None:
    parts = [part(make_song, tmp_path, "mp3", rate_hz, "mono")[:4_000] for rate_hz in (44_100, 48_000)]
    with pytest.raises(InvalidInput) as refused:
        take(b"".join(parts) * 150, "song.mp3")
    assert refused.value.code in (Refusal.CHANGES, Refusal.CORRUPT)


def _id3(size: int, plain: bool = False) -> bytes:
    safe = bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + (struct.pack(">I", size) if plain else safe) + bytes(size)


def _in_front() -> Iterator[tuple[str, bytes]]:
    yield "tag", _id3(3_000)
    yield "tag with a plain size", _id3(3_000, plain=True)
    yield "tag with a plain size that could be another", _id3(256, plain=True)
    yield "tag and zeros", _id3(300) + bytes(5_001)
    yield "zeros", bytes(200_001)


IN_FRONT = dict(_in_front())


@pytest.mark.parametrize("what", IN_FRONT)
@pytest.mark.parametrize("kind", ["mp3", "aac", "wav", "ogg", "flac"])
def test_tags_and_zeros_in_front(what: str, kind: str, songs: dict[str, bytes], take: Take) -> None:
    assert take(IN_FRONT[what] + songs[kind], f"song.{kind}") == pytest.approx(2.0, abs=1e-4)


BEHIND = {"zeros": bytes(100_000), "junk": b"left by a program" * 100, "tag": b"TAG" + b"x" * 125}


@pytest.mark.parametrize("what", BEHIND)
@pytest.mark.parametrize("kind", ["mp3", "aac", "wav", "ogg", "flac", "m4a"])
def test_tags_zeros_and_junk_behind(what: str, kind: str, songs: dict[str, bytes], take: Take) -> None:
    assert take(songs[kind] + BEHIND[what], f"song.{kind}") == pytest.approx(2.0, abs=1e-4)


def _wav(claimed: int, whole: int, audio: bytes) -> bytes:
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, RATE_HZ, 4 * RATE_HZ, 4, 16)
    return b"RIFF" + struct.pack("<I", whole) + b"WAVE" + form + b"data" + struct.pack("<I", claimed) + audio


AUDIO = np.random.default_rng(1).integers(-9_999, 9_999, 4 * RATE_HZ, np.int16).tobytes()


@pytest.mark.parametrize(
    ("claimed", "whole"),
    [
        (0, 0),
        (0, 36),
        (2**32 - 1, 2**32 - 1),
        (2**32 - 37, 2**32 - 1),
        (2**31, 2**31 + 36),
        (0x7FFFF000, 0x7FFFF024),
        (2**31 - 1, 0),
        (len(AUDIO) + 1, 0),
        (len(AUDIO) + 3, 0),
    ],
)
def test_a_wav_from_a_pipe_lasts_as_long_as_it_is(claimed: int, whole: int, take: Take) -> None:
    assert take(_wav(claimed, whole, AUDIO), "song.wav") == 2.0
    assert take(_wav(claimed, whole, AUDIO + b"\1\2\3"), "song.wav") == 2.0


def test_a_wav_without_audio_has_none_whatever_follows(take: Take) -> None:
    for behind in (b"", b"LIST" + struct.pack("<I", 4) + b"INFO"):
        with pytest.raises(InvalidInput, match="never finished"):
            take(_wav(0, 36, behind), "song.wav")


def _without_end(ogg: bytes) -> bytes:
    at = ogg.rindex(b"OggS")
    last = ogg[at:]
    serial, number = struct.unpack("<II", last[14:22])
    (granule,) = struct.unpack("<q", last[6:14])
    lacing = last[27 : 27 + last[26]]
    page = ogg_page(last[27 + last[26] :], serial, number, 0, granule)
    assert page[27 : 27 + page[26]] == lacing, "one packet, so that the page stays as it is"
    return ogg[:at] + page


def test_an_ogg_that_ends_without_saying_so(make_song: MakeSong, tmp_path: Path, take: Take) -> None:
    song = make_song(tmp_path / "song.ogg", "ogg", duration_s=3.0, encoder="flac", rate_hz=RATE_HZ).read_bytes()
    pages = [at for at in range(len(song)) if song.startswith(b"OggS", at)]
    bare = bytearray(song[pages[-1] :])
    if bare[26] < 255 and sum(bare[27 : 27 + bare[26]]) % 255 and bare[27 : 27 + bare[26]].count(255) == bare[26] - 1:
        assert take(_without_end(song), "song.ogg") == pytest.approx(3.0, abs=0.05)
    with pytest.raises(InvalidInput) as refused:
        take(song[: pages[-1]], "song.ogg")
    assert refused.value.code == Refusal.TRUNCATED


def test_a_second_track_is_heard_where_the_first_is_silent(tmp_path: Path, take: Take) -> None:
    import av

    path = tmp_path / "two.m4a"
    time = np.arange(2 * RATE_HZ) / RATE_HZ
    with av.open(str(path), "w", format="mp4") as container:
        streams = [container.add_stream("aac", rate=RATE_HZ, layout="mono") for _ in range(2)]
        for stream, level in zip(streams, (0.0, 0.4), strict=True):
            tone = np.asarray(level * np.sin(2 * np.pi * 440 * time), np.float32)
            frame = av.AudioFrame.from_ndarray(tone[None], "fltp", "mono")
            frame.sample_rate = RATE_HZ
            container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
    assert take(path.read_bytes(), "song.m4a") == pytest.approx(2.0, abs=0.03)


def test_audio_under_a_videos_name_is_to_be_renamed(songs: dict[str, bytes], take: Take) -> None:
    with pytest.raises(InvalidInput, match=r"rename it to end in \.m4a") as refused:
        take(songs["m4a"], "song.mp4")
    assert refused.value.code == Refusal.WRONG_EXTENSION


def test_a_song_behind_another_formats_header_has_one_length(songs: dict[str, bytes], take: Take) -> None:
    sphere = b"NIST_1A\n   1024\nsample_rate -i 1\nchannel_count -i 1\nsample_coding -s3 pcm\nend_head\n"
    ircam = struct.pack("<IfII", 0x0001A364, 1.0, 1, 2) + bytes(1_008)
    for head in (sphere.ljust(1_024), ircam, b"ajkg\2" + bytes(100)):
        assert take(head + songs["mp3"], "song.mp3") == pytest.approx(2.0, abs=1e-4)


def test_an_mp3s_header_may_count_wrong_where_all_is_there(songs: dict[str, bytes], take: Take) -> None:
    song = songs["mp3"]
    at = max(song.find(b"Xing"), song.find(b"Info")) + 8
    (frames,) = struct.unpack(">I", song[at : at + 4])
    for claimed in (0, frames // 2, frames + 5):
        assert take(song[:at] + struct.pack(">I", claimed) + song[at + 4 :], "song.mp3") == pytest.approx(2.0, abs=1e-4)


def test_many_channels_are_refused_by_their_number(tmp_path: Path, take: Take) -> None:
    soundfile.write(tmp_path / "many.wav", np.full((16_000, 40), 0.1), 8_000, subtype="PCM_16")
    with pytest.raises(InvalidInput, match="40 channels"):
        take((tmp_path / "many.wav").read_bytes(), "song.wav")
