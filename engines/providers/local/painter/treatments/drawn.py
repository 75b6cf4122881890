"""Looks made by hand: ink, wash and brush."""

import cv2
import numpy as np

from engines.providers.local.painter.mood import luma, mix, rgb, saturate
from engines.providers.local.painter.noise import Floats, fbm, floats, scaled
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.treatments import effects as fx


def anime_shonen(scene: Scene) -> Floats:
    """Bold ink, three flat tones, primary colours, lines that burst from the hero."""
    canvas, width = scene.canvas, scene.canvas.width
    picture = fx.expose(canvas.light, 1.22)
    picture = fx.kuwahara(picture, max(1, round(width / 160)))
    picture = saturate(fx.cel(fx.contrast(picture, 1.2, 0.4), 4), 1.5)
    picture = np.clip(picture * np.array([1.06, 1.0, 0.98], np.float32), 0, 1)
    if scene.mood.lift > 0.3:
        picture = _burst(scene, picture, 0.25 + 0.75 * scene.mood.lift)
    lines = np.maximum(fx.outlines(canvas, 0.0055), fx.creases(picture, 9.0, 0.0028))
    return np.clip(fx.ink(picture, lines, "0a0812"), 0, 1)


def _burst(scene: Scene, picture: Floats, power: float) -> Floats:
    """Wedges of white and of ink that point at the focus (the comic's focus lines)."""
    height, width = picture.shape[:2]
    rng = scene.rng("burst")
    centre = np.array([scene.focus[0], scene.focus[1] * 0.92]) * width
    masks = [np.zeros((height, width), np.uint8) for _ in range(2)]
    count = round(34 + 50 * power)
    angles = (np.arange(count) + rng.uniform(-0.4, 0.4, count)) / count * 2 * np.pi
    for i, angle in enumerate(angles):
        inner = width * float(rng.uniform(0.52, 0.74)) * (1.25 - 0.2 * power) * (1 + 0.35 * abs(np.sin(angle)))
        half = float(rng.uniform(0.005, 0.02)) * (0.6 + power)
        tips = [centre + np.array([np.cos(angle), np.sin(angle)]) * inner]
        tips += [centre + np.array([np.cos(angle + d), np.sin(angle + d)]) * width * 2.4 for d in (-half, half)]
        cv2.fillPoly(masks[i % 3 == 0], [np.round(np.array(tips) * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    near = np.clip(scene.canvas.depth * 6 - 1.4, 0, 1)[:, :, None]
    for mask, colour, alpha in zip(masks, (rgb("ffffff"), rgb("14101c")), (0.75, 0.55), strict=True):
        cover = mask.astype(np.float32)[:, :, None] / 255 * np.float32(alpha * power) * near
        picture = picture + (colour - picture) * cover
    return picture


def watercolor_anime(scene: Scene) -> Floats:
    """Pale washes on toothed paper: bled edges, pooled pigment, a white margin, pencil lines."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    rng = scene.rng("wash")
    picture = fx.expose(canvas.light, 1.3)
    wobble = (fbm(rng, max(30, height // 6), max(17, width // 6), cells=16, octaves=3) - 0.5) * width * 0.022
    wobble = scaled(wobble, width, height)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    shaken = (x + wobble, y + np.roll(wobble, width // 5, 1))
    bled = floats(cv2.remap(picture, *shaken, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
    bled = fx.kuwahara(fx.blur(bled, width * 0.0022), max(1, round(width / 110)))
    pale = 1 - (1 - np.clip(bled, 0, 1)) * np.float32(0.78)
    pale = saturate(pale, 1.18)
    pools = scaled(fbm(rng, 120, 68, cells=5, octaves=5), width, height)
    pigment = 1 - pale
    edges = np.abs(luma(bled) - luma(fx.blur(bled, width * 0.006)))
    density = 0.66 + 0.6 * pools + np.clip(edges * 2.6, 0, 0.6)
    sheet = rgb("fffaf0") * (1 + fx.paper(rng, height, width)[:, :, None] * np.float32(0.028))
    margin = np.minimum(np.minimum(x, width - x), np.minimum(y, height - y)) / width
    torn = np.clip((margin - 0.035 - 0.075 * (pools - 0.5)) / 0.03, 0, 1)
    wash = sheet * (1 - np.clip(pigment * density[:, :, None], 0, 1) * torn[:, :, None])
    lines = fx.outlines(canvas, 0.0022) * np.float32(0.5) * (0.4 + 0.9 * pools) * torn
    return np.clip(fx.ink(wash.astype(np.float32), floats(lines), "4a4358"), 0, 1)


def dynamic_anime(scene: Scene) -> Floats:
    """Two-tone shadows, violet ink, light that streaks along the tilt, dots in the dark, glow on the edges."""
    canvas, width = scene.canvas, scene.canvas.width
    light = fx.bloom(canvas.light, 0.5, 0.7)
    picture = fx.kuwahara(fx.expose(light, 1.15), max(1, round(width / 200)))
    level = np.clip((luma(fx.cel(fx.contrast(picture, 1.35, 0.4), 3)) - 0.02) * 1.1, 0, 1)[:, :, None]
    own = saturate(picture, 1.6)
    duo = fx.ramp(np.repeat(level, 3, 2).astype(np.float32), ("140a3c", "4a1f9c", "e0379a", "ffb36b", "fffbe6"))
    picture = np.clip(own * 0.42 + duo * 0.58, 0, 1)
    far = np.clip(canvas.depth * 1.6 - 0.5, 0, 1)
    pitch = max(3.0, width / 62)
    dots = fx.halftone(np.clip(level[:, :, 0] * 1.9 + 0.15, 0, 1), pitch) * far * np.float32(0.5)
    picture = fx.ink(picture, dots, "120a30")
    picture = _streaks(scene, picture)
    edge = fx.outlines(canvas, 0.003)
    picture = fx.ink(picture, edge, "1c0840", 0.95)
    halo = fx.blur(edge * np.float32(1.0), width * 0.006) * np.clip(1 - canvas.depth * 2, 0, 1)
    picture = picture + halo[:, :, None] * mix(rgb("39e0ff"), scene.mood.accent(0), 0.3) * np.float32(0.7)
    return fx.aberration(np.clip(picture, 0, 1), 0.004)


def _streaks(scene: Scene, picture: Floats) -> Floats:
    """Slanted strokes of speed across the frame."""
    height, width = picture.shape[:2]
    rng = scene.rng("speed")
    mask = np.zeros((height, width), np.uint8)
    slope = 0.5 * scene.mood.side
    for _ in range(round(14 + 40 * scene.mood.lift)):
        x, y, reach = float(rng.uniform(-0.2, 1.1)), float(rng.uniform(-0.1, scene.tall)), float(rng.uniform(0.15, 0.7))
        ends = np.array([(x, y), (x + reach, y - reach * slope)]) * width * 16
        cv2.line(
            mask,
            tuple(np.round(ends[0]).astype(int).tolist()),
            tuple(np.round(ends[1]).astype(int).tolist()),
            int(rng.uniform(90, 230)),
            max(1, round(width * float(rng.uniform(0.001, 0.006)))),
            cv2.LINE_AA,
            4,
        )
    cover = (
        mask.astype(np.float32)
        / 255
        * np.clip(scene.canvas.depth * 5 - 1.0, 0, 1)
        * np.float32(0.35 + 0.4 * scene.mood.lift)
    )
    return np.asarray(picture + (1 - picture) * cover[:, :, None] * rgb("e8f4ff"), np.float32)


def painterly_3d(scene: Scene) -> Floats:
    """Oil over modelled forms: strokes that follow the shapes, impasto that catches light, violet and ochre."""
    canvas, width, height = scene.canvas, scene.canvas.width, scene.canvas.height
    rng = scene.rng("brush")
    picture = fx.expose(fx.bloom(canvas.light, 0.4), 1.15)
    dome = fx.puff(canvas, 0.05)
    picture = picture * (0.82 + 0.24 * dome)[:, :, None]
    picture = fx.split_tone(saturate(picture, 1.2), "3a2a7a", "d89048", 0.34)
    # Strokes run along the edges of the picture: noise smeared along the turned gradient (line integral convolution,
    # Cabral and Leedom, 1993, in a few steps).
    level = fx.blur(luma(picture), width * 0.012)
    gx, gy = cv2.Sobel(level, cv2.CV_32F, 1, 0), cv2.Sobel(level, cv2.CV_32F, 0, 1)
    drift = fx.blur(np.dstack([-gy, gx, np.zeros_like(gx)]), width * 0.01)
    swirl = scaled(fbm(rng, 24, 14, cells=2, octaves=2), width, height) * np.float32(6.28)
    vx, vy = drift[:, :, 0] + np.cos(swirl) * 0.004, drift[:, :, 1] + np.sin(swirl) * 0.004
    norm = np.maximum(np.hypot(vx, vy), 1e-6)
    # Shorter strokes on what is near, or a face would drown in them.
    reach = width * 0.0065 * (1 - 0.72 * np.clip((0.4 - canvas.depth) * 6, 0, 1))
    vx, vy = (vx / norm * reach).astype(np.float32), (vy / norm * reach).astype(np.float32)
    x, y = np.meshgrid(np.arange(width, dtype=np.float32), np.arange(height, dtype=np.float32))
    cell = max(1.0, width / 130)
    bristle = cv2.resize(
        rng.random((max(8, round(height / cell)), max(8, round(width / cell))), np.float32), (width, height)
    )
    paint = np.dstack([picture, bristle]).astype(np.float32)
    del picture, bristle, swirl, norm, drift  # full-size pictures: together half the memory of this treatment
    for scale in (0.8, 1.6, 3.2):
        source = paint
        for sign in (scale, -scale):
            there = (x + vx * np.float32(sign), y + vy * np.float32(sign))
            paint = paint + floats(cv2.remap(source, *there, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT))
        paint /= np.float32(3)
    strokes = np.clip((paint[:, :, 3] - 0.5) * 2.4, -0.5, 0.5)
    painted = fx.kuwahara_behind(np.ascontiguousarray(paint[:, :, :3]), canvas.depth, max(2, round(width / 95)))
    strokes = strokes * (0.35 + 0.65 * np.clip(canvas.depth * 2.2, 0, 1))
    painted = painted * (1 + 0.3 * strokes)[:, :, None]
    shaded = painted * fx.relief(strokes, 0.35, (-0.7 * scene.mood.side, -0.7)).clip(0.7, 1.4)[:, :, None]
    return fx.vignette(np.clip(fx.contrast(shaded.astype(np.float32), 1.12), 0, 1), 0.35)
