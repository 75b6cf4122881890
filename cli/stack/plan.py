"""The plan of a stack: its description with free ports, keys and folders filled in."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cli.stack.keys import S3Keys
from cli.stack.ports import choose_ports, is_free
from cli.stack.state import StackState
from models.local_stack import GRPC_OFFSET, StackDescription
from settings import Settings

READY_FILE = "worker.ready"
"""This file in the data folder exists while the worker serves, and names its engines."""


@dataclass(frozen=True)
class StackPlan:
    """The decisions before the first process starts."""

    description: StackDescription
    home: Path
    ports: dict[str, int]
    keys: S3Keys
    database_url: str
    worker_script: Path | None
    serves_api: bool = False

    @property
    def logs(self) -> Path:
        """The folder of the log files."""
        return self.home / "logs"

    @property
    def ready_file(self) -> Path:
        """The worker creates it once it polls."""
        return self.home / READY_FILE

    def url(self, name: str) -> str:
        """The URL behind a port."""
        return f"http://{self.description.host}:{self.ports[name]}"

    def address(self, name: str) -> str:
        """host:port."""
        return f"{self.description.host}:{self.ports[name]}"

    def ports_are_free(self) -> bool:
        """Whether a start with the same ports could work; called while no process of ours runs."""
        s3 = type(self.description.s3.ports).model_fields
        needed = [p + d for name, p in self.ports.items() for d in ((0, GRPC_OFFSET) if name in s3 else (0,))]
        return all(is_free(self.description.host, port) for port in needed)

    def state(self) -> StackState:
        """The state that others need to join, without the processes."""
        return StackState(
            local=True,
            home=self.home,
            temporal_address=self.address("frontend"),
            temporal_namespace=self.description.temporal.namespace,
            temporal_ui_url=self.url("ui"),
            temporal_metrics_url=f"{self.url('metrics')}/metrics",
            s3_endpoint=self.url("s3"),
            s3_region=self.description.s3.region,
            s3_bucket=self.description.s3.bucket,
            database_url=self.database_url,
            has_worker=self.worker_script is not None,
            api_url=self.url("api") if self.serves_api else None,
        )


def plan_stack(
    description: StackDescription,
    settings: Settings,
    keys: S3Keys,
    *,
    worker: bool,
    say: Callable[[str], None],
    api: bool = False,
) -> StackPlan:
    """Choose ports and fill in the rest.

    Args:
        worker: Whether a worker belongs to the stack.
        say: Receives messages about changed ports.
        api: Whether the web backend belongs to the stack.

    Raises:
        NoServer: No free port was found.
    """
    host, temporal, s3 = description.host, description.temporal.ports, description.s3.ports
    taken = description.all_ports()
    ports = choose_ports(host, "temporal", temporal.model_dump(), offsets=(0,), taken=taken, say=say)
    ports |= choose_ports(host, "s3", s3.model_dump(), offsets=(0, GRPC_OFFSET), taken=taken, say=say)
    if api:
        ports |= choose_ports(host, "the page", {"api": description.api.port}, offsets=(0,), taken=taken, say=say)
    return StackPlan(
        description=description,
        home=settings.home,
        ports=ports,
        keys=keys,
        database_url=settings.database_url,
        worker_script=settings.stack_file.parent / description.worker.script if worker else None,
        serves_api=api,
    )
