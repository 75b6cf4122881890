"""What small things lie on outdoors and in halls, seen from near: a wall, concrete, a rock, a stump, a case."""

from collections.abc import Callable

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.reading.places import Place

_DEEP = 0.12
"""From the back edge of its top to the front one, in heights of the picture."""
_BEHIND = 0.4
"""How much of the top is behind the thing."""

_WALL, _SLAB, _ROCK, _STUMP, _CASE = "wall", "slab", "rock", "stump", "case"
SUPPORTS: dict[Place, tuple[str, str]] = {
    "street": (_SLAB, "8c8a8c"), "rooftop": (_SLAB, "86807c"), "petrol station": (_SLAB, "93908c"),
    "motel": (_SLAB, "a08a78"), "subway": (_SLAB, "7e848a"), "tunnel": (_SLAB, "76767a"), "road": (_ROCK, "8a7c6c"),
    "stadium": (_SLAB, "8c9296"), "playground": (_SLAB, "9a9288"), "fairground": (_CASE, "7a3a34"),
    "village": (_WALL, "a0917e"), "castle": (_WALL, "8c8880"), "ruins": (_WALL, "9a8c74"),
    "church": (_WALL, "a59c8c"), "graveyard": (_WALL, "7c7c78"), "bridge": (_WALL, "94908a"),
    "garden": (_WALL, "a08a70"), "factory": (_CASE, "5c5e64"), "stage": (_CASE, "2c2c34"),
    "park": (_STUMP, "7a5a3c"), "farm": (_STUMP, "8a6846"), "field": (_STUMP, "80603e"),
    "forest": (_STUMP, "6a4c32"), "mountains": (_ROCK, "77747a"), "snow": (_ROCK, "8a8e98"),
    "desert": (_ROCK, "a8845c"), "beach": (_ROCK, "8c7c6c"), "cliff": (_ROCK, "7a766e"), "river": (_ROCK, "77786e"),
    "cave": (_ROCK, "5a524c"), "space": (_ROCK, "77727c"), "underwater": (_ROCK, "4a6268"),
}  # fmt: skip
"""The support that a place has, with its colour."""


def ledge(scene: Scene, foot: float) -> None:
    """The place's own support, across the picture.

    Args:
        scene: The picture.
        foot: Where the thing stands on it, in widths from the top.
    """
    kind, code = SUPPORTS.get(scene.subject.place, (_WALL, "948c82"))
    lit = scene.mood.lit(rgb(code), 0.62)
    _DRAWINGS[kind](scene, lit, foot - _BEHIND * _DEEP * scene.tall, foot + (1 - _BEHIND) * _DEEP * scene.tall)


def _wall(scene: Scene, stone: Colour, back: float, front: float) -> None:
    """A low wall of stones under a row of flat ones."""
    canvas, rng = scene.canvas, scene.rng("ledge")
    ident, thick = canvas.new_object(), 0.035 * scene.tall
    canvas.fill(box(-0.1, front, 1.1, scene.tall + 0.1), stone * np.float32(0.5), stone * np.float32(0.26),
                depth=0.22, ident=ident)  # fmt: skip
    high = 0.052 * scene.tall
    for row in range(int((scene.tall - front) / high) + 1):
        y = front + thick + row * high
        x = -0.1 - float(rng.uniform(0.0, 0.12))
        while x < 1.05:
            wide = float(rng.uniform(0.13, 0.24))
            tone = stone * np.float32(rng.uniform(0.5, 0.72) * (1 - 0.07 * row))
            canvas.fill(box(x + 0.006, y + 0.006, x + wide, y + high), tone, tone * np.float32(0.8), soft=0.004)
            x += wide
    _top(scene, stone, back, front, thick)


def _slab(scene: Scene, stone: Colour, back: float, front: float) -> None:
    """A ledge of concrete with joints."""
    canvas, rng = scene.canvas, scene.rng("ledge")
    canvas.fill(box(-0.1, front, 1.1, scene.tall + 0.1), stone * np.float32(0.56), stone * np.float32(0.28), depth=0.22)
    for x in (float(rng.uniform(0.05, 0.35)), float(rng.uniform(0.6, 0.95))):
        canvas.stroke([[(x, front), (x, scene.tall)]], 0.005, stone * np.float32(0.3), alpha=0.7)
    _top(scene, stone, back, front, 0.02 * scene.tall)


def _case(scene: Scene, skin: Colour, back: float, front: float) -> None:
    """A flight case with metal edges."""
    canvas, metal = scene.canvas, scene.mood.lit(rgb("a8acb4"), 0.6)
    left, right = 0.06, 0.94
    canvas.fill(box(left, front, right, scene.tall + 0.1), skin * np.float32(0.75), skin * np.float32(0.4), depth=0.22)
    canvas.fill([(left + 0.05, back), (right - 0.05, back), (right, front), (left, front)], skin * np.float32(1.0),
                skin * np.float32(1.3), depth=0.26)  # fmt: skip
    middle = front + 0.09 * scene.tall
    for y in (front, middle):
        canvas.fill(box(left, y, right, y + 0.014), metal, metal * np.float32(0.6), depth=0.21)
    for x in (left, right - 0.03):
        canvas.fill(
            box(x, front, x + 0.03, scene.tall + 0.1), metal * np.float32(0.9), metal * np.float32(0.5), depth=0.21
        )
    canvas.fill(box(0.46, front + 0.03, 0.54, middle - 0.01), metal * np.float32(0.7), metal * np.float32(0.4))


def _rock(scene: Scene, stone: Colour, back: float, front: float) -> None:
    """A boulder with a flat top, broken edges and what lies on such rocks here."""
    canvas, rng = scene.canvas, scene.rng("ledge")
    x = np.linspace(-0.08, 1.08, 15)
    jag = rng.uniform(-0.012, 0.012, 15)
    rim = np.column_stack([x, front + jag + 0.16 * np.abs(x - 0.5) ** 2])
    low = [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]
    ident = canvas.new_object()
    canvas.fill(np.vstack([rim, low]), stone * np.float32(0.62), stone * np.float32(0.28), depth=0.22, ident=ident)
    edge = np.column_stack([x, back + 0.5 * jag[::-1] + 0.3 * np.abs(x - 0.5) ** 2])
    top = mix(stone, rgb("eef2f8") * np.float32(0.9), 0.75) if scene.subject.place == "snow" else stone
    canvas.fill(np.vstack([edge, rim[::-1]]), top * np.float32(0.86), top * np.float32(1.14), depth=0.26, ident=ident)
    cracks: list[Points] = []
    for _ in range(7):
        at = float(rng.uniform(0.0, 1.0))
        y = front + float(rng.uniform(0.03, 0.12))
        cracks.append([(at, y), (at + float(rng.uniform(-0.05, 0.05)), y + 0.05), (at + 0.03, y + 0.13)])
    canvas.stroke(cracks, 0.006, stone * np.float32(0.3), alpha=0.55, soft=0.002)


def _stump(scene: Scene, wood: Colour, back: float, front: float) -> None:
    """A felled tree's stump: rings above, bark below."""
    canvas, rng = scene.canvas, scene.rng("ledge")
    y, half, flat = (back + front) / 2, 0.56, (front - back) * 0.62
    side = [
        (0.5 - half, y),
        (0.5 + half, y),
        (0.5 + 1.08 * half, scene.tall + 0.1),
        (0.5 - 1.08 * half, scene.tall + 0.1),
    ]
    ident = canvas.new_object()
    canvas.fill(side, wood * np.float32(0.5), wood * np.float32(0.26), depth=0.22, ident=ident)
    canvas.fill(ellipse(0.5, y + 0.01, half, flat), wood * np.float32(0.45), depth=0.22, ident=ident)
    pale = mix(wood, rgb("d8b48a") * wood.max(), 0.6)
    canvas.fill(ellipse(0.5, y, 0.97 * half, 0.93 * flat), pale * np.float32(0.85), pale * np.float32(1.12), depth=0.26,
                ident=ident)  # fmt: skip
    rings = [ellipse(0.52, y, half * t, flat * t, count=60) for t in np.linspace(0.2, 0.86, 7)]
    canvas.stroke([np.vstack([ring, ring[:1]]) for ring in rings], 0.003, pale * np.float32(0.6), alpha=0.6)
    bark: list[Points] = []
    for x in np.linspace(0.5 - half, 0.5 + half, 26):
        lean = 0.08 * (x - 0.5) + float(rng.normal(0, 0.008))
        bark.append([(float(x), y + flat * 0.9), (float(x) + lean, scene.tall)])
    canvas.stroke(bark, 0.008, wood * np.float32(0.22), alpha=0.5, soft=0.002)


def _top(scene: Scene, stone: Colour, back: float, front: float, thick: float) -> None:
    """Flat stones in perspective, with their front edge."""
    canvas, rng = scene.canvas, scene.rng("ledge", "top")
    ident = canvas.new_object()
    canvas.fill(
        box(-0.1, back, 1.1, front), stone * np.float32(0.86), stone * np.float32(1.18), depth=0.26, ident=ident
    )
    canvas.fill(box(-0.1, front - 0.001, 1.1, front + thick), stone * np.float32(0.78), stone * np.float32(0.5),
                depth=0.2, ident=ident)  # fmt: skip
    for x in np.cumsum(rng.uniform(0.22, 0.36, 4)) - 0.05:
        lean = 0.3 * (float(x) - 0.5)
        canvas.stroke(
            [[(float(x), back), (float(x) + lean * 0.12, front), (float(x) + lean * 0.12, front + thick)]], 0.004,
            stone * np.float32(0.42), alpha=0.7,
        )  # fmt: skip
    canvas.stroke([[(-0.1, front), (1.1, front)]], 0.004, stone * np.float32(1.4), alpha=0.55)
    specks = smooth([(0.2, back), (0.8, back), (0.8, front), (0.2, front)], 4)
    canvas.fill(specks, scene.mood.key, alpha=0.06, soft=0.03)


_DRAWINGS: dict[str, Callable[[Scene, Colour, float, float], None]] = {
    _WALL: _wall, _SLAB: _slab, _ROCK: _rock, _STUMP: _stump, _CASE: _case,
}  # fmt: skip
