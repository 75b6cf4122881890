"""Living things in detail shots: an eye, a flower, birds, butterflies."""

import numpy as np

from engines.providers.local.painter.body import Body
from engines.providers.local.painter.canvas import Points, box, ellipse, limb, smooth
from engines.providers.local.painter.figures import paint_figure
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.props import saturated
from engines.providers.local.painter.reading import Figure
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.traits import traits_for

_DEPTH = 0.15


def eye(scene: Scene, x: float, y: float) -> None:
    """An eye that fills the frame, the scene's light in its iris."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("iris")
    seed = scene.subject.figures[0].seed if scene.subject.figures else int(rng.integers(2**31))
    looks = traits_for(seed)
    skin = mood.lit(looks.skin, 0.65)
    canvas.light[:] = skin
    canvas.depth[:] = 0.25
    canvas.ident[:] = canvas.new_object()
    side = mood.side
    canvas.glow(x + side * 0.5, y - 0.3, 1.2, mood.key * looks.skin, 0.5)
    canvas.fill(
        ellipse(x - side * 0.62, y, 0.42, 1.5), mood.accent(0) * looks.skin * np.float32(0.6), alpha=0.7, soft=0.12
    )
    canvas.fill(
        smooth(
            [
                (x - 0.6, y - 0.05),
                (x - 0.2, y - 0.36),
                (x + 0.3, y - 0.36),
                (x + 0.62, y - 0.1),
                (x + 0.3, y - 0.2),
                (x - 0.2, y - 0.2),
            ]
        ),
        skin * np.float32(0.5),
        alpha=0.75,
        soft=0.03,
    )
    brow = smooth(
        [
            (x - 0.5, y - 0.52),
            (x - 0.1, y - 0.66),
            (x + 0.3, y - 0.62),
            (x + 0.56, y - 0.46),
            (x + 0.3, y - 0.54),
            (x - 0.1, y - 0.57),
        ]
    )
    canvas.fill(brow, mood.lit(looks.hair, 0.5), depth=0.2, soft=0.004)
    hairs: list[Points] = [
        [(x + k, y - 0.55 - 0.05 * np.cos(k * 2.4)), (x + k + 0.05, y - 0.63 - 0.05 * np.cos(k * 2.4))]
        for k in np.linspace(-0.48, 0.5, 60)
    ]
    canvas.stroke(hairs, 0.006, mood.lit(looks.hair * np.float32(0.7), 0.4), alpha=0.8)
    canvas.fill(
        smooth([(x - 0.5, y + 0.12), (x, y + 0.3), (x + 0.5, y + 0.08), (x + 0.1, y + 0.42), (x - 0.3, y + 0.36)]),
        skin * np.float32(0.65),
        alpha=0.5,
        soft=0.04,
    )
    white = smooth(
        [
            (x - 0.46, y + 0.05),
            (x - 0.22, y - 0.17),
            (x + 0.06, y - 0.22),
            (x + 0.3, y - 0.13),
            (x + 0.46, y - 0.02),
            (x + 0.26, y + 0.15),
            (x, y + 0.21),
            (x - 0.26, y + 0.17),
        ]
    )
    canvas.fill(white, mood.lit(rgb("cfc8c4"), 0.5), mood.lit(rgb("f4f0ec"), 0.85), depth=_DEPTH)
    tone = mix(mood.accent(0), mix(rgb("5a3a20"), looks.detail, 0.5), 0.55)
    r = 0.185
    canvas.fill(ellipse(x, y, r, r, count=70), tone * np.float32(0.35))
    fibres: list[Points] = []
    for a in np.linspace(0, 2 * np.pi, 90, endpoint=False) + rng.normal(0, 0.02, 90):
        r0, r1 = r * float(rng.uniform(0.42, 0.55)), r * float(rng.uniform(0.8, 0.97))
        fibres.append(
            [(x + np.cos(a) * r0, y + np.sin(a) * r0), (x + np.cos(a + 0.05) * r1, y + np.sin(a + 0.05) * r1)]
        )
    canvas.stroke(fibres, 0.007, tone * np.float32(1.5), alpha=0.75)
    canvas.glow(x, y + 0.09, 0.13, tone, 0.9)
    canvas.fill(ellipse(x, y, r * 0.45, r * 0.45, count=50), rgb("050507"))
    panes: list[Points] = [
        box(x - 0.1 + dx, y - 0.12 + dy, x - 0.052 + dx, y - 0.062 + dy) for dx in (0, 0.054) for dy in (0, 0.064)
    ]
    canvas.fill(panes, mix(mood.key, rgb("ffffff"), 0.6) * np.float32(1.2), alpha=0.9)
    canvas.glow(x + 0.09, y + 0.07, 0.05, mood.accent(1), 1.2)
    lid = smooth(
        [
            (x - 0.49, y + 0.05),
            (x - 0.24, y - 0.2),
            (x + 0.06, y - 0.255),
            (x + 0.32, y - 0.16),
            (x + 0.5, y - 0.02),
            (x + 0.3, y - 0.115),
            (x + 0.06, y - 0.19),
            (x - 0.22, y - 0.145),
        ]
    )
    canvas.fill(lid, rgb("120c10"), alpha=0.95)
    lashes: list[Points] = []
    for k in np.linspace(-0.42, 0.46, 26):
        base = (x + k, y - 0.21 + 0.75 * (k - 0.04) ** 2 + 0.02)
        lashes.append([base, (base[0] + k * 0.12, base[1] - 0.05), (base[0] + k * 0.32, base[1] - 0.115)])
    canvas.stroke(lashes, 0.008, rgb("120c10"), alpha=0.95)


def flower(scene: Scene, x: float, y: float) -> None:
    """A large bloom on its stem, petals in three rings."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("bloom")
    colour = saturated(mood.accent(int(rng.integers(5))))
    stem = [(x, y), (x + 0.04 * mood.side, y + 0.5), (x - 0.05 * mood.side, scene.tall + 0.1)]
    canvas.stroke([stem], 0.035, mood.lit(rgb("3f6b35"), 0.6), depth=_DEPTH)
    for s in (-1, 1):
        leaf = smooth(
            [(x + 0.02 * s, y + 0.62), (x + 0.22 * s, y + 0.46), (x + 0.42 * s, y + 0.5), (x + 0.24 * s, y + 0.64)]
        )
        canvas.fill(leaf, mood.lit(rgb("5a8f45"), 0.75), mood.lit(rgb("2f5a2c"), 0.4), depth=_DEPTH)
    for ring, (reach, wide, count) in enumerate([(0.4, 0.17, 9), (0.3, 0.14, 8), (0.19, 0.1, 7)]):
        for i in range(count):
            a = 2 * np.pi * (i + ring * 0.5) / count + float(rng.normal(0, 0.06))
            along, across = np.array([np.cos(a), np.sin(a) * 0.86]), np.array([-np.sin(a), np.cos(a) * 0.86])
            points = [
                along * 0.04,
                along * reach * 0.55 + across * wide * 0.62,
                along * reach * 0.95 + across * wide * 0.35,
                along * reach * 1.06,
                along * reach * 0.95 - across * wide * 0.35,
                along * reach * 0.55 - across * wide * 0.62,
            ]
            facing = 0.5 + 0.42 * float(along[0] * mood.side) - 0.25 * float(along[1])
            tone = mood.lit(colour * np.float32(0.75 + 0.2 * ring), np.clip(facing, 0, 1))
            petal = smooth([(x + p[0], y + p[1]) for p in points], 6)
            canvas.fill(petal, tone * np.float32(1.12), tone * np.float32(0.85), depth=_DEPTH)
            vein: Points = [(x + along[0] * reach * k, y + along[1] * reach * k) for k in (0.3, 0.9)]
            canvas.stroke([vein], 0.004, tone * np.float32(0.7), alpha=0.6)
    canvas.fill(ellipse(x, y, 0.085, 0.075), mood.lit(rgb("8a5a20"), 0.6), depth=_DEPTH)
    for _ in range(70):
        a, r = float(rng.uniform(0, 6.28)), 0.08 * float(rng.random()) ** 0.5
        canvas.fill(
            ellipse(x + np.cos(a) * r, y + np.sin(a) * r * 0.85, 0.009, 0.009, count=8), mood.lit(rgb("ffd24a"), 0.9)
        )
    if mood.wet > 0.2 or rng.random() < 0.5:
        for _ in range(16):
            a, r = float(rng.uniform(0, 6.28)), float(rng.uniform(0.12, 0.36))
            px, py, size = x + np.cos(a) * r, y + np.sin(a) * r * 0.85, float(rng.uniform(0.006, 0.014))
            canvas.fill(ellipse(px, py, size, size, count=14), rgb("ffffff"), alpha=0.35)
            canvas.fill(
                ellipse(px - size * 0.3, py - size * 0.35, size * 0.3, size * 0.3, count=8), rgb("ffffff"), alpha=0.95
            )


def wings(scene: Scene, x: float, y: float) -> None:
    """Birds close by, one large and two behind it."""
    rng = scene.rng("wings")
    for size, dx, dy, depth in ((0.26, -0.26, -0.42, 0.4), (0.34, 0.25, 0.38, 0.3), (0.66, 0.0, 0.0, 0.15)):
        figure = Figure("bird", "stand", int(rng.integers(2**31)))
        paint_figure(scene, Body(figure, x + dx, y + dy + size * 0.75, size, scene.mood.side, 0, depth))


def butterflies(scene: Scene, x: float, y: float) -> None:
    """Butterflies, one of them large."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("butterflies")
    for index, (size, dx, dy) in enumerate(
        ((0.1, -0.3, -0.5), (0.14, 0.3, 0.42), (0.08, 0.28, -0.42), (0.36, 0.0, 0.0))
    ):
        cx, cy, turn = x + dx, y + dy, float(rng.uniform(-0.4, 0.4))
        colour = saturated(mood.accent(index))
        across, along = np.array([np.cos(turn), np.sin(turn)]), np.array([-np.sin(turn), np.cos(turn)])
        for side in (-1.0, 1.0):
            for scale, tone in ((1.0, 0.35), (0.84, 1.05)):
                fore = [(0.06, -0.1), (0.55, -0.85), (1.0, -0.8), (0.95, -0.3), (0.5, 0.05)]
                hind = [(0.06, 0.0), (0.55, 0.08), (0.75, 0.45), (0.5, 0.85), (0.2, 0.5)]
                for outline in (fore, hind):
                    middle = np.mean(outline, axis=0)
                    points = [(np.array(p) - middle) * scale + middle for p in outline]
                    spots = [np.array([cx, cy]) + (across * side * p[0] + along * p[1]) * size for p in points]
                    wing = smooth(np.array(spots), 6)
                    lit = mood.lit(colour * np.float32(tone), 0.85)
                    canvas.fill(wing, lit * np.float32(1.1), lit * np.float32(0.75), depth=_DEPTH)
        head, tail = np.array([cx, cy]) - along * size * 0.4, np.array([cx, cy]) + along * size * 0.55
        trunk = limb((head[0], head[1]), (tail[0], tail[1]), size * 0.06, size * 0.025)
        canvas.fill(trunk, rgb("17121a"), depth=_DEPTH)
        tips = [head - along * size * 0.4 + across * size * s for s in (-0.22, 0.22)]
        feelers: list[Points] = [np.array([head, tip]) for tip in tips]
        canvas.stroke(feelers, size * 0.02, rgb("17121a"))
