"""Where people stop on the way: petrol station, motel, subway."""

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, box, ellipse
from engines.providers.local.painter.indoors import _shell
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.nature import ground
from engines.providers.local.painter.places.furnish import hill_line, stand_in
from engines.providers.local.painter.places.travel import round_box
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.urban import Lane
from engines.providers.local.painter.water import mirror_ground


def petrol_station(scene: Scene) -> None:
    """A petrol station at the roadside: a lit canopy, pumps, a kiosk, a tall sign."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "far", h + 0.01, 0.09 * scene.zoom, rgb("6a5f58"), 0.8)
    ground(scene, rgb("6a6668"), rgb("4a484c"), h, grain=0.12)
    side = -1 if scene.focus[0] > 0.5 else 1
    lane = Lane(0.5, h, scene.tall - h)
    paint, white = mood.lit(mix(rgb("c8303a"), mood.accent(0), 0.3), 0.75), rgb("fff6e0")
    power = 0.75 + 0.5 * mood.night
    c = side * 0.35
    shop = mood.far(mood.lit(rgb("d8d2c8"), 0.6), 0.3)
    canvas.fill(lane.quad(c - 1.5, c + 1.5, 0.0, 1.7, 5.5, 5.5), shop, shop * np.float32(0.7), depth=0.6)
    canvas.fill(
        lane.quad(c - 1.3, c + 1.3, 0.25, 1.3, 5.45, 5.45),
        mix(rgb("ffdf9a"), mood.middle, 0.35 * (1 - mood.night)) * np.float32(power),
        depth=0.6,
    )
    canvas.stroke(
        [[lane.at(c + s, 0.25, 5.4), lane.at(c + s, 1.3, 5.4)] for s in np.linspace(-1.3, 1.3, 7)],
        0.006,
        shop * np.float32(0.6),
    )
    for s in (-0.9, 0.9):
        canvas.fill(lane.quad(c + s - 0.07, c + s + 0.07, 0.0, 2.35, 3.4, 3.4), mood.lit(rgb("c8ccd0"), 0.6), depth=0.4)
    canvas.fill(lane.quad(c - 1.5, c + 1.5, 2.35, 2.35, 2.7, 5.0), white * np.float32(0.85 * power), depth=0.4)
    canvas.fill(lane.quad(c - 1.5, c + 1.5, 2.35, 2.68, 2.7, 2.7), paint, paint * np.float32(0.7), depth=0.38)
    canvas.fill(lane.quad(c - 1.5, c + 1.5, 2.46, 2.54, 2.69, 2.69), white * np.float32(power))
    for s, z in ((-0.45, 3.4), (0.35, 3.4)):
        body = paint
        canvas.fill(
            lane.quad(c + s - 0.16, c + s + 0.16, 0.0, 1.15, z, z),
            body * np.float32(1.1),
            body * np.float32(0.6),
            depth=0.36,
        )
        canvas.fill(
            lane.quad(c + s - 0.11, c + s + 0.11, 0.75, 1.02, z, z),
            mix(rgb("e8f4ff"), mood.lit(rgb("e8f4ff"), 0.7), 0.3),
        )
        canvas.stroke(
            [[lane.at(c + s + 0.17, 0.8, z), lane.at(c + s + 0.27, 0.4, z), lane.at(c + s + 0.19, 0.3, z)]],
            0.009,
            rgb("17151a"),
            depth=0.36,
        )
    canvas.glow(*lane.at(c, 1.9, 3.5), 0.6, white, 0.22 + 0.4 * mood.night)
    canvas.glow(*lane.at(c, 0.0, 3.2), 0.5, white, 0.3 * mood.night, flat=0.3)
    x, y = lane.at(-side * 1.0, 0, 3.8)
    top = lane.at(0, 3.3, 3.8)[1]
    canvas.stroke([[(x, y), (x, top)]], 0.012, mood.lit(rgb("b8bcc0"), 0.6), depth=0.45)
    canvas.fill(round_box(x - 0.075, top - 0.05, x + 0.075, top + 0.09, 0.02), paint * np.float32(1.2), depth=0.44)
    for k in range(3):
        canvas.fill(
            box(x - 0.055, top - 0.03 + 0.037 * k, x + 0.055, top - 0.006 + 0.037 * k),
            white * np.float32(power),
            alpha=0.92,
        )
    canvas.glow(x, top + 0.02, 0.2, paint, 0.4 * mood.night)
    if mood.wet > 0.2 or mood.night > 0.6:
        mirror_ground(scene, h + 0.02, max(mood.wet, 0.3))


def motel(scene: Scene) -> None:
    """A motel: a row of doors under a gallery, a neon sign, a parked car."""
    canvas, mood, h = scene.canvas, scene.mood, scene.horizon
    hill_line(scene, "far", h + 0.01, 0.1 * scene.zoom, rgb("7a5a4c"), 0.85)
    ground(scene, rgb("6a6466"), rgb("4c484c"), h, grain=0.12)
    lane, side = Lane(0.5, h, scene.tall - h), (-1 if scene.focus[0] > 0.5 else 1)
    wall = mood.lit(rgb("d8b890"), 0.6)
    z = 4.6
    canvas.fill(lane.quad(-2.6, 2.6, 0.0, 3.0, z, z), mood.far(wall, 0.3), wall * np.float32(0.7), depth=0.55)
    for storey in (0.0, 1.5):
        for k, s in enumerate(np.linspace(-2.3, 1.9, 6)):
            door = mood.lit(mix(rgb("2f7f86"), mood.accent(0), 0.3), 0.65)
            canvas.fill(
                lane.quad(float(s), float(s) + 0.28, storey, storey + 1.1, z * 0.99, z * 0.99),
                door,
                door * np.float32(0.7),
                depth=0.52,
            )
            on = (k * 3 + round(storey)) % 4 != 0
            pane = rgb("ffcf8a") * np.float32(0.5 + 0.7 * mood.night) if on else mood.lit(rgb("3a4250"), 0.4)
            canvas.fill(
                lane.quad(float(s) + 0.38, float(s) + 0.78, storey + 0.45, storey + 1.0, z * 0.99, z * 0.99),
                pane,
                depth=0.52,
            )
            canvas.glow(*lane.at(float(s) + 0.14, storey + 1.25, z * 0.98), 0.08, rgb("ffd9a0"), 0.3 + 0.6 * mood.night)
    rail = mood.lit(rgb("f0ece4"), 0.6)
    canvas.fill(lane.quad(-2.6, 2.6, 1.4, 1.5, z * 0.93, z * 0.93), rail * np.float32(0.8), depth=0.5)
    bars: list[Points] = [
        [lane.at(float(s), 1.5, z * 0.93), lane.at(float(s), 1.95, z * 0.93)] for s in np.linspace(-2.6, 2.6, 40)
    ]
    canvas.stroke([*bars, [lane.at(-2.6, 1.95, z * 0.93), lane.at(2.6, 1.95, z * 0.93)]], 0.0035, rail, depth=0.5)
    canvas.fill(lane.quad(-2.7, 2.7, 3.0, 3.25, z * 0.92, z * 0.92), mood.lit(rgb("8a3a34"), 0.6), depth=0.5)
    for s in np.linspace(-2.2, 2.2, 6):
        canvas.fill(
            lane.quad(float(s) - 0.03, float(s) + 0.03, 0.0, 3.0, z * 0.93, z * 0.93),
            rail * np.float32(0.85),
            depth=0.5,
        )
    x, y = lane.at(side * 1.0, 0, 3.0)
    top = lane.at(0, 3.5, 3.0)[1]
    canvas.stroke([[(x, y), (x, top)]], 0.016, mood.lit(rgb("8a8f98"), 0.6), depth=0.4)
    first, second = mood.accent(0), mood.accent(1)
    canvas.fill(
        round_box(x - 0.16, top - 0.02, x + 0.16, top + 0.13, 0.03), mix(first, rgb("17121c"), 0.75), depth=0.38
    )
    _letters(scene, x - 0.125, top + 0.02, 0.25, 0.07, mix(second, rgb("ffffff"), 0.2))
    arrow = [
        (x + 0.16, top + 0.1),
        (x + 0.05, top + 0.19),
        (x - 0.15, top + 0.19),
        (x - 0.11, top + 0.17),
        (x - 0.15, top + 0.19),
        (x - 0.11, top + 0.21),
    ]
    canvas.shine_lines([arrow], 0.02, first, 0.3, soft=0.008)
    canvas.shine_lines([arrow], 0.006, mix(first, rgb("ffffff"), 0.4), 1.0)
    canvas.glow(x, top + 0.06, 0.35, first, 0.25 + 0.4 * mood.night)
    stand_in(scene, lane, "car", -side * 0.75, 3.0, side, mix(rgb("3f7f9a"), mood.accent(1), 0.3))
    stand_in(scene, lane, "palm" if scene.subject.weather != "snow" else "pine", side * 1.9, 3.6)


def _letters(scene: Scene, x: float, y: float, wide: float, tall: float, colour: Colour) -> None:
    """The word MOTEL in tubes."""
    w = wide / 5
    strokes: dict[str, list[list[tuple[float, float]]]] = {
        "M": [[(0, 1), (0, 0), (0.5, 0.6), (1, 0), (1, 1)]], "O": [[(0, 0), (1, 0), (1, 1), (0, 1), (0, 0)]],
        "T": [[(0, 0), (1, 0)], [(0.5, 0), (0.5, 1)]], "E": [[(1, 0), (0, 0), (0, 1), (1, 1)], [(0, 0.5), (0.8,
        0.5)]], "L": [[(0, 0), (0, 1), (1, 1)]],
    }  # fmt: skip
    lines: list[Points] = [
        np.array([(x + (i + 0.15 + 0.65 * px) * w, y + py * tall) for px, py in stroke])
        for i, letter in enumerate("MOTEL")
        for stroke in strokes[letter]
    ]
    scene.canvas.shine_lines(lines, 0.018, colour, 0.35, soft=0.006)
    scene.canvas.shine_lines(lines, 0.006, mix(colour, rgb("ffffff"), 0.5), 1.1)


def subway(scene: Scene) -> None:
    """A platform under the ground: a train at one side, columns, tiles, a yellow line."""
    canvas, mood = scene.canvas, scene.mood
    side = 1 if scene.focus[0] <= 0.5 else -1
    lane = _shell(scene, rgb("d0cabc"), rgb("7a7672"), rgb("5a5a5e"), 9, 2.5)
    tiles: list[Points] = [
        [lane.at(-side * 0.615, u, 0.7), lane.at(-side * 0.615, u, 9)] for u in np.arange(0.2, 2.3, 0.2)
    ]
    canvas.stroke(tiles, 0.002, mood.lit(rgb("8a857c"), 0.4), alpha=0.7)
    canvas.fill(
        lane.quad(-side * 0.612, -side * 0.612, 1.15, 1.4, 0.7, 9),
        mood.lit(mix(rgb("2f6f8a"), mood.accent(0), 0.4), 0.6),
        depth=0.42,
    )
    inner = side * 0.3
    body = mood.lit(mix(rgb("b8bcc4"), mood.accent(1), 0.12), 0.65)
    canvas.fill(lane.quad(inner, inner, 0.05, 1.9, 1.0, 8.5), body, body * np.float32(0.6), depth=0.38)
    canvas.fill(
        lane.quad(inner, side * 0.62, 0.05, 1.9, 1.0, 1.0), body * np.float32(0.85), body * np.float32(0.5), depth=0.36
    )
    canvas.fill(lane.quad(inner, inner, 0.55, 0.7, 1.0, 8.5), mood.lit(mood.accent(0), 0.7), depth=0.37)
    for z in np.geomspace(1.08, 7.5, 12):
        pane = lane.quad(inner, inner, 0.95, 1.6, float(z), float(z) * 1.12)
        canvas.fill(pane, rgb("ffe6b0") * np.float32(0.95), rgb("ffd890") * np.float32(0.75), depth=0.37)
    for z in (1.55, 2.6, 4.3):
        canvas.fill(
            lane.quad(inner, inner, 0.08, 1.72, z, z * 1.13),
            rgb("ffe9bc") * np.float32(0.8),
            body * np.float32(0.7),
            depth=0.36,
        )
        canvas.stroke(
            [[lane.at(inner, 0.08, z * 1.06), lane.at(inner, 1.72, z * 1.06)]], 0.01 / z, body * np.float32(0.5)
        )
    for s in (0.36, 0.55):
        lamp = lane.at(side * s, 0.4, 1.0)
        canvas.fill(ellipse(*lamp, 0.022, 0.022), rgb("fff4d8") * np.float32(1.3))
        canvas.glow(*lamp, 0.2, rgb("fff0c8"), 0.7)
    canvas.fill(
        lane.quad(side * 0.36 if side > 0 else -0.36, side * 0.61, 1.0, 1.7, 0.995, 0.995),
        mix(rgb("1c2a3a"), mood.middle, 0.3),
        depth=0.35,
    )
    canvas.fill(
        lane.quad(inner - side * 0.07, inner - side * 0.02, 0.0, 0.0, 0.7, 9), mood.lit(rgb("f2c230"), 0.8), depth=0.35
    )
    for z in np.geomspace(7, 1.6, 5):
        s = -side * 0.34
        tone = mood.far(mood.lit(rgb("3f5a52"), 0.6), min(0.4, 0.07 * float(z)))
        canvas.fill(
            lane.quad(s - 0.045, s + 0.045, 0.0, 2.5, float(z), float(z)),
            tone * np.float32(1.2),
            tone * np.float32(0.7),
            depth=min(0.6, 0.1 * float(z) + 0.1),
        )
    for z in np.geomspace(7, 1.1, 6):
        glow = lane.quad(-0.16, 0.06, 2.45, 2.45, float(z), float(z) * 1.25)
        canvas.fill(glow, rgb("f4f8ff") * np.float32(1.2), depth=0.4)
        canvas.glow(*lane.at(-0.05, 2.4, float(z)), 0.3 / float(z), rgb("eaf2ff"), 0.5)
    mirror_ground(scene, scene.horizon + 0.03, 0.35, lane.quad(-0.62, inner, 0.0, 0.0, 0.5, 9))
