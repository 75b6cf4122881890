"""Detail shots: one thing, large, in front of a place out of focus."""

from collections.abc import Callable

import numpy as np

from engines.providers.local.painter.beyond import planet
from engines.providers.local.painter.canvas import Points, box, ellipse, limb, smooth
from engines.providers.local.painter.indoors import mirror_ball
from engines.providers.local.painter.lexicon import Thing
from engines.providers.local.painter.living import butterflies, eye, flower, wings
from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.props import car, saturated
from engines.providers.local.painter.scene import Scene

_DEPTH = 0.15
_REACH = 0.28
"""How far a thing reaches from its middle, in widths: most of them."""


def paint_detail(scene: Scene) -> None:
    """The thing that the words name first; without one, something that suits the place."""
    rng = scene.rng("detail")
    x, y = scene.focus[0] + float(rng.uniform(-0.09, 0.09)), scene.focus[1] + float(rng.uniform(-0.12, 0.12))
    named = [thing for thing in scene.subject.things if thing in _THINGS]
    local = _BY_PLACE.get(scene.subject.place, ("flowers", "eye", "lanterns", "birds"))
    # The words mention what stands far behind, too: the first thing named counts, but not every time.
    choice = named[0] if named and rng.random() < 0.7 else local[int(rng.integers(len(local)))]
    _THINGS[choice](scene, x, y)
    scene.show(y - _REACH, y + _REACH, y - _REACH / 2, y + _REACH / 2)


def microphone(scene: Scene, x: float, y: float) -> None:
    """A microphone on its stand."""
    canvas, mood = scene.canvas, scene.mood
    steel = mood.lit(rgb("9aa0ac"), 0.7)
    canvas.fill(
        limb((x + 0.02, y + 0.25), (x + 0.16, scene.tall + 0.1), 0.06, 0.045),
        mood.lit(rgb("23242c"), 0.6),
        depth=_DEPTH,
    )
    canvas.fill(
        box(x - 0.13, y + 0.12, x + 0.13, y + 0.26), steel * np.float32(1.1), steel * np.float32(0.5), depth=_DEPTH
    )
    head = smooth(
        [
            (x - 0.2, y + 0.14),
            (x - 0.24, y - 0.1),
            (x - 0.15, y - 0.32),
            (x, y - 0.38),
            (x + 0.15, y - 0.32),
            (x + 0.24, y - 0.1),
            (x + 0.2, y + 0.14),
        ]
    )
    canvas.fill(head, steel, steel * np.float32(0.55), depth=_DEPTH)
    mesh: list[Points] = []
    for k in np.linspace(-1, 1, 15):
        mesh.append(
            [(x + 0.23 * k * np.cos(t) ** 0.5, y - 0.12 + 0.26 * np.sin(t)) for t in np.linspace(-1.35, 1.35, 16)]
        )
        half = 0.235 * np.sqrt(max(0.0, 1 - (k * 0.9) ** 2))
        mesh.append([(x - half, y - 0.12 + 0.25 * k), (x + half, y - 0.12 + 0.25 * k)])
    canvas.stroke(mesh, 0.005, steel * np.float32(0.35), alpha=0.75)
    whole = canvas.stencil([head])
    if whole is not None:
        model(scene, whole, strength=0.75, rim=1.2)
    canvas.glow(x - mood.side * 0.1, y - 0.26, 0.16, mood.key, 0.8)


def record(scene: Scene, x: float, y: float) -> None:
    """A record on its turntable, light fanned out in the grooves."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("record")
    wood = mood.lit(rgb("5a3b28"), 0.5)
    canvas.fill(
        [(-0.1, y - 0.52), (1.1, y - 0.56), (1.2, y + 0.7), (-0.2, y + 0.72)], wood, wood * np.float32(0.5), depth=0.25
    )
    for k, tone in ((1.0, "101014"), (0.97, "1a1a20")):
        canvas.fill(ellipse(x, y, 0.5 * k, 0.4 * k, count=110), mood.lit(rgb(tone) * np.float32(2), 0.6), depth=_DEPTH)
    rings: list[Points] = []
    for r in np.linspace(0.19, 0.47, 22):
        loop = ellipse(x, y, r, r * 0.8, count=90)
        rings.append(np.vstack([loop, loop[:1]]))
    canvas.stroke(rings, 0.002, mood.lit(rgb("5a5a64"), 0.6), alpha=0.5)
    for a, colour in ((0.5, mood.key), (0.5 + np.pi, mood.key), (2.1, mood.accent(0)), (2.1 + np.pi, mood.accent(1))):
        fan = [
            (x, y),
            (x + np.cos(a - 0.16) * 0.48, y + np.sin(a - 0.16) * 0.385),
            (x + np.cos(a) * 0.485, y + np.sin(a) * 0.39),
            (x + np.cos(a + 0.16) * 0.48, y + np.sin(a + 0.16) * 0.385),
        ]
        canvas.shine([fan], colour, 0.35, soft=0.02)
    label = mood.lit(mood.accent(int(rng.integers(4))), 0.8)
    canvas.fill(ellipse(x, y, 0.17, 0.136, count=60), label, label * np.float32(0.75), depth=_DEPTH)
    canvas.fill(ellipse(x, y, 0.11, 0.088, count=60), label * np.float32(0.7))
    canvas.fill(ellipse(x, y, 0.014, 0.012), rgb("0a0a0c"))
    metal = mood.lit(rgb("c4c8d0"), 0.8)
    canvas.stroke([[(x + 0.42, y - 0.62), (x + 0.44, y - 0.1), (x + 0.3, y + 0.16)]], 0.03, metal, depth=0.1)
    canvas.fill(limb((x + 0.32, y + 0.12), (x + 0.24, y + 0.24), 0.035, 0.028), metal * np.float32(0.6), depth=0.1)
    canvas.fill(ellipse(x + 0.42, y - 0.62, 0.08, 0.07), metal * np.float32(0.8), depth=0.1)


def lantern(scene: Scene, x: float, y: float) -> None:
    """A paper lantern, lit from within."""
    canvas, mood = scene.canvas, scene.mood
    warm = mix(rgb("ffae50"), mood.accent(0), 0.3)
    canvas.glow(x, y, 1.0, warm, 0.7)
    paper = smooth(
        [
            (x - 0.16, y - 0.36),
            (x + 0.16, y - 0.36),
            (x + 0.33, y - 0.14),
            (x + 0.33, y + 0.14),
            (x + 0.16, y + 0.36),
            (x - 0.16, y + 0.36),
            (x - 0.33, y + 0.14),
            (x - 0.33, y - 0.14),
        ]
    )
    canvas.fill(paper, warm * np.float32(0.75), warm * np.float32(1.1), depth=_DEPTH)
    ribs: list[Points] = []
    for k in np.linspace(-0.3, 0.3, 8):
        half = 0.345 * np.sqrt(1 - (k / 0.42) ** 2)
        ribs.append([(x + half * np.sin(t), y + k + 0.03 * np.cos(t)) for t in np.linspace(-1.5, 1.5, 20)])
    canvas.stroke(ribs, 0.006, warm * np.float32(0.4), alpha=0.7)
    canvas.glow(x, y + 0.06, 0.34, rgb("fff0c8"), 0.9)
    dark = mood.lit(rgb("2a1c18"), 0.5)
    canvas.fill(
        [box(x - 0.17, y - 0.4, x + 0.17, y - 0.35), box(x - 0.17, y + 0.35, x + 0.17, y + 0.4)], dark, depth=_DEPTH
    )
    canvas.stroke([[(x, -0.1), (x, y - 0.4)]], 0.008, dark)
    tassel: list[Points] = [[(x + k * 0.3, y + 0.4), (x + k * 0.6, y + 0.66)] for k in np.linspace(-0.1, 0.1, 7)]
    canvas.stroke(tassel, 0.008, mood.lit(mood.accent(0), 0.8))


def neon(scene: Scene, x: float, y: float) -> None:
    """A neon figure on a wall: a heart, a star, an arrow, a moon or waves."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("neon")
    wall = mood.lit(rgb("3a3038"), 0.35) * np.float32(0.55)
    canvas.light[:] = wall
    canvas.depth[:] = 0.35
    canvas.ident[:] = canvas.new_object()
    bricks: list[Points] = []
    for j, row in enumerate(np.arange(-0.05, scene.tall, 0.075)):
        bricks += [
            box(b + 0.004, row + 0.004, b + 0.146, row + 0.071) for b in np.arange(-0.2 + 0.075 * (j % 2), 1.1, 0.15)
        ]
    canvas.fill(bricks, wall * np.float32(1.25), wall * np.float32(1.05))
    t = np.linspace(0, 2 * np.pi, 70)
    heart = np.column_stack(
        [
            x + 0.02 * 16 * np.sin(t) ** 3,
            y - 0.02 * (13 * np.cos(t) - 5 * np.cos(2 * t) - 2 * np.cos(3 * t) - np.cos(4 * t)),
        ]
    )
    star_t = np.linspace(0, 2 * np.pi, 11) - np.pi / 2
    star_r = np.where(np.arange(11) % 2, 0.14, 0.34)
    star = np.column_stack([x + np.cos(star_t) * star_r, y + np.sin(star_t) * star_r])
    zigzag = [(0.08, -0.42), (-0.2, 0.04), (0.0, 0.04), (-0.1, 0.42), (0.22, -0.08), (0.02, -0.08), (0.08, -0.42)]
    bolt = np.array(zigzag) + np.array([x, y])
    arc = np.linspace(0.9, 5.4, 50)
    moon = np.column_stack([x + 0.3 * np.cos(arc), y + 0.3 * np.sin(arc)])
    inner = np.column_stack(
        [x + 0.11 + 0.235 * np.cos(np.linspace(5.3, 1.0, 40)), y + 0.235 * np.sin(np.linspace(5.3, 1.0, 40))]
    )
    crescent = np.vstack([moon, inner, moon[:1]])
    shapes = [heart, star, bolt, crescent]
    shape = (
        heart if scene.subject.has("heart") else crescent if scene.subject.has("moon") else shapes[int(rng.integers(4))]
    )
    first, second = mood.accent(int(rng.integers(5))), mood.accent(int(rng.integers(5)) + 1)
    for scale, colour, power in ((1.0, first, 1.2), (1.3, second, 0.8)):
        tube = np.asarray(shape) * scale + np.array([x, y]) * (1 - scale)
        canvas.stroke([tube + np.array([0.012, 0.016])], 0.02, rgb("08060a"), alpha=0.6, soft=0.006)
        canvas.shine_lines([tube], 0.12, colour, 0.2 * power, soft=0.06)
        canvas.shine_lines([tube], 0.022, colour, power)
        canvas.shine_lines([tube], 0.009, mix(colour, rgb("ffffff"), 0.75), power)
    canvas.glow(x, y, 1.1, first, 0.15 + 0.15 * mood.lift)


def ripples(scene: Scene, x: float, y: float) -> None:
    """Drops on water: rings that cross, lights mirrored between."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("ripples")
    rows = np.linspace(0, 1, canvas.height, dtype=np.float32)[:, None, None]
    canvas.light[:] = (mix(mood.low, mood.haze, 0.5) * np.float32(0.6)) * (1 - rows) + mood.top * rows * np.float32(0.7)
    canvas.depth[:] = 0.4
    canvas.ident[:] = canvas.new_object()
    for _ in range(14):
        gx, gy = float(rng.random()), float(rng.random()) * scene.tall
        canvas.shine(
            [box(gx - 0.02, gy - 0.3, gx + 0.02, gy + 0.3)],
            mood.accent(int(rng.integers(5))),
            0.55 * (0.4 + 0.6 * mood.lift),
            soft=0.025,
        )
    for i in range(9):
        cx, cy = (x, y) if i == 0 else (float(rng.random()), float(rng.random()) * scene.tall)
        for k in range(2 + (7 if i == 0 else int(rng.integers(1, 5)))):
            r = (0.04 + 0.055 * k) * (1.25 if i == 0 else 0.8)
            loop = ellipse(cx, cy, r, r * 0.42, count=70)
            closed = np.vstack([loop, loop[:1]])
            canvas.stroke([closed + np.array([0, 0.008])], 0.009, mood.top * np.float32(0.4), alpha=0.5, soft=0.002)
            canvas.shine_lines([closed], 0.006, mix(mood.key, mood.accent(k), 0.3), 0.55 / (1 + 0.15 * k))
    drop = smooth([(x, y - 0.42), (x + 0.055, y - 0.28), (x, y - 0.22), (x - 0.055, y - 0.28)])
    canvas.fill(drop, mix(mood.low, rgb("ffffff"), 0.4), mood.top, depth=_DEPTH)
    canvas.glow(x - 0.015, y - 0.29, 0.03, rgb("ffffff"), 1.6)


def front_of_car(scene: Scene, x: float, y: float) -> None:
    """A car at close range, its lamps in the lens."""
    canvas, mood = scene.canvas, scene.mood
    road = mood.lit(rgb("3f3d45"), 0.5)
    canvas.fill(box(-0.1, y + 0.24, 1.1, scene.tall + 0.1), road, road * np.float32(0.6), depth=0.3)
    car(scene, (x, y + 0.36), 1.05, saturated(mood.accent(0)), front=True)


def ball(scene: Scene, x: float, y: float) -> None:
    """A mirror ball and its spots."""
    rng = scene.rng("specks")
    for _ in range(50):
        scene.canvas.glow(
            float(rng.random()), float(rng.random()) * scene.tall, 0.05, scene.mood.accent(int(rng.integers(5))), 0.5
        )
    mirror_ball(scene, x, y, 0.36)


def world(scene: Scene, x: float, y: float) -> None:
    """A planet with its ring."""
    planet(scene, x, y, 0.34, mix(scene.mood.accent(0), rgb("c98a5a"), 0.35))


_THINGS: dict[Thing, Callable[[Scene, float, float], None]] = {
    "eye": eye,
    "flowers": flower,
    "microphone": microphone,
    "record": record,
    "lanterns": lantern,
    "sign": neon,
    "heart": neon,
    "rain drops": ripples,
    "car": front_of_car,
    "mirror ball": ball,
    "planet": world,
    "birds": wings,
    "butterflies": butterflies,
}
_BY_PLACE: dict[str, tuple[Thing, ...]] = {
    "street": ("sign", "rain drops", "car", "eye"),
    "skyline": ("eye", "sign", "rain drops", "birds"),
    "rooftop": ("eye", "sign", "birds", "rain drops"),
    "club": ("mirror ball", "record", "eye"),
    "stage": ("microphone", "mirror ball", "eye"),
    "room": ("record", "eye", "flowers", "sign"),
    "road": ("car", "eye", "birds"),
    "tunnel": ("eye", "sign", "rain drops"),
    "sea": ("rain drops", "birds", "eye"),
    "river": ("rain drops", "flowers", "birds"),
    "space": ("planet", "eye"),
    "garden": ("flowers", "butterflies"),
    "field": ("flowers", "butterflies", "eye"),
    "hall": ("lanterns", "flowers", "eye"),
    "bridge": ("eye", "rain drops", "car"),
    "underwater": ("eye", "rain drops"),
    "ruins": ("eye", "flowers", "birds"),
    "snow": ("eye", "lanterns", "birds"),
    "desert": ("eye", "birds"),
    "forest": ("butterflies", "rain drops", "eye"),
    "mountains": ("birds", "eye", "flowers"),
}
