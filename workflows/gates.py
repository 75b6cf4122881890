"""Gates: where a run waits for a person.

The first step of a stage that has used up its retries for a temporary reason closes the stage's gate. Other steps of
the stage then wait before they are scheduled; other stages go on. `retry_stage` opens all gates.
"""

from datetime import datetime, timedelta

from temporalio import workflow

from models.progress import StageName


class Gates:
    """The closed gates of a run, and the time at which it parked."""

    def __init__(self) -> None:
        self._closed: dict[StageName, str] = {}
        self._parked_since: datetime | None = None
        self.openings = 0
        """How often the gates were opened. A failure of work from before the last opening closes nothing."""

    @property
    def closed(self) -> bool:
        """Whether the run waits for a person."""
        return bool(self._closed)

    def close(self, stage: StageName, reason: str) -> bool:
        """Close a stage's gate; False if it was closed already."""
        if stage in self._closed:
            return False
        self._closed[stage] = reason
        self._parked_since = self._parked_since or workflow.now()
        return True

    def open_all(self) -> list[StageName]:
        """Open all gates; returns the stages that had waited."""
        stages, self._closed, self._parked_since = list(self._closed), {}, None
        self.openings += 1
        return stages

    async def passage(self, stage: StageName) -> None:
        """Wait until the stage's gate is open."""
        await workflow.wait_condition(lambda: stage not in self._closed)

    async def overdue(self, after: timedelta) -> None:
        """Return once the run has been parked for `after`, counted from the first closing."""
        while True:
            await workflow.wait_condition(lambda: self.closed)
            since = self._parked_since or workflow.now()
            left = since + after - workflow.now()
            try:
                await workflow.wait_condition(
                    lambda: not self.closed,
                    timeout=max(left, timedelta(0)),
                    timeout_summary="waits for support, then gives up",
                )
            except TimeoutError:
                return
