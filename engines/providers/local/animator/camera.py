"""Camera moves over a still: the view of each frame, and parallax between near and far."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np

from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.animator.pixels import Any8OrFloat, FloatImage, Image, blurred, resized, sampled
from engines.providers.local.animator.reach import Reach
from engines.providers.local.animator.rhythm import Curve, Rhythm
from engines.providers.local.animator.stirs import Window
from models.storyboard import CameraMove

CELL = 8
"""Pixels per cell of the coarse grid on which maps and light are computed; both are smooth."""

OVERSAMPLING = 1.25
"""The still is enlarged by this before sampling, so that sub-pixel motion does not alternate between sharp and soft."""

_MIN_TRAVEL, _MAX_TRAVEL = 0.035, 0.17
_PARALLAX = 0.8

_OTHERS = {
    CameraMove.PUSH_IN: (CameraMove.DRIFT, CameraMove.TILT_UP, CameraMove.PULL_OUT),
    CameraMove.PULL_OUT: (CameraMove.PAN_LEFT, CameraMove.PUSH_IN, CameraMove.ROLL),
    CameraMove.PAN_LEFT: (CameraMove.PAN_RIGHT, CameraMove.PUSH_IN, CameraMove.DRIFT),
    CameraMove.PAN_RIGHT: (CameraMove.PAN_LEFT, CameraMove.PULL_OUT, CameraMove.DRIFT),
    CameraMove.TILT_UP: (CameraMove.PUSH_IN, CameraMove.TILT_DOWN, CameraMove.DRIFT),
    CameraMove.TILT_DOWN: (CameraMove.PULL_OUT, CameraMove.TILT_UP, CameraMove.PAN_RIGHT),
    CameraMove.CRANE_UP: (CameraMove.PUSH_IN, CameraMove.TILT_DOWN, CameraMove.PAN_LEFT),
    CameraMove.ROLL: (CameraMove.PUSH_IN, CameraMove.PULL_OUT, CameraMove.DRIFT),
    CameraMove.HANDHELD: (CameraMove.PUSH_IN, CameraMove.PAN_RIGHT, CameraMove.DRIFT),
    CameraMove.DRIFT: (CameraMove.PUSH_IN, CameraMove.PAN_LEFT, CameraMove.TILT_UP),
}
"""Alternative moves for a variation of a shot."""


@dataclass(frozen=True)
class Path:
    """The view of each frame; all curves float32, (frames,).

    Attributes:
        zoom: 1 shows the whole still.
        across, along: The view's centre, −1…1 of the room that the zoom leaves, right and down positive.
        roll: Radians.
        shake_x, shake_y: Further offset in frame widths.
    """

    zoom: Curve
    across: Curve
    along: Curve
    roll: Curve
    shake_x: Curve
    shake_y: Curve


def choose_move(camera_move: CameraMove, motion_prompt: str, variation: int) -> CameraMove:
    """The move to film: the shot's own, another one from the words, or a variation's."""
    words = re.sub(r"[\s_-]+", " ", motion_prompt.lower())
    named = [move for move in CameraMove if move.value in words]
    move = camera_move if camera_move in named or not named else named[0]
    return move if variation == 0 else _OTHERS[move][(variation - 1) % len(_OTHERS[move])]


def plan_path(
    move: CameraMove,
    rhythm: Rhythm,
    look: FilmedLook,
    reach: Reach,
    focus: tuple[float, float],
    rng: np.random.Generator,
) -> Path:
    """Plan a move over a scene.

    Args:
        move: The camera move.
        rhythm: The music; beats accelerate the camera, energy extends the move.
        look: Its speed and steadiness.
        reach: The range that the still allows.
        focus: Position of the subject, −1…1, right and down positive; zooms keep it in place.
        rng: Directions and phases.

    Returns:
        The path.
    """
    time_s = rhythm.time_s
    step_s = rhythm.step_s
    length_s = step_s * rhythm.frame_count
    # Rising beats accelerate the camera: the move itself follows the music, without flicker.
    speed = 0.6 + 0.7 * rhythm.energy + 1.1 * rhythm.drive * rhythm.beat
    window = 0.55 + 0.45 * np.sin(np.pi * (np.arange(len(speed)) + 0.5) / len(speed))
    travelled = np.cumsum(speed * window)
    p = ((travelled - travelled[0]) / max(float(travelled[-1]), 1e-6)).astype(np.float32)
    energy = float(rhythm.energy.mean())
    wish = length_s * (0.02 + 0.035 * energy) * look.tempo
    limit = rhythm.frame_count * min(reach.pan, reach.zoom)
    travel = float(np.clip(min(wish, limit), _MIN_TRAVEL, _MAX_TRAVEL))
    path = _move(move, p, travel, focus, 1.0 if rng.random() < 0.5 else -1.0)
    unsteady = 0.0011 + 0.0075 * look.shake
    wobble = [_wander(time_s, rng) for _ in range(3)]
    kick = reach.kick * rhythm.drive * rhythm.drive * rhythm.downbeat
    punch = reach.punch * rhythm.drive * np.maximum(rhythm.downbeat, 0.5 * rhythm.beat)
    angle = rng.uniform(0, 2 * np.pi) + 2.4 * rhythm.bar  # the golden angle: no two bars in a row jolt alike
    path = replace(
        path,
        zoom=(path.zoom + np.float32(1.5 * unsteady)) * (1 + punch),
        roll=path.roll + np.float32(1.2 * unsteady) * wobble[2],
        shake_x=unsteady * wobble[0] + kick * np.cos(angle).astype(np.float32),
        shake_y=unsteady * wobble[1] + kick * np.sin(angle).astype(np.float32),
    )
    hold = round(1 / (look.poses_per_s * step_s)) if look.poses_per_s else 1
    if hold > 1:
        path = Path(*(curve[np.arange(len(p)) // hold * hold] for curve in vars(path).values()))
    return path


def _move(move: CameraMove, p: Curve, travel: float, focus: tuple[float, float], side: float) -> Path:
    """A move's curves; `p` runs from 0 to 1, `travel` is its length as a share of the frame."""
    curves: tuple[float | Curve, ...]
    swing = (2 * p - 1).astype(np.float32)
    x, y = focus
    near, room = 1.03, 1.04 + travel
    match move:
        case CameraMove.PUSH_IN:
            curves = (near + travel * p, x + 0.15 * side * swing, y, 0, 0, 0)
        case CameraMove.PULL_OUT:
            curves = (near + travel * (1 - p), x - 0.15 * side * swing, y, 0, 0, 0)
        case CameraMove.PAN_LEFT:
            curves = (room, -swing, y, 0.004 * swing, 0, 0)
        case CameraMove.PAN_RIGHT:
            curves = (room, swing, y, -0.004 * swing, 0, 0)
        case CameraMove.TILT_UP:
            curves = (room, x + 0.1 * side * swing, -swing, 0, 0, 0)
        case CameraMove.TILT_DOWN:
            curves = (room, x + 0.1 * side * swing, swing, 0, 0, 0)
        case CameraMove.CRANE_UP:
            curves = (room + 0.5 * travel * (1 - p), x + 0.2 * side * swing, 0.2 - 0.8 * swing, 0, 0, 0)
        case CameraMove.ROLL:
            curves = (near + 0.07 + 0.5 * travel * p, x, y, side * 0.3 * travel * swing, 0, 0)
        case CameraMove.HANDHELD:
            curves = (near + 0.03 + 0.6 * travel * p, x + 0.3 * side * swing, y, 0, 0, 0)
        case CameraMove.DRIFT:
            curves = (near + 0.02 + 0.5 * travel, side * 0.9 * swing, y - 0.5 * swing, side * 0.02 * swing, 0, 0)
    zoom, across, along, *rest = (np.asarray(curve, np.float32) + np.zeros_like(p) for curve in curves)
    return Path(zoom, np.clip(across, -1, 1), np.clip(along, -1, 1), *rest)


def _wander(time_s: Curve, rng: np.random.Generator) -> Curve:
    """A hand's unrest: sines with incommensurable rates, −1…1, about 0.3 to 2 Hz."""
    rates = np.array([0.31, 0.73, 1.27, 2.09]) * rng.uniform(0.85, 1.15, 4)
    weights = np.array([0.45, 0.3, 0.17, 0.08])
    phases = rng.uniform(0, 2 * np.pi, 4)
    waves = np.sin(2 * np.pi * time_s[:, None] * rates + phases)
    return np.asarray(waves @ weights, np.float32)


class Lens:
    """Samples the still through a path.

    Args:
        still: uint8, (height, width, 3), any size.
        width: The frame's width in pixels.
        height: The frame's height in pixels.
        depth: The painter's own depth, see `Stirring`; guessed without.

    Attributes:
        source: The enlarged still: uint8, (height, width, 4), BGR and a channel without meaning. OpenCV samples four
            channels in less than half of the time that it takes for three.
        window: Where the still is in it.
    """

    def __init__(self, still: Image, width: int, height: int, depth: Sequence[str] = ()) -> None:
        self.width, self.height = width, height
        self._scale = OVERSAMPLING
        large = _cover(still, round(width * OVERSAMPLING), round(height * OVERSAMPLING))
        self.source = np.asarray(cv2.cvtColor(large, cv2.COLOR_BGR2BGRA), np.uint8)
        cells_x, cells_y = -(-width // CELL) + 2, -(-height // CELL) + 2
        # One cell beyond every edge: enlarging a grid cannot extrapolate.
        xs = (np.arange(cells_x, dtype=np.float32) - 0.5) * CELL - 0.5 - (width - 1) / 2
        ys = (np.arange(cells_y, dtype=np.float32) - 0.5) * CELL - 0.5 - (height - 1) / 2
        self._x, self._y = np.meshgrid(xs, ys)
        small = resized(large, cells_x, cells_y, cv2.INTER_AREA)
        self.depth = known_depth(depth, small) if depth else guess_depth(small)
        self.focus = find_focus(small)
        self.window = _window(still, self.source)

    def shift(self, path: Path, frame: int) -> tuple[float, float]:
        """Offset of the view's centre from the still's, in the frame's pixels, right and down positive."""
        zoom, sin = float(path.zoom[frame]), abs(float(np.sin(path.roll[frame])))
        room_x = max(0.0, self.width / 2 * (1 - 1 / zoom) - sin * self.height / 2)
        room_y = max(0.0, self.height / 2 * (1 - 1 / zoom) - sin * self.width / 2)
        return (
            float(path.across[frame]) * room_x + float(path.shake_x[frame]) * self.width,
            float(path.along[frame]) * room_y + float(path.shake_y[frame]) * self.width,
        )

    def coarse_map(self, path: Path, frame: int) -> FloatImage:
        """The position in the still of each cell of the grid.

        Returns:
            float32, (cells high, cells wide, 2), pixels of `source`; the grid reaches a cell beyond the frame.
        """
        zoom, roll = float(path.zoom[frame]), float(path.roll[frame])
        # Plain floats: with a float64 of NumPy the whole grid would be computed twice as wide.
        cos, sin = float(np.cos(roll)), float(np.sin(roll))
        shift_x, shift_y = self.shift(path, frame)
        x = (cos * self._x - sin * self._y) / zoom + shift_x
        y = (sin * self._x + cos * self._y) / zoom + shift_y
        near = self._sample_depth(x, y)
        # What is nearer moves further, sideways and towards the camera.
        near_zoom = 1 - 0.5 * _PARALLAX * (zoom - 1) * near
        slide = 0.5 * _PARALLAX * near
        x = (x - shift_x) * near_zoom + shift_x * (1 + slide)
        y = (y - shift_y) * near_zoom + shift_y * (1 + slide)
        x, y = (x + self.width / 2) * self._scale - 0.5, (y + self.height / 2) * self._scale - 0.5
        return np.dstack([x, y]).astype(np.float32)

    def _sample_depth(self, x: FloatImage, y: FloatImage) -> FloatImage:
        high, wide = self.depth.shape
        at_x = ((x / self.width + 0.5) * wide - 0.5).astype(np.float32)
        at_y = ((y / self.height + 0.5) * high - 0.5).astype(np.float32)
        return sampled(self.depth, np.dstack([at_x, at_y]), cv2.BORDER_REPLICATE)

    def shoot(self, coarse: FloatImage, top: int, rows: Image) -> None:
        """Take the rows of a frame that a map sees, from `top` on: uint8, (rows, width, 3), BGR."""
        seen = sampled(self.source, enlarged(coarse, top, len(rows), self.width), cv2.BORDER_REFLECT_101)
        cv2.cvtColor(seen, cv2.COLOR_BGRA2BGR, dst=rows)


def enlarged(grid: Any8OrFloat, top: int, rows: int, width: int) -> Any8OrFloat:
    """Rows of a frame out of a coarse grid that reaches a cell beyond it.

    Args:
        grid: (cells high, cells wide[, channels]).
        top: The first row, a multiple of `CELL`.
        rows: The number of rows.
        width: The frame's width in pixels.

    Returns:
        (rows, width[, channels]).
    """
    first, cells = top // CELL, -(-rows // CELL) + 2
    part = grid[first : first + cells]
    fine = resized(part, part.shape[1] * CELL, cells * CELL, cv2.INTER_LINEAR)
    return fine[CELL : CELL + rows, CELL : CELL + width]


def known_depth(rows: Sequence[str], picture: Image) -> FloatImage:
    """The painter's depth for a small picture, smoothed so that near things bend their surroundings without tears.

    Args:
        rows: As in `Stirring`.
        picture: uint8, (height, width, 3), small.

    Returns:
        float32, (height, width), −0.5 far … 0.5 near.
    """
    high, wide = picture.shape[:2]
    digits = np.array([[int(digit, 16) for digit in row] for row in rows], np.float32) / np.float32(15)
    return blurred(resized(np.float32(0.5) - digits, wide, high, cv2.INTER_LINEAR), max(wide / 16, 0.8))


def _window(still: Image, source: Image) -> Window:
    high, wide = still.shape[:2]
    scale = max(source.shape[1] / wide, source.shape[0] / high)
    left, top = (source.shape[1] - wide * scale) / 2, (source.shape[0] - high * scale) / 2
    return Window(scale * wide, left, top)


def guess_depth(picture: Image) -> FloatImage:
    """Estimate the depth of a picture.

    The ground comes towards the camera, so lower is nearer; and salient things are in front of their row.

    Args:
        picture: uint8, (height, width, 3), small.

    Returns:
        float32, (height, width), −0.5 far … 0.5 near, smooth enough to bend a picture without tearing it.
    """
    high, wide = picture.shape[:2]
    fall = np.linspace(0, 1, high, dtype=np.float32)[:, None] ** 1.6
    depth = blurred(0.62 * fall + 0.38 * _standing_out(picture), max(wide / 20, 0.8))
    return depth - np.float32(0.5)


def find_focus(picture: Image) -> tuple[float, float]:
    """The probable position of the subject: the centre of salience near the middle, −1…1, right and down positive."""
    high, wide = picture.shape[:2]
    x, y = np.meshgrid(np.linspace(-1, 1, wide), np.linspace(-1, 1, high))
    weight = _standing_out(picture) ** 2 * np.exp(-2 * x * x - 1.2 * (y - 0.1) ** 2) + 1e-6
    total = float(weight.sum())
    return float((x * weight).sum()) / total, float((y * weight).sum()) / total


def _standing_out(picture: Image) -> FloatImage:
    """How much each place differs from the middle of its row: float32, (height, width), 0…1, smooth."""
    rows = picture.astype(np.float32)
    apart = np.abs(rows - np.median(rows, axis=1, keepdims=True)).mean(2)
    apart = blurred(apart, max(picture.shape[1] / 14, 0.8))
    return apart / np.float32(max(float(apart.max()), 1e-3))


def _cover(picture: Image, width: int, height: int) -> Image:
    """Crop to the aspect of `width` × `height`, centred, and resize."""
    high, wide = picture.shape[:2]
    scale = max(width / wide, height / high)
    crop_w, crop_h = min(wide, round(width / scale)), min(high, round(height / scale))
    left, top = (wide - crop_w) // 2, (high - crop_h) // 2
    part = picture[top : top + crop_h, left : left + crop_w]
    smaller = crop_w > width
    return resized(part, width, height, cv2.INTER_AREA if smaller else cv2.INTER_CUBIC)
