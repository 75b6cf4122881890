"""Keepsakes, toys and signs of rank."""

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen


def balloon(pen: Pen) -> None:
    """A balloon on its string."""
    own = pen.colour("d02030")
    pen.line((0.0, 0.46), (0.03, 0.3), (-0.03, 0.14), (0.0, 0.0), thick=0.012, colour=rgb("e8e0d8"), alpha=0.9)
    t = np.linspace(0, 2 * np.pi, 40)
    pen.part(*[(0.24 * np.sin(a) * (1 + 0.12 * np.cos(a)), 0.73 + 0.28 * np.cos(a)) for a in t], colour=own, below=0.6)
    pen.part((-0.03, 0.42), (0.03, 0.42), (0.0, 0.47), colour=own * np.float32(0.8))
    pen.spot(-0.09, 0.84, 0.04, 0.07, rgb("ffffff"), alpha=0.65, soft=0.012)


def kite(pen: Pen) -> None:
    """A kite with its tail."""
    own = pen.colour("d8402f")
    pen.part((0.0, 1.0), (0.3, 0.7), (0.0, 0.28), (-0.3, 0.7), colour=own)
    pen.mark((0.0, 1.0), (0.3, 0.7), (0.0, 0.28), colour=mix(own, rgb("ffd25a"), 0.6))
    pen.lines([pen.path((0.0, 1.0), (0.0, 0.28)), pen.path((-0.3, 0.7), (0.3, 0.7))], 0.015, rgb("3a2a20"))
    tail = [(0.06 * np.sin(k * 1.3), 0.28 - 0.05 * k) for k in range(8)]
    pen.lines([pen.path(*tail)], 0.012, rgb("f0e8d8"))
    for i, (x, y) in enumerate(tail[1::2]):
        pen.part(
            (x - 0.05, y + 0.025),
            (x + 0.05, y - 0.025),
            (x + 0.05, y + 0.025),
            (x - 0.05, y - 0.025),
            colour=pen.mood.accent(i),
        )
    pen.line((0.0, 0.6), (-0.6, -0.6), thick=0.005, colour=rgb("f0e8d8"), alpha=0.7)


def ball(pen: Pen) -> None:
    """A ball with bright stripes."""
    own = pen.colour("d02030")
    pen.oval(0.0, 0.5, 0.5, 0.5, own)
    for x0, x1, y in ((-0.45, 0.45, 0.5), (-0.3, 0.3, 0.82), (-0.3, 0.3, 0.18)):
        pen.line(
            (x0, y),
            (0.0, y + (0.08 if y > 0.5 else -0.08 if y < 0.5 else 0.05)),
            (x1, y),
            thick=0.07,
            colour=rgb("f6f2ea"),
        )
    pen.spot(-0.18, 0.7, 0.1, 0.1, rgb("ffffff"), alpha=0.5, soft=0.03)


def doll(pen: Pen) -> None:
    """A rag doll."""
    own = pen.colour("d8607a")
    for s in (-1, 1):
        pen.rod((s * 0.1, 0.3), (s * 0.16, 0.04), 0.06, 0.05, rgb("f0d0b0"))
        pen.rod((s * 0.12, 0.52), (s * 0.36, 0.38), 0.055, 0.05, rgb("f0d0b0"))
    pen.part((-0.12, 0.6), (0.12, 0.6), (0.3, 0.2), (-0.3, 0.2), colour=own)
    pen.oval(0.0, 0.78, 0.25, 0.24, rgb("7a4a28"))
    pen.oval(0.0, 0.76, 0.19, 0.18, rgb("f4d8bc"))
    for s in (-1, 1):
        pen.spot(s * 0.075, 0.78, 0.025, 0.03, rgb("1c1418"))
        pen.spot(s * 0.11, 0.71, 0.035, 0.025, rgb("e88a8a"), alpha=0.7)
    pen.line((-0.05, 0.69), (0.0, 0.67), (0.05, 0.69), thick=0.015, colour=rgb("a8282e"))


def mask(pen: Pen) -> None:
    """A carnival mask."""
    own = pen.colour("e8d8b0")
    pen.part(
        (-0.7, 0.6),
        (-0.3, 0.85),
        (0.0, 0.72),
        (0.3, 0.85),
        (0.7, 0.6),
        (0.55, 0.3),
        (0.22, 0.22),
        (0.0, 0.42),
        (-0.22, 0.22),
        (-0.55, 0.3),
        colour=own,
        curve=True,
    )
    for s in (-1, 1):
        pen.mark(
            (s * 0.12, 0.52), (s * 0.32, 0.62), (s * 0.5, 0.54), (s * 0.32, 0.44), colour=rgb("0c0a10"), curve=True
        )
        pen.line((s * 0.1, 0.68), (s * 0.35, 0.76), (s * 0.6, 0.62), thick=0.03, colour=rgb("c8962a"))
    pen.part((0.3, 0.85), (0.55, 1.25), (0.7, 1.1), (0.45, 0.8), colour=rgb("a8282e"), curve=True)


def crown(pen: Pen) -> None:
    """A crown."""
    gold = pen.colour("e0ac3a")
    points = [(-0.6, 0.15)]
    for i, x in enumerate(np.linspace(-0.66, 0.66, 7)):
        points.append((float(x), 1.0 if i % 2 == 0 else 0.5))
    pen.part(*points, (0.6, 0.15), colour=gold)
    pen.bar(-0.6, 0.02, 0.6, 0.2, gold * np.float32(0.8))
    for i, x in enumerate((-0.4, 0.0, 0.4)):
        pen.spot(x, 0.11, 0.06, 0.06, rgb(("c8202f", "2359c4", "2f9e52")[i]))
    for x in (-0.66, -0.22, 0.22, 0.66):
        pen.oval(x, 1.0, 0.055, 0.055, mix(gold, rgb("ffffff"), 0.4))


def ring(pen: Pen) -> None:
    """A ring with a stone."""
    gold = pen.colour("e0ac3a")
    loop = pen.ring(0.0, 0.38, 0.36, 0.36)
    pen.lines([np.vstack([loop, loop[:1]])], 0.09, gold)
    pen.lines([np.vstack([loop, loop[:1]])], 0.025, mix(gold, rgb("ffffff"), 0.6), alpha=0.8)
    pen.part(
        (-0.16, 0.84),
        (0.16, 0.84),
        (0.24, 0.96),
        (0.13, 1.02),
        (-0.13, 1.02),
        (-0.24, 0.96),
        (0.0, 0.7),
        colour=rgb("d8f0ff"),
    )
    pen.glow(0.0, 0.9, 0.5, rgb("e8f8ff"), 0.6)


def key(pen: Pen) -> None:
    """An old key."""
    iron = pen.colour("b08a3a")
    loop = pen.ring(0.0, 0.8, 0.17, 0.17)
    pen.lines([np.vstack([loop, loop[:1]])], 0.07, iron)
    pen.rod((0.0, 0.62), (0.0, 0.04), 0.035, 0.035, iron)
    pen.part(
        (0.0, 0.06),
        (0.2, 0.06),
        (0.2, 0.14),
        (0.12, 0.14),
        (0.12, 0.2),
        (0.22, 0.2),
        (0.22, 0.28),
        (0.0, 0.28),
        colour=iron,
    )


def sword(pen: Pen) -> None:
    """A sword."""
    steel = pen.colour("c8d0da")
    pen.part((-0.05, 0.28), (0.05, 0.28), (0.042, 0.9), (0.0, 1.0), (-0.042, 0.9), colour=steel)
    pen.line((0.0, 0.3), (0.0, 0.92), thick=0.014, colour=steel * np.float32(0.6))
    pen.rod((-0.2, 0.26), (0.2, 0.26), 0.026, 0.026, rgb("b08a3a"))
    pen.rod((0.0, 0.25), (0.0, 0.06), 0.028, 0.026, rgb("4a2a18"))
    pen.oval(0.0, 0.035, 0.042, 0.04, rgb("b08a3a"))


def flag(pen: Pen) -> None:
    """A flag in the wind."""
    own = pen.colour("c23a34")
    pen.rod((-0.5, 0.0), (-0.5, 1.0), 0.016, 0.013, rgb("6b5a48"))
    top = [(-0.49 + 0.1 * k, 0.97 + 0.035 * np.sin(k * 0.9)) for k in range(11)]
    low = [(-0.49 + 0.1 * k, 0.55 + 0.04 * np.sin(k * 0.9 + 0.3)) for k in range(10, -1, -1)]
    pen.part(*top, *low, colour=own)
    for k in (3, 6, 9):
        pen.line((-0.49 + 0.1 * k, 0.97), (-0.49 + 0.1 * k, 0.56), thick=0.04, colour=own * np.float32(0.6), alpha=0.4)


def feather(pen: Pen) -> None:
    """A feather."""
    own = pen.colour("e8e4dc")
    pen.part(
        (0.0, 0.12),
        (0.16, 0.4),
        (0.2, 0.7),
        (0.1, 1.0),
        (-0.06, 0.86),
        (-0.16, 0.55),
        (-0.1, 0.28),
        colour=own,
        curve=True,
    )
    pen.line((0.0, 0.0), (0.02, 0.4), (0.1, 0.98), thick=0.02, colour=own * np.float32(0.55))
    barbs: list[Points] = [
        pen.path((0.03 * t, 0.2 + 0.7 * t), (s * 0.16, 0.32 + 0.66 * t))
        for t in np.linspace(0.05, 0.9, 9)
        for s in (-1, 1)
    ]
    pen.canvas.stroke(barbs, 0.008 * pen.put.size, pen.lit(own * np.float32(0.65)), alpha=0.5)


def skull(pen: Pen) -> None:
    """A skull."""
    bone = pen.colour("e8dfc8")
    pen.part((-0.26, 0.02), (0.26, 0.02), (0.3, 0.3), (-0.3, 0.3), colour=bone * np.float32(0.9))
    pen.part(
        (-0.3, 0.25),
        (-0.46, 0.5),
        (-0.42, 0.85),
        (0.0, 1.0),
        (0.42, 0.85),
        (0.46, 0.5),
        (0.3, 0.25),
        (0.0, 0.2),
        colour=bone,
        curve=True,
    )
    for s in (-1, 1):
        pen.spot(s * 0.19, 0.52, 0.125, 0.135, rgb("17121a"))
    pen.mark((0.0, 0.44), (0.06, 0.3), (-0.06, 0.3), colour=rgb("17121a"))
    pen.lines([pen.path((x, 0.04), (x, 0.2)) for x in np.linspace(-0.2, 0.2, 6)], 0.02, rgb("4a4038"))


def heart(pen: Pen) -> None:
    """A heart."""
    own = pen.colour("d0203a")
    t = np.linspace(0, 2 * np.pi, 60)
    pen.part(
        *[
            (
                0.031 * 16 * np.sin(a) ** 3,
                0.53 + 0.031 * (13 * np.cos(a) - 5 * np.cos(2 * a) - 2 * np.cos(3 * a) - np.cos(4 * a)),
            )
            for a in t
        ],
        colour=own,
        below=0.6,
    )
    pen.spot(-0.22, 0.74, 0.1, 0.08, rgb("ffffff"), alpha=0.45, soft=0.03)


def cake(pen: Pen) -> None:
    """A cake with candles."""
    own = pen.colour("f2b8c6")
    pen.oval(0.0, 0.06, 0.8, 0.07, rgb("e8e4dc"))
    pen.bar(-0.66, 0.06, 0.66, 0.5, own)
    pen.oval(0.0, 0.5, 0.66, 0.09, mix(own, rgb("ffffff"), 0.4))
    drips: list[Points] = [
        pen.stick((x, 0.5), (x, 0.34 + 0.06 * ((i * 7) % 3)), 0.05, 0.045)
        for i, x in enumerate(np.linspace(-0.6, 0.6, 9))
    ]
    pen.solid(drips, rgb("fff6ee"))
    for x in (-0.36, -0.12, 0.12, 0.36):
        pen.rod((x, 0.5), (x, 0.76), 0.026, 0.026, pen.mood.accent(round(x * 10)))
        from engines.providers.local.painter.things.lights import flame

        flame(pen, x, 0.77, 0.16)


def eye(pen: Pen) -> None:
    """An eye."""
    iris = pen.colour("3a6a8a")
    pen.part(
        (-0.9, 0.45), (-0.4, 0.85), (0.2, 0.92), (0.9, 0.5), (0.4, 0.15), (-0.35, 0.1), colour=rgb("f0ece6"), curve=True
    )
    pen.spot(0.0, 0.5, 0.36, 0.36, iris * np.float32(0.5))
    pen.spot(0.0, 0.5, 0.32, 0.32, iris)
    fibres: list[Points] = [
        pen.path((0.15 * np.cos(a), 0.5 + 0.15 * np.sin(a)), (0.31 * np.cos(a), 0.5 + 0.31 * np.sin(a)))
        for a in np.linspace(0, 2 * np.pi, 40)
    ]
    pen.canvas.stroke(fibres, 0.012 * pen.put.size, pen.lit(mix(iris, rgb("ffffff"), 0.4)), alpha=0.6)
    pen.spot(0.0, 0.5, 0.15, 0.15, rgb("08080c"))
    pen.canvas.fill([pen.ring(0.1, 0.64, 0.06, 0.06)], rgb("ffffff"))
    pen.line((-0.95, 0.42), (-0.4, 0.86), (0.2, 0.94), (0.95, 0.5), thick=0.06, colour=rgb("1c1418"))


FAMILY: dict[str, Kind] = {
    "balloon": Kind(balloon, 0.65, 0.5, "sky", 1.3),
    "kite": Kind(kite, 0.7, 0.7, "sky", 1.6),
    "ball": Kind(ball, 0.17, 1.0),
    "doll": Kind(doll, 0.25, 0.7),
    "mask": Kind(mask, 0.15, 1.4),
    "crown": Kind(crown, 0.16, 1.3),
    "ring": Kind(ring, 0.05, 0.75),
    "key": Kind(key, 0.1, 0.4),
    "sword": Kind(sword, 0.6, 0.4),
    "flag": Kind(flag, 1.4, 1.1),
    "feather": Kind(feather, 0.15, 0.4),
    "skull": Kind(skull, 0.15, 0.95),
    "heart": Kind(heart, 0.4, 1.0),
    "cake": Kind(cake, 0.25, 1.6),
    "eye": Kind(eye, 0.3, 1.9),
}
