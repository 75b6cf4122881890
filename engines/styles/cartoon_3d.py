"""3D Cartoon: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import FREDOKA
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import modelled
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        modelled.cartoon_3d,
        ("ff6f61", "ffb02e", "38c1c9"),
        big_eyes=True,
        hours={"golden": "day"},
        skies={
            "day": ("2f8ff0", "7fd0ff", "d8f6ff", "fff6dc", "a8b4e0", "c8ecff"),
            "dawn": ("5aa0f0", "ffc0d8", "fff0c8", "fff0d0", "b0a8d8", "ffe0e0"),
            "dusk": ("4a3aa8", "e070b0", "ffc080", "ffd0a0", "9080c8", "d890c0"),
            "night": ("1a2470", "3a50b8", "6a90e0", "c8d8ff", "6070b8", "5070c8"),
        },
    ),
    filmed=FilmedLook(grain=1.2, vignette=0.1),
    face=FREDOKA,
)
