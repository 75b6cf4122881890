"""What rolls and flies: cars, motorbikes, bicycles, trains, planes, rockets."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.things.pen import Kind, Pen, Seat

_TYRE = rgb("17171b")
_STEEL = rgb("b4bac4")


def _wheel(pen: Pen, x: float, r: float, spokes: bool = False) -> None:
    if spokes:
        for scale, thick, colour in ((1.0, 0.05, _TYRE), (0.9, 0.018, _STEEL)):
            ring = pen.ring(x, r, r * scale, r * scale)
            pen.lines([np.vstack([ring, ring[:1]])], thick, colour)
        lines: list[Points] = [
            pen.path((x, r), (x + np.cos(a) * r * 0.9, r + np.sin(a) * r * 0.9)) for a in np.linspace(0, 2 * np.pi, 14)
        ]
        pen.lines(lines, 0.008, _STEEL, alpha=0.8)
        pen.oval(x, r, 0.04, 0.04, _STEEL)
        return
    pen.oval(x, r, r, r, _TYRE)
    pen.oval(x, r, r * 0.58, r * 0.58, _STEEL * np.float32(0.8))
    pen.spot(x, r, r * 0.2, r * 0.2, rgb("3a3d44"))
    for a in np.linspace(0, 2 * np.pi, 5, endpoint=False):
        pen.spot(x + np.cos(a) * r * 0.38, r + np.sin(a) * r * 0.38, r * 0.1, r * 0.1, rgb("2a2c32"))


def _lamps(pen: Pen, front: tuple[float, float], back: tuple[float, float], size: float) -> None:
    power = 0.5 + 0.9 * pen.mood.night
    for (x, y), colour in ((front, rgb("fff1cf")), (back, rgb("ff2a22"))):
        pen.canvas.fill([pen.ring(x, y, size * 0.6, size)], colour * np.float32(0.8 + 0.5 * pen.mood.night))
        pen.glow(x, y, size * 8, colour, 0.5 * power)
    if pen.mood.night > 0.3:
        x, y = pen.at(*front)
        reach = 2.6 * pen.put.size * pen.put.facing
        low = y + pen.put.size * 0.38
        pen.canvas.shine(
            [[(x, y - 0.01), (x, y + 0.01), (x + reach, low), (x + reach, y - 0.1 * pen.put.size)]],
            rgb("fff1cf"),
            0.22,
            soft=0.02 * pen.put.size,
        )


def car(pen: Pen) -> None:
    """A car from the side, with light in its windows."""
    body = pen.colour("b8343a")
    pen.part(
        (-1.62, 0.26),
        (-1.66, 0.52),
        (-1.5, 0.62),
        (-1.0, 0.68),
        (-0.62, 0.97),
        (0.1, 1.0),
        (0.42, 0.95),
        (0.82, 0.68),
        (1.4, 0.6),
        (1.62, 0.48),
        (1.64, 0.26),
        (1.45, 0.18),
        (-1.5, 0.18),
        colour=body,
        below=0.55,
    )
    glass = pen.glass()
    pen.mark((-0.86, 0.67), (-0.54, 0.91), (-0.08, 0.93), (-0.08, 0.67), colour=glass)
    pen.mark((0.0, 0.67), (0.0, 0.93), (0.36, 0.89), (0.68, 0.67), colour=glass)
    gleam = mix(glass, rgb("ffffff"), 0.4)
    pen.mark((-0.5, 0.9), (-0.36, 0.91), (-0.62, 0.68), (-0.76, 0.68), colour=gleam, alpha=0.5)
    _car_side(pen, body)
    pen.rod((-0.2, 0.56), (-0.08, 0.56), 0.016, 0.016, _STEEL)


def car_front(pen: Pen) -> None:
    """The near doors and wheels, before the people inside."""
    body = pen.colour("b8343a")
    pen.part(
        (-1.62, 0.26),
        (-1.66, 0.52),
        (-1.5, 0.62),
        (-1.0, 0.67),
        (0.82, 0.67),
        (1.4, 0.6),
        (1.62, 0.48),
        (1.64, 0.26),
        (1.45, 0.18),
        (-1.5, 0.18),
        colour=body,
        below=0.55,
    )
    pen.rod((-0.04, 0.66), (-0.04, 0.95), 0.022, 0.022, body * np.float32(0.8))
    _car_side(pen, body)


def _car_side(pen: Pen, body: Colour) -> None:
    """Doors, wheels and lamps."""
    pen.line((-1.6, 0.46), (0.0, 0.5), (1.6, 0.44), thick=0.022, colour=mix(body, rgb("ffffff"), 0.55))
    pen.lines(
        [
            pen.path((-0.04, 0.66), (-0.04, 0.24)),
            pen.path((0.74, 0.62), (0.7, 0.24)),
            pen.path((-0.9, 0.64), (-0.86, 0.24)),
        ],
        0.014,
        body * np.float32(0.45),
    )
    pen.bar(-1.66, 0.2, 1.66, 0.27, body * np.float32(0.4))
    for x in (-0.98, 1.0):
        pen.oval(x, 0.24, 0.29, 0.26, rgb("0c0c10"))
        _wheel(pen, x, 0.235)
    _lamps(pen, (1.58, 0.5), (-1.62, 0.52), 0.06)


def bus(pen: Pen) -> None:
    """A bus from the side."""
    body = pen.colour("d9a52e")
    pen.part(
        (-1.5, 0.14),
        (-1.5, 0.94),
        (-1.44, 1.0),
        (1.42, 1.0),
        (1.5, 0.9),
        (1.54, 0.5),
        (1.54, 0.14),
        colour=body,
        below=0.62,
    )
    for x in np.linspace(-1.36, 0.95, 7):
        pen.mark((x, 0.56), (x + 0.3, 0.56), (x + 0.3, 0.88), (x, 0.88), colour=pen.glass())
    pen.mark((1.3, 0.5), (1.52, 0.5), (1.48, 0.88), (1.3, 0.88), colour=pen.glass())
    pen.bar(-1.5, 0.4, 1.54, 0.45, mix(body, rgb("ffffff"), 0.7))
    for x in (-0.95, 0.95):
        _wheel(pen, x, 0.16)
    _lamps(pen, (1.52, 0.26), (-1.48, 0.3), 0.045)


def truck(pen: Pen) -> None:
    """A lorry."""
    cab = pen.colour("b8343a")
    pen.bar(-1.5, 0.26, 0.62, 1.0, rgb("d8d2c6"))
    pen.lines([pen.path((x, 0.28), (x, 0.98)) for x in np.linspace(-1.3, 0.5, 9)], 0.012, rgb("8a857c"), alpha=0.5)
    pen.part((0.7, 0.16), (0.7, 0.86), (1.12, 0.86), (1.36, 0.56), (1.5, 0.52), (1.52, 0.16), colour=cab)
    pen.mark((0.86, 0.56), (0.86, 0.8), (1.08, 0.8), (1.26, 0.56), colour=pen.glass())
    pen.bar(-1.5, 0.18, 0.8, 0.28, rgb("2a2a30"))
    for x in (-1.15, -0.75, 1.1):
        _wheel(pen, x, 0.17)
    _lamps(pen, (1.5, 0.36), (-1.5, 0.3), 0.05)


def motorbike(pen: Pen) -> None:
    """A motorbike."""
    tank = pen.colour("a8282e")
    for x in (-0.78, 0.82):
        _wheel(pen, x, 0.32)
    pen.rod((0.82, 0.32), (0.5, 0.9), 0.035, 0.035, _STEEL)
    pen.rod((-0.78, 0.32), (-0.05, 0.36), 0.04, 0.04, rgb("3a3d44"))
    pen.part((-0.3, 0.2), (0.3, 0.2), (0.36, 0.52), (-0.26, 0.52), colour=rgb("5a5e66"))
    pen.oval(0.02, 0.34, 0.15, 0.13, rgb("8a8f98"))
    pen.part((-0.15, 0.62), (0.05, 0.8), (0.36, 0.8), (0.5, 0.66), (0.3, 0.52), (-0.05, 0.52), colour=tank, curve=True)
    pen.part((-0.85, 0.66), (-0.6, 0.72), (-0.12, 0.64), (0.0, 0.54), (-0.6, 0.52), colour=rgb("1d1b20"), curve=True)
    pen.part((-1.05, 0.56), (-0.8, 0.72), (-0.5, 0.56), (-0.78, 0.64), colour=tank * np.float32(0.85), curve=True)
    pen.rod((-0.9, 0.22), (0.1, 0.2), 0.05, 0.035, _STEEL)
    pen.rod((0.5, 0.9), (0.3, 0.98), 0.025, 0.025, rgb("2a2c32"))
    pen.oval(0.62, 0.78, 0.1, 0.1, rgb("2a2c32"))
    _lamps(pen, (0.7, 0.78), (-1.02, 0.58), 0.06)


def bicycle(pen: Pen) -> None:
    """A bicycle."""
    frame = pen.colour("2c6f8a")
    for x in (-0.62, 0.62):
        _wheel(pen, x, 0.34, spokes=True)
    tubes = (
        ((-0.62, 0.34), (-0.2, 0.76)),
        ((-0.62, 0.34), (-0.05, 0.3)),
        ((-0.05, 0.3), (-0.24, 0.86)),
        ((-0.05, 0.3), (0.42, 0.76)),
        ((-0.2, 0.76), (0.42, 0.78)),
        ((0.38, 0.9), (0.62, 0.34)),
    )
    pen.solid([pen.stick(a, b, 0.024, 0.024) for a, b in tubes], frame)
    pen.part((-0.42, 0.87), (-0.08, 0.87), (-0.1, 0.93), (-0.4, 0.94), colour=rgb("2a1c14"), curve=True)
    pen.rod((0.38, 0.9), (0.3, 1.0), 0.02, 0.02, _STEEL)
    pen.rod((0.3, 1.0), (0.5, 1.0), 0.024, 0.024, rgb("2a1c14"))
    pen.oval(-0.05, 0.3, 0.08, 0.08, _STEEL)
    pen.rod((-0.05, 0.3), (0.03, 0.14), 0.016, 0.016, rgb("2a2c32"))


def train(pen: Pen) -> None:
    """A steam engine with carriages, or in the night looks a modern train."""
    body = pen.colour("2f4f43")
    for k in (-2.35, -4.35):
        pen.bar(k - 0.95, 0.2, k + 0.95, 0.88, body)
        pen.bar(k - 1.0, 0.86, k + 1.0, 0.94, body * np.float32(0.6))
        for x in np.linspace(k - 0.8, k + 0.58, 5):
            pen.mark(
                (x, 0.5), (x + 0.22, 0.5), (x + 0.22, 0.76), (x, 0.76), colour=mix(pen.glass(), rgb("ffd08a"), 0.35)
            )
        for x in (k - 0.6, k + 0.6):
            _wheel(pen, x, 0.15)
        pen.bar(k - 1.1, 0.16, k + 1.1, 0.22, rgb("1c1a1e"))
    pen.part(
        (-1.3, 0.22),
        (-1.3, 0.98),
        (-0.5, 0.98),
        (-0.5, 0.78),
        (1.1, 0.76),
        (1.16, 0.3),
        (1.0, 0.22),
        colour=body,
        below=0.55,
    )
    pen.bar(-1.4, 0.96, -0.42, 1.03, body * np.float32(0.6))
    pen.mark((-1.1, 0.6), (-0.72, 0.6), (-0.72, 0.86), (-1.1, 0.86), colour=mix(pen.glass(), rgb("ffd08a"), 0.5))
    for x in (-0.2, 0.25, 0.7):
        pen.line((x, 0.77), (x, 0.3), thick=0.035, colour=rgb("c8a24a"))
    pen.part((0.7, 0.76), (0.92, 0.76), (0.98, 1.06), (0.64, 1.06), colour=rgb("1c1a1e"))
    pen.oval(0.2, 0.82, 0.14, 0.1, rgb("c8a24a"))
    pen.oval(1.12, 0.52, 0.1, 0.24, rgb("1c1a1e"))
    for x, r in ((-0.85, 0.24), (-0.25, 0.24), (0.35, 0.24), (0.85, 0.15)):
        _wheel(pen, x, r)
    pen.rod((-0.85, 0.22), (0.35, 0.22), 0.03, 0.03, _STEEL)
    pen.part((1.0, 0.2), (1.4, 0.02), (1.0, 0.02), colour=rgb("a8352f"))
    for i in range(9):
        pen.spot(
            0.75 - 0.42 * i,
            1.16 + 0.09 * i,
            0.16 + 0.07 * i,
            0.12 + 0.05 * i,
            rgb("e8e4e0"),
            alpha=0.5 - 0.04 * i,
            soft=0.05,
        )
    _lamps(pen, (1.18, 0.72), (-5.3, 0.3), 0.07)
    rail = rgb("6a625c")
    pen.lines([pen.path((-6.0, 0.0), (6.0, 0.0))], 0.03, rail)


def plane(pen: Pen) -> None:
    """An aeroplane in flight."""
    body = pen.colour("eef0f2")
    pen.part((-0.1, 0.55), (-0.9, 0.95), (-0.6, 0.95), (0.35, 0.58), colour=body * np.float32(0.75))
    pen.part(
        (-1.5, 0.52),
        (-1.2, 0.62),
        (0.9, 0.66),
        (1.4, 0.56),
        (1.55, 0.46),
        (1.3, 0.38),
        (-0.9, 0.36),
        colour=body,
        curve=True,
    )
    pen.part((-1.5, 0.5), (-1.75, 1.0), (-1.45, 1.0), (-1.0, 0.6), colour=mix(body, rgb("c23a34"), 0.75))
    pen.part((0.3, 0.46), (-0.75, 0.0), (-0.4, 0.0), (0.75, 0.46), colour=body * np.float32(0.85))
    for x in np.linspace(-0.9, 0.95, 14):
        pen.spot(float(x), 0.54, 0.03, 0.035, rgb("3a4a5c"))
    pen.mark((1.2, 0.55), (1.4, 0.54), (1.48, 0.48), (1.24, 0.48), colour=rgb("3a4a5c"))


def rocket(pen: Pen) -> None:
    """A rocket on its flame."""
    body, fin = pen.colour("eef0f2"), rgb("c23a34")
    for i, (size, code) in enumerate(((0.16, "ff7a2a"), (0.11, "ffb84a"), (0.06, "fff2c0"))):
        pen.light(
            (-size, 0.24),
            (size, 0.24),
            (size * 0.6, 0.12),
            (0.0, -0.02 + 0.04 * i),
            (-size * 0.6, 0.12),
            colour=rgb(code),
            power=1.3,
            curve=True,
        )
    pen.glow(0.0, 0.12, 0.5, rgb("ff9a4a"), 0.9)
    for s in (-1, 1):
        pen.part((s * 0.12, 0.5), (s * 0.3, 0.24), (s * 0.27, 0.2), (s * 0.1, 0.3), colour=fin)
    pen.part(
        (0.0, 1.0),
        (0.12, 0.84),
        (0.155, 0.62),
        (0.14, 0.4),
        (0.1, 0.24),
        (-0.1, 0.24),
        (-0.14, 0.4),
        (-0.155, 0.62),
        (-0.12, 0.84),
        colour=body,
        curve=True,
    )
    pen.mark((0.0, 1.0), (0.1, 0.86), (-0.1, 0.86), colour=fin, curve=True)
    pen.oval(0.0, 0.68, 0.065, 0.065, rgb("5a6068"))
    pen.spot(0.0, 0.68, 0.048, 0.048, rgb("7fc4e8"))
    pen.part((-0.025, 0.42), (0.025, 0.42), (0.02, 0.22), (-0.02, 0.22), colour=fin)


def tractor(pen: Pen) -> None:
    """A tractor."""
    body = pen.colour("3a8a3a")
    pen.part((-0.2, 0.35), (-0.2, 0.62), (0.75, 0.62), (0.85, 0.35), colour=body)
    pen.lines([pen.path((-0.62, 0.5), (-0.55, 0.98)), pen.path((-0.05, 0.6), (-0.1, 0.98))], 0.035, rgb("2a2a30"))
    pen.bar(-0.68, 0.94, 0.0, 1.0, body * np.float32(0.8))
    pen.part((-0.68, 0.3), (-0.62, 0.62), (-0.2, 0.62), (-0.2, 0.3), colour=body * np.float32(0.8))
    pen.rod((0.5, 0.62), (0.5, 0.9), 0.025, 0.03, rgb("2a2a30"))
    _wheel(pen, -0.5, 0.34)
    _wheel(pen, 0.68, 0.2)


def hot_air_balloon(pen: Pen) -> None:
    """A hot-air balloon."""
    own = pen.colour("d8402f")
    second = rgb("f4d27a") if pen.put.colour is None else mix(own, rgb("ffffff"), 0.55)
    a = np.linspace(-0.7, np.pi + 0.7, 30)
    outline = [(0.36 * np.cos(t), 0.66 + 0.34 * np.sin(t)) for t in a]
    pen.part(*outline, (-0.08, 0.24), (0.08, 0.24), colour=own, below=0.7)
    for k in (-0.75, -0.25, 0.25):
        stripe = [
            (
                0.36 * (k + d) * np.sqrt(max(0.0, 1 - ((y - 0.66) / 0.345) ** 2))
                if y > 0.5
                else (k + d) * (0.075 + 0.24 * ((y - 0.24) / 0.26) ** 0.8),
                y,
            )
            for d, ys in ((0.0, np.linspace(0.25, 0.99, 14)), (0.25, np.linspace(0.99, 0.25, 14)))
            for y in ys
        ]
        pen.mark(*stripe, colour=second, alpha=0.9)
    pen.lines([pen.path((s * 0.075, 0.24), (s * 0.055, 0.13)) for s in (-1, 1)], 0.008, rgb("3a2a20"))
    pen.part((-0.065, 0.13), (0.065, 0.13), (0.055, 0.02), (-0.055, 0.02), colour=rgb("8a5a32"))
    pen.glow(0.0, 0.22, 0.1, rgb("ffb45a"), 0.8)


FAMILY: dict[str, Kind] = {
    "car": Kind(
        car,
        0.84,
        3.3,
        "ground",
        1.35,
        car_front,
        (Seat(0.2, 0.3, "drive", legs=False), Seat(-0.5, 0.3, "sit", legs=False)),
    ),
    "bus": Kind(bus, 1.75, 3.1, "ground", 2.0),
    "truck": Kind(truck, 2.0, 3.1, "ground", 2.2),
    "motorbike": Kind(
        motorbike, 0.66, 2.2, "ground", 1.0, None, (Seat(-0.38, 0.72, "ride"), Seat(-0.75, 0.74, "ride"))
    ),
    "bicycle": Kind(bicycle, 0.62, 2.0, "ground", 1.0, None, (Seat(-0.25, 0.95, "ride"),)),
    "train": Kind(train, 2.3, 5.0, "ground", 2.6),
    "plane": Kind(plane, 5.0, 3.3, "sky", 9.0),
    "rocket": Kind(rocket, 8.0, 0.6, "sky", 5.0),
    "tractor": Kind(tractor, 1.4, 1.8, "ground", 1.7),
    "hot-air balloon": Kind(hot_air_balloon, 9.0, 0.75, "sky", 5.0),
}
