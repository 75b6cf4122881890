"""Where people live outdoors: village, market, farm, park, playground, graveyard, fairground, castle."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Points, box, ellipse
from engines.providers.local.painter.landscapes import grass
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground, ridge
from engines.providers.local.painter.places.furnish import ADULT, hill_line, stand, stand_in, string_lights
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane, lane_for
from engines.providers.local.painter.water import mirror_ground

_WALLS = ("e8dcc4", "d8a878", "c88a78", "b8c4c8", "f0e6d4", "d8c490", "b8c4a4")


def village(scene: Scene) -> None:
    """A village street: gabled houses on both sides, a church at its end, cobbles."""
    canvas, mood, lane, rng = scene.canvas, scene.mood, lane_for(scene), scene.rng("village")
    hill_line(scene, "back", scene.horizon + 0.01, 0.14 * scene.zoom, rgb("5f7a52"), 0.8)
    ground(scene, rgb("7f9a5a"), rgb("5f7a42"), scene.horizon, grain=0.2)
    _church(scene, lane.at(-0.2, 0, 9)[0], lane.at(0, 0, 9)[1], ADULT * lane.drop / 9)
    stone = mood.lit(rgb("a89a88"), 0.6)
    canvas.fill(lane.quad(-0.42, 0.42, 0.0, 0.0, 0.8, 14), mood.far(stone, 0.5), stone * np.float32(0.85), depth=0.3)
    cobbles: list[Points] = []
    for z in np.geomspace(0.9, 5, 15):
        for s in np.linspace(-0.38, 0.38, 9):
            x, y = lane.at(float(s) + float(rng.normal(0, 0.012)), 0, float(z))
            cobbles.append(ellipse(x, y, 0.036 / float(z), 0.013 / float(z), count=10))
    canvas.fill(cobbles, stone * np.float32(0.7), alpha=0.55)
    for index, z in enumerate((8.0, 5.6, 4.0, 2.9, 2.1)):
        for side in (-1, 1):
            number = index * 2 + (side > 0)
            x, y = lane.at(side * (2.05 + 0.12 * (index % 2)), 0, z)
            stand(
                scene,
                "house",
                x,
                y,
                0.55 * ADULT * lane.drop / z,
                min(0.7, 0.11 * z),
                side,
                rgb(_WALLS[number % 7]),
                number,
            )
    for z, side in ((3.8, -1), (2.6, 1)):
        stand_in(scene, lane, "street lamp", side * 0.46, z, -side)
    if mood.wet > 0.2:
        mirror_ground(scene, scene.horizon, mood.wet * 0.7, lane.quad(-0.42, 0.42, 0.0, 0.0, 0.6, 30))


def _church(scene: Scene, x: float, y: float, adult: float) -> None:
    canvas, mood = scene.canvas, scene.mood
    wall, roof = mood.far(mood.lit(rgb("e0d6c4"), 0.6), 0.5), mood.far(mood.lit(rgb("6a4a48"), 0.5), 0.5)
    canvas.fill(box(x, y - 3.0 * adult, x + 3.6 * adult, y), wall, wall * np.float32(0.8), depth=0.6)
    canvas.fill(
        [(x - 0.2 * adult, y - 3.0 * adult), (x + 1.8 * adult, y - 4.6 * adult), (x + 3.8 * adult, y - 3.0 * adult)],
        roof,
        depth=0.6,
    )
    canvas.fill(
        box(x - 1.5 * adult, y - 6.0 * adult, x, y), wall * np.float32(1.06), wall * np.float32(0.75), depth=0.58
    )
    canvas.fill(
        [
            (x - 1.65 * adult, y - 6.0 * adult),
            (x - 0.75 * adult, y - 10.0 * adult),
            (x + 0.15 * adult, y - 6.0 * adult),
        ],
        roof,
        depth=0.58,
    )
    canvas.stroke(
        [
            [(x - 0.75 * adult, y - 10.0 * adult), (x - 0.75 * adult, y - 11.0 * adult)],
            [(x - 1.05 * adult, y - 10.6 * adult), (x - 0.45 * adult, y - 10.6 * adult)],
        ],
        0.12 * adult,
        mood.lit(rgb("c8a24a"), 0.7),
        depth=0.58,
    )
    canvas.fill(ellipse(x - 0.75 * adult, y - 5.0 * adult, 0.4 * adult, 0.4 * adult), mood.lit(rgb("f4efe2"), 0.8))


def market(scene: Scene) -> None:
    """A market: stalls with striped awnings and heaps of fruit, lamps above."""
    canvas, mood, lane = scene.canvas, scene.mood, lane_for(scene)
    for side in (-1, 1):
        for index, z in enumerate((9.0, 6.0, 4.0)):
            tone = mood.far(mood.lit(rgb(_WALLS[(index + side) % 7]), 0.5), 0.5)
            canvas.fill(
                lane.quad(side * 0.95, side * 3.0, 0.0, 3.6 + 0.5 * index, z, z),
                tone,
                tone * np.float32(0.7),
                depth=0.6,
            )
            canvas.fill(
                lane.quad(side * 0.95, side * 0.95, 0.0, 3.6 + 0.5 * index, z * 0.6, z),
                tone * np.float32(0.8),
                depth=0.6,
            )
    ground(scene, rgb("8a8078"), rgb("6a625c"), scene.horizon + 0.005, grain=0.2)
    scene.aisle = (lane.x, lane.at(0.52, 0, 1)[0] - lane.x)
    for index, z in enumerate((5.0, 3.2, 2.1, 1.45)):
        for side in (-1, 1):
            _stall(scene, lane, side, z, index * 2 + (side > 0))
    string_lights(scene, [(lane.at(-0.8, 2.5, z), lane.at(0.8, 2.5, z)) for z in (4.0, 2.6, 1.7)], 0.05)


def _stall(scene: Scene, lane: Lane, side: int, z: float, number: int) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("stall", number)
    a, b = side * 0.5, side * 1.35
    wood = mood.lit(rgb("8a6240"), 0.6)
    canvas.fill(lane.quad(a, b, 0.0, 0.62, z, z), wood, wood * np.float32(0.6), depth=0.1 * z + 0.1)
    for s in (a, b):
        canvas.stroke([[lane.at(s, 0, z), lane.at(s, 1.75, z)]], 0.02 / z, wood * np.float32(0.7), depth=0.1 * z + 0.1)
    codes = ("d8402a", "e8a02a", "6a9a3a", "c82a4a", "e8d04a", "7a3a7a")
    for k in range(4):
        s = a + (b - a) * (k + 0.5) / 4
        tone = mood.lit(rgb(codes[(number + k) % 6]), 0.8)
        heap: list[Points] = [
            ellipse(
                *lane.at(s + float(rng.uniform(-0.08, 0.08)), 0.64 + float(rng.uniform(0, 0.13)), z),
                0.026 / z,
                0.026 / z,
                count=10,
            )
            for _ in range(14)
        ]
        canvas.fill(heap, tone * np.float32(1.1), tone * np.float32(0.7), depth=0.1 * z + 0.1)
    first, second = (
        mood.lit(rgb(("c23a34", "2f6f8a", "3f8a5a", "d8902a")[number % 4]), 0.8),
        mood.lit(rgb("f4ecdc"), 0.8),
    )
    steps = np.linspace(a - side * 0.08, b + side * 0.08, 9)
    for k, (s0, s1) in enumerate(pairwise(steps)):
        (x0, y0), (x1, _) = lane.at(float(s0), 1.72, z), lane.at(float(s1), 1.72, z)
        (u0, v0), (u1, _) = lane.at(float(s0), 1.5, z * 0.93), lane.at(float(s1), 1.5, z * 0.93)
        tone = first if k % 2 else second
        canvas.fill(
            [(x0, y0), (x1, y0), (u1, v0), ((u0 + u1) / 2, v0 + 0.03 / z), (u0, v0)],
            tone * np.float32(1.1),
            tone * np.float32(0.8),
            depth=0.1 * z + 0.08,
        )


def farm(scene: Scene) -> None:
    """Fields, a red barn with its silo, a fence."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "far", h + 0.01, 0.1 * scene.zoom, rgb("6f8a5a"), 0.75)
    ground(scene, rgb("b8a85a"), rgb("8a9a4a"), h, grain=0.25)
    lane = lane_for(scene)
    for s in np.linspace(-2.6, 2.6, 15):
        tone = mood.lit(rgb("c8b45c") if round(float(s) * 5) % 2 else rgb("7f9a48"), 0.65)
        canvas.fill(lane.quad(float(s), float(s) + 0.19, 0.0, 0.0, 0.9, 16), mood.far(tone, 0.5), tone, alpha=0.75)
    side = -1 if scene.focus[0] > 0.5 else 1
    x, y, u = 0.5 + side * 0.22, h + 0.035 * scene.zoom, 0.062 * scene.zoom
    red, roof = mood.far(mood.lit(rgb("a8352c"), 0.65), 0.4), mood.far(mood.lit(rgb("5a4a48"), 0.5), 0.4)
    canvas.fill(
        box(x + side * 2.6 * u - 0.45 * u, y - 3.4 * u, x + side * 2.6 * u + 0.45 * u, y),
        mood.far(mood.lit(rgb("b8bcc0"), 0.6), 0.4),
        depth=0.5,
    )
    canvas.fill(ellipse(x + side * 2.6 * u, y - 3.4 * u, 0.45 * u, 0.4 * u), roof, depth=0.5)
    canvas.fill(
        [
            (x - 1.7 * u, y),
            (x - 1.7 * u, y - 1.6 * u),
            (x - 1.3 * u, y - 2.5 * u),
            (x, y - 3.1 * u),
            (x + 1.3 * u, y - 2.5 * u),
            (x + 1.7 * u, y - 1.6 * u),
            (x + 1.7 * u, y),
        ],
        red,
        red * np.float32(0.7),
        depth=0.48,
    )
    canvas.stroke(
        [
            [
                (x - 1.8 * u, y - 1.55 * u),
                (x - 1.35 * u, y - 2.55 * u),
                (x, y - 3.2 * u),
                (x + 1.35 * u, y - 2.55 * u),
                (x + 1.8 * u, y - 1.55 * u),
            ]
        ],
        0.16 * u,
        roof,
        depth=0.48,
    )
    white = mood.far(mood.lit(rgb("f4efe6"), 0.8), 0.4)
    canvas.fill(box(x - 0.6 * u, y - 1.3 * u, x + 0.6 * u, y), red * np.float32(0.55))
    canvas.stroke(
        [
            [
                (x - 0.6 * u, y),
                (x - 0.6 * u, y - 1.3 * u),
                (x + 0.6 * u, y - 1.3 * u),
                (x + 0.6 * u, y),
                (x - 0.6 * u, y - 1.3 * u),
            ],
            [(x + 0.6 * u, y), (x - 0.6 * u, y - 1.3 * u)][::-1],
        ],
        0.09 * u,
        white,
    )
    canvas.fill(box(x - 0.25 * u, y - 2.2 * u, x + 0.25 * u, y - 1.75 * u), white)
    stand(scene, "tree", 0.5 - side * 0.36, h + 0.06 * scene.zoom, 0.06 * scene.zoom, 0.45, 1, None, 3)
    for z in (3.2,):
        for k in (-1, 0, 1):
            stand_in(scene, lane, "fence", k * 1.9 * 0.9, z, 1, number=k)


def graveyard(scene: Scene) -> None:
    """Rows of gravestones under bare trees, an iron fence, a chapel."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "hill", h + 0.015, 0.08 * scene.zoom, rgb("4a5a48"), 0.7)
    _church(scene, 0.5 + 0.18 * mood.side, h + 0.01, 0.026 * scene.zoom)
    ground(scene, rgb("66744e"), rgb("47543a"), h, grain=0.3)
    lane = lane_for(scene)
    stand_in(scene, lane, "dead tree", -1.5, 3.6)
    stand_in(scene, lane, "dead tree", 1.7, 4.6, number=1)
    rng = scene.rng("graves")
    for z in (5.4, 3.9, 2.8, 2.0):
        for s in np.linspace(-1.6, 1.6, 7):
            if abs(s + 0.1) < 0.25:
                continue
            stand_in(
                scene,
                lane,
                "cross" if rng.random() < 0.22 else "gravestone",
                float(s) + float(rng.normal(0, 0.05)),
                z,
                1,
                None,
                number=round(z * 10),
            )
    iron = mood.lit(rgb("1f2024"), 0.3)
    rails: list[Points] = [[lane.at(s, 0, 7.5), lane.at(s, 0.9, 7.5)] for s in np.linspace(-4, 4, 60)]
    canvas.stroke([*rails, [lane.at(-4, 0.75, 7.5), lane.at(4, 0.75, 7.5)]], 0.0022, iron, alpha=0.9)
    grass(scene, h + 0.1, rgb("5a6a42"), 150, 0.06)


def castle(scene: Scene) -> None:
    """A castle on its hill, with a path to the gate."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    for i, (depth, tall) in enumerate([(0.9, 0.3), (0.75, 0.16)]):
        tone = mood.far(mood.lit(rgb("5f6a62"), 0.4), depth)
        canvas.fill(
            ridge(scene, ("castle", i), h + 0.02, tall * scene.zoom, 2.4 + i, 0.5),
            tone,
            mood.far(tone, 0.5),
            depth=depth,
        )
    x0, base, u = 0.5 + 0.1 * mood.side, h - 0.03 * scene.zoom, 0.062 * scene.zoom
    ground(scene, rgb("6f8a52"), rgb("4f6a3a"), h + 0.02, grain=0.3)
    x = np.linspace(-0.1, 1.1, 60)
    mound = h + 0.04 - 0.09 * scene.zoom * np.exp(-(((x - x0) / 0.34) ** 2))
    turf = mood.far(mood.lit(rgb("6a8450"), 0.55), 0.5)
    canvas.fill(
        np.vstack([np.column_stack([x, mound]), [(1.1, h + 0.12), (-0.1, h + 0.12)]]),
        turf,
        turf * np.float32(0.8),
        depth=0.6,
    )
    stone = mood.far(mood.lit(rgb("a49c90"), 0.6), 0.42)
    for dx, wide, tall in ((0.0, 1.5, 3.6), (-2.4, 0.75, 3.0), (2.4, 0.75, 3.2), (-1.2, 0.6, 4.4), (1.3, 0.55, 5.0)):
        left, right, top = x0 + (dx - wide / 2) * u, x0 + (dx + wide / 2) * u, base - tall * u
        canvas.fill(box(left, top, right, base + 0.05), stone * np.float32(1.08), stone * np.float32(0.72), depth=0.55)
        shade = (
            box(left, top, left + (right - left) * 0.35, base + 0.05)
            if mood.side > 0
            else box(right - (right - left) * 0.35, top, right, base + 0.05)
        )
        canvas.fill(shade, stone * np.float32(0.55), alpha=0.45, soft=0.004)
        if wide < 1:
            roof = mood.far(mood.lit(rgb("4a5a7a"), 0.5), 0.42)
            canvas.fill(
                [(left - 0.1 * u, top), ((left + right) / 2, top - 1.3 * u), (right + 0.1 * u, top)],
                roof,
                roof * np.float32(0.8),
                depth=0.55,
            )
            pole = ((left + right) / 2, top - 1.3 * u)
            canvas.stroke([[pole, (pole[0], pole[1] - 0.5 * u)]], 0.05 * u, rgb("3a3430"))
            canvas.fill(
                [(pole[0], pole[1] - 0.5 * u), (pole[0] + 0.5 * u, pole[1] - 0.38 * u), (pole[0], pole[1] - 0.25 * u)],
                mood.lit(rgb("c23a34"), 0.8),
            )
        glow = mix(mood.far(mood.lit(rgb("2a2830"), 0.4), 0.4), rgb("ffcf8a"), 0.85 * mood.night)
        canvas.fill(
            [
                box(
                    (left + right) / 2 - 0.09 * u,
                    top + 0.5 * u + k * u,
                    (left + right) / 2 + 0.09 * u,
                    top + 0.85 * u + k * u,
                )
                for k in range(2)
            ],
            glow,
        )
    wall = [
        (x0 - 2.4 * u, base - 1.5 * u),
        (x0 + 2.4 * u, base - 1.5 * u),
        (x0 + 2.4 * u, base + 0.05),
        (x0 - 2.4 * u, base + 0.05),
    ]
    canvas.fill(wall, stone * np.float32(1.0), stone * np.float32(0.7), depth=0.53)
    canvas.fill(
        [box(x0 + k * 0.3 * u, base - 1.72 * u, x0 + (k * 0.3 + 0.17) * u, base - 1.49 * u) for k in range(-8, 8)],
        stone,
        depth=0.53,
    )
    canvas.fill(
        [
            *[(x0 + 0.42 * u * np.cos(a), base - 0.55 * u - 0.42 * u * np.sin(a)) for a in np.linspace(np.pi, 0, 14)],
            (x0 + 0.42 * u, base + 0.02),
            (x0 - 0.42 * u, base + 0.02),
        ],
        rgb("1a1718"),
    )
    t = np.linspace(0, 1, 24)
    y = base + 0.02 + (scene.tall - base) * t**1.7
    middle = x0 + (0.5 - x0) * t + 0.13 * np.sin(t * 5) * (1 - t)
    half = 0.014 + 0.2 * t**1.7
    sand = mood.lit(rgb("c8b490"), 0.6)
    canvas.fill(
        np.vstack([np.column_stack([middle - half, y]), np.column_stack([middle + half, y])[::-1]]),
        mood.far(sand, 0.5),
        sand * np.float32(0.8),
        depth=0.35,
    )
    grass(scene, h + 0.18, rgb("5f7f42"), 170, 0.08)
