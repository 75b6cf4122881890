"""What carries a thing: a table, boards, a post, a rope; and its shadow where it touches."""

import numpy as np

from engines.providers.local.painter.canvas import Points, box, ellipse, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.things.pen import Kind, Put

_PLASTERS = ("b9a88c", "a08c7a", "8c9298", "b08a70")
_WOODS = ("8a6240", "6d4a32", "a07a52", "5a4438", "b9a58c")


def contact(scene: Scene, kind: Kind, put: Put) -> None:
    """The shadow of something that touches its ground: a dark core below it, a softer one away from the light."""
    wide = 0.5 * kind.wide * put.size
    dark = mix(scene.mood.ambient, rgb("000000"), 0.88)
    flat = max(0.045 * wide, 0.014 * put.size)
    canvas, away = scene.canvas, -scene.mood.side
    canvas.fill(
        ellipse(put.x + 0.16 * wide * away, put.y + 0.3 * flat, wide * 1.12, flat * 2.6),
        dark,
        alpha=0.3,
        soft=flat * 1.4,
    )
    canvas.fill(ellipse(put.x, put.y, wide * 0.96, flat * 1.15), dark, alpha=0.62, soft=flat * 0.6)


def table(scene: Scene, foot: float) -> None:
    """A table in perspective: its top with a grain, the thick edge in front, and the dark below it.

    Args:
        scene: The picture.
        foot: Where the thing stands on it, in widths from the top.
    """
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("table")
    wood = mood.lit(rgb(_WOODS[int(rng.integers(len(_WOODS)))]), 0.62)
    deep = 0.13 * scene.tall
    back, front = foot - 0.42 * deep, foot + 0.58 * deep
    left = float(rng.uniform(-0.12, 0.04))
    right = float(rng.uniform(0.96, 1.12))
    slant = 0.05
    thick = 0.022 * scene.tall
    ident = canvas.new_object()
    legs = [box(x, front, x + 0.05, scene.tall + 0.1) for x in (left + 0.03, right - 0.08)]
    canvas.fill(
        box(left + 0.02, front + thick, right - 0.02, scene.tall + 0.1), mix(mood.ambient, rgb("000000"), 0.7),
        alpha=0.55, soft=0.01,
    )  # fmt: skip
    canvas.fill(legs, wood * np.float32(0.45), wood * np.float32(0.25), depth=0.22, ident=ident)
    top: Points = [(left + slant, back), (right - slant, back), (right, front), (left, front)]
    canvas.fill(top, wood * np.float32(0.82), wood * np.float32(1.16), depth=0.26, ident=ident)
    canvas.fill(
        box(left, front - 0.001, right, front + thick), wood * np.float32(0.62), wood * np.float32(0.4), depth=0.2,
        ident=ident,
    )  # fmt: skip
    veins: list[Points] = []
    x = np.linspace(left + slant, right - slant, 24)
    for t in np.sort(rng.random(16)):
        y = back + (front - back) * float(t)
        wave = 0.004 * (0.4 + t) * np.sin(x * float(rng.uniform(2, 6)) + float(rng.uniform(0, 6)))
        veins.append(np.column_stack([x, np.clip(y + wave, back + 0.002, front - 0.002)]))
    canvas.stroke(veins, 0.002, wood * np.float32(0.55), alpha=0.4, soft=0.001)
    canvas.stroke([[(left, front), (right, front)]], 0.004, wood * np.float32(1.4), alpha=0.7)
    canvas.glow(0.5 + 0.2 * mood.side, foot, 0.4, mood.key, 0.1, flat=0.2)


def boards(scene: Scene, top: float) -> None:
    """A landing stage over the water: boards that run away from the viewer, with a beam at their end."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("boards")
    wood = mood.lit(rgb(_WOODS[int(rng.integers(len(_WOODS)))]), 0.6)
    bottom = scene.tall + 0.05
    canvas.fill(box(-0.1, top, 1.1, bottom), mood.far(wood, 0.25), wood * np.float32(0.9), depth=0.24)
    vanish = 0.5 + float(rng.uniform(-0.15, 0.15))
    gaps: list[Points] = [[(vanish + (x - vanish) * 0.62, top), (x, bottom)] for x in np.linspace(-0.7, 1.7, 17)]
    canvas.stroke(gaps, 0.005, wood * np.float32(0.4), alpha=0.8)
    canvas.fill(box(-0.1, top - 0.012, 1.1, top + 0.01), wood * np.float32(0.6), depth=0.25)
    posts = [box(x - 0.02, top - 0.09, x + 0.02, top + 0.02) for x in (0.06, 0.95)]
    canvas.fill(posts, wood * np.float32(0.75), wood * np.float32(0.4), depth=0.25)


def post(scene: Scene, kind: Kind, put: Put, ground: float) -> None:
    """Two legs, or one below something narrow, from a sign or a clock down to the ground."""
    canvas, mood = scene.canvas, scene.mood
    steel = mood.lit(rgb("4a4a52"), 0.5)
    wide = kind.wide * put.size
    sides = (-0.32, 0.32) if kind.wide > 1.1 else (0.0,)
    thick = 0.022 * wide + 0.004
    ident = canvas.new_object()
    for side in sides:
        x = put.x + side * wide
        canvas.fill(ellipse(x, ground, 4 * thick, thick), mix(mood.ambient, rgb("000000"), 0.85), alpha=0.5, soft=0.004)
        canvas.fill(
            box(x - thick, put.y - 0.4 * put.size, x + thick, ground), steel, steel * np.float32(0.55),
            depth=put.depth + 0.01, ident=ident,
        )  # fmt: skip
        canvas.fill(box(x - 2.4 * thick, ground - 1.4 * thick, x + 2.4 * thick, ground), steel * np.float32(0.7),
                    depth=put.depth, ident=ident)  # fmt: skip


def front(scene: Scene, kind: Kind, put: Put, ground: float) -> None:
    """The house of a window: its front from the eaves down to the ground."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("front")
    plaster = mood.far(mood.lit(rgb(_PLASTERS[int(rng.integers(len(_PLASTERS)))]), 0.6), put.depth * 0.5)
    half, top = 0.95 * kind.wide * put.size, put.y - 1.45 * put.size
    dark, ident, depth = mix(mood.ambient, rgb("000000"), 0.85), canvas.new_object(), put.depth + 0.02
    canvas.fill(ellipse(put.x, ground, 1.1 * half, 0.05 * half), dark, alpha=0.5, soft=0.02 * half)
    canvas.fill(box(put.x - half, top, put.x + half, ground), plaster * np.float32(1.05), plaster * np.float32(0.7),
                depth=depth, ident=ident)  # fmt: skip
    canvas.fill(box(put.x - half, ground - 0.12 * put.size, put.x + half, ground), plaster * np.float32(0.5),
                depth=depth, ident=ident)  # fmt: skip
    high = top - 0.3 * put.size
    sides = ((-1.12, top), (1.12, top), (0.98, high), (-0.98, high))
    eaves: Points = [(put.x + side * half, y) for side, y in sides]
    canvas.fill(eaves, mood.lit(rgb("6a3f34"), 0.7), mood.lit(rgb("4a2c26"), 0.5), depth=depth)


def branch(scene: Scene, foot: float) -> None:
    """A branch across the picture, with twigs and leaves, for what sits in a tree.

    Args:
        scene: The picture.
        foot: Its upper side, in widths from the top.
    """
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("branch")
    bark, leaf = mood.lit(rgb("5a4230"), 0.55), mood.lit(rgb("5d8a3c"), 0.7)
    side = 1 if rng.random() < 0.5 else -1
    x = np.linspace(-0.1, 1.1, 25)
    away = x if side > 0 else 1 - x
    upper = foot + 0.012 * np.sin(9.0 * x + float(rng.uniform(0, 6))) * np.minimum(1, 3 * np.abs(x - 0.5))
    thick = 0.1 - 0.05 * away
    ident = canvas.new_object()
    outline = np.vstack([np.column_stack([x, upper]), np.column_stack([x, upper + thick])[::-1]])
    canvas.fill(outline, bark * np.float32(1.15), bark * np.float32(0.5), depth=0.22, ident=ident)
    for t in rng.uniform(0.05, 0.95, 7):
        down = 1 if rng.random() < 0.6 else -1
        start = (float(t), foot + (0.07 if down > 0 else 0.02))
        end = (float(t) + side * float(rng.uniform(0.04, 0.1)), start[1] + down * float(rng.uniform(0.05, 0.12)))
        canvas.stroke([[start, end]], 0.007, bark * np.float32(0.8), depth=0.22)
        leaves = [
            ellipse(end[0] + float(dx), end[1] + float(dy), 0.03, 0.016, float(rng.uniform(0, 3)), count=14)
            for dx, dy in rng.normal(0, 0.022, (5, 2))
        ]
        canvas.fill(leaves, leaf * np.float32(1.2), leaf * np.float32(0.7), depth=0.21)


def side_table(scene: Scene, put: Put, adult: float) -> float:
    """A small table under a thing beside people.

    Args:
        scene: The picture.
        put: The thing's place, as if it stood on the floor.
        adult: An adult's height there, in widths.

    Returns:
        The table's height, in widths.
    """
    canvas, mood = scene.canvas, scene.mood
    wood = mood.lit(rgb(_WOODS[1]), 0.6)
    high, half = 0.4 * adult, 0.2 * adult
    top, ident, thick = put.y - high, canvas.new_object(), 0.03 * adult
    dark = mix(mood.ambient, rgb("000000"), 0.85)
    canvas.fill(ellipse(put.x, put.y, 1.1 * half, 0.04 * adult), dark, alpha=0.5, soft=0.02 * adult)
    for side in (-0.9, 0.9):
        x = put.x + side * half
        canvas.fill(box(x - 0.016 * adult, top, x + 0.016 * adult, put.y), wood * np.float32(0.75),
                    wood * np.float32(0.4), depth=put.depth, ident=ident)  # fmt: skip
    canvas.fill(box(put.x - half, top, put.x + half, top + thick), wood * np.float32(0.8), wood * np.float32(0.5),
                depth=put.depth, ident=ident)  # fmt: skip
    canvas.fill(ellipse(put.x, top, 1.02 * half, 0.028 * adult), wood * np.float32(1.15), wood, depth=put.depth,
                ident=ident)  # fmt: skip
    return high


def frame(scene: Scene, put: Put) -> None:
    """What an instrument leans against: two legs behind it and two hooks below."""
    canvas, size = scene.canvas, put.size
    steel = scene.mood.lit(rgb("33333a"), 0.5)
    legs: list[Points] = [[(put.x, put.y - 0.62 * size), (put.x + side * 0.3 * size, put.y + 0.01)] for side in (-1, 1)]
    legs.append([(put.x - 0.2 * size, put.y - 0.08 * size), (put.x + 0.2 * size, put.y - 0.08 * size)])
    canvas.stroke(legs, max(0.024 * size, 0.004), steel, depth=put.depth + 0.01)


def rope(scene: Scene, put: Put, ground: float) -> None:
    """From above: a rope to the ceiling, outdoors to the beam of a frame that stands on the ground."""
    canvas, mood = scene.canvas, scene.mood
    top = put.y - 0.98 * put.size
    beam = -0.05
    if scene.outdoors:
        beam = max(0.06 * scene.tall, top - 0.12 * scene.tall)
        wood = mood.lit(rgb("5a4433"), 0.55)
        half = 0.36
        ident = canvas.new_object()
        for x in (put.x - half, put.x + half):
            canvas.fill(box(x - 0.02, beam, x + 0.02, ground), wood, wood * np.float32(0.5), depth=0.22, ident=ident)
        canvas.fill(
            box(put.x - half - 0.05, beam - 0.022, put.x + half + 0.05, beam + 0.022), wood * np.float32(1.1),
            wood * np.float32(0.7), depth=0.22, ident=ident,
        )  # fmt: skip
    canvas.stroke([[(put.x, beam), (put.x, top)]], 0.007, mood.lit(rgb("4a4038"), 0.5), depth=0.2)


def vase(scene: Scene, put: Put) -> None:
    """A vase for what would grow elsewhere, over the lower end of its stem."""
    canvas, mood, rng = scene.canvas, scene.mood, scene.rng("vase", put.number)
    clay = mood.lit(mix(rgb("c8d0d4"), mood.accent(int(rng.integers(4))), 0.35), 0.65)
    high, half = 0.36 * put.size, 0.12 * put.size
    x, y = put.x, put.y
    sides = [(0.55, 0.0), (1.0, 0.4), (0.62, 0.86), (0.72, 1.0)]
    outline = [(x - half * r, y - high * t) for r, t in sides] + [(x + half * r, y - high * t) for r, t in sides[::-1]]
    canvas.fill(
        smooth(outline, 6), clay * np.float32(1.1), clay * np.float32(0.6), depth=put.depth, ident=canvas.new_object()
    )
    canvas.fill(
        ellipse(x - 0.4 * half * mood.side, y - 0.5 * high, 0.14 * half, 0.22 * high), rgb("ffffff"), alpha=0.25
    )
