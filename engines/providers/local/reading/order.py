"""Words that say when in the video something is seen: “at first”, “in the last chorus”, “until”, “at the end”."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

from engines.providers.local.reading.facts import Side, When
from engines.providers.local.reading.words.sky import TIMES, WEATHERS

_SONG = r"(?:the |this |our )?(?:whole )?(?:song|video|film|movie|story|clip|track|music|tune|piece|it all|everything)"
_NOT_OF = rf"(?!\s+of\s+(?!{_SONG}\b))"
"""Not “at the end of the street”."""
_PART = (
    r"(?P<part>pre-?chorus(?:es)?|verses?|chorus(?:es)?|refrains?|hook|bridge|intro(?:duction)?|outro|coda|drops?|"
    r"breakdown|solo|instrumental)"
)
_NTH = r"(?:(?P<nth>first|1st|opening|second|2nd|third|3rd|fourth|4th|fifth|last|final|closing|every|each|all)\s+)?"
_NUMBERS = {
    "first": 1, "1st": 1, "opening": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4, "fifth": 5,
    "last": -1, "final": -1, "closing": -1,
}  # fmt: skip
_PARTS = {
    "refrain": "chorus", "hook": "chorus", "drop": "chorus", "introduction": "intro", "coda": "outro",
    "solo": "instrumental", "prechorus": "pre-chorus",
}  # fmt: skip
_SIDES: dict[str, Side] = {
    "until": "before", "till": "before", "before": "before", "after": "after", "from": "from", "since": "from",
}  # fmt: skip
_IN_PART = re.compile(
    r"\b(?P<how>in|during|for|on|at|with|by|through|throughout|until|till|before|after|from|since|when|as|once)\s+"
    rf"(?:the\s+)?{_NTH}{_PART}(?:\s+(?P<number>\d))?\b"
    r"(?:\s+(?P<onwards>on|onwards?)\b|\s+(?:starts|begins|comes|hits|kicks in|arrives|drops|sets in)(?:\s+in)?\b)?"
)
_LABEL = re.compile(
    rf"(?:^|(?<=[.;!?\n])|(?<=[.;!?\n] ))\s*(?:the\s+)?{_NTH}{_PART}(?:\s+(?P<number>\d))?\s*(?::|\s[-–—]+\s)", re.M
)
_SHOT = r"(?:scenes?|shots?|moments?|seconds?|minutes?|images?|frames?|pictures?)"
_WHOLE = r"(?:it|we|all|everything|(?:the|this|our) (?:video|film|story|clip|song|movie|night|day|tale))"
_AT_CLAUSE = r"(?:(?:^|[.;,\n:]|\b(?:and|but|then))\s*)"
_NO_LIGHT = r"(?!\s+(?:light|sight|glance|dawn|hand|snowfall|frost|call|breath|rays?|sun)\b)"
_WITH = r"(?:with|in|on|at|as|under|over|by|outside|inside)\b"
_AHEAD = rf"(?= {_WITH})"
_FIXED: tuple[tuple[str, When | None], ...] = (
    # Nothing of these is a moment of its own.
    (rf"\b(?:from (?:the )?(?:beginning|start|first)(?: shot| scene)? (?:to|until|till) (?:the )?(?:end|last|"
     rf"finish)(?: shot| scene)?|(?:until|till|to) the (?:very )?(?:end|last){_NOT_OF}{_NO_LIGHT}|"
     rf"from the (?:start|beginning){_NOT_OF}|all the way through|throughout(?: {_SONG})?|from start to finish)\b",
     None),
    (rf"\b(?:at (?:the )?(?:very )?(?:first|beginning|start|outset)|in the beginning|to begin with|to start with|"
     rf"initially|first of all)\b{_NO_LIGHT}{_NOT_OF}(?:\s+of\s+{_SONG}\b)?", When(0.0, 0.25)),
    (rf"\b(?:in|during|for|at|on) the (?:first|opening) (?:few )?{_SHOT}\b(?:\s+of\s+{_SONG}\b)?", When(0.0, 0.2)),
    (rf"(?:{_AT_CLAUSE}|\b{_WHOLE} )(?:begins?|starts?|opens?|beginning|starting|opening){_AHEAD}",
     When(0.0, 0.25)),
    (r"(?:^|[.;\n])\s*first(?:ly)?\b(?=,|\s+(?:there|we|it|comes|only|just|a|an|the)\b)", When(0.0, 0.25)),
    (rf"\b(?:at|in|by|towards?|near|for) (?:the )?(?:very )?(?:end|finale|close|conclusion|ending){_NOT_OF}\b"
     rf"(?:\s+of\s+{_SONG}\b)?", When(0.8, 1.0)),
    (rf"\bat (?:long )?last\b{_NO_LIGHT}|\bfinally\b|\blastly\b|\bin the end\b", When(0.75, 1.0)),
    (rf"\b(?:in|during|for|at|on|with) the (?:final|last|closing) (?:few )?{_SHOT}\b(?:\s+of\s+{_SONG}\b)?",
     When(0.8, 1.0)),
    (rf"\bthe (?:very )?(?:final|last|closing) {_SHOT}(?=\s+(?:is|shows?|:|of))", When(0.8, 1.0)),
    (rf"(?:{_AT_CLAUSE}|\b{_WHOLE} )(?:ends?|ending|finish(?:es|ing)?|closes|closing|concludes?)"
     rf"(?: up)?{_AHEAD}", When(0.8, 1.0)),
    (rf"\bin the middle\b(?!\s+of\b)|\bin the middle of {_SONG}\b|\b(?:half ?way|midway)(?: through)?\b"
     rf"(?!\s+(?:up|down|to|across|between)\b)(?!\s+(?:the|a)\s+(?!song|video|film))(?:\s+{_SONG}\b)?",
     When(0.4, 0.65)),
    (rf"\bin the first half\b{_NOT_OF}(?:\s+of\s+{_SONG}\b)?", When(0.0, 0.5)),
    (rf"\bin the (?:second|other|latter) half\b{_NOT_OF}(?:\s+of\s+{_SONG}\b)?", When(0.5, 1.0)),
)  # fmt: skip
_FIXED_WORDS = tuple((re.compile(pattern, re.M), when) for pattern, when in _FIXED)
_UNTIL = re.compile(r"\b(?:until|till)\b(?=\s+\w)")
_THEN = re.compile(
    r"\b(?:and then|then|later on|later|afterwards?|after that|eventually|soon after|moments later|followed by)\b"
)
_BEFORE_OR_AFTER = re.compile(
    r"\b(?P<how>before|after)\s+(?:the |a |all |long |heavy |last |first |that )*"
    r"(?:rain|storm|snow|fog|mist|thunderstorm|blizzard|sandstorm|hurricane|tempest|downpour|snowstorm)\b"
)
_BREAK = re.compile(r"[.!?;:\n]+")
_COMMA = re.compile(r",|\s[-–—]+\s|[-–—]{2,}|\b(?:and|but|while|until|till)\b")
_ONLY_WORDS = re.compile(r"^[\s,]*(?:(?:and|but|so|then|now|or)\b[\s,]*)*$")
_SKY = "|".join(
    sorted((word for row in (*WEATHERS.values(), *TIMES.values()) for word in row.split(",")), key=len)[::-1]
)
_IN_SKY = re.compile(
    rf"\b(?:in|into|under|through|with|at|by|during)\s+(?:(?:a|an|the|heavy|deep|thick|bright)\s+)*(?:{_SKY})\s*$"
)
_UNTIL_SKY = re.compile(rf"\s+(?:(?:the|a|early|late|next)\s+)*(?:{_SKY})\b(?!\s+\w+s\b)")
_LATER = When(0.5, 1.0, soft=True)


@dataclass(frozen=True)
class Stretch:
    """A part of a text.

    Attributes:
        start: Its first character; it reaches to the next one's.
        when: When what it names is seen; None if only its place in the text says so.
        of: The start of the stretch that it goes on with after a few words of another one.
    """

    start: int
    when: When | None
    of: int


@dataclass(frozen=True)
class _Mark:
    start: int
    end: int
    when: When | None
    splits: bool = True
    blank: bool = True
    leads: bool = False


class Order:
    """The order words of a text.

    Args:
        text: In lower case.

    Attributes:
        text: The text with them blanked, so that positions stay: in “in the bridge” is no bridge.
    """

    def __init__(self, text: str) -> None:
        marks = _marks(text)
        blanked = list(text)
        for mark in marks:
            if mark.blank:
                blanked[mark.start : mark.end] = " " * (mark.end - mark.start)
        self.text = "".join(blanked)
        self.blanks = tuple((mark.start, mark.end) for mark in marks if mark.blank)
        self._stretches = _stretches(text, [mark for mark in marks if mark.splits])
        self._starts = [one.start for one in self._stretches]

    def stretch(self, at: int) -> int:
        """The number of the stretch of a character."""
        of = self._stretches[bisect_right(self._starts, at) - 1].of
        return bisect_right(self._starts, of) - 1

    def when(self, number: int) -> When | None:
        """When what a stretch names is seen."""
        return self._stretches[number].when


def _marks(text: str) -> list[_Mark]:
    """All order words; of those that overlap the first kind wins."""
    found: list[_Mark] = []
    for mark in (*_of_parts(text), *_fixed(text), *_around(text)):
        if not any(mark.start < other.end and mark.end > other.start for other in found):
            found.append(mark)
    return sorted(found, key=lambda mark: mark.start)


def _of_parts(text: str) -> Iterator[_Mark]:
    for match in _LABEL.finditer(text):
        yield _Mark(match.start(), match.end(), _part_of(match))
    songs = re.search(r"\b(?:verse|chorus|refrain|intro|outro)", text)
    for match in _IN_PART.finditer(text):
        how, part = match["how"], match["part"]
        # People stand on a bridge; a song's is one only beside other words of songs.
        placed = part == "bridge" and how not in ("in", "during", "for", "until", "till", "throughout")
        hung = part in ("hook", "solo") and how not in ("in", "during", "when", "until", "for")
        if not hung and (songs or not placed):
            yield _Mark(match.start(), match.end(), _part_of(match))


def _fixed(text: str) -> Iterator[_Mark]:
    for pattern, when in _FIXED_WORDS:
        leads = pattern.pattern.endswith((_AHEAD, "of))"))
        for match in pattern.finditer(text):
            yield _Mark(match.start(), match.end(), when, splits=when is not None, leads=leads)


def _around(text: str) -> Iterator[_Mark]:
    for match in _BEFORE_OR_AFTER.finditer(text):
        when = When(0.75, 1.0) if match["how"] == "before" else When(0.0, 0.25)
        yield _Mark(match.start(), match.start() + len(match["how"]), when)
    for match in _UNTIL.finditer(text):
        yield _Mark(match.start(), match.end(), When(0.6, 1.0))
    for match in _THEN.finditer(text):
        yield _Mark(match.start(), match.end(), _LATER, blank=False, leads=True)


def _part_of(match: re.Match[str]) -> When:
    part = match["part"].replace("choruses", "chorus")
    part = part if part.endswith("chorus") else part.removesuffix("s")
    number = int(match["number"]) if match["number"] else _NUMBERS.get(match["nth"] or "", 0)
    how = match.groupdict().get("how") or "in"
    side = "from" if match.groupdict().get("onwards") else _SIDES.get(how or "in", "in")
    return When(part=_PARTS.get(part, part), number=number, side=side)


def _stretches(text: str, marks: list[_Mark]) -> list[Stretch]:
    """What each mark is about: what follows it in its sentence, or the words before it where it ends a clause."""
    found: dict[int, tuple[When | None, int]] = {0: (None, 0)}
    breaks = [0, *(match.end() for match in _BREAK.finditer(text)), len(text)]
    labelled = [mark for mark in marks if text[mark.start : mark.end].rstrip().endswith((":", "-", "–", "—"))]
    for start in breaks[:-1]:
        label = next((mark for mark in reversed(labelled) if mark.end <= start), None)
        found[start] = (label.when if label else None, start)
    for mark in marks:
        first = max(point for point in breaks if point <= mark.start)
        last = min((point for point in breaks if point >= mark.end), default=len(text))
        before = [match.end() for match in _COMMA.finditer(text, first, mark.start)]
        clause = max([first, *before, *(one.end for one in marks if one.end <= mark.start and one.end >= first)])
        tail = text[mark.end : last]
        word = text[mark.start : mark.end]
        outer = found[max(point for point in found if point <= mark.start)]
        leads = mark.leads or bool(_ONLY_WORDS.match(text[clause : mark.start]))
        if leads or word in ("until", "till", "before", "after"):
            found[mark.start] = (mark.when, mark.start)
            short = _UNTIL_SKY.match(text, mark.end) if word != "after" or not leads else None
            if word in ("until", "till", "before", "after") and short:
                found[short.end()] = outer
            elif word == "after" and "," in tail:
                found[mark.end + tail.index(",")] = outer
            continue
        # “Snow falls at the end”: its clause; “she walks in the snow at the end”: the snow.
        sky = _IN_SKY.search(text, clause, mark.start)
        start = sky.start() if sky else clause
        found[start] = (mark.when, start)
        if not _ONLY_WORDS.match(tail):
            found.setdefault(mark.end, outer if start > first else (None, mark.end))
    return [Stretch(start, when, of) for start, (when, of) in sorted(found.items())]
