"""Birds, butterflies, fireflies, what swims, and a rabbit."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.people.frame import tube
from engines.providers.local.painter.things.pen import Draw, Kind, Pen

_PLUMAGE: dict[str, tuple[str, str, str, str]] = {
    # back, breast, wing tip, beak
    "bird": ("5a6a7a", "d8c8b0", "2f3a46", "e0a030"),
    "gull": ("b4bcc4", "f8f6f0", "2a2c30", "e8a828"),
    "crow": ("1c1c24", "24242c", "101016", "2a2a2e"),
    "owl": ("7a5c3e", "c8b08a", "4f3a28", "c89a3a"),
    "eagle": ("4a3222", "5a3e2a", "2a1c14", "e8b030"),
    "swan": ("f6f4ee", "ffffff", "e8e4da", "e8782a"),
}


def _flying(name: str) -> Draw:
    def draw(pen: Pen) -> None:
        if pen.put.doing in ("sit", "stand", "swim", "lie") or (
            name in ("swan", "owl") and pen.put.doing not in ("fly", "run")
        ):
            (_swimming if name == "swan" else _perched)(pen, name)
        else:
            _in_flight(pen, name)

    return draw


def _tones(pen: Pen, name: str) -> tuple[Colour, Colour, Colour, Colour]:
    back, breast, tip, beak = (rgb(code) for code in _PLUMAGE[name])
    if pen.put.colour is not None:
        back, breast, tip = pen.put.colour, mix(pen.put.colour, rgb("ffffff"), 0.25), pen.put.colour * np.float32(0.55)
    return back, breast, tip, beak


def _in_flight(pen: Pen, name: str) -> None:
    """A bird from the side, both wings up or down, with fanned flight feathers."""
    back, breast, tip, beak = _tones(pen, name)
    beat = float(pen.rng.uniform(-0.25, 1.0))
    reach = {"gull": 1.2, "eagle": 1.25, "swan": 1.15}.get(name, 0.95)
    y = 0.42

    def wing(lean: float, tone: float) -> None:
        # From the shoulder up and back: an arm, a bend, then a fan of feathers.
        up = 0.55 * beat + 0.18
        shoulder, bend = (0.1, y + 0.06), (0.12 + lean, y + 0.06 + 0.5 * up * reach)
        hand = (bend[0] - 0.34 * reach, bend[1] + 0.42 * up * reach)
        fan = []
        for t in np.linspace(0, 1, 7):
            along = (hand[0] + (bend[0] - 0.06 - hand[0]) * t, hand[1] + (bend[1] - hand[1]) * t)
            length = (0.5 - 0.14 * t) * reach
            fan += [
                (along[0] - length * (0.72 - 0.25 * t), along[1] - length * (0.42 + 0.12 * t)),
                (along[0] - length * 0.45, along[1] - length * 0.3),
            ]
        pen.part(shoulder, bend, hand, *fan, (-0.28, y - 0.02), colour=back * np.float32(tone), curve=False)
        pen.part(
            shoulder,
            bend,
            hand,
            (hand[0] - 0.04, hand[1] - 0.12),
            (bend[0] - 0.1, bend[1] - 0.16),
            (-0.1, y),
            colour=mix(back, breast, 0.3) * np.float32(tone),
            curve=True,
        )
        pen.mark(hand, *fan[:5], (hand[0] + 0.03, hand[1] - 0.05), colour=tip, alpha=0.95)
        quills: list[Points] = [
            pen.path((hand[0] + (bend[0] - hand[0]) * t, hand[1] + (bend[1] - hand[1]) * t - 0.04), fan[2 * i])
            for i, t in enumerate(np.linspace(0, 1, 7))
        ]
        pen.canvas.stroke(
            quills, max(0.012 * pen.put.size, 0.5 / pen.canvas.width), pen.lit(back * np.float32(0.5)), alpha=0.4
        )

    wing(0.16, 0.7)
    pen.part((-0.3, y - 0.02), (-0.72, y + 0.07), (-0.78, y - 0.02), (-0.7, y - 0.1), (-0.28, y - 0.12), colour=tip)
    pen.part(
        (-0.42, y - 0.04),
        (-0.08, y + 0.1),
        (0.25, y + 0.12),
        (0.4, y + 0.08),
        (0.34, y - 0.06),
        (0.05, y - 0.17),
        (-0.26, y - 0.13),
        colour=breast,
        curve=True,
    )
    pen.mark(
        (-0.42, y - 0.03),
        (-0.08, y + 0.1),
        (0.25, y + 0.12),
        (0.1, y + 0.02),
        (-0.2, y - 0.03),
        colour=back,
        curve=True,
    )
    head = mix(back, rgb("f6f2ea"), 0.9) if name == "eagle" else breast if name in ("gull", "swan") else back
    hx = 0.4
    if name == "swan":
        size = pen.put.size
        pen.solid(
            tube(
                [pen.at(0.28, y + 0.03), pen.at(0.55, y + 0.1), pen.at(0.78, y + 0.14)],
                [0.09 * size, 0.045 * size, 0.05 * size],
            ),
            breast,
        )
        hx = 0.78
    pen.oval(hx, y + 0.11, 0.115, 0.1, head)
    pen.part((hx + 0.08, y + 0.15), (hx + 0.25, y + 0.08), (hx + 0.08, y + 0.06), colour=beak)
    pen.spot(hx + 0.045, y + 0.135, 0.022, 0.022, rgb("101014"))
    wing(0.0, 1.0)


def _perched(pen: Pen, name: str) -> None:
    back, breast, tip, beak = _tones(pen, name)
    pen.lines([pen.path((x, 0.14), (x + 0.02, 0.0)) for x in (-0.05, 0.08)], 0.03, beak * np.float32(0.8))
    pen.part((-0.1, 0.2), (-0.5, -0.04), (-0.36, -0.06), (0.0, 0.14), colour=tip)
    if name == "owl":
        pen.part(
            (-0.28, 0.12),
            (-0.32, 0.6),
            (-0.3, 0.85),
            (-0.26, 1.0),
            (-0.1, 0.9),
            (0.1, 0.9),
            (0.26, 1.0),
            (0.3, 0.85),
            (0.32, 0.6),
            (0.28, 0.12),
            (0.0, 0.04),
            colour=back,
            curve=True,
        )
        pen.mark(
            (-0.18, 0.14), (-0.2, 0.5), (0.0, 0.62), (0.2, 0.5), (0.18, 0.14), (0.0, 0.08), colour=breast, curve=True
        )
        for s in (-1, 1):
            pen.spot(s * 0.14, 0.74, 0.14, 0.14, breast)
            pen.spot(s * 0.13, 0.75, 0.085, 0.085, rgb("f0b030"))
            pen.spot(s * 0.13, 0.75, 0.045, 0.045, rgb("0c0a0a"))
        pen.mark((-0.04, 0.7), (0.04, 0.7), (0.0, 0.6), colour=beak)
        return
    pen.part(
        (-0.34, 0.16),
        (-0.3, 0.42),
        (-0.02, 0.66),
        (0.22, 0.66),
        (0.3, 0.42),
        (0.16, 0.14),
        (-0.1, 0.08),
        colour=breast,
        curve=True,
    )
    pen.part((-0.48, 0.1), (-0.32, 0.42), (-0.02, 0.62), (0.1, 0.48), (-0.04, 0.24), colour=back, curve=True)
    head = mix(back, rgb("f6f2ea"), 0.9) if name == "eagle" else breast if name == "gull" else back
    pen.oval(0.14, 0.8, 0.17, 0.165, head)
    pen.part((0.28, 0.84), (0.48, 0.77), (0.28, 0.73), colour=beak)
    pen.spot(0.2, 0.84, 0.03, 0.03, rgb("0c0a0a"))
    pen.spot(0.21, 0.85, 0.01, 0.01, rgb("ffffff"))


def _swimming(pen: Pen, name: str) -> None:
    back, breast, _, beak = _tones(pen, name)
    size = pen.put.size
    x, y = pen.at(0, 0)
    pen.canvas.fill(
        [
            [
                (x - 0.5 * size, y),
                (x + 0.5 * size, y),
                (x + 0.35 * size, y + 0.25 * size),
                (x - 0.35 * size, y + 0.25 * size),
            ]
        ],
        pen.lit(back),
        alpha=0.25,
        soft=0.05 * size,
    )
    pen.solid(
        tube(
            [pen.at(0.3, 0.2), pen.at(0.62, 0.42), pen.at(0.3, 0.66), pen.at(0.42, 0.92)],
            [0.12 * size, 0.075 * size, 0.055 * size, 0.055 * size],
            18,
        ),
        breast,
    )
    pen.part(
        (-0.66, 0.34),
        (-0.4, 0.3),
        (0.1, 0.36),
        (0.42, 0.26),
        (0.4, 0.08),
        (0.1, -0.02),
        (-0.35, -0.02),
        (-0.58, 0.12),
        colour=back,
        curve=True,
    )
    pen.part((-0.7, 0.42), (-0.3, 0.44), (0.15, 0.36), (0.2, 0.2), (-0.2, 0.14), colour=breast, curve=True)
    pen.line((-0.6, 0.36), (-0.2, 0.32), (0.14, 0.26), thick=0.015, colour=back * np.float32(0.7), alpha=0.6)
    pen.oval(0.44, 0.93, 0.075, 0.065, breast)
    pen.part((0.49, 0.96), (0.66, 0.87), (0.49, 0.9), colour=beak)
    pen.spot(0.46, 0.95, 0.012, 0.012, rgb("0c0a0a"))


def butterfly(pen: Pen) -> None:
    """A butterfly, wings open."""
    own = pen.colour("e8842a")
    for s in (-1, 1):
        for outline, tone in (
            (((0.04, 0.55), (0.3, 0.98), (0.62, 0.95), (0.6, 0.66), (0.3, 0.48)), 1.0),
            (((0.04, 0.48), (0.34, 0.45), (0.5, 0.22), (0.34, 0.02), (0.12, 0.2)), 0.88),
        ):
            pen.part(*[(s * x, y) for x, y in outline], colour=own * np.float32(0.3), curve=True)
            middle = np.mean(outline, axis=0)
            pen.mark(
                *[(s * (middle[0] + (x - middle[0]) * 0.82), middle[1] + (y - middle[1]) * 0.82) for x, y in outline],
                colour=own * np.float32(tone),
                curve=True,
            )
            pen.spot(s * (middle[0] + 0.1), middle[1] + 0.06, 0.045, 0.045, rgb("fff4dc"), alpha=0.85)
    pen.rod((0.0, 0.68), (0.0, 0.24), 0.035, 0.018, rgb("1c1418"))
    pen.lines([pen.path((0.0, 0.7), (s * 0.1, 0.95)) for s in (-1, 1)], 0.012, rgb("1c1418"))


def fireflies(pen: Pen) -> None:
    """A swarm of fireflies."""
    for _ in range(26):
        x, y = float(pen.rng.normal(0, 0.9)), float(pen.rng.uniform(0.0, 1.1))
        pen.glow(x, y, 0.09, rgb("e8ff7a"), 0.9)
        pen.glow(x, y, 0.025, rgb("ffffe0"), 1.6)


def fish(pen: Pen) -> None:
    """A fish."""
    own = pen.colour("e07a3a")
    pen.part((-0.72, 0.5), (-1.15, 0.88), (-1.05, 0.5), (-1.15, 0.12), colour=own * np.float32(0.8))
    pen.part((-0.2, 0.82), (0.0, 1.05), (0.4, 0.95), (0.3, 0.78), colour=own * np.float32(0.75))
    pen.part(
        (-0.8, 0.5),
        (-0.4, 0.78),
        (0.2, 0.88),
        (0.7, 0.72),
        (0.92, 0.5),
        (0.7, 0.3),
        (0.2, 0.12),
        (-0.4, 0.22),
        colour=own,
        curve=True,
    )
    pen.mark(
        (-0.5, 0.35),
        (0.2, 0.22),
        (0.75, 0.36),
        (0.3, 0.16),
        (-0.3, 0.22),
        colour=mix(own, rgb("ffffff"), 0.6),
        curve=True,
        alpha=0.8,
    )
    for x in (-0.3, 0.0, 0.28):
        pen.line((x, 0.76), (x + 0.1, 0.5), (x, 0.26), thick=0.03, colour=own * np.float32(0.65), alpha=0.5)
    pen.part((0.15, 0.45), (-0.15, 0.2), (0.0, 0.42), colour=own * np.float32(0.7))
    pen.spot(0.62, 0.6, 0.075, 0.075, rgb("ffffff"))
    pen.spot(0.64, 0.6, 0.042, 0.042, rgb("101014"))


def whale(pen: Pen) -> None:
    """A whale, with its spout."""
    own = pen.colour("3f5a72")
    pen.solid(
        tube(
            [pen.at(-0.9, 0.34), pen.at(-1.35, 0.5), pen.at(-1.6, 0.86)],
            [0.2 * pen.put.size, 0.1 * pen.put.size, 0.05 * pen.put.size],
        ),
        own,
    )
    pen.part(
        (-1.58, 0.8), (-1.95, 1.0), (-1.68, 1.02), (-1.58, 0.9), (-1.4, 1.06), (-1.3, 0.96), colour=own, curve=False
    )
    pen.part(
        (-1.1, 0.3),
        (-0.7, 0.56),
        (0.0, 0.7),
        (0.7, 0.66),
        (1.15, 0.42),
        (1.18, 0.22),
        (0.8, 0.02),
        (0.0, -0.04),
        (-0.7, 0.08),
        colour=own,
        curve=True,
    )
    pale = mix(own, rgb("f0f4f4"), 0.75)
    pen.mark((1.16, 0.22), (0.8, 0.02), (0.1, -0.04), (-0.3, 0.02), (0.2, 0.14), (0.8, 0.22), colour=pale, curve=True)
    grooves: list[Points] = [pen.path((1.0, 0.16 - d), (0.5, 0.1 - d), (0.1, 0.06 - d)) for d in (0.0, 0.035, 0.07)]
    pen.canvas.stroke(grooves, 0.008 * pen.put.size, pen.lit(own), alpha=0.7)
    pen.line((1.17, 0.27), (0.75, 0.26), (0.6, 0.32), thick=0.015, colour=own * np.float32(0.5))
    pen.spot(0.66, 0.38, 0.03, 0.03, rgb("0c0c12"))
    pen.part((0.35, 0.12), (-0.05, -0.18), (-0.15, -0.1), (0.1, 0.14), colour=own * np.float32(0.75))
    if pen.scene.subject.place != "underwater":
        drops: list[Points] = [
            pen.path((0.55, 0.7), (0.55 + d, 1.0 - abs(d) * 0.6), (0.55 + d * 2.2, 0.84))
            for d in np.linspace(-0.16, 0.16, 7)
        ]
        pen.canvas.stroke(drops, 0.02 * pen.put.size, pen.lit(rgb("eaf6ff")), alpha=0.8)


def shark(pen: Pen) -> None:
    """A shark."""
    own = pen.colour("62717e")
    pen.part((-1.0, 0.48), (-1.45, 0.98), (-1.25, 0.5), (-1.4, 0.2), colour=own)
    pen.part((-0.15, 0.66), (-0.05, 1.05), (0.3, 0.66), colour=own)
    pen.part(
        (-1.1, 0.48),
        (-0.5, 0.66),
        (0.3, 0.72),
        (0.95, 0.6),
        (1.25, 0.48),
        (0.9, 0.32),
        (0.2, 0.22),
        (-0.5, 0.36),
        colour=own,
        curve=True,
    )
    pen.mark(
        (1.2, 0.45), (0.9, 0.32), (0.2, 0.22), (-0.5, 0.36), (0.2, 0.38), (0.9, 0.44), colour=rgb("dfe4e6"), curve=True
    )
    pen.part((0.25, 0.34), (-0.15, -0.04), (0.05, 0.32), colour=own * np.float32(0.8))
    pen.lines([pen.path((x, 0.54), (x - 0.03, 0.4)) for x in (0.48, 0.55, 0.62)], 0.012, own * np.float32(0.5))
    pen.spot(0.86, 0.55, 0.026, 0.026, rgb("0c0c12"))
    teeth: list[Points] = [pen.path((x, 0.4), (x + 0.025, 0.35), (x + 0.05, 0.4)) for x in np.linspace(0.82, 1.0, 4)]
    pen.canvas.fill(teeth, pen.lit(rgb("ffffff")))


def rabbit(pen: Pen) -> None:
    """A sitting rabbit."""
    fur, pale = pen.colour("a08468"), rgb("efe6da")
    pen.oval(-0.5, 0.2, 0.11, 0.11, pale)
    pen.part((-0.46, 0.04), (-0.5, 0.3), (-0.3, 0.52), (0.0, 0.5), (0.16, 0.3), (0.14, 0.04), colour=fur, curve=True)
    pen.oval(-0.24, 0.2, 0.2, 0.18, fur * np.float32(0.9))
    pen.rod((-0.26, 0.05), (0.02, 0.04), 0.055, 0.045, fur * np.float32(1.05))
    pen.rod((0.1, 0.3), (0.14, 0.04), 0.06, 0.045, fur)
    for dx, tone in ((0.08, 0.75), (0.0, 1.0)):
        pen.part(
            (0.1 + dx, 0.66),
            (0.0 + dx, 0.98),
            (0.08 + dx, 1.02),
            (0.2 + dx, 0.68),
            colour=fur * np.float32(tone),
            curve=True,
        )
        pen.mark(
            (0.12 + dx, 0.7),
            (0.05 + dx, 0.94),
            (0.09 + dx, 0.96),
            (0.17 + dx, 0.7),
            colour=rgb("e0b0a4"),
            curve=True,
            alpha=0.8,
        )
    pen.oval(0.2, 0.56, 0.17, 0.155, fur)
    pen.oval(0.3, 0.51, 0.09, 0.075, mix(fur, pale, 0.6))
    pen.spot(0.375, 0.53, 0.022, 0.018, rgb("c87a78"))
    pen.spot(0.245, 0.6, 0.03, 0.032, rgb("14100e"))
    pen.spot(0.255, 0.61, 0.01, 0.01, rgb("ffffff"))
    pen.lines([pen.path((0.33, 0.5), (0.52, 0.5 + d)) for d in (-0.05, 0.0, 0.05)], 0.006, pale)


FAMILY: dict[str, Kind] = {
    "bird": Kind(_flying("bird"), 0.3, 1.7, "sky", 1.2),
    "gull": Kind(_flying("gull"), 0.36, 1.7, "sky", 1.2),
    "crow": Kind(_flying("crow"), 0.34, 1.7, "sky", 1.2),
    "owl": Kind(_flying("owl"), 0.36, 0.8, "ground", 0.9),
    "eagle": Kind(_flying("eagle"), 0.6, 1.7, "sky", 1.2),
    "swan": Kind(_flying("swan"), 0.7, 1.3, "water", 1.1),
    "butterfly": Kind(butterfly, 0.13, 1.1, "sky", 0.7),
    "fireflies": Kind(fireflies, 0.8, 3.0, "ground", 1.0, lamp=True),
    "rabbit": Kind(rabbit, 0.3, 1.1),
    "fish": Kind(fish, 0.2, 2.1, "water", 0.8),
    "whale": Kind(whale, 2.2, 3.2, "water", 4.2),
    "shark": Kind(shark, 1.0, 2.8, "water", 2.2),
}
