"""Low Poly 3D: how it is painted, filmed and set in type."""

from engines.picture.exports.typefaces import INTER
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.painter.looks import PaintedLook
from engines.providers.local.painter.treatments import modelled
from engines.styles import StyleParts

PARTS = StyleParts(
    painted=PaintedLook(
        modelled.low_poly_3d,
        ("f78154", "f2c14e", "4fb286"),
        skies={"day": ("3f9ad0", "8fd4e0", "f8ecc8", "fff4dc", "9cb0c8", "d0e8e4")},
    ),
    filmed=FilmedLook(grain=1.2, vignette=0.12),
    face=INTER,
)
