"""Beards and moustaches."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import luma, mix, rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter

_LEAST_GAP = 0.16
"""Of luma, between a beard and the face."""
_GREY = 0.1
"""The chroma below which hair is grey."""


def beard(brush: Brush, s: Sitter, look: Look) -> None:
    """The beard of a look, with the mouth in it."""
    kind, colour = look.beard, shown(mix(look.hair, look.brows, 0.25), look.skin)
    if kind == "stubble":
        brush.mark(_jaw(s, 1.66, 0.5), mix(colour, look.skin, 0.3), alpha=0.42, soft=s.unit * 0.09)
        return
    if kind in ("full", "long"):
        reach = 1.98 if kind == "full" else 2.9
        whole = _jaw(s, reach, 0.38)
        brush.part(whole, colour)
        brush.mark(_jaw(s, reach * 0.97, 0.62), colour * np.float32(0.7), alpha=0.35, soft=s.unit * 0.15)
        strands: list[Points] = [
            s.at((x * 0.85, 1.0 + 0.2 * abs(x)), (x * 0.8, 1.45), (x * 0.5, reach * 0.93), feature=0.6)
            for x in np.linspace(-0.85, 0.85, 13)
        ]
        brush.line(strands, s.unit * 0.03, colour * np.float32(1.35), alpha=0.4)
        brush.line(
            [line + np.array([s.unit * 0.06, 0.0]) for line in map(np.asarray, strands)],
            s.unit * 0.03,
            colour * np.float32(0.55),
            alpha=0.35,
        )
        lip = s.curve((-0.22, 0.98), (0.0, 0.95), (0.22, 0.98), (0.1, 1.1), (-0.1, 1.1), feature=1)
        brush.mark(lip, mix(look.skin * np.float32(0.7), look.brows, 0.2), alpha=0.9)
    elif kind == "goatee":
        brush.mark(
            s.curve((-0.3, 1.1), (0.3, 1.1), (0.26, 1.62), (0.0, 1.9), (-0.26, 1.62), feature=0.9),
            colour,
            soft=s.unit * 0.03,
        )
    moustache = s.curve(
        (0.0, 0.72), (0.2, 0.7), (0.42, 0.84), (0.56, 1.04), (0.3, 0.96), (0.0, 0.9), (-0.3, 0.96), (-0.56, 1.04),
        (-0.42, 0.84), (-0.2, 0.7), feature=1,
    )  # fmt: skip
    brush.mark(moustache, colour * np.float32(1.06), soft=s.unit * 0.02)


def shown(colour: Colour, skin: Colour) -> Colour:
    """A beard is seen: lighter or darker than the face that it grows in."""
    gap = float(luma(colour) - luma(skin))
    if abs(gap) >= _LEAST_GAP:
        return colour
    light = mix(colour, rgb("f4f2ee"), 0.7)
    grey = float(colour.max() - colour.min()) < _GREY
    return light if grey and float(luma(light) - luma(skin)) >= _LEAST_GAP else colour * np.float32(0.4)


def shadow(brush: Brush, s: Sitter, look: Look) -> None:
    """The shade that a shaven beard leaves on a man's jaw."""
    brush.mark(_jaw(s, 1.6, 0.62), look.skin * np.float32(0.5), alpha=0.2, soft=s.unit * 0.14)


def _jaw(s: Sitter, low: float, high: float) -> Points:
    """From ear to ear around the mouth down to `low`."""
    return s.curve(
        (-0.99, high - 0.5), (-0.86, high + 0.25), (-0.48, 0.74), (0.0, 0.7), (0.48, 0.74), (0.86, high + 0.25),
        (0.99, high - 0.5), (1.02, 0.7), (0.82, 1.35), (0.5, low - 0.18), (0.0, low), (-0.5, low - 0.18), (-0.82, 1.35),
        (-1.02, 0.7), feature=0.25,
    )  # fmt: skip
