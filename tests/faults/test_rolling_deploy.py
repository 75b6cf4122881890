"""A patched version comes, goes and comes again while runs are open: no run is stuck, and none diverges."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import WorkflowTaskFailedCause

from cli.stack import ensure_stack, settings_for
from models.progress import Progress, RunStatus, StageName
from settings import Settings
from stores.opening import open_stores
from temporal.connection import connect
from temporal.deployments import make_current
from temporal.generation import GenerateHandle
from tests.fakes.amounts import FULL
from tests.fakes.engines import Faults
from tests.fakes.machines import Machines
from tests.fakes.rolling_worker import EARLY, EARLY_STILLS, LATE, PATCH
from tests.fakes.world import QUICK, World

NON_DETERMINISM = WorkflowTaskFailedCause.WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR
RUNS = 20 if FULL else 4
PATIENCE_S = 1200.0 if FULL else 400.0
PATIENT = QUICK.model_copy(update={"max_attempts": 20})
"""Stills wait until versions have changed, which may outlast their time on a busy machine."""

pytestmark = [pytest.mark.faults, pytest.mark.timeout(3 * PATIENCE_S)]


def stills_of(progress: Progress) -> int:
    return next(stage.done for stage in progress.stages if stage.name is StageName.STILLS)


async def steps_of(handle: GenerateHandle) -> tuple[set[str], bool, int]:
    """The versions that did a run's tasks, whether it began the patch, and how many of its tasks diverged."""
    versions, patched, diverged = set(), False, 0
    async for event in handle.fetch_history_events():
        if event.HasField("workflow_task_completed_event_attributes"):
            versions.add(event.workflow_task_completed_event_attributes.deployment_version.build_id)
        diverged += event.workflow_task_failed_event_attributes.cause == NON_DETERMINISM
        patched |= PATCH in str(event.marker_recorded_event_attributes)
    return versions, patched, diverged


async def test_open_runs_follow_a_patched_version_back_and_forth(stack_settings: Settings, tmp_path: Path) -> None:
    with ensure_stack(stack_settings, say=print, worker=False) as state:
        settings = settings_for(state, stack_settings)
        stores, client = open_stores(**settings.store_options()), await connect(settings)
        world, machines = World(client, stores, Faults()), Machines(state, stack_settings, tmp_path)
        world.grant(200 * RUNS)
        song_id = world.add_song(tmp_path)
        try:
            for version, resting in (("one", PATCH), ("two", "")):
                variables = {"ECHONOS_BUILD_ID": version, "ECHONOS_RESTING_PATCHES": resting}
                machines.add_worker(version, "-m", "tests.fakes.rolling_worker", str(tmp_path), **variables)
            await machines.ready()
            await make_current(client, "one", PATIENCE_S)
            before = [(await world.start(world.request(song_id, PATIENT)))[0] for _ in range(RUNS // 2)]
            await make_current(client, "two", PATIENCE_S)
            after = [(await world.start(world.request(song_id, PATIENT)))[0] for _ in range(RUNS // 2)]
            handles = [*before, *after]

            async def all_are(wanted: Callable[[Progress], bool]) -> None:
                await asyncio.gather(*(world.until(one, wanted, PATIENCE_S, 0.5) for one in handles))

            await make_current(client, "one", PATIENCE_S)
            (tmp_path / EARLY).touch()
            await all_are(lambda p: stills_of(p) == EARLY_STILLS)
            await make_current(client, "two", PATIENCE_S)
            (tmp_path / LATE).touch()
            await all_are(lambda p: p.status is RunStatus.DRAFT_READY)
            told = [await steps_of(handle) for handle in handles]
        finally:
            machines.end()
        assert [diverged for _, _, diverged in told] == [0] * RUNS
        assert [patched for _, patched, _ in told] == [False] * (RUNS // 2) + [True] * (RUNS // 2)
        # Those that began the patch were back on the version that never begins it, too.
        assert [versions for versions, _, _ in told] == [{"one", "two"}] * RUNS
        assert world.balance().held == 0
        assert stores.ledger.verify().differences == ()
        await world.end()
        stores.database.close()
