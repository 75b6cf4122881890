"""Delete a song, a video or a character, and show the consequences first."""

import asyncio

from models.failures import Conflict, InvalidInput, NotFound
from models.vault import DeletionPlan, RemovalRequest, Shelf
from services.app import App
from services.failures import missing_is
from temporal.deletion import delete_from_vault


def plan_deletion(app: App, account_id: str, shelf: Shelf, subject_id: str) -> DeletionPlan:
    """The consequences of a deletion, to be shown first. Raises `NotFound`: the account has no such thing."""
    with missing_is(NotFound(f"There is no such {shelf} in your Vault.")):
        return app.stores.deletion.plan(account_id, shelf, subject_id)


async def delete(app: App, account_id: str, shelf: Shelf, subject_id: str) -> None:
    """Remove an entry from lists at once, and its objects right after. Videos of a song or character stay.

    Raises:
        NotFound: The account has no such thing.
        Conflict: An open run works with it.
    """
    await asyncio.to_thread(plan_deletion, app, account_id, shelf, subject_id)
    try:
        await delete_from_vault(app.client, RemovalRequest(account_id=account_id, shelf=shelf, subject_id=subject_id))
    except InvalidInput as error:
        raise Conflict(error.message, error.code) from error
