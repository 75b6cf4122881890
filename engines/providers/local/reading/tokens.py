"""Words of a text, and their base forms."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from engines.providers.local.reading.words.plain import IRREGULAR

_TOKEN = re.compile(r"[^\W_]+(?:['’][^\W_]+)?|[.!?;:\n•*|/()]+|,|\s[-–—]+\s|[-–—]{2,}")
_PAST = {
    "sat": "sit", "stood": "stand", "ran": "run", "went": "go", "gone": "go", "came": "come", "rode": "ride",
    "ridden": "ride", "drove": "drive", "driven": "drive", "lay": "lie", "slept": "sleep", "wept": "weep",
    "held": "hold", "left": "leave", "met": "meet", "found": "find", "fell": "fall", "fallen": "fall", "flew": "fly",
    "flown": "fly", "sang": "sing", "sung": "sing", "swam": "swim", "wrote": "write", "wore": "wear", "kept": "keep",
    "danced": "dance", "rose": "rise", "leapt": "leap", "knelt": "kneel", "fought": "fight", "shone": "shine",
    "ate": "eat", "drank": "drink", "built": "build", "threw": "throw", "lying": "lie", "dying": "die", "lies": "lie",
    "dies": "die", "took": "take", "gave": "give", "brought": "bring", "read": "read", "tied": "tie", "swung": "swing",
    "sank": "sink", "spun": "spin", "fled": "flee", "lit": "light", "dreamt": "dream", "woke": "wake", "tying": "tie",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A word: as written, in lower case, its place; `pause` is the punctuation before it: "", "," or "."."""

    text: str
    plain: str
    at: int
    start: int
    end: int
    pause: str = ""


def words_of(text: str) -> list[Word]:
    """The words; hyphens separate, “fisherman's” is “fisherman” and “'s”."""
    return list(_words(text))


def _words(text: str) -> Iterator[Word]:
    pause, at = ".", 0
    for match in _TOKEN.finditer(text):
        token = match.group()
        if not token[0].isalnum():
            pause = "," if (token == "," and pause != ".") else ("." if token.strip() != "," else pause)
            continue
        body, mark, tail = token.replace("’", "'").partition("'")
        yield Word(body, body.lower(), at, match.start(), match.start() + len(body), pause)
        pause, at = "", at + 1
        if mark:
            yield Word(tail, f"'{tail.lower()}", at, match.start() + len(body), match.end(), "")
            at += 1


@lru_cache(maxsize=8192)
def singulars(word: str) -> tuple[str, ...]:
    """What a word may be the plural of, the word itself first."""
    if word in IRREGULAR:
        return (word, IRREGULAR[word])
    return _stripped(word)


def _stripped(word: str) -> tuple[str, ...]:
    forms = [word]
    if len(word) > 3 and word.endswith("ies"):
        forms.append(f"{word[:-3]}y")
    if len(word) > 3 and word.endswith(("ses", "xes", "zes", "ches", "shes", "oes")):
        forms.append(word[:-2])
    if len(word) > 2 and word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    return tuple(forms)


@lru_cache(maxsize=8192)
def infinitives(word: str) -> tuple[str, ...]:
    """What a word may be a form of as a verb."""
    if word in _PAST:
        return (_PAST[word], word)
    forms = [word, *(form for form in _stripped(word) if form != word)]
    for ending in ("ing", "ed"):
        stem = word.removesuffix(ending)
        if stem != word and len(stem) > 1:
            forms += [stem, f"{stem}e"]
            if len(stem) > 2 and stem[-1] == stem[-2]:
                forms.append(stem[:-1])
            if ending == "ed" and stem.endswith("i"):
                forms.append(f"{stem[:-1]}y")
    return tuple(forms)
