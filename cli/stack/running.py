"""Joining a stack, or starting one: for a command's own duration, or in the foreground until Ctrl-C."""

import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from types import FrameType

from pydantic import SecretStr

from cli.stack.keys import local_s3_keys
from cli.stack.locks import FileLock, owner_lock, released, users_lock
from cli.stack.plan import plan_stack
from cli.stack.privacy import make_private
from cli.stack.processes import end_remains
from cli.stack.reload import watch_code
from cli.stack.state import StackState, read_state, state_file
from cli.stack.supervisor import Say, StackFailed, Supervisor
from models import disk
from models.access import LinkPurpose
from models.failures import InvalidInput, NoServer
from models.ids import LOCAL_ACCOUNT
from settings import Settings, read_description
from stores.database import open_database
from stores.profiles import Profiles
from stores.sessions import Sessions
from temporal.connection import cluster_of

FULL_DISK = "The disk is full: free some space, then start again; nothing is lost (docs/runbooks/full-disk.md)."

JOIN_TIMEOUT_S = 180.0
"""How long a command waits for a stack that another process is starting or stopping."""

_POLL_S = 0.1
_REMAINS_S = 10.0
_TRIES = 3


def running_stack(settings: Settings) -> StackState | None:
    """The state of the local stack that runs now; None where none runs, even if a killed one left its state behind."""
    state = read_state(settings.home)
    if state is None or state.supervisor is None or not state.supervisor.alive:
        return None
    return state


def settings_for(state: StackState, base: Settings) -> Settings:
    """A process's settings with the endpoints and keys of a stack.

    Args:
        state: The state from `ensure_stack` or `running_stack`.
        base: The process's own settings.

    Returns:
        The settings; `base` itself where a cluster is configured.
    """
    if not state.local:
        return base
    keys = local_s3_keys(state.home)
    return base.model_copy(
        update={
            "home": state.home,
            "database_url": state.database_url,
            "s3_endpoint": state.s3_endpoint,
            "s3_region": state.s3_region,
            "s3_bucket": state.s3_bucket,
            "s3_access_key": SecretStr(keys.access_key),
            "s3_secret_key": keys.secret_key,
            "temporal_address": state.temporal_address,
            "temporal_namespace": state.temporal_namespace,
        }
    )


@contextmanager
def ensure_stack(settings: Settings, *, say: Say, worker: bool = True, api: bool = False) -> Iterator[StackState]:
    """Join the running stack, or start one and stop it at the end of the block.

    At the end the stack is stopped in order, also on Ctrl-C and SIGTERM; a second Ctrl-C kills it. The stop waits for
    commands that have joined.

    Args:
        say: Receives messages for people, also from another thread.
        worker: Whether a worker is needed.
        api: Whether a started stack serves the page; a joined stack stays as it is.

    Yields:
        The stack's state. With a configured cluster nothing is started, and the state has its address.

    Raises:
        NoServer: No stack could be started or joined.
        InvalidInput: Settings or temporal-dev.yaml are invalid.
    """
    cluster = cluster_of(settings)
    if cluster is not None:
        address, namespace = cluster.address or "", cluster.namespace or "default"
        say(f"Using the Temporal server at {address}, namespace {namespace}.")
        yield StackState(local=False, home=settings.home, temporal_address=address, temporal_namespace=namespace)
        return
    _prepare_home(settings)
    lock, joined = _own_or_join(settings)
    with released(lock):
        if joined is not None:
            if worker and not joined.has_worker:
                raise NoServer("The running stack has no worker; end it, or start `starter.py up`.")
            yield joined
            return
        disk.watch(settings.home)
        with _interruptible():
            supervisor, state = _start(settings, say, worker=worker, api=api)
            users = users_lock(settings.home)
            try:
                yield state
            finally:
                with released(users):
                    try:
                        _wait_for_users(users, say)
                    finally:
                        supervisor.stop()


def run_stack_forever(settings: Settings, *, say: Say, reload: bool = False) -> None:
    """Start the stack and keep it up until Ctrl-C or SIGTERM.

    Args:
        say: Receives URLs, restarts and the end.
        reload: Restart the worker when the code changes.

    Raises:
        NoServer: The stack could not be started.
        InvalidInput: A cluster is configured, or settings or temporal-dev.yaml are invalid.
    """
    cluster = cluster_of(settings)
    if cluster is not None:
        raise InvalidInput(
            f"Temporal's environment configuration names {cluster.address}, so there is no local stack to start; "
            "unset TEMPORAL_ADDRESS and TEMPORAL_PROFILE for one.",
            code="cluster",
        )
    _prepare_home(settings)
    lock, joined = _own_or_join(settings)
    with released(lock):
        if joined is not None:
            pid = joined.supervisor.pid if joined.supervisor else 0
            say(f"A stack already runs on {joined.home} (process {pid}).")
            _say_urls(joined, say)
            return
        disk.watch(settings.home)
        with _interruptible():
            supervisor, state = _start(settings, say, worker=True, api=True)
            try:
                _say_urls(state, say)
                say("Ctrl-C stops it.")
                with watch_code(supervisor.restart_ours, say) if reload else nullcontext():
                    threading.Event().wait()
            except KeyboardInterrupt:
                say("Stopping …")
            finally:
                supervisor.stop()
            say("Stopped.")


def _own_or_join(settings: Settings) -> tuple[FileLock, StackState | None]:
    """The owner's lock and None, or a user's lock and the joined stack."""
    owner, users = owner_lock(settings.home), users_lock(settings.home)
    deadline = time.monotonic() + JOIN_TIMEOUT_S
    while time.monotonic() < deadline:
        if owner.try_exclusive():
            return owner, None
        # Read under the lock: an owner that stops takes it alone before it removes its state.
        if users.try_shared():
            state = running_stack(settings)
            if state is not None:
                return users, state
            users.release()
        time.sleep(_POLL_S)
    raise NoServer(
        f"Another process has been starting or stopping the stack on {settings.home} for {JOIN_TIMEOUT_S:.0f} s; "
        f"look into {settings.home / 'logs'}."
    )


def _start(settings: Settings, say: Say, *, worker: bool, api: bool) -> tuple[Supervisor, StackState]:
    home = settings.home
    say("Starting Temporal, S3 and a worker …" if worker else "Starting Temporal and S3 …")
    _end_remains_of_last(home, say)
    description, keys = read_description(settings.stack_file), local_s3_keys(home)
    for left in reversed(range(_TRIES)):
        plan = plan_stack(description, settings, keys, worker=worker, api=api, say=say)
        supervisor = Supervisor(plan, say)
        try:
            return supervisor, supervisor.start()
        except StackFailed as error:
            if disk.is_short():
                raise StackFailed(f"{FULL_DISK} {error.message}") from error
            # No process of ours runs now. If another process has taken a port meanwhile, plan again.
            if left == 0 or (plan.ports_are_free() and not error.lost_a_port):
                raise
        except KeyboardInterrupt:
            supervisor.stop()
            raise
    raise AssertionError("the last try returns or raises")


def _end_remains_of_last(home: Path, say: Say) -> None:
    state = read_state(home)
    if state is None:
        return
    if end_remains(list(state.parts.values()), _REMAINS_S):
        say("The last stack was not stopped in order: what was left of it has been ended.")
    state_file(home).unlink(missing_ok=True)


def _wait_for_users(users: FileLock, say: Say) -> None:
    said = False
    while not users.try_exclusive():
        if not said:
            say("Another command still uses the stack; it stops after that. Ctrl-C stops it now.")
            said = True
        time.sleep(_POLL_S)


def _prepare_home(settings: Settings) -> None:
    if settings.s3_endpoint is not None:
        raise InvalidInput(
            "ECHONOS_S3_ENDPOINT is set, but the local stack has an object store of its own: unset it, or name a "
            "Temporal server in TEMPORAL_ADDRESS.",
            code="settings",
        )
    make_private(settings.home, settings.database_url)


def _say_urls(state: StackState, say: Say) -> None:
    if state.api_url is not None:
        say(f"Page          {state.api_url}")
        say(f"              {enter_link(state)} lets you in, once")
    say(f"Temporal UI   {state.temporal_ui_url}")
    say(f"Temporal      {state.temporal_address}, namespace {state.temporal_namespace}")
    say(f"S3            {state.s3_endpoint}, bucket {state.s3_bucket}")
    say(f"Data folder   {state.home} (logs in {state.home / 'logs'})")


def enter_link(state: StackState) -> str:
    """A link that logs the stack's developer in; it works once."""
    database = open_database(state.database_url)
    try:
        Profiles(database).ensure_developer(LOCAL_ACCOUNT)
        secret = Sessions(database).issue_link(LOCAL_ACCOUNT, LinkPurpose.ENTER)
    finally:
        database.close()
    return f"{state.api_url}/enter?token={secret}"


@contextmanager
def _interruptible() -> Iterator[None]:
    """Handle SIGTERM and a closed terminal like Ctrl-C: everything is stopped in order."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        on_ctrl_c = signal.getsignal(signal.SIGINT)
        if not callable(on_ctrl_c):  # a shell's background job ignores Ctrl-C, but not this
            raise KeyboardInterrupt
        on_ctrl_c(number, frame)

    before = {number: signal.signal(number, interrupt) for number in (signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
