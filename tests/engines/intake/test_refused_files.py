"""More than two hundred bad files, each refused with its own code and one line that says what to do."""

import os
import random
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile

from engines.intake.inspection import IntakeLimits
from engines.intake.refusals import Refusal
from tests.engines.intake.conftest import KINDS, MakeSong, Refuse, refusal_of
from tests.fakes.foreign_files import FOREIGN, ogg_page

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


def test_pictures_without_sound(make_video: Callable[[Path], Path], tmp_path: Path, refused: Refuse) -> None:
    refusal = refused(make_video(tmp_path / "clip.mp4").read_bytes(), "song.m4a")
    assert refusal.code == Refusal.NO_AUDIO


def test_an_ogg_without_audio(refused: Refuse) -> None:
    theora = ogg_page(b"\x80theora" + bytes(40), 5, 0, 2) + ogg_page(b"x" * 300, 5, 1, 4)
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
