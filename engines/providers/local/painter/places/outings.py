"""Where people go on a free day: park, playground, fairground."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse
from engines.providers.local.painter.landscapes import grass
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.places.furnish import hill_line, stand, stand_in, string_lights
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane

_WALLS = ("e8dcc4", "d8a878", "c88a78", "b8c4c8", "f0e6d4", "d8c490", "b8c4a4")


def park(scene: Scene) -> None:
    """Lawns and trees, a winding path with a bench and lamps."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hedge = mood.far(mood.lit(rgb("4f7a44"), 0.45), 0.7)
    rng = scene.rng("park")
    canvas.fill(
        [
            ellipse(float(x), h - 0.02, 0.09, 0.07 + 0.05 * float(rng.random()), count=20)
            for x in np.linspace(-0.05, 1.05, 15)
        ],
        hedge,
        hedge * np.float32(0.6),
        depth=0.75,
    )
    ground(scene, rgb("86a85a"), rgb("5a7f40"), h + 0.005, grain=0.25)
    t = np.linspace(0, 1, 30)
    y = h + 0.01 + (scene.tall - h) * t**1.6
    middle = 0.5 + 0.16 * np.sin(t * 4.2) * (1 - t * 0.4)
    half = 0.012 + 0.24 * t**1.6
    sand = mood.lit(rgb("d8c4a0"), 0.65)
    canvas.fill(
        np.vstack([np.column_stack([middle - half, y]), np.column_stack([middle + half, y])[::-1]]),
        mood.far(sand, 0.4),
        sand * np.float32(0.85),
        depth=0.3,
    )
    lane = Lane(0.5, h, scene.tall - h)
    for index, (s, z) in enumerate(((-2.6, 6.0), (2.4, 5.2), (-1.7, 3.6), (1.8, 3.0), (-1.25, 2.1))):
        stand_in(
            scene,
            lane,
            ("tree", "blossom tree" if scene.subject.time == "dawn" else "tree", "birch", "tree", "tree")[index],
            s,
            z,
            1,
            number=index,
        )
    stand_in(scene, lane, "bench", 0.95, 2.5, -1)
    for s, z in ((-0.62, 3.4), (0.66, 4.6)):
        stand_in(scene, lane, "street lamp", s, z)
    grass(scene, h + 0.16, rgb("5f8a44"), 150, 0.05)


def playground(scene: Scene) -> None:
    """Swings, a slide and a climbing frame on a lawn before houses."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    for index, x in enumerate(np.linspace(0.02, 0.98, 6)):
        stand(scene, "house", float(x), h + 0.01, 0.03 * scene.zoom, 0.7, 1, rgb(_WALLS[index % 7]), index)
    ground(scene, rgb("8fae5a"), rgb("6a8a44"), h, grain=0.2)
    lane = Lane(0.5, h, scene.tall - h)
    canvas.fill(
        lane.quad(-1.2, 1.2, 0.0, 0.0, 1.1, 5.0),
        mood.far(mood.lit(rgb("e0c48c"), 0.65), 0.4),
        mood.lit(rgb("d8b87c"), 0.65),
        depth=0.3,
    )
    stand_in(scene, lane, "swing", -0.75, 2.6, 1, rgb("c23a34"))
    _slide(scene, lane, 0.85, 2.4)
    _climber(scene, lane, 0.05, 4.2)
    stand_in(scene, lane, "tree", -1.9, 3.4)
    stand_in(scene, lane, "tree", 2.0, 4.4, number=1)


def _slide(scene: Scene, lane: Lane, s: float, z: float) -> None:
    canvas, mood = scene.canvas, scene.mood
    steel, chute = mood.lit(rgb("3a6f9a"), 0.7), mood.lit(rgb("e8b02e"), 0.8)
    top, low = lane.at(s + 0.25, 1.35, z), lane.at(s - 0.75, 0.1, z)
    canvas.stroke(
        [[lane.at(s + 0.2, 0, z), top], [lane.at(s + 0.42, 0, z), lane.at(s + 0.3, 1.35, z)]],
        0.035 / z,
        steel,
        depth=0.32,
    )
    rungs: list[Points] = [
        [lane.at(s + 0.2 + 0.02 * k, 0.2 * k, z), lane.at(s + 0.42 - 0.02 * k, 0.2 * k, z)] for k in range(1, 7)
    ]
    canvas.stroke(rungs, 0.02 / z, steel)
    canvas.stroke([[top, lane.at(s + 0.05, 1.25, z), lane.at(s - 0.5, 0.25, z), low]], 0.12 / z, chute, depth=0.3)
    canvas.stroke(
        [[top, lane.at(s + 0.05, 1.32, z), lane.at(s - 0.5, 0.32, z), low]], 0.03 / z, chute * np.float32(0.65)
    )


def _climber(scene: Scene, lane: Lane, s: float, z: float) -> None:
    lines: list[Points] = [
        [lane.at(s + 0.6 * np.cos(a) * np.sin(b), 0.95 * np.cos(b), z) for b in np.linspace(-1.57, 1.57, 18)]
        for a in np.linspace(0, np.pi, 6)
    ]
    lines += [
        [lane.at(s - 0.6 * np.sin(b), 0.95 * np.cos(b), z), lane.at(s + 0.6 * np.sin(b), 0.95 * np.cos(b), z)]
        for b in (0.5, 0.9, 1.3)
    ]
    scene.canvas.stroke(lines, 0.02 / z, scene.mood.lit(rgb("c23a34"), 0.7), depth=0.5)


def fairground(scene: Scene) -> None:
    """A fair: Ferris wheel, carousel, tents, chains of lamps."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    side = -1 if scene.focus[0] > 0.5 else 1
    hill_line(scene, "back", h + 0.01, 0.07 * scene.zoom, rgb("4f5f4a"), 0.8)
    stand(scene, "ferris wheel", 0.5 + side * 0.2, h + 0.02, 0.068 * scene.zoom, 0.62)
    ground(scene, rgb("9a8a68"), rgb("7a6a4c"), h, grain=0.25)
    lane = Lane(0.5, h, scene.tall - h)
    for index, (s, z) in enumerate(((-1.9, 4.2), (1.9, 3.6), (-1.35, 2.4), (1.5, 2.0))):
        _booth(scene, lane, s, z, index)
    stand_in(scene, lane, "carousel", -0.85 * side, 4.4)
    string_lights(
        scene, [(lane.at(-1.2, 2.3, 2.4), lane.at(1.3, 2.3, 2.0)), (lane.at(-1.7, 2.6, 4.2), lane.at(1.7, 2.4, 3.6))]
    )
    if mood.night > 0.3:
        canvas.glow(0.5, h, 0.7, mood.accent(0), 0.25)


def _booth(scene: Scene, lane: Lane, s: float, z: float, index: int) -> None:
    canvas, mood = scene.canvas, scene.mood
    first: Colour = mood.lit(rgb(("c23a44", "2f6f9a", "d8902a", "7a4a9a")[index % 4]), 0.75)
    second = mood.lit(rgb("f6eee0"), 0.8)
    depth = min(0.6, 0.12 * z)
    warm = mix(rgb("ffcf8a"), mood.lit(rgb("c8a888"), 0.6), 1 - mood.night)
    canvas.fill(
        lane.quad(s - 0.5, s + 0.5, 0.0, 1.3, z, z), warm * np.float32(0.85), first * np.float32(0.5), depth=depth
    )
    canvas.fill(lane.quad(s - 0.5, s + 0.5, 0.0, 0.5, z, z), first, first * np.float32(0.6), depth=depth)
    peak = lane.at(s, 2.2, z)
    steps = np.linspace(s - 0.62, s + 0.62, 9)
    for k, (a, b) in enumerate(pairwise(steps)):
        x0, y0 = lane.at(float(a), 1.3, z)
        x1, y1 = lane.at(float(b), 1.3, z)
        canvas.fill([peak, (x1, y1), ((x0 + x1) / 2, y1 + 0.05 / z), (x0, y0)], first if k % 2 else second, depth=depth)
    canvas.stroke([[peak, (peak[0], peak[1] - 0.18 / z)]], 0.012 / z, first)
