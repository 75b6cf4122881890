"""What someone carries, and what only stands beside."""

from engines.providers.local.reading.things import HANDHELD, INSTRUMENTS, Thing, living
from engines.providers.local.reading.words.listing import listed

_LARGE = listed(
    """airplane, ambulance, bathtub, bed, bike, bridge, broadcast, bulldozer, bunk, bus, camper, car, caravan,
    castle, chandelier, closet, crane, desk, door, dresser, dump, elevator, engine, escalator, excavator, fence,
    ferry, fire, fireplace, firetruck, fountain, fridge, garage, gate, golf, greenhouse, helicopter, home, hoop,
    hospital, house, hut, island, ladder, lighthouse, locker, mine, moped, motorbike, oil, palm, pillar, planet,
    pool, printer, pump, rail, rocket, roller, satellite, scooter, sedan, shower, slide, sofa, sports, stairs,
    stove, submarine, subway, table, tank, tent, theater, tower, tractor, train, tram, tree, truck, tunnel, ufo,
    van, vending, volcano, wardrobe, washing, wheelchair, wind, windmill"""
)
"""Words in the names of icons of large things."""


def carried(name: Thing | None, glyph: str, *, held: bool, beside: bool) -> bool:
    """Whether a thing is in a person's hand.

    Args:
        name: Of a thing that is drawn by hand; None for an icon.
        glyph: The icon's name.
        held: The words say that the person holds or carries it; an animal is carried only then.
        beside: They say “with” it.
    """
    if not (name is None or name in HANDHELD or name in INSTRUMENTS):
        return False
    if living(name, glyph):
        return held and name in HANDHELD
    return held or (beside and _LARGE.isdisjoint(glyph.split("-")))
