"""A storyboard's updates: edits, approvals, repaints."""

import asyncio
from datetime import timedelta
from typing import Any, TypeVar

from temporalio.client import Client, WorkflowUpdateFailedError, WorkflowUpdateRPCTimeoutOrCancelledError
from temporalio.service import RPCError, RPCStatusCode
from temporalio.workflow import UpdateMethodMultiParam

from models.base import Model
from models.boards import BoardAnswer, BoardOrder, RepaintTicket
from models.failures import InvalidInput, ProviderUnavailable
from temporal.calls import input_refused, refusal
from temporal.generation import generation
from temporal.reading import answered
from workflows.generate_video import GenerateVideo

R = TypeVar("R", bound=Model)

PATIENCE = timedelta(seconds=60)
"""The longest wait for an answer: a director may have to word a scene."""

_HANDOVER = (RPCStatusCode.NOT_FOUND, RPCStatusCode.ABORTED, RPCStatusCode.FAILED_PRECONDITION)
HANDOVER_TRIES, HANDOVER_PAUSE_S = 10, 0.25
"""A run that continues as new at this moment answers with an error; its successor answers, and lays its board out."""


async def edit_board(client: Client, order: BoardOrder) -> BoardAnswer:
    """Edit a storyboard. A repeated operation id gets the first answer.

    Raises:
        InvalidInput: The order is refused; `code` says why (`board_moved`, `scene_approved`, `scene_busy`, …).
        ProviderUnavailable: No worker or server answers.
    """
    return await _ask(client, GenerateVideo.edit_board, order)


async def restore_board(client: Client, order: BoardOrder) -> BoardAnswer:
    """Undo or redo a step of a storyboard; otherwise as `edit_board`."""
    return await _ask(client, GenerateVideo.restore_board, order)


async def approve_board(client: Client, order: BoardOrder) -> BoardAnswer:
    """Approve scenes of a storyboard; otherwise as `edit_board`."""
    return await _ask(client, GenerateVideo.approve_board, order)


async def place_own(client: Client, order: BoardOrder) -> BoardAnswer:
    """Show an own picture or clip in a scene of a storyboard; otherwise as `edit_board`."""
    return await _ask(client, GenerateVideo.place_own, order)


async def repaint_still(client: Client, order: BoardOrder) -> RepaintTicket:
    """Make a still of a storyboard anew; returns once its credits are held; otherwise as `edit_board`.

    Raises:
        InsufficientCredits: The balance is below the price.
    """
    return await _ask(client, GenerateVideo.repaint_still, order)


async def _ask(client: Client, update: UpdateMethodMultiParam[[Any, BoardOrder], R], order: BoardOrder) -> R:
    handle = generation(client, order.video_id)
    for attempt in range(HANDOVER_TRIES):
        last = attempt == HANDOVER_TRIES - 1
        try:
            return await answered(handle.execute_update(update, order, id=order.operation_id, rpc_timeout=PATIENCE))
        except WorkflowUpdateFailedError as error:
            refused = refusal(error.cause)
            if not isinstance(refused, InvalidInput) or refused.code != "board_not_laid" or last:
                raise refused from error
        except WorkflowUpdateRPCTimeoutOrCancelledError as error:
            raise ProviderUnavailable("The video's run does not answer now; send the same order again.") from error
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND and last:
                sentence = "No storyboard waits here: its video is made, or its run has ended."
                raise input_refused(sentence, "no_board_open") from error
            if error.status not in _HANDOVER or last:
                raise ProviderUnavailable(f"The video's run does not answer: {error.message}") from error
        await asyncio.sleep(HANDOVER_PAUSE_S)
    raise AssertionError("the last attempt returns or raises")
