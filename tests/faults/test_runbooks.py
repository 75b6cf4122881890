"""Every runbook, as written: its commands are read from its page and run in its story's situation, on a real stack."""

import asyncio
import os
import re
import shlex
import signal
import subprocess
import sys
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from sqlalchemy import update
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest
from temporalio.service import RPCError

from cli.stack import connect, running_stack, settings_for
from cli.upload import Upload
from models.progress import RunStatus, StageName
from settings import CHECKOUT, Settings
from stores import schema
from stores.opening import open_stores
from tests.fakes.anthropic_server import KEY, AnthropicServer, Outage
from tests.fakes.live import LiveStack
from tests.faults.test_kills import finish, look, reach
from workflows.clients import generation
from workflows.deployments import make_current

pytestmark = [pytest.mark.faults, pytest.mark.timeout(600)]

PAGES = CHECKOUT / "docs" / "runbooks"
STORIES = ("stuck-run", "parked-run", "provider-outage", "bad-deploy", "ledger-mismatch", "lost-worker")
COMMAND_S = 150
STARTER = ".venv/bin/python starter.py "


@dataclass(frozen=True)
class Command:
    """A line of a page."""

    words: tuple[str, ...]
    exit_code: int


def commands_of(story: str, **placeholders: str) -> list[Command]:
    """The commands of a page, with its placeholders filled in."""
    (block,) = re.findall(r"```sh\n(.*?)```", (PAGES / f"{story}.md").read_text(), re.DOTALL)
    commands = []
    for line in block.splitlines():
        command, _, note = line.partition("  # exit code ")
        assert command.startswith(STARTER), f"{story}: {line}"
        words = shlex.split(command.removeprefix(STARTER))
        commands.append(Command(tuple(placeholders.get(word, word) for word in words), int(note or 0)))
    return commands


async def run(story: str, home: Path, **placeholders: str) -> list[str]:
    """Run a page's commands in order; what each has said."""
    said = []
    for command in commands_of(story, **placeholders):
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "starter.py",
            *command.words,
            cwd=CHECKOUT,
            env={"PATH": os.environ["PATH"], "ECHONOS_HOME": str(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )
        output, _ = await asyncio.wait_for(process.communicate(), COMMAND_S)
        said.append(output.decode())
        assert process.returncode == command.exit_code, f"{command}: {said[-1]}"
    return said


def check_money(live: LiveStack, posted: int) -> None:
    balance = live.stores.ledger.balance(live.account_id)
    assert (balance.posted, balance.held) == (posted, 0)
    assert live.stores.ledger.verify().differences == ()


def test_every_story_has_a_page_of_at_most_three_commands() -> None:
    assert sorted(path.stem for path in PAGES.glob("*.md")) == sorted((*STORIES, "README"))
    for story in STORIES:
        assert 1 <= len(commands_of(story)) <= 3
        assert f"({story}.md)" in (PAGES / "README.md").read_text()


async def test_a_stuck_run_is_done_again_from_where_it_stands(live: LiveStack) -> None:
    handle, request = await live.start()
    execution = WorkflowExecution(workflow_id=handle.id)
    pause = PauseActivityRequest(
        namespace=live.client.namespace, execution=execution, type="paint_still", reason="forgotten"
    )
    await reach(handle, StageName.STILLS)
    async with asyncio.timeout(60):
        while True:  # until every step of the stage that is pending is paused
            try:
                await live.client.workflow_service.pause_activity(pause)
            except RPCError:
                await asyncio.sleep(0.02)
                continue
            pending = (await handle.describe()).raw_description.pending_activities
            if pending and all(p.paused for p in pending if p.activity_type.name == "paint_still"):
                break
    shown, again, watched = await run("stuck-run", live.base.home, VIDEO=request.video_id)
    assert "image generation     running" in shown
    assert "Runs again from image-generation." in again
    assert "assembly done" in watched
    check_money(live, 50)


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnthropicServer]:
    """A provider that is down until the test takes its plans away."""
    with AnthropicServer(plans=defaultdict(Outage)) as server:
        monkeypatch.setenv("ANTHROPIC_API_KEY", KEY)
        monkeypatch.setenv("ANTHROPIC_BASE_URL", server.url)
        yield server


async def parked(live: LiveStack) -> str:
    handle, request = await live.start()
    progress = await finish(handle)
    assert progress.status is RunStatus.NEEDS_ATTENTION, progress.sentence
    return request.video_id


async def test_a_parked_run_that_cannot_be_helped_is_given_up(provider: AnthropicServer, live: LiveStack) -> None:
    video_id = await parked(live)
    listed, shown, given_up = await run("parked-run", live.base.home, VIDEO=video_id)
    assert f"{video_id}" in listed
    assert "creative-vision" in listed
    assert "Demo · neo-noir" in listed
    assert "200 credits held" in shown
    assert "The account has 250 credits." in given_up
    check_money(live, 250)


async def test_after_an_outage_all_runs_go_on(provider: AnthropicServer, live: LiveStack) -> None:
    live.grant(200)
    first, second = await parked(live), await parked(live)
    provider.plans = defaultdict(deque)
    listed, retried, watched = await run("provider-outage", live.base.home, VIDEO=first)
    assert first in listed
    assert second in listed
    assert "2 runs try again." in retried
    assert "assembly done" in watched
    assert (await finish(generation(live.client, second))).status is RunStatus.DRAFT_READY
    check_money(live, 50)


BAD_WORKER = """
import asyncio, sys
sys.path.insert(0, {checkout!r})
from settings import Settings
from workflows import draft

async def plan(self, story):
    raise RuntimeError("a bug of this version")

draft.Draft._plan = plan
import worker
asyncio.run(worker.serve(Settings()))
"""


@pytest.fixture
def version_good(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ECHONOS_BUILD_ID", "good")


@pytest.fixture
async def bad_worker(version_good: None, live: LiveStack, tmp_path: Path) -> AsyncIterator[None]:
    """A version whose workflow tasks fail, deployed beside the good one."""
    env = psutil.Process(live.state.parts["worker"].pid).environ()
    env |= {"ECHONOS_BUILD_ID": "bad", "ECHONOS_READY_FILE": str(tmp_path / "ready")}
    code = BAD_WORKER.format(checkout=str(CHECKOUT))
    with (tmp_path / "bad.log").open("wb") as log:
        worker = subprocess.Popen([sys.executable, "-c", code], cwd=CHECKOUT, env=env, stdout=log, stderr=log)
        yield
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


async def test_a_bad_version_is_rolled_back(version_good: None, live: LiveStack, bad_worker: None) -> None:
    await make_current(live.client, "good", 60)
    await make_current(live.client, "bad", 60)
    handle, request = await live.start()
    async with asyncio.timeout(60):
        while True:
            kinds = [event.WhichOneof("attributes") async for event in handle.fetch_history_events()]
            if "workflow_task_failed_event_attributes" in kinds:
                break
            await asyncio.sleep(0.2)
    _, watched, drained = await run("bad-deploy", live.base.home, VIDEO=request.video_id, GOOD="good", BAD="bad")
    assert "assembly done" in watched
    assert "No run needs version bad any more" in drained
    check_money(live, 50)


async def test_a_balance_that_was_edited_is_put_right(live: LiveStack) -> None:
    with live.stores.database.write() as connection:
        mine = schema.grants.c.account_id == live.account_id
        connection.execute(update(schema.grants).where(mine).values(available=9_999))
    found, rebuilt, verified = await run("ledger-mismatch", live.base.home)
    assert "9999" in found
    assert "9999" in rebuilt
    assert "The books are right" in verified
    check_money(live, 250)


async def test_a_lost_machine_costs_nothing_but_time(stack_settings: Settings, demo_song: Upload) -> None:
    home = stack_settings.home
    with subprocess.Popen(
        [sys.executable, "starter.py", "up"],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "ECHONOS_HOME": str(home)},
        stdout=subprocess.PIPE,
        text=True,
    ) as stack:
        assert stack.stdout is not None
        while "Ctrl-C stops it" not in stack.stdout.readline():
            assert stack.poll() is None
        state = running_stack(stack_settings)
        assert state is not None
        settings = settings_for(state, stack_settings)
        live = LiveStack(stack_settings, await connect(settings), open_stores(**settings.store_options()), demo_song)
        handle, request = await live.start()
        await reach(handle, StageName.STILLS)
        stack.kill()
    async with asyncio.timeout(30):
        while await look(handle) is not None:
            await asyncio.sleep(0.1)
    shown, watched, verified = await run("lost-worker", home, VIDEO=request.video_id)
    assert "200 credits held" in shown
    assert "assembly done" in watched
    assert "The books are right" in verified
    check_money(live, 50)
    live.stores.database.close()
