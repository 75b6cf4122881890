"""What activities need of the Temporal server."""

from typing import Protocol

from activities.ports import Pulse
from models.vault import Shelf


class RunRegistry(Protocol):
    """Which runs are open."""

    async def is_open(self, workflow_id: str) -> bool:
        """Whether a run with this id is open now; False also if it never existed."""
        ...

    async def cancel(self, workflow_id: str) -> None:
        """Cancel an open run; a closed or unknown one stays as it is."""
        ...

    async def song_of(self, workflow_id: str) -> str | None:
        """The song that an open run works with; None if the run is closed or unknown."""
        ...


class ExecutionStore(Protocol):
    """Temporal's executions and their histories."""

    async def delete_of(self, shelf: Shelf, subject_id: str, pulse: Pulse) -> int:
        """Delete the executions whose histories contain a deleted thing's words; returns the number deleted."""
        ...

    async def delete_of_account(self, account_id: str, pulse: Pulse) -> int:
        """Delete all executions of an account except the deletions themselves; returns the number deleted."""
        ...

    async def end_of_account(self, account_id: str, *, force: bool) -> int:
        """Cancel or terminate the account's open runs; returns their number."""
        ...
