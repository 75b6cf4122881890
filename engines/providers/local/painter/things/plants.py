"""Trees, flowers by kind, and what grows."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.props import palm as palm_tree
from engines.providers.local.painter.props import pine as conifer
from engines.providers.local.painter.props import tree as broad_tree
from engines.providers.local.painter.things.pen import Draw, Kind, Pen


def _tree(leaves: str | None) -> Draw:
    def draw(pen: Pen) -> None:
        own = None if leaves is None else pen.colour(leaves)
        broad_tree(pen.scene, (pen.put.x, pen.put.y), pen.put.size * 0.92, own, pen.put.depth, pen.rng)

    return draw


def pine(pen: Pen) -> None:
    """A conifer."""
    conifer(
        pen.scene,
        (pen.put.x, pen.put.y),
        pen.put.size * 0.95,
        pen.lit(pen.colour("2f4f38"), 0.45),
        pen.put.depth,
        pen.rng,
    )


def palm(pen: Pen) -> None:
    """A palm."""
    palm_tree(pen.scene, (pen.put.x, pen.put.y), pen.put.size * 0.85, pen.put.depth, pen.rng)


def birch(pen: Pen) -> None:
    """A birch: white trunk, dark marks, light leaves."""
    pen.part((-0.035, 0.0), (0.035, 0.0), (0.02, 0.95), (-0.015, 0.95), colour=rgb("ece8e0"))
    for i, y in enumerate(np.linspace(0.05, 0.85, 13)):
        s = 1 if i % 2 else -1
        pen.line((s * 0.03, y), (s * 0.005, y + 0.008), thick=0.012, colour=rgb("2a2422"))
    leaf = pen.colour("8fae4a")
    for tone, shift in ((0.75, 0.0), (1.05, 0.03)):
        puffs: list[Points] = [
            pen.ring(float(pen.rng.normal(0, 0.12)) + shift, float(pen.rng.uniform(0.5, 1.0)), 0.075, 0.065)
            for _ in range(22)
        ]
        pen.solid(puffs, leaf * np.float32(tone))


def willow(pen: Pen) -> None:
    """A willow with hanging branches."""
    pen.part((-0.06, 0.0), (0.06, 0.0), (0.03, 0.6), (-0.04, 0.6), colour=rgb("5a4634"))
    leaf = pen.colour("7a9a4a")
    for tone, count in ((0.7, 26), (1.0, 26), (1.25, 14)):
        strands: list[Points] = []
        for _ in range(count):
            x0 = float(pen.rng.normal(0, 0.16))
            x1 = x0 * 2.1 + float(pen.rng.normal(0, 0.05))
            low = float(pen.rng.uniform(0.12, 0.42))
            strands.append(pen.path((x0 * 0.5, 0.75), (x0 * 1.5, 0.95), (x1, 0.75), (x1 * 1.05, low)))
        pen.lines(strands, 0.022, leaf * np.float32(tone), alpha=0.9)


def autumn_leaves(pen: Pen) -> None:
    """Leaves that drift."""
    codes = ("d8602a", "e8a02a", "b8402a", "c8882a")
    for i in range(18):
        x, y, a = float(pen.rng.normal(0, 0.7)), float(pen.rng.uniform(0.0, 1.0)), float(pen.rng.uniform(0, 6.28))
        s, c, r = np.sin(a), np.cos(a), float(pen.rng.uniform(0.05, 0.09))
        outline = [(1.0, 0.0), (0.3, 0.4), (-0.5, 0.32), (-1.0, 0.0), (-0.5, -0.32), (0.3, -0.4)]
        own = pen.put.colour if pen.put.colour is not None else rgb(codes[i % 4])
        pen.part(*[(x + r * (u * c - v * s), y + r * (u * s + v * c)) for u, v in outline], colour=own, curve=True)


def cactus(pen: Pen) -> None:
    """A cactus."""
    own = pen.colour("3f7a4a")
    pen.rod((0.0, 0.03), (0.0, 0.92), 0.1, 0.095, own)
    pen.solid(
        [
            pen.stick((-0.05, 0.4), (-0.28, 0.42), 0.06, 0.06),
            pen.stick((-0.28, 0.42), (-0.28, 0.72), 0.062, 0.058),
            pen.stick((0.05, 0.3), (0.26, 0.33), 0.058, 0.056),
            pen.stick((0.26, 0.33), (0.26, 0.58), 0.058, 0.054),
        ],
        own * np.float32(0.94),
    )
    ribs: list[Points] = [pen.path((x, 0.05), (x, 0.95)) for x in (-0.05, 0.0, 0.05)]
    pen.canvas.stroke(ribs, 0.01 * pen.put.size, pen.lit(own * np.float32(0.6)), alpha=0.6)
    pen.spot(0.03, 1.0, 0.04, 0.035, rgb("e8607a"))


def mushroom(pen: Pen) -> None:
    """A mushroom."""
    own = pen.colour("c8302a")
    pen.part((-0.13, 0.0), (0.14, 0.0), (0.1, 0.55), (-0.1, 0.55), colour=rgb("f0e8d8"))
    pen.part(
        (-0.5, 0.5),
        (-0.38, 0.82),
        (0.0, 1.0),
        (0.38, 0.82),
        (0.5, 0.5),
        (0.2, 0.56),
        (-0.2, 0.56),
        colour=own,
        curve=True,
    )
    for x, y, r in ((-0.22, 0.72, 0.07), (0.05, 0.86, 0.06), (0.26, 0.68, 0.065), (0.0, 0.64, 0.05)):
        pen.spot(x, y, r, r * 0.8, rgb("f8f4ea"))


def wheat(pen: Pen) -> None:
    """Ears of wheat."""
    own = pen.colour("d8b04a")
    for k, lean in enumerate(np.linspace(-0.28, 0.28, 7)):
        top = 0.72 + 0.05 * (k % 3)
        pen.line((lean * 0.4, 0.0), (lean * 0.7, 0.4), (lean, top), thick=0.014, colour=own * np.float32(0.8))
        for j in range(6):
            for s in (-1, 1):
                pen.oval(lean * (1 + 0.03 * j) + s * 0.02, top + 0.04 * j, 0.016, 0.032, own, 0.4 * s)


def _flower(kind: str) -> Draw:
    def draw(pen: Pen) -> None:
        heads = {
            "rose": _rose,
            "sunflower": _sunflower,
            "tulip": _tulip,
            "daisy": _daisy,
            "poppy": _poppy,
            "flower": _bloom,
        }
        leaf = rgb("4a7a3a")
        stems = ((0.0, 1.0),) if pen.put.close else ((-0.22, 0.78), (0.24, 0.84), (0.0, 1.0))
        for x, top in stems:
            pen.line((x * 0.2, 0.0), (x * 0.7, top * 0.45), (x, top - 0.12), thick=0.026, colour=leaf)
            for s in (-1, 1):
                pen.part(
                    (x * 0.45, top * 0.3),
                    (x * 0.5 + s * 0.13, top * 0.42),
                    (x * 0.5 + s * 0.2, top * 0.52),
                    (x * 0.5 + s * 0.07, top * 0.44),
                    colour=leaf * np.float32(0.9 if s > 0 else 1.1),
                    curve=True,
                )
            heads[kind](pen, x, top - 0.14, 0.17 if pen.put.close else 0.14)

    return draw


def _petals(
    pen: Pen, x: float, y: float, count: int, reach: float, wide: float, colour: Colour, turn: float = 0.0
) -> None:
    for i in range(count):
        a = 2 * np.pi * i / count + turn
        c, s = np.cos(a), np.sin(a)
        outline = [(0.1, 0.0), (0.5, wide), (0.9, wide * 0.75), (1.05, 0.0), (0.9, -wide * 0.75), (0.5, -wide)]
        tone = 0.88 + 0.18 * float(np.clip(-c * pen.mood.side * 0.5 + s * 0.6, -1, 1))
        pen.part(
            *[(x + reach * (u * c - v * s), y + reach * (u * s + v * c)) for u, v in outline],
            colour=colour * np.float32(tone),
            curve=True,
            below=0.92,
        )


def _rose(pen: Pen, x: float, y: float, r: float) -> None:
    own = pen.colour("c0182c")
    for k, (size, dy) in enumerate(((1.0, 0.0), (0.82, 0.05), (0.62, 0.1), (0.42, 0.14), (0.22, 0.17))):
        tone = own * np.float32(0.62 + 0.12 * k)
        wob = [
            (
                x + r * size * (1 + 0.1 * np.sin(5 * a + k)) * np.cos(a),
                y + r * dy + r * size * 0.86 * (1 + 0.1 * np.sin(5 * a + k)) * np.sin(a),
            )
            for a in np.linspace(0, 2 * np.pi, 22, endpoint=False)
        ]
        pen.part(*wob, colour=tone, curve=True)
        ring = pen.path(*wob[2 + k : 14 + k])
        pen.canvas.stroke([ring], 0.1 * r * pen.put.size, pen.lit(own * np.float32(0.4)), alpha=0.55)


def _sunflower(pen: Pen, x: float, y: float, r: float) -> None:
    own = pen.colour("f2b824")
    _petals(pen, x, y, 16, r * 1.25, 0.14, own * np.float32(0.85), 0.2)
    _petals(pen, x, y, 16, r * 1.15, 0.15, own)
    pen.oval(x, y, r * 0.58, r * 0.58, rgb("4a2c18"))
    for i in range(40):
        a, q = i * 2.4, r * 0.52 * np.sqrt(i / 40)
        pen.spot(x + q * np.cos(a), y + q * np.sin(a), r * 0.04, r * 0.04, rgb("8a5a2a"))


def _tulip(pen: Pen, x: float, y: float, r: float) -> None:
    own = pen.colour("d8304a")
    for dx, tone in ((-0.5, 0.75), (0.5, 0.8)):
        pen.part(
            (x + r * dx * 0.4, y - r * 0.8),
            (x + r * dx * 1.5, y - r * 0.1),
            (x + r * dx * 1.3, y + r * 0.95),
            (x + r * dx * 0.4, y + r * 0.3),
            colour=own * np.float32(tone),
            curve=True,
        )
    pen.part(
        (x, y - r * 0.9),
        (x + r * 0.6, y - r * 0.3),
        (x + r * 0.4, y + r * 0.5),
        (x, y + r * 1.0),
        (x - r * 0.4, y + r * 0.5),
        (x - r * 0.6, y - r * 0.3),
        colour=own,
        curve=True,
    )


def _daisy(pen: Pen, x: float, y: float, r: float) -> None:
    _petals(pen, x, y, 14, r * 1.05, 0.13, pen.colour("f8f6f0"))
    pen.oval(x, y, r * 0.34, r * 0.34, rgb("f0c030"))


def _poppy(pen: Pen, x: float, y: float, r: float) -> None:
    own = pen.colour("d8301e")
    _petals(pen, x, y, 4, r * 1.1, 0.62, own * np.float32(0.85), 0.4)
    _petals(pen, x, y, 4, r * 0.95, 0.6, own, 1.2)
    pen.oval(x, y, r * 0.26, r * 0.26, rgb("17131a"))


def _bloom(pen: Pen, x: float, y: float, r: float) -> None:
    own = pen.put.colour if pen.put.colour is not None else mix(pen.mood.accent(pen.put.number), rgb("f07a9a"), 0.45)
    _petals(pen, x, y, 6, r * 1.12, 0.42, own * np.float32(0.85), 0.3)
    _petals(pen, x, y, 6, r * 0.85, 0.4, own, 0.8)
    pen.oval(x, y, r * 0.28, r * 0.28, rgb("ffd75a"))


def apple(pen: Pen) -> None:
    """An apple."""
    own = pen.colour("c8202f")
    pen.part(
        (0.0, 0.78),
        (0.26, 0.86),
        (0.45, 0.62),
        (0.36, 0.2),
        (0.14, 0.02),
        (0.0, 0.06),
        (-0.14, 0.02),
        (-0.36, 0.2),
        (-0.45, 0.62),
        (-0.26, 0.86),
        colour=own,
        curve=True,
        below=0.65,
    )
    pen.line((0.0, 0.76), (0.05, 0.98), thick=0.04, colour=rgb("5a3a22"))
    pen.part((0.05, 0.86), (0.2, 1.0), (0.34, 0.98), (0.2, 0.84), colour=rgb("4a8a3a"), curve=True)
    pen.spot(-0.2, 0.62, 0.08, 0.12, rgb("ffffff"), alpha=0.5, soft=0.02)


FAMILY: dict[str, Kind] = {
    "tree": Kind(_tree("5d8a3c"), 3.2, 0.9, "ground", 2.2), "dead tree": Kind(_tree(None), 3.0, 0.9, "ground", 2.0),
    "blossom tree": Kind(_tree("f2b8cc"), 2.8, 0.9, "ground", 1.9), "pine": Kind(pine, 3.6, 0.45, "ground", 2.2),
    "palm": Kind(palm, 3.6, 0.8, "ground", 2.0), "birch": Kind(birch, 3.4, 0.5, "ground", 2.0),
    "willow": Kind(willow, 2.8, 1.0, "ground", 2.2), "autumn leaves": Kind(autumn_leaves, 1.2, 2.2, "sky", 0.9),
    "cactus": Kind(cactus, 1.5, 0.7, "ground", 1.4), "mushroom": Kind(mushroom, 0.18, 1.0), "wheat": Kind(wheat, 0.6,
    0.7, "ground", 0.9),
    "flower": Kind(_flower("flower"), 0.4, 0.7, "ground", 0.8), "rose": Kind(_flower("rose"), 0.42, 0.7, "ground", 0.8),
    "sunflower": Kind(_flower("sunflower"), 0.9, 0.7, "ground", 0.9), "tulip": Kind(_flower("tulip"), 0.32, 0.7,
    "ground", 0.8),
    "daisy": Kind(_flower("daisy"), 0.28, 0.7, "ground", 0.8), "poppy": Kind(_flower("poppy"), 0.34, 0.7, "ground",
    0.8),
    "apple": Kind(apple, 0.08, 0.9),
}  # fmt: skip
