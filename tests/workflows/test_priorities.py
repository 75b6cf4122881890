"""Queues serve artists in turn and Studio first: what each scheduled step says of itself."""

import dataclasses
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHandle

from engines.providers.fal import FalShop, choose
from models.routing import regenerate_workflow_id
from models.studio import StudioKind
from tests.fakes.desk import finished_video
from tests.fakes.fal_server import KEY, FalServer
from tests.fakes.world import World
from workflows.policies import CLIP_PRIORITY, STILL_PRIORITY, STUDIO_PRIORITY

pytestmark = pytest.mark.timeout(240)


async def scheduled(handle: WorkflowHandle[Any, Any]) -> dict[str, list[tuple[int, str]]]:
    """By activity: priority and fairness key of each time that it was scheduled."""
    found: dict[str, list[tuple[int, str]]] = {}
    async for event in handle.fetch_history_events():
        if event.HasField("activity_task_scheduled_event_attributes"):
            step = event.activity_task_scheduled_event_attributes
            keys = step.priority.priority_key, step.priority.fairness_key
            found.setdefault(step.activity_type.name, []).append(keys)
    return found


async def test_every_step_says_whose_it_is_and_how_urgent(world: World, tmp_path: Path) -> None:
    desk = await finished_video(world, tmp_path)
    steps = await scheduled(desk.handle)
    assert {whose for keys in steps.values() for _, whose in keys} == {world.account_id}
    assert {urgency for urgency, _ in steps["paint_still"]} == {STILL_PRIORITY}
    assert {urgency for urgency, _ in steps["animate_still"]} == {CLIP_PRIORITY}

    ticket = await desk.order(StudioKind.IMAGE, 1)
    await desk.ended(ticket)
    child = world.client.get_workflow_handle(regenerate_workflow_id(desk.video_id, ticket.operation_id))
    steps = await scheduled(child)
    assert set(steps) >= {"prepare_take", "paint_still", "move_over_still", "record_take"}
    assert {key for keys in steps.values() for key in keys} == {(STUDIO_PRIORITY, world.account_id)}


async def test_what_is_bought_says_so_too(world: World, fal_server: FalServer, tmp_path: Path) -> None:
    await world.rest()
    world.engines.scenes, world.engines.duration_s = 4, 16.0
    world.shop = FalShop(KEY, choose())
    world.terms = dataclasses.replace(world.terms, capacity=10, poll_s=0.05, most_poll_s=0.2)
    await world.work()
    desk = await finished_video(world, tmp_path)
    steps = await scheduled(desk.handle)
    wanted = {(urgency, world.account_id) for urgency in (STILL_PRIORITY, CLIP_PRIORITY)}
    assert set(steps["order_piece"]) == set(steps["collect_piece"]) == wanted
