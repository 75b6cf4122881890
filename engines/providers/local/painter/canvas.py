"""The canvas: light with headroom, plus depth and object numbers for the treatments.

Coordinates are in widths of the picture: x runs 0…1, y runs 0…`Canvas.tall` downwards. Every shape passes through the
camera, a homography, so that a low angle or a tilted frame bends the whole scene alike.
"""

from collections.abc import Sequence
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.noise import Floats

Bytes = NDArray[np.uint8]
Colour = Floats
"""float32, (3,), RGB, 0…1 for reflecting things, above 1 for lights."""
Points = NDArray[np.float64] | Sequence[tuple[float, float]]

_SHIFT = 4  # sub-pixel bits of OpenCV's drawing
_FAR = 30_000  # pixels: beyond it OpenCV's fixed point overflows
_FALLOFF_SIZE = 128
_MOST_SEAMS = 255


def _falloff() -> Floats:
    axis = np.linspace(-1, 1, _FALLOFF_SIZE, dtype=np.float32)
    reach = np.sqrt(axis[:, None] ** 2 + axis[None, :] ** 2)
    body = np.clip(1 - reach, 0, 1)
    return cast(Floats, (body**2 * (0.35 + 0.65 * body**4)).astype(np.float32))


_FALLOFF = _falloff()


class Canvas:
    """The painting surface.

    Attributes:
        light: float32, (height, width, 3), RGB, 0 and up; 1 is white, above it shines.
        depth: float32, (height, width), 0 at the lens, 1 at the sky.
        ident: int32, (height, width), 0 for the sky, another number per object.
        named: uint8, (height, width), the `label` under which each pixel was painted last.
        objects: How many numbers are taken.
        sewn: uint8, (height, width), where parts of one body are sewn together, by the number of the seam; see `sew`.
        label: 0 for the place, another number for each subject; see `manifest.py`.
    """

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.tall = height / width
        self.light: Floats = np.zeros((height, width, 3), np.float32)
        self.depth: Floats = np.ones((height, width), np.float32)
        self.ident: NDArray[np.int32] = np.zeros((height, width), np.int32)
        self.named: Bytes = np.zeros((height, width), np.uint8)
        self.label = 0
        self.sewn: Bytes = np.zeros((height, width), np.uint8)
        self._camera: NDArray[np.float64] | None = None
        self.objects = 0
        self._seams: list[tuple[int, int]] = []

    def level(self) -> None:
        """Reset the camera, for painting onto the finished scene."""
        self._camera = None

    def _turn(self, homography: NDArray[np.float64], *, first: bool) -> None:
        if self._camera is None:
            self._camera = homography
        else:
            self._camera = self._camera @ homography if first else homography @ self._camera

    def look_up(self, horizon: float, strength: float) -> None:
        """Let verticals converge above the horizon, as for a camera near the ground."""
        # Each point moves towards the vanishing point straight above: divided by 1 + strength × its height.
        bend = np.array(
            [
                [1, -0.5 * strength, 0.5 * strength * horizon],
                [0, 1 - horizon * strength, horizon * horizon * strength],
                [0, -strength, 1 + strength * horizon],
            ]
        )
        self._turn(bend, first=True)

    def tilt(self, degrees: float, zoom: float = 1.0) -> None:
        """Roll the camera about the middle of the picture."""
        turn = np.vstack([cv2.getRotationMatrix2D((0.5, self.tall / 2), degrees, zoom), [0, 0, 1]])
        self._turn(turn, first=False)

    def place(self, points: Points) -> NDArray[np.float64]:
        """Points in pixels, through the camera: float64, (n, 2)."""
        flat = np.asarray(points, np.float64).reshape(-1, 2)
        if self._camera is None:
            return flat * self.width
        bent = np.column_stack([flat, np.ones(len(flat))]) @ self._camera.T
        return bent[:, :2] / np.maximum(bent[:, 2:], 1e-3) * self.width

    def _fixed(self, shapes: Sequence[Points], pad: float) -> tuple[list[NDArray[np.int32]], int, int, int, int] | None:
        """Shapes in OpenCV's fixed point relative to their common box: shapes, x0, y0, width, height of the box."""
        if not shapes:
            return None
        placed = self.place(np.concatenate([np.asarray(shape, np.float64).reshape(-1, 2) for shape in shapes]))
        limit = [self.width, self.height]
        x0, y0 = np.floor(np.clip(placed.min(0) - pad, 0, limit)).astype(int).tolist()
        x1, y1 = np.ceil(np.clip(placed.max(0) + pad, 0, limit)).astype(int).tolist()
        if x1 <= x0 or y1 <= y0:
            return None
        fixed = np.round(np.clip(placed - [x0, y0], -_FAR, _FAR) * (1 << _SHIFT)).astype(np.int32)
        ends = np.cumsum([len(shape) for shape in shapes])[:-1]
        return np.split(fixed, ends), x0, y0, x1 - x0, y1 - y0

    def new_object(self) -> int:
        """A number for the next object; its parts share it, so that no outline is drawn between them."""
        self.objects += 1
        return self.objects

    def sew(self, shapes: Sequence[Points], first: int, last: int) -> None:
        """Join objects within polygons: an arm is no thing of its own at its shoulder.

        Args:
            shapes: Where they are joined.
            first: The objects from this number …
            last: … to this one.
        """
        stencil = self.stencil(shapes) if len(self._seams) < _MOST_SEAMS else None
        if stencil is not None:
            self._seams.append((first, last))
            self.sewn[stencil.rows, stencil.columns][stencil.mask > 127] = len(self._seams)

    def bounds(self, axis: int, ident: NDArray[np.int32] | None = None, sewn: Bytes | None = None) -> NDArray[np.bool_]:
        """Where one object ends and the next begins along an axis: one shorter there than the picture.

        Args:
            axis: 0 downwards, 1 across.
            ident, sewn: The canvas's own, if a treatment moves its places about.
        """
        ident, sewn = self.ident if ident is None else ident, self.sewn if sewn is None else sewn
        differ = np.not_equal(np.diff(ident, axis=axis), 0)
        if not self._seams:
            return differ
        here = np.s_[:-1] if axis == 0 else np.s_[:, :-1]
        there = np.s_[1:] if axis == 0 else np.s_[:, 1:]
        rows, columns = np.nonzero(differ & (sewn[here] > 0) & (sewn[here] == sewn[there]))
        seam = sewn[here][rows, columns] - 1
        one, other = ident[here][rows, columns], ident[there][rows, columns]
        first, last = np.array(self._seams, np.int32).T[:, seam]
        inside = (np.minimum(one, other) >= first) & (np.maximum(one, other) <= last)
        differ[rows[inside], columns[inside]] = False
        return differ

    def stencil(self, shapes: Sequence[Points], soft: float = 0.0, *, even_odd: bool = False) -> "Stencil | None":
        """The union of polygons as an antialiased mask.

        Args:
            shapes: Polygons.
            soft: Blur in widths.
            even_odd: A polygon within another one is a hole.

        Returns:
            The mask with its position, or None if no part of it is in the picture.
        """
        found = self._fixed(shapes, 2 + 2 * soft * self.width)
        if found is None:
            return None
        polygons, x0, y0, width, height = found
        mask = np.zeros((height, width), np.uint8)
        for group in [polygons] if even_odd else [[polygon] for polygon in polygons]:
            cv2.fillPoly(mask, group, 255, cv2.LINE_AA, _SHIFT)
        return Stencil(self._soften(mask, soft), x0, y0)

    def line_stencil(self, lines: Sequence[Points], thick: float, soft: float = 0.0) -> "Stencil | None":
        """Open lines as an antialiased mask; below a pixel's thickness they get fainter instead of thinner."""
        pixels = thick * self.width
        found = self._fixed(lines, 2 + pixels + 2 * soft * self.width)
        if found is None:
            return None
        fixed, x0, y0, width, height = found
        mask = np.zeros((height, width), np.uint8)
        strength = 255 * min(1.0, max(pixels, 0.15))
        cv2.polylines(mask, fixed, False, strength, max(1, round(pixels)), cv2.LINE_AA, _SHIFT)
        return Stencil(self._soften(mask, soft), x0, y0)

    def _soften(self, mask: Bytes, soft: float) -> Bytes:
        sigma = soft * self.width
        return mask if sigma < 0.3 else cast(Bytes, cv2.GaussianBlur(mask, (0, 0), sigma))

    def fill(
        self,
        shapes: Sequence[Points] | Points,
        colour: Colour,
        below: Colour | None = None,
        *,
        depth: float | None = None,
        ident: int | None = None,
        alpha: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """Paint polygons.

        Args:
            shapes: One polygon or several that are painted as one.
            colour: The shape's colour, or that of its upper edge.
            below: The lower edge's colour, for a gradient.
            depth: Distance, 0…1; None leaves depth and number as they are (for things painted onto other things).
            ident: The object's number; None takes a new one.
            alpha: Opacity.
            soft: Blur of the edge in widths.
        """
        stencil = self.stencil(several(shapes), soft)
        if stencil is not None:
            self.apply(stencil, colour, below, depth=depth, ident=ident, alpha=alpha)

    def apply(
        self,
        stencil: "Stencil",
        colour: Colour,
        below: Colour | None = None,
        *,
        depth: float | None = None,
        ident: int | None = None,
        alpha: float = 1.0,
    ) -> None:
        """Paint through a stencil; `colour` may also be an image of the stencil's size. Arguments as for `fill`."""
        mask = stencil.mask
        view = self.light[stencil.rows, stencil.columns]
        cover = mask.astype(np.float32)
        cover *= np.float32(alpha / 255)
        # OpenCV takes a third of NumPy's time here: half of a picture's pixels are painted in this method.
        if below is not None:
            t = np.linspace(0, 1, mask.shape[0], dtype=np.float32)[:, None]
            change = np.empty_like(view)
            change[:] = (colour + (below - colour) * t)[:, None, :]
            change -= view
        elif colour.ndim == 1:
            change = np.asarray(cv2.subtract(np.array([*colour, 0.0]), view))
        else:
            change = colour - view
        cv2.multiply(change, cv2.merge((cover, cover, cover)), dst=change)
        view += change
        if depth is not None:
            solid = mask > 127
            self.named[stencil.rows, stencil.columns][solid] = self.label
            self.depth[stencil.rows, stencil.columns][solid] = depth
            self.ident[stencil.rows, stencil.columns][solid] = self.new_object() if ident is None else ident

    def stroke(
        self,
        lines: Sequence[Points] | Points,
        thick: float,
        colour: Colour,
        *,
        depth: float | None = None,
        ident: int | None = None,
        alpha: float = 1.0,
        soft: float = 0.0,
    ) -> None:
        """Paint open lines, `thick` widths wide. Other arguments as for `fill`."""
        stencil = self.line_stencil(several(lines), thick, soft)
        if stencil is not None:
            self.apply(stencil, colour, depth=depth, ident=ident, alpha=alpha)

    def shine(
        self, shapes: Sequence[Points] | Points, colour: Colour, strength: float = 1.0, soft: float = 0.0
    ) -> None:
        """Add the light of glowing polygons."""
        stencil = self.stencil(several(shapes), soft)
        if stencil is not None:
            self.add(stencil, colour * np.float32(strength))

    def shine_lines(
        self, lines: Sequence[Points] | Points, thick: float, colour: Colour, strength: float = 1.0, soft: float = 0.0
    ) -> None:
        """Add the light of glowing lines."""
        stencil = self.line_stencil(several(lines), thick, soft)
        if stencil is not None:
            self.add(stencil, colour * np.float32(strength))

    def add(self, stencil: "Stencil", colour: Colour) -> None:
        """Add light through a stencil."""
        light = np.asarray(cv2.merge((stencil.mask.astype(np.float32),) * 3))
        cv2.multiply(light, np.array([*(colour / 255), 0.0]), dst=light)
        self.light[stencil.rows, stencil.columns] += light

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0, flat: float = 1.0) -> None:
        """Add a round glow; `flat` below 1 squeezes it vertically, as on wet ground."""
        (centre,) = self.place([(x, y)])
        half_x = max(1.0, radius * self.width)
        half_y = max(1.0, half_x * flat)
        x0, x1 = int(max(0, centre[0] - half_x)), int(min(self.width, centre[0] + half_x + 1))
        y0, y1 = int(max(0, centre[1] - half_y)), int(min(self.height, centre[1] + half_y + 1))
        if x1 <= x0 or y1 <= y0:
            return
        # One bilinear warp of a fixed sprite: sub-pixel exact and cheap at any size.
        scale_x, scale_y = (_FALLOFF_SIZE - 1) / 2 / half_x, (_FALLOFF_SIZE - 1) / 2 / half_y
        middle = (_FALLOFF_SIZE - 1) / 2
        back = np.array(
            [[scale_x, 0, (x0 - centre[0]) * scale_x + middle], [0, scale_y, (y0 - centre[1]) * scale_y + middle]]
        )
        sprite = cv2.warpAffine(_FALLOFF, back, (x1 - x0, y1 - y0), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
        self.light[y0:y1, x0:x1] += sprite[:, :, None] * (colour * np.float32(strength))


class Stencil:
    """A mask and its position: uint8, (rows, columns), 0…255."""

    def __init__(self, mask: Bytes, x0: int, y0: int) -> None:
        self.mask = mask
        self.x0 = x0
        self.y0 = y0
        self.rows = slice(y0, y0 + mask.shape[0])
        self.columns = slice(x0, x0 + mask.shape[1])


def several(shapes: Sequence[Points] | Points) -> Sequence[Points]:
    """One polygon or several, as several."""
    if len(shapes) and np.ndim(shapes[0]) == 1:
        return [cast(Points, shapes)]
    return cast(Sequence[Points], shapes)


def ellipse(x: float, y: float, rx: float, ry: float, turn: float = 0.0, count: int = 40) -> NDArray[np.float64]:
    """An ellipse as a polygon, turned by `turn` radians."""
    angle = np.linspace(0, 2 * np.pi, count, endpoint=False)
    px, py = np.cos(angle) * rx, np.sin(angle) * ry
    cos, sin = np.cos(turn), np.sin(turn)
    return np.column_stack([x + px * cos - py * sin, y + px * sin + py * cos])


def box(x0: float, y0: float, x1: float, y1: float) -> NDArray[np.float64]:
    """An upright rectangle as a polygon."""
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], np.float64)


def limb(start: tuple[float, float], end: tuple[float, float], r0: float, r1: float) -> NDArray[np.float64]:
    """A tapered capsule from `start` (radius `r0`) to `end` (radius `r1`)."""
    angle = np.arctan2(end[1] - start[1], end[0] - start[0])
    back = angle + np.linspace(np.pi / 2, 3 * np.pi / 2, 15)
    front = angle + np.linspace(-np.pi / 2, np.pi / 2, 15)
    return np.vstack(
        [
            np.column_stack([start[0] + r0 * np.cos(back), start[1] + r0 * np.sin(back)]),
            np.column_stack([end[0] + r1 * np.cos(front), end[1] + r1 * np.sin(front)]),
        ]
    )


def smooth(points: Points, count: int = 8) -> NDArray[np.float64]:
    """A closed Catmull-Rom curve (Catmull and Rom, 1974) through `points`, `count` samples a piece."""
    p = np.asarray(points, np.float64)
    before, after, later = np.roll(p, 1, 0), np.roll(p, -1, 0), np.roll(p, -2, 0)
    t = np.linspace(0, 1, count, endpoint=False)[None, :, None]
    a, b, c, d = (q[:, None, :] for q in (before, p, after, later))
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return cast(NDArray[np.float64], curve.reshape(-1, 2))
