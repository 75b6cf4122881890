"""Aerial views: a city's blocks, a coast, a winding road or river through woods, dunes or snow."""

import itertools

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.noise import fbm
from engines.providers.local.painter.scene import Scene

_PANE_PIXELS = 6  # wall pixels below which windows would be smaller than a pixel
_CITY = frozenset(
    {
        "street", "village", "market", "skyline", "rooftop", "bridge", "ruins", "club", "stage", "stadium", "room",
        "kitchen",
        "bedroom", "workshop", "school", "hall", "church", "factory", "bar", "tunnel", "subway", "petrol station",
        "motel",
    }
)  # fmt: skip
_COAST = frozenset({"sea", "harbour", "beach", "cliff"})
_LAND: dict[str, tuple[str, str, str]] = {
    # land, its shade, what grows on it
    "desert": ("dcab6c", "b57f4c", "8f8a4a"),
    "snow": ("eef2f8", "b8c8dc", "38524e"),
    "mountains": ("7f8a63", "57614c", "38503a"),
    "sea": ("dcc493", "b89c6c", "4f7a44"),
    "space": ("86818c", "4d4a55", "a49fae"),
    "underwater": ("2f7f88", "1c5568", "4fa08c"),
}


def paint_from_above(scene: Scene) -> None:
    """The subject's place, seen straight down."""
    if scene.subject.place in _CITY:
        _city(scene)
    else:
        _country(scene)


def _city(scene: Scene) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("blocks")
    canvas.tilt(float(rng.uniform(-28, 28)), 1.0)
    asphalt = mood.lit(rgb("4c4a54"), 0.5)
    canvas.light[:] = asphalt
    canvas.depth[:] = 0.7
    canvas.ident[:] = canvas.new_object()
    ruined = scene.subject.place == "ruins"
    xs, ys = _cuts(rng, -0.7, 1.7, 0.26), _cuts(rng, -0.6, scene.tall + 0.6, 0.3)
    gap = 0.045
    middle = (0.5, scene.tall / 2)
    blocks = [
        (a, b, c, d)
        for a, b in itertools.pairwise(xs)
        for c, d in itertools.pairwise(ys)
        if _in_frame(scene, (a + b) / 2, (c + d) / 2)
    ]
    walk = mood.lit(rgb("6f6b72"), 0.6)
    canvas.fill(
        [box(a + gap * 0.72, c + gap * 0.72, b - gap * 0.72, d - gap * 0.72) for a, b, c, d in blocks], walk, depth=0.66
    )
    _traffic(scene, xs, ys)
    # Outer blocks first: from above, roofs lean outwards, so the outer ones hide nothing of the inner ones.
    for a, b, c, d in sorted(
        blocks, key=lambda k: -np.hypot((k[0] + k[1]) / 2 - middle[0], (k[2] + k[3]) / 2 - middle[1])
    ):
        if rng.random() < 0.1:
            canvas.fill(
                [
                    ellipse(
                        float(rng.uniform(a + gap, b - gap)),
                        float(rng.uniform(c + gap, d - gap)),
                        0.025,
                        0.025,
                        count=12,
                    )
                    for _ in range(9)
                ],
                mood.lit(rgb("4f7a45"), 0.6),
                depth=0.6,
            )
            continue
        rows = 1 + int(rng.integers(2))
        for k in range(rows):
            y0, y1 = c + gap + (d - c - 2 * gap) * k / rows, c + gap + (d - c - 2 * gap) * (k + 1) / rows - 0.008
            _tower(
                scene,
                (a + gap, y0, b - gap, y1),
                float(rng.uniform(0.03, 0.42)) ** 1.2 * (0.6 if ruined else 1.0),
                middle,
            )
    if mood.night > 0.4:
        for x in xs:
            for y in ys:
                canvas.glow(float(x), float(y), 0.12, mix(rgb("ffb060"), mood.accent(int(abs(x) * 40)), 0.35), 0.55)


def _in_frame(scene: Scene, x: float, y: float) -> bool:
    """Whether any part of a block around a point is visible."""
    px, py = (scene.canvas.place([(x, y)])[0] / scene.canvas.width).tolist()
    return bool(-0.35 < px < 1.35 and -0.35 < py < scene.tall + 0.35)


def _cuts(rng: np.random.Generator, low: float, high: float, step: float) -> list[float]:
    cuts = [low]
    while cuts[-1] < high:
        cuts.append(cuts[-1] + step * float(rng.uniform(0.7, 1.35)))
    return cuts


def _tower(scene: Scene, plot: tuple[float, float, float, float], height: float, middle: tuple[float, float]) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("tower", *plot)
    base = box(*plot)
    spots = canvas.place(base)
    roof = base + (base - middle) * height * 0.55
    tone = mix(
        rgb(("8a8078", "77727c", "9a8a78", "6a7078")[int(rng.integers(4))]), mood.accent(int(rng.integers(5))), 0.14
    )
    ident = canvas.new_object()
    for i in range(4):
        j = (i + 1) % 4
        wall = [base[i], base[j], roof[j], roof[i]]
        facing = (0.85, 0.3, 0.2, 0.55)[i] if mood.side > 0 else (0.85, 0.55, 0.2, 0.3)[i]
        lit = mood.lit(tone * np.float32(0.75), facing)
        canvas.fill(np.array(wall), lit, depth=0.6 - height * 0.5, ident=ident)
        panes: list[Points] = []
        if height > 0.05 and np.ptp(spots) * height > _PANE_PIXELS:
            for u in np.linspace(0.1, 0.82, 5):
                for v in np.linspace(0.15, 0.8, max(2, round(height * 16))):
                    if rng.random() < 0.55:
                        p, q = base[i] + (base[j] - base[i]) * u, base[i] + (base[j] - base[i]) * (u + 0.09)
                        p2, q2 = roof[i] + (roof[j] - roof[i]) * u, roof[i] + (roof[j] - roof[i]) * (u + 0.09)
                        panes.append(
                            [
                                tuple(p + (p2 - p) * v),
                                tuple(q + (q2 - q) * v),
                                tuple(q + (q2 - q) * (v + 0.09)),
                                tuple(p + (p2 - p) * (v + 0.09)),
                            ]
                        )
        glow = mix(rgb("ffd08a"), mood.accent(i), 0.2) * np.float32(0.4 + 0.9 * mood.night)
        canvas.fill(panes, glow if mood.night > 0.3 else mix(lit, mood.middle, 0.4), alpha=0.85)
    top = mood.lit(tone, 0.9)
    canvas.fill(
        roof, top * np.float32(1.05), top * np.float32(0.85), depth=0.55 - height * 0.5, ident=canvas.new_object()
    )
    inner = roof.mean(0) + (roof - roof.mean(0)) * 0.86
    canvas.stroke([np.vstack([inner, inner[:1]])], 0.004, top * np.float32(0.65), alpha=0.9)
    centre = roof.mean(0) + rng.uniform(-0.02, 0.02, 2)
    canvas.fill(box(centre[0] - 0.018, centre[1] - 0.014, centre[0] + 0.018, centre[1] + 0.014), top * np.float32(0.6))
    if rng.random() < 0.25 * (0.5 + mood.lift) and mood.night > 0.3:
        canvas.shine_lines([np.vstack([roof, roof[:1]])], 0.006, mood.accent(int(rng.integers(9))), 0.9)


def _traffic(scene: Scene, xs: list[float], ys: list[float]) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("traffic")
    night = mood.night > 0.4
    cars: list[list[Points]] = [[], [], []]
    for _ in range(150):
        along = float(rng.uniform(-0.6, 2.4))
        lane = 0.011 if rng.random() < 0.5 else -0.011
        if rng.random() < 0.5:
            x = xs[int(rng.integers(len(xs)))] + lane
            shape = box(x - 0.006, along - 0.013, x + 0.006, along + 0.013)
        else:
            y = ys[int(rng.integers(len(ys)))] + lane
            shape = box(along - 0.013, y - 0.006, along + 0.013, y + 0.006)
        cars[(0 if lane > 0 else 1) if night else int(rng.integers(3))].append(shape)
    lights = (rgb("fff0c8"), rgb("ff3a2a"), rgb("ffffff"))
    for index, shapes in enumerate(cars):
        if night:
            canvas.shine(shapes, lights[index], 1.0, soft=0.003)
            canvas.shine(shapes, lights[index], 0.5, soft=0.012)
        else:
            canvas.fill(shapes, mood.lit(mood.accent(index), 0.85))


def _country(scene: Scene) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("land")
    codes = _LAND.get("sea" if scene.subject.place in _COAST else scene.subject.place, ("8fa457", "5f7740", "3c5a34"))
    land, shade, growth = (rgb(code) for code in codes)
    shape = (max(48, canvas.height // 3), max(27, canvas.width // 3))
    hills = cv2.resize(
        fbm(rng, *shape, cells=3.2, octaves=6), (canvas.width, canvas.height), interpolation=cv2.INTER_CUBIC
    )
    slope = cv2.Sobel(hills, cv2.CV_32F, 1, 0) * np.float32(canvas.width / 26 * -mood.side)
    lit, dark = mood.lit(land, 0.85), mood.lit(shade, 0.3)
    facing = np.clip(0.5 + slope, 0, 1)[:, :, None]
    canvas.light[:] = dark + (lit - dark) * facing
    canvas.depth[:] = 0.65 - 0.25 * hills
    canvas.ident[:] = canvas.new_object()
    if scene.subject.place in (*_COAST, "river", "underwater"):
        _shoreline(scene, hills)
    elif scene.subject.place in ("field", "garden", "farm", "park"):
        _patchwork(scene)
    course = _course(scene)
    if scene.subject.place not in (*_COAST, "space"):
        wet = scene.subject.place in ("forest", "mountains", "river") and rng.random() < 0.6
        if wet:
            canvas.stroke([course], 0.11, mix(mood.lit(rgb("3f6a78"), 0.5), mood.middle, 0.45), depth=0.7)
            canvas.shine_lines([course], 0.03, mood.low, 0.25, soft=0.012)
        else:
            canvas.stroke([course], 0.085, mood.lit(shade * np.float32(0.8), 0.4), depth=0.7)
            canvas.stroke([course], 0.068, mood.lit(rgb("55535c"), 0.55), depth=0.7)
            canvas.stroke([course], 0.004, mood.lit(rgb("f2e2b0"), 0.8), alpha=0.8)
    _growth(scene, growth, course)


def _course(scene: Scene) -> Points:
    rng = scene.rng("course")
    t = np.linspace(-0.05, 1.05, 80)
    phase, swing = rng.uniform(0, 6.28, 2), rng.uniform(0.12, 0.26, 2)
    x = 0.5 + swing[0] * np.sin(t * 5 + phase[0]) + swing[1] * 0.5 * np.sin(t * 11 + phase[1])
    return np.column_stack([x, t * scene.tall])


def _shoreline(scene: Scene, hills: np.ndarray) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("shore")
    x = np.linspace(-0.5, 0.5, canvas.width, dtype=np.float32)[None, :]
    y = np.linspace(-0.5, 0.5, canvas.height, dtype=np.float32)[:, None]
    turn = float(rng.uniform(-0.7, 0.7))
    level = hills * 0.55 + (x * np.cos(turn) + y * np.sin(turn)) * 1.1 - 0.22
    deep, shoal = mood.lit(rgb("14566e"), 0.6), mood.lit(rgb("58c0b8"), 0.85)
    t = np.clip(-level / 0.35, 0, 1)[:, :, None]
    sea = shoal + (deep - shoal) * t
    foam = np.exp(-(((level + 0.015) / 0.012) ** 2)) + 0.5 * np.exp(-(((level + 0.06 + 0.03 * hills) / 0.01) ** 2))
    cover = np.clip(-level / 0.008, 0, 1)[:, :, None]
    canvas.light += (sea - canvas.light) * cover
    canvas.light += np.clip(foam, 0, 1)[:, :, None] * mood.lit(rgb("ffffff"), 0.7) * np.float32(0.8)
    canvas.ident[level < 0] = canvas.new_object()


def _patchwork(scene: Scene) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("patches")
    canvas.tilt(float(rng.uniform(-30, 30)))
    xs, ys = _cuts(rng, -0.7, 1.7, 0.3), _cuts(rng, -0.6, scene.tall + 0.6, 0.25)
    crops = ("8fae4a", "d9bb58", "6f9440", "b98f4c", "a9c46a")
    for a, b in itertools.pairwise(xs):
        for c, d in itertools.pairwise(ys):
            crop = rgb(crops[int(rng.integers(5))])
            if rng.random() < 0.25:
                crop = mix(mood.accent(int(rng.integers(5))), crop, 0.35)
            tone = mood.lit(crop, 0.75)
            canvas.fill(box(a, c, b - 0.008, d - 0.008), tone, tone * np.float32(0.85), depth=0.6)
            rows: list[Points] = [[(a, y), (b - 0.008, y)] for y in np.arange(c + 0.012, d - 0.008, 0.02)]
            canvas.stroke(rows, 0.005, tone * np.float32(0.8), alpha=0.7)
    canvas.level()


def _growth(scene: Scene, growth: Colour, course: Points) -> None:
    """Tree tops with their shadows, away from road and water."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("growth")
    path = np.asarray(course)
    count = {"forest": 620, "mountains": 260, "desert": 50, "snow": 220, "space": 60, "sea": 120}.get(
        scene.subject.place, 130
    )
    spots = np.column_stack([rng.random(count), rng.random(count) * scene.tall])
    away = np.abs(np.interp(spots[:, 1], path[:, 1], path[:, 0]) - spots[:, 0])
    sizes = rng.uniform(0.012, 0.036, count)
    free = away > 0.07
    if scene.subject.place in _COAST:
        rows = np.clip((spots[:, 1] * canvas.width).astype(int), 0, canvas.height - 1)
        free &= canvas.ident[rows, np.clip((spots[:, 0] * canvas.width).astype(int), 0, canvas.width - 1)] == 1
    spots, sizes = spots[free], sizes[free]
    shadow: list[Points] = [
        ellipse(x - mood.side * s * 0.8, y + s * 0.5, s, s * 0.9, count=12)
        for (x, y), s in zip(spots, sizes, strict=True)
    ]
    canvas.fill(shadow, mood.lit(growth * np.float32(0.3), 0.1), alpha=0.6)
    for tone, scale, shift in ((0.7, 1.0, 0.0), (1.05, 0.72, 0.18), (1.4, 0.36, 0.34)):
        crowns: list[Points] = [
            ellipse(x + mood.side * s * shift, y - s * shift, s * scale, s * scale * 0.95, count=12)
            for (x, y), s in zip(spots, sizes, strict=True)
        ]
        canvas.fill(crowns, mood.lit(growth * np.float32(tone), 0.65), depth=0.45 if scale == 1.0 else None)
