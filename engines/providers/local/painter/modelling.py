"""Light on flat shapes: roundness and rims."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Stencil
from engines.providers.local.painter.mood import mix
from engines.providers.local.painter.scene import Scene


def model(scene: Scene, whole: Stencil, strength: float = 0.5, rim: float = 1.0) -> None:
    """Round a flat shape with light: shade away from the key light, a rim of sky light on the far edge.

    The mask's blurred height serves as the surface, its gradient as the normal.
    """
    canvas, mood = scene.canvas, scene.mood
    mask = whole.mask.astype(np.float32) / 255
    reach = max(mask.shape) * 0.035
    height = cv2.GaussianBlur(mask, (0, 0), max(reach, 0.8))
    slope_x = cv2.Sobel(height, cv2.CV_32F, 1, 0, ksize=3) * np.float32(reach)
    slope_y = cv2.Sobel(height, cv2.CV_32F, 0, 1, ksize=3) * np.float32(reach)
    facing = np.clip(0.55 - slope_x * 0.55 * mood.side + slope_y * 0.2, 0, 1.3)
    view = canvas.light[whole.rows, whole.columns]
    shade = (1 - strength) + strength * 1.6 * facing
    view *= (1 + (shade - 1) * mask)[:, :, None]
    edge = np.clip(mask - cv2.GaussianBlur(mask, (0, 0), max(reach * 0.35, 0.6)), 0, 1) * 2
    away = np.clip(slope_x * mood.side * 1.2 + 0.35 - slope_y * 0.3, 0, 1)
    toward = np.clip(-slope_x * mood.side * 1.2 + 0.1, 0, 1)
    second = mix(mood.accent(0), mood.low, 0.4)
    gain = np.float32(rim * (0.5 + 0.7 * mood.lift))
    edge *= mask
    away *= edge
    toward *= edge
    for channel in range(3):
        view[:, :, channel] += away * (second[channel] * gain) + toward * (mood.key[channel] * gain)
