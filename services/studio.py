"""Studio: order an operation on a scene or a version, follow it, withdraw it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from models.credits import HoldState, Quote
from models.failures import Conflict, InvalidInput, NotFound, NotStored, ProviderUnavailable, RunFailed
from models.progress import RunStatus
from models.studio import AcceptedOperation, StudioOperation, StudioOrder, StudioState
from services.app import App
from services.media import find_timeline
from services.quotes import check_balance
from services.videos import stored_video
from temporal import studio
from temporal.calls import input_refused

BEGIN_PATIENCE_S, BEGIN_LOOK_S = 10.0, 0.2
"""How long a withdrawal waits for the work to begin, and how often it polls."""

FOLLOW_LOOK_S = 0.2


def quote_operation(app: App, order: StudioOrder) -> Quote | None:
    """The current price of an operation; None where it is always free.

    Raises:
        NotFound: There is no such video, scene, take or version.
        InvalidInput: It cannot be done; the sentence says why.
    """
    stored_video(app, order.account_id, order.video_id)
    try:
        return app.stores.operations.quote(order)
    except InvalidInput as error:
        raise input_refused(error.message, error.code) from error


async def order_operation(app: App, order: StudioOrder, version: int | None = None) -> AcceptedOperation:
    """Regenerate a scene, choose a take, restore a version, or edit; answers once the credits are held.

    Args:
        order: The operation; the same operation id gets the first answer again.
        version: The version that the scene's index counts in; None: the newest.

    Raises:
        InsufficientCredits: The balance is below the price; nothing was started.
        NotFound: There is no such video, scene, take or version.
        Conflict: Another operation works on the scene, the price has changed, or there is a newer version.
        InvalidInput: It cannot be done; the sentence says why.
        StartRefused: Too many operations are under way.
        ProviderUnavailable: No worker or server answers.
    """

    def check() -> None:
        try:
            find_operation(app, order.account_id, order.video_id, order.operation_id)
        except NotFound:  # a repeated order finds its own hold, which has lowered the balance
            quote = quote_operation(app, order)
            if quote is not None:
                check_balance(quote)

    video = await asyncio.to_thread(stored_video, app, order.account_id, order.video_id)
    order = await asyncio.to_thread(_named, app, order, version)
    await asyncio.to_thread(check)
    return await studio.operate(app.client, video, order, app.settings.run_limits())


def _named(app: App, order: StudioOrder, version: int | None) -> StudioOrder:
    """The order with its scene's id, which stays the same while other clients edit."""
    index = order.scene_index
    if index is None or order.scene_id is not None:
        return order
    scenes = find_timeline(app, order.account_id, order.video_id, version).scenes
    if not 0 <= index < len(scenes):
        return order  # the check reports it
    return order.model_copy(update={"scene_id": scenes[index].identity})


def find_operation(app: App, account_id: str, video_id: str, operation_id: str) -> StudioOperation:
    """The current state of an operation. Raises `NotFound`: the account has no such operation on this video."""
    try:
        return app.stores.operations.operation(account_id, video_id, operation_id)
    except (NotStored, InvalidInput):
        raise NotFound("There is no such operation on this video.") from None


def open_operations(app: App, account_id: str, video_id: str) -> list[StudioOperation]:
    """The operations on a stored video that have not ended. Raises `NotFound`: the account has no such video."""
    stored_video(app, account_id, video_id)
    return [one for one in app.stores.operations.of_video(account_id, video_id) if one.is_open]


async def follow_operation(
    app: App,
    account_id: str,
    video_id: str,
    ticket: AcceptedOperation,
    say: Callable[[str], None],
    *,
    until_parked: bool,
) -> StudioOperation:
    """Follow an operation until it is settled.

    Args:
        say: Called with each new sentence of its progress.
        until_parked: Stop once it waits for a person.

    Raises:
        RunFailed: It waits for a person.
    """
    said = ""
    while True:
        operation = await asyncio.to_thread(find_operation, app, account_id, video_id, ticket.operation_id)
        hold = await asyncio.to_thread(app.stores.ledger.find_hold, account_id, ticket.operation_key)
        if not operation.is_open and (hold is None or hold.state is not HoldState.HELD):
            return operation
        making = ticket.workflow_id  # empty where no take is made
        progress = await studio.operation_progress(app.client, video_id, ticket.operation_id) if making else None
        if progress is not None and progress.sentence != said:
            said = progress.sentence
            say(said)
        if until_parked and progress is not None and progress.status is RunStatus.NEEDS_ATTENTION:
            raise RunFailed(f"The operation waits, its credits stay held: {progress.sentence}")
        await asyncio.sleep(FOLLOW_LOOK_S)


async def withdraw_operation(app: App, account_id: str, video_id: str, operation_id: str) -> None:
    """Withdraw an operation; its credits come back. An operation whose take is finished, or that makes none, goes on.

    Raises:
        NotFound: The account has no such operation on this video.
        Conflict: `ended` or `goes_on`.
        ProviderUnavailable: Its work has not begun, or the server does not answer.
    """
    for _ in range(round(BEGIN_PATIENCE_S / BEGIN_LOOK_S)):
        operation = await asyncio.to_thread(find_operation, app, account_id, video_id, operation_id)
        if not operation.is_open:
            raise Conflict("This operation has ended already.", "ended")
        if operation.state is not StudioState.ACCEPTED or operation.order.kind.charged_as is None:
            raise Conflict("Too late to withdraw it: the take is finished.", "goes_on")
        with suppress(InvalidInput):  # accepted, and its work has not begun yet
            await studio.cancel_operation(app.client, video_id, operation_id)
            return
        await asyncio.sleep(BEGIN_LOOK_S)
    raise ProviderUnavailable("Its work has not begun yet: try again in a moment.")
