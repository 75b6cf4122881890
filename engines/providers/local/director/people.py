"""Characters: the video's cast, with looks that are described once and then stay."""

from collections.abc import Sequence

from engines.providers.local.director.chance import chance, number
from engines.providers.local.director.fitting import within
from engines.providers.local.director.story import Story
from engines.providers.local.director.wardrobe import described, lowered
from engines.providers.local.reading import Person, read_words
from models.brief import Brief
from models.treatment import Character
from models.vault import CHARACTER_DESCRIPTION_MAX_CHARS, CHARACTER_NAME_MAX_CHARS

_MOST = 3


def make_cast(brief: Brief, story: Story, colours: Sequence[str], key: str) -> tuple[Character, ...]:
    """One to three characters.

    Args:
        brief: Its locked characters come first, unchanged, in the parts that the brief names first.
        story: The people that the brief names; without any, its first thing or place leads.
        colours: Names of colours for clothes of which the brief says nothing.
        key: The video's key.

    Returns:
        Characters with a fixed look.
    """
    characters = [_locked(character) for character in brief.characters[:_MOST]]
    parts = parts_of(brief, story)
    for person in story.told.people:
        if len(characters) >= _MOST or parts.get(person.ref) in {one.character_id for one in characters}:
            continue
        look = described(person, colours, chance(key, "look", person.ref))
        characters.append(
            Character(
                character_id=parts[person.ref],
                name=within(_name(person), CHARACTER_NAME_MAX_CHARS),
                description=within(look, CHARACTER_DESCRIPTION_MAX_CHARS),
            )
        )
    if not characters:
        characters.append(_thing(story))
    return tuple(characters)


def parts_of(brief: Brief, story: Story) -> dict[str, str]:
    """Who plays whom: a character's id for each person of the brief.

    A locked character plays the person of its own name, else the first free one.
    """
    parts: dict[str, str] = {}
    free = [one.ref for one in story.told.people]
    waiting = []
    for character in brief.characters[:_MOST]:
        words = {character.name.lower(), character.name.lower().split()[0] if character.name.split() else ""}
        ref = next(
            (one.ref for one in story.told.people if one.ref in free and one.name.lower() in words and one.name), ""
        )
        if ref:
            parts[ref] = character.character_id
            free.remove(ref)
        else:
            waiting.append(character)
    for character in waiting:
        parts[free.pop(0) if free else f"locked-{character.character_id}"] = character.character_id
    for ref in free:
        parts[ref] = f"character-{int(ref.rpartition('-')[2]) + 1}"
    return parts


def cast_seed(brief: Brief, character: Character) -> int | None:
    """The number that determines a figure's looks; None for a thing without a body.

    A locked character's comes from its id alone, so that it is the same in every video; others are new in each.
    """
    if character.character_id in brief.character_ids:
        return number(character.character_id)
    if not read_words(character.description).people:
        return None
    return number(brief.seed, brief.prompt, character.character_id, character.description)


def short_name(character: Character) -> str:
    """A character's name once introduced: its words without the added look."""
    if character.reference_keys:
        return character.name  # given by the artist, so it stays as written
    return character.name[0].lower() + character.name[1:] if character.name.startswith("The ") else character.name


def _locked(character: Character) -> Character:
    """A character from the Vault, worded so that the painter sees a being in it."""
    if read_words(character.description).people:
        return character
    return character.model_copy(update={"description": f"a person, {lowered(character.description)}"})


def _thing(story: Story) -> Character:
    """The lead of a story without people: its first animal or thing, else its first place."""
    if story.told.items:
        words = lowered(story.told.items[0].words)
    else:
        words = lowered(next((said for said in story.places.values() if said), f"the {next(iter(story.places))}"))
    return Character(
        character_id="character-1",
        name=within(_titled(words), CHARACTER_NAME_MAX_CHARS),
        description=within(words, CHARACTER_DESCRIPTION_MAX_CHARS),
    )


def _name(person: Person) -> str:
    if person.name:
        return person.name
    return _titled(lowered(person.words))


def _titled(words: str) -> str:
    parts = words.split()
    if parts[0] in ("a", "an"):
        parts[0] = "the"
    name = " ".join(parts)
    return name[0].upper() + name[1:]
