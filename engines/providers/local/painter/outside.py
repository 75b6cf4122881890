"""What belongs outdoors is seen outdoors: a taxi that waits at a diner is before it, not between its tables."""

import re
from dataclasses import replace

from engines.providers.local.painter.reading import Subject
from engines.providers.local.painter.standing import VEHICLES
from engines.providers.local.reading.places import Place
from models.storyboard import Framing

_BEFORE: dict[Place, Place] = {
    "bar": "street", "club": "street", "kitchen": "village", "bedroom": "village", "room": "village",
    "school": "playground", "church": "village", "stage": "street", "workshop": "street", "hall": "street",
    "factory": "street",
}  # fmt: skip
"""Where one is who leaves a room."""
_OUTDOORS = VEHICLES - {"bicycle"} | {
    "tree", "pine", "palm", "birch", "willow", "dead tree", "blossom tree", "house", "tower", "windmill",
    "ferris wheel", "carousel", "traffic light", "street lamp", "scarecrow", "snowman",
}  # fmt: skip
_ADMITS: dict[Place, frozenset[str]] = {"workshop": VEHICLES, "factory": VEHICLES, "hall": VEHICLES}
"""What rooms with gates have room for."""
_WITHIN = r"[^,.;:]{0,30}\b(?:in|inside|into|through|on)\b[^,.;:]{0,20}\b"


def seen_from_outside(subject: Subject) -> Subject:
    """The same picture before the building, if something in it belongs there and the words do not put it in the room.

    Args:
        subject: The contents of a prompt.
    """
    place = subject.place
    if place not in _BEFORE or (subject.figures and subject.framing in (Framing.CLOSE_UP, Framing.DETAIL)):
        return subject
    outdoors = _OUTDOORS - _ADMITS.get(place, frozenset())
    things = [item for item in subject.words.items if item.name in outdoors and not item.brought]
    if not things or any(_within(subject, item.noun) for item in things):
        return subject
    return replace(subject, place=_BEFORE[place])


def _within(subject: Subject, noun: str) -> bool:
    """Whether the words themselves put a thing into the room: “a tree in the ballroom”."""
    rooms = [one.words.lower() for one in subject.words.places if one.place == subject.place and one.words]
    return any(re.search(rf"\b{re.escape(noun)}{_WITHIN}{re.escape(room)}", subject.key.lower()) for room in rooms)
