"""Cities: street canyons in one-point perspective, skylines, rooftops, bridges, ruins."""

import itertools
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse
from engines.providers.local.painter.landscapes import promenade
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.noise import Rng
from engines.providers.local.painter.props import car, street_lamp
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.water import mirror_ground, water

_COARSE_WIDTH = 200  # pixels: below it every second window is enough, the others would not be seen
_WALLS = ("6b6570", "7a6658", "585f6e", "83776a", "4f4a58", "8a5a4a")
_WINDOW_LIGHT = ("ffd9a0", "ffe8c8", "ffc070", "bcd8ff")


_LEVEL_DROP = 0.9
"""The lens above the lower edge, in widths, up to which a lane is as wide as it was drawn for."""


@dataclass(frozen=True)
class Lane:
    """One-point perspective: maps a point X to the side, Y up from the ground, Z away into the picture."""

    x: float
    horizon: float
    drop: float

    def at(self, side: float, up: float, away: float) -> tuple[float, float]:
        """World to picture; at Z = 1 the ground meets the lower edge."""
        # A camera that looks down comes nearer: what is beside the lane moves apart as it grows.
        return self.x + side * max(1.0, self.drop / _LEVEL_DROP) / away, self.horizon + self.drop * (1 - up) / away

    def quad(self, side0: float, side1: float, up0: float, up1: float, z0: float, z1: float) -> NDArray[np.float64]:
        """A wall along the view (side0 = side1), a floor (up0 = up1) or a face towards the viewer (z0 = z1)."""
        if z0 == z1:
            corners = [(side0, up0, z0), (side1, up0, z0), (side1, up1, z0), (side0, up1, z0)]
        elif up0 == up1:
            corners = [(side0, up0, z0), (side1, up0, z0), (side1, up0, z1), (side0, up0, z1)]
        else:
            corners = [(side0, up0, z0), (side0, up1, z0), (side1, up1, z1), (side1, up0, z1)]
        return np.array([self.at(*corner) for corner in corners])


def lane_for(scene: Scene) -> Lane:
    """The street's perspective; the vanishing point stands off the middle."""
    x = 0.5 + float(scene.rng("lane").uniform(-0.14, 0.14))
    return Lane(x, scene.horizon, scene.tall - scene.horizon)


def street(scene: Scene) -> None:
    """A street canyon with lit windows, signs, lamps and cars."""
    canvas, mood, lane, rng = scene.canvas, scene.mood, lane_for(scene), scene.rng("street")
    scene.aisle = (lane.x, lane.at(0.55, 0, 1)[0] - lane.x)
    far_towers(scene, scene.horizon + 0.01, 0.5, "end", 0.85)
    ground(scene, rgb("55535c"), rgb("3a3942"), scene.horizon, grain=0.12)
    walk = mood.lit(rgb("77737a"), 0.55)
    for side in (-1, 1):
        canvas.fill(lane.quad(side * 0.42, side * 2.5, 0.0, 0.0, 0.9, 30), mood.far(walk, 0.6), walk, depth=0.3)
    dashes = [lane.quad(-0.012, 0.012, 0.0, 0.0, z, z * 1.18) for z in 1.02 * 1.45 ** np.arange(7)]
    canvas.fill(dashes, mood.lit(rgb("e9e2c8"), 0.7), alpha=0.75)
    if rng.random() < 0.5:
        bars = [lane.quad(s - 0.035, s + 0.035, 0.0, 0.0, 1.35, 1.75) for s in np.linspace(-0.36, 0.36, 6)]
        canvas.fill(bars, mood.lit(rgb("e9e6df"), 0.7), alpha=0.7)
    signs: list[tuple[float, float, int]] = []
    for side in (-1, 1):
        _row_of_buildings(scene, lane, side, signs)
    for z in (6.5, 4.2, 2.7):
        for side in (-1, 1):
            street_lamp(scene, lane.at(side * 0.4, 0, z), 1.25 * lane.drop / z, -side)
    _signs(scene, lane, signs)
    for index, z in enumerate((5.5, 3.4, 2.1)):
        if not scene.subject.words.absent & {"car"} and rng.random() < 0.45:
            oncoming = index % 2 == 0
            foot = lane.at(-0.21 if oncoming else 0.21, 0, z)
            with scene.rig.coming(*lane.at(0.0, 0, 60.0), 0.16 if oncoming else -0.12):
                car(scene, foot, 0.34 / z, mood.accent(index), front=oncoming)
    _wires(scene, lane)
    if mood.wet > 0.2:
        mirror_ground(scene, scene.horizon, mood.wet, lane.quad(-0.57, 0.57, 0.0, 0.0, 0.6, 60))


def _row_of_buildings(scene: Scene, lane: Lane, side: int, signs: list[tuple[float, float, int]]) -> None:
    rng, mood, canvas = scene.rng("row", side), scene.mood, scene.canvas
    edges = np.cumprod(np.concatenate([[0.8], rng.uniform(1.22, 1.6, 8)]))
    for i in range(len(edges) - 2, -1, -1):
        z0, z1 = float(edges[i]), float(edges[i + 1])
        inset = side * float(rng.uniform(0.55, 0.7))
        up = float(rng.uniform(2.2, 5.6)) * (1.25 if i > 2 else 1.0)
        depth = min(0.9, 0.15 + 0.075 * z1)
        wall = mood.lit(rgb(_WALLS[int(rng.integers(len(_WALLS)))]), 0.75 if side != mood.side else 0.25)
        wall = mood.far(wall, depth * 0.75)
        ident = canvas.new_object()
        front = lane.quad(inset, inset + side * 6, 0.0, up, z0, z0)
        canvas.fill(
            front, mood.far(wall * np.float32(0.8), depth * 0.3), wall * np.float32(0.7), depth=depth, ident=ident
        )
        facade = lane.quad(inset, inset, 0.0, up, z0, z1)
        canvas.fill(facade, wall, wall * np.float32(0.62), depth=depth, ident=canvas.new_object())
        cornice = lane.quad(inset, inset, up * 0.985, up * 1.01, z0, z1)
        canvas.fill(cornice, wall * np.float32(1.3), depth=depth, ident=ident)
        if z0 < 7:
            _windows(scene, lane, inset, up, (z0, z1), rng, depth)
        signs.extend(
            (float(rng.uniform(z0, z1)), float(rng.uniform(0.75, min(up, 2.6))), side) for _ in range(2) if z0 > 0.9
        )


def _windows(
    scene: Scene, lane: Lane, side: float, up: float, span: tuple[float, float], rng: Rng, depth: float
) -> None:
    canvas, mood = scene.canvas, scene.mood
    # Equal steps in depth are equal steps in 1/z only in the picture: walk in z so that the panes shrink correctly.
    columns = np.linspace(span[0], span[1], 2 + max(3, round(4.5 * (span[1] - span[0]) / 0.5**0.5 / span[0])))
    storeys = np.arange(0.42, up - 0.2, 0.27)
    if canvas.width < _COARSE_WIDTH:
        columns, storeys = columns[::2], storeys[::2]
    lit: list[list[Points]] = [[] for _ in _WINDOW_LIGHT]
    dark: list[Points] = []
    for a, b in itertools.pairwise(columns):
        pad = (b - a) * 0.22
        for storey in storeys:
            pane = lane.quad(side, side, float(storey), float(storey) + 0.17, float(a + pad), float(b - pad))
            tone = int(rng.integers(len(_WINDOW_LIGHT)))
            (lit[tone] if rng.random() < 0.15 + 0.4 * mood.night else dark).append(pane)
    canvas.fill(dark, mood.far(mix(mood.lit(rgb("2a3140"), 0.5), mood.middle, 0.35), depth * 0.6), alpha=0.9)
    for code, panes in zip(_WINDOW_LIGHT, lit, strict=True):
        glow = mood.far(rgb(code), depth * 0.5) * np.float32(0.55 + 0.75 * mood.night)
        canvas.fill(panes, glow, glow * np.float32(0.8), alpha=0.35 + 0.6 * mood.night)
    shops = [
        lane.quad(side, side, 0.03, 0.3, float(a + (b - a) * 0.1), float(b - (b - a) * 0.1))
        for a, b in zip(columns[:-1:2], columns[1::2], strict=False)
    ]
    accent = mix(mood.accent(int(rng.integers(9))), rgb("fff0d8"), 0.55)
    canvas.fill(
        shops, accent * np.float32(0.45 + 0.75 * mood.night), accent * np.float32(0.3 + 0.3 * mood.night), alpha=0.85
    )


def _signs(scene: Scene, lane: Lane, places: list[tuple[float, float, int]]) -> None:
    """Signs that stand out from the walls: a frame, a glow, and strokes that spell nothing."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("signs")
    wanted = 3 + round(6 * mood.lift) + (8 if scene.subject.has("sign", "neon sign") else 0)
    nearest = sorted(places)[:: max(1, len(places) // wanted)][:wanted]
    for index, (z, up, side) in enumerate(reversed(nearest)):
        if z < 1.15:
            continue
        colour = mood.accent(index)
        tall, wide = float(rng.uniform(0.35, 0.95)), float(rng.uniform(0.1, 0.17))
        outer = side * 0.56
        panel = lane.quad(outer, outer - side * wide, up, up + tall, z, z)
        (ax, ay), (bx, by) = panel[0], panel[2]
        left, right, low, top = min(ax, bx), max(ax, bx), max(ay, by), min(ay, by)
        power = (0.35 + 0.9 * mood.night) * (0.6 + 0.6 * mood.lift)
        canvas.fill(panel, mix(colour * np.float32(0.16), rgb("0c0b12"), 0.5), depth=min(0.6, 0.1 * z))
        pad = (right - left) * 0.16
        frame = [
            (left + pad, top + pad),
            (right - pad, top + pad),
            (right - pad, low - pad),
            (left + pad, low - pad),
            (left + pad, top + pad),
        ]
        canvas.shine_lines([frame], 0.008 / z**0.5, colour, power)
        strokes: list[Points] = []
        rows = max(2, round((low - top) / (right - left) / 0.9))
        for row in range(rows):
            y0 = top + (row + 0.5) / rows * (low - top)
            half = (low - top) / rows * 0.22
            for _ in range(3):
                x0, x1 = (
                    left + (right - left) * rng.uniform(0.28, 0.45),
                    left + (right - left) * rng.uniform(0.55, 0.74),
                )
                strokes.append([(x0, y0 + rng.uniform(-half, half)), (x1, y0 + rng.uniform(-half, half))])
        canvas.shine_lines(strokes, 0.011 / z**0.5, mix(colour, rgb("ffffff"), 0.35), power)
        canvas.glow((left + right) / 2, (top + low) / 2, (low - top) * 1.2, colour, 0.55 * power)


def _wires(scene: Scene, lane: Lane) -> None:
    rng = scene.rng("wires")
    lines: list[Points] = []
    for _ in range(4):
        up, z = float(rng.uniform(1.7, 2.8)), float(rng.uniform(1.6, 4))
        (x0, y0), (x1, y1) = lane.at(-0.6, up, z), lane.at(0.6, up + float(rng.uniform(-0.3, 0.3)), z)
        t = np.linspace(0, 1, 24)
        lines.append(np.column_stack([x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + 0.16 * t * (1 - t) / z]))
    scene.canvas.stroke(lines, 0.0022, scene.mood.lit(rgb("15141a"), 0.2), alpha=0.8)


def far_towers(scene: Scene, base: float, height: float, name: object, depth: float, sparse: float = 0.0) -> None:
    """A row of towers as a silhouette with windows; `height` is that of the highest, in widths."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("towers", name)
    wall = mood.far(mood.lit(rgb("4c4a5a"), 0.3), depth)
    shapes: list[Points] = []
    lights: list[Points] = []
    shades: list[Points] = []
    x = -0.05
    scale = scene.zoom * (1.25 - depth)
    while x < 1.05:
        wide = float(rng.uniform(0.1, 0.24)) * scale
        swell = 0.55 + 0.45 * np.exp(-(((x + wide / 2 - scene.focus[0]) / 0.3) ** 2))
        top = base - height * float(rng.uniform(0.35, 1.0)) * swell
        shapes.append(box(x, top, x + wide, scene.tall))
        shades.append(
            box(x if mood.side > 0 else x + wide * 0.6, top, x + wide * 0.4 if mood.side > 0 else x + wide, base)
        )
        crown = rng.random()
        if crown < 0.25:
            shapes.append([(x + wide * 0.2, top), (x + wide * 0.5, top - wide * 1.1), (x + wide * 0.8, top)])
        elif crown < 0.55:
            shapes.append(box(x + wide * 0.22, top - wide * 0.35, x + wide * 0.78, top))
            shapes.append(box(x + wide * 0.48, top - wide * 1.2, x + wide * 0.53, top))
        pane = max(0.011 * scale, 2.2 / canvas.width)
        for row in np.arange(top + pane, min(base, scene.tall), pane * 1.9):
            for column in np.arange(x + pane * 0.7, x + wide - pane, pane * 1.5):
                if rng.random() < 0.34:
                    lights.append(box(column, row, column + pane * 0.75, row + pane * 1.1))
        x += wide + float(rng.uniform(0.0, 0.03 + sparse)) * scale
    ident = canvas.new_object()
    canvas.fill(shapes, wall, mood.far(wall, 0.55), depth=depth, ident=ident)
    canvas.fill(shades, wall * np.float32(0.72), mood.far(wall, 0.5), alpha=0.6)
    glow = mix(rgb("ffcf8a"), mood.accent(0), 0.18)
    if mood.night > 0.3:
        canvas.fill(lights, mood.far(glow, depth * 0.45) * np.float32(1.15), alpha=0.35 + 0.6 * mood.night)
    else:
        canvas.fill(lights, mix(wall, mood.middle, 0.45), alpha=0.7)


def skyline(scene: Scene) -> None:
    """Towers in four rows over water, seen from a promenade."""
    h, z = scene.horizon, scene.zoom
    for i, (depth, height) in enumerate([(0.92, 0.75), (0.75, 0.62), (0.5, 0.42), (0.25, 0.2)]):
        far_towers(scene, h + 0.01 * i, height * z**0.6, i, depth, sparse=0.1 * i)
    water(scene, h + 0.03)
    scene.water = (h + 0.03, scene.tall * (0.8 if scene.subject.figures else 1.1))
    if scene.subject.figures:
        promenade(scene)


def rooftop(scene: Scene) -> None:
    """A roof over the city: gravel, parapet, tank and vents."""
    canvas, mood, rng, h = scene.canvas, scene.mood, scene.rng("roof"), scene.horizon
    for i, (depth, height) in enumerate([(0.92, 0.6), (0.75, 0.48), (0.55, 0.3)]):
        far_towers(scene, h + 0.04 + 0.04 * i, height * scene.zoom**0.6, ("roof", i), depth, sparse=0.06)
    edge = h + 0.16
    ground(scene, rgb("6a6670"), rgb("46424c"), edge, grain=0.2)
    wall = mood.lit(rgb("77707a"), 0.5)
    canvas.fill(box(-0.1, edge - 0.075, 1.1, edge + 0.012), wall * np.float32(1.15), wall * np.float32(0.7), depth=0.42)
    canvas.fill(box(-0.1, edge - 0.088, 1.1, edge - 0.07), mood.lit(rgb("a39ca6"), 0.8), depth=0.42)
    side = -1 if rng.random() < 0.5 else 1
    x = 0.5 + side * 0.36
    steel = mood.lit(rgb("5b4a40"), 0.45)
    top = edge - 0.5
    for leg in (-0.1, 0.0, 0.1):
        canvas.fill(box(x + leg - 0.008, top + 0.18, x + leg + 0.008, edge + 0.05), steel * np.float32(0.6), depth=0.4)
    ident = canvas.new_object()
    canvas.fill(
        box(x - 0.13, top, x + 0.13, top + 0.22),
        steel * np.float32(1.1),
        steel * np.float32(0.7),
        depth=0.4,
        ident=ident,
    )
    canvas.fill([(x - 0.145, top), (x, top - 0.09), (x + 0.145, top)], steel * np.float32(0.8), depth=0.4, ident=ident)
    staves: list[Points] = [[(x + d, top), (x + d, top + 0.22)] for d in np.linspace(-0.11, 0.11, 8)]
    canvas.stroke(staves, 0.003, steel * np.float32(0.6), alpha=0.6)
    vent = 0.5 - side * float(rng.uniform(0.25, 0.4))
    metal = mood.lit(rgb("8f939c"), 0.6)
    canvas.fill(box(vent - 0.1, edge - 0.02, vent + 0.1, edge + 0.13), metal, metal * np.float32(0.6), depth=0.35)
    fans = [ellipse(vent - 0.045, edge + 0.05, 0.035, 0.035), ellipse(vent + 0.05, edge + 0.05, 0.035, 0.035)]
    canvas.fill(fans, metal * np.float32(0.35))
    if mood.night > 0.3:
        lamp = mood.accent(0)
        canvas.glow(x, top - 0.1, 0.12, rgb("ff4040"), 0.9)
        canvas.shine_lines([[(-0.1, edge - 0.08), (1.1, edge - 0.08)]], 0.006, lamp, 0.5 + 0.6 * mood.lift)
        canvas.glow(0.5, edge, 0.7, lamp, 0.25 * mood.lift, flat=0.3)
    if mood.wet > 0.2:
        mirror_ground(scene, edge, mood.wet * 0.8)


def bridge(scene: Scene) -> None:
    """Along the deck of a suspension bridge, the city beyond."""
    canvas, mood = scene.canvas, scene.mood
    lane = lane_for(scene)
    far_towers(scene, scene.horizon + 0.01, 0.3, "beyond", 0.9)
    water(scene, scene.horizon)
    deck = mood.lit(rgb("5a5862"), 0.6)
    canvas.fill(lane.quad(-0.62, 0.62, 0.0, 0.0, 0.9, 40), mood.far(deck, 0.6), deck, depth=0.3)
    dashes = [lane.quad(-0.012, 0.012, 0.0, 0.0, z, z * 1.18) for z in 1.02 * 1.45 ** np.arange(7)]
    canvas.fill(dashes, mood.lit(rgb("e9e2c8"), 0.7), alpha=0.8)
    steel = mood.lit(mix(mood.accent(0), rgb("8a4a3a"), 0.6), 0.65)
    up = 4.6
    stations = [9.0, 3.6]
    for z in stations:
        depth = min(0.7, 0.07 * z)
        tone, ident = mood.far(steel, depth * 0.7), canvas.new_object()
        for side in (-1, 1):
            canvas.fill(
                lane.quad(side * 0.6, side * 0.74, -0.1, up, z, z),
                tone,
                tone * np.float32(0.7),
                depth=depth,
                ident=ident,
            )
        for level in (1.5, 2.9, 4.2):
            canvas.fill(
                lane.quad(-0.7, 0.7, level, level + 0.2, z, z), tone * np.float32(0.9), depth=depth, ident=ident
            )
        if mood.night > 0.3:
            for side in (-1, 1):
                canvas.glow(*lane.at(side * 0.67, up, z), 0.25 / z**0.5, rgb("ff5040"), 0.9)
    _cables(scene, lane, steel, stations, up)
    if mood.wet > 0.2:
        mirror_ground(scene, scene.horizon + 0.02, mood.wet * 0.7, lane.quad(-0.62, 0.62, 0.0, 0.0, 0.6, 40))


def _cables(scene: Scene, lane: Lane, steel: Colour, stations: list[float], up: float) -> None:
    canvas, mood = scene.canvas, scene.mood
    for side in (-1, 1):
        main: list[tuple[float, float]] = []
        hangers: list[Points] = []
        for z in np.geomspace(0.75, 30, 90):
            # Between two towers the cable hangs lowest half way; before the first and after the last it runs down.
            near = min(abs(np.log(z / s)) for s in stations)
            level = max(0.5, up * (1 - min(near / 0.95, 1.0)) ** 1.6 + 0.5)
            main.append(lane.at(side * 0.67, min(level, up), float(z)))
        for z in np.geomspace(0.9, 14, 26):
            near = min(abs(np.log(z / s)) for s in stations)
            level = max(0.5, up * (1 - min(near / 0.95, 1.0)) ** 1.6 + 0.5)
            hangers.append([lane.at(side * 0.67, 0, float(z)), lane.at(side * 0.67, min(level, up), float(z))])
        canvas.stroke(hangers, 0.0025, steel * np.float32(0.7), alpha=0.75)
        canvas.stroke([main], 0.009, steel * np.float32(0.9))
        rails = [[lane.at(side * 0.6, level, z) for z in np.geomspace(0.85, 30, 24)] for level in (0.09, 0.17)]
        canvas.stroke(rails, 0.005, mood.lit(rgb("40404a"), 0.6))
