"""Hundreds of edits by two clients at once: versions tile, only what changed is encoded, and the money is right."""

import asyncio
from collections import Counter
from pathlib import Path
from random import Random
from typing import Any

import pytest

from activities.recutting import grid_of
from models.cut_grid import recipe
from models.edits import Freeze, Merge, MoveCut, Reorder, Repeat, ShowTake, Snap, Split, Swap, TimelineEdit, Trim
from models.failures import Conflict, InvalidInput
from models.recutting import apply_edits
from models.studio import RestoredBy, StudioKind, StudioOperation, StudioState
from models.timeline import Timeline
from models.undoing import undo_state
from tests.fakes.amounts import FULL
from tests.fakes.desk import Desk, finished_video
from tests.fakes.world import QUICK, World
from tests.workflows.test_studio_any_sequence import check_tiling
from tests.workflows.test_studio_endurance import EVENTS_BAR, check_runs

VERSIONS = 500 if FULL else 12
CLIENTS = 2
REFUSALS = 20 * VERSIONS
"""A bound, so that a defect that refuses everything ends the test."""
IMAGE_PRICE = 10

pytestmark = pytest.mark.timeout(3600 if FULL else 900)


def any_edit(chance: Random, timeline: Timeline) -> TimelineEdit:
    """An edit that may be possible."""
    scenes = timeline.scenes
    scene, other = chance.choice(scenes), chance.choice(scenes)
    snap, inside = chance.choice(list(Snap)), chance.randrange(scene.start_frame, scene.end_frame)
    made: list[TimelineEdit] = [
        MoveCut(scene_id=scene.identity, frame=max(0, scene.start_frame + chance.randint(-9, 9)), snap=snap),
        Split(scene_id=scene.identity, frame=inside, snap=snap),
        Merge(scene_id=scene.identity),
        Swap(scene_id=scene.identity, other_id=other.identity),
        Reorder(scene_id=scene.identity, position=other.index),
        Repeat(scene_id=scene.identity, other_id=other.identity),
        Trim(scene_id=scene.identity, in_frame=chance.randrange(12)),
        Freeze(scene_id=scene.identity, frame=None if scene.frozen else inside),
        ShowTake(scene_id=scene.identity, take="draft"),
    ]
    return chance.choice(made)


async def any_step(desk: Desk, chance: Random) -> StudioOperation:
    """Edits mostly; undo, redo, and a new image now and then."""
    newest, kind = desk.timeline(), chance.random()
    if kind < 0.1:
        return await desk.do(StudioKind.IMAGE, chance.randrange(len(newest.scenes)))
    if kind < 0.35:
        way = chance.choice([RestoredBy.UNDO, RestoredBy.REDO])
        found = undo_state(desk.world.stores.operations.of_video(desk.world.account_id, desk.video_id))
        to = found.undo if way is RestoredBy.UNDO else found.redo
        if to is not None:
            return await desk.do(StudioKind.RESTORE, version=to, base_version=newest.version, restored_by=way)
    edits = tuple(any_edit(chance, newest) for _ in range(chance.choice([1, 1, 1, 2, 3])))
    return await desk.do(StudioKind.EDIT, edits=edits, base_version=newest.version)


async def test_many_edits_by_two_clients(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path, QUICK if FULL else QUICK.model_copy(update={"history_events": 60}))
    world.grant(IMAGE_PRICE * (VERSIONS + CLIENTS))
    credits, drafted = desk.balance().posted, encodings(world)
    made: list[StudioOperation] = []
    refused = failed = 0

    async def client(seed: int) -> None:
        nonlocal refused, failed
        chance = Random(seed)
        while len(made) < VERSIONS and refused < REFUSALS:
            try:
                done = await any_step(desk, chance)
            except (Conflict, InvalidInput):
                refused += 1
                continue
            # What was accepted may find that the other client was faster: it changes nothing, and costs nothing.
            if done.state is StudioState.DELIVERED:
                made.append(done)
            else:
                failed += 1

    await asyncio.gather(*(client(seed) for seed in range(CLIENTS)))
    made.sort(key=lambda one: one.version or 0)
    assert len(made) >= VERSIONS
    assert [one.version for one in made] == list(range(2, len(made) + 2))
    segments = {scene.segment_key for scene in desk.timeline(1).scenes}
    frames: Counter[str] = Counter()
    for operation in made:
        timeline = desk.timeline(operation.version)
        check_version(desk, timeline, operation)
        new = {scene.segment_key: scene.frame_count for scene in timeline.scenes if scene.segment_key not in segments}
        frames.update({"encoded": sum(new.values()), "all": timeline.frame_count})
        segments |= new.keys()
    images = sum(one.order.kind is StudioKind.IMAGE for one in made)
    cut, encoded = len(segments) - len(desk.timeline(1).scenes), encodings(world) - drafted
    # An image is filmed at the length that its scene had when it was ordered, and cut again if that has changed.
    assert cut <= encoded <= cut + images + failed, "each segment once"
    assert (desk.balance().posted, desk.balance().held) == (credits - IMAGE_PRICE * images, 0)
    assert world.stores.ledger.verify().differences == ()
    await check_runs(desk)
    print(
        f"{len(made)} versions, {refused} refused; {100 * frames['encoded'] / frames['all']:.1f}% of the frames encoded"
    )
    print("events by run:", await events(desk), "bar:", EVENTS_BAR)


def check_version(desk: Desk, timeline: Timeline, operation: StudioOperation) -> None:
    """A version tiles, is what its operation says, and has the segments of before wherever nothing changed."""
    check_tiling(timeline)
    ids = [scene.identity for scene in timeline.scenes]
    assert len(set(ids)) == len(ids)
    order, before = operation.order, desk.timeline(timeline.version - 1)
    if order.kind is StudioKind.RESTORE:
        shown = desk.timeline(order.version)
        assert (timeline.scenes, timeline.video_key) == (shown.scenes, shown.video_key), "the same bytes"
        return
    known: dict[int, Any] = {scene.identity: scene for scene in before.scenes}
    for scene in timeline.scenes:
        old = known.get(scene.identity)
        if old is not None and (*recipe(scene), scene.still_key) == (*recipe(old), old.still_key):
            assert scene.segment_key == old.segment_key
    if order.kind is StudioKind.EDIT:
        takes = desk.world.stores.operations.takes(desk.world.account_id, desk.video_id)
        expected = apply_edits(before, order.edits, grid_of(desk.world.stores.objects, before), takes)
        places = [(scene.identity, scene.start_frame, scene.in_frame, scene.frozen) for scene in expected.scenes]
        assert places == [
            (scene.identity, scene.start_frame, scene.in_frame, scene.frozen) for scene in timeline.scenes
        ]


def encodings(world: World) -> int:
    return sum(world.faults.calls.get(name, 0) for name in ("animate", "move", "cut", "conform"))


async def events(desk: Desk) -> list[int]:
    """The length of each run's history."""
    client = desk.world.client
    runs = [run async for run in client.list_workflows(f"WorkflowId = '{desk.handle.id}'")]
    found = [await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history() for run in runs]
    return [len(history.events) for history in found]
