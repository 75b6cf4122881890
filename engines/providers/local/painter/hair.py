"""Hair, hats and hoods, behind the head and before it."""

import numpy as np

from engines.providers.local.painter.canvas import Canvas, Points, ellipse
from engines.providers.local.painter.sitter import SITTER_DEPTH, Shade, Sitter, open_curve
from engines.providers.local.painter.traits import Traits


def back_hair(canvas: Canvas, face: Sitter, looks: Traits, lit: Shade) -> None:
    """What hangs or stands out behind the head."""
    hair = lit(looks.hair * np.float32(0.7))
    low = lit(looks.hair * np.float32(0.4))
    style = looks.hair_style
    shapes: list[Points] = []
    if style == "long":
        shapes = [
            face.curve(
                (-1.15, -0.6),
                (-0.6, -1.7),
                (0.6, -1.7),
                (1.15, -0.6),
                (1.4, 0.9),
                (1.5, 2.6),
                (1.2, 3.7),
                (0.4, 3.3),
                (-0.4, 3.3),
                (-1.2, 3.7),
                (-1.5, 2.6),
                (-1.4, 0.9),
            )
        ]
    elif style == "bob":
        shapes = [
            face.curve(
                (-1.2, -0.6),
                (-0.6, -1.7),
                (0.6, -1.7),
                (1.2, -0.6),
                (1.42, 0.7),
                (1.25, 1.75),
                (0.5, 1.5),
                (-0.5, 1.5),
                (-1.25, 1.75),
                (-1.42, 0.7),
            )
        ]
    elif style == "afro":
        shapes = [ellipse(*face.spot(0.0, -0.75), face.unit * 1.85, face.unit * 1.6)]
    elif style == "bun":
        shapes = [ellipse(*face.spot(0.0, -1.85), face.unit * 0.62, face.unit * 0.52)]
    elif style == "ponytail":
        s = -np.sign(face.turn)
        shapes = [
            face.curve(
                (s * 0.6, -1.2),
                (s * 1.5, -0.9),
                (s * 1.75, 0.6),
                (s * 1.5, 2.6),
                (s * 1.15, 3.1),
                (s * 1.15, 1.2),
                (s * 0.9, -0.2),
            )
        ]
    elif style == "hood":
        shapes = [
            face.curve(
                (-1.3, -0.5),
                (-0.75, -1.75),
                (0.0, -2.0),
                (0.75, -1.75),
                (1.3, -0.5),
                (1.5, 1.0),
                (1.35, 2.4),
                (-1.35, 2.4),
                (-1.5, 1.0),
            )
        ]
        hair, low = lit(looks.upper * np.float32(0.7)), lit(looks.upper * np.float32(0.4))
    if shapes:
        canvas.fill(shapes, hair, low, depth=SITTER_DEPTH + 0.04)


def front_hair(canvas: Canvas, face: Sitter, looks: Traits, lit: Shade) -> None:
    """What lies over the forehead: fringe, crest, hat or hood."""
    hair = lit(looks.hair)
    low = lit(looks.hair * np.float32(0.6))
    s = float(np.sign(face.turn))
    ident = canvas.new_object()
    style = looks.hair_style
    if style == "mohawk":
        crest = face.curve(
            (-0.25, -0.85),
            (-0.42, -1.6),
            (-0.3, -2.5),
            (0.1, -2.75),
            (0.4, -2.3),
            (0.42, -1.5),
            (0.25, -0.85),
            feature=0.3,
        )
        canvas.fill(crest, lit(looks.hair * np.float32(1.1)), low, depth=SITTER_DEPTH, ident=ident)
        return
    if style == "hat":
        crown = face.curve(
            (-1.05, -0.75),
            (-0.98, -1.9),
            (-0.35, -2.15),
            (0.0, -2.0),
            (0.35, -2.15),
            (0.98, -1.9),
            (1.05, -0.75),
            (0.0, -0.62),
        )
        band = face.curve((-1.06, -0.95), (0.0, -0.82), (1.06, -0.95), (1.06, -0.66), (0.0, -0.52), (-1.06, -0.66))
        brim = face.curve(
            (-2.0, -0.72),
            (-1.0, -0.86),
            (0.0, -0.78),
            (1.0, -0.86),
            (2.0, -0.72),
            (1.1, -0.42),
            (0.0, -0.34),
            (-1.1, -0.42),
        )
        felt = lit(looks.detail * np.float32(0.75))
        canvas.fill(
            [
                face.curve((-1.08, -0.6), (-1.02, 0.45), (-0.9, 0.4), (-0.85, -0.5)),
                face.curve((1.08, -0.6), (1.02, 0.45), (0.9, 0.4), (0.85, -0.5)),
            ],
            hair,
            depth=SITTER_DEPTH,
        )
        canvas.fill(crown, felt * np.float32(1.15), felt * np.float32(0.7), depth=SITTER_DEPTH, ident=ident)
        canvas.fill(band, lit(looks.upper * np.float32(0.7)))
        canvas.fill(brim, felt, felt * np.float32(0.55), depth=SITTER_DEPTH, ident=canvas.new_object())
        return
    if style == "hood":
        frame = face.curve(
            (-1.3, -0.5),
            (-0.75, -1.75),
            (0.0, -2.0),
            (0.75, -1.75),
            (1.3, -0.5),
            (1.5, 1.0),
            (1.3, 2.3),
            (0.98, 1.6),
            (1.05, 0.2),
            (0.9, -0.7),
            (0.45, -1.2),
            (0.0, -1.3),
            (-0.45, -1.2),
            (-0.9, -0.7),
            (-1.05, 0.2),
            (-0.98, 1.6),
            (-1.3, 2.3),
            (-1.5, 1.0),
        )
        canvas.fill(frame, lit(looks.upper), lit(looks.upper * np.float32(0.6)), depth=SITTER_DEPTH, ident=ident)
        return
    cap = face.curve(
        (-1.06, 0.25),
        (-1.16, -0.5),
        (-0.9, -1.3),
        (-0.3, -1.68),
        (0.4, -1.66),
        (0.95, -1.25),
        (1.16, -0.5),
        (1.06, 0.25),
        (0.92, -0.35),
        (0.55 * 1 + 0.1 * s, -0.82),
        (0.25 * s, -0.9),
        (-0.45 * 1 + 0.1 * s, -0.72),
        (-0.92, -0.3),
    )
    canvas.fill(cap, hair, low, depth=SITTER_DEPTH, ident=ident)
    locks: list[Points] = []
    for k in np.linspace(-0.85, 0.85, 11):
        locks.append(
            open_curve(
                face.at(
                    (0.3 * s + k * 0.25, -1.62), (k * 0.75, -1.4), (k * 1.0, -1.0), (k * 1.08, -0.62 + 0.35 * abs(k))
                )
            )
        )
    canvas.stroke(locks, face.unit * 0.035, lit(looks.hair * np.float32(1.5) + np.float32(0.03)), alpha=0.35)
    if style in ("long", "bob"):
        reach = 2.9 if style == "long" else 1.5
        for side in (-1.0, 1.0):
            strand = face.curve(
                (side * 0.9, -0.9),
                (side * 1.2, -0.3),
                (side * 1.28, 0.8),
                (side * 1.3, reach),
                (side * 1.05, reach + 0.25),
                (side * 0.98, 0.9),
                (side * 0.93, -0.1),
            )
            canvas.fill(strand, hair, low, depth=SITTER_DEPTH, ident=ident)
