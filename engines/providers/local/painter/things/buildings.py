"""Buildings, and what stands outdoors."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen, Seat


def stairs(pen: Pen) -> None:
    """A flight of stairs."""
    stone = pen.colour("9a948c")
    for i in range(8):
        x0, y1 = -1.0 + 0.25 * i, 0.125 * (i + 1)
        pen.bar(x0, 0.0, 1.0, y1, stone * np.float32(0.95 - 0.03 * i))
        pen.bar(x0, y1 - 0.025, 1.0, y1, stone * np.float32(1.2))


def swing(pen: Pen) -> None:
    """A swing."""
    frame = pen.colour("a8453a")
    for s in (-1, 1):
        pen.solid(
            [
                pen.stick((s * 0.6, 1.0), (s * 0.78, 0.0), 0.025, 0.028),
                pen.stick((s * 0.6, 1.0), (s * 0.5, 0.04), 0.022, 0.022),
            ],
            frame,
        )
    pen.rod((-0.62, 1.0), (0.62, 1.0), 0.028, 0.028, frame)
    pen.lines([pen.path((x, 0.98), (x + 0.1, 0.28)) for x in (-0.16, 0.16)], 0.012, rgb("b4bac4"))
    pen.rod((-0.1, 0.27), (0.3, 0.27), 0.025, 0.025, rgb("6b4327"))


def ladder(pen: Pen) -> None:
    """A ladder."""
    wood = pen.colour("a8784a")
    pen.solid(
        [pen.stick((-0.16, 0.0), (-0.1, 1.0), 0.02, 0.018), pen.stick((0.16, 0.0), (0.1, 1.0), 0.02, 0.018)], wood
    )
    pen.lines(
        [pen.path((-0.155 + 0.05 * y, y), (0.155 - 0.05 * y, y)) for y in np.linspace(0.08, 0.94, 9)],
        0.03,
        wood * np.float32(0.85),
    )


def house(pen: Pen) -> None:
    """A house with a lit window and smoke."""
    wall = pen.colour("d8c8ac")
    roof = rgb("8a4a38") if float(np.abs(wall - rgb("8a4a38")).sum()) > 0.5 else rgb("4a4650")
    pen.bar(0.28, 0.72, 0.4, 1.02, rgb("7a5a4a"))
    for i in range(4):
        pen.spot(
            0.36 + 0.07 * i, 1.08 + 0.1 * i, 0.05 + 0.025 * i, 0.045 + 0.02 * i, rgb("d8d4d0"), alpha=0.35, soft=0.03
        )
    pen.bar(-0.6, 0.0, 0.6, 0.56, wall, below=0.85)
    pen.part((-0.7, 0.54), (0.7, 0.54), (0.5, 0.92), (-0.5, 0.92), colour=roof)
    tiles: list[Points] = [
        pen.path((-0.68 + 0.05 * i, 0.6 + 0.09 * i), (0.68 - 0.05 * i, 0.6 + 0.09 * i)) for i in range(4)
    ]
    pen.canvas.stroke(tiles, 0.012 * pen.put.size, pen.lit(roof * np.float32(0.65)), alpha=0.6)
    pen.bar(-0.09, 0.0, 0.12, 0.36, rgb("5a3a28"))
    for x in (-0.42, 0.32):
        pen.bar(x - 0.03, 0.2, x + 0.21, 0.44, rgb("f2ece0"))
        pen.light(
            (x, 0.23),
            (x + 0.18, 0.23),
            (x + 0.18, 0.41),
            (x, 0.41),
            colour=mix(pen.glass(), rgb("ffcf8a"), 0.35 + 0.5 * pen.mood.night),
            power=1.0,
        )
        pen.lines(
            [pen.path((x + 0.09, 0.23), (x + 0.09, 0.41)), pen.path((x, 0.32), (x + 0.18, 0.32))], 0.012, rgb("f2ece0")
        )
        pen.glow(x + 0.09, 0.32, 0.4, rgb("ffcf8a"), 0.5 * pen.mood.night)


def tower(pen: Pen) -> None:
    """A stone tower with battlements."""
    stone = pen.colour("8f8a82")
    pen.part((-0.17, 0.0), (0.17, 0.0), (0.145, 0.8), (-0.145, 0.8), colour=stone)
    pen.bar(-0.18, 0.8, 0.18, 0.92, stone * np.float32(0.95))
    for x in (-0.16, -0.05, 0.06, 0.15):
        pen.bar(x - 0.03, 0.92, x + 0.03, 0.98, stone)
    for x, y in ((-0.04, 0.62), (0.05, 0.4), (-0.05, 0.2)):
        pen.mark(
            (x - 0.02, y),
            (x + 0.02, y),
            (x + 0.02, y + 0.07),
            (x, y + 0.09),
            (x - 0.02, y + 0.07),
            colour=mix(rgb("17141a"), rgb("ffcf8a"), 0.7 * pen.mood.night),
        )
    rows: list[Points] = [pen.path((-0.16, y), (0.16, y)) for y in np.linspace(0.08, 0.76, 10)]
    pen.canvas.stroke(rows, 0.006 * pen.put.size, pen.lit(stone * np.float32(0.6)), alpha=0.4)
    pen.rod((0.0, 0.98), (0.0, 1.12), 0.006, 0.005, rgb("3a3430"))
    pen.part((0.0, 1.12), (0.14, 1.09), (0.0, 1.06), colour=rgb("c23a34"))


def windmill(pen: Pen) -> None:
    """A windmill."""
    wall = pen.colour("e8e0d0")
    pen.part((-0.2, 0.0), (0.2, 0.0), (0.12, 0.6), (-0.12, 0.6), colour=wall)
    pen.part((-0.15, 0.59), (0.0, 0.74), (0.15, 0.59), colour=rgb("7a3a30"))
    pen.bar(-0.045, 0.0, 0.045, 0.14, rgb("5a3a28"))
    for a in np.arange(4) * np.pi / 2 + 0.5:
        c, s = np.cos(a), np.sin(a)
        end = (0.42 * c, 0.6 + 0.42 * s)
        pen.rod((0.0, 0.6), end, 0.012, 0.009, rgb("4a3426"))
        pen.part(
            (0.1 * c, 0.6 + 0.1 * s),
            (0.1 * c - 0.09 * s, 0.6 + 0.1 * s + 0.09 * c),
            (end[0] - 0.09 * s, end[1] + 0.09 * c),
            end,
            colour=rgb("f0e8d8"),
        )
    pen.oval(0.0, 0.6, 0.03, 0.03, rgb("4a3426"))


def tent(pen: Pen) -> None:
    """A tent with a lamp inside."""
    own = pen.colour("c8823a")
    pen.part((-0.95, 0.0), (0.0, 1.0), (0.95, 0.0), colour=own)
    pen.mark((0.0, 1.0), (0.95, 0.0), (0.35, 0.0), colour=own * np.float32(0.7))
    pen.light(
        (-0.28, 0.0), (0.0, 0.72), (0.26, 0.0), colour=mix(rgb("2a1c18"), rgb("ffb45a"), 0.3 + 0.6 * pen.mood.night)
    )
    pen.glow(0.0, 0.2, 0.6, rgb("ffb45a"), 0.5 * pen.mood.night)
    pen.lines([pen.path((0.0, 1.0), (s * 1.25, 0.0)) for s in (-1, 1)], 0.01, rgb("e8e0d0"), alpha=0.7)


def fence(pen: Pen) -> None:
    """A wooden fence."""
    wood = pen.colour("b09878")
    for y in (0.35, 0.72):
        pen.bar(-2.4, y - 0.05, 2.4, y + 0.05, wood * np.float32(0.85))
    for x in np.linspace(-2.3, 2.3, 13):
        pen.part((x - 0.1, 0.0), (x + 0.1, 0.0), (x + 0.1, 0.88), (x, 1.0), (x - 0.1, 0.88), colour=wood)


def sign(pen: Pen) -> None:
    """A signpost with boards."""
    own = pen.colour("a8784a")
    pen.rod((0.0, 0.0), (0.0, 1.0), 0.03, 0.026, rgb("5a3f2a"))
    for y, s in ((0.84, 1), (0.62, -1)):
        pen.part(
            (-0.1 * s, y - 0.08),
            (0.42 * s, y - 0.08),
            (0.56 * s, y),
            (0.42 * s, y + 0.08),
            (-0.1 * s, y + 0.08),
            colour=own,
        )
        pen.line((0.0, y), (0.36 * s, y), thick=0.02, colour=rgb("3a2818"), alpha=0.7)


def traffic_light(pen: Pen) -> None:
    """A traffic light at red."""
    pen.rod((0.0, 0.0), (0.0, 0.7), 0.02, 0.02, rgb("3a3d44"))
    pen.bar(-0.085, 0.66, 0.085, 1.0, rgb("1c1d22"))
    for y, code, on in ((0.945, "ff3a2a", True), (0.83, "5a4a1a", False), (0.715, "1a4a2a", False)):
        colour = rgb(code)
        pen.light(
            *[(0.045 * np.cos(a), y + 0.045 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 24)],
            colour=colour,
            power=1.2 if on else 0.8,
        )
        if on:
            pen.glow(0.0, y, 0.4, colour, 0.8)


def bell(pen: Pen) -> None:
    """A bell."""
    gold = pen.colour("d8a83a")
    pen.oval(0.0, 0.1, 0.09, 0.09, gold * np.float32(0.6))
    pen.part(
        (-0.46, 0.14),
        (0.46, 0.14),
        (0.36, 0.3),
        (0.28, 0.7),
        (0.14, 0.9),
        (-0.14, 0.9),
        (-0.28, 0.7),
        (-0.36, 0.3),
        colour=gold,
        below=0.65,
    )
    pen.rod((-0.47, 0.15), (0.47, 0.15), 0.035, 0.035, gold)
    pen.rod((-0.06, 0.95), (0.06, 0.95), 0.05, 0.05, gold * np.float32(0.8))
    pen.mark((-0.22, 0.3), (-0.14, 0.3), (-0.1, 0.75), (-0.16, 0.7), colour=rgb("ffffff"), alpha=0.45, curve=True)


def cross(pen: Pen) -> None:
    """A cross."""
    own = pen.colour("7a6a58")
    pen.bar(-0.065, 0.0, 0.065, 1.0, own)
    pen.bar(-0.28, 0.62, 0.28, 0.75, own)


def gravestone(pen: Pen) -> None:
    """A gravestone."""
    stone = pen.colour("8a8c8e")
    pen.part(
        (-0.34, 0.0), (0.34, 0.0), (0.34, 0.68), (0.24, 0.9), (0.0, 1.0), (-0.24, 0.9), (-0.34, 0.68), colour=stone
    )
    pen.bar(-0.44, 0.0, 0.44, 0.09, stone * np.float32(0.75))
    dark = stone * np.float32(0.55)
    pen.lines(
        [
            pen.path((0.0, 0.86), (0.0, 0.56)),
            pen.path((-0.1, 0.76), (0.1, 0.76)),
            pen.path((-0.2, 0.44), (0.2, 0.44)),
            pen.path((-0.16, 0.32), (0.16, 0.32)),
        ],
        0.035,
        dark,
    )


def statue(pen: Pen) -> None:
    """A figure of stone on its base."""
    stone = pen.colour("b8b4aa")
    pen.bar(-0.22, 0.0, 0.22, 0.22, stone * np.float32(0.8))
    pen.bar(-0.26, 0.2, 0.26, 0.26, stone)
    pen.part(
        (-0.13, 0.26),
        (0.13, 0.26),
        (0.1, 0.55),
        (0.13, 0.72),
        (0.07, 0.8),
        (-0.07, 0.8),
        (-0.13, 0.72),
        (-0.1, 0.5),
        colour=stone,
        curve=True,
    )
    pen.rod((0.12, 0.74), (0.22, 0.98), 0.035, 0.022, stone)
    pen.rod((-0.12, 0.74), (-0.15, 0.5), 0.035, 0.025, stone * np.float32(0.85))
    pen.oval(0.0, 0.89, 0.058, 0.07, stone)


def fountain(pen: Pen) -> None:
    """A fountain."""
    stone = pen.colour("a8a49a")
    water = rgb("a8d4e8")
    pen.part((-0.9, 0.0), (0.9, 0.0), (0.98, 0.22), (-0.98, 0.22), colour=stone)
    pen.oval(0.0, 0.22, 0.96, 0.07, water * np.float32(0.8))
    pen.rod((0.0, 0.2), (0.0, 0.55), 0.1, 0.07, stone)
    pen.part((-0.45, 0.6), (0.45, 0.6), (0.2, 0.5), (-0.2, 0.5), colour=stone * np.float32(1.1))
    jets: list[Points] = []
    for k in np.linspace(-1, 1, 9):
        jets.append(
            pen.path(
                *[
                    (k * 0.75 * t, 0.6 + 1.5 * t * (1 - t) * (0.75 + 0.3 * (1 - abs(k))) - 0.4 * t * t)
                    for t in np.linspace(0, 1, 14)
                ]
            )
        )
    pen.canvas.stroke(jets, max(0.022 * pen.put.size, 1 / pen.canvas.width), pen.lit(rgb("eaf8ff")), alpha=0.75)


def _wheel_of_gondolas(pen: Pen, colour: Colour) -> None:
    rim = pen.ring(0.0, 0.56, 0.42, 0.42)
    closed = np.vstack([rim, rim[:1]])
    spokes: list[Points] = [
        pen.path((0.0, 0.56), (0.42 * np.cos(a), 0.56 + 0.42 * np.sin(a)))
        for a in np.linspace(0, 2 * np.pi, 16, endpoint=False)
    ]
    pen.lines([closed, *spokes], 0.012, colour)
    inner = pen.ring(0.0, 0.56, 0.36, 0.36)
    pen.lines([np.vstack([inner, inner[:1]])], 0.008, colour)
    for i, a in enumerate(np.linspace(0, 2 * np.pi, 12, endpoint=False)):
        x, y = 0.42 * np.cos(a), 0.56 + 0.42 * np.sin(a)
        tone = pen.mood.accent(i)
        pen.part(
            (x - 0.035, y - 0.075), (x + 0.035, y - 0.075), (x + 0.045, y - 0.03), (x - 0.045, y - 0.03), colour=tone
        )
        pen.lines([pen.path((x - 0.04, y - 0.03), (x, y), (x + 0.04, y - 0.03))], 0.006, tone)
        pen.glow(x, y, 0.05, mix(tone, rgb("ffffff"), 0.4), 0.6 + 0.9 * pen.mood.night)


def ferris_wheel(pen: Pen) -> None:
    """A Ferris wheel with lights."""
    iron = pen.colour("c8ccd4")
    pen.solid([pen.stick((0.0, 0.56), (s * 0.26, 0.0), 0.016, 0.022) for s in (-1, 1)], iron * np.float32(0.8))
    _wheel_of_gondolas(pen, iron)


def carousel(pen: Pen) -> None:
    """A carousel."""
    own = pen.colour("c8404a")
    pen.bar(-0.75, 0.0, 0.75, 0.09, rgb("8a5a34"))
    pen.bar(-0.12, 0.09, 0.12, 0.6, rgb("e8d8b0"))
    for i, x in enumerate((-0.58, -0.3, 0.3, 0.58)):
        pen.line((x, 0.09), (x, 0.6), thick=0.016, colour=rgb("e0ac3a"))
        y = 0.28 + 0.05 * (i % 2)
        white = rgb("f2eee6")
        pen.solid(
            [
                pen.ring(x, y, 0.1, 0.05),
                pen.stick((x + 0.07, y + 0.02), (x + 0.12, y + 0.11), 0.035, 0.025),
                pen.stick((x + 0.11, y + 0.11), (x + 0.17, y + 0.08), 0.026, 0.018),
            ],
            white,
        )
        pen.lines([pen.path((x + d, y), (x + d * 1.4, y - 0.13)) for d in (-0.06, 0.06)], 0.022, white)
    stripes = np.linspace(-0.82, 0.82, 9)
    for i, (a, b) in enumerate(pairwise(stripes)):
        pen.part((a, 0.6), (b, 0.6), (0.0, 1.0), colour=own if i % 2 else rgb("f6eedc"))
    for x in np.linspace(-0.8, 0.8, 13):
        pen.glow(float(x), 0.59, 0.045, rgb("ffe2a0"), 0.9)


def scarecrow(pen: Pen) -> None:
    """A scarecrow."""
    own = pen.colour("7a4a34")
    pen.rod((0.0, 0.0), (0.0, 0.8), 0.025, 0.022, rgb("6b4a2c"))
    pen.rod((-0.5, 0.62), (0.5, 0.62), 0.022, 0.022, rgb("6b4a2c"))
    pen.part(
        (-0.46, 0.68),
        (0.46, 0.68),
        (0.42, 0.54),
        (0.17, 0.56),
        (0.2, 0.22),
        (-0.2, 0.22),
        (-0.17, 0.56),
        (-0.42, 0.54),
        colour=own,
    )
    straw: list[Points] = [
        pen.path((s * 0.44, 0.61), (s * (0.52 + 0.03 * k), 0.55 + 0.04 * k)) for s in (-1, 1) for k in range(4)
    ]
    pen.lines(straw, 0.014, rgb("d8b04a"))
    pen.oval(0.0, 0.79, 0.11, 0.11, rgb("d8b878"))
    for s in (-1, 1):
        pen.spot(s * 0.04, 0.81, 0.016, 0.016, rgb("1c1418"))
    pen.part((-0.2, 0.86), (0.2, 0.86), (0.08, 0.9), (0.05, 1.0), (-0.05, 1.0), (-0.08, 0.9), colour=rgb("4a3a2e"))


def snowman(pen: Pen) -> None:
    """A snowman."""
    snow = pen.colour("f4f8fc")
    for y, r in ((0.24, 0.27), (0.58, 0.19), (0.83, 0.13)):
        pen.oval(0.0, y, r, r * 0.95, snow)
    for y in (0.52, 0.6, 0.68):
        pen.spot(0.02, y, 0.018, 0.018, rgb("17151a"))
    for s in (-1, 1):
        pen.spot(s * 0.045 + 0.02, 0.87, 0.017, 0.017, rgb("17151a"))
        pen.lines(
            [pen.path((s * 0.17, 0.6), (s * 0.42, 0.72)), pen.path((s * 0.34, 0.68), (s * 0.4, 0.64))],
            0.018,
            rgb("5a3f2a"),
        )
    pen.part((0.02, 0.845), (0.2, 0.82), (0.02, 0.805), colour=rgb("f07c1e"))
    pen.bar(-0.14, 0.69, 0.14, 0.74, rgb("c8202f"))
    pen.bar(-0.17, 0.93, 0.17, 0.955, rgb("1c1a20"))
    pen.bar(-0.1, 0.95, 0.1, 1.06, rgb("1c1a20"))


FAMILY: dict[str, Kind] = {
    "stairs": Kind(stairs, 1.6, 2.0, "ground", 1.7),
    "swing": Kind(swing, 1.35, 1.5, "ground", 1.3, None, (Seat(0.08, 0.29, "sit"),)),
    "ladder": Kind(ladder, 1.6, 0.35, "ground", 1.3),
    "house": Kind(house, 3.4, 1.4, "ground", 3.6),
    "tower": Kind(tower, 7.0, 0.36, "ground", 4.5),
    "windmill": Kind(windmill, 6.0, 0.9, "ground", 4.2),
    "tent": Kind(tent, 1.1, 2.0, "ground", 1.5),
    "fence": Kind(fence, 0.55, 4.8, "ground", 1.3),
    "sign": Kind(sign, 1.3, 1.1, "ground", 1.2),
    "traffic light": Kind(traffic_light, 1.9, 0.2, "ground", 1.3),
    "bell": Kind(bell, 0.4, 1.0, "hang", 1.2),
    "cross": Kind(cross, 1.2, 0.58, "ground", 1.6),
    "gravestone": Kind(gravestone, 0.55, 0.9, "ground", 1.2),
    "statue": Kind(statue, 1.8, 0.5, "ground", 1.6),
    "fountain": Kind(fountain, 1.2, 2.0, "ground", 1.8),
    "ferris wheel": Kind(ferris_wheel, 9.0, 0.95, "ground", 5.0),
    "carousel": Kind(carousel, 2.6, 1.65, "ground", 2.4),
    "scarecrow": Kind(scarecrow, 1.15, 1.1, "ground", 1.3),
    "snowman": Kind(snowman, 0.9, 0.9, "ground", 1.05),
}
