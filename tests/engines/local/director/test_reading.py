"""What a brief says of places, also without naming one."""

import pytest

from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.reading import read_text
from engines.providers.local.director.vision import place_of
from engines.providers.local.director.words import IMPLIED
from tests.engines.local.director.conftest import StoryMaker


@pytest.mark.parametrize(
    ("prompt", "implied"),
    [
        ("A knight rides home through falling leaves.", ("mountains", "field", "forest")),
        ("The last sailor and a whale", ("sea",)),
        ("She leaves him", ()),
    ],
)
def test_things_imply_places(prompt: str, implied: tuple[str, ...]) -> None:
    reading = read_text(prompt)
    assert reading.places == ()
    assert reading.implied == implied


def test_home_is_a_place_where_somebody_is_and_a_direction_where_somebody_goes() -> None:
    assert read_text("He walks home in the rain").places == ()
    assert [place.kind for place in read_text("She dances in her home").places] == ["room"]


def test_a_brief_with_places_enough_is_not_mixed_with_the_presets(story: StoryMaker) -> None:
    treatment = story("A knight rides home through falling leaves.", style="anime-shonen").treatment
    assert [place_of(location) for location in treatment.locations] == ["mountains", "field", "forest"]


def test_implied_places_come_before_the_presets(story: StoryMaker) -> None:
    treatment = story("The last sailor and a whale", style="anime-shonen").treatment
    assert place_of(treatment.locations[0]) == "sea"
    assert len(treatment.locations) > 3


def test_every_implied_place_is_one_that_the_director_knows() -> None:
    assert set(IMPLIED) <= set(SETTINGS)


@pytest.mark.parametrize(
    ("prompt", "things"),
    [
        ("A courier crosses a rainy neon city.", ()),
        ("A neon sign over the city.", ("A neon sign",)),
        ("A fox in a field of lanterns.", ("lanterns",)),
    ],
)
def test_what_only_describes_a_place_is_no_thing(prompt: str, things: tuple[str, ...]) -> None:
    assert read_text(prompt).things == things
