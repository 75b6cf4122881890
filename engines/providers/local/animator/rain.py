"""Rain: sheets of streaks at three distances that fall through the frame."""

import cv2
import numpy as np

from engines.providers.local.animator.pixels import Image
from engines.providers.local.animator.rhythm import Rhythm

_REFERENCE_WIDTH = 540
_SHEETS = (
    # streaks at 540 wide, length and thickness in pixels, brightness, speed in frame heights a second
    (260, 22, 1, 34, 1.05),
    (130, 42, 1, 52, 1.5),
    (34, 80, 2, 58, 2.1),
)
_TINT = np.array([1.0, 0.94, 0.88], np.float32)


class Rain:
    """Sheets that repeat every frame height and width, so that a frame is a slice of each.

    Args:
        amount: 0…1.
        width: The frame's width in pixels.
        height: Its height.
        rhythm: The music; energy makes it fall faster.
        rng: The streaks and the wind.
    """

    def __init__(self, amount: float, width: int, height: int, rhythm: Rhythm, rng: np.random.Generator) -> None:
        self._width, self._height = width, height
        slope = float(np.tan(np.deg2rad(rng.uniform(3, 9)))) * (1.0 if rng.random() < 0.5 else -1.0)
        self._sheets = [
            (_sheet(streaks * amount, length, thickness, bright, slope, width, height, rng), speed)
            for streaks, length, thickness, bright, speed in _SHEETS
        ]
        self._fallen = np.cumsum(rhythm.step_s * (0.9 + 0.25 * rhythm.energy))
        self._slope = slope

    def draw(self, frame: int, picture: Image, shift_x: float, shift_y: float) -> None:
        """Draw it into a frame, in place.

        Args:
            frame: Its number.
            picture: uint8, (height, width, 3), BGR.
            shift_x: The camera's offset, in pixels.
            shift_y: The same, down.
        """
        for near, (sheet, speed) in enumerate(self._sheets, start=1):
            fallen = float(self._fallen[frame]) * speed * self._height
            top = round(-fallen + 0.4 * near * shift_y) % self._height
            left = round(-fallen * self._slope + 0.4 * near * shift_x) % self._width
            cv2.add(picture, sheet[top : top + self._height, left : left + self._width], dst=picture)


def _sheet(
    streaks: float,
    length: float,
    thickness: int,
    bright: float,
    slope: float,
    width: int,
    height: int,
    rng: np.random.Generator,
) -> Image:
    """One sheet, twice the frame's size: uint8, (2 · height, 2 · width, 3)."""
    unit = width / _REFERENCE_WIDTH
    once = np.zeros((height, width), np.uint8)
    for _ in range(max(1, round(streaks))):
        x, y = int(rng.integers(width)), int(rng.integers(height))
        far = int(length * unit * rng.uniform(0.6, 1.3))
        level = int(bright * rng.uniform(0.4, 1.0))
        for wrap_y in (0, -height):
            for wrap_x in (-width, 0, width):
                start = (x + wrap_x, y + wrap_y)
                end = (round(start[0] + far * slope), start[1] + far)
                cv2.line(once, start, end, level, max(1, round(thickness * unit)), cv2.LINE_AA)
    soft = cv2.GaussianBlur(once, (0, 0), sigmaX=0.6 * unit + 0.1, sigmaY=2.0 * unit + 0.1)
    levels = np.arange(256)[:, None] * _TINT * 1.3
    tinted = cv2.merge([cv2.LUT(soft, table) for table in levels.clip(0, 255).astype(np.uint8).T])
    return np.asarray(cv2.repeat(tinted, 2, 2), np.uint8)
