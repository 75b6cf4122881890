"""What a running stack tells others: .echonos/stack.json, and how a stale one is recognised."""

import os
from pathlib import Path

from pydantic import Field, ValidationError

from models.base import Model


class ProcessMark(Model):
    """A process that no other one is mistaken for.

    Attributes:
        pid: Its number, which the kernel hands out again.
        start_ticks: When it started, in clock ticks since boot.
        boot_id: Of which boot.
    """

    pid: int
    start_ticks: int
    boot_id: str

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return mark_of(self.pid) == self


class StackState(Model):
    """Where a stack's parts are. Holds no S3 keys; the database's URL may carry a password, so the file is private.

    Attributes:
        local: Whether this is a local stack; False: somebody else's cluster, of which only the address is known.
        parts: The processes by name; they change when one crashes and is started again.
    """

    local: bool
    home: Path
    temporal_address: str
    temporal_namespace: str
    temporal_ui_url: str | None = None
    temporal_metrics_url: str | None = None
    s3_endpoint: str | None = None
    s3_region: str = ""
    s3_bucket: str = ""
    database_url: str = Field(default="", repr=False)
    has_worker: bool = False
    api_url: str | None = None
    supervisor: ProcessMark | None = None
    parts: dict[str, ProcessMark] = Field(default_factory=dict)


def mark_of(pid: int) -> ProcessMark | None:
    """The mark of a process.

    Args:
        pid: Its number.

    Returns:
        The mark, or None where there is no such process, or only its zombie.
    """
    try:
        # Field 2 is the command's name, which may hold spaces and parentheses: the fields after it are counted.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, start_ticks = fields[0], int(fields[19])
    return None if state in "ZX" else ProcessMark(pid=pid, start_ticks=start_ticks, boot_id=boot_id)


def state_file(home: Path) -> Path:
    """Where a stack of this data folder writes its state."""
    return home / "stack.json"


def write_state(state: StackState) -> None:
    """Write the state in one step: a reader sees the old one or the new one."""
    path = state_file(state.home)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.unlink(missing_ok=True)
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(state.model_dump_json(indent=2))
    draft.replace(path)


def read_state(home: Path) -> StackState | None:
    """The state last written, or None where there is none or it is unreadable. Says nothing about who is alive."""
    try:
        return StackState.from_bytes(state_file(home).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
