"""An artist at a storyboard: edits, approves and repaints as a client would."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from models.board_edits import BoardEdit
from models.boards import Board, BoardAnswer, BoardOrder, BoardStepState, RepaintTicket, StoredStep
from models.generation import GenerateRequest, Limits
from models.progress import Progress, RunStatus
from models.studio import RestoredBy
from models.timeline import Timeline
from temporal.boards import approve_board, edit_board, repaint_still, restore_board
from temporal.generation import GenerateHandle
from tests.fakes.world import QUICK, World


class BoardDesk:
    """One run that waits for its artist."""

    def __init__(self, world: World, request: GenerateRequest, handle: GenerateHandle) -> None:
        self.world, self.request, self.handle = world, request, handle
        self.video_id = request.video_id

    @property
    def row(self) -> StoredStep:
        return self.world.stores.boards.head(self.world.account_id, self.video_id)

    @property
    def board(self) -> Board:
        return self.at(self.row.board_key)

    def at(self, key: str) -> Board:
        return Board.from_bytes(self.world.stores.objects.get_bytes(key))

    async def edit(self, *edits: BoardEdit, **more: Any) -> BoardAnswer:
        return await edit_board(self.world.client, self.order(edits=edits, **more))

    async def undo(self, **more: Any) -> BoardAnswer:
        return await restore_board(self.world.client, self.order(restored_by=RestoredBy.UNDO, **more))

    async def redo(self, **more: Any) -> BoardAnswer:
        return await restore_board(self.world.client, self.order(restored_by=RestoredBy.REDO, **more))

    async def approve(self, scenes: Sequence[int] = (), sections: Sequence[int] = (), **more: Any) -> BoardAnswer:
        more |= {"scenes": tuple(scenes), "sections": tuple(sections), "everything": not scenes and not sections}
        return await approve_board(self.world.client, self.order(**more))

    async def repaint(self, scene_id: int, **more: Any) -> RepaintTicket:
        return await repaint_still(self.world.client, self.order(scene_id=scene_id, **more))

    def order(self, **more: Any) -> BoardOrder:
        more.setdefault("operation_id", uuid4().hex)
        if "revision" not in more:
            more["revision"] = self.row.revision
        return BoardOrder(account_id=self.world.account_id, video_id=self.video_id, **more)

    async def painted(self, ticket: RepaintTicket) -> StoredStep:
        """Wait until a still was shown and the run knows it, or was given up."""
        row: list[StoredStep] = []

        def ended(progress: Progress) -> bool:
            found = self.world.stores.boards.find(self.world.account_id, self.video_id, ticket.operation_id)
            assert found is not None
            row[:] = [found]
            known = progress.board.revision if progress.board is not None else 0
            return found.state is not BoardStepState.ACCEPTED and known >= (found.revision or 0)

        await self.world.until(self.handle, ended)
        return row[0]

    async def until(self, status: RunStatus) -> Progress:
        return await self.world.until(self.handle, lambda p: p.status is status)

    async def delivered(self) -> Timeline:
        await self.until(RunStatus.DRAFT_READY)
        return self.world.stores.vault.timeline(self.world.account_id, self.video_id, 1)


async def waiting_board(world: World, folder: Path, limits: Limits = QUICK) -> BoardDesk:
    """A run that was ordered with a storyboard, once it waits."""
    request = world.request(world.add_song(folder), limits).model_copy(update={"storyboard": True})
    handle, _ = await world.start(request)
    desk = BoardDesk(world, request, handle)
    await desk.until(RunStatus.WAITING_FOR_ARTIST)
    return desk
