"""Reads a prompt: who does what, where, when, in which weather, and which things are about."""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from engines.providers.local.painter.lexicon import (
    KINDS,
    MANY,
    PLACES,
    POSES,
    THINGS,
    TIMES,
    TWO,
    WEATHERS,
    Kind,
    Place,
    Pose,
    Thing,
    Time,
    Weather,
)
from engines.providers.local.painter.noise import rng_for
from models.storyboard import Framing, ScenePrompt
from models.styles import STYLES

K = TypeVar("K")

_ABSENT = re.compile(r"\b(?:no|without|empty of|not a|nobody|never)\s+(?:\w+\s+){0,1}\w+")
_BEHIND = re.compile(r"\b(?:from behind|back to (?:us|the camera)|from the back|facing away)\b")
_LIFT = {
    "intro": 0.1,
    "verse": 0.35,
    "pre-chorus": 0.6,
    "chorus": 0.95,
    "bridge": 0.5,
    "instrumental": 0.65,
    "breakdown": 0.25,
    "outro": 0.15,
}


@dataclass(frozen=True)
class Figure:
    """Somebody in the picture; the same seed is the same person in every picture. `behind`: seen from behind."""

    kind: Kind
    pose: Pose
    seed: int
    behind: bool = False


@dataclass(frozen=True)
class Subject:
    """What a prompt asks to see.

    Attributes:
        lift: 0…1, how much light, colour and movement the music asks for: an intro is low, a chorus high.
        key: Seed of everything that the words leave open.
    """

    place: Place
    time: Time
    weather: Weather
    figures: tuple[Figure, ...]
    crowd: bool
    things: tuple[Thing, ...]
    framing: Framing
    lift: float
    key: str

    def has(self, thing: Thing) -> bool:
        """Whether the words name a thing."""
        return thing in self.things


def read(prompt: ScenePrompt) -> Subject:
    """What a prompt asks to see.

    Args:
        prompt: The scene's prompt with its framing, energy, section and cast.

    Returns:
        The subject. Where the words are silent, their hash decides.
    """
    text = prompt.image_prompt.lower()
    # The preset's own words speak of reflections and haze in every scene; the look already knows.
    for style in STYLES:
        if style.slug == prompt.style:
            text = text.replace(style.style_words.lower(), " ")
    text = _ABSENT.sub(" ", text)
    key = f"{prompt.seed}|{prompt.framing.value}|{text}"
    chance = rng_for(key, "reading")
    things = tuple(_found(text, THINGS))
    kinds = _found(text, KINDS)
    places = _found(text, PLACES)
    weather: Weather = next(iter(_found(text, WEATHERS)), "clear" if chance.random() < 0.6 else "clouds")
    time: Time = next(iter(_found(text, TIMES)), _TIMES_BY_CHANCE[int(chance.integers(len(_TIMES_BY_CHANCE)))])
    place = places[0] if places else _PLACES_BY_CHANCE[int(chance.integers(len(_PLACES_BY_CHANCE)))]
    words = set(re.findall(r"\w+", text))
    seeds = list(prompt.cast_seeds)
    if not seeds and kinds:
        seeds = [int(rng_for(prompt.seed if kinds[0] == "person" else 0, kinds[0]).integers(2**31))]
    if words & TWO and len(seeds) == 1:
        seeds.append(seeds[0] + 1)
    if not kinds:
        kinds = ["person"]
    pose: Pose = next(iter(_found(text, POSES)), "walk" if chance.random() < 0.4 else "stand")
    lift = 0.6 * _LIFT.get(prompt.section, 0.4) + 0.4 * prompt.energy
    return Subject(
        place=place,
        time=time,
        weather=weather,
        figures=tuple(
            Figure(kinds[min(i, len(kinds) - 1)], pose, seed, _BEHIND.search(text) is not None)
            for i, seed in enumerate(seeds[:3])
        ),
        crowd=bool(words & MANY),
        things=things,
        framing=prompt.framing,
        lift=lift,
        key=key,
    )


_PLACES_BY_CHANCE: tuple[Place, ...] = ("street", "skyline", "field", "sea", "mountains", "road", "desert", "forest")
_TIMES_BY_CHANCE: tuple[Time, ...] = ("day", "golden", "dusk", "night")


def _found(text: str, table: dict[K, str]) -> list[K]:
    """The table's entries that the text names, the first named first; of two phrases at one place the longer wins."""
    phrases = _phrases(tuple(table.items()))
    words = _WORD.findall(text)
    hits: dict[K, tuple[int, int]] = {}
    for start in range(len(words)):
        for length in range(min(_LONGEST, len(words) - start), 0, -1):
            for entry in phrases.get(" ".join(words[start : start + length]), ()):
                hits.setdefault(entry, (start, -length))
    return sorted(hits, key=lambda entry: hits[entry])


_WORD = re.compile(r"\w+")
_LONGEST = 4  # words in the lexicon's longest phrase


@lru_cache(maxsize=16)
def _phrases(table: tuple[tuple[K, str], ...]) -> dict[str, tuple[K, ...]]:
    found: dict[str, tuple[K, ...]] = {}
    for entry, listed in table:
        for phrase in listed.split(","):
            key = " ".join(_WORD.findall(phrase))
            found[key] = (*found.get(key, ()), entry)
    return found
