"""What is held or lies on a table."""

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen


def umbrella(pen: Pen) -> None:
    """An open umbrella."""
    cloth = pen.colour("c23a4a")
    pen.rod((0.0, 0.9), (0.0, 0.1), 0.016, 0.016, rgb("2a2a30"))
    hook = [(0.06 - 0.06 * np.cos(a), 0.1 - 0.06 * np.sin(a)) for a in np.linspace(0, np.pi, 10)]
    pen.lines([pen.path(*hook)], 0.03, rgb("6b4327"))
    arc = [(0.7 * np.cos(a), 0.5 + 0.45 * np.sin(a)) for a in np.linspace(np.pi, 0, 24)]
    edge = [(0.7 * np.cos(a), 0.5 + 0.07 * abs(np.sin(a * 5))) for a in np.linspace(0, np.pi, 26)]
    pen.part(*arc, *edge, colour=cloth)
    ribs: list[Points] = [
        pen.path((0.0, 0.95), (x * 0.6, 0.82 - 0.15 * abs(x)), (x, 0.52)) for x in (-0.42, -0.14, 0.14, 0.42)
    ]
    pen.canvas.stroke(ribs, 0.012 * pen.put.size, pen.lit(cloth * np.float32(0.55)), alpha=0.6)
    pen.rod((0.0, 0.95), (0.0, 1.0), 0.012, 0.006, rgb("2a2a30"))


def letter(pen: Pen) -> None:
    """A sealed letter with handwriting."""
    paper = pen.colour("f2e8d2")
    pen.part((-0.7, 0.02), (0.68, -0.02), (0.72, 0.96), (-0.66, 1.0), colour=paper)
    pen.lines([pen.path((-0.66, 1.0), (0.03, 0.46), (0.72, 0.96))], 0.02, paper * np.float32(0.6))
    pen.mark((-0.66, 1.0), (0.03, 0.46), (0.72, 0.96), colour=mix(paper, rgb("ffffff"), 0.4), alpha=0.7)
    for i, y in enumerate((0.32, 0.22, 0.12)):
        line = [(-0.3 + 0.05 * k, y + 0.018 * np.sin(k * 2.3 + i)) for k in range(13 - 3 * i)]
        pen.lines([pen.path(*line)], 0.016, rgb("2f2a3a"), alpha=0.8)
    pen.oval(0.03, 0.5, 0.1, 0.1, rgb("a8222c"))
    pen.spot(0.03, 0.5, 0.055, 0.055, rgb("7d1420"))


def book(pen: Pen) -> None:
    """An open book."""
    cover = pen.colour("7d2a2a")
    pen.part((-1.0, 0.1), (0.0, 0.0), (1.0, 0.1), (1.0, 0.82), (0.0, 0.72), (-1.0, 0.82), colour=cover)
    for s in (-1, 1):
        pen.part(
            (0.0, 0.08),
            (s * 0.5, 0.2),
            (s * 0.93, 0.16),
            (s * 0.93, 0.88),
            (s * 0.5, 0.94),
            (0.0, 0.8),
            colour=rgb("f6eedc"),
        )
        lines: list[Points] = [
            pen.path((s * 0.12, y - 0.04), (s * 0.5, y + 0.04), (s * 0.82, y + 0.01))
            for y in np.linspace(0.26, 0.78, 8)
        ]
        pen.canvas.stroke(lines, 0.014 * pen.put.size, pen.lit(rgb("5a5048")), alpha=0.6)
    pen.line((0.0, 0.08), (0.0, 0.8), thick=0.02, colour=rgb("a89878"))


def phone(pen: Pen) -> None:
    """A telephone with a bright screen."""
    pen.part(
        (-0.26, 0.02),
        (-0.22, 0.0),
        (0.22, 0.0),
        (0.26, 0.02),
        (0.26, 0.98),
        (0.22, 1.0),
        (-0.22, 1.0),
        (-0.26, 0.98),
        colour=pen.colour("17181e"),
    )
    pen.light(
        (-0.22, 0.07),
        (0.22, 0.07),
        (0.22, 0.93),
        (-0.22, 0.93),
        colour=mix(rgb("8ec8f4"), pen.mood.accent(0), 0.3),
        power=0.85,
    )
    for i, (x, wide) in enumerate(((-0.18, 0.24), (-0.04, 0.2), (-0.18, 0.3), (-0.06, 0.22))):
        y = 0.78 - 0.17 * i
        pen.light(
            (x, y),
            (x + wide, y),
            (x + wide, y + 0.1),
            (x, y + 0.1),
            colour=rgb("ffffff") if i % 2 else rgb("4ab878"),
            power=0.9,
        )
    pen.glow(0.0, 0.5, 1.1, rgb("9fd4ff"), 0.4)


def camera(pen: Pen) -> None:
    """A camera."""
    body = pen.colour("24242a")
    pen.part(
        (-0.7, 0.05),
        (0.7, 0.05),
        (0.7, 0.78),
        (0.3, 0.8),
        (0.2, 0.98),
        (-0.2, 0.98),
        (-0.3, 0.8),
        (-0.7, 0.78),
        colour=body,
    )
    pen.bar(-0.7, 0.64, 0.7, 0.78, rgb("b4b8c0"))
    for r, code in ((0.33, "3a3c44"), (0.27, "121218"), (0.18, "2a3a5c"), (0.08, "0a0c12")):
        pen.oval(0.0, 0.4, r, r, rgb(code))
    pen.spot(-0.08, 0.5, 0.06, 0.05, rgb("ffffff"), alpha=0.75)
    pen.oval(0.5, 0.82, 0.08, 0.035, rgb("a8282e"))


def clock(pen: Pen) -> None:
    """A clock; close up with numerals."""
    rim = pen.colour("6b4327")
    pen.oval(0.0, 0.5, 0.5, 0.5, rim)
    pen.spot(0.0, 0.5, 0.43, 0.43, rgb("f6efdf"))
    for i in range(12):
        a = i * np.pi / 6
        inner = 0.32 if i % 3 == 0 else 0.36
        pen.line(
            (inner * np.sin(a), 0.5 + inner * np.cos(a)),
            (0.4 * np.sin(a), 0.5 + 0.4 * np.cos(a)),
            thick=0.035 if i % 3 == 0 else 0.018,
            colour=rgb("1c1a20"),
        )
    for a, reach, thick in ((5.25, 0.22, 0.04), (0.05, 0.33, 0.026)):
        pen.line((0.0, 0.5), (reach * np.sin(a), 0.5 + reach * np.cos(a)), thick=thick, colour=rgb("1c1a20"))
    pen.spot(0.0, 0.5, 0.035, 0.035, rgb("a8282e"))
    pen.mark((-0.3, 0.6), (-0.1, 0.88), (0.05, 0.9), (-0.2, 0.55), colour=rgb("ffffff"), alpha=0.18)


def mirror(pen: Pen) -> None:
    """A standing mirror."""
    frame = pen.colour("b08a3a")
    pen.lines([pen.path((s * 0.3, 0.0), (s * 0.26, 0.3)) for s in (-1, 1)], 0.03, frame * np.float32(0.7))
    pen.oval(0.0, 0.56, 0.3, 0.44, frame)
    glass = mix(pen.mood.low, rgb("dfe8f0"), 0.5)
    pen.canvas.fill(
        [pen.ring(0.0, 0.56, 0.25, 0.39)],
        glass * np.float32(0.95),
        mix(pen.mood.haze, rgb("3a4654"), 0.5),
        depth=pen.put.depth,
        ident=pen.canvas.new_object(),
    )
    for dx in (0.0, 0.09):
        pen.mark(
            (-0.16 + dx, 0.36), (-0.1 + dx, 0.36), (0.08 + dx, 0.82), (0.02 + dx, 0.82), colour=rgb("ffffff"), alpha=0.4
        )


def bottle(pen: Pen) -> None:
    """A bottle."""
    own = pen.colour("2f6b4a")
    pen.part(
        (-0.16, 0.0),
        (0.16, 0.0),
        (0.17, 0.55),
        (0.06, 0.72),
        (0.055, 0.96),
        (-0.055, 0.96),
        (-0.06, 0.72),
        (-0.17, 0.55),
        colour=own,
        below=0.6,
    )
    pen.bar(-0.07, 0.93, 0.07, 1.0, rgb("c8a24a"))
    pen.bar(-0.162, 0.14, 0.168, 0.44, rgb("efe6d0"))
    pen.mark((-0.12, 0.06), (-0.08, 0.06), (-0.08, 0.58), (-0.12, 0.54), colour=rgb("ffffff"), alpha=0.45)


def cup(pen: Pen) -> None:
    """A cup of something hot."""
    own = pen.colour("f2efe8")
    ring = pen.ring(0.42, 0.42, 0.17, 0.2)
    pen.lines([np.vstack([ring, ring[:1]])], 0.06, own * np.float32(0.85))
    pen.part((-0.42, 0.72), (0.42, 0.72), (0.36, 0.2), (0.22, 0.03), (-0.22, 0.03), (-0.36, 0.2), colour=own)
    pen.oval(0.0, 0.72, 0.42, 0.08, own * np.float32(0.8))
    pen.spot(0.0, 0.715, 0.37, 0.06, rgb("4a2a18"))
    steam: list[Points] = [
        pen.path(*[(x + 0.05 * np.sin(t * 6), 0.8 + 0.4 * t) for t in np.linspace(0, 1, 12)]) for x in (-0.12, 0.1)
    ]
    pen.canvas.stroke(steam, 0.04 * pen.put.size, rgb("ffffff"), alpha=0.25, soft=0.02 * pen.put.size)


def suitcase(pen: Pen) -> None:
    """An old suitcase."""
    own = pen.colour("8a5230")
    pen.lines([pen.path((-0.16, 0.82), (-0.14, 0.96), (0.14, 0.96), (0.16, 0.82))], 0.05, own * np.float32(0.5))
    pen.part(
        (-0.72, 0.04),
        (-0.7, 0.0),
        (0.7, 0.0),
        (0.72, 0.04),
        (0.72, 0.8),
        (0.68, 0.84),
        (-0.68, 0.84),
        (-0.72, 0.8),
        colour=own,
    )
    for x in (-0.42, 0.42):
        pen.bar(x - 0.05, 0.0, x + 0.05, 0.84, own * np.float32(0.55))
        pen.bar(x - 0.06, 0.5, x + 0.06, 0.6, rgb("d8b04a"))
    for x, y in ((-0.7, 0.02), (0.62, 0.02), (-0.7, 0.72), (0.62, 0.72)):
        pen.bar(x, y, x + 0.1, y + 0.1, own * np.float32(0.45))


FAMILY: dict[str, Kind] = {
    "umbrella": Kind(umbrella, 0.6, 1.4),
    "letter": Kind(letter, 0.13, 1.4),
    "book": Kind(book, 0.16, 2.0),
    "phone": Kind(phone, 0.1, 0.5),
    "camera": Kind(camera, 0.1, 1.4),
    "clock": Kind(clock, 0.3, 1.0, "wall", 1.6),
    "mirror": Kind(mirror, 1.0, 0.6, "ground", 1.2),
    "bottle": Kind(bottle, 0.18, 0.34),
    "cup": Kind(cup, 0.08, 1.1),
    "suitcase": Kind(suitcase, 0.32, 1.5),
}
