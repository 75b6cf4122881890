"""Rooms of a house and a school: kitchen, room, workshop, classroom."""

from itertools import pairwise

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse
from engines.providers.local.painter.indoors import _shell, saturate_cloth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.places.furnish import stand_in
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane


def window_in(scene: Scene, lane: Lane, s0: float, s1: float, u0: float, u1: float, z: float) -> None:
    """A window in a far wall: sky and hills outside, a frame, light that falls through."""
    canvas, mood = scene.canvas, scene.mood
    (x0, y1), (x1, y0) = lane.at(s0, u0, z), lane.at(s1, u1, z)
    tall = y1 - y0
    canvas.fill(box(x0, y0, x1, y1), mood.top, mood.low, depth=1.0, ident=0)
    hill = mood.far(mood.lit(rgb("5f7a52"), 0.5), 0.6)
    x = np.linspace(x0, x1, 20)
    canvas.fill(
        np.vstack(
            [
                np.column_stack([x, y1 - tall * (0.24 + 0.08 * np.sin((x - x0) / max(x1 - x0, 1e-6) * 5))]),
                [(x1, y1), (x0, y1)],
            ]
        ),
        hill,
        depth=0.9,
    )
    if mood.night < 0.5:
        canvas.glow((x0 + x1) / 2, (y0 + y1) / 2, (x1 - x0) * 0.9, mix(mood.key, mood.low, 0.5), 0.35)
    frame = mood.lit(rgb("efe8dc"), 0.55)
    middle = (x0 + x1) / 2
    bars: list[Points] = [
        [(x0, y0), (x1, y0), (x1, y1), (x0, y1), (x0, y0)],
        [(middle, y0), (middle, y1)],
        [(x0, (y0 + y1) / 2), (x1, (y0 + y1) / 2)],
    ]
    canvas.stroke(bars, 0.034 / z, frame, depth=0.6)
    canvas.fill(box(x0 - 0.03 / z, y1, x1 + 0.03 / z, y1 + 0.03 / z), frame, depth=0.6)
    reach = 0.55 * (y1 - y0)
    spread = 0.35 * mood.side
    low = scene.tall
    canvas.shine(
        [[(x0, y0 + reach * 0.2), (x1, y0 + reach * 0.2), (x1 - spread * 1.2, low), (x0 - spread * 1.2, low)]],
        mix(mood.key, mood.low, 0.4),
        0.07 + 0.06 * mood.lift,
        soft=0.02,
    )


def lamp_above(scene: Scene, lane: Lane, s: float, up: float, z: float, colour: str = "ffcf8a") -> None:
    """A lamp that hangs from the ceiling."""
    canvas, (x, y) = scene.canvas, lane.at(s, up, z)
    r = 0.11 / z
    canvas.stroke([[(x, -0.1), (x, y - r)]], 0.006 / z, rgb("1c1a20"))
    warm, power = rgb(colour), 0.35 + 0.75 * scene.mood.night
    canvas.fill(
        [(x - r * 0.3, y - r), (x + r * 0.3, y - r), (x + r, y), (x - r, y)],
        scene.mood.lit(rgb("33383f"), 0.5),
        depth=0.4,
    )
    canvas.fill(ellipse(x, y, r * 0.9, r * 0.2), warm * np.float32(0.9 + 0.4 * power))
    canvas.glow(x, y + r, 0.5 / z**0.5, warm, 0.55 * power)


def cupboards(
    scene: Scene, lane: Lane, s0: float, s1: float, u0: float, u1: float, z: float, colour: Colour, doors: int
) -> None:
    """A row of cupboards before a wall."""
    canvas, mood = scene.canvas, scene.mood
    lit = mood.lit(colour, 0.6)
    canvas.fill(lane.quad(s0, s1, u0, u1, z, z), lit, lit * np.float32(0.7), depth=0.38)
    edges = np.linspace(s0, s1, doors + 1)
    for a, b in pairwise(edges):
        pad = (b - a) * 0.09
        canvas.fill(
            lane.quad(float(a + pad), float(b - pad), u0 + 0.05, u1 - 0.05, z, z),
            lit * np.float32(1.12),
            lit * np.float32(0.85),
        )
        canvas.fill(
            ellipse(*lane.at(float(b - 2 * pad), (u0 + u1) / 2, z), 0.011 / z, 0.011 / z, count=10),
            mood.lit(rgb("e0b860"), 0.8),
        )


def kitchen(scene: Scene) -> None:
    """A kitchen: window over the sink, stove, shelves with plates, hanging pans, a lamp."""
    canvas, mood = scene.canvas, scene.mood
    wall, wood = rgb("e2d6bc"), mix(rgb("6f8f8a"), mood.accent(1), 0.25)
    lane = _shell(scene, wall, rgb("a8805a"), rgb("d8d0c4"), 3.0, 2.4)
    tiles = mood.lit(rgb("c8a078"), 0.5)
    dark: list[Points] = [
        lane.quad(s, s + 0.155, 0.0, 0.0, float(a), float(b))
        for i, (a, b) in enumerate(zip(np.geomspace(0.6, 3.0, 9)[:-1], np.geomspace(0.6, 3.0, 9)[1:], strict=True))
        for j, s in enumerate(np.linspace(-0.62, 0.465, 8))
        if (i + j) % 2
    ]
    canvas.fill(dark, tiles * np.float32(0.62), alpha=0.65)
    window_in(scene, lane, -0.26, 0.26, 1.05, 1.95, 2.98)
    curtain = mood.lit(saturate_cloth(mood.accent(2)), 0.6)
    for s in (-0.3, 0.3):
        (x, y0), (_, y1) = lane.at(s, 2.05, 2.97), lane.at(s, 1.25, 2.97)
        canvas.fill(
            [(x - 0.03, y0), (x + 0.03, y0), (x + 0.018, y1), (x - 0.018, y1)],
            curtain,
            curtain * np.float32(0.7),
            depth=0.5,
        )
    cupboards(scene, lane, -0.62, 0.62, 0.0, 0.72, 2.75, wood, 6)
    canvas.fill(lane.quad(-0.62, 0.62, 0.72, 0.78, 2.72, 2.72), mood.lit(rgb("d8c8b0"), 0.7), depth=0.37)
    cupboards(scene, lane, -0.62, -0.34, 1.3, 1.95, 2.8, wood, 2)
    x, y = lane.at(0.0, 0.78, 2.72)
    canvas.stroke(
        [[(x, y), (x, y - 0.06), (x + 0.025, y - 0.065), (x + 0.028, y - 0.045)]],
        0.008,
        mood.lit(rgb("c8ccd2"), 0.8),
        depth=0.36,
    )
    canvas.fill(lane.quad(0.36, 0.58, 0.0, 0.75, 2.7, 2.7), mood.lit(rgb("eceae6"), 0.65), depth=0.36)
    canvas.fill(
        lane.quad(0.39, 0.55, 0.12, 0.5, 2.69, 2.69),
        mix(rgb("1c1a1e"), rgb("ff9a4a"), 0.35 + 0.3 * mood.night),
        depth=0.36,
    )
    px, py = lane.at(0.47, 0.78, 2.7)
    canvas.fill(
        [(px - 0.035, py - 0.045), (px + 0.035, py - 0.045), (px + 0.03, py), (px - 0.03, py)],
        mood.lit(rgb("a8402f"), 0.7),
        depth=0.35,
    )
    canvas.stroke(
        [[(px + 0.02 * np.sin(t * 5), py - 0.05 - 0.11 * t) for t in np.linspace(0, 1, 10)]],
        0.014,
        rgb("ffffff"),
        alpha=0.2,
        soft=0.006,
    )
    (ax, ay), (bx, _) = lane.at(0.3, 1.85, 2.85), lane.at(0.6, 1.85, 2.85)
    canvas.stroke([[(ax, ay), (bx, ay)]], 0.006, mood.lit(rgb("3a342e"), 0.5), depth=0.4)
    for k, r in enumerate((0.022, 0.03, 0.025)):
        cx = ax + (bx - ax) * (0.2 + 0.3 * k)
        copper = mood.lit(rgb("b5652f"), 0.75)
        canvas.stroke([[(cx, ay), (cx, ay + 0.05)]], 0.006, copper * np.float32(0.7))
        canvas.fill(ellipse(cx, ay + 0.05 + r, r, r), copper * np.float32(1.1), copper * np.float32(0.6), depth=0.4)
    side = -1 if scene.focus[0] > 0.5 else 1
    if not any(one.pose in ("work", "eat") for one in scene.subject.figures):
        stand_in(scene, lane, "table", side * 0.3, 1.75, 1)
        for name, ds, number in (("cup", -0.08, 1), ("apple", 0.06, 2), ("bottle", 0.16, 3)):
            stand_in(scene, lane, name, side * 0.3 + ds, 1.74, 1, None, 0.56, number)
    lamp_above(scene, lane, side * 0.3, 1.75, 1.8)


def room(scene: Scene) -> None:
    """A living room: window, sofa on a rug, lamp, pictures, books."""
    canvas, mood = scene.canvas, scene.mood
    tint = mix(rgb("b8a894"), mood.accent(0), 0.25)
    lane = _shell(scene, tint, rgb("7a5a40"), rgb("c8beb0"), 3.1, 2.4)
    boards: list[Points] = [
        [lane.at(float(s), 0, 0.6), lane.at(float(s), 0, 3.1)] for s in np.linspace(-0.62, 0.62, 13)
    ]
    canvas.stroke(boards, 0.003, mood.lit(rgb("4a3424"), 0.4), alpha=0.6)
    side = -1 if scene.focus[0] > 0.5 else 1
    window_in(scene, lane, -0.1 - 0.36, -0.1 + 0.16, 0.75, 1.95, 3.08)
    curtain = mood.lit(saturate_cloth(mood.accent(1)), 0.55)
    for s in (-0.52, 0.1):
        (x, y0), (_, y1) = lane.at(s, 2.08, 3.05), lane.at(s, 0.3, 3.05)
        for k in range(4):
            canvas.fill(
                box(x - 0.03 + 0.015 * k, y0, x - 0.015 + 0.015 * k, y1),
                curtain * np.float32(0.75 + 0.12 * ((k * 3) % 4)),
                curtain * np.float32(0.55),
                depth=0.5,
            )
    cx, cy = lane.at(side * 0.1, 0, 1.9)
    rug = mood.lit(saturate_cloth(mood.accent(2)), 0.6)
    canvas.fill(ellipse(cx, cy, 0.27, 0.06), rug * np.float32(0.8), depth=0.35)
    canvas.stroke(
        [np.vstack([ellipse(cx, cy, 0.23, 0.048), ellipse(cx, cy, 0.23, 0.048)[:1]])], 0.008, rug * np.float32(1.4)
    )
    _books(scene, lane, side)
    stand_in(scene, lane, "sofa", -side * 0.22, 2.35, 1, saturate_cloth(mood.accent(0)))
    stand_in(scene, lane, "lamp", side * 0.5, 2.0)
    for z, code in ((1.25, 3), (1.75, 1)):
        wall = -side * 0.615
        canvas.fill(lane.quad(wall, wall, 1.3, 1.85, z, z * 1.22), mood.lit(rgb("3a2c22"), 0.5), depth=0.4)
        canvas.fill(
            lane.quad(wall, wall, 1.35, 1.8, z * 1.02, z * 1.2),
            mood.lit(mood.accent(code), 0.6),
            mood.lit(mood.accent(code + 1), 0.4),
        )


def _books(scene: Scene, lane: Lane, side: int) -> None:
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("books")
    s0, s1 = (0.3, 0.58) if side > 0 else (0.2, 0.5)
    wood = mood.lit(rgb("5a3f2a"), 0.55)
    canvas.fill(lane.quad(s0, s1, 0.0, 1.9, 3.0, 3.0), wood * np.float32(0.6), depth=0.5)
    for k in range(5):
        u = 0.1 + 0.36 * k
        x, (x1, base) = lane.at(s0 + 0.02, u, 2.98)[0], lane.at(s1 - 0.02, u, 2.98)
        while x < x1 - 0.012:
            wide, tall = float(rng.uniform(0.006, 0.013)), float(rng.uniform(0.05, 0.075)) * lane.drop / 0.8
            tone = mood.lit(
                mix(
                    mood.accent(int(rng.integers(5))),
                    rgb(("7a3a2a", "3a5a4a", "c8b48a", "2f3f5a")[int(rng.integers(4))]),
                    0.6,
                ),
                0.6,
            )
            canvas.fill(box(x, base - tall, x + wide, base), tone, depth=0.5)
            x += wide + 0.001
        canvas.fill(lane.quad(s0, s1, u - 0.04, u, 2.97, 2.97), wood * np.float32(1.2))


def workshop(scene: Scene) -> None:
    """A workshop: a bench, tools on the wall, a window full of dust."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("tools")
    lane = _shell(scene, rgb("8a7460"), rgb("6a5442"), rgb("5a4a3c"), 2.9, 2.4)
    window_in(scene, lane, 0.1, 0.55, 1.0, 1.9, 2.88)
    canvas.fill(lane.quad(-0.58, 0.02, 0.95, 1.95, 2.87, 2.87), mood.lit(rgb("a88a60"), 0.55), depth=0.5)
    steel = mood.lit(rgb("a8acb4"), 0.7)
    for k in range(12):
        x, y = lane.at(-0.52 + 0.095 * (k % 6), 1.75 - 0.42 * (k // 6), 2.85)
        tall = float(rng.uniform(0.05, 0.09))
        handle = mood.lit(rgb(("8a3a2a", "7a5a32", "2f5a6a")[k % 3]), 0.6)
        canvas.stroke([[(x, y), (x, y + tall)]], 0.012, handle, depth=0.48)
        if k % 3 == 0:
            canvas.fill(box(x - 0.02, y - 0.012, x + 0.02, y + 0.012), steel, depth=0.48)
        elif k % 3 == 1:
            canvas.fill(
                [(x - 0.004, y), (x + 0.03, y + 0.01), (x + 0.03, y + tall * 0.75), (x - 0.004, y + tall * 0.6)],
                steel,
                depth=0.48,
            )
        else:
            ring = ellipse(x, y - 0.01, 0.013, 0.013, count=16)
            canvas.stroke([np.vstack([ring, ring[:1]])], 0.007, steel, depth=0.48)
    bench = mood.lit(rgb("9a7048"), 0.65)
    canvas.fill(lane.quad(-0.62, 0.62, 0.68, 0.78, 2.3, 2.3), bench, bench * np.float32(0.7), depth=0.4)
    canvas.fill(lane.quad(-0.62, 0.62, 0.78, 0.78, 2.3, 2.8), bench * np.float32(1.12), depth=0.4)
    for s in (-0.55, 0.0, 0.55):
        canvas.fill(lane.quad(s - 0.03, s + 0.03, 0.0, 0.7, 2.3, 2.3), bench * np.float32(0.6), depth=0.4)
    vice = lane.at(0.3, 0.78, 2.3)
    canvas.fill(
        [
            box(vice[0] - 0.03, vice[1] - 0.03, vice[0] + 0.03, vice[1]),
            box(vice[0] + 0.012, vice[1] - 0.05, vice[0] + 0.03, vice[1]),
        ],
        mood.lit(rgb("3f5a6a"), 0.7),
        depth=0.38,
    )
    shavings: list[Points] = [
        ellipse(*lane.at(float(rng.uniform(-0.5, 0.5)), 0, float(rng.uniform(1.2, 2.3))), 0.011, 0.005, count=10)
        for _ in range(40)
    ]
    canvas.fill(shavings, mood.lit(rgb("e0c090"), 0.7), alpha=0.8)
    lamp_above(scene, lane, -0.2, 1.75, 2.1)


def school(scene: Scene) -> None:
    """A classroom: blackboard, desks in rows, windows along one side."""
    canvas, mood = scene.canvas, scene.mood
    lane = _shell(scene, rgb("d8cfae"), rgb("a8805a"), rgb("e0dacc"), 3.6, 2.4)
    canvas.fill(lane.quad(-0.5, 0.5, 0.85, 1.85, 3.58, 3.58), mood.lit(rgb("7a5232"), 0.6), depth=0.6)
    canvas.fill(lane.quad(-0.47, 0.47, 0.9, 1.8, 3.57, 3.57), mood.lit(rgb("2f5a48"), 0.7) * np.float32(0.9), depth=0.6)
    chalk = mood.lit(rgb("f0f0ea"), 0.8)
    rng = scene.rng("chalk")
    lines: list[Points] = []
    for k in range(5):
        u = 1.65 - 0.15 * k
        across = np.linspace(-0.4, float(rng.uniform(-0.05, 0.12)), 16)
        lines.append([lane.at(float(a), u + 0.025 * float(np.sin(a * 60 + k)), 3.56) for a in across])
    a = np.linspace(0, 2 * np.pi, 24)
    lines.append([lane.at(0.27 + 0.1 * float(np.cos(t)), 1.4 + 0.2 * float(np.sin(t)), 3.56) for t in a])
    lines.append(
        [lane.at(0.17, 1.4, 3.56), lane.at(0.37, 1.4, 3.56), lane.at(0.27, 1.6, 3.56), lane.at(0.17, 1.4, 3.56)]
    )
    canvas.stroke(lines, 0.0035, chalk, alpha=0.85)
    side = mood.side
    for z0 in (1.0, 1.7, 2.5):
        pane = lane.quad(side * 0.615, side * 0.615, 0.85, 1.95, z0, z0 * 1.3)
        canvas.fill(pane, mood.middle, mood.low, depth=0.7)
        canvas.stroke([np.vstack([pane, pane[:1]])], 0.014 / z0, mood.lit(rgb("f4f0e8"), 0.7))
        canvas.shine(
            [[pane[0], pane[3], lane.at(side * 0.1, 0, z0 * 1.3), lane.at(side * 0.1, 0, z0)]],
            mix(mood.key, mood.low, 0.5),
            0.08,
        )
    for back in (3.0, 2.3, 1.75):
        for s in (-0.4, 0.0, 0.4):
            if abs(s) < 0.1 and back < 2 and scene.subject.figures:
                continue
            stand_in(scene, lane, "chair", s - 0.06, back * 1.02, 1, number=round(back * 10))
            stand_in(scene, lane, "table", s + 0.05, back, 1, rgb("c8a070"), number=round(back * 10))
    lamp_above(scene, lane, 0.0, 2.0, 2.4, "fff4e0")
