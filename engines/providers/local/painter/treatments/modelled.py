"""Looks that are built: toys, facets, clay, game worlds, metal."""

import cv2
import numpy as np

from engines.providers.local.painter.mood import luma, mix, rgb, saturate
from engines.providers.local.painter.noise import Floats, fbm, floats, scaled
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.treatments import effects as fx


def cartoon_3d(scene: Scene) -> Floats:
    """Candy-coloured rounded plastic under studio light: every object swells and has a soft highlight."""
    canvas, width = scene.canvas, scene.canvas.width
    picture = fx.expose(canvas.light, 1.28)
    picture = fx.kuwahara_behind(picture, canvas.depth, max(1, round(width / 120)))
    picture = saturate(picture, 1.5)
    dome = fx.blur(fx.puff(canvas, 0.03), width * 0.0045)
    shade = fx.relief(dome, width * 0.0022, (0.6 * scene.mood.side, -0.8)).clip(0.55, 1.5)
    solid = np.clip(1.2 - canvas.depth, 0, 1)
    shade = 1 + (shade - 1) * solid
    picture = np.clip(picture, 0, 1) ** 0.86 * (0.86 + 0.2 * dome * solid)[:, :, None] * shade[:, :, None]
    gleam = np.clip((shade - 1.14) * 2.2, 0, 0.5) * solid
    picture = picture + gleam[:, :, None]
    occluded = fx.blur(fx.outlines(canvas, 0.006), width * 0.006)
    picture = picture * (1 - 0.35 * occluded)[:, :, None]
    return floats(np.clip(fx.contrast(floats(np.clip(picture, 0, 1)) + np.float32(0.02), 1.05, 0.5), 0, 1))


def low_poly_3d(scene: Scene) -> Floats:
    """Triangles, each of one colour, dense along edges: a Delaunay mesh over the painted picture."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    rng = scene.rng("mesh")
    picture = saturate(fx.expose(canvas.light, 1.22), 1.28)
    small_w, small_h = 108, max(16, round(108 * scene.tall))
    small = scaled(picture, small_w, small_h, cv2.INTER_AREA)
    idents = cv2.resize(canvas.ident.astype(np.float32), (small_w, small_h), interpolation=cv2.INTER_NEAREST)
    depths = cv2.resize(canvas.depth, (small_w, small_h), interpolation=cv2.INTER_AREA)
    edges = np.abs(cv2.Laplacian(luma(small), cv2.CV_32F)) * 3 + (
        cv2.morphologyEx(idents, cv2.MORPH_GRADIENT, np.ones((2, 2), np.uint8)) > 0
    )
    near = np.clip(1.25 - depths, 0.2, 1)
    weight = (np.clip(edges, 0, 1) * near**2 * np.where(depths < 0.28, 4.0, 1.0) + 0.014).ravel()
    count = 1900
    picks = rng.choice(weight.size, count, replace=False, p=weight / weight.sum())
    points = np.column_stack([picks % small_w, picks // small_w]) + rng.uniform(0.2, 0.8, (count, 2))
    border = [(0.0, 0.0), (small_w - 1e-3, 0.0), (0.0, small_h - 1e-3), (small_w - 1e-3, small_h - 1e-3)]
    border += [(small_w * t, y) for t in np.linspace(0.1, 0.9, 9) for y in (0.0, small_h - 1e-3)]
    border += [(x, small_h * t) for t in np.linspace(0.06, 0.94, 15) for x in (0.0, small_w - 1e-3)]
    mesh = cv2.Subdiv2D((0, 0, small_w + 1, small_h + 1))
    mesh.insert([(float(x), float(y)) for x, y in [*border, *points]])
    triangles = np.asarray(mesh.getTriangleList()).reshape(-1, 3, 2)
    inside = ((triangles >= 0) & (triangles <= [small_w, small_h])).all(axis=(1, 2))
    triangles = triangles[inside]
    third = triangles.mean(1)
    probe = np.stack([third, *(third * 0.4 + triangles[:, i] * 0.6 for i in range(3))], 1)
    column = np.clip(probe[..., 0], 0, small_w - 1).astype(int)
    row = np.clip(probe[..., 1], 0, small_h - 1).astype(int)
    colours = small[row, column].mean(1)
    along = triangles[:, 1] - triangles[:, 0]
    tilt = np.sin(np.arctan2(along[:, 1], along[:, 0]) * 3 + third[:, 0] * 0.35 + third[:, 1] * 0.23)
    closeness = np.clip(1.15 - depths[row[:, 0], column[:, 0]], 0.12, 1)
    colours = np.clip(colours * (1 + 0.2 * tilt * closeness)[:, None], 0, 1)
    order = np.argsort(-depths[row[:, 0], column[:, 0]])
    out = np.clip(scaled(small, width, height) * 255, 0, 255).astype(np.uint8)
    scale = np.array([width / small_w, height / small_h]) * 16
    fixed = np.round(triangles * scale).astype(np.int32)
    for i in order:
        tone = [float(c) * 255 for c in colours[i]]
        cv2.fillConvexPoly(out, fixed[i], tone, cv2.LINE_AA, 4)
    return floats(out) / np.float32(255)


def claymation(scene: Scene) -> Floats:
    """Plasticine on a table-top: lumps, thumb prints, matt highlights, a shallow warm light."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    rng = scene.rng("clay")
    picture = fx.expose(canvas.light, 1.2)
    lumps = scaled(fbm(rng, max(40, height // 4), max(24, width // 4), cells=13, octaves=3), width, height)
    wobble = (lumps - 0.5) * width * 0.012
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    map_x, map_y = x + wobble, y + np.roll(wobble, width // 4, 1)
    picture = floats(cv2.remap(picture, map_x, map_y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
    picture = fx.kuwahara(np.asarray(picture, np.float32), max(2, round(width / 70)))
    picture = fx.split_tone(saturate(picture, 1.12), "6a4a3a", "d8a060", 0.22)
    dome = fx.blur(fx.puff(canvas, 0.028, (floats(map_x), floats(map_y))), width * 0.0035)
    prints = _thumb_prints(scene, floats(x / width), floats(y / width))
    near = np.clip(1.5 - canvas.depth, 0.45, 1)
    height_map = dome * 0.8 + ((lumps - 0.5) * 0.45 + prints * 0.035) * near
    shade = fx.relief(fx.blur(height_map, max(0.5, width * 0.0013)), width * 0.0026, (0.65 * scene.mood.side, -0.75))
    picture = (
        (0.10 + 0.86 * np.clip(picture, 0, 1)) * shade.clip(0.42, 1.6)[:, :, None] * (0.74 + 0.3 * dome)[:, :, None]
    )
    gleam = np.clip((shade - 1.22) * 0.55, 0, 0.22)
    picture = picture + gleam[:, :, None] * rgb("fff0d8")
    away = np.clip((np.abs(y / width - scene.focus[1]) - 0.4) / 0.7, 0, 1).astype(np.float32)
    picture = fx.lens_blur(np.clip(picture, 0, 1).astype(np.float32), away, width * 0.006)
    return fx.vignette(np.clip(picture, 0, 1), 0.4)


def _thumb_prints(scene: Scene, x: Floats, y: Floats) -> Floats:
    """Loops of fine ridges pressed in here and there: float32, -1…1."""
    rng = scene.rng("thumbs")
    total = np.zeros_like(x)
    for _ in range(16):
        cx, cy, size = float(rng.random()), float(rng.random()) * scene.tall, float(rng.uniform(0.05, 0.09))
        dx, dy = (x - cx) / size, (y - cy) / (size * 1.3)
        far = np.hypot(dx, dy)
        total += np.sin(far * 26 + dx * 5) * np.clip(1.2 - far, 0, 1)
    return np.clip(total, -1, 1).astype(np.float32)


_BAYER = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.5


def retro_open_world(scene: Scene) -> Floats:
    """An old console's world: few pixels, ordered dots (Bayer, 1973), few colours, near fog, a map in the corner."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    fog = np.clip((canvas.depth - 0.45) * 1.5, 0, 0.62)[:, :, None]
    light = canvas.light * (1 - fog) + mix(scene.mood.haze, rgb("e8a868"), 0.5) * fog
    picture = fx.split_tone(saturate(fx.expose(light, 1.1), 1.15), "4a5a3a", "d8a050", 0.24)
    columns = min(width, 150)
    rows = round(columns * scene.tall)
    small = scaled(picture, columns, rows, cv2.INTER_AREA)
    small = np.clip(fx.contrast(small, 1.22), 0, 1)
    dots = np.tile(_BAYER, (rows // 4 + 1, columns // 4 + 1))[:rows, :columns, None]
    levels = np.float32(7)
    small = np.clip(np.round(small * levels + dots * 0.9) / levels, 0, 1)
    _map_and_bars(small, scene)
    return np.asarray(cv2.resize(small, (width, height), interpolation=cv2.INTER_NEAREST), np.float32)


def _map_and_bars(small: Floats, scene: Scene) -> None:
    """The player's round map and two bars, in the picture's own pixels."""
    rows, columns = small.shape[:2]
    rng = scene.rng("map")
    radius = round(columns * 0.125)
    cx, cy = radius + 6, rows - radius - 7
    y, x = np.mgrid[0:rows, 0:columns]
    disc = (x - cx) ** 2 + (y - cy) ** 2 <= radius**2
    ring = ((x - cx) ** 2 + (y - cy) ** 2 <= (radius + 2) ** 2) & ~disc
    small[ring] = rgb("14141a")
    small[disc] = rgb("5a6a4a")
    turn = float(rng.uniform(0, 3.14))
    u, v = (x - cx) * np.cos(turn) + (y - cy) * np.sin(turn), (y - cy) * np.cos(turn) - (x - cx) * np.sin(turn)
    small[disc & ((np.abs(u % 11 - 5) < 1.3) | (np.abs(v % 15 - 6) < 1.3))] = rgb("c9c4b0")
    small[(np.abs(x - cx) + np.abs(y - cy)) <= 2] = rgb("ffffff")
    mark = (cx + round(radius * 0.5 * np.cos(turn * 2)), cy + round(radius * 0.5 * np.sin(turn * 2)))
    small[(np.abs(x - mark[0]) <= 1) & (np.abs(y - mark[1]) <= 1)] = rgb("e03030")
    for index, (code, full) in enumerate(
        (("d8434a", 0.55 + 0.4 * scene.mood.lift), ("e8b23a", 0.35 + 0.5 * scene.mood.lift))
    ):
        top, left, long = 7 + index * 7, columns - 46, 40
        small[top - 1 : top + 4, left - 1 : left + long + 1] = rgb("101014")
        small[top : top + 3, left : left + round(long * full)] = rgb(code)


def liquid_chrome(scene: Scene) -> Floats:
    """Poured metal: the forms swell and ripple, and mirror a studio of dark, white and oil colours."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    rng = scene.rng("melt")
    level = luma(fx.expose(fx.bloom(canvas.light, 0.4), 1.2))
    flow = fbm(rng, max(40, height // 6), max(24, width // 6), cells=2.2, octaves=2)
    flow = scaled(flow, width, height, cv2.INTER_CUBIC)
    near = np.clip(1.2 - canvas.depth, 0, 1)
    dome = fx.puff(canvas, 0.045)
    melted = fx.blur(fx.kuwahara(level[:, :, None].repeat(3, 2), max(2, round(width / 90)))[:, :, 0], width * 0.004)
    surface = (
        fx.blur(dome * near * 0.75, width * 0.005) + melted * (0.5 + 0.5 * near) + fx.blur(flow, width * 0.012) * 0.55
    )
    gx, gy = cv2.Sobel(surface, cv2.CV_32F, 1, 0) * width / 46, cv2.Sobel(surface, cv2.CV_32F, 0, 1) * width / 46
    norm = np.sqrt(gx * gx + gy * gy + 1)
    nx, ny = gx / norm, gy / norm
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    # The mirrored ray's angle looks up a studio: dark floor, bright horizon, black ceiling, soft window.
    angle = np.clip(0.5 + ny * 0.55 + nx * 0.3 * scene.mood.side + (y - 0.5) * 0.2 + (melted - 0.42) * 0.5, 0, 1)
    stops = [0.0, 0.14, 0.26, 0.36, 0.46, 0.52, 0.6, 0.7, 0.82, 1.0]
    greys = [0.06, 0.3, 0.12, 0.38, 0.66, 1.0, 0.42, 0.7, 0.95, 1.0]
    chrome = np.interp(angle, stops, greys).astype(np.float32)
    film = np.stack([0.5 + 0.5 * np.cos(6.28 * (angle * 1.2 + flow * 0.8 + shift)) for shift in (0.0, 0.3, 0.6)], 2)
    tint = mix(scene.mood.accent(0), rgb("a8b8ff"), 0.65)
    # Behind, the metal calms to a sheet, so that the figure in front of it is read first.
    calm = np.clip(canvas.depth * 1.35 - 0.2, 0, 0.8)
    chrome = chrome * (1 - calm) + (0.12 + 0.62 * melted) * calm
    metal = chrome[:, :, None] * (0.72 + 0.38 * film) * (0.76 + 0.24 * tint)
    metal = metal * (0.6 + 0.75 * np.clip(melted, 0, 1))[:, :, None] * (0.8 + 0.2 * dome)[:, :, None]
    # The nearest things keep some of their own colour and light: a red balloon of chrome is red.
    own = fx.expose(canvas.light, 1.1)
    share = (0.46 * np.clip(1.4 - canvas.depth * 4, 0, 1))[:, :, None]
    metal = metal * (1 - share) + own * share
    glint = np.clip(chrome - 0.86, 0, 1) * 2.5 * near
    metal = metal + glint[:, :, None]
    edge = fx.outlines(canvas, 0.003)
    out = fx.contrast(fx.ink(metal.astype(np.float32), edge, "05060c", 0.45), 1.25, 0.4)
    return fx.vignette(np.clip(fx.bloom(out, 0.5, 0.85), 0, 1), 0.35)
