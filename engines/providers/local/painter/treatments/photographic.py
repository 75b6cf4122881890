"""Looks that come from lenses, film and light: nine of them."""

import cv2
import numpy as np

from engines.providers.local.painter.mood import luma, rgb, saturate
from engines.providers.local.painter.noise import Floats, fbm, scaled
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sky import sun_place
from engines.providers.local.painter.treatments import effects as fx

_HELD_GOLD = 0.92
"""Luma of the brightest tenth against the sun: above it the sky would be white paper."""
_BLIND, _BLIND_ON_PEOPLE = 0.7, 0.1
"""How hard a blind's shadow is, 0…1."""


def cinematic_realism(scene: Scene) -> Floats:
    """Anamorphic glass: shallow focus, streaks off the lights, teal shadows and warm skin, fine grain."""
    canvas, width = scene.canvas, scene.canvas.width
    light = fx.bloom(canvas.light, 0.55 + 0.4 * scene.mood.lift)
    streak = np.maximum(light - 1.0, 0)
    streak = cv2.blur(cv2.blur(streak, (max(3, width // 3), 1)), (max(3, width // 5), 1))
    light = light + streak * np.array([0.35, 0.7, 1.2], np.float32) * np.float32(1.1)
    away = np.clip(np.abs(canvas.depth - scene.focal_depth) * 1.5 - 0.25, 0, 1)
    light = fx.lens_blur(light, cv2.GaussianBlur(away, (0, 0), max(0.6, width * 0.003)), width * 0.0075)
    picture = fx.expose(light, 1.02)
    picture = fx.split_tone(fx.contrast(picture, 1.12), "2c5a66", "a88c66", 0.2)
    picture = fx.vignette(saturate(picture, 0.92), 0.42)
    return fx.grain(picture, scene.rng("grain"), 0.018)


def golden_hour(scene: Scene) -> Floats:
    """The last sun straight into the lens: amber haze, shafts, flare."""
    canvas = scene.canvas
    x, y = sun_place(scene)
    # The sun's glare lies behind the figures: they keep their faces.
    behind = (0.25 + 0.75 * np.clip(canvas.depth * 3 - 0.6, 0, 1))[:, :, None]
    plain = canvas.light.copy()
    # At night only the warmth is left, and a storm hides the sun.
    sun = 1 - scene.mood.night
    glare = sun * (0.35 if scene.subject.weather in ("rain", "storm", "snow", "fog") else 1.0)
    canvas.glow(x, y, 1.5, rgb("ff9a3c"), 0.5 * glare)
    bright = fx.rays(fx.bloom(canvas.light, 0.9, 0.6, 0.03), (x, y), (0.5 + 0.4 * scene.mood.lift) * glare, 0.65)
    light = plain + (bright - plain) * behind
    haze = np.clip(canvas.depth, 0, 1)[:, :, None] ** 1.5
    light = light + haze * rgb("ff9d4a") * np.float32(0.10 * sun)
    light = fx.held(light, _HELD_GOLD)
    toned = (0.36 + 0.24 * np.clip(canvas.depth * 3 - 0.6, 0, 1)[:, :, None]) * np.float32(0.4 + 0.6 * sun)
    picture = fx.ramp(fx.expose(light, 1.05), ("2a1310", "7a3a1c", "d98436", "ffc469", "fff0c4"), toned)
    canvas.light = picture
    for t, size, code in (
        (0.35, 0.05, "ff7a3c"),
        (0.62, 0.028, "ffd27a"),
        (0.95, 0.075, "ff5a5a"),
        (1.25, 0.035, "ffc46a"),
    ):
        canvas.glow(x + (0.5 - x) * 2 * t, y + (scene.tall / 2 - y) * 2 * t, size * 1.6, rgb(code), 0.22 * glare)
    return fx.grain(fx.vignette(np.clip(canvas.light, 0, 1), 0.3), scene.rng("grain"), 0.016)


def film_noir(scene: Scene) -> Floats:
    """Silver and black: one hard lamp through a blind, fog, deep shadow."""
    canvas = scene.canvas
    light = fx.bloom(canvas.light, 0.7, 0.65)
    grey = fx.held(luma(fx.expose(light, 1.25)), 0.7)
    # A fill light on what is near, or dark faces would be holes.
    fill = 0.09 * np.clip(1.2 - canvas.depth * 3, 0, 1)
    grey = np.clip((grey + fill - 0.28) * 1.45 + 0.33, 0, 1)
    height, width = grey.shape
    y, x = np.mgrid[0:height, 0:width].astype(np.float32) / width
    slope = 0.32 * scene.mood.side
    phase = (y + x * slope) / 0.085
    bars = np.clip((np.abs((phase % 1) - 0.5) - 0.17) * 9 + 0.5, 0, 1)
    window = np.clip(
        1.25 - np.hypot((x - 0.5 + 0.2 * scene.mood.side) * 1.3, (y - scene.focus[1] + 0.1) * 0.85) * 1.55, 0, 1
    )
    # The blind's light falls on what is near; the world behind keeps its own.
    near = np.clip(1.25 - canvas.depth * 1.1, 0.3, 1)
    # A face striped like a zebra is no face: on people the blind is a hint.
    hard = np.where(np.isin(canvas.ident, list(scene.bodies)), _BLIND_ON_PEOPLE, _BLIND)
    slats = 1 - 0.3 * hard + (0.75 * hard + 0.05) * (1 - bars) * window
    lit = 0.92 + (slats - 0.92) * near
    fog = fbm(scene.rng("fog"), max(24, height // 8), max(14, width // 8), cells=2, octaves=4, stretch=2)
    fog = scaled(fog, width, height) * np.clip(y / scene.tall - 0.35, 0, 1) * 0.22
    grey = grey * lit * (1.3 - 0.3 * near) + fog
    # A shoulder: a pale face in the lamp keeps its features.
    grey = np.where(grey > 0.55, 0.55 + 0.4 * (1 - np.exp(-(grey - 0.55) / 0.55)), grey)
    picture = np.repeat(np.clip((grey - 0.4) * 1.35 + 0.4, 0, 1)[:, :, None], 3, 2)
    return fx.grain(fx.vignette(picture.astype(np.float32), 0.75, 0.9), scene.rng("grain"), 0.03, 1.2)


def neo_noir(scene: Scene) -> Floats:
    """Two lamps and the night: red from one side, teal from the other, black between."""
    canvas = scene.canvas
    grey = fx.held(luma(fx.expose(fx.bloom(canvas.light, 0.9, 0.6), 1.45)), 0.62)
    height, width = grey.shape
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    wander = scaled(fbm(scene.rng("split"), 40, 24, cells=2, octaves=3), width, height) - 0.5
    to_red = np.clip((x - 0.5) * scene.mood.side * 2.2 + wander * 1.2 + 0.5 + (y - 0.5) * 0.3, 0, 1)[:, :, None]
    level = np.clip((grey - 0.12) * 1.45 + 0.19, 0, 1)[:, :, None]
    colour = rgb("ff1f3a") * to_red + rgb("16c8c0") * (1 - to_red)
    white = np.clip((level - 0.8) / 0.2, 0, 1) ** 1.5
    picture = level * colour * 1.15 + white * 0.6
    own = fx.expose(canvas.light, 1.0)
    # What is near keeps more of its own colour: a face between two lamps is still a face.
    near = np.clip(1.2 - canvas.depth * 4, 0, 1)[:, :, None]
    picture = picture * (0.86 - 0.3 * near) + own * (0.2 * level + 0.42 * near)
    picture = np.clip(picture + rgb("0a0610") * 0.6, 0, 1).astype(np.float32)
    return fx.grain(fx.vignette(picture, 0.7), scene.rng("grain"), 0.03)


def midnight_blue(scene: Scene) -> Floats:
    """One colour: moonlight from black to ice, with mist over the ground."""
    canvas = scene.canvas
    light = fx.bloom(canvas.light, 0.9, 0.55, 0.025)
    picture = fx.expose(light, 1.35)
    height, width = picture.shape[:2]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None]
    mist = scaled(fbm(scene.rng("mist"), 60, 34, cells=2, octaves=5, stretch=3), width, height)
    band = np.exp(-(((y - scene.horizon / scene.tall - 0.03) / 0.13) ** 2)) * (0.25 + 0.75 * mist)
    picture = picture + (band * np.clip(canvas.depth * 1.6, 0, 1))[:, :, None] * np.float32(0.3)
    picture = fx.ramp(np.clip(picture, 0, 1), ("01030f", "07154a", "123a9c", "3f7fe6", "a9d4ff", "f2faff"), 0.93)
    return fx.grain(fx.vignette(picture, 0.5), scene.rng("grain"), 0.014)


def found_footage(scene: Scene) -> Floats:
    """A camcorder at night: its own lamp, green shadows, bled colour, tracking noise, frame marks."""
    canvas, rng = scene.canvas, scene.rng("tape")
    picture = fx.expose(fx.bloom(canvas.light, 0.4), 1.05)
    height, width = picture.shape[:2]
    lines = min(height, 300)
    small = scaled(picture, max(24, round(lines * width / height)), lines, cv2.INTER_AREA)
    grey = luma(small)[:, :, None]
    chroma = cv2.blur(small - grey, (9, 3))
    chroma = np.roll(chroma, 2, axis=1) * np.float32(0.55)
    small = grey + chroma
    y = np.linspace(0, 1, small.shape[0], dtype=np.float32)[:, None]
    x = np.linspace(0, 1, small.shape[1], dtype=np.float32)[None, :]
    lamp = np.clip(1.2 - np.hypot((x - 0.5) * 1.5, (y - scene.focus[1] / scene.tall) * 1.5) * 1.5, 0.0, 1)[:, :, None]
    small = small * (0.66 + 0.85 * lamp) + np.float32(0.08)
    small = small * np.array([0.86, 1.06, 0.84], np.float32) + np.array([0.0, 0.022, 0.008], np.float32)
    shift = np.zeros(small.shape[0], int)
    tear = int(small.shape[0] * float(rng.uniform(0.08, 0.9)))
    for row in range(small.shape[0]):
        close = np.exp(-(((row - tear) / 5) ** 2))
        shift[row] = round(float(rng.normal(0, 0.35)) + close * small.shape[1] * 0.1)
        small[row] = np.roll(small[row], shift[row], 0)
    noise = rng.standard_normal(small.shape[:2], np.float32)
    small = small + noise[:, :, None] * np.float32(0.055)
    band = np.exp(-(((np.arange(small.shape[0]) - tear) / 4.0) ** 2))[:, None]
    small = small + (band * (rng.random(small.shape[:2]) > 0.55) * 0.35)[:, :, None]
    small[1::2] *= np.float32(0.84)
    canvas.light = cv2.resize(np.clip(small, 0, 1).astype(np.float32), (width, height), interpolation=cv2.INTER_LINEAR)
    _frame_marks(scene)
    return fx.vignette(np.clip(canvas.light, 0, 1), 0.5)


def _frame_marks(scene: Scene) -> None:
    canvas, white = scene.canvas, rgb("e8f2e8")
    left, right, top, low = 0.08, 0.92, 0.1, scene.tall - 0.1
    corners = [
        [(x + 0.09 * sx, y), (x, y), (x, y + 0.09 * sy)]
        for x, sx in ((left, 1), (right, -1))
        for y, sy in ((top, 1), (low, -1))
    ]
    middle = scene.tall / 2
    cross = [[(0.47, middle), (0.53, middle)], [(0.5, middle - 0.03), (0.5, middle + 0.03)]]
    canvas.level()
    canvas.stroke(corners + cross, 0.006, white, alpha=0.85)
    canvas.glow(left + 0.06, top + 0.06, 0.035, rgb("ff2020"), 2.0)
    cell = [
        (right - 0.13, top + 0.045),
        (right - 0.05, top + 0.045),
        (right - 0.05, top + 0.08),
        (right - 0.13, top + 0.08),
        (right - 0.13, top + 0.045),
    ]
    canvas.stroke([cell, [(right - 0.115, top + 0.0625), (right - 0.08, top + 0.0625)]], 0.006, white, alpha=0.85)


def disposable_camera(scene: Scene) -> Floats:
    """A plastic lens and a flash: bright near, black far, warm leaks of light, faded blacks."""
    canvas = scene.canvas
    picture = fx.expose(canvas.light * np.float32(0.92), 1.0)
    height, width = picture.shape[:2]
    y = np.linspace(0, 1, height, dtype=np.float32)[:, None] - scene.focus[1] / scene.tall
    x = np.linspace(0, 1, width, dtype=np.float32)[None, :] - scene.focus[0]
    reach = np.clip(1.05 - np.hypot(x * 1.1, y * 0.95) * 1.25, 0, 1)
    near = np.clip(1.15 - canvas.depth * 1.6, 0, 1)
    flash = (0.72 + 0.95 * reach * near)[:, :, None]
    picture = np.clip(
        picture * flash * np.array([1.06, 1.0, 0.88], np.float32) + near[:, :, None] * reach[:, :, None] * 0.09, 0, 1
    )
    picture = fx.blur(picture, width * 0.0016)
    picture = fx.split_tone(saturate(picture, 0.95), "4a7a5e", "b58a60", 0.26)
    picture = picture * np.float32(0.86) + np.array([0.085, 0.075, 0.065], np.float32)
    leak = scaled(fbm(scene.rng("leak"), 40, 24, cells=1.5, octaves=3), width, height)
    from_edge = x + scene.focus[0] if scene.mood.side > 0 else 1 - x - scene.focus[0]
    band = np.clip(1 - from_edge / (0.12 + 0.4 * leak), 0, 1) ** 1.6 * np.clip(leak * 1.7 - 0.2, 0, 1)
    picture = 1 - (1 - picture) * (1 - band[:, :, None] * np.array([1.0, 0.42, 0.1], np.float32))
    picture = fx.grain(
        fx.vignette(picture.astype(np.float32), 0.6, 0.85), scene.rng("grain"), 0.055, 1.7, coloured=True
    )
    return fx.aberration(picture, 0.0025)


def tilt_shift(scene: Scene) -> Floats:
    """A miniature: toy colours, a narrow band in focus across the figure."""
    canvas, width = scene.canvas, scene.canvas.width
    picture = fx.expose(fx.bloom(canvas.light, 0.3), 1.22)
    picture = fx.contrast(saturate(picture, 1.8), 1.12, 0.5)
    picture = np.clip(picture * np.array([1.05, 1.02, 0.96], np.float32) + 0.06, 0, 1)
    y = np.linspace(0, scene.tall, canvas.height, dtype=np.float32)[:, None]
    away = np.clip((np.abs(y - scene.focus[1]) - 0.2) / 0.36, 0, 1) * np.ones((1, width), np.float32)
    picture = fx.lens_blur(fx.lens_blur(picture, away, width * 0.014), away, width * 0.014)
    return np.clip(picture, 0, 1)


def post_apocalyptic(scene: Scene) -> Floats:
    """Dust and rust: an ochre sky, ash in the air, scratches, no green left."""
    canvas = scene.canvas
    dusty = np.clip(canvas.depth, 0, 1)[:, :, None] ** 1.2
    light = canvas.light * (1 - 0.45 * dusty) + rgb("c08a4a") * dusty * np.float32(0.36 + 0.12 * scene.mood.lift)
    picture = fx.expose(fx.bloom(light, 0.4), 1.3)
    height, width = picture.shape[:2]
    smoke = scaled(fbm(scene.rng("smoke"), 70, 40, cells=2.4, octaves=5, stretch=1.6), width, height)
    picture = picture * (0.72 + 0.5 * smoke[:, :, None])
    picture = fx.ramp(saturate(picture, 0.6), ("120d0b", "4a3626", "8f6a40", "c9a066", "f0ddb0"), 0.66)
    canvas.light = fx.contrast(picture, 1.2)
    rng = scene.rng("ash")
    canvas.level()
    for _ in range(90):
        x, y, s = float(rng.random()), float(rng.random()) * scene.tall, float(rng.uniform(0.001, 0.0065))
        ember = rng.random() < 0.25 + 0.3 * scene.mood.lift
        canvas.glow(x, y, s * (3 if ember else 2), rgb("ff8a3a" if ember else "e0d0b0"), 1.2 if ember else 0.4)
    scratches = [[(x, -0.1), (x + float(rng.normal(0, 0.01)), scene.tall + 0.1)] for x in rng.random(3)]
    canvas.stroke(scratches, 0.0016, rgb("f0e0c0"), alpha=0.16)
    return fx.grain(fx.vignette(np.clip(canvas.light, 0, 1), 0.6), scene.rng("grain"), 0.045, 1.3)
