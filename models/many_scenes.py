"""One change for several scenes: a word replaced in their prompts, a sentence added, or another scene's setting."""

import re

from pydantic import Field

from models.base import Model
from models.studio import StudioKind

MOST_SCENES = 40
"""Scenes that one request makes again: each is an operation of its own, and a run takes a hundred at once."""

CHANGE_MAX_CHARS = 300
_END = re.compile(r"[.!?…]['\"”’)]*$")


class ManyScenes(Model):
    """Several scenes to make again with one change: exactly one of `find`, `add` and `like`."""

    kind: StudioKind
    scenes: tuple[int, ...] = Field(description="their places, from 0")
    find: str = ""
    replace: str = ""
    add: str = ""
    like: int | None = Field(default=None, description="the place of the scene whose setting the others take")
    version: int | None = Field(default=None, description="the version that the places count in; none: the newest")
    quoted: int | None = Field(default=None, description="the sum that was shown; another sum now is refused")


def occurs(words: str, find: str) -> bool:
    """Whether a prompt has a word or phrase, in any case; “rain” is not in “train”."""
    return _pattern(find).search(words) is not None


def replaced(words: str, find: str, replace: str) -> str:
    """A prompt with a word or phrase replaced wherever it stands; a capital at its beginning stays one.

    Args:
        words: The prompt.
        find: A word or phrase, in any case.
        replace: The new one; empty: the word is left out.
    """

    def other(found: re.Match[str]) -> str:
        new = replace.strip()
        return new[:1].upper() + new[1:] if found[0][:1].isupper() else new

    changed = _pattern(find).sub(other, words)
    return changed if replace.strip() else re.sub(r" +([,.;:!?]|$)", r"\1", re.sub(r"  +", " ", changed)).strip()


def added(words: str, sentence: str) -> str:
    """A prompt with one more sentence at its end; a repetition adds nothing."""
    words, sentence = words.strip(), " ".join(sentence.split())
    if not _END.search(sentence):
        sentence += "."
    if words.endswith(sentence):
        return words
    end = "" if not words or _END.search(words) else "."
    return f"{words}{end} {sentence}".strip()


def _pattern(find: str) -> re.Pattern[str]:
    # Spaces of any kind and number stand for each other: a prompt may have line breaks.
    parts = [re.escape(part) for part in find.split()]
    return re.compile(r"(?<!\w)" + r"\s+".join(parts) + r"(?!\w)", re.IGNORECASE)
