"""Scheduled runs: how often, how long, and what a run that hangs does to the next one."""

import asyncio
import threading
from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.client import Client, ScheduleActionStartWorkflow, ScheduleOverlapPolicy

from models.credits import HoldInfo, HoldRequest, Operation
from models.generation import ReconcileRequest
from models.ids import generate_operation_key
from models.queues import JOBS_SCHEDULE, RECONCILE_SCHEDULE
from temporal.schedules import ensure_schedules, schedule_of, schedules
from tests.fakes.world import World
from workflows.bookkeeping import ReconcileCredits
from workflows.policies import RECONCILE_EVERY, RECONCILE_TIMEOUT, RECONCILE_WITHIN

PATIENCE_S = 200


@pytest.mark.parametrize("name", [RECONCILE_SCHEDULE, JOBS_SCHEDULE])
def test_a_hold_is_settled_in_time_even_after_a_look_that_hangs(name: str) -> None:
    """The run ends just after a pass that hangs has started: that pass's time, a pause, and a whole pass fit."""
    schedule = schedules()[name]
    assert [interval.every for interval in schedule.spec.intervals] == [RECONCILE_EVERY]
    assert isinstance(schedule.action, ScheduleActionStartWorkflow)
    assert schedule.action.execution_timeout == RECONCILE_TIMEOUT
    assert schedule.policy.overlap is ScheduleOverlapPolicy.SKIP
    assert RECONCILE_TIMEOUT + RECONCILE_EVERY + RECONCILE_TIMEOUT <= RECONCILE_WITHIN == timedelta(minutes=5)


async def test_a_look_that_hangs_is_ended_and_the_next_one_settles(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = generate_operation_key(f"video-{uuid4().hex}")
    world.stores.ledger.hold(HoldRequest(account_id=world.account_id, operation=Operation.GENERATE, operation_key=key))
    standing_holds, go_on, hung = world.stores.ledger.standing_holds, threading.Event(), threading.Event()

    def hang_once(*asked: object) -> list[HoldInfo]:
        if not hung.is_set():
            hung.set()
            go_on.wait(2 * PATIENCE_S)
        return standing_holds(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(world.stores.ledger, "standing_holds", hang_once)
    name = f"reconcile-{uuid4().hex}"
    every, timeout = timedelta(seconds=1), timedelta(seconds=5)
    schedule = schedule_of(name, ReconcileCredits.run, ReconcileRequest(), every, timeout)
    handle = await world.client.create_schedule(name, schedule)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while world.balance().held:
                await asyncio.sleep(0.1)
        assert hung.is_set()
        assert not go_on.is_set(), "the first look still hangs"
        assert world.balance().available == 250
    finally:
        go_on.set()
        await handle.delete()


async def test_a_worker_brings_schedules_up_to_date_and_leaves_them_paused(
    temporal: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = f"reconcile-{uuid4().hex}"
    handle = temporal.get_schedule_handle(name)
    for days in (100, 200):
        schedule = schedule_of(name, ReconcileCredits.run, ReconcileRequest(), timedelta(days=days))
        monkeypatch.setattr("temporal.schedules.schedules", lambda schedule=schedule: {name: schedule})
        await ensure_schedules(temporal)
        described = (await handle.describe()).schedule
        assert [interval.every for interval in described.spec.intervals] == [timedelta(days=days)]
        assert described.state.paused == (days == 200)
        await handle.pause()
    await handle.delete()
