"""Files whose headers, boxes or tags lie or were made to harm: each ends in an answer."""

import random
import struct
import zlib
from pathlib import Path

import numpy as np
import pytest

from engines.intake.inspection import IntakeLimits, inspect_song
from engines.intake.refusals import Refusal
from models.failures import InvalidInput, JobCrashed
from tests.engines.intake.conftest import KINDS, Refuse
from tests.fakes.foreign_files import box, nested, ogg_page, wav


@pytest.mark.parametrize("claimed", [2**32 - 2, 2**31, 4_000_000, 400_004])
def test_a_wav_that_claims_more_than_it_has(claimed: int, refused: Refuse) -> None:
    audio = np.random.default_rng(1).integers(-9_999, 9_999, 200_000, np.int16).tobytes()
    assert refused(wav(claimed, audio), "song.wav").code == Refusal.TRUNCATED


def test_wavs_that_no_one_recorded(refused: Refuse) -> None:
    audio = np.random.default_rng(1).integers(-9_999, 9_999, 200_000, np.int16).tobytes()
    absurd = {
        "no audio": wav(0, b""),
        "no data chunk": wav(0, b"")[:36],
        "one sample a second": wav(len(audio), audio, rate_hz=1),
        "billions of samples a second": wav(len(audio), audio, rate_hz=2**31 - 1),
        "thousands of channels": wav(len(audio), audio, channels=65_535),
        "no channel": wav(len(audio), audio, channels=0),
        "no bits": wav(len(audio), audio, bits=0),
        "many bits": wav(len(audio), audio, bits=4_096),
        "format missing": b"RIFF\xff\xff\xff\xffWAVEdata" + struct.pack("<I", len(audio)) + audio,
    }
    for what, data in absurd.items():
        assert refused(data, "song.wav").code in (Refusal.CORRUPT, Refusal.UNKNOWN_TYPE), what


def test_hostile_mp4_boxes(songs: dict[str, bytes], refused: Refuse) -> None:
    start = box(b"ftyp", b"M4A \0\0\0\0M4A ")
    samples = songs["m4a"].replace(b"stsz" + songs["m4a"].split(b"stsz")[1][:12], b"stsz" + bytes(8) + b"\xff" * 4)
    hostile = {
        "deep": start + nested(100_000),
        "deep tags": start + box(b"moov", nested(2_000).replace(b"moov", b"udta")),
        "billions of samples": samples,
        "zero size": start + b"\0\0\0\x07moov" + bytes(1_000),
        "64-bit size": start + b"\0\0\0\x01moov" + b"\xff" * 8 + bytes(100),
        "empty index": start + box(b"moov", b"") + box(b"mdat", bytes(1_000)),
        "thousands of boxes": start + box(b"free", b"") * 200_000,
        "thousands of tracks": start + box(b"moov", box(b"trak", b"") * 50_000),
        "elsewhere": start + box(b"moov", box(b"rmra", box(b"rmda", b"http://127.0.0.1:1/x\0"))),
    }
    for what, data in hostile.items():
        expected = {Refusal.CORRUPT, Refusal.TRUNCATED, Refusal.NO_AUDIO, Refusal.UNKNOWN_TYPE}
        assert refused(data, "song.m4a").code in expected, what


def test_hostile_tags_end_in_an_answer(songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits) -> None:
    bomb = zlib.compress(bytes(50_000_000), 9)
    frame = b"TIT2" + struct.pack(">IH", len(bomb) + 4, 0x0080) + struct.pack(">I", 50_000_000) + bomb
    size = len(frame)
    syncsafe = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    path = tmp_path / "song.mp3"
    path.write_bytes(b"ID3\x03\0\0" + syncsafe + frame + songs["mp3"])
    assert inspect_song(path, limits=brief_limits).duration_s == pytest.approx(2.0)


def test_many_tags_before_nothing(refused: Refuse) -> None:
    assert refused(b"ID3\x04\0\0\0\0\0\0" * 300_000, "song.mp3").code in (Refusal.UNKNOWN_TYPE, Refusal.CORRUPT)


def test_an_ogg_with_endless_comments(refused: Refuse) -> None:
    head = ogg_page(b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 2, 48_000, 0, 0, 0, 0xB8, 1), 9, 0, 2)
    comments = ogg_page(b"\x03vorbis" + b"\xff" * 4_000, 9, 1, 0)
    assert refused(head + comments + ogg_page(b"\x05vorbis" + bytes(500), 9, 2, 4), "song.ogg").code == Refusal.CORRUPT


def test_a_flac_with_lying_blocks(refused: Refuse) -> None:
    info = b"\0\0\0\x22" + bytes.fromhex("10001000000000000000") + b"\x0b\xb8\x02\xf0" + b"\xff" * 4 + bytes(16)
    for blocks in (info + b"\x04\xff\xff\xff", info + b"\x86\xff\xff\xff" + b"\xff" * 500, b"\x7f\xff\xff\xff" * 50):
        assert refused(b"fLaC" + blocks + bytes(4_000), "song.flac").code == Refusal.CORRUPT


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("kind", KINDS)
def test_a_fuzzed_header_never_kills_the_decoder(
    kind: str, seed: int, songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    random_ = random.Random(f"{kind}{seed}")
    song = bytearray(songs[kind])
    for _ in range(8):
        at = random_.choice([random_.randrange(4, 200), len(song) - random_.randrange(4, 1_500)])
        song[at : at + 4] = random_.choice([b"\xff\xff\xff\xff", b"\x7f\xff\xff\xff", bytes(4), random_.randbytes(4)])
    path = tmp_path / f"song.{kind}"
    path.write_bytes(song)
    refusal = None
    try:
        inspect_song(path, limits=brief_limits)
    except InvalidInput as error:
        refusal = error
    assert refusal is None or not isinstance(refusal.__cause__, JobCrashed), refusal
