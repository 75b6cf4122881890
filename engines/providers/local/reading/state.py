"""The state of a reading: the words, the adjectives that wait, the subject and the verb of the clause."""

from typing import Any

from engines.providers.local.reading.facts import Deed, Link, When
from engines.providers.local.reading.gathering import Gathering, Qualities
from engines.providers.local.reading.lexicon import NOUNS, Match, Sense, match_at
from engines.providers.local.reading.order import Order
from engines.providers.local.reading.poses import Pose
from engines.providers.local.reading.tokens import Word, words_of
from engines.providers.local.reading.words.listing import listed
from engines.providers.local.reading.words.plain import FUNCTION
from engines.providers.local.reading.words.speech import GENRES, PATTERNS, SIMILE

ARTICLES = listed(
    "a, an, the, his, her, their, my, our, its, this, that, these, those, your, some, another, each, every, any"
)
OBJECTS = frozenset({"him", "them", "me", "us"})
"""Pronouns that follow only a verb or a preposition."""
OWN = frozenset({"his", "her", "their", "my", "our", "your", "'s"})
_TRAILING = listed(
    "and, or, but, while, who, which, that, then, a, an, the, his, her, their, to, as, with, of, in, on, at, from"
)
_ENDS = listed("and, or, but, then, while, until, till, of, in, on, over, with, from, to")
_VERB_LINKS: dict[str, Link] = {
    "leave": "from", "enter": "towards", "approach": "towards", "follow": "behind", "cross": "on", "ride": "on",
    "drive": "in", "row": "in", "meet": "with", "hug": "with", "kiss": "with", "embrace": "with", "chase": "behind",
}  # fmt: skip
_WEARING = frozenset({"wear", "dress", "put", "have"})


class State:
    """What the reader knows at a word.

    Attributes:
        given: Adjectives that wait for their noun.
        who: The person that clothes and hair belong to.
        subjects: The clause's subject, or subjects.
        last: The last noun; None after a verb.
        link: The last preposition, until its noun comes.
        verb: The clause's verb.
        joined: After a comma or “and”, a noun may be a new subject.
        about: Whether this sentence was about a person, or looks, so far: only then a list of looks goes on.
        negated: After “no” or “without”.
        at: The word that is read now.
    """

    def __init__(self, text: str) -> None:
        self.figures: list[str] = []
        low = text.lower().replace("’", "'")
        self.order = Order(low if len(low) == len(text) else "")
        self.text = self._plainly(text)
        self.words: list[Word] = words_of(self.text)
        self.titled = sum(word.text[:1].isupper() for word in self.words) > 0.5 * len(self.words)
        self.found = Gathering()
        self.given = Qualities()
        self.absent: set[str] = set()
        self.loose: list[str] = []
        self.unknown: list[str] = []
        self.crowd = False
        self.who: str | None = None
        self.subjects: list[str] = []
        self.last: str | None = None
        self.link: Link | None = None
        self.verb: Sense | None = None
        self.joined = False
        self.about = False
        self.negated = False
        self.moments: list[list[str]] = [[]]
        self.whens: list[When | None] = [None]
        self._spots: list[list[int]] = [[]]
        self._moment_of: dict[int, int] = {}
        self._cut = self._acted = -1
        self.deeds: list[Deed] = []
        self.verbal: list[Word] = []
        self._deed: tuple[int, tuple[str, ...], Pose] | None = None
        self._joint = -1
        self.at = 0

    def _plainly(self, text: str) -> str:
        """The text with figures of speech blanked, so that positions stay."""
        low = text.lower().replace("’", "'")
        if len(low) != len(text):
            return text
        blanked = list(text)
        for match in GENRES.finditer(low):
            blanked[match.start() : match.end()] = " " * (match.end() - match.start())
        for pattern in (*PATTERNS, SIMILE):
            for match in pattern.finditer(low):
                self.figures.append(text[match.start() : match.end()].strip())
                blanked[match.start() : match.end()] = " " * (match.end() - match.start())
        for start, end in self.order.blanks:
            blanked[start:end] = [" " if one.isalnum() else one for one in blanked[start:end]]
        return "".join(blanked)

    def pause(self, word: Word) -> None:
        """Before a word: the end of a sentence ends the clause, a comma lets a new noun begin."""
        if word.pause:
            self.done(word.at)
        if word.pause:
            self._cut = word.at
        if word.pause == ".":
            self._moment_of = {}
        if word.pause == ".":
            self.drop()
            self.subjects, self.last, self.link, self.verb = [], None, None, None
            self.joined = self.negated = self.about = False
        elif word.pause == ",":
            self.joined, self.link = True, None
            if not (self.given.colours or self.given.looks or self.given.size):
                self.given = Qualities(article=self.given.article, number=self.given.number)

    def mention(self, ref: str) -> None:
        """Note that this sentence, or this part of it, is about a ref."""
        self.about = self.about or self.person(ref)
        stretch = self.order.stretch(self.words[self.at].start) if self.words else 0
        if stretch not in self._moment_of:
            self._open(stretch)
        number = self._moment_of[stretch]
        if ref not in self.moments[number]:
            self.moments[number].append(ref)
            self._spots[number].append(self.at)

    def part(self, kind: str, length: int) -> None:
        """Before a second hour, or weather, of a sentence: “at dawn he leaves, at night he returns” is two moments."""
        stretch = self.order.stretch(self.words[self.at].start)
        number = self._moment_of.get(stretch)
        if number is None:
            return
        refs, spots = self.moments[number], self._spots[number]
        skies = [spot for ref, spot in zip(refs, spots, strict=True) if ref.startswith("sky-") and self._sky(ref, kind)]
        after = self.at + length
        goes_on = after < len(self.words) and not self.words[after].pause and self.words[after].plain not in _ENDS
        if not skies or max(skies) >= self._cut or not (goes_on or self._acted >= self._cut):
            return
        kept = sum(spot < self._cut for spot in spots)
        self._open(stretch)
        self.moments[-1], self.moments[number] = refs[kept:], refs[:kept]
        self._spots[-1], self._spots[number] = spots[kept:], spots[:kept]

    def _sky(self, ref: str, kind: str) -> bool:
        return bool(getattr(self.found.skies[int(ref[4:])], kind))

    def acts(self, at: int) -> None:
        """Note the place of a verb."""
        self._acted = at

    def _open(self, stretch: int) -> None:
        self._moment_of[stretch] = len(self.moments)
        self.moments.append([])
        self._spots.append([])
        self.whens.append(self.order.when(stretch))

    def joint(self, at: int) -> None:
        """Note where a part of the sentence begins."""
        self.joined, self._joint, self._cut = True, at, at

    def does(self, at: int, refs: tuple[str, ...], pose: Pose) -> None:
        """Note that a verb begins here."""
        begun = self._deed[0] if self._deed else at
        self.done(self._joint if self._joint > begun else at)
        self._deed = (at, refs, pose)

    def done(self, end: int) -> None:
        """Note that the words of a verb end before a word."""
        if self._deed is None:
            return
        start, refs, pose = self._deed
        self._deed = None
        end = min(end, len(self.words))
        while end > start + 1 and self.words[end - 1].plain in _TRAILING:
            end -= 1
        if refs and end > start:
            words = " ".join(self.text[self.words[start].start : self.words[end - 1].end].split())
            self.deeds.append(Deed(words, refs, pose, self.order.when(self.order.stretch(self.words[start].start))))

    def blank(self, at: int) -> None:
        """Note that a word is a verb here: a noun of its form suggests nothing."""
        match = match_at(self.words, at)
        if match is not None and match.length == 1 and match.sense(*NOUNS):
            self.verbal.append(self.words[at])

    def hints(self) -> str:
        """The text in lower case without nouns' words that are verbs."""
        low = self.text.lower()
        if len(low) == len(self.text):
            for word in self.verbal:
                low = f"{low[: word.start]}{' ' * (word.end - word.start)}{low[word.end :]}"
        return low

    def drop(self) -> None:
        """Adjectives without a noun: colours colour the whole."""
        self.loose += self.given.colours
        self.given = Qualities()

    def plain(self, at: int) -> str:
        """A word in lower case; empty beyond the text."""
        return self.words[at].plain if 0 <= at < len(self.words) else ""

    def match(self, at: int) -> Match | None:
        """What stands at a word, if no punctuation separates it from the word before."""
        return match_at(self.words, at) if at < len(self.words) and not self.words[at].pause else None

    def ends(self, at: int) -> bool:
        """Whether a noun phrase ends before a word."""
        if at >= len(self.words) or self.words[at].pause or self.words[at].plain in FUNCTION:
            return True
        match = self.match(at)
        return match is not None and match.sense("verb", "link") is not None and match.sense(*NOUNS) is None

    def phrase(self, at: int, length: int) -> str:
        """The artist's words of a noun with its adjectives."""
        first = self.given.start if 0 <= self.given.start <= at else at
        return self.text[self.words[first].start : self.words[at + length - 1].end]

    @property
    def wears(self) -> bool:
        """Whether the clause's verb says what someone has on."""
        return self.verb is not None and self.verb.phrase in _WEARING

    def person(self, ref: str | None) -> bool:
        """Whether a ref is a person's."""
        return ref is not None and ref in self.found.people

    def related(self, ref: str) -> None:
        """Join a new noun to the one that its preposition, or its verb, belongs to."""
        if self.link:
            anchor = self.last or (self.subjects[0] if self.subjects else None)
            if anchor:
                self.found.relate(anchor, self.link, ref)
        elif self.verb is not None and not self.joined and self.subjects:
            link = _VERB_LINKS.get(self.verb.phrase.split()[0], "beside")
            for one in self.subjects:
                self.found.relate(one, link, ref)
        else:
            self.subjects = [*self.subjects, ref] if self.joined and self.verb is None else [ref]
        if self.person(ref):
            self.who = ref
        self.mention(ref)
        self.last, self.link, self.joined = ref, None, False
        self.given = Qualities()

    def merged(self, facts: dict[str, Any]) -> dict[str, Any]:
        """Facts without empty ones."""
        return {name: value for name, value in facts.items() if value}
