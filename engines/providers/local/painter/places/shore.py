"""By the water: harbour, beach, open sea, cliff."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Points, ellipse, limb
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import rough_line
from engines.providers.local.painter.places.furnish import hill_line, planks, stand
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane
from engines.providers.local.painter.water import water

_HOUSES = ("e8dcc4", "d8a878", "c8786a", "a8bcc8", "f0e8d8", "d8c078", "b8c8a8")


def harbour(scene: Scene) -> None:
    """A small harbour: houses along the far shore, a mole, moored boats, and a pier towards the viewer."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("harbour")
    side = -1 if scene.focus[0] > 0.5 else 1
    hill_line(scene, "far", h + 0.01, 0.16 * scene.zoom, rgb("5f6f58"), 0.78)
    hill_line(scene, "near", h + 0.012, 0.09 * scene.zoom, rgb("58684a"), 0.62, 4.5)
    unit = 0.034 * scene.zoom
    x = -0.04 if side > 0 else 0.42
    for index in range(9):
        wide = unit * 1.45 * float(rng.uniform(0.9, 1.2))
        stand(
            scene,
            "house",
            x + wide,
            h + 0.012 - 0.006 * (index % 2),
            unit * float(rng.uniform(0.9, 1.25)) / 1.7,
            0.6,
            1,
            rgb(_HOUSES[index % 7]),
            index,
        )
        x += wide * 1.6
    rock = mood.far(mood.lit(rgb("6a655e"), 0.45), 0.5)
    edge = np.linspace(0, 1, 40)
    bumps = 0.02 * scene.zoom * (0.7 + 0.5 * rough_line(scene.rng("mole"), 40, 9))
    mole_x = 1.05 - edge * 0.52 if side > 0 else -0.05 + edge * 0.52
    mole_top = h + 0.014 + 0.012 * edge - bumps
    canvas.fill(
        np.vstack(
            [np.column_stack([mole_x, mole_top]), [(float(mole_x[-1]), h + 0.045), (float(mole_x[0]), h + 0.04)]]
        ),
        rock,
        rock * np.float32(0.6),
        depth=0.55,
    )
    water(scene, h + 0.02, rough=0.7)
    bottom = scene.tall * (1.1 if scene.afloat else 0.86)
    scene.water = (h + 0.02, min(bottom, scene.tall * 1.1))
    for index, (dx, dy, kind) in enumerate(
        ((0.3, 0.05, "sailboat"), (0.42, 0.08, "sailboat"), (0.2, 0.11, "boat"), (0.38, 0.17, "boat"))
    ):
        named = any(item.name in ("boat", "sailboat", "ship") for item in scene.subject.words.items)
        if named and kind == "boat":
            continue  # the boat that was asked for is the only one nearby
        stand(
            scene,
            kind,
            0.5 - side * dx,
            h + 0.02 + dy * scene.zoom**0.5,
            unit * (1.0 + dy * 9),
            0.5,
            1 if index % 2 else -1,
            rgb(("f0ece0", "3f6f8a", "5a7a5a", "e0d8c8")[index]),
            index,
        )
    if scene.afloat:
        return
    lane = Lane(0.5 + 0.1 * side, h, scene.tall - h)
    far = (scene.tall - h) / max(scene.tall * 0.79 - h, 0.05)
    ref = next((item.ref for item in scene.subject.words.items if item.name == "pier"), "")
    with scene.manifest.naming(ref):
        pier(scene, lane, 0.78, far)
    scene.shore = lane.at(0, 0, far)[1]
    scene.aisle = (lane.x, lane.at(0.7, 0, 1)[0] - lane.x)


def pier(scene: Scene, lane: Lane, near: float, far: float) -> None:
    """A pier in perspective with posts, ropes and a lamp at its end."""
    canvas, mood = scene.canvas, scene.mood
    wood = rgb("8a6a4a")
    x0, y0 = lane.at(-0.7, 0, far)
    x1, _ = lane.at(0.7, 0, far)
    dark = mood.lit(rgb("2c2824"), 0.4)
    canvas.fill([(x0, y0), (x1, y0), (x1, y0 + 0.035), (x0, y0 + 0.035)], dark, depth=0.3)
    planks(scene, lane, -0.7, 0.7, near, far, wood)
    lines: list[Points] = []
    for s in (-0.72, 0.72):
        tops = []
        for z in np.geomspace(far, near * 1.15, 4):
            (x, y), (_, up) = lane.at(s, 0.0, float(z)), lane.at(s, 0.42, float(z))
            post = mood.lit(rgb("5f4a36"), 0.5)
            canvas.fill(
                limb((x, y + 0.03 / float(z)), (x, up), 0.022 / float(z), 0.022 / float(z)),
                post * np.float32(1.15),
                post * np.float32(0.6),
                depth=0.24,
            )
            canvas.fill(ellipse(x, up, 0.024 / float(z), 0.01 / float(z), count=14), post * np.float32(1.4))
            tops.append((x, up + 0.02 / float(z)))
        for a, b in pairwise(tops):
            t = np.linspace(0, 1, 12)
            lines.append(np.column_stack([a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t + 0.05 * 4 * t * (1 - t)]))
    canvas.stroke(lines, 0.006, mood.lit(rgb("b8a078"), 0.6), depth=0.24)


def beach(scene: Scene) -> None:
    """Sand, foam, and the sea before a headland."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("beach")
    _headland(scene, -mood.side)
    water(scene, h)
    shore = h + (scene.tall - h) * (1.2 if scene.afloat else 0.42)
    scene.water = (h + 0.01, shore)
    if scene.afloat:
        return
    scene.shore = shore + 0.06
    x = np.linspace(-0.1, 1.1, 60)
    phase = float(rng.uniform(0, 6))
    for drop, colour, alpha in (
        (-0.035, rgb("ffffff"), 0.35),
        (0.0, rgb("ffffff"), 0.85),
        (0.028, rgb("8f7a58"), 1.0),
        (0.09, rgb("dcc08e"), 1.0),
    ):
        wave = 0.03 * np.sin(x * 5 + phase) + 0.012 * np.sin(x * 17 + 1) + 0.1 * mood.side * (x - 0.5)
        tone = mood.lit(colour, 0.7)
        canvas.fill(
            np.vstack([np.column_stack([x, shore + drop + wave]), [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]),
            tone,
            tone * np.float32(0.78),
            depth=0.25,
            alpha=alpha,
            soft=0.004,
        )
    prints: list[Points] = [
        ellipse(
            0.5 + 0.2 * mood.side + 0.05 * k + (0.012 if k % 2 else -0.012),
            scene.tall * (0.98 - 0.03 * k),
            0.012 * (1 - 0.06 * k),
            0.006 * (1 - 0.06 * k),
            count=10,
        )
        for k in range(8)
    ]
    canvas.fill(prints, mood.lit(rgb("a88a5e"), 0.5), alpha=0.7)
    shells: list[Points] = [
        ellipse(
            float(rng.random()), float(rng.uniform(min(shore + 0.2, scene.tall), scene.tall)), 0.006, 0.004, count=8
        )
        for _ in range(12)
    ]
    canvas.fill(shells, mood.lit(rgb("f6ecdc"), 0.8))


def sea(scene: Scene) -> None:
    """The open sea; people who are not on it stand at its beach."""
    if scene.subject.figures and not scene.afloat and not any(one.pose == "swim" for one in scene.subject.figures):
        beach(scene)
        return
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    water(scene, h, rough=1.25)
    scene.water = (h + 0.01, scene.tall * 1.1)
    rng = scene.rng("swell")
    for t in np.linspace(0.06, 0.95, 9):
        y = h + (scene.tall - h) * float(t) ** 1.5
        x = np.linspace(-0.05, 1.05, 50)
        crest = y + 0.018 * float(t) * np.sin(x * (9 - 5 * t) + float(rng.uniform(0, 6)))
        band = np.vstack([np.column_stack([x, crest]), np.column_stack([x, crest + 0.03 * float(t)])[::-1]])
        canvas.fill(band, mix(mood.low, mood.key, 0.5), alpha=0.13, soft=0.006 * float(t))
        start = float(rng.uniform(0, 0.7))
        use = (x > start) & (x < start + 0.22)
        canvas.stroke(
            [np.column_stack([x[use], crest[use]])], 0.006 * float(t) + 0.001, mood.lit(rgb("ffffff"), 0.8), alpha=0.5
        )


def cliff(scene: Scene) -> None:
    """A rocky coast: a grassy cliff above the surf."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    side = -1 if scene.focus[0] > 0.5 else 1
    _headland(scene, side)
    water(scene, h)
    scene.water = (h + 0.01, scene.tall * 0.8)
    for layer, (reach, top, depth) in enumerate(((0.42, 0.1, 0.5), (0.62, 0.26, 0.3))):
        line = rough_line(scene.rng("cliff", layer), 40, 5)
        t = np.linspace(0, 1, 40)
        x = (t * reach - 0.05) if side < 0 else 1.05 - t * reach
        y = h + (scene.tall - h) * (top - 0.16 * (1 - t)) + 0.03 * line
        edge = np.column_stack([x, y])
        low = [
            (float(x[-1]) + 0.03 * -side, scene.tall * (0.62 + 0.15 * layer)),
            (float(x[-1]), scene.tall + 0.1),
            (float(x[0]), scene.tall + 0.1),
        ]
        rock = mood.far(mood.lit(rgb("7a6f64"), 0.5), depth)
        canvas.fill(np.vstack([edge, low]), rock * np.float32(1.1), rock * np.float32(0.5), depth=depth)
        rng = scene.rng("strata", layer)
        cracks: list[Points] = []
        for _ in range(16):
            k = int(rng.integers(40))
            x0, y0 = edge[k]
            cracks.append(
                [
                    (float(x0), float(y0) + 0.02),
                    (float(x0) + float(rng.normal(0, 0.02)), float(y0) + float(rng.uniform(0.1, 0.35))),
                ]
            )
        canvas.stroke(cracks, 0.004, rock * np.float32(0.5), alpha=0.6)
        grass = mood.far(mood.lit(rgb("6f8a48"), 0.6), depth)
        canvas.fill(
            np.vstack([edge + np.array([0, -0.012]), (edge + np.array([0, 0.02 + 0.02 * layer]))[::-1]]),
            grass,
            depth=depth,
        )
        foam_x = float(x[-1])
        canvas.fill(
            [
                ellipse(
                    foam_x + float(rng.normal(0, 0.04)),
                    scene.tall * (0.63 + 0.15 * layer) + float(rng.normal(0, 0.012)),
                    0.05,
                    0.012,
                    count=16,
                )
                for _ in range(9)
            ],
            mood.lit(rgb("ffffff"), 0.8),
            alpha=0.55,
            soft=0.006,
        )
    ground_y = scene.tall * 0.79
    x = np.linspace(-0.1, 1.1, 50)
    turf = mood.lit(rgb("6f8a48"), 0.65)
    brow = ground_y + 0.02 * np.sin(x * 6) + 0.1 * (x - 0.5) * side
    canvas.fill(
        np.vstack([np.column_stack([x, brow]), [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]),
        turf * np.float32(1.1),
        turf * np.float32(0.6),
        depth=0.22,
    )
    rng = scene.rng("turf")
    blades: list[Points] = []
    for _ in range(150):
        px, py = float(rng.uniform(0, 1)), float(rng.uniform(ground_y - 0.01, scene.tall))
        tall = 0.02 + 0.05 * (py - ground_y)
        blades.append([(px - 0.003, py), (px + float(rng.normal(0, 0.012)), py - tall), (px + 0.003, py)])
    canvas.fill(blades, turf * np.float32(0.75))
    scene.shore = ground_y + 0.05


def _headland(scene: Scene, side: int) -> None:
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    for i, depth in enumerate((0.82, 0.62)):
        line = rough_line(scene.rng("head", i), 60, 3)
        x = np.linspace(0, 0.55 - 0.15 * i, 60)
        tall = (0.16 + 0.07 * i) * (1 - x / x[-1]) ** 0.7 * (0.6 + 0.5 * line) * scene.zoom
        px = x if side < 0 else 1 - x
        rock = mood.far(mood.lit(rgb("5f6450"), 0.45), depth)
        canvas.fill(
            np.vstack([np.column_stack([px, h + 0.012 - tall]), [(px[-1], h + 0.02), (px[0], h + 0.02)]]),
            rock,
            rock * np.float32(0.7),
            depth=depth,
        )
