"""How commands end: exit codes, and the failures that have one."""

from enum import IntEnum

from models.failures import EchonosError, InsufficientCredits, InvalidInput, NoServer


class Exit(IntEnum):
    """The exit codes that scripts may rely on."""

    DONE = 0
    BAD_INPUT = 2
    NO_CREDITS = 3
    RUN_FAILED = 4
    NO_SERVER = 5
    INTERRUPTED = 130


def exit_code(error: EchonosError) -> Exit:
    """The exit code of a failure."""
    if isinstance(error, InvalidInput):
        return Exit.BAD_INPUT
    if isinstance(error, InsufficientCredits):
        return Exit.NO_CREDITS
    if isinstance(error, NoServer):
        return Exit.NO_SERVER
    return Exit.RUN_FAILED
