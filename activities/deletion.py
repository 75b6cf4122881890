"""Deleting from the Vault.

Side effects: deletes rows of songs, videos, characters and own footage, then their objects and the executions that
contain their words. Idempotency: a repeat on a deleted row returns what is left to remove; removing it twice changes
nothing. The ledger is never touched. Orchestrate queue.
"""

import asyncio

from temporalio import activity

from activities.ports.runs import ExecutionStore, RunRegistry
from activities.ports.stores import DeletionStore, ObjectStore
from activities.steps import pulse, step
from models.failures import InvalidInput
from models.ids import analyze_workflow_id, generate_workflow_id
from models.vault import Removal, RemovalRequest, Removed, Shelf


class DeletionActivities:
    """Steps that delete."""

    def __init__(
        self, objects: ObjectStore, desk: DeletionStore, runs: RunRegistry, executions: ExecutionStore
    ) -> None:
        self._objects = objects
        self._desk = desk
        self._runs = runs
        self._executions = executions

    @step
    async def forget(self, request: RemovalRequest) -> Removal:
        """Take something off the lists and delete its rows, unless an open run works with it.

        It is hidden before its use is checked: a run that started earlier is found by the check, and a later run no
        longer sees it.
        """
        subject = request.account_id, request.shelf, request.subject_id
        await asyncio.to_thread(self._desk.hide, *subject)
        reason = await self._in_use(request)
        if reason is not None:
            await asyncio.to_thread(self._desk.show, *subject)
            raise InvalidInput(reason, code="in_use")
        return await asyncio.to_thread(self._desk.forget, *subject)

    @step
    def remove_objects(self, removal: Removal) -> Removed:
        """Delete everything below the prefixes."""
        count = 0
        for prefix in removal.prefixes:
            pulse()
            count += self._objects.delete_prefix(prefix)
        return Removed(count=count)

    @step
    async def delete_executions(self, removal: Removal) -> Removed:
        """Delete the histories that contain its title and prompts; the runs behind them are closed and settled."""
        count = await self._executions.delete_of(removal.shelf, removal.subject_id, activity.heartbeat)
        return Removed(count=count)

    async def _in_use(self, request: RemovalRequest) -> str | None:
        match request.shelf:
            case Shelf.VIDEO:
                if await self._runs.is_open(generate_workflow_id(request.subject_id)):
                    return "This video's run is still open: wait until it is done, or cancel it, and delete it then."
            case Shelf.SONG:
                if await self._runs.is_open(analyze_workflow_id(request.subject_id)):
                    return "This song is being listened to right now: delete it in a minute."
                drafts = await asyncio.to_thread(self._desk.drafts_in_the_making, request.account_id)
                for workflow_id in drafts:
                    if await self._runs.song_of(workflow_id) == request.subject_id:
                        return "A video of this song is being made: wait until it is done, or cancel it first."
            case Shelf.CHARACTER | Shelf.FOOTAGE:
                pass  # a run copies its characters' images and own footage before anything is made from them
        return None
