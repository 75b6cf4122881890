"""Heads: skull, ears, neck, and the order of hair, face, beard, glasses and hat."""

from dataclasses import dataclass

import numpy as np

from engines.providers.local.painter.canvas import Colour, Points, limb
from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.people import beard, beings, extras, face, hair, hats
from engines.providers.local.painter.people.brush import Brush
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.sitter import Sitter


@dataclass(frozen=True)
class Head:
    """A head set into a picture.

    Attributes:
        sitter: Its coordinates.
        look: Looks of the person.
        behind: Seen from behind.
        expression: -1 grieving … 1 laughing.
        singing: With an open mouth.
        closed: With closed eyes.
    """

    sitter: Sitter
    look: Look
    behind: bool
    expression: float = 0.2
    singing: bool = False
    closed: bool = False


def outline(look: Look) -> list[tuple[float, float]]:
    """The skull's outline in the sitter's units: round for children, broad for men, long for the old."""
    jaw, chin = {"child": (0.66, 1.34), "teen": (0.6, 1.5), "adult": (0.6, 1.58), "old": (0.66, 1.62)}[look.age]
    cheek = 0.98 if look.age == "child" else 0.9
    if look.sex == "man" and look.age != "child":
        jaw, chin, cheek = jaw + 0.12, chin + 0.05, cheek + 0.03
    top = 1.42 if look.age == "child" else 1.34
    right = [
        (0.32, -top),
        (0.8, -top * 0.75),
        (0.98, -0.4),
        (1.0, 0.12),
        (cheek, 0.72),
        (jaw, chin * 0.8),
        (0.24, chin),
    ]
    return [*right, *((-x, y) for x, y in reversed(right))]


def paint_head(brush: Brush, head: Head) -> None:
    """The head on an already painted body, hair that hangs in front included."""
    look, s = head.look, head.sitter
    if look.kind == "astronaut":
        beings.helmet(brush, s, behind=head.behind)
        return
    ident = brush.canvas.new_object()
    if not head.behind:
        _ears(brush, s, look, ident)
    skull = s.curve(*outline(look))
    brush.part(skull, look.skin, ident)
    if head.behind:
        hair.back_of_head(brush, s, look)
    else:
        _front(brush, head, skull)
    if look.hat is not None:
        hats.hat(brush, s, look, behind=head.behind)


def _front(brush: Brush, head: Head, skull: Points) -> None:
    look, s = head.look, head.sitter
    face.planes(brush, s, look)
    whole = brush.canvas.stencil([skull])
    if whole is not None:
        model(brush.scene, whole, strength=0.3, rim=0.45)
    if look.kind == "android":
        beings.visor(brush, s)
    elif look.kind == "skeleton":
        beings.bones(brush, s)
    else:
        if look.sex == "man" and look.age in ("adult", "old") and look.beard is None and look.kind == "person":
            beard.shadow(brush, s, look)
        face.features(brush, s, look, head.expression, singing=head.singing, closed=head.closed)
    if look.beard is not None:
        beard.beard(brush, s, look)
    if look.hat != "hood":
        hair.front(brush, s, look)
    extras.at_ears(brush, s, look)
    if look.glasses is not None:
        face.glasses(brush, s, look)


def _ears(brush: Brush, s: Sitter, look: Look, ident: int) -> None:
    for side in (-1.0, 1.0):
        if side * s.turn > 0.3:
            continue  # the far ear of a turned head
        ear = s.curve((side * 0.92, -0.12), (side * 1.14, -0.16), (side * 1.13, 0.28), (side * 0.95, 0.42))
        brush.part(ear, look.skin * np.float32(0.86), ident)


def paint_neck(brush: Brush, s: Sitter, look: Look, root: tuple[float, float]) -> None:
    """The neck from the collar (`root`) to the head, in the chin's shadow."""
    wide = (0.5 if look.sex == "man" else 0.4) * (0.85 if look.age == "child" else 1.0)
    skin: Colour = look.skin * np.float32(0.8)
    brush.part(limb(root, s.spot(0.0, 0.9), wide * 1.1 * s.unit, wide * s.unit), skin)
    brush.mark(
        s.curve((-wide, 1.0), (wide, 1.0), (wide * 0.9, 1.75), (0.0, 1.95), (-wide * 0.9, 1.75)),
        look.skin * np.float32(0.5),
        alpha=0.5,
        soft=s.unit * 0.12,
    )
