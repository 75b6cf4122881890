"""Two versions of the workers on one stack: which runs move, which stay, and when a version may go."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from temporalio.client import WorkflowHandle

from models.generation import AnalyzeRequest
from models.progress import RunStatus
from settings import CHECKOUT
from tests.fakes.live import LiveStack
from tests.faults.test_kills import finish
from workflows.clients import generation, start_analysis

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def versioned(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stack's own worker is of version one."""
    monkeypatch.setenv("ECHONOS_BUILD_ID", "one")


async def starter(live: LiveStack, *arguments: str) -> tuple[int, str]:
    """One command on the stack; its exit code and what it said."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "starter.py",
        *arguments,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "ECHONOS_HOME": str(live.base.home)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), 90)
    return process.returncode or 0, output.decode()


@pytest.fixture
def version_two(live: LiveStack, tmp_path: Path) -> Iterator[None]:
    """A second worker, beside the stack's own, with that one's settings."""
    env = psutil.Process(live.state.parts["worker"].pid).environ()
    env |= {"ECHONOS_BUILD_ID": "two", "ECHONOS_READY_FILE": str(tmp_path / "ready")}
    with (tmp_path / "two.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "worker.py"], cwd=CHECKOUT, env=env, stdout=log, stderr=log)
        yield
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


async def version_of(handle: WorkflowHandle[Any, Any]) -> str:
    info = (await handle.describe()).raw_description.workflow_execution_info.versioning_info
    return info.deployment_version.build_id


async def until_it_says(live: LiveStack, sentence: str, *arguments: str) -> None:
    """Ask again until the answer is as wanted: what has just closed or moved is visible a moment later."""
    said = ""
    async with asyncio.timeout(180):
        while sentence not in said:
            code, said = await starter(live, *arguments)
    assert code == (0 if "No run needs" in sentence else 4), said


async def test_runs_upgrade_children_stay_and_a_needed_version_is_kept(live: LiveStack, version_two: None) -> None:
    assert await starter(live, "deploy", "one") == (0, "Version one is the current one.\n")
    idle, _ = await live.start()
    assert (await finish(idle)).status is RunStatus.DRAFT_READY

    live.account_id += "-other"  # in whose Vault the song is not analysed yet
    live.stores.ledger.open_account(live.account_id)
    song = live.song.keep(live.stores, live.account_id)
    analysis = await start_analysis(live.client, AnalyzeRequest(account_id=live.account_id, song_id=song.song_id))
    handle, request = await live.start()  # it waits for that analysis
    code, said = await starter(live, "deploy", "two", "--json")
    assert (code, json.loads(said.splitlines()[-1])) == (0, {"current": "two"})
    assert await version_of(analysis) == "one"

    code, said = await starter(live, "drain", "one")
    assert code == 4, said
    assert "can only end on version one" in said
    code, said = await starter(live, "drain", "two", "--move")
    assert code == 4, said
    assert "is the current one" in said

    assert (await analysis.result()).ready
    assert await version_of(analysis) == "one", "pinned"
    assert (await finish(handle)).status is RunStatus.DRAFT_READY
    assert await version_of(generation(live.client, request.video_id)) == "two", "upgraded"

    # The run that waits for an artist has had nothing to do since: its version is kept until it has left.
    await until_it_says(live, "1 open runs are still on version one", "drain", "one")
    await until_it_says(live, "No run needs version one", "drain", "one", "--move")
    assert await version_of(idle) == "two", "moved"

    # And back, as after a bad deploy: the open runs go on with the old version.
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
    """The version it would move to is current, and its workers are gone."""
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
