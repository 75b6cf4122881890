"""Places without weather or walls: outer space and the deep sea."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import fbm
from engines.providers.local.painter.scene import Scene


def space(scene: Scene) -> None:
    """Stars, nebulae, a ringed planet over a cratered surface."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("space")
    canvas.light[:] = rgb("04050d")
    shape = (max(40, canvas.height // 3), max(24, canvas.width // 3))

    for i in range(3):
        cloud = fbm(scene.rng("nebula", i), *shape, cells=2.2, octaves=6) * fbm(
            scene.rng("veil", i), *shape, cells=1.6, octaves=3
        )
        veil = cv2.resize(
            np.clip((cloud - 0.22) * 2.2, 0, 1), (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC
        )
        canvas.light += np.clip(veil, 0, 1)[:, :, None] * mood.accent(i) * np.float32(0.35 + 0.4 * mood.lift)
    stars: list[Points] = [
        box(x, y, x + s, y + s)
        for x, y, s in zip(
            rng.random(320), rng.random(320) * scene.tall, 0.001 + 0.003 * rng.random(320) ** 4, strict=True
        )
    ]
    canvas.shine(stars, rgb("e8f0ff"), 0.9)
    x, y, size = 0.5 + mood.side * 0.16, scene.horizon * 0.52, 0.26 * scene.zoom
    body = mix(mood.accent(0), rgb("c98a5a"), 0.35)
    canvas.glow(x, y, size * 2.0, mood.accent(0), 0.35)
    planet(scene, x, y, size, body)
    crust = rgb("8c8790")
    for i, t in enumerate((0.0, 0.22, 0.5)):
        base = scene.horizon + (scene.tall - scene.horizon) * t
        line = np.linspace(-0.1, 1.1, 80)
        bumps = (
            base - 0.03 * (1 + i) * np.abs(np.sin(line * (3 + i) + float(rng.uniform(0, 6)))) - 0.012 * rng.random(80)
        )
        tone = mood.lit(crust * np.float32(0.9 - 0.2 * i), 0.5)
        canvas.fill(
            np.vstack([np.column_stack([line, bumps]), [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]),
            tone * np.float32(1.2),
            tone * np.float32(0.45),
            depth=0.6 - 0.22 * i,
        )
    for _ in range(12):
        t = float(rng.random())
        cy, s = scene.horizon + (scene.tall - scene.horizon) * (0.1 + 0.85 * t), 0.02 + 0.07 * t
        cx = float(rng.random())
        canvas.fill(ellipse(cx, cy, s * 1.5, s * 0.42), mood.lit(crust * np.float32(0.42), 0.3), alpha=0.8, soft=0.003)
        canvas.fill(
            ellipse(cx, cy + s * 0.12, s * 1.3, s * 0.3), mood.lit(crust * np.float32(0.75), 0.6), alpha=0.7, soft=0.003
        )


def planet(scene: Scene, x: float, y: float, size: float, colour: Colour) -> None:
    """A banded sphere with a ring, lit from one side."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("planet")
    disc = canvas.stencil([ellipse(x, y, size, size, count=90)])
    if disc is None:
        return
    rows = (np.arange(disc.mask.shape[0]) + disc.y0) / canvas.width
    columns = (np.arange(disc.mask.shape[1]) + disc.x0) / canvas.width
    ny, nx = np.meshgrid((rows - y) / size, (columns - x) / size, indexing="ij")
    nz = np.sqrt(np.clip(1 - nx**2 - ny**2, 0, 1))
    bands = np.sin(ny * 13 + 1.2 * np.sin(nx * 2.3 + float(rng.uniform(0, 6))) + 0.5 * np.sin(ny * 31))
    light = np.clip(-nx * mood.side * 0.75 - ny * 0.45 + nz * 0.45, 0.02, 1)
    skin = (colour * (1 + 0.22 * bands[:, :, None]) * light[:, :, None] * 1.25).astype(np.float32)
    ring_angle = -0.32 * mood.side
    back = [ellipse(x, y, size * k, size * k * 0.2, ring_angle, 120) for k in np.linspace(1.35, 1.95, 9)]
    tone = mix(colour, rgb("ffffff"), 0.45)
    loops: list[Points] = [np.vstack([loop, loop[:1]]) for loop in back]
    canvas.shine_lines(loops, size * 0.03, tone, 0.3)
    canvas.apply(disc, skin, depth=0.95)
    canvas.shine_lines([loop[:60] for loop in back], size * 0.03, tone, 0.42)


def underwater(scene: Scene) -> None:
    """Blue depth: light from the surface, rocks and weed, bubbles, fish."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("deep")
    y = np.linspace(0, 1, canvas.height, dtype=np.float32)[:, None, None]
    surface, deep = mix(rgb("7fe0e8"), mood.low, 0.25), mix(rgb("06263f"), mood.top, 0.25)
    canvas.light[:] = surface * (1 - y) ** 1.7 + deep * (1 - (1 - y) ** 1.7)
    for _ in range(9):
        from_x, lean, wide = float(rng.random()), float(rng.normal(0, 0.16)), float(rng.uniform(0.02, 0.07))
        canvas.shine(
            [
                [
                    (from_x - wide * 0.3, -0.05),
                    (from_x + wide * 0.3, -0.05),
                    (from_x + lean + wide, scene.tall * 0.85),
                    (from_x + lean - wide, scene.tall * 0.85),
                ]
            ],
            surface,
            0.10 + 0.14 * mood.lift,
            soft=0.012,
        )
    for i, depth in enumerate((0.8, 0.5, 0.25)):
        base = scene.horizon + 0.1 + 0.17 * i
        x = np.linspace(-0.1, 1.1, 70)
        rock = base - 0.12 * np.abs(np.sin(x * (4 + i) + float(rng.uniform(0, 6)))) ** 2
        tone = mix(rgb("24505a") * np.float32(1.1 - 0.25 * i), deep, depth)
        canvas.fill(
            np.vstack([np.column_stack([x, rock]), [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]),
            tone,
            tone * np.float32(0.5),
            depth=depth,
        )
        for _ in range(7):
            root = float(rng.random())
            t = np.linspace(0, 1, 12)
            tall = float(rng.uniform(0.15, 0.4)) * (0.6 + 0.3 * i)
            weed = np.column_stack(
                [root + 0.025 * np.sin(t * 6 + root * 9) * t, float(np.interp(root, x, rock)) + 0.02 - tall * t]
            )
            canvas.stroke([weed], 0.008 + 0.006 * i, mix(mood.accent(i) * np.float32(0.6), tone, 0.35), depth=depth)
    for _ in range(12):
        x0, y0, s = float(rng.random()), float(rng.uniform(0.25, 0.75)) * scene.tall, float(rng.uniform(0.015, 0.035))
        f = 1 if rng.random() < 0.5 else -1
        fish = [
            ellipse(x0, y0, s, s * 0.42, count=18),
            np.array([(x0 - f * s * 0.8, y0), (x0 - f * s * 1.5, y0 - s * 0.45), (x0 - f * s * 1.5, y0 + s * 0.45)]),
        ]
        canvas.fill(fish, mix(mood.accent(int(rng.integers(5))), surface, 0.3), depth=0.4)
    for _ in range(30):
        x0, y0, s = float(rng.random()), float(rng.random()) * scene.tall, float(rng.uniform(0.003, 0.012))
        ring = ellipse(x0, y0, s, s, count=16)
        canvas.stroke([np.vstack([ring, ring[:1]])], 0.0022, rgb("dff6ff"), alpha=0.6)
