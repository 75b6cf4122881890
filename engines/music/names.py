"""What a section does in the song: intro, verse, chorus, … from repetition, energy and place.

The rules are those that listeners name when asked (Bruderer, McKinney & Kohlrausch 2009; Nieto et al. 2020, section 2):
the chorus is what comes back with the most energy, the verse what comes back before it.
"""

from collections import defaultdict
from dataclasses import dataclass
from statistics import fmean

from models.song import SectionLabel

_QUIET = 0.4
_FAINT = 0.3
_BREAKDOWN_FALL = 0.25
_LONG_ENOUGH_BARS = 4


@dataclass(frozen=True)
class Part:
    """A section before it has a name.

    Attributes:
        letter: Equal letters are the same music.
        bars: Its length.
        energy: 0…1.
        melody: 0…1, how much of it something sings, relative to the song.
    """

    letter: str
    bars: int
    energy: float
    melody: float


def name_sections(parts: list[Part]) -> list[SectionLabel]:
    """Names of all sections.

    Args:
        parts: The sections in order.

    Returns:
        One name each.
    """
    if len(parts) == 1:
        return ["verse"]
    places: dict[str, list[int]] = defaultdict(list)
    for index, part in enumerate(parts):
        places[part.letter].append(index)
    chorus = _chorus_letter(parts, places)
    verse = _verse_letter(parts, places, chorus)
    before_chorus = _pre_chorus_letter(parts, places, chorus, verse)
    names: list[SectionLabel] = []
    for index, part in enumerate(parts):
        if part.letter == chorus:
            names.append("chorus")
        elif index == 0 and _frames_the_song(part, places, verse):
            names.append("intro")
        elif index == len(parts) - 1 and _frames_the_song(part, places, verse):
            names.append("outro")
        elif part.letter == verse:
            names.append("verse")
        elif part.letter == before_chorus:
            names.append("pre-chorus")
        else:
            names.append(_name_between(parts, index, len(places[part.letter]), names))
    return names


def strongest_chorus(parts: list[Part], names: list[SectionLabel]) -> int | None:
    """The chorus for a teaser: the loudest one long enough, a later one where they are alike."""
    choruses = [i for i, name in enumerate(names) if name == "chorus"]
    if not choruses:
        return None
    long = [i for i in choruses if parts[i].bars >= _LONG_ENOUGH_BARS] or choruses
    return max(long, key=lambda i: parts[i].energy + 0.05 * i / len(parts))


def _chorus_letter(parts: list[Part], places: dict[str, list[int]]) -> str | None:
    def weight(letter: str) -> float:
        own = places[letter]
        share = sum(parts[i].bars for i in own) / sum(part.bars for part in parts)
        energy = fmean(parts[i].energy for i in own)
        melody = fmean(parts[i].melody for i in own)
        # A song that starts with its most frequent music starts with the verse.
        early = 0.15 if own[0] == 0 else 0.0
        return energy + 0.1 * min(len(own), 4) + 0.3 * min(share, 0.4) + 0.3 * melody - early

    repeated = [letter for letter, own in places.items() if len(own) > 1]
    candidates = repeated or [p.letter for p in parts[1:-1] if p.bars >= _LONG_ENOUGH_BARS]
    return max(candidates, key=weight) if candidates else None


def _verse_letter(parts: list[Part], places: dict[str, list[int]], chorus: str | None) -> str | None:
    first_chorus = places[chorus][0] if chorus else len(parts)
    others = [letter for letter in places if letter != chorus]

    def weight(letter: str) -> float:
        own = places[letter]
        share = sum(parts[i].bars for i in own) / sum(part.bars for part in parts)
        faint_opening = own[0] == 0 and fmean(parts[i].energy for i in own) < _FAINT
        frame = 0.3 if faint_opening or own in ([0], [len(parts) - 1], [0, len(parts) - 1]) else 0.0
        melody = fmean(parts[i].melody for i in own)
        return share + 0.2 * (own[0] < first_chorus) + 0.1 * (len(own) > 1) + 0.4 * melody - frame

    return max(others, key=weight) if others else None


def _pre_chorus_letter(
    parts: list[Part], places: dict[str, list[int]], chorus: str | None, verse: str | None
) -> str | None:
    for letter, own in places.items():
        if letter in (chorus, verse) or len(own) < 2:
            continue
        leads = [i for i in own if i + 1 < len(parts) and parts[i + 1].letter == chorus]
        if len(leads) == len(own):
            return letter
    return None


def _frames_the_song(part: Part, places: dict[str, list[int]], verse: str | None) -> bool:
    if part.letter != verse or part.bars <= _LONG_ENOUGH_BARS:
        return True
    return len(places[part.letter]) > 2 and part.energy < _FAINT


def _name_between(parts: list[Part], index: int, occurrences: int, names: list[SectionLabel]) -> SectionLabel:
    part = parts[index]
    fall = parts[index - 1].energy - part.energy if index else 0.0
    if "chorus" in names and fall > _BREAKDOWN_FALL and part.energy < _QUIET:
        return "breakdown"
    if part.melody < _QUIET:
        return "instrumental"
    if "chorus" in names and occurrences == 1:
        return "bridge"
    return "verse" if "chorus" not in names else "instrumental"
