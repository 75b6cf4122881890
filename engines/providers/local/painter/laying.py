"""Lays small things on the table that the words have, not each on a table of its own; and a cat on its chair."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from engines.providers.local.painter import supports
from engines.providers.local.painter.manifest import Manifest
from engines.providers.local.painter.people.dressing import colour_named
from engines.providers.local.painter.scale import SIZES
from engines.providers.local.painter.scene import Scene
from engines.providers.local.painter.staging import Prop
from engines.providers.local.painter.standing import at_rest, is_small, slight
from engines.providers.local.painter.things.drawing import draw_thing
from engines.providers.local.painter.things.kinds import KINDS
from engines.providers.local.painter.things.pen import Put
from engines.providers.local.reading import Reading

TABLE = "table"
_MOST = 3
_TALLEST = 0.3
"""The tallest things that lie on a table unless the words say so, in heights of an adult: a suitcase stands beside."""
_TOPS = {TABLE: (0.95, 0.72), "chair": (0.54, 0.0), "sofa": (0.5, 0.7), "bed": (0.54, 0.7), "bench": (0.5, 0.7)}
"""How high furniture carries things, and how far from its middle they lie, in its heights."""
SEATS = frozenset(_TOPS) - {TABLE}
_EDGE = 0.02
"""The least distance of what lies somewhere from the picture's edge, in widths."""
_SEEN, _GROWN = 0.06, 1.3
"""A height below which a thing is hardly seen, in heights of the picture, and by how much it may then be too large."""


def laid_on(carrier: Prop | None, props: Sequence[Prop], words: Reading) -> list[Prop]:
    """What lies on a piece of furniture.

    Args:
        carrier: It; None for a table at which people sit, but of which the words say nothing.
        props: Everything in the picture.
        words: Say what is on what.
    """
    ref = carrier.item.ref if carrier else ""
    told = [link.one for link in words.relations if link.other == ref and link.link == "on"]
    lying = [
        one for one in props if one is not carrier and one.kind.stand == "ground" and slight(one.kind, _scale(one))
    ]
    if carrier is None or carrier.name == TABLE:
        return [one for one in lying if one.item.ref in told or _on_any_table(one)][:_MOST]
    return [one for one in lying if one.item.ref in told][:_MOST] if carrier.name in SEATS else []


def _scale(prop: Prop) -> float:
    return SIZES[prop.item.size]


def _on_any_table(prop: Prop) -> bool:
    return is_small(prop.kind, prop.name, _scale(prop)) and prop.kind.tall * _scale(prop) < _TALLEST


def lay(scene: Scene, manifest: Manifest, things: Sequence[Prop], carrier: str, on: Put, *, towards: int = 0) -> None:
    """Paint things on a piece of furniture.

    Args:
        scene: The picture.
        manifest: Numbers them.
        things: What lies on it.
        carrier: Its name.
        on: Its place.
        towards: The side where it is free, -1 or 1; 0 for both.
    """
    if not things:
        return
    high, half = _TOPS[carrier]
    adult = on.size / KINDS[carrier].tall
    for thing, x in zip(things, _spots(len(things), half, towards), strict=True):
        true = thing.kind.tall * _scale(thing) * adult
        size = max(true, min(_SEEN * scene.tall, _GROWN * true))
        edge = min(0.5, 0.5 * thing.kind.wide * size + _EDGE)
        spot = float(np.clip(on.x + x * on.size, edge, 1 - edge))
        put = Put(
            spot, on.y - high * on.size, size, -towards or on.facing, colour_named(thing.item.colour), on.depth, 0,
            thing.item.doing or "", True,
        )  # fmt: skip
        for one in _several(thing, put, 0.5 * on.size):
            supports.contact(scene, thing.kind, one)
            with manifest.naming(thing.item.ref):
                # The shadow on the ground is the furniture's.
                draw_thing(scene, replace(thing.kind, stand="hang"), at_rest(one, thing.name), thing.name)


def _spots(count: int, half: float, towards: int) -> list[float]:
    """Middles, in the furniture's heights from its own."""
    if towards:
        return [towards * float(t) for t in np.linspace(0.3, half, count)] if count > 1 else [0.45 * towards]
    return [float(t) for t in np.linspace(-half, half, count + 2)[1:-1]]


def _several(thing: Prop, put: Put, most: float) -> Iterator[Put]:
    """As many of a kind as there is room for, side by side."""
    step = 0.8 * thing.kind.wide * put.size
    count = max(1, min(thing.count, 1 + int(most / step)))
    for number in range(count):
        yield replace(put, x=put.x + (number - (count - 1) / 2) * step, number=number)
