"""The brief in pictures: its order, every noun, its weather over time, and nothing that it does not ask for."""

import pytest

from engines.providers.local.director.colours import NAMES
from engines.providers.local.director.places import SETTINGS
from engines.providers.local.director.words import LIGHTS, MOODS, TIME_PHRASES, WEATHER_PHRASES
from engines.providers.local.reading import read_words
from engines.providers.local.reading.words.places import BRINGS
from models.storyboard import Framing
from tests.engines.local.director.conftest import StoryMaker

HARBOUR = (
    "An old fisherman in a red boat leaves a small harbour with a white lighthouse. "
    "His granddaughter waves from the pier. Storm clouds, then sunlight."
)


def test_every_noun_is_in_scenes_and_the_treatment_says_in_which_sections(story: StoryMaker) -> None:
    told = story(HARBOUR, style="golden-hour")
    for noun in ("fisherman", "red boat", "small harbour", "white lighthouse", "granddaughter", "pier"):
        assert sum(noun in prompt.image_prompt for prompt in told.prompts) >= 4, noun
    assert [(promise.words, bool(promise.sections)) for promise in told.treatment.promises] == [
        ("An old fisherman", True),
        ("a red boat", True),
        ("a small harbour", True),
        ("a white lighthouse", True),
        ("His granddaughter", True),
        ("the pier", True),
    ]


def test_company_stays_where_the_brief_has_it(story: StoryMaker) -> None:
    told = story(HARBOUR, style="golden-hour")
    together = [
        one.image_prompt
        for one in told.prompts
        if "fisherman" in one.image_prompt and "and his grand" in one.image_prompt
    ]
    assert together
    assert all("on the pier" in words for words in together)


def test_storm_is_the_first_half_and_sunlight_the_second(story: StoryMaker) -> None:
    weathers = [shot.weather for shot in story(HARBOUR, style="golden-hour").shots]
    first = weathers.index("clear")
    assert set(weathers[:first]) == {"storm"}
    assert set(weathers[first:]) == {"clear"}
    assert 0.35 < first / len(weathers) < 0.65


def test_nothing_is_added_that_the_brief_does_not_ask_for(story: StoryMaker) -> None:
    told = story(HARBOUR, style="golden-hour")
    for prompt in told.prompts:
        seen = read_words(prompt.image_prompt.partition("mm lens")[0])
        assert {person.role for person in seen.people} <= {"fisherman", "granddaughter"}, prompt.image_prompt
        assert {item.name for item in seen.items} <= {"boat", "lighthouse", "pier"}, prompt.image_prompt
        assert {place.place for place in seen.places} == {"harbour"}


def test_every_subject_is_seen_close_medium_and_wide(story: StoryMaker) -> None:
    told = story(HARBOUR, style="golden-hour")
    sizes = {shot.framing for shot in told.shots if shot.character_ids[:1] == ("character-1",)}
    assert {Framing.CLOSE_UP, Framing.FULL} <= sizes
    assert sizes & {Framing.WIDE, Framing.EXTREME_WIDE}
    boat = {shot.framing for shot in told.shots if not shot.character_ids and "boat" in shot.things[0]}
    assert {Framing.DETAIL, Framing.MEDIUM} <= boat


def test_a_brief_without_people_has_none(story: StoryMaker) -> None:
    told = story("Mirrors, a heart, an eye. No people.")
    assert not any(read_words(prompt.image_prompt.partition("mm lens")[0]).people for prompt in told.prompts)
    assert all("people" in prompt.negative_prompt for prompt in told.prompts)


def test_words_that_are_not_understood_are_told(story: StoryMaker) -> None:
    promises = {one.words: one.why for one in story("A zorbule and her heart of stone.").treatment.promises}
    assert promises == {"heart of stone": "a figure of speech", "zorbule": "not understood"}


@pytest.mark.parametrize(
    "words",
    [
        *(phrase for phrases in LIGHTS.values() for phrase in phrases),
        *(f"{name} against black" for name in NAMES),
        *(mood for moods in MOODS.values() for mood in moods.values()),
    ],
)
def test_the_directors_own_words_draw_nothing(words: str) -> None:
    # As they stand in a prompt, and as a sentence of their own: a capital makes no name of a mood.
    for text in (words, f"{words[0].upper()}{words[1:]}; green and ivory against black."):
        seen = read_words(text)
        assert not [*seen.people, *seen.items, *(one for one in seen.places if not one.implied)], text
        assert not seen.crowd


def test_the_directors_words_for_hours_weather_and_places_are_read_as_they_are_meant() -> None:
    for time, phrases in TIME_PHRASES.items():
        assert {read_words(phrase).skies[0].time for phrase in phrases} == {time}
    for weather, pair in WEATHER_PHRASES.items():
        assert {read_words(phrase).skies[0].weather for phrase in pair} == {weather}
    for place, setting in SETTINGS.items():
        seen = read_words(f"{setting.preposition} {setting.name}")
        assert seen.places[0].place == place
        assert {item.name for item in seen.items} <= set(BRINGS.get(place, ()))
