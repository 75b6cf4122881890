"""Watercolor Anime: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import CAVEAT
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import drawn
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        drawn.watercolor_anime,
        ("f2a5a0", "8fc8d0", "f0d080"),
        big_eyes=True,
        hours={"night": "dusk"},
        skies={
            "day": ("6fb4e8", "b4dcf4", "f4f8f4", "fff8e8", "b4c0d8", "dcecf4"),
            "dusk": ("8a88c8", "e8b0c8", "ffe0b8", "ffe8d0", "b0a0c0", "e0c4d4"),
            "golden": ("9ab0d8", "f8d0a8", "fff0c0", "fff0d0", "c0b0b8", "f8e0c4"),
        },
    ),
    filmed=FilmedLook(grain=2.2, grain_size=2.2, vignette=0.06, glow=0.7, tempo=0.85),
    face=CAVEAT,
)
