"""Heads too small for a face: outline, hair, hat, visor."""

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.body import Body, Part
from engines.providers.local.painter.canvas import Colour, ellipse, limb, smooth
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.traits import Hair, traits_for

Outline = tuple[tuple[float, float], ...]
# Outlines in half head widths and half head heights from the middle of the head; x points to where it looks.
_FACE: Outline = (
    (-1, -0.3), (-0.9, 0.35), (-0.25, 0.95), (0.55, 0.95), (0.9, 0.35), (1, -0.3), (0.55, -0.95), (-0.55, -0.95),
)  # fmt: skip
_CAP: Outline = (
    (-1.12, 0.25), (-1.15, -0.6), (-0.3, -1.22), (0.7, -1.1), (1.08, -0.35), (0.55, -0.5), (-0.25, -0.35), (-0.5, 0.2),
)  # fmt: skip
_BEHIND: dict[Hair, Outline] = {
    "long": ((-1.15, -0.5), (-0.1, -1.25), (1.15, -0.5), (0.9, 2.05), (0, 2.3), (-1.2, 2.2)),
    "bob": ((-1.15, -0.5), (-0.1, -1.25), (1.15, -0.5), (0.95, 1.0), (0, 1.15), (-1.2, 1.1)),
    "afro": ((-1.9, -0.5), (-1.3, -1.5), (-0.15, -1.9), (1.0, -1.5), (1.55, -0.5), (1.0, 0.5), (-1.3, 0.6)),
    "bun": ((-1.3, -1.3), (-1.0, -1.7), (-0.4, -1.7), (-0.1, -1.3), (-0.4, -0.9), (-1.0, -0.9)),
    "ponytail": ((-0.7, -0.8), (-1.9, -0.5), (-2.1, 1.2), (-1.6, 1.9), (-1.4, 0.6)),
}
_CREST: Outline = ((-1.2, -0.2), (-1.3, -1.2), (-0.2, -1.85), (0.9, -1.4), (0.4, -0.85), (-0.5, -0.8))
_CROWN: Outline = ((-1, -0.5), (-0.9, -1.45), (0, -1.6), (0.9, -1.45), (1, -0.5))
_HOOD: Outline = ((-1.5, 1), (-1.55, -0.6), (-0.2, -1.5), (1.05, -0.9), (0.55, -0.2), (0.4, 0.9))


def small_head(centre: tuple[float, float], body: Body, skin: Colour, hair: Colour, unit: float) -> list[Part]:
    """A head's pieces, back to front; `centre` is its middle, `unit` the figure's height in widths."""
    x, y = centre
    looks, f = traits_for(body.figure.seed), body.facing
    rx, ry = 0.05 * unit, 0.066 * unit * looks.long_face

    def shape(outline: Outline) -> NDArray[np.float64]:
        return smooth([(x + f * u * rx, y + v * ry) for u, v in outline], 5)

    if body.figure.kind == "astronaut":
        return [
            (ellipse(x, y, 0.088 * unit, 0.092 * unit), rgb("f2efe9")),
            (ellipse(x + f * 0.018 * unit, y, 0.062 * unit, 0.056 * unit), rgb("2a2018")),
            (ellipse(x + f * 0.006 * unit, y - 0.02 * unit, 0.03 * unit, 0.016 * unit), rgb("e8b45a")),
        ]
    face: Part = (shape(_FACE), skin)
    if body.figure.kind == "android":
        level = y - ry * 0.05
        return [face, (limb((x, level), (x + f * rx * 0.85, level), 0.012 * unit, 0.012 * unit), rgb("12161d"))]
    style = looks.hair_style
    parts: list[Part] = [face]
    if style in _BEHIND:
        parts.insert(0, (shape(_BEHIND[style]), hair * np.float32(0.8)))
    if style == "mohawk":
        parts.append((shape(_CREST), hair))
    elif style == "hat":
        parts.append((shape(_CROWN), looks.detail * np.float32(0.75)))
        parts.append((ellipse(x, y - ry * 0.52, rx * 1.85, ry * 0.2), looks.detail))
    elif style == "hood":
        parts.append((shape(_HOOD), looks.upper * np.float32(0.9)))
    else:
        parts.append((shape(_CAP), hair))
    if body.figure.behind:
        parts.append(
            (ellipse(x, y - ry * 0.1, rx * 1.02, ry * 0.95), looks.upper * np.float32(0.9) if style == "hood" else hair)
        )
    return parts
