"""Retro Open World: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import ANTON
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import modelled
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        modelled.retro_open_world,
        ("d88c3a", "e84a8a", "4ab0c0"),
        hours={"dawn": "day"},
        skies={
            "day": ("5a9ac8", "b8d0c0", "f4dcA0", "fff0c8", "9c9a90", "e8d0a0"),
            "golden": ("c88a6a", "f0a860", "ffe0a0", "ffd090", "8a7880", "f0b878"),
        },
    ),
    filmed=FilmedLook(grain=1.6, fringe=1.0, fringe_at_rest=0.5, vignette=0.1),
    face=ANTON,
)
