"""What is worn on the head."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter

_BRIM = {"hat": 1.75, "cowboy": 2.15, "straw": 2.1, "top": 1.6, "wizard": 1.95, "rain": 1.75}


def hat(brush: Brush, s: Sitter, look: Look, *, behind: bool) -> None:
    """The hat of a look."""
    kind, colour = look.hat, look.hat_colour
    if kind in _BRIM:
        _brimmed(brush, s, look, behind=behind)
    elif kind in ("cap", "captain"):
        _cap(brush, s, look, behind=behind)
    elif kind in ("beanie", "beret", "helmet"):
        _dome(brush, s, look)
    elif kind == "chef":
        _toque(brush, s, colour)
    elif kind == "crown":
        points = [(-0.95, -0.75)]
        for i, x in enumerate(np.linspace(-0.95, 0.95, 9)):
            points.append((float(x) * 1.06, -1.75 if i % 2 == 0 else -1.28))
        points += [(0.95, -0.75), (0.0, -0.62)]
        brush.part(s.at(*points), colour)
        gems: list[Points] = [
            ellipse(*s.spot(x, -0.95), s.unit * 0.09, s.unit * 0.09, count=12) for x in (-0.6, 0.0, 0.6)
        ]
        brush.mark(gems, rgb("c8202f"))
    elif kind == "scarf":
        _scarf(brush, s, colour, behind=behind)
    elif kind == "hood":
        _hood(brush, s, colour, behind=behind)


def _toque(brush: Brush, s: Sitter, colour: Colour) -> None:
    """A cook's hat: a tall puffed crown on a straight band."""
    ident = brush.canvas.new_object()
    puff = s.curve(
        (-1.0, -1.35), (-1.42, -1.75), (-1.3, -2.35), (-0.75, -2.45), (-0.3, -2.72), (0.3, -2.72), (0.75, -2.45),
        (1.3, -2.35), (1.42, -1.75), (1.0, -1.35), (0.0, -1.25),
    )  # fmt: skip
    brush.part(puff, colour, ident)
    folds: list[Points] = [s.at((x, -1.4), (x * 1.25, -1.85), (x * 1.3, -2.2)) for x in (-0.7, -0.25, 0.25, 0.7)]
    brush.line(folds, 0.05 * s.unit, colour * np.float32(0.72), alpha=0.7)
    brush.part(s.at((-1.06, -0.62), (-1.02, -1.5), (1.02, -1.5), (1.06, -0.62), (0.0, -0.5)), colour, ident)
    brush.line([s.at((-1.02, -1.48), (0.0, -1.4), (1.02, -1.48))], 0.045 * s.unit, colour * np.float32(0.6), alpha=0.7)


def _brimmed(brush: Brush, s: Sitter, look: Look, *, behind: bool) -> None:
    kind, colour = look.hat, look.hat_colour
    reach = _BRIM[kind or "hat"]
    ident = brush.canvas.new_object()
    crowns: dict[str, tuple[tuple[float, float], ...]] = {
        "hat": (
            (-1.04, -0.8),
            (-0.98, -1.75),
            (-0.4, -2.02),
            (0.0, -1.9),
            (0.4, -2.02),
            (0.98, -1.75),
            (1.04, -0.8),
            (0.0, -0.66),
        ),
        "cowboy": (
            (-1.02, -0.8),
            (-0.98, -1.7),
            (-0.55, -2.05),
            (0.0, -1.75),
            (0.55, -2.05),
            (0.98, -1.7),
            (1.02, -0.8),
            (0.0, -0.66),
        ),
        "straw": ((-1.05, -0.8), (-1.0, -1.55), (-0.5, -1.8), (0.5, -1.8), (1.0, -1.55), (1.05, -0.8), (0.0, -0.66)),
        "rain": ((-1.06, -0.8), (-0.95, -1.5), (-0.4, -1.8), (0.4, -1.8), (0.95, -1.5), (1.06, -0.8), (0.0, -0.66)),
    }
    if kind == "top":
        crown: Points = s.at((-1.0, -0.75), (-0.95, -2.5), (0.95, -2.5), (1.0, -0.75))
    elif kind == "wizard":
        crown = s.curve(
            (-1.0, -0.75),
            (-0.55, -1.9),
            (-0.1, -2.9),
            (0.45, -3.2),
            (0.35, -2.7),
            (0.6, -1.9),
            (1.0, -0.75),
            (0.0, -0.62),
        )
    else:
        crown = s.curve(*crowns[kind or "hat"])
    brush.part(crown, colour, ident)
    brush.mark(
        s.curve((-1.05, -1.02), (0.0, -0.9), (1.05, -1.02), (1.05, -0.72), (0.0, -0.58), (-1.05, -0.72)),
        look.detail * np.float32(0.55) if kind != "rain" else colour * np.float32(0.7),
    )
    curl = {"cowboy": -0.42, "straw": 0.0, "wizard": 0.12, "rain": 0.3}.get(kind or "", -0.06)
    brim = s.curve(
        (-reach, -0.7 + curl),
        (-1.0, -0.9),
        (0.0, -0.84),
        (1.0, -0.9),
        (reach, -0.7 + curl),
        (1.1, -0.48),
        (0.0, -0.38),
        (-1.1, -0.48),
    )
    brush.part(brim, colour * np.float32(0.92), brush.canvas.new_object())
    if not behind:
        shadow = s.curve((-0.95, -0.5), (0.0, -0.42), (0.95, -0.5), (0.85, -0.12), (0.0, -0.1), (-0.85, -0.12))
        brush.mark(shadow, look.skin * np.float32(0.35), alpha=0.38, soft=s.unit * 0.08)
    if kind == "straw":
        weave: list[Points] = [
            s.at((-reach * 0.9, -0.68 + d), (0.0, -0.56 + d), (reach * 0.9, -0.68 + d)) for d in (-0.06, 0.06)
        ]
        brush.line(weave, s.unit * 0.03, colour * np.float32(0.6), alpha=0.5)


def _cap(brush: Brush, s: Sitter, look: Look, *, behind: bool) -> None:
    colour = look.hat_colour
    ident = brush.canvas.new_object()
    if look.hat == "captain":
        plate = s.curve(
            (-1.1, -0.95), (-1.35, -1.45), (-0.7, -1.85), (0.7, -1.85), (1.35, -1.45), (1.1, -0.95), (0.0, -0.88)
        )
        brush.part(plate, colour, ident)
        brush.part(
            s.curve((-1.06, -1.05), (0.0, -0.98), (1.06, -1.05), (1.05, -0.62), (0.0, -0.5), (-1.05, -0.62)),
            colour * np.float32(0.5),
            ident,
        )
        if not behind:
            brush.part(
                s.curve((-0.9, -0.66), (0.0, -0.56), (0.9, -0.66), (0.7, -0.36), (0.0, -0.26), (-0.7, -0.36)),
                rgb("15151b"),
            )
            brush.mark(ellipse(*s.spot(0.0, -0.85), s.unit * 0.13, s.unit * 0.13, count=14), rgb("e0b040"))
        return
    dome = s.curve(
        (-1.08, -0.55), (-1.05, -1.25), (-0.5, -1.72), (0.5, -1.72), (1.05, -1.25), (1.08, -0.55), (0.0, -0.62)
    )
    brush.part(dome, colour, ident)
    brush.line(
        [s.at((0.0, -1.7), (0.0, -0.65)), s.at((-0.5, -1.6), (-0.6, -0.62)), s.at((0.5, -1.6), (0.6, -0.62))],
        s.unit * 0.025,
        colour * np.float32(0.6),
        alpha=0.6,
    )
    if not behind:
        k = s.turn
        peak = s.curve(
            (-0.95, -0.68), (0.0, -0.78), (0.95, -0.68), (0.95 + k, -0.4), (k * 1.2, -0.2), (-0.95 + k, -0.4)
        )
        brush.part(peak, colour * np.float32(0.8))
        brush.mark(
            s.curve((-0.85, -0.32), (k, -0.2), (0.85, -0.32), (0.7, -0.05), (-0.7, -0.05)),
            look.skin * np.float32(0.35),
            alpha=0.35,
            soft=s.unit * 0.07,
        )


def _dome(brush: Brush, s: Sitter, look: Look) -> None:
    colour, ident = look.hat_colour, brush.canvas.new_object()
    if look.hat == "beret":
        brush.part(
            s.curve((-1.15, -0.75), (-1.45, -1.3), (-0.6, -1.8), (0.6, -1.75), (1.2, -1.2), (1.02, -0.75), (0.0, -0.7)),
            colour,
            ident,
        )
        return
    if look.hat == "helmet":
        brush.part(
            s.curve(
                (-1.16, 0.1),
                (-1.2, -0.8),
                (-0.7, -1.68),
                (0.0, -1.8),
                (0.7, -1.68),
                (1.2, -0.8),
                (1.16, 0.1),
                (0.95, -0.5),
                (0.0, -0.68),
                (-0.95, -0.5),
            ),
            colour,
            ident,
        )
        brush.mark(
            s.curve((-0.8, -1.2), (-0.2, -1.6), (0.1, -1.5), (-0.5, -1.05)),
            rgb("ffffff"),
            alpha=0.3,
            soft=s.unit * 0.06,
        )
        return
    brush.part(
        s.curve((-1.12, -0.5), (-1.1, -1.2), (-0.6, -1.75), (0.6, -1.75), (1.1, -1.2), (1.12, -0.5), (0.0, -0.55)),
        colour,
        ident,
    )
    brush.part(
        s.curve((-1.15, -0.92), (0.0, -0.95), (1.15, -0.92), (1.16, -0.48), (0.0, -0.46), (-1.16, -0.48)),
        colour * np.float32(0.82),
        ident,
    )
    ribs: list[Points] = [s.at((x, -0.9), (x, -0.5)) for x in np.linspace(-1.0, 1.0, 11)]
    brush.line(ribs, s.unit * 0.03, colour * np.float32(0.55), alpha=0.5)


def _scarf(brush: Brush, s: Sitter, colour: Colour, *, behind: bool) -> None:
    cloth: list[tuple[float, float]] = [
        (-1.12, 0.6),
        (-1.2, -0.6),
        (-0.7, -1.55),
        (0.0, -1.72),
        (0.7, -1.55),
        (1.2, -0.6),
        (1.12, 0.6),
        (0.7, 1.7),
    ]
    face = (
        [(0.0, 1.9), (-0.7, 1.7)]
        if behind
        else [
            (0.25, 1.85),
            (0.62, 1.35),
            (0.94, 0.5),
            (0.88, -0.5),
            (0.4, -0.95),
            (-0.4, -0.95),
            (-0.88, -0.5),
            (-0.94, 0.5),
            (-0.62, 1.35),
            (-0.25, 1.85),
            (-0.7, 1.7),
        ]
    )
    brush.part(s.curve(*cloth, *face), colour)
    if not behind:
        brush.part(s.curve((-0.2, 1.7), (0.2, 1.7), (0.5, 2.4), (0.1, 2.2), (-0.4, 2.4)), colour * np.float32(0.85))
    folds: list[Points] = [s.at((x * 0.5, -1.6), (x, -0.9), (x * 1.1, 0.0)) for x in (-0.95, -0.6, 0.6, 0.95)]
    brush.line(folds, s.unit * 0.03, colour * np.float32(0.55), alpha=0.45)


def _hood(brush: Brush, s: Sitter, colour: Colour, *, behind: bool) -> None:
    around = [(-1.45, 1.0), (-1.3, -0.5), (-0.75, -1.7), (0.0, -1.95), (0.75, -1.7), (1.3, -0.5), (1.45, 1.0)]
    if behind:
        brush.part(s.curve(*around, (1.2, 2.2), (0.0, 2.4), (-1.2, 2.2)), colour)
        return
    inner = [
        (1.2, 2.2),
        (0.92, 1.6),
        (1.0, 0.3),
        (0.86, -0.7),
        (0.42, -1.12),
        (0.0, -1.2),
        (-0.42, -1.12),
        (-0.86, -0.7),
        (-1.0, 0.3),
        (-0.92, 1.6),
        (-1.2, 2.2),
    ]
    brush.part(s.curve(*around, *inner), colour)
