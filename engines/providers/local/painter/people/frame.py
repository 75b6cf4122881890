"""A person's joints in the picture, and shapes along them."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Points, limb
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.people.poses import LYING, skeleton

Spot = tuple[float, float]
Outline = NDArray[np.float64]

_INSIDE = 0.02
"""Body heights by which a wrist is nearer to the middle than a shoulder, on the far side."""


class Frame:
    """A posed person: joints in the picture's coordinates.

    Attributes:
        unit: A body's height in widths, of this age.
        head: Half the head's width, in widths.
        facing: -1 to the left, 1 to the right.
        girth: The body's width, 1 on average.
    """

    def __init__(
        self, look: Look, x: float, y: float, size: float, facing: int, pose: str, variant: int, grip: str = ""
    ) -> None:
        self.unit, self.head, self.facing = size * look.scale, size * look.head, facing
        self.girth = look.build * (0.9 if look.age == "child" else 1.0)
        self.lying = pose in LYING
        self._x, self._y = x, y
        bones = dict(skeleton(pose, variant))
        if grip:
            bones = _gripping(bones, grip)
        if look.sex == "woman" and look.age != "child":
            bones = _narrowed(bones, 0.87, 1.1)
        elif look.sex == "man" and look.age in ("adult", "old") and not self.lying:
            bones = _narrowed(bones, 1.1, 0.94)
        elif look.age == "child":
            bones = _narrowed(bones, 0.9, 0.95)
        if look.age == "old" and not self.lying:
            bones = _stooped(bones)
        self._bones = bones

    def at(self, x: float, y: float) -> Spot:
        """A point in body heights."""
        return self._x + self.facing * x * self.unit, self._y - y * self.unit

    def joint(self, name: str, dx: float = 0.0, dy: float = 0.0) -> Spot:
        """A joint, moved in body heights."""
        x, y = self._bones[name]
        return self.at(x + dx, y + dy)

    def between(self, a: str, b: str, t: float, dx: float = 0.0, dy: float = 0.0) -> Spot:
        """A point between two joints, or beyond them."""
        (ax, ay), (bx, by) = self._bones[a], self._bones[b]
        return self.at(ax + (bx - ax) * t + dx, ay + (by - ay) * t + dy)

    @property
    def eyes(self) -> Spot:
        """The point between the eyes."""
        neck, head = np.array(self.joint("neck")), np.array(self.joint("head"))
        up = (head - neck) / max(float(np.hypot(*(head - neck))), 1e-6)
        x, y = (neck + up * self.head * 2.0).tolist()
        return x, y

    @property
    def lean(self) -> float:
        """The head's tilt in radians, clockwise."""
        (nx, ny), (hx, hy) = self.joint("neck"), self.joint("head")
        angle = float(np.arctan2(hx - nx, ny - hy))
        return angle if self.lying else 0.5 * angle

    @property
    def highest(self) -> float:
        """The top of hair or raised hands, in widths from the top of the picture."""
        hands = min(self.joint("w1")[1], self.joint("w2")[1]) - 0.055 * self.unit
        return min(self.eyes[1] - 1.9 * self.head, hands)

    @property
    def spread(self) -> float:
        """The distance of the hips in body heights, in the direction that the body faces."""
        return (self.joint("h2")[0] - self.joint("h1")[0]) * self.facing / self.unit

    def crosses(self, side: str) -> bool:
        """Whether a hand is before the trunk."""
        (x, y), (left, top), (right, _) = (self._bones[name] for name in ("w" + side, "s1", "s2"))
        low = min(self._bones["h1"][1], self._bones["h2"][1])
        return not self.lying and left + _INSIDE < x < right + _INSIDE and low - 0.06 < y < top + 0.1

    def r(self, radius: float) -> float:
        """A thickness in body heights, in widths of the picture."""
        return radius * self.unit * self.girth


def _gripping(bones: dict[str, Spot], grip: str) -> dict[str, Spot]:
    """The arms of someone who holds something, on whatever the legs do."""
    out = dict(bones)
    (nx, ny), (sx, sy) = bones["neck"], bones["s2"]
    if grip == "both":
        fx, fy = bones["s1"]
        out |= {
            "e1": (fx - 0.035, fy - 0.15),
            "w1": (nx - 0.02, ny - 0.26),
            "e2": (sx + 0.05, sy - 0.155),
            "w2": (nx + 0.075, ny - 0.265),
        }
    elif grip == "near face":
        out |= {"e2": (sx + 0.055, sy - 0.125), "w2": (sx + 0.02, sy - 0.03)}
    else:
        out |= {"e2": (sx + 0.095, sy - 0.11), "w2": (sx + 0.11, sy + 0.035)}
    return out


def _narrowed(bones: dict[str, Spot], shoulders: float, hips: float) -> dict[str, Spot]:
    neck, middle = bones["neck"][0], (bones["h1"][0] + bones["h2"][0]) / 2
    out = dict(bones)
    for name in ("s1", "s2"):
        out[name] = (neck + (bones[name][0] - neck) * shoulders, bones[name][1])
    for name in ("h1", "h2"):
        out[name] = (middle + (bones[name][0] - middle) * hips, bones[name][1])
    return out


def _stooped(bones: dict[str, Spot]) -> dict[str, Spot]:
    """The upper back bends forward."""
    out = dict(bones)
    for name, dx, dy in (
        ("head", 0.045, -0.022),
        ("neck", 0.022, -0.012),
        ("s1", 0.012, -0.012),
        ("s2", 0.012, -0.012),
    ):
        x, y = bones[name]
        out[name] = (x + dx, y + dy)
    return out


def tube(points: Sequence[Spot], radii: Sequence[float], count: int = 12) -> list[Points]:
    """A limb through points that bends smoothly, as overlapping capsules."""
    p, r = np.asarray(points, np.float64), np.asarray(radii, np.float64)
    t = np.linspace(0, len(p) - 1, count)
    if len(p) == 3:
        # A quadratic through the middle point, blended with the straight bones, so that an elbow stays an elbow.
        s = t / 2
        control = 2 * p[1] - (p[0] + p[2]) / 2
        curve = ((1 - s) ** 2)[:, None] * p[0] + (2 * s * (1 - s))[:, None] * control + (s**2)[:, None] * p[2]
        straight = np.column_stack([np.interp(t, np.arange(3), p[:, i]) for i in (0, 1)])
        path = 0.45 * curve + 0.55 * straight
    else:
        path = np.column_stack([np.interp(t, np.arange(len(p)), p[:, i]) for i in (0, 1)])
    thick = np.interp(t, np.arange(len(p)), r)
    spots = path.tolist()
    return [
        limb((a[0], a[1]), (b[0], b[1]), float(ra), float(rb))
        for a, b, ra, rb in zip(spots[:-1], spots[1:], thick[:-1], thick[1:], strict=True)
    ]


def hull(shapes: Sequence[Points]) -> Outline:
    """The convex hull of shapes: cloth that hangs over limbs."""
    points = np.concatenate([np.asarray(shape, np.float64).reshape(-1, 2) for shape in shapes]).astype(np.float32)
    return np.asarray(cv2.convexHull(points).reshape(-1, 2), np.float64)
