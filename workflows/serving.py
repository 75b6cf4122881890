"""How workers are made of workflows and steps; `worker.py` decides what is behind the steps."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import Worker

from models.routing import PROVIDER_QUEUE, QUEUE, RENDER_QUEUE
from workflows.catalog import WORKFLOWS
from workflows.sandboxing import ContextFreeRunner
from workflows.versioning import deployment_config

LIGHT_SLOTS = 32
PROVIDER_SLOTS = 1000
"""Steps that only wait: more than any provider lets be in flight, so that it is permits that decide who goes next."""

GRACE = timedelta(seconds=5)


def steps_of(room: object) -> list[Callable[..., Any]]:
    """The methods of an activity class that are activities."""
    methods = (getattr(room, name) for name in dir(room) if not name.startswith("_"))
    return [method for method in methods if hasattr(method, "__temporal_activity_definition")]


def build_workers(client: Client, activities: Sequence[Callable[..., Any]], render_slots: int) -> list[Worker]:
    """One worker for workflows and light steps, one that renders as many at once as there are cores, one that waits."""
    light = Worker(
        client,
        task_queue=QUEUE,
        workflows=WORKFLOWS,
        workflow_runner=ContextFreeRunner(),
        activities=activities,
        activity_executor=ThreadPoolExecutor(LIGHT_SLOTS, "light"),
        max_concurrent_activities=LIGHT_SLOTS,
        graceful_shutdown_timeout=GRACE,
        deployment_config=deployment_config(),
    )
    render = Worker(
        client,
        task_queue=RENDER_QUEUE,
        activities=activities,
        activity_executor=ThreadPoolExecutor(render_slots, "render"),
        max_concurrent_activities=render_slots,
        graceful_shutdown_timeout=GRACE,
        deployment_config=deployment_config(),
    )
    provider = Worker(
        client,
        task_queue=PROVIDER_QUEUE,
        activities=activities,
        activity_executor=ThreadPoolExecutor(PROVIDER_SLOTS, "provider"),
        max_concurrent_activities=PROVIDER_SLOTS,
        graceful_shutdown_timeout=GRACE,
        deployment_config=deployment_config(),
    )
    return [light, render, provider]
