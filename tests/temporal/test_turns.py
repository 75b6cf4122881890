"""Doctor sees whether a server serves accounts in turn."""

import asyncio
import os
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from temporalio.api.enums.v1 import TaskQueueType
from temporalio.api.taskqueue.v1 import TaskQueueStats
from temporalio.api.workflowservice.v1 import DescribeTaskQueueResponse
from temporalio.client import Client

from cli.stack.parts import Part, temporal_command
from cli.stack.plan import StackPlan
from models.failures import Misconfigured
from services.temporal_checks import turns
from temporal.namespace import prepare_namespace
from temporal.turns import LATE, MANY, SMALL, SOON, TRIALS, serves_in_turn
from tests.conftest import Served
from tests.fakes.ports import own_port


async def test_our_own_server_serves_accounts_in_turn(temporal: Client) -> None:
    assert "in turn" in await turns(temporal)


@pytest.mark.parametrize(
    ("trials", "in_turn"),
    [
        (["b s b s b b"], True),
        (["b b b s=1 b s=1 b b b s=2 b b"], True),
        (["b " * 30 + "s s"] * 2, False),
        (["s=1 s=1 " + "b " * 30] * 2, False),
        (["b " * 30, "b s b b s"], True),
        (["b " * 20 + "s s", "b s b b s"], True),
        (["b " * 20 + "s s", "b " * 20 + "s s", "s " + "b " * 30], False),
        (["b " * 12 + "s s"] * (1 + TRIALS), True),
    ],
)
async def test_few_tasks_tell_a_trial_that_does_not_is_followed_by_another_and_a_repeated_task_counts_once(
    trials: list[str], in_turn: bool
) -> None:
    kinds = {"b": "big", "s": "small"}
    looks = {
        number: iter(f"probe-{kinds[one[0]]}-{one[1:] or place}" for place, one in enumerate(order.split()))
        for number, order in enumerate(trials)
    }
    queues: dict[str, int] = {}
    timeouts, started, counted = [], Counter[str](), Counter[str]()

    async def poll(request: Any, **_: Any) -> Any:
        queue = request.task_queue.name
        assert started[queue] == MANY + SMALL
        if queues[queue] > 0:
            assert counted[queue] == MANY + SMALL, "the server's count is waited for before a server is blamed"
        return SimpleNamespace(workflow_execution=SimpleNamespace(workflow_id=next(looks[queues[queue]])))

    async def start(*_: Any, task_queue: str, task_timeout: timedelta, **__: Any) -> None:
        queues.setdefault(task_queue, len(queues))
        started[task_queue] += 1
        timeouts.append(task_timeout)

    async def describe(request: Any, **_: Any) -> Any:
        name = request.task_queue.name
        counted[name] = min(counted[name] + 30, started[name])
        workflow = request.task_queue_type == TaskQueueType.TASK_QUEUE_TYPE_WORKFLOW
        return DescribeTaskQueueResponse(stats=TaskQueueStats(approximate_backlog_count=counted[name] * workflow))

    async def delete(_request: Any) -> None:
        pass

    service = SimpleNamespace(
        poll_workflow_task_queue=poll, delete_workflow_execution=delete, describe_task_queue=describe
    )
    client: Any = SimpleNamespace(start_workflow=start, workflow_service=service, namespace="", identity="doctor")
    assert await serves_in_turn(client) == in_turn
    assert len(queues) == len(trials)
    assert min(timeouts) > timedelta(seconds=30), "doctor's patience for the whole of it"


def test_the_thresholds_tell_turns_from_none_whatever_partitions_a_server_draws() -> None:
    rng = Random(0)

    def second_small_one(in_turn: bool) -> int:
        partitions = [([0] * counts[0], [1] * counts[1]) for counts in zip(drawn(MANY), drawn(SMALL), strict=True)]
        queues = [(big[:1] + small + big[1:]) if in_turn else big + small for big, small in partitions]
        met = look = 0
        while met < 2:
            queue = rng.choice(queues)
            if queue:
                look += 1
                met += queue.pop(0)
        return look

    def drawn(tasks: int) -> list[int]:
        partitions = Counter(rng.randrange(4) for _ in range(tasks))
        return [partitions[number] for number in range(4)]

    places = {in_turn: [second_small_one(in_turn) for _ in range(1000)] for in_turn in (True, False)}
    assert max(places[True]) <= LATE
    assert min(places[False]) > SOON
    assert sum(place > SOON for place in places[True]) < 20, "a second trial is rare"


@pytest.fixture
def as_it_comes(server_plan: StackPlan, tmp_path: Path) -> Iterator[str]:
    """A dev server without our dynamic configuration."""
    section = server_plan.description.temporal.model_copy(update={"dynamic_config": {}})
    port = own_port()
    address = f"{server_plan.description.host}:{port}"
    part = Part(
        name="plain",
        command=(*temporal_command(section), "--headless", f"--ip={server_plan.description.host}", f"--port={port}"),
        env=dict(os.environ),
        cwd=tmp_path,
        port=port,
        usable=lambda: asyncio.run(prepare_namespace(address, section)),
        stop_grace_s=section.stop_grace_s,
        sweep=lambda: None,
    )
    with Served(part, tmp_path):
        yield address


async def test_a_server_as_it_comes_does_not_and_doctor_says_what_to_switch_on(as_it_comes: str) -> None:
    with pytest.raises(Misconfigured, match=r"matching\.enableFairness") as told:
        await turns(await Client.connect(as_it_comes))
    assert "Temporal Cloud" in str(told.value)
