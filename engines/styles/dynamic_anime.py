"""Dynamic Anime: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import ANTON
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import drawn
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        drawn.dynamic_anime, ("f0338f", "27d6ff", "ffd23f"), big_eyes=True, hours={"day": "dusk"}, tilt=11
    ),
    filmed=FilmedLook(grain=1.4, vignette=0.14, glow=1.3, fringe=2.0, tempo=1.35, shake=0.2),
    face=ANTON,
)
