"""The tables of words as one dictionary of senses, and the longest phrase at a place of a text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from engines.providers.local.reading.tokens import Word, infinitives, singulars
from engines.providers.local.reading.words import actions, glyphs, looks, people, places, plain, sky, things
from engines.providers.local.reading.words.agents import agent

Sort = Literal[
    "person", "role", "crowd", "thing", "glyph", "place", "weather", "time", "colour", "size", "age", "hair length",
    "hair style", "beard", "skin", "build", "eyewear", "bare", "garment", "headgear", "verb", "link", "number",
]  # fmt: skip
NOUNS: frozenset[Sort] = frozenset({"person", "role", "crowd", "thing", "glyph", "place", "garment", "headgear"})
UNTOLD = ("", "", "person", (), None, ())
"""A role of which no table says anything."""
LONGEST = 5


@dataclass(frozen=True, slots=True)
class Sense:
    """One meaning of a phrase: `phrase` is its base form."""

    sort: Sort
    value: Any
    phrase: str


@dataclass(frozen=True, slots=True)
class Match:
    """The phrase at a place of a text: its senses, its length in words, and whether it is a plural."""

    senses: tuple[Sense, ...]
    length: int
    plural: bool

    def sense(self, *sorts: Sort) -> Sense | None:
        """The first sense of one of these sorts."""
        return next((one for one in self.senses if one.sort in sorts), None)


@cache
def _nouns() -> Mapping[str, tuple[Sense, ...]]:
    found: dict[str, list[Sense]] = {}

    def add(sort: Sort, value: object, listed: str) -> None:
        for phrase in listed.split(","):
            found.setdefault(_plain(phrase), []).append(Sense(sort, value, phrase))

    for identity, listed in people.PLAIN.items():
        add("person", identity, listed)
    for listed, role in people.ROLES.items():
        add("role", role, listed)
    for word in people.CROWDS:
        add("crowd", word, word)
    for word in people.GROUPS:
        if word not in found:
            add("person", ("", ""), word)
    for thing, listed in things.THINGS.items():
        add("thing", thing, listed)
    for glyph, listed in glyphs.GLYPHS.items():
        add("glyph", glyph, listed)
    tables: tuple[tuple[Sort, Mapping[Any, str]], ...] = (
        ("place", places.PLACES),
        ("weather", sky.WEATHERS),
        ("time", sky.TIMES),
        ("colour", looks.COLOUR_WORDS),
        ("size", looks.SIZES),
        ("age", looks.AGES),
        ("hair length", looks.HAIR_LENGTHS),
        ("hair style", looks.HAIR_STYLES),
        ("beard", looks.BEARDS),
        ("skin", looks.SKINS),
        ("build", looks.BUILDS),
        ("eyewear", looks.EYEWEAR),
        ("bare", looks.BARE),
        ("garment", looks.GARMENTS),
        ("headgear", looks.HEADGEAR),
        ("link", actions.LINKS),
    )
    for sort, table in tables:
        for value, listed in table.items():
            add(sort, value, listed)
    for word, number in plain.NUMBERS.items():
        add("number", number, word)
    return {phrase: tuple(senses) for phrase, senses in found.items()}


@cache
def _verbs() -> Mapping[str, Sense]:
    return {
        _plain(phrase): Sense("verb", pose, phrase)
        for pose, listed in reversed(actions.VERBS.items())
        for phrase in listed.split(",")
    }


@cache
def _agent(word: str) -> Sense | None:
    """A person that no table knows, by a deed or a trade: “sweepers”."""
    known = word in plain.FUNCTION or word in plain.QUALITIES or word in plain.ABSTRACT or word in plain.SEQUENCE
    if known or not agent(word, _verbs().keys()):
        return None
    singular = singulars(word)[-1]
    return Sense("role", UNTOLD, singular)


def finite(word: str) -> Sense | None:
    """A noun's word as a verb: “trains”, “books”; whether it is one, the words around it say."""
    for form in infinitives(word):
        if form in actions.NOUN_VERBS:
            return Sense("verb", actions.NOUN_VERBS[form], form)
    return None


def _plain(phrase: str) -> str:
    return phrase.replace("'", " '")


def _better(words: Sequence[Word], last: int) -> bool:
    """Whether the last word of a phrase begins a longer noun."""
    if last + 1 >= len(words) or words[last + 1].pause:
        return False
    return any(f"{words[last].plain} {form}" in _nouns() for form in singulars(words[last + 1].plain))


def match_at(words: Sequence[Word], start: int) -> Match | None:
    """The longest known phrase that starts here; it crosses no punctuation."""
    longest = 1
    while longest < LONGEST and start + longest < len(words) and not words[start + longest].pause:
        longest += 1
    for length in range(longest, 0, -1):
        if length > 1 and _better(words, start + length - 1):
            continue  # “city street lamps” are street lamps
        run = words[start : start + length]
        *before, last = (word.plain for word in run)
        senses: list[Sense] = []
        plural = False
        for form in singulars(last):
            found = _nouns().get(" ".join((*before, form)))
            if found:
                senses += found
                plural = form != last
                break
        first, *after = (word.plain for word in run)
        for form in infinitives(first):
            verb = _verbs().get(" ".join((form, *after)))
            if verb:
                senses.append(verb)
                break
        if senses:
            return Match(tuple(senses), length, plural)
    word = words[start].plain
    sense = _agent(word)
    return Match((sense,), 1, sense.phrase != word) if sense else None
