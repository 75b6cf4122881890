"""Draws a thing by name: its shadow, its parts, a rider between them, the light on the whole."""

from collections.abc import Callable, Sequence

from engines.providers.local.painter.canvas import ellipse
from engines.providers.local.painter.modelling import model
from engines.providers.local.painter.mood import mix, rgb
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.things.critters import ICONS
from engines.providers.local.painter.things.icons import draw_icon, has_icon, outline
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Kind, Pen, Put, Seat
from engines.providers.local.painter.things.sizes import icon_lies, icon_stand, icon_tall

_NEARER = 0.12
"""By how much of the logarithm of its size what comes nearer grows in a second."""
STANDING = frozenset({"stand", "sit", "lie", "park", "wait"})
"""What things do that move on otherwise."""
Rider = Callable[[Seat, Pen], None]
"""Paints a person on a seat of a thing."""


def kind_of(name: str | None, glyph: str = "", *, held: bool = False) -> Kind | None:
    """How a thing is drawn: by hand, else by its icon; None if neither is known. What is held does not fall over."""
    if name is not None and name in KINDS:
        return KINDS[name]
    if glyph in ICONS:
        return ICONS[glyph]
    if glyph and has_icon(glyph):
        lies = icon_lies(glyph) and not held
        wide = outline(glyph, lies)[1]
        return Kind(lambda pen: draw_icon(pen, glyph, lies), icon_tall(glyph, wide), wide, icon_stand(glyph))
    return None


def draw_thing(scene: Scene, kind: Kind, put: Put, name: str, riders: Sequence[Rider] = ()) -> None:
    """Draw a thing with its riders.

    Args:
        scene: The picture.
        kind: How it is drawn.
        put: Its position and size.
        name: Seeds what is left to chance.
        riders: As many as there are seats, at most.
    """
    coming = scene.rig.coming(put.x, scene.horizon, _NEARER)
    with coming if kind.toward and put.doing not in STANDING else scene.rig.moving(name, put, aside=not kind.toward):
        if kind.stand == "ground" and not kind.lamp:
            _shadow(scene, kind, put)
        pen = Pen(scene, put, name)
        numbers = [pen.ident]
        kind.draw(pen)
        _round(scene, pen, kind)
        for rider, seat in zip(riders, kind.seats, strict=False):
            rider(seat, pen)
        if kind.front is not None and (riders or kind.stand == "water"):
            near = Pen(scene, put, name)
            numbers.append(near.ident)
            kind.front(near)
            _round(scene, near, kind)
        scene.rig.things = (numbers[0], numbers[-1])


def _round(scene: Scene, pen: Pen, kind: Kind) -> None:
    if kind.lamp or not pen.shapes:
        return
    whole = scene.canvas.stencil(pen.shapes)
    if whole is not None:
        model(scene, whole, strength=0.36 * (1 - 0.5 * pen.put.depth), rim=0.4 * (1 - pen.put.depth))


def _shadow(scene: Scene, kind: Kind, put: Put) -> None:
    wide = 0.5 * kind.wide * put.size
    dark = mix(scene.mood.ambient, rgb("000000"), 0.85)
    alpha = 0.5 * (1 - put.depth * 0.8)
    scene.canvas.fill(
        ellipse(put.x, put.y, wide * 1.02, max(0.05 * wide, 0.02 * put.size)), dark, alpha=alpha, soft=0.02 * put.size
    )
