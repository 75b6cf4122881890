"""Cinematic Realism: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import PLAYFAIR
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(photographic.cinematic_realism, ("d98a4a", "4f8f9c", "e8c48a")),
    filmed=FilmedLook(grain=3.0, grain_size=1.2),
    face=PLAYFAIR,
)
