"""Instruments in a person's hands."""

import numpy as np

from engines.providers.local.painter.canvas import Points, ellipse, limb
from engines.providers.local.painter.mood import rgb
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.frame import Frame, Spot
from engines.providers.local.painter.people.look import Look


def tip(frame: Frame, side: str = "2", reach: float = 0.05) -> Spot:
    """The middle of a hand."""
    (ex, ey), (wx, wy) = frame.joint("e" + side), frame.joint("w" + side)
    along = np.array([wx - ex, wy - ey])
    x, y = (np.array([wx, wy]) + along / max(float(np.hypot(*along)), 1e-6) * reach * frame.unit).tolist()
    return x, y


def guitar(brush: Brush, frame: Frame, look: Look) -> None:
    """A guitar before the chest."""
    (x, y), u, f = frame.joint("neck", -0.02, -0.25), frame.unit, frame.facing
    end = frame.joint("w2")
    wood = brush.own("a8582c")
    brush.part(
        limb((x + f * 0.05 * u, y - 0.01 * u), (end[0] + f * 0.05 * u, end[1] - 0.03 * u), 0.013 * u, 0.010 * u),
        rgb("4b2d1a"),
    )
    brush.part(
        [
            ellipse(x - f * 0.06 * u, y + 0.025 * u, 0.088 * u, 0.078 * u),
            ellipse(x + f * 0.03 * u, y - 0.004 * u, 0.064 * u, 0.058 * u),
        ],
        wood,
    )
    brush.mark(ellipse(x + f * 0.01 * u, y + 0.003 * u, 0.024 * u, 0.024 * u), rgb("1d100a"))
    brush.mark(
        limb((x - f * 0.1 * u, y + 0.02 * u), (x - f * 0.09 * u, y + 0.06 * u), 0.006 * u, 0.006 * u), rgb("2a1710")
    )
    strings: list[Points] = [
        [(x - f * 0.095 * u, y + (0.035 + d) * u), (end[0] + f * 0.04 * u, end[1] - (0.025 - d) * u)]
        for d in (-0.004, 0.004)
    ]
    brush.line(strings, 0.002 * u, rgb("e8e0d0"), alpha=0.7)
    wrist, elbow = frame.joint("w1"), frame.joint("e1")
    brush.part(limb(elbow, wrist, frame.r(0.028), frame.r(0.02)), look.upper * np.float32(0.9))
    brush.part(ellipse(*wrist, 0.024 * u, 0.028 * u, count=16), look.skin)


def violin(brush: Brush, frame: Frame, look: Look) -> None:
    """A violin under the chin."""
    (x, y), u, f = frame.joint("neck", 0.04, -0.02), frame.unit, frame.facing
    end = frame.joint("w2", 0.03, 0.0)
    brush.part(
        [
            ellipse(x + f * 0.02 * u, y, 0.05 * u, 0.036 * u, -0.25 * f),
            ellipse(x + f * 0.09 * u, y - 0.02 * u, 0.04 * u, 0.03 * u, -0.25 * f),
        ],
        brush.own("8c3f1c"),
    )
    brush.part(limb((x + f * 0.1 * u, y - 0.02 * u), end, 0.008 * u, 0.006 * u), rgb("1f120c"))
    bow = frame.joint("w1")
    brush.line(
        [[(bow[0] - f * 0.05 * u, bow[1] + 0.02 * u), (x + f * 0.16 * u, y - 0.1 * u)]], 0.006 * u, rgb("3a2012")
    )
    brush.part(ellipse(*bow, 0.022 * u, 0.024 * u, count=14), look.skin)


def microphone(brush: Brush, frame: Frame, look: Look) -> None:
    """A microphone at the mouth."""
    (x, y), u = tip(frame), frame.unit
    mx, my = frame.eyes
    mouth = (mx + 0.03 * frame.facing * u, my + 1.35 * frame.head)
    along = np.array([mouth[0] - x, mouth[1] - y])
    along /= max(float(np.hypot(*along)), 1e-6)
    top = (x + float(along[0]) * 0.05 * u, y + float(along[1]) * 0.05 * u)
    low = (x - float(along[0]) * 0.06 * u, y - float(along[1]) * 0.06 * u)
    brush.part(limb(low, top, 0.010 * u, 0.013 * u), rgb("1c1c22"))
    brush.part(ellipse(*top, 0.021 * u, 0.021 * u, count=18), rgb("a4a9b4"))
    brush.mark(
        ellipse(top[0] - 0.006 * u, top[1] - 0.006 * u, 0.007 * u, 0.007 * u, count=10), rgb("ffffff"), alpha=0.7
    )


def accordion(brush: Brush, frame: Frame, look: Look) -> None:
    """An accordion before the chest."""
    u, own = frame.unit, brush.own("a8282e")
    (x, y), f = frame.joint("neck", 0.02, -0.22), frame.facing
    ends = [(x - f * 0.12 * u, y), (x + f * 0.17 * u, y - 0.01 * u)]
    bellows = np.array(
        [(ends[0][0], y - 0.1 * u), (ends[1][0], y - 0.12 * u), (ends[1][0], y + 0.11 * u), (ends[0][0], y + 0.1 * u)]
    )
    brush.part(bellows, rgb("e8dcc8"))
    folds: list[Points] = [
        [
            (ends[0][0] + (ends[1][0] - ends[0][0]) * t, y - 0.11 * u),
            (ends[0][0] + (ends[1][0] - ends[0][0]) * t, y + 0.105 * u),
        ]
        for t in np.linspace(0.08, 0.92, 10)
    ]
    brush.line(folds, 0.006 * u, rgb("3a2a28"))
    for (ex, ey), s in zip(ends, (-1, 1), strict=True):
        side = f * s
        brush.part(
            np.array(
                [
                    (ex, ey - 0.125 * u),
                    (ex + side * 0.06 * u, ey - 0.12 * u),
                    (ex + side * 0.06 * u, ey + 0.12 * u),
                    (ex, ey + 0.125 * u),
                ]
            ),
            own,
        )
        keys: list[Points] = [
            [(ex + side * 0.012 * u, ey + d * u), (ex + side * 0.05 * u, ey + d * u)]
            for d in np.linspace(-0.09, 0.09, 7)
        ]
        brush.line(keys, 0.012 * u, rgb("f6f2ea"))
        brush.part(ellipse(ex + side * 0.07 * u, ey + 0.03 * u, 0.024 * u, 0.03 * u, count=16), look.skin)


def trumpet(brush: Brush, frame: Frame, look: Look) -> None:
    """A trumpet at the lips."""
    u, f, gold = frame.unit, frame.facing, brush.own("e0ac3a")
    ex, ey = frame.eyes
    x, y = ex + f * 0.03 * u, ey + 1.0 * frame.head
    brush.part(limb((x, y), (x + f * 0.24 * u, y + 0.01 * u), 0.007 * u, 0.009 * u), gold)
    brush.part(
        np.array(
            [
                (x + f * 0.2 * u, y),
                (x + f * 0.3 * u, y - 0.045 * u),
                (x + f * 0.3 * u, y + 0.06 * u),
                (x + f * 0.2 * u, y + 0.02 * u),
            ]
        ),
        gold,
    )
    ring = ellipse(x + f * 0.12 * u, y + 0.03 * u, 0.06 * u, 0.024 * u)
    brush.line([np.vstack([ring, ring[:1]])], 0.011 * u, gold * np.float32(0.85))
    brush.part(ellipse(x + f * 0.12 * u, y + 0.02 * u, 0.026 * u, 0.024 * u, count=16), look.skin)
