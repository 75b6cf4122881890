"""A brief with orders is a brief like any other: its words become pictures, and nothing else changes."""

import pytest

from tests.engines.local.director.conftest import StoryMaker
from tests.fakes.hostile_briefs import HOSTILE_BRIEFS

HARMLESS = "A fox looks for its den in a flooded city at night."


@pytest.mark.parametrize("name", HOSTILE_BRIEFS)
def test_the_local_director_takes_orders_for_words_too(story: StoryMaker, name: str) -> None:
    plain, told = story(HARMLESS), story(HOSTILE_BRIEFS[name])
    assert told.scenes == plain.scenes
    assert [prompt.scene_index for prompt in told.prompts] == [scene.index for scene in told.scenes]
    assert {prompt.style for prompt in told.prompts} == {"cinematic-realism"}
    assert len({prompt.seed for prompt in told.prompts}) == len(told.prompts)
    assert {who for shot in told.shots for who in shot.character_ids} <= {
        one.character_id for one in told.treatment.characters
    }
    assert all(len(prompt.image_prompt) <= 2_000 for prompt in told.prompts)
