"""Light that moves over a frame: breathing vignette, drifting brightness, glow that beats, leaks."""

from dataclasses import dataclass

import cv2
import numpy as np

from engines.providers.local.animator.camera import CELL, enlarged
from engines.providers.local.animator.fog import Fog
from engines.providers.local.animator.look import FilmedLook
from engines.providers.local.animator.pixels import FloatImage, Image, blurred, faded, resized, sampled
from engines.providers.local.animator.reach import measure_reach
from engines.providers.local.animator.rhythm import Rhythm

_WARM = np.array([40, 120, 255], np.float32)
_FULL_COLOUR = 0.12
"""Mean saturation from which a picture counts as fully coloured; black-and-white film has none."""


class Light:
    """Lights a shot. All is computed on the coarse grid and enlarged: light is smooth.

    Args:
        source: uint8, (height, width, 4), BGR first: the picture that the lens samples.
        scale: Its pixels per pixel of the frame.
        look: The style's look.
        rhythm: The music.
        palette: BGR colours, 0…255, darkest first.
        fog: The amount of fog, 0…1.
        rng: Directions and phases.

    Attributes:
        reach: The limits of pulses and motion for this still.
        colour: Its colourfulness, 0…1.
    """

    def __init__(
        self,
        source: Image,
        scale: float,
        look: FilmedLook,
        rhythm: Rhythm,
        palette: FloatImage,
        fog: float,
        rng: np.random.Generator,
    ) -> None:
        self._look, self._rhythm = look, rhythm
        self._cell = scale * CELL
        small = (max(8, round(source.shape[1] / self._cell)), max(8, round(source.shape[0] / self._cell)))
        thumb = resized(source, *small, cv2.INTER_AREA)[:, :, :3].astype(np.float32)
        glow = _glow_of(thumb)
        # Glow and brightness are seen through the same map: four channels at once cost less than three.
        self._seen = np.dstack([glow, blurred(thumb.max(2) / 255, 1.5) ** 2]).astype(np.float32)
        self.reach = measure_reach(thumb, glow)
        self._phase = rng.uniform(0, 2 * np.pi, 4)
        self._heading = rng.uniform(0, 2 * np.pi)
        self._fog = Fog(fog, thumb, rhythm, rng) if fog else None
        self.colour = _colourfulness(thumb)
        self._leak_colour = faded(0.35 * palette[-1] + 0.65 * _WARM, self.colour)
        self._leak_side = 1.0 if rng.random() < 0.5 else -1.0
        self._grid: _Grid | None = None

    def fields(self, frame: int, coarse: FloatImage) -> tuple[FloatImage, Image]:
        """A frame's light, on the coarse grid.

        Args:
            frame: Its number.
            coarse: The map of its view.

        Returns:
            A factor on each colour, and levels to add: float32 and uint8, (cells high, cells wide, 3).
        """
        gain, added = self._fields(frame, self._axes(coarse.shape[0], coarse.shape[1]), coarse)
        # Screening instead of adding: white areas keep their detail.
        # Whole levels, like the frame's own, are enlarged and added in half of the time.
        screen = np.float32(1) - added * np.float32(1 / 255)
        screen *= gain[..., None]
        return screen, np.round(added).astype(np.uint8)

    def _fields(self, frame: int, grid: "_Grid", coarse: FloatImage) -> tuple[FloatImage, FloatImage]:
        look, rhythm = self._look, self._rhythm
        time_s = float(rhythm.time_s[frame])
        drive, energy = float(rhythm.drive[frame]), float(rhythm.energy[frame])
        pulse = drive * float(max(0.7 * rhythm.beat[frame], rhythm.downbeat[frame]))
        breath = float(np.sin(2 * np.pi * 0.13 * time_s + self._phase[0]))
        vignette = look.vignette * (1 + 0.18 * breath - 0.35 * pulse)
        # Every number that meets the grid is a plain or a single-precision one: a float64 would double its work.
        gain = np.float32(1) - np.float32(vignette) * grid.corners
        # A soft band of brightness drifts through the frame, faster with faster music.
        band = np.sin(grid.along + np.float32(float(self._phase[1]) - (0.5 + 1.1 * energy) * time_s))
        flicker = 0.012 * float(np.sin(2 * np.pi * 0.9 * time_s + self._phase[2]))
        band *= np.float32(0.05)
        band += np.float32(1 + flicker + self.reach.lift * pulse)
        gain *= band
        seen = sampled(self._seen, coarse / np.float32(self._cell), cv2.BORDER_REPLICATE)
        gain -= np.maximum(gain - np.float32(1), 0) * seen[..., 3]
        shimmer = 0.3 + 0.05 * float(np.sin(2 * np.pi * 0.4 * time_s + self._phase[3]))
        added = seen[..., :3] * np.float32(look.glow * (shimmer + self.reach.glow * pulse))
        if look.leak:
            added += self._leak(grid.x, grid.y, time_s, energy)
        if self._fog is not None:
            cover = self._fog.cover(frame, grid.x, grid.y)
            gain *= np.float32(1) - cover
            added *= np.float32(1) - np.float32(0.5) * cover[..., None]
            added += cover[..., None] * self._fog.colour
        return gain, np.asarray(np.clip(added, 0, 255, out=added), np.float32)

    def _leak(self, x: FloatImage, y: FloatImage, time_s: float, energy: float) -> FloatImage:
        wander = float(np.sin(2 * np.pi * 0.11 * time_s + self._phase[3]))
        centre_x = self._leak_side * (1.15 - 0.2 * wander)
        centre_y = -0.4 + 0.5 * float(np.sin(2 * np.pi * 0.07 * time_s + self._phase[1]))
        distance = (x - centre_x) ** 2 / 0.5 + (y - centre_y) ** 2 / 0.7
        strength = self._look.leak * (0.3 + 0.25 * energy + 0.1 * wander)
        return np.asarray((strength * np.exp(-2 * distance))[..., None] * self._leak_colour, np.float32)

    def _axes(self, high: int, wide: int) -> "_Grid":
        if self._grid is None:
            x, y = np.meshgrid(np.linspace(-1, 1, wide, dtype=np.float32), np.linspace(-1, 1, high, dtype=np.float32))
            corners = np.clip((x * x + y * y - np.float32(0.35)) / np.float32(1.4), 0, 1)
            along = x * np.float32(1.7 * np.cos(self._heading)) + y * np.float32(1.7 * np.sin(self._heading))
            self._grid = _Grid(x, y, corners, along)
        return self._grid


@dataclass(frozen=True)
class _Grid:
    """What the light of all frames shares, all float32, (cells high, cells wide).

    Attributes:
        x, y: From −1 to 1.
        corners: Where the vignette is, 0…1.
        along: The way of the band of brightness, in radians.
    """

    x: FloatImage
    y: FloatImage
    corners: FloatImage
    along: FloatImage


def _colourfulness(thumb: FloatImage) -> float:
    """The colourfulness of a picture, 0…1: the limit for light and motes."""
    spread = float((thumb.max(2) - thumb.min(2)).mean()) / max(float(thumb.max(2).mean()), 1.0)
    return min(1.0, spread / _FULL_COLOUR)


def _glow_of(thumb: FloatImage) -> FloatImage:
    """The glow of a picture's bright parts: float32, like `thumb`, BGR levels to add."""
    brightness = thumb.max(2)
    floor = max(float(np.percentile(brightness, 88)), 40.0)
    ceiling = max(float(brightness.max()), floor + 1)
    weight = np.clip((brightness - floor) / (ceiling - floor), 0, 1)[..., None]
    lights = thumb * weight
    wide = thumb.shape[1]
    near, far = (blurred(lights, max(0.6, wide * share)) for share in (0.015, 0.06))
    return (0.55 * near + 0.45 * far).astype(np.float32)


def shine(fields: tuple[FloatImage, Image], picture: Image, top: int) -> None:
    """Light the rows of a frame from `top` on, in place: uint8, (rows, width, 3), BGR."""
    rows, width = picture.shape[:2]
    cv2.multiply(picture, enlarged(fields[0], top, rows, width), dst=picture, dtype=cv2.CV_8U)
    cv2.add(picture, enlarged(fields[1], top, rows, width), dst=picture)
