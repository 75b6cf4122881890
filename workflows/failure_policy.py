"""What a failed step means for the run: retry, park for a person, or end."""

from enum import Enum

from temporalio.exceptions import (
    ActivityError,
    ApplicationError,
    ChildWorkflowError,
    FailureError,
    TimeoutError,
    TimeoutType,
)

from models.progress import FailureNote

_SCENE_CANNOT_BE_MADE = frozenset({"ContentRefused", "MediaCorrupt"})
_DEFINITE = frozenset({"InvalidInput", "InsufficientCredits"}) | _SCENE_CANNOT_BE_MADE

MOST_REWRITES = 2
MOST_PURCHASES = 3
"""Failed purchases of one piece before the run parks, or its scene gets a fallback."""

SCENES_PER_FALLBACK = 10
"""One scene in this many (at least one per video) may use a fallback before the run fails."""


class Verdict(Enum):
    """`LOST`: the worker disappeared; the work itself did not fail. `MAY_PASS`: park. `DEFINITE`: end with a refund."""

    LOST = "lost"
    MAY_PASS = "may pass"
    DEFINITE = "definite"


def verdict_on(error: FailureError) -> Verdict:
    """Classify the failure of a step, or of a child workflow, after its last retry, by the innermost cause.

    Defects in our own code count as `MAY_PASS`: a fixed worker can finish the run, and nothing is lost until then.
    """
    cause = innermost(error)
    if isinstance(cause, TimeoutError) and cause.type is TimeoutType.HEARTBEAT:
        return Verdict.LOST
    if isinstance(cause, ApplicationError):
        if cause.type == "WorkerStopping":
            return Verdict.LOST
        if cause.type in _DEFINITE:
            return Verdict.DEFINITE
    return Verdict.MAY_PASS


def scene_cannot_be_made(error: FailureError) -> bool:
    """Whether a failure concerns its own scene alone."""
    cause = innermost(error)
    return isinstance(cause, ApplicationError) and cause.type in _SCENE_CANNOT_BE_MADE


def note_on(error: BaseException) -> FailureNote:
    """The reason why a run ended, as a sentence."""
    cause = innermost(error)
    if isinstance(cause, ApplicationError):
        return FailureNote(type=cause.type or "Failed", sentence=cause.message)
    return FailureNote(type=type(cause).__name__, sentence=str(cause) or "The run failed.")


def innermost(error: BaseException) -> BaseException:
    """The failure that an activity or child workflow really ended with, without Temporal's wrappers."""
    while isinstance(error, (ActivityError, ChildWorkflowError)) and error.cause is not None:
        error = error.cause
    return error
