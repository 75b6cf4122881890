"""Streets, roads, bridges and tunnels seen across: what drives through the picture has its lane from side to side."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from engines.providers.local.painter.canvas import Points, box, ellipse
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground, ridge
from engines.providers.local.painter.props import street_lamp
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import far_towers
from engines.providers.local.painter.water import mirror_ground, water
from engines.providers.local.reading.places import Place

_WALLS = ("8a6a5c", "6b6570", "7a6658", "9a8a78", "585f6e", "a07a64")
_PANES = ("ffd9a0", "ffe8c8", "ffc070", "bcd8ff")
_RAILED = frozenset({"train", "tram"})


@dataclass(frozen=True)
class _Strip:
    """Heights of a road's parts in widths from the top, and an adult's height on its near lane."""

    base: float
    kerb: float
    middle: float
    near: float
    adult: float


def _strip(scene: Scene) -> _Strip:
    h, tall = scene.horizon, scene.tall
    drop = max(scene.lane - h, 0.06 * tall)
    return _Strip(h + 0.2 * drop, h + 0.34 * drop, h + 0.62 * drop, scene.lane, max(drop * 0.95, 0.12 * tall))


def _lanes(scene: Scene, strip: _Strip, tar: str = "4a4850") -> None:
    """Asphalt with a kerb behind, a broken line, and rails for what needs them."""
    canvas, mood = scene.canvas, scene.mood
    dark = mood.lit(rgb(tar), 0.58)
    canvas.fill(box(-0.1, strip.kerb, 1.1, scene.tall + 0.1), mood.far(dark, 0.45), dark * np.float32(0.8), depth=0.3)
    canvas.fill(box(-0.1, strip.kerb - 0.006, 1.1, strip.kerb + 0.006), mood.lit(rgb("a8a4a0"), 0.6), depth=0.34)
    paint = mood.lit(rgb("e9e2c8"), 0.7)
    shift = float(scene.rng("dashes").random()) * 0.3
    thick = 0.006 + 0.01 * (strip.middle - scene.horizon)
    dashes: list[Points] = [
        [
            (x, strip.middle),
            (x + 0.16, strip.middle),
            (x + 0.155, strip.middle + thick),
            (x - 0.005, strip.middle + thick),
        ]
        for x in np.arange(-0.4 + shift, 1.1, 0.3)
    ]
    canvas.fill(dashes, paint, alpha=0.8)
    edge = strip.near + 0.1 * (strip.near - scene.horizon)
    if edge < scene.tall:
        canvas.fill(box(-0.1, edge, 1.1, edge + thick), paint, alpha=0.55)
    if scene.subject.has(*_RAILED) or any(item.glyph in _RAILED for item in scene.subject.words.items):
        steel = mood.lit(rgb("9a9ca4"), 0.7)
        for y in (strip.near - 0.012, strip.near + 0.012):
            canvas.stroke([[(-0.1, y), (1.1, y)]], 0.006, steel, depth=0.28)
        ties: list[Points] = [
            box(x, strip.near - 0.018, x + 0.02, strip.near + 0.022) for x in np.arange(-0.1, 1.1, 0.06)
        ]
        canvas.fill(ties, mood.lit(rgb("4a3a30"), 0.5), alpha=0.6)
    if mood.wet > 0.2:
        mirror_ground(scene, strip.kerb, mood.wet)


def street(scene: Scene) -> None:
    """House fronts behind a pavement, shops at their foot, lamps at the kerb."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("fronts")
    strip = _strip(scene)
    far_towers(scene, strip.base, 0.55, "behind", 0.85)
    storey = 0.58 * strip.adult
    x = float(rng.uniform(-0.25, -0.05))
    while x < 1.05:
        wide = storey * float(rng.uniform(2.0, 3.6))
        _front(scene, x, wide, strip.base, storey)
        x += wide
    walk = mood.lit(rgb("77737a"), 0.55)
    canvas.fill(box(-0.1, strip.base - 0.004, 1.1, strip.kerb), mood.far(walk, 0.4), walk, depth=0.4)
    _lanes(scene, strip)
    start = float(rng.uniform(0.0, 0.3))
    for k, lamp in enumerate(np.arange(start, 1.05, 0.52)):
        street_lamp(scene, (float(lamp), strip.kerb - 0.008), 1.15 * strip.adult, 1 if k % 2 else -1)


def _front(scene: Scene, x: float, wide: float, base: float, storey: float) -> None:
    """A house's front: a shop below, windows above."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("front", round(x, 3))
    levels = int(rng.integers(3, 8))
    top = base - storey * (levels + 0.35)
    wall = mood.far(mood.lit(rgb(_WALLS[int(rng.integers(len(_WALLS)))]), 0.55), 0.3)
    ident = canvas.new_object()
    canvas.fill(box(x, top, x + wide, base), wall * np.float32(1.05), wall * np.float32(0.8), depth=0.55, ident=ident)
    canvas.fill(box(x, top - 0.012, x + wide, top + 0.014), wall * np.float32(1.3), depth=0.54, ident=ident)
    columns = max(2, round(wide / storey / 0.62))
    lit: list[Points] = []
    dark: list[Points] = []
    step = wide / columns
    for level in range(1, levels):
        y = base - storey * (level + 0.82)
        if y > scene.tall or y + storey < 0:
            continue
        for column in range(columns):
            left = x + step * (column + 0.24)
            pane = box(left, y, left + 0.52 * step, y + 0.55 * storey)
            (lit if rng.random() < 0.12 + 0.42 * mood.night else dark).append(pane)
    canvas.fill(dark, mood.far(mix(mood.lit(rgb("2a3140"), 0.5), mood.middle, 0.35), 0.3), alpha=0.92)
    glow = rgb(_PANES[int(rng.integers(len(_PANES)))]) * np.float32(0.55 + 0.7 * mood.night)
    canvas.fill(lit, glow, glow * np.float32(0.8), alpha=0.4 + 0.55 * mood.night)
    accent = mix(mood.accent(int(rng.integers(9))), rgb("fff0d8"), 0.5)
    shop = box(x + 0.08 * wide, base - 0.74 * storey, x + 0.7 * wide, base - 0.12 * storey)
    canvas.fill(shop, accent * np.float32(0.5 + 0.7 * mood.night), accent * np.float32(0.32 + 0.3 * mood.night))
    canvas.fill(
        box(x + 0.77 * wide, base - 0.72 * storey, x + 0.92 * wide, base), mood.lit(rgb("3a2e2a"), 0.5), alpha=0.95
    )
    cloth = mood.lit(mood.accent(int(rng.integers(9))), 0.6)
    canvas.fill(
        [(x + 0.05 * wide, base - 0.9 * storey), (x + 0.73 * wide, base - 0.9 * storey),
         (x + 0.76 * wide, base - 0.72 * storey), (x + 0.02 * wide, base - 0.72 * storey)],
        cloth, cloth * np.float32(0.7), depth=0.52,
    )  # fmt: skip
    if mood.night > 0.3:
        canvas.glow(x + 0.4 * wide, base - 0.4 * storey, 0.7 * storey, accent, 0.5 * mood.night)


def road(scene: Scene) -> None:
    """A country road from side to side: hills, a fence of poles, the verge in front."""
    canvas, mood, h, rng = scene.canvas, scene.mood, scene.horizon, scene.rng("road")
    strip = _strip(scene)
    dry = rng.random() < 0.55
    for i, (depth, tall) in enumerate([(0.9, 0.24), (0.72, 0.13)]):
        tone = mood.far(mood.lit(rgb("7a5a48") if dry else rgb("4d6048"), 0.4), depth)
        line = ridge(scene, ("road", i), h + 0.01, tall * scene.zoom, 2 + i, 0.5)
        canvas.fill(line, tone, mood.far(tone, 0.6), depth=depth)
    soil = rgb("b08a5c") if dry else rgb("64743f")
    ground(scene, soil, soil * np.float32(0.72), h, grain=0.3)
    wood = mood.far(mood.lit(rgb("3a2d26"), 0.35), 0.3)
    high = strip.kerb - 1.5 * strip.adult
    posts = np.arange(float(rng.uniform(-0.1, 0.2)), 1.2, 0.42)
    for x in posts.tolist():
        canvas.stroke(
            [[(x, strip.kerb - 0.02), (x, high)], [(x - 0.05, high + 0.03), (x + 0.05, high + 0.03)]], 0.009, wood,
            depth=0.45,
        )  # fmt: skip
    t = np.linspace(0, 1, 12)
    wires: list[Points] = [
        np.column_stack([a + 0.42 * t, high + 0.03 + 0.12 * t * (1 - t)]) for a in (posts[0] - 0.42, *posts)
    ]
    canvas.stroke(wires, 0.002, mood.lit(rgb("2a2226"), 0.2), alpha=0.7)
    _lanes(scene, strip)
    verge = strip.near + 0.3 * (strip.near - h)
    if verge < scene.tall:
        x = np.linspace(-0.1, 1.1, 40)
        line = np.column_stack([x, verge + 0.008 * np.sin(x * 31) + 0.006 * np.sin(x * 57 + 1)])
        tone = mood.lit(soil * np.float32(0.7), 0.45)
        canvas.fill(
            np.vstack([line, [(1.1, scene.tall + 0.1), (-0.1, scene.tall + 0.1)]]), tone, tone * np.float32(0.6),
            depth=0.2,
        )  # fmt: skip


def bridge(scene: Scene) -> None:
    """A bridge's deck from side to side: its rail and hangers, water and the city behind, the arches below."""
    canvas, mood = scene.canvas, scene.mood
    strip = _strip(scene)
    far_towers(scene, scene.horizon + 0.01, 0.3, "beyond", 0.9)
    water(scene, scene.horizon)
    steel = mood.lit(mix(mood.accent(0), rgb("8a4a3a"), 0.6), 0.6)
    top = strip.kerb - 2.6 * strip.adult
    x = np.linspace(-0.1, 1.1, 40)
    low = strip.kerb - 0.5 * strip.adult
    bow = low - (low - top) * ((x - 0.5) * 1.7) ** 2
    canvas.stroke(
        [[(float(px), float(py)), (float(px), strip.kerb)] for px, py in zip(x, bow, strict=True)], 0.0028,
        steel * np.float32(0.75), alpha=0.8,
    )  # fmt: skip
    canvas.stroke([np.column_stack([x, bow])], 0.014, steel, depth=0.45)
    _lanes(scene, strip, "55535c")
    iron = mood.lit(rgb("40404a"), 0.55)
    rail = 0.34 * strip.adult
    canvas.stroke(
        [[(-0.1, strip.kerb - d), (1.1, strip.kerb - d)] for d in (rail, 0.55 * rail)], 0.006, iron, depth=0.4
    )
    bars: list[Points] = [[(px, strip.kerb), (px, strip.kerb - rail)] for px in np.linspace(-0.05, 1.05, 24)]
    canvas.stroke(bars, 0.004, iron, depth=0.4)
    edge = strip.near + 0.32 * (strip.near - scene.horizon)
    if edge < 0.95 * scene.tall:
        _arches(scene, edge)


def _arches(scene: Scene, edge: float) -> None:
    """The bridge's side below its deck: stone, with arches over the water."""
    canvas, mood = scene.canvas, scene.mood
    stone = mood.lit(rgb("8a8078"), 0.55)
    canvas.fill(box(-0.1, edge, 1.1, scene.tall + 0.1), stone, stone * np.float32(0.7), depth=0.22)
    canvas.fill(box(-0.1, edge - 0.012, 1.1, edge + 0.014), stone * np.float32(1.25), depth=0.21)
    deep = mood.lit(rgb("2a3440"), 0.35)
    holes: list[Points] = [
        ellipse(px, scene.tall + 0.06, 0.19, scene.tall + 0.06 - edge - 0.05) for px in (0.02, 0.5, 0.98)
    ]
    canvas.fill(holes, deep, deep * np.float32(1.4), depth=0.3)


def tunnel(scene: Scene) -> None:
    """A tunnel's wall from side to side: tiles, a band of lamps, the road before it."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("tunnel")
    strip = _strip(scene)
    wall = mood.lit(rgb("565c68"), 0.5)
    canvas.fill(box(-0.1, -0.1, 1.1, strip.base), wall * np.float32(0.45), wall, depth=0.5, ident=canvas.new_object())
    lines: list[Points] = [[(-0.1, float(y)), (1.1, float(y))] for y in np.linspace(0.1, strip.base, 14)]
    lines += [[(float(x), 0.1), (float(x), strip.base)] for x in np.linspace(0, 1, 9)]
    canvas.stroke(lines, 0.0025, wall * np.float32(0.55), alpha=0.7)
    colour = mood.accent(int(rng.integers(5)))
    high = strip.base - 2.0 * strip.adult
    for x in np.arange(float(rng.uniform(-0.1, 0.1)), 1.1, 0.26):
        tube = [(float(x), high), (float(x) + 0.17, high)]
        canvas.shine_lines([tube], 0.016, mix(colour, rgb("ffffff"), 0.45), 0.8 + 0.5 * mood.lift)
        canvas.glow(float(x) + 0.085, high, 0.3, mix(colour, rgb("ffffff"), 0.3), 0.4 + 0.3 * mood.lift)
    canvas.fill(box(-0.1, strip.base - 0.2 * strip.adult, 1.1, strip.base), wall * np.float32(0.6), depth=0.48)
    canvas.fill(box(-0.1, strip.base, 1.1, strip.kerb), mood.lit(rgb("6a666c"), 0.5), depth=0.4)
    _lanes(scene, strip, "3a3d46")
    mirror_ground(scene, strip.kerb, 0.5)


ACROSS: dict[Place, Callable[[Scene], None]] = {"street": street, "road": road, "bridge": bridge, "tunnel": tunnel}
"""Those places of `standing.CORRIDORS`, seen across."""
