"""The poster: the video's best still with its title."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from engines.picture.exports.faces import PLAIN, check_showable, face_for, face_of, font_of
from engines.picture.exports.subjects import band_top
from engines.picture.exports.typesetting import Block, set_words
from models.exports import ExportPlan, ExportSources
from models.failures import MediaCorrupt

_MARGIN = 0.085
_HEADROOM = 0.04
"""Free space above a head, as a share of the still's height."""

_TITLE_SIZE = 0.125
_TITLE_LINES = 3
_ARTIST_SIZE = 0.030
_ARTIST_TRACKING = 0.32
_CANDIDATE_LEAD = 0.06
"""Lead of an earlier candidate over a later one: the plan's order counts, but not alone."""


def make_poster(plan: ExportPlan, sources: ExportSources, out: Path) -> None:
    """Write the poster as a PNG.

    Args:
        plan: From `windows.plan_export`.
        sources: Its stills, with title and artist.
        out: The PNG to write, of the plan's size.

    Raises:
        InvalidInput: The title can't be shown.
        MediaCorrupt: No still can be read.
    """
    check_showable(sources.title, "The title")
    check_showable(sources.artist, "The artist's name")
    picture = _best(plan, sources)
    poster = Image.fromarray(_shaded(picture))
    _write_words(poster, sources)
    poster.save(out, "PNG", compress_level=6)


def worth(picture: NDArray[np.uint8]) -> float:
    """A still's appeal: contrast, colour and sharpness, each 0…1.

    Args:
        picture: uint8, (height, width, 3), RGB.

    Returns:
        0…1. Colourfulness after Hasler and Süsstrunk, 2003.
    """
    small = cv2.resize(picture, (216, round(216 * picture.shape[0] / picture.shape[1])), interpolation=cv2.INTER_AREA)
    red, green, blue = (small[..., i].astype(np.float64) for i in range(3))
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    one, other = red - green, (red + green) / 2 - blue
    colour = np.hypot(one.std(), other.std()) + 0.3 * np.hypot(one.mean(), other.mean())
    contrast = np.percentile(luma, 97) - np.percentile(luma, 5)
    sharp = cv2.Laplacian(luma, cv2.CV_64F).var()
    darkness = float((luma < 16).mean())
    parts = (min(1.0, contrast / 190), min(1.0, colour / 90), min(1.0, sharp / 900), 1 - darkness)
    return float(np.dot(parts, (0.4, 0.25, 0.15, 0.2)))


def _best(plan: ExportPlan, sources: ExportSources) -> NDArray[np.uint8]:
    best: tuple[float, NDArray[np.uint8], int] | None = None
    for place, (index, path) in enumerate(zip(plan.stills, sources.stills, strict=True)):
        try:
            with Image.open(path, formats=("PNG", "JPEG", "WEBP")) as opened:
                picture = np.asarray(opened.convert("RGB"))
        except (OSError, ValueError, SyntaxError) as error:
            raise MediaCorrupt(f"the still of scene {index + 1} cannot be read") from error
        value = worth(picture) - _CANDIDATE_LEAD * place
        if best is None or value > best[0]:
            best = (value, picture, index)
    if best is None:
        raise MediaCorrupt("the video has no still")
    _, picture, index = best
    share = min(1.0, plan.height / plan.width * picture.shape[1] / picture.shape[0])
    rows = round(share * picture.shape[0])
    luma = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    subject = sources.subjects[index]
    # The title takes the lower third: the subject belongs above it.
    above = band_top(luma, sources.framings[index], subject, share) + 0.10
    if subject is not None:
        above = min(above, max(0.0, subject.head_top - _HEADROOM))
    top = min(round(above * picture.shape[0]), picture.shape[0] - rows)
    how = Image.Resampling.LANCZOS
    return np.asarray(Image.fromarray(picture[top : top + rows]).resize((plan.width, plan.height), how))


def _shaded(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Dark towards the bottom, under the title, and a little at the top; smooth, and dithered against bands."""
    height, width = picture.shape[:2]
    y = np.linspace(0, 1, height, dtype=np.float32)
    below = np.clip((y - 0.45) / 0.42, 0, 1)
    above = np.clip((0.16 - y) / 0.16, 0, 1)
    left = 1 - 0.86 * (below * below * (3 - 2 * below)) - 0.28 * above * above
    noise = np.random.default_rng(0).uniform(-0.5, 0.5, (height, width, 1)).astype(np.float32)
    return np.asarray(np.clip(picture * left[:, None, None] + noise, 0, 255).round(), np.uint8)


def _write_words(poster: Image.Image, sources: ExportSources) -> None:
    width, height = poster.size
    draw = ImageDraw.Draw(poster)
    face = face_of(sources.style)
    room = int(width * (1 - 2 * _MARGIN))
    words = sources.title.split()
    block = set_words(words, face, room, round(width * _TITLE_SIZE * (1.0 if len(words) > 2 else 1.25)), _TITLE_LINES)
    bottom = height - round(width * _MARGIN)
    artist = sources.artist.strip()
    if artist:
        size = round(width * _ARTIST_SIZE)
        base = bottom - size // 4
        _tracked(draw, artist, width / 2, base, size, room)
        rule = base - round(size * 1.95)
        half = round(width * 0.045)
        draw.line((width / 2 - half, rule, width / 2 + half, rule), fill=(255, 255, 255), width=max(1, width // 540))
        bottom = rule - round(size * 0.75)
    _title(draw, block, round(width * _MARGIN), bottom - block.height)


def _title(draw: ImageDraw.ImageDraw, block: Block, left: int, top: int) -> None:
    for word in block.words:
        draw.text((left + word.x, top + word.baseline), word.text, fill=(255, 255, 255), font=word.font, anchor="ls")


def _tracked(draw: ImageDraw.ImageDraw, text: str, middle: float, base: float, size: int, room: int) -> None:
    """Small spaced capitals; scripts with joined letters keep them joined."""
    while True:
        fonts: list[tuple[str, ImageFont.FreeTypeFont]] = []
        spaced = all(face_for(word, PLAIN) == PLAIN for word in text.split())
        pieces = [*text.upper()] if spaced else text.split()
        for piece in pieces:
            fonts.append((piece, font_of(PLAIN if spaced else face_for(piece, PLAIN), size)))
        gap = size * (_ARTIST_TRACKING if spaced else 0.3)
        length = sum(font.getlength(piece) for piece, font in fonts) + gap * (len(fonts) - 1)
        if length <= room or size <= 6:
            break
        size = max(6, int(size * 0.92))
    x = middle - length / 2
    for piece, font in fonts:
        draw.text((x, base), piece, fill=(235, 235, 235), font=font, anchor="ls")
        x += font.getlength(piece) + gap
