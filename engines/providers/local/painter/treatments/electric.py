"""Looks of neon and screens."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Points, box
from engines.providers.local.painter.mood import rgb, saturate
from engines.providers.local.painter.noise import Floats, fbm
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.treatments import effects as fx


def cyberpunk(scene: Scene) -> Floats:
    """Magenta and cyan through wet air: holograms, hard bloom, colours drawn apart."""
    canvas, rng, width = scene.canvas, scene.rng("holo"), scene.canvas.width
    canvas.level()
    for i in range(1 + round(2 * scene.mood.lift)):
        _hologram(
            scene,
            0.5 + (0.34 if (i % 2) == (scene.mood.side > 0) else -0.34) + float(rng.normal(0, 0.04)),
            scene.horizon * float(rng.uniform(0.35, 0.75)),
            float(rng.uniform(0.1, 0.16)),
            ("ff2bd6", "19e3ff")[i % 2],
        )
    air = np.clip(canvas.depth, 0, 1)[:, :, None]
    y = np.linspace(0, 1, canvas.height, dtype=np.float32)[:, None, None]
    smog = cv2.resize(fbm(rng, 60, 34, cells=2, octaves=4, stretch=2), (width, canvas.height))[:, :, None]
    glow = rgb("d81f9c") * (1 - y) + rgb("0f9fd8") * y
    light = canvas.light * 1.12 + glow * air**1.4 * (0.16 + 0.3 * smog) * np.float32(0.7 + 0.6 * scene.mood.lift)
    picture = fx.expose(fx.bloom(light, 1.15, 0.6, 0.018), 1.0)
    toned = fx.ramp(picture, ("05030f", "2a0f5c", "8a1fae", "ff3fb4", "8af2ff", "ffffff"), 0.42)
    picture = fx.split_tone(saturate(toned, 1.25), "1a1a8a", "58c8e8", 0.22)
    picture = fx.aberration(fx.contrast(picture, 1.16, 0.38), 0.005)
    return fx.grain(fx.vignette(np.clip(picture, 0, 1), 0.45), rng, 0.014)


def _hologram(scene: Scene, x: float, y: float, size: float, code: str) -> None:
    canvas, colour = scene.canvas, rgb(code)
    turn = np.linspace(0, 2 * np.pi, 40)
    rings: list[Points] = [
        np.column_stack([x + np.cos(turn) * size * r, y + np.sin(turn) * size * r * 0.32 + k])
        for r, k in ((1.0, size * 0.9), (0.75, size * 1.0), (0.5, size * 1.1))
    ]
    face: list[Points] = [
        np.column_stack([x + np.cos(turn) * size * 0.5 * np.abs(np.cos(a)), y + np.sin(turn) * size * 0.7])
        for a in np.linspace(0.15, 1.45, 5)
    ]
    face += [
        np.column_stack([x + np.cos(turn) * size * 0.5 * np.sqrt(1 - k * k), y + size * 0.7 * k + np.zeros_like(turn)])
        for k in (-0.75, -0.4, 0.0, 0.4, 0.75)
    ]
    canvas.shine_lines(rings + face, 0.0028, colour, 0.8)
    scan: list[Points] = [
        box(x - size * 0.7, y - size + k, x + size * 0.7, y - size + k + size * 0.03)
        for k in np.arange(0, size * 1.8, size * 0.09)
    ]
    canvas.shine(scan, colour, 0.12)
    canvas.shine(
        [
            [
                (x - size * 0.9, y + size * 0.9),
                (x + size * 0.9, y + size * 0.9),
                (x + size * 0.16, y + size * 2),
                (x - size * 0.16, y + size * 2),
            ]
        ],
        colour,
        0.14,
        soft=0.006,
    )
    canvas.glow(x, y, size * 2.2, colour, 0.35)


def vaporwave(scene: Scene) -> Floats:
    """Pink air, turquoise shadows, a soft screen with its lines and its bleeding colours."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    picture = fx.expose(fx.bloom(canvas.light, 0.75, 0.6, 0.022), 1.12)
    picture = fx.ramp(picture, ("1d0b4f", "5a1fa0", "c04fd8", "ff7fd0", "ffc0e0", "c8fff4"), 0.55)
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    picture = picture * (1 - 0.18 * y) + rgb("20d8e0") * 0.18 * y * picture.mean(2, keepdims=True) * 1.6
    bled = cv2.blur(picture, (max(1, width // 60), 1))
    grey = picture.mean(2, keepdims=True)
    picture = grey + (bled - bled.mean(2, keepdims=True)) * 1.2
    pitch = max(2.0, height / 240)
    lines = 0.5 + 0.5 * np.cos(np.arange(height, dtype=np.float32) / pitch * 2 * np.pi)
    picture = picture * (1 - 0.13 * lines)[:, None, None]
    return fx.aberration(np.clip(picture * 1.06 + 0.03, 0, 1).astype(np.float32), 0.003)
