"""Reads a text from left to right: adjectives wait for their nouns, nouns for their verbs, prepositions join them."""

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

from engines.providers.local.reading.choosing import choose
from engines.providers.local.reading.deriving import derived
from engines.providers.local.reading.facts import Reading
from engines.providers.local.reading.gathering import Qualities
from engines.providers.local.reading.lexicon import NOUNS, Match, Sense, Sort, match_at
from engines.providers.local.reading.looks import COLOURS
from engines.providers.local.reading.objects import exclude, take_place, take_sky, take_thing, take_verb
from engines.providers.local.reading.persons import (
    BODY,
    dressed_in,
    take_bare,
    take_body,
    take_clothes,
    take_crowd,
    take_hair,
    take_look,
    take_name,
    take_person,
    take_pronoun,
    take_strange_name,
)
from engines.providers.local.reading.state import ARTICLES, State
from engines.providers.local.reading.tokens import Word
from engines.providers.local.reading.words.listing import listed
from engines.providers.local.reading.words.plain import ABSTRACT, ENDINGS, FUNCTION, GROUPS, QUALITIES, SEQUENCE

_NO = listed("no, without, nobody, none, never, nor, zero")
_JOINTS = listed("and, while, who, but, as, when, where, which, that, then, or, until, because") | SEQUENCE
_PRONOUNS = listed("he, she, him, they, them, i, we, you")
_BEHIND = re.compile(
    r"\b(?:from behind|back to (?:us|the camera)|from the back|facing away|"
    r"turns? (?:her|his|their) back)\b"
)
_EMPTY = re.compile(
    r"\b(?:nobody|no ?one|no people|no humans?|no person|without (?:any |a )?(?:people|humans?|person)|not a soul|"
    r"no figures?)\b"
)
_SHORTEST_FORMED, _SHORTEST = 5, 3


@lru_cache(maxsize=512)
def read_words(text: str) -> Reading:
    """What a text says about pictures.

    Args:
        text: A brief or a prompt, in English; words of other languages are listed as unknown.

    Returns:
        The reading; see `Reading`.
    """
    state = State(text)
    at = 0
    while at < len(state.words):
        state.at = at
        state.pause(state.words[at])
        at += _step(state, state.words[at], at)
    state.done(len(state.words))
    state.drop()
    low = state.text.lower()
    empty = bool(_EMPTY.search(low))
    if _BEHIND.search(low):
        for ref, one in state.found.people.items():
            state.found.people[ref] = replace(one, behind=True)
    reading = Reading(
        people=tuple(state.found.people.values()),
        # What a place brings stands behind what the words ask for: it never takes the picture from that.
        items=tuple(sorted(state.found.items.values(), key=lambda item: item.brought)),
        places=tuple(state.found.places.values()),
        skies=tuple(state.found.skies),
        relations=tuple(state.found.relations),
        moments=tuple(tuple(moment) for moment in state.moments if moment),
        whens=tuple(when for moment, when in zip(state.moments, state.whens, strict=True) if moment),
        deeds=tuple(state.deeds),
        crowd=state.crowd and not empty,
        absent=frozenset(state.absent | ({"people"} if empty else set())),
        colours=tuple(dict.fromkeys(state.loose)),
        figurative=tuple(dict.fromkeys(state.figures)),
        unknown=tuple(dict.fromkeys(state.unknown)),
        empty=empty and not state.found.people,
    )
    return derived(reading, state.hints())


def _step(state: State, word: Word, at: int) -> int:
    """Read the words at one place; returns how many."""
    plain = word.plain
    if plain in _NO or (plain == "not" and state.plain(at + 1) in ("a", "any")):
        state.drop()
        state.negated = True
        return 1
    match = match_at(state.words, at)
    if take_name(state, word, at, match):
        return 1
    if match is None or match.length == 1:
        if plain in ("hair", "haired"):
            take_hair(state, plain == "haired")
            return 1
        if plain in BODY and not (plain == "eye" and state.given.article in ("a", "an", "the")):
            take_body(state, plain)
            return 1
        if plain in ARTICLES or plain == "'s":
            _article(state, plain, at)
            return 1
        if plain in _PRONOUNS or (plain == "me" and state.plain(at + 1) == "and"):
            take_pronoun(state, plain)
            return 1
    sense = choose(state, match, at) if match else None
    if match and sense:
        return _take(state, sense, match, at)
    if match and match.sense("verb") and plain not in QUALITIES:
        return match.length  # “a phone call”
    _other(state, word)
    return 1


def _take(state: State, sense: Sense, match: Match, at: int) -> int:
    if sense.sort not in ("verb", "link"):
        state.given.note(at)
    if state.negated and sense.sort in ("person", "role", "crowd", "thing", "glyph", "place"):
        exclude(state, sense)
    elif sense.sort in _TAKERS:
        _TAKERS[sense.sort](state, sense, match, at)
    elif sense.sort in ("weather", "time"):
        take_sky(state, match, at)
    elif sense.sort == "link":
        state.link = sense.value
        state.joined = state.negated = False
    elif sense.sort == "verb":
        take_verb(state, sense, at)
    elif sense.sort == "number":
        state.given.number = sense.value
        if state.plain(at) in GROUPS and state.plain(at + 1) == "of":
            if state.plain(at) == "field":
                state.mention(state.found.place(state.phrase(at, 1), at, "field", Qualities()))
            return 2
    elif sense.sort == "size":
        state.given.size = sense.value
        if sense.value in ("small", "tiny"):
            state.given.looks.setdefault("_little", True)
    elif sense.sort == "colour" and sense.value in COLOURS and not dressed_in(state, sense.value, at + match.length):
        state.given.colours.append(sense.value)
    return match.length


_TAKERS: dict[Sort, Callable[[State, Sense, Match, int], None]] = {
    "person": take_person,
    "role": take_person,
    "crowd": take_crowd,
    "thing": take_thing,
    "glyph": take_thing,
    "place": take_place,
    "garment": take_clothes,
    "headgear": take_clothes,
    "bare": take_bare,
    "age": take_look,
    "build": take_look,
    "skin": take_look,
    "beard": take_look,
    "eyewear": take_look,
    "hair length": take_look,
    "hair style": take_look,
}


def _article(state: State, plain: str, at: int) -> None:
    state.loose += state.given.colours
    if state.negated and state.plain(at - 1) not in (*_NO, "not"):
        state.negated = False  # “no cars, just a fox”
    start = -1 if plain == "'s" else at
    state.given = Qualities(start=start, article=plain, number=1 if plain in ("a", "an") else 0)


def _other(state: State, word: Word) -> None:
    """A word in none of the tables of pictures."""
    plain = word.plain
    if plain in _JOINTS:
        _join(state, plain, word.at)
    elif plain in QUALITIES:
        state.given.note(word.at)
        if plain in ("long", "short"):
            state.given.looks["_length"] = plain
    elif plain in ABSTRACT:
        after = state.match(word.at + 1)
        if after is not None and after.sense(*NOUNS):
            state.given.note(word.at)  # “a vintage car”
        else:
            state.drop()
            state.link = None
    elif plain == "of":
        state.given.start = -1  # “full of candles”
    elif plain not in FUNCTION and not _formed(plain):
        after = state.match(word.at + 1)
        if after is not None and after.sense(*NOUNS, "colour"):
            state.given.note(word.at)  # an adjective that no table knows
            return
        subject = bool(state.subjects) and state.last in state.subjects and state.verb is None and not state.link
        if subject and plain.endswith("s") and not state.given.article:
            state.done(word.at)
            state.given, state.last = Qualities(), None
            return  # a verb that no table knows
        if word.text[:1].isupper() and not state.titled and take_strange_name(state, word):
            return
        state.unknown.append(word.text)
        state.given, state.last, state.link = Qualities(), None, None


def _join(state: State, plain: str, at: int) -> None:
    state.joint(at)
    if plain in ("and", "or", "nor"):
        return
    state.negated, state.link = False, None
    if plain not in ("who", "which", "that"):
        state.verb = None
    state.drop()


def _formed(plain: str) -> bool:
    """Words that their ending shows to be no nouns for things, numbers, and single letters."""
    formed = len(plain) >= _SHORTEST_FORMED and plain.endswith(ENDINGS)
    return formed or plain.isdigit() or len(plain) < _SHORTEST
