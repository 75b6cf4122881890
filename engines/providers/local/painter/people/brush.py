"""A person's colours in the light, and the shapes that were painted."""

from collections.abc import Sequence

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, several
from engines.providers.local.painter.mood import luma, rgb
from engines.providers.local.painter.noise import floats
from engines.providers.local.painter.scene import Scene

_BALANCED = 0.5
_TOP, _LOW = np.float32(1.08), np.float32(0.82)
"""The light on the upper and the lower edge of a part."""


class Brush:
    """Paints a person's parts at one depth, and remembers them for the modelling of the whole.

    Attributes:
        canvas: The painting surface.
        shapes: Everything painted so far.
        tint: The colour that was asked for the thing being painted, None for its own.
        span: From where to where, in widths, what is painted now gets darker; None for each part from its top on.
    """

    def __init__(self, scene: Scene, depth: float, exposure: float = 1.0) -> None:
        self.scene, self.canvas, self.depth = scene, scene.canvas, depth
        self.shapes: list[Points] = []
        self.tint: Colour | None = None
        self.span: tuple[float, float] | None = None
        light = scene.mood.lit(np.ones(3, np.float32), 0.75)
        # The eye knows skin and cloth in coloured light: half of the tint is taken back.
        balance = floats((luma(light) / np.maximum(light, 1e-3)) ** np.float32(_BALANCED))
        self._exposure: Colour = balance * np.float32(0.82 * exposure)

    def lit(self, colour: Colour, facing: float = 0.75) -> Colour:
        """A material in the scene's light, through the air before it."""
        # White clothes in full light stay below white, so that only lamps bloom.
        return self.scene.mood.far(self.scene.mood.lit(colour, facing) * self._exposure, self.depth * 0.3)

    def own(self, code: str) -> Colour:
        """The colour that was asked for, or the thing's own."""
        return rgb(code) if self.tint is None else self.tint

    def part(self, shapes: Sequence[Points] | Points, colour: Colour, ident: int | None = None) -> None:
        """A part of the body: lit from above, an object of its own unless it shares `ident`."""
        polygons = several(shapes)
        self.shapes.extend(polygons)
        lit = self.lit(colour)
        ident = self.canvas.new_object() if ident is None else ident
        self.scene.bodies.add(ident)
        top, low = self._shades(polygons)
        self.canvas.fill(polygons, lit * top, lit * low, depth=self.depth, ident=ident)

    def _shades(self, polygons: Sequence[Points]) -> tuple[np.float32, np.float32]:
        """How light the upper and the lower edge of a part are."""
        if self.span is None:
            return _TOP, _LOW
        start, end = self.span
        top, low = np.interp(self.spanned(polygons), [start, max(end, start + 1e-6)], [_TOP, _LOW])
        return np.float32(top), np.float32(low)

    def spanned(self, polygons: Sequence[Points]) -> tuple[float, float]:
        """From where to where polygons are in the picture, in widths from its top."""
        down = np.concatenate([np.asarray(polygon, np.float64)[:, 1] for polygon in polygons])
        low, high = np.clip([down.min(), down.max()], 0.0, self.canvas.tall).tolist()
        return low, high

    def mark(
        self,
        shapes: Sequence[Points] | Points,
        colour: Colour,
        alpha: float = 1.0,
        soft: float = 0.0,
        facing: float = 0.75,
    ) -> None:
        """Something on a part: no object of its own."""
        self.canvas.fill(shapes, self.lit(colour, facing), alpha=alpha, soft=soft)

    def line(self, lines: Sequence[Points] | Points, thick: float, colour: Colour, alpha: float = 1.0) -> None:
        """A seam, a fold, a string."""
        self.canvas.stroke(lines, thick, self.lit(colour), alpha=alpha)
