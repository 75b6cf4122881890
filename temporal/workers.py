"""Workers: one for each kind of work that a process serves; `bootstrap.py` supplies the steps' dependencies."""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from temporalio import activity
from temporalio.client import Client
from temporalio.common import VersioningBehavior, WorkerDeploymentVersion
from temporalio.worker import (
    ActivityInboundInterceptor,
    ExecuteActivityInput,
    FixedSizeSlotSupplier,
    Interceptor,
    PollerBehaviorAutoscaling,
    ResourceBasedSlotConfig,
    ResourceBasedSlotSupplier,
    ResourceBasedTunerConfig,
    Worker,
    WorkerDeploymentConfig,
    WorkerTuner,
)

from models.queues import DEPLOYMENT, QUEUES, Work
from temporal.sandbox import ContextFreeRunner
from workflows.catalog import WORKFLOWS
from workflows.versioning import BUILD_ID

LIGHT_SLOTS = 32
PROVIDER_SLOTS = 1000
"""Slots for steps that only wait: more than any provider's limit on jobs in flight, so that permits set the order."""

WORKFLOW_SLOTS = 8
"""Workflow tasks at once: one interpreter does them in turn anyway, and what waits at the server goes by priority."""
UNTIL_FULL = 1.0
"""CPU use up to which a further core's job is taken. The slots are the cores; only another's load fills them early."""

GRACE = timedelta(seconds=5)
_CORE_WORK = frozenset({Work.RENDER, Work.ANALYSE})
_BEAT_S = 1.0
_WAITING_SHARE = 0.25
"""Of a step's time, which runs once a worker takes it: behind an hour of exports an analysis would lose all of it."""


@dataclass(frozen=True)
class Tuning:
    """How much a worker process takes on.

    Attributes:
        render_slots: CPU-bound jobs at once, over all queues of the process.
        memory_share: A further CPU-bound job is taken while the machine (or container) uses less of its memory than
            this; None: whatever it uses.
        cached_runs: Runs whose state stays in memory between their tasks.
        most_pollers: Open polls per queue; the SDK opens as many as the backlog is worth.
        resting_patches: Changes of workflows that this code knows and does not begin yet: the version to which one
            may have to go back must know them first.
    """

    render_slots: int
    memory_share: float | None = None
    cached_runs: int = 500
    most_pollers: int = 50
    resting_patches: frozenset[str] = frozenset()


def steps_of(room: object) -> list[Callable[..., Any]]:
    """The methods of an activity class that are activities."""
    methods = (getattr(room, name) for name in dir(room) if not name.startswith("_"))
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]


def build_workers(
    client: Client, activities: Sequence[Callable[..., Any]], tuning: Tuning, works: Iterable[Work] = tuple(Work)
) -> list[Worker]:
    """A worker for each kind of work.

    Every worker knows all activities: steps that were scheduled while their kind was on another queue are served.

    Args:
        client: Connected.
        activities: All activities.
        tuning: How much to take on.
        works: The kinds of work.
    """
    served = sorted(set(works), key=list(Work).index)
    cores = asyncio.Semaphore(tuning.render_slots) if set(served) >= _CORE_WORK else None
    return [_worker(client, activities, tuning, work, cores) for work in served]


def _worker(
    client: Client,
    activities: Sequence[Callable[..., Any]],
    tuning: Tuning,
    work: Work,
    cores: asyncio.Semaphore | None,
) -> Worker:
    slots = {Work.ORCHESTRATE: LIGHT_SLOTS, Work.PROVIDE: PROVIDER_SLOTS}.get(work, tuning.render_slots)
    pollers = PollerBehaviorAutoscaling(maximum=tuning.most_pollers, initial=min(5, tuning.most_pollers))
    options: dict[str, Any] = {}
    if work is Work.ORCHESTRATE:
        options = {
            "workflows": WORKFLOWS,
            "workflow_runner": ContextFreeRunner(),
            "max_cached_workflows": tuning.cached_runs,
            "workflow_task_poller_behavior": pollers,
            "patch_activation_callback": lambda asked: asked.patch_id not in tuning.resting_patches,
        }
    if work in _CORE_WORK and cores is not None:
        options["interceptors"] = [SharedCores(cores)]
    return Worker(
        client,
        task_queue=QUEUES[work],
        activities=activities,
        activity_executor=ThreadPoolExecutor(slots, work.value),
        tuner=_tuner(slots, tuning.memory_share if work in _CORE_WORK else None),
        activity_task_poller_behavior=pollers,
        graceful_shutdown_timeout=GRACE,
        deployment_config=deployment_config(),
        **options,
    )


def _tuner(slots: int, memory_share: float | None) -> WorkerTuner:
    steps: FixedSizeSlotSupplier | ResourceBasedSlotSupplier = FixedSizeSlotSupplier(slots)
    if memory_share is not None:
        # One job at least: its child is held to limits of its own, and a worker that takes none helps no run.
        config = ResourceBasedSlotConfig(minimum_slots=1, maximum_slots=slots, ramp_throttle=timedelta(0))
        aim = ResourceBasedTunerConfig(target_memory_usage=memory_share, target_cpu_usage=UNTIL_FULL)
        steps = ResourceBasedSlotSupplier(config, aim)
    return WorkerTuner.create_composite(
        workflow_supplier=FixedSizeSlotSupplier(WORKFLOW_SLOTS),
        activity_supplier=steps,
        local_activity_supplier=FixedSizeSlotSupplier(1),
        nexus_supplier=FixedSizeSlotSupplier(1),
    )


class SharedCores(Interceptor):
    """Lets the queues of one process share its cores: each has as many slots as there are cores.

    Args:
        cores: A semaphore of as many.
    """

    def __init__(self, cores: asyncio.Semaphore) -> None:
        self._cores = cores

    def intercept_activity(self, next: ActivityInboundInterceptor) -> ActivityInboundInterceptor:
        """Have a step wait for a core, a quarter of its time at most."""
        return _OnACore(next, self._cores)


class _OnACore(ActivityInboundInterceptor):
    def __init__(self, following: ActivityInboundInterceptor, cores: asyncio.Semaphore) -> None:
        super().__init__(following)
        self._cores = cores

    async def execute_activity(self, input: ExecuteActivityInput) -> Any:
        taken = False
        allowed = activity.info().start_to_close_timeout
        left_s = math.inf if allowed is None else allowed.total_seconds() * _WAITING_SHARE
        try:
            # A step that is withdrawn, or whose worker stops, goes on at once: its own first heartbeat ends it.
            while not (taken or left_s <= 0 or activity.is_cancelled() or activity.is_worker_shutdown()):
                taken = await _took(self._cores, min(_BEAT_S, left_s))
                left_s -= _BEAT_S
            return await super().execute_activity(input)
        finally:
            if taken:
                self._cores.release()


async def _took(cores: asyncio.Semaphore, within_s: float) -> bool:
    try:
        async with asyncio.timeout(within_s):
            return await cores.acquire()
    except TimeoutError:
        activity.heartbeat()
        return False


def deployment_config() -> WorkerDeploymentConfig | None:
    """The deployment options of a worker; None while versioning is off."""
    if BUILD_ID is None:
        return None
    return WorkerDeploymentConfig(
        version=WorkerDeploymentVersion(deployment_name=DEPLOYMENT, build_id=BUILD_ID),
        use_worker_versioning=True,
        default_versioning_behavior=VersioningBehavior.AUTO_UPGRADE,
    )
