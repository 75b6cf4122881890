"""Claymation: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import FREDOKA
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import modelled
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        modelled.claymation,
        ("d95f3a", "e8b04a", "6fae8b"),
        hours={"dusk": "golden"},
        skies={
            "night": ("1a1c40", "2f3a68", "5a5a80", "ffe0b0", "605870", "484a70"),
            "day": ("5aa0c8", "9cd0dc", "f4ecd0", "fff0d0", "b0a8a8", "d8e0d8"),
        },
    ),
    filmed=FilmedLook(grain=1.8, grain_size=1.6, poses_per_s=12, shake=0.2, vignette=0.16),
    face=FREDOKA,
)
