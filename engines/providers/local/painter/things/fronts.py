"""Vehicles from the front, as they come towards the viewer."""

import numpy as np

from engines.providers.local.painter.canvas import Colour
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen

_TYRE, _DARK = rgb("17171b"), rgb("1c1c20")
_CHROME = rgb("b4bac4")
_LAMP = rgb("fff1cf")


def _headlamp(pen: Pen, x: float, y: float, r: float) -> None:
    night = pen.mood.night
    pen.oval(x, y, r * 1.2, r * 1.2, _CHROME)
    pen.canvas.fill([pen.ring(x, y, r, r)], _LAMP * np.float32(0.85 + 0.5 * night))
    pen.glow(x, y, r * 7, _LAMP, 0.25 + 0.75 * night)


def _tyres(pen: Pen, half: float, wide: float, tall: float) -> None:
    for side in (-1, 1):
        pen.bar(side * half - wide / 2, 0.0, side * half + wide / 2, tall, _TYRE)


def _screen(pen: Pen, *points: tuple[float, float]) -> None:
    """A windscreen with a gleam across it."""
    pen.mark(*points, colour=pen.glass())
    (x0, y0), (x1, y1) = points[0], points[2]
    slant, wide = (x1 - x0) * 0.25, (x1 - x0) * 0.14
    pen.mark(
        (x0 + slant, y0), (x0 + slant + wide, y0), (x0 + 2 * slant + wide, y1), (x0 + 2 * slant, y1),
        colour=mix(pen.glass(), rgb("ffffff"), 0.4), alpha=0.35,
    )  # fmt: skip


def _grille(pen: Pen, x: float, y0: float, y1: float, count: int = 5) -> None:
    pen.bar(-x, y0, x, y1, _DARK)
    pen.lines([pen.path((-x, y), (x, y)) for y in np.linspace(y0, y1, count + 2)[1:-1]], 0.012, _CHROME)


def car(pen: Pen) -> None:
    """A car."""
    body = pen.colour("b8343a")
    _tyres(pen, 0.5, 0.17, 0.34)
    pen.part((-0.42, 0.66), (-0.33, 0.97), (0.0, 1.0), (0.33, 0.97), (0.42, 0.66), colour=body, curve=False)
    for side in (-1, 1):
        pen.rod((side * 0.5, 0.72), (side * 0.6, 0.73), 0.03, 0.045, body * np.float32(0.8))
    pen.part(
        (-0.6, 0.16), (-0.62, 0.45), (-0.56, 0.62), (-0.44, 0.7), (0.44, 0.7), (0.56, 0.62), (0.62, 0.45), (0.6, 0.16),
        colour=body, below=0.5,
    )  # fmt: skip
    _screen(pen, (-0.38, 0.69), (0.38, 0.69), (0.3, 0.93), (-0.3, 0.93))
    pen.line((-0.5, 0.6), (-0.2, 0.64), (0.2, 0.64), (0.5, 0.6), thick=0.016, colour=mix(body, rgb("ffffff"), 0.4))
    _grille(pen, 0.24, 0.34, 0.5)
    pen.bar(-0.61, 0.17, 0.61, 0.27, body * np.float32(0.45))
    pen.bar(-0.17, 0.18, 0.17, 0.26, rgb("ece8dc"))
    for side in (-1, 1):
        _headlamp(pen, side * 0.44, 0.44, 0.085)


def bus(pen: Pen) -> None:
    """A bus."""
    body = pen.colour("d9a52e")
    _tyres(pen, 0.36, 0.11, 0.16)
    pen.part((-0.43, 0.1), (-0.44, 0.9), (-0.36, 0.99), (0.36, 0.99), (0.44, 0.9), (0.43, 0.1), colour=body, below=0.6)
    pen.bar(-0.3, 0.87, 0.3, 0.95, _DARK)
    pen.lines([pen.path((-0.24, 0.91), (0.2, 0.91))], 0.03, rgb("ffb84a"))
    _screen(pen, (-0.38, 0.44), (0.38, 0.44), (0.36, 0.83), (-0.36, 0.83))
    pen.line((0.0, 0.44), (0.0, 0.83), thick=0.018, colour=body * np.float32(0.5))
    pen.bar(-0.435, 0.36, 0.435, 0.4, mix(body, rgb("ffffff"), 0.6))
    pen.bar(-0.435, 0.1, 0.435, 0.18, body * np.float32(0.4))
    for side in (-1, 1):
        pen.rod((side * 0.44, 0.74), (side * 0.52, 0.7), 0.015, 0.03, _DARK)
        _headlamp(pen, side * 0.31, 0.27, 0.05)


def truck(pen: Pen) -> None:
    """A lorry."""
    cab = pen.colour("b8343a")
    pen.bar(-0.44, 0.3, 0.44, 1.0, rgb("d8d2c6"))
    _tyres(pen, 0.35, 0.13, 0.22)
    pen.part((-0.42, 0.14), (-0.42, 0.7), (-0.37, 0.82), (0.37, 0.82), (0.42, 0.7), (0.42, 0.14), colour=cab, below=0.6)
    _screen(pen, (-0.37, 0.52), (0.37, 0.52), (0.34, 0.77), (-0.34, 0.77))
    _grille(pen, 0.22, 0.24, 0.46)
    pen.bar(-0.43, 0.12, 0.43, 0.2, _CHROME)
    for side in (-1, 1):
        pen.rod((side * 0.42, 0.68), (side * 0.5, 0.6), 0.015, 0.04, _DARK)
        _headlamp(pen, side * 0.33, 0.32, 0.05)


def motorbike(pen: Pen) -> None:
    """A motorbike."""
    tank: Colour = pen.colour("a8282e")
    pen.rod((0.0, 0.08), (0.0, 0.52), 0.075, 0.075, _TYRE)
    for side in (-1, 1):
        pen.rod((side * 0.1, 0.28), (side * 0.11, 0.74), 0.022, 0.026, _CHROME)
        pen.rod((side * 0.1, 0.86), (side * 0.42, 0.93), 0.018, 0.02, _CHROME)
        pen.rod((side * 0.36, 0.92), (side * 0.47, 0.94), 0.03, 0.03, _DARK)
        pen.rod((side * 0.14, 0.3), (side * 0.24, 0.3), 0.05, 0.06, rgb("5a5e66"))
    pen.part((-0.1, 0.55), (-0.09, 0.64), (0.0, 0.68), (0.09, 0.64), (0.1, 0.55), colour=tank * np.float32(0.85))
    pen.oval(0.0, 0.92, 0.17, 0.09, tank)
    _headlamp(pen, 0.0, 0.8, 0.11)


FRONTS: dict[str, Kind] = {
    "car": Kind(car, 0.84, 1.3, "ground", 1.35, toward=True),
    "bus": Kind(bus, 1.75, 0.95, "ground", 2.0, toward=True),
    "truck": Kind(truck, 2.0, 0.95, "ground", 2.2, toward=True),
    "motorbike": Kind(motorbike, 0.66, 0.95, "ground", 1.0, toward=True),
}
