"""What goes with clothes: scarves, aprons, ties, gloves, jewellery."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse, limb, smooth
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.frame import Frame
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter, open_curve

OWN_COLOURS = {
    "scarf": "b83a3a", "apron": "ece6da", "tie": "8c2430", "gloves": "2a2224", "necklace": "d9a520",
    "earrings": "d9a520", "bracelet": "c9ccd2",
}  # fmt: skip
"""Of those that are drawn, where nothing is said."""


def on_body(brush: Brush, frame: Frame, look: Look, *, behind: bool) -> None:
    """An apron and a tie, over the torso and under the arms."""
    if behind:
        return
    worn = dict(look.worn)
    if "apron" in worn:
        _apron(brush, frame, worn["apron"])
    if "tie" in worn:
        knot, end = frame.joint("neck", 0.0, -0.012), frame.between("neck", "h1", 0.62, 0.3 * frame.spread)
        brush.part(limb(knot, end, frame.r(0.011), frame.r(0.02)), worn["tie"])
        brush.part(ellipse(*knot, frame.r(0.016), frame.r(0.014), count=10), worn["tie"] * np.float32(0.8))


def _apron(brush: Brush, frame: Frame, cloth: Colour) -> None:
    g, ident = frame.girth, brush.canvas.new_object()
    bib = [
        frame.between("s1", "h1", 0.3, 0.03 * g), frame.between("s2", "h2", 0.3, -0.03 * g),
        frame.between("s2", "h2", 0.72, 0.012 * g), frame.between("h2", "k2", 0.62, 0.05 * g),
        frame.between("h1", "k1", 0.62, -0.05 * g), frame.between("s1", "h1", 0.72, -0.012 * g),
    ]  # fmt: skip
    straps: list[Points] = [
        [frame.joint("neck", -0.026 * g, 0.0), frame.between("s1", "h1", 0.3, 0.034 * g)],
        [frame.joint("neck", 0.026 * g, 0.0), frame.between("s2", "h2", 0.3, -0.034 * g)],
    ]
    brush.part(smooth(bib, 3), cloth, ident)
    brush.line(straps, frame.r(0.01), cloth * np.float32(0.86))
    brush.line([[bib[5], bib[2]]], frame.r(0.008), cloth * np.float32(0.6))


def at_neck(brush: Brush, frame: Frame, sitter: Sitter, look: Look, *, behind: bool) -> None:
    """A scarf with its ends, a chain with its pendant: before the arms, below the chin."""
    worn = dict(look.worn)
    unit = sitter.unit
    if "necklace" in worn and not behind:
        gold = worn["necklace"]
        drop = frame.joint("neck", 0.0, -0.125)
        left, right = frame.joint("neck", -0.045 * frame.girth, 0.0), frame.joint("neck", 0.045 * frame.girth, 0.0)
        low = open_curve(
            np.array([left, frame.joint("neck", -0.034, -0.085), drop, frame.joint("neck", 0.034, -0.085), right])
        )
        brush.line([low], max(unit * 0.15, 1.2 / brush.canvas.width), gold * np.float32(0.5))
        brush.line([low], max(unit * 0.1, 0.9 / brush.canvas.width), gold * np.float32(1.25))
        brush.part(ellipse(*drop, unit * 0.2, unit * 0.22, count=16), gold * np.float32(1.15))
    if "scarf" in worn:
        _scarf(brush, frame, worn["scarf"], behind=behind)


def _scarf(brush: Brush, frame: Frame, cloth: Colour, *, behind: bool) -> None:
    ident = brush.canvas.new_object()
    (x, y), u = frame.joint("neck", 0.0, 0.004), frame.unit
    wide = 0.068 * frame.girth * u
    side = frame.facing
    dark = cloth * np.float32(0.58)
    if not behind:
        end = smooth(
            [
                (x + side * 0.01 * u, y), (x + side * 0.062 * u, y + 0.005 * u), (x + side * 0.078 * u, y + 0.12 * u),
                (x + side * 0.07 * u, y + 0.235 * u), (x + side * 0.012 * u, y + 0.225 * u),
                (x + side * 0.022 * u, y + 0.11 * u),
            ],
            4,
        )  # fmt: skip
        brush.part(end, cloth * np.float32(0.9), ident)
        fringe: list[Points] = [
            [(x + side * (0.02 + d) * u, y + 0.205 * u), (x + side * (0.02 + d) * u, y + 0.228 * u)]
            for d in (0.0, 0.018, 0.036)
        ]
        brush.line(fringe, 0.005 * u, dark, alpha=0.7)
    wrap = smooth(
        [
            (x - wide, y - 0.012 * u), (x, y - 0.03 * u), (x + wide, y - 0.012 * u), (x + wide * 1.04, y + 0.03 * u),
            (x, y + 0.062 * u), (x - wide * 1.04, y + 0.03 * u),
        ],
        6,
    )  # fmt: skip
    brush.part(wrap, cloth, brush.canvas.new_object())
    folds: list[Points] = [
        np.array([(x + k * wide, y + (d + 0.026 * (1 - k * k)) * u) for k in np.linspace(-0.9, 0.9, 9)])
        for d in (-0.004, 0.014)
    ]
    brush.line(folds, 0.006 * u, dark, alpha=0.6)


def at_ears(brush: Brush, s: Sitter, look: Look) -> None:
    """Rings below the ears of a head seen from the front."""
    gold = dict(look.worn).get("earrings")
    if gold is None:
        return
    for side in (-1.0, 1.0):
        if side * s.turn > 0.3:
            continue
        x, y = s.spot(side * 1.06, 0.66)
        turn = np.linspace(0, 2 * np.pi, 18)
        ring = np.column_stack([x + np.cos(turn) * 0.19 * s.unit, y + np.sin(turn) * 0.24 * s.unit])
        brush.line([ring], max(0.12 * s.unit, 0.9 / brush.canvas.width), gold * np.float32(1.2))


def hands(look: Look) -> Colour:
    """The colour of hands: skin, or gloves."""
    return dict(look.worn).get("gloves", look.skin)


def padded(look: Look) -> bool:
    """Whether gloves are a boxer's."""
    return look.legs == "shorts" and any(name == "gloves" for name, _ in look.worn)


def at_wrist(brush: Brush, frame: Frame, look: Look, side: str) -> None:
    """A bracelet or a watch, on the near arm."""
    metal = dict(look.worn).get("bracelet")
    if metal is None or side != "2":
        return
    (ex, ey), (wx, wy) = frame.joint("e2"), frame.joint("w2")
    along = np.array([wx - ex, wy - ey]) / max(float(np.hypot(wx - ex, wy - ey)), 1e-6)
    across = np.array([-along[1], along[0]]) * frame.r(0.024)
    middle = np.array([wx, wy]) - along * 0.004 * frame.unit
    brush.line([[tuple(middle - across), tuple(middle + across)]], frame.r(0.018), metal)
    brush.mark(ellipse(float(middle[0]), float(middle[1]), frame.r(0.015), frame.r(0.015), count=10), rgb("f4f0e4"))
