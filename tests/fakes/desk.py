"""An artist at a finished video: orders operations as a client would, and waits for their outcome."""

import asyncio
from pathlib import Path
from typing import Any
from uuid import uuid4

from models.credits import Balance
from models.generation import Limits
from models.progress import RunStatus
from models.studio import AcceptedOperation, StudioKind, StudioOperation, StudioOrder
from models.timeline import Timeline
from temporal.generation import GenerateHandle
from temporal.studio import operate
from tests.fakes.world import FIRST_PAUSE_S, MOST_PAUSE_S, QUICK, World

OPERATION_PATIENCE_S = 240.0
"""An operation that arrives while its run waits to continue as new waits for all operations under way."""


class Desk:
    """An artist at one finished video."""

    def __init__(self, world: World, video_id: str, handle: GenerateHandle, limits: Limits) -> None:
        self.world, self.video_id, self.handle, self.limits = world, video_id, handle, limits

    async def order(self, kind: StudioKind, scene: int | None = None, **more: Any) -> AcceptedOperation:
        more.setdefault("operation_id", uuid4().hex)
        world = self.world
        order = StudioOrder(account_id=world.account_id, video_id=self.video_id, kind=kind, scene_index=scene, **more)
        video = world.stores.vault.video(world.account_id, self.video_id)
        return await operate(world.client, video, order, self.limits)

    async def ended(self, ticket: AcceptedOperation) -> StudioOperation:
        """Wait until the operation has ended and its credits are settled."""
        world, pause_s = self.world, FIRST_PAUSE_S
        async with asyncio.timeout(OPERATION_PATIENCE_S):
            while True:
                operation = world.stores.operations.operation(world.account_id, self.video_id, ticket.operation_id)
                hold = world.stores.ledger.find_hold(world.account_id, ticket.operation_key)
                if not operation.is_open and (hold is None or hold.state.value != "held"):
                    return operation
                await asyncio.sleep(pause_s)
                pause_s = min(pause_s * 1.2, MOST_PAUSE_S)

    async def do(self, kind: StudioKind, scene: int | None = None, **more: Any) -> StudioOperation:
        return await self.ended(await self.order(kind, scene, **more))

    def timeline(self, version: int | None = None) -> Timeline:
        return self.world.stores.vault.timeline(self.world.account_id, self.video_id, version)

    def balance(self) -> Balance:
        return self.world.balance()


async def finished_video(world: World, folder: Path, limits: Limits = QUICK, *, heard: bool = True) -> Desk:
    request = world.request(world.add_song(folder, heard=heard), limits)
    handle, _ = await world.start(request)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    return Desk(world, request.video_id, handle, limits)
