"""A provider refuses a prompt and accepts other words: the timeline records those, and Studio starts from them."""

import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from activities.imagery import prompt_of
from engines.providers.fal import FalClient, choose
from models.spending import report_on
from models.storyboard import PromptList, ScenePrompt
from models.studio import SceneEdit, StudioKind, StudioState
from models.timeline import DIRECTED_LOCALLY, TimelineScene
from stores.opening import Stores
from tests.fakes.desk import finished_video
from tests.fakes.engines import Faults, InstantEngines
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import QUICK, World


@pytest.fixture
async def paid(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world that buys; its last scene is a reprise of its first."""
    world = World(temporal, stores, Faults())
    world.engines.scenes, world.engines.duration_s = 4, 16.0
    world.provider = FalClient(KEY, choose())
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    await world.work()
    yield world
    await world.end()


def refusing(words: str, *, clip: bool) -> Any:
    def fate(number: int, arguments: dict[str, Any]) -> str:
        return "policy" if arguments["prompt"] == words and ("image_url" in arguments) is clip else "ok"

    return fate


def words_of(world: World, scene: TimelineScene) -> tuple[str, str]:
    """The words that Studio starts from."""
    prompt = prompt_of(world.stores.objects, scene.prompts_key, scene.index)
    return prompt.image_prompt, prompt.motion_prompt


async def test_a_still_of_other_words_takes_its_clip_and_its_reprise_along(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.job = refusing("a fox 0", clip=False)
    first, second, third, reprise = (await finished_video(paid, tmp_path, QUICK)).timeline(1).scenes
    for scene in (first, reprise):
        assert (scene.prompt, scene.motion_prompt) == ("a fox 0, softly", "softly")
        assert words_of(paid, scene) == (scene.prompt, scene.motion_prompt)
    for number, scene in ((1, second), (2, third)):
        assert (scene.prompt, scene.motion_prompt) == (f"a fox {number}", "")
    clips = [one["arguments"]["prompt"] for one in fal_server.submissions if "image_url" in one["arguments"]]
    assert sorted(clips) == ["a fox 1", "a fox 2", "softly"], "its clip begins with the words that were taken"


async def test_a_clip_of_other_words_leaves_the_stills_as_they_are(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    fal_server.behaviour.job = refusing("a fox 2", clip=True)
    scene = (await finished_video(paid, tmp_path, QUICK)).timeline(1).scenes[2]
    assert (scene.prompt, scene.motion_prompt) == ("a fox 2", "softly")
    assert words_of(paid, scene) == (scene.prompt, scene.motion_prompt)


async def test_a_take_made_in_studio_has_the_words_that_were_taken(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    desk = await finished_video(paid, tmp_path, QUICK)
    paid.grant(200)
    fal_server.behaviour.job = refusing("a duel", clip=True)
    assert (await desk.do(StudioKind.VIDEO, 1, edit=SceneEdit(prompt="a duel"))).state is StudioState.DELIVERED
    scene = desk.timeline().scenes[1]
    assert (scene.prompt, scene.motion_prompt) == ("a fox 1", "softly")
    assert words_of(paid, scene) == (scene.prompt, scene.motion_prompt)
    fal_server.behaviour.job = refusing("a knife", clip=False)
    assert (await desk.do(StudioKind.IMAGE, 1, edit=SceneEdit(prompt="a knife"))).state is StudioState.DELIVERED
    scene = desk.timeline().scenes[1]
    assert scene.prompt == "a knife, softly"
    assert words_of(paid, scene)[0] == scene.prompt


class Softening(InstantEngines):
    """Rewrites as the local director does after an unusable answer."""

    def rewrite(self, prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        return super().rewrite(prompt, complaint, attempt).model_copy(update={"filled_locally": True})


@pytest.mark.parametrize("clip", [False, True])
async def test_words_that_the_local_director_filled_in_are_marked_for_that_scene_alone(
    paid: World, fal_server: FalServer, tmp_path: Path, clip: bool
) -> None:
    await paid.rest()
    engines = paid.engines = Softening(paid.faults, paid.engines.scenes)
    engines.duration_s = 16.0
    await paid.work()
    fal_server.behaviour.job = refusing("a fox 1", clip=clip)
    scenes = (await finished_video(paid, tmp_path, QUICK)).timeline(1).scenes
    assert [scene.index for scene in scenes if DIRECTED_LOCALLY in scene.marks] == [1]


class Verbose(InstantEngines):
    """Writes one motion prompt that is too long for the model in use."""

    def write_prompts(self, *question: Any) -> PromptList:
        written = super().write_prompts(*question).prompts
        return PromptList(prompts=tuple(map(self._longer, written)))

    def _longer(self, prompt: ScenePrompt) -> ScenePrompt:
        return prompt.model_copy(update={"motion_prompt": "x" * 2_001}) if prompt.scene_index == 1 else prompt


async def test_words_for_another_model_are_written_again_and_nothing_is_bought_in_vain(
    paid: World, fal_server: FalServer, tmp_path: Path
) -> None:
    await paid.rest()
    engines = paid.engines = paid.director = Verbose(paid.faults, paid.engines.scenes)
    engines.duration_s = 16.0
    complaints: list[str] = []
    rewrite = engines.rewrite

    def listening(prompt: ScenePrompt, complaint: str, attempt: int) -> ScenePrompt:
        complaints.append(complaint)
        return rewrite(prompt, complaint, attempt)

    engines.rewrite = listening  # type: ignore[method-assign]
    await paid.work()
    desk = await finished_video(paid, tmp_path, QUICK)
    assert [complaint.partition(";")[0] for complaint in complaints] == ["The prompt has 2,001 characters"]
    assert desk.timeline(1).scenes[1].motion_prompt == "softly"
    assert fal_server.bought == len(fal_server.submissions) == 3 + 3 + 1
    report = report_on(paid.stores.spending.of(desk.video_id))
    assert (report.calls, report.cost_micro_usd) == (7, 4 * 40_000 + 3 * 4 * 22_000)
