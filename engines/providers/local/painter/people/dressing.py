"""From clothes in words to clothes that are drawn: each that is asked for is to be seen."""

from dataclasses import dataclass, replace

import numpy as np

from engines.providers.local.painter.canvas import Colour
from engines.providers.local.painter.mood import luma, mix, rgb
from engines.providers.local.painter.people.extras import OWN_COLOURS as _EXTRAS
from engines.providers.local.painter.people.look import Legs, Outfit, Sex
from engines.providers.local.reading.facts import Person, Worn
from engines.providers.local.reading.looks import APART, COLOURS, LOWER

_GARMENTS: dict[str, tuple[Outfit, Legs | None]] = {
    "coat": ("coat", None), "raincoat": ("coat", None), "jacket": ("jacket", None), "leather jacket": ("leather", None),
    "dress": ("dress", "bare"), "wedding dress": ("dress", "bare"), "kimono": ("robe", "bare"), "robe": ("robe",
    "bare"),
    "cloak": ("coat", None), "shirt": ("shirt", None), "t-shirt": ("shirt", None), "sweater": ("sweater", None),
    "hoodie": ("hoodie", None), "suit": ("suit", "trousers"), "uniform": ("uniform", "trousers"),
    "overalls": ("shirt", "trousers"),
    "armour": ("uniform", "trousers"), "swimsuit": ("top", "shorts"), "pyjamas": ("shirt", "trousers"),
    "vest": ("top", None),
    "spacesuit": ("hoodie", "trousers"), "apron": ("shirt", None),
}  # fmt: skip
_OWN_COLOURS = {
    "raincoat": "f2c230", "leather jacket": "1c1b20", "wedding dress": "f6f2ea", "suit": "23252e", "uniform": "2b3a5c",
    "armour": "7f8792", "overalls": "35558c", "robe": "5a4a3c", "spacesuit": "e9e6e0", "cloak": "3a2f4a",
    "kimono": "b83a4a",
    "coat": "4d4338", "pyjamas": "9fb6d8",
}  # fmt: skip
_LEGS: dict[str, Legs] = {"skirt": "skirt", "trousers": "trousers", "jeans": "trousers", "shorts": "shorts"}
_OUTER = ("coat", "raincoat", "cloak", "jacket", "leather jacket")
_OPEN = frozenset({"coat", "jacket", "leather", "suit"})
"""Outfits that show at the chest what is under them."""
_LONG = frozenset({"coat", "robe", "dress"})
"""Outfits that would hide what is on the legs."""
_FOOTWEAR = frozenset({"boots", "shoes"})


@dataclass(frozen=True, eq=False)
class Wear:
    """Clothes as they are drawn.

    Attributes:
        outfit, legs: The garments of body and legs.
        upper, lower, detail: Their colours; `detail` is what is seen under an open outfit.
        skin: The person's.
        worn: What goes with them, with its colour.
        drawn: Names of all garments from the words that are to be seen.
    """

    outfit: Outfit
    legs: Legs
    upper: Colour
    lower: Colour
    detail: Colour
    skin: Colour
    worn: tuple[tuple[str, Colour], ...] = ()
    drawn: frozenset[str] = frozenset()


def colour_named(name: str) -> Colour | None:
    """A canonical colour; None without one."""
    return rgb(COLOURS[name]) if name in COLOURS else None


def dressed(said: Person, sex: Sex, plain: Wear) -> Wear:
    """The clothes of a person.

    Args:
        said: What the words say.
        sex: As drawn.
        plain: What it wears where they say nothing.
    """
    bodies = sorted(
        (one for one in said.clothes if one.name in _GARMENTS and one.name != "apron"),
        key=lambda one: (one.implied, one.name not in _OUTER),
    )
    below = next((one for one in said.clothes if one.name in LOWER), None)
    wear = plain
    drawn = {one.name for one in said.clothes if one.name in _FOOTWEAR}
    if bodies:
        wear = _body(wear, bodies[0])
        drawn.add(bodies[0].name)
    elif below is not None or "shirt" in said.without:
        bare = sex == "man" and ("shirt" in said.without or any(one.name == "gloves" for one in said.clothes))
        wear = replace(wear, outfit="top" if bare else "shirt", upper=wear.skin if bare else wear.upper)
    under = next((one for one in bodies[1:] if one.name != bodies[0].name), None) if bodies else None
    if under is not None:
        wear, seen = _under(wear, under)
        drawn |= {under.name} if seen else set()
    if below is not None:
        wear = _legs(wear, below, told=bool(bodies))
        drawn.add(below.name)
    extras = tuple((one.name, _of_name(one, rgb(_EXTRAS[one.name]))) for one in said.clothes if one.name in _EXTRAS)
    drawn |= {name for name, _ in extras}
    unsaid = not (bodies and bodies[0].colour)
    if unsaid and below is not None and below.colour and wear.outfit != "top":
        wear = replace(wear, upper=_told_apart(wear.upper, wear.lower))
    extras = tuple(
        (name, colour if _coloured(said, name) else _told_apart(colour, wear.upper)) for name, colour in extras
    )
    return replace(wear, worn=extras, drawn=frozenset(drawn))


def shoes(said: Person, skin: Colour) -> Colour:
    """The colour of shoes or boots; bare feet have the skin's."""
    if "shoes" in said.without or "boots" in said.without:
        return skin
    return _of_worn(said, "boots", _of_worn(said, "shoes", rgb("2a2224")))


def _body(wear: Wear, worn: Worn) -> Wear:
    outfit, legs = _GARMENTS[worn.name]
    upper = _of_name(worn, wear.upper)
    lower = wear.lower
    if worn.name in ("suit", "uniform", "armour", "pyjamas", "spacesuit"):
        lower = upper * np.float32(0.85)
    if worn.name == "overalls":
        lower = upper
    kept: Legs = "trousers" if wear.legs == "bare" else wear.legs
    return replace(wear, outfit=outfit, legs=legs or kept, upper=upper, lower=lower)


def _under(wear: Wear, worn: Worn) -> tuple[Wear, bool]:
    """What is worn under an open coat: seen at the chest, a dress below the hem too."""
    if wear.outfit not in _OPEN:
        return wear, False
    colour = _of_name(worn, wear.detail)
    if _GARMENTS[worn.name][0] == "dress":
        return replace(wear, detail=colour, lower=colour, legs="skirt"), True
    return replace(wear, detail=colour), True


def _legs(wear: Wear, worn: Worn, *, told: bool) -> Wear:
    """Legs that are asked for are seen: nothing long hangs over them."""
    lower = _of_name(worn, rgb("33507c") if worn.name == "jeans" else wear.lower)
    outfit = wear.outfit
    if outfit in _LONG:
        outfit = "jacket" if told and outfit == "coat" else "shirt"
    return replace(wear, outfit=outfit, legs=_LEGS[worn.name], lower=lower)


def _told_apart(own: Colour, other: Colour) -> Colour:
    """A colour that nothing asks for, moved away from its neighbour's."""
    if float(np.abs(own - other).max()) >= APART:
        return own
    return own * np.float32(0.4) if luma(other) > 0.3 else mix(own, rgb("f2ece0"), 0.65)


def _coloured(said: Person, name: str) -> bool:
    return any(one.name == name and one.colour for one in said.clothes)


def _of_name(worn: Worn, otherwise: Colour) -> Colour:
    colour = colour_named(worn.colour)
    if colour is not None:
        return colour
    return rgb(_OWN_COLOURS[worn.name]) if worn.name in _OWN_COLOURS else otherwise


def _of_worn(said: Person, name: str, otherwise: Colour) -> Colour:
    worn = next((one for one in said.clothes if one.name == name), None)
    colour = colour_named(worn.colour) if worn else None
    return otherwise if colour is None else colour
