"""Order words: weather, hours and subjects come when the brief says."""

import pytest

from engines.providers.local.reading import read_words
from tests.engines.local.director.conftest import FORM, Storyboard, StoryMaker

LABELS = [label for label, *_ in FORM]
LAST_CHORUS = 8


def skies(told: Storyboard, kind: str) -> list[set[str]]:
    """Per section the weathers, or hours, of its own shots."""
    pairs = [
        (scene.section_index, str(getattr(shot, kind)))
        for scene, shot in zip(told.scenes, told.shots, strict=True)
        if scene.reprise_of is None
    ]
    return [{value for section, value in pairs if section == index} for index in range(len(FORM))]


def sections(told: Storyboard, noun: str) -> set[int]:
    """The sections whose pictures name a noun."""
    pairs = zip(told.scenes, told.prompts, strict=True)
    return {scene.section_index for scene, prompt in pairs if noun in prompt.image_prompt and scene.reprise_of is None}


@pytest.mark.parametrize(
    "brief",
    [
        "A girl walks through a city. Snow falls at the end.",
        "A girl walks through a city, and by the end it snows.",
        "At last it snows. A girl walks through a city.",
        "A girl walks through a city in the snow at the end.",
        "A girl walks through a city. The video closes in a blizzard.",
        "In the final scene it snows; a girl walks through a city.",
    ],
)
def test_what_comes_at_the_end_is_not_there_before(story: StoryMaker, brief: str) -> None:
    told = skies(story(brief), "weather")
    assert told[-1] == {"snow"}
    assert not any("snow" in one for one in told[:6])
    assert sections(story(brief), "girl") == set(range(len(FORM)))


@pytest.mark.parametrize(
    "brief",
    [
        "At first rain over a harbour, finally the sun comes out.",
        "The film opens in pouring rain over a harbour and ends in bright sunlight.",
        "To begin with a harbour in the rain. Lastly sunshine.",
        "A harbour in the rain until the sun comes out.",
        "It rains at the beginning, a harbour, clear skies in the final shots.",
    ],
)
def test_a_first_sky_holds_until_the_last_one_begins(story: StoryMaker, brief: str) -> None:
    told = [one.pop() for one in skies(story(brief), "weather")]
    first = told.index("clear")
    assert set(told[:first]) == {"rain"}
    assert set(told[first:]) == {"clear"}
    assert first >= 5


@pytest.mark.parametrize(
    ("brief", "there"),
    [
        ("In the last chorus it snows. A woman sings in a church.", {8}),
        ("A woman sings in a church. From the second chorus on it snows.", {6, 7, 8, 9}),
        ("A woman sings in a church, with snow during the bridge.", {7}),
        ("Verse: a woman in a church. Chorus: snow over a village. Outro: a candle.", {3, 6, 8}),
        ("It snows until the first chorus hits. A woman sings in a church.", {0, 1, 2}),
        ("A woman sings in a church. When the drop comes, snow whirls.", {3, 6, 8}),
    ],
)
def test_parts_of_the_song_have_their_sky(story: StoryMaker, brief: str, there: set[int]) -> None:
    told = skies(story(brief), "weather")
    assert {index for index, one in enumerate(told) if "snow" in one} == there


@pytest.mark.parametrize(
    "brief",
    [
        "At dawn he leaves, at night he returns.",
        "An old man sails out at dawn and comes home at night.",
        "Dawn over the village where he wakes, then night as he walks home.",
    ],
)
def test_hours_of_one_sentence_follow_each_other(story: StoryMaker, brief: str) -> None:
    told = [one.pop() for one in skies(story(brief), "time_of_day")]
    assert told == sorted(told)
    assert set(told) == {"dawn", "night"}


def test_who_comes_at_the_end_comes_only_there(story: StoryMaker) -> None:
    told = story("A sailor rows a boat over the sea. Finally a whale rises.")
    assert min(sections(told, "whale")) >= 6
    assert LAST_CHORUS in sections(told, "whale")
    assert sections(told, "sailor") >= {*range(7), LAST_CHORUS}


def test_people_who_meet_at_the_end_are_apart_before(story: StoryMaker) -> None:
    told = story("A boy waits at a station. In the last chorus he hugs a girl in a red coat.")
    assert sections(told, "in a red coat") == {LAST_CHORUS}


@pytest.mark.parametrize(
    ("words", "place"),
    [
        ("A lighthouse at the end of the pier.", "pier"),
        ("She walks to the end of the road at first light.", "road"),
        ("She sings on the bridge at night.", "bridge"),
        ("A house in the middle of a field.", "field"),
    ],
)
def test_places_that_sound_like_order_stay_places(words: str, place: str) -> None:
    seen = read_words(words)
    assert seen.whens == (None,) * len(seen.moments)
    assert len(seen.moments) == 1
    assert place in [*(one.place for one in seen.places), *(one.name for one in seen.items)]
