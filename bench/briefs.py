"""Forty briefs as artists write them, and what a viewer should see of each."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Wanted:
    """A brief and what should be seen.

    Attributes:
        nouns: `p:role` for people, `@place`, else a thing's name.
        looks: `(noun, attribute, value)`.
        weathers: The only ones that may be seen; empty: any.
    """

    style: str
    prompt: str
    nouns: tuple[str, ...]
    looks: tuple[tuple[str, str, str], ...]
    weathers: tuple[str, ...]


def _wanted(row: str) -> Wanted:
    style, prompt, nouns, looks, weathers = (part.strip() for part in row.split("|"))
    triples = [look.partition("=") for look in looks.split()]
    return Wanted(
        style,
        prompt,
        tuple(noun.replace("_", " ") for noun in nouns.split()),
        tuple((*left.rsplit(".", 1), right.replace("_", " ")) for left, _, right in triples),  # type: ignore[misc]
        tuple(weathers.split()),
    )


_FILE = Path(__file__).with_name("briefs.txt")
BRIEFS = tuple(_wanted(row) for row in _FILE.read_text(encoding="utf-8").splitlines() if not row.startswith("#"))
