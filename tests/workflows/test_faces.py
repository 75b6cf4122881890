"""A whole bought draft: stills that show a cast member carry its references, and no words are about the music."""

import dataclasses
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import cv2
import numpy as np
import pytest
from temporalio.client import Client

from activities.imagery import prompt_of
from engines.estimating import SpendingEstimator
from engines.providers.anthropic import AnthropicDirector
from engines.providers.fal import FalClient, choose
from engines.providers.local.director import LocalDirector
from engines.providers.music_words import music_words
from models.directing import TOKEN_PRICES, Directing
from models.media_models import PromptLimits
from models.object_keys import portrait_key
from models.paid_media import PieceKind, SpendingBounds
from models.progress import RunStatus
from models.studio import SceneEdit, StudioKind
from models.treatment import Treatment
from stores.opening import Stores
from tests.fakes.anthropic_server import KEY, AnthropicServer, anthropic_server
from tests.fakes.desk import Desk
from tests.fakes.engines import Faults
from tests.fakes.fal_server import KEY as FAL_KEY
from tests.fakes.fal_server import FalServer
from tests.fakes.world import QUICK, World

__all__ = ["anthropic_server"]

BRIEF = "Two sisters in red coats walk along a beach at dawn; later one of them dances on a stage in the rain."


@pytest.fixture
async def buying(temporal: Client, stores: Stores, fal_server: FalServer) -> AsyncIterator[World]:
    world = World(temporal, stores, Faults())
    house = SpendingEstimator(choose("draft"), SpendingBounds(), max_scenes=12)
    world.provider, world.planner, world.estimator = FalClient(FAL_KEY, choose("draft")), house.planner, house.planner
    world.terms = dataclasses.replace(world.terms, capacity=40, poll_s=0.02, most_poll_s=0.2)
    world.grant(1_000)
    yield world
    await world.end()


def locked(world: World) -> str:
    """A character of the Vault with two pictures."""
    keys = [f"accounts/{world.account_id}/characters/mara-{number}.jpg" for number in range(2)]
    for number, key in enumerate(keys):
        _, data = cv2.imencode(".jpg", np.full((400, 400, 3), 60 + 80 * number, np.uint8))
        world.stores.objects.put_bytes(key, data.tobytes(), "image/jpeg")
    who = world.stores.characters.add(world.account_id, "character-mara", "Mara", "a tall woman in a green coat", keys)
    return who.character_id


async def draft(world: World, folder: Path, character_ids: Sequence[str]) -> Desk:
    await world.work()
    request = world.request(world.add_song(folder), QUICK.model_copy(update={"max_scenes": 12}))
    brief = request.brief.model_copy(
        update={"prompt": BRIEF, "style": "cinematic-realism", "character_ids": tuple(character_ids), "enhance": True}
    )
    handle, _ = await world.start(request.model_copy(update={"brief": brief}))
    progress = await world.until(handle, lambda p: p.status is not RunStatus.RUNNING)
    assert progress.status is RunStatus.DRAFT_READY, progress.sentence
    return Desk(world, request.video_id, handle, request.limits)


def check_faces(desk: Desk, fal_server: FalServer) -> tuple[int, int]:
    """Check every bought still; returns how many show a character and how many show none."""
    world, shown, empty = desk.world, 0, 0
    timeline = desk.timeline(1)
    objects, treatment = world.stores.objects, None
    treatment = Treatment.from_bytes(objects.get_bytes(timeline.treatment_key))
    own = {one.character_id: one.reference_keys for one in treatment.characters}
    assert isinstance(world.provider, FalClient)
    jobs = world.stores.jobs.of_video(desk.video_id)
    for job in jobs:
        if job.kind is not PieceKind.STILL or ".studio." in job.job_key:
            continue
        scene = timeline.scenes[job.scene_index]
        prompt = prompt_of(objects, scene.prompts_key, job.scene_index)
        keys = [
            key
            for who in prompt.character_ids
            for key in own[who] or (portrait_key(world.account_id, desk.video_id, who),)
        ]
        sent = fal_server.jobs[job.request_id or ""]
        pictures = [world.provider.inline(objects.get_bytes(key)) for key in keys]
        assert sorted(sent.arguments.get("image_urls", [])) == sorted(pictures), scene.prompt
        assert sent.endpoint.endswith("/edit") == bool(keys)
        shown, empty = shown + bool(keys), empty + (not keys)
    for one in fal_server.submissions:
        words = f"{one['arguments']['prompt']} {one['arguments'].get('negative_prompt', '')}"
        assert music_words(words, BRIEF) == [], words
    return shown, empty


@pytest.mark.parametrize(("director", "cast"), [("local", "locked"), ("claude", "invented")])
async def test_every_still_that_shows_a_cast_member_carries_its_references(
    buying: World, fal_server: FalServer, anthropic_server: AnthropicServer, tmp_path: Path, director: str, cast: str
) -> None:
    buying.director = LocalDirector()
    if director == "claude":
        buying.director = AnthropicDirector(KEY, anthropic_server.url, Directing(), TOKEN_PRICES, PromptLimits())
    desk = await draft(buying, tmp_path, [locked(buying)] if cast == "locked" else [])
    shown, _ = check_faces(desk, fal_server)
    assert shown >= 3


async def test_a_still_of_studio_carries_them_too(buying: World, fal_server: FalServer, tmp_path: Path) -> None:
    buying.director = LocalDirector()
    desk = await draft(buying, tmp_path, [])
    assert check_faces(desk, fal_server)[0] >= 3
    timeline = desk.timeline(1)
    with_cast = next(scene for scene in timeline.scenes if scene.character_ids)
    who = with_cast.character_ids[0]
    empty = next((scene for scene in timeline.scenes if not scene.character_ids and scene.reprise_of is None), None)
    portrait = buying.stores.objects.get_bytes(portrait_key(buying.account_id, desk.video_id, who))
    assert isinstance(buying.provider, FalClient)
    for scene, edit in ((with_cast, SceneEdit()), (empty or with_cast, SceneEdit(character_ids=(who,)))):
        fal_server.submissions.clear()
        await desk.do(StudioKind.IMAGE, scene.index, edit=edit)
        (sent,) = [one["arguments"] for one in fal_server.submissions]
        assert buying.provider.inline(portrait) in sent["image_urls"]
    fal_server.submissions.clear()
    await desk.do(StudioKind.IMAGE, with_cast.index, edit=SceneEdit(character_ids=()))
    (sent,) = [one["arguments"] for one in fal_server.submissions]
    assert "image_urls" not in sent
