"""Film Noir: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import OSWALD
from engines.providers.local.animator.air import Air
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        photographic.film_noir, ("ffffff", "b0b0b0", "e0e0e0"), hours={"day": "dusk", "golden": "dusk", "dawn": "dusk"}
    ),
    filmed=FilmedLook(grain=4.2, grain_size=1.5, vignette=0.34, glow=0.9),
    air={Air.FOG: 0.2},
    face=OSWALD,
)
