"""Arms, legs, hands and shoes."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse, limb, smooth
from engines.providers.local.painter.people import extras
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.frame import Frame, Spot, hull, tube
from engines.providers.local.painter.people.look import Look

_BARE_ARMS = frozenset({"shirt", "top", "dress"})
_WIDE = {
    "coat": 1.3, "jacket": 1.22, "leather": 1.2, "hoodie": 1.3, "sweater": 1.22, "robe": 1.6, "suit": 1.15,
}  # fmt: skip
"""How wide sleeves are."""
_SHOULDER = 1.5
"""The part of an arm that is sewn to the trunk, in thicknesses of the arm about its joint."""
_FINGERS_PIXELS = 110
"""A body's height in pixels, above which single fingers are seen."""


def _thick(frame: Frame, look: Look) -> float:
    """Half an arm's thickness at the shoulder, in widths."""
    return frame.r(0.034) * (0.88 if look.sex == "woman" else 1.0)


def cast_on_trunk(brush: Brush, frame: Frame, look: Look, side: str, trunk: tuple[int, int]) -> None:
    """The shadow of an arm on the trunk, whose objects are from the first number to the last.

    It tells a sleeve from a trunk of its colour, and begins where they part.
    """
    s, e, w = (frame.joint(name + side) for name in "sew")
    full, down = _thick(frame, look) * (0.5 + 0.5 * _WIDE.get(look.outfit, 1.0)), frame.r(0.014)
    shapes = [limb(_between(e, w, 0.15), w, full * 1.5, full * 1.25)]
    if not frame.crosses(side):
        shapes = [limb(_between(s, e, 0.55), e, full * 0.7, full * 1.15), limb(e, w, full * 1.15, full)]
    canvas = brush.canvas
    stencil = canvas.stencil([np.asarray(shape) + np.array([0.0, down]) for shape in shapes], down)
    if stencil is not None:
        under = canvas.ident[stencil.rows, stencil.columns]
        stencil.mask[(under < trunk[0]) | (under > trunk[1])] = 0
        canvas.apply(stencil, brush.lit(look.upper * np.float32(0.3)), alpha=0.55)


def sew_shoulders(brush: Brush, frame: Frame, look: Look, first: int) -> None:
    """Join the arms to the trunk, all of whose objects have numbers from `first` on."""
    reach = _SHOULDER * _thick(frame, look) * (0.45 + 0.55 * _WIDE.get(look.outfit, 1.0))
    discs = [ellipse(*frame.joint(name), reach, reach, count=24) for name in ("s1", "s2")]
    brush.canvas.sew(discs, first, brush.canvas.objects)


def arm(brush: Brush, frame: Frame, look: Look, side: str, shade: float) -> None:
    """An arm from the shoulder to the finger tips; `shade` darkens the far one."""
    s, e, w = (frame.joint(name + side) for name in "sew")
    toned = np.float32(shade)
    skin, cloth = look.skin * toned, look.upper * toned
    wide = _WIDE.get(look.outfit, 1.0)
    full = _thick(frame, look)
    ident = brush.canvas.new_object()
    _hand(brush, frame, w, e, extras.hands(look) * toned, ident)
    if extras.padded(look):
        fist = _before(w, e, -0.034 * frame.unit)
        brush.part(limb(w, fist, frame.r(0.034), frame.r(0.044)), extras.hands(look) * toned, ident)
    if look.outfit in _BARE_ARMS:
        brush.part(tube([s, e, w], [full, full * 0.78, full * 0.56]), skin, ident)
        sleeve = 0.42 if look.outfit != "top" else 0.16
        end = (s[0] + (e[0] - s[0]) * sleeve, s[1] + (e[1] - s[1]) * sleeve)
        brush.part(limb(_between(s, e, 0.08), end, full * 1.12, full * 1.15), cloth, ident)
        return
    cuff = full * (0.95 if look.outfit in ("robe", "coat") else 0.74)
    start = _between(s, e, 0.14)
    end = _before(w, e, 0.02 * frame.unit)
    brush.part(tube([start, e, end], [full * (0.45 + 0.55 * wide), full * 0.86 * wide, cuff * wide]), cloth, ident)
    if look.outfit in ("sweater", "hoodie", "jacket", "leather", "uniform", "coat", "suit"):
        band = np.array(end) - np.array(_before(end, e, 1.0))
        across = np.array([-band[1], band[0]]) * cuff * wide
        low, high = np.array(_before(end, e, -0.012 * frame.unit)), np.array(_before(end, e, 0.008 * frame.unit))
        material = look.detail * toned if look.outfit == "suit" else cloth * np.float32(0.72)
        brush.mark([low - across, low + across, high + across, high - across], material, alpha=0.85)
    if frame.unit * brush.canvas.width > _FINGERS_PIXELS:
        inner = _before(e, s, -0.006 * frame.unit)
        folds: list[Points] = [
            [_before(inner, s, d * frame.unit), (e[0] + full * 0.5, e[1] - d * frame.unit)] for d in (0.0, 0.02)
        ]
        brush.line(folds, frame.r(0.004), cloth * np.float32(0.55), alpha=0.4)


def _between(start: Spot, end: Spot, share: float) -> Spot:
    """A point on a bone."""
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _before(end: Spot, start: Spot, reach: float) -> Spot:
    """A point `reach` before the end of a bone."""
    along = np.array(end) - np.array(start)
    x, y = (np.array(end) - along / max(float(np.hypot(*along)), 1e-6) * reach).tolist()
    return x, y


def _hand(brush: Brush, frame: Frame, wrist: Spot, elbow: Spot, skin: Colour, ident: int) -> None:
    """A relaxed hand with a thumb; fingers once they would be seen."""
    size = 0.078 * frame.unit * (1.12 if frame.unit < 9 * frame.head * 1.6 else 1.0)
    along = np.array(wrist) - np.array(elbow)
    along /= max(float(np.hypot(*along)), 1e-6)
    across = np.array([-along[1], along[0]]) * frame.facing

    def at(forward: float, aside: float) -> Spot:
        x, y = (np.array(wrist) + along * forward * size + across * aside * size).tolist()
        return x, y

    palm = smooth([at(-0.15, -0.2), at(0.15, -0.25), at(0.52, -0.25), at(0.58, 0.22), at(0.2, 0.27), at(-0.15, 0.2)], 5)
    thumb = tube([at(0.1, 0.2), at(0.36, 0.42), at(0.58, 0.4)], [0.1 * size, 0.09 * size, 0.06 * size], 5)
    shapes: list[Points] = [palm, *thumb]
    fingers = [(-0.19, 0.86), (-0.065, 0.97), (0.06, 0.94), (0.17, 0.82)]
    if frame.unit * brush.canvas.width < _FINGERS_PIXELS:
        shapes.append(hull([limb(at(0.45, 0.0), at(0.85, -0.02), 0.22 * size, 0.13 * size)]))
        brush.part(shapes, skin, ident)
        return
    for aside, reach in fingers:
        bend = [at(0.48, aside), at(0.48 + (reach - 0.48) * 0.6, aside * 1.12), at(reach, aside * 0.95 + 0.03)]
        shapes += tube(bend, [0.075 * size, 0.068 * size, 0.05 * size], 5)
    brush.part(shapes, skin, ident)
    gaps: list[Points] = [[at(0.55, a), at(0.8, a * 1.05)] for a in (-0.128, 0.0, 0.115)]
    brush.line(gaps, 0.022 * size, skin * np.float32(0.6), alpha=0.6)


def leg(brush: Brush, frame: Frame, look: Look, side: str, shade: float) -> None:
    """A leg with its shoe."""
    h, k, a = (frame.joint(name + side) for name in "hka")
    toned = np.float32(shade)
    bare = look.legs != "trousers"
    cover = look.skin * toned if bare else look.lower * toned
    thigh = frame.r(0.054) * (0.95 if bare else 1.08)
    _shoe(brush, frame, look, k, a, shade)
    ident = brush.canvas.new_object()
    calf = frame.r(0.037) * (0.9 if bare else 1.12)
    ankle = frame.r(0.022) * (0.95 if bare else 1.55)
    brush.part(tube([h, k, a], [thigh, calf * 1.05, ankle], 14), cover, ident)
    if look.legs == "shorts":
        end = (h[0] + (k[0] - h[0]) * 0.75, h[1] + (k[1] - h[1]) * 0.75)
        brush.part(limb(h, end, thigh * 1.12, thigh * 1.05), look.lower * toned, ident)
    if not bare and frame.unit * brush.canvas.width > _FINGERS_PIXELS:
        dark = cover * np.float32(0.6)
        folds: list[Points] = [
            [(k[0] - thigh * 0.6, k[1] + d), (k[0] + thigh * 0.25, k[1] + d - frame.r(0.008))]
            for d in (0.0, frame.r(0.02))
        ]
        brush.line(folds, frame.r(0.005), dark, alpha=0.45)
        brush.line(
            [[(a[0] - ankle, a[1] - frame.r(0.01)), (a[0] + ankle * 0.6, a[1] - frame.r(0.004))]],
            frame.r(0.005),
            dark,
            0.4,
        )


def _shoe(brush: Brush, frame: Frame, look: Look, knee: Spot, ankle: Spot, shade: float) -> None:
    size = 0.058 * frame.unit * (1.15 if look.age == "child" else 1.0)
    down = np.array(ankle) - np.array(knee)
    down /= max(float(np.hypot(*down)), 1e-6)
    # The foot stands across the shin, and flat on the ground when the shin is upright.
    forward = np.array([-down[1], down[0]])
    forward *= 1 if forward[0] * frame.facing >= 0 else -1
    if down[1] > 0.8:
        forward, down = np.array([float(frame.facing), 0.0]), np.array([0.0, 1.0])

    def at(f: float, d: float) -> Spot:
        x, y = (np.array(ankle) + forward * f * size + down * d * size).tolist()
        return x, y

    sole = 0.6
    outline = [
        at(-0.5, -0.25),
        at(0.32, -0.3),
        at(0.75, 0.12),
        at(1.25, 0.25),
        at(1.36, sole),
        at(-0.52, sole),
        at(-0.58, 0.2),
    ]
    colour = look.shoes * np.float32(shade)
    brush.part(smooth(outline, 5), colour)
    brush.mark(
        np.array([at(-0.56, sole - 0.12), at(1.33, sole - 0.12), at(1.34, sole + 0.04), at(-0.54, sole + 0.04)]),
        colour * np.float32(0.5),
    )
