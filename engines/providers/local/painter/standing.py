"""How a thing stands, and on what: by its kind, its name and the place."""

import math
from dataclasses import replace
from typing import Literal

from engines.providers.local.painter.things.pen import Kind, Put
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.things import ANIMALS, FLOWERS, LIVING_GLYPHS

Rest = Literal[
    "ground", "low", "table", "ledge", "planks", "water", "deep", "air", "wall", "post", "hung", "coast", "branch"
]
"""On the ground; low on it, filmed from nearer the ground; on a table; on the place's own support; on boards; on water
or in it; in the air; on a wall; on a post of its own; from above; at a coast; on a branch."""

ON_FIRM_GROUND: frozenset[Rest] = frozenset({"ground", "low", "table", "ledge", "planks"})
SMALL, _SHORT = 0.5, 0.9
"""Things lower and shorter than this, in adult heights, are filmed from near, on whatever carries them."""

_TABLES: frozenset[Place] = frozenset(
    {"kitchen", "bedroom", "room", "workshop", "school", "hall", "bar", "club", "train", "car", "market"}
)
_BOARDS: frozenset[Place] = frozenset({"harbour"})
_FLOODED: frozenset[Place] = frozenset({"sea", "skyline"})
"""Where there is no ground but a landing stage."""
_WATERS: frozenset[Place] = frozenset({"harbour", "beach", "sea", "cliff", "river", "skyline", "bridge"})
WALLED: frozenset[Place] = frozenset(
    {"kitchen", "bedroom", "room", "workshop", "school", "hall", "bar", "club", "factory", "church", "subway"}
)
CORRIDORS: frozenset[Place] = frozenset({"street", "bridge", "tunnel", "road"})
"""Places that run away from the viewer: what drives through them from side to side would pass through their walls."""
VEHICLES = frozenset({"car", "bus", "truck", "motorbike", "bicycle", "train", "tractor", "tram", "rickshaw", "caravan"})
_GROWS = FLOWERS | {"mushroom", "wheat", "grass", "clover", "sprout", "pumpkin"}
_ROOTED: frozenset[Place] = frozenset({"kitchen", "bedroom", "room", "workshop", "school", "bar", "train", "car"})
"""Where flowers stand in a vase."""

_REACH: dict[str, tuple[float, float]] = {
    "train": (3.3, 1.4), "horse": (0.7, 0.95), "dog": (0.7, 0.95), "cat": (0.85, 0.85), "wolf": (0.8, 1.05),
    "fox": (0.95, 1.0), "bear": (0.6, 1.0), "deer": (0.5, 0.8), "lion": (0.85, 0.95), "elephant": (0.65, 1.1),
    "cow": (0.85, 1.1), "sheep": (0.6, 0.95), "dragon": (1.0, 1.4), "whale": (2.05, 1.35), "piano": (1.75, 1.15),
    "radio": (0.85, 1.0), "tent": (1.3, 1.3), "boat": (1.75, 1.8), "willow": (0.65, 0.8),
}  # fmt: skip
"""How far things reach behind and ahead of their middle, in their heights, where it is not half of their width."""

_AT_REST: dict[str, tuple[float, float, float]] = {
    "umbrella": (38, 0.31, 0.04), "sword": (180, 0.0, 0.93), "heart": (-42, -0.36, 0.03), "key": (-90, -0.5, 0.2),
    "feather": (-80, -0.45, 0.07),
}  # fmt: skip
"""How things lie that would not stand as they are held: degrees against the clock; to the right and up, in heights."""
LEANING = frozenset({"guitar", "violin"})
"""They stand against a frame."""


def at_rest(put: Put, name: str) -> Put:
    """A thing as it lies by itself: an umbrella on its rim and handle, a heart on its flank, a sword in the ground."""
    degrees, aside, up = _AT_REST.get(name, (0.0, 0.0, 0.0))
    return replace(
        put,
        turn=math.radians(degrees),
        x=put.x + put.facing * aside * put.size,
        y=put.y - up * put.size,
    )


def reach_of(kind: Kind, name: str) -> tuple[float, float]:
    """How far a thing reaches behind and ahead of its middle, in its heights."""
    return _REACH.get(name, (0.5 * kind.wide, 0.5 * kind.wide))


BURNS = frozenset({"fire"})
"""Small things that are on the ground all the same."""


TREES = frozenset({"tree", "dead tree", "blossom tree", "pine", "birch", "willow", "palm", "oak"})


def is_small(kind: Kind, name: str, size: float) -> bool:
    """Whether a thing lies on something else; animals and what grows have the ground."""
    return slight(kind, size) and not alive(name) and name not in BURNS


def slight(kind: Kind, size: float) -> bool:
    """Whether a thing is lower and shorter than what is filmed from afar."""
    return kind.tall * size < SMALL and kind.tall * kind.wide * size < _SHORT


def alive(name: str) -> bool:
    """Whether a name is of an animal or of something that grows."""
    return name in ANIMALS or name in LIVING_GLYPHS or name in _GROWS


def rest_of(kind: Kind, name: str, size: float, place: Place) -> Rest:
    """On what a thing stands in a place.

    Args:
        kind: How it is drawn.
        name: Its name or its icon's.
        size: How much larger or smaller than usual it is.
        place: The place that is painted.
    """
    if kind.stand == "sky":
        return "air"
    if kind.stand == "hang":
        return "hung"
    if kind.stand == "wall":
        return "wall" if place in WALLED else "post"
    if kind.stand == "shore" and place in _WATERS:
        return "coast"
    if kind.stand == "water":
        if place in ("underwater", "space"):
            return "deep"
        if place in _WATERS:
            return "water"
    if name in _GROWS and place in _ROOTED:
        return "table"
    if place in _FLOODED:
        return "planks"
    if not slight(kind, size):
        return "ground"
    if alive(name) or name in BURNS:
        return "low"
    if place in _TABLES:
        return "table"
    return "planks" if place in _BOARDS else "ledge"


def crosses(names: frozenset[str], place: Place) -> bool:
    """Whether something drives from side to side through a place that runs away from the viewer."""
    return place in CORRIDORS and bool(names & VEHICLES)
