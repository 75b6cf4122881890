"""Characters: who is in the video, and a look that is described once and then stays."""

import re
from collections.abc import Sequence
from random import Random

from engines.providers.local.director.chance import chance, number
from engines.providers.local.director.fitting import within
from engines.providers.local.director.reading import Phrase, kind_of
from engines.providers.local.painter.lexicon import MANY, TWO, Kind
from models.brief import Brief
from models.treatment import Character
from models.vault import CHARACTER_DESCRIPTION_MAX_CHARS, CHARACTER_NAME_MAX_CHARS

_MOST = 3
_FULL_DESCRIPTION_WORDS = 6

# No word here may say an hour, a weather or a thing: a coat that is “dark” makes it night.
_LOOKS: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "person": (
        ("cropped hair", "long loose hair", "a shaved head", "braided hair", "wet curly hair", "a blunt fringe"),
        ("a long {} coat", "a {} jacket", "a {} raincoat", "a loose {} suit", "a {} sweater", "a hooded {} top"),
    ),
    "android": (
        ("seams of light along the jaw", "a cracked porcelain face", "cables for hair", "a transparent visor"),
        ("{} plating", "a {} chassis", "a tattered {} cloak", "a {} carbon shell"),
    ),
    "astronaut": (
        ("a scratched visor", "a mirrored visor", "a fogged visor"),
        ("a {} pressure suit", "a patched {} suit", "a white suit with {} stripes"),
    ),
    "animal": (
        ("a torn ear", "a white blaze", "a scar across the muzzle", "a thick ruff"),
        ("{} fur", "a {} scarf", "a {} collar"),
    ),
    "bird": (("ragged wings", "a long tail", "a hooked beak"), ("{} feathers", "{} plumage")),
}
_NUMBERS = frozenset({"two", "three", "four", "five", "several", "many", "both"})
_COMPANIONS: tuple[str, ...] = ("a stranger", "a rival", "a lover", "a child")


def make_cast(
    brief: Brief, subjects: Sequence[Phrase], spare: Sequence[Phrase], colours: Sequence[str], key: str
) -> tuple[Character, ...]:
    """One to three characters.

    Args:
        brief: Its locked characters come first, as they are, in the parts of those whom the brief names first.
        subjects: Whom the brief names.
        spare: Whom the preset names; its lead stands in where the brief names no being that can be drawn.
        colours: Words for clothes.
        key: Of the video.

    Returns:
        Characters with a fixed look.
    """
    characters = [_locked(character) for character in brief.characters[:_MOST]]
    wanted = list(subjects[len(characters) : _MOST])
    rng = chance(key, "cast")
    if not characters:
        if not any(subject.kind for subject in wanted):
            wanted += [subject for subject in spare if subject.kind][:1]
        if len(wanted) < 2 and not _complete(wanted[0].text if wanted else ""):
            wanted.append(Phrase("person", rng.choice(_COMPANIONS)))
    shuffled = rng.sample(list(colours), len(colours))
    for place, subject in enumerate(wanted[:_MOST], len(characters)):
        look = within(_described(subject, shuffled[place % len(shuffled)], rng), CHARACTER_DESCRIPTION_MAX_CHARS)
        character_id = f"character-{place + 1}"
        characters.append(
            Character(
                character_id=character_id, name=within(_name(subject.text), CHARACTER_NAME_MAX_CHARS), description=look
            )
        )
    return tuple(characters[:_MOST])


def cast_seed(brief: Brief, character: Character) -> int | None:
    """The number by which a figure is drawn, or None for what has no body to draw.

    A locked character's comes from its id alone, so it is the same in every video; others are new in each.
    """
    if character.character_id in brief.character_ids:
        return number(character.character_id)
    if kind_of(character.description) is None:
        return None
    return number(brief.seed, brief.prompt, character.character_id, character.description)


def short_name(character: Character) -> str:
    """How to call a character that the camera has met: its words without the look that was added."""
    if character.reference_keys:
        return character.name  # given by the artist, so it is written as it stands
    return character.name[0].lower() + character.name[1:]


def _locked(character: Character) -> Character:
    """A character from the Vault; the painter must read from its words that somebody is there."""
    if kind_of(character.description) is not None:
        return character
    return character.model_copy(update={"description": f"a person, {_lowered(character.description)}"})


def _described(subject: Phrase, colour: str, rng: Random) -> str:
    text = _lowered(subject.text)
    kind = kind_of(text)
    if kind is None or _plural(text) or len(text.split()) >= _FULL_DESCRIPTION_WORDS:
        return text
    features, clothes = _LOOKS[kind]
    feature, garment = rng.choice(features), _with_article(rng.choice(clothes).format(colour))
    wears = "in" if kind in ("person", "astronaut") else "and"
    if " in " in text or " with " in text:
        return text
    return f"{text} with {feature} {wears} {garment}"


def _plural(text: str) -> bool:
    return bool(set(text.lower().split()) & (MANY | TWO | _NUMBERS))


def _with_article(garment: str) -> str:
    return re.sub(r"^a (?=[aeiou])", "an ", garment)


def _complete(text: str) -> bool:
    """Whether nobody should join: there are several already, or somebody is alone on purpose."""
    return _plural(text) or bool(set(text.lower().split()) & {"lone", "lonely", "alone", "solitary", "last", "only"})


def _name(text: str) -> str:
    words = text.split()
    if words[0].lower() in ("a", "an"):
        words[0] = "the"
    name = " ".join(words)
    return name[0].upper() + name[1:]


def _lowered(text: str) -> str:
    """“A girl” in the middle of a sentence; names keep their capitals."""
    first = text.split(maxsplit=1)[0]
    return (
        text[0].lower() + text[1:] if first in ("A", "An", "The", "Two", "Three", "Four", "His", "Her", "My") else text
    )
