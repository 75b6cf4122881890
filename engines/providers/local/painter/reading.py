"""A prompt as the painter sees it: the shared reading, with what the words leave open decided by chance."""

from dataclasses import dataclass

from engines.providers.local.painter.noise import rng_for
from engines.providers.local.reading import Person, Reading, read_words
from engines.providers.local.reading.facts import Time, Weather
from engines.providers.local.reading.looks import Kind
from engines.providers.local.reading.places import Place
from engines.providers.local.reading.poses import Pose
from models.storyboard import Framing, ScenePrompt
from models.styles import STYLES

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
_MOST_FIGURES = 5
_TURNED = 0.2
_VIEWS = {
    "left profile": (-1, 0.46), "right profile": (1, 0.46), "three-quarter view": (0, 0.34), "three quarter view": (0,
    0.34),
    "from the front": (0, 0.07),
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A person in the picture.

    Attributes:
        kind: What it is.
        pose: What it does.
        seed: The same seed is the same person in every picture.
        behind: Seen from behind.
        person: What the words say about it; None if it is known from the cast alone.
    """

    kind: Kind
    pose: Pose
    seed: int
    behind: bool = False
    person: Person | None = None


@dataclass(frozen=True)
class Subject:
    """The contents of a prompt.

    Attributes:
        lift: 0…1, the light, colour and movement that the music calls for: an intro is low, a chorus high.
        key: Seed of everything that the words leave open.
        words: What the prompt says, in full.
    """

    place: Place
    time: Time
    weather: Weather
    figures: tuple[Figure, ...]
    crowd: bool
    framing: Framing
    lift: float
    key: str
    words: Reading

    @property
    def view(self) -> tuple[int, float]:
        """Where a person faces, -1 left, 1 right, 0 left open; and how far its head turns aside, 0…0.5."""
        text = self.key.lower()
        return next((view for said, view in _VIEWS.items() if said in text), (0, _TURNED))

    def has(self, *things: str) -> bool:
        """Whether the words name one of these things."""
        return any(item.name in things for item in self.words.items)


def read(prompt: ScenePrompt) -> Subject:
    """The contents of a prompt.

    Args:
        prompt: The scene's prompt with its framing, energy, section and cast.

    Returns:
        The subject. The hash of the words decides what they leave open.
    """
    text = prompt.image_prompt
    # The style's own words mention reflections and haze in every scene; the look already knows them.
    for style in STYLES:
        if style.slug == prompt.style:
            text = _without(text, style.style_words)
    key = f"{prompt.seed}|{prompt.framing.value}|{text.lower()}"
    words = read_words(text)
    chance = rng_for(key, "reading")
    weathers = [sky.weather for sky in words.skies if sky.weather]
    times = [sky.time for sky in words.skies if sky.time]
    weather: Weather = weathers[0] if weathers else "clear" if chance.random() < 0.6 else "clouds"
    time: Time = times[0] if times else _TIMES_BY_CHANCE[int(chance.integers(len(_TIMES_BY_CHANCE)))]
    by_chance = _PLACES_BY_CHANCE[int(chance.integers(len(_PLACES_BY_CHANCE)))]
    spare: Pose = "walk" if chance.random() < 0.3 else "stand"
    lift = 0.6 * _LIFT.get(prompt.section, 0.4) + 0.4 * prompt.energy
    return Subject(
        place=words.places[0].place if words.places else by_chance,
        time=time,
        weather=weather,
        figures=_figures(words, prompt, spare),
        crowd=words.crowd,
        framing=prompt.framing,
        lift=lift,
        key=key,
        words=words,
    )


def _without(text: str, phrase: str) -> str:
    at = text.lower().find(phrase.lower())
    return text if at < 0 else f"{text[:at]} {text[at + len(phrase) :]}"


def _figures(words: Reading, prompt: ScenePrompt, spare: Pose) -> tuple[Figure, ...]:
    if words.empty:
        return ()
    seeds = prompt.cast_seeds
    figures: list[Figure] = []
    for person in words.people:
        for copy in range(person.count):
            figures.append(
                Figure(person.kind, person.pose or spare, _seed(prompt, person, copy), person.behind, person)
            )
    if not figures and not words.items:
        figures = [Figure("person", spare, seed) for seed in seeds]
    return tuple(figures[:_MOST_FIGURES])


def _seed(prompt: ScenePrompt, person: Person, copy: int) -> int:
    """A cast member's own number; someone else's follows from role and video, so that it stays the same person."""
    if person.slot < len(prompt.cast_seeds) and copy == 0:
        return prompt.cast_seeds[person.slot]
    base = prompt.cast_seeds[0] if prompt.cast_seeds else prompt.seed
    return int(rng_for(base, person.role, person.slot, copy).integers(2**31))


_PLACES_BY_CHANCE: tuple[Place, ...] = ("street", "skyline", "field", "sea", "mountains", "road", "desert", "forest")
_TIMES_BY_CHANCE: tuple[Time, ...] = ("day", "golden", "dusk", "night")
