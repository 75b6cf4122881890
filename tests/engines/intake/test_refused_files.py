"""More than two hundred bad files, each refused with its own code and one line that says what to do."""

import io
import os
import random
import struct
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engines.intake.inspection import IntakeLimits, inspect_song
from engines.intake.refusals import Refusal
from models.failures import InvalidInput, JobCrashed

MakeSong = Callable[..., Path]
Refuse = Callable[[bytes, str], InvalidInput]

KINDS = ("mp3", "m4a", "wav", "aac", "ogg", "flac")


@pytest.fixture
def refused(tmp_path: Path, brief_limits: IntakeLimits) -> Refuse:
    """Writes bytes under a name, and returns the refusal that they meet."""

    def refuse(data: bytes, name: str) -> InvalidInput:
        path = tmp_path / "upload"
        path.write_bytes(data)
        return refusal_of(path, name, brief_limits)

    return refuse


def refusal_of(path: Path, name: str, limits: IntakeLimits) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        inspect_song(path, name=name, limits=limits)
    refusal = caught.value
    assert refusal.code in set(Refusal)
    assert "\n" not in refusal.message
    assert refusal.message.endswith(".")
    # The decoder's own complaints are expected here; a child that died or raised something else would hide a bug.
    assert not isinstance(refusal.__cause__, JobCrashed), refusal.__cause__
    return refusal


# Files that are not there, or not files -------------------------------------------------------------------------------


def test_an_empty_file(refused: Refuse) -> None:
    assert refused(b"", "song.mp3").code == Refusal.EMPTY


def test_a_folder(tmp_path: Path) -> None:
    assert refusal_of(tmp_path, "song.mp3", IntakeLimits()).code == Refusal.FOLDER


def test_what_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp3")
    (tmp_path / "dangling.mp3").symlink_to("nowhere.mp3")
    (tmp_path / "loop.mp3").symlink_to("loop.mp3")
    for name in ("missing.mp3", "pipe.mp3", "dangling.mp3", "loop.mp3", "null\0.mp3", "long" * 200 + ".mp3"):
        assert refusal_of(tmp_path / name, name, IntakeLimits()).code == Refusal.UNREADABLE, name
    assert refusal_of(Path("/dev/zero"), "zero.mp3", IntakeLimits()).code == Refusal.UNREADABLE


def test_one_byte_too_many(tmp_path: Path) -> None:
    path = tmp_path / "song.wav"
    path.touch()
    os.truncate(path, 40_000_001)
    refusal = refusal_of(path, path.name, IntakeLimits())
    assert refusal.code == Refusal.TOO_BIG
    assert "40.1 MB" in refusal.message
    assert "FLAC" in refusal.message
    os.truncate(path, 40_000_000)
    assert refusal_of(path, path.name, IntakeLimits()).code == Refusal.UNKNOWN_TYPE


# Names that lie -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "ending"), [(kind, ending) for kind in KINDS for ending in KINDS if kind != ending])
def test_a_lying_extension(kind: str, ending: str, songs: dict[str, bytes], refused: Refuse) -> None:
    refusal = refused(songs[kind], f"song.{ending}")
    assert refusal.code == Refusal.WRONG_EXTENSION
    assert f"holds {kind.upper()} audio" in refusal.message
    assert f"end in .{kind}" in refusal.message


@pytest.mark.parametrize(
    "name", ["song", "song.", "song.xyz", "song.exe", "song.mp3.txt", "song.opus", ".mp3", "", "s.\x1b[2J"]
)
def test_an_unknown_extension(name: str, songs: dict[str, bytes], refused: Refuse) -> None:
    refusal = refused(songs["mp3"], name)
    assert refusal.code == Refusal.WRONG_EXTENSION
    assert "\x1b" not in refusal.message


@pytest.mark.parametrize("name", ["clip.mp4", "clip.MOV", "clip.m4v"])
def test_a_video_by_name(name: str, songs: dict[str, bytes], refused: Refuse) -> None:
    refusal = refused(songs["m4a"], name)
    assert refusal.code == Refusal.WRONG_EXTENSION
    assert "video" in refusal.message


# Other kinds of files -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["song.aiff", "song.aif", "song.AIFC", "song.wav", "song.mp3", "song"])
@pytest.mark.parametrize("form", [b"AIFF", b"AIFC"])
def test_aiff_under_any_name(form: bytes, name: str, refused: Refuse) -> None:
    refusal = refused(b"FORM" + struct.pack(">I", 4_096) + form + bytes(4_096), name)
    assert refusal.code == Refusal.AIFF
    assert "FLAC" in refusal.message
    assert "WAV or a high-bitrate MP3" in refusal.message


def test_a_real_aiff(tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = tmp_path / "song.aiff"
    soundfile.write(path, np.zeros((48_000, 2)), 48_000, format="AIFF")
    assert refusal_of(path, "song.aiff", brief_limits).code == Refusal.AIFF


def _zip() -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("song.mp3", b"not really" * 100)
    return archive.getvalue()


_NOISE = random.Random(7)
FOREIGN: dict[str, bytes] = {
    "zip": _zip(),
    "empty zip": b"PK\x05\x06" + bytes(18),
    "pdf": b"%PDF-1.7\n" + bytes(500),
    "png": b"\x89PNG\r\n\x1a\n" + bytes(500),
    "jpeg": b"\xff\xd8\xff\xe0\x00\x10JFIF" + bytes(500),
    "gif": b"GIF89a" + bytes(500),
    "webp": b"RIFF\x24\x00\x00\x00WEBPVP8 " + bytes(500),
    "avi": b"RIFF\x24\x00\x00\x00AVI LIST" + bytes(500),
    "html": b"<!DOCTYPE html><html><body>404 not found</body></html>",
    "html after blanks": b"\xef\xbb\xbf \r\n <HTML><script>alert(1)</script></HTML>",
    "xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
    "svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "json": b'{"song": "none"}',
    "text": b"la la la\n" * 200,
    "gzip": b"\x1f\x8b\x08" + bytes(500),
    "rar": b"Rar!\x1a\x07\x01\x00" + bytes(500),
    "7z": b"7z\xbc\xaf\x27\x1c" + bytes(500),
    "tar": b"song.mp3".ljust(257, b"\0") + b"ustar\0" + bytes(500),
    "webm": b"\x1aE\xdf\xa3" + bytes(500),
    "wma": bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c") + bytes(500),
    "caf": b"caff\x00\x01\x00\x00" + bytes(500),
    "wavpack": b"wvpk" + bytes(500),
    "monkey": b"MAC \x96\x0f" + bytes(500),
    "midi": b"MThd\x00\x00\x00\x06\x00\x01\x00\x01\x00\x60" + bytes(100),
    "amr": b"#!AMR\n" + bytes(500),
    "au": b".snd\x00\x00\x00\x18" + bytes(500),
    "playlist": b"#EXTM3U\n#EXTINF:1,x\nhttp://127.0.0.1:1/secret\n",
    "concat script": b"ffconcat version 1.0\nfile /etc/passwd\n",
    "cue sheet": b'FILE "/etc/passwd" WAVE\n  TRACK 01 AUDIO\n',
    "elf": b"\x7fELF\x02\x01\x01" + bytes(500),
    "exe": b"MZ\x90\x00" + bytes(500),
    "mpeg video": b"\x00\x00\x01\xba" + bytes(500),
    "zeros": bytes(10_000),
    "ones": b"\xff" * 10_000,
    "one byte": b"\xff",
    "noise": _NOISE.randbytes(50_000),
    "more noise": _NOISE.randbytes(200_000),
}


@pytest.mark.parametrize("what", FOREIGN)
@pytest.mark.parametrize("ending", ["mp3", "wav", "m4a"])
def test_something_else_under_a_songs_name(what: str, ending: str, refused: Refuse) -> None:
    assert refused(FOREIGN[what], f"song.{ending}").code == Refusal.UNKNOWN_TYPE


@pytest.mark.parametrize("what", ["zip", "pdf", "png", "jpeg", "html", "gzip", "exe", "webm", "playlist"])
def test_something_else_with_a_song_behind_it(what: str, songs: dict[str, bytes], refused: Refuse) -> None:
    assert refused(FOREIGN[what] + songs["mp3"], "song.mp3").code == Refusal.UNKNOWN_TYPE


@pytest.mark.parametrize("kind", ["mp3", "aac", "ogg"])
def test_a_song_with_something_else_behind_it(kind: str, songs: dict[str, bytes], refused: Refuse) -> None:
    assert refused(songs[kind] + FOREIGN["more noise"], f"song.{kind}").code == Refusal.CORRUPT


def test_mpeg_layer_two(make_song: MakeSong, tmp_path: Path, refused: Refuse) -> None:
    song = make_song(tmp_path / "song.mp2", "mp3", muxer="mp2", encoder="mp2")
    assert refused(song.read_bytes(), "song.mp3").code == Refusal.UNKNOWN_TYPE


def test_codecs_that_are_not_taken(
    make_song: MakeSong, tmp_path: Path, songs: dict[str, bytes], refused: Refuse
) -> None:
    studio_master = make_song(tmp_path / "song.mov", "m4a", muxer="mov", encoder="pcm_s24le")
    assert refused(studio_master.read_bytes(), "song.m4a").code == Refusal.UNKNOWN_TYPE
    wav = bytearray(songs["wav"])
    wav[20:22] = b"\x61\x01"  # Windows Media Audio inside WAV
    assert refused(bytes(wav), "song.wav").code == Refusal.UNKNOWN_TYPE


# No audio -------------------------------------------------------------------------------------------------------------


def _ogg_page(body: bytes, serial: int, number: int, flags: int, granule: int = 0) -> bytes:
    lacing = bytes([255] * (len(body) // 255) + [len(body) % 255])
    head = b"OggS\0" + bytes([flags]) + struct.pack("<qIII", granule, serial, number, 0) + bytes([len(lacing)]) + lacing
    crc = 0
    for byte in head + body:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return head[:22] + struct.pack("<I", crc) + head[26:] + body


def test_pictures_without_sound(make_video: Callable[[Path], Path], tmp_path: Path, refused: Refuse) -> None:
    refusal = refused(make_video(tmp_path / "clip.mp4").read_bytes(), "song.m4a")
    assert refusal.code == Refusal.NO_AUDIO


def test_an_ogg_without_audio(refused: Refuse) -> None:
    theora = _ogg_page(b"\x80theora" + bytes(40), 5, 0, 2) + _ogg_page(b"x" * 300, 5, 1, 4)
    assert refused(theora, "song.ogg").code == Refusal.NO_AUDIO


# Cut off --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 0.96])
@pytest.mark.parametrize("kind", [*KINDS, "vorbis"])
def test_cut_off(kind: str, share: float, songs: dict[str, bytes], refused: Refuse) -> None:
    song = songs[kind]
    refusal = refused(song[: int(len(song) * share)], f"song.{'ogg' if kind == 'vorbis' else kind}")
    assert refusal.code == Refusal.TRUNCATED
    assert "cut off" in refusal.message


@pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
@pytest.mark.parametrize("movflags", ["faststart", "frag_keyframe"])
def test_an_m4a_cut_off_with_its_index_in_front(
    movflags: str, share: float, make_song: MakeSong, tmp_path: Path, refused: Refuse
) -> None:
    muxer_options = {"movflags": movflags, "frag_duration": "200000"} if "frag" in movflags else {"movflags": movflags}
    song = make_song(tmp_path / "song.m4a", "m4a", muxer="mp4", muxer_options=muxer_options).read_bytes()
    assert refused(song[: int(len(song) * share)], "song.m4a").code == Refusal.TRUNCATED


def test_an_ogg_cut_off_between_two_pages(songs: dict[str, bytes], refused: Refuse) -> None:
    song = songs["ogg"]
    assert refused(song[: song.rindex(b"OggS")], "song.ogg").code == Refusal.TRUNCATED


def test_a_flac_cut_off_between_two_frames(make_song: MakeSong, tmp_path: Path, refused: Refuse) -> None:
    whole = make_song(tmp_path / "long.flac", "flac", duration_s=4.0).read_bytes()
    half = make_song(tmp_path / "short.flac", "flac", duration_s=4_096 * 24 / 48_000).read_bytes()
    audio = half[half.index(b"\xff\xf8") :]
    assert refused(whole[: whole.index(b"\xff\xf8")] + audio, "song.flac").code == Refusal.TRUNCATED


def test_only_tags(songs: dict[str, bytes], refused: Refuse) -> None:
    endless = b"ID3\x04\0\0" + bytes([0x7F] * 4)
    assert refused(endless + songs["mp3"], "song.mp3").code == Refusal.TRUNCATED
    assert refused(b"ID3\x04\0\0\0\0\x10\0" + bytes(2_048), "song.mp3").code == Refusal.TRUNCATED


# Damaged --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", ["mp3", "m4a", "aac", "ogg", "flac", "vorbis"])
def test_damaged_in_the_middle(kind: str, seed: int, songs: dict[str, bytes], refused: Refuse) -> None:
    random_ = random.Random(seed)
    song = bytearray(songs[kind])
    length = len(song) // 4
    at = len(song) // 4 + random_.randrange(len(song) // 4)
    song[at : at + length] = random_.randbytes(length)
    refusal = refused(bytes(song), f"song.{'ogg' if kind == 'vorbis' else kind}")
    assert refusal.code in (Refusal.CORRUPT, Refusal.TRUNCATED)


@pytest.mark.parametrize("kind", ["ogg", "vorbis", "flac"])
def test_one_wrong_bit(kind: str, songs: dict[str, bytes], refused: Refuse) -> None:
    song = bytearray(songs[kind])
    song[len(song) * 3 // 5] ^= 0x10
    assert refused(bytes(song), f"song.{'flac' if kind == 'flac' else 'ogg'}").code == Refusal.CORRUPT


def test_an_ogg_with_a_missing_page(make_song: MakeSong, tmp_path: Path, refused: Refuse) -> None:
    song = make_song(tmp_path / "song.ogg", "ogg", duration_s=6.0).read_bytes()
    starts = [at for at in range(len(song)) if song.startswith(b"OggS", at)]
    assert refused(song[: starts[3]] + song[starts[4] :], "song.ogg").code == Refusal.CORRUPT


@pytest.mark.parametrize(
    ("kind", "head"),
    [
        ("mp3", b"ID3\x04\0\0\0\0\0\0"),
        ("m4a", b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42"),
        ("wav", b"RIFF\x24\0\0\0WAVE"),
        ("ogg", b"OggS\0\x02"),
        ("flac", b"fLaC"),
    ],
)
@pytest.mark.parametrize("seed", range(5))
def test_a_good_beginning_and_then_noise(kind: str, head: bytes, seed: int, refused: Refuse) -> None:
    noise = random.Random(seed).randbytes(20_000)
    expected = {Refusal.CORRUPT, Refusal.TRUNCATED, Refusal.UNKNOWN_TYPE, Refusal.NO_AUDIO}
    assert refused(head + noise, f"song.{kind}").code in expected


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_samples_that_are_no_numbers(value: float, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    samples = np.random.default_rng(0).uniform(-0.5, 0.5, 96_000).astype(np.float32)
    samples[70_000] = value
    path = tmp_path / "song.wav"
    soundfile.write(path, samples, 48_000, subtype="FLOAT")
    assert refusal_of(path, path.name, brief_limits).code == Refusal.CORRUPT


# Silent ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_silence(kind: str, make_song: MakeSong, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = make_song(tmp_path / f"song.{kind}", kind, samples=np.zeros((2, 96_000), np.float32))
    assert refusal_of(path, path.name, brief_limits).code == Refusal.SILENT


def test_all_but_silence(tmp_path: Path, brief_limits: IntakeLimits) -> None:
    dither = np.random.default_rng(0).uniform(-1e-4, 1e-4, 96_000)
    click = np.zeros(96_000)
    click[50_000] = 0.9
    for name, samples in {"offset": np.full(96_000, 0.4), "dither": dither, "click": click}.items():
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, samples, 48_000)
        assert refusal_of(path, path.name, brief_limits).code == Refusal.SILENT, name


def test_frames_with_nothing_in_them(refused: Refuse) -> None:
    assert refused((b"\xff\xfb\x90\x64" + bytes(413)) * 200, "song.mp3").code == Refusal.SILENT


# Hostile --------------------------------------------------------------------------------------------------------------


def _wav(claimed: int, audio: bytes, channels: int = 2, rate_hz: int = 48_000, bits: int = 16) -> bytes:
    block = channels * bits // 8 % 65_536
    fmt = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, rate_hz, rate_hz * block % 2**32, block, bits)
    return b"RIFF" + struct.pack("<I", 2**32 - 1) + b"WAVE" + fmt + b"data" + struct.pack("<I", claimed) + audio


@pytest.mark.parametrize("claimed", [2**32 - 2, 2**31, 4_000_000, 400_004])
def test_a_wav_that_claims_more_than_it_has(claimed: int, refused: Refuse) -> None:
    audio = np.random.default_rng(1).integers(-9_999, 9_999, 200_000, np.int16).tobytes()
    assert refused(_wav(claimed, audio), "song.wav").code == Refusal.TRUNCATED


def test_wavs_that_no_one_recorded(refused: Refuse) -> None:
    audio = np.random.default_rng(1).integers(-9_999, 9_999, 200_000, np.int16).tobytes()
    absurd = {
        "no audio": _wav(0, b""),
        "no data chunk": _wav(0, b"")[:36],
        "one sample a second": _wav(len(audio), audio, rate_hz=1),
        "billions of samples a second": _wav(len(audio), audio, rate_hz=2**31 - 1),
        "thousands of channels": _wav(len(audio), audio, channels=65_535),
        "no channel": _wav(len(audio), audio, channels=0),
        "no bits": _wav(len(audio), audio, bits=0),
        "many bits": _wav(len(audio), audio, bits=4_096),
        "format missing": b"RIFF\xff\xff\xff\xffWAVEdata" + struct.pack("<I", len(audio)) + audio,
    }
    for what, data in absurd.items():
        assert refused(data, "song.wav").code in (Refusal.CORRUPT, Refusal.UNKNOWN_TYPE), what


def _box(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", len(body) + 8, name) + body


def _nested(depth: int) -> bytes:
    return b"".join(struct.pack(">I4s", 8 * (depth - level), b"moov") for level in range(depth))


def test_hostile_mp4_boxes(songs: dict[str, bytes], refused: Refuse) -> None:
    start = _box(b"ftyp", b"M4A \0\0\0\0M4A ")
    samples = songs["m4a"].replace(b"stsz" + songs["m4a"].split(b"stsz")[1][:12], b"stsz" + bytes(8) + b"\xff" * 4)
    hostile = {
        "deep": start + _nested(100_000),
        "deep tags": start + _box(b"moov", _nested(2_000).replace(b"moov", b"udta")),
        "billions of samples": samples,
        "zero size": start + b"\0\0\0\x07moov" + bytes(1_000),
        "64-bit size": start + b"\0\0\0\x01moov" + b"\xff" * 8 + bytes(100),
        "empty index": start + _box(b"moov", b"") + _box(b"mdat", bytes(1_000)),
        "thousands of boxes": start + _box(b"free", b"") * 200_000,
        "thousands of tracks": start + _box(b"moov", _box(b"trak", b"") * 50_000),
        "elsewhere": start + _box(b"moov", _box(b"rmra", _box(b"rmda", b"http://127.0.0.1:1/x\0"))),
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
    head = _ogg_page(b"\x01vorbis" + struct.pack("<IBIiiiBB", 0, 2, 48_000, 0, 0, 0, 0xB8, 1), 9, 0, 2)
    comments = _ogg_page(b"\x03vorbis" + b"\xff" * 4_000, 9, 1, 0)
    assert refused(head + comments + _ogg_page(b"\x05vorbis" + bytes(500), 9, 2, 4), "song.ogg").code == Refusal.CORRUPT


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
