"""A refused prompt finds other words."""

from engines.providers.local.director import LocalDirector
from models.media_models import PromptLimits
from models.storyboard import ScenePrompt
from models.styles import find_style

REFUSED = ScenePrompt(
    scene_index=3,
    image_prompt="Wide shot, a woman with a Gun in the rain, blood on her hands, neo noir",
    motion_prompt="she raises the gun",
    seed=1,
    style="neo-noir",
    palette=("#000000",),
    cast_seeds=(4,),
    character_ids=("c1",),
    reference_keys=("k",),
)


def test_the_first_attempt_replaces_single_words() -> None:
    changed = LocalDirector().rewrite(REFUSED, "flagged", 1)
    assert "gun" not in changed.image_prompt.lower()
    assert "blood" not in changed.image_prompt
    assert "a woman with a lantern in the rain" in changed.image_prompt
    assert changed.motion_prompt == "she raises the lantern"
    assert changed.character_ids == ("c1",)


def test_the_second_shows_the_place_alone_in_the_same_look() -> None:
    changed = LocalDirector().rewrite(REFUSED, "flagged", 2)
    assert "woman" not in changed.image_prompt
    assert find_style("neo-noir").style_words in changed.image_prompt
    assert (changed.cast_seeds, changed.character_ids, changed.reference_keys) == ((), (), ())
    assert changed.scene_index == 3


def test_softer_words_that_grew_too_long_give_way_to_the_place_alone() -> None:
    nude = REFUSED.model_copy(update={"image_prompt": "nude " * 100})
    changed = LocalDirector(PromptLimits(image_max_chars=600)).rewrite(nude, "flagged", 1)
    assert changed.image_prompt.startswith("Wide shot of an empty place")


def test_harmless_words_are_not_tried_again_as_they_are() -> None:
    harmless = REFUSED.model_copy(update={"image_prompt": "a fox", "motion_prompt": "it runs"})
    assert LocalDirector().rewrite(harmless, "flagged", 1).image_prompt != "a fox"
