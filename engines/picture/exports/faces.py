"""Typefaces: which one fits a preset, and which one can show a word at all.

All come from packages of open font families (SIL Open Font License 1.1), nothing from the machine: a piece looks the
same everywhere.
"""

import importlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from PIL import ImageFont

from models.failures import InvalidInput


@dataclass(frozen=True)
class Face:
    """A typeface as a preset uses it.

    Attributes:
        package: The Python package that holds it.
        stem: How its file's name begins.
        weight: On the face's weight axis, where it has one.
        upper: Set in capitals.
        tracking: Space added between words' letters in titles, in em.
        scale: Its size beside others of the same nominal size.
    """

    package: str
    stem: str
    weight: int = 700
    upper: bool = False
    tracking: float = 0.0
    scale: float = 1.0


_OSWALD = Face("fontpkg_oswald", "Oswald", 600, upper=True, tracking=0.05)
_FREDOKA = Face("fontpkg_fredoka", "Fredoka", 600, scale=1.04)
_ANTON = Face("fontpkg_anton", "Anton", upper=True, tracking=0.02)
_CAVEAT = Face("fontpkg_caveat", "Caveat", 700, scale=1.28)
_PLAYFAIR = Face("fontpkg_playfair_display", "PlayfairDisplay[", 700)
_PLAYFAIR_ITALIC = Face("fontpkg_playfair_display", "PlayfairDisplay-Italic", 700)
_ORBITRON = Face("fontpkg_orbitron", "Orbitron", 800, upper=True, tracking=0.04, scale=0.84)
_MONO = Face("fontpkg_jetbrains_mono", "JetBrainsMono[", 700, scale=0.84)
_INTER = Face("fontpkg_inter", "Inter[", 750)

_OF_PRESET = {
    "cinematic-realism": _PLAYFAIR,
    "golden-hour": _PLAYFAIR_ITALIC,
    "film-noir": _OSWALD,
    "neo-noir": _OSWALD,
    "midnight-blue": _INTER,
    "3d-cartoon": _FREDOKA,
    "anime-shonen": _ANTON,
    "watercolor-anime": _CAVEAT,
    "painterly-3d": _PLAYFAIR,
    "low-poly-3d": _INTER,
    "claymation": _FREDOKA,
    "dynamic-anime": _ANTON,
    "found-footage": _MONO,
    "disposable-camera": _CAVEAT,
    "tilt-shift": _INTER,
    "retro-open-world": _ANTON,
    "cyberpunk": _ORBITRON,
    "vaporwave": _PLAYFAIR_ITALIC,
    "post-apocalyptic": _OSWALD,
    "liquid-chrome": _ORBITRON,
}
_FALLBACKS = (
    _INTER,
    Face("fontpkg_noto_sans", "NotoSans[", 700),
    Face("fontpkg_noto_sans_arabic", "NotoSansArabic", 700),
    Face("fontpkg_noto_sans_devanagari", "NotoSansDevanagari", 700),
    Face("fontpkg_noto_sans_thai", "NotoSansThai", 700),
    _FREDOKA,  # has Hebrew
)
PLAIN = _INTER
_INVISIBLE = {"\u200b", "\u200c", "\u200d", "\u200e", "\u200f", "\ufe0e", "\ufe0f", "\u00ad"}


def face_of(style: str) -> Face:
    """The typeface of a preset."""
    return _OF_PRESET.get(style, _INTER)


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
    """Refuse text that would come out as boxes.

    Raises:
        InvalidInput: A word has letters that no face has; names them.
    """
    for word in text.split():
        try:
            face_for(word, _INTER)
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
