"""Typefaces: the one for a style, and one that has a given word's letters.

All come from packages of open font families (SIL Open Font License 1.1), never from the machine: an export looks
the same everywhere.
"""

import importlib
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from engines.picture.exports.typefaces import FREDOKA, INTER, Face
from engines.styles import parts_of
from models.failures import InvalidInput

_FALLBACKS = (
    INTER,
    Face("fontpkg_noto_sans", "NotoSans[", 700),
    Face("fontpkg_noto_sans_arabic", "NotoSansArabic", 700),
    Face("fontpkg_noto_sans_devanagari", "NotoSansDevanagari", 700),
    Face("fontpkg_noto_sans_thai", "NotoSansThai", 700),
    FREDOKA,  # has Hebrew
)
PLAIN = INTER
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\ufe0e", "\ufe0f", "\u00ad"}


def face_of(style: str) -> Face:
    """The typeface of a style."""
    parts = parts_of(style)
    return parts.face if parts else INTER


def face_for(text: str, wanted: Face) -> Face:
    """The wanted face, or the first other one that has every letter of a text.

    Raises:
        KeyError: No face has them all; the missing letters are its argument.
    """
    for face in (wanted, *_FALLBACKS):
        shown = text.upper() if face.upper else text
        if not _missing(shown, face):
            return face
    letters = [letter for letter in text if all(_missing(letter, face) for face in _FALLBACKS)]
    raise KeyError("".join(dict.fromkeys(letters)) or text)


def check_showable(text: str, where: str) -> None:
    """Refuse text that would appear as boxes.

    Raises:
        InvalidInput: A word has letters that no face has; the sentence names them.
    """
    for word in text.split():
        try:
            face_for(word, INTER)
        except KeyError as error:
            letters = ", ".join(f"“{letter}”" for letter in str(error.args[0])[:6])
            raise InvalidInput(
                f"{where} has letters that our typefaces do not hold ({letters}): Latin, Greek, Cyrillic, Hebrew, "
                "Arabic, Devanagari and Thai can be shown.",
                code="letters",
            ) from error


@lru_cache(maxsize=256)
def font_of(face: Face, size_px: int) -> ImageFont.FreeTypeFont:
    """The face at a size, shaped by HarfBuzz, so that joined and stacked scripts come out right."""
    font = ImageFont.truetype(str(_file_of(face)), size_px, layout_engine=ImageFont.Layout.RAQM)
    if "[" in _file_of(face).name:
        axes = font.get_variation_axes()
        font.set_variation_by_axes(
            [
                max(axis["minimum"] or 0, min(axis["maximum"] or face.weight, face.weight))
                if bytes(axis["name"]).lower() == b"weight"
                else axis["default"] or 0
                for axis in axes
            ]
        )
    return font


@lru_cache(maxsize=32)
def _file_of(face: Face) -> Path:
    folder = Path(importlib.import_module(face.package).ROOT) / "files"
    return next(path for path in sorted(folder.iterdir()) if path.name.startswith(face.stem))


@lru_cache(maxsize=32)
def _letters_of(package: str, stem: str) -> frozenset[int]:
    with TTFont(_file_of(Face(package, stem)), lazy=True) as font:
        return frozenset(font.getBestCmap())


def _missing(text: str, face: Face) -> bool:
    letters = _letters_of(face.package, face.stem)
    return any(ord(letter) not in letters and letter not in _INVISIBLE for letter in text)
