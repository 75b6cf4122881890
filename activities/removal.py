"""Deleting from the Vault.

Side effects: rows of songs, videos and characters, then their objects and the executions that knew their words.
Idempotency: a deleted row answers again with what is left to remove; removing what is gone changes nothing. The ledger
is never touched. Main queue.
"""

import asyncio

from temporalio import activity

from activities.ports import ExecutionStore, ObjectStore, RemovalDesk, RunRegistry
from activities.steps import pulse, step
from models.failures import InvalidInput
from models.routing import analyze_workflow_id, generate_workflow_id
from models.vault import Removal, RemovalRequest, Removed, Shelf


class RemovalActivities:
    """Steps that delete."""

    def __init__(self, objects: ObjectStore, desk: RemovalDesk, runs: RunRegistry, executions: ExecutionStore) -> None:
        self._objects = objects
        self._desk = desk
        self._runs = runs
        self._executions = executions

    @step
    async def forget(self, request: RemovalRequest) -> Removal:
        """Take it off the lists and delete its rows, unless an open run works with it.

        It is hidden before anybody is asked whether it is in use: a run that saw it before is found, and one that
        comes later sees it no more.
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
        """Delete the histories that hold its title and prompts; the runs behind them are closed and settled."""
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
            case Shelf.CHARACTER:
                pass  # a run takes copies of its characters' images before anything is drawn from them
        return None
