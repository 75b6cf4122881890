"""Landscapes: ridges, dunes, forests, water, fields, snow."""

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.noise import fbm, rough_line
from engines.providers.local.painter.scene import Scene


def ridge(
    scene: Scene,
    name: object,
    base: float,
    height: float,
    cells: float,
    roughness: float = 0.5,
    bottom: float | None = None,
) -> NDArray[np.float64]:
    """The outline of a range: highest `height` above `base`, closed at `bottom`."""
    line = rough_line(scene.rng("ridge", name), 160, cells / scene.zoom, roughness=roughness)
    x = np.linspace(-0.15, 1.15, 160)
    low = scene.tall + 0.1 if bottom is None else bottom
    return np.vstack([np.column_stack([x, base - height * line]), [(1.15, low), (-0.15, low)]])


def mountains(scene: Scene) -> None:
    """Ranges one behind the other, the near ones with snow and shadow, a valley floor."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    rock = rgb("5d5a66")
    for i, (depth, height) in enumerate([(0.9, 0.62), (0.7, 0.5), (0.5, 0.3), (0.3, 0.16)]):
        base = h + 0.02 + i * 0.05
        line = ridge(scene, i, base, height * scene.zoom**0.7 * h, 2.2 + i, 0.52)
        colour = mood.far(mood.lit(rock, 0.35), depth)
        ident = canvas.new_object()
        canvas.fill(line, colour, mood.far(colour, 0.75), depth=depth, ident=ident)
        if i < 2:
            _facets(scene, line, depth, i)
    ground(scene, rgb("4d5a3c"), rgb("39442e"), h + 0.17)


def _facets(scene: Scene, line: NDArray[np.float64], depth: float, index: int) -> None:
    """Lit flanks and snow on a range: slanted strips from each peak down the side of the light."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("facets", index)
    x, y = line[:-2, 0], line[:-2, 1]
    base = float(y.max())
    snow = mood.far(mood.lit(rgb("f4f8ff"), 0.75), depth * 0.7)
    shade = mood.far(mood.lit(rgb("3f3d4c"), 0.05), depth)
    peaks = [i for i in range(4, len(y) - 4) if y[i] == y[i - 4 : i + 5].min()]
    caps, flanks = [], []
    for p in peaks:
        reach = base - y[p]
        steps = np.linspace(0, 1, 12)
        wander = np.cumsum(rng.normal(0, 0.16, 12)) * 0.1 * reach
        spine = np.column_stack([x[p] + wander, y[p] + steps * reach * 0.95])
        side = [(x[p] - mood.side * steps[-1] * reach * 0.75, base)]
        flanks.append(np.vstack([spine, side]))
        drop = reach * float(rng.uniform(0.25, 0.5))
        teeth = np.array(
            [(-1, 1.0), (-0.62, 0.55), (-0.4, 0.95), (-0.1, 0.5), (0.15, 0.9), (0.45, 0.5), (0.7, 1.0), (1, 0.8)]
        )
        caps.append(
            np.vstack(
                [[(x[p], y[p] - 0.002)], np.column_stack([x[p] - teeth[:, 0] * drop * 0.7, y[p] + teeth[:, 1] * drop])]
            )
        )
    area = canvas.stencil([line])
    if area is None or not peaks:
        return
    for shapes, colour, alpha in ((flanks, shade, 0.5), (caps, snow, 0.85)):
        part = canvas.stencil(shapes, soft=0.001)
        if part is None:
            continue
        cover = np.zeros((canvas.height, canvas.width), np.uint8)
        cover[part.rows, part.columns] = part.mask
        inside = np.minimum(cover[area.rows, area.columns], area.mask)
        area_mask, area.mask = area.mask, inside
        canvas.apply(area, colour, alpha=alpha)
        area.mask = area_mask


def ground(scene: Scene, far: Colour, near: Colour, top: float, grain: float = 0.25) -> None:
    """Open ground from `top` to the lower edge, with noise that is denser towards the horizon."""
    canvas, mood = scene.canvas, scene.mood
    row = round(top * canvas.width)
    if row >= canvas.height:
        return
    rows = canvas.height - max(row, 0)
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None, None]
    colour = mood.far(mood.lit(far, 0.6), 0.6) * (1 - t) + mood.lit(near, 0.45) * t
    texture = perspective_noise(scene, "ground", rows)
    canvas.light[-rows:] = colour * (1 - grain + 2 * grain * texture[:, :, None])
    canvas.depth[-rows:] = (0.7 - 0.6 * t[:, :, 0]) * np.ones((1, canvas.width), np.float32)
    canvas.ident[-rows:] = canvas.new_object()
    if scene.look.grid:
        glowing_grid(scene, top)


def glowing_grid(scene: Scene, top: float) -> None:
    """Lines of light on the ground that run to the horizon."""
    canvas, mood = scene.canvas, scene.mood
    span = scene.tall - top
    colour = mood.accent(0)
    row = max(0, round(top * canvas.width))
    canvas.light[row:] = canvas.light[row:] * np.float32(0.35) + rgb("24104f") * np.float32(0.7)
    lines: list[Points] = [[(0.5 + k * 0.01, top), (0.5 + k * 0.32, scene.tall + 0.02)] for k in range(-16, 17)]
    lines += [[(-0.1, top + span / z), (1.1, top + span / z)] for z in np.geomspace(1.02, 40, 18)]
    canvas.shine_lines(lines, 0.004, colour, 0.95)
    canvas.shine_lines(lines, 0.016, colour, 0.25, soft=0.008)


def perspective_noise(scene: Scene, name: str, rows: int, stretch: float = 3.0) -> NDArray[np.float32]:
    """Noise on a plane that runs to the horizon: float32, (rows, width), 0…1."""
    import cv2

    canvas = scene.canvas
    flat = fbm(scene.rng(name), 256, 256, cells=9, octaves=5, stretch=1.0)
    v = np.linspace(0.04, 1, rows, dtype=np.float32)[:, None]
    x = np.linspace(-0.5, 0.5, canvas.width, dtype=np.float32)[None, :]
    map_x = (128 + x / v * 90 * np.ones_like(v)).astype(np.float32)
    map_y = np.repeat(22 * stretch / v, canvas.width, 1).astype(np.float32)
    return cv2.remap(flat, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT).astype(np.float32)
