"""Vaporwave: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import PLAYFAIR_ITALIC
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import ALWAYS_DUSK, PaintedLook
from engines.providers.local.painter.treatments import electric
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        electric.vaporwave,
        ("ff71ce", "5fe3e8", "b967ff"),
        hours=ALWAYS_DUSK,
        air={"rain": "clear", "storm": "clear", "fog": "clear", "clouds": "clear"},
        skies={"dusk": ("2a0f6a", "c83fc0", "ffb078", "ffc0e8", "7a58c8", "f080d0")},
        striped_sun=True,
        grid=True,
    ),
    filmed=FilmedLook(grain=3.0, grain_size=1.6, fringe=4.0, fringe_at_rest=0.5, glow=1.5, vignette=0.14),
    face=PLAYFAIR_ITALIC,
)
