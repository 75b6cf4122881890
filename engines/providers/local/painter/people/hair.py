"""Hair: behind the head and body, over the forehead, and the back of a head."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter, open_curve

_STRANDS_PIXELS = 7.0
_HANGING = {"long": 3.5, "wavy": 3.3, "bob": 1.55, "dreads": 3.2}
"""How far hair hangs below the eyes, in the sitter's units."""


def behind(brush: Brush, s: Sitter, look: Look) -> None:
    """Hair behind the head, painted before the body."""
    colour = look.hair * np.float32(0.72)
    if look.hat == "hood":
        hood = s.curve(
            (-1.3, -0.5),
            (-0.75, -1.7),
            (0.0, -1.95),
            (0.75, -1.7),
            (1.3, -0.5),
            (1.45, 1.0),
            (1.3, 2.3),
            (-1.3, 2.3),
            (-1.45, 1.0),
        )
        brush.part(hood, look.hat_colour * np.float32(0.55))
        return
    if look.style in _HANGING:
        brush.part(_curtain(s, _HANGING[look.style], wavy=look.style == "wavy"), colour)
        if look.style == "dreads":
            _ropes(brush, s, look, -1.15, 1.15, 3.3)
    elif look.style == "afro" and look.hat is None:
        brush.part(_puffs(s, 1.62, 1.5, -0.62), colour)
    elif look.style == "curly" and look.hat is None:
        brush.part(_puffs(s, 1.28, 1.3, -0.35), colour)
    elif look.style == "bun" and look.hat is None:
        brush.part(ellipse(*s.spot(0.0, -1.72), s.unit * 0.52, s.unit * 0.46), colour * np.float32(1.2))
    elif look.style == "ponytail":
        k = -float(np.sign(s.turn) or 1.0)
        tail = s.curve(
            (k * 0.6, -1.2),
            (k * 1.35, -1.15),
            (k * 1.65, -0.2),
            (k * 1.55, 1.3),
            (k * 1.75, 2.5),
            (k * 1.2, 2.0),
            (k * 1.15, 0.6),
            (k * 0.9, -0.4),
        )
        brush.part(tail, colour)


def front(brush: Brush, s: Sitter, look: Look) -> None:
    """Hair over the forehead and beside the face."""
    if look.style == "bald":
        gleam = s.curve((-0.35, -1.15), (0.05, -1.25), (0.2, -1.05), (-0.2, -0.95))
        brush.canvas.fill(gleam, rgb("ffffff"), alpha=0.16, soft=s.unit * 0.08)
        if look.age == "old":
            _fringe_of_the_bald(brush, s, look)
        return
    colour, ident = look.hair, brush.canvas.new_object()
    k = float(np.sign(s.turn) or 1.0)
    if look.style == "mohawk":
        crest = s.curve(
            (-0.22, -0.95),
            (-0.36, -1.6),
            (-0.26, -2.3),
            (0.1, -2.5),
            (0.36, -2.1),
            (0.36, -1.5),
            (0.22, -0.95),
            feature=0.3,
        )
        brush.part(crest, colour, ident)
        return
    brush.part(_cap(s, look, k), colour, ident)
    if look.style in ("curly", "afro") and look.hat is None:
        brush.part(_curls(s, look.style == "afro"), colour, ident)
    _strands(brush, s, look, k)
    if look.style in _HANGING:
        _locks(brush, s, look, ident)
    elif look.style in ("braids", "pigtails"):
        for side in (-1.0, 1.0):
            if look.style == "braids":
                _braid(brush, s, look, side)
            else:
                bunch = s.curve(
                    (side * 0.95, -0.55),
                    (side * 1.5, -0.75),
                    (side * 1.85, 0.0),
                    (side * 1.7, 1.1),
                    (side * 1.4, 1.25),
                    (side * 1.3, 0.4),
                    (side * 1.05, -0.1),
                )
                brush.part(bunch, colour)
                brush.mark(ellipse(*s.spot(side * 1.1, -0.45), s.unit * 0.16, s.unit * 0.16, count=14), look.detail)


def back_of_head(brush: Brush, s: Sitter, look: Look) -> None:
    """A head from behind, with the hair that hangs down the back."""
    if look.hat == "hood":
        return
    hair: Colour = look.skin if look.style in ("bald", "mohawk") else look.hair
    low = {"crop": 0.55, "bald": 0.6, "short": 0.72, "bun": 0.8, "ponytail": 0.8}.get(look.style, 1.05)
    ident = brush.canvas.new_object()
    if look.style in _HANGING:
        brush.part(_curtain(s, _HANGING[look.style], wavy=look.style == "wavy"), hair, ident)
    if look.style in ("curly", "afro") and look.hat is None:
        brush.part(
            _puffs(s, 1.55 if look.style == "afro" else 1.25, 1.45 if look.style == "afro" else 1.25, -0.5), hair, ident
        )
    crown = s.curve(
        (-1.02, low * 0.6),
        (-1.1, -0.5),
        (-0.8, -1.3),
        (0.0, -1.58),
        (0.8, -1.3),
        (1.1, -0.5),
        (1.02, low * 0.6),
        (0.55, low),
        (0.0, low + 0.08),
        (-0.55, low),
    )
    brush.part(crown, hair, ident)
    brush.mark(
        s.curve((-0.9, low * 0.5), (0.9, low * 0.5), (0.5, low), (-0.5, low)),
        hair * np.float32(0.5),
        alpha=0.5,
        soft=s.unit * 0.15,
    )
    if look.style == "bald" and look.age == "old":
        brush.part(
            s.curve(
                (-1.04, -0.1),
                (-1.06, 0.5),
                (-0.5, 0.95),
                (0.5, 0.95),
                (1.06, 0.5),
                (1.04, -0.1),
                (0.5, 0.25),
                (-0.5, 0.25),
            ),
            look.hair,
        )
    if s.unit * brush.canvas.width > _STRANDS_PIXELS:
        reach = _HANGING.get(look.style, low)
        lines: list[Points] = [
            open_curve(s.at((x * 0.1, -1.5), (x * 0.85, -0.9), (x, 0.0), (x * 0.9, min(reach, 3.0) * 0.92)))
            for x in np.linspace(-0.95, 0.95, 11)
        ]
        brush.line(lines, s.unit * 0.035, hair * np.float32(1.45), alpha=0.35)
        brush.line(
            [line + np.array([s.unit * 0.07, 0.0]) for line in map(np.asarray, lines)],
            s.unit * 0.03,
            hair * np.float32(0.55),
            alpha=0.35,
        )
    if look.style == "bun" and look.hat is None:
        brush.part(ellipse(*s.spot(0.0, -0.75), s.unit * 0.5, s.unit * 0.46), hair * np.float32(0.85))
    elif look.style == "ponytail":
        brush.part(
            s.curve((-0.25, -0.6), (0.25, -0.6), (0.36, 0.8), (0.22, 2.6), (0.0, 3.0), (-0.22, 2.6), (-0.36, 0.8)),
            hair * np.float32(0.9),
        )
    elif look.style in ("braids", "pigtails"):
        for side in (-1.0, 1.0):
            _braid(brush, s, look, side)


def _hairline(look: Look) -> float:
    """Where hair begins over the eyes, in the sitter's units; men's and old hairlines are higher."""
    if look.age == "child":
        return -0.62
    return -0.98 if look.sex == "man" or look.age == "old" else -0.86


def _cap(s: Sitter, look: Look, k: float) -> Points:
    """Skull hair with a parting or a fringe."""
    high = _hairline(look)
    side = {"crop": -0.15, "short": 0.15, "afro": 0.1, "curly": 0.2, "bun": -0.05, "ponytail": -0.05}.get(
        look.style, 0.3
    )
    full = 1.0 if look.style == "crop" else 1.08
    top = -1.5 if look.style == "crop" else -1.66 if look.age != "old" else -1.58
    if look.age == "child":
        top -= 0.08
    part = 0.3 * k
    line = [
        (0.9, high + 0.58),
        (0.72, high + 0.2),
        (0.4 + part * 0.3, high - 0.02),
        (part, high - 0.12),
        (-0.42 + part * 0.3, high + 0.06),
        (-0.74, high + 0.24),
        (-0.9, high + 0.58),
    ]
    if look.style in ("bob", "pigtails") or look.age == "child":
        line = [
            (0.88, high + 0.42),
            (0.6, high + 0.3),
            (0.2, high + 0.26),
            (-0.2, high + 0.3),
            (-0.6, high + 0.26),
            (-0.88, high + 0.42),
        ]
    return s.curve(
        (-0.97, side), (-1.08 * full, -0.45), (-0.88 * full, -1.22), (-0.32, top), (0.38, top), (0.88 * full, -1.22),
        (1.08 * full, -0.45),
        (0.97, side), *line,
    )  # fmt: skip


def _strands(brush: Brush, s: Sitter, look: Look, k: float) -> None:
    if s.unit * brush.canvas.width < _STRANDS_PIXELS or look.style in ("afro", "crop"):
        return
    root, end = 0.3 * k, _hairline(look)
    light: list[Points] = []
    dark: list[Points] = []
    for i, x in enumerate(np.linspace(-0.92, 0.92, 15)):
        line = open_curve(
            s.at(
                (root + x * 0.25, -1.58),
                (x * 0.72 + root * 0.2, -1.42),
                (x, min(-1.02, end - 0.12)),
                (x * 1.05, end + 0.4 * abs(x)),
            )
        )
        (light if i % 2 else dark).append(line)
    brush.line(light, s.unit * 0.03, look.hair * np.float32(1.5) + np.float32(0.02), alpha=0.4)
    brush.line(dark, s.unit * 0.03, look.hair * np.float32(0.5), alpha=0.4)
    shine = s.curve((-0.7, -1.12), (-0.2, -1.42), (0.4, -1.42), (0.75, -1.1), (0.3, -1.28), (-0.2, -1.26))
    brush.mark(shine, mix(look.hair, rgb("ffffff"), 0.5), alpha=0.22, soft=s.unit * 0.08)


def _locks(brush: Brush, s: Sitter, look: Look, ident: int) -> None:
    """Hair that falls in front of the shoulders."""
    reach = {"long": 2.7, "wavy": 2.5, "bob": 1.4, "dreads": 2.3}[look.style]
    for side in (-1.0, 1.0):
        if look.style == "wavy":
            y = np.linspace(-0.8, reach, 9)
            bump = 0.1 * np.sin(np.arange(9) * 2.4)
            outer = [(side * (1.08 + 0.02 * i + b), v) for i, (v, b) in enumerate(zip(y, bump, strict=True))]
            inner = [(side * (0.86 + b * 0.6), v) for v, b in zip(y[::-1], bump[::-1], strict=True)]
            lock = s.curve(*outer, *inner, count=4)
        else:
            lock = s.curve(
                (side * 0.86, -0.95),
                (side * 1.14, -0.4),
                (side * 1.2, 0.7),
                (side * 1.2, reach),
                (side * 0.98, reach + 0.22),
                (side * 0.93, 0.9),
                (side * 0.92, -0.1),
            )
        brush.part(lock, look.hair, ident)
        if s.unit * brush.canvas.width > _STRANDS_PIXELS:
            lines: list[Points] = [
                open_curve(
                    s.at(
                        (side * 0.9, -0.7), (side * (1.0 + d), 0.2), (side * (1.02 + d), 1.0), (side * (1.0 + d), reach)
                    )
                )
                for d in (0.0, 0.08, 0.15)
            ]
            brush.line(lines, s.unit * 0.03, look.hair * np.float32(0.55), alpha=0.45)


def _curtain(s: Sitter, reach: float, *, wavy: bool) -> Points:
    sway = 0.14 if wavy else 0.0
    return s.curve(
        (-1.1, -0.6), (-0.6, -1.62), (0.6, -1.62), (1.1, -0.6), (1.3 + sway, 0.8), (1.22 - sway, reach * 0.6),
        (1.3 + sway, reach * 0.9),
        (0.6, reach), (0.0, reach * 0.97), (-0.6, reach), (-1.3 - sway, reach * 0.9), (-1.22 + sway, reach * 0.6),
        (-1.3 - sway, 0.8),
    )  # fmt: skip


def _puffs(s: Sitter, rx: float, ry: float, y: float) -> list[Points]:
    shapes: list[Points] = [ellipse(*s.spot(0.0, y), s.unit * rx * 0.9, s.unit * ry * 0.9)]
    for a in np.linspace(0, 2 * np.pi, 16, endpoint=False):
        shapes.append(
            ellipse(*s.spot(np.cos(a) * rx * 0.86, y + np.sin(a) * ry * 0.86), s.unit * 0.3, s.unit * 0.3, count=14)
        )
    return shapes


def _curls(s: Sitter, afro: bool) -> list[Points]:
    wide, size, high = (1.28, 0.34, 0.98) if afro else (1.04, 0.27, 0.9)
    curls: list[Points] = [
        ellipse(*s.spot(np.cos(a) * wide, -0.55 - np.sin(a) * high), s.unit * size, s.unit * size, count=14)
        for a in np.linspace(-0.15, np.pi + 0.15, 13)
    ]
    for x in np.linspace(-0.7, 0.7, 6):
        curls.append(ellipse(*s.spot(x, -0.98 + 0.12 * abs(x)), s.unit * 0.23, s.unit * 0.2, count=14))
    return curls


def _ropes(brush: Brush, s: Sitter, look: Look, left: float, right: float, reach: float) -> None:
    ropes: list[Points] = [
        open_curve(s.at((x * 0.8, -0.9), (x, 0.2), (x * 1.08, 1.4), (x * 1.02, reach)))
        for x in np.linspace(left, right, 10)
    ]
    brush.line(ropes, s.unit * 0.17, look.hair, alpha=0.95)
    brush.line(ropes, s.unit * 0.04, look.hair * np.float32(1.6), alpha=0.4)


def _braid(brush: Brush, s: Sitter, look: Look, side: float) -> None:
    ident = brush.canvas.new_object()
    for i, y in enumerate(np.linspace(0.35, 2.6, 8)):
        size = 0.24 - 0.012 * i
        brush.part(
            ellipse(
                *s.spot(side * (1.02 + 0.05 * (i % 2)), float(y)),
                s.unit * size,
                s.unit * 0.22,
                0.5 * (-1) ** i,
                count=16,
            ),
            look.hair * np.float32(1.0 if i % 2 else 0.85),
            ident,
        )
    brush.mark(ellipse(*s.spot(side * 1.04, 2.72), s.unit * 0.17, s.unit * 0.1, count=12), look.detail)


def _fringe_of_the_bald(brush: Brush, s: Sitter, look: Look) -> None:
    for side in (-1.0, 1.0):
        tuft = s.curve(
            (side * 0.9, -0.62), (side * 1.12, -0.5), (side * 1.2, 0.1), (side * 1.08, 0.42), (side * 0.97, 0.1)
        )
        brush.part(tuft, look.hair)
