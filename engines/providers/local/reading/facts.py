"""What words say about a picture: frozen facts, in the order of the words.

Items refer to each other by `ref`: `person-0`, `item-2`, `place-1`. The painter takes a person's unsaid looks from the
cast seed of its `slot`; what is said always wins over the seed.
"""

from dataclasses import dataclass
from typing import Literal

from engines.providers.local.reading.looks import (
    Age,
    Beard,
    Build,
    Eyewear,
    Garment,
    HairLength,
    HairStyle,
    Headgear,
    Kind,
    Sex,
    Skin,
)
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.poses import Pose
from engines.providers.local.reading.things import Size, Thing

Link = Literal["in", "on", "under", "over", "beside", "behind", "before", "from", "towards", "with", "through", "at"]
Side = Literal["in", "before", "from", "after"]
Time = Literal["dawn", "day", "golden", "dusk", "night"]
Weather = Literal["clear", "clouds", "rain", "snow", "fog", "storm", "dust"]


@dataclass(frozen=True)
class Worn:
    """A piece of clothing; `colour` is a name of `looks.COLOURS` or empty, `implied` by a profession, not said."""

    name: Garment | Headgear
    colour: str = ""
    implied: bool = False


@dataclass(frozen=True)
class Person:
    """A person, or `count` alike.

    Attributes:
        words: The artist's words.
        ref: Its name in relations.
        at: The place of its first word, counted in words of the text.
        slot: Which of the prompt's cast seeds it is drawn from.
        name: Its proper name, if the text gives one.
        role: The noun in singular: fisherman, granddaughter, woman.
        skin, hair_colour, hair_length, hair_style, beard, build: Empty where nothing is said.
        clothes: Without what is on the head.
        holds: Names of hand-drawn things, or icon glyphs as `mdi:name`.
        pose: None where nothing is said.
        behind: Seen from behind.
        without: Garments, headgear, `beard` and so on that it has not on: stronger than what a profession implies.
        kin: The ref of the person whose granddaughter, friend or rival it is.
    """

    words: str
    ref: str
    at: int
    slot: int = 0
    kind: Kind = "person"
    role: str = "person"
    name: str = ""
    age: Age = ""
    sex: Sex = ""
    count: int = 1
    hair_colour: str = ""
    hair_length: HairLength = ""
    hair_style: HairStyle = ""
    beard: Beard = ""
    skin: Skin = ""
    build: Build = ""
    clothes: tuple[Worn, ...] = ()
    headgear: Worn | None = None
    eyewear: Eyewear = ""
    holds: tuple[str, ...] = ()
    pose: Pose | None = None
    behind: bool = False
    without: tuple[str, ...] = ()
    kin: str = ""


@dataclass(frozen=True)
class Item:
    """An animal or a thing, `count` of them.

    Attributes:
        name: A hand-drawn thing's name; None for an icon.
        glyph: A Material Design Icons name without prefix: the only form of an icon, and a hand-drawn thing's spare.
        noun: The artist's noun, in singular.
        colour: A name of `looks.COLOURS`, or empty.
        doing: `run`, `fly`, `lie` and so on, of an animal.
        brought: The place brings it (a bus stop a bus); nothing else asks for it.
    """

    words: str
    ref: str
    at: int
    name: Thing | None
    noun: str
    glyph: str = ""
    colour: str = ""
    size: Size = ""
    count: int = 1
    doing: Pose | None = None
    brought: bool = False


@dataclass(frozen=True)
class Setting:
    """A place; `implied` by something else in the text, such as the sea by a whale."""

    words: str
    ref: str
    at: int
    place: Place
    implied: bool = False
    colour: str = ""
    size: Size = ""


@dataclass(frozen=True)
class Sky:
    """Weather, or an hour, or both, at a place of the text: later ones come later in the video."""

    words: str
    at: int
    weather: Weather | None = None
    time: Time | None = None


@dataclass(frozen=True)
class When:
    """When in a video something is seen, if the words say so.

    Attributes:
        start, end: Shares of the video; not used with a part of the song.
        part: The label of the song's sections that are meant: `chorus`, `bridge`, `outro`.
        number: Which of them, counted from 1; -1 is the last, 0 all.
        side: In them, before them, from them on, or after them.
        soft: Only the order is said: “then”, “later”.
    """

    start: float = 0.0
    end: float = 1.0
    part: str = ""
    number: int = 0
    side: Side = "in"
    soft: bool = False


@dataclass(frozen=True)
class Relation:
    """`one` is `link` `other`: both are refs."""

    one: str
    link: Link
    other: str


@dataclass(frozen=True)
class Deed:
    """What someone does, in the artist's words from the verb on: “waves from the pier”; `refs` are who."""

    words: str
    refs: tuple[str, ...]
    pose: Pose
    when: When | None = None


@dataclass(frozen=True)
class Reading:
    """Everything that a text says about pictures.

    Attributes:
        people, items, places, skies: In the order of the text, each once. In a prompt the first person or item is the
            subject of the picture, and the first place is where it is. Things that a place brings are the last items.
        moments: Per sentence, or part of one that has a time of its own, the refs in it, in order, `sky-0` and so on
            included.
        whens: When each moment is seen, if the words say so.
        deeds: What people and animals do.
        relations: Who is where, and towards whom.
        crowd: A crowd, an audience, people in general.
        absent: Canonical names that the text excludes, as in “no people”: things, places, weathers, `people`.
        colours: Names of colours that belong to nothing in particular.
        figurative: Phrases that mean a feeling, such as “a heart of stone”: not drawn.
        unknown: Words that are not understood.
        empty: Without people on purpose.
    """

    people: tuple[Person, ...] = ()
    items: tuple[Item, ...] = ()
    places: tuple[Setting, ...] = ()
    skies: tuple[Sky, ...] = ()
    relations: tuple[Relation, ...] = ()
    moments: tuple[tuple[str, ...], ...] = ()
    whens: tuple[When | None, ...] = ()
    deeds: tuple[Deed, ...] = ()
    crowd: bool = False
    absent: frozenset[str] = frozenset()
    colours: tuple[str, ...] = ()
    figurative: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    empty: bool = False

    def item(self, name: str) -> Item | None:
        """The first item of a name, hand-drawn or glyph."""
        return next((one for one in self.items if name in (one.name, one.glyph)), None)

    def related(self, ref: str, *links: Link) -> tuple[str, ...]:
        """Refs that `ref` is linked to, by any of these links."""
        return tuple(one.other for one in self.relations if one.one == ref and one.link in links)
