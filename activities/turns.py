"""Turns: how many drafts are in the making at once, and which is next.

Side effects: a row of the queue for each draft that waits or is in the making. Idempotency key: the draft's operation
key. Provide queue, because a step that waits needs no core.

A draft's own chain of steps passes through no queue that is fair: many drafts at once share processors, database and
server equally, whatever account owns them. So an account's first draft begins at once; of its further ones only some
are in the making, the others wait here, and the next place goes to the account with the fewest.
"""

from temporalio import activity

from activities.ports.purchases import Permits
from activities.steps import step
from activities.waiting import PermitQueue, Threads, watched
from models.generation import Turn, TurnRequest
from models.paid_media import DRAFTS_KEY, PermitRequest

PLACE_S = 120.0
"""The longest that a draft occupies its place.

By then it has its prompts, and what is left waits in queues that serve accounts in turn. A parked draft, or one whose
run was terminated, delays others no longer than this.
"""

FIRST = 1
"""Drafts of an account that begin at once, even beyond the places."""

POLL_S = 0.5


class Turns:
    """The places of a deployment.

    Args:
        permits: The rows of the queue.
        places: Drafts in the making at once; first drafts of accounts come on top.
    """

    def __init__(self, permits: Permits, places: int) -> None:
        self._permits = permits
        self._places = places
        self._queue = PermitQueue(permits, DRAFTS_KEY, places, Threads("turns", 1), POLL_S)

    def take(self, request: TurnRequest) -> bool:
        """Take a place, or one in the queue; returns whether it is the draft's turn. Repeating it changes nothing."""
        return self._permits.ask(_permit(request), self._places, FIRST, PLACE_S)

    async def wait(self, request: TurnRequest) -> None:
        """Return once it is the draft's turn."""
        await self._queue.obtain(request.operation_key, request.account_id, urgent=False)
        await self._queue.keep(request.operation_key, PLACE_S)

    def give_back(self, operation_key: str) -> None:
        """Leave the place, or the queue: the draft has ended."""
        self._permits.free(operation_key)
        self._queue.look_from_thread()


class TurnActivities:
    """The step that waits."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    @step
    async def await_turn(self, request: TurnRequest) -> Turn:
        """Return once it is the draft's turn."""
        await watched(self._turns.wait(request))
        return Turn(attempt=activity.info().attempt)


def _permit(request: TurnRequest) -> PermitRequest:
    return PermitRequest(job_key=request.operation_key, provider=DRAFTS_KEY, account_id=request.account_id)
