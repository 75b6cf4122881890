"""What a failed step means for the run: do it again, wait for a person, or end."""

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


class Verdict(Enum):
    """`LOST`: the worker went away, the work itself did not fail. `MAY_PASS`: park. `DEFINITE`: end with a refund."""

    LOST = "lost"
    MAY_PASS = "may pass"
    DEFINITE = "definite"


def verdict_on(error: FailureError) -> Verdict:
    """Judge a step, or a child workflow made of steps, that has used up its retries by its innermost cause.

    Defects of our own count as `MAY_PASS`: a fixed worker can finish the run, and until then nothing is lost.
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
    """Whether a step failed for a reason that concerns its scene alone."""
    cause = innermost(error)
    return isinstance(cause, ApplicationError) and cause.type in _SCENE_CANNOT_BE_MADE


def note_on(error: BaseException) -> FailureNote:
    """Why a run ended, in words."""
    cause = innermost(error)
    if isinstance(cause, ApplicationError):
        return FailureNote(type=cause.type or "Failed", sentence=cause.message)
    return FailureNote(type=type(cause).__name__, sentence=str(cause) or "The run failed.")


def innermost(error: BaseException) -> BaseException:
    """The failure that an activity or a child workflow really ended with, without Temporal's wrappings."""
    while isinstance(error, (ActivityError, ChildWorkflowError)) and error.cause is not None:
        error = error.cause
    return error
