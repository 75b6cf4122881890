"""Water and wet ground: the picture above, upside down, broken by waves."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Canvas, Points, Stencil
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import perspective_noise
from engines.providers.local.painter.noise import Floats, floats
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sky import sun_place


def water(scene: Scene, top: float, rough: float = 1.0) -> None:
    """Water from `top` to the lower edge, with what stands above mirrored in it, and the sun's glitter."""
    canvas, mood = scene.canvas, scene.mood
    row = round(top * canvas.width)
    rows = canvas.height - row
    if rows < 2:
        return
    waves = perspective_noise(scene, "waves", rows, stretch=9.0)
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    deep = mood.lit(mix(rgb("1d4f63"), mood.top, 0.5), 0.45)
    mirrored = _mirrored(scene, row, rows, floats((waves - 0.5) * (0.04 + 0.16 * t) * rough))
    share = (0.72 - 0.42 * t)[:, :, None]
    surface = mirrored * share + deep * (1 - share)
    crest = np.clip((waves - 0.62) * 3.2, 0, 1)[:, :, None]
    surface = surface * (0.88 + 0.24 * waves[:, :, None]) + crest * mix(mood.low, mood.key, 0.5) * np.float32(0.22)
    x, _ = sun_place(scene)
    across = np.linspace(0, 1, canvas.width, dtype=np.float32)[None, :]
    path = np.exp(-(((across - x) / (0.04 + 0.1 * t)) ** 2)) * (waves > 0.56) * (1 - 0.6 * t)
    sunny = 0.0 if scene.subject.weather in ("rain", "storm") else 1.0
    surface += path[:, :, None] * mood.key * np.float32(0.9 * sunny)
    canvas.light[row:] = surface
    canvas.depth[row:] = 0.85 - 0.75 * t
    ident = canvas.new_object()
    canvas.ident[row:] = ident
    scene.waters.add(ident)


def mirror_ground(scene: Scene, top: float, wet: float, area: Points | None = None) -> None:
    """Wet ground from `top` down: blurred mirror images, strongest in puddles; only inside `area`, if given."""
    canvas = scene.canvas
    row = round(top * canvas.width)
    rows = canvas.height - row
    if rows < 4:
        return
    puddles = perspective_noise(scene, "puddles", rows, stretch=2.0)
    t = np.linspace(0, 1, rows, dtype=np.float32)[:, None]
    mirrored = _mirrored(scene, row, rows, floats((puddles - 0.5) * 0.06 * t))
    sigma = max(0.5, canvas.width * 0.004)
    mirrored = floats(cv2.GaussianBlur(mirrored, (0, 0), sigmaX=sigma, sigmaY=sigma * 5))
    cover = wet * (0.3 + 0.5 * np.clip((puddles - 0.42) * 4, 0, 1)) * (0.95 - 0.35 * t)
    if area is not None:
        cover = cover * _cover(scene, area)[row:]
    view = canvas.light[row:]
    view += (mirrored * np.float32(1.05) - view * np.float32(0.85)) * cover[:, :, None]


def _cover(scene: Scene, area: Points) -> Floats:
    """A polygon as a mask of the whole picture: float32, (height, width), 0…1."""
    whole = np.zeros((scene.canvas.height, scene.canvas.width), np.float32)
    stencil = scene.canvas.stencil([area])
    if stencil is not None:
        whole[stencil.rows, stencil.columns] = stencil.mask / np.float32(255)
    return whole


def _mirrored(scene: Scene, row: int, rows: int, shift: Floats) -> Floats:
    """The picture above `row` upside down; `shift` (in heights of the picture) tears it sideways and lengthwise."""
    canvas = scene.canvas
    y = np.arange(rows, dtype=np.float32)[:, None]
    stretch = min(1.0, row / max(rows, 1)) * 0.95
    map_y = (row - 1 - y * np.float32(stretch) + shift * canvas.height * 0.5).astype(np.float32)
    map_x = (np.arange(canvas.width, dtype=np.float32)[None, :] + shift * canvas.width * 0.25).astype(np.float32)
    above = canvas.light[: max(row, 1)]
    return np.asarray(cv2.remap(above, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.float32)


def mirror_figure(canvas: Canvas, whole: Stencil, x: float, y: float, size: float, wet: float) -> None:
    """The figure upside down in wet ground."""
    (foot,) = canvas.place([(x, y + 0.01 * size)])
    row = int(foot[1])
    rows = min(row - whole.y0, canvas.height - row)
    if rows < 4 or row <= whole.y0:
        return
    source = canvas.light[row - rows : row, whole.columns][::-1]
    mask = np.zeros((rows, whole.mask.shape[1]), np.float32)
    part = whole.mask[max(0, row - rows - whole.y0) : row - whole.y0][::-1]
    mask[: len(part)] = part / np.float32(255)
    fade = np.linspace(0.5 * wet, 0.05, rows, dtype=np.float32)[:, None]
    sigma = max(0.6, rows * 0.012)
    blurred = cv2.GaussianBlur(source * mask[:, :, None], (0, 0), sigmaX=sigma * 0.5, sigmaY=sigma * 2)
    cover = cv2.GaussianBlur(mask, (0, 0), sigmaX=sigma * 0.5, sigmaY=sigma * 2)[:, :, None] * fade[:, :, None]
    target = canvas.light[row : row + rows, whole.columns]
    target *= 1 - cover
    target += blurred * fade[:, :, None]
