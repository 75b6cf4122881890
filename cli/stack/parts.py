"""The parts of a stack: how each is started and checked."""

import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from cli.stack.plan import StackPlan
from cli.stack.ports import is_free, listens
from cli.stack.privacy import private_folder
from cli.stack.processes import Child
from models.failures import EchonosError, NoServer
from models.local_stack import GRPC_OFFSET, TemporalSection
from models.queues import Work
from settings import CHECKOUT
from stores.objects import S3Objects
from temporal.namespace import prepare_namespace

POLL_S = 0.03


@dataclass(frozen=True)
class Part:
    """One process of the stack.

    Attributes:
        name: The name for people and for its log file.
        command: Absolute path and arguments.
        env: The whole environment; may contain secrets.
        cwd: The working directory.
        port: The port that this very process must listen on before `usable` is called; None: it serves none.
        usable: Polled until it is true.
        stop_grace_s: The longest wait for a stop by SIGTERM.
        sweep: Called after it has ended, to remove its remains.
    """

    name: str
    command: tuple[str, ...]
    env: dict[str, str] = field(repr=False)
    cwd: Path
    port: int | None
    usable: Callable[[], bool]
    stop_grace_s: float
    sweep: Callable[[], None]

    def is_healthy(self, child: Child) -> bool:
        """Whether this run of the part is usable."""
        return (self.port is None or listens(child.pid, self.port)) and self.usable()


def temporal_part(plan: StackPlan) -> Part:
    """The Temporal dev server on a file."""
    section = plan.description.temporal
    folder = private_folder(plan.home / "temporal")
    return Part(
        name="temporal",
        command=(
            *temporal_command(section),
            f"--ip={plan.description.host}",
            f"--ui-ip={plan.description.host}",
            f"--port={plan.ports['frontend']}",
            f"--ui-port={plan.ports['ui']}",
            f"--metrics-port={plan.ports['metrics']}",
            # Relative, because the server reads a path as a URL: it would end at a # or a ? in the folder's name.
            "--db-filename=temporal.db",
            *(f"--sqlite-pragma={name}={value}" for name, value in section.sqlite_pragmas.items()),
        ),
        env=_bare_environment(),
        cwd=folder,
        port=plan.ports["frontend"],
        usable=lambda: asyncio.run(prepare_namespace(plan.address("frontend"), section)),
        stop_grace_s=section.stop_grace_s,
        sweep=_nothing,
    )


def temporal_command(section: TemporalSection) -> tuple[str, ...]:
    """The dev server's command with everything that does not depend on ports or folders."""
    return (
        _binary("temporal"),
        "server",
        "start-dev",
        # A developer's own cluster profile must not apply here.
        "--disable-config-env",
        "--disable-config-file",
        "--color=never",
        "--ui-disable-news-fetch",
        f"--log-level={section.log_level}",
        f"--namespace={section.namespace}",
        *(f"--search-attribute={name}={kind}" for name, kind in section.search_attributes.items()),
        *(f"--dynamic-config-value={key}={json.dumps(value)}" for key, value in section.dynamic_config.items()),
    )


def s3_part(plan: StackPlan) -> Part:
    """SeaweedFS: master, volume server, filer and S3 gateway in one process."""
    section, host, ports = plan.description.s3, plan.description.host, plan.ports
    folder = private_folder(plan.home / "s3")
    secret_key = plan.keys.secret_key.get_secret_value()
    objects = S3Objects(plan.url("s3"), section.region, plan.keys.access_key, secret_key, section.bucket)
    return Part(
        name="s3",
        command=(
            _binary("weed"),
            # Otherwise it writes log files into /tmp.
            "-logtostderr=true",
            "mini",
            # Relative, because a comma in the folder's name would make two folders of it.
            "-dir=.",
            f"-ip={host}",
            f"-ip.bind={host}",
            *(f"-{name}.port={ports[name]}" for name in ("s3", "master", "volume", "filer", "admin")),
            f"-bucket={section.bucket}",
            # It would report statistics to its makers.
            "-master.telemetry=false",
            "-admin.ui=false",
            "-webdav=false",
            # No HTTP but S3's: the filer's would list, write and delete without keys, for any web page.
            "-disableHttp",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
            # A master with stored volumes waits for three heartbeats of other servers after a restart: the first write
            # took 15 to 19 s in 3 of 11. There is only one server, which reports all volumes at once.
            "-master.resumeState=false",
            # No other server must learn of the stop first.
            "-volume.preStopSeconds=0",
            # Relative, because a socket's path may have no more than 107 characters.
            "-s3.localSocket=s3.sock",
            "-filer.localSocket=filer.sock",
        ),
        env=_bare_environment()
        | {"AWS_ACCESS_KEY_ID": plan.keys.access_key, "AWS_SECRET_ACCESS_KEY": secret_key}
        | _inner_keys(),
        cwd=folder,
        port=ports["s3"],
        usable=lambda: _keeps_objects(objects),
        stop_grace_s=section.stop_grace_s,
        sweep=lambda: _remove_sockets(host, [ports[name] for name in type(section.ports).model_fields]),
    )


def worker_part(plan: StackPlan, script: Path) -> Part:
    """The worker; its environment names the other parts."""
    return Part(
        name="worker",
        command=(sys.executable, str(script)),
        # The only worker here does all kinds of work, whatever the environment has for workers of a cluster.
        env=_our_environment(plan) | {"ECHONOS_READY_FILE": str(plan.ready_file), "ECHONOS_QUEUES": ",".join(Work)},
        cwd=CHECKOUT,
        port=None,
        usable=plan.ready_file.exists,
        stop_grace_s=plan.description.worker.stop_grace_s,
        sweep=lambda: plan.ready_file.unlink(missing_ok=True),
    )


def api_part(plan: StackPlan) -> Part:
    """The web backend with its page."""
    port, url = plan.ports["api"], plan.url("api")
    ours = {"ECHONOS_API_HOST": plan.description.host, "ECHONOS_API_PORT": str(port), "ECHONOS_PUBLIC_URL": url}
    return Part(
        name="api",
        command=(sys.executable, "-m", "api"),
        env=_our_environment(plan) | ours,
        cwd=CHECKOUT,
        port=port,
        usable=lambda: _answers(f"{url}/healthz"),
        stop_grace_s=plan.description.api.stop_grace_s,
        sweep=_nothing,
    )


def _our_environment(plan: StackPlan) -> dict[str, str]:
    keys = plan.keys
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return (
        ours
        | {
            "PYTHONUNBUFFERED": "1",
            "ECHONOS_ENVIRONMENT": "development",
            "ECHONOS_HOME": str(plan.home),
            "ECHONOS_TEMPORAL_ADDRESS": plan.address("frontend"),
            "ECHONOS_TEMPORAL_NAMESPACE": plan.description.temporal.namespace,
            "ECHONOS_TEMPORAL_UI_URL": plan.url("ui"),
            "ECHONOS_S3_ENDPOINT": plan.url("s3"),
            "ECHONOS_S3_REGION": plan.description.s3.region,
            "ECHONOS_S3_BUCKET": plan.description.s3.bucket,
            "ECHONOS_S3_ACCESS_KEY": keys.access_key,
            "ECHONOS_S3_SECRET_KEY": keys.secret_key.get_secret_value(),
            "ECHONOS_DATABASE_URL": plan.database_url,
        }
        | (_figures(plan) if plan.serves_api else {})
    )


def _figures(plan: StackPlan) -> dict[str, str]:
    """Support's page shows the figures of all processes; each finds a free port for its own."""
    folder = private_folder(plan.home / "metrics")
    return {
        "ECHONOS_TELEMETRY__METRICS": f"{plan.description.host}:0",
        "ECHONOS_TELEMETRY__FOLDER": str(folder),
    }


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _keeps_objects(objects: S3Objects) -> bool:
    try:
        objects.ensure_bucket()
        return objects.keeps("stack/probe")
    except (EchonosError, KeyError):
        return False


def _inner_keys() -> dict[str, str]:
    """Keys between the parts of the S3 server, new at each start, so that only they reach the volume server."""
    names = ("JWT_SIGNING_KEY", "JWT_SIGNING_READ_KEY", "JWT_FILER_SIGNING_KEY", "JWT_FILER_SIGNING_READ_KEY")
    return {f"WEED_{name}": secrets.token_hex(32) for name in names}


def _remove_sockets(host: str, ports: list[int]) -> None:
    """SeaweedFS puts gRPC sockets into /tmp, whatever TMPDIR says, and leaves them there when it stops."""
    for port in ports:
        if not is_free(host, port + GRPC_OFFSET):
            continue  # another live server uses them: ours has ended
        for path in Path("/tmp").glob(f"seaweedfs-*-grpc-{port + GRPC_OFFSET}.sock"):  # noqa: S108  # its choice, not ours
            path.unlink(missing_ok=True)


def _bare_environment() -> dict[str, str]:
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "TMPDIR") if name in os.environ}


def _binary(name: str) -> str:
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise NoServer(f"{path} is missing: run `make setup`.")
    return str(path)


def _nothing() -> None:
    pass


def wait_until_healthy(part: Part, child: Child, *, give_up: Callable[[], bool], timeout_s: float) -> str | None:
    """Wait for one run of a part.

    Args:
        give_up: Polled; true ends the wait.
        timeout_s: The longest wait.

    Returns:
        None once it is usable, otherwise the reason.
    """
    began = time.monotonic()
    while time.monotonic() - began < timeout_s:
        if child.exit_code is not None:
            return f"it ended with exit code {child.exit_code}"
        if give_up():
            return "the start was given up"
        if part.is_healthy(child):
            return None
        time.sleep(POLL_S)
    return f"it did not become usable within {timeout_s:.0f} s"
