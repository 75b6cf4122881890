"""Instruments and what plays sound."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen, Seat


def piano(pen: Pen) -> None:
    """A grand piano with its lid up."""
    body = pen.colour("1b191e")
    for x in (-0.72, 0.62):
        pen.rod((x, 0.42), (x, 0.0), 0.045, 0.025, body * np.float32(1.2))
    pen.part(
        (-0.55, 0.62), (0.85, 0.62), (1.0, 1.06), (0.35, 1.3), (-0.35, 1.16), colour=body * np.float32(1.5), curve=False
    )
    pen.mark(
        (-0.5, 0.64),
        (0.82, 0.64),
        (0.94, 1.03),
        (0.34, 1.24),
        (-0.32, 1.12),
        colour=mix(body, rgb("8a5a32"), 0.45),
        alpha=0.7,
    )
    pen.rod((0.3, 0.62), (0.42, 1.0), 0.012, 0.012, rgb("c8a24a"))
    pen.part((-0.98, 0.58), (-0.6, 0.66), (0.9, 0.66), (1.02, 0.56), (0.98, 0.4), (-0.98, 0.4), colour=body, below=1.3)
    pen.part((-1.08, 0.5), (-0.58, 0.5), (-0.58, 0.42), (-1.08, 0.42), colour=body)
    pen.mark((-1.06, 0.545), (-0.6, 0.545), (-0.6, 0.5), (-1.06, 0.5), colour=rgb("f6f2ea"))
    keys: list[Points] = [pen.path((x, 0.545), (x, 0.5)) for x in np.linspace(-1.04, -0.62, 16)]
    pen.canvas.stroke(keys, 0.008 * pen.put.size, pen.lit(rgb("1b191e")), alpha=0.8)
    pen.part((-0.62, 0.66), (-0.42, 0.66), (-0.36, 0.9), (-0.56, 0.9), colour=rgb("efe8da"))
    pen.mark((-0.9, 0.56), (0.9, 0.6), (0.9, 0.58), (-0.9, 0.54), colour=mix(body, rgb("ffffff"), 0.6), alpha=0.7)
    pen.part((-1.62, 0.34), (-1.18, 0.34), (-1.18, 0.27), (-1.62, 0.27), colour=rgb("3a2a24"))
    pen.lines([pen.path((x, 0.27), (x, 0.0)) for x in (-1.58, -1.22)], 0.035, body)


def guitar(pen: Pen) -> None:
    """A guitar that leans."""
    wood = pen.colour("b5662f")
    pen.rod((0.0, 0.5), (0.0, 0.93), 0.035, 0.028, rgb("4b2d1a"))
    pen.part((-0.06, 0.92), (0.06, 0.92), (0.05, 1.02), (-0.05, 1.02), colour=rgb("3a2214"))
    outline = [
        (0.0, 0.02),
        (0.22, 0.07),
        (0.265, 0.22),
        (0.17, 0.34),
        (0.19, 0.46),
        (0.1, 0.57),
        (0.0, 0.59),
        (-0.1, 0.57),
        (-0.19, 0.46),
        (-0.17, 0.34),
        (-0.265, 0.22),
        (-0.22, 0.07),
    ]
    pen.part(*[(x * 1.05, y) for x, y in outline], colour=wood * np.float32(0.45), curve=True)
    pen.mark(*[(x * 0.97, 0.3 + (y - 0.3) * 0.96) for x, y in outline], colour=wood, curve=True)
    pen.mark(
        *[(x * 0.6, 0.3 + (y - 0.3) * 0.7) for x, y in outline],
        colour=mix(wood, rgb("ffe0a0"), 0.5),
        curve=True,
        alpha=0.4,
        soft=0.04,
    )
    pen.spot(0.0, 0.41, 0.072, 0.065, rgb("1d100a"))
    pen.mark((-0.1, 0.17), (0.1, 0.17), (0.09, 0.135), (-0.09, 0.135), colour=rgb("2a170e"))
    strings: list[Points] = [pen.path((x, 0.155), (x * 0.8, 0.98)) for x in np.linspace(-0.03, 0.03, 6)]
    pen.canvas.stroke(strings, 0.004 * pen.put.size, pen.lit(rgb("f0e8d8")), alpha=0.8)
    pen.lines([pen.path((-0.034, y), (0.034, y)) for y in np.linspace(0.6, 0.9, 8)], 0.005, rgb("c8b890"), alpha=0.7)
    for s in (-1, 1):
        for y in (0.945, 0.975, 1.005):
            pen.spot(s * 0.068, y, 0.014, 0.01, rgb("d8d4cc"))


def violin(pen: Pen) -> None:
    """A violin and its bow."""
    wood = pen.colour("8c3f1c")
    pen.rod((0.0, 0.55), (0.0, 0.92), 0.03, 0.022, rgb("1f120c"))
    pen.oval(0.0, 0.96, 0.04, 0.04, wood * np.float32(0.7))
    pen.part(
        (0.0, 0.02),
        (0.19, 0.08),
        (0.2, 0.24),
        (0.11, 0.34),
        (0.16, 0.48),
        (0.08, 0.6),
        (-0.08, 0.6),
        (-0.16, 0.48),
        (-0.11, 0.34),
        (-0.2, 0.24),
        (-0.19, 0.08),
        colour=wood,
        curve=True,
    )
    for s in (-1, 1):
        pen.line((s * 0.075, 0.42), (s * 0.055, 0.35), (s * 0.085, 0.28), thick=0.014, colour=rgb("1a0c06"))
    pen.part((-0.03, 0.14), (0.03, 0.14), (0.022, 0.3), (-0.022, 0.3), colour=rgb("1f120c"))
    pen.lines(
        [pen.path((x, 0.2), (x * 0.7, 0.9)) for x in (-0.018, -0.006, 0.006, 0.018)], 0.003, rgb("e8e0d0"), alpha=0.7
    )
    pen.rod((0.3, 0.05), (0.42, 0.95), 0.008, 0.006, rgb("4a2a18"))
    pen.line((0.285, 0.06), (0.405, 0.95), thick=0.006, colour=rgb("f0e8d8"), alpha=0.8)


def drums(pen: Pen) -> None:
    """A drum kit."""
    shell, gold = pen.colour("a8282e"), rgb("d8b04a")
    pen.lines([pen.path((s * 0.75, 0.0), (s * 0.72, 0.95)) for s in (-1, 1)], 0.02, rgb("8a8f98"))
    for x, y, r in ((-0.72, 0.95, 0.3), (0.74, 0.98, 0.34), (-0.98, 0.66, 0.22)):
        pen.oval(x, y, r, 0.05, gold)
        pen.spot(x, y + 0.015, r * 0.25, 0.02, mix(gold, rgb("ffffff"), 0.5))
    for x in (-0.26, 0.26):
        pen.part((x - 0.2, 0.86), (x + 0.2, 0.86), (x + 0.19, 0.6), (x - 0.19, 0.6), colour=shell)
        pen.oval(x, 0.86, 0.2, 0.05, rgb("f0ece4"))
    pen.part((-0.95, 0.55), (-0.55, 0.55), (-0.56, 0.38), (-0.94, 0.38), colour=rgb("c8ccd2"))
    pen.oval(-0.75, 0.55, 0.2, 0.045, rgb("f0ece4"))
    pen.part((0.56, 0.52), (0.96, 0.52), (0.96, 0.12), (0.56, 0.12), colour=shell)
    pen.oval(0.76, 0.52, 0.2, 0.05, rgb("f0ece4"))
    pen.oval(0.0, 0.34, 0.37, 0.345, shell * np.float32(0.7))
    pen.oval(0.0, 0.34, 0.33, 0.305, rgb("f0ece4"))
    pen.spot(0.0, 0.34, 0.12, 0.11, shell, alpha=0.6)


def trumpet(pen: Pen) -> None:
    """A trumpet."""
    gold = pen.colour("e0ac3a")
    pen.rod((-0.9, 0.5), (0.6, 0.5), 0.045, 0.05, gold)
    pen.part((0.4, 0.57), (0.8, 0.66), (1.05, 0.95), (1.08, 0.5), (1.05, 0.05), (0.8, 0.34), (0.4, 0.43), colour=gold)
    pen.oval(1.06, 0.5, 0.07, 0.45, gold * np.float32(0.45))
    loop = pen.ring(-0.1, 0.36, 0.42, 0.2)
    pen.lines([np.vstack([loop, loop[:1]])], 0.06, gold * np.float32(0.85))
    for x in (-0.25, -0.08, 0.09):
        pen.bar(x - 0.05, 0.3, x + 0.05, 0.75, gold * np.float32(0.9))
        pen.rod((x, 0.75), (x, 0.88), 0.02, 0.035, rgb("f0e8d8"))
    pen.oval(-0.95, 0.5, 0.05, 0.09, gold)


def accordion(pen: Pen) -> None:
    """An accordion."""
    body = pen.colour("a8282e")
    pen.part((-0.42, 0.08), (0.42, 0.08), (0.48, 0.94), (-0.48, 0.94), colour=rgb("e8dcc8"))
    pen.lines([pen.path((x, 0.08), (x * 1.14, 0.94)) for x in np.linspace(-0.4, 0.4, 11)], 0.02, rgb("3a2a28"))
    for s in (-1, 1):
        pen.part((s * 0.42, 0.02), (s * 0.78, 0.0), (s * 0.84, 1.0), (s * 0.48, 0.98), colour=body)
    for y in np.linspace(0.14, 0.86, 8):
        pen.mark((0.52, y - 0.035), (0.76, y - 0.035), (0.77, y + 0.03), (0.53, y + 0.03), colour=rgb("f6f2ea"))
        for x in (-0.72, -0.62, -0.53):
            pen.spot(x, y, 0.022, 0.022, rgb("f6f2ea"))


def microphone(pen: Pen) -> None:
    """A microphone, on a stand where it is not held up close."""
    steel = rgb("a4a9b4")
    if not pen.put.close:
        pen.rod((0.0, 0.84), (0.0, 0.03), 0.012, 0.014, rgb("2a2c32"))
        pen.oval(0.0, 0.02, 0.16, 0.025, rgb("2a2c32"))
        pen.rod((0.0, 0.84), (0.07, 0.93), 0.022, 0.028, rgb("1c1c22"))
        pen.oval(0.085, 0.95, 0.052, 0.05, pen.colour("a4a9b4"))
        return
    pen.rod((0.0, 0.5), (0.06, -0.6), 0.085, 0.06, rgb("1c1c22"))
    pen.bar(-0.15, 0.44, 0.15, 0.56, steel * np.float32(0.7))
    head = [(-0.2, 0.54), (-0.25, 0.72), (-0.17, 0.92), (0.0, 1.0), (0.17, 0.92), (0.25, 0.72), (0.2, 0.54)]
    pen.part(*head, colour=pen.colour("a4a9b4"), curve=True, below=0.5)
    mesh: list[Points] = []
    for k in np.linspace(-0.9, 0.9, 13):
        mesh.append(
            pen.path(*[(0.23 * k * np.cos(t) ** 0.5, 0.76 + 0.22 * np.sin(t)) for t in np.linspace(-1.3, 1.3, 14)])
        )
        half = 0.23 * np.sqrt(max(0.0, 1 - (k * 0.95) ** 2))
        mesh.append(pen.path((-half, 0.76 + 0.22 * k), (half, 0.76 + 0.22 * k)))
    pen.canvas.stroke(mesh, 0.006 * pen.put.size, pen.lit(rgb("3a3d46")), alpha=0.7)
    pen.spot(-0.08 * pen.mood.side, 0.84, 0.07, 0.09, rgb("ffffff"), alpha=0.5, soft=0.03)


def headphones(pen: Pen) -> None:
    """Headphones."""
    own = pen.colour("2a2c34")
    arc = [(0.4 * np.cos(a), 0.5 + 0.45 * np.sin(a)) for a in np.linspace(0, np.pi, 20)]
    pen.solid([pen.stick(a, b, 0.05, 0.05) for a, b in pairwise(arc)], own)
    for s in (-1, 1):
        pen.part(
            (s * 0.28, 0.1),
            (s * 0.46, 0.08),
            (s * 0.52, 0.35),
            (s * 0.46, 0.6),
            (s * 0.3, 0.58),
            colour=own * np.float32(1.4),
            curve=True,
        )
        pen.spot(s * 0.3, 0.34, 0.07, 0.24, own * np.float32(0.5))


def record(pen: Pen) -> None:
    """A record, light fanned out in its grooves."""
    label = pen.colour("c8402f")
    pen.oval(0.0, 0.5, 0.5, 0.5, rgb("17171c"))
    rings: list[Points] = []
    for r in np.linspace(0.2, 0.48, 12):
        ring = pen.ring(0.0, 0.5, float(r), float(r))
        rings.append(np.vstack([ring, ring[:1]]))
    pen.canvas.stroke(rings, max(0.003 * pen.put.size, 0.4 / pen.canvas.width), pen.lit(rgb("5a5a64")), alpha=0.6)
    for a in (0.6, 0.6 + np.pi):
        pen.canvas.shine(
            [
                pen.path(
                    (0.0, 0.5),
                    (np.cos(a - 0.18) * 0.48, 0.5 + np.sin(a - 0.18) * 0.48),
                    (np.cos(a + 0.18) * 0.48, 0.5 + np.sin(a + 0.18) * 0.48),
                )
            ],
            pen.mood.key,
            0.3,
            soft=0.03 * pen.put.size,
        )
    pen.spot(0.0, 0.5, 0.165, 0.165, label)
    pen.spot(0.0, 0.5, 0.016, 0.016, rgb("0a0a0c"))


def radio(pen: Pen) -> None:
    """An old radio."""
    wood = pen.colour("7a4a28")
    pen.part((-0.8, 0.0), (0.8, 0.0), (0.8, 0.82), (0.7, 0.92), (-0.7, 0.92), (-0.8, 0.82), colour=wood)
    pen.mark((-0.7, 0.1), (0.05, 0.1), (0.05, 0.82), (-0.7, 0.82), colour=rgb("c8b48a"))
    pen.lines([pen.path((-0.7, y), (0.05, y)) for y in np.linspace(0.16, 0.76, 9)], 0.02, rgb("6a5638"), alpha=0.8)
    pen.light((0.16, 0.5), (0.7, 0.5), (0.7, 0.78), (0.16, 0.78), colour=rgb("ffd48a"), power=0.95)
    pen.line((0.42, 0.5), (0.46, 0.78), thick=0.02, colour=rgb("a82a1a"))
    for x in (0.27, 0.59):
        pen.oval(x, 0.26, 0.1, 0.1, rgb("2a1a10"))
    pen.rod((0.6, 0.9), (0.95, 1.3), 0.012, 0.008, rgb("b4bac4"))


def speaker(pen: Pen) -> None:
    """A loudspeaker."""
    body = pen.colour("1e1e24")
    pen.bar(-0.32, 0.0, 0.32, 1.0, body * np.float32(1.3))
    for y, r in ((0.32, 0.24), (0.76, 0.15)):
        pen.oval(0.0, y, r, r, rgb("6a6e78"))
        pen.spot(0.0, y, r * 0.86, r * 0.86, rgb("26262c"))
        pen.spot(0.0, y, r * 0.36, r * 0.36, rgb("4a4c54"))
        pen.spot(-0.03, y + 0.03, r * 0.12, r * 0.12, rgb("c8ccd4"), alpha=0.7)


def mirror_ball(pen: Pen) -> None:
    """A mirror ball on its wire."""
    from engines.providers.local.painter.indoors import mirror_ball as ball

    x, y = pen.at(0.0, 0.5)
    pen.shapes.append(pen.ring(0.0, 0.5, 0.5, 0.5))
    ball(pen.scene, x, y, 0.5 * pen.put.size)


FAMILY: dict[str, Kind] = {
    "piano": Kind(piano, 0.82, 3.1, "ground", 1.0, None, (Seat(-1.4, 0.42, "piano"),)),
    "guitar": Kind(guitar, 0.6, 0.56),
    "violin": Kind(violin, 0.4, 0.8),
    "drums": Kind(drums, 0.66, 2.2, "ground", 1.15),
    "trumpet": Kind(trumpet, 0.16, 2.1),
    "accordion": Kind(accordion, 0.3, 1.7),
    "microphone": Kind(microphone, 0.85, 0.35, "ground", 0.95),
    "headphones": Kind(headphones, 0.14, 1.1),
    "record": Kind(record, 0.2, 1.0),
    "radio": Kind(radio, 0.22, 1.7),
    "speaker": Kind(speaker, 0.8, 0.65, "ground", 1.2),
    "mirror ball": Kind(mirror_ball, 0.35, 1.0, "hang", 1.2, lamp=True),
}
