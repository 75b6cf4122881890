"""Words about the music. A picture model paints them as things: a chorus becomes a choir, a vocal a microphone."""

import re
from collections.abc import Iterable

from models.brief import Brief

_WORDS = re.compile(
    r"\b(bpm|tempos?|genres?|(?:pre-?)?chorus(?:es)?|verses?|refrains?|vocals?|vocalists?|lyrics?|lyricists?"
    r"|singers?|songs?|microphones?|mics?)\b",
    re.IGNORECASE,
)


def music_words(text: str, allowed: str = "") -> list[str]:
    """Words about the music in a text.

    Args:
        text: Words for a picture or a clip.
        allowed: The artist's own words, which are allowed.

    Returns:
        The words as written in the text, each once, in order.
    """
    own = {_stem(word) for word in _WORDS.findall(allowed)}
    return list(dict.fromkeys(word for word in _WORDS.findall(text) if _stem(word) not in own))


def artists_words(brief: Brief) -> str:
    """The artist's words: the prompt, and the names and looks of locked characters."""
    return " ".join([brief.prompt, *(f"{one.name} {one.description}" for one in brief.characters)])


def complaint_on(texts: Iterable[str], allowed: str) -> list[str]:
    """A complaint about words that speak of the music; empty if there are none."""
    found = music_words(" ".join(texts), allowed)
    words = ", ".join(found)
    return [f"{words}: words about the music are no picture; say what the camera sees instead."] if found else []


def _stem(word: str) -> str:
    low = word.lower()
    return low.removesuffix("es") if low.endswith("choruses") else low if low.endswith("chorus") else low.rstrip("s")
