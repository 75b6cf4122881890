"""Open country: deserts, forests, shores, roads, fields, gardens, snow, rivers."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse, limb
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground, ridge
from engines.providers.local.painter.props import pine, saturated, tree
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sky import sun_place
from engines.providers.local.painter.water import water
from engines.providers.local.reading.things import FLOWERS


def desert(scene: Scene) -> None:
    """Mesas far off, then dunes with a lit and a shadowed flank each."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    rock = rgb("a5603f")
    rng = scene.rng("mesa")
    for _ in range(3):
        x, wide, tall = (
            float(rng.uniform(0, 1)),
            float(rng.uniform(0.12, 0.28)),
            float(rng.uniform(0.06, 0.2)) * scene.zoom,
        )
        mesa = [
            (x - wide, h + 0.03),
            (x - wide * 0.62, h - tall * 0.4),
            (x - wide * 0.5, h - tall),
            (x + wide * 0.45, h - tall * 0.96),
            (x + wide * 0.58, h - tall * 0.4),
            (x + wide, h + 0.03),
        ]
        tone = mood.far(mood.lit(rock, 0.5), 0.75)
        canvas.fill(mesa, tone, mood.far(tone, 0.5), depth=0.85)
    sand = rgb("e0ab6a")
    ground(scene, sand, sand * np.float32(0.8), h, grain=0.12)
    span = scene.tall - h
    for i, t in enumerate((0.02, 0.12, 0.27, 0.48, 0.75)):
        _dune(scene, i, h + span * t, span * (0.12 + 0.3 * t), sand, 0.75 - 0.7 * t)


def _dune(scene: Scene, index: int, base: float, height: float, sand: Colour, depth: float) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("dune", index)
    x = np.linspace(-0.1, 1.1, 90)
    peak, width = float(rng.uniform(0.1, 0.9)), float(rng.uniform(0.22, 0.4))
    rise = (
        np.exp(-(np.abs((x - peak) / width) ** 1.7))
        + 0.35 * np.exp(-(((x - peak - 0.5) / 0.3) ** 2))
        + 0.35 * np.exp(-(((x - peak + 0.55) / 0.3) ** 2))
    )
    crest = base - height * (rise - 0.35)
    outline = np.vstack([np.column_stack([x, crest]), [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]])
    lit = mood.far(mood.lit(sand, 0.95), depth * 0.8)
    ident = canvas.new_object()
    canvas.fill(outline, lit, mood.far(mood.lit(sand * np.float32(0.82), 0.6), depth * 0.5), depth=depth, ident=ident)
    # The flank behind the crest line is in shadow; its lower edge descends from the peak in an S.
    top = int(np.argmin(crest))
    t = np.linspace(0, 1, 30)
    wander = x[top] + mood.side * (0.10 * np.sin(t * 3.0) - 0.05 * t) + 0.02 * np.sin(t * 9)
    spine = np.column_stack([wander, crest[top] + t * (scene.tall - crest[top]) * 0.6])
    away = x[top:] if mood.side < 0 else x[: top + 1][::-1]
    ridge_line = crest[top:] if mood.side < 0 else crest[: top + 1][::-1]
    flank = np.vstack([spine[::-1], np.column_stack([away, ridge_line]), [(away[-1], float(spine[-1, 1]))]])
    shade = mood.far(mood.lit(mix(sand, mood.top, 0.3) * np.float32(0.72), 0.12), depth * 0.7)
    stencil = canvas.stencil([flank])
    if stencil is not None:
        rows = stencil.mask.shape[0]
        stencil.mask = (stencil.mask * np.linspace(1, 0, rows, dtype=np.float32)[:, None] ** 0.7).astype(np.uint8)
        canvas.apply(stencil, shade, alpha=0.9)


def forest(scene: Scene) -> None:
    """Trunks in four rows that fade into light, ferns below, shafts of light between."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    glow_x = sun_place(scene)[0]
    light = mix(mood.low, mood.key, 0.4)
    canvas.light[:] = canvas.light * 0.35 + mix(mood.haze, rgb("7fa070") * light, 0.5) * np.float32(0.6)
    canvas.glow(glow_x, h * 0.55, 0.9, light, 0.55)
    ground(scene, rgb("5d6b3c"), rgb("2e3a22"), h, grain=0.4)
    conifers = scene.rng("kind").random() < 0.45
    for depth, count, thick in ((0.85, 13, 0.016), (0.62, 9, 0.03), (0.38, 6, 0.055), (0.14, 3, 0.1)):
        rng = scene.rng("trunks", depth)
        foot = h + (scene.tall - h) * (1 - depth) ** 1.5 * 0.8 + 0.02
        bark = mood.far(mood.lit(rgb("43352b"), 0.35), depth * 0.95)
        if conifers and depth > 0.3:
            for x in np.sort(rng.random(count)):
                if abs(x - scene.focus[0]) > 0.12 or depth > 0.6:
                    pine(
                        scene,
                        (float(x), foot),
                        (0.55 + 0.9 * (1 - depth)) * scene.zoom,
                        mood.far(mood.lit(rgb("2f4a34"), 0.4), depth * 0.95),
                        depth,
                        rng,
                    )
            continue
        trunks: list[Points] = []
        for x in (np.arange(count) + rng.uniform(0.1, 0.9, count)) / count:
            if abs(x - scene.focus[0]) < (0.26 if depth < 0.2 else 0.12 if depth < 0.5 else 0):
                continue
            lean, w = float(rng.normal(0, 0.025)), thick * float(rng.uniform(0.7, 1.3)) * scene.zoom
            trunks.append(
                [
                    (x + lean - w * 0.35, -0.05),
                    (x + lean + w * 0.35, -0.05),
                    (x + w * 0.45, foot - w),
                    (x + w, foot + w * 0.3),
                    (x - w, foot + w * 0.3),
                    (x - w * 0.45, foot - w),
                ]
            )
            for _ in range(3):
                y, side = float(rng.uniform(0.02, 0.7)) * foot, 1 if rng.random() < 0.5 else -1
                trunks.append(limb((x + lean * (1 - y / foot), y), (x + side * w * 4, y - w * 2.6), w * 0.22, w * 0.06))
        canvas.fill(trunks, bark * np.float32(1.1), bark * np.float32(0.75), depth=depth)
        leaves = mood.far(mood.lit(rgb("4d7034") * np.float32(0.6 + 0.6 * depth), 0.5), depth * 0.9)
        clumps = [
            ellipse(
                float(rng.uniform(-0.05, 1.05)),
                float(rng.uniform(-0.05, 0.16 + 0.22 * depth)) * h,
                thick * 3.4 * float(rng.uniform(0.6, 1.3)),
                thick * 2,
                count=14,
            )
            for _ in range(count * 3)
        ]
        canvas.fill(clumps, leaves, leaves * np.float32(0.7), depth=depth, alpha=0.9, soft=0.002)
    grass(scene, h + 0.08, rgb("4f7038"), 240)


def grass(scene: Scene, top: float, colour: Colour, count: int, height: float = 0.1) -> None:
    """Blades and ferns that grow towards the viewer."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("grass")
    span = scene.tall - top
    for band, (low, high) in enumerate([(0.1, 0.45), (0.45, 0.8), (0.8, 1.08)]):
        blades: list[Points] = []
        for _ in range(count // 3):
            t = float(rng.uniform(low, high))
            x, y = float(rng.uniform(-0.05, 1.05)), top + span * t
            tall, lean = height * (0.25 + t) * float(rng.uniform(0.6, 1.3)), float(rng.normal(0, 0.03)) * (0.4 + t)
            w = tall * 0.055
            blades.append(
                [
                    (x - w, y),
                    (x + lean * 0.4 - w * 0.7, y - tall * 0.6),
                    (x + lean, y - tall),
                    (x + lean * 0.4 + w * 0.7, y - tall * 0.6),
                    (x + w, y),
                ]
            )
        tone = mood.lit(colour * np.float32(1.1 - 0.28 * band), 0.6)
        # Blades are not objects of their own: outlined or modelled one by one they would drown the picture.
        canvas.fill(blades, tone * np.float32(1.25), tone * np.float32(0.6), alpha=0.95)


def river(scene: Scene) -> None:
    """A lake between wooded hills."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    for i, (depth, tall) in enumerate([(0.85, 0.42), (0.62, 0.26)]):
        line = ridge(scene, ("hill", i), h + 0.02, tall * scene.zoom, 2.5 + i, 0.4)
        tone = mood.far(mood.lit(rgb("46603f"), 0.4), depth)
        canvas.fill(line, tone, mood.far(tone, 0.6), depth=depth)
    rng = scene.rng("bank")
    for x in np.sort(rng.uniform(-0.05, 1.05, 26)):
        pine(
            scene,
            (float(x), h + 0.02),
            float(rng.uniform(0.08, 0.2)) * scene.zoom,
            mood.far(mood.lit(rgb("2f4a38"), 0.35), 0.4),
            0.5,
            rng,
        )
    water(scene, h + 0.012, rough=0.5)
    scene.water = (h + 0.012, scene.tall * 0.84)
    scene.shore = scene.tall * 0.88
    canvas.fill(
        [
            (-0.1, scene.tall * 0.86),
            (0.3, scene.tall * 0.83),
            (0.75, scene.tall * 0.88),
            (1.1, scene.tall * 0.84),
            (1.1, scene.tall + 0.1),
            (-0.1, scene.tall + 0.1),
        ],
        mood.lit(rgb("5b6440"), 0.5),
        mood.lit(rgb("353b26"), 0.4),
        depth=0.2,
    )
    grass(scene, scene.tall * 0.82, rgb("66783f"), 160, 0.09)


def road(scene: Scene) -> None:
    """A road to the horizon, with poles and hills."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("road")
    dry = rng.random() < 0.55
    for i, (depth, tall) in enumerate([(0.9, 0.24), (0.72, 0.13)]):
        tone = mood.far(mood.lit(rgb("7a5a48") if dry else rgb("4d6048"), 0.4), depth)
        canvas.fill(
            ridge(scene, ("road", i), h + 0.01, tall * scene.zoom, 2 + i, 0.5), tone, mood.far(tone, 0.6), depth=depth
        )
    soil = rgb("b08a5c") if dry else rgb("64743f")
    ground(scene, soil, soil * np.float32(0.72), h, grain=0.3)
    vanish = 0.5 + float(rng.uniform(-0.12, 0.12))
    t = np.linspace(0, 1, 40) ** 2
    bend = float(rng.uniform(-0.22, 0.22)) * (1 - t) ** 2 * np.sqrt(t) * 2
    y = h + 0.004 + (scene.tall - h + 0.05) * t
    middle = vanish + (0.5 - vanish) * t + bend

    def strip(offset: float, half: float) -> Points:
        left, right = middle + (offset - half) * t, middle + (offset + half) * t
        return np.vstack([np.column_stack([left, y]), np.column_stack([right, y])[::-1]])

    tar = mood.lit(rgb("4a4850"), 0.6)
    canvas.fill(strip(0, 0.56), mood.lit(soil * np.float32(0.8), 0.4), depth=0.3)
    canvas.fill(strip(0, 0.5), mood.far(tar, 0.6), tar * np.float32(0.8), depth=0.3)
    paint = mood.lit(rgb("f2e6c0"), 0.75)
    canvas.fill([strip(-0.45, 0.012), strip(0.45, 0.012)], paint, alpha=0.8)
    for a, b in zip(np.linspace(0.08, 1, 9)[:-1], np.linspace(0.08, 1, 9)[1:], strict=True):
        use = (t >= a**2) & (t <= (a + (b - a) * 0.55) ** 2)
        if use.sum() > 1:
            canvas.fill(
                np.vstack(
                    [np.column_stack([middle - 0.014 * t, y])[use], np.column_stack([middle + 0.014 * t, y])[use][::-1]]
                ),
                mood.lit(rgb("f2c14e"), 0.8),
            )
    side = -mood.side
    wires: list[tuple[float, float]] = []
    for k in np.linspace(0.12, 1.1, 8) ** 2:
        x = float(np.interp(k, t, middle) + side * 0.72 * k)
        foot = h + (scene.tall - h) * float(k)
        up = foot - 0.95 * float(k) * (0.6 + 0.4 * scene.zoom)
        wood = mood.far(mood.lit(rgb("3a2d26"), 0.35), 0.6 - 0.5 * float(k))
        canvas.stroke(
            [[(x, foot), (x, up)], [(x - 0.1 * k, up + 0.05 * k), (x + 0.1 * k, up + 0.05 * k)]],
            0.02 * float(k) + 0.001,
            wood,
            depth=0.5,
        )
        wires.append((x, up + 0.05 * float(k)))
    canvas.stroke([wires], 0.002, mood.lit(rgb("2a2226"), 0.2), alpha=0.7)


def field(scene: Scene) -> None:
    """Rolling hills, a lone tree, grass and flowers."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("field")
    hue = rgb("8fae4a") if rng.random() < 0.6 else rgb("d3b355")
    span = scene.tall - h
    for i, t in enumerate((0.0, 0.06, 0.16, 0.34)):
        depth = 0.8 - t * 1.6
        x = np.linspace(-0.1, 1.1, 60)
        wave = 0.05 * np.sin(x * (3 + i) + float(rng.uniform(0, 6))) + 0.02 * np.sin(x * 7 + float(rng.uniform(0, 6)))
        tone = mood.far(mood.lit(hue * np.float32(1.05 - 0.1 * i), 0.75), depth)
        hill = np.vstack(
            [
                np.column_stack([x, h + span * t - wave * scene.zoom]),
                [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)],
            ]
        )
        canvas.fill(hill, tone * np.float32(1.12), tone * np.float32(0.72), depth=depth)
        for k in rng.random(5 if i < 3 else 0):
            size = float(rng.uniform(0.05, 0.1)) * (0.7 + i * 0.5)
            foot = h + span * t - float(np.interp(k, x, wave)) * scene.zoom + 0.015
            canvas.fill(
                [
                    ellipse(float(k) + d * size * 0.5, foot - size * 0.45, size * 0.42, size * 0.5, count=18)
                    for d in (-0.8, 0, 0.8)
                ],
                mood.far(mood.lit(rgb("3f6534"), 0.5), depth),
                depth=depth,
            )
    if not scene.subject.has("tree") and rng.random() < 0.4:
        beside = 0.5 - mood.side * float(rng.uniform(0.24, 0.34))
        tree(scene, (beside, h + span * 0.3), 0.62 * scene.zoom, rgb("5d8a3c"), 0.3, rng)
    grass(scene, h + span * 0.3, hue * np.float32(0.85), 300, 0.11)
    if scene.subject.has(*FLOWERS):
        blooms(scene, h + span * 0.25, 120)


def garden(scene: Scene) -> None:
    """Flower beds between hedges, blossoming trees, a path."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("garden")
    for depth in (0.8, 0.6):
        hedge = [ellipse(x, h, 0.09, 0.1 + 0.05 * float(rng.random()), count=20) for x in np.linspace(-0.05, 1.05, 14)]
        tone = mood.far(mood.lit(rgb("436b3a"), 0.45), depth)
        canvas.fill(hedge, tone, tone * np.float32(0.6), depth=depth)
    ground(scene, rgb("7a9a4e"), rgb("4f7038"), h + 0.02, grain=0.3)
    path = [(0.47, h + 0.03), (0.53, h + 0.03), (0.8, scene.tall + 0.1), (0.2, scene.tall + 0.1)]
    canvas.fill(path, mood.lit(rgb("c9b79a"), 0.7), mood.lit(rgb("a8937a"), 0.6), depth=0.3)
    petals = mix(saturated(mood.accent(1)), rgb("ffd6e4"), 0.35)
    for side, size in ((-1, 0.85), (1, 0.7)):
        tree(scene, (0.5 + side * 0.38, h + 0.22), size * scene.zoom, petals, 0.35, rng)
    blooms(scene, h + 0.08, 330, clear=0.2)


def blooms(scene: Scene, top: float, count: int, clear: float = 0.0) -> None:
    """Flowers in drifts of one colour; `clear` leaves a path in the middle."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("blooms")
    span = scene.tall - top
    for index in range(4):
        colour = mood.lit(saturated(mood.accent(index)), 0.9)
        heads: list[Points] = []
        hearts: list[Points] = []
        for _ in range(count // 4):
            t = float(rng.uniform(0.02, 1)) ** 0.8
            x, y = float((rng.normal(index / 4 + 0.1, 0.2)) % 1.1), top + span * t
            if abs(x - 0.5) < clear * (0.25 + t):
                continue
            size = 0.004 + 0.022 * t**1.6
            heads += [
                ellipse(x + np.cos(a) * size * 0.6, y + np.sin(a) * size * 0.45, size * 0.55, size * 0.42, count=8)
                for a in np.arange(5) * 1.257
            ]
            hearts.append(ellipse(x, y, size * 0.32, size * 0.26, count=8))
        canvas.fill(heads, colour * np.float32(1.15), colour * np.float32(0.9), depth=0.3)
        canvas.fill(hearts, mood.lit(rgb("ffe28a"), 0.9))


def snow(scene: Scene) -> None:
    """Snowfields, pines, a far range."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("snow")
    white = rgb("eef3fa")
    canvas.fill(
        ridge(scene, "snow far", h + 0.02, 0.3 * scene.zoom, 3, 0.5),
        mood.far(mood.lit(mix(white, rgb("8fa0b8"), 0.5), 0.5), 0.8),
        mood.haze,
        depth=0.9,
    )
    for i, t in enumerate((0.0, 0.1, 0.3, 0.6)):
        base, depth = h + (scene.tall - h) * t, 0.75 - t
        for x in np.sort(rng.uniform(-0.05, 1.05, 9 - 2 * i)):
            if abs(x - scene.focus[0]) > 0.1 + 0.14 * i:
                pine(
                    scene,
                    (float(x), base + 0.03),
                    (0.16 + 0.28 * i) * float(rng.uniform(0.7, 1.1)) * scene.zoom,
                    mood.far(mood.lit(rgb("3b5258"), 0.4), depth),
                    depth,
                    rng,
                )
        x = np.linspace(-0.1, 1.1, 50)
        drift = np.column_stack([x, base + 0.025 * np.sin(x * (4 + i) + float(rng.uniform(0, 6)))])
        tone = mood.lit(white, 0.8 - 0.12 * i)
        canvas.fill(
            np.vstack([drift, [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]),
            mood.far(tone, depth),
            mood.lit(mix(white, mood.top, 0.3), 0.4),
            depth=depth,
        )


def promenade(scene: Scene) -> None:
    """A stone promenade at the water's edge, with a rail."""
    canvas, mood = scene.canvas, scene.mood
    top = scene.tall * 0.8
    stone = mood.lit(rgb("6f6a70"), 0.55)
    canvas.fill(box(-0.1, top, 1.1, scene.tall + 0.1), stone, stone * np.float32(0.55), depth=0.22)
    canvas.fill(box(-0.1, top - 0.012, 1.1, top + 0.012), stone * np.float32(1.3), depth=0.22)
    iron = mood.lit(rgb("26262e"), 0.35)
    posts: list[Points] = [[(x, top), (x, top - 0.15)] for x in np.linspace(-0.02, 1.02, 12)]
    rails: list[Points] = [[(-0.1, top - d), (1.1, top - d)] for d in (0.15, 0.09)]
    canvas.stroke(posts + rails, 0.007, iron, depth=0.25)
