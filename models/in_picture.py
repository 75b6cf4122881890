"""What is visible in a still: the painter writes it into the PNG, the page and the CLI show it."""

import json

from pydantic import Field

from models.base import Model
from models.png_notes import note_in, with_note

IN_PICTURE_BYTES = 16_384
"""The first bytes of a still; they contain the note on what is visible."""

LEAST_SHARE = 0.02
"""From this share of a picture's pixels, unhidden, a thing counts as visible."""

_KEYWORD = b"in-picture"


class SeenPerson(Model):
    """A visible person, as drawn; empty where the drawing shows no such thing. Clothes are “red coat”, “boots”."""

    role: str = Field(description="the artist's noun, such as fisherman")
    slot: int = 0
    kind: str = "person"
    age: str = ""
    sex: str = ""
    count: int = 1
    hair_colour: str = ""
    hair_length: str = ""
    hair_style: str = ""
    beard: str = ""
    skin: str = ""
    build: str = ""
    clothes: tuple[str, ...] = ()
    headgear: str = ""
    eyewear: str = ""
    holds: tuple[str, ...] = ()
    pose: str = ""
    behind: bool = False
    share: float = Field(default=0.0, ge=0, le=1, description="of the picture's pixels")


class SeenThing(Model):
    """A visible animal or thing; `name` is a hand-drawn thing's, else `glyph` is an icon's."""

    noun: str
    name: str = ""
    glyph: str = ""
    colour: str = ""
    size: str = Field(default="", description="tiny, small, big or huge, if it was asked for")
    count: int = 1
    share: float = Field(default=0.0, ge=0, le=1, description="of the picture's pixels")


class InPicture(Model):
    """Everything visible in a still."""

    people: tuple[SeenPerson, ...] = ()
    things: tuple[SeenThing, ...] = ()
    place: str = ""
    weather: str = ""
    time: str = ""
    crowd: bool = False
    not_drawn: tuple[str, ...] = Field(default=(), description="words of the prompt that this picture does not show")


def picture_sentence(seen: InPicture) -> str:
    """What is visible, for people: “old fisherman (grey hair, beanie), red boat · harbour, storm, day”."""
    parts = [_person_words(one) for one in seen.people]
    parts += ["a crowd"] if seen.crowd else []
    parts += [_thing_words(one) for one in seen.things]
    where = ", ".join(word for word in (seen.place, seen.weather, seen.time) if word)
    return " · ".join(part for part in (", ".join(parts), where) if part)


def _thing_words(one: SeenThing) -> str:
    number = f"{one.count} ×" if one.count > 1 else ""
    return " ".join(word for word in (number, one.size, one.colour, one.noun) if word)


def _person_words(one: SeenPerson) -> str:
    hair = " ".join(word for word in (one.hair_length, one.hair_style, one.hair_colour) if word)
    bald = one.hair_length == "bald"
    looks = ["bald" if bald else f"{hair} hair" if hair else "", one.beard, one.eyewear, *one.clothes, one.headgear]
    looks += [f"with {held.removeprefix('mdi:').replace('-', ' ')}" for held in one.holds]
    details = ", ".join(look for look in looks if look)
    number = f"{one.count} × " if one.count > 1 else ""
    who = f"{number}{one.age + ' ' if one.age in ('old', 'young') and one.age not in one.role else ''}{one.role}"
    return f"{who} ({details})" if details else who


def with_in_picture(png: bytes, seen: InPicture) -> bytes:
    """A PNG that says what is visible in it, in a text chunk of its own."""
    return with_note(png, _KEYWORD, json.dumps(seen.model_dump(mode="json"), separators=(",", ":")).encode("ascii"))


def in_picture(beginning: bytes) -> InPicture | None:
    """What a picture's first `IN_PICTURE_BYTES` say is visible in it; None if they say nothing."""
    return note_in(beginning, _KEYWORD, InPicture)
