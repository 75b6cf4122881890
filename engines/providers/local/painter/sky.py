"""Skies: gradient, clouds, stars, sun or moon, distant weather."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Colour, ellipse
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import Floats, fbm
from engines.providers.local.painter.scene import Scene

_COVER = {"clear": 0.30, "clouds": 0.62, "rain": 0.8, "snow": 0.8, "fog": 0.45, "storm": 0.95, "dust": 0.5}


def paint_sky(scene: Scene) -> None:
    """The whole sky down to the horizon, and a haze below it wherever the ground leaves gaps."""
    canvas, mood = scene.canvas, scene.mood
    y = np.linspace(0, scene.tall, canvas.height, dtype=np.float32) / max(scene.horizon, 0.2)
    stops = np.stack([mood.top, mix(mood.top, mood.middle, 0.55), mood.middle, mood.low, mood.haze])
    column = np.stack([np.interp(y, [0, 0.3, 0.62, 1.0, 1.4], stops[:, i]) for i in range(3)], 1)
    canvas.light[:] = column[:, None, :].astype(np.float32)
    if mood.night > 0.4 and scene.subject.weather in ("clear", "clouds", "snow"):
        _stars(scene)
    _sun_or_moon(scene)
    _clouds(scene)


def sun_place(scene: Scene) -> tuple[float, float]:
    """The position of the sun or moon; a low sun is near the horizon, behind the focus."""
    high = {"day": 0.28, "golden": 0.86, "dawn": 0.9, "dusk": 0.93, "night": 0.36}[scene.subject.time]
    rng = scene.rng("sun")
    x = 0.5 + scene.mood.side * float(rng.uniform(0.12, 0.3))
    return x, scene.horizon * min(high + float(rng.uniform(-0.05, 0.05)), 0.95)


def _sun_or_moon(scene: Scene) -> None:
    canvas, mood, subject = scene.canvas, scene.mood, scene.subject
    veiled = subject.weather in ("rain", "storm", "snow")
    if veiled and not (subject.has("moon") or subject.has("sun")):
        return
    x, y = sun_place(scene)
    if scene.look.striped_sun:
        _striped_sun(scene, x, y)
        return
    size = {"day": 0.05, "golden": 0.095, "dawn": 0.085, "dusk": 0.12, "night": 0.075}[subject.time] * scene.zoom**0.5
    if subject.has("moon") or (subject.has("sun") and subject.time != "night"):
        size *= 1.5
    if subject.time == "night":
        disc = mix(mood.key, rgb("ffffff"), 0.5)
        canvas.glow(x, y, size * 7, mood.key, 0.4)
        canvas.fill(ellipse(x, y, size, size, count=72), disc * np.float32(1.05))
        rng = scene.rng("maria")
        for _ in range(7):
            angle, reach = rng.uniform(0, 6.28), rng.uniform(0.1, 0.62) * size
            spot = ellipse(x + np.cos(angle) * reach, y + np.sin(angle) * reach, *(rng.uniform(0.1, 0.3, 2) * size))
            canvas.fill(spot, disc * np.float32(0.72), alpha=0.45, soft=size * 0.06)
        return
    shine = 0.5 + 0.9 * mood.lift
    canvas.glow(x, y, size * 14, mood.key, 0.35 * shine)
    canvas.glow(x, y, size * 5, mood.key, 0.55 * shine)
    canvas.fill(ellipse(x, y, size, size, count=72), mix(mood.key, rgb("ffffff"), 0.55) * np.float32(1.5), soft=0.002)


def _striped_sun(scene: Scene, x: float, y: float) -> None:
    """The great disc of the eighties: yellow to pink, cut by bars that widen downwards."""
    canvas, size = scene.canvas, 0.3 * scene.zoom**0.4
    y -= size * 0.8
    canvas.glow(x, y, size * 3, rgb("ff5fb0"), 0.6)
    disc = canvas.stencil([ellipse(x, y, size, size, count=100)])
    if disc is None:
        return
    rows = ((np.arange(disc.mask.shape[0]) + disc.y0) / canvas.width - y) / size
    phase = (rows + 0.1) * 4.2
    cut = (rows > -0.1) & (phase % 1 < np.clip(0.16 + 0.32 * rows, 0, 0.6))
    disc.mask = disc.mask * ~cut[:, None]
    t = np.clip(rows * 0.5 + 0.5, 0, 1)[:, None, None].astype(np.float32)
    canvas.apply(
        disc, (rgb("fff07a") * (1 - t) + rgb("ff3fa0") * t) * np.float32(1.1) * np.ones_like(disc.mask[:, :, None])
    )


def _stars(scene: Scene) -> None:
    canvas, rng = scene.canvas, scene.rng("stars")
    layer = np.zeros((canvas.height, canvas.width), np.float32)
    count = 260
    x, y = rng.random(count), rng.random(count) ** 1.3 * scene.horizon * 0.95
    # Stars fade towards the horizon, and earlier while there is light in the sky.
    seen = np.clip(0.35 + 0.8 * scene.mood.night - y / scene.horizon, 0, 1)
    power = rng.random(count) ** 4
    for px, py, p, shown in zip(x * canvas.width, y * canvas.width, power, seen, strict=True):
        cv2.circle(
            layer,
            (round(px * 16), round(py * 16)),
            round(16 * canvas.width * (0.0008 + 0.0016 * p)),
            float((0.25 + p) * shown),
            -1,
            cv2.LINE_8,
            4,
        )
    blurred = cv2.GaussianBlur(layer, (0, 0), max(0.35, canvas.width * 0.0009))
    canvas.light += blurred[:, :, None] * (rgb("dfe8ff") * np.float32(scene.mood.night * 1.4))


def cloud_field(scene: Scene, cover: float, name: str = "clouds") -> tuple[Floats, Floats]:
    """Clouds over the whole picture.

    Args:
        scene: The scene of the sky.
        cover: 0…1, the share of the sky that they cover.
        name: Another name gives other clouds.

    Returns:
        Opacity and how much of each spot is turned to the light: float32, (height, width), 0…1 each.
    """
    height, width = max(48, scene.canvas.height // 3), max(27, scene.canvas.width // 3)
    puffs = fbm(scene.rng(name), height, width, cells=2.6 / scene.zoom**0.5, octaves=6, stretch=2.4)
    threshold = 0.78 - 0.52 * cover
    alpha = np.clip((puffs - threshold) / 0.16, 0, 1)
    x, y = sun_place(scene)
    toward = np.array([x - 0.5, y - scene.horizon * 0.7])
    toward /= max(float(np.hypot(*toward)), 1e-6)
    shift = np.array([[1, 0, -toward[0] * width * 0.02], [0, 1, -toward[1] * width * 0.02]])
    facing = np.clip(
        0.5 + 3.2 * (puffs - cv2.warpAffine(puffs, shift, (width, height), borderMode=cv2.BORDER_REPLICATE)), 0, 1
    )
    size = (scene.canvas.width, scene.canvas.height)
    return cv2.resize(alpha, size, interpolation=cv2.INTER_CUBIC).clip(0, 1), cv2.resize(facing, size).clip(0, 1)


def _clouds(scene: Scene) -> None:
    canvas, mood = scene.canvas, scene.mood
    cover = _COVER[scene.subject.weather] * (0.75 + 0.5 * float(scene.rng("cover").random()))
    alpha, facing = cloud_field(scene, min(cover, 1.0))
    bright: Colour = mix(mood.low, mood.key, 0.65) * np.float32(1.0 - 0.72 * mood.night)
    dark: Colour = mix(mood.top, mood.ambient, 0.45) * np.float32(0.9 - 0.25 * mood.night)
    if scene.subject.weather in ("storm", "rain"):
        bright, dark = bright * np.float32(0.8), dark * np.float32(0.55)
    rows = np.linspace(0, scene.tall, canvas.height, dtype=np.float32)
    fade = np.clip((scene.horizon - rows) / (0.3 * scene.horizon), 0, 1) * 0.88
    above = slice(0, int(np.searchsorted(rows, scene.horizon)))
    cloud = (bright - dark) * facing[above, :, None]
    cloud += dark
    cloud -= canvas.light[above]
    cloud *= (alpha[above] * fade[above, None])[:, :, None]
    canvas.light[above] += cloud
    if scene.subject.weather == "storm":
        _lightning(scene)


def _lightning(scene: Scene) -> None:
    rng = scene.rng("lightning")
    x, y = float(rng.uniform(0.2, 0.8)), scene.horizon * 0.12
    points = [(x, y)]
    while points[-1][1] < scene.horizon * 0.97:
        x, y = points[-1]
        points.append((x + float(rng.normal(0, 0.035)), y + scene.horizon * float(rng.uniform(0.04, 0.08))))
    branch = [points[len(points) // 2]]
    for _ in range(5):
        branch.append((branch[-1][0] + float(rng.uniform(0, 0.06)), branch[-1][1] + scene.horizon * 0.05))
    white = rgb("e4ecff")
    scene.canvas.shine_lines([points, branch], 0.03, white, 0.35, soft=0.02)
    scene.canvas.shine_lines([points], 0.006, white, 1.6)
    scene.canvas.shine_lines([branch], 0.003, white, 1.0)
    scene.canvas.glow(points[3][0], points[3][1], 0.7, white, 0.5)
