"""Any operations, in any order: frames add up, every version plays, the rest stays bit for bit."""

import asyncio
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import av
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from temporalio.client import Client

from engines.picture.probe import probe_picture
from models.profiles import PROFILES
from models.studio import SceneEdit, StudioKind, StudioOperation, StudioState
from models.timeline import Timeline
from stores.opening import Stores
from temporal.studio import close_video, rebuild
from tests.fakes.amounts import FULL
from tests.fakes.desk import Desk, finished_video
from tests.fakes.engines import Faults
from tests.fakes.footage import FootageEngines
from tests.fakes.world import World

SCENES = 4
EXAMPLES = 40
PHASES = [Phase.explicit, Phase.generate, Phase.shrink] if FULL else [Phase.explicit]

pytestmark = pytest.mark.timeout(3600 if FULL else 900)


@pytest.fixture
async def footage_world(temporal: Client, stores: Stores) -> AsyncIterator[World]:
    """A world with real videos."""
    world = World(temporal, stores, Faults())
    world.engines = world.director = world.mover = FootageEngines(world.faults, SCENES)
    await world.work()
    world.grant(100_000)
    yield world
    await world.end()


_SCENE = st.integers(0, SCENES - 1)
_STEP = st.one_of(
    st.tuples(st.just("image"), _SCENE, st.sampled_from([None, "a heron", "a fox at dawn"])),
    st.tuples(st.just("video"), _SCENE, st.sampled_from([None, "it takes off"])),
    st.tuples(st.just("choose"), _SCENE, st.integers(0, 9)),
    st.tuples(st.just("restore"), st.integers(0, 9), st.none()),
)
"""One operation; take and version numbers are reduced modulo their counts."""

_BATCH = st.lists(_STEP, min_size=2, max_size=3, unique_by=lambda step: (step[0] == "restore") or step[1])
"""Concurrent operations: on several scenes, and on the whole video at most once."""


@settings(
    max_examples=EXAMPLES,
    phases=PHASES,
    database=None,
)
@given(batches=st.lists(st.one_of(_BATCH, st.just([("close", 0, None)])), min_size=2, max_size=4))
@example(
    batches=[
        [("image", 0, None), ("video", 1, None), ("image", 2, "a heron")],
        [("restore", 0, None), ("video", 3, "it takes off")],
        [("close", 0, None)],
        [("choose", 0, 1), ("image", 2, None)],
    ]
)
async def test_any_sequence(footage_world: World, tmp_path: Path, batches: list[list[Any]]) -> None:
    desk = await finished_video(footage_world, tmp_path)
    seen = {1: mp4_of(desk, desk.timeline(1))}
    done: list[StudioOperation] = []
    for batch in batches:
        if batch[0][0] == "close":
            await close_video(footage_world.client, desk.video_id)
            continue
        orders = [order_of(desk, *step) for step in batch]
        tickets = await asyncio.gather(*(desk.order(kind, scene, **more) for kind, scene, more in orders))
        done += [await desk.ended(ticket) for ticket in tickets]
        newest = desk.timeline()
        seen[newest.version] = mp4_of(desk, newest)
    assert all(operation.state is StudioState.DELIVERED for operation in done)
    assert sorted(operation.version or 0 for operation in done) == list(range(2, len(done) + 2))
    await check_versions(desk, done, seen, tmp_path)
    spent = sum(operation.price for operation in done)
    charged = {"image": 10, "video": 50}
    assert spent == sum(charged.get(operation.order.kind.value, 0) for operation in done)
    assert footage_world.balance().held == 0
    assert footage_world.stores.ledger.verify().differences == ()


def order_of(desk: Desk, kind: str, number: int, detail: Any) -> tuple[StudioKind, int | None, dict[str, Any]]:
    """A step as an order with existing references."""
    if kind == "restore":
        return StudioKind.RESTORE, None, {"version": number % desk.timeline().version + 1}
    if kind == "choose":
        takes = desk.world.stores.operations.takes(desk.world.account_id, desk.video_id)
        mine = [take.take_id for take in takes if take.scene_index == number]
        return StudioKind.CHOOSE, number, {"take_id": mine[detail % len(mine)]}
    return StudioKind(kind), number, {"edit": SceneEdit(prompt=detail)}


def mp4_of(desk: Desk, timeline: Timeline) -> str:
    """The digest of a version's delivered MP4."""
    return sha256(desk.world.stores.objects.get_bytes(timeline.video_key)).hexdigest()


async def check_versions(desk: Desk, done: list[StudioOperation], seen: dict[int, str], folder: Path) -> None:
    """Every version plays, tiles, and differs from its base in its one scene only."""
    by_version = {operation.version: operation.order for operation in done}
    pictures: dict[int, list[bytes]] = {}
    sounds: dict[int, list[bytes]] = {}
    count = len(done) + 1
    for number in range(1, count + 1):
        timeline = desk.timeline(number)
        check_tiling(timeline)
        key = await rebuild(desk.world.client, desk.world.account_id, timeline, desk.limits)
        path = folder / f"{number}.mp4"
        desk.world.stores.objects.get_file(key, path)
        if number in seen:
            assert sha256(path.read_bytes()).hexdigest() == seen[number], "joined again it is the same file"
        assert probe_picture(path).frame_count == timeline.frame_count
        with av.open(path) as container:
            decoded = sum(1 for _ in container.decode(video=0))
        assert decoded == timeline.frame_count, "it plays to its end"
        pictures[number], sounds[number] = packets_of(path)
        assert sounds[number] == sounds[1], "the song is never touched"
        if number == 1:
            continue
        order = by_version[number]
        base = order.version if order.kind is StudioKind.RESTORE else number - 1
        assert base is not None
        before = desk.timeline(base)
        for scene, old in zip(timeline.scenes, before.scenes, strict=True):
            assert (scene.start_frame, scene.end_frame) == (old.start_frame, old.end_frame)
            span = slice(scene.start_frame, scene.end_frame)
            if scene.index != order.scene_index:
                assert scene == old
                assert pictures[number][span] == pictures[base][span], f"scene {scene.index} is bit for bit the same"
            elif order.kind in (StudioKind.IMAGE, StudioKind.VIDEO):
                assert pictures[number][span] != pictures[base][span]
                assert scene.take_id == order.operation_id


def check_tiling(timeline: Timeline) -> None:
    edges = [scene.start_frame for scene in timeline.scenes] + [timeline.frame_count]
    assert edges[0] == 0
    assert edges[1:] == [scene.end_frame for scene in timeline.scenes]
    assert timeline.frame_count == round(64 * PROFILES[timeline.profile].fps)


def packets_of(path: Path) -> tuple[list[bytes], list[bytes]]:
    """The packets of picture and sound, in order."""
    with av.open(path) as container:
        picture = [bytes(packet) for packet in container.demux(video=0) if packet.size]
    with av.open(path) as container:
        sound = [bytes(packet) for packet in container.demux(audio=0) if packet.size]
    return picture, sound
