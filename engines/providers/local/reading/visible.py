"""From what was asked for, and how much of each is visible, to the note in a still."""

import re
from collections.abc import Collection, Mapping, Sequence

from engines.providers.local.reading.facts import Person, Reading, Worn
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.words.plain import CRAFT
from models.in_picture import LEAST_SHARE, InPicture, SeenPerson, SeenThing

_LENS = re.compile(r"\d+ ?mm", re.IGNORECASE)


def seen(
    reading: Reading,
    shares: Mapping[str, float],
    place: Place,
    weather: str,
    time: str,
    *,
    held: Collection[str] = (),
    crowd: bool = False,
) -> InPicture:
    """What is visible of a reading.

    Args:
        reading: What the words ask for.
        shares: The visible pixels of each person and item by ref, as shares of the picture.
        place: The place that is drawn.
        weather: The weather that is drawn, which a look may have changed.
        time: The hour likewise.
        held: Names of things that are drawn in the hands of visible people: they go with the person.
        crowd: Whether a crowd is drawn.

    Returns:
        The note. It takes every attribute from the words: a painter that draws one otherwise replaces it.
    """
    people = tuple(
        seen_person(one, shares[one.ref]) for one in reading.people if shares.get(one.ref, 0.0) >= LEAST_SHARE
    )
    things = []
    missing = list(without_craft(reading.unknown))
    for item in reading.items:
        share = shares.get(item.ref, 0.0)
        in_hand = (item.name or item.glyph) in held
        if share >= LEAST_SHARE or in_hand:
            things.append(
                SeenThing(
                    noun=item.noun,
                    name=item.name or "",
                    glyph=item.glyph,
                    colour=item.colour,
                    size="" if in_hand else item.size,
                    count=item.count,
                    share=min(1.0, share),
                )
            )
        elif not item.brought:
            missing.append(item.words)
    missing += [one.words for one in reading.people if shares.get(one.ref, 0.0) < LEAST_SHARE]
    missing += [one.words for one in reading.places if one.place != place and not one.implied]
    return InPicture(
        people=people,
        things=tuple(things),
        place=place,
        weather=weather,
        time=time,
        crowd=crowd,
        not_drawn=tuple(dict.fromkeys(missing)),
    )


def without_craft(words: Sequence[str]) -> tuple[str, ...]:
    """Words that no table of pictures knows, but for those on lens, light and mood."""
    return tuple(word for word in words if word.lower() not in CRAFT and _LENS.fullmatch(word) is None)


def seen_person(person: Person, share: float) -> SeenPerson:
    """A person as the words have it, with its share of the picture."""
    return SeenPerson(
        role=person.role,
        slot=person.slot,
        kind=person.kind,
        age=person.age,
        sex=person.sex,
        count=person.count,
        hair_colour=person.hair_colour,
        hair_length=person.hair_length,
        hair_style=person.hair_style,
        beard=person.beard,
        skin=person.skin,
        build=person.build,
        clothes=tuple(worn_words(worn) for worn in person.clothes),
        headgear=worn_words(person.headgear) if person.headgear else "",
        eyewear=person.eyewear,
        holds=person.holds,
        pose=person.pose or "",
        behind=person.behind,
        share=min(1.0, share),
    )


def worn_words(worn: Worn) -> str:
    """A piece of clothing in words: “red coat”."""
    return f"{worn.colour} {worn.name}".strip()
