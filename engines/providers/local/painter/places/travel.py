"""On the way: train and car from inside, petrol station, motel, subway."""

import numpy as np

from engines.providers.local.painter import landscapes
from engines.providers.local.painter.canvas import Points, box, ellipse, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.places.furnish import hill_line, stand
from engines.providers.local.painter.scene import Scene


def _cut_out(scene: Scene, hole: list[Points], wall_top: str, depth: float) -> None:
    """A wall over the whole picture, but for its windows."""
    canvas, mood = scene.canvas, scene.mood
    wall = mood.lit(rgb(wall_top), 0.5)
    stencil = canvas.stencil([box(-0.2, -0.2, 1.2, scene.tall + 0.2), *hole], even_odd=True)
    if stencil is not None:
        canvas.apply(stencil, wall * np.float32(0.95), wall * np.float32(0.5), depth=depth)


def round_box(x0: float, y0: float, x1: float, y1: float, r: float) -> Points:
    """A rectangle with round corners."""
    a = np.linspace(0, np.pi / 2, 6)
    corners = [
        (x1 - r, y0 + r, -np.pi / 2),
        (x1 - r, y1 - r, 0.0),
        (x0 + r, y1 - r, np.pi / 2),
        (x0 + r, y0 + r, np.pi),
    ]
    return np.array([(cx + r * np.cos(t + turn), cy + r * np.sin(t + turn)) for cx, cy, turn in corners for t in a])


def train(scene: Scene) -> None:
    """A compartment: the land goes by in a wide window, seats face each other over a small table."""
    canvas, mood, tall = scene.canvas, scene.mood, scene.tall
    h = tall * 0.4
    hill_line(scene, "far", h + 0.02, 0.16, rgb("6a7f78"), 0.85)
    hill_line(scene, "middle", h + 0.08, 0.13, rgb("5f7f4a"), 0.6, 4)
    ground(scene, rgb("8aa85a"), rgb("5f7a3a"), h + 0.07, grain=0.2)
    rng = scene.rng("passing")
    for k in range(6):
        stand(scene, "tree", float(rng.random()), h + 0.1 + 0.03 * (k % 3), 0.025 + 0.008 * (k % 3), 0.6, 1, None, k)
    poles: list[Points] = [[(x, h + 0.2), (x, tall * 0.12)] for x in (0.2, 0.78)]
    canvas.stroke(poles, 0.008, mood.lit(rgb("3a3028"), 0.4), depth=0.5)
    canvas.stroke(
        [[(0.0, tall * 0.17), (0.2, tall * 0.15), (0.5, tall * 0.185), (0.78, tall * 0.15), (1.0, tall * 0.175)]],
        0.003,
        mood.lit(rgb("2a2422"), 0.3),
    )
    pane = round_box(0.1, tall * 0.13, 0.9, tall * 0.56, 0.05)
    _cut_out(scene, [pane], "a89478", 0.42)
    frame = mood.lit(rgb("c8ccd0"), 0.6)
    canvas.stroke([np.vstack([pane, pane[:1]])], 0.02, frame, depth=0.4)
    canvas.stroke([[(0.1, tall * 0.24), (0.9, tall * 0.24)]], 0.012, frame, depth=0.4)
    canvas.shine(
        [[(0.16, tall * 0.14), (0.34, tall * 0.14), (0.2, tall * 0.55), (0.1, tall * 0.55)]],
        rgb("ffffff"),
        0.08,
        soft=0.01,
    )
    canvas.stroke(
        [[(-0.1, tall * 0.09), (1.1, tall * 0.09)], [(-0.1, tall * 0.105), (1.1, tall * 0.105)]],
        0.008,
        mood.lit(rgb("8a6a3a"), 0.6),
        depth=0.35,
    )
    stand(scene, "suitcase", 0.24, tall * 0.09, 0.32, 0.38)
    cloth = mix(rgb("7a2f34"), mood.accent(0), 0.25)
    for side in (-1, 1):
        seat = mood.lit(cloth, 0.55)
        edge = 0.5 + side * 0.34
        canvas.fill(
            smooth(
                [
                    (edge, tall * 0.5),
                    (edge + side * 0.07, tall * 0.47),
                    (edge + side * 0.3, tall * 0.47),
                    (edge + side * 0.3, tall * 0.86),
                    (edge + side * 0.02, tall * 0.86),
                ],
                6,
            ),
            seat,
            seat * np.float32(0.55),
            depth=0.32,
        )
        canvas.fill(
            smooth(
                [
                    (edge - side * 0.14, tall * 0.76),
                    (edge + side * 0.26, tall * 0.75),
                    (edge + side * 0.26, tall * 1.05),
                    (edge - side * 0.14, tall * 1.05),
                ],
                6,
            ),
            seat * np.float32(1.1),
            seat * np.float32(0.5),
            depth=0.3,
        )
        canvas.fill(
            smooth(
                [
                    (edge + side * 0.03, tall * 0.49),
                    (edge + side * 0.24, tall * 0.48),
                    (edge + side * 0.24, tall * 0.56),
                    (edge + side * 0.03, tall * 0.57),
                ],
                6,
            ),
            mood.lit(rgb("efe6d4"), 0.7),
            depth=0.31,
        )
    scene.shore = tall * 0.9


def driver_side(scene: Scene) -> int:
    """On which side of the picture a car's wheel is."""
    return -1 if scene.rng("wheel").random() < 0.5 else 1


def car(scene: Scene) -> None:
    """From the bonnet through a windscreen: the seats, and the road behind."""
    landscapes.road(scene)
    canvas, mood, tall = scene.canvas, scene.mood, scene.tall
    back = round_box(0.24, tall * 0.3, 0.76, tall * 0.47, 0.05)
    sides: list[Points] = [
        [(-0.1, tall * 0.31), (0.13, tall * 0.29), (0.17, tall * 0.5), (-0.1, tall * 0.56)],
        [(1.1, tall * 0.31), (0.87, tall * 0.29), (0.83, tall * 0.5), (1.1, tall * 0.56)],
    ]
    stencil = canvas.stencil([box(-0.2, tall * 0.2, 1.2, tall + 0.2), back, *sides], even_odd=True)
    trim = mood.lit(rgb("4a3f3a"), 0.45)
    if stencil is not None:
        canvas.apply(stencil, trim * np.float32(0.8), trim * np.float32(0.4), depth=0.4)
    canvas.stroke([np.vstack([back, back[:1]])], 0.014, trim * np.float32(0.5), depth=0.4)
    leather = mood.lit(mix(rgb("8a5a3a"), mood.accent(0), 0.2), 0.6)
    for x in (0.29, 0.71):
        canvas.fill(
            round_box(x - 0.19, tall * 0.42, x + 0.19, tall * 1.05, 0.08),
            leather,
            leather * np.float32(0.45),
            depth=0.34,
        )
        canvas.fill(
            round_box(x - 0.085, tall * 0.345, x + 0.085, tall * 0.425, 0.035),
            leather * np.float32(1.08),
            leather * np.float32(0.7),
            depth=0.34,
        )
        seams: list[Points] = [[(x + d, tall * 0.46), (x + d, tall * 0.8)] for d in (-0.08, 0.0, 0.08)]
        canvas.stroke(seams, 0.004, leather * np.float32(0.5), alpha=0.6)
    scene.shore = tall * 1.2


def car_front(scene: Scene) -> None:
    """The windscreen's frame, the dashboard and the wheel, before the people."""
    canvas, mood, tall = scene.canvas, scene.mood, scene.tall
    body = mood.lit(mix(rgb("a8343a"), mood.accent(0), 0.2), 0.65)
    dash = mood.lit(rgb("2a2628"), 0.5)
    canvas.fill(
        [
            (-0.1, tall * 0.79),
            (0.2, tall * 0.765),
            (0.8, tall * 0.765),
            (1.1, tall * 0.79),
            (1.1, tall + 0.1),
            (-0.1, tall + 0.1),
        ],
        dash * np.float32(1.4),
        dash * np.float32(0.7),
        depth=0.16,
    )
    canvas.fill(
        [(-0.1, tall * 0.85), (0.5, tall * 0.83), (1.1, tall * 0.85), (1.1, tall + 0.1), (-0.1, tall + 0.1)],
        body * np.float32(1.15),
        body * np.float32(0.5),
        depth=0.12,
    )
    canvas.stroke([[(0.5, tall * 0.84), (0.5, tall * 1.05)]], 0.004, body * np.float32(0.5))
    wheel = ellipse(0.5 + 0.13 * driver_side(scene), tall * 0.735, 0.15, 0.075, count=50)
    canvas.stroke([np.vstack([wheel, wheel[:1]])], 0.024, rgb("17151a"), depth=0.15)
    ring = [
        (0.02, tall * 0.79),
        (0.1, tall * 0.21),
        (0.2, tall * 0.185),
        (0.8, tall * 0.185),
        (0.9, tall * 0.21),
        (0.98, tall * 0.79),
    ]
    canvas.stroke([ring], 0.05, body * np.float32(0.8), depth=0.14)
    canvas.fill(
        [(-0.1, -0.1), (1.1, -0.1), (1.1, tall * 0.1), (0.86, tall * 0.175), (0.14, tall * 0.175), (-0.1, tall * 0.1)],
        body * np.float32(1.1),
        body * np.float32(0.75),
        depth=0.13,
    )
    canvas.fill(round_box(0.42, tall * 0.2, 0.58, tall * 0.235, 0.02), rgb("17151a"), depth=0.14)
    for x in (0.2, 0.62):
        canvas.stroke([[(x, tall * 0.775), (x + 0.17, tall * 0.71)]], 0.007, rgb("17151a"), depth=0.14)
    gleam: list[Points] = [
        [(0.16, tall * 0.22), (0.3, tall * 0.21), (0.12, tall * 0.7), (0.05, tall * 0.72)],
        [(0.36, tall * 0.21), (0.4, tall * 0.21), (0.22, tall * 0.7), (0.18, tall * 0.7)],
    ]
    canvas.shine(gleam, mix(mood.low, rgb("ffffff"), 0.5), 0.09, soft=0.008)
