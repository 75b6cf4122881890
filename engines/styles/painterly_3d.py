"""Painterly 3D: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import PLAYFAIR
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import drawn
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(drawn.painterly_3d, ("ef7d57", "b13e6d", "4ac0c0"), hours={"day": "golden"}),
    filmed=FilmedLook(grain=2.2, grain_size=1.8, vignette=0.18),
    face=PLAYFAIR,
)
