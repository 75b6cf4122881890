"""How a solid thing comes to rest: on an edge of its hull that carries its centre, the lowest such one."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Outline = NDArray[np.float64]

_LEAST_BASE = 0.18
"""The narrowest foot that a thing stands on, in widths of its own."""
_STEADY = 0.12
"""How far within its foot a thing's centre is, in widths of the foot."""
_LEVEL = 0.04
"""Points this near its lowest one carry it, in heights of its own."""
_GRID = 256


def fallen(contours: Sequence[Outline]) -> list[Outline]:
    """The contours as the thing comes to rest: as they are if it stands so, else turned onto its steadiest side.

    Args:
        contours: Float64, (points, 2), x right and y up.
    """
    points = np.concatenate(contours)
    if _stands(points, _centre(contours)[0]):
        return list(contours)
    hull = cv2.convexHull(points.astype(np.float32)).reshape(-1, 2).astype(np.float64)
    centre, best, lowest = _centre(contours), 0.0, np.inf
    for start, end in zip(hull, np.roll(hull, -1, 0), strict=True):
        along = end - start
        length = float(np.hypot(*along))
        if length < 1e-6:
            continue
        along /= length
        foot = float((centre - start) @ along)
        high = abs(float(along[0] * (centre - start)[1] - along[1] * (centre - start)[0]))
        if 0.08 * length <= foot <= 0.92 * length and high < lowest - 1e-9:
            # The edge becomes the ground: the rest of the hull is above it.
            inward = along if along[0] * (centre - start)[1] - along[1] * (centre - start)[0] > 0 else -along
            lowest, best = high, -float(np.arctan2(inward[1], inward[0]))
    turn = np.array([[np.cos(best), -np.sin(best)], [np.sin(best), np.cos(best)]])
    return [contour @ turn.T for contour in contours]


def _stands(points: Outline, middle: float) -> bool:
    low, high = points.min(0), points.max(0)
    carrying = points[points[:, 1] < low[1] + _LEVEL * (high[1] - low[1]), 0]
    base = float(carrying.max() - carrying.min())
    inside = min(middle - carrying.min(), carrying.max() - middle)
    return bool(inside > _STEADY * base and base > _LEAST_BASE * (high[0] - low[0]))


def _centre(contours: Sequence[Outline]) -> Outline:
    """The centre of the outlines' area, with holes left out."""
    points = np.concatenate(contours)
    low, size = points.min(0), float((points.max(0) - points.min(0)).max())
    grid = np.zeros((_GRID + 1, _GRID + 1), np.uint8)
    cv2.fillPoly(grid, [np.round((contour - low) / size * _GRID).astype(np.int32) for contour in contours], 1)
    rows, columns = np.nonzero(grid)
    middle = np.array([columns.mean(), rows.mean()], np.float64) / _GRID * size
    return np.asarray(low + middle, np.float64)
