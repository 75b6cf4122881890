"""A brief as a story: moments in the brief's order, each with its people, things and place, and its sky."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from engines.providers.local.reading import Item, Person, Reading, read_words
from engines.providers.local.reading.facts import Sky, When
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.things import living
from models.brief import Brief
from models.styles import find_style

_MOST_PLACES = 6
_MOST_WORDS = 14
_MEETINGS = frozenset({"with", "towards", "beside"})


@dataclass(frozen=True)
class Moment:
    """One part of the story.

    Attributes:
        people, items: Refs of the reading; the first is the subject.
        places: Kinds of place, at least one.
        number: Its place among the story's.
        when: The only part of the video where it is seen, if the brief says so.
    """

    people: tuple[str, ...]
    items: tuple[str, ...]
    places: tuple[Place, ...]
    when: When | None = None
    number: int = 0

    @property
    def subjects(self) -> tuple[str, ...]:
        """People, then things."""
        return (*self.people, *self.items)


@dataclass(frozen=True)
class Cue:
    """A sky of the brief.

    Attributes:
        sky: Weather, hour or both.
        moment: The number of its moment; -1 if its sentence is about nothing else.
        when: See `Reading.whens`.
    """

    sky: Sky
    moment: int
    when: When | None


@dataclass(frozen=True)
class Story:
    """A brief, understood.

    Attributes:
        told: What the brief says; the style's own direction if it says nothing that can be seen.
        moments: In the brief's order, at least one, each with a subject or a place of its own.
        skies: The brief's weather and hours, in its order.
        usual: The style's own sky, for what the brief leaves open.
        places: Every kind of place, with the brief's words for it, or none.
    """

    told: Reading
    moments: tuple[Moment, ...]
    skies: tuple[Cue, ...]
    usual: Sky
    places: dict[Place, str]

    def person(self, ref: str) -> Person | None:
        """A person by its ref."""
        return next((one for one in self.told.people if one.ref == ref), None)

    def item(self, ref: str) -> Item | None:
        """A thing by its ref."""
        return next((one for one in self.told.items if one.ref == ref), None)

    def close(self, one: str, other: str) -> bool:
        """Whether two people of the brief stand together, and are not only of one family."""
        pair = {one, other}
        if any({link.one, link.other} == pair and link.link in _MEETINGS for link in self.told.relations):
            return True
        return any(pair <= set(deed.refs) for deed in self.told.deeds)

    def meet(self, one: str, other: str) -> bool:
        """Whether two people of the brief have to do with each other."""
        kin = {(person.ref, person.kin) for person in self.told.people}
        return bool(kin & {(one, other), (other, one)}) or self.close(one, other)


def story_of(brief: Brief) -> Story:
    """The story of a brief, with its locked characters' own words left to `people`."""
    return _story(brief.prompt.strip(), brief.style, bool(brief.characters))


@lru_cache(maxsize=64)
def _story(prompt: str, style: str, locked: bool) -> Story:
    preset = read_words(find_style(style).default_direction)
    told = _asked(read_words(prompt)) if prompt else preset
    if not (told.people or told.items or told.places or told.skies or told.crowd or locked):
        told = preset
    places = _places(told, preset)
    moments, skies = _moments(told, tuple(places))
    if not told.people and not told.items and not told.empty and "people" not in told.absent and not locked:
        # A place alone, or a mood: the style's lead walks through it.
        told = _with_lead(told, preset)
        moments = tuple(replace(one, people=("person-0",)) for one in moments)
    return Story(told, moments, skies, _usual(preset.skies), places)


def _asked(told: Reading) -> Reading:
    """A reading without what its places bring: a bus stop's bus has no shots of its own beside other subjects."""
    brought = {item.ref for item in told.items if item.brought}
    if not told.people and len(brought) == len(told.items):
        return told
    return replace(
        told,
        items=tuple(item for item in told.items if item.ref not in brought),
        moments=tuple(tuple(ref for ref in refs if ref not in brought) for refs in told.moments),
    )


def _with_lead(told: Reading, preset: Reading) -> Reading:
    lead = preset.people[:1] or read_words("a lone figure").people
    return replace(told, people=tuple(replace(one, ref="person-0", slot=0, behind=False) for one in lead))


def _usual(skies: Sequence[Sky]) -> Sky:
    weather = next((sky.weather for sky in skies if sky.weather), None)
    return Sky("", 0, weather, next((sky.time for sky in skies if sky.time), None))


def _places(told: Reading, preset: Reading) -> dict[Place, str]:
    """The story's places: the brief's own, else those that its words imply, else the style's."""
    named = [one for one in told.places if not one.implied]
    implied = [one for one in told.places if one.implied and one.place not in told.absent]
    own = named or implied[:2] or [one for one in preset.places if one.place not in told.absent][:2]
    places = {one.place: one.words for one in own[:_MOST_PLACES]}
    if named:
        # “Church bells over a field” has a church as well.
        places |= {one.place: one.words for one in implied if one.words and len(places) < _MOST_PLACES}
    return places or {"street": ""}


def _moments(told: Reading, places: tuple[Place, ...]) -> tuple[tuple[Moment, ...], tuple[Cue, ...]]:
    kinds = {one.ref: one.place for one in told.places if one.place in places}
    found: list[Moment] = []
    current: tuple[Place, ...] = ()
    cues: list[Cue] = []
    whens = told.whens or (None,) * len(told.moments)
    sentences = zip(told.moments, whens, strict=True)
    for refs, when in ((part, when) for sentence, when in sentences for part in _split(sentence, kinds)):
        current = tuple(kinds[ref] for ref in refs if ref in kinds) or current or places[:1]
        moment = Moment(
            tuple(ref for ref in refs if ref.startswith("person-")),
            tuple(ref for ref in refs if ref.startswith("item-")),
            current,
            when if when and not when.soft else None,
        )
        placed = any(ref in kinds for ref in refs)
        seen = bool(moment.subjects) or placed
        skies = [told.skies[int(ref[4:])] for ref in refs if ref.startswith("sky-")]
        acts = moment.people or placed or _acts(told, moment.items)
        if found and moment.items and not acts and moment.when == found[-1].when:
            # “The bus never comes” belongs to who waits for it.
            last = found[-1]
            found[-1] = replace(last, items=tuple(dict.fromkeys((*last.items, *moment.items))))
        elif seen:
            found.append(moment)
        cues += [Cue(sky, len(found) - 1 if seen else -1, when) for sky in skies]
    if not found:
        return (Moment(tuple(one.ref for one in told.people), (), places),), tuple(cues)
    lead = next((one.people[:1] for one in found if one.people), ())
    # A place in a list (“a tunnel, a rooftop”) is where the lead is too.
    found = [one if one.subjects else replace(one, people=lead) for one in found]
    if not kinds or all(one.implied for one in told.places):
        # Places that the words only imply take turns.
        found = [replace(one, places=(places[index % len(places)],)) for index, one in enumerate(found)]
    return tuple(replace(one, number=index) for index, one in enumerate(found)), tuple(cues)


def _acts(told: Reading, refs: tuple[str, ...]) -> bool:
    """Whether an animal among these does something."""
    return any(living(one.name, one.glyph) and one.doing for one in told.items if one.ref in refs)


def _split(refs: tuple[str, ...], kinds: dict[str, Place]) -> list[list[str]]:
    """A sentence with several places is as many moments; who comes before the first is in all of them."""
    first = next((index for index, ref in enumerate(refs) if ref in kinds), len(refs))
    people = [ref for ref in refs[:first] if ref.startswith("person-")]
    parts: list[list[str]] = [list(refs[: first + 1])]
    for ref in refs[first + 1 :]:
        if ref in kinds:
            parts.append([*people, ref])
        else:
            parts[-1].append(ref)
    return parts


def clauses(text: str) -> list[str]:
    """The clauses of a brief in which nothing can be seen: they set the mood of a bought picture."""
    found = []
    for clause in re.split(r"[,.!?;:\n]+|\s[-–—]+\s|\band\b", text):
        words = clause.strip(" ,")
        reading = read_words(words)
        seen = reading.people or reading.items or reading.skies or [one for one in reading.places if not one.implied]
        words = " ".join(words.split()[:_MOST_WORDS])
        if words and not seen and not reading.crowd and not reading.absent:
            found.append(words)
    return found
