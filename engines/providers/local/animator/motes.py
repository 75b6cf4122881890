"""Small things in the air, each on its own course: snow, dust, embers, petals, fireflies, bubbles."""

from dataclasses import dataclass

import cv2
import numpy as np

from engines.providers.local.animator.air import Air
from engines.providers.local.animator.pixels import FloatImage, Image, faded
from engines.providers.local.animator.rhythm import Rhythm

_REFERENCE_WIDTH = 540
_PHASES = 4
"""Sub-pixel positions per axis: slow motes would visibly jump from pixel to pixel."""

_LEVELS = 6
_SIZES = 7


@dataclass(frozen=True)
class _Habit:
    """The behaviour of one kind; lengths in pixels at 540 wide, speeds in frame heights a second.

    Attributes:
        count: Motes in a frame, at amount 1.
        radius: Smallest and largest; small ones are far away, slow and faint.
        fall: Slowest and fastest, down positive.
        drift: Sideways, in frame widths a second, either way.
        sway: How far they swing sideways, in frame widths.
        flicker: How much brightness changes over time, 0…1.
        flicker_hz: The rate of that change.
        light: Whether motes shine (are added) or cover what is behind them.
        hardness: How sharp the edge is: 1 is a Gaussian, larger is a disc.
        squash: Flatness of a turning mote, 1 is round.
        colours: BGR.
        on_beat: How much brighter a beat makes them.
    """

    count: int
    radius: tuple[float, float]
    fall: tuple[float, float]
    drift: float
    sway: float
    flicker: float
    flicker_hz: float
    light: bool
    hardness: float
    squash: float
    colours: tuple[tuple[float, float, float], ...]
    on_beat: float


_HABITS: dict[Air, _Habit] = {
    Air.SNOW: _Habit(190, (0.9, 5.0), (0.07, 0.27), 0.05, 0.03, 0.15, 0.4, False, 1.3, 1.0,
                     ((255, 250, 244), (250, 240, 230)), 0.0),
    Air.DUST: _Habit(60, (0.7, 2.6), (-0.018, 0.03), 0.035, 0.02, 0.8, 0.35, True, 1.0, 1.0,
                     ((150, 190, 220), (170, 195, 210)), 0.5),
    Air.EMBERS: _Habit(70, (0.8, 2.8), (-0.30, -0.08), 0.05, 0.03, 0.7, 2.2, True, 1.0, 1.0,
                       ((30, 120, 255), (60, 170, 255), (20, 70, 240)), 0.8),
    Air.PETALS: _Habit(34, (2.2, 6.0), (0.05, 0.13), 0.06, 0.05, 0.35, 0.9, False, 2.6, 0.45,
                       ((196, 178, 250), (214, 196, 255), (178, 150, 240)), 0.0),
    Air.FIREFLIES: _Habit(30, (1.4, 3.4), (-0.02, 0.02), 0.03, 0.04, 0.95, 0.5, True, 1.0, 1.0,
                          ((90, 235, 220), (110, 250, 190)), 1.2),
    Air.BUBBLES: _Habit(48, (1.2, 5.0), (-0.22, -0.06), 0.015, 0.02, 0.3, 0.8, True, 2.0, 1.0,
                        ((225, 215, 170), (240, 230, 200)), 0.3),
}  # fmt: skip


class Motes:
    """A population of one kind. A mote's position is a function of time, so that a frame needs no history.

    Args:
        kind: One of the kinds that have habits.
        amount: 0…1.
        colour: The picture's colourfulness, 0…1.
        width: The frame's width in pixels.
        height: Its height.
        rhythm: The music; energy accelerates them, beats light them up.
        rng: Their places and courses.
    """

    def __init__(
        self, kind: Air, amount: float, colour: float, width: int, height: int, rhythm: Rhythm, rng: np.random.Generator
    ) -> None:
        self._habit = habit = _HABITS[kind]
        self._width, self._height, self._unit = width, height, width / _REFERENCE_WIDTH
        self._rhythm, self._colourful = rhythm, colour
        self._clock = np.cumsum(rhythm.step_s * (0.75 + 0.6 * rhythm.energy + 0.8 * rhythm.drive * rhythm.beat))
        count = max(4, round(habit.count * amount))
        near = rng.random(count) ** 2.2  # most are far
        low, high = habit.radius
        self._size = np.minimum((near * _SIZES).astype(int), _SIZES - 1)
        self._radii = [(low + (high - low) * (size + 0.5) / _SIZES) * self._unit for size in range(_SIZES)]
        self._near = 0.4 + 0.9 * near
        self._x, self._y = rng.random(count), rng.random(count)
        slow, fast = habit.fall
        self._fall = (slow + (fast - slow) * (0.35 * rng.random(count) + 0.65 * near)) * np.where(
            slow * fast < 0, rng.choice([-1.0, 1.0], count), 1.0
        )
        self._drift = habit.drift * (rng.normal(0.4, 0.6, count)) * rng.choice([-1.0, 1.0])
        self._sway = habit.sway * self._near
        self._rate = 2 * np.pi * rng.uniform(0.12, 0.4, count)
        self._phase = rng.uniform(0, 2 * np.pi, (count, 2))
        self._colour = rng.integers(0, len(habit.colours), count)
        self._sprites: dict[tuple[int, int, int, int, int, int], tuple[Image, Image]] = {}
        self._forms: dict[tuple[int, int, int, int], FloatImage] = {}

    def draw(self, frame: int, picture: Image, shift_x: float, shift_y: float) -> None:
        """Draw them into a frame, in place.

        Args:
            frame: Its number.
            picture: uint8, (height, width, 3), BGR.
            shift_x: The camera's offset, in pixels; near motes move against it.
            shift_y: The same, down.
        """
        habit, t = self._habit, float(self._clock[frame])
        margin = 2 * self._radii[-1] + 4
        x = self._x * self._width + (self._drift * t + self._sway * np.sin(self._rate * t + self._phase[:, 0])) * (
            self._width
        )
        y = self._y * self._height + self._fall * t * self._height
        x = np.mod(x - self._near * shift_x, self._width + 2 * margin) - margin
        y = np.mod(y - self._near * shift_y, self._height + 2 * margin) - margin
        beat = habit.on_beat * float(self._rhythm.drive[frame] * self._rhythm.beat[frame])
        wave = 0.5 + 0.5 * np.sin(2 * np.pi * habit.flicker_hz * self._near * t + self._phase[:, 1])
        shown = (1 - habit.flicker + habit.flicker * wave) * (0.35 + 0.5 * self._near) * (1 + beat)
        level = np.clip((shown * _LEVELS).astype(int), 0, _LEVELS)
        tumble = (np.mod(self._rate * t * 0.5 + self._phase[:, 1], np.pi) / np.pi * 6).astype(int)
        for mote in np.flatnonzero(level):
            self._stamp(picture, float(x[mote]), float(y[mote]), int(mote), int(level[mote]), int(tumble[mote]))

    def _stamp(self, picture: Image, x: float, y: float, mote: int, level: int, tumble: int) -> None:
        whole_x, whole_y = int(np.floor(x)), int(np.floor(y))
        phase = (int((x - whole_x) * _PHASES), int((y - whole_y) * _PHASES))
        turn = tumble if self._habit.squash < 1 else 0
        cover, colour = self._sprite((int(self._size[mote]), *phase, level, int(self._colour[mote]), turn))
        half = colour.shape[0] // 2
        left, top = whole_x - half, whole_y - half
        x0, y0 = max(0, -left), max(0, -top)
        x1, y1 = min(colour.shape[1], self._width - left), min(colour.shape[0], self._height - top)
        if x0 >= x1 or y0 >= y1:
            return
        under = picture[top + y0 : top + y1, left + x0 : left + x1]
        if not self._habit.light:
            cv2.multiply(under, cover[y0:y1, x0:x1], dst=under, scale=1 / 255)
        cv2.add(under, colour[y0:y1, x0:x1], dst=under)

    def _sprite(self, key: tuple[int, int, int, int, int, int]) -> tuple[Image, Image]:
        """A mote's transmission and its own light: both uint8, (side, side, 3)."""
        if key not in self._sprites:
            size, phase_x, phase_y, level, colour, turn = key
            habit, radius = self._habit, self._radii[size]
            alpha = (
                self._form(size, phase_x, phase_y, turn)[..., None] * (level / _LEVELS) * (1.0 if radius > 1 else 0.75)
            )
            tint = faded(np.array(habit.colours[colour], np.float32), self._colourful)
            self._sprites[key] = ((255 * (1 - alpha)).repeat(3, 2).astype(np.uint8), (alpha * tint).astype(np.uint8))
        return self._sprites[key]

    def _form(self, size: int, phase_x: int, phase_y: int, turn: int) -> FloatImage:
        """How much of each pixel a mote covers: the same for every brightness and colour."""
        key = (size, phase_x, phase_y, turn)
        if key not in self._forms:
            habit, radius = self._habit, self._radii[size]
            alpha = _blob(
                radius, (phase_x + 0.5) / _PHASES, (phase_y + 0.5) / _PHASES, habit.hardness, habit.squash, turn
            )
            if habit.light:
                # A core and a halo; the glow is larger than its source.
                alpha = 0.75 * alpha + 0.25 * _blob(2.2 * radius, 0.5, 0.5, 1.0, 1.0, 0, len(alpha))
            self._forms[key] = alpha
        return self._forms[key]


def _blob(
    radius: float, dx: float, dy: float, hardness: float, squash: float, turn: int, side: int | None = None
) -> FloatImage:
    """A soft spot, 0…1, its centre moved by a share of a pixel."""
    side = side or 2 * int(np.ceil(2.6 * radius + 1)) + 1
    line = np.arange(side, dtype=np.float32) - side // 2
    x, y = np.meshgrid(line - dx, line - dy)
    angle = turn * np.pi / 6
    along, across = np.cos(angle) * x + np.sin(angle) * y, -np.sin(angle) * x + np.cos(angle) * y
    distance = (along**2 + (across / max(squash, 0.1)) ** 2) / radius**2
    return np.asarray(np.exp(-0.8 * distance**hardness), np.float32)
