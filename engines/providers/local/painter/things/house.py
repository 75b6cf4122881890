"""Furniture and what is switched on."""

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen, Seat


def television(pen: Pen) -> None:
    """An old television, switched on."""
    wood = pen.colour("6b4327")
    pen.lines([pen.path((s * 0.4, 0.14), (s * 0.5, 0.0)) for s in (-1, 1)], 0.04, rgb("2a1c14"))
    pen.lines([pen.path((0.0, 0.86), (s * 0.3, 1.05)) for s in (-1, 1)], 0.02, rgb("8a8f98"))
    pen.part((-0.65, 0.12), (0.65, 0.12), (0.65, 0.86), (-0.65, 0.86), colour=wood)
    screen = mix(rgb("9fc8e8"), pen.mood.accent(pen.put.number), 0.3)
    pen.light(
        (-0.54, 0.24),
        (-0.05, 0.2),
        (0.34, 0.24),
        (0.37, 0.5),
        (0.34, 0.76),
        (-0.05, 0.8),
        (-0.54, 0.76),
        (-0.57, 0.5),
        colour=screen,
        power=0.9,
    )
    lines: list[Points] = [pen.path((-0.55, y), (0.36, y)) for y in np.linspace(0.26, 0.76, 11)]
    pen.canvas.stroke(lines, 0.012 * pen.put.size, rgb("2a3a4a"), alpha=0.25)
    for y in (0.62, 0.42):
        pen.oval(0.5, y, 0.06, 0.06, rgb("d8c8a0"))
    pen.glow(-0.1, 0.5, 1.1, screen, 0.45)


def computer(pen: Pen) -> None:
    """A computer with its screen on."""
    own = pen.colour("2a2c34")
    pen.bar(-0.08, 0.08, 0.08, 0.3, own)
    pen.bar(-0.3, 0.02, 0.3, 0.09, own)
    pen.bar(-0.72, 0.28, 0.72, 1.0, own)
    pen.light(
        (-0.67, 0.33),
        (0.67, 0.33),
        (0.67, 0.95),
        (-0.67, 0.95),
        colour=mix(rgb("16324a"), pen.mood.accent(0), 0.15),
        power=1.0,
    )
    for i in range(7):
        y = 0.86 - 0.075 * i
        pen.light(
            (-0.58, y),
            (-0.58 + 0.14 * (2 + (i * 3) % 5), y),
            (-0.58 + 0.14 * (2 + (i * 3) % 5), y + 0.03),
            (-0.58, y + 0.03),
            colour=rgb("7fe0a8"),
            power=0.95,
        )
    pen.glow(0.0, 0.64, 1.0, rgb("7fc8e8"), 0.35)


def door(pen: Pen) -> None:
    """A door in its frame."""
    own = pen.colour("7a4a2c")
    pen.bar(-0.26, 0.0, 0.26, 1.0, mix(own, rgb("e8dcc8"), 0.7))
    pen.bar(-0.22, 0.0, 0.22, 0.96, own)
    for y0, y1 in ((0.08, 0.4), (0.48, 0.88)):
        for x in (-0.105, 0.105):
            pen.mark((x - 0.075, y0), (x + 0.075, y0), (x + 0.075, y1), (x - 0.075, y1), colour=own * np.float32(0.72))
            pen.mark(
                (x - 0.06, y0 + 0.015),
                (x + 0.06, y0 + 0.015),
                (x + 0.06, y1 - 0.015),
                (x - 0.06, y1 - 0.015),
                colour=own * np.float32(1.08),
            )
    pen.oval(0.175, 0.45, 0.02, 0.02, rgb("e0ac3a"))


def window(pen: Pen) -> None:
    """A window with the sky in it."""
    frame = pen.colour("efe8dc")
    pen.bar(-0.44, 0.0, 0.44, 1.0, frame)
    sky = mix(pen.mood.middle, rgb("ffd08a"), 0.75 * pen.mood.night)
    for x in (-0.2, 0.2):
        for y0, y1 in ((0.06, 0.48), (0.52, 0.94)):
            pen.light((x - 0.18, y0), (x + 0.18, y0), (x + 0.18, y1), (x - 0.18, y1), colour=sky * np.float32(0.95))
            pen.mark(
                (x - 0.14, y0 + 0.04),
                (x - 0.04, y0 + 0.04),
                (x + 0.12, y1 - 0.04),
                (x + 0.02, y1 - 0.04),
                colour=rgb("ffffff"),
                alpha=0.25,
            )
    pen.bar(-0.5, -0.05, 0.5, 0.02, frame * np.float32(0.85))
    pen.glow(0.0, 0.5, 0.9, sky, 0.2)


def chair(pen: Pen) -> None:
    """A wooden chair."""
    wood = pen.colour("8a5a34")
    for x, low in ((-0.26, 0.0), (0.3, 0.0), (-0.14, 0.06), (0.4, 0.06)):
        pen.rod((x, 0.48), (x, low), 0.032, 0.026, wood * np.float32(0.75 if low else 1.0))
    for x in (-0.28, -0.16):
        pen.rod((x, 0.46), (x - 0.05, 1.0), 0.03, 0.026, wood)
    for y in (0.66, 0.8, 0.93):
        pen.rod((-0.31, y), (-0.18, y + 0.02), 0.03, 0.03, wood)
    pen.part((-0.32, 0.46), (0.34, 0.46), (0.46, 0.55), (-0.18, 0.55), colour=wood * np.float32(1.1))


def table(pen: Pen) -> None:
    """A table."""
    wood = pen.colour("8a5a34")
    for x, low in ((-0.8, 0.0), (0.8, 0.0), (-0.62, 0.12), (0.66, 0.12)):
        pen.rod((x, 0.9), (x, low), 0.05, 0.04, wood * np.float32(0.7 if low else 0.95))
    pen.part((-0.95, 0.88), (0.95, 0.88), (0.76, 1.02), (-0.74, 1.02), colour=wood * np.float32(1.15), below=0.95)
    pen.bar(-0.95, 0.8, 0.95, 0.9, wood * np.float32(0.8))


def bed(pen: Pen) -> None:
    """A bed with pillows."""
    cloth = pen.colour("5f7fae")
    wood = rgb("6b4327")
    pen.bar(-1.6, 0.0, -1.48, 1.0, wood)
    pen.bar(1.46, 0.0, 1.58, 0.62, wood)
    pen.part((-1.5, 0.1), (1.5, 0.1), (1.5, 0.46), (-1.5, 0.5), colour=rgb("e8e2d8"))
    pen.part((-0.8, 0.1), (1.5, 0.1), (1.52, 0.5), (0.9, 0.58), (0.0, 0.56), (-0.7, 0.6), colour=cloth)
    folds: list[Points] = [pen.path((x, 0.52), (x + 0.1, 0.3), (x + 0.02, 0.12)) for x in (-0.3, 0.3, 0.9)]
    pen.canvas.stroke(folds, 0.02 * pen.put.size, pen.lit(cloth * np.float32(0.6)), alpha=0.5)
    pen.part((-1.45, 0.5), (-1.3, 0.72), (-0.9, 0.74), (-0.75, 0.56), (-1.0, 0.46), colour=rgb("f6f2ea"), curve=True)


def sofa(pen: Pen) -> None:
    """A sofa."""
    own = pen.colour("8a3a44")
    pen.lines([pen.path((x, 0.1), (x, 0.0)) for x in (-1.0, 1.0)], 0.06, rgb("2a1c14"))
    pen.part(
        (-1.0, 0.3), (-0.95, 0.95), (0.0, 1.0), (0.95, 0.95), (1.0, 0.3), colour=own * np.float32(0.85), curve=True
    )
    for x in (-0.47, 0.47):
        pen.part((x - 0.46, 0.34), (x + 0.46, 0.34), (x + 0.46, 0.54), (x - 0.46, 0.56), colour=own * np.float32(1.1))
    pen.bar(-1.0, 0.1, 1.0, 0.36, own)
    for s in (-1, 1):
        pen.part(
            (s * 0.92, 0.1),
            (s * 1.22, 0.1),
            (s * 1.24, 0.62),
            (s * 1.08, 0.72),
            (s * 0.92, 0.62),
            colour=own * np.float32(0.95),
            curve=False,
        )


def bench(pen: Pen) -> None:
    """A park bench."""
    wood = pen.colour("7a5232")
    for x in (-0.95, 0.95):
        pen.rod((x, 0.5), (x, 0.0), 0.04, 0.05, rgb("24242a"))
        pen.rod((x - 0.05, 0.5), (x - 0.12, 1.0), 0.035, 0.03, rgb("24242a"))
    for y in (0.66, 0.8, 0.94):
        pen.bar(-1.2, y - 0.05, 1.1, y + 0.045, wood)
    pen.part((-1.15, 0.5), (1.15, 0.5), (1.25, 0.42), (-1.05, 0.42), colour=wood * np.float32(1.15))


FAMILY: dict[str, Kind] = {
    "television": Kind(television, 0.5, 1.35, "ground", 1.1),
    "computer": Kind(computer, 0.4, 1.45),
    "door": Kind(door, 1.25, 0.52, "ground", 1.7),
    "window": Kind(window, 0.9, 0.9, "wall", 1.7),
    "chair": Kind(chair, 0.56, 0.8, "ground", 1.0, None, (Seat(0.06, 0.56, "sit"),)),
    "table": Kind(table, 0.46, 2.0, "ground", 0.95),
    "bed": Kind(bed, 0.6, 3.2, "ground", 1.2, None, (Seat(0.05, 0.62, "sit"), Seat(0.5, 0.6, "sit"))),
    "sofa": Kind(sofa, 0.5, 2.5, "ground", 1.15, None, (Seat(-0.4, 0.55, "sit"), Seat(0.45, 0.55, "sit"))),
    "bench": Kind(bench, 0.5, 2.4, "ground", 1.05, None, (Seat(0.0, 0.5, "sit"), Seat(-0.6, 0.5, "sit"))),
}
