"""Things that belong to a place."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.things.drawing import draw_thing
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.painter.urban import Lane

_SINGLE = frozenset(
    {"table", "sofa", "lamp", "bench", "swing", "carousel", "ferris wheel", "car", "cup", "bottle", "apple", "suitcase"}
)
"""Single pieces: one that the words name is drawn as they say, and replaces the place's own."""
ADULT = 1.2
"""An adult's height in heights of the camera, the unit of `Lane`."""


def stand(
    scene: Scene,
    name: str,
    x: float,
    y: float,
    adult: float,
    depth: float,
    facing: int = 1,
    colour: Colour | None = None,
    number: int = 0,
    doing: str = "",
) -> None:
    """A thing whose foot is at (x, y), where an adult is `adult` widths tall."""
    if scene.subject.words.absent & {name} or (name in _SINGLE and scene.subject.has(name)):
        return
    kind = KINDS[name]
    draw_thing(scene, kind, Put(x, y, kind.tall * adult, facing, colour, depth, number, doing), name)


def stand_in(
    scene: Scene,
    lane: Lane,
    name: str,
    side: float,
    z: float,
    facing: int = 1,
    colour: Colour | None = None,
    up: float = 0.0,
    number: int = 0,
) -> None:
    """A thing in a street or a room, at `side` and distance `z`."""
    x, y = lane.at(side, up, z)
    stand(scene, name, x, y, ADULT * lane.drop / z, min(0.8, 0.13 * z), facing, colour, number)


def planks(
    scene: Scene, lane: Lane, left: float, right: float, near: float, far: float, wood: Colour, depth: float = 0.25
) -> None:
    """A wooden floor in perspective, with gaps between its boards."""
    canvas, mood = scene.canvas, scene.mood
    lit = mood.lit(wood, 0.65)
    canvas.fill(lane.quad(left, right, 0.0, 0.0, near, far), mood.far(lit, 0.35), lit * np.float32(0.85), depth=depth)
    gaps: list[Points] = [
        [lane.at(left, 0.0, float(z)), lane.at(right, 0.0, float(z))] for z in np.geomspace(near, far, 26)
    ]
    for index, gap in enumerate(gaps):
        canvas.stroke([gap], max(0.006 * (1 - index / 30), 0.0012), lit * np.float32(0.5), alpha=0.7)


def hill_line(
    scene: Scene, name: object, base: float, height: float, colour: Colour, depth: float, bumps: float = 3.0
) -> None:
    """A soft line of hills."""
    rng = scene.rng("hills", name)
    x = np.linspace(-0.1, 1.1, 70)
    a, b = float(rng.uniform(0, 6)), float(rng.uniform(0, 6))
    y = base - height * (0.55 + 0.3 * np.sin(x * bumps + a) + 0.15 * np.sin(x * bumps * 2.7 + b))
    tone = scene.mood.far(scene.mood.lit(colour, 0.5), depth)
    scene.canvas.fill(
        np.vstack([np.column_stack([x, y]), [(1.1, base + 0.1), (-0.1, base + 0.1)]]),
        tone,
        scene.mood.far(tone, 0.4),
        depth=depth,
    )


def string_lights(
    scene: Scene, lines: list[tuple[tuple[float, float], tuple[float, float]]], sag: float = 0.08
) -> None:
    """Chains of lamps."""
    canvas = scene.canvas
    power = 0.6 + 0.7 * scene.mood.night
    for index, ((x0, y0), (x1, y1)) in enumerate(lines):
        t = np.linspace(0, 1, 15)
        curve = np.column_stack([x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)])
        canvas.stroke([curve], 0.0022, rgb("1c1a20"), alpha=0.8)
        for k, (x, y) in enumerate(curve[1:-1].tolist()):
            warm = mix(rgb("ffd08a"), scene.mood.accent(index + k), 0.25)
            canvas.glow(x, y + 0.006, 0.028, warm, 0.7 * power)
            canvas.fill([box(x - 0.003, y, x + 0.003, y + 0.009)], warm * np.float32(1.2))
