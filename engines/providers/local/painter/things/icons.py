"""Silhouettes for what has no drawing of its own: outlines of Material Design Icons (Apache-2.0), modelled like clay.

The font comes inside the package `QtAwesome`; none of its code is used, and no Qt.
"""

import json
import logging
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.balance import fallen
from engines.providers.local.painter.things.pen import Pen

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_FONT, _NAMES = "materialdesignicons6-webfont-6.9.96.ttf", "materialdesignicons6-webfont-charmap-6.9.96.json"
_STEPS = 6
"""Straight pieces of a curve."""
_MATERIALS: dict[str, str] = {
    "8a5a34": "barrel basket broom rake oar cart treasure-chest chess-knight chess-queen pipe pickaxe axe brush",
    "6f7680": "anvil hammer wrench saw-blade pistol bomb tank shield spear lock handcuffs cog",
    "e6dcc4": "newspaper map script-text cards polaroid music paper passport",
    "c8a24a": "gold cash bugle compass telescope ship-wheel scale-balance music-clef-treble",
    "5f8a4a": "turtle snake",
    "e0b82e": "bee duck taxi excavator cheese corn bread-slice pizza lemon",
    "26262c": "spider bat cassette boombox penguin",
    "b8503f": "ladybug fire-truck",
    "d8c4b0": "snail pig bone bread sheep",
    "c08a48": "baguette cookie hamburger silo",
    "f0dcc0": "ice-cream ice-pop egg",
}
_COLOUR_OF = {name: code for code, names in _MATERIALS.items() for name in names.split()}
_OWN = ("8a6a4a", "5a6f86", "a8503f", "6b7a4a", "8a5a7a", "b08a4a")

Contours = tuple[NDArray[np.float64], ...]


class _Flattener:
    """Collects a glyph's contours as polygons; a pen in the sense of fontTools."""

    def __init__(self) -> None:
        self.contours: list[list[tuple[float, float]]] = []

    def moveTo(self, spot: tuple[float, float]) -> None:  # noqa: N802 — the library's name
        """Begin a contour."""
        self.contours.append([spot])

    def lineTo(self, spot: tuple[float, float]) -> None:  # noqa: N802 — the library's name
        """Go straight."""
        self.contours[-1].append(spot)

    def qCurveTo(self, *spots: tuple[float, float]) -> None:  # noqa: N802 — the library's name
        """Follow quadratic curves, whose joints are implied."""
        from fontTools.pens.basePen import decomposeQuadraticSegment

        for control, end in decomposeQuadraticSegment(spots):
            start = self.contours[-1][-1]
            for t in np.linspace(0, 1, _STEPS + 1)[1:]:
                u = 1 - t
                x, y = (float(u * u * start[i] + 2 * u * t * control[i] + t * t * end[i]) for i in (0, 1))
                self.contours[-1].append((x, y))

    def closePath(self) -> None:  # noqa: N802 — the library's name
        """End a contour: polygons are closed anyway."""


_HELD_UP = frozenset({"ice-cream"})
"""What is eaten from the hand, and would not stand: it has a stand."""


@lru_cache(maxsize=1)
def _font() -> tuple["TTFont", dict[str, int]]:
    from fontTools.ttLib import TTFont

    spec = find_spec("qtawesome")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("The package QtAwesome with the icons' outlines is not installed.")
    # The font's dates are odd, which the library would report in every child process.
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    folder = Path(next(iter(spec.submodule_search_locations))) / "fonts"
    names = {name: int(code, 16) for name, code in json.loads((folder / _NAMES).read_text()).items()}
    return TTFont(folder / _FONT, lazy=True), names


def has_icon(name: str) -> bool:
    """Whether there is an icon of this name."""
    return name in _font()[1]


@lru_cache(maxsize=64)
def outline(name: str, lies: bool = False) -> tuple[Contours, float]:
    """An icon's contours with its foot's middle at (0, 0) and a height of 1, and its width.

    Args:
        name: Its name among the Material Design Icons.
        lies: It falls over if it would not stand as its icon shows it: a loaf lies, a cone does not balance on its tip.

    Returns:
        Contours, float64, (points, 2), x right and y up; and the width in heights.

    Raises:
        KeyError: There is no such icon.
    """
    font, names = _font()
    pen = _Flattener()
    font.getGlyphSet()[font.getBestCmap()[names[name]]].draw(pen)
    contours = [np.array(contour) for contour in pen.contours if len(contour) > 2]
    if lies and name not in _HELD_UP:
        contours = fallen(contours)
    points = np.concatenate(contours)
    low, high = points.min(0), points.max(0)
    tall = max(float(high[1] - low[1]), 1e-6)
    middle = np.array([(low[0] + high[0]) / 2, low[1]])
    return tuple((contour - middle) / tall for contour in contours), float((high[0] - low[0]) / tall)


def draw_icon(pen: Pen, name: str, lies: bool = False) -> None:
    """An icon as a solid thing: its sides go back into the picture, its gaps show a darker inside."""
    contours, _ = outline(name, lies)
    if lies and name in _HELD_UP:
        _stand(pen)
    own = (
        pen.put.colour
        if pen.put.colour is not None
        else mix(rgb(_COLOUR_OF.get(name, _OWN[sum(map(ord, name)) % len(_OWN)])), pen.mood.accent(1), 0.12)
    )
    front: list[Points] = [pen.path(*map(tuple, contour)) for contour in contours]
    outer: list[Points] = [
        shape for shape, contour in zip(front, contours, strict=True) if _is_outer(contour, contours)
    ]
    back = np.array([-0.07 * pen.mood.side, -0.025]) * pen.put.size
    for t in np.linspace(1, 0.15, 7):
        pen.solid([np.asarray(shape) + back * t for shape in outer], own * np.float32(0.34 + 0.12 * (1 - t)))
    pen.solid(outer, own * np.float32(0.5), below=0.9)
    stencil = pen.canvas.stencil(front, even_odd=True)
    if stencil is None:
        return
    lit = pen.lit(own)
    pen.canvas.apply(stencil, lit * np.float32(1.15), lit * np.float32(0.72), depth=pen.put.depth, ident=pen.ident)
    pen.canvas.stroke(
        [np.vstack([shape, np.asarray(shape)[:1]]) for shape in outer],
        max(0.012 * pen.put.size, 0.6 / pen.canvas.width),
        pen.lit(mix(own, rgb("ffffff"), 0.45)),
        alpha=0.5,
    )


def _stand(pen: Pen) -> None:
    """A wire stand around a cone: what is eaten from the hand is not laid on its side."""
    wire = rgb("8d8a86")
    for y, half in ((0.0, 0.2), (0.3, 0.17)):
        turn = np.linspace(0, 2 * np.pi, 30)
        ring: Points = pen.path(*zip((half * np.cos(turn)).tolist(), (y + 0.05 * np.sin(turn)).tolist(), strict=True))
        pen.canvas.stroke([ring], 0.024 * pen.put.size, pen.lit(wire), depth=pen.put.depth, ident=pen.ident)
    legs: list[Points] = [pen.path((side * 0.2, 0.0), (side * 0.17, 0.3)) for side in (-1, 1)]
    pen.canvas.stroke(legs, 0.024 * pen.put.size, pen.lit(wire), depth=pen.put.depth, ident=pen.ident)


def _is_outer(contour: NDArray[np.float64], contours: Contours) -> bool:
    """Whether no other contour encloses this one."""
    low, high = contour.min(0), contour.max(0)
    return not any(
        other is not contour and (other.min(0) < low).all() and (other.max(0) > high).all() for other in contours
    )
