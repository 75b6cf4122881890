"""Tilt Shift: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import INTER
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import photographic
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        photographic.tilt_shift,
        ("ff5a4a", "ffc02e", "2fa0e0"),
        raised=0.2,
        hours={"night": "dusk", "dusk": "day"},
        air={"rain": "clear", "fog": "clear"},
    ),
    filmed=FilmedLook(grain=1.4, vignette=0.16, tempo=0.8),
    face=INTER,
)
