"""Anime Shonen: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import ANTON
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import drawn
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        drawn.anime_shonen,
        ("e2412e", "ffd23f", "2f6fff"),
        big_eyes=True,
        tilt=5,
        skies={
            "day": ("1250c8", "3f9cf4", "c8f0ff", "fffbe8", "8fa8e0", "b8e0ff"),
            "dusk": ("2a1468", "d8385a", "ffae3a", "ffd07a", "7a4a90", "e07858"),
            "golden": ("2a50b0", "ff9a3a", "ffe070", "ffe09a", "a07890", "ffc070"),
        },
    ),
    filmed=FilmedLook(grain=1.4, vignette=0.12, glow=1.2, tempo=1.2, shake=0.12),
    face=ANTON,
)
