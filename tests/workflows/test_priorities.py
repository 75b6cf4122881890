"""Queues serve artists in turn and Studio first: priority and fairness key of each scheduled step."""

import dataclasses
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from temporalio.client import WorkflowHandle

from engines.providers.fal import FalClient, choose
from models.credits import HoldRequest, Operation
from models.ids import analyze_workflow_id, generate_operation_key, regenerate_workflow_id
from models.studio import StudioKind
from tests.fakes.desk import finished_video
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import World
from workflows.policies import (
    CLIP_PRIORITY,
    COLLECTION_PRIORITIES,
    PIECE_PRIORITIES,
    STILL_PRIORITY,
    STUDIO_PRIORITY,
    behind,
)


async def scheduled(handle: WorkflowHandle[Any, Any]) -> dict[str, list[tuple[int, str]]]:
    """By activity: priority and fairness key of each scheduling."""
    found: dict[str, list[tuple[int, str]]] = {}
    async for event in handle.fetch_history_events():
        if event.HasField("activity_task_scheduled_event_attributes"):
            step = event.activity_task_scheduled_event_attributes
            keys = step.priority.priority_key, step.priority.fairness_key
            found.setdefault(step.activity_type.name, []).append(keys)
    return found


async def test_every_step_says_whose_it_is_and_how_urgent(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path, heard=False)
    steps = await scheduled(desk.handle)
    assert {whose for keys in steps.values() for _, whose in keys} == {world.account_id}
    assert {urgency for urgency, _ in steps["paint_still"]} == {STILL_PRIORITY}
    assert {urgency for urgency, _ in steps["animate_still"]} == {CLIP_PRIORITY}
    assert await turn_of(desk.handle) == (0, world.account_id)
    analysis = world.client.get_workflow_handle(analyze_workflow_id(desk.timeline().song_id))
    assert await turn_of(analysis) == (0, world.account_id)
    assert {whose for keys in (await scheduled(analysis)).values() for _, whose in keys} == {world.account_id}

    ticket = await desk.order(StudioKind.IMAGE, 1)
    await desk.ended(ticket)
    child = world.client.get_workflow_handle(regenerate_workflow_id(desk.video_id, ticket.operation_id))
    steps = await scheduled(child)
    assert set(steps) >= {"prepare_take", "paint_still", "move_over_still", "record_take"}
    studio = (STUDIO_PRIORITY, world.account_id)
    assert {key for keys in steps.values() for key in keys} == {studio}
    assert await turn_of(child) == studio
    around = await scheduled(desk.handle)
    assert [around[step][-1] for step in ("accept_operation", "join_version", "settle_credits")] == [studio] * 3


async def test_what_is_bought_says_so_too(world: World, fal_server: FalServer, tmp_path: Path) -> None:
    await world.rest()
    world.engines.scenes, world.engines.duration_s = 4, 16.0
    world.provider = FalClient(KEY, choose())
    world.terms = dataclasses.replace(world.terms, capacity=10, poll_s=0.05, most_poll_s=0.2)
    await world.work()
    desk = await finished_video(world, tmp_path)
    steps = await scheduled(desk.handle)
    for step, priorities in (("order_piece", PIECE_PRIORITIES), ("collect_piece", COLLECTION_PRIORITIES)):
        assert set(steps[step]) == {(urgency, world.account_id) for urgency in priorities.values()}
    assert max(COLLECTION_PRIORITIES.values()) < max(PIECE_PRIORITIES.values()), "before further orders of its kind"


async def turn_of(handle: WorkflowHandle[Any, Any]) -> tuple[int, str]:
    """The priority and fairness key of a run's own tasks."""
    first = await anext(aiter(handle.fetch_history_events()))
    keys = first.workflow_execution_started_event_attributes.priority
    return keys.priority_key, keys.fairness_key


@pytest.mark.parametrize(("drafts", "key"), [(0, None), (1, 4), (7, 4), (8, 5), (1_000, 5)])
def test_many_drafts_of_an_account_stand_behind_anothers_first(drafts: int, key: int | None) -> None:
    assert behind(drafts) == key


async def test_an_order_counts_the_drafts_under_way(world: World, tmp_path: Path) -> None:
    world.grant(200 * 4)
    for _ in range(4):
        key = generate_operation_key(uuid4().hex)
        world.stores.ledger.hold(
            HoldRequest(account_id=world.account_id, operation=Operation.GENERATE, operation_key=key)
        )
    handle, _ = await world.start(world.request(world.add_song(tmp_path)))
    assert await turn_of(handle) == (4, world.account_id)
