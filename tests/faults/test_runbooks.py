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
from uuid import uuid4

import psutil
import pytest
from sqlalchemy import update
from temporalio.api.common.v1 import WorkflowExecution
from temporalio.api.workflowservice.v1 import PauseActivityRequest, PauseWorkflowExecutionRequest
from temporalio.service import RPCError

from cli.stack import connect, ensure_stack, running_stack, settings_for
from models.progress import RunStatus, StageName
from services.songs import CheckedSong
from settings import CHECKOUT, Settings
from stores import schema
from stores.opening import open_stores
from temporal.deployments import make_current
from temporal.generation import GenerateHandle, generation
from tests.fakes.anthropic_server import KEY, AnthropicServer, Outage
from tests.fakes.live import LiveStack, look
from tests.faults.test_kills import finish, kill, reach

pytestmark = pytest.mark.faults

PAGES = CHECKOUT / "docs" / "runbooks"
STORIES = (
    "stuck-run",
    "parked-run",
    "paused-run",
    "provider-outage",
    "full-disk",
    "bad-deploy",
    "diverged-code",
    "cluster-set-up",
    "ledger-mismatch",
    "lost-worker",
)
COMMAND_S = 300
STARTER = ".venv/bin/python starter.py "
TEMPORAL = ".venv/bin/temporal "


@dataclass(frozen=True)
class Command:
    """A line of a page. `program`: what it starts; its arguments are `words`."""

    words: tuple[str, ...]
    exit_code: int
    program: tuple[str, ...] = (sys.executable, "starter.py")


def commands_of(story: str, **placeholders: str) -> list[Command]:
    """The commands of a page, with its placeholders filled in."""
    (block,) = re.findall(r"```sh\n(.*?)```", (PAGES / f"{story}.md").read_text(), re.DOTALL)
    commands = []
    for line in block.splitlines():
        command, _, note = line.partition("  # exit code ")
        program = next(name for name in (STARTER, TEMPORAL) if command.startswith(name))
        words = tuple(placeholders.get(word, word) for word in shlex.split(command.removeprefix(program)))
        binary = (str(Path(sys.executable).parent / "temporal"),)
        started = {"program": binary} if program == TEMPORAL else {}
        commands.append(Command(words, int(note or 0), **started))
    return commands


async def run(story: str, home: Path, **placeholders: str) -> list[str]:
    """Run a page's commands in order; returns their output."""
    return [await run_one(command, {"ECHONOS_HOME": str(home)}) for command in commands_of(story, **placeholders)]


async def run_one(command: Command, env: dict[str, str]) -> str:
    """Run a page's command; returns its output."""
    process = await asyncio.create_subprocess_exec(
        *command.program,
        *command.words,
        cwd=CHECKOUT,
        # A proxy that leads nowhere: it has no say over this machine's own servers.
        env={"PATH": os.environ["PATH"], "HTTP_PROXY": "http://127.0.0.1:9", "NO_COLOR": "1"} | env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    output, _ = await asyncio.wait_for(process.communicate(), COMMAND_S)
    assert process.returncode == command.exit_code, f"{command}: {output.decode()}"
    return output.decode()


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
    async with asyncio.timeout(200):
        while True:  # until every pending step of the stage is paused
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


async def test_a_paused_run_goes_on(live: LiveStack) -> None:
    handle, request = await live.start()
    await reach(handle, StageName.STILLS)
    pause = PauseWorkflowExecutionRequest(
        namespace=live.client.namespace, workflow_id=handle.id, identity="kim", reason="a look", request_id="pause"
    )
    await live.client.workflow_service.pause_workflow_execution(pause)
    shown, unpaused, watched = await run("paused-run", live.base.home, VIDEO=request.video_id)
    assert "Paused by kim since " in shown
    assert "200 credits held" in shown
    assert "It goes on." in unpaused
    assert "assembly done" in watched
    check_money(live, 50)


OLD_CODE = """
import asyncio, workflows.draft
from temporalio import workflow
from datetime import timedelta
make = workflows.draft.Draft.make

async def longer(self):
    await workflow.sleep(timedelta(milliseconds=1))
    return await make(self)

workflows.draft.Draft.make = longer
"""


async def test_code_that_diverged_is_put_back(
    stack_settings: Settings, demo_song: CheckedSong, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The run began with other code than the checkout's: its worker had it, and gets it back."""
    old = tmp_path / "old" / "sitecustomize.py"
    old.parent.mkdir()
    old.write_text(OLD_CODE)
    path = f"{old.parent}:{CHECKOUT}"
    monkeypatch.setenv("PYTHONPATH", path)
    with ensure_stack(stack_settings, say=print) as state:
        settings = settings_for(state, stack_settings)
        live = LiveStack(stack_settings, await connect(settings), open_stores(**settings.store_options()), demo_song)
        handle, request = await live.start()
        await reach(handle, StageName.STILLS)
        old.unlink()
        kill(live, "worker")
        async with asyncio.timeout(300):
            while not await has_failed_task(handle):
                await asyncio.sleep(0.2)
        home = {"ECHONOS_HOME": str(stack_settings.home)}
        diverged, fits, watch = commands_of("diverged-code", VIDEO=request.video_id)
        assert "has diverged" in await run_one(diverged, home)
        shown = await run_one(Command(("support", "show", request.video_id), 0), home)
        assert "The workers' code has diverged from this run's history" in shown
        assert "200 credits held" in shown
        old.write_text(OLD_CODE)
        kill(live, "worker")
        assert "it fits" in await run_one(fits, home | {"PYTHONPATH": path})
        assert "assembly done" in await run_one(watch, home)
        check_money(live, 50)
        live.stores.database.close()


async def test_a_new_namespace_is_set_up(
    temporal_address: str, s3: Settings, database_url: str, tmp_path: Path
) -> None:
    namespace = f"set-up-{uuid4().hex[:8]}"
    secrets = {"ECHONOS_S3_ACCESS_KEY": s3.s3_access_key, "ECHONOS_S3_SECRET_KEY": s3.s3_secret_key}
    env = {name: value.get_secret_value() for name, value in secrets.items() if value is not None} | {
        "TEMPORAL_ADDRESS": temporal_address,
        "TEMPORAL_NAMESPACE": namespace,
        "ECHONOS_S3_ENDPOINT": s3.s3_endpoint or "",
        "ECHONOS_S3_BUCKET": s3.s3_bucket,
        "ECHONOS_DATABASE_URL": database_url,
        "ECHONOS_ENVIRONMENT": "development",
        "ECHONOS_HOME": str(tmp_path / "home"),
    }
    *creating, doctor = commands_of("cluster-set-up", ADDRESS=temporal_address, NAMESPACE=namespace)
    for command in creating:
        await run_one(command, {})
    ready = tmp_path / "ready"
    started = {"PATH": os.environ["PATH"], "ECHONOS_READY_FILE": str(ready)} | env
    with subprocess.Popen([sys.executable, "worker.py"], cwd=CHECKOUT, env=started) as worker:
        try:
            while not ready.exists():
                assert worker.poll() is None
                await asyncio.sleep(0.1)
            examined = await run_one(doctor, env)
        finally:
            worker.send_signal(signal.SIGTERM)
    assert "All are registered." in examined
    assert "Everything works." in examined
    assert worker.returncode == 0


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[AnthropicServer]:
    """A provider that is down until the test removes its plans."""
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


FILLING_DISK = """
import shutil
from pathlib import Path
usage = shutil.disk_usage
shutil.disk_usage = lambda path: usage(path)._replace(free=0) if Path({mark!r}).exists() else usage(path)
"""


@pytest.fixture
def full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """While this file exists, the stack's processes find no space left: a test cannot fill the machine's disk."""
    mark, patched = tmp_path / "full", tmp_path / "patched" / "sitecustomize.py"
    patched.parent.mkdir()
    patched.write_text(FILLING_DISK.format(mark=str(mark)))
    monkeypatch.setenv("PYTHONPATH", f"{patched.parent}:{CHECKOUT}")
    return mark


async def test_what_a_full_disk_has_parked_goes_on_once_there_is_room(full_disk: Path, live: LiveStack) -> None:
    full_disk.touch()
    handle, request = await live.start()
    progress = await finish(handle)
    assert progress.status is RunStatus.NEEDS_ATTENTION
    assert "The disk is full" in progress.sentence
    env = {"ECHONOS_HOME": str(live.base.home), "PYTHONPATH": os.environ["PYTHONPATH"]}
    assert "The disk is nearly full: 0.0 GB free" in await run_one(Command(("doctor",), 4), env)
    full_disk.unlink()
    examined, retried, watched = await run("full-disk", live.base.home, VIDEO=request.video_id)
    assert "Everything works." in examined
    assert "1 runs try again." in retried
    assert "assembly done" in watched
    check_money(live, 50)


async def has_failed_task(handle: GenerateHandle) -> bool:
    """Whether a workflow task of the run has failed."""
    kinds = [event.WhichOneof("attributes") async for event in handle.fetch_history_events()]
    return "workflow_task_failed_event_attributes" in kinds


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
        worker.wait(200)


async def test_a_bad_version_is_rolled_back(version_good: None, live: LiveStack, bad_worker: None) -> None:
    await make_current(live.client, "good", 200)
    await make_current(live.client, "bad", 200)
    handle, request = await live.start()
    async with asyncio.timeout(200):
        while not await has_failed_task(handle):
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
    assert "All balances agree with the entries" in verified
    check_money(live, 250)


async def test_a_lost_machine_costs_nothing_but_time(stack_settings: Settings, demo_song: CheckedSong) -> None:
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
    async with asyncio.timeout(200):
        while await look(handle) is not None:
            await asyncio.sleep(0.1)
    shown, watched, verified = await run("lost-worker", home, VIDEO=request.video_id)
    assert "200 credits held" in shown
    assert "assembly done" in watched
    assert "All balances agree with the entries" in verified
    check_money(live, 50)
    live.stores.database.close()
