"""Artists' real uploads are accepted and measured correctly."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from mutagen import id3 as untyped_id3
from mutagen import mp4 as untyped_mp4

from engines.intake.inspection import IntakeLimits, inspect_song

MakeSong = Callable[..., Path]
id3: Any = untyped_id3
mp4: Any = untyped_mp4
PNG_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c63606060f80f00010401"
    "005fe5c34b0000000049454e44ae426082"
)

VARIETIES: dict[str, tuple[str, dict[str, Any], str, int, int]] = {
    "mp3": ("mp3", {}, "mp3", 48_000, 2),
    "mp3 mono 8 kHz": ("mp3", {"rate_hz": 8_000, "layout": "mono"}, "mp3", 8_000, 1),
    "mp3 22.05 kHz": ("mp3", {"rate_hz": 22_050}, "mp3", 22_050, 2),
    "mp3 320 kbit/s": ("mp3", {"bit_rate": 320_000, "rate_hz": 44_100}, "mp3", 44_100, 2),
    "mp3 without header": ("mp3", {"muxer_options": {"write_xing": "0"}}, "mp3", 48_000, 2),
    "mp3 with ID3v1": ("mp3", {"muxer_options": {"write_id3v1": "1"}, "tags": {"title": "x"}}, "mp3", 48_000, 2),
    "m4a": ("m4a", {}, "aac", 48_000, 2),
    "m4a faststart": ("m4a", {"muxer_options": {"movflags": "faststart"}}, "aac", 48_000, 2),
    "m4a fragmented": ("m4a", {"muxer": "mp4", "muxer_options": {"movflags": "frag_keyframe"}}, "aac", 48_000, 2),
    "m4a lossless": ("m4a", {"encoder": "alac"}, "alac", 48_000, 2),
    "m4a 7.1": ("m4a", {"layout": "7.1"}, "aac", 48_000, 8),
    "m4a mono 11.025 kHz": ("m4a", {"layout": "mono", "rate_hz": 11_025}, "aac", 11_025, 1),
    "wav": ("wav", {}, "pcm_s16le", 48_000, 2),
    "wav 8 bit 8 kHz mono": ("wav", {"encoder": "pcm_u8", "rate_hz": 8_000, "layout": "mono"}, "pcm_u8", 8_000, 1),
    "wav 24 bit": ("wav", {"encoder": "pcm_s24le"}, "pcm_s24le", 48_000, 2),
    "wav 32 bit": ("wav", {"encoder": "pcm_s32le"}, "pcm_s32le", 48_000, 2),
    "wav 32 bit float": ("wav", {"encoder": "pcm_f32le"}, "pcm_f32le", 48_000, 2),
    "wav 64 bit float": ("wav", {"encoder": "pcm_f64le"}, "pcm_f64le", 48_000, 2),
    "wav 192 kHz": ("wav", {"rate_hz": 192_000}, "pcm_s16le", 192_000, 2),
    "wav odd rate": ("wav", {"rate_hz": 37_800}, "pcm_s16le", 37_800, 2),
    "wav 5.1": ("wav", {"layout": "5.1"}, "pcm_s16le", 48_000, 6),
    "wav with 64-bit sizes": ("wav", {"muxer_options": {"rf64": "always"}}, "pcm_s16le", 48_000, 2),
    "aac": ("aac", {}, "aac", 48_000, 2),
    "aac mono": ("aac", {"layout": "mono", "rate_hz": 32_000}, "aac", 32_000, 1),
    "ogg opus": ("ogg", {}, "opus", 48_000, 2),
    "ogg opus 5.1": ("ogg", {"layout": "5.1"}, "opus", 48_000, 6),
    "ogg flac": ("ogg", {"encoder": "flac"}, "flac", 48_000, 2),
    "flac": ("flac", {}, "flac", 48_000, 2),
    "flac 96 kHz": ("flac", {"rate_hz": 96_000}, "flac", 96_000, 2),
    "flac 7.1": ("flac", {"layout": "7.1"}, "flac", 48_000, 8),
}


@pytest.mark.parametrize("variety", VARIETIES)
def test_every_variety_is_measured(
    variety: str, make_song: MakeSong, tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    kind, options, codec, rate_hz, channels = VARIETIES[variety]
    path = make_song(tmp_path / f"song.{kind}", kind, **options)

    facts = inspect_song(path, limits=brief_limits)

    assert (facts.container, facts.codec, facts.sample_rate_hz, facts.channels) == (kind, codec, rate_hz, channels)
    # Formats that cannot declare the encoder's padding are up to three frames longer.
    assert 2.0 - 1e-6 <= facts.duration_s < 2.0 + 3 * 1_152 / rate_hz
    assert facts.size_bytes == path.stat().st_size
    assert facts.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


def test_vorbis_is_measured_to_the_sample(songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = tmp_path / "song.ogg"
    path.write_bytes(songs["vorbis"])

    facts = inspect_song(path, limits=brief_limits)

    assert (facts.container, facts.codec, facts.duration_s) == ("ogg", "vorbis", 2.0)


@pytest.mark.parametrize(
    "name",
    [
        "SONG.MP3",
        "my song (final) 2.mp3",
        "夜明けの歌.mp3",
        "أغنية.Mp3",
        "Ça — “là”.mp3",
        "-rf.mp3",
        "a\nb.mp3",
        "caf\udce9 %20?.mp3",
    ],
)
def test_any_name_is_fine(name: str, songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = tmp_path / name
    path.write_bytes(songs["mp3"])

    assert inspect_song(path, limits=brief_limits).duration_s == pytest.approx(2.0)


def test_the_artists_name_counts_and_not_the_stored_one(
    songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    stored = tmp_path / "upload-7f3a"
    stored.write_bytes(songs["flac"])

    assert inspect_song(stored, name="Song.FLAC", limits=brief_limits).container == "flac"


def test_title_and_artist_come_from_tags(make_song: MakeSong, tmp_path: Path, brief_limits: IntakeLimits) -> None:
    for kind in ("mp3", "m4a", "ogg", "flac"):
        path = make_song(tmp_path / f"song.{kind}", kind, tags={"title": "Erste\nSonne", "artist": "Ärzte 音"})
        facts = inspect_song(path, limits=brief_limits)
        assert (facts.title, facts.artist) == ("Erste Sonne", "Ärzte 音"), kind


def test_tags_in_an_old_code_page_are_read(songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits) -> None:
    path = tmp_path / "song.mp3"
    untagged = songs["mp3"][songs["mp3"].index(b"\xff\xfb") :]
    path.write_bytes(untagged + b"TAG" + "Führerlos".encode("cp1252").ljust(30, b"\0") + bytes(95))

    assert inspect_song(path, limits=brief_limits).title == "Führerlos"


def test_cover_art_is_no_obstacle(songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits) -> None:
    mp3 = tmp_path / "cover.mp3"
    mp3.write_bytes(songs["mp3"])
    tags = id3.ID3()
    tags.add(id3.TIT2(encoding=3, text="Covered"))
    tags.add(id3.TPE1(encoding=3, text="Someone"))
    tags.add(id3.APIC(encoding=3, mime="image/png", type=3, desc="front", data=PNG_PIXEL + bytes(300_000)))
    tags.save(mp3)
    m4a = tmp_path / "cover.m4a"
    m4a.write_bytes(songs["m4a"])
    container = mp4.MP4(m4a)
    container["covr"] = [mp4.MP4Cover(PNG_PIXEL, imageformat=mp4.MP4Cover.FORMAT_PNG)]
    container.save()

    assert inspect_song(mp3, limits=brief_limits).title == "Covered"
    assert inspect_song(mp3, limits=brief_limits).codec == "mp3"
    assert inspect_song(m4a, limits=brief_limits).codec == "aac"


def test_a_broken_picture_in_the_tags_is_no_obstacle(
    songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    # A PNG that claims 60,000 × 60,000 pixels: decoding it takes 14 GB.
    header = bytearray(PNG_PIXEL)
    header[16:24] = (60_000).to_bytes(4, "big") * 2
    path = tmp_path / "song.mp3"
    path.write_bytes(songs["mp3"])
    tags = id3.ID3()
    tags.add(id3.APIC(encoding=3, mime="image/png", type=3, desc="", data=bytes(header)))
    tags.save(path)

    assert inspect_song(path, limits=brief_limits).duration_s == pytest.approx(2.0)


def _ape_tag() -> bytes:
    item = b"\x05\0\0\0\0\0\0\0Title\0Night"
    fields = (2000).to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little") + (1).to_bytes(4, "little")
    footer = b"APETAGEX" + fields + (0).to_bytes(4, "little") + bytes(8)
    head = b"APETAGEX" + fields + (0xA0000000).to_bytes(4, "little") + bytes(8)
    return head + item + footer


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"", bytes(128)),
        (bytes(4_000), b""),
        (b"junk that a download manager left" * 20, b""),
        (b"", _ape_tag()),
        (_ape_tag(), b""),
        (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + b"ID3\x03\0\0\0\x04\x22\x70" + bytes(70_000), b""),
        (b"", b"TAG" + bytes(125)),
        (b"", _ape_tag() + b"TAG" + bytes(125)),
        (b"", b"LYRICSBEGIN" + b"la " * 300 + b"LYRICS200"),
    ],
    ids=[
        "zeros after",
        "zeros before",
        "junk before",
        "APE",
        "APE before",
        "two ID3v2",
        "ID3v1",
        "APE and ID3v1",
        "lyrics",
    ],
)
def test_mp3s_of_the_real_world(
    before: bytes, after: bytes, songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(before + songs["mp3"] + after)

    assert inspect_song(path, limits=brief_limits).duration_s == pytest.approx(2.0, abs=0.06)


def test_an_mp3_may_break_off_in_its_last_frame(
    songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    path = tmp_path / "song.mp3"
    path.write_bytes(songs["mp3"][:-100])

    assert inspect_song(path, limits=brief_limits).duration_s == pytest.approx(2.0, abs=0.06)


def test_a_song_on_one_side_only_is_not_silent(tmp_path: Path, brief_limits: IntakeLimits) -> None:
    samples = np.zeros((96_000, 2), np.float32)
    samples[:, 1] = 0.1 * np.sin(np.arange(96_000) / 20)
    path = tmp_path / "right.wav"
    soundfile.write(path, samples, 48_000)

    assert inspect_song(path, limits=brief_limits).channels == 2


def test_wav_chunks_around_the_audio_are_skipped(
    songs: dict[str, bytes], tmp_path: Path, brief_limits: IntakeLimits
) -> None:
    wav = songs["wav"]
    at = wav.index(b"data")
    odd = b"JUNK" + (5).to_bytes(4, "little") + b"hello\0"
    path = tmp_path / "song.wav"
    path.write_bytes(wav[:at] + odd + wav[at:] + odd)

    assert inspect_song(path, limits=brief_limits).duration_s == 2.0
