"""Disposable Camera: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import CAVEAT
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(photographic.disposable_camera, ("e8604a", "f0c060", "4a9a8a"), hours={"golden": "dusk"}),
    filmed=FilmedLook(grain=3.8, grain_size=1.5, leak=0.8, shake=0.5, vignette=0.34, glow=1.3),
    face=CAVEAT,
)
