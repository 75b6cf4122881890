"""The same person in every scene: who is drawn has one look, and no stranger joins."""

from collections import defaultdict

import pytest

from engines.providers.local.director.words import INDOOR_LIGHTS, LIGHTS
from engines.providers.local.painter.people.look import Look
from engines.providers.local.painter.reading import read
from engines.providers.local.painter.staging import cast_of
from engines.providers.local.reading import read_words
from tests.engines.local.director.conftest import StoryMaker

CAPTAIN = "an old captain with short grey hair in a dark blue coat and a white cap"
WOMAN = "a woman with long black hair in a red dress"


def worn(look: Look) -> tuple[object, ...]:
    colours = (look.skin, look.hair, look.upper, look.lower, look.detail, look.shoes)
    return (
        look.outfit,
        look.legs,
        look.hat,
        look.style,
        look.beard,
        look.glasses,
        *(tuple(one.tolist()) for one in colours),
    )


@pytest.mark.parametrize("light", [light for lights in (*LIGHTS.values(), INDOOR_LIGHTS) for light in lights])
@pytest.mark.parametrize("who", [CAPTAIN, WOMAN])
def test_words_for_light_change_nobody(who: str, light: str) -> None:
    plain = read_words(f"Full shot at the beach: {who}, in left profile.")
    lit = read_words(f"Full shot at the beach: {who}, in left profile. 35mm lens, {light}.")
    assert lit.people == plain.people


def test_looks_that_are_listed_go_on_in_fragments() -> None:
    (girl,) = read_words("A girl dances in a red dress. Old, pale, in black boots. White gloves, yellow flares.").people
    assert {one.name for one in girl.clothes} >= {"dress", "boots", "trousers"}
    assert girl.skin == "pale"
    assert read_words("A girl stands there, pale, in the snow.").people[0].skin == "pale"


@pytest.mark.parametrize(
    "brief",
    [
        "An old captain in a dark blue coat walks along the beach. His granddaughter in a red dress waves.",
        "A soldier in a green uniform walks home through the snow. His wife in a brown coat runs towards him.",
        "A detective in a grey hat follows a blonde woman in a red dress. She leaves a letter on the piano of a bar.",
        "A king in a red cloak stands on a castle wall. A girl in a yellow dress dances with him.",
    ],
)
@pytest.mark.parametrize("style", ["Golden Hour", "Neo Noir"])
def test_people_keep_their_looks_and_no_stranger_joins(story: StoryMaker, brief: str, style: str) -> None:
    roles = {one.role for one in read_words(brief).people}
    looks: dict[str, set[tuple[object, ...]]] = defaultdict(set)
    for prompt in story(brief, style=style).prompts:
        drawn = [
            (actor.figure.person.role, actor.look) for actor in cast_of(read(prompt)).actors if actor.figure.person
        ]
        assert len({role for role, _ in drawn}) == len(drawn), prompt.image_prompt
        for role, look in drawn:
            looks[role].add(worn(look))
    assert set(looks) == roles
    assert all(len(one) == 1 for one in looks.values()), {role: len(one) for role, one in looks.items()}


def test_who_leaves_a_letter_does_not_stand_on_it(story: StoryMaker) -> None:
    assert "on a letter" not in story("A detective follows a woman. She leaves a letter on the piano of a bar.").words


def test_players_keep_their_instruments(story: StoryMaker) -> None:
    told = story("A girl in a green coat plays guitar on a bench in the city.")
    playing = [prompt for prompt in told.prompts if "playing" in prompt.image_prompt]
    assert playing
    assert all("guitar" in dict(actor.holds) for prompt in playing for actor in cast_of(read(prompt)).actors)
