"""Large rooms and nights out: bar, church, factory, cave, stadium."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter import indoors
from engines.providers.local.painter.canvas import Points, box, ellipse
from engines.providers.local.painter.indoors import _shell
from engines.providers.local.painter.manifest import CROWD
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.noise import rough_line
from engines.providers.local.painter.places.homes import lamp_above
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane
from engines.providers.local.painter.water import mirror_ground


def bar(scene: Scene) -> None:
    """A bar: a long counter with stools, shelves of lit bottles, hanging lamps."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("bar")
    side = 1 if scene.focus[0] <= 0.5 else -1
    lane = _shell(scene, rgb("5a3a30"), rgb("3f2c26"), rgb("2a2022"), 4.2, 2.4)
    warm = mix(rgb("ffb860"), mood.accent(0), 0.2)
    wall = side * 0.61
    for up in (1.0, 1.35, 1.7):
        canvas.fill(lane.quad(wall, wall, up - 0.03, up, 0.9, 4.0), mood.lit(rgb("6b4327"), 0.5), depth=0.4)
        strip = lane.quad(wall, wall, up, up + 0.3, 0.9, 4.0)
        canvas.fill(strip, warm * np.float32(0.55), warm * np.float32(0.8), alpha=0.7)
        for z in np.geomspace(0.95, 3.9, 30):
            (x, y0), (_, y1) = (
                lane.at(wall * 0.985, up, float(z)),
                lane.at(wall * 0.985, up + float(rng.uniform(0.17, 0.28)), float(z)),
            )
            wide = 0.016 / float(z)
            tone = rgb(("3f8a5a", "a8602a", "c8c8b0", "7a2a2a", "3a5a8a", "d8a040")[int(rng.integers(6))])
            canvas.fill(
                [
                    (x - wide, y0),
                    (x + wide, y0),
                    (x + wide, y0 + (y1 - y0) * 0.65),
                    (x + wide * 0.35, y0 + (y1 - y0) * 0.8),
                    (x + wide * 0.35, y1),
                    (x - wide * 0.35, y1),
                    (x - wide * 0.35, y0 + (y1 - y0) * 0.8),
                    (x - wide, y0 + (y1 - y0) * 0.65),
                ],
                mood.lit(tone, 0.7) * np.float32(1.3),
                depth=0.38,
            )
    inner, outer = side * 0.3, side * 0.48
    wood = mood.lit(rgb("8a4f2c"), 0.65)
    canvas.fill(
        lane.quad(inner, inner, 0.0, 0.74, 0.95, 4.0), wood * np.float32(0.8), wood * np.float32(0.4), depth=0.3
    )
    canvas.fill(lane.quad(inner - side * 0.03, outer, 0.74, 0.74, 0.95, 4.0), wood * np.float32(1.25), depth=0.3)
    canvas.fill(
        lane.quad(inner, outer, 0.0, 0.74, 0.95, 0.95), wood * np.float32(0.7), wood * np.float32(0.35), depth=0.3
    )
    for z in (3.2, 2.3, 1.7):
        (x, y), (_, top) = lane.at(inner - side * 0.12, 0, z), lane.at(inner - side * 0.12, 0.5, z)
        canvas.stroke(
            [[(x, y), (x, top)], [(x - 0.03 / z, y), (x + 0.03 / z, y)]],
            0.018 / z,
            mood.lit(rgb("b8bcc4"), 0.6),
            depth=0.32,
        )
        canvas.fill(ellipse(x, top, 0.07 / z, 0.022 / z), mood.lit(rgb("8a2a2c"), 0.7), depth=0.32)
    for z in (3.4, 2.4, 1.6):
        lamp_above(scene, lane, side * 0.36, 1.75, z)
    sign = lane.at(-side * 0.1, 1.6, 4.18)
    tube = [(sign[0] + 0.07 * np.cos(a), sign[1] + 0.035 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 30)]
    canvas.shine_lines([tube], 0.02, mood.accent(1), 0.35, soft=0.01)
    canvas.shine_lines([tube], 0.006, mix(mood.accent(1), rgb("ffffff"), 0.5), 1.1)
    mirror_ground(scene, scene.horizon + 0.05, 0.25, lane.quad(-0.62, 0.3, 0.0, 0.0, 0.5, 4.2))


def church(scene: Scene) -> None:
    """The nave of a church: columns, pews, a rose window, candles and a cross at the altar."""
    indoors.hall(scene)
    canvas, mood = scene.canvas, scene.mood
    lane = Lane(0.5, scene.horizon, scene.tall - scene.horizon)
    x, y = lane.at(0, 2.5, 7)
    for k, r in enumerate((0.105, 0.075, 0.045)):
        for i, a in enumerate(np.linspace(0, 2 * np.pi, 12, endpoint=False)):
            tone = mix(mood.accent(i + k), rgb(("d84a3a", "3a6ad8", "e8b83a", "3aa86a")[(i + k) % 4]), 0.6)
            canvas.fill(
                ellipse(x + r * np.cos(a), y + r * np.sin(a), r * 0.26, r * 0.26, count=14),
                tone * np.float32(1.0 + 0.25 * (1 - mood.night)),
                depth=0.8,
            )
    ring = ellipse(x, y, 0.135, 0.135, count=50)
    canvas.stroke([np.vstack([ring, ring[:1]])], 0.012, mood.lit(rgb("6a6258"), 0.4), depth=0.8)
    canvas.glow(x, y, 0.5, mix(mood.key, mood.accent(0), 0.4), 0.4)
    ax, _ = lane.at(0, 0, 6)
    cloth = mood.lit(rgb("f0ead8"), 0.8)
    canvas.fill(lane.quad(-0.35, 0.35, 0.0, 0.75, 6, 6), cloth, cloth * np.float32(0.7), depth=0.6)
    gold = mood.lit(rgb("e0b040"), 0.9) * np.float32(1.2)
    top = lane.at(0, 1.75, 6)[1]
    canvas.stroke(
        [[(ax, lane.at(0, 0.75, 6)[1]), (ax, top)], [(ax - 0.034, top + 0.035), (ax + 0.034, top + 0.035)]],
        0.011,
        gold,
        depth=0.58,
    )
    for s in (-0.28, -0.2, 0.2, 0.28):
        cx, cy = lane.at(s, 0.98, 6)
        canvas.glow(cx, cy, 0.05, rgb("ffcf8a"), 1.0)
    wood = mood.lit(rgb("6b4327"), 0.55)
    for z in np.geomspace(4.6, 1.15, 7):
        for side in (-1, 1):
            tone = mood.far(wood, min(0.5, 0.08 * float(z)))
            a, b = side * 0.16, side * 0.43
            canvas.fill(
                lane.quad(a, b, 0.0, 0.62, float(z), float(z)),
                tone * np.float32(1.1),
                tone * np.float32(0.5),
                depth=min(0.6, 0.1 * float(z) + 0.12),
            )
            canvas.fill(
                lane.quad(a, b, 0.62, 0.66, float(z), float(z)),
                tone * np.float32(1.5),
                depth=min(0.6, 0.1 * float(z) + 0.12),
            )
    canvas.fill(lane.quad(-0.1, 0.1, 0.0, 0.0, 0.7, 6), mood.lit(rgb("8a2a30"), 0.55), alpha=0.7)


def factory(scene: Scene) -> None:
    """A factory hall: roof trusses, tall windows, machines, pipes, sparks."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("factory")
    lane = _shell(scene, rgb("7a746c"), rgb("5a5650"), rgb("4a4844"), 7, 3.6)
    steel = mood.lit(rgb("4a505a"), 0.5)
    for z in np.geomspace(6.5, 1.1, 8):
        tone = mood.far(steel, min(0.6, 0.09 * float(z)))
        lines: list[Points] = [
            [
                lane.at(-0.62, 0, float(z)),
                lane.at(-0.62, 3.0, float(z)),
                lane.at(0, 3.5, float(z)),
                lane.at(0.62, 3.0, float(z)),
                lane.at(0.62, 0, float(z)),
            ],
            [lane.at(-0.62, 3.0, float(z)), lane.at(0.62, 3.0, float(z))],
        ]
        lines += [[lane.at(s, 3.0, float(z)), lane.at(s * 0.5, 3.27, float(z))] for s in (-0.4, 0.4)]
        canvas.stroke(lines, 0.035 / float(z), tone, depth=min(0.75, 0.1 * float(z)))
    for side in (-1, 1):
        for z in np.geomspace(1.3, 5, 5):
            pane = lane.quad(side * 0.615, side * 0.615, 1.3, 2.6, float(z), float(z) * 1.22)
            canvas.fill(pane, mix(mood.low, rgb("ffffff"), 0.2), mood.middle, depth=0.6)
            grid: list[Points] = [
                [
                    lane.at(side * 0.614, 1.3 + 0.325 * k, float(z)),
                    lane.at(side * 0.614, 1.3 + 0.325 * k, float(z) * 1.22),
                ]
                for k in range(5)
            ]
            grid += [
                [lane.at(side * 0.614, 1.3, float(z) * q), lane.at(side * 0.614, 2.6, float(z) * q)]
                for q in (1.07, 1.15)
            ]
            canvas.stroke(grid, 0.007 / float(z), steel * np.float32(0.7))
    pipe = mood.lit(rgb("8a5a3a"), 0.6)
    canvas.stroke(
        [[lane.at(-0.5, 2.4, 0.8), lane.at(-0.5, 2.4, 6)], [lane.at(-0.42, 2.2, 0.8), lane.at(-0.42, 2.2, 6)]],
        0.03,
        pipe,
        depth=0.45,
    )
    for s, z in ((-0.46, 3.4), (0.46, 2.7), (-0.46, 1.9), (0.46, 1.6)):
        body = mood.lit(rgb("3f6a5a"), 0.6)
        canvas.fill(lane.quad(s - 0.14, s + 0.14, 0.0, 0.95, z, z), body, body * np.float32(0.5), depth=0.12 * z)
        canvas.fill(lane.quad(s - 0.14, s + 0.14, 0.95, 0.95, z, z * 1.25), body * np.float32(1.3), depth=0.12 * z)
        wheel = ellipse(*lane.at(s, 0.55, z), 0.085 / z, 0.085 / z)
        canvas.fill(wheel, steel * np.float32(1.3), depth=0.12 * z)
        canvas.fill(ellipse(*lane.at(s, 0.55, z), 0.05 / z, 0.05 / z), body * np.float32(0.7))
        canvas.fill(ellipse(*lane.at(s + 0.09, 0.85, z), 0.012 / z, 0.012 / z), rgb("ff5a3a") * np.float32(1.2))
    for _ in range(26):
        x, y = lane.at(-0.46 + float(rng.normal(0, 0.07)), 1.0 + float(abs(rng.normal(0, 0.35))), 3.4)
        canvas.glow(x, y, 0.012, rgb("ffb84a"), 1.1)
    for z in (4.5, 3.0, 2.0):
        lamp_above(scene, lane, 0.0, 2.5, z)


def cave(scene: Scene) -> None:
    """A cave: dark rock around a bright opening, stalactites, a pool."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("cave")
    x0, y0 = 0.5 + 0.06 * mood.side, h * 0.72
    light = mix(mood.low, mood.key, 0.5)
    canvas.glow(x0, y0, 0.8, light, 0.7)
    for layer, (rx, ry, tone, depth) in enumerate(
        ((0.26, 0.36, 0.75, 0.7), (0.36, 0.5, 0.5, 0.5), (0.5, 0.72, 0.26, 0.3))
    ):
        a = np.linspace(0, 2 * np.pi, 60, endpoint=False)
        rough = 0.82 + 0.36 * np.concatenate(
            [rough_line(scene.rng("rim", layer), 30, 6), rough_line(scene.rng("rim2", layer), 30, 6)]
        )
        hole = np.column_stack([x0 + rx * rough * np.cos(a), y0 + 0.06 + ry * rough * np.sin(a)])
        outer = box(-0.2, -0.2, 1.2, scene.tall + 0.2)
        rock = mix(mood.lit(rgb("6a5f58"), 0.5), light, 0.12) * np.float32(tone)
        stencil = canvas.stencil([outer, hole], even_odd=True)
        if stencil is not None:
            canvas.apply(stencil, rock * np.float32(1.15), rock * np.float32(0.55), depth=depth)
        spikes: list[Points] = []
        for _ in range(9):
            x = float(rng.random())
            top = y0 - ry * 1.0 - 0.02
            tall, wide = float(rng.uniform(0.06, 0.22)), float(rng.uniform(0.012, 0.03)) * (1 + layer * 0.5)
            spikes.append(
                [(x - wide, top - 0.06), (x + wide, top - 0.06), (x + 0.003, top + tall), (x - 0.003, top + tall)]
            )
        canvas.fill(spikes, rock * np.float32(1.1), rock * np.float32(0.7), depth=depth)
    floor = mood.lit(rgb("4a423c"), 0.4)
    across = np.linspace(-0.1, 1.1, 40)
    line = h + 0.1 + 0.03 * rough_line(scene.rng("floor"), 40, 5)
    canvas.fill(
        np.vstack([np.column_stack([across, line]), [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]),
        floor * np.float32(1.5),
        floor * np.float32(0.5),
        depth=0.3,
    )
    mirror_ground(scene, h + 0.14, 0.6, ellipse(x0, h + 0.3, 0.4, 0.13))
    canvas.shine(
        [[(x0 - 0.1, y0), (x0 + 0.1, y0), (x0 + 0.32, scene.tall), (x0 - 0.28, scene.tall)]], light, 0.12, soft=0.03
    )


def stadium(scene: Scene) -> None:
    """A stadium: floodlights over full stands, the pitch."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("stadium")
    top = h - 0.34 * scene.zoom**0.5
    for tier, (y0, y1) in enumerate(((top, top + (h - top) * 0.42), (top + (h - top) * 0.5, h + 0.01))):
        sag = 0.05
        x = np.linspace(-0.1, 1.1, 30)
        bow = sag * (1 - ((x - 0.5) / 0.6) ** 2)
        tone = mood.far(mood.lit(rgb("4a4c5a"), 0.5), 0.5)
        canvas.fill(
            np.vstack([np.column_stack([x, y0 + bow]), np.column_stack([x, y1 + bow * 0.4])[::-1]]),
            tone,
            tone * np.float32(0.7),
            depth=0.8,
        )
        people: dict[int, list[Points]] = {}
        for _ in range(420):
            px = float(rng.random())
            t = float(rng.random())
            lift = sag * (1 - ((px - 0.5) / 0.6) ** 2)
            py = y0 + lift + (y1 - y0 - lift * 0.6) * t
            people.setdefault(int(rng.integers(5)), []).append(ellipse(px, py, 0.0055, 0.0065, count=8))
        for index, heads in people.items():
            with scene.manifest.naming(CROWD):
                canvas.fill(
                    heads,
                    mood.far(mood.lit(mix(mood.accent(index), rgb("c8a890"), 0.5), 0.6), 0.4),
                    depth=0.78 - 0.02 * tier,
                )
    roof = mood.lit(rgb("2c2e38"), 0.4)
    x = np.linspace(-0.1, 1.1, 30)
    bow = 0.06 * (1 - ((x - 0.5) / 0.6) ** 2)
    canvas.fill(
        np.vstack([np.column_stack([x, top - 0.05 + bow]), np.column_stack([x, top - 0.01 + bow])[::-1]]),
        roof,
        depth=0.75,
    )
    ground(scene, rgb("4f9a4a"), rgb("3a7a38"), h + 0.015, grain=0.12)
    lane = Lane(0.5, h, scene.tall - h)
    stripes = np.geomspace(0.8, 9, 11)
    for k, (a, b) in enumerate(pairwise(stripes)):
        if k % 2:
            canvas.fill(lane.quad(-4, 4, 0, 0, float(a), float(b)), mood.lit(rgb("6ab85f"), 0.6), alpha=0.35)
    white = mood.lit(rgb("f4f6f0"), 0.8)
    canvas.fill(
        [lane.quad(-4, 4, 0, 0, 2.5, 2.58), lane.quad(-1.9, -1.86, 0, 0, 0.8, 8), lane.quad(1.86, 1.9, 0, 0, 0.8, 8)],
        white,
        alpha=0.8,
    )
    goal = [lane.at(-0.75, 0, 7.5), lane.at(-0.75, 1.5, 7.5), lane.at(0.75, 1.5, 7.5), lane.at(0.75, 0, 7.5)]
    canvas.stroke([goal], 0.006, white, depth=0.7)
    for px in (0.1, 0.9):
        canvas.stroke([[(px, top + 0.05), (px, top - 0.3)]], 0.008, roof, depth=0.8)
        for i in range(4):
            for j in range(3):
                lx, ly = px - 0.036 + 0.024 * i, top - 0.34 + 0.024 * j
                canvas.fill(ellipse(lx, ly, 0.009, 0.009, count=12), rgb("ffffff") * np.float32(1.3))
        canvas.glow(px, top - 0.31, 0.35, rgb("eaf2ff"), 0.5 + 0.4 * mood.night)
        canvas.shine(
            [
                [
                    (px - 0.04, top - 0.3),
                    (px + 0.04, top - 0.3),
                    (0.5 + 0.35, scene.tall * 0.9),
                    (0.5 - 0.35, scene.tall * 0.9),
                ]
            ],
            rgb("dfe8ff"),
            0.05 + 0.05 * mood.night,
            soft=0.03,
        )
