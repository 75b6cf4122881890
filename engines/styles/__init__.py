"""How styles are drawn: one module each, of the same name as the style's row in `models.styles`.

A module holds `PARTS`. It is imported when its style is drawn first, so that a job loads what it needs.
"""

import importlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING

from models.styles import STYLE_MODULES

if TYPE_CHECKING:
    from engines.picture.exports.typefaces import Face
    from engines.providers.local.animator.air import Air
    from engines.providers.local.animator.look import FilmedLook
    from engines.providers.local.painter.looks import PaintedLook


@dataclass(frozen=True)
class StyleParts:
    """How one style is drawn.

    Attributes:
        painted: Its stills.
        filmed: Its clips.
        face: The typeface of its titles and lyrics.
        air: What is always in its air, 0…1, whatever the words say.
    """

    painted: "PaintedLook"
    filmed: "FilmedLook"
    face: "Face"
    air: "Mapping[Air, float]" = field(default_factory=dict)


@cache
def parts_of(slug: str) -> StyleParts | None:
    """How a style is drawn; None if this house does not know it, or has only its row."""
    name = f"{__name__}.{STYLE_MODULES.get(slug, '')}"
    if slug not in STYLE_MODULES or find_spec(name) is None:
        return None
    parts: StyleParts = importlib.import_module(name).PARTS
    return parts
