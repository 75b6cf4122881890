"""Prompts contain no words about the music, except the artist's: they would be painted."""

import pytest

from engines.providers.local.director import LocalDirector
from engines.providers.music_words import music_words
from models.brief import Brief
from models.storyboard import ScenePrompt
from models.styles import STYLES
from tests.engines.local.director.conftest import StoryMaker

BRIEFS = (
    "",
    "A woman on a festival stage, then alone on a beach at dawn.",
    "Two dancers in a club under a mirror ball, later a stage in the rain.",
)


def words(prompts: tuple[ScenePrompt, ...]) -> str:
    return " ".join(f"{one.image_prompt} {one.motion_prompt} {one.negative_prompt}" for one in prompts)


@pytest.mark.parametrize("prompt", BRIEFS)
@pytest.mark.parametrize("style", [style.slug for style in STYLES])
def test_no_style_and_no_place_speaks_of_the_music(story: StoryMaker, style: str, prompt: str) -> None:
    assert music_words(words(story(prompt, style, max_scenes=40).prompts)) == []


def test_what_enhancing_adds_does_not_either(story: StoryMaker) -> None:
    for seed in range(6):
        brief = LocalDirector().enhance(Brief(prompt="A fox in the snow", seed=seed))
        assert music_words(brief.prompt) == []
        assert music_words(words(story(brief.prompt, seed=seed, max_scenes=30).prompts)) == []


def test_what_a_refusal_leaves_does_not_either(story: StoryMaker) -> None:
    prompts = story("A man screaming in a burning house, blood on the floor, a scream in the dark.").prompts
    softer = [LocalDirector().rewrite(one, "flagged", attempt) for one in prompts[:12] for attempt in (1, 2)]
    assert music_words(words(tuple(softer))) == []


def test_the_artists_own_words_stay(story: StoryMaker) -> None:
    prompt = "A singer in a red dress at a microphone, alone on a stage."
    found = music_words(words(story(prompt, max_scenes=40).prompts))
    assert "singer" in found
    assert music_words(words(story(prompt, max_scenes=40).prompts), prompt) == []


@pytest.mark.parametrize(
    ("text", "allowed", "found"),
    [
        ("Choruses of light, a Vocalist, LYRICS", "", ["Choruses", "Vocalist", "LYRICS"]),
        ("the singers and the microphones", "a singer, a microphone", []),
        ("the chorus", "choruses everywhere", []),
        ("a genre scene at 120 bpm", "", ["genre", "bpm"]),
        ("birdsong, a versed microscopist, the equivocal general", "", []),
    ],
)
def test_words_are_known_by_their_stems(text: str, allowed: str, found: list[str]) -> None:
    assert music_words(text, allowed) == found
