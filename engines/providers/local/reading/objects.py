"""Reads things, animals, places, skies and verbs."""

import re
from dataclasses import replace
from functools import cache

from engines.providers.local.reading.facts import Sky
from engines.providers.local.reading.gathering import Qualities
from engines.providers.local.reading.hands import carried
from engines.providers.local.reading.lexicon import Match, Sense, finite
from engines.providers.local.reading.looks import Garment
from engines.providers.local.reading.state import OBJECTS, OWN, State
from engines.providers.local.reading.things import living
from engines.providers.local.reading.words.actions import HOLDING, STILL
from engines.providers.local.reading.words.looks import JEWELS
from engines.providers.local.reading.words.places import BRINGS

_MOVING = frozenset({"walk", "run", "fly", "swim", "dance", "jump", "row", "drive"})
"""What a thing without life can do: a train passes, a balloon floats."""

_SINGLE = frozenset({"bus", "train", "tent", "fence"})
"""Things of which a place's word asks for one."""

_DESERTED = re.compile(r"\b(?:empty|deserted|abandoned|forgotten|vacant|closed|desolate|lonely)\b")
"""Of a place: no crowd fills it."""
_WATCHED = frozenset({"stage", "club", "stadium", "hall", "bar"})
"""Places with people unless they are said to be empty."""

_SOME = 3
"""A plural without a number."""


def take_thing(state: State, sense: Sense, match: Match, at: int) -> None:
    """An animal or a thing; after “holds”, or with a person, in the hand if it fits there."""
    after = state.match(at + match.length)
    follows = after.sense("thing", "glyph", "place", "person", "role", "garment", "headgear") if after else None
    if follows and after and not match.plural and not _acting(state, after, at + match.length):
        return  # “a deer skull” is a skull, “a fire eater” a person
    given = state.given
    if sense.value == "heart" and given.article in OWN:
        state.given, state.link = Qualities(), None
        return  # “my heart” is a feeling
    if _worn(state, sense):
        return
    name = sense.value if sense.sort == "thing" else None
    glyph = sense.value if sense.sort == "glyph" else ""
    count = given.number or (_SOME if match.plural else 1)
    start = given.start if given.start >= 0 else at
    words = state.phrase(at, match.length)
    ref = state.found.item(words, start, sense.phrase, name, glyph, given, count)
    link, verb, who = state.link, state.verb, state.who
    holding = verb is not None and verb.phrase.split()[0] in HOLDING and who in state.subjects
    direct = holding and link is None and not state.joined
    beside = link == "with" and state.last == who
    state.related(ref)
    if who and carried(name, glyph, held=direct, beside=beside):
        state.found.hold(who, name or f"mdi:{glyph}")
        if beside:
            state.last = who


@cache
def _jewels() -> dict[str, Garment]:
    return {phrase: garment for garment, words in JEWELS.items() for phrase in words.split(",")}


def _worn(state: State, sense: Sense) -> bool:
    """Whether a thing is jewellery, or a crown, that a person has on: “a rapper in gold chain”."""
    who, given = state.who, state.given
    if who is None or state.negated:
        return False
    beside = state.last == who and (state.link in ("with", "in") or state.joined)
    colour = given.colours[0] if given.colours else ""
    if sense.phrase == "crown":
        # The one that a king has anyway is no second one on the ground.
        if not (state.wears or (beside and given.article not in OWN)):
            return False
        state.found.cap(who, "crown", colour or "gold")
    else:
        jewel = _jewels().get(sense.phrase)
        metal = next((one for one in ("gold", "silver") if one in sense.phrase), "")
        colour = colour or metal or ("white" if "pearl" in sense.phrase else "")
        fetter = sense.phrase.startswith("chain") and not colour and not state.wears
        if jewel is None or fetter or not (state.wears or beside or given.article in OWN):
            return False
        state.found.dress(who, jewel, colour)
    state.last, state.given, state.link = who, Qualities(), None
    return True


def _acting(state: State, after: Match, at: int) -> bool:
    """Whether the word after a noun is its verb: “the dog barks”, but “a horse ring”."""
    verb = after.sense("verb") or finite(state.plain(at))
    if verb and state.plain(at + 1) in OBJECTS:
        return True  # “a lion and an elephant watch him”
    return verb is not None and state.plain(at) != verb.phrase and state.plain(at).endswith("s")


def take_place(state: State, sense: Sense, match: Match, at: int) -> None:
    """A place; as the first part of a compound noun (“church bells”) only implied."""
    after = state.match(at + match.length)
    compound = (
        after is not None
        and after.sense("thing", "glyph", "person", "role", "garment", "place") is not None
        and (after.sense("verb") is None)
    )
    if compound and after and after.sense("place"):
        return  # “a city skyline” is a skyline
    words = state.phrase(at, match.length)
    if sense.value in _WATCHED and _DESERTED.search(words.lower()):
        state.absent.add("crowd")
    ref = state.found.place(words, state.words[at].at, sense.value, state.given, implied=compound)
    for thing in BRINGS.get(sense.phrase, ()):
        many = thing not in _SINGLE
        said = f"{thing}s" if many and thing not in ("wheat", "fish") else thing
        count = _SOME if many else 1
        state.mention(state.found.item(said, state.words[at].at, thing, thing, "", Qualities(), count, brought=True))
    if compound:
        state.mention(ref)
    else:
        state.related(ref)


def take_sky(state: State, match: Match, at: int) -> None:
    """Weather, an hour, or both."""
    weather, time = match.sense("weather"), match.sense("time")
    words = state.phrase(at, match.length)
    if state.negated:
        state.absent.update(str(one.value) for one in (weather, time) if one)
    else:
        for kind, sense in (("weather", weather), ("time", time)):
            if sense:
                state.part(kind, match.length)
        sky = Sky(words, state.words[at].at, weather.value if weather else None, time.value if time else None)
        state.mention(f"sky-{len(state.found.skies)}")
        state.found.skies.append(sky)
    state.drop()
    state.link = None


def exclude(state: State, sense: Sense) -> None:
    """A noun after “no” or “without”."""
    people = sense.sort in ("person", "role", "crowd")
    state.absent.add("people" if people else str(sense.value))
    if state.who and not people and sense.sort != "place":
        state.found.strip(state.who, _jewels().get(sense.phrase, str(sense.value)))
    state.given, state.link = Qualities(), None


def take_verb(state: State, sense: Sense, at: int) -> None:
    """What the clause's subject does."""
    state.acts(at)
    state.blank(at)  # “he bears a cross” implies no forest
    if state.given.article:
        return  # “the fight” is no fighting, “a fallen angel” does not fall here
    state.drop()
    new = state.verb is None
    state.verb, state.joined, state.link = sense, False, None
    found = state.found
    actors = [ref for ref in state.subjects if ref in found.people]
    things = [ref for ref in state.subjects if ref in found.items]
    animals = [ref for ref in things if living(found.items[ref].name, found.items[ref].glyph)]
    # “The streetlights hum” says nothing of the person before; “he takes a lantern and runs” does.
    if not actors and not animals and state.who and not (new and state.subjects):
        actors = [state.who]
    for ref in actors:
        one = found.people[ref]
        if one.pose in (None, "stand"):
            found.people[ref] = replace(one, pose=sense.value)
    for ref in animals or (things if sense.value in _MOVING else []):
        if not found.items[ref].doing:
            found.items[ref] = replace(found.items[ref], doing=sense.value)
    if sense.value != "stand" or sense.phrase in STILL:
        state.does(at, (*actors, *things), sense.value)
    else:
        state.done(at)
    if actors and not set(actors) & set(state.subjects):
        state.subjects = actors
    state.last = None
    state.who = actors[0] if actors else state.who
