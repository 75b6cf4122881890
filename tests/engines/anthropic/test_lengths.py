"""Lengths outside the schema: an answer that is too long goes back with the numbers, and nothing is ever truncated."""

import json
from typing import Any

from engines.providers.fal import choose
from models.media_models import PromptLimits
from models.storyboard import PromptList
from models.styles import find_style
from tests.engines.anthropic.conftest import Set, SetMaker
from tests.fakes.anthropic_server import answered

PREMIUM = choose("premium").prompt_limits
MOTION = ("rain runs down the glass " * 120)[:2_712] + "."
IMAGE = "A wanderer, a tall woman with cropped hair in a long grey coat. " + "Under a lamp. " * 400


def spoil(*scenes: int, **change: str) -> Any:
    def spoiled(data: dict[str, Any]) -> dict[str, Any]:
        return {"prompts": [one | change if one["scene"] in scenes else one for one in data["prompts"]]}

    return answered(spoiled)


def written(work: Set, *plan: Any, section: int = 0) -> PromptList:
    story, scenes = work.story(), work.section(section)
    shots = work.shots(story, scenes)
    work.server.plan("prompts", *plan)
    return work.prompts(story, scenes, shots)


def complaints(work: Set, again: int) -> list[str]:
    """The complaints of the first or second return."""
    text = work.server.of("prompts")[again].body["messages"][2 * again]["content"]
    found: list[str] = json.loads(text[text.index("{") : text.rindex("}") + 1])["complaints"]
    return found


def test_an_answer_that_is_too_long_goes_back_with_the_figures_and_the_next_one_is_taken(at_work: SetMaker) -> None:
    work = at_work(limits=PREMIUM)
    prompts = written(work, spoil(1, motion=MOTION), spoil(1, image=IMAGE)).prompts
    assert complaints(work, 1) == ["scene 1: motion has 2,713 characters; beside the camera the model takes 2,454."]
    beside = len(find_style("neo-noir").style_words) + 3
    assert complaints(work, 2) == [
        f"scene 1: image has {len(IMAGE.strip()):,} characters; beside the style the model takes {5_000 - beside:,}."
    ]
    assert len(work.server.of("prompts")) == 3
    assert not any(prompt.filled_locally for prompt in prompts)
    assert prompts[0].motion_prompt.endswith("the coat swings with step 1.")


def test_what_stays_too_long_is_filled_for_those_scenes_alone_and_marked(at_work: SetMaker) -> None:
    work = at_work(limits=PREMIUM)
    prompts = written(work, *[spoil(1, 3, motion=MOTION)] * 3).prompts
    assert len(work.server.of("prompts")) == 3, "it went back twice"
    assert [prompt.scene_index for prompt in prompts if prompt.filled_locally] == [0, 2]
    assert all("rain runs down" not in prompt.motion_prompt for prompt in prompts)
    assert all(PREMIUM.take(prompt) for prompt in prompts)


def test_the_figures_are_the_chosen_models_and_what_reaches_them_is_never_cut(at_work: SetMaker) -> None:
    limits = PromptLimits(image_max_chars=620, motion_max_chars=300)
    work = at_work(limits=limits)
    full = {"image": "A wanderer. ", "motion": "Rain falls. "}
    longest = {"image": (full["image"] * 60)[:463] + "o", "motion": (full["motion"] * 60)[:253] + "."}
    prompts = written(work, spoil(1, **longest)).prompts
    assert len(work.server.of("prompts")) == 1, "all the room may be used"
    assert len(prompts[0].image_prompt) == 620
    assert prompts[0].motion_prompt.endswith(longest["motion"])
    assert all(limits.take(prompt) for prompt in prompts)


def test_a_fill_of_a_brief_without_end_fits_too(at_work: SetMaker) -> None:
    limits = PromptLimits(image_max_chars=620, motion_max_chars=300)
    work = at_work("一只狐狸在城市里奔跑" * 390, limits=limits)
    for question in ("vision", "shots", "prompts"):
        work.server.plan(question, *[answered(lambda data: "no")] * 3)
    prompts = written(work, section=1).prompts
    assert any("狐狸" in prompt.image_prompt for prompt in prompts)
    assert all(prompt.filled_locally for prompt in prompts)
    assert all(limits.take(prompt) for prompt in prompts)
    assert all(prompt.image_prompt.endswith(f"{find_style('neo-noir').style_words[1:]}.") for prompt in prompts)
