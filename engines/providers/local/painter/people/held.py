"""Things in a person's hands."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse, limb, smooth
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.people import instruments
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.frame import Frame
from engines.providers.local.painter.people.instruments import tip
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.things.drawing import draw_thing, kind_of
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Kind, Put
from engines.providers.local.reading.things import FLOWERS

_LEAST_HELD, _IN_A_HAND, _ON_A_POLE, _WIDEST_HELD = 0.11, 0.27, 0.6, 0.34
"""Limits of what is held, in body heights."""
POLES = frozenset({"flag", "sign", "cross", "sword", "torch"})

Held = Callable[[Brush, Frame, Look], None]
Tints = tuple[tuple[str, Colour | None], ...]
"""Names of held things with the colours that were asked for."""


def held_behind(brush: Brush, frame: Frame, look: Look, holds: Tints) -> None:
    """What the body hides partly."""
    _paint(_BEHIND, brush, frame, look, holds)


def held_before(brush: Brush, frame: Frame, look: Look, holds: Tints) -> None:
    """What is held before the body."""
    _paint(_BEFORE, brush, frame, look, holds)
    for name, tint in holds:
        if name not in HOLDABLE:
            _other(brush, frame, name, tint)


def _paint(table: dict[str, Held], brush: Brush, frame: Frame, look: Look, holds: Tints) -> None:
    for name, tint in holds:
        if name in table:
            brush.tint = tint
            table[name](brush, frame, look)
            brush.tint = None


def in_hand(name: str) -> Kind | None:
    """How something is drawn that no hand-drawn grip is made for: a thing's name, or an icon's."""
    return kind_of(name) if name in KINDS else kind_of(None, name, held=True)


def _other(brush: Brush, frame: Frame, name: str, tint: Colour | None) -> None:
    """Anything else: small enough for a hand; on its foot in the hand, or on a string if it flies."""
    kind, (x, y), u = in_hand(name), tip(frame), frame.unit
    if kind is None:
        return
    most = _ON_A_POLE if name in POLES else _IN_A_HAND
    size = min(float(np.clip(kind.tall, _LEAST_HELD, most)), _WIDEST_HELD / max(kind.wide, 0.1)) * u
    foot = y + (0.04 * u if name in POLES else 0.3 * size)
    if name == "flag":
        x += 0.45 * size * frame.facing  # its pole is its edge
    if kind.stand == "sky":
        brush.line([[(x, y), (x + 0.12 * frame.facing * u, y - 0.5 * u)]], 0.004 * u, rgb("e8e0d8"))
        x, foot = x + 0.12 * frame.facing * u, y - 0.5 * u + 0.5 * size
    put = Put(x, foot, size, frame.facing, tint, brush.depth, 0, "", True)
    # A shadow on the ground is for what stands on it.
    draw_thing(brush.scene, replace(kind, stand="hang"), put, name)


def _around(x: float, y: float, unit: float, *points: tuple[float, float]) -> Points:
    """A shape about a point."""
    return np.array([(x + dx * unit, y + dy * unit) for dx, dy in points])


def _umbrella(brush: Brush, frame: Frame, look: Look) -> None:
    hand, (hx, hy), u = tip(frame), frame.eyes, frame.unit
    cloth = brush.own("b03a4a")
    x, y = hx + 0.04 * frame.facing * u, hy - 2.6 * frame.head
    brush.part(limb(hand, (x, y - 0.13 * u), 0.006 * u, 0.005 * u), rgb("2a2a30"))
    arc = [(x + np.cos(a) * 0.3 * u, y + 0.05 * u - np.sin(a) * 0.19 * u) for a in np.linspace(np.pi, 0, 19)]
    scallop = [
        (x + np.cos(a) * 0.3 * u, y + 0.05 * u - abs(np.sin(a * 4)) * 0.03 * u) for a in np.linspace(0, np.pi, 19)
    ]
    brush.part(np.array(arc + scallop), cloth)
    ribs: list[Points] = [
        [(x, y - 0.14 * u), (x + k * 0.3 * u, y + (0.05 - 0.1 * (1 - k * k)) * u)] for k in (-0.7, 0.0, 0.7)
    ]
    brush.line(ribs, 0.005 * u, cloth * np.float32(0.6), alpha=0.5)


def _lantern(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u, canvas = tip(frame), frame.unit, brush.canvas
    warm = rgb("ffb45a")
    brush.line([[(x - 0.022 * u, y + 0.045 * u), (x, y), (x + 0.022 * u, y + 0.045 * u)]], 0.005 * u, rgb("2a211c"))
    canvas.fill(
        smooth(
            [
                (x - 0.026 * u, y + 0.05 * u),
                (x + 0.026 * u, y + 0.05 * u),
                (x + 0.034 * u, y + 0.12 * u),
                (x - 0.034 * u, y + 0.12 * u),
            ],
            5,
        ),
        warm * np.float32(1.3),
        depth=brush.depth,
    )
    brush.part(
        [
            limb((x - 0.03 * u, y + 0.048 * u), (x + 0.03 * u, y + 0.048 * u), 0.008 * u, 0.008 * u),
            limb((x - 0.034 * u, y + 0.124 * u), (x + 0.034 * u, y + 0.124 * u), 0.008 * u, 0.008 * u),
        ],
        rgb("2a211c"),
    )
    canvas.glow(x, y + 0.085 * u, 0.32 * u, warm, 0.8)
    canvas.glow(x, y + 0.085 * u, 0.08 * u, rgb("fff0c8"), 0.9)


def _candle(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u, canvas = tip(frame), frame.unit, brush.canvas
    brush.part(limb((x, y), (x, y - 0.07 * u), 0.012 * u, 0.012 * u), rgb("f0e6d0"))
    canvas.fill(
        smooth(
            [(x, y - 0.13 * u), (x + 0.012 * u, y - 0.095 * u), (x, y - 0.078 * u), (x - 0.012 * u, y - 0.095 * u)], 5
        ),
        rgb("ffc46a") * np.float32(1.5),
    )
    canvas.glow(x, y - 0.1 * u, 0.3 * u, rgb("ffb45a"), 0.8)


def _paper(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u, f = frame.between("w1", "w2", 0.5, 0.0, 0.03), frame.unit, frame.facing
    sheet = _around(x, y, u, (-0.055, -0.045), (0.05, -0.055), (0.06, 0.06), (-0.045, 0.07))
    brush.part(sheet, brush.own("f2ead6"))
    lines: list[Points] = [
        [(x - 0.04 * u, y + d * u), (x + 0.042 * u, y + (d - 0.006) * u)] for d in (-0.025, 0.0, 0.025)
    ]
    brush.line(lines, 0.004 * u, rgb("5a5460"), alpha=0.7)
    brush.part(
        [
            ellipse(x - 0.05 * u * f, y + 0.03 * u, 0.02 * u, 0.024 * u, count=14),
            ellipse(x + 0.055 * u * f, y + 0.03 * u, 0.02 * u, 0.024 * u, count=14),
        ],
        look.skin,
    )


def _book(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u = frame.between("w1", "w2", 0.5, 0.0, 0.04), frame.unit
    brush.part(
        _around(x, y, u, (-0.085, -0.04), (0.0, -0.02), (0.085, -0.04), (0.085, 0.075), (0.0, 0.095), (-0.085, 0.075)),
        brush.own("7d2a2a"),
    )
    brush.mark(
        _around(x, y, u, (-0.078, -0.047), (0.0, -0.028), (0.078, -0.047), (0.0, -0.01)),
        rgb("f4eddc"),
    )
    brush.part(
        [
            ellipse(x - 0.075 * u, y + 0.05 * u, 0.02 * u, 0.024 * u, count=14),
            ellipse(x + 0.075 * u, y + 0.05 * u, 0.02 * u, 0.024 * u, count=14),
        ],
        look.skin,
    )


def _phone(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u, f = tip(frame), frame.unit, frame.facing
    brush.part(
        _around(x, y, u, (-0.02, -0.045), (0.02, -0.05), (0.024, 0.025), (-0.016, 0.03)),
        rgb("15161c"),
    )
    brush.canvas.fill(
        _around(x, y, u, (-0.016, -0.04), (0.016, -0.044), (0.02, 0.018), (-0.012, 0.022)),
        rgb("bfe4ff") * np.float32(1.1),
    )
    brush.canvas.glow(x - f * 0.02 * u, y - 0.04 * u, 0.16 * u, rgb("9fd4ff"), 0.5)


def _flowers(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u = tip(frame), frame.unit
    stems: list[Points] = [[(x, y + 0.04 * u), (x + d * u, y - 0.11 * u)] for d in (-0.04, -0.015, 0.015, 0.045)]
    brush.line(stems, 0.007 * u, rgb("3f7a3a"))
    for i, d in enumerate((-0.045, -0.018, 0.016, 0.048, 0.0)):
        cx, cy = x + d * u, y - (0.125 + 0.02 * (i % 2) + (0.03 if i == 4 else 0)) * u
        petals: list[Points] = [
            ellipse(cx + np.cos(a) * 0.015 * u, cy + np.sin(a) * 0.013 * u, 0.014 * u, 0.012 * u, count=10)
            for a in np.arange(5) * 1.257
        ]
        brush.part(petals, brush.own("d8304a" if i % 2 else "f08aa8"))
        brush.mark(ellipse(cx, cy, 0.008 * u, 0.008 * u, count=8), rgb("ffd75a"))


def _suitcase(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u = tip(frame, "1"), frame.unit
    brush.line(
        [
            [
                (x - 0.03 * u, y + 0.045 * u),
                (x - 0.025 * u, y + 0.005 * u),
                (x + 0.025 * u, y + 0.005 * u),
                (x + 0.03 * u, y + 0.045 * u),
            ]
        ],
        0.009 * u,
        rgb("2f1d12"),
    )
    brush.part(
        _around(x, y, u, (-0.11, 0.04), (0.11, 0.04), (0.11, 0.19), (-0.11, 0.19)),
        brush.own("7a4a28"),
    )
    brush.line(
        [
            [(x - 0.07 * u, y + 0.04 * u), (x - 0.07 * u, y + 0.19 * u)],
            [(x + 0.07 * u, y + 0.04 * u), (x + 0.07 * u, y + 0.19 * u)],
        ],
        0.012 * u,
        rgb("3f2413"),
    )


def _balloon(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u = tip(frame), frame.unit
    cx, cy = x + 0.06 * u * frame.facing, y - 0.42 * u
    brush.line([[(x, y), ((x + cx) / 2 + 0.02 * u, (y + cy) / 2), (cx, cy + 0.11 * u)]], 0.004 * u, rgb("e8e0d8"))
    t = np.linspace(0, 2 * np.pi, 36)
    brush.part(
        np.column_stack([cx + 0.095 * u * np.sin(t) * (1 - 0.12 * np.cos(t)), cy - 0.115 * u * np.cos(t)]),
        brush.own("d02030"),
    )
    brush.mark(
        ellipse(cx - 0.035 * u, cy - 0.045 * u, 0.02 * u, 0.028 * u, 0.5, count=14),
        rgb("ffffff"),
        alpha=0.6,
        soft=0.004 * u,
    )


def _rod(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u, f = tip(frame), frame.unit, frame.facing
    end = (x + f * 0.55 * u, y - 0.5 * u)
    brush.part(limb((x - f * 0.05 * u, y + 0.05 * u), end, 0.008 * u, 0.003 * u), rgb("4a3020"))
    brush.line([[end, (end[0] + f * 0.05 * u, end[1] + 0.7 * u)]], 0.002 * u, rgb("e0e0e0"), alpha=0.6)


def _stick(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u = tip(frame), frame.unit
    brush.part(
        limb((x, y - 0.02 * u), (x + 0.03 * frame.facing * u, frame.at(0, 0)[1]), 0.011 * u, 0.009 * u), rgb("5a3a22")
    )


def _sword(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u, f = tip(frame), frame.unit, frame.facing
    brush.part(limb((x, y), (x + f * 0.12 * u, y - 0.45 * u), 0.014 * u, 0.004 * u), rgb("c8d0da"))
    brush.part(
        limb((x - 0.04 * u, y - 0.04 * u), (x + 0.06 * u * f, y - 0.02 * u), 0.009 * u, 0.009 * u), rgb("8a6a2a")
    )


def _cup(brush: Brush, frame: Frame, look: Look) -> None:
    (x, y), u = tip(frame), frame.unit
    brush.part(
        _around(x, y, u, (-0.025, -0.05), (0.025, -0.05), (0.02, 0.012), (-0.02, 0.012)),
        rgb("f0ece4"),
    )


_BEHIND: dict[str, Held] = {"umbrella": _umbrella, "suitcase": _suitcase}
_BEFORE: dict[str, Held] = {
    "guitar": instruments.guitar, "violin": instruments.violin, "microphone": instruments.microphone,
    "lantern": _lantern, "candle": _candle,
    "letter": _paper, "book": _book, "phone": _phone, **dict.fromkeys(FLOWERS, _flowers), "balloon": _balloon,
    "fishing rod": _rod, "stick": _stick,
    "accordion": instruments.accordion, "trumpet": instruments.trumpet, "sword": _sword, "cup": _cup, "bottle": _cup,
}  # fmt: skip
HOLDABLE = frozenset({*_BEHIND, *_BEFORE})
