"""The typeface: Inter from its package (SIL Open Font License 1.1), reduced to the characters that the page needs.

The whole file has 880 KB; with Western and Central European letters and the axes that the page uses it has 72 KB. It is
made at first use, in half a second, and cached here and by browsers.
"""

import importlib.resources
from functools import lru_cache
from importlib.metadata import version
from io import BytesIO

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

PATH = "fonts/inter.woff"
MEDIA_TYPE = "font/woff"
_PACKAGE = "fontpkg-inter"
_FILE = "Inter[opsz,wght].ttf"
_FEATURES = ["kern", "tnum"]
_LETTERS = (*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x2010, 0x2027), *map(ord, "‰‹›€™←→−★"))
EDITION = f"{_PACKAGE} {version(_PACKAGE)} {_FEATURES} {_LETTERS}"
"""Identifies the result of `typeface` without making it."""


@lru_cache(maxsize=1)
def typeface() -> bytes:
    """The page's typeface as WOFF, with a weight and an optical size axis."""
    source = importlib.resources.files(_PACKAGE.replace("-", "_")) / "files" / _FILE
    with importlib.resources.as_file(source) as path, TTFont(path, lazy=True) as font:
        options = Options(layout_features=_FEATURES, hinting=False, notdef_outline=True)
        subsetter = Subsetter(options)
        subsetter.populate(unicodes=_LETTERS)
        subsetter.subset(font)
        font.flavor = "woff"
        kept = BytesIO()
        font.save(kept)
    return kept.getvalue()
