"""Golden Hour: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import PLAYFAIR_ITALIC
from engines.providers.local.animator.air import Air
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import ALWAYS_GOLDEN, PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        photographic.golden_hour,
        ("ff9a4a", "e85a3a", "ffd48a"),
        hours=ALWAYS_GOLDEN,
        air={"rain": "clear", "storm": "clouds", "fog": "clouds", "snow": "clear"},
    ),
    filmed=FilmedLook(grain=2.6, glow=1.5, leak=0.55),
    air={Air.DUST: 0.6},
    face=PLAYFAIR_ITALIC,
)
