"""Midnight Blue: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import INTER
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import ALWAYS_NIGHT, PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(photographic.midnight_blue, ("8ab8ff", "4a7aff", "d0e4ff"), hours=ALWAYS_NIGHT),
    filmed=FilmedLook(grain=3.0, vignette=0.32, glow=1.2),
    face=INTER,
)
