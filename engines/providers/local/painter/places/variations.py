"""Places that share a kind with another and look different: a pool, a gym, a theatre, a railway station, a viaduct."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Points, box, ellipse
from engines.providers.local.painter.indoors import _shell
from engines.providers.local.painter.landscapes import grass
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.places.furnish import hill_line, planks
from engines.providers.local.painter.reading import Subject
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane
from engines.providers.local.reading.places import Place

EMPTY = ("empty", "drained", "dry", "abandoned", "deserted")
"""Words for a place that has no water or no audience in it."""


def pool(scene: Scene) -> None:
    """A swimming pool: a tiled basin in perspective, its ladder and diving board; without water if it is empty."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "trees", h + 0.01, 0.12 * scene.zoom, rgb("4a6a44"), 0.7, 9.0)
    ground(scene, rgb("c8c0b4"), rgb("a09a90"), h, grain=0.08)
    lane = Lane(0.5, h, scene.tall - h)
    tile = mood.lit(rgb("8fd0d8"), 0.65)
    far, near = 5.0, 1.5
    down = -0.32
    canvas.fill(lane.quad(-0.7, 0.7, down, down, near, far), tile * np.float32(0.95), tile * np.float32(0.7), depth=0.4)
    canvas.fill(lane.quad(-0.7, 0.7, down, 0.0, far, far), tile * np.float32(0.8), depth=0.5)
    for side in (-0.7, 0.7):
        canvas.fill(lane.quad(side, side, down, 0.0, near, far), tile * np.float32(0.72), depth=0.42)
    lines: list[Points] = [
        [lane.at(s, down, near), lane.at(s, down, far)] for s in np.linspace(-0.56, 0.56, 9).tolist()
    ]
    lines += [[lane.at(-0.7, down, z), lane.at(0.7, down, z)] for z in np.geomspace(near, far, 12).tolist()]
    canvas.stroke(lines, 0.0025, tile * np.float32(0.55), alpha=0.7)
    if not said_of_place(scene.subject, *EMPTY):
        water = lane.quad(-0.7, 0.7, -0.06, -0.06, near, far)
        canvas.fill(water, mix(mood.middle, rgb("3fb0d0"), 0.6), rgb("2a8fb4") * np.float32(0.8), alpha=0.8, depth=0.4)
        rng = scene.rng("pool light")
        for _ in range(26):
            x, y = lane.at(float(rng.uniform(-0.6, 0.6)), -0.06, float(rng.uniform(near, far)))
            canvas.shine([ellipse(x, y, 0.03, 0.005)], rgb("ffffff"), 0.3, soft=0.003)
    rim = mood.lit(rgb("ece6da"), 0.75)
    for shape in (
        lane.quad(-0.78, -0.7, 0.0, 0.0, near * 0.97, far), lane.quad(0.7, 0.78, 0.0, 0.0, near * 0.97, far),
        lane.quad(-0.78, 0.78, 0.0, 0.0, far, far * 1.05), lane.quad(-0.78, 0.78, 0.0, 0.0, near * 0.93, near),
    ):  # fmt: skip
        canvas.fill(shape, rim, depth=0.35)
    steel = mood.lit(rgb("c8ccd2"), 0.75)
    rails: list[Points] = [
        [lane.at(0.72, -0.2, z), lane.at(0.72, 0.22, z), lane.at(0.84, 0.22, z), lane.at(0.84, 0.0, z)]
        for z in (2.6, 2.9)
    ]
    canvas.stroke(rails, 0.009, steel, depth=0.35)
    board = lane.quad(-0.12, 0.12, 0.24, 0.24, 3.6, far)
    canvas.fill(board, mood.lit(rgb("f2f0ea"), 0.7), depth=0.45)
    legs: list[Points] = [[lane.at(s, 0.0, far), lane.at(s, 0.24, far)] for s in (-0.1, 0.1)]
    canvas.stroke(legs, 0.008, steel, depth=0.45)


def gym(scene: Scene) -> None:
    """A sports hall: boards with painted lines, wall bars, a hoop, high windows."""
    canvas, mood = scene.canvas, scene.mood
    lane = _shell(scene, rgb("c8c0ac"), rgb("b07a44"), rgb("8a8c90"), 4.2, 2.9)
    planks(scene, lane, -0.62, 0.62, 0.6, 4.2, rgb("b8844e"))
    paint = mood.lit(rgb("f4f0e6"), 0.8)
    stripes = [lane.quad(s - 0.012, s + 0.012, 0.0, 0.0, 0.6, 4.2) for s in (-0.4, 0.4)]
    stripes.append(lane.quad(-0.4, 0.4, 0.0, 0.0, 2.6, 2.72))
    canvas.fill(stripes, paint, alpha=0.8)
    wood = mood.lit(rgb("8a5a34"), 0.6)
    for side in (-1, 1):
        for z in np.geomspace(1.2, 3.4, 5).tolist():
            frame = lane.quad(side * 0.61, side * 0.61, 0.05, 1.7, z, z * 1.16)
            canvas.fill(frame, wood * np.float32(0.9), depth=0.42)
            bars: list[Points] = [
                [lane.at(side * 0.605, u, z), lane.at(side * 0.605, u, z * 1.16)] for u in np.linspace(0.15, 1.6, 10)
            ]
            canvas.stroke(bars, 0.006 / z**0.5, wood * np.float32(1.5), depth=0.41)
    glass = mix(mood.low, rgb("ffffff"), 0.35) * np.float32(1.1)
    for side in (-1, 1):
        panes = [lane.quad(side * 0.61, side * 0.61, 2.0, 2.6, z, z * 1.2) for z in np.geomspace(1.0, 3.2, 5).tolist()]
        canvas.fill(panes, glass, depth=0.5)
    canvas.fill(lane.quad(-0.17, 0.17, 1.55, 2.0, 4.1, 4.1), paint, depth=0.5)
    canvas.stroke([lane.quad(-0.07, 0.07, 1.64, 1.82, 4.05, 4.05)], 0.005, rgb("d0502a"), depth=0.49)
    x, y = lane.at(0.0, 1.58, 3.9)
    ring = ellipse(x, y, 0.026, 0.009)
    canvas.stroke([np.vstack([ring, ring[:1]])], 0.007, mood.lit(rgb("e0582a"), 0.8), depth=0.48)
    for z in (1.3, 2.2, 3.4):
        for s in (-0.3, 0.3):
            canvas.glow(*lane.at(s, 2.8, z), 0.3 / z, rgb("fff4dc"), 0.6)


def theatre(scene: Scene) -> None:
    """A theatre: a curtain, a wooden stage with footlights, the backs of the seats in front."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    canvas.light[:] = rgb("0c080b")
    low = h + 0.04 * scene.tall
    cloth = mood.lit(mix(rgb("8f1d26"), mood.accent(0), 0.15), 0.6)
    folds = np.linspace(0.03, 0.97, 22)
    ident = canvas.new_object()
    for k, (a, b) in enumerate(pairwise(folds)):
        tone = cloth * np.float32(0.5 + 0.42 * abs(np.sin(k * 1.9)))
        canvas.fill(box(a, 0.12 * scene.tall, b, low), tone * np.float32(0.6), tone, depth=0.7, ident=ident)
    gold = mood.lit(rgb("c8a050"), 0.6)
    for k in range(7):
        x0, x1 = k / 7, (k + 1) / 7
        t = np.linspace(0, np.pi, 14)
        swag = np.column_stack([x0 + (x1 - x0) * t / np.pi, 0.13 * scene.tall + 0.06 * np.sin(t)])
        canvas.fill(np.vstack([[(x0, 0.0)], swag, [(x1, 0.0)]]), cloth, cloth * np.float32(0.7), depth=0.6)
        canvas.stroke([swag], 0.006, gold, depth=0.6)
    pillars = [box(-0.1, 0.0, 0.035, low + 0.02), box(0.965, 0.0, 1.1, low + 0.02)]
    canvas.fill(pillars, gold * np.float32(0.8), gold * np.float32(0.5), depth=0.5)
    lane = Lane(0.5, h, scene.tall - h)
    planks(scene, lane, -3.0, 3.0, 1.0, max(1.2, (scene.tall - h) / max(low - h, 1e-3)), rgb("7a5230"))
    scene.shore = low + 0.02 * scene.tall
    canvas.glow(scene.focus[0], 0.8 * scene.tall, 0.5, rgb("ffe9c0"), 0.5, flat=0.3)
    beam = [(scene.focus[0] - 0.03, 0.0), (scene.focus[0] + 0.03, 0.0), (scene.focus[0] + 0.3, scene.tall * 0.85),
            (scene.focus[0] - 0.3, scene.tall * 0.85)]  # fmt: skip
    canvas.shine([beam], rgb("ffe9c0"), 0.16 + 0.1 * mood.lift, soft=0.02)
    for x in np.linspace(0.06, 0.94, 9).tolist():
        canvas.glow(x, low + 0.015, 0.05, rgb("ffdf9a"), 0.8)


def station(scene: Scene) -> None:
    """A railway station: the platform, the track across it, an iron roof on columns, a clock."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "far", h + 0.02, 0.08 * scene.zoom, rgb("6a6a6c"), 0.85)
    ground(scene, rgb("6c6660"), rgb("8a847c"), h, grain=0.12)
    drop = max(scene.lane - h, 0.06 * scene.tall)
    track, edge = h + 0.36 * drop, h + 0.5 * drop
    scene.rails = track
    bed = mood.lit(rgb("5a524a"), 0.5)
    canvas.fill(box(-0.1, h + 0.22 * drop, 1.1, edge), mood.far(bed, 0.3), bed, depth=0.5)
    ties = [box(x, track - 0.012, x + 0.025, track + 0.014) for x in np.arange(-0.1, 1.1, 0.06).tolist()]
    canvas.fill(ties, mood.lit(rgb("3e3028"), 0.5), depth=0.5)
    canvas.stroke([[(-0.1, y), (1.1, y)] for y in (track - 0.007, track + 0.008)], 0.005, mood.lit(rgb("b0b4ba"), 0.7))
    stone = mood.lit(rgb("a8a298"), 0.6)
    canvas.fill(box(-0.1, edge, 1.1, scene.tall + 0.1), stone * np.float32(0.95), stone * np.float32(0.65), depth=0.3)
    canvas.fill(box(-0.1, edge + 0.02, 1.1, edge + 0.032), mood.lit(rgb("f0d890"), 0.8), depth=0.3)
    iron, roof = mood.lit(rgb("2f4a44"), 0.5), mood.lit(rgb("4a5458"), 0.45)
    top = max(0.1 * scene.tall, h - 1.7 * drop)
    canvas.fill([(-0.1, -0.1), (1.1, -0.1), (1.1, top), (-0.1, top)], roof * np.float32(0.5), roof, depth=0.45)
    panes = [box(x, top - 0.16, x + 0.1, top - 0.05) for x in np.arange(0.0, 1.0, 0.14).tolist()]
    canvas.fill(panes, mix(mood.low, rgb("ffffff"), 0.3), depth=0.6)
    lace = [ellipse(x, top, 0.035, 0.035) for x in np.arange(-0.03, 1.1, 0.07).tolist()]
    canvas.fill(lace, iron, depth=0.42)
    for x in (0.08, 0.92):
        canvas.fill(box(x - 0.016, top, x + 0.016, edge + 0.14 * drop), iron, iron * np.float32(0.6), depth=0.35)
        arms: list[Points] = [[(x, top + 0.16), (x + s * 0.1, top + 0.01)] for s in (-1, 1)]
        canvas.stroke(arms, 0.012, iron, depth=0.35)
    if scene.subject.has("clock"):
        return
    x, y = 0.5 + 0.18 * mood.side, top + 0.13
    canvas.stroke([[(x, top), (x, y)]], 0.008, iron, depth=0.4)
    canvas.fill(ellipse(x, y, 0.062, 0.062), iron, depth=0.4)
    canvas.fill(ellipse(x, y, 0.05, 0.05), mood.lit(rgb("f6f0dc"), 0.85), depth=0.4)
    canvas.stroke([[(x, y), (x + 0.02, y - 0.026)], [(x, y), (x - 0.012, y - 0.014)]], 0.005, rgb("1c1a1e"), depth=0.4)


def viaduct(scene: Scene) -> None:
    """A viaduct: stone arches across a valley, the meadow before it."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "far", h + 0.01, 0.22 * scene.zoom, rgb("5a6a58"), 0.85)
    hill_line(scene, "near", h + 0.03, 0.1 * scene.zoom, rgb("5f7a48"), 0.7)
    stone = mood.far(mood.lit(rgb("a89886"), 0.6), 0.35)
    deck, foot = h - 0.36 * scene.zoom**0.5, h + 0.05
    wide = 0.19 * scene.zoom**0.5
    pier = 0.26 * wide
    shift = float(scene.rng("arches").uniform(-0.15, 0.0))
    ident = canvas.new_object()
    canvas.fill(box(-0.1, deck, 1.1, deck + 0.06), stone * np.float32(1.1), stone, depth=0.6, ident=ident)
    for x in np.arange(shift - wide, 1.2, wide).tolist():
        canvas.fill(box(x, deck, x + pier, foot + 0.04), stone, stone * np.float32(0.75), depth=0.6, ident=ident)
        t = np.linspace(np.pi, 0, 18)
        half = (wide - pier) / 2
        arch = np.column_stack([x + pier + half + half * np.cos(t), deck + 0.06 + half - half * np.sin(t)])
        spandrel = np.vstack([arch, [(x + wide, deck + 0.03), (x + pier, deck + 0.03)]])
        canvas.fill(spandrel, stone * np.float32(0.95), depth=0.6, ident=ident)
    canvas.fill(box(-0.1, deck - 0.016, 1.1, deck + 0.006), stone * np.float32(1.25), depth=0.6, ident=ident)
    ground(scene, rgb("6f8a4a"), rgb("4f6a34"), h + 0.04, grain=0.25)
    grass(scene, scene.tall * 0.9, rgb("5f7f3a"), 120, 0.07)


_VARIATIONS: dict[Place, tuple[tuple[frozenset[str], Callable[[Scene], None]], ...]] = {
    "park": ((frozenset({"pool", "lido", "poolside"}), pool),),
    "school": ((frozenset({"gym", "gymnasium"}), gym),),
    "stage": ((frozenset({"theatre", "theater", "opera", "cabaret"}), theatre),),
    "subway": ((frozenset({"train", "railway", "station", "platform"}), station),),
    "bridge": ((frozenset({"viaduct", "railway"}), viaduct),),
}
_OTHERWISE: dict[Place, frozenset[str]] = {
    "subway": frozenset({"subway", "metro", "underground", "tube", "bahn", "tunnel"})
}
"""Words that keep a place as it is."""


def variation_of(subject: Subject) -> Callable[[Scene], None] | None:
    """Another drawing of a picture's place, if the words ask for it."""
    rails = "train" in {item.name for item in subject.words.items}
    if said_of_place(subject, *_OTHERWISE.get(subject.place, ())) or (subject.place == "bridge" and rails):
        return None
    return next((draw for named, draw in _VARIATIONS.get(subject.place, ()) if said_of_place(subject, *named)), None)


def said_of_place(subject: Subject, *adjectives: str) -> bool:
    """Whether the words for a picture's place contain one of these."""
    said = {word for one in subject.words.places if one.place == subject.place for word in one.words.lower().split()}
    return not said.isdisjoint(adjectives)
