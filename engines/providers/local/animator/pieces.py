"""Moves the pieces that the painter cut out of a still: legs that walk, wings, cars, over what is behind them."""

import base64
import zlib
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from engines.providers.local.animator.pixels import Image
from engines.providers.local.animator.rhythm import Rhythm
from engines.providers.local.animator.stirs import Window, beat_count
from models.stirring import STILL, Cutting, Piece

_FRINGE_CELLS = 1.6
"""How far a piece's outline and its softness reach beyond its cells: so much more of the ground is filled."""
_ROAM = 0.34
"""How far a piece that moves steadily comes from its place, in widths."""
_NEAREST = 0.3
"""The logarithm of the most by which a piece comes nearer."""
_UNDER = 2.2
"""How far a limb goes on under what covers it, in its half thicknesses."""
_AGREED = 6.0
"""How much more ends count that agree."""
_MOST_CELLS = 1_000_000

_ON_TWOS = 2
"""Of more pieces than these, as in drawn films, only every second frame has a pose of its own: limbs cost the most."""
_COARSE = 3
"""Pixels of the source a pixel of the filled ground."""
_EDGE = 96
"""Of 255: where a piece ends, a little outside of its cells."""
_REPLICATE = cv2.BORDER_REPLICATE
_CROSS = np.ones((3, 3), np.uint8)

Labels = NDArray[np.uint8]
Affine = NDArray[np.float64]
"""(3, 3), over pixels of the source."""
Box = tuple[slice, slice]
"""Rows and columns."""


@dataclass(frozen=True)
class _Sprite:
    """A piece's own pixels.

    Attributes:
        left, top: Its corner in the source.
        picture: uint8, (height, width, 4), BGR, and 255 where it is, with soft edges; nothing of it is at its border.
    """

    left: int
    top: int
    picture: Image


class Pieces:
    """All pieces of a shot; while they move, they are painted into what the lens samples.

    Args:
        cutting: As the painter cut them.
        source: What the lens samples: uint8, (height, width, 4), BGR first; it is painted over.
        window: Where the still is in it.
        rhythm: The music.
    """

    def __init__(self, cutting: Cutting, source: Image, window: Window, rhythm: Rhythm) -> None:
        self._source, self._window = source, window
        self._beats, self._time_s = beat_count(rhythm), rhythm.time_s
        self._pieces = cutting.pieces
        labels = _labels(cutting)
        self._grid = grid = _Grid(
            cutting.x * window.scale + window.left,
            cutting.y * window.scale + window.top,
            cutting.cell * window.scale,
            source.shape[1],
            source.shape[0],
        )
        self._drawn = -1
        self._ground = source.copy()
        self._sprites = [self._sprite(number, labels) for number in range(1, len(self._pieces) + 1)]
        rows, columns = np.nonzero(labels < STILL)
        self._before: dict[int, tuple[Box, Image, Image]] = {}
        for level in (int(one) for one in np.unique(labels[labels > STILL])):
            at_rows, at_columns = np.nonzero(labels == level)
            box = grid.box(at_rows, at_columns, 0)
            mask = (grid.enlarged(labels == level, box) > 127).astype(np.uint8)
            self._before[level - STILL] = (box, mask, source[box].copy())
        if len(rows):
            self._clear(labels, grid.box(rows, columns, 6 * grid.side))
        self._dirty: list[Box] = [(slice(0, source.shape[0]), slice(0, source.shape[1]))]

    def _clear(self, labels: Labels, box: Box) -> None:
        """Take the pieces out of the ground, a few pixels at a time: what is left behind is soft anyway."""
        ground = self._ground[box]
        size = (max(2, ground.shape[1] // _COARSE), max(2, ground.shape[0] // _COARSE))
        cells = self._grid.box_of(labels, box)
        small = cv2.resize(ground, size, interpolation=cv2.INTER_AREA)
        near = cv2.resize(cells, size, interpolation=cv2.INTER_NEAREST)
        side = self._grid.side / _COARSE
        missing = cv2.dilate((near < STILL).astype(np.uint8), _CROSS, iterations=max(1, round(_FRINGE_CELLS * side)))
        _fill(np.asarray(small, np.uint8), np.asarray(missing) > 0, np.asarray(near, np.uint8))
        filled = cv2.resize(small, ground.shape[1::-1], interpolation=cv2.INTER_CUBIC)
        mask = cv2.resize(missing * 255, ground.shape[1::-1], interpolation=cv2.INTER_LINEAR)
        cv2.copyTo(filled, (mask > 100).astype(np.uint8), ground)

    def draw(self, frame: int) -> None:
        """Paint a frame's pieces into the source."""
        if len(self._pieces) > _ON_TWOS:
            frame -= frame % 2
        if frame == self._drawn:
            return
        self._drawn = frame
        for box in self._dirty:
            self._source[box] = self._ground[box]
        self._dirty = []
        worlds: dict[int, Affine] = {}
        for index, sprite in enumerate(self._sprites):
            if sprite is not None:
                stamped = _stamp(self._source, sprite, self._world(index, frame, worlds))
                if stamped is not None:
                    self._dirty.append(stamped)
            if index + 1 in self._before:
                self._cover(*self._before[index + 1])

    def _cover(self, place: Box, mask: Image, picture: Image) -> None:
        """Put what does not move back over what has been painted."""
        top, left = place[0].start, place[1].start
        for rows, columns in self._dirty:
            y0, y1 = max(rows.start, top), min(rows.stop, place[0].stop)
            x0, x1 = max(columns.start, left), min(columns.stop, place[1].stop)
            if y0 < y1 and x0 < x1:
                part = slice(y0 - top, y1 - top), slice(x0 - left, x1 - left)
                cv2.copyTo(picture[part], mask[part], self._source[y0:y1, x0:x1])

    def _world(self, index: int, frame: int, worlds: dict[int, Affine]) -> Affine:
        """From a piece's place in the still to its place now."""
        if index not in worlds:
            piece = self._pieces[index]
            own = self._own(piece, frame)
            on = piece.parent if 0 <= piece.parent < len(self._pieces) and piece.parent != index else -1
            worlds[index] = own
            worlds[index] = own if on < 0 else self._world(on, frame, worlds) @ own
        return worlds[index]

    def _own(self, piece: Piece, frame: int) -> Affine:
        w = self._window
        x, y = piece.x * w.scale + w.left, piece.y * w.scale + w.top
        share = (piece.rate * float(self._time_s[frame] if piece.steady else self._beats[frame]) + piece.phase) % 1.0
        turn = np.radians(_sampled(piece.turns, share, 0.0))
        flat, lift = _sampled(piece.flats, share, 1.0), _sampled(piece.lifts, share, 0.0) * w.scale
        since = float(self._time_s[frame]) - float(self._time_s[-1]) / 2
        scale = float(np.exp(np.clip(piece.grow * since, -_NEAREST, _NEAREST)))
        away = float(np.clip(piece.speed * since, -_ROAM, _ROAM)) * w.scale
        cos, sin = float(np.cos(turn)) * scale, float(np.sin(turn)) * scale
        a, b, c, d = cos, -sin * flat, sin, cos * flat
        return np.array([[a, b, x + away - a * x - b * y], [c, d, y - lift - c * x - d * y], [0.0, 0.0, 1.0]])

    def _sprite(self, number: int, labels: Labels) -> _Sprite | None:
        """Cut a piece out; where something covers it, its own nearest colours go on."""
        piece, grid = self._pieces[number - 1], self._grid
        rows, columns = np.nonzero(labels == number)
        if not len(rows):
            return None
        reach = _UNDER * piece.radius * self._window.scale
        box = grid.box(rows, columns, reach)
        own = grid.enlarged(labels == number, box)
        core = cv2.erode(own, _CROSS) > 200
        if not core.any():
            return None
        covered = (labels > number) & (labels < STILL) | (labels >= STILL + number)
        if piece.parent >= 0:
            covered |= labels == piece.parent + 1
        hidden = grid.enlarged(covered, box) > 127
        hidden &= self._bone(piece, box) if piece.radius else _between(own)
        if piece.radius and hidden.any():
            # Not far: what clothes hide all the time should not come out beside them.
            near = cv2.distanceTransform((own < 128).astype(np.uint8), cv2.DIST_L2, 3)
            hidden &= np.asarray(near) < reach
        picture = self._ground[box].copy()
        lost = hidden & (own < 128)
        if lost.any():
            picture[lost] = picture[_nearest(core, lost)]
        own[hidden] = 255
        picture[:, :, 3] = own
        y0, y1, x0, x1 = _bounds(own > 0)
        framed = cv2.copyMakeBorder(picture[y0:y1, x0:x1], 1, 1, 1, 1, _REPLICATE)
        framed[[0, -1], :, 3] = framed[:, [0, -1], 3] = 0
        sprite = _Sprite(box[1].start + x0 - 1, box[0].start + y0 - 1, np.asarray(framed, np.uint8))
        return _prolonged(sprite, piece.period * self._window.scale, grid.wide) if piece.period else sprite

    def _bone(self, piece: Piece, box: Box) -> NDArray[np.bool_]:
        mask = np.zeros((box[0].stop - box[0].start, box[1].stop - box[1].start), np.uint8)
        w = self._window
        ends = [
            (round(x * w.scale + w.left - box[1].start), round(y * w.scale + w.top - box[0].start))
            for x, y in ((piece.x, piece.y), (piece.end_x, piece.end_y))
        ]
        cv2.line(mask, ends[0], ends[1], 255, max(1, round(2 * piece.radius * w.scale)))
        return np.asarray(mask > 0)


@dataclass(frozen=True)
class _Grid:
    """Where the cells are in the source.

    Attributes:
        left, top: Their corner.
        side: A cell's side.
        wide, high: The source's size.
    """

    left: float
    top: float
    side: float
    wide: int
    high: int

    def box(self, rows: NDArray[np.intp], columns: NDArray[np.intp], around: float) -> Box:
        """The pixels of some cells, and so many around them."""
        pad = around + 1.5 * self.side + 1
        y0 = int(np.clip(self.top + rows.min() * self.side - pad, 0, self.high - 1))
        x0 = int(np.clip(self.left + columns.min() * self.side - pad, 0, self.wide - 1))
        y1 = int(np.clip(self.top + (rows.max() + 1) * self.side + pad, y0 + 1, self.high))
        x1 = int(np.clip(self.left + (columns.max() + 1) * self.side + pad, x0 + 1, self.wide))
        return slice(y0, y1), slice(x0, x1)

    def enlarged(self, cells: NDArray[np.bool_], box: Box) -> Image:
        """A map of cells over a box: uint8, 255 where it is true, with soft edges."""
        return self._warped(cells.astype(np.uint8) * 255, box, cv2.INTER_LINEAR)

    def box_of(self, labels: Labels, box: Box) -> Labels:
        """The labels of a box's pixels."""
        return self._warped(labels, box, cv2.INTER_NEAREST)

    def _warped(self, cells: Labels, box: Box, how: int) -> Image:
        half = 0.5 / self.side - 0.5
        back = np.array(
            [
                [1 / self.side, 0, (box[1].start - self.left) / self.side + half],
                [0, 1 / self.side, (box[0].start - self.top) / self.side + half],
            ]
        )
        size = (box[1].stop - box[1].start, box[0].stop - box[0].start)
        flags = how | cv2.WARP_INVERSE_MAP
        return np.asarray(cv2.warpAffine(cells, back, size, flags=flags, borderMode=_REPLICATE), np.uint8)


def _labels(cutting: Cutting) -> Labels:
    """The cells: uint8, (rows, columns)."""
    data = zlib.decompressobj().decompress(base64.b64decode(cutting.labels), _MOST_CELLS)
    rows = max(1, len(data) // cutting.columns)
    return np.frombuffer(data.ljust(cutting.columns, bytes([STILL]))[: rows * cutting.columns], np.uint8).reshape(
        rows, cutting.columns
    )


def _stamp(source: Image, sprite: _Sprite, world: Affine) -> Box | None:
    """Paint a sprite; where it came to be, None outside of the picture."""
    high, wide = sprite.picture.shape[:2]
    x = np.array([0, wide, 0, wide]) + sprite.left
    y = np.array([0, 0, high, high]) + sprite.top
    at = world[:2] @ np.vstack([x, y, np.ones(4)])
    x0, y0 = np.floor(np.maximum(at.min(1), 0)).astype(int).tolist()
    x1, y1 = np.ceil(np.minimum(at.max(1), [source.shape[1], source.shape[0]])).astype(int).tolist()
    if x0 >= x1 or y0 >= y1:
        return None
    move = world[:2].copy()
    move[:, 2] += world[:2, :2] @ [sprite.left, sprite.top] - [x0, y0]
    size = (x1 - x0, y1 - y0)
    # All four channels at once: less than half of the time of three and one.
    picture = cv2.warpAffine(sprite.picture, move, size, flags=cv2.INTER_LINEAR, borderMode=_REPLICATE)
    cover = cv2.extractChannel(picture, 3)
    # The source has more pixels than the frame: the lens softens the edge.
    cv2.threshold(cover, _EDGE, 255, cv2.THRESH_BINARY, dst=cover)
    box = slice(y0, y1), slice(x0, x1)
    cv2.copyTo(picture, cover, source[box])
    return box


def _sampled(samples: tuple[float, ...], share: float, rest: float) -> float:
    """A cycle's value between its samples."""
    if not samples:
        return rest
    at = share * len(samples)
    first = int(at) % len(samples)
    return samples[first] + (samples[(first + 1) % len(samples)] - samples[first]) * (at - int(at))


def _bounds(mask: NDArray[np.bool_]) -> tuple[int, int, int, int]:
    """The rows and columns of what is true, and one around: first row, end, first column, end."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return (
        max(0, int(rows[0]) - 1),
        min(mask.shape[0], int(rows[-1]) + 2),
        max(0, int(columns[0]) - 1),
        min(mask.shape[1], int(columns[-1]) + 2),
    )


def _between(own: Image) -> NDArray[np.bool_]:
    """What lies between a piece's ends in each row."""
    solid = own > 127
    return np.logical_or.accumulate(solid, axis=1) & np.logical_or.accumulate(solid[:, ::-1], axis=1)[:, ::-1]


def _nearest(known: NDArray[np.bool_], lost: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each lost pixel the row and the column of the nearest that is known."""
    _, marks = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 3, labelType=cv2.DIST_LABEL_PIXEL
    )
    rows, columns = np.nonzero(known)
    order = np.zeros(int(marks.max()) + 1, np.intp)
    order[marks[rows, columns]] = np.arange(len(rows))
    found = order[marks[lost]]
    return rows[found], columns[found]


def _prolonged(sprite: _Sprite, period: float, wide: int) -> _Sprite:
    """A sprite that goes on beyond the edges of the picture as it does before them."""
    step = max(1, round(period))
    picture = sprite.picture[:, 1:-1]
    width = picture.shape[1]
    ahead = round(_ROAM * wide)
    before = ahead if sprite.left <= 1 else 0
    behind = ahead if sprite.left + width >= wide - 3 else 0
    at = np.arange(-before, width + behind)
    at = np.where(at < 0, at % step, np.where(at >= width, width - 1 - (width - 1 - at) % step, at))
    at = np.clip(at, 0, width - 1)
    framed = cv2.copyMakeBorder(picture[:, at], 0, 0, 1, 1, _REPLICATE)
    framed[:, [0, -1], 3] = 0
    return _Sprite(sprite.left - before, sprite.top, np.asarray(framed, np.uint8))


def _fill(picture: Image, missing: NDArray[np.bool_], labels: Labels) -> None:
    """Fill what pieces leave behind from the nearest known pixels in its row and in its column.

    Where some of them are farther away than others, as beside a body, only those count. Where a row's, or a column's,
    two ends agree, the ground is most likely the same between them: kerbs, walls and horizons go on.
    """
    rows, columns = np.nonzero(missing)
    if not len(rows):
        return
    high, wide = missing.shape
    at_x, at_y = np.arange(wide)[None, :], np.arange(high)[:, None]
    left = np.maximum.accumulate(np.where(missing, -1, at_x), axis=1)[rows, columns]
    right = np.minimum.accumulate(np.where(missing, wide, at_x)[:, ::-1], axis=1)[:, ::-1][rows, columns]
    top = np.maximum.accumulate(np.where(missing, -1, at_y), axis=0)[rows, columns]
    bottom = np.minimum.accumulate(np.where(missing, high, at_y)[::-1], axis=0)[::-1][rows, columns]
    found = []
    for y, x, away, there in (
        (rows, left, columns - left, left >= 0),
        (rows, right, right - columns, right < wide),
        (top, columns, rows - top, top >= 0),
        (bottom, columns, bottom - rows, bottom < high),
    ):
        spot = np.clip(y, 0, high - 1), np.clip(x, 0, wide - 1)
        found.append((picture[spot].astype(np.float32), np.where(there, labels[spot], 255), 1.0 / np.maximum(away, 1)))
    farthest = np.minimum.reduce([level for _, level, _ in found])
    total, weights = np.zeros((len(rows), picture.shape[2]), np.float32), np.zeros(len(rows), np.float32)
    for first, second in ((found[0], found[1]), (found[2], found[3])):
        apart = np.abs(first[0] - second[0]).max(axis=1)
        agreed = np.where(first[1] == second[1], 1 + _AGREED * np.exp(-apart / 10), 1)
        for colour, level, near in (first, second):
            weight = (agreed * near * (level == farthest) + 1e-6 * near).astype(np.float32)
            total += colour * weight[:, None]
            weights += weight
    picture[rows, columns] = np.round(total / weights[:, None]).astype(np.uint8)
    picture[rows, columns] = cv2.GaussianBlur(picture, (0, 0), 1.3)[rows, columns]
