"""Figures from head to foot: a skeleton, dressed by the figure's traits, modelled by light from the scene."""

from collections.abc import Callable

import cv2
import numpy as np

from engines.providers.local.painter.body import Body, Part
from engines.providers.local.painter.canvas import Canvas, Colour, Points, Stencil, box, ellipse, limb, smooth
from engines.providers.local.painter.creatures import bird, quadruped
from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.portrait import paint_back_hair, paint_head
from engines.providers.local.painter.poses import Skeleton, skeleton
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.small_head import small_head
from engines.providers.local.painter.traits import Traits, traits_for

_HAND = 0.06  # from the wrist to the finger tips
_FACE_PIXELS = 9  # half a head's width, above which a blank face would show


def paint_figure(scene: Scene, body: Body) -> None:
    """A figure with its shadow on the ground, or its mirror image where the ground is wet."""
    if body.figure.kind == "animal":
        parts = quadruped(body)
    elif body.figure.kind == "bird":
        parts = bird(body)
    else:
        parts = _human(scene, body)
    _shadow(scene, body)
    head = _large_head(scene, body)
    if head is not None and body.figure.kind == "person":
        paint_back_hair(scene, body.figure, *head)
    shapes = [shape for shape, _ in parts]
    whole = scene.canvas.stencil(shapes)
    if whole is None:
        return
    # White clothes in full light stay below white, so that only lamps bloom.
    tame = np.float32(0.8)
    for group, colour in _coalesced(parts):
        lit = scene.mood.far(scene.mood.lit(colour, 0.75) * tame, body.depth * 0.35)
        scene.canvas.fill(group, lit, depth=body.depth)
    model(scene, whole, strength=0.5, rim=0.75)
    _glowing_parts(scene, body)
    if head is not None:
        paint_head(scene, body.figure, *head)
    if scene.mood.wet > 0.3:
        _mirror(scene.canvas, whole, body, scene.mood.wet)


def head_rows(body: Body) -> tuple[float, float]:
    """From where to where a person's head reaches, hair and all, in widths from the top."""
    bones, tall = skeleton(body.figure.pose, body.variant), body.size * traits_for(body.figure.seed).height
    eyes, half = body.y - bones["head"][1] * tall, 0.048 * body.size
    return eyes - 2.2 * half, eyes + 1.7 * half


def highest(body: Body) -> float:
    """How high a body reaches, a raised hand for instance, in widths from the top."""
    if body.figure.kind in ("animal", "bird"):
        return body.y - body.size
    tall = body.size * traits_for(body.figure.seed).height
    bones = skeleton(body.figure.pose, body.variant)
    return body.y - max(y + (_HAND if name.startswith("w") else 0) for name, (_, y) in bones.items()) * tall


def _coalesced(parts: list[Part]) -> list[tuple[list[Points], Colour]]:
    """Neighbours of one colour as one shape: an outline drawn at a knee would make a puppet of the figure."""
    groups: list[tuple[list[Points], Colour]] = []
    for shape, colour in parts:
        if groups and np.array_equal(groups[-1][1], colour):
            groups[-1][0].append(shape)
        else:
            groups.append(([shape], colour))
    return groups


def _large_head(scene: Scene, body: Body) -> tuple[float, float, float] | None:
    """Where a face is drawn feature by feature, as it must be once it is large: x, y, half its width."""
    unit = 0.048 * body.size
    if unit * scene.canvas.width < _FACE_PIXELS or body.figure.kind not in ("person", "android"):
        return None
    looks = traits_for(body.figure.seed)
    x, y = skeleton(body.figure.pose, body.variant)["head"]
    return (
        body.x + body.facing * x * body.size * looks.build,
        body.y - (y + 0.004) * body.size * looks.height,
        unit,
    )


def _human(scene: Scene, body: Body) -> list[Part]:
    looks = traits_for(body.figure.seed)
    bones = skeleton(body.figure.pose, body.variant)
    skin, hair, upper, lower, shoe = looks.skin, looks.hair, looks.upper, looks.lower, rgb("1c1a20")
    if body.figure.kind == "android":
        skin, upper, lower = rgb("cfd6de"), mix(looks.upper, rgb("aeb8c6"), 0.55), rgb("59616e")
        shoe = rgb("3b414c")
    if body.figure.kind == "astronaut":
        upper = lower = rgb("e9e6e0")
        skin, shoe = rgb("e9e6e0"), rgb("8d8f96")

    def at(x: float, y: float) -> tuple[float, float]:
        return body.x + body.facing * x * body.size * looks.build, body.y - y * body.size * looks.height

    def joint(name: str) -> tuple[float, float]:
        return at(*bones[name])

    unit = body.size * (1.25 if body.figure.kind == "astronaut" else 1.0)

    def arm(side: str, dark: float) -> list[Part]:
        sleeve = upper * np.float32(dark)
        bare = looks.outfit in ("top", "dress") and body.figure.kind == "person"
        cover = skin * np.float32(dark) if bare else sleeve
        (ex, ey), (wx, wy) = joint("e" + side), joint("w" + side)
        along = np.array([wx - ex, wy - ey]) / max(float(np.hypot(wx - ex, wy - ey)), 1e-6) * unit
        across = np.array([-along[1], along[0]]) * body.facing
        tip, root = (wx + along[0] * 0.055, wy + along[1] * 0.055), (wx + along[0] * 0.012, wy + along[1] * 0.012)
        thumb = (root[0] + along[0] * 0.028 + across[0] * 0.024, root[1] + along[1] * 0.028 + across[1] * 0.024)
        return [
            (limb(root, thumb, 0.011 * unit, 0.008 * unit), skin * np.float32(dark)),
            (limb((wx, wy), tip, 0.021 * unit, 0.014 * unit), skin * np.float32(dark)),
            (limb(joint("e" + side), joint("w" + side), 0.027 * unit, 0.02 * unit), cover),
            (
                limb(joint("s" + side), joint("e" + side), 0.037 * unit, 0.028 * unit),
                sleeve if looks.outfit != "dress" else cover,
            ),
        ]

    def leg(side: str, dark: float) -> list[Part]:
        ankle = joint("a" + side)
        toe = (ankle[0] + body.facing * 0.055 * unit, ankle[1] + 0.018 * unit)
        bare = looks.outfit == "dress" and body.figure.kind == "person"
        cover = (skin if bare else lower) * np.float32(dark)
        return [
            (limb((ankle[0], ankle[1] + 0.01 * unit), toe, 0.026 * unit, 0.017 * unit), shoe),
            (limb(joint("k" + side), ankle, 0.043 * unit, 0.026 * unit), cover),
            (limb(joint("h" + side), joint("k" + side), 0.06 * unit, 0.044 * unit), cover),
        ]

    parts = arm("1", 0.72) + leg("1", 0.74) + leg("2", 1.0)
    parts += _torso(bones, looks, body, at, upper, lower, unit)
    neck = limb(joint("neck"), joint("head"), 0.03 * unit, 0.028 * unit)
    parts.append((neck, skin * np.float32(0.8)))
    if _large_head(scene, body) is None:
        parts += small_head(joint("head"), body, skin, hair, unit)
    parts += arm("2", 1.0)
    if body.figure.kind == "astronaut":
        s = joint("neck")
        pack = box(
            s[0] - body.facing * 0.19 * unit, s[1] + 0.02 * unit, s[0] - body.facing * 0.09 * unit, s[1] + 0.26 * unit
        )
        parts.insert(0, (pack, rgb("b9bcc4")))
    if scene.subject.has("umbrella"):
        parts = _umbrella(joint("w2"), joint("head"), looks, unit) + parts
    if scene.subject.has("guitar"):
        parts += _guitar(at(0, 0.58), body.facing, unit)
    return parts


def _torso(
    bones: Skeleton,
    looks: Traits,
    body: Body,
    at: Callable[[float, float], tuple[float, float]],
    upper: Colour,
    lower: Colour,
    unit: float,
) -> list[Part]:
    def mid(a: str, b: str, t: float, out: float) -> tuple[float, float]:
        (ax, ay), (bx, by) = bones[a], bones[b]
        return at(ax + (bx - ax) * t + out, ay + (by - ay) * t)

    neck = bones["neck"]
    base = [
        at(neck[0] - 0.035, neck[1] - 0.005),
        mid("s1", "h1", -0.03, -0.012),
        mid("s1", "h1", 0.28, -0.008),
        mid("s1", "h1", 0.66, -0.012),
        mid("s1", "h1", 0.95, -0.04),
        mid("s1", "h1", 1.12, -0.044),
        mid("s2", "h2", 1.12, 0.044),
        mid("s2", "h2", 0.95, 0.04),
        mid("s2", "h2", 0.66, 0.012),
        mid("s2", "h2", 0.28, 0.008),
        mid("s2", "h2", -0.03, 0.012),
        at(neck[0] + 0.035, neck[1] - 0.005),
    ]
    parts: list[Part] = [(smooth(base, 10), upper)]
    if body.figure.kind != "person" or body.figure.pose == "sit":
        return parts
    sway = (bones["k1"][0] + bones["k2"][0]) / 2
    if looks.outfit in ("dress", "coat"):
        hem = 0.24 if looks.outfit == "dress" else 0.3
        wide = 0.15 if looks.outfit == "dress" else 0.115
        if body.figure.pose == "run":
            hem, wide = 0.36, 0.1  # in a sprint the cloth flies up with the thighs
        left, right = bones["h1"][0], bones["h2"][0]
        skirt = [
            at(left - 0.03, bones["h1"][1] + 0.1),
            at(left - 0.068, bones["h1"][1] - 0.01),
            at(sway - wide - 0.01, hem),
            at(sway, hem - 0.015),
            at(sway + wide + 0.01, hem),
            at(right + 0.068, bones["h2"][1] - 0.01),
            at(right + 0.03, bones["h2"][1] + 0.1),
        ]
        parts.insert(0, (smooth(skirt, 10), upper))
    if looks.outfit in ("jacket", "suit", "coat"):
        lapel = [at(neck[0] - 0.028, neck[1] - 0.01), at(neck[0] + 0.028, neck[1] - 0.01), mid("h1", "h2", 0.55, 0.0)]
        parts.append((np.array(lapel), looks.detail))
    elif looks.outfit == "dress":
        belt = [
            mid("s1", "h1", 0.64, -0.009),
            mid("s2", "h2", 0.64, 0.009),
            mid("s2", "h2", 0.76, 0.018),
            mid("s1", "h1", 0.76, -0.018),
        ]
        parts.append((np.array(belt), looks.detail))
    return parts


def _umbrella(hand: tuple[float, float], head: tuple[float, float], looks: Traits, unit: float) -> list[Part]:
    top = (head[0] + 0.02 * unit, head[1] - 0.25 * unit)
    arc = [
        (top[0] + np.cos(a) * 0.3 * unit, top[1] + 0.13 * unit - np.sin(a) * 0.17 * unit)
        for a in np.linspace(np.pi, 0, 17)
    ]
    scallop = [
        (top[0] + np.cos(a) * 0.3 * unit, top[1] + 0.13 * unit - abs(np.sin(a * 4)) * 0.03 * unit)
        for a in np.linspace(0, np.pi, 17)
    ]
    return [(limb(hand, top, 0.005 * unit, 0.005 * unit), rgb("2a2a30")), (np.array(arc + scallop), looks.detail)]


def _guitar(centre: tuple[float, float], f: int, unit: float) -> list[Part]:
    x, y = centre
    return [
        (
            limb(
                (x + f * 0.05 * unit, y - 0.01 * unit),
                (x + f * 0.33 * unit, y - 0.12 * unit),
                0.011 * unit,
                0.008 * unit,
            ),
            rgb("5b3a22"),
        ),
        (ellipse(x - f * 0.055 * unit, y + 0.02 * unit, 0.075 * unit, 0.062 * unit), rgb("b5542a")),
        (ellipse(x + f * 0.025 * unit, y - 0.005 * unit, 0.058 * unit, 0.05 * unit), rgb("b5542a")),
        (ellipse(x - f * 0.01 * unit, y + 0.005 * unit, 0.02 * unit, 0.02 * unit), rgb("2a1710")),
    ]


def _glowing_parts(scene: Scene, body: Body) -> None:
    """What shines on an android: visor, chest, seams."""
    if body.figure.kind != "android" or body.figure.behind:
        return
    looks, bones = traits_for(body.figure.seed), skeleton(body.figure.pose, body.variant)
    colour, f = scene.mood.accent(1), body.facing

    def at(name: str, dx: float = 0.0, dy: float = 0.0) -> tuple[float, float]:
        x, y = bones[name]
        return body.x + f * (x + dx) * body.size * looks.build, body.y - (y + dy) * body.size * looks.height

    canvas = scene.canvas
    canvas.shine_lines([[at("head", 0.012, 0.004), at("head", 0.042, 0.004)]], 0.012 * body.size, colour, 1.6)
    seams: list[Points] = [
        [at("e2"), at("w2")],
        [at("k2", 0.02), at("a2", 0.01, 0.03)],
        [at("h2", -0.1, 0.05), at("h2", 0.02, 0.05)],
    ]
    canvas.shine_lines(seams, 0.008 * body.size, colour, 0.9)
    heart = at("neck", 0.0, -0.12)
    canvas.glow(*heart, 0.12 * body.size, colour, 1.2)
    canvas.glow(*at("head", 0.03, 0.0), 0.16 * body.size, colour, 0.6)


def _shadow(scene: Scene, body: Body) -> None:
    """A pool of shadow under the feet and, by day, a long one away from the sun."""
    if body.figure.kind == "bird" or body.y > scene.tall + body.size * 0.1:
        return
    canvas, mood = scene.canvas, scene.mood
    dark = mix(mood.ambient, rgb("000000"), 0.85)
    canvas.fill(ellipse(body.x, body.y, body.size * 0.2, body.size * 0.028), dark, alpha=0.6, soft=body.size * 0.012)
    if mood.night < 0.7 and mood.thick < 0.7:
        reach = body.size * (0.9 if scene.subject.time == "day" else 1.5) * -mood.side
        slant = [
            (body.x - 0.07 * body.size, body.y),
            (body.x + 0.07 * body.size, body.y),
            (body.x + reach + 0.06 * body.size, body.y + body.size * 0.3),
            (body.x + reach - 0.06 * body.size, body.y + body.size * 0.3),
        ]
        canvas.fill(slant, dark, alpha=0.38, soft=body.size * 0.012)


def _mirror(canvas: Canvas, whole: Stencil, body: Body, wet: float) -> None:
    """The figure upside down in wet ground."""
    (foot,) = canvas.place([(body.x, body.y + 0.01 * body.size)])
    row = int(foot[1])
    rows = min(row - whole.y0, canvas.height - row)
    if rows < 4 or row <= whole.y0:
        return
    source = canvas.light[row - rows : row, whole.columns][::-1]
    mask = np.zeros((rows, whole.mask.shape[1]), np.float32)
    part = whole.mask[max(0, row - rows - whole.y0) : row - whole.y0][::-1]
    mask[: len(part)] = part / np.float32(255)
    fade = np.linspace(0.5 * wet, 0.05, rows, dtype=np.float32)[:, None]
    sigma = max(0.6, rows * 0.012)
    blurred = cv2.GaussianBlur(source * mask[:, :, None], (0, 0), sigmaX=sigma * 0.5, sigmaY=sigma * 2)
    cover = cv2.GaussianBlur(mask, (0, 0), sigmaX=sigma * 0.5, sigmaY=sigma * 2)[:, :, None] * fade[:, :, None]
    target = canvas.light[row : row + rows, whole.columns]
    target *= 1 - cover
    target += blurred * fade[:, :, None]
