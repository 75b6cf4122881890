"""Animals on four legs, drawn from their measures."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.people.frame import tube
from engines.providers.local.painter.things.beasts import BEASTS, Beast
from engines.providers.local.painter.things.pen import Draw, Kind, Pen, Seat


def draw_beast(name: str) -> Draw:
    """How one of the kinds is drawn."""

    def draw(pen: Pen) -> None:
        beast = BEASTS[name]
        fur = pen.colour(beast.fur)
        pale = rgb(beast.pale) if pen.put.colour is None else mix(fur, rgb("ffffff"), 0.3)
        lying = pen.put.doing in ("lie", "sit") and not beast.hoof
        drop = max(0.0, beast.back - 1.92 * beast.girth) if lying else 0.0
        if name == "dragon":
            _wing(pen, fur * np.float32(0.7), drop)
        _tail(pen, beast, fur, drop)
        for far in (True, False):
            if not lying:
                _legs(pen, beast, fur * np.float32(0.68 if far else 1.0), far)
            if far:
                _trunk(pen, beast, fur, pale, drop)
        if lying:
            upper, lower = beast.leg[0] * 0.9, beast.leg[1] * 1.3
            for x in (-0.3, 0.36):
                pen.rod(
                    (x * beast.length * 1.1, upper),
                    ((x + 0.22) * beast.length * 1.1, lower),
                    upper,
                    lower,
                    fur * np.float32(0.92),
                )
        _head(pen, beast, fur, pale, drop)

    return draw


def leg_joints(b: Beast, doing: str, *, far: bool, hind: bool) -> list[tuple[float, float]]:
    """Hip or shoulder, hock or wrist, and foot of a leg, in heights of the animal; `doing` as in `Put`."""
    stride = {"run": 0.2, "walk": 0.1}.get(doing, 0.03) * (1 if far else -1) * (1 if hind else -1)
    x = (-0.4 if hind else 0.36) * b.length + (0.05 if far else 0.0)
    low = b.back * (0.33 if hind else 0.4)
    return [
        (x, b.back - b.girth * 0.8),
        (x + stride * 0.4 + (-0.05 if hind else 0.012), low),
        (x + stride + (-0.02 if hind else 0.0), max(0.03, b.leg[1])),
    ]


def _legs(pen: Pen, b: Beast, fur: Colour, far: bool) -> None:
    size, (thick, thin) = pen.put.size, b.leg
    # Legs of heavy animals are pillars: nothing swells, and no paw is wider than its leg.
    broad, paw = 0.52 * b.girth + 0.035, min(thin * 1.25, thin * 0.5 + 0.045)
    for hind in (True, False):
        top, low, foot = leg_joints(b, pen.put.doing, far=far, hind=hind)
        # A thigh, or a shoulder, is thick above and tapers to the hock or the wrist.
        knee = ((top[0] + low[0]) / 2 + (0.05 if hind else -0.02), top[1] * 0.48 + low[1] * 0.52)
        pen.solid(
            tube(
                [pen.at(*top), pen.at(*knee), pen.at(*low), pen.at(*foot)],
                [min(thick * (1.95 if hind else 1.6), broad) * size, thick * size, thick * 0.66 * size, thin * size],
                16,
            ),
            fur * np.float32(0.93),
            0.86,
        )
        end = rgb("2a211c") if b.hoof else fur * np.float32(0.85)
        if b.hoof:
            pen.part(
                (foot[0] - thin * 1.1, 0.07), (foot[0] + thin * 1.1, 0.07), (foot[0] + thin * 2.1, 0.0),
                (foot[0] - thin * 1.2, 0.0), colour=end,
            )  # fmt: skip
        else:
            pen.rod((foot[0], paw), (foot[0] + paw * 1.2, paw * 0.8), paw, paw * 0.8, end)


def _trunk(pen: Pen, b: Beast, fur: Colour, pale: Colour, drop: float) -> None:
    half, y, g = b.length / 2, b.back - drop, b.girth
    tuck = 0.0 if g > 0.2 else 0.55
    outline = [
        (-half - 0.035, y - g * 0.62),
        (-half * 0.9, y - g * 0.06),
        (-half * 0.3, y - g * 0.16),
        (half * 0.3, y - g * 0.06),
        (half * 0.68, y + g * 0.1),
        (half + 0.05, y - g * 0.75),
        (half * 0.86, y - g * 1.8),
        (half * 0.2, y - g * (1.95 - 0.1 * tuck)),
        (-half * 0.45, y - g * (1.9 - 0.75 * tuck)),
        (-half * 0.85, y - g * 1.5),
    ]
    pen.part(*outline, colour=fur, curve=True)
    if b.woolly:
        puffs: list[Points] = [
            pen.ring(x, y - g + dy, g * 0.5, g * 0.46)
            for x in np.linspace(-half, half, 6)
            for dy in (g * 0.7, -g * 0.55)
        ]
        pen.solid(puffs, fur)
        return
    pen.mark(
        (-half * 0.75, y - g * 1.3),
        (0.0, y - g * 1.5),
        (half * 0.8, y - g * 1.2),
        (half * 0.8, y - g * 1.75),
        (0.0, y - g * 1.88),
        (-half * 0.7, y - g * 1.62),
        colour=pale,
        alpha=0.75,
        curve=True,
        soft=0.02,
    )
    if b.patches == "cow":
        for x, dy, r in ((-0.3, 0.5, 0.13), (0.08, 0.7, 0.16), (0.36, 0.4, 0.09)):
            pen.spot(x, y - g * 1.8 * dy, r, r * 0.8, rgb("2a2422"))
    elif b.patches == "tabby":
        stripes: list[Points] = [
            pen.path((x, y - 0.015), (x + 0.02, y - g * 0.9)) for x in np.linspace(-half * 0.8, half * 0.7, 7)
        ]
        pen.canvas.stroke(stripes, 0.028 * pen.put.size, pen.lit(fur * np.float32(0.55)), alpha=0.6)


def _tail(pen: Pen, b: Beast, fur: Colour, drop: float) -> None:
    length, thick, end = b.tail
    root, size = (-b.length / 2, b.back - drop - 0.04), pen.put.size
    tip = (root[0] - length * 0.55, max(0.03, root[1] + end))
    bend = (root[0] - length * 0.5, root[1] + end * 0.3)
    colour = rgb(b.mane) if b.hoof and b.mane else fur * np.float32(0.85)
    if b.hoof and b.mane:
        # Hair: it springs from the dock, falls in a curve and ends in a point.
        x, y = root
        pen.part(
            (x + 0.04, y + 0.03), (x - 0.06, y + 0.035), (x - 0.13, y - 0.05), (x - 0.17, y - 0.2),
            (x - 0.24, y + end + 0.02), (x - 0.13, y + end + 0.1), (x - 0.07, y - 0.16), (x - 0.03, y - 0.06),
            colour=colour, curve=True,
        )  # fmt: skip
        return
    mid = thick * (1.5 if thick > 0.045 else 1.0)
    pen.solid(
        tube([pen.at(*root), pen.at(*bend), pen.at(*tip)], [thick * size, mid * size, thick * 0.6 * size]), colour
    )
    if thick >= 0.1:
        pen.oval(tip[0] + 0.02, tip[1], 0.07, 0.06, rgb(b.pale))


def _head(pen: Pen, b: Beast, fur: Colour, pale: Colour, drop: float) -> None:
    half, y, size = b.length / 2, b.back - drop, pen.put.size
    hx, hy = half + b.head[0], y + b.head[1]
    pen.solid(
        tube(
            [
                pen.at(half * 0.82, y - b.girth * 0.6),
                pen.at((half + hx) / 2 - 0.02, (y + hy) / 2),
                pen.at(hx - 0.02, hy),
            ],
            [b.neck[0] * size, (b.neck[0] + b.neck[1]) / 2 * size, b.neck[1] * size],
        ),
        fur,
        0.92,
    )
    if b.mane and not b.hoof:
        puffs: list[Points] = [
            pen.ring(hx - 0.05 + np.cos(a) * 0.14, hy - 0.03 + np.sin(a) * 0.16, 0.1, 0.1)
            for a in np.linspace(0, 2 * np.pi, 12)
        ]
        pen.solid([*puffs, pen.ring(hx - 0.05, hy - 0.03, 0.17, 0.19)], rgb(b.mane))
    elif b.mane:
        crest = [
            (half * 0.7, y + 0.0),
            (hx - 0.14, hy - 0.05),
            (hx - 0.07, hy + 0.12),
            (hx + 0.03, hy + 0.1),
            (hx - 0.03, hy),
            (half * 0.95, y - 0.02),
        ]
        pen.part(*crest, colour=rgb(b.mane), curve=True)
    _ears(pen, b, fur, hx, hy, far=True)
    reach, thick = b.muzzle
    slope = 0.55 if b.hoof else 0.22
    nose = (hx + b.skull * 0.6 + reach, hy - b.skull * 0.25 - reach * slope)
    pen.oval(hx, hy, b.skull, b.skull * 0.95, fur)
    pen.solid([pen.stick((hx + b.skull * 0.25, hy - b.skull * 0.15), nose, b.skull * 0.78, thick)], fur)
    if not b.trunk:
        if not b.hoof:
            pen.solid(
                [
                    pen.stick(
                        (hx + b.skull * 0.6, hy - b.skull * 0.45),
                        (nose[0], nose[1] - thick * 0.2),
                        thick * 0.9,
                        thick * 0.78,
                    )
                ],
                pale,
            )
        if b.snout:
            pen.oval(nose[0] + thick * 0.45, nose[1], thick * 0.62, thick * 1.05, fur * np.float32(1.08))
            for dx in (0.2, 0.7):
                pen.spot(nose[0] + thick * dx, nose[1], thick * 0.13, thick * 0.26, fur * np.float32(0.35))
        else:
            pen.spot(nose[0] + thick * 0.55, nose[1] + thick * 0.25, thick * 0.42, thick * 0.34, rgb("1c1614"))
        pen.line(
            (nose[0] + thick * 0.5, nose[1] - thick * 0.3),
            (nose[0] - reach * 0.5, nose[1] - thick * 0.5),
            thick=0.012,
            colour=rgb("2a1c18"),
            alpha=0.7,
        )
    else:
        trunk = [
            (hx + 0.12, hy - 0.05),
            (hx + 0.24, hy - 0.3),
            (hx + 0.2, max(0.06, hy - 0.68)),
            (hx + 0.3, max(0.05, hy - 0.74)),
        ]
        pen.solid(tube([pen.at(*p) for p in trunk], [0.085 * size, 0.065 * size, 0.045 * size, 0.035 * size], 16), fur)
        pen.solid(
            tube(
                [pen.at(hx + 0.1, hy - 0.14), pen.at(hx + 0.2, hy - 0.28), pen.at(hx + 0.34, hy - 0.26)],
                [0.028 * size, 0.022 * size, 0.008 * size],
            ),
            rgb("f4ecd8"),
        )
    _horns(pen, b, hx, hy)
    _ears(pen, b, fur, hx, hy, far=False)
    eye = (hx + b.skull * 0.42, hy + b.skull * 0.18)
    r = max(0.018, b.skull * 0.16)
    pen.spot(*eye, r, r, rgb("14100e"))
    pen.spot(eye[0] + r * 0.35, eye[1] + r * 0.35, r * 0.35, r * 0.35, rgb("ffffff"))


def _ears(pen: Pen, b: Beast, fur: Colour, hx: float, hy: float, *, far: bool) -> None:
    wide, tall, kind = b.ears
    dx = 0.05 if far else -0.03
    tone = fur * np.float32(0.65 if far else 0.9)
    x, y = hx + dx - b.skull * 0.2, hy + b.skull * 0.65
    if kind == "up":
        pen.part((x - wide, y - 0.02), (x - wide * 0.3, y + tall), (x + wide, y - 0.03), colour=tone, curve=tall > 0.3)
        if not far:
            pen.mark(
                (x - wide * 0.5, y),
                (x - wide * 0.2, y + tall * 0.72),
                (x + wide * 0.5, y - 0.01),
                colour=mix(tone, rgb("d89a8a"), 0.5),
            )
    elif kind == "round":
        pen.oval(x, y + tall * 0.3, wide, tall, tone)
    elif kind == "flop" and not far:
        pen.part(
            (x - wide, y - 0.03),
            (x + wide * 0.6, y),
            (x + wide * 0.7, y - tall),
            (x - wide * 0.4, y - tall * 1.15),
            colour=tone * np.float32(0.8),
            curve=True,
        )
    elif kind == "side" and not far:
        pen.rod((x, y - 0.02), (x - wide * 1.8, y - 0.03), tall, tall * 0.5, tone)
    elif kind == "fan" and not far:
        pen.part(
            (hx - 0.02, hy + 0.14),
            (hx - 0.24, hy + 0.12),
            (hx - 0.28, hy - 0.1),
            (hx - 0.12, hy - 0.26),
            (hx - 0.01, hy - 0.1),
            colour=tone,
            curve=True,
        )


def _horns(pen: Pen, b: Beast, hx: float, hy: float) -> None:
    bone = rgb("d8c8a8")
    top = hy + b.skull * 0.8
    if b.horns == "antlers":
        for dx in (0.03, -0.03):
            lines = (
                ((hx + dx - 0.02, top), (hx + dx - 0.1, top + 0.14)),
                ((hx + dx - 0.1, top + 0.14), (hx + dx - 0.04, top + 0.3)),
                ((hx + dx - 0.075, top + 0.1), (hx + dx + 0.05, top + 0.18)),
                ((hx + dx - 0.09, top + 0.19), (hx + dx - 0.18, top + 0.27)),
            )
            pen.solid(
                [pen.stick(a, c, 0.017, 0.01) for a, c in lines], rgb("8a6a48") * np.float32(1.0 if dx < 0 else 0.75)
            )
    elif b.horns == "short":
        pen.solid(
            tube(
                [pen.at(hx - 0.02, top), pen.at(hx - 0.06, top + 0.07), pen.at(hx + 0.02, top + 0.1)],
                [0.022 * pen.put.size, 0.018 * pen.put.size, 0.005 * pen.put.size],
            ),
            bone,
        )
    elif b.horns == "spikes":
        for k in range(7):
            x, y = -b.length * 0.5 + k * b.length / 6, b.back
            pen.part((x - 0.03, y - 0.02), (x - 0.02, y + 0.07), (x + 0.03, y - 0.01), colour=rgb("a8823a"))
        for s in (0.0, 0.05):
            pen.rod((hx - 0.04 + s, top), (hx - 0.14 + s, top + 0.14), 0.02, 0.004, bone)
        for i, (size, code) in enumerate(((0.1, "ff7a2a"), (0.06, "ffd25a"))):
            pen.light(
                (hx + 0.28, hy - 0.08),
                (hx + 0.5, hy + size - 0.14),
                (hx + 0.62 - 0.08 * i, hy - 0.2),
                (hx + 0.45, hy - 0.16 - size),
                colour=rgb(code),
                power=1.3,
                curve=True,
            )
        pen.glow(hx + 0.45, hy - 0.16, 0.3, rgb("ff8a3a"), 0.9)


def _wing(pen: Pen, colour: Colour, drop: float) -> None:
    y = 0.52 - drop
    for s, tone in ((0.12, 0.8), (0.0, 1.0)):
        outline = pen.path(
            (0.12 + s, y),
            (0.0 + s, y + 0.5),
            (-0.5 + s, y + 0.62),
            (-0.42 + s, y + 0.34),
            (-0.7 + s, y + 0.28),
            (-0.46 + s, y + 0.14),
            (-0.5 + s, y - 0.02),
            (-0.2 + s, y - 0.02),
        )
        pen.solid([outline], colour * np.float32(tone))
        pen.lines(
            [
                pen.path((0.12 + s, y), (0.0 + s, y + 0.5), (-0.5 + s, y + 0.62)),
                pen.path((0.0 + s, y + 0.5), (-0.7 + s, y + 0.28)),
                pen.path((0.0 + s, y + 0.5), (-0.5 + s, y - 0.02)),
            ],
            0.02,
            colour * np.float32(0.6),
        )


_TALL = {
    "horse": 1.35, "dog": 0.48, "cat": 0.3, "wolf": 0.62, "fox": 0.42, "bear": 0.95, "deer": 1.05, "lion": 0.8,
    "elephant": 1.9, "cow": 0.92, "sheep": 0.62, "dragon": 1.7,
}  # fmt: skip
FAMILY: dict[str, Kind] = {
    name: Kind(
        draw_beast(name),
        tall,
        1.45 if name != "dragon" else 1.9,
        "ground",
        1.0 if tall < 1.0 else 1.25,
        None,
        (Seat(0.0, 0.68, "ride"),) if name in ("horse", "elephant", "dragon") else (),
    )
    for name, tall in _TALL.items()
}
