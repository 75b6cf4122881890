"""What has been read so far: people, items and places, each once, and what goes with whom."""

from dataclasses import dataclass, field, replace
from typing import Any

from engines.providers.local.reading.facts import Item, Link, Person, Relation, Setting, Sky, Worn
from engines.providers.local.reading.looks import ACCESSORIES, LOWER, Age, Garment, Headgear, Sex
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.things import Size
from engines.providers.local.reading.words.glyphs import SPARES
from engines.providers.local.reading.words.listing import listed
from engines.providers.local.reading.words.plain import MOST

_HAIR = {"red": "ginger", "orange": "ginger", "copper": "ginger", "gold": "blond", "yellow": "blond", "beige": "blond",
         "cream": "blond", "silver": "silver"}  # fmt: skip
_OWN = {"polar bear": "white", "arctic fox": "white", "black panther": "black", "panther": "black"}
"""Animals that have another colour than their kind."""
_SKIN = {"black": "dark", "brown": "brown", "white": "pale"}
_GENERIC = listed(
    """person, man, woman, girl, boy, figure, someone, stranger, old man, old woman, lady, child, kid, guy, silhouette,
    young man, young woman"""
)


@dataclass
class Qualities:
    """Adjectives that wait for their noun."""

    start: int = -1
    colours: list[str] = field(default_factory=list)
    size: Size = ""
    number: int = 0
    article: str = ""
    looks: dict[str, Any] = field(default_factory=dict)

    def note(self, at: int) -> None:
        """Where the noun phrase starts."""
        if self.start < 0:
            self.start = at


class Gathering:
    """Collects facts; every method gives a ref."""

    def __init__(self) -> None:
        self.people: dict[str, Person] = {}
        self.items: dict[str, Item] = {}
        self.places: dict[str, Setting] = {}
        self.skies: list[Sky] = []
        self.relations: dict[Relation, None] = {}

    def person(self, words: str, at: int, noun: str, given: Qualities, *, again: bool, **facts: Any) -> str:
        """A person: a new one, or an earlier one if the words go back to it."""
        facts |= given.looks
        if given.colours:
            colour = given.colours[0]
            old = facts.get("age") == "old"
            if colour in _SKIN and not (old and colour == "white"):
                facts.setdefault("skin", _SKIN[colour])
            elif colour in ("blond", "ginger", "grey", "silver", "white"):
                facts.setdefault("hair_colour", hair(colour))
        if again:
            ref = self._earlier(noun, facts.get("sex", ""), facts.get("age", ""), facts.get("count", 1))
            if ref:
                self.enrich(
                    ref, {name: value for name, value in facts.items() if name not in ("sex", "count", "clothes")}
                )
                return ref
        ref = f"person-{len(self.people)}"
        self.people[ref] = Person(words=words, ref=ref, at=at, slot=len(self.people), role=noun, **facts)
        return ref

    def _earlier(self, noun: str, sex: Sex, age: Age, count: int) -> str | None:
        for ref, one in reversed(self.people.items()):
            same = one.role == noun or (bool(one.name) and one.name.lower() == noun)
            general = noun in _GENERIC or (one.role in _GENERIC and not one.name)
            general = general and (one.count > 1) == (count > 1)
            if same or (general and one.sex in (sex, "") and _alike(one.age, age) and noun != "person"):
                return ref
        return None

    def pronoun(self, sex: Sex) -> str | None:
        """The person that “he” or “she” goes back to."""
        for ref, one in reversed(self.people.items()):
            if one.sex == sex and one.count == 1:
                return ref
        for ref, one in reversed(self.people.items()):
            if not one.sex and one.count == 1:
                self.people[ref] = replace(one, sex=sex)
                return ref
        return None

    def enrich(self, ref: str, facts: dict[str, Any]) -> None:
        """Add facts to a person; what was said first stays."""
        one = self.people[ref]
        new = {name: value for name, value in facts.items() if value and not getattr(one, name)}
        self.people[ref] = replace(one, **new)

    def dress(self, ref: str, garment: Garment, colour: str) -> None:
        """Add a piece of clothing; a said one replaces those that a profession implies."""
        one = self.people[ref]
        kept = tuple(worn for worn in one.clothes if not (worn.implied and _replaces(garment, worn.name)))
        if any(worn.name == garment for worn in kept):
            return
        self.people[ref] = replace(one, clothes=(*kept, Worn(garment, colour)))

    def cap(self, ref: str, headgear: Headgear, colour: str) -> None:
        """Put something on a head."""
        one = self.people[ref]
        if one.headgear is not None and one.headgear.name == "chef's hat" and headgear in ("hat", "cap"):
            headgear = "chef's hat"  # a cook's white hat is no fedora
        if one.headgear is None or one.headgear.implied:
            self.people[ref] = replace(one, headgear=Worn(headgear, colour))

    def strip(self, ref: str, name: str) -> None:
        """Take off what a person is said to go without."""
        one = self.people[ref]
        head = one.headgear if one.headgear and name not in (one.headgear.name, "hat") else None
        clothes = tuple(worn for worn in one.clothes if worn.name != name and not (name == "shoes" and worn.implied))
        holds = tuple(held for held in one.holds if held != name)
        self.people[ref] = replace(
            one, headgear=head, clothes=clothes, holds=holds, without=tuple(dict.fromkeys((*one.without, name)))
        )

    def hold(self, ref: str, name: str) -> None:
        """Put something into the hands."""
        one = self.people[ref]
        if name not in one.holds:
            self.people[ref] = replace(one, holds=(*one.holds, name))

    def item(
        self,
        words: str,
        at: int,
        noun: str,
        name: Any,
        glyph: str,
        given: Qualities,
        count: int,
        *,
        brought: bool = False,
    ) -> str:
        """An animal or a thing: “the boat” after “a red boat” is the same."""
        for ref, one in self.items.items():
            alike = one.noun == noun or (
                name is not None and one.name == name and given.article in ("the", "his", "her")
            )
            if alike and not (given.colours and one.colour and given.colours[0] != one.colour):
                colour = one.colour or (given.colours[0] if given.colours else "")
                self.items[ref] = replace(
                    one,
                    colour=colour,
                    size=one.size or given.size,
                    count=max(one.count, count),
                    brought=one.brought and brought,
                )
                return ref
        ref = f"item-{len(self.items)}"
        self.items[ref] = Item(
            words=words,
            ref=ref,
            at=at,
            name=name,
            noun=noun,
            glyph=glyph or SPARES.get(name, ""),
            colour=given.colours[0] if given.colours else _OWN.get(noun, ""),
            size=given.size,
            count=min(MOST, max(1, count)),
            brought=brought,
        )
        return ref

    def place(self, words: str, at: int, place: Place, given: Qualities, *, implied: bool = False) -> str:
        """A place, each once."""
        for ref, one in self.places.items():
            if one.place == place:
                if one.implied and not implied:
                    self.places[ref] = replace(one, implied=False, words=words)
                return ref
        ref = f"place-{len(self.places)}"
        colour = given.colours[0] if given.colours else ""
        self.places[ref] = Setting(words, ref, at, place, implied, colour, given.size)
        return ref

    def relate(self, one: str, link: Link, other: str) -> None:
        """Note how two things stand to each other."""
        if one != other:
            self.relations.setdefault(Relation(one, link, other))


def _replaces(garment: Garment, other: Garment | Headgear) -> bool:
    """Whether a said garment stands for one that a profession implies."""
    if garment in ACCESSORIES:
        return other == garment
    return other not in ACCESSORIES and (garment not in LOWER or other in LOWER)


def hair(colour: str) -> str:
    """A colour as hair has it: red hair is ginger."""
    return _HAIR.get(colour, colour)


def _alike(one: Age, other: Age) -> bool:
    return one == other or not other or not one
