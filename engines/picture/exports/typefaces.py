"""The typefaces of the styles; all from packages of open font families (SIL Open Font License 1.1)."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Face:
    """A typeface with a style's settings.

    Attributes:
        package: The Python package that contains it.
        stem: The start of its file's name.
        weight: The position on its weight axis, if it has one.
        upper: Set in capitals.
        tracking: Space added between a title's letters, in em.
        scale: Its size relative to others of the same nominal size.
    """

    package: str
    stem: str
    weight: int = 700
    upper: bool = False
    tracking: float = 0.0
    scale: float = 1.0


OSWALD = Face("fontpkg_oswald", "Oswald", 600, upper=True, tracking=0.05)
FREDOKA = Face("fontpkg_fredoka", "Fredoka", 600, scale=1.04)
ANTON = Face("fontpkg_anton", "Anton", upper=True, tracking=0.02)
CAVEAT = Face("fontpkg_caveat", "Caveat", 700, scale=1.28)
PLAYFAIR = Face("fontpkg_playfair_display", "PlayfairDisplay[", 700)
PLAYFAIR_ITALIC = Face("fontpkg_playfair_display", "PlayfairDisplay-Italic", 700)
ORBITRON = Face("fontpkg_orbitron", "Orbitron", 800, upper=True, tracking=0.04, scale=0.84)
MONO = Face("fontpkg_jetbrains_mono", "JetBrainsMono[", 700, scale=0.84)
INTER = Face("fontpkg_inter", "Inter[", 750)
