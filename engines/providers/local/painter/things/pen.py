"""Draws one thing in its own coordinates, in the picture's light."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Colour, Points, ellipse, limb, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import Rng
from engines.providers.local.painter.scene import Scene

Stand = Literal["ground", "water", "sky", "shore", "hang", "wall"]
"""Where a thing belongs: on the ground, on or in water, in the sky, at the coast, from above, on a wall."""


@dataclass(frozen=True)
class Put:
    """A thing set into a picture: the middle of its foot at (x, y), `size` widths tall.

    Attributes:
        facing: -1 to the left, 1 to the right.
        colour: As asked; None for the thing's own.
        depth: 0 at the lens … 1.
        number: Counts things of a kind.
        doing: What an animal does.
        close: Drawn large, as the picture's subject.
        turn: Radians from its upright pose against the clock, about its foot, as seen when it faces right.
    """

    x: float
    y: float
    size: float
    facing: int = 1
    colour: Colour | None = None
    depth: float = 0.2
    number: int = 0
    doing: str = ""
    close: bool = False
    turn: float = 0.0


class Pen:
    """Coordinates of a thing: x from its middle in the direction that it faces, y up from its foot, in its heights.

    Attributes:
        squeeze: Scales x.
    """

    def __init__(self, scene: Scene, put: Put, name: str) -> None:
        self.scene, self.put, self.name = scene, put, name
        self.canvas, self.mood = scene.canvas, scene.mood
        self.shapes: list[Points] = []
        self.rng: Rng = scene.rng("thing", name, put.number)
        self.ident = self.canvas.new_object()
        self.squeeze = 1.0

    def colour(self, own: str) -> Colour:
        """The colour that was asked for, or the thing's own."""
        return rgb(own) if self.put.colour is None else self.put.colour

    def at(self, x: float, y: float) -> tuple[float, float]:
        """A point in the picture."""
        x *= self.squeeze
        if self.put.turn:
            cos, sin = np.cos(self.put.turn), np.sin(self.put.turn)
            x, y = float(x * cos - y * sin), float(x * sin + y * cos)
        return self.put.x + self.put.facing * x * self.put.size, self.put.y - y * self.put.size

    def path(self, *points: tuple[float, float]) -> NDArray[np.float64]:
        """Points in the picture."""
        return np.array([self.at(*point) for point in points])

    def lit(self, colour: Colour, facing: float = 0.7) -> Colour:
        """A material in the scene's light, through the air before it."""
        return self.mood.far(self.mood.lit(colour, facing) * np.float32(0.9), self.put.depth * 0.62)

    def part(self, *points: tuple[float, float], colour: Colour, curve: bool = False, below: float = 0.78) -> None:
        """A polygon, or a smooth outline through its points, darker below."""
        outline = self.path(*points)
        self.solid([smooth(outline, 7) if curve else outline], colour, below)

    def solid(self, shapes: Sequence[Points], colour: Colour, below: float = 0.78) -> None:
        """Shapes in the picture's coordinates as one part."""
        self.shapes.extend(shapes)
        lit = self.lit(colour)
        self.canvas.fill(
            list(shapes), lit * np.float32(1.06), lit * np.float32(below), depth=self.put.depth, ident=self.ident
        )

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour, turn: float = 0.0) -> None:
        """An ellipse."""
        self.solid([self.ring(x, y, rx, ry, turn)], colour)

    def ring(self, x: float, y: float, rx: float, ry: float, turn: float = 0.0) -> NDArray[np.float64]:
        """An ellipse's outline in the picture."""
        px, py = self.at(x, y)
        return ellipse(px, py, rx * self.put.size, ry * self.put.size, -(turn + self.put.turn) * self.put.facing, 36)

    def bar(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, below: float = 0.78) -> None:
        """An upright rectangle."""
        self.part((x0, y0), (x1, y0), (x1, y1), (x0, y1), colour=colour, below=below)

    def rod(self, a: tuple[float, float], b: tuple[float, float], r0: float, r1: float, colour: Colour) -> None:
        """A tapered limb."""
        self.solid([self.stick(a, b, r0, r1)], colour)

    def stick(self, a: tuple[float, float], b: tuple[float, float], r0: float, r1: float) -> NDArray[np.float64]:
        """A tapered limb's outline in the picture."""
        return limb(self.at(*a), self.at(*b), r0 * self.put.size, r1 * self.put.size)

    def mark(
        self, *points: tuple[float, float], colour: Colour, alpha: float = 1.0, curve: bool = False, soft: float = 0.0
    ) -> None:
        """Something painted onto the thing."""
        outline = self.path(*points)
        self.canvas.fill(
            [smooth(outline, 7) if curve else outline], self.lit(colour), alpha=alpha, soft=soft * self.put.size
        )

    def spot(
        self, x: float, y: float, rx: float, ry: float, colour: Colour, alpha: float = 1.0, soft: float = 0.0
    ) -> None:
        """An ellipse painted onto the thing."""
        self.canvas.fill([self.ring(x, y, rx, ry)], self.lit(colour), alpha=alpha, soft=soft * self.put.size)

    def line(self, *points: tuple[float, float], thick: float, colour: Colour, alpha: float = 1.0) -> None:
        """An open line."""
        self.lines([self.path(*points)], thick, colour, alpha)

    def lines(self, lines: Sequence[Points], thick: float, colour: Colour, alpha: float = 1.0) -> None:
        """Open lines in the picture's coordinates."""
        width = max(thick * self.put.size, 0.7 / self.canvas.width)
        self.canvas.stroke(list(lines), width, self.lit(colour), depth=self.put.depth, ident=self.ident, alpha=alpha)

    def light(self, *points: tuple[float, float], colour: Colour, power: float = 1.0, curve: bool = False) -> None:
        """A polygon that shines."""
        outline = self.path(*points)
        shape = smooth(outline, 7) if curve else outline
        self.shapes.append(shape)
        self.canvas.fill([shape], colour * np.float32(power), depth=self.put.depth, ident=self.ident)

    def glow(self, x: float, y: float, radius: float, colour: Colour, strength: float = 1.0) -> None:
        """A round glow."""
        self.canvas.glow(*self.at(x, y), radius * self.put.size, colour, strength)

    def glass(self) -> Colour:
        """A window pane: the sky in it by day, lamps behind it at night."""
        dark = mix(self.mood.middle, rgb("0b1018"), 0.5)
        return mix(dark, rgb("ffd08a"), 0.8 * self.mood.night)

    def moved(self, **changes: float) -> Put:
        """The same place with changes."""
        return replace(self.put, **changes)  # type: ignore[arg-type]


Draw = Callable[[Pen], None]


@dataclass(frozen=True)
class Seat:
    """Where a person sits: hips at (x, y) of the thing."""

    x: float
    y: float
    pose: str
    legs: bool = True


@dataclass(frozen=True)
class Kind:
    """How a thing is drawn and how large it is.

    Attributes:
        draw: What is behind a rider, or all of it.
        tall: Its height in heights of an adult.
        wide: Its width in heights of its own.
        stand: Where it belongs.
        far: Its usual distance, in distances of the figures.
        front: What covers a rider.
        seats: Where riders sit.
        own: Its own colour, measured for the manifest's attribute.
        lamp: It shines: no shadow, no modelling.
        toward: It is seen from the front, and comes nearer.
    """

    draw: Draw
    tall: float
    wide: float
    stand: Stand = "ground"
    far: float = 1.0
    front: Draw | None = None
    seats: tuple[Seat, ...] = ()
    lamp: bool = False
    toward: bool = False
