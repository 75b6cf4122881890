"""Real servers, really started, killed and stopped."""

import os
import signal
import socket
import stat
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

import pytest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest
from temporalio.client import WorkflowExecutionStatus

from cli.stack import connect, ensure_stack, running_stack, settings_for
from cli.stack.keys import local_s3_keys
from cli.stack.plan import StackPlan, plan_stack
from cli.stack.state import StackState
from cli.stack.supervisor import StackFailed, Supervisor
from models.failures import NoServer
from models.local_stack import GRPC_OFFSET
from settings import Settings, read_description
from stores.opening import open_stores
from tests.cli.stack.conftest import IDLE_WORKER


class Said(Protocol):
    """The fixture `said`."""

    lines: list[str]

    def __call__(self, line: str) -> None: ...

    def wait_for(self, *parts: str) -> None: ...


async def start_run(settings: Settings, workflow_id: str) -> str:
    client = await connect(settings)
    handle = await client.start_workflow("Unserved", id=workflow_id, task_queue="unserved")
    assert handle.result_run_id is not None
    return handle.result_run_id


async def run_is_there(settings: Settings, workflow_id: str, run_id: str) -> bool:
    client = await connect(settings)
    described = await client.get_workflow_handle(workflow_id).describe()
    return described.run_id == run_id and described.status is WorkflowExecutionStatus.RUNNING


async def retention(settings: Settings) -> timedelta:
    client = await connect(settings)
    request = DescribeNamespaceRequest(namespace=client.namespace)
    config = (await client.workflow_service.describe_namespace(request)).config
    return config.workflow_execution_retention_ttl.ToTimedelta()


def write_object(settings: Settings, key: str) -> None:
    stores = open_stores(**settings.store_options())
    stores.objects.put_bytes(key, b"kept", "text/plain")
    stores.database.close()


def read_object(settings: Settings, key: str) -> bytes:
    stores = open_stores(**settings.store_options())
    try:
        return stores.objects.get_bytes(key)
    finally:
        stores.database.close()


async def test_data_survive_a_restart_on_other_ports(
    settings: Settings, said: Said, nothing_left: Callable[[], list[str]]
) -> None:
    assert running_stack(settings) is None
    with ensure_stack(settings, say=said) as state:
        inside = settings_for(state, settings)
        assert running_stack(settings) == state
        run_id = await start_run(inside, "kept")
        write_object(inside, "kept/a")
        assert await retention(inside) == timedelta(days=30)
        assert all(mark.alive for mark in state.parts.values())
        assert set(state.parts) == {"temporal", "s3", "worker"}
        assert inside.s3_secret_key is not None
        secret = inside.s3_secret_key.get_secret_value()
    assert running_stack(settings) is None
    assert nothing_left() == []
    grpc_ports = [port + GRPC_OFFSET for port in read_description(settings.stack_file).s3.ports.model_dump().values()]
    assert [path for port in grpc_ports for path in Path("/tmp").glob(f"seaweedfs-*-{port}.sock")] == []
    for file in settings.home.rglob("*"):
        if file.is_file() and file.name != "s3-keys.json":
            assert secret.encode() not in file.read_bytes(), file
    assert stat.S_IMODE((settings.home / "s3-keys.json").stat().st_mode) == 0o600

    before = state
    with socket.socket() as stranger, socket.socket() as grpc_stranger:
        stranger.bind(("127.0.0.1", int(before.temporal_address.rpartition(":")[2])))
        stranger.listen()
        assert before.s3_endpoint is not None
        grpc_stranger_port = int(before.s3_endpoint.rpartition(":")[2]) + GRPC_OFFSET
        grpc_stranger.bind(("127.0.0.1", grpc_stranger_port))
        grpc_stranger.listen()
        with ensure_stack(settings, say=said) as state:
            assert state.temporal_address != before.temporal_address
            assert state.s3_endpoint != before.s3_endpoint
            inside = settings_for(state, settings)
            assert await run_is_there(inside, "kept", run_id)
            assert read_object(inside, "kept/a") == b"kept"
    first, second = (line for line in said.lines if "taken" in line)
    assert first.endswith(
        f"(process {os.getpid()}): temporal uses frontend {state.temporal_address.rpartition(':')[2]}."
    )
    assert second.startswith(f"Port {grpc_stranger_port} is taken by")


async def test_killed_parts_come_back_with_their_data(
    settings: Settings, said: Said, nothing_left: Callable[[], list[str]]
) -> None:
    with ensure_stack(settings, say=said) as state:
        inside = settings_for(state, settings)
        run_id = await start_run(inside, "kept")
        write_object(inside, "kept/a")
        for mark in state.parts.values():
            os.kill(mark.pid, signal.SIGKILL)
        said.wait_for("temporal is up again", "s3 is up again", "worker is up again")
        again = running_stack(settings)
        assert again is not None
        assert again.temporal_address == state.temporal_address
        assert all(mark.alive for mark in again.parts.values())
        assert not any(mark.alive for mark in state.parts.values())
        assert await run_is_there(inside, "kept", run_id)
        assert read_object(inside, "kept/a") == b"kept"
    assert nothing_left() == []


def test_a_part_that_does_not_start_stops_the_others(
    write_stack_file: Callable[[str], Path], said: Said, nothing_left: Callable[[], list[str]]
) -> None:
    settings = Settings(stack_file=write_stack_file("raise SystemExit('no ink in the pen')"))
    with (
        pytest.raises(StackFailed, match=r"worker: it ended with exit code 1(.|\n)*no ink in the pen"),
        ensure_stack(settings, say=said),
    ):
        pytest.fail("it must not start")
    assert nothing_left() == []
    assert running_stack(settings) is None


def test_of_two_at_once_one_starts_and_the_other_joins(
    settings: Settings, said: Said, nothing_left: Callable[[], list[str]]
) -> None:
    states: list[StackState] = []
    entered = threading.Barrier(3, timeout=200)
    leave = threading.Event()

    def use() -> None:
        with ensure_stack(settings, say=said, worker=False) as state:
            states.append(state)
            entered.wait()
            leave.wait()

    threads = [threading.Thread(target=use) for _ in range(2)]
    for thread in threads:
        thread.start()
    entered.wait()
    assert states[0] == states[1]
    with pytest.raises(NoServer, match="no worker"), ensure_stack(settings, say=said):
        pytest.fail("a command that needs a worker must not hang without one")
    with ensure_stack(settings, say=said, worker=False) as joined:
        assert joined == states[0]
        leave.set()
        said.wait_for("Another command still uses the stack")
        assert all(mark.alive for mark in joined.parts.values())
    for thread in threads:
        thread.join()
    assert not any(mark.alive for mark in states[0].parts.values())
    assert nothing_left() == []


def test_a_replaced_worker_is_another_process(settings: Settings, said: Said) -> None:
    plan = plan_stack(
        read_description(settings.stack_file), settings, local_s3_keys(settings.home), worker=True, say=said
    )
    supervisor = Supervisor(plan, said)
    before = supervisor.start()
    try:
        supervisor.restart_ours()
        said.wait_for("worker is up again")
        after = running_stack(settings)
        assert after is not None
        assert after.parts["worker"].alive
        assert not before.parts["worker"].alive
        assert after.parts["temporal"] == before.parts["temporal"]
    finally:
        supervisor.stop()


def test_a_port_taken_between_looking_and_starting_is_looked_for_again(
    settings: Settings, said: Said, monkeypatch: pytest.MonkeyPatch
) -> None:
    strangers: list[socket.socket] = []

    def plan_and_lose(*args: Any, **kwargs: Any) -> StackPlan:
        plan = plan_stack(*args, **kwargs)
        if not strangers:
            stranger = socket.socket()
            # As the stack looks: a connection of the last test that still lingers does not count.
            stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            stranger.bind((plan.description.host, plan.ports["frontend"]))
            stranger.listen()
            strangers.append(stranger)
        return plan

    monkeypatch.setattr("cli.stack.running.plan_stack", plan_and_lose)
    with ensure_stack(settings, say=said, worker=False) as state:
        assert state.temporal_address != f"127.0.0.1:{strangers[0].getsockname()[1]}"
    strangers[0].close()


def test_a_part_that_loses_a_port_of_its_own_choice_is_started_again(
    write_stack_file: Callable[[str], Path], said: Said, tmp_path: Path
) -> None:
    tries = tmp_path / "tries"
    loses_once = (
        f"import os, pathlib\nif not os.path.exists({str(tries)!r}):\n    pathlib.Path({str(tries)!r}).touch()\n"
        "    raise OSError(98, os.strerror(98))\n"
    )
    with ensure_stack(Settings(stack_file=write_stack_file(loses_once + IDLE_WORKER)), say=said) as state:
        assert state.parts["worker"].alive
        assert tries.exists()


def test_an_interrupt_during_the_start_leaves_nothing(
    settings: Settings, nothing_left: Callable[[], list[str]]
) -> None:
    interrupted = threading.Event()

    def interrupt_once_something_runs() -> None:
        while not nothing_left():
            interrupted.wait(0.02)
        signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGTERM)
        interrupted.set()

    thread = threading.Thread(target=interrupt_once_something_runs)
    thread.start()
    with pytest.raises(KeyboardInterrupt), ensure_stack(settings, say=print):
        interrupted.wait(200)
    thread.join()
    assert nothing_left() == []
    assert running_stack(settings) is None
