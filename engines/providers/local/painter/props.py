"""Props: cars, lamps, trees, palms, boats, lanterns, balloons, birds."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse, limb, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import Rng
from engines.providers.local.painter.scene import Scene


def street_lamp(scene: Scene, foot: tuple[float, float], height: float, toward: int) -> None:
    """A lamp post; `toward` is the side of its arm."""
    canvas, mood = scene.canvas, scene.mood
    x, y = foot
    top = y - height
    thick = max(height * 0.018, 0.0015)
    post = mood.lit(rgb("2b2a32"), 0.3)
    reach = x + toward * height * 0.16
    ident = canvas.new_object()
    canvas.stroke(
        [[(x, y), (x, top + height * 0.06), (x + toward * height * 0.04, top), (reach, top)]],
        thick,
        post,
        depth=0.4,
        ident=ident,
    )
    canvas.fill(
        limb(
            (reach - toward * height * 0.02, top),
            (reach + toward * height * 0.05, top + height * 0.012),
            thick,
            thick * 1.4,
        ),
        post,
        depth=0.4,
        ident=ident,
    )
    if mood.night > 0.25:
        warm = rgb("ffc98a")
        canvas.glow(reach + toward * height * 0.02, top + height * 0.02, height * 0.5, warm, 0.55 * mood.night)
        canvas.glow(reach + toward * height * 0.02, top + height * 0.02, height * 0.09, warm, 1.6 * mood.night)
        canvas.glow(reach, y, height * 0.45, warm, 0.28 * mood.night, flat=0.22)


def car(scene: Scene, foot: tuple[float, float], width: float, colour: Colour, front: bool) -> None:
    """A car seen from the front (headlights) or from behind (tail lights), standing at `foot`."""
    canvas, mood = scene.canvas, scene.mood
    x, y = foot
    w = width / 2

    def at(*points: tuple[float, float]) -> list[tuple[float, float]]:
        return [(x + px * w, y - py * w) for px, py in points]

    body = mood.lit(colour * np.float32(0.8), 0.7)
    ident = canvas.new_object()
    canvas.fill(ellipse(x, y - 0.02 * w, w * 1.08, w * 0.13), rgb("050508"), alpha=0.6, soft=w * 0.05)
    for side in (-1, 1):
        canvas.fill(
            at((side * 0.62, 0.0), (side * 0.9, 0.0), (side * 0.9, 0.4), (side * 0.62, 0.4)),
            rgb("101014"),
            depth=0.3,
            ident=ident,
        )
    canvas.fill(
        smooth(at((-0.58, 1.22), (0.58, 1.22), (0.8, 0.72), (-0.8, 0.72)), 5),
        body * np.float32(0.85),
        depth=0.3,
        ident=ident,
    )
    canvas.fill(
        smooth(at((-0.96, 0.18), (-1.0, 0.6), (-0.82, 0.82), (0.82, 0.82), (1.0, 0.6), (0.96, 0.18)), 5),
        body * np.float32(1.2),
        body * np.float32(0.5),
        depth=0.3,
        ident=ident,
    )
    glass = mix(mood.middle, rgb("0b1018"), 0.55)
    canvas.fill(at((-0.5, 1.14), (0.5, 1.14), (0.68, 0.8), (-0.68, 0.8)), glass * np.float32(1.3), glass, alpha=0.95)
    canvas.fill(at((-0.5, 0.3), (0.5, 0.3), (0.5, 0.46), (-0.5, 0.46)), body * np.float32(0.25))
    lamp = rgb("fff1cf") if front else rgb("ff2a22")
    power = 0.5 + 0.9 * mood.night
    for side in (-1, 1):
        spot = ellipse(x + side * 0.72 * w, y - 0.56 * w, 0.15 * w, 0.1 * w, count=16)
        canvas.fill(spot, lamp * np.float32(0.8 + 0.4 * mood.night))
        canvas.glow(
            x + side * 0.72 * w, y - 0.56 * w, w * (1.6 if front else 1.1), lamp, power * (0.9 if front else 0.6)
        )
        if mood.night > 0.3:
            canvas.glow(x + side * 0.72 * w, y + 0.12 * w, w * 1.1, lamp, 0.35 * power, flat=0.3)


def pine(scene: Scene, foot: tuple[float, float], height: float, colour: Colour, depth: float, rng: Rng) -> None:
    """A conifer: tiers of ragged boughs."""
    x, y = foot
    left, right = [], []
    tiers = 9
    for i in range(tiers):
        t = i / (tiers - 1)
        half = height * (0.03 + 0.19 * t) * float(rng.uniform(0.8, 1.15))
        level = y - height * (1 - 0.94 * t)
        left += [(x - half * 0.45, level), (x - half, level + height * 0.07)]
        right += [(x + half * 0.45, level), (x + half, level + height * 0.07)]
    outline = [(x, y - height * 1.05), *right, *reversed(left)]
    canvas = scene.canvas
    ident = canvas.new_object()
    canvas.fill(
        box(x - height * 0.014, y - height * 0.1, x + height * 0.014, y),
        colour * np.float32(0.5),
        depth=depth,
        ident=ident,
    )
    canvas.fill(outline, colour * np.float32(1.12), colour * np.float32(0.7), depth=depth, ident=ident)


def tree(scene: Scene, foot: tuple[float, float], height: float, leaves: Colour | None, depth: float, rng: Rng) -> None:
    """A broad tree; without leaves it is a dead one."""
    canvas, mood = scene.canvas, scene.mood
    bark = mood.far(mood.lit(rgb("4a382c"), 0.4), depth)
    ident = canvas.new_object()
    limbs, tips = [], []
    todo = [(foot, -np.pi / 2 + float(rng.normal(0, 0.06)), height * 0.34, height * 0.045, 0)]
    while todo:
        (x, y), angle, reach, thick, level = todo.pop()
        end = (x + np.cos(angle) * reach, y + np.sin(angle) * reach)
        limbs.append(limb((x, y), end, thick, thick * 0.62))
        if level >= (4 if leaves is None else 2):
            tips.append(end)
            continue
        for turn in (-0.45, 0.42) if level else (-0.5, 0.05, 0.5):
            todo.append(
                (
                    end,
                    angle + turn + float(rng.normal(0, 0.16)),
                    reach * float(rng.uniform(0.62, 0.82)),
                    thick * 0.6,
                    level + 1,
                )
            )
    canvas.fill(limbs, bark, depth=depth, ident=ident)
    if leaves is None:
        return
    crown = canvas.new_object()
    for part, (dx, dy, tone) in enumerate(
        [(0.0, 0.05, 0.55), (-0.02 * mood.side, 0.0, 0.85), (0.05 * mood.side, -0.06, 1.25)]
    ):
        size = height * (0.16, 0.13, 0.075)[part]
        puffs = [
            ellipse(
                tx + dx * height + float(rng.normal(0, 0.02)) * height,
                ty + dy * height,
                size * float(rng.uniform(0.8, 1.2)),
                size * 0.85,
                count=20,
            )
            for tx, ty in tips
        ]
        canvas.fill(
            puffs, mood.far(mood.lit(leaves * np.float32(tone), 0.7), depth), depth=depth, ident=crown, soft=size * 0.06
        )


def palm(scene: Scene, foot: tuple[float, float], height: float, depth: float, rng: Rng) -> None:
    """A palm: a bent trunk and a crown of fronds."""
    canvas, mood = scene.canvas, scene.mood
    x, y = foot
    bend = float(rng.uniform(-0.14, 0.14)) * height
    t = np.linspace(0, 1, 14)
    spine = np.column_stack([x + bend * t**2, y - height * t])
    dark = mood.far(mood.lit(rgb("4b3a30"), 0.35), depth)
    leaf = mood.far(mood.lit(rgb("3f6b3c"), 0.5), depth)
    ident = canvas.new_object()
    trunk = [
        limb(tuple(a), tuple(b), height * 0.022 * (1.2 - 0.5 * k), height * 0.02 * (1.15 - 0.5 * k))
        for a, b, k in zip(spine[:-1], spine[1:], t, strict=False)
    ]
    canvas.fill(trunk, dark, depth=depth, ident=ident)
    cx, cy = spine[-1]
    fronds: list[Points] = []
    for angle in np.linspace(-0.35, np.pi + 0.35, 11) + rng.normal(0, 0.08, 11):
        reach = height * float(rng.uniform(0.28, 0.4))
        s = np.linspace(0, 1, 9)
        px = cx + np.cos(angle) * reach * s
        py = cy - np.sin(angle) * reach * 0.75 * s + reach * 0.62 * s**2
        half = height * 0.035 * np.sin(np.pi * np.clip(s * 0.92 + 0.06, 0, 1))
        jag = half * np.where(np.arange(9) % 2, 1.25, 0.55)
        fronds.append(np.vstack([np.column_stack([px, py - half * 0.6]), np.column_stack([px, py + jag])[::-1]]))
    canvas.fill(fronds, leaf, leaf * np.float32(0.6), depth=depth, ident=canvas.new_object())


def boat(scene: Scene, x: float, y: float, size: float, colour: Colour) -> None:
    """A sailing boat."""
    canvas, mood = scene.canvas, scene.mood
    hull = [(x - size, y - size * 0.22), (x + size * 1.05, y - size * 0.25), (x + size * 0.7, y), (x - size * 0.75, y)]
    sail = [(x + size * 0.04, y - size * 2.1), (x + size * 0.85, y - size * 0.42), (x + size * 0.04, y - size * 0.38)]
    jib = [(x - size * 0.03, y - size * 1.9), (x - size * 0.8, y - size * 0.4), (x - size * 0.03, y - size * 0.38)]
    canvas.stroke([[(x, y - size * 0.2), (x, y - size * 2.2)]], size * 0.05, mood.lit(rgb("3a2c24"), 0.4))
    canvas.fill(sail, mood.lit(rgb("fff8ea"), 0.85), depth=0.5)
    canvas.fill(jib, mood.lit(rgb("e8dcc8"), 0.6), depth=0.5)
    canvas.fill(hull, mood.lit(colour, 0.7), mood.lit(colour * np.float32(0.5), 0.4), depth=0.5)


def flock(scene: Scene, count: int = 14) -> None:
    """Birds in the sky."""
    rng = scene.rng("flock")
    cx, cy = float(rng.uniform(0.3, 0.7)), scene.horizon * float(rng.uniform(0.3, 0.5))
    wings: list[Points] = []
    for _ in range(count):
        x, y, s = cx + float(rng.normal(0, 0.14)), cy + float(rng.normal(0, 0.09)), float(rng.uniform(0.01, 0.026))
        lift = float(rng.uniform(0.3, 0.9))
        wings.append(
            [
                (x - s, y - s * lift * 0.6),
                (x - s * 0.5, y - s * lift),
                (x, y),
                (x + s * 0.5, y - s * lift),
                (x + s, y - s * lift * 0.6),
            ]
        )
    scene.canvas.stroke(wings, 0.0042, mix(scene.mood.ambient, rgb("000000"), 0.7), alpha=0.85)


def balloons(scene: Scene, count: int = 7) -> None:
    """Balloons that rise."""
    rng, mood, canvas = scene.rng("balloons"), scene.mood, scene.canvas
    for i in range(count):
        x, y = float(rng.uniform(0.08, 0.92)), scene.horizon * float(rng.uniform(0.18, 0.8))
        s = float(rng.uniform(0.02, 0.06))
        colour = mood.lit(saturated(mood.accent(i)), 0.85)
        t = np.linspace(0, 2 * np.pi, 36)
        skin = np.column_stack([x + s * np.sin(t) * (1 - 0.12 * np.cos(t)), y - s * 1.15 * np.cos(t)])
        canvas.stroke([[(x, y + s), (x + s * 0.2, y + s * 2.6)]], 0.002, mood.lit(rgb("dddddd"), 0.5), alpha=0.6)
        canvas.fill(skin, colour * np.float32(1.1), colour * np.float32(0.6), depth=0.5)
        canvas.glow(x - s * 0.35, y - s * 0.45, s * 0.5, rgb("ffffff"), 0.5)


def lanterns(scene: Scene, count: int = 12) -> None:
    """Paper lanterns that float and shine."""
    rng, mood, canvas = scene.rng("lanterns"), scene.mood, scene.canvas
    for _ in range(count):
        x, y = float(rng.uniform(0.02, 0.98)), scene.horizon * float(rng.uniform(0.12, 1.0))
        s = float(rng.uniform(0.012, 0.04))
        warm = mix(rgb("ffb45a"), mood.accent(0), 0.25)
        paper = smooth(
            [
                (x - s * 0.7, y - s),
                (x + s * 0.7, y - s),
                (x + s, y),
                (x + s * 0.65, y + s),
                (x - s * 0.65, y + s),
                (x - s, y),
            ],
            5,
        )
        canvas.fill(paper, warm * np.float32(0.85), warm * np.float32(1.3), depth=0.5)
        canvas.glow(x, y + s * 0.3, s * 5, warm, 0.5)


def saturated(colour: Colour) -> Colour:
    """A colour as strong as a toy's."""
    top, low = float(colour.max()), float(colour.min())
    if top - low < 0.08:
        return colour
    return ((colour - low * 0.7) / (top - low * 0.7)).astype(np.float32)
