"""Neo Noir: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import OSWALD
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import ALWAYS_NIGHT, PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        photographic.neo_noir, ("ff2a4a", "1fd0d0", "ff6a3a"), hours=ALWAYS_NIGHT, air={"clear": "rain", "dust": "fog"}
    ),
    filmed=FilmedLook(grain=3.6, vignette=0.34, glow=1.5, fringe=2.0),
    face=OSWALD,
)
