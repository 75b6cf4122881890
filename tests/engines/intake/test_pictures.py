"""Reference images and cover art: judged by content, re-encoded, stripped."""

import io
import shutil
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from mutagen import flac as untyped_flac
from mutagen import id3 as untyped_id3
from PIL import Image

from engines.intake.pictures import extract_cover, prepare_reference
from models.failures import InvalidInput


def picture(kind: str, size: tuple[int, int] = (300, 200), mode: str = "RGB", **extra: object) -> bytes:
    noise = np.random.default_rng(1).integers(0, 255, (size[1], size[0], 3), np.uint8)
    out = io.BytesIO()
    Image.fromarray(noise).convert(mode).save(out, kind, **extra)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_accepted_kinds_become_jpegs_whatever_their_name(tmp_path: Path, kind: str) -> None:
    source, out = tmp_path / "face.svg", tmp_path / "out.jpg"
    source.write_bytes(picture(kind))
    prepare_reference(source, out)
    with Image.open(out) as made:
        assert (made.format, made.size, made.mode) == ("JPEG", (300, 200), "RGB")


def test_metadata_goes_and_the_picture_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # lies on its side
    exif[0x010E] = "taken at home"
    source, out = tmp_path / "face.jpg", tmp_path / "out.jpg"
    source.write_bytes(picture("JPEG", exif=exif, comment=b"secret words"))
    prepare_reference(source, out)
    assert b"taken at home" not in out.read_bytes()
    assert b"secret words" not in out.read_bytes()
    with Image.open(out) as made:
        assert made.size == (200, 300)
        assert not made.getexif()


def test_large_pictures_shrink_and_transparency_becomes_white(tmp_path: Path) -> None:
    source, out = tmp_path / "face.png", tmp_path / "out.jpg"
    Image.new("RGBA", (4000, 1000), (255, 0, 0, 0)).save(source)
    prepare_reference(source, out)
    with Image.open(out) as made:
        assert made.size == (1536, 384)
        assert made.getpixel((5, 5)) == (255, 255, 255)


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SVG, "unknown_type"),
        (b"", "unknown_type"),
        (b"GIF89a" + b"\0" * 50, "unknown_type"),
        (picture("PNG")[:200], "corrupt"),
        (picture("JPEG")[:900], "corrupt"),
        (b"\x89PNG\r\n\x1a\n" + SVG, "corrupt"),
        (picture("PNG", (300, 100)), "too_small"),
        (b"\xff\xd8\xff" + b"\0" * 10_000_000, "too_big"),
    ],
    ids=["svg", "empty", "gif", "cut png", "cut jpeg", "svg in png's clothes", "small", "big"],
)
def test_what_is_no_picture_of_ours_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    source, out = tmp_path / "face.png", tmp_path / "out.jpg"
    source.write_bytes(data)
    with pytest.raises(InvalidInput) as refused:
        prepare_reference(source, out)
    assert refused.value.code == code
    assert "face.png" in refused.value.message
    assert not out.exists()


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    source = tmp_path / "face.png"
    source.write_bytes(bomb + chunk(b"IEND", b""))
    with pytest.raises(InvalidInput) as refused:
        prepare_reference(source, tmp_path / "out.jpg")
    assert refused.value.code in ("too_many_pixels", "corrupt")


@pytest.mark.parametrize("path", [".", "missing.png"])
def test_what_cannot_be_read_is_refused(tmp_path: Path, path: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        prepare_reference(tmp_path / path, tmp_path / "out.jpg")


@pytest.fixture(scope="module")
def plain_song(make_song: Callable[..., Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_song(tmp_path_factory.mktemp("song") / "song.flac", "flac")


@pytest.mark.parametrize(
    ("art", "found"),
    [(picture("PNG", (1200, 1200)), True), (picture("JPEG"), True), (SVG, False), (picture("JPEG")[:500], False)],
    ids=["png", "jpeg", "svg", "cut"],
)
def test_cover_art_is_taken_out_of_a_song(plain_song: Path, tmp_path: Path, art: bytes, found: bool) -> None:
    song, out = tmp_path / "song.flac", tmp_path / "cover.jpg"
    shutil.copyfile(plain_song, song)
    assert not extract_cover(song, out)
    tagged = untyped_flac.FLAC(song)  # type: ignore[no-untyped-call]
    cover = untyped_flac.Picture()  # type: ignore[no-untyped-call]
    cover.data, cover.type, cover.mime = art, untyped_id3.PictureType.COVER_FRONT, "image/png"
    tagged.add_picture(cover)  # type: ignore[no-untyped-call]
    tagged.save()
    assert extract_cover(song, out) is found
    assert out.exists() is found
    if found:
        with Image.open(out) as made:
            assert (made.format, max(made.size) <= 1000) == ("JPEG", True)
