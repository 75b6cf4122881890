"""Watching a run until there is something to fetch or nothing more to wait for."""

import asyncio
import time
from collections.abc import AsyncIterator

from temporalio.client import WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from models.failures import InvalidInput, NoServer
from models.progress import CLOSED, Progress, RunStatus
from workflows.clients import GenerateHandle
from workflows.looking import look_at

POLL_S = 0.4
SILENCE_S = 90.0
"""How long a silent server or an absent worker is waited for before watching gives up."""


async def watch(
    handle: GenerateHandle, *, until_closed: bool = False, until_parked: bool = False
) -> AsyncIterator[Progress]:
    """Yield the run's progress until a draft is ready (unless `until_closed`) or the run has ended.

    With `until_parked` a run that waits for a person is not waited for: a script has nobody to ask.

    Raises:
        InvalidInput: There is no such run.
        NoServer: Server or worker stayed silent for too long.
    """
    heard = time.monotonic()
    while True:
        try:
            progress = await look_at(handle)
        except (RPCError, WorkflowQueryFailedError) as error:
            if isinstance(error, RPCError) and error.status is RPCStatusCode.NOT_FOUND:
                raise InvalidInput(
                    f"There is no video {handle.id.removeprefix('generate-')}.", code="no_run"
                ) from error
            if time.monotonic() - heard > SILENCE_S:
                if isinstance(error, WorkflowQueryFailedError):
                    raise NoServer(f"The worker cannot read this run; `starter.py replay` says why: {error}") from error
                raise NoServer("No worker has answered for a while; the run goes on as soon as one does.") from error
        else:
            heard = time.monotonic()
            yield progress
            ready = progress.status is RunStatus.DRAFT_READY and not until_closed
            parked = progress.status is RunStatus.NEEDS_ATTENTION and until_parked
            if ready or parked or progress.status in CLOSED:
                return
        await asyncio.sleep(POLL_S)
