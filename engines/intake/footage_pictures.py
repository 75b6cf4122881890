"""An artist's picture as our own JPEG: upright, sRGB, on black where it is transparent, without metadata."""

import io
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageCms, ImageOps

from engines.picture.own.colours import is_hdr
from models.failures import InvalidInput
from models.footage import FootageKind

MOST_PIXELS = 60_000_000
"""Above the largest photo of a good phone, of 50 million; decoded it takes 240 MB."""

LEAST_SIDE = 64
KEPT_SIDE = 4_096
CELL_SIDE = 480
_QUALITY = 95
_STRIP_QUALITY = 82
_FORMATS = ("PNG", "JPEG", "WEBP", "HEIF")


def prepare_picture(path: str, name: str, out: str, strip: str) -> dict[str, Any]:
    """Write the kept picture and its strip of one cell, in this process.

    Args:
        path: The artist's file.
        name: For sentences.
        out: The JPEG to write.
        strip: The smaller JPEG to write.

    Returns:
        The measured fields of `FootageFacts`.

    Raises:
        InvalidInput: The picture is refused.
    """
    try:
        picture = _opened(Path(path), name)
        is_clear = picture.has_transparency_data
        upright = _upright(picture)
        upright.save(out, "JPEG", quality=_QUALITY, subsampling=0)
        width, height = upright.size
        upright.thumbnail((CELL_SIDE, CELL_SIDE), Image.Resampling.LANCZOS)
        upright.save(strip, "JPEG", quality=_STRIP_QUALITY)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(name, "far more pixels") from error
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise InvalidInput(f"{name} is damaged: export it again.", "corrupt", "file") from error
    return {
        "kind": FootageKind.PICTURE,
        "width": width,
        "height": height,
        "has_alpha": is_clear,
        "cell_width": upright.width,
        "cell_height": upright.height,
    }


def _opened(path: Path, name: str) -> Image.Image:
    from pi_heif import register_heif_opener  # late: only this child needs it

    register_heif_opener()
    with warnings.catch_warnings():
        # Pillow only warns between its limit and twice that; ours is checked before decoding.
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        picture = Image.open(path, formats=_FORMATS)
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise _too_many_pixels(name, f"{width}×{height} pixels, more")
    if min(width, height) < LEAST_SIDE:
        raise InvalidInput(
            f"{name} has {width}×{height} pixels: each side needs at least {LEAST_SIDE}.", "too_small", "file"
        )
    nclx = picture.info.get("nclx_profile") or {}
    if is_hdr(int(nclx.get("transfer_characteristics", 0))):
        raise InvalidInput(
            f"{name} is a picture in HDR: export it as a JPEG in standard range (SDR).", "hdr_picture", "file"
        )
    if picture.format in ("JPEG", "MPO"):
        picture.draft(None, (KEPT_SIDE, KEPT_SIDE))  # decodes a large JPEG at a half or a quarter of its size
    return picture


def _too_many_pixels(name: str, has: str) -> InvalidInput:
    sentence = f"{name} has {has} than we take: export it with at most 7,000 a side."
    return InvalidInput(sentence, "too_many_pixels", "file")


def _upright(picture: Image.Image) -> Image.Image:
    """The first picture of a file, upright and in sRGB; what is transparent becomes black."""
    profile = picture.info.get("icc_profile")
    orientation = picture.getexif().get(0x0112, 1)
    if picture.mode.startswith("I") or picture.mode == "F":
        picture = _of_16_bits(picture)
    elif picture.mode not in ("RGB", "CMYK", "L"):
        picture = picture.convert("RGBA" if picture.has_transparency_data else "RGB")
    picture.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    plain = picture.convert("RGB") if alpha is not None else picture
    plain = _in_srgb(plain, profile)
    if alpha is not None:
        flat = Image.new("RGB", plain.size, "black")
        flat.paste(plain, mask=alpha)
        plain = flat
    exif = Image.Exif()
    exif[0x0112] = orientation
    plain.info = {"exif": exif.tobytes()}
    return ImageOps.exif_transpose(plain)


def _of_16_bits(picture: Image.Image) -> Image.Image:
    """Greys of 16 bits, or as many as they have: Pillow's own conversion cuts them off at 255."""
    levels = np.asarray(picture, np.float32)
    most = 65_535.0 if picture.mode.startswith("I;16") or levels.max(initial=0) > 255 else 255.0
    return Image.fromarray(np.clip(levels * (255 / most) + 0.5, 0, 255).astype(np.uint8))


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB; a profile that is broken, or another kind of picture's, is passed over."""
    if profile:
        with suppress(ImageCms.PyCMSError, OSError, ValueError):
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            changed = ImageCms.profileToProfile(picture, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if changed is not None:
                return changed
    return picture.convert("RGB")
