"""Found Footage: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import MONO
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        photographic.found_footage, ("c9b98a", "8f8a63", "d06a4a"), hours={"golden": "dusk", "day": "dawn"}
    ),
    filmed=FilmedLook(grain=4.4, grain_size=1.7, fringe=3.0, fringe_at_rest=0.7, shake=1.0, vignette=0.3),
    face=MONO,
)
