"""A locked character's colours, measured from its reference picture: skin, hair, clothes, beard, glasses.

Classical image analysis: skin lies in a small region of YCrCb (Chai and Ngan, 1999), and the face is its largest patch
in the upper part of the picture; hair is above and beside it, clothes below.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

_WIDE = 160
"""The width at which pictures are measured, in pixels."""
_LEAST_FACE = 0.006
"""The least share of a picture that is a face."""
_NEAR = 34.0
"""Distance in Lab below which two colours are one."""

Lab = NDArray[np.float32]


@dataclass(frozen=True)
class Measured:
    """Colours as `rrggbb`, empty where nothing could be measured.

    Attributes:
        bald: No hair is seen.
        long_hair: Hair is seen beside the neck.
        beard: Hair covers the chin.
        glasses: A frame crosses the bridge of the nose.
    """

    skin: str = ""
    hair: str = ""
    upper: str = ""
    bald: bool = False
    long_hair: bool = False
    beard: bool = False
    glasses: bool = False


def measure(path: Path) -> Measured:
    """Measure a reference picture.

    Args:
        path: A picture that OpenCV reads.

    Returns:
        What could be measured; nothing if there is no face.
    """
    picture = cv2.imread(str(path), cv2.IMREAD_COLOR)
    return Measured() if picture is None else measured(np.asarray(picture, np.uint8))


def measured(picture: NDArray[np.uint8]) -> Measured:
    """As `measure`, of a picture: uint8, (height, width, 3), BGR."""
    high, wide = picture.shape[:2]
    size = (_WIDE, max(16, round(high * _WIDE / wide)))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    lab = _floats(cv2.cvtColor(small.astype(np.float32) / np.float32(255), cv2.COLOR_BGR2LAB))
    skin_mask = _skin(small)
    face = _face(skin_mask)
    if face is None:
        return Measured()
    x, y, w, h = face
    # Brown hair looks like skin, too: the face is what has the colour of its own middle.
    heart = _floats(np.median(_area(lab, x + 0.35 * w, y + 0.45 * h, x + 0.65 * w, y + 0.7 * h), axis=0))
    skin_mask &= np.linalg.norm(lab - heart, axis=2) < 26
    face = _face(skin_mask)
    if face is None:
        return Measured()
    x, y, w, h = face
    patch = skin_mask[y : y + h, x : x + w]
    skin = _floats(np.median(lab[y : y + h, x : x + w][patch], axis=0))
    ground = _floats(np.median(np.concatenate([lab[:, :3].reshape(-1, 3), lab[:, -3:].reshape(-1, 3)]), axis=0))
    # Right above the forehead there is hair, or a bald head; further out it may be the background.
    crown = _area(lab, x + 0.22 * w, y - 0.24 * h, x + 0.78 * w, y - 0.03 * h)
    middle = _floats(np.median(crown, axis=0)) if len(crown) else skin
    hair = middle if np.linalg.norm(middle - skin) > 15 and np.linalg.norm(middle - ground) > 8 else None
    below = _others(_area(lab, x - 0.6 * w, y + 1.35 * h, x + 1.6 * w, y + 2.6 * h), skin, ground)
    beside = np.concatenate(
        [
            _area(lab, x - 0.5 * w, y + 0.45 * h, x, y + 1.0 * h),
            _area(lab, x + w, y + 0.45 * h, x + 1.5 * w, y + 1.0 * h),
        ]
    )
    chins = (
        _area(lab, x + 0.28 * w, y + 0.74 * h, x + 0.72 * w, y + 0.98 * h),
        _area(lab, x + 0.3 * w, y + 1.02 * h, x + 0.7 * w, y + 1.2 * h),
    )
    bearded = hair is not None and any(_share(chin, hair, 26) > 0.45 > _share(chin, skin, 22) for chin in chins)
    return Measured(
        skin=_hex(skin),
        hair="" if hair is None else _hex(hair),
        upper=_hex(_floats(np.median(below, axis=0))) if len(below) > 40 else "",
        bald=hair is None,
        long_hair=hair is not None and _share(beside, hair, 24) > 0.22,
        beard=bearded,
        glasses=_has_glasses(lab, face, skin),
    )


def _floats(values: NDArray[Any]) -> Lab:
    return np.asarray(values, np.float32)


def _skin(picture: NDArray[np.uint8]) -> NDArray[np.bool_]:
    ycc = cv2.cvtColor(picture, cv2.COLOR_BGR2YCrCb).astype(int)
    luma, red, blue = ycc[:, :, 0], ycc[:, :, 1], ycc[:, :, 2]
    mask = (red > 134) & (red < 182) & (blue > 76) & (blue < 131) & (luma > 38) & (red > blue + 6)
    mask[round(0.72 * mask.shape[0]) :] = False
    smooth = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    return np.asarray(smooth > 0)


def _face(mask: NDArray[np.bool_]) -> tuple[int, int, int, int] | None:
    """The box of the largest patch of skin, the neck cut off: x, y, width, height."""
    count, _, stats, centres = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    best, most = None, _LEAST_FACE * mask.size
    for index in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[index])
        # A face is near the middle, compact, and higher than hands.
        off = abs(float(centres[index][0]) / mask.shape[1] - 0.5)
        weight = area * (1 - off) * (1.2 - y / mask.shape[0]) * (area / max(w * h, 1) > 0.3)
        if weight > most:
            best, most = (x, y, w, min(h, round(1.4 * w))), weight
    return best


def _area(lab: Lab, x0: float, y0: float, x1: float, y1: float) -> Lab:
    high, wide = lab.shape[:2]
    part = lab[max(0, round(y0)) : min(high, max(0, round(y1))), max(0, round(x0)) : min(wide, max(0, round(x1)))]
    return part.reshape(-1, 3)


def _others(area: Lab, *colours: Lab) -> Lab:
    """The pixels that are none of these colours."""
    keep = np.ones(len(area), bool)
    for colour in colours:
        keep &= np.linalg.norm(area - colour, axis=1) > 16
    return area[keep]


def _share(area: Lab, colour: Lab, near: float = _NEAR) -> float:
    return float((np.linalg.norm(area - colour, axis=1) < near).mean()) if len(area) else 0.0


def _has_glasses(lab: Lab, face: tuple[int, int, int, int], skin: Lab) -> bool:
    """Dark pixels on the bridge of the nose and at both temples, in the rows of the eyes."""
    x, y, w, h = face
    dark = float(skin[0]) - 26
    bridge = _area(lab, x + 0.42 * w, y + 0.3 * h, x + 0.58 * w, y + 0.5 * h)
    temples = [_area(lab, x + a * w, y + 0.3 * h, x + (a + 0.14) * w, y + 0.5 * h) for a in (0.04, 0.82)]
    return all(len(part) > 0 and float((part[:, 0] < dark).mean()) > 0.1 for part in (bridge, *temples))


def _hex(lab: Lab) -> str:
    bgr = cv2.cvtColor(np.asarray(lab, np.float32).reshape(1, 1, 3), cv2.COLOR_LAB2BGR).reshape(3)
    b, g, r = np.clip(np.round(bgr * 255), 0, 255).astype(int).tolist()
    return f"{r:02x}{g:02x}{b:02x}"
