"""Own pictures and clips are judged by their content: usable ones are measured, all others are refused by name."""

import os
import struct
import zlib
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from PIL import Image, ImageCms

from engines.intake import footage_clips, footage_pictures
from engines.intake.footage import inspect_footage
from engines.intake.footage_clips import measure_clip
from engines.intake.footage_kinds import kind_of
from engines.intake.footage_pictures import prepare_picture
from models.failures import InvalidInput
from models.footage import MOST_FOOTAGE_BYTES, FootageFacts, FootageKind
from tests.fakes.own_footage import corners_of, number_in, picture, write_clip, write_heic

IN_ORDER = (0, 1, 2, 3)
_STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}
"""By EXIF orientation: how a picture is stored that is shown upright."""


def inspected(path: Path, name: str = "") -> FootageFacts:
    return inspect_footage(path, path.with_name("kept.jpg"), path.with_name("strip.jpg"), name)


def refused(path: Path, name: str = "") -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        inspected(path, name)
    assert caught.value.message.startswith(name or path.name), "the sentence names the file"
    assert ":" in caught.value.message, "and says what to do"
    return caught.value


def prepared(path: Path) -> tuple[dict[str, Any], Any]:
    kept = path.with_name("kept.jpg")
    facts = prepare_picture(str(path), path.name, str(kept), str(path.with_name("strip.jpg")))
    with Image.open(kept) as shown:
        assert (shown.mode, shown.size) == ("RGB", (facts["width"], facts["height"]))
        assert not shown.getexif()
        return facts, np.asarray(shown)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("orientation", _STORED)
def test_pictures_stand_upright_without_metadata(tmp_path: Path, kind: str, orientation: int) -> None:
    exif, stored = Image.Exif(), Image.fromarray(picture(163, 121, 5))
    exif[0x0112], exif[0x010F] = orientation, "a camera"
    how = _STORED[orientation]
    path = tmp_path / "photo"
    (stored if how is None else stored.transpose(how)).save(path, kind, exif=exif)
    facts, shown = prepared(path)
    assert (facts["kind"], facts["width"], facts["height"]) == (FootageKind.PICTURE, 163, 121)
    assert (corners_of(shown), number_in(shown)) == (IN_ORDER, 5)


@pytest.mark.parametrize("turns", range(4))
def test_heic_is_read_with_its_own_rotation(tmp_path: Path, turns: int) -> None:
    path = write_heic(tmp_path / "IMG_0001.HEIC", picture(192, 128, 5), turns)
    assert kind_of(path) == ("heic", "")
    facts, shown = prepared(path)
    assert (facts["width"], facts["height"], corners_of(shown)) == (192, 128, IN_ORDER)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "CMYK", "RGBA", "I;16", "RGB with a profile"])
def test_every_kind_of_pixel_is_read(tmp_path: Path, mode: str) -> None:
    made = Image.fromarray(picture(128, 96, 5))
    path, more = tmp_path / "a", dict[str, Any]()
    if mode == "I;16":
        made = Image.fromarray((np.asarray(made.convert("L")).astype(np.uint16)) * 257)
    elif "profile" in mode:
        more["icc_profile"] = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    else:
        made = made.convert(mode)
    made.save(path, "JPEG" if mode == "CMYK" else "PNG", **more)
    facts, shown = prepared(path)
    grey = np.asarray(Image.fromarray(picture(128, 96, 5)).convert("L"))
    seen = np.asarray(Image.fromarray(shown).convert("L"))
    assert facts["has_alpha"] is (mode in ("LA", "RGBA"))
    if mode != "1":
        assert abs(float(seen[5:15, 5:15].mean()) - float(grey[5:15, 5:15].mean())) < 12


def test_what_is_transparent_in_a_picture_is_black(tmp_path: Path) -> None:
    clear = np.dstack([picture(128, 96, 5), np.full((96, 128), 255, np.uint8)])
    clear[:, :64, 3] = 0
    Image.fromarray(clear).save(tmp_path / "a.png")
    facts, shown = prepared(tmp_path / "a.png")
    assert facts["has_alpha"]
    assert shown[:, :60].max() < 10
    assert np.abs(shown[10, 100].astype(int) - (30, 180, 30)).max() < 10


def test_a_broken_colour_profile_is_passed_over(tmp_path: Path) -> None:
    Image.fromarray(picture(128, 96, 5)).save(tmp_path / "a.png", icc_profile=b"no profile at all")
    assert corners_of(prepared(tmp_path / "a.png")[1]) == IN_ORDER


def test_large_photos_are_reduced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(footage_pictures, "KEPT_SIDE", 100)
    Image.fromarray(picture(163, 121, 5)).save(tmp_path / "a.jpg", quality=95)
    facts, shown = prepared(tmp_path / "a.jpg")
    assert (facts["width"], facts["height"]) == (100, 74)
    assert corners_of(shown) == IN_ORDER


def test_a_clip_is_measured_and_shown_as_a_strip(tmp_path: Path) -> None:
    path = write_clip(tmp_path / "walk.mov", [picture(160, 120, number) for number in range(20)], turn="clock")
    facts = inspected(path)
    assert (facts.kind, facts.format, facts.codec) == (FootageKind.CLIP, "mov", "h264")
    assert (facts.width, facts.height) == (160, 120)
    assert facts.duration_s == pytest.approx(2.5)
    assert (facts.strip_frames, facts.strip_columns, facts.cell_width, facts.cell_height) == (10, 6, 240, 180)
    strip = np.asarray(Image.open(path.with_name("strip.jpg")))
    assert strip.shape == (360, 1440, 3)
    cells = [strip[180 * (n // 6) : 180 * (n // 6 + 1), 240 * (n % 6) : 240 * (n % 6 + 1)] for n in range(10)]
    assert [number_in(cell) for cell in cells] == [0, 0, 4, 4, 8, 8, 12, 12, 16, 16], "the key frame before"
    assert all(corners_of(cell) == IN_ORDER for cell in cells)


def _png_that_claims(width: int, height: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + header
        + struct.pack(">I", zlib.crc32(header))
        + b"\0\0\0\x40IDAT"
        + bytes(68)
    )


_OTHERS = {
    "a GIF": b"GIF89a",
    "an AVIF picture": b"\0\0\0\x1cftypavif\0\0\0\0mif1avif",
    "a TIFF or raw picture": b"II*\0",
    "a PDF": b"%PDF-1.7",
    "an SVG drawing": b"<svg xmlns=",
    "an AVI video": b"RIFF\0\0\0\0AVI LIST",
    "a Matroska video (MKV)": b"\x1aE\xdf\xa3\x93B\x82\x88matroska",
    "a playlist": b"#EXTM3U\nfile:///etc/passwd\n",
    "a song": b"ID3\4",
}


@pytest.mark.parametrize("words", _OTHERS)
def test_other_formats_are_refused_by_name(tmp_path: Path, words: str) -> None:
    path = tmp_path / "clip.mp4"
    path.write_bytes(_OTHERS[words] + bytes(200))
    refusal = refused(path)
    assert refusal.code == "unknown_type"
    assert f"is {words}, and we take a JPEG, PNG, WebP or HEIC picture" in refusal.message


def test_broken_files_are_refused(tmp_path: Path) -> None:
    photo, clip = tmp_path / "photo.png", write_clip(tmp_path / "a.mp4", [picture(96, 96, n) for n in range(16)])
    Image.effect_noise((200, 200), 60).save(photo)
    heic = write_heic(tmp_path / "a.heic", picture(192, 128))
    noise = os.urandom(2_000)
    broken = {
        "half.png": photo.read_bytes()[:8_000],
        "half.mp4": clip.read_bytes()[: clip.stat().st_size // 2],
        "noise.mov": b"\0\0\0\x14ftypqt  \0\0\0\0qt  " + noise,
        "noise.webm": b"\x1aE\xdf\xa3\x93B\x82\x84webm" + noise,
        "half.heic": heic.read_bytes()[:300],
        "noise.jpg": b"\xff\xd8\xff\xe0" + noise,
    }
    for name, data in broken.items():
        (tmp_path / name).write_bytes(data)
        assert refused(tmp_path / name).code == "corrupt", name
    (tmp_path / "empty.mov").write_bytes(b"")
    assert refused(tmp_path / "empty.mov").code == "empty"
    assert refused(tmp_path / "nothing.mov").code == "unreadable"
    (tmp_path / "words.txt").write_bytes(b"hello")
    assert refused(tmp_path / "words.txt").code == "unknown_type"


def test_what_exceeds_a_limit_is_refused_before_it_is_decoded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = tmp_path / "bomb.png"
    bomb.write_bytes(_png_that_claims(60_000, 60_000))
    assert refused(bomb, "Night.png").code == "too_many_pixels"
    small = tmp_path / "small.png"
    Image.new("RGB", (63, 500)).save(small)
    assert refused(small).code == "too_small"
    with (tmp_path / "big.mp4").open("wb") as file:
        file.truncate(MOST_FOOTAGE_BYTES + 1)
    assert refused(tmp_path / "big.mp4").code == "too_big"

    def code_of(path: Path) -> str:
        with pytest.raises(InvalidInput) as caught:
            measure_clip(str(path), path.name, "", str(tmp_path / "strip.jpg"))
        return caught.value.code

    clip = write_clip(tmp_path / "clip.mp4", [picture(96, 96, n) for n in range(16)])
    monkeypatch.setattr(footage_clips, "MOST_CLIP_S", 1.0)
    assert code_of(clip) == "too_long"
    monkeypatch.setattr(footage_clips, "MOST_PIXELS", 90 * 90)
    assert code_of(clip) == "too_many_pixels"
    assert code_of(write_clip(tmp_path / "tiny.mp4", [picture(62, 62, n) for n in range(4)])) == "too_small"
    monkeypatch.setattr(footage_clips, "MOST_PIXELS", 10**9)
    assert code_of(write_clip(tmp_path / "long.mp4", [picture(384, 64, n) for n in range(4)])) == "shape"


def test_sound_without_pictures_and_unknown_codecs_are_refused_by_name(tmp_path: Path) -> None:
    sound = tmp_path / "song.mp4"
    with av.open(str(sound), "w") as container:
        stream = container.add_stream("aac", rate=48_000)
        silence = av.AudioFrame.from_ndarray(np.zeros((2, 1_024), np.float32), format="fltp", layout="stereo")
        silence.sample_rate = 48_000
        container.mux([*stream.encode(silence), *stream.encode(None)])
    assert refused(sound).code == "no_picture"
    other = write_clip(tmp_path / "other.mov", [picture(96, 96, n) for n in range(4)], codec="jpeg2000")
    refusal = refused(other)
    assert refusal.code == "codec"
    assert "jpeg2000, and we read H.264, HEVC, VP8, VP9, AV1, ProRes" in refusal.message
    dolby = tmp_path / "dolby.mov"
    hevc = write_clip(
        tmp_path / "hevc.mov",
        [picture(96, 96, n) for n in range(4)],
        codec="libx265",
        options={"x265-params": "log-level=none"},
    )
    dolby.write_bytes(hevc.read_bytes().replace(b"hev1", b"dvhe").replace(b"hvc1", b"dvh1"))
    assert refused(dolby).code == "dolby_vision"
