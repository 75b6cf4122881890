"""The supervisor's parts, without servers."""

import os
import signal
import socket
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

import cli.stack.reload
from cli.stack import running_stack
from cli.stack.keys import local_s3_keys
from cli.stack.locks import owner_lock, users_lock
from cli.stack.parts import api_part, s3_part, worker_part
from cli.stack.plan import StackPlan, plan_stack
from cli.stack.ports import choose_ports, claim
from cli.stack.processes import LOG_LIMIT_BYTES, LOGS_KEPT, Child, end_remains, rotate
from cli.stack.reload import watch_code
from cli.stack.state import StackState, mark_of, state_file, write_state
from models.failures import NoServer
from models.local_stack import GRPC_OFFSET, StackDescription
from models.queues import Work
from settings import CHECKOUT, Settings

WAIT_S = 200


@pytest.fixture
def state(tmp_path: Path) -> StackState:
    return StackState(
        local=True,
        home=tmp_path,
        temporal_address="127.0.0.1:1",
        temporal_namespace="n",
        supervisor=mark_of(os.getpid()),
    )


def test_a_state_counts_while_its_very_supervisor_lives(state: StackState) -> None:
    settings = Settings(home=state.home)
    write_state(state)
    assert running_stack(settings) == state
    assert stat.S_IMODE(state_file(state.home).stat().st_mode) == 0o600
    assert state.supervisor is not None
    for change in ({"start_ticks": state.supervisor.start_ticks - 1}, {"boot_id": "another"}, {"pid": 2**22}):
        write_state(state.model_copy(update={"supervisor": state.supervisor.model_copy(update=change)}))
        assert running_stack(settings) is None, change
    state_file(state.home).write_text('{"local": tr')
    assert running_stack(settings) is None


def test_a_zombie_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE
    assert mark_of(process.pid) is None
    process.wait()


def child_of(source: str, folder: Path) -> Child:
    return Child([sys.executable, "-c", source], env=dict(os.environ), cwd=folder, log=folder / "log")


def wait_for_log(child: Child, wanted: str) -> str:
    done = threading.Event()
    timer = threading.Timer(WAIT_S, done.set)
    timer.start()
    while wanted not in (text := child.log.read_text()):
        assert not done.is_set(), text
        assert child.exit_code is None, text
    timer.cancel()
    return text


STUBBORN_PARENT = """
import os, signal, subprocess, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
code = "import os, time; os.setpgid(0, 0); print('child', os.getpid(), flush=True); time.sleep(600)"
subprocess.Popen([sys.executable, "-c", code]).wait()
"""


def test_a_child_that_ignores_the_stop_is_killed_with_its_own_children(tmp_path: Path) -> None:
    child = child_of(STUBBORN_PARENT, tmp_path)
    grandchild = psutil.Process(int(wait_for_log(child, "\n").split()[1]))
    assert not child.stop(0.2)
    assert child.exit_code == -signal.SIGKILL
    assert psutil.wait_procs([grandchild], timeout=WAIT_S)[1] == []


POLITE = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(7))
print("up", flush=True)
signal.pause()
"""


def test_a_polite_child_has_its_grace(tmp_path: Path) -> None:
    child = child_of(POLITE, tmp_path)
    wait_for_log(child, "up")
    assert child.stop(WAIT_S)
    assert child.exit_code == 7


def test_remains_are_ended_and_strangers_are_not(tmp_path: Path) -> None:
    child = child_of("import time; print('up', flush=True); time.sleep(600)", tmp_path)
    wait_for_log(child, "up")
    assert child.mark is not None
    stranger = child.mark.model_copy(update={"start_ticks": child.mark.start_ticks - 1})
    assert end_remains([stranger], WAIT_S) == []
    assert child.exit_code is None
    assert end_remains([child.mark], WAIT_S) == [child.mark]
    assert not child.mark.alive
    child.stop(0)


def test_a_child_whose_parent_has_died_meanwhile_does_not_start(tmp_path: Path) -> None:
    wrapper = Path(cli.stack.reload.__file__).with_name("child.py")
    marker = tmp_path / "started"
    dead_pid = str(2**22)
    subprocess.run([sys.executable, str(wrapper), dead_pid, "/usr/bin/touch", str(marker)], check=True)
    assert not marker.exists()
    subprocess.run([sys.executable, str(wrapper), str(os.getpid()), "/usr/bin/touch", str(marker)], check=True)
    assert marker.exists()


def test_a_large_log_is_put_aside(tmp_path: Path) -> None:
    log = tmp_path / "worker.log"
    log.write_text("small")
    rotate(log)
    assert log.exists()
    for number in range(LOGS_KEPT + 2):
        log.write_text(f"{number} ".ljust(LOG_LIMIT_BYTES))
        rotate(log)
        assert not log.exists()
    kept = sorted(tmp_path.iterdir())
    assert [path.name for path in kept] == [f"worker.log.{n + 1}" for n in range(LOGS_KEPT)]
    assert [path.read_text()[0] for path in kept] == ["4", "3", "2"]


def test_all_who_ask_at_once_get_the_same_keys(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: local_s3_keys(tmp_path), range(16)))
    assert all(each == keys[0] for each in keys)
    assert [path.name for path in tmp_path.iterdir()] == ["s3-keys.json"]
    assert keys[0].secret_key.get_secret_value() not in repr(keys[0])


def _bound(stranger: socket.socket, port: int) -> bool:
    """Whether this port is had, below those of clients' connections, and the next one is free."""
    try:
        with socket.socket() as beside:
            beside.bind(("127.0.0.1", port + 1))
        stranger.bind(("127.0.0.1", port))
    except OSError:
        return False
    return True


def test_ports_that_gave_way_do_not_take_preferred_ones() -> None:
    said: list[str] = []
    with socket.socket() as stranger:
        wish = next(port for port in range(22_000 + os.getpid() % 1_000, 30_000, 2) if _bound(stranger, port))
        stranger.listen()
        preferred = {"a": wish, "b": wish + 1}
        chosen = choose_ports(
            "127.0.0.1", "s3", preferred, offsets=(0,), taken=set(preferred.values()), say=said.append
        )
    assert chosen["b"] == wish + 1
    assert chosen["a"] > wish + 1
    holder = f"{psutil.Process().name()} (process {os.getpid()})"
    assert said == [f"Port {wish} is taken by {holder}: s3 uses a {chosen['a']}."]


def test_a_stack_that_starts_beside_this_one_gets_other_ports() -> None:
    preferred = {"s3": 21_337}
    code = (
        "from cli.stack.ports import choose_ports, claim\n"
        f"chosen = choose_ports('127.0.0.1', 's3', {preferred}, offsets=(0,), taken=set(), say=lambda _: None)\n"
        "print(chosen, flush=True)\n"
        "input()"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=CHECKOUT) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "{'s3': 21337}\n", "it chose first, and listens nowhere yet"
        ours = choose_ports("127.0.0.1", "s3", preferred, offsets=(0,), taken=set(), say=print)
        other.communicate("go")
    assert ours["s3"] > preferred["s3"]
    assert claim(preferred["s3"]), "its claim ended with it"


def test_sockets_of_a_server_that_lives_are_left_alone(server_plan: StackPlan, tmp_path: Path) -> None:
    # Ports of its own: this process's servers may be up.
    plan = replace(server_plan, home=tmp_path, ports={name: 21_340 + n for n, name in enumerate(server_plan.ports)})
    part = s3_part(plan)
    port = plan.ports["volume"] + GRPC_OFFSET
    path = Path(f"/tmp/seaweedfs-test-grpc-{port}.sock")
    path.touch()
    with socket.socket() as server:
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        server.bind((server_plan.description.host, port))
        server.listen()
        part.sweep()
        assert path.exists()
    part.sweep()
    assert not path.exists()


def test_no_port_at_all_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.stack.ports.is_free", lambda host, port: False)
    with pytest.raises(NoServer, match="No port is free for s3 filer from 8336 on"):
        choose_ports("127.0.0.1", "s3", {"filer": 8336}, offsets=(0, 10_000), taken=set(), say=print)
    code = "from cli.stack.ports import claim; print(all(claim(port) for port in range(8_500, 8_600)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=CHECKOUT, capture_output=True, text=True, check=True)
    assert done.stdout == "True\n", "what was looked at and not taken is not kept from others"


def test_users_keep_an_owner_out_and_not_each_other(tmp_path: Path) -> None:
    first, second, alone = users_lock(tmp_path), users_lock(tmp_path), users_lock(tmp_path)
    assert first.try_shared()
    assert second.try_shared()
    assert not alone.try_exclusive()
    first.release()
    assert not alone.try_exclusive()
    second.release()
    assert alone.try_exclusive()
    assert not first.try_shared()
    assert owner_lock(tmp_path).try_exclusive(), "another lock altogether"


def test_a_changed_source_file_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for room in ("engines", "tests"):
        (tmp_path / room).mkdir()
        (tmp_path / room / "__init__.py").touch()
    (tmp_path / "worker.py").touch()
    monkeypatch.setattr(cli.stack.reload, "CHECKOUT", tmp_path)
    changed, said = threading.Semaphore(0), list[str]()
    with watch_code(changed.release, said.append):
        for path in (tmp_path / "tests" / "test_a.py", tmp_path / "engines" / "notes.txt"):
            path.write_text("not served")
        (tmp_path / "engines" / "new.py").write_text("served = True")
        assert changed.acquire(timeout=WAIT_S)
        (tmp_path / "worker.py").write_text("served = True")
        assert changed.acquire(timeout=WAIT_S)
    assert said[0].startswith("engines/new.py")
    assert said[-1].startswith("worker.py")


@pytest.mark.parametrize("api", [True, False])
def test_a_stack_with_the_page_shows_the_figures_of_all_its_processes(
    stack_description: StackDescription, tmp_path: Path, api: bool
) -> None:
    plan = plan_stack(
        stack_description, Settings(home=tmp_path), local_s3_keys(tmp_path), worker=True, say=print, api=api
    )
    env = worker_part(plan, Path("worker.py")).env
    shared = {name: value for name, value in env.items() if name.startswith("ECHONOS_TELEMETRY__")}
    if not api:
        assert shared == {}, "a command's own stack measures nothing"
        return
    assert shared == {
        "ECHONOS_TELEMETRY__METRICS": "127.0.0.1:0",
        "ECHONOS_TELEMETRY__FOLDER": str(tmp_path / "metrics"),
    }
    assert shared.items() <= api_part(plan).env.items()
    assert (tmp_path / "metrics").stat().st_mode & 0o077 == 0


def test_the_only_worker_of_a_local_stack_does_all_kinds_of_work(
    stack_description: StackDescription, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ECHONOS_QUEUES", "render")
    plan = plan_stack(stack_description, Settings(home=tmp_path), local_s3_keys(tmp_path), worker=True, say=print)
    monkeypatch.setenv("ECHONOS_QUEUES", worker_part(plan, Path("worker.py")).env["ECHONOS_QUEUES"])
    assert Settings().works == tuple(Work)
