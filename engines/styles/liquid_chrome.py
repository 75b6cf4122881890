"""Liquid Chrome: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import ORBITRON
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import modelled
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(modelled.liquid_chrome, ("c8b8ff", "8ae0ff", "ff9ad8"), hours={"golden": "dawn"}),
    filmed=FilmedLook(grain=1.4, glow=1.7, fringe=3.0, vignette=0.16),
    face=ORBITRON,
)
