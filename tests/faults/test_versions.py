"""Two versions of the workers on one stack: which runs move, which stay, and when a version can be removed."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest
from temporalio.api.enums.v1 import PendingActivityState
from temporalio.api.workflow.v1 import PendingActivityInfo
from temporalio.api.workflowservice.v1 import PauseWorkflowExecutionRequest, UnpauseWorkflowExecutionRequest
from temporalio.client import WorkflowHandle

from bootstrap import Application
from models.generation import AnalyzeRequest
from models.progress import RunStatus
from services.songs import add_song
from settings import CHECKOUT
from temporal.analysis import start_analysis
from temporal.generation import generation
from temporal.reading import describe
from tests.fakes.live import LiveStack
from tests.faults.test_kills import finish

pytestmark = pytest.mark.faults

PATIENCE_S = 240.0


@pytest.fixture(autouse=True)
def versioned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's own worker has version one."""
    monkeypatch.setenv("ECHONOS_BUILD_ID", "one")


async def starter(live: LiveStack, *arguments: str) -> tuple[int, str]:
    """One command on the stack; its exit code and its output."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "starter.py",
        *arguments,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "ECHONOS_HOME": str(live.base.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    return process.returncode or 0, output.decode()


@pytest.fixture
def version_two(live: LiveStack, tmp_path: Path) -> Iterator[None]:
    """A second worker beside the stack's own, with the same settings."""
    env = psutil.Process(live.state.parts["worker"].pid).environ()
    env |= {"ECHONOS_BUILD_ID": "two", "ECHONOS_READY_FILE": str(tmp_path / "ready")}
    with (tmp_path / "two.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "worker.py"], cwd=CHECKOUT, env=env, stdout=log, stderr=log)
        yield
        worker.send_signal(signal.SIGTERM)
        worker.wait(200)


async def version_of(handle: WorkflowHandle[Any, Any]) -> str:
    info = (await handle.describe()).raw_description.workflow_execution_info.versioning_info
    return info.deployment_version.build_id


def is_at_work(step: PendingActivityInfo, but: str = "") -> bool:
    started = PendingActivityState.PENDING_ACTIVITY_STATE_STARTED
    return step.state == started and step.activity_type.name != but


async def until_steps(live: LiveStack, run: str, wanted: Callable[[Sequence[PendingActivityInfo]], bool]) -> None:
    """Wait for a state of a run's pending steps."""
    async with asyncio.timeout(PATIENCE_S):
        while not wanted((await describe(live.client, run)).raw_description.pending_activities):
            await asyncio.sleep(0.05)


async def until_it_says(live: LiveStack, sentence: str, *arguments: str) -> None:
    """Repeat a command until its output is as expected: a closed or moved run becomes visible a moment later."""
    said = ""
    async with asyncio.timeout(PATIENCE_S):
        while sentence not in said:
            code, said = await starter(live, *arguments)
    assert code == (0 if "No run needs" in sentence else 4), said


async def test_runs_upgrade_children_stay_and_a_needed_version_is_kept(live: LiveStack, version_two: None) -> None:
    assert await starter(live, "deploy", "one") == (0, "Version one is the current one.\n")
    idle, _ = await live.start()
    assert (await finish(idle)).status is RunStatus.DRAFT_READY

    live.account_id += "-other"  # in whose Vault the song is not analysed yet
    live.stores.ledger.open_account(live.account_id)
    song = add_song(Application(live.base, live.client, live.stores), live.account_id, live.song)
    analysis = await start_analysis(live.client, AnalyzeRequest(account_id=live.account_id, song_id=song.song_id))
    # Paused while a step is done: a task without any news, as of a run unpaused meanwhile, takes the worker's default
    # behaviour instead of its workflow's (SDK 1.35), and a run that was pinned moves.
    await until_steps(live, analysis.id, lambda steps: any(is_at_work(step, but="look_up_song") for step in steps))
    assert await version_of(analysis) == "one"
    paused = {
        "namespace": live.client.namespace,
        "workflow_id": analysis.id,
        "reason": "it lasts as long as this test needs",
    }
    await live.client.workflow_service.pause_workflow_execution(PauseWorkflowExecutionRequest(**paused))
    handle, request = await live.start()  # it waits for that analysis
    code, said = await starter(live, "deploy", "two", "--json")
    assert (code, json.loads(said.splitlines()[-1])) == (0, {"current": "two"})

    await until_it_says(live, "can only end on version one", "drain", "one")
    code, said = await starter(live, "drain", "two", "--move")
    assert code == 4, said
    assert "is the current one" in said

    await until_steps(live, analysis.id, lambda steps: not any(is_at_work(step) for step in steps))
    await live.client.workflow_service.unpause_workflow_execution(UnpauseWorkflowExecutionRequest(**paused))
    assert (await analysis.result()).ready
    assert await version_of(analysis) == "one", "pinned"
    assert (await finish(handle)).status is RunStatus.DRAFT_READY
    assert await version_of(generation(live.client, request.video_id)) == "two", "upgraded"

    # The run that waits for an artist has had no task since: its version stays in use until it moves.
    await until_it_says(live, "1 open runs are still on version one", "drain", "one")
    await until_it_says(live, "No run needs version one", "drain", "one", "--move")
    assert await version_of(idle) == "two", "moved"

    # And back, as after a bad deploy: the open runs continue on the old version.
    assert (await starter(live, "deploy", "one"))[0] == 0
    await until_it_says(live, "2 open runs are still on version two", "drain", "two")
    await until_it_says(live, "No run needs version two", "drain", "two", "--move")
    assert [await version_of(idle), await version_of(handle)] == ["one", "one"]
    for run in (idle, handle):
        assert (await finish(run)).status is RunStatus.DRAFT_READY
    for account_id in (live.account_id, live.account_id.removesuffix("-other")):
        balance = live.stores.ledger.balance(account_id)
        assert (balance.posted, balance.held) == (50, 0)


async def test_a_run_that_nobody_can_move_keeps_its_version(live: LiveStack) -> None:
    """The version it would move to is current, but has no workers."""
    assert (await starter(live, "deploy", "one"))[0] == 0
    idle, _ = await live.start()
    assert (await finish(idle)).status is RunStatus.DRAFT_READY
    await until_it_says(live, "is the current one", "drain", "one")
    assert (await starter(live, "deploy", "unversioned"))[0] == 0
    await until_it_says(live, "have not left version one yet", "drain", "one", "--move", "--wait", "1")


async def test_a_version_that_nobody_serves_is_not_deployed(live: LiveStack) -> None:
    code, said = await starter(live, "deploy", "three", "--wait", "1")
    assert code == 2
    assert "ECHONOS_BUILD_ID=three" in said
    assert (await starter(live, "drain", "three"))[0] == 2
