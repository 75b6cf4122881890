"""The shortest and the longest song, to the hundredth of a second, and files that demand too much."""

import os
import resource
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from engines.intake.inspection import IntakeLimits, inspect_song
from engines.intake.refusals import Refusal
from models.failures import Cancelled, InvalidInput

MakeSong = Callable[..., Path]
Music = Callable[[float, int, int], NDArray[np.float32]]
LOW_RATE_HZ = 8_000


@pytest.mark.parametrize("kind", ["mp3", "m4a", "wav", "ogg", "flac"])
def test_a_minute_is_accepted_and_a_hundredth_less_is_not(kind: str, make_song: MakeSong, tmp_path: Path) -> None:
    options = {"rate_hz": LOW_RATE_HZ, "layout": "mono"}
    minute = make_song(tmp_path / f"minute.{kind}", kind, duration_s=60.0, **options)
    short = make_song(tmp_path / f"short.{kind}", kind, duration_s=59.99, **options)

    assert inspect_song(minute).duration_s == pytest.approx(60.0, abs=1e-3)
    with pytest.raises(InvalidInput) as caught:
        inspect_song(short)
    assert caught.value.code == Refusal.TOO_SHORT
    assert "59.99 s" in caught.value.message
    assert "60 s" in caught.value.message


def test_an_aac_stream_of_a_minute_is_accepted(make_song: MakeSong, tmp_path: Path) -> None:
    # ADTS cannot declare the padding of its last frame: the first multiple of a frame that fits is the minute.
    path = make_song(tmp_path / "minute.aac", "aac", duration_s=60.0, rate_hz=LOW_RATE_HZ, layout="mono")
    assert 60.0 <= inspect_song(path).duration_s < 60.4


@pytest.mark.parametrize("codec", ["adpcm_ms", "adpcm_ima_wav"])
def test_the_padding_of_the_last_block_of_adpcm_is_no_part_of_a_song(
    codec: str, make_song: MakeSong, tmp_path: Path
) -> None:
    # A block lasts a quarter of a second here, and its writer counts whole ones.
    options = {"encoder": codec, "rate_hz": LOW_RATE_HZ, "layout": "mono"}
    path = make_song(tmp_path / "song.wav", "wav", duration_s=62.0, **options)
    assert inspect_song(path, limits=IntakeLimits(max_s=62.0)).duration_s == 62.0


def test_twenty_minutes_are_accepted_and_not_a_hundredth_more_than_the_limit(
    make_song: MakeSong, music: Music, tmp_path: Path
) -> None:
    samples = np.tile(music(1.0, LOW_RATE_HZ, 1), 1_200)
    path = make_song(tmp_path / "long.flac", "flac", samples=samples, rate_hz=LOW_RATE_HZ, layout="mono")

    assert inspect_song(path).duration_s == 1_200.0
    with pytest.raises(InvalidInput) as caught:
        inspect_song(path, limits=IntakeLimits(max_s=1_199.99))
    assert caught.value.code == Refusal.TOO_LONG


def test_the_limits_are_settings(songs: dict[str, bytes], tmp_path: Path) -> None:
    path = tmp_path / "song.ogg"
    path.write_bytes(songs["ogg"])
    codes = []
    for limits in (
        IntakeLimits(min_s=3.0),
        IntakeLimits(min_s=0.5, max_s=1.5),
        IntakeLimits(min_s=0.5, max_size_bytes=1_000),
    ):
        with pytest.raises(InvalidInput) as caught:
            inspect_song(path, limits=limits)
        codes.append(caught.value.code)
    assert codes == [Refusal.TOO_SHORT, Refusal.TOO_LONG, Refusal.TOO_BIG]


def _crc(data: bytes, width: int, polynomial: int) -> int:
    crc, top = 0, 1 << (width - 1)
    for byte in data:
        crc ^= byte << (width - 8)
        for _ in range(8):
            crc = (crc << 1 ^ polynomial if crc & top else crc << 1) & (2 * top - 1)
    return crc


def _flac_frames(count: int) -> Iterator[bytes]:
    """Frames of 65,535 constant samples, 14 bytes each."""
    for number in range(count):
        coded = number if number < 0x80 else (0xC0 | number >> 6) << 8 | 0x80 | number & 0x3F
        if number >= 0x800:
            coded = (0xE0 | number >> 12) << 16 | (0x80 | number >> 6 & 0x3F) << 8 | 0x80 | number & 0x3F
        coded_bytes = coded.to_bytes((coded.bit_length() + 7) // 8 or 1, "big")
        head = b"\xff\xf8\x70\x08" + coded_bytes + struct.pack(">H", 65_534)
        frame = head + bytes([_crc(head, 8, 0x07)]) + b"\0\x20\x00"
        yield frame + struct.pack(">H", _crc(frame, 16, 0x8005))


def _flac_of(hours: float) -> bytes:
    packed = 44_100 << 44 | 15 << 36  # rate, one channel, 16 bits, length unknown
    info = struct.pack(">HH", 65_535, 65_535) + bytes(6) + packed.to_bytes(8, "big") + bytes(16)
    return b"fLaC\x80\0\0\x22" + info + b"".join(_flac_frames(int(hours * 3_600 * 44_100 / 65_535)))


def test_a_small_flac_that_lasts_ten_hours(tmp_path: Path) -> None:
    path = tmp_path / "song.flac"
    path.write_bytes(_flac_of(10.0))
    assert path.stat().st_size < 2_000_000
    before_s = _children_cpu_s()

    with pytest.raises(InvalidInput) as caught:
        inspect_song(path)

    assert caught.value.code == Refusal.TOO_LONG
    assert "20:00" in caught.value.message
    # Ten hours decode in ten times as long; the fork server's own share is well below the difference.
    assert _children_cpu_s() - before_s < 10.0


def _children_cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def test_a_decoder_without_memory_ends_in_a_refusal(make_song: MakeSong, tmp_path: Path) -> None:
    path = make_song(tmp_path / "song.wav", "wav", duration_s=90.0)
    assert inspect_song(path).duration_s == 90.0
    with pytest.raises(InvalidInput) as caught:
        inspect_song(path, limits=IntakeLimits(memory_bytes=10_000_000))
    assert caught.value.code == Refusal.CORRUPT


@pytest.fixture(scope="module")
def slow_song(make_song: MakeSong, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifteen thousand frames, which no machine decodes before the first look at the clock."""
    path = tmp_path_factory.mktemp("slow") / "slow.mp3"
    bare = {"write_xing": "0", "id3v2_version": "0"}
    make_song(path, "mp3", duration_s=10.0, rate_hz=LOW_RATE_HZ, layout="mono", muxer_options=bare)
    path.write_bytes(path.read_bytes() * 110)
    return path


def test_a_decoder_without_time_ends_in_a_refusal_and_leaves_no_process(slow_song: Path) -> None:
    assert inspect_song(slow_song).duration_s > 1_100
    before = {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)}
    with pytest.raises(InvalidInput) as caught:
        inspect_song(slow_song, limits=IntakeLimits(wall_s=0.0))
    assert caught.value.code == Refusal.CORRUPT
    assert {child.pid for child in psutil.Process(os.getpid()).children(recursive=True)} <= before


def test_whoever_waits_can_stop_it(slow_song: Path) -> None:
    def cancel() -> None:
        raise Cancelled("no longer wanted")

    with pytest.raises(Cancelled):
        inspect_song(slow_song, pulse=cancel)


_MP3, _ADTS = b"\xff\xfb\x90\x64", b"\xff\xf1\x50\x80\x00\x1f\xfc"
NEAR_HEADERS: dict[str, tuple[str, bytes]] = {
    "sync bytes alone": ("mp3", b"\xff"),
    "headers that nothing confirms": ("mp3", _MP3),
    "headers with a gap": ("mp3", _MP3 + bytes(3)),
    "ADTS headers in a row": ("aac", _ADTS),
    "the smallest ADTS frames": ("aac", b"\xff\xf1\x50\x80\x01\x1f\xfc\x00"),
    "tags": ("mp3", b"ID3\x04\0\0\0\0\0\0"),
    "pages without a stream": ("ogg", b"OggS\0\0" + bytes(21)),
    "FLAC syncs": ("flac", b"\xff\xf8\xc9\x18"),
}


@pytest.mark.parametrize("what", NEAR_HEADERS)
def test_forty_megabytes_of_near_headers_are_soon_refused(
    what: str, songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    kind, near = NEAR_HEADERS[what]
    path = tmp_path / f"song.{kind}"
    path.write_bytes((songs[kind] + near * (40_000_000 // len(near)))[:40_000_000])
    before_s = _children_cpu_s()
    with suppress(InvalidInput):
        inspect_song(path, limits=brief_limits)
    # Looked at byte by byte in Python, each of them took 20 to 90 s.
    assert _children_cpu_s() - before_s < 10.0


def test_nothing_is_written(songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(songs["mp3"])
    inspect_song(path, limits=brief_limits)
    assert [entry.name for entry in tmp_path.iterdir()] == ["song.mp3"]
    assert path.read_bytes() == songs["mp3"]
