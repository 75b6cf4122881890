"""What follows from what was read: who sits in a boat rows, and a whale swims in the sea."""

import re
from dataclasses import replace
from functools import cache
from typing import cast, get_args

from engines.providers.local.reading.facts import Item, Person, Reading, Relation, Setting
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.poses import Pose
from engines.providers.local.reading.things import INSTRUMENTS, Thing
from engines.providers.local.reading.words.glyphs import SPARES
from engines.providers.local.reading.words.places import IMPLIED

_ABOARD: dict[Thing, Pose] = {
    "boat": "row", "car": "drive", "truck": "drive", "tractor": "drive", "horse": "ride", "bicycle": "ride",
    "motorbike": "ride", "bus": "sit", "train": "sit", "plane": "sit", "rocket": "sit",
    "sailboat": "stand", "ship": "stand",
    "hot-air balloon": "stand", "chair": "sit", "bench": "sit", "sofa": "sit", "bed": "lie", "swing": "sit",
    "carousel": "sit",
}  # fmt: skip
_NEEDS: dict[Pose, tuple[tuple[Thing, ...], Thing]] = {
    "row": (("boat", "sailboat", "ship"), "boat"),
    "drive": (("car", "truck", "tractor", "bus", "motorbike", "train"), "car"),
    "ride": (("horse", "motorbike", "bicycle", "elephant", "train", "bus", "carousel", "wave"), "horse"),
}
_CARRIERS: dict[str, Thing] = {
    "trucker,truck driver,lorry driver": "truck",
    "biker,motorcyclist,rocker": "motorbike",
    "cyclist,courier,postman": "bicycle",
    "bus driver": "bus",
    "train driver": "train",
    "farmer,farmhand": "tractor",
    "pilot,aviator": "plane",
}
"""What else a profession drives or rides."""

_THINGS = frozenset(get_args(Thing))
_WALKING = (None, "walk", "stand", "run", "lean")


def derived(reading: Reading, text: str) -> Reading:
    """The reading with poses, vehicles and places that its words imply.

    Args:
        reading: As read.
        text: In lower case.
    """
    items = list(reading.items)
    relations = list(reading.relations)
    people = [_posed(person, reading, items) for person in reading.people]
    # A vehicle that a verb needs, as in “he rows across the lake”.
    for person in people:
        needs = _NEEDS.get(person.pose) if person.pose else None
        known = needs is None or any(item.name in needs[0] or item.glyph in _RIDDEN for item in items)
        if needs and not known and not _on_something(text):
            thing = next((one for roles, one in _CARRIERS.items() if person.role in roles.split(",")), needs[1])
            ref = f"item-{len(items)}"
            items.append(Item(thing, ref, person.at, thing, thing, SPARES[thing]))
            relations.append(Relation(person.ref, "on" if person.pose == "ride" else "in", ref))
    for person in people:
        for name in person.holds:
            if name in _THINGS and not any(item.name == name for item in items):
                thing = cast(Thing, name)
                items.append(Item(name, f"item-{len(items)}", person.at, thing, name, SPARES[thing]))
    places = list(reading.places)
    have = {place.place for place in places}
    if not any(not place.implied for place in places):
        for place in _implied(text):
            if place not in have and place not in reading.absent:
                places.append(Setting("", f"place-{len(places)}", 10_000, place, True))
    return replace(reading, people=tuple(people), items=tuple(items), places=tuple(places), relations=tuple(relations))


_RIDDEN = frozenset({"skateboard", "unicorn", "donkey", "sledding", "surfing", "ski", "tram"})


def _on_something(text: str) -> bool:
    return bool(re.search(r"\b(?:skat|surf|ski|sled|snowboard|camel|wave|scooter|subway|metro)", text))


def _posed(person: Person, reading: Reading, items: list[Item]) -> Person:
    pose = person.pose
    by_ref = {item.ref: item for item in items}
    if pose in _WALKING:
        for ref in reading.related(person.ref, "in", "on", "at"):
            item = by_ref.get(ref)
            if item and item.name in _ABOARD and not (item.name == "bed" and pose == "walk"):
                pose = _ABOARD[item.name]
                break
    instruments = [name for name in person.holds if name in INSTRUMENTS]
    if instruments and pose in (None, "stand", "sit") and not (pose == "sit" and instruments == ["piano"]):
        pose = "play"
    if pose == "play" and not person.holds and person.age in ("child", "teen"):
        pose = "run"
    return replace(person, pose=pose)


@cache
def _patterns() -> tuple[tuple[Place, re.Pattern[str]], ...]:
    return tuple(
        (place, re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in listed.split(','))})(?:s|es|ing)?\b"))
        for place, listed in IMPLIED.items()
    )


def _implied(text: str) -> tuple[Place, ...]:
    """Places that words suggest, in the order of the words."""
    hits = [(match.start(), place) for place, pattern in _patterns() if (match := pattern.search(text))]
    return tuple(place for _, place in sorted(hits))
