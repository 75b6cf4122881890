"""What shines: lanterns, lamps, candles, fires, fireworks, signs, and lights of the sky."""

import numpy as np

from engines.providers.local.painter.canvas import Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen

_WARM = rgb("ffb45a")
_HOT = rgb("fff0c8")


def flame(pen: Pen, x: float, y: float, size: float) -> None:
    """A flame that stands on (x, y)."""
    for k, code, power in ((1.0, "ff7a2a", 1.1), (0.7, "ffb84a", 1.3), (0.4, "fff2c8", 1.5)):
        s = size * k
        pen.light(
            (x - 0.22 * s, y + 0.3 * s),
            (x - 0.06 * s, y + 0.7 * s),
            (x + 0.03 * s, y + s),
            (x + 0.12 * s, y + 0.66 * s),
            (x + 0.24 * s, y + 0.3 * s),
            (x, y),
            colour=rgb(code),
            power=power,
            curve=True,
        )
    pen.glow(x, y + 0.4 * size, size * 2.4, _WARM, 0.6)


def lantern(pen: Pen) -> None:
    """A lantern with a flame behind glass."""
    frame = pen.colour("3a2c24")
    arc = [(0.2 * np.cos(a), 0.8 + 0.2 * np.sin(a)) for a in np.linspace(0, np.pi, 14)]
    pen.lines([pen.path(*arc)], 0.025, frame)
    pen.glow(0.0, 0.42, 2.2, _WARM, 0.5)
    pen.light(
        (-0.22, 0.16), (0.22, 0.16), (0.26, 0.5), (0.19, 0.7), (-0.19, 0.7), (-0.26, 0.5), colour=_WARM, power=0.75
    )
    flame(pen, 0.0, 0.2, 0.36)
    for x in (-0.23, 0.0, 0.23):
        pen.rod((x, 0.16), (x * 0.85, 0.7), 0.014, 0.014, frame)
    pen.bar(-0.29, 0.06, 0.29, 0.16, frame)
    pen.bar(-0.33, 0.0, 0.33, 0.06, frame * np.float32(0.8))
    pen.part((-0.27, 0.69), (-0.12, 0.86), (0.12, 0.86), (0.27, 0.69), colour=frame)


def lamp(pen: Pen) -> None:
    """A standing lamp; close up, a table lamp."""
    shade = pen.colour("e8c890")
    pen.rod((0.0, 0.62 if pen.put.close else 0.8), (0.0, 0.03), 0.014, 0.016, rgb("3a2c24"))
    pen.oval(0.0, 0.025, 0.13, 0.028, rgb("3a2c24"))
    power = 0.5 + 0.6 * pen.mood.night
    low, wide = (0.56, 0.3) if pen.put.close else (0.76, 0.15)
    pen.light(
        (-wide * 0.6, 0.98),
        (wide * 0.6, 0.98),
        (wide, low),
        (-wide, low),
        colour=mix(shade, _HOT, 0.45),
        power=0.75 + 0.45 * power,
    )
    pen.glow(0.0, (0.98 + low) / 2, 0.8, _WARM, 0.6 * power)


def candle(pen: Pen) -> None:
    """A candle in its holder."""
    wax = pen.colour("f0e4cc")
    pen.part((-0.3, 0.05), (0.3, 0.05), (0.22, 0.0), (-0.22, 0.0), colour=rgb("b08a3a"))
    pen.oval(0.0, 0.06, 0.3, 0.035, rgb("c8a24a"))
    pen.bar(-0.105, 0.05, 0.105, 0.66, wax)
    pen.part(
        (-0.105, 0.66),
        (0.105, 0.66),
        (0.105, 0.56),
        (0.05, 0.5),
        (0.02, 0.6),
        (-0.06, 0.46),
        (-0.105, 0.58),
        colour=mix(wax, rgb("ffffff"), 0.35),
    )
    pen.line((0.0, 0.66), (0.0, 0.73), thick=0.018, colour=rgb("2a1c14"))
    flame(pen, 0.0, 0.7, 0.28)
    pen.glow(0.0, 0.8, 1.3, _WARM, 0.45)


def fire(pen: Pen) -> None:
    """A fire on logs, with sparks."""
    for a, b in (((-0.5, 0.02), (0.45, 0.12)), ((0.5, 0.02), (-0.45, 0.12)), ((-0.3, 0.0), (0.3, 0.02))):
        pen.rod(a, b, 0.065, 0.06, rgb("4a3020"))
    pen.glow(0.0, 0.35, 3.0, rgb("ff8a3a"), 0.55)
    for x, s in ((-0.24, 0.55), (0.22, 0.6), (0.0, 0.92), (-0.1, 0.7), (0.12, 0.72)):
        flame(pen, x, 0.06, s)
    for _ in range(14):
        x, y = float(pen.rng.normal(0, 0.25)), float(pen.rng.uniform(0.7, 1.6))
        pen.glow(x, y, 0.035, rgb("ffb84a"), 1.2)


def street_lamp(pen: Pen) -> None:
    """An old street lamp."""
    iron = pen.colour("24242a")
    pen.rod((0.0, 0.8), (0.0, 0.0), 0.012, 0.018, iron)
    pen.rod((0.0, 0.07), (0.0, 0.0), 0.028, 0.04, iron)
    pen.rod((-0.07, 0.76), (0.07, 0.76), 0.008, 0.008, iron)
    power = 0.3 + 0.9 * pen.mood.night
    pen.light((-0.045, 0.82), (0.045, 0.82), (0.065, 0.95), (-0.065, 0.95), colour=_HOT, power=0.6 + 0.6 * power)
    pen.part((-0.085, 0.95), (0.085, 0.95), (0.03, 0.995), (-0.03, 0.995), colour=iron)
    pen.lines([pen.path((s * 0.045, 0.82), (s * 0.065, 0.95)) for s in (-1, 1)], 0.008, iron)
    pen.glow(0.0, 0.88, 0.55, _WARM, 0.75 * power)
    pen.glow(0.0, 0.0, 0.5, _WARM, 0.15 * power)


def fireworks(pen: Pen) -> None:
    """Bursts in the sky."""
    for i, (x, y, r) in enumerate(((0.0, 0.6, 0.42), (-0.62, 0.85, 0.28), (0.58, 0.92, 0.3), (0.3, 0.25, 0.2))):
        colour = pen.put.colour if pen.put.colour is not None else pen.mood.accent(i)
        rays: list[Points] = []
        for a in np.linspace(0, 2 * np.pi, 22, endpoint=False) + float(pen.rng.random()):
            reach = r * float(pen.rng.uniform(0.75, 1.1))
            end = (x + np.cos(a) * reach, y + np.sin(a) * reach - 0.06 * r)
            rays.append(
                pen.path(
                    (x + np.cos(a) * reach * 0.25, y + np.sin(a) * reach * 0.25),
                    (x + np.cos(a) * reach * 0.7, y + np.sin(a) * reach * 0.72),
                    end,
                )
            )
            pen.glow(*end, 0.05, mix(colour, _HOT, 0.4), 0.9)
        pen.canvas.shine_lines(
            rays, max(0.012 * pen.put.size, 1 / pen.canvas.width), mix(colour, rgb("ffffff"), 0.25), 1.1
        )
        pen.glow(x, y, r * 1.5, colour, 0.45)
        pen.shapes.append(pen.ring(x, y, r * 0.8, r * 0.8))
        pen.canvas.fill([pen.ring(x, y, r * 0.8, r * 0.8)], colour, alpha=0.02, depth=0.9, ident=0)


def neon_sign(pen: Pen) -> None:
    """A neon sign on a board: a heart, a star, a note, an arrow."""
    colour = pen.put.colour if pen.put.colour is not None else pen.mood.accent(pen.put.number)
    pen.bar(-0.62, 0.0, 0.62, 1.0, rgb("1a171f"), below=0.8)
    t = np.linspace(0, 2 * np.pi, 60)
    heart = [
        (
            0.022 * 16 * np.sin(a) ** 3,
            0.52 + 0.022 * (13 * np.cos(a) - 5 * np.cos(2 * a) - 2 * np.cos(3 * a) - np.cos(4 * a)),
        )
        for a in t
    ]
    star = [
        (0.36 * (1 if i % 2 == 0 else 0.42) * np.sin(a), 0.5 + 0.36 * (1 if i % 2 == 0 else 0.42) * np.cos(a))
        for i, a in enumerate(np.linspace(0, 2 * np.pi, 11))
    ]
    arrow = [(-0.4, 0.5), (0.3, 0.5), (0.12, 0.68), (0.36, 0.5), (0.12, 0.32), (0.3, 0.5)]
    shape = (heart, star, arrow)[int(pen.rng.integers(3))]
    border = [(-0.55, 0.07), (0.55, 0.07), (0.55, 0.93), (-0.55, 0.93), (-0.55, 0.07)]
    second = pen.mood.accent(pen.put.number + 1)
    for line, tone in ((shape, colour), (border, second)):
        tube = pen.path(*line)
        size = pen.put.size
        pen.canvas.shine_lines([tube], 0.12 * size, tone, 0.25, soft=0.05 * size)
        pen.canvas.shine_lines([tube], max(0.035 * size, 1.2 / pen.canvas.width), tone, 1.0)
        pen.canvas.shine_lines([tube], max(0.012 * size, 0.7 / pen.canvas.width), mix(tone, rgb("ffffff"), 0.75), 1.0)
    pen.glow(0.0, 0.5, 1.4, colour, 0.4)


def moon(pen: Pen) -> None:
    """The moon with its seas."""
    disc = mix(rgb("f4ecd6"), pen.mood.key, 0.3) if pen.put.colour is None else pen.put.colour
    pen.glow(0.0, 0.5, 2.4, disc, 0.3)
    pen.light(
        *[(0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)], colour=disc, power=1.05
    )
    for x, y, r in ((-0.15, 0.68, 0.13), (0.12, 0.6, 0.09), (-0.05, 0.4, 0.16), (0.22, 0.36, 0.07), (0.05, 0.8, 0.06)):
        pen.canvas.fill([pen.ring(x, y, r, r * 0.85)], disc * np.float32(0.78), alpha=0.5, soft=0.03 * pen.put.size)


def sun(pen: Pen) -> None:
    """The sun."""
    disc = mix(rgb("fff0c0"), pen.mood.key, 0.4) if pen.put.colour is None else pen.put.colour
    for r, power in ((4.0, 0.25), (1.8, 0.4), (1.0, 0.5)):
        pen.glow(0.0, 0.5, r, disc, power)
    pen.light(
        *[(0.5 * np.cos(a), 0.5 + 0.5 * np.sin(a)) for a in np.linspace(0, 2 * np.pi, 60)], colour=disc, power=1.4
    )


def star(pen: Pen) -> None:
    """A bright star."""
    colour = mix(rgb("e8f0ff"), pen.put.colour, 0.5) if pen.put.colour is not None else rgb("f0f4ff")
    pen.glow(0.0, 0.5, 1.2, colour, 0.6)
    points = [
        (0.5 * (1 if i % 2 == 0 else 0.16) * np.sin(a), 0.5 + 0.5 * (1 if i % 2 == 0 else 0.16) * np.cos(a))
        for i, a in enumerate(np.linspace(0, 2 * np.pi, 9))
    ]
    pen.light(*points, colour=colour, power=1.4)


def planet(pen: Pen) -> None:
    """A ringed planet."""
    from engines.providers.local.painter.beyond import planet as ringed

    x, y = pen.at(0.0, 0.5)
    pen.shapes.append(pen.ring(0.0, 0.5, 0.5, 0.5))
    ringed(
        pen.scene,
        x,
        y,
        0.42 * pen.put.size,
        pen.put.colour if pen.put.colour is not None else mix(pen.mood.accent(0), rgb("c98a5a"), 0.4),
    )


def rainbow(pen: Pen) -> None:
    """A rainbow."""
    for i, code in enumerate(("e03a3a", "f08a2e", "f4d23a", "4ab85a", "3a7ae0", "7a3ac8")):
        arc = [((1.0 - 0.045 * i) * np.cos(a), (0.98 - 0.045 * i) * np.sin(a)) for a in np.linspace(0, np.pi, 60)]
        stencil = pen.canvas.line_stencil([pen.path(*arc)], 0.05 * pen.put.size, 0.012 * pen.put.size)
        if stencil is not None:
            pen.canvas.apply(stencil, rgb(code) * np.float32(0.9), alpha=0.5, depth=0.92, ident=0)


def aurora(pen: Pen) -> None:
    """Northern lights: curtains of light that hang from the dark."""
    x = np.linspace(-1.1, 1.1, 60)
    for low, high, code in ((0.1, 0.72, "3fe0a0"), (0.3, 0.95, "58f0b8"), (0.42, 1.0, "a05ce8")):
        phase, sway = float(pen.rng.uniform(0, 6.3)), float(pen.rng.uniform(0.05, 0.1))
        hem = low + sway * np.sin(2.6 * x + phase) + 0.4 * sway * np.sin(7.1 * x + 2 * phase)
        top = high + 0.6 * sway * np.sin(1.9 * x + phase)
        edge = [*zip(x.tolist(), hem.tolist(), strict=True), *zip(x[::-1].tolist(), top[::-1].tolist(), strict=True)]
        stencil = pen.canvas.stencil([pen.path(*edge)], 0.05 * pen.put.size)
        if stencil is not None:
            pen.canvas.apply(stencil, rgb(code) * np.float32(0.9), alpha=0.34, depth=0.92, ident=0)
        rays = [
            pen.path((float(a), float(b)), (float(a) + 0.02, float(c))) for a, b, c in zip(x, hem, top, strict=True)
        ]
        pen.canvas.shine_lines(rays, 0.02 * pen.put.size, rgb(code), 0.16, soft=0.012 * pen.put.size)


def lightning(pen: Pen) -> None:
    """A bolt of lightning."""
    points = [(0.0, 1.0)]
    while points[-1][1] > 0.02:
        points.append(
            (points[-1][0] + float(pen.rng.normal(0, 0.07)), points[-1][1] - float(pen.rng.uniform(0.05, 0.11)))
        )
    bolt = pen.path(*points)
    for thick, power in ((0.06, 0.35), (0.016, 1.6)):
        pen.canvas.shine_lines(
            [bolt],
            max(thick * pen.put.size, 1.2 / pen.canvas.width),
            rgb("e4ecff"),
            power,
            soft=thick * 0.3 * pen.put.size,
        )
    pen.glow(0.0, 0.8, 0.8, rgb("c8d8ff"), 0.5)
    stencil = pen.canvas.line_stencil([bolt], 0.05 * pen.put.size)
    if stencil is not None:
        pen.canvas.apply(stencil, rgb("ffffff"), alpha=0.05, depth=0.92, ident=0)


def cloud(pen: Pen) -> None:
    """A heap cloud."""
    white = pen.colour("f4f2f0")
    puffs: list[Points] = [
        pen.ring(x, y, r, r * 0.9)
        for x, y, r in (
            (-0.7, 0.3, 0.28),
            (-0.35, 0.5, 0.4),
            (0.1, 0.6, 0.44),
            (0.5, 0.42, 0.36),
            (0.85, 0.28, 0.24),
            (0.0, 0.26, 0.5),
        )
    ]
    stencil = pen.canvas.stencil(puffs, 0.03 * pen.put.size)
    if stencil is not None:
        lit = mix(pen.mood.low, pen.mood.key, 0.6) * white
        pen.canvas.apply(stencil, lit, mix(lit, pen.mood.top, 0.5), depth=0.94, ident=0, alpha=0.92)


def snowflake(pen: Pen) -> None:
    """A snow crystal."""
    ice = pen.colour("eaf6ff")
    lines: list[Points] = []
    for a in np.arange(6) * np.pi / 3:
        c, s = np.cos(a), np.sin(a)
        lines.append(pen.path((0, 0.5), (0.48 * c, 0.5 + 0.48 * s)))
        for t in (0.18, 0.3, 0.4):
            for turn in (-0.7, 0.7):
                lines.append(
                    pen.path(
                        (t * c, 0.5 + t * s), (t * c + 0.12 * np.cos(a + turn), 0.5 + t * s + 0.12 * np.sin(a + turn))
                    )
                )
    pen.lines(lines, 0.03, ice)
    pen.glow(0.0, 0.5, 0.7, ice, 0.25)


FAMILY: dict[str, Kind] = {
    "lantern": Kind(lantern, 0.28, 0.7, lamp=True),
    "lamp": Kind(lamp, 0.85, 0.4, "ground", 1.2, lamp=True),
    "candle": Kind(candle, 0.2, 0.6, lamp=True),
    "fire": Kind(fire, 0.6, 1.1, "ground", 1.0, lamp=True),
    "street lamp": Kind(street_lamp, 2.4, 0.2, "ground", 1.4, lamp=True),
    "fireworks": Kind(fireworks, 12.0, 1.6, "sky", 12.0, lamp=True),
    "neon sign": Kind(neon_sign, 1.0, 1.25, "wall", 1.8, lamp=True),
    "moon": Kind(moon, 4.0, 1.0, "sky", 12.0, lamp=True),
    "sun": Kind(sun, 4.0, 1.0, "sky", 12.0, lamp=True),
    "star": Kind(star, 1.6, 1.0, "sky", 12.0, lamp=True),
    "planet": Kind(planet, 7.0, 1.4, "sky", 12.0, lamp=True),
    "rainbow": Kind(rainbow, 14.0, 2.0, "sky", 12.0, lamp=True),
    "lightning": Kind(lightning, 14.0, 0.4, "sky", 12.0, lamp=True),
    "cloud": Kind(cloud, 5.0, 2.0, "sky", 12.0, lamp=True),
    "snowflake": Kind(snowflake, 0.3, 1.0, "sky", 0.7, lamp=True),
}
