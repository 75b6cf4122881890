"""Cyberpunk: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import ORBITRON
from engines.providers.local.animator.air import Air
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import ALWAYS_NIGHT, PaintedLook
from engines.providers.local.painter.treatments import electric
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        electric.cyberpunk,
        ("ff2bd6", "19e3ff", "8a3cff"),
        hours=ALWAYS_NIGHT,
        air={"clear": "rain", "clouds": "rain", "dust": "fog"},
    ),
    filmed=FilmedLook(grain=3.0, fringe=4.0, fringe_at_rest=0.25, glow=1.8, vignette=0.26, shake=0.1),
    air={Air.FOG: 0.25},
    face=ORBITRON,
)
