"""Faces: planes, eyes, nose, mouth, the marks of age, glasses."""

import numpy as np

from engines.providers.local.painter.canvas import Points, ellipse, smooth
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter, open_curve

_SIMPLE_PIXELS = 4.5
"""Half a head's width in pixels, below which a face is only light and shadow."""
_FINE_PIXELS = 13.0
"""The same, above which lids, lips and wrinkles are drawn."""
_DARK = rgb("1d1418")


def eye_level(look: Look) -> float:
    """Where the eyes are, in a sitter's units."""
    return 0.14 if look.age == "child" else 0.04


def mouth_level(look: Look) -> float:
    """Where the lips meet, in a sitter's units."""
    return {"child": 0.82, "teen": 0.9, "adult": 0.93, "old": 0.96}[look.age]


def planes(brush: Brush, s: Sitter, look: Look) -> None:
    """Soft shadows of sockets, nose and chin, warm cheeks."""
    skin, soft, e = look.skin, s.unit * 0.1, eye_level(look)
    dark = mix(skin * np.float32(0.6), rgb("5a2a24") * skin, 0.25)
    away = -brush.scene.mood.side
    side = [
        (away * 0.35, -1.2),
        (away * 1.0, -0.4),
        (away * 0.98, 0.5),
        (away * 0.62, 1.35),
        (away * 0.5, 0.6),
        (away * 0.62, 0.0),
    ]
    brush.mark(s.curve(*side), dark, alpha=0.3, soft=soft * 1.6)
    sockets = [
        s.curve((k * 0.2, e - 0.12), (k * 0.44, e - 0.26), (k * 0.7, e - 0.1), (k * 0.44, e + 0.15), feature=1)
        for k in (-1.0, 1.0)
    ]
    brush.mark(sockets, dark, alpha=0.26 if look.age != "old" else 0.42, soft=soft)
    if s.unit * brush.canvas.width < _SIMPLE_PIXELS:
        return
    warm = mix(skin, rgb("e2573f"), 0.4 if look.age != "old" else 0.28)
    cheeks = [
        s.curve((k * 0.36, 0.42), (k * 0.6, 0.34), (k * 0.7, 0.56), (k * 0.46, 0.68), feature=0.8) for k in (-1.0, 1.0)
    ]
    brush.mark(cheeks, warm, alpha=0.34, soft=soft)
    long = 0.5 if look.age == "child" else 0.62 if look.sex == "man" or look.age == "old" else 0.56
    nose = [
        (0.02, e),
        (0.02 + 0.12 * away, 0.2),
        (0.02 + 0.23 * away, long - 0.06),
        (0.1 * away, long + 0.03),
        (0.02, long - 0.1),
    ]
    brush.mark(s.curve(*nose, feature=1.15), dark, alpha=0.42 if look.age != "child" else 0.25, soft=soft * 0.4)
    brush.mark(
        s.curve((-0.045, 0.0), (0.045, 0.0), (0.07, long - 0.14), (-0.07, long - 0.14), feature=1.1),
        skin * np.float32(1.2),
        alpha=0.4,
        soft=soft * 0.4,
    )
    brush.mark(s.curve((-0.26, 1.13), (0.26, 1.13), (0.0, 1.22), feature=1), dark, alpha=0.35, soft=soft * 0.6)


def features(brush: Brush, s: Sitter, look: Look, expression: float, *, singing: bool, closed: bool) -> None:
    """Brows, eyes, nostrils, mouth, wrinkles; less of them in a small face."""
    pixels = s.unit * brush.canvas.width
    if pixels < _SIMPLE_PIXELS * 0.55:
        return
    fine = pixels >= _FINE_PIXELS
    for k in (-1.0, 1.0):
        _brow(brush, s, look, k, expression)
        _eye(brush, s, look, k, fine=fine, closed=closed or expression > 0.9)
    if fine:
        flare = 0.11 if look.sex == "man" else 0.09
        low = 0.47 if look.age == "child" else 0.57
        nostrils = [
            ellipse(*s.spot(k * flare, low, feature=1.15), 0.042 * s.unit, 0.024 * s.unit, count=12)
            for k in (-1.0, 1.0)
        ]
        brush.mark(nostrils, look.skin * np.float32(0.36), alpha=0.6)
    _mouth(brush, s, look, expression, singing=singing, fine=fine)
    if look.age == "old" and pixels >= _SIMPLE_PIXELS * 1.4:
        _wrinkles(brush, s, look)
    if look.age == "child" and fine and float(look.skin.mean()) > 0.6:
        rng = brush.scene.rng("freckles", round(float(look.skin.sum()) * 1000))
        dots = [
            ellipse(
                *s.spot(float(rng.uniform(-0.55, 0.55)), 0.32 + float(rng.uniform(0, 0.18)), feature=1),
                0.014 * s.unit,
                0.014 * s.unit,
                count=6,
            )
            for _ in range(14)
        ]
        brush.mark(dots, look.skin * np.float32(0.68), alpha=0.55)


def _brow(brush: Brush, s: Sitter, look: Look, k: float, expression: float) -> None:
    e = eye_level(look)
    rise, sad = 0.03 * expression, max(0.0, -expression) * 0.09
    thick = 0.09 if look.sex == "man" else 0.075 if look.age == "old" else 0.045
    inner, outer = e - 0.31 - rise - sad, e - 0.29 - rise + sad * 0.6
    brow = s.at(
        (k * 0.2, inner), (k * 0.45, e - 0.41 - rise), (k * 0.72, outer), (k * 0.45, e - 0.41 - rise + thick),
        (k * 0.21, inner + thick), feature=1,
    )  # fmt: skip
    brush.mark(smooth(brow, 5), look.brows, alpha=0.85, soft=0.0008)


def _eye(brush: Brush, s: Sitter, look: Look, k: float, *, fine: bool, closed: bool) -> None:
    big = (1.35 if brush.scene.look.big_eyes else 1.0) * {"child": 1.28, "teen": 1.12, "adult": 1.0, "old": 0.88}[
        look.age
    ]
    big *= 1.08 if look.sex == "woman" else 1.0
    e, x = eye_level(look), k * 0.44
    w, h = 0.2 * big**0.55, 0.105 * big**1.3
    if closed:
        lid = s.at((x - w, e), (x - w * 0.4, e + 0.07), (x + w * 0.4, e + 0.07), (x + w, e), feature=1)
        brush.line([open_curve(lid)], s.unit * 0.055, _DARK, alpha=0.9)
        return
    centre = s.spot(x + 0.03 * s.turn, e + 0.01, feature=1)
    if not fine:
        brush.mark(ellipse(*centre, w * 0.75 * s.unit, h * 0.8 * s.unit, count=14), rgb("d8d0cc"), alpha=0.6)
        brush.mark(ellipse(*centre, w * 0.46 * s.unit, h * 1.05 * s.unit, count=14), _DARK, alpha=0.95)
        return
    white = s.curve(
        (x - w, e + 0.02), (x - w * 0.45, e - h * 0.8), (x + w * 0.35, e - h * 0.82), (x + w, e - 0.005),
        (x + w * 0.4, e + h * 0.68), (x - w * 0.4, e + h * 0.7), feature=1,
    )  # fmt: skip
    brush.mark(white, rgb("e6e0da") * np.float32(0.86))
    r = h * 1.02 * s.unit
    iris = mix(mix(rgb("4a3020"), rgb("3a6a8a"), float(np.clip(look.skin.mean() * 2.2 - 1.1, 0, 1))), look.brows, 0.2)
    for radius, colour in (
        (r, iris * np.float32(0.8)),
        (r * 0.78, iris * np.float32(1.35)),
        (r * 0.48, _DARK * np.float32(0.6)),
    ):
        # Cut off by the lids: a circle between two levels.
        low, high = (s.spot(x, e + dy, feature=1)[1] for dy in (h * 0.7, -h * 0.78))
        circle = ellipse(*centre, radius, radius, count=24)
        circle[:, 1] = np.clip(circle[:, 1], min(low, high), max(low, high))
        brush.mark(circle, colour)
    shade = s.curve(
        (x - w, e + 0.0),
        (x - w * 0.45, e - h * 0.85),
        (x + w * 0.35, e - h * 0.88),
        (x + w, e - 0.02),
        (x, e - h * 0.3),
        feature=1,
    )
    brush.mark(shade, _DARK, alpha=0.28, soft=s.unit * 0.015)
    light = -brush.scene.mood.side
    brush.canvas.fill(
        ellipse(centre[0] - light * r * 0.35, centre[1] - r * 0.38, r * 0.24, r * 0.24, count=12),
        rgb("ffffff"),
        alpha=0.92,
    )
    lid = s.at(
        (x - w * 1.04, e + 0.035),
        (x - w * 0.5, e - h * 0.8),
        (x + w * 0.3, e - h * 0.86),
        (x + w * 1.04, e - 0.03),
        feature=1,
    )
    lashes = 0.062 if look.sex == "woman" else 0.042
    brush.line([open_curve(lid)], s.unit * lashes, _DARK, alpha=0.92)
    crease = s.at((x - w * 0.9, e - h * 1.15), (x, e - h * 1.75), (x + w * 0.9, e - h * 1.2), feature=1)
    brush.line([crease], s.unit * 0.02, look.skin * np.float32(0.5), alpha=0.5)
    lower = s.at((x - w * 0.7, e + h * 0.6), (x, e + h * 0.85), (x + w * 0.75, e + h * 0.5), feature=1)
    brush.line([lower], s.unit * 0.018, look.skin * np.float32(0.5), alpha=0.5)


def _mouth(brush: Brush, s: Sitter, look: Look, expression: float, *, singing: bool, fine: bool) -> None:
    y = mouth_level(look)
    wide = {"child": 0.24, "teen": 0.27, "adult": 0.3, "old": 0.29}[look.age] + 0.05 * max(0.0, expression)
    up = -0.075 * expression
    red = 0.5 if look.sex == "woman" and look.age != "child" else 0.26 if look.age == "child" else 0.14
    lips = mix(look.skin * np.float32(0.74), rgb("a8283a"), red)
    if not fine:
        line = s.at((-wide, y + up), (-wide * 0.4, y + 0.03), (wide * 0.4, y + 0.03), (wide, y + up), feature=1)
        if singing:
            brush.mark(
                ellipse(*s.spot(0.0, y + 0.08, feature=1), 0.17 * s.unit, 0.16 * s.unit, count=14),
                rgb("3a1014"),
                alpha=0.9,
            )
            return
        brush.line(
            [open_curve(line)], max(s.unit * 0.07, 0.8 / brush.canvas.width), lips * np.float32(0.62), alpha=0.85
        )
        return
    gap = 0.17 if singing else 0.1 if expression > 0.6 else 0.0
    full = 0.11 if look.sex == "woman" else 0.06
    left, right = (-wide, y + up), (wide, y + up)
    if gap:
        brush.mark(
            s.curve(
                left,
                (0.0, y - 0.03),
                right,
                (wide * 0.5, y + gap),
                (0.0, y + gap * 1.25),
                (-wide * 0.5, y + gap),
                feature=1,
            ),
            rgb("3a0f14"),
        )
        brush.mark(
            s.curve((-wide * 0.7, y + 0.0), (0.0, y - 0.02), (wide * 0.7, y + 0.0), (0.0, y + 0.055), feature=1),
            rgb("efe8e0"),
            alpha=0.95,
        )
    low = s.curve(
        left, (0.0, y + 0.02 + gap), right, (wide * 0.45, y + full + gap), (-wide * 0.45, y + full + gap), feature=1
    )
    top = s.curve(
        left,
        (-wide * 0.3, y - full * 0.75),
        (0.0, y - full * 0.5),
        (wide * 0.3, y - full * 0.75),
        right,
        (0.0, y + 0.015),
        feature=1,
    )
    brush.mark(low, lips * np.float32(1.14), soft=0.0012)
    brush.mark(top, lips * np.float32(0.86), soft=0.0012)
    part = open_curve(s.at(left, (-wide * 0.4, y + 0.012), (wide * 0.4, y + 0.012), right, feature=1))
    if not gap:
        brush.line([part], s.unit * 0.028, lips * np.float32(0.45), alpha=0.85)
    glint = s.curve(
        (-0.08, y + full * 0.45 + gap), (0.08, y + full * 0.45 + gap), (0.0, y + full * 0.65 + gap), feature=1
    )
    brush.mark(glint, mix(lips, rgb("ffffff"), 0.5), alpha=0.35, soft=s.unit * 0.02)


def _wrinkles(brush: Brush, s: Sitter, look: Look) -> None:
    """Forehead, crow's feet, bags, and the folds from nose to mouth."""
    dark = look.skin * np.float32(0.52)
    lines: list[Points] = []
    for y, wide in ((-0.62, 0.5), (-0.76, 0.42), (-0.9, 0.3)):
        lines.append(
            open_curve(s.at((-wide, y + 0.03), (-wide * 0.3, y - 0.02), (wide * 0.3, y), (wide, y + 0.04), feature=0.9))
        )
    for k in (-1.0, 1.0):
        lines += [s.at((k * 0.72, 0.02 + d), (k * 0.9, -0.06 + d * 2.2), feature=0.9) for d in (-0.02, 0.05, 0.12)]
        lines.append(open_curve(s.at((k * 0.24, 0.2), (k * 0.4, 0.29), (k * 0.55, 0.28), (k * 0.66, 0.18), feature=1)))
        lines.append(open_curve(s.at((k * 0.2, 0.52), (k * 0.36, 0.68), (k * 0.44, 0.86), (k * 0.43, 1.02), feature=1)))
    brush.line(lines, max(s.unit * 0.03, 0.7 / brush.canvas.width), dark, alpha=0.55)
    hollows = [s.curve((k * 0.5, 0.55), (k * 0.8, 0.5), (k * 0.72, 1.0), (k * 0.52, 0.95)) for k in (-1.0, 1.0)]
    brush.mark(hollows, dark, alpha=0.3, soft=s.unit * 0.1)


def glasses(brush: Brush, s: Sitter, look: Look) -> None:
    """Spectacles, or dark ones."""
    e, frame = eye_level(look) + 0.02, rgb("17141a")
    rims = [
        s.curve(
            (k * 0.16, e - 0.2),
            (k * 0.5, e - 0.26),
            (k * 0.8, e - 0.18),
            (k * 0.78, e + 0.16),
            (k * 0.48, e + 0.25),
            (k * 0.2, e + 0.16),
            feature=1,
        )
        for k in (-1.0, 1.0)
    ]
    if look.glasses == "dark":
        brush.mark(rims, rgb("0c0c12"), alpha=0.96)
        gleam = [
            s.curve((k * 0.3, e - 0.18), (k * 0.48, e - 0.2), (k * 0.36, e + 0.05), (k * 0.26, e + 0.02), feature=1)
            for k in (-1.0, 1.0)
        ]
        brush.canvas.fill(gleam, mix(brush.scene.mood.low, rgb("ffffff"), 0.4), alpha=0.3, soft=s.unit * 0.02)
    else:
        brush.canvas.fill(rims, mix(brush.scene.mood.low, rgb("ffffff"), 0.5), alpha=0.12)
    loops: list[Points] = [np.vstack([rim, rim[:1]]) for rim in rims]
    bridge = s.at((-0.17, e - 0.06), (0.0, e - 0.12), (0.17, e - 0.06), feature=1)
    arms: list[Points] = [s.at((k * 0.79, e - 0.1), (k * 1.0, e - 0.12), feature=0.6) for k in (-1.0, 1.0)]
    brush.line([*loops, bridge, *arms], max(s.unit * 0.055, 0.8 / brush.canvas.width), frame, alpha=0.95)
