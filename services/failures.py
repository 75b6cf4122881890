"""The Temporal SDK's exceptions, translated to our own failures for pages and commands."""

from collections.abc import Iterator
from contextlib import contextmanager

from temporalio.client import WorkflowFailureError
from temporalio.service import RPCError, RPCStatusCode

from models import disk
from models.failures import (
    DiskFull,
    EchonosError,
    InvalidInput,
    NoServer,
    NotFound,
    NotStored,
    ProviderUnavailable,
    RunFailed,
)
from workflows.failure_policy import note_on

FAILURES: tuple[type[Exception], ...] = (EchonosError, RPCError, WorkflowFailureError)
"""Exceptions that a use case may raise: our own failures and the SDK's."""

AWAY: tuple[type[Exception], ...] = (EchonosError, RPCError, RuntimeError)
"""Exceptions of a call while a server does not answer: the SDK's first connection raises a RuntimeError."""

_NOT_CONNECTED = "Failed client connect"


def translated(error: BaseException) -> EchonosError | None:
    """Our own failure for an exception of the SDK; None for any other exception."""
    match error:
        case ProviderUnavailable() | NoServer() if disk.is_short():
            return DiskFull()  # a server without room answers in many ways, or not at all
        case _ if disk.is_full_behind(error):
            return DiskFull()  # whatever an engine made of it: a full disk is not the song's fault
        case EchonosError():
            return error
        case WorkflowFailureError():
            note = note_on(error.cause)
            return InvalidInput(note.sentence) if note.type == InvalidInput.__name__ else RunFailed(note.sentence)
        case RPCError(status=RPCStatusCode.NOT_FOUND):
            return NotFound("There is no such run.")
        case RPCError() if disk.is_short():
            return DiskFull()
        case RPCError():
            return NoServer(f"The Temporal server does not answer as it should: {error.message}")
        case RuntimeError() if str(error).startswith(_NOT_CONNECTED):
            return NoServer("The Temporal server does not answer.")
        case _:
            return None


@contextmanager
def missing_is(failure: EchonosError) -> Iterator[None]:
    """Raise `failure` where the block finds that something is not stored."""
    try:
        yield
    except NotStored:
        raise failure from None
