"""A face's own coordinates."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Points, smooth


class Sitter:
    """A face's own coordinates: (0, 0) between the eyes, one unit is half the width of the head, y runs down.

    `turn` shifts the features sideways, as when the head turns a little away.
    """

    def __init__(self, x: float, y: float, unit: float, turn: float, tilt: float) -> None:
        self.x, self.y, self.unit, self.turn = x, y, unit, turn
        self.cos, self.sin = np.cos(tilt), np.sin(tilt)

    def at(self, *points: tuple[float, float], feature: float = 0.0) -> NDArray[np.float64]:
        """Points of the face in the picture; `feature` (0…1) says how far they slide when the head turns."""
        p = np.array(points, np.float64)
        # Features slide with the turn and are squeezed on the far side, like paint on a ball.
        px = p[:, 0] * (1 - 0.16 * feature * np.clip(p[:, 0] * np.sign(self.turn), 0, 1)) + self.turn * feature
        py = p[:, 1]
        return np.column_stack(
            [self.x + (px * self.cos - py * self.sin) * self.unit, self.y + (px * self.sin + py * self.cos) * self.unit]
        )

    def spot(self, x: float, y: float, feature: float = 0.0) -> tuple[float, float]:
        """One point of the face in the picture."""
        px, py = self.at((x, y), feature=feature)[0].tolist()
        return px, py

    def curve(self, *points: tuple[float, float], feature: float = 0.0, count: int = 8) -> NDArray[np.float64]:
        """A smooth closed outline through points of the face."""
        return smooth(self.at(*points, feature=feature), count)


def open_curve(points: Points) -> NDArray[np.float64]:
    """A few points as a smooth open line: a cubic through them."""
    nodes = np.asarray(points, np.float64)
    return np.asarray(_through(len(nodes)) @ nodes)


@lru_cache(maxsize=16)
def _through(count: int) -> NDArray[np.float64]:
    """What each of `count` evenly spaced nodes adds to each point of the line: float64, (points, nodes)."""
    t, fine = np.linspace(0, 1, count), np.linspace(0, 1, 20)
    return np.asarray(np.vander(fine, 4) @ np.linalg.pinv(np.vander(t, 4)))
