"""The state file of a running stack, .echonos/stack.json, and the recognition of a stale one."""

import os
from pathlib import Path

from pydantic import Field, ValidationError

from models.base import Model


class ProcessMark(Model):
    """The unique identity of a process.

    Attributes:
        pid: Its number, which the kernel reuses.
        start_ticks: Its start, in clock ticks since boot.
        boot_id: The id of the boot.
    """

    pid: int
    start_ticks: int
    boot_id: str

    @property
    def alive(self) -> bool:
        """Whether this very process still runs."""
        return mark_of(self.pid) == self


class StackState(Model):
    """The addresses of a stack's parts, without S3 keys. The database's URL may contain a password.


    Attributes:
        local: Whether this is a local stack; False: a cluster, of which only the address is known.
        parts: The processes by name; they change when one crashes and restarts.
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
        # Field 2 is the command's name, which may contain spaces and parentheses: count the fields after it.
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        boot_id = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    except (FileNotFoundError, ProcessLookupError):
        return None
    state, start_ticks = fields[0], int(fields[19])
    return None if state in "ZX" else ProcessMark(pid=pid, start_ticks=start_ticks, boot_id=boot_id)


def state_file(home: Path) -> Path:
    """The state file of a data folder's stack."""
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
    """The last written state, or None where it is missing or unreadable. Its processes may have ended."""
    try:
        return StackState.from_bytes(state_file(home).read_bytes())
    except (FileNotFoundError, ValidationError):
        return None
