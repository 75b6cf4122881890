"""What keeps a run from going on, from the server's facts alone."""

from datetime import datetime
from enum import StrEnum

from models.base import Model


class StandstillCause(StrEnum):
    """What keeps a run, or a step of it, from going on."""

    PAUSED = "paused"
    STEP_PAUSED = "step_paused"
    NO_WORKER = "no_worker"
    OTHER_VERSION = "other_version"
    DIVERGED = "diverged"
    TASK_FAILS = "task_fails"
    HUNG = "hung"


PAUSES = frozenset({StandstillCause.PAUSED, StandstillCause.STEP_PAUSED})
"""What only a person ends."""


class Standstill(Model):
    """What keeps a run from going on. `sentence` is for operators: what it is, and what to do."""

    cause: StandstillCause
    sentence: str


class PendingStep(Model):
    """A step that has not ended, as the server knows it.

    Attributes:
        step: The activity's type.
        state: `scheduled`, `started`, `paused`, …
        attempt: From 1 on.
        last_failure: Why the attempt before failed; empty on the first.
        worker: The worker that has it, or had it last; empty: none yet.
        heartbeat_at: Its last sign of life.
        next_attempt_at: When it is due again, while it waits for that.
    """

    step: str
    state: str
    attempt: int
    last_failure: str = ""
    worker: str = ""
    started_at: datetime | None = None
    heartbeat_at: datetime | None = None
    next_attempt_at: datetime | None = None
