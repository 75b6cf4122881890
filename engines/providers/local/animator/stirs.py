"""Moves what the painter says can move, by bending the map through which the lens samples the still."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from engines.providers.local.animator.pixels import FloatImage
from engines.providers.local.animator.rhythm import Curve, Rhythm
from models.stirring import Stir

_TURN_DEGREES_PER_S = 1.0
_BLOW_WAVES = 1.4
"""Waves along a flag or a lock of hair."""
_BLINK_S = 0.2
"""How long a blink takes."""
_RIPPLE_ROWS = 0.035
"""A ripple's length at the front of the water, in widths."""


@dataclass(frozen=True)
class Window:
    """How the still lies in the sampled source: source pixels = still widths × `scale` + offset."""

    scale: float
    left: float
    top: float


class Stirs:
    """All movements of a still.

    Args:
        stirs: The movements, from the still.
        window: Where the still is in the sampled source.
        rhythm: The music: most movements follow its beats.
    """

    def __init__(self, stirs: Sequence[Stir], window: Window, rhythm: Rhythm) -> None:
        self._stirs = list(stirs)
        self._window = window
        self._beats = beat_count(rhythm)
        self._time_s = rhythm.time_s
        self._strength = (0.6 + 0.7 * rhythm.energy).astype(np.float32)

    def bend(self, coarse: FloatImage, frame: int) -> FloatImage:
        """The map with all movements of a frame; `coarse` is changed.

        Args:
            coarse: float32, (cells high, cells wide, 2), pixels of the source.
            frame: Counted from 0.

        Returns:
            `coarse`.
        """
        for stir in self._stirs:
            self._one(coarse, stir, frame)
        return coarse

    def _one(self, coarse: FloatImage, stir: Stir, frame: int) -> None:
        w = self._window
        x0, y0 = stir.x * w.scale + w.left, stir.y * w.scale + w.top
        x1, y1 = stir.end_x * w.scale + w.left, stir.end_y * w.scale + w.top
        radius = stir.radius * w.scale
        clock = float(self._time_s[frame] if stir.steady else self._beats[frame])
        angle = 2 * np.pi * (stir.rate * clock + stir.phase)
        power = stir.amount * (1.0 if stir.steady else float(self._strength[frame]))
        if stir.kind == "ripple":
            self._ripple(coarse, y0, power, float(self._time_s[frame]))
            return
        rows, columns = _box(
            coarse,
            min(x0, x1) - 2 * radius,
            min(y0, y1) - 2 * radius,
            max(x0, x1) + 2 * radius,
            max(y0, y1) + 2 * radius,
        )
        view = coarse[rows, columns]
        if view.size == 0:
            return
        px, py = view[:, :, 0], view[:, :, 1]
        along, weight = _weights(px, py, x0, y0, x1, y1, radius)
        if stir.kind in ("press", "blink"):
            depth = 0.5 - 0.5 * float(np.cos(angle))
            if stir.kind == "blink":
                since = (stir.rate * clock + stir.phase) % 1 / max(stir.rate, 1e-3)
                depth = max(0.0, 1 - abs(2 * since / _BLINK_S - 1))
            _press(view, (x0, y0, x1, y1), radius, min(0.95, stir.amount * depth))
        elif stir.kind in ("swing", "rock", "turn"):
            degrees = (
                power * float(self._time_s[frame]) * _TURN_DEGREES_PER_S
                if stir.kind == "turn"
                else power * float(np.sin(angle))
            )
            turn = np.float32(np.radians(degrees)) * weight
            cos, sin = np.cos(turn), np.sin(turn)
            dx, dy = px - x0, py - y0
            px[:], py[:] = x0 + cos * dx + sin * dy, y0 - sin * dx + cos * dy
        elif stir.kind == "bob":
            py += weight * along * np.float32(power * w.scale * (0.5 + 0.5 * float(np.sin(angle))))
        elif stir.kind == "blow":
            wave = np.sin(2 * np.pi * _BLOW_WAVES * along - angle) * along
            length = max(float(np.hypot(x1 - x0, y1 - y0)), 1e-3)
            across = np.float32(power * w.scale) * weight * wave
            px += across * np.float32((y1 - y0) / length)
            py -= across * np.float32((x1 - x0) / length)
        else:
            middle = float(self._time_s[-1]) / 2
            reach = float(np.clip(power * (float(self._time_s[frame]) - middle), -abs(power) * 2, abs(power) * 2))
            px -= weight * np.float32(reach * w.scale)

    def _ripple(self, coarse: FloatImage, top: float, power: float, time_s: float) -> None:
        w = self._window
        first = int(np.searchsorted(coarse[:, coarse.shape[1] // 2, 1], top))
        px, py = coarse[first:, :, 0], coarse[first:, :, 1]
        depth = np.clip((py - top) / np.float32(w.scale), 0, 1)
        length = np.float32(_RIPPLE_ROWS * w.scale) * (0.25 + depth)
        wave = np.sin(2 * np.pi * ((py - top) / length - 0.35 * time_s))
        px += wave * depth * np.float32(power * w.scale)


def _press(view: FloatImage, line: tuple[float, float, float, float], radius: float, flat: float) -> None:
    """Flatten what is near a line towards it; what is above and below is stretched, and nothing else moves."""
    x0, y0, x1, y1 = line
    length = max(float(np.hypot(x1 - x0, y1 - y0)), 1e-3)
    along_x, along_y = np.float32((x1 - x0) / length), np.float32((y1 - y0) / length)
    dx, dy = view[:, :, 0] - np.float32(x0), view[:, :, 1] - np.float32(y0)
    off, at = dy * along_x - dx * along_y, dx * along_x + dy * along_y
    reach = np.abs(off)
    beyond = np.maximum(np.maximum(-at, at - np.float32(length)), 0) / np.float32(radius)
    share = np.clip(1 - beyond, 0, 1)
    inside = np.maximum(np.minimum(reach / np.float32(1 - flat), np.float32(radius)), reach)
    push = np.sign(off) * (inside - reach) * share
    view[:, :, 0] -= push * along_y
    view[:, :, 1] += push * along_x


def _box(coarse: FloatImage, left: float, top: float, right: float, bottom: float) -> tuple[slice, slice]:
    """The cells that sample a box of the source; the map is nearly a grid."""
    columns, rows = coarse[coarse.shape[0] // 2, :, 0], coarse[:, coarse.shape[1] // 2, 1]
    pad = 2
    c0, c1 = np.searchsorted(columns, [left, right])
    r0, r1 = np.searchsorted(rows, [top, bottom])
    return slice(max(0, int(r0) - pad), int(r1) + pad), slice(max(0, int(c0) - pad), int(c1) + pad)


def _weights(
    px: FloatImage, py: FloatImage, x0: float, y0: float, x1: float, y1: float, radius: float
) -> tuple[FloatImage, FloatImage]:
    """How far along a line each point is, 0…1, and how much it belongs to it."""
    vx, vy = x1 - x0, y1 - y0
    square = max(vx * vx + vy * vy, 1e-6)
    along = np.clip(((px - x0) * vx + (py - y0) * vy) / square, 0, 1)
    away = np.hypot(px - x0 - along * vx, py - y0 - along * vy) / np.float32(radius)
    t = np.clip(2 - away, 0, 1)
    return along.astype(np.float32), (t * t * (3 - 2 * t)).astype(np.float32)


def beat_count(rhythm: Rhythm) -> Curve:
    """The beats so far, as a steady clock; two a second where no beat is heard."""
    frames = np.arange(rhythm.frame_count)
    peaks = [
        i
        for i in frames[1:-1]
        if rhythm.beat[i] > 0.2 and rhythm.beat[i] >= rhythm.beat[i - 1] and rhythm.beat[i] > rhythm.beat[i + 1]
    ]
    if len(peaks) < 2:
        return (2.0 * rhythm.time_s).astype(np.float32)
    step = float(np.median(np.diff(peaks)))
    before = np.arange(-1, -2 - int(peaks[0] // step), -1) * step + peaks[0]
    after = np.arange(1, 2 + int((rhythm.frame_count - peaks[-1]) // step)) * step + peaks[-1]
    marks = np.concatenate([before[::-1], peaks, after])
    return np.interp(frames, marks, np.arange(len(marks)) - len(before)).astype(np.float32)
