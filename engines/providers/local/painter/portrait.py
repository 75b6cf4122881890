"""Close-ups: head and shoulders of a figure, with its hair, clothes and the light of the scene on its face."""

import cv2
import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, ellipse, limb
from engines.providers.local.painter.face import face_planes, features, light_face, machine_face
from engines.providers.local.painter.hair import back_hair, front_hair
from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.mood import luma, mix, rgb
from engines.providers.local.painter.reading import Figure
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.sitter import SITTER_DEPTH, Shade, Sitter, open_curve
from engines.providers.local.painter.traits import Traits, traits_for

_FACE_LUMA = 0.34
"""Below it a face in a close-up is a shape, not a face."""


def paint_portrait(scene: Scene, figure: Figure, x: float, y: float, unit: float) -> None:
    """Head and shoulders; (x, y) is the point between the eyes, `unit` half the head's width."""
    face, skin, lit = _sitter(scene, figure, x, y, unit, exposed_for_face=True)
    looks, machine = traits_for(figure.seed), figure.kind == "android"
    if figure.kind == "astronaut":
        _helmet(scene, face, looks, lit)
        return
    if not machine:
        back_hair(scene.canvas, face, looks, lit)
    _shoulders(scene, face, looks, lit, skin, machine)
    _head(scene, face, figure, skin, lit)


def paint_head(scene: Scene, figure: Figure, x: float, y: float, unit: float) -> None:
    """A head on a body that is painted already. Arguments as for `paint_portrait`."""
    face, skin, lit = _sitter(scene, figure, x, y, unit)
    _head(scene, face, figure, skin, lit)


def paint_back_hair(scene: Scene, figure: Figure, x: float, y: float, unit: float) -> None:
    """The hair that hangs behind a body, to be painted before it. Arguments as for `paint_portrait`."""
    face, _, lit = _sitter(scene, figure, x, y, unit)
    back_hair(scene.canvas, face, traits_for(figure.seed), lit)


def _sitter(
    scene: Scene, figure: Figure, x: float, y: float, unit: float, exposed_for_face: bool = False
) -> tuple[Sitter, Colour, Shade]:
    """The face's coordinates, its skin, and what the scene's light makes of a surface.

    `exposed_for_face`: a close-up's fill light, as much as this skin needs to be read in this light.
    """
    rng = scene.rng("portrait", figure.seed)
    turn = 0.24 * (-1 if rng.random() < 0.5 else 1)
    face = Sitter(x, y, unit, turn, float(rng.uniform(-0.07, 0.07)))
    soft_light = scene.mood.lit(rgb("ffffff"), 0.72) * np.float32(0.86)
    skin = rgb("c3ccd6") if figure.kind == "android" else traits_for(figure.seed).skin
    if exposed_for_face:
        soft_light *= np.float32(np.clip((_FACE_LUMA / float(luma(skin * soft_light))) ** 0.8, 1.0, 2.6))

    def lit(colour: Colour) -> Colour:
        return (colour * soft_light).astype(np.float32)

    return face, skin, lit


def _head(scene: Scene, face: Sitter, figure: Figure, skin: Colour, lit: Shade) -> None:
    canvas, looks = scene.canvas, traits_for(figure.seed)
    head = face.curve(
        (-0.98, -0.35),
        (-1.0, 0.15),
        (-0.9, 0.72),
        (-0.62, 1.28),
        (-0.2, 1.62),
        (0.2, 1.62),
        (0.62, 1.28),
        (0.9, 0.72),
        (1.0, 0.15),
        (0.98, -0.35),
        (0.78, -1.0),
        (0.3, -1.32),
        (-0.3, -1.32),
        (-0.78, -1.0),
    )
    ident = canvas.new_object()
    ears = [face.curve((s * 0.95, -0.1), (s * 1.17, -0.12), (s * 1.14, 0.3), (s * 0.97, 0.42)) for s in (-1.0, 1.0)]
    canvas.fill(ears, lit(skin * np.float32(0.82)), depth=SITTER_DEPTH, ident=ident)
    canvas.fill(head, lit(skin), lit(skin * np.float32(0.94)), depth=SITTER_DEPTH, ident=ident)
    face_planes(scene, face, skin, lit)
    whole = canvas.stencil([head])
    if whole is not None:
        light_face(scene, whole)
    if figure.behind:
        back = looks.upper if looks.hair_style == "hood" else skin if figure.kind == "android" else looks.hair
        crown = face.curve(
            (-1.06, 0.5), (-1.12, -0.5), (-0.8, -1.3), (0, -1.62), (0.8, -1.3), (1.12, -0.5), (1.06, 0.5), (0, 1.1)
        )
        canvas.fill(crown, lit(back), lit(back * np.float32(0.6)), depth=SITTER_DEPTH, ident=ident)
        if looks.hair_style == "hat" and figure.kind == "person":
            front_hair(canvas, face, looks, lit)
        return
    if figure.kind == "android":
        machine_face(scene, face, looks)
    else:
        features(scene, face, looks, lit, skin)
        front_hair(canvas, face, looks, lit)


def _shoulders(scene: Scene, face: Sitter, looks: Traits, lit: Shade, skin: Colour, machine: bool) -> None:
    canvas = scene.canvas
    upper = mix(looks.upper, rgb("aeb8c6"), 0.55) if machine else looks.upper
    ident = canvas.new_object()
    neck = face.curve((-0.5, 0.9), (-0.48, 1.7), (-0.62, 2.35), (0.0, 2.75), (0.62, 2.35), (0.48, 1.7), (0.5, 0.9))
    chest = face.curve(
        (-0.55, 2.1),
        (-1.3, 2.35),
        (-2.25, 2.75),
        (-2.6, 3.6),
        (-2.7, 6.0),
        (2.7, 6.0),
        (2.6, 3.6),
        (2.25, 2.75),
        (1.3, 2.35),
        (0.55, 2.1),
        (0.0, 2.5),
    )
    canvas.fill(chest, lit(upper), lit(upper * np.float32(0.55)), depth=SITTER_DEPTH + 0.03)
    body = canvas.stencil([chest])
    if body is not None:
        model(scene, body, strength=0.5, rim=0.9)
    canvas.fill(neck, lit(skin * np.float32(0.62)), lit(skin * np.float32(0.85)), depth=SITTER_DEPTH, ident=ident)
    canvas.fill(
        face.curve((-0.5, 1.25), (0.5, 1.25), (0.42, 1.75), (0.0, 1.95), (-0.42, 1.75)),
        lit(skin * np.float32(0.4)),
        alpha=0.55,
        soft=face.unit * 0.12,
    )
    if machine:
        plates: list[Points] = [face.at((-0.45, k), (0.0, k + 0.12), (0.45, k)) for k in (1.75, 1.95, 2.15)]
        canvas.stroke(plates, face.unit * 0.05, lit(rgb("454d59")), alpha=0.9)
        return
    detail = lit(looks.detail)
    if looks.outfit in ("jacket", "suit", "coat"):
        for s in (-1.0, 1.0):
            lapel = face.at((s * 0.56, 2.0), (s * 1.1, 2.45), (s * 0.85, 3.5), (s * 0.1, 5.5), (s * 0.25, 3.4))
            canvas.fill(lapel, lit(upper * np.float32(0.78)), depth=SITTER_DEPTH)
        canvas.fill(
            face.at((-0.42, 2.35), (0.0, 2.75), (0.42, 2.35), (0.2, 4.2), (0.0, 5.4), (-0.2, 4.2)),
            detail,
            detail * np.float32(0.6),
            depth=SITTER_DEPTH,
        )
    elif looks.outfit == "hoodie":
        for s in (-1.0, 1.0):
            canvas.stroke([face.at((s * 0.35, 2.6), (s * 0.42, 4.2))], face.unit * 0.07, detail, alpha=0.95)
        canvas.fill(
            face.curve(
                (-0.62, 1.95),
                (-1.15, 2.4),
                (-0.5, 2.95),
                (0.0, 2.7),
                (0.5, 2.95),
                (1.15, 2.4),
                (0.62, 1.95),
                (0.45, 2.45),
                (0.0, 2.62),
                (-0.45, 2.45),
            ),
            lit(upper * np.float32(0.8)),
            depth=SITTER_DEPTH,
        )
    else:
        canvas.fill(
            face.curve((-0.75, 2.28), (0.75, 2.28), (0.45, 3.0), (0.0, 3.2), (-0.45, 3.0)),
            lit(skin * np.float32(0.9)),
            depth=SITTER_DEPTH,
            ident=ident,
        )
        canvas.stroke(
            [open_curve(face.at((-0.55, 2.35), (-0.25, 2.75), (0.25, 2.75), (0.55, 2.35)))], face.unit * 0.05, detail
        )


def _helmet(scene: Scene, face: Sitter, looks: Traits, lit: Shade) -> None:
    """A space helmet with the scene mirrored in its visor."""
    canvas, mood = scene.canvas, scene.mood
    white = rgb("eeebe5")
    suit = face.curve(
        (-1.1, 1.5), (-2.3, 2.1), (-2.9, 3.4), (-3.0, 6.0), (3.0, 6.0), (2.9, 3.4), (2.3, 2.1), (1.1, 1.5)
    )
    canvas.fill(suit, lit(white * np.float32(0.95)), lit(white * np.float32(0.5)), depth=SITTER_DEPTH + 0.03)
    canvas.stroke(
        [face.at((-1.3, 2.6), (-1.2, 6.0)), face.at((1.3, 2.6), (1.2, 6.0))], face.unit * 0.16, lit(looks.upper)
    )
    body = canvas.stencil([suit])
    if body is not None:
        model(scene, body, strength=0.5)
    centre = face.spot(0.0, 0.1)
    shell = ellipse(*centre, face.unit * 1.75, face.unit * 1.85, count=70)
    canvas.fill(shell, lit(white), lit(white * np.float32(0.7)), depth=SITTER_DEPTH)
    whole = canvas.stencil([shell])
    if whole is not None:
        model(scene, whole, strength=0.45)
    visor = canvas.stencil(
        [
            face.curve(
                (-1.35, -0.2),
                (-0.9, -1.05),
                (0.9, -1.05),
                (1.35, -0.2),
                (1.2, 0.9),
                (0.5, 1.3),
                (-0.5, 1.3),
                (-1.2, 0.9),
            )
        ]
    )
    if visor is None:
        return
    world = cv2.resize(canvas.light, (visor.mask.shape[1], visor.mask.shape[0]), interpolation=cv2.INTER_AREA)[:, ::-1]
    gold = world * np.float32(0.6) * rgb("ffcf7a") + rgb("2a1c10") * np.float32(0.5)
    canvas.apply(visor, gold.astype(np.float32), depth=SITTER_DEPTH)
    gleam: Points = limb(face.spot(-0.75, -0.7), face.spot(-0.2, -0.85), face.unit * 0.07, face.unit * 0.05)
    canvas.fill(gleam, rgb("ffffff"), alpha=0.7, soft=0.003)
    canvas.glow(*face.spot(0.6, 0.4), face.unit * 1.2, mood.accent(0), 0.4)
