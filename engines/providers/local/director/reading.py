"""Reads a brief: who, where, when, in which weather and mood, and which of the artist's own words must not be lost."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TypeVar

from engines.providers.local.director.words import COLOURS, IMPLIED, STOP, TONES, Tone
from engines.providers.local.painter.lexicon import (
    KINDS,
    PLACES,
    POSES,
    THINGS,
    TIMES,
    WEATHERS,
    Kind,
    Place,
    Pose,
    Thing,
    Time,
    Weather,
)
from models.brief import Brief
from models.styles import find_style

K = TypeVar("K", bound=str)

BEINGS: dict[Kind, str] = {
    **KINDS,
    "person": KINDS["person"]
    + ",sister,brother,mother,father,daughter,son,friend,twin,bride,groom,husband,wife,grandmother,grandfather,maker,"
    "teacher,nurse,soldier,sailor,fisherman,priest,angel,witch,thief,clockmaker,racer,gambler,painter,poet,farmer,"
    "rival,ghost,neighbour,neighbor,widow,bartender,violinist,pianist,drummer,astronomer,baker,hunter,prince,princess",
}
"""Who can be a subject: the painter's beings, and people whom it draws as persons."""

WHERE: dict[Place, str] = {
    **PLACES,
    "street": PLACES["street"] + ",tokyo,new york,paris,london,berlin,los angeles,seoul,hong kong,shanghai,mumbai,"
    "lagos,cairo,istanbul,havana,mexico city,rio,chicago,detroit,miami,brooklyn,las vegas,venice",
    # “home” alone is a direction: “rides home”, “the way home”.
    "room": PLACES["room"].replace(",home,", ",at home,my home,her home,his home,their home,our home,the home,a home,")
    + ",gym,garage,basement,cell,hospital,barn,cellar,dressing room,elevator shaft",
    "hall": PLACES["hall"] + ",airport,warehouse,factory,hangar,swimming pool,ballroom,laundromat,supermarket",
}
"""Where it can be: the painter's places, and more of the same kinds."""

_PRONOUNS = frozenset({"he", "she", "they", "him", "her", "them", "we", "i", "someone"})
_DETERMINERS = frozenset({"a", "an", "the", "his", "her", "their", "my", "our", "its", "two", "three", "four", "one"})
_SENTENCES = re.compile(r"[.!?;:\n]+|\s[-–—]+\s")
_TOKEN = re.compile(r"[^\W_][\w’'-]*|,")
_MOST_THREADS = 24
_LONGEST_THREAD = 16
_LONGEST_PHRASE_LEFT = 4
_LONGEST_PHRASE_RIGHT = 7


@dataclass(frozen=True)
class Phrase:
    """The artist's words for something, and what kind of thing it is."""

    kind: str
    text: str


@dataclass(frozen=True)
class Thread:
    """A clause of the brief, word for word, and the places that it names."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class Reading:
    """What a brief says.

    Attributes:
        subjects: Who; `kind` is one of the painter's, or empty for something that nobody has heard of.
        places: Where, in the order of the brief, each kind once.
        implied: Kinds of place that are not named but belong to what is: leaves fall in a forest.
        times, weathers, poses: When, in which weather, doing what.
        tones: Moods, the most frequent first.
        colours: As `#rrggbb`.
        threads: The whole brief in clauses.
        things: Nouns worth a picture of their own, in the artist's words.
    """

    subjects: tuple[Phrase, ...]
    places: tuple[Phrase, ...]
    implied: tuple[Place, ...]
    times: tuple[Time, ...]
    weathers: tuple[Weather, ...]
    poses: tuple[Pose, ...]
    tones: tuple[Tone, ...]
    colours: tuple[str, ...]
    threads: tuple[Thread, ...]
    things: tuple[str, ...]


def read_brief(brief: Brief) -> tuple[Reading, Reading]:
    """What the artist says, and what the preset would say.

    Args:
        brief: The brief.

    Returns:
        The reading that leads, and the preset's own, which fills in what the first leaves open. With no prompt both
        are the preset's.
    """
    preset = read_text(find_style(brief.style).default_direction)
    return (read_text(brief.prompt) if brief.prompt.strip() else preset), preset


@lru_cache(maxsize=64)
def read_text(text: str) -> Reading:
    """What a text says; see `Reading`."""
    clauses = _clauses(text)
    threads = tuple(Thread(clause, tuple(key for key, *_ in _hits(clause, WHERE))) for clause in clauses)
    subjects, places, things = _phrases(clauses, BEINGS), _phrases(clauses, WHERE), _phrases(clauses, THINGS)
    people = {word for subject in subjects for word in subject.text.lower().split()}
    unknown = [phrase for clause in clauses for phrase in _unknown(clause)]
    strange = [phrase for clause in clauses for phrase in _unknown(clause, anywhere=True)]
    if not subjects and strange:
        subjects = [Phrase("", strange[0])]
    spoken = {phrase.text for phrase in (*subjects, *places)}
    nouns = [
        # “a neon city” names no neon
        noun
        for noun in (*(thing.text for thing in things), *unknown)
        if not any(place.text.startswith(f"{noun} ") for place in places)
    ]
    return Reading(
        subjects=tuple(subjects[:3]),
        places=tuple(places[:6]),
        implied=_kinds(text, IMPLIED),
        times=_kinds(text, TIMES),
        weathers=_kinds(text, WEATHERS),
        poses=_kinds(text, POSES),
        tones=_by_count(text),
        colours=tuple(dict.fromkeys(COLOURS[word] for word in re.findall(r"\w+", text.lower()) if word in COLOURS)),
        threads=threads[:_MOST_THREADS],
        things=_distinct([noun for noun in nouns if noun not in spoken and not set(noun.lower().split()) <= people]),
    )


def things_in(text: str) -> tuple[Thing, ...]:
    """The things that a text names, as the painter would draw them."""
    return _kinds(text, THINGS)


def _distinct(phrases: list[str]) -> tuple[str, ...]:
    """Without those that share their last word with an earlier one: “the train”, “a train”."""
    kept: dict[str, str] = {}
    for phrase in phrases:
        if not any(earlier.lower() in phrase.lower() for earlier in kept.values()):
            kept.setdefault(phrase.lower().split()[-1], phrase)
    return tuple(kept.values())


@lru_cache(maxsize=4096)
def places_in(text: str) -> tuple[Place, ...]:
    """The kinds of place that a text names, the first named first."""
    return _kinds(text, WHERE)


def _hits(text: str, table: dict[K, str]) -> list[tuple[K, int, int]]:
    """Entries that the text names, with where their words stand: in order, the longest phrase of those at one spot."""
    entries = {word: entry for entry, words in reversed(table.items()) for word in words.split(",")}
    pattern = _pattern(tuple(entries))
    return [(entries[match.group(1)], match.start(), match.end()) for match in pattern.finditer(text.lower())]


@cache
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(set(words) - _PRONOUNS, key=len, reverse=True)
    return re.compile(rf"\b({'|'.join(map(re.escape, longest_first))})(?:s|es)?\b")


def _kinds(text: str, table: dict[K, str]) -> tuple[K, ...]:
    return tuple(dict.fromkeys(entry for entry, *_ in _hits(text, table)))


def _by_count(text: str) -> tuple[Tone, ...]:
    counted: dict[Tone, int] = {}
    for tone, *_ in _hits(text, TONES):
        counted[tone] = counted.get(tone, 0) + 1
    return tuple(sorted(counted, key=lambda tone: -counted[tone]))


def _clauses(text: str) -> list[str]:
    """The text in clauses of at most fourteen words, no word lost or changed."""
    clauses: list[str] = []
    for sentence in _SENTENCES.split(text):
        pending = ""
        for piece in re.split(r",\s*", sentence):
            joined = f"{pending}, {piece.strip()}" if pending else piece.strip()
            # A list of adjectives or names is no clause: short pieces stay with their neighbours.
            if len(joined.split()) < 3:
                pending = joined
                continue
            clauses += _split_long(joined)
            pending = ""
        if pending:
            clauses += _split_long(pending)
    return [clause for clause in clauses if any(word.lower() not in STOP for word in clause.split())]


def _split_long(clause: str) -> list[str]:
    words = clause.split()
    if len(words) <= _LONGEST_THREAD:
        return [clause]
    joints = [i for i, word in enumerate(words) if word.lower() in _JOINTS or _is_verb(word.lower())]
    middle = min(joints, key=lambda i: abs(i - len(words) / 2), default=len(words) // 2)
    if not 3 <= middle <= len(words) - 3:
        middle = len(words) // 2
    head, tail = words[:middle], words[middle:]
    return _split_long(" ".join(head)) + _split_long(" ".join(tail[1:] if tail[0].lower() == "and" else tail))


def _phrases(clauses: list[str], table: dict[K, str]) -> list[Phrase]:
    """Noun phrases around the words of a table, each kind of place or being once."""
    found: dict[str, Phrase] = {}
    for clause in clauses:
        taken = 0
        for kind, start, end in _hits(clause, table):
            if start < taken:
                continue
            text, taken = _noun_phrase(clause, start, end, grow=table is BEINGS, head=table is WHERE)
            key = text.lower() if table is THINGS else kind
            if table is BEINGS:
                # Two people of one kind are two subjects; “a woman” and “the woman” are one.
                key = " ".join(word for word in text.lower().split() if word not in _DETERMINERS)
            found.setdefault(key, Phrase(kind, text))
    return list(found.values())


def _noun_phrase(clause: str, start: int, end: int, grow: bool, head: bool) -> tuple[str, int]:
    """The words around a noun that belong to it, and where they end."""
    tokens = [(m.group(), m.start(), m.end()) for m in _TOKEN.finditer(clause)]
    first = next(i for i, token in enumerate(tokens) if token[2] > start)
    last = max(i for i, token in enumerate(tokens) if token[1] < end)
    left = first
    while left > 0 and first - left < _LONGEST_PHRASE_LEFT:
        word = tokens[left - 1][0].lower()
        if word in _DETERMINERS:
            left -= 1
            break
        if word == "," or word in STOP or _is_verb(word) or _is_plural(word):
            break
        left -= 1
    right = last
    while head and right + 1 < len(tokens) and right - last < _LONGEST_PHRASE_LEFT:
        word = tokens[right + 1][0].lower()
        if word != "of" and (word == "," or word in STOP or _is_verb(word)):
            break
        right += 1
    while grow and right + 1 < len(tokens) and right - last < _LONGEST_PHRASE_RIGHT:
        word = tokens[right + 1][0].lower()
        opens = word in ("with", "in", "wearing") and right == last
        if word == "," or _is_verb(word) or (word in STOP and word not in _DETERMINERS and not opens):
            break
        right += 1
    text = clause[tokens[left][1] : tokens[right][2]]
    if grow and right > last and places_in(clause[tokens[last][2] : tokens[right][2]]):
        # “a woman in a tunnel”: the tunnel is a place of its own, not part of her.
        right = last
        text = clause[tokens[left][1] : tokens[last][2]]
    words = text.split()
    while len(words) > 1 and words[-1].lower() in (*_DETERMINERS, "with", "in", "wearing", "of"):
        words.pop()
    return " ".join(words), tokens[right][2]


def _is_plural(word: str) -> bool:
    """Plurals and third persons end alike; neither stands before the noun that it belongs to."""
    return len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "'s", "’s"))


def _is_verb(word: str) -> bool:
    return word in _VERBS or (len(word) > 5 and word.endswith("ing") and word not in _ING_ADJECTIVES)


_VERBS = frozenset(
    word for words in POSES.values() for word in words.split(",") if " " not in word and not word.endswith("er")
) - {"still", "steps", "dance", "lean", "look"}
_VERBS |= frozenset(
    {"follows", "drives", "drive", "meets", "waits", "finds", "keeps", "holds", "sees", "falls", "gets", "rides",
     "floats", "drifts", "dreams", "lives", "comes", "goes", "turns", "sails", "flies", "swims", "burns", "fights",
     "hides", "plays", "meet", "find", "follow", "fly", "fall", "fight", "play", "kiss", "kisses", "builds",
     "plants", "writes", "breaks", "steals", "climbs", "jumps", "cries", "laughs", "sleeps", "grows", "leads",
     "set", "live", "loses", "lies", "opens", "appears", "blooms", "blooming"}
)  # fmt: skip
_JOINTS = frozenset(
    {"and", "while", "until", "where", "but", "with", "who", "through", "along", "over", "into", "towards"}
)
_OPENERS = _DETERMINERS | {"in", "of", "on", "over", "under", "with", "through", "into", "across", "from", "by"}
_ING_ADJECTIVES = frozenset(
    {"glowing", "burning", "shining", "floating", "falling", "sleeping", "spinning", "crumbling"}
)
_KNOWN = frozenset(
    word
    for table in (PLACES, TIMES, WEATHERS, BEINGS, POSES, THINGS, TONES)
    for phrase in ",".join(table.values()).split(",")
    for word in phrase.split()
) | frozenset(COLOURS)


def _unknown(clause: str, anywhere: bool = False) -> list[str]:
    """Noun-like phrases made of words that no table knows, with their adjectives."""
    phrases: list[str] = []
    run: list[str] = []
    opener = ""
    for word in [*_TOKEN.findall(clause), ","]:
        plain = word.lower()
        if word != "," and plain not in STOP and not _is_verb(plain) and not plain.endswith("ly"):
            run.append(word)
            continue
        # Only after an article or preposition is an unknown word likely to be a thing and not a verb.
        if run and run[-1].lower() not in _KNOWN and (anywhere or opener in _OPENERS):
            article = f"{opener} " if opener in _DETERMINERS and f"{opener} {run[0]}" in clause.lower() else ""
            phrases.append(article + " ".join(run[:3]))
        run, opener = [], plain
    return phrases


def kind_of(text: str) -> Kind | None:
    """What the painter would draw for a description: its first being, or None."""
    return next(iter(_kinds(text, BEINGS)), None)
