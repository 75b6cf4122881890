"""Weather between lens and scene: rain, snow, dust, petals, sparks, and shafts of light."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import fbm
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sky import sun_place


def paint_weather(scene: Scene) -> None:
    """Everything in the air."""
    scene.canvas.level()
    kind = scene.subject.weather
    if kind in ("fog", "dust"):
        _drift(scene, 0.62 if kind == "fog" else 0.4)
    if kind == "fog":
        _banks(scene)
    if scene.outdoors:
        if kind in ("rain", "storm"):
            _rain(scene)
        elif kind == "snow":
            _snow(scene)
    if scene.subject.has("fireworks"):
        _fireworks(scene)
    _sparks(scene)


def _drift(scene: Scene, amount: float) -> None:
    canvas = scene.canvas
    fog = cv2.resize(fbm(scene.rng("drift"), 64, 36, cells=2, octaves=4, stretch=3), (canvas.width, canvas.height))
    rows = np.linspace(0, scene.tall, canvas.height, dtype=np.float32)[:, None]
    band = np.exp(-(((rows - scene.horizon) / 0.5) ** 2))
    cover = np.clip(fog * (0.3 + 0.9 * band) * np.clip(canvas.depth * 1.4 + 0.1, 0, 1) * amount * 1.5, 0, 0.9)
    canvas.light += (scene.mood.haze - canvas.light) * cover[:, :, None]


def _banks(scene: Scene) -> None:
    """Banks of fog over the ground, thicker farther away, thin before people and things."""
    canvas = scene.canvas
    size = (canvas.width, canvas.height)
    puffs = cv2.resize(fbm(scene.rng("banks"), 96, 54, cells=2.4, octaves=5, stretch=3.5), size)
    rows = np.linspace(0, scene.tall, canvas.height, dtype=np.float32)[:, None]
    middle = scene.horizon + 0.3 * (scene.tall - scene.horizon)
    band = np.exp(-(((rows - middle) / (0.16 * scene.tall)) ** 2))
    cover = np.clip((puffs - 0.34) * 2.6, 0, 1) * band * np.clip(canvas.depth * 2.2 - 0.1, 0.14, 1) * 0.78
    pale = mix(scene.mood.haze, scene.mood.low, 0.5) * np.float32(1.12)
    change = pale - canvas.light
    change *= cover[:, :, None].astype(np.float32)
    canvas.light += change


def _rain(scene: Scene) -> None:
    rng, mood = scene.rng("rain"), scene.mood
    slant = 0.10 * mood.side * (1.8 if scene.subject.weather == "storm" else 1.0)
    colour = mix(mood.low, rgb("dfe8ff"), 0.6)
    for count, reach, thick, power in ((190, 0.06, 0.0011, 0.3), (80, 0.13, 0.0018, 0.3), (16, 0.28, 0.0032, 0.2)):
        drops: list[Points] = []
        for x, y in zip(rng.uniform(-0.1, 1.1, count), rng.uniform(-0.1, scene.tall, count), strict=True):
            drops.append([(x, y), (x + slant * reach, y + reach)])
        scene.canvas.shine_lines(drops, thick, colour, power)
    splashes: list[Points] = []
    for _ in range(40):
        x, y = float(rng.random()), float(rng.uniform(min(scene.horizon + 0.15, scene.tall), scene.tall))
        if _on_figure(scene, x, y):
            continue
        s = 0.006 + 0.012 * (y - scene.horizon) / scene.tall
        splashes.append([(x - s, y - s * 0.8), (x, y), (x + s, y - s * 0.8)])
    scene.canvas.shine_lines(splashes, 0.0018, colour, 0.35)


def _on_figure(scene: Scene, x: float, y: float) -> bool:
    """Whether a near thing covers a spot, so that no drop splashes there."""
    canvas = scene.canvas
    row, column = int(min(y * canvas.width, canvas.height - 1)), int(min(x * canvas.width, canvas.width - 1))
    return bool(canvas.depth[row, column] < 0.22)


def _snow(scene: Scene) -> None:
    rng, canvas = scene.rng("flakes"), scene.canvas
    for count, size, power in ((170, 0.0035, 0.7), (70, 0.007, 0.6), (16, 0.02, 0.35)):
        for x, y, s in zip(
            rng.random(count), rng.random(count) * scene.tall, rng.uniform(0.6, 1.4, count), strict=True
        ):
            canvas.glow(float(x), float(y), size * float(s) * 1.7, rgb("ffffff"), power * 1.5)


def _sparks(scene: Scene) -> None:
    """In loud music the air sparkles: embers, dust in the light, confetti on a stage."""
    mood, rng, canvas = scene.mood, scene.rng("sparks"), scene.canvas
    count = round(max(0.0, mood.lift - 0.45) * 120)
    for _ in range(count):
        x, y = float(rng.random()), float(rng.random()) ** 0.8 * scene.tall
        colour = mix(mood.accent(int(rng.integers(5))), mood.key, 0.35)
        s = float(rng.uniform(0.003, 0.012)) * (2.2 if rng.random() < 0.12 else 1.0)
        canvas.glow(x, y, s * 2.2, colour, float(rng.uniform(0.5, 1.4)))


def _fireworks(scene: Scene) -> None:
    rng, canvas, mood = scene.rng("fireworks"), scene.canvas, scene.mood
    for i in range(3):
        x, y, reach = (
            float(rng.uniform(0.15, 0.85)),
            scene.horizon * float(rng.uniform(0.15, 0.55)),
            float(rng.uniform(0.14, 0.26)),
        )
        colour = mood.accent(i)
        rays: list[Points] = []
        for a in np.linspace(0, 2 * np.pi, 36, endpoint=False):
            t = np.linspace(0.25, 1, 8)
            r = reach * float(rng.uniform(0.7, 1.0))
            rays.append(np.column_stack([x + np.cos(a) * r * t, y + np.sin(a) * r * t + 0.06 * t**2]))
        canvas.shine_lines(rays, 0.0035, mix(colour, rgb("ffffff"), 0.35), 1.1)
        canvas.glow(x, y, reach * 2.2, colour, 0.5)


def light_shafts(scene: Scene) -> None:
    """Beams that fan out from the sun or from behind the focus; the louder the music, the more of them."""
    mood, rng, canvas = scene.mood, scene.rng("shafts"), scene.canvas
    if mood.lift < 0.5:
        return
    by_sun = scene.outdoors and scene.subject.time in ("golden", "dawn", "dusk", "day")
    x, y = sun_place(scene) if by_sun else (scene.focus[0], scene.focus[1] - 0.1)
    colour = mood.key if by_sun else mood.accent(0)
    count = round(5 + 9 * mood.lift)
    layer = np.zeros((max(30, canvas.height // 3), max(18, canvas.width // 3)), np.uint8)
    scale = layer.shape[1]
    for a in np.linspace(0, 2 * np.pi, count, endpoint=False) + rng.normal(0, 0.12, count):
        half = float(rng.uniform(0.03, 0.11))
        fan = np.array(
            [
                (x, y),
                (x + np.cos(a - half) * 2.4, y + np.sin(a - half) * 2.4),
                (x + np.cos(a + half) * 2.4, y + np.sin(a + half) * 2.4),
            ]
        )
        cv2.fillPoly(layer, [np.round(fan * scale * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    soft = cv2.GaussianBlur(layer, (0, 0), max(0.8, scale * 0.012)).astype(np.float32) / 255
    beams = cv2.resize(soft, (canvas.width, canvas.height))
    rows = np.linspace(0, scene.tall, canvas.height, dtype=np.float32)[:, None] - y
    columns = np.linspace(0, 1, canvas.width, dtype=np.float32)[None, :] - x
    fade = np.clip(1.25 - np.hypot(rows, columns), 0, 1) ** 1.5
    strength = (mood.lift - 0.35) * (0.45 if by_sun else 0.6)
    canvas.light += (beams * fade)[:, :, None] * colour * np.float32(strength)
