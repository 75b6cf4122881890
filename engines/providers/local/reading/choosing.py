"""Which of a word's senses is meant: after an article a noun, after a noun a verb, before a noun an adjective."""

from engines.providers.local.reading.lexicon import NOUNS, UNTOLD, Match, Sense, Sort, finite
from engines.providers.local.reading.state import ARTICLES, OBJECTS, State
from engines.providers.local.reading.things import ANIMALS
from engines.providers.local.reading.words.plain import GROUPS, QUALITIES

_QUALITIES: tuple[Sort, ...] = (
    "colour", "size", "age", "bare", "hair length", "hair style", "beard", "skin", "build", "eyewear", "number",
)  # fmt: skip
_GROUPS_OF_ONE = frozenset({"band", "choir", "crew", "team", "gang", "family", "orchestra", "couple"})
"""Several people whose verb is a singular's: “the band rocks”."""
_THIRD = frozenset({"he", "she", "it", "who"})
_SUBJECTS = _THIRD | {"i", "you", "we", "they"}
_NOT_AFTER = frozenset({"of", "'s", "and", "or"})
_AFTER_THESE_A_VERB = frozenset({"to", "who", "he", "she", "they", "i", "we", "can", "will", "you", "it"})


def choose(state: State, match: Match, at: int) -> Sense | None:
    """The sense that fits here, or None."""
    if state.plain(at) in GROUPS and state.plain(at + 1) == "of":
        return match.sense("number")
    verb, quality = match.sense("verb"), match.sense(*_QUALITIES)
    noun = match.sense(*NOUNS, "weather", "time")
    link = match.sense("link")
    if noun and match.length == 1:
        done = _predicate(state, match, noun, at)
        if done:
            return verb or done
        if noun.phrase == "home" and not state.given.article and not state.given.colours and not state.given.size:
            return None  # “he is home”, “comes home”: where he is, not a building to show
        if noun.sort == "role" and not _named(state, match, at):
            return None
    bare = verb is not None and not noun and not link
    if bare and state.plain(at) in QUALITIES and (state.given.article or state.link):
        return quality  # “her lost sister”, “in light rain”
    if bare and verb and _compound(state, verb, at):
        return None  # “a balloon ride”
    if noun and quality and quality.sort == "colour" and not state.given.article and not match.plural:
        return quality  # “emerald against black” is no jewel
    if noun and quality:
        after = state.match(at + match.length)
        adjective = after is not None and after.sense(*NOUNS, "colour", "weather", "time") is not None
        return quality if adjective else noun
    if verb and noun:
        return verb if _verbal(state, verb, at) else noun
    if link:
        return link
    if verb and quality:
        return verb if _verbal(state, verb, at) else quality
    return noun or quality or verb


def _predicate(state: State, match: Match, noun: Sense, at: int) -> Sense | None:
    """A noun as its clause's verb: right after a subject of the verb's number, with no article or adjective between."""
    given, word = state.given, state.words[at]
    bare = not (given.article or given.colours or given.number or given.size or given.looks)
    if bare and not word.pause and state.plain(at + 1) in OBJECTS and state.last is not None:
        return finite(word.plain)  # “a lion and an elephant watch him”
    if word.pause or not bare or given.start >= 0 or state.verb is not None or state.link is not None or state.joined:
        return None
    done = finite(word.plain)
    before = state.plain(at - 1)
    if done is None:
        return None
    if before in _SUBJECTS:
        return done if match.plural == (before in _THIRD) or noun.sort in ("place", "thing") else None
    if state.last is None or state.subjects != [state.last]:
        return None
    if noun.sort not in ("thing", "glyph", "place") and state.plain(at + 1) not in ARTICLES:
        return None  # “the nurse captains the ship”, but “army nurses”
    person = state.found.people.get(state.last)
    if person is None or before in _NOT_AFTER or _verb_next(state, at + 1):
        return None  # “boy trains run”
    return done if match.plural == (person.count == 1 or person.role in _GROUPS_OF_ONE) else None


def _verb_next(state: State, at: int) -> bool:
    """Whether the clause's verb is still to come."""
    after = state.match(at)
    return after is not None and after.sense("verb") is not None and after.sense(*NOUNS, "link") is None


def _named(state: State, match: Match, at: int) -> bool:
    """Whether a word formed from a verb, which no table knows, stands where a noun does."""
    sense = match.sense("role")
    if sense is None or sense.value != UNTOLD:
        return True
    given = state.given
    told = bool(given.article or given.number or given.colours or given.looks or given.size or given.start >= 0)
    return (
        told or match.plural or at == 0 or bool(state.words[at].pause) or state.plain(at - 1) in ("and", "with", "or")
    )


def _compound(state: State, verb: Sense, at: int) -> bool:
    """Whether a bare verb ends a compound noun: a single thing does nothing without an -s."""
    item = state.found.items.get(state.last or "")
    single = item is not None and item.count == 1 and item.name not in ANIMALS
    place = (state.last or "") in state.found.places
    return (
        (single or place)
        and not state.words[at].pause
        and state.plain(at) == verb.phrase
        and state.link is None
        and (not state.joined)
    )


def _verbal(state: State, verb: Sense, at: int) -> bool:
    """Whether a word that may be a verb is one."""
    word = state.words[at]
    before = state.plain(at - 1) if not word.pause else ""
    given = state.given
    if before in ARTICLES or before == "'s" or given.colours or given.number or given.size:
        return False
    if word.plain.endswith("ing") or before in _AFTER_THESE_A_VERB or " " in verb.phrase:
        return True
    if before in QUALITIES or state.link is not None:
        return False
    again = state.verb is None or state.joined
    return bool(state.subjects) and again and (state.last is not None or before == "and" or bool(word.pause))
