"""Ruined cities."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.noise import Rng
from engines.providers.local.painter.scene import Scene


def ruins(scene: Scene) -> None:
    """A ruined city: broken fronts, empty windows, rubble, bent steel."""
    _canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    for layer, (depth, height) in enumerate([(0.85, 0.55), (0.6, 0.6), (0.35, 0.42)]):
        rng = scene.rng("ruin", layer)
        wall = mood.far(mood.lit(rgb("7a6f64"), 0.4), depth)
        x = -0.1
        while x < 1.05:
            wide = float(rng.uniform(0.16, 0.34)) * (1.3 - depth * 0.6) * scene.zoom
            if abs(x + wide / 2 - scene.focus[0]) < 0.16 and layer == 2:
                x += wide * 0.8
                continue
            _broken_front(
                scene, x, wide, h + 0.02 + 0.05 * layer, height * float(rng.uniform(0.5, 1.1)), wall, depth, rng
            )
            x += wide + float(rng.uniform(0.02, 0.14))
    ground(scene, rgb("6f6558"), rgb("4a4238"), h + 0.1, grain=0.4)
    rubble(scene, h + 0.12)


def _broken_front(
    scene: Scene, x: float, wide: float, base: float, height: float, wall: Colour, depth: float, rng: Rng
) -> None:
    canvas, mood = scene.canvas, scene.mood
    steps = np.linspace(0, 1, 9)
    slope = float(rng.uniform(-0.5, 0.5))
    tops = base - height * np.clip(0.75 + slope * (steps - 0.5) + rng.uniform(-0.22, 0.22, 9), 0.2, 1.1)
    outline: list[tuple[float, float]] = [(x, base + 0.1)]
    for t, top in zip(steps, tops, strict=True):
        outline += [(x + wide * t, float(top)), (x + wide * min(1, t + 0.08), float(top + 0.01))]
    outline.append((x + wide, base + 0.1))
    canvas.fill(outline, wall, mood.far(wall * np.float32(0.75), 0.4), depth=depth)
    holes: list[Points] = []
    cell = 0.07 * (1.3 - depth * 0.6)
    for row in np.arange(base - height, base - cell, cell * 1.35):
        for column in np.arange(x + cell * 0.3, x + wide - cell * 0.8, cell * 1.1):
            edge = float(np.interp((column - x) / wide, steps, tops))
            if row > edge + cell * 0.5 and rng.random() < 0.75:
                holes.append(box(column, row, column + cell * 0.6, row + cell * 0.85))
    see_through = rng.random() < 0.4
    canvas.fill(holes, mood.haze if see_through else wall * np.float32(0.42), alpha=0.9)
    bars: list[Points] = [
        [
            (x + wide * t, float(np.interp(t, steps, tops))),
            (x + wide * t + rng.normal(0, 0.02), float(np.interp(t, steps, tops)) - rng.uniform(0.02, 0.09)),
        ]
        for t in rng.random(5)
    ]
    canvas.stroke(bars, 0.003, wall * np.float32(0.5))


def rubble(scene: Scene, top: float) -> None:
    """Stones that grow towards the viewer."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("rubble")
    span = scene.tall - top
    for t in np.sort(rng.random(70)):
        y, size = top + span * float(t) ** 1.3, 0.012 + 0.06 * float(t) ** 2
        x = float(rng.uniform(-0.05, 1.05))
        if abs(x - scene.focus[0]) < 0.12 and t > 0.2:
            continue
        angles = np.sort(rng.uniform(0, 2 * np.pi, 7))
        stone = np.column_stack([x + np.cos(angles) * size * 1.3, y + np.sin(angles) * size * 0.75])
        tone = mood.lit(rgb("857a6c") * np.float32(rng.uniform(0.7, 1.1)), 0.6)
        canvas.fill(stone, tone, tone * np.float32(0.45), depth=0.5 - 0.4 * float(t))
