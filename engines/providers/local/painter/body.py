"""A figure set into a picture."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Colour
from engines.providers.local.painter.reading import Figure

Part = tuple[NDArray[np.float64], Colour]
"""A piece of a figure: its outline and what it is made of."""


@dataclass(frozen=True)
class Body:
    """A figure set into a picture: feet at (x, y), `size` widths tall, turned to the left (-1) or right (1)."""

    figure: Figure
    x: float
    y: float
    size: float
    facing: int
    variant: int
    depth: float
