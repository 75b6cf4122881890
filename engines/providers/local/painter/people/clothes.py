"""The clothes of the body: torso, coats, skirts and what is sewn on them."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse, limb, smooth
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.frame import Frame, Spot, hull
from engines.providers.local.painter.people.look import Look

_HEM = {"coat": 0.1, "dress": 0.2, "robe": 0.92, "suit": -0.62, "jacket": -0.72, "leather": -0.78}
"""How far a garment reaches: along the shin (positive), or short of the knee along the thigh (negative)."""
_SEEN_PIXELS = 90


def torso(brush: Brush, frame: Frame, look: Look, behind: bool) -> None:
    """The upper body in its garment, skirt or coat included; sleeves are then shaded as it is at their height."""
    ident = brush.canvas.new_object()
    if look.legs == "skirt" and (look.outfit not in _HEM or look.outfit == "coat"):
        brush.part(_hang(frame, 0.42 if look.outfit == "coat" else 0.12, 1.25), look.lower)
    woman = look.sex == "woman" and look.age != "child"
    waist = 0.028 if woman else 0.012 if look.age != "old" else -0.004
    if look.outfit in ("coat", "hoodie", "robe", "sweater"):
        waist -= 0.014
    g = frame.girth
    hip = 0.034 if look.outfit not in ("hoodie", "sweater") else 0.04
    outline = [
        frame.joint("neck", -0.034 * g, 0.012),
        frame.between("neck", "s1", 0.5, 0.0, 0.018),
        frame.joint("s1", -0.024 * g, 0.012),
        frame.between("s1", "h1", 0.25, -0.006 * g),
        frame.between("s1", "h1", 0.64, (waist - 0.03) * g),
        frame.between("s1", "h1", 1.02, -hip * g),
        frame.between("s2", "h2", 1.02, hip * g),
        frame.between("s2", "h2", 0.64, (0.03 - waist) * g),
        frame.between("s2", "h2", 0.25, 0.006 * g),
        frame.joint("s2", 0.024 * g, 0.012),
        frame.between("neck", "s2", 0.5, 0.0, 0.018),
        frame.joint("neck", 0.034 * g, 0.012),
    ]
    cloth: list[Points] = [smooth(outline, 6)]
    if look.outfit in _HEM:
        cloth.append(_hang(frame, _HEM[look.outfit], 1.35 if look.outfit in ("dress", "robe") else 1.12))
    brush.part(cloth, look.upper, ident)
    brush.span = brush.spanned(cloth)
    if frame.unit * brush.canvas.width < _SEEN_PIXELS * 0.5:
        return
    _shade(brush, frame, look)
    if look.striped:
        _stripes(brush, frame, look)
    if not behind:
        _front(brush, frame, look)
    if look.legs == "trousers" and look.outfit in ("shirt", "top", "uniform"):
        belt = [frame.between("s1", "h1", 0.97, -0.03 * g), frame.between("s2", "h2", 0.97, 0.03 * g)]
        brush.line([belt], frame.r(0.022), look.lower * np.float32(0.55))


def _hang(frame: Frame, hem: float, flare: float) -> Points:
    """Cloth from the waist over the thighs, to a hem on the shins or above the knees."""
    shapes: list[Points] = []
    for side in "12":
        waist = frame.between("s" + side, "h" + side, 0.72)
        hip, knee = frame.joint("h" + side), frame.joint("k" + side)
        shapes += [
            ellipse(*waist, frame.r(0.03), frame.r(0.02), count=10),
            ellipse(*hip, frame.r(0.055), frame.r(0.05), count=14),
        ]
        if hem < 0:
            end = frame.between("h" + side, "k" + side, 1 + hem)
            shapes.append(ellipse(*end, frame.r(0.058) * flare, frame.r(0.012), count=10))
            continue
        end = frame.between("k" + side, "a" + side, hem)
        shapes += [ellipse(*knee, frame.r(0.055) * flare, frame.r(0.04), count=10)]
        shapes.append(ellipse(*end, frame.r(0.068) * flare, frame.r(0.014), count=10))
    return hull(shapes)


def _shade(brush: Brush, frame: Frame, look: Look) -> None:
    """Shadow on the side away from the light, folds at the waist."""
    far = "1" if brush.scene.mood.side * frame.facing > 0 else "2"
    out = -0.02 if far == "1" else 0.02
    dark = look.upper * np.float32(0.5)
    side = [
        frame.joint("s" + far, out, 0.0),
        frame.between("s" + far, "h" + far, 0.35, -out * 1.2),
        frame.between("s" + far, "h" + far, 0.7, -out * 1.4),
        frame.between("s" + far, "h" + far, 1.02, -out * 0.8),
        frame.between("s" + far, "h" + far, 1.02, out * 1.6),
        frame.between("s" + far, "h" + far, 0.5, out * 0.8),
    ]
    brush.mark(smooth(side, 5), dark, alpha=0.42, soft=frame.r(0.012))
    folds: list[Points] = [
        [frame.between("s" + far, "h" + far, t, out * 0.4), frame.between("s1", "h2", t + 0.08, 0.0)]
        for t in (0.6, 0.74)
    ]
    brush.line(folds, frame.r(0.006), dark, alpha=0.35)


def _stripes(brush: Brush, frame: Frame, look: Look) -> None:
    stripes: list[Points] = [
        [frame.between("s1", "h1", t, -0.012), frame.between("s2", "h2", t, 0.012)] for t in np.linspace(0.12, 0.95, 7)
    ]
    brush.line(stripes, frame.r(0.016), look.detail, alpha=0.9)


def _front(brush: Brush, frame: Frame, look: Look) -> None:
    """Collar, lapels, buttons, zip, belt."""
    g, detail = frame.girth, look.detail
    left, right = frame.joint("neck", -0.03 * g, 0.008), frame.joint("neck", 0.03 * g, 0.008)
    dark = look.upper * np.float32(0.62)
    middle = [frame.between("neck", "h1", t, 0.5 * frame.spread * t) for t in (0.06, 0.5, 1.0)]
    if look.outfit in ("jacket", "leather", "suit", "coat", "uniform"):
        deep = {"suit": 0.55, "coat": 0.42, "jacket": 0.35, "leather": 0.3, "uniform": 0.14}[look.outfit]
        point = frame.between("neck", "h1", deep, 0.5 * frame.spread * deep)
        under = look.detail if look.outfit != "leather" else look.skin
        brush.mark([left, right, point], under)
        if look.outfit == "suit":
            tie_end = frame.between("neck", "h1", 0.5, 0.25 * frame.spread)
            brush.mark(
                limb(frame.joint("neck", 0, -0.005), tie_end, frame.r(0.008), frame.r(0.013)),
                look.lower * np.float32(0.6),
            )
        for edge, out in ((left, -1), (right, 1)):
            lapel = [edge, frame.joint("neck", out * 0.062 * g, -0.035), point]
            brush.mark(lapel, dark, alpha=0.85)
        low = middle[2] if look.outfit not in _HEM else frame.between("k1", "k2", 0.5, 0.0, 0.09)
        brush.line([[point, middle[2], low]], frame.r(0.006), dark)
        spots = [frame.between("neck", "h1", t, 0.5 * frame.spread * t + 0.014) for t in (0.45, 0.62, 0.8)]
        if look.outfit != "leather":
            brush.mark([ellipse(*s, frame.r(0.008), frame.r(0.008), count=10) for s in spots], detail, alpha=0.9)
    elif look.outfit == "hoodie":
        brush.line([[middle[0], middle[2]]], frame.r(0.007), dark)
        strings: list[Points] = [
            [frame.joint("neck", s * 0.018, -0.02), frame.joint("neck", s * 0.022, -0.11)] for s in (-1, 1)
        ]
        brush.line(strings, frame.r(0.008), detail)
    elif look.outfit in ("sweater", "robe"):
        brush.line([[left, frame.joint("neck", 0.0, -0.012), right]], frame.r(0.022), dark)
    else:
        _neckline(brush, frame, look, detail)
    if look.outfit == "dress":
        belt = [frame.between("s1", "h1", 0.68, -0.004), frame.between("s2", "h2", 0.68, 0.004)]
        brush.line([belt], frame.r(0.024), detail)
        folds: list[Points] = [
            [frame.between("h1", "h2", t, 0, 0.0), frame.between("k1", "k2", t * 1.3 - 0.15)] for t in (0.1, 0.4, 0.75)
        ]
        brush.line(folds, frame.r(0.006), dark, alpha=0.4)


def _neckline(brush: Brush, frame: Frame, look: Look, detail: Colour) -> None:
    """A round neck with skin above it."""
    g, deep = frame.girth, 0.05 if look.outfit in ("top", "dress") else 0.022
    rim: list[Spot] = [
        frame.joint("neck", -0.033 * g, 0.01),
        frame.joint("neck", -0.018 * g, -deep * 0.75),
        frame.joint("neck", 0.0, -deep),
        frame.joint("neck", 0.018 * g, -deep * 0.75),
        frame.joint("neck", 0.033 * g, 0.01),
    ]
    brush.mark(rim, look.skin * np.float32(0.92))
    brush.line([rim], frame.r(0.007), detail, alpha=0.9)
