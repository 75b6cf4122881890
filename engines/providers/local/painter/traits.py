"""What makes a figure recognisable: skin, hair, clothes, build. All of it follows from the figure's seed."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from engines.providers.local.painter.canvas import Colour
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.noise import rng_for

Hair = Literal["short", "long", "bob", "bun", "afro", "mohawk", "ponytail", "hat", "hood"]
Outfit = Literal["jacket", "coat", "dress", "hoodie", "suit", "top"]

_SKINS = ("f3cfb3", "e3b08c", "c98d66", "a56a45", "7b4a2e", "55321f")
_HAIRS = ("17131a", "2d1d17", "5a3420", "9c5a2a", "d8b06a", "e8e4e0", "b0303a", "2f7fd0", "d24fa8", "3fae8a")
_OUTFITS = (
    # upper, lower, detail: pairs that stay readable against day and night alike
    ("c4283a", "23242e", "f0d9b0"),
    ("e8b02e", "2b3446", "ffffff"),
    ("f1ece4", "d9d2c8", "c8a24a"),
    ("1f7f86", "17333c", "f4a24c"),
    ("26242c", "3a3640", "e0457b"),
    ("3f5fae", "20222c", "e9e3d6"),
    ("e86a3a", "3b2b2e", "ffe2a0"),
    ("7d4bb0", "2a2138", "f2c14e"),
    ("d9628f", "f0e6ea", "6a2c52"),
    ("5a7a44", "3c3a2e", "e3d8b0"),
)


@dataclass(frozen=True, eq=False)
class Traits:
    """One figure's looks; `build` and `height` are relative to an average body."""

    skin: Colour
    hair: Colour
    upper: Colour
    lower: Colour
    detail: Colour
    hair_style: Hair
    outfit: Outfit
    build: float
    height: float
    long_face: float


@lru_cache(maxsize=64)
def traits_for(seed: int) -> Traits:
    """The looks that belong to a seed."""
    rng = rng_for("figure", seed)
    upper, lower, detail = _OUTFITS[int(rng.integers(len(_OUTFITS)))]
    styles: tuple[Hair, ...] = ("short", "long", "bob", "bun", "afro", "mohawk", "ponytail", "hat", "hood")
    outfits: tuple[Outfit, ...] = ("jacket", "coat", "dress", "hoodie", "suit", "top")
    style = styles[int(rng.integers(len(styles)))]
    outfit = outfits[int(rng.integers(len(outfits)))]
    return Traits(
        skin=rgb(_SKINS[int(rng.integers(len(_SKINS)))]),
        hair=rgb(_HAIRS[int(rng.integers(len(_HAIRS)))]),
        upper=rgb(upper),
        lower=rgb(lower),
        detail=rgb(detail),
        hair_style=style,
        outfit="hoodie" if style == "hood" else outfit,
        build=float(rng.uniform(0.92, 1.12)),
        height=float(rng.uniform(0.94, 1.04)),
        long_face=float(rng.uniform(0.95, 1.06)),
    )
