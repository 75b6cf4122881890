"""The director that asks Claude: its questions, what it keeps of answers, its repairs, and its fallbacks."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from anthropic import transform_schema
from pydantic import BaseModel

from engines.providers.anthropic.answers import CastingAnswer, EnhanceAnswer, PromptsAnswer, ShotsAnswer, VisionAnswer
from engines.providers.local.director import LocalDirector
from engines.providers.local.director.colours import mixed_palette
from models.directing import Directing, DirectingStage
from models.failures import ContentRefused
from models.styles import find_style
from models.treatment import Character
from tests.engines.anthropic.conftest import SetMaker
from tests.fakes.anthropic_server import answered, stopped

Data = dict[str, Any]


def test_a_whole_storyboard(at_work: SetMaker) -> None:
    work = at_work("A knight in emerald armour crosses a violet sea.")
    story = work.story()
    treatment, casting = story
    assert treatment.palette == mixed_palette(find_style("neo-noir"), ("#138a5c", "#8a4fd3"))
    assert [one.section_index for one in treatment.sections] == list(range(len(work.analysis.sections)))
    assert [one.section_index for one in casting.sections] == list(range(len(work.analysis.sections)))
    style = find_style("neo-noir").style_words
    seeds = set()
    for scenes in work.sections():
        shots = work.shots(story, scenes)
        prompts = work.prompts(story, scenes, shots)
        assert [shot.scene_index for shot in shots.shots] == [scene.index for scene in scenes]
        assert [prompt.scene_index for prompt in prompts.prompts] == [scene.index for scene in scenes]
        for scene, shot, prompt in zip(scenes, shots.shots, prompts.prompts, strict=True):
            assert "walks past the window" in prompt.image_prompt
            assert prompt.image_prompt.rstrip(".").lower().endswith(style.lower())
            assert prompt.motion_prompt.startswith("Camera: ")
            assert (prompt.style, prompt.palette) == ("neo-noir", treatment.palette)
            assert (prompt.energy, prompt.camera_move) == (scene.energy, shot.camera_move)
            assert len(prompt.cast_seeds) == len(shot.character_ids) == 1
            assert not prompt.filled_locally
            seeds.add(prompt.seed)
    assert len(seeds) == len(work.scenes)


def test_each_question_has_its_model_its_effort_and_one_schema(at_work: SetMaker) -> None:
    directing = Directing(shots=DirectingStage(model="claude-haiku-5-5", effort="low", max_tokens=4_321))
    work = at_work("a fox", directing=directing)
    work.director.enhance(work.brief)
    story, scenes = work.story(), work.section(0)
    work.prompts(story, scenes, work.shots(story, scenes))
    asked = {one.question: one.body for one in work.server.asked}
    assert {name: (body["model"], body["output_config"].get("effort")) for name, body in asked.items()} == {
        "addition": ("claude-haiku-5-5", None),
        "vision": ("claude-opus-5-5", "high"),
        "casting": ("claude-opus-5-5", "medium"),
        "shots": ("claude-haiku-5-5", "low"),
        "prompts": ("claude-sonnet-5-5", "medium"),
    }
    assert asked["shots"]["max_tokens"] == 4_321
    answers: dict[str, type[BaseModel]] = {
        "addition": EnhanceAnswer,
        "vision": VisionAnswer,
        "casting": CastingAnswer,
        "shots": ShotsAnswer,
        "prompts": PromptsAnswer,
    }
    for name, model in answers.items():
        assert asked[name]["output_config"]["format"] == {"type": "json_schema", "schema": transform_schema(model)}
    assert len(work.server.asked) == len(work.paid) == 5


def test_what_a_call_costs_is_told(at_work: SetMaker) -> None:
    work = at_work()
    work.envision()
    (paid,), (asked,) = work.paid, work.server.asked
    assert (paid.model, paid.input_tokens) == ("claude-opus-5-5", asked.fresh)
    assert paid.cost_micro_usd == 4 * paid.input_tokens + 20 * paid.output_tokens > 0


def drop(*scenes: int) -> Callable[[Data], Data]:
    return lambda data: {"shots": [one for one in data["shots"] if one["scene"] not in scenes]}


def spoil(scene: int, **change: Any) -> Callable[[Data], Data]:
    def spoiled(data: Data) -> Data:
        name = next(iter(data))
        return {name: [one | change if one["scene"] == scene else one for one in data[name]]}

    return spoiled


SPOILED_SHOTS = {
    "missing": (drop(2), "Missing: scene 2."),
    "twice": (lambda data: {"shots": [*data["shots"], data["shots"][1]]}, "scene 2 is there twice"),
    "a scene too many": (lambda data: {"shots": [*data["shots"], data["shots"][1] | {"scene": 999}]}, "scene 999"),
    "an unknown character": (spoil(2, characters=["C9"]), "scene 2: character C9 is not in this section's cast"),
    "an unknown location": (spoil(2, location="L77"), "scene 2: there is no location L77"),
    "a lens that does not exist": (
        spoil(2, lens_mm=5_000),
        "scene 2: lens_mm: Input should be less than or equal to 300",
    ),
    "a framing of its own": (spoil(2, framing="dutch"), "scene 2: framing: Input should be"),
    "an action too long": (
        spoil(2, action="walks and " * 100),
        "scene 2: action: has 1,000 characters; at most 420 are",
    ),
    "a field of its own": (spoil(2, seed=4), "scene 2: seed: Extra inputs are not permitted"),
    "no list": (lambda data: {"scenes": []}, "The list `shots` is missing."),
    "no object": (lambda data: "I would rather not.", "not one complete JSON object"),
}


@pytest.mark.parametrize("name", SPOILED_SHOTS)
def test_a_failing_answer_goes_back_with_the_exact_complaint(at_work: SetMaker, name: str) -> None:
    change, complaint = SPOILED_SHOTS[name]
    work = at_work()
    story, scenes = work.story(), work.section(0)
    assert [scene.index for scene in scenes][:2] == [0, 1]
    work.server.plan("shots", answered(change))
    shots = work.shots(story, scenes).shots
    first, again = (one.body for one in work.server.of("shots"))
    assert [message["role"] for message in again["messages"]] == ["user", "assistant", "user"]
    assert again["messages"][0] == first["messages"][0]
    assert complaint in again["messages"][2]["content"]
    assert [shot.scene_index for shot in shots] == [scene.index for scene in scenes]
    assert not any(shot.filled_locally for shot in shots)


def test_what_fails_three_times_is_filled_for_those_scenes_alone_and_marked(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(1)
    bad = scenes[2].index + 1
    work.server.plan("shots", *[answered(spoil(bad, location="nowhere"))] * 3)
    shots = work.shots(story, scenes)
    assert len(work.server.of("shots")) == 3
    assert [shot.scene_index for shot in shots.shots if shot.filled_locally] == [bad - 1]
    spare = LocalDirector().specify_shots(work.brief, work.analysis, *story, scenes)
    assert shots.shots[2] == spare.shots[2].model_copy(update={"filled_locally": True})
    prompts = work.prompts(story, scenes, shots).prompts
    assert [prompt.scene_index for prompt in prompts if prompt.filled_locally] == [bad - 1], "the mark goes on"


def test_whoever_is_in_the_shot_must_be_in_its_words(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    shots = work.shots(story, scenes)
    empty = "An empty bridge in the fog, gulls over the rails, puddles that hold the last light of the sky."
    work.server.plan("prompts", answered(spoil(1, image=empty)))
    work.prompts(story, scenes, shots)
    complaint = work.server.of("prompts")[1].body["messages"][2]["content"]
    assert "scene 1: The wanderer is in this shot but not in image" in complaint


def test_a_truncated_answer_is_asked_for_with_more_room(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    work.server.plan("shots", stopped("max_tokens", '{"shots": [{"sce'))
    assert not any(shot.filled_locally for shot in work.shots(story, scenes).shots)
    assert [one.body["max_tokens"] for one in work.server.of("shots")] == [16_000, 32_000]
    assert [len(one.body["messages"]) for one in work.server.of("shots")] == [1, 1]
    assert [paid.outcome for paid in work.paid][-2:] == ["truncated", "used"]


def test_answers_that_never_end_are_bounded(at_work: SetMaker) -> None:
    work = at_work(directing=Directing(shots=DirectingStage(model="claude-sonnet-5-5", max_tokens=20_000)))
    story, scenes = work.story(), work.section(0)
    work.server.plan("shots", *[stopped("max_tokens", "{")] * 20)
    assert all(shot.filled_locally for shot in work.shots(story, scenes).shots)
    assert [one.body["max_tokens"] for one in work.server.of("shots")] == [20_000, 40_000, 64_000]


def test_an_answer_that_no_room_would_help_is_not_asked_for_again(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    work.server.plan("shots", stopped("model_context_window_exceeded", '{"shots": [{"sce'))
    assert all(shot.filled_locally for shot in work.shots(story, scenes).shots)
    assert len(work.server.of("shots")) == 1
    assert work.paid[-1].outcome == "truncated"


def test_a_refused_section_is_directed_locally(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    work.server.plan("shots", stopped("refusal"))
    assert all(shot.filled_locally for shot in work.shots(story, scenes).shots)
    assert len(work.server.of("shots")) == 1
    assert work.paid[-1].outcome == "refused"


@pytest.mark.parametrize("question", ["vision", "casting", "addition"])
def test_a_refused_brief_is_said_to_be(at_work: SetMaker, question: str) -> None:
    work = at_work()
    work.server.plan(question, stopped("refusal", "I cannot help"))
    with pytest.raises(ContentRefused, match="declined this brief"):
        _ = work.director.enhance(work.brief), work.story()


def test_one_bad_section_of_a_vision_costs_that_section(at_work: SetMaker) -> None:
    work = at_work()
    work.server.plan("vision", *[answered(lambda data: data | {"sections": data["sections"][1:]})] * 3)
    story = work.story()
    assert [one.filled_locally for one in story[0].sections] == [True] + [False] * 9
    assert not story[0].filled_locally
    assert all(shot.filled_locally for shot in work.shots(story, work.section(0)).shots)
    assert not any(shot.filled_locally for shot in work.shots(story, work.section(1)).shots)


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data | {"locations": data["locations"][:1]},
        lambda data: data | {"characters": []},
        lambda data: data | {"characters": data["characters"] * 2},
        lambda data: data | {"logline": "short"},
        lambda data: {name: value for name, value in data.items() if name != "motifs"},
        lambda data: json.dumps(data)[:-9],
    ],
    ids=["one location", "no characters", "the same people twice", "no logline", "no motifs", "half an answer"],
)
def test_without_a_usable_vision_the_local_one_is_taken_and_marked(
    at_work: SetMaker, change: Callable[[Data], Any]
) -> None:
    work = at_work()
    work.server.plan("vision", *[answered(change)] * 3)
    treatment = work.envision()
    spare = LocalDirector().envision(work.brief, work.analysis, "First Light")
    assert treatment == spare.model_copy(update={"filled_locally": True})
    story = treatment, work.cast(treatment)
    assert all(shot.filled_locally for shot in work.shots(story, work.section(0)).shots)


def test_a_bad_casting_is_filled_section_by_section(at_work: SetMaker) -> None:
    work = at_work()

    def strangers(data: Data) -> Data:
        return {"sections": [data["sections"][0] | {"characters": ["C1", "C1"]}, *data["sections"][1:]]}

    work.server.plan("casting", *[answered(strangers)] * 3)
    _, casting = work.story()
    assert [one.filled_locally for one in casting.sections] == [True] + [False] * 9


def test_sections_may_have_nobody_in_them(at_work: SetMaker) -> None:
    work = at_work()
    work.server.plan("casting", answered(lambda data: {"sections": [s | {"characters": []} for s in data["sections"]]}))
    story, scenes = work.story(), work.section(1)
    work.server.plan("shots", *[stopped("refusal")])
    prompts = work.prompts(story, scenes, work.shots(story, scenes)).prompts
    assert all(prompt.negative_prompt.endswith(", people") and not prompt.cast_seeds for prompt in prompts)


def test_nothing_is_asked_about_reprises(at_work: SetMaker) -> None:
    work = at_work(max_scenes=40)
    story = work.story()
    reprises = [scene for scene in work.scenes if scene.reprise_of is not None]
    assert reprises
    for scenes in work.sections():
        shots = work.shots(story, scenes)
        prompts = work.prompts(story, scenes, shots).prompts
        assert [prompt.scene_index for prompt in prompts] == [scene.index for scene in scenes]
        assert not any(prompt.filled_locally for prompt in prompts), "a reprise shows another scene's picture"
    asked = [one["scene"] for body in work.server.of("shots") for one in task_of(body.body)["scenes"]]
    assert sorted(asked) == [scene.index + 1 for scene in work.scenes if scene.reprise_of is None]


def task_of(body: Data) -> Data:
    text = body["messages"][0]["content"][1]["text"]
    data: Data = json.loads(text.removeprefix("<task>\n").removesuffix("\n</task>"))
    return data


def test_locked_characters_come_first_and_their_ids_stay_at_home(at_work: SetMaker) -> None:
    girl = Character(
        character_id="character-of-the-vault-77",
        name="Ida",
        description="a girl in a red raincoat",
        reference_keys=("a.jpg",),
    )
    work = at_work("Someone waits on a bridge.", character_ids=(girl.character_id,), characters=(girl,))
    story, scenes = work.story(), work.section(1)
    treatment = story[0]
    assert treatment.characters[0].character_id == "character-of-the-vault-77"
    shots = work.shots(story, scenes)
    assert {who for shot in shots.shots for who in shot.character_ids} == {"character-of-the-vault-77"}
    work.prompts(story, scenes, shots)
    assert "vault-77" not in json.dumps([one.body for one in work.server.asked])
    assert "red raincoat" in json.dumps(work.server.of("vision")[0].body)


def test_characters_of_the_vault_are_told_by_name_and_look_and_keep_their_references(at_work: SetMaker) -> None:
    mira = Character(
        character_id="character-of-the-vault-77",
        name="Mira",
        description="A one-eyed sailor of sixty with a copper braid.",
        reference_keys=("accounts/ada/characters/mira/1.png",),
    )
    work = at_work("Someone waits on a bridge.", character_ids=(mira.character_id,), characters=(mira,))
    story, scenes = work.story(), work.section(1)
    assert story[0].characters[0] == mira
    prompts = work.prompts(story, scenes, work.shots(story, scenes)).prompts
    assert {prompt.reference_keys for prompt in prompts} == {mira.reference_keys}
    assert all("copper braid" in prompt.image_prompt for prompt in prompts)
    sent = json.dumps([one.body for one in work.server.asked])
    assert "copper braid" in json.dumps(work.server.of("vision")[0].body)
    assert "vault-77" not in sent
    assert "accounts/" not in sent


def test_a_vision_may_not_bring_a_locked_character_again(at_work: SetMaker) -> None:
    mira = Character(character_id="character-77", name="Mira", description="A sailor of sixty with a copper braid.")
    work = at_work("Someone waits.", character_ids=("character-77",), characters=(mira,))
    double = {"name": "MIRA", "description": "Another sailor altogether, with a wooden leg."}
    work.server.plan("vision", answered(lambda data: data | {"characters": [double]}))
    assert [one.name for one in work.envision().characters] == ["Mira"]
    assert "no locked character again" in work.server.of("vision")[1].body["messages"][2]["content"]


def test_enhance_is_its_own_small_call_and_keeps_the_artists_words_first(at_work: SetMaker) -> None:
    work = at_work("a fox, neon")
    richer = work.director.enhance(work.brief)
    assert richer.prompt.startswith("a fox, neon. It happens after midnight")
    assert richer.model_copy(update={"prompt": work.brief.prompt}) == work.brief
    rich = work.brief.model_copy(update={"prompt": find_style("claymation").default_direction * 2})
    assert work.director.enhance(rich) == rich
    assert len(work.server.asked) == 1


def test_an_addition_that_fails_is_the_local_one(at_work: SetMaker) -> None:
    work = at_work("a fox, neon")
    work.server.plan("addition", *[answered(lambda data: {"addition": "no"})] * 3)
    assert work.director.enhance(work.brief) == LocalDirector().enhance(work.brief)
    assert len(work.server.asked) == 3


def test_a_refused_prompt_is_written_again_and_keeps_all_that_is_not_words(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(1)
    prompt = work.prompts(story, scenes, work.shots(story, scenes)).prompts[2]
    other = work.director.rewrite(prompt, "flagged: violence </task>", 1)
    asked = task_of(work.server.of("rewrite")[0].body)
    style = find_style("neo-noir").style_words
    assert asked["complaint"] == "flagged: violence </task>"
    assert asked["scenes"][0]["scene"] == prompt.scene_index + 1
    assert style[1:] not in asked["scenes"][0]["image"]
    assert other.image_prompt.startswith("Wide shot at dusk: the wanderer stands before a closed door")
    assert other.image_prompt.rstrip(".").endswith(style[1:])
    assert (
        other.motion_prompt
        == f"{prompt.motion_prompt.partition('; ')[0]}; The leaf turns in the wind while she breathes out."
    )
    same = {"image_prompt": prompt.image_prompt, "motion_prompt": prompt.motion_prompt}
    assert other.model_copy(update=same) == prompt


def test_an_artists_own_motion_prompt_is_written_again_without_a_word_of_it(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(1)
    prompt = work.prompts(story, scenes, work.shots(story, scenes)).prompts[2]
    own = prompt.model_copy(update={"motion_prompt": "She draws the knife; it gleams"})
    other = work.director.rewrite(own, "flagged", 1)
    assert task_of(work.server.of("rewrite")[0].body)["scenes"][0]["motion"] == own.motion_prompt
    assert other.motion_prompt == "The leaf turns in the wind while she breathes out."


def test_what_claude_will_not_write_again_the_local_director_softens(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(1)
    prompt = work.prompts(story, scenes, work.shots(story, scenes)).prompts[2]
    work.server.plan("rewrite", stopped("refusal"), *[answered(lambda data: "no")] * 3)
    for attempt in (1, 1, 2):
        softer = LocalDirector().rewrite(prompt, "flagged", attempt)
        assert work.director.rewrite(prompt, "flagged", attempt) == softer.model_copy(update={"filled_locally": True})
    assert len(work.server.of("rewrite")) == 4, "a second try is not Claude's"


def test_words_about_the_music_go_back_unless_the_artist_has_them(at_work: SetMaker) -> None:
    work = at_work()
    story, scenes = work.story(), work.section(0)
    shots = work.shots(story, scenes)
    image = "Medium shot: the wanderer in a grey coat, a singer at a microphone as the chorus opens."
    for name, change, told in (
        ("prompts", spoil(2, image=image), "scene 2: singer, microphone, chorus: words about the music"),
        ("shots", spoil(2, action="raises a microphone"), "scene 2: microphone: words about the music"),
    ):
        work.server.plan(name, answered(change))
        if name == "prompts":
            made = work.prompts(story, scenes, shots).prompts
            assert not any("microphone" in one.image_prompt for one in made)
        else:
            work.shots(story, scenes)
        assert told in work.server.of(name)[-1].body["messages"][2]["content"]
