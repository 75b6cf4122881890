"""Boats, ships and the coast: lighthouse, pier, anchor."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen, Seat

SQUEEZE = 0.8
"""A rowing boat is drawn shorter than it is, so that its people are large enough to be known."""
OAR = ((0.3, 0.62), (-1.05, -0.34))
"""The near oar's handle and blade."""
OARLOCK = (-0.02, 0.44)


def _wake(pen: Pen, half: float) -> None:
    """Foam along the waterline and a dark mirror image below."""
    canvas, mood = pen.canvas, pen.mood
    x, y = pen.at(0, 0)
    size = pen.put.size * half
    dark = mix(mood.ambient, rgb("000000"), 0.7)
    canvas.fill(
        [
            [
                (x - size, y - 0.01 * size),
                (x + size, y - 0.01 * size),
                (x + size * 0.7, y + 0.3 * size),
                (x - size * 0.7, y + 0.3 * size),
            ]
        ],
        dark,
        alpha=0.35,
        soft=0.06 * size,
    )
    foam: list[Points] = [
        [(x - size * k, y + d * size), (x - size * 0.2, y + (d + 0.03) * size), (x + size * k, y + d * size)]
        for k, d in ((1.05, 0.0), (0.8, 0.09), (0.95, 0.16))
    ]
    canvas.stroke(foam, max(0.022 * size, 0.7 / canvas.width), mix(mood.low, rgb("ffffff"), 0.5), alpha=0.5)


def boat(pen: Pen) -> None:
    """The far side of a rowing boat, its thwarts and the far oar."""
    pen.squeeze = SQUEEZE
    _wake(pen, 1.7)
    hull, wood = pen.colour("b5392f"), rgb("7a5230")
    pen.part(
        (-2.0, 0.62),
        (-1.2, 0.5),
        (0.0, 0.45),
        (1.2, 0.52),
        (2.15, 0.78),
        (1.2, 0.2),
        (-1.2, 0.2),
        colour=hull * np.float32(0.5),
        curve=False,
    )
    pen.part(
        (-1.75, 0.52), (-1.1, 0.42), (1.1, 0.44), (1.85, 0.6), (1.1, 0.2), (-1.2, 0.2), colour=wood * np.float32(0.7)
    )
    for x in (-0.95, 0.25, 1.1):
        pen.bar(x - 0.2, 0.36, x + 0.2, 0.46, wood)
    pen.rod((0.35, 0.55), (-1.1, 0.1), 0.04, 0.035, wood * np.float32(0.8))


def boat_front(pen: Pen) -> None:
    """The near side of a rowing boat and its oar."""
    pen.squeeze = SQUEEZE
    hull = pen.colour("b5392f")
    pen.part(
        (-2.05, 0.64), (-1.2, 0.5), (0.0, 0.44), (1.2, 0.52), (2.2, 0.82), (1.95, 0.35), (1.55, 0.02), (0.9, -0.08),
        (-1.0, -0.08), (-1.6, 0.02), (-1.9, 0.3),
        colour=hull, below=0.6,
    )  # fmt: skip
    pen.line(
        (-2.05, 0.64),
        (-1.2, 0.5),
        (0.0, 0.44),
        (1.2, 0.52),
        (2.2, 0.82),
        thick=0.075,
        colour=mix(hull, rgb("fff4e0"), 0.6),
    )
    pen.line(
        (-1.93, 0.4), (-1.0, 0.27), (0.9, 0.27), (2.02, 0.52), thick=0.03, colour=hull * np.float32(0.6), alpha=0.7
    )
    pen.line((-1.8, 0.2), (-1.0, 0.1), (0.9, 0.1), (1.85, 0.28), thick=0.03, colour=hull * np.float32(0.6), alpha=0.7)
    wood = rgb("b98a54")
    pen.rod(OAR[0], (-0.75, -0.12), 0.045, 0.04, wood)
    pen.rod((-0.75, -0.12), OAR[1], 0.1, 0.13, wood * np.float32(0.9))


def sailboat(pen: Pen) -> None:
    """A sailing boat under two sails."""
    _wake(pen, 0.42)
    hull = pen.colour("efe9dc")
    pen.rod((0.02, 0.1), (0.02, 0.98), 0.012, 0.008, rgb("5a4030"))
    pen.part((0.04, 0.97), (0.2, 0.6), (0.36, 0.2), (0.04, 0.17), colour=rgb("fbf4e6"))
    pen.part((0.0, 0.92), (-0.16, 0.5), (-0.31, 0.19), (0.0, 0.17), colour=rgb("e6d9c4"))
    pen.part((-0.42, 0.13), (0.46, 0.14), (0.32, -0.02), (-0.32, -0.02), colour=hull, below=0.6)
    pen.line((-0.42, 0.125), (0.46, 0.135), thick=0.02, colour=rgb("7a5230"))
    pen.mark((0.02, 0.98), (0.02, 0.94), (0.12, 0.96), colour=rgb("c8303a"))


def ship(pen: Pen) -> None:
    """A steamer: hull, white decks, funnels with smoke."""
    _wake(pen, 1.35)
    hull = pen.colour("26303f")
    for x in (-0.35, 0.0, 0.35):
        pen.part((x - 0.07, 0.62), (x + 0.08, 0.62), (x + 0.06, 0.95), (x - 0.09, 0.95), colour=rgb("b8392f"))
        pen.part((x - 0.09, 0.88), (x + 0.06, 0.88), (x + 0.06, 0.95), (x - 0.09, 0.95), colour=rgb("1c1a20"))
        for i in range(4):
            pen.spot(
                x - 0.16 * (i + 0.4),
                1.02 + 0.06 * i,
                0.07 + 0.03 * i,
                0.05 + 0.02 * i,
                rgb("b8b4b0"),
                alpha=0.3,
                soft=0.03,
            )
    pen.bar(-0.75, 0.3, 0.8, 0.5, rgb("efe9dc"))
    pen.bar(-0.6, 0.48, 0.6, 0.64, rgb("e4dccd"))
    for y in (0.37, 0.55):
        for x in np.linspace(-0.55, 0.55, 9):
            pen.mark((x - 0.025, y), (x + 0.025, y), (x + 0.025, y + 0.05), (x - 0.025, y + 0.05), colour=pen.glass())
    pen.part(
        (-1.25, 0.38),
        (-0.9, 0.32),
        (0.9, 0.33),
        (1.4, 0.46),
        (1.15, 0.0),
        (0.9, -0.03),
        (-1.05, -0.03),
        colour=hull,
        below=0.6,
    )
    pen.line((-1.22, 0.3), (1.34, 0.34), thick=0.03, colour=rgb("efe9dc"), alpha=0.9)
    pen.rod((0.95, 0.4), (0.95, 0.86), 0.012, 0.008, rgb("4a3a30"))


def lighthouse(pen: Pen) -> None:
    """A lighthouse on its rock, with its lamp and, at dusk, its beam."""
    tower, mood = pen.colour("f2efe8"), pen.mood
    rock = rgb("5c5751")
    pen.part(
        (-0.42, -0.02),
        (-0.34, 0.06),
        (-0.2, 0.1),
        (-0.05, 0.125),
        (0.16, 0.11),
        (0.3, 0.07),
        (0.46, -0.02),
        colour=rock,
        curve=False,
        below=0.6,
    )
    pen.mark((-0.2, 0.1), (-0.05, 0.125), (0.0, 0.02), (-0.2, 0.0), colour=rock * np.float32(1.35), alpha=0.6)
    house = mix(tower, rgb("d8cfc0"), 0.5)
    pen.bar(0.08, 0.09, 0.25, 0.18, house)
    pen.part((0.06, 0.18), (0.165, 0.245), (0.27, 0.18), colour=rgb("a8453a"))
    pen.mark((0.14, 0.1), (0.19, 0.1), (0.19, 0.15), (0.14, 0.15), colour=pen.glass())
    pen.part((-0.105, 0.1), (0.105, 0.1), (0.066, 0.76), (-0.066, 0.76), colour=tower, below=0.86)
    pen.mark(
        (0.02 * -mood.side + 0.03, 0.1),
        (0.105, 0.1),
        (0.066, 0.76),
        (0.02, 0.76),
        colour=tower * np.float32(0.55),
        alpha=0.45,
        soft=0.01,
    )
    light = float(tower.mean()) > 0.55
    if pen.put.colour is None or light:
        for y0, y1 in ((0.27, 0.4), (0.53, 0.66)) if pen.put.colour is None else ():
            half0, half1 = 0.105 - 0.059 * (y0 - 0.1), 0.105 - 0.059 * (y1 - 0.1)
            pen.mark((-half0, y0), (half0, y0), (half1, y1), (-half1, y1), colour=rgb("c23a34"), alpha=0.95)
    for y in (0.2, 0.46, 0.69):
        pen.mark((-0.016, y), (0.016, y), (0.016, y + 0.045), (-0.016, y + 0.045), colour=rgb("2a2c34"))
    pen.bar(-0.095, 0.755, 0.095, 0.785, rgb("2e2c30"))
    rails = [pen.path((x, 0.785), (x, 0.83)) for x in np.linspace(-0.09, 0.09, 7)]
    pen.lines([*rails, pen.path((-0.092, 0.828), (0.092, 0.828))], 0.008, rgb("2e2c30"))
    lamp = rgb("ffe9a8")
    pen.light((-0.05, 0.785), (0.05, 0.785), (0.05, 0.88), (-0.05, 0.88), colour=lamp, power=0.8 + 0.5 * mood.night)
    pen.lines([pen.path((x, 0.785), (x, 0.88)) for x in (-0.05, -0.017, 0.017, 0.05)], 0.008, rgb("2e2c30"))
    pen.part((-0.072, 0.88), (-0.04, 0.935), (0.0, 0.955), (0.04, 0.935), (0.072, 0.88), colour=rgb("a8352f"))
    pen.rod((0.0, 0.95), (0.0, 1.0), 0.006, 0.003, rgb("2e2c30"))
    dim = min(1.0, mood.night + 0.5 * mood.thick)
    pen.glow(0.0, 0.83, 0.25, lamp, 0.25 + 0.9 * dim)
    if dim > 0.35:
        x, y = pen.at(0.0, 0.83)
        reach = 1.1
        for side in (-1, 1):
            pen.canvas.shine(
                [[(x, y - 0.004), (x, y + 0.004), (x + side * reach, y + 0.1), (x + side * reach, y - 0.16)]],
                lamp,
                0.2 * dim,
                soft=0.01,
            )


def pier(pen: Pen) -> None:
    """A wooden pier on posts."""
    wood = pen.colour("7a5c42")
    for x in np.linspace(-2.6, 2.6, 7):
        pen.rod((float(x), 0.75), (float(x), -0.05), 0.07, 0.075, wood * np.float32(0.6))
    pen.part((-3.0, 0.95), (3.0, 0.95), (3.1, 0.72), (-3.1, 0.72), colour=wood)
    pen.lines([pen.path((x, 0.95), (x * 1.03, 0.72)) for x in np.linspace(-2.9, 2.9, 16)], 0.02, wood * np.float32(0.5))


def anchor(pen: Pen) -> None:
    """An anchor."""
    iron = pen.colour("4a4f58")
    pen.rod((0.0, 0.1), (0.0, 0.82), 0.055, 0.045, iron)
    pen.rod((-0.25, 0.72), (0.25, 0.72), 0.04, 0.04, iron)
    arc = [(0.42 * np.cos(a), 0.42 + 0.38 * np.sin(a)) for a in np.linspace(np.pi * 1.05, np.pi * 1.95, 16)]
    pen.solid([pen.stick(a, b, 0.05, 0.05) for a, b in pairwise(arc)], iron)
    for s in (-1, 1):
        pen.part((s * 0.5, 0.48), (s * 0.3, 0.4), (s * 0.42, 0.22), colour=iron)
    pen.lines([np.vstack([pen.ring(0.0, 0.9, 0.085, 0.085), pen.ring(0.0, 0.9, 0.085, 0.085)[:1]])], 0.045, iron)


def wave(pen: Pen) -> None:
    """A breaking wave."""
    water = pen.colour("2c7f96")
    pen.part(
        (-1.3, 0.0),
        (-0.8, 0.25),
        (-0.3, 0.72),
        (0.15, 0.98),
        (0.6, 0.9),
        (0.82, 0.62),
        (0.7, 0.5),
        (0.5, 0.62),
        (0.3, 0.55),
        (0.28, 0.3),
        (0.5, 0.08),
        (1.2, 0.0),
        colour=water,
        curve=True,
        below=0.6,
    )
    pen.mark(
        (-0.2, 0.75),
        (0.15, 0.98),
        (0.6, 0.9),
        (0.84, 0.62),
        (0.62, 0.74),
        (0.3, 0.84),
        colour=rgb("f4fbff"),
        curve=True,
    )
    for _ in range(16):
        x, y = float(pen.rng.uniform(0.2, 0.95)), float(pen.rng.uniform(0.5, 1.1))
        pen.spot(x, y, 0.025, 0.025, rgb("ffffff"), alpha=0.8)


FAMILY: dict[str, Kind] = {
    "boat": Kind(
        boat,
        0.44,
        3.45,
        "water",
        1.0,
        boat_front,
        (
            Seat(-0.3, 0.56, "row", legs=False),
            Seat(-1.0, 0.56, "sit", legs=False),
            Seat(0.65, 0.56, "sit", legs=False),
        ),
    ),
    "sailboat": Kind(sailboat, 4.5, 0.9, "water", 3.0),
    "ship": Kind(ship, 9.0, 2.7, "water", 7.0),
    "lighthouse": Kind(lighthouse, 9.0, 0.9, "shore", 4.6),
    "pier": Kind(pier, 1.1, 6.0, "water", 2.2),
    "anchor": Kind(anchor, 0.9, 0.9),
    "wave": Kind(wave, 1.6, 2.6, "water", 1.8),
}
