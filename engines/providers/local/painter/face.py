"""Faces: planes, eyes, mouth, the light on them; and a machine's."""

import numpy as np

from engines.providers.local.painter.canvas import Canvas, Colour, Points, Stencil, ellipse, smooth
from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sitter import SITTER_DEPTH, Shade, Sitter, open_curve
from engines.providers.local.painter.traits import Traits


def features(scene: Scene, face: Sitter, looks: Traits, lit: Shade, skin: Colour) -> None:
    """Brows, eyes, nostrils and lips."""
    canvas, rng = scene.canvas, scene.rng("features")
    drawn_big = 1.3 if scene.look.big_eyes else 1.0
    gaze = float(rng.uniform(-0.05, 0.05)) + face.turn * 0.12
    dark = rgb("1a1216")
    iris = mix(rgb("4a3020"), looks.detail, 0.45)
    closed = scene.subject.lift < 0.3 and rng.random() < 0.4
    for s in (-1.0, 1.0):
        ex, w, h = s * 0.45, 0.215 * drawn_big**0.5, 0.105 * drawn_big**1.6
        brow = face.at(
            (ex - s * 0.25, -0.27 - h),
            (ex - s * 0.02, -0.36 - h),
            (ex + s * 0.27, -0.26 - h),
            (ex - s * 0.02, -0.29 - h),
            feature=1,
        )
        canvas.fill(smooth(brow, 6), lit(looks.hair * np.float32(0.55)), alpha=0.9, soft=0.0012)
        if closed:
            lid: Points = face.at((ex - w, 0.0), (ex - w * 0.4, 0.07), (ex + w * 0.4, 0.07), (ex + w, -0.01), feature=1)
            canvas.stroke([lid], face.unit * 0.05, dark, alpha=0.9)
            continue
        white = face.curve(
            (ex - w, 0.01),
            (ex - w * 0.45, -h * 0.8),
            (ex + w * 0.3, -h * 0.85),
            (ex + w, -0.02),
            (ex + w * 0.35, h * 0.65),
            (ex - w * 0.4, h * 0.65),
            feature=1,
        )
        canvas.fill(white, lit(rgb("ddd6d0") * np.float32(0.88)))
        centre = face.spot(ex + gaze, -0.01, feature=1)
        r = h * 0.98 * face.unit
        eye = canvas.stencil([white])
        for radius, colour in ((r, lit(iris)), (r * 0.5, dark)):
            ring = canvas.stencil([ellipse(*centre, radius, radius, count=24)])
            if eye is not None and ring is not None:
                apply_inside(canvas, ring, eye, colour)
        canvas.fill(
            ellipse(centre[0] + r * 0.35, centre[1] - r * 0.4, r * 0.24, r * 0.24, count=12),
            rgb("ffffff") * np.float32(1.1),
            alpha=0.95,
        )
        upper: Points = face.at(
            (ex - w * 1.05, 0.03),
            (ex - w * 0.5, -h * 0.78),
            (ex + w * 0.25, -h * 0.88),
            (ex + w * 1.02, -0.04),
            feature=1,
        )
        canvas.stroke([open_curve(upper)], face.unit * 0.05, dark, alpha=0.92)
    nostrils = [
        ellipse(*face.spot(s * 0.1, 0.53, feature=1.1), 0.045 * face.unit, 0.025 * face.unit, count=12)
        for s in (-1.0, 1.0)
    ]
    canvas.fill(nostrils, lit(skin * np.float32(0.35)), alpha=0.65, soft=0.001)
    lips = mix(skin * np.float32(0.75), rgb("a8323c"), 0.45)
    singing = scene.subject.figures and scene.subject.figures[0].pose == "arms"
    gap = 0.1 if singing else 0.0
    top = face.curve((-0.3, 0.9), (-0.1, 0.82), (0.0, 0.85), (0.1, 0.82), (0.3, 0.9), (0.0, 0.925), feature=1)
    low = face.curve(
        (-0.29, 0.905 + gap * 0.3),
        (0.0, 0.925 + gap),
        (0.29, 0.905 + gap * 0.3),
        (0.12, 1.04 + gap),
        (-0.12, 1.04 + gap),
        feature=1,
    )
    if singing:
        canvas.fill(face.curve((-0.28, 0.9), (0.0, 0.87), (0.28, 0.9), (0.0, 1.0 + gap), feature=1), rgb("2a0c10"))
    canvas.fill(low, lit(lips * np.float32(1.12)), soft=0.0012)
    canvas.fill(top, lit(lips * np.float32(0.82)), soft=0.0012)


def apply_inside(canvas: Canvas, part: Stencil, area: Stencil, colour: Colour) -> None:
    """Paint `part` only where `area` is."""
    held = np.zeros((canvas.height, canvas.width), np.uint8)
    held[area.rows, area.columns] = area.mask
    part.mask = np.minimum(part.mask, held[part.rows, part.columns])
    canvas.apply(part, colour)


def face_planes(scene: Scene, face: Sitter, skin: Colour, lit: Shade) -> None:
    """The soft shadows of nose, sockets and chin, the warmth of the cheeks."""
    canvas = scene.canvas
    shade = skin * np.float32(0.62)
    warm = mix(skin, rgb("d2503c"), 0.35)
    soft = face.unit * 0.1
    paint = lit(shade)
    away = -scene.mood.side
    nose = face.curve(
        (0.02, -0.2),
        (0.02 + 0.16 * away, 0.1),
        (0.02 + 0.26 * away, 0.52),
        (0.02 + 0.1 * away, 0.6),
        (0.02, 0.45),
        feature=1,
    )
    canvas.fill(nose, paint, alpha=0.5, soft=soft * 0.45)
    sockets = [
        face.curve((s * 0.2, -0.14), (s * 0.44, -0.28), (s * 0.72, -0.12), (s * 0.44, 0.14), feature=1)
        for s in (-1.0, 1.0)
    ]
    canvas.fill(sockets, paint, alpha=0.38, soft=soft)
    canvas.fill(face.curve((-0.3, 1.1), (0.3, 1.1), (0.0, 1.2), feature=1), paint, alpha=0.45, soft=soft * 0.6)
    cheeks = [
        face.curve((s * 0.36, 0.4), (s * 0.62, 0.3), (s * 0.7, 0.55), (s * 0.45, 0.66), feature=0.8)
        for s in (-1.0, 1.0)
    ]
    canvas.fill(cheeks, lit(warm), alpha=0.32, soft=soft)
    bridge = face.curve((-0.05, -0.1), (0.05, -0.1), (0.07, 0.42), (-0.07, 0.42), feature=1)
    canvas.fill(bridge, lit(skin * np.float32(1.22)), alpha=0.45, soft=soft * 0.4)


def light_face(scene: Scene, whole: Stencil) -> None:
    """Key light from one side, a coloured rim from the other: what makes a portrait."""
    model(scene, whole, strength=0.5, rim=0.8)
    canvas, mood = scene.canvas, scene.mood
    mask = whole.mask.astype(np.float32) / 255
    x = np.linspace(-1, 1, mask.shape[1], dtype=np.float32)[None, :] * mood.side
    dark = np.clip(0.5 - x * 1.1, 0, 1) * mask
    view = canvas.light[whole.rows, whole.columns]
    view *= 1 - 0.5 * dark[:, :, None] * (1 - 0.45 * mood.ambient)
    rim = np.clip(-x - 0.55, 0, 1) * mask
    view += rim[:, :, None] * mood.accent(0) * np.float32(0.75 + 0.6 * mood.lift)


def machine_face(scene: Scene, face: Sitter, looks: Traits) -> None:
    """Plates, seams and eyes that shine."""
    canvas, mood = scene.canvas, scene.mood
    colour = mood.accent(1)
    seam = mood.lit(rgb("39414d"), 0.5)
    lines: list[Points] = [
        face.at((0.0, -1.3), (0.0, -0.35), feature=0.8),
        face.at((-0.95, -0.45), (-0.35, -0.62), (0.35, -0.62), (0.95, -0.45), feature=0.5),
        face.at((-0.82, 0.5), (-0.45, 0.7), (-0.4, 1.4), feature=0.8),
        face.at((0.82, 0.5), (0.45, 0.7), (0.4, 1.4), feature=0.8),
        face.at((-0.22, 0.62), (0.22, 0.62), feature=1),
        face.at((-0.3, 0.95), (0.3, 0.95), feature=1),
    ]
    canvas.stroke(lines, face.unit * 0.035, seam, alpha=0.85)
    shell = face.curve(
        (-1.02, -0.1),
        (-1.12, -0.7),
        (-0.7, -1.5),
        (0.0, -1.72),
        (0.7, -1.5),
        (1.12, -0.7),
        (1.02, -0.1),
        (0.8, -0.75),
        (0.0, -1.0),
        (-0.8, -0.75),
    )
    plate = mix(looks.upper, rgb("5a6270"), 0.5)
    canvas.fill(
        shell, mood.lit(plate * np.float32(1.2), 0.8), mood.lit(plate * np.float32(0.5), 0.4), depth=SITTER_DEPTH
    )
    for s in (-1.0, 1.0):
        eye = face.curve((s * 0.22, 0.0), (s * 0.45, -0.13), (s * 0.7, -0.03), (s * 0.45, 0.1), feature=1)
        canvas.fill(eye, rgb("0b0e14"))
        centre = face.spot(s * 0.46, -0.01, feature=1)
        canvas.fill(
            ellipse(*centre, face.unit * 0.085, face.unit * 0.085, count=20),
            mix(colour, rgb("ffffff"), 0.6) * np.float32(1.5),
        )
        canvas.glow(*centre, face.unit * 0.7, colour, 0.9)
    glow: list[Points] = [
        face.at((0.78, -0.4), (0.72, 0.25), (0.5, 0.62), (0.46, 1.3), feature=0.8),
        face.at((-1.0, -0.2), (-0.98, 0.5)),
    ]
    canvas.shine_lines(glow, face.unit * 0.035, colour, 1.4)
    canvas.shine_lines(glow, face.unit * 0.16, colour, 0.35, soft=face.unit * 0.06)
