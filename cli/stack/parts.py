"""The parts of a stack: how each is started, and how it is known to be usable."""

import asyncio
import json
import os
import secrets
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import httpx
from google.protobuf.duration_pb2 import Duration
from temporalio.api.namespace.v1 import NamespaceConfig
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.api.workflowservice.v1 import DescribeNamespaceRequest, UpdateNamespaceRequest
from temporalio.client import Client
from temporalio.service import RPCError

from cli.stack.description import GRPC_OFFSET, TemporalSection
from cli.stack.plan import StackPlan
from cli.stack.ports import is_free, listens
from cli.stack.privacy import private_folder
from cli.stack.processes import Child
from models.failures import EchonosError, NoServer
from settings import CHECKOUT
from stores.objects import S3Objects

POLL_S = 0.03
_PROBE_KEY = "stack/probe"
_PROBE = b"usable"


@dataclass(frozen=True)
class Part:
    """One process of the stack.

    Attributes:
        name: As people read it; its log file is named for it.
        command: Absolute path and arguments.
        env: The whole environment; may hold secrets.
        cwd: Where it runs.
        port: The port that this very process must listen on before it is asked anything; None: it serves none.
        usable: Asked again and again until it is true.
        stop_grace_s: How long a polite stop may take.
        sweep: Called after it has ended, to remove what it leaves lying about.
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
        """Whether this run of the part can be used."""
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
            f"--db-filename={folder / 'temporal.db'}",
            *(f"--sqlite-pragma={name}={value}" for name, value in section.sqlite_pragmas.items()),
        ),
        env=_bare_environment(),
        cwd=folder,
        port=plan.ports["frontend"],
        usable=lambda: asyncio.run(prepare_temporal(plan.address("frontend"), section)),
        stop_grace_s=section.stop_grace_s,
        sweep=_nothing,
    )


def temporal_command(section: TemporalSection) -> tuple[str, ...]:
    """The dev server's command with everything that does not depend on ports or folders."""
    return (
        _binary("temporal"),
        "server",
        "start-dev",
        # A developer's own profile for some cluster has no say here.
        "--disable-config-env",
        "--disable-config-file",
        "--color=never",
        "--ui-disable-news-fetch",
        f"--log-level={section.log_level}",
        f"--namespace={section.namespace}",
        *(f"--search-attribute={name}={kind}" for name, kind in section.search_attributes.items()),
        *(f"--dynamic-config-value={key}={json.dumps(value)}" for key, value in section.dynamic_config.items()),
    )


async def prepare_temporal(address: str, section: TemporalSection) -> bool:
    """Whether the server serves our namespace with all search attributes; sets the retention on the way.

    Args:
        address: host:port.
        section: What the namespace should be like.

    Returns:
        False while the server is not that far.
    """
    try:
        client = await Client.connect(address, namespace=section.namespace)
        if not await client.service_client.check_health():
            return False
        service, namespace = client.workflow_service, section.namespace
        known = await client.operator_service.list_search_attributes(ListSearchAttributesRequest(namespace=namespace))
        if not section.search_attributes.keys() <= known.custom_attributes.keys():
            return False
        described = await service.describe_namespace(DescribeNamespaceRequest(namespace=namespace))
        retention = timedelta(days=section.retention_days)
        if described.config.workflow_execution_retention_ttl.ToTimedelta() != retention:
            wanted = Duration()
            wanted.FromTimedelta(retention)
            config = NamespaceConfig(workflow_execution_retention_ttl=wanted)
            await service.update_namespace(UpdateNamespaceRequest(namespace=namespace, config=config))
    except (RPCError, RuntimeError):  # a connection that fails is a RuntimeError
        return False
    return True


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
            f"-dir={folder}",
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
            # A master that remembers volumes waits for three heartbeats after a restart, in case other servers have
            # some: the first write took 15 to 19 s in 3 of 11. There is one server, which tells of all of them at once.
            "-master.resumeState=false",
            # Nor is there another server that must learn of the stop first.
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
    """The worker, which finds the others through its environment."""
    return Part(
        name="worker",
        command=(sys.executable, str(script)),
        env=_our_environment(plan) | {"ECHONOS_READY_FILE": str(plan.ready_file)},
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
    """For processes of our own code: a developer's variables, and where the stack's parts are."""
    keys = plan.keys
    ours = {name: value for name, value in os.environ.items() if not name.startswith("TEMPORAL_")}
    return ours | {
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


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2.0, trust_env=False).is_success
    except httpx.HTTPError:
        return False


def _keeps_objects(objects: S3Objects) -> bool:
    try:
        objects.ensure_bucket()
        objects.put_bytes(_PROBE_KEY, _PROBE, "text/plain")
        kept = objects.get_bytes(_PROBE_KEY) == _PROBE
        objects.delete_prefix(_PROBE_KEY)
        return kept
    except (EchonosError, KeyError):
        return False


def _inner_keys() -> dict[str, str]:
    """Keys between the parts of the S3 server, new at each start: the volume server moves bytes for its own alone."""
    names = ("JWT_SIGNING_KEY", "JWT_SIGNING_READ_KEY", "JWT_FILER_SIGNING_KEY", "JWT_FILER_SIGNING_READ_KEY")
    return {f"WEED_{name}": secrets.token_hex(32) for name in names}


def _remove_sockets(host: str, ports: list[int]) -> None:
    """SeaweedFS puts sockets for gRPC into /tmp, wherever TMPDIR is, and forgets them when it stops."""
    for port in ports:
        if not is_free(host, port + GRPC_OFFSET):
            continue  # a server that lives uses them, and it is not ours: ours has ended
        for path in Path("/tmp").glob(f"seaweedfs-*-grpc-{port + GRPC_OFFSET}.sock"):  # noqa: S108  # its choice, not ours
            path.unlink(missing_ok=True)


def _bare_environment() -> dict[str, str]:
    """Enough for a server of ours; not the developer's AWS or Temporal variables."""
    return {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TZ", "TMPDIR") if name in os.environ}


def _binary(name: str) -> str:
    path = Path(sys.executable).parent / name
    if not path.exists():
        raise NoServer(f"{path} is missing: run `make setup`.")
    return str(path)


def _nothing() -> None:
    """For parts that leave nothing behind."""


def wait_until_healthy(part: Part, child: Child, *, give_up: Callable[[], bool], timeout_s: float) -> str | None:
    """Wait for one run of a part.

    Args:
        part: Which.
        child: Its process.
        give_up: Asked all the time; true ends the waiting.
        timeout_s: How long it may take.

    Returns:
        None once it can be used, otherwise why not.
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
