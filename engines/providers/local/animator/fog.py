"""Fog that drifts through a frame, computed on the coarse grid."""

import cv2
import numpy as np

from engines.providers.local.animator.pixels import FloatImage, blurred, sampled
from engines.providers.local.animator.rhythm import Rhythm


class Fog:
    """Two sheets of fog that drift past one another, denser towards the ground.

    Args:
        amount: 0…1.
        thumb: float32, (height, width, 3), BGR: the picture, small; fog has the colour of its light.
        rhythm: The music.
        rng: The fog's shape.
    """

    _SIDE = 96

    def __init__(self, amount: float, thumb: FloatImage, rhythm: Rhythm, rng: np.random.Generator) -> None:
        self._amount, self._rhythm = amount, rhythm
        self._sheets = [self._sheet(rng) for _ in range(2)]
        self._wind = (1.0 if rng.random() < 0.5 else -1.0) * rng.uniform(0.8, 1.3)
        bright = thumb.reshape(-1, 3)
        light = bright[bright.max(1) >= np.percentile(bright.max(1), 70)].mean(0)
        grey = np.float32(light.mean())
        self.colour = np.asarray(0.5 * light + 0.5 * grey + 14, np.float32)

    def _sheet(self, rng: np.random.Generator) -> FloatImage:
        """Noise that repeats at its edges: blurred at three sizes on a torus."""
        side = self._SIDE
        total = np.zeros((side, side), np.float32)
        for sigma, weight in ((11.0, 0.6), (5.0, 0.28), (2.4, 0.12)):
            noise = np.tile(rng.standard_normal((side, side), dtype=np.float32), (3, 3))
            smooth = blurred(noise, sigma)[side : 2 * side, side : 2 * side]
            total += weight * smooth / max(float(smooth.std()), 1e-6)
        return np.asarray(np.clip(0.5 + 0.42 * total, 0, 1), np.float32)

    def cover(self, frame: int, x: FloatImage, y: FloatImage) -> FloatImage:
        """How much of each cell the fog hides: float32, like `x` and `y`, which run from −1 to 1."""
        time_s = float(self._rhythm.time_s[frame])
        dense = np.ones_like(x)
        for sheet, (size, speed, rise) in zip(self._sheets, ((20.0, 3.0, 0.4), (30.0, -1.7, 0.2)), strict=True):
            at_x = np.mod(size * x + 24 + self._wind * speed * time_s, self._SIDE)
            at_y = np.mod(size * 1.2 * y + 40 + rise * time_s, self._SIDE)
            dense *= 0.2 + 0.8 * sampled(sheet, np.dstack([at_x, at_y]).astype(np.float32), cv2.BORDER_WRAP)
        height = np.clip(0.6 + 0.5 * y, 0.1, 1)
        return np.asarray(np.clip(1.3 * self._amount * dense * height, 0, 0.75), np.float32)
