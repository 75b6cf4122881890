"""The scale of a picture: flat ground, seen from one height.

Size and distance below the horizon shrink alike: at `k` times the distance of the figures, a thing is 1/k as large and
its foot 1/k as far below the horizon.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.providers.local.painter.scene import Scene

SIZES = {"tiny": 0.5, "small": 0.75, "": 1.0, "big": 1.35, "huge": 1.8}
"""How much larger or smaller than usual a thing is, by the word for it."""


@dataclass(frozen=True)
class Measure:
    """The figures' scale in this picture.

    Attributes:
        size: An adult's height in widths.
        foot: Where the figures' feet are, in widths from the top.
        horizon: In widths from the top.
    """

    size: float
    foot: float
    horizon: float

    def at(self, k: float) -> tuple[float, float]:
        """Foot and an adult's height at `k` times the figures' distance."""
        return self.horizon + (self.foot - self.horizon) / k, self.size / k

    def distance(self, foot: float) -> float:
        """The distance of ground that is seen at `foot`."""
        return (self.foot - self.horizon) / max(foot - self.horizon, 1e-3)


Job = tuple[float, Callable[[], None]]
"""A distance and what is painted there."""


def stood(scene: Scene, stand: str, foot: float, k: float, measure: Measure) -> float:
    """Where a thing's foot is: on firm ground, in the water, at the coast, or hung from above.

    Args:
        scene: The picture.
        stand: Where such things belong.
        foot: Where the ground is at its distance, in widths from the top.
        k: Its distance, in distances of the figures.
        measure: The figures' scale.
    """
    if stand == "hang":
        return scene.tall * 0.34
    if stand == "wall":
        return min(foot, scene.horizon + 0.02) - 0.16 * measure.size / k
    if stand == "shore" and scene.water is not None:
        return scene.water[0] + 0.015 * scene.tall
    if stand == "water" and scene.water is not None:
        top, bottom = scene.water
        low = bottom if bottom > scene.tall * 0.99 else bottom - 0.02 * scene.tall
        return float(np.clip(foot, top + 0.02 * scene.tall, max(low, top + 0.03 * scene.tall)))
    if stand == "ground" and scene.shore:
        return max(foot, scene.shore)
    return foot
