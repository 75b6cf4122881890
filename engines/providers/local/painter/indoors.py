"""Interiors in one-point perspective: tunnel, room, club, stage, hall. And two places without a horizon."""

import itertools

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse, limb
from engines.providers.local.painter.manifest import CROWD
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane, far_towers
from engines.providers.local.painter.water import mirror_ground


def _shell(scene: Scene, wall: Colour, floor: Colour, ceiling: Colour, end: float, up: float) -> Lane:
    """Walls, floor and ceiling up to a back wall at distance `end`."""
    canvas, mood = scene.canvas, scene.mood
    lane = Lane(0.5 + float(scene.rng("shell").uniform(-0.08, 0.08)), scene.horizon, scene.tall - scene.horizon)
    # Near enough that floor and ceiling leave the picture at any horizon.
    near = min(0.55, 0.95 * lane.drop * (up - 1) / (scene.horizon + 0.05))
    dim = np.float32(0.42)
    left = mood.lit(wall, 0.75 if mood.side > 0 else 0.35)
    right = mood.lit(wall, 0.75 if mood.side < 0 else 0.35)
    for shape, tone in (
        (lane.quad(-0.62, 0.62, up, up, near, end), mood.lit(ceiling, 0.3)),
        (lane.quad(-0.62, 0.62, 0.0, 0.0, near, end), mood.lit(floor, 0.6)),
        (lane.quad(-0.62, -0.62, 0.0, up, near, end), left),
        (lane.quad(0.62, 0.62, 0.0, up, near, end), right),
        (lane.quad(-0.62, 0.62, 0.0, up, end, end), mood.lit(wall, 0.5)),
    ):
        canvas.fill(shape, tone, tone * dim if shape[0][0] != shape[1][0] else tone * np.float32(0.7), depth=0.4)
    scene.shore = lane.at(0, 0, 0.92 * end)[1]
    scene.aisle = (lane.x, lane.at(0.6, 0, 1)[0] - lane.x)
    return lane


def tunnel(scene: Scene) -> None:
    """Frames of light one behind the other, a bright end, a gleaming floor."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("tunnel")
    lane = _shell(scene, rgb("4a505c"), rgb("3a3d46"), rgb("33363f"), 16, 2.3)
    round_arch = rng.random() < 0.5
    colour = mood.accent(int(rng.integers(5)))
    for index, z in enumerate(np.geomspace(13, 0.85, 9)):
        depth = min(0.8, 0.06 * float(z))
        rib = mood.far(mood.lit(rgb("666c78"), 0.5), depth)
        if round_arch:
            a = np.linspace(np.pi, 0, 26)
            arch = [lane.at(0.6 * float(np.cos(k)), 1.2 + 1.05 * float(np.sin(k)), float(z)) for k in a]
            frame = [lane.at(-0.6, 0.0, float(z)), *arch, lane.at(0.6, 0.0, float(z))]
        else:
            frame = [lane.at(s, u, float(z)) for s, u in ((-0.6, 0.0), (-0.6, 2.2), (0.6, 2.2), (0.6, 0.0))]
        canvas.stroke([frame], 0.07 / float(z), rib * np.float32(0.6), depth=depth)
        lit = mood.lift > 0.3 or index % 2 == 0
        if lit:
            tone = mix(colour, mood.accent(index), 0.5 * mood.lift)
            canvas.shine_lines([frame], 0.018 / float(z), mix(tone, rgb("ffffff"), 0.3), 0.5 + 0.8 * mood.lift)
            canvas.shine_lines([frame], 0.07 / float(z), tone, 0.22 + 0.3 * mood.lift, soft=0.03 / float(z))
    end = lane.at(0, 1.1, 16)
    canvas.glow(*end, 0.5, mix(colour, rgb("ffffff"), 0.5), 0.8 + 0.5 * mood.lift)
    canvas.glow(*end, 0.12, rgb("ffffff"), 1.6)
    mirror_ground(scene, scene.horizon + scene.tall * 0.02, 0.75, lane.quad(-0.62, 0.62, 0.0, 0.0, 0.5, 16))


def room(scene: Scene) -> None:
    """A room with a large window, its light on the floor, a bed or chair, a lamp, pictures."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("room")
    tint = mix(rgb("8a7f78"), mood.accent(0), 0.35)
    view = canvas.light.copy()
    lane = _shell(scene, tint, rgb("6a4f3c"), rgb("776f6c"), 3.2, 2.4)
    (x0, y1), (x1, y0) = lane.at(-0.42, 0.62, 3.2), lane.at(0.42, 1.98, 3.2)
    pane = canvas.stencil([box(x0, y0, x1, y1)])
    if pane is not None:
        canvas.apply(pane, view[pane.rows, pane.columns] * np.float32(1.15), depth=1.0)
        held = (canvas.light.copy(), canvas.depth.copy(), canvas.ident.copy())
        far_towers(scene, y1 - 0.01, (y1 - y0) * 0.75, "outside", 0.75)
        keep = np.ones(canvas.ident.shape, bool)
        keep[pane.rows, pane.columns] = pane.mask < 128
        for layer, old in zip((canvas.light, canvas.depth, canvas.ident), held, strict=True):
            layer[keep] = old[keep]
    frame = mood.lit(rgb("e0d8cf"), 0.4)
    bars: list[Points] = [[(x, y0), (x, y1)] for x in np.linspace(x0, x1, 4)]
    bars += [[(x0, y), (x1, y)] for y in (y0, y0 + (y1 - y0) * 0.33, y1)]
    canvas.stroke(bars, 0.011, frame, depth=0.7)
    shaft = [(x0, y1), (x1, y1), lane.at(0.5 - 0.35 * mood.side, 0, 1.15), lane.at(-0.5 - 0.35 * mood.side, 0, 1.15)]
    outside = mix(mood.low, mood.key, 0.5)
    canvas.shine([shaft], outside, 0.28, soft=0.008)
    canvas.shine([[(x0, y0), (x1, y0), *shaft[2:]]], outside, 0.10 + 0.12 * mood.lift, soft=0.02)
    folded = canvas.new_object()
    curtain = mood.lit(saturate_cloth(mood.accent(1)), 0.55)
    for side, edge in ((-1, x0), (1, x1)):
        folds = np.linspace(0, 1, 7)
        for a, b in itertools.pairwise(folds):
            strip = box(edge + side * (0.09 * a - 0.02), y0 - 0.03, edge + side * (0.09 * b - 0.02), y1 + 0.06)
            canvas.fill(
                strip,
                curtain * np.float32(0.7 + 0.5 * (a * 37 % 1)),
                curtain * np.float32(0.5),
                depth=0.62,
                ident=folded,
            )
    _furniture(scene, lane, -1 if rng.random() < 0.5 else 1)


def saturate_cloth(colour: Colour) -> Colour:
    """Cloth in a palette colour, softer than the same colour as light."""
    return mix(colour, rgb("8a6f70"), 0.4)


def _furniture(scene: Scene, lane: Lane, side: int) -> None:
    canvas, mood = scene.canvas, scene.mood
    if not scene.subject.has("bed"):
        _bed(scene, lane, side)
    x, y = lane.at(-side * 0.5, 0, 2.2)
    canvas.stroke([[(x, y), (x, y - 0.34)]], 0.009, mood.lit(rgb("33291f"), 0.4), depth=0.4)
    warm = rgb("ffcf8a")
    power = 0.25 + 0.75 * mood.night
    canvas.fill(
        [(x - 0.045, y - 0.44), (x + 0.045, y - 0.44), (x + 0.075, y - 0.33), (x - 0.075, y - 0.33)],
        warm * np.float32(0.7 + 0.6 * power),
        depth=0.4,
    )
    canvas.glow(x, y - 0.38, 0.55, warm, 0.6 * power)
    canvas.glow(x, y, 0.3, warm, 0.35 * power, flat=0.3)
    for s, u in ((0.9, 1.5), (1.25, 1.35)):
        art = lane.quad(-side * 0.615, -side * 0.615, u, u + 0.45, 1.2 * s, 1.42 * s)
        canvas.fill(art, mood.lit(mood.accent(3), 0.6), mood.lit(mood.accent(1), 0.4), depth=0.5)


def _bed(scene: Scene, lane: Lane, side: int) -> None:
    canvas, mood = scene.canvas, scene.mood
    cloth = mood.lit(mix(mood.accent(2), rgb("d8cfc8"), 0.45), 0.65)
    ident = canvas.new_object()
    inner, outer = side * 0.2, side * 0.6
    top = lane.quad(inner, outer, 0.36, 0.36, 1.5, 2.7)
    canvas.fill(
        lane.quad(inner, outer, 0.0, 0.36, 1.5, 1.5),
        cloth * np.float32(0.6),
        cloth * np.float32(0.35),
        depth=0.35,
        ident=ident,
    )
    canvas.fill(
        lane.quad(inner, inner, 0.0, 0.36, 1.5, 2.7),
        cloth * np.float32(0.75),
        cloth * np.float32(0.4),
        depth=0.35,
        ident=ident,
    )
    canvas.fill(top, cloth, cloth * np.float32(1.12), depth=0.35, ident=canvas.new_object())
    canvas.fill(lane.quad(inner, outer, 0.3, 0.85, 2.7, 2.7), mood.lit(rgb("5a3d2c"), 0.5), depth=0.45)
    for s in (0.3, 0.5):
        canvas.fill(ellipse(*lane.at(side * s, 0.42, 2.45), 0.045, 0.026), mood.lit(rgb("f3ece4"), 0.8), depth=0.34)


def club(scene: Scene) -> None:
    """A dance floor: beams through haze, a lit floor, a mirror ball, dancers."""
    canvas, mood = scene.canvas, scene.mood
    lane = _shell(scene, rgb("2a2233"), rgb("1d1a26"), rgb("15131c"), 7, 2.6)
    rng = scene.rng("club")
    for z0, z1 in zip(np.geomspace(0.8, 6, 9)[:-1], np.geomspace(0.8, 6, 9)[1:], strict=True):
        for s in np.linspace(-0.6, 0.45, 8):
            if rng.random() < 0.3 + 0.35 * mood.lift:
                tile = lane.quad(float(s), float(s) + 0.13, 0.0, 0.0, float(z0) * 1.03, float(z1) * 0.97)
                canvas.fill(tile, mood.accent(int(rng.integers(9))) * np.float32(0.75), alpha=0.75)
    _beams(scene, lane.at(0, 2.2, 4.0)[1])
    ball = (lane.x, scene.horizon * 0.28)
    mirror_ball(scene, *ball, 0.1)
    spots = scene.rng("spots")
    # A mirror ball throws patches, not points: points on a dark ceiling would look like stars.
    for _ in range(48):
        x, y, wide = float(spots.random()), float(spots.random()) * scene.tall, float(spots.uniform(0.012, 0.022))
        canvas.shine([ellipse(x, y, wide, wide * 0.55)], mood.accent(int(spots.integers(9))), 0.3, soft=0.002)
    if "crowd" not in scene.subject.words.absent:
        crowd(scene, scene.horizon + 0.12, 0.30, 0.55)
    mirror_ground(scene, scene.horizon + 0.12, 0.4, lane.quad(-0.62, 0.62, 0.0, 0.0, 0.5, 7))


def stage(scene: Scene) -> None:
    """A stage seen over the crowd: a wall of light, spots, haze."""
    canvas, mood, rng, h = scene.canvas, scene.mood, scene.rng("stage"), scene.horizon
    canvas.light[:] = mix(mood.top * np.float32(0.25), rgb("08070d"), 0.6)
    left, right, top, low = 0.06, 0.94, h * 0.3, h + 0.05
    columns, rows = 14, 16
    wall_of_light = canvas.new_object()
    for i in range(columns):
        for j in range(rows):
            wave = 0.5 + 0.5 * np.sin(i * 0.7 + float(rng.uniform(0, 1)) + j * 0.5)
            tone = mix(mood.accent(i // 5), mood.accent(j // 6 + 1), wave) * np.float32(
                (0.15 + 0.55 * mood.lift) * (0.35 + 0.65 * wave)
            )
            x0, y0 = left + (right - left) * i / columns, top + (low - top) * j / rows
            canvas.fill(
                box(x0 + 0.002, y0 + 0.002, x0 + (right - left) / columns - 0.002, y0 + (low - top) / rows - 0.002),
                tone,
                depth=0.8,
                ident=wall_of_light,
            )
    truss = rgb("26262e")
    lattice: list[Points] = [[(0.0, top - 0.05), (1.0, top - 0.05)], [(0.0, top - 0.11), (1.0, top - 0.11)]]
    lattice += [[(x, top - 0.05), (x + 0.04, top - 0.11), (x + 0.08, top - 0.05)] for x in np.linspace(0, 0.96, 13)]
    canvas.stroke(lattice, 0.006, truss * np.float32(1.6), depth=0.6)
    deck = rgb("2b2833")
    canvas.fill(
        [(-0.1, low), (1.1, low), (1.1, scene.tall * 0.92), (-0.1, scene.tall * 0.92)],
        deck * np.float32(1.3),
        deck * np.float32(0.5),
        depth=0.4,
    )
    scene.shore = low + 0.02 * scene.tall
    mirror_ground(scene, low, 0.55)
    _beams(scene, top - 0.05)


def _beams(scene: Scene, top: float) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("beams")
    count = 4 + round(6 * mood.lift)
    for i in range(count):
        x = (i + 0.5) / count
        lean = float(rng.uniform(-0.45, 0.45))
        wide, reach = float(rng.uniform(0.06, 0.13)), float(rng.uniform(0.75, 1.1)) * scene.tall
        colour = mood.accent(i)
        beam = [(x - 0.006, top), (x + 0.006, top), (x + lean + wide, top + reach), (x + lean - wide, top + reach)]
        canvas.shine([beam], colour, 0.12 + 0.2 * mood.lift, soft=0.006)
        canvas.shine(
            [
                [
                    (x - 0.003, top),
                    (x + 0.003, top),
                    (x + lean + wide * 0.4, top + reach),
                    (x + lean - wide * 0.4, top + reach),
                ]
            ],
            colour,
            0.14,
            soft=0.004,
        )
        canvas.glow(x, top, 0.09, mix(colour, rgb("ffffff"), 0.5), 1.1)


def mirror_ball(scene: Scene, x: float, y: float, size: float) -> None:
    """A mirror ball: facets on a sphere, each with a light of its own."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("ball")
    canvas.stroke([[(x, -0.05), (x, y - size)]], 0.004, rgb("3a3a40"))
    canvas.fill(ellipse(x, y, size, size, count=60), rgb("30323c"), depth=0.3)
    rows = 13
    for j in range(rows):
        lat = (j + 0.5) / rows * np.pi
        ring = max(4, round(20 * np.sin(lat)))
        for i in range(ring):
            lon = -np.pi / 2 + np.pi * (i + 0.5) / ring
            nx, ny = np.sin(lat) * np.sin(lon), -np.cos(lat)
            nz = np.sin(lat) * np.cos(lon)
            w, v = size * 1.45 / ring * np.sin(lat) * max(nz, 0.15) * np.pi / 2.2, size * 1.3 / rows
            gleam = float(rng.random()) ** 2 * 1.2 + 0.5 * max(0.0, nx * -mood.side * 0.6 - ny * 0.6 + 0.2)
            tone = mix(rgb("9aa2b4"), mood.accent(int(rng.integers(9))), float(rng.random()) * 0.7) * np.float32(
                0.25 + gleam
            )
            canvas.fill(
                box(x + nx * size - w / 2, y + ny * size - v / 2, x + nx * size + w / 2, y + ny * size + v / 2), tone
            )
    canvas.glow(x - mood.side * size * 0.4, y - size * 0.4, size * 1.6, rgb("ffffff"), 0.8)


def crowd(scene: Scene, foot: float, size: float, tone: float) -> None:
    """Heads, shoulders and raised arms, dark against the light."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("crowd", foot)
    dark = mix(mood.ambient * np.float32(0.35), rgb("07060c"), tone)
    shapes: list[Points] = []
    for x in np.arange(-0.05, 1.08, size * 0.3):
        cx, s = float(x) + float(rng.normal(0, size * 0.06)), size * float(rng.uniform(0.85, 1.12))
        top = foot - s * float(rng.uniform(0.55, 0.75))
        shapes += [
            ellipse(cx, top, s * 0.085, s * 0.11, count=16),
            limb((cx, top + s * 0.1), (cx, foot + s), s * 0.075, s * 0.2),
            limb((cx - s * 0.12, top + s * 0.22), (cx + s * 0.12, top + s * 0.22), s * 0.075, s * 0.075),
        ]
        if rng.random() < 0.2 + 0.5 * mood.lift:
            side = -1 if rng.random() < 0.5 else 1
            elbow = (cx + side * s * 0.2, top + s * 0.02)
            shapes += [
                limb((cx + side * s * 0.14, top + s * 0.22), elbow, s * 0.05, s * 0.04),
                limb(elbow, (cx + side * s * 0.16, top - s * 0.28), s * 0.04, s * 0.035),
            ]
    ident = canvas.new_object()
    with scene.manifest.naming(CROWD):
        canvas.fill(shapes, dark, depth=0.15, ident=ident)
    stencil = canvas.stencil(shapes)
    if stencil is not None:
        # A rim of stage light on heads and arms: the part of the mask without a neighbour above.
        up = max(1, round(0.004 * canvas.width))
        edge = stencil.mask.astype(np.int16) - np.roll(stencil.mask, up, 0)
        stencil.mask = np.clip(edge, 0, 255).astype(np.uint8)
        canvas.add(stencil, mix(mood.accent(0), mood.key, 0.3) * np.float32(0.55))


def hall(scene: Scene) -> None:
    """Columns and arches down a nave, tall windows, light that falls in from one side."""
    canvas, mood = scene.canvas, scene.mood
    lane = _shell(scene, rgb("a89c8c"), rgb("86796c"), rgb("6f665e"), 11, 4.2)
    stone = rgb("c4b7a4")
    (x, y) = lane.at(0, 2.4, 11)
    canvas.fill(ellipse(x, y, 0.05, 0.075), mix(mood.low, rgb("ffffff"), 0.4) * np.float32(1.2))
    canvas.glow(x, y, 0.4, mix(mood.key, mood.accent(0), 0.3), 0.6 + 0.5 * mood.lift)
    for z in np.geomspace(9, 1.0, 8):
        depth = min(0.75, 0.08 * float(z))
        for side in (-1, 1):
            tone = mood.far(mood.lit(stone, 0.8 if side != mood.side else 0.3), depth * 0.6)
            ident = canvas.new_object()
            canvas.fill(
                lane.quad(side * 0.44, side * 0.56, 0.0, 3.0, float(z), float(z)),
                tone,
                tone * np.float32(0.6),
                depth=depth,
                ident=ident,
            )
            canvas.fill(
                lane.quad(side * 0.42, side * 0.58, 2.9, 3.06, float(z), float(z)),
                tone * np.float32(1.15),
                depth=depth,
                ident=ident,
            )
            canvas.fill(
                lane.quad(side * 0.42, side * 0.58, 0.0, 0.12, float(z), float(z)),
                tone * np.float32(0.9),
                depth=depth,
                ident=ident,
            )
        a = np.linspace(np.pi, 0, 24)
        outer = [lane.at(0.5 * float(np.cos(k)), 3.05 + 0.85 * float(np.sin(k)), float(z)) for k in a]
        canvas.stroke([outer], 0.075 / float(z), mood.far(mood.lit(stone, 0.4), depth * 0.6), depth=depth)
    for z in np.geomspace(7.5, 1.25, 6):
        pane = lane.quad(-mood.side * -0.61, -mood.side * -0.61, 1.0, 2.7, float(z), float(z) * 1.12)
        glass = mix(mood.accent(int(z * 7)), mood.key, 0.4)
        canvas.fill(pane, glass * np.float32(1.1), depth=0.6)
        foot = [
            lane.at(-mood.side * 0.1, 0, float(z)),
            lane.at(-mood.side * 0.4, 0, float(z)),
            lane.at(-mood.side * 0.4, 0, float(z) * 1.1),
        ]
        canvas.shine([[pane[0], pane[1], foot[2], foot[0]]], glass, 0.10 + 0.14 * mood.lift, soft=0.008)
        canvas.shine([foot], glass, 0.3, soft=0.006)
