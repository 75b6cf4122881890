"""Three web backends and a worker for each kind of work; one of them is killed every few seconds.

A small seeded sample runs each time. FULL=1: 40 drafts with Studio operations, a kill every 10 s for ten minutes.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from bootstrap import Application
from cli.stack import ensure_stack, settings_for
from models.access import Scope
from models.credits import GrantRequest, GrantSource
from models.studio import StudioState
from services.songs import CheckedSong, add_song
from settings import Settings
from stores.access import open_access
from stores.opening import Stores, open_stores
from temporal.connection import connect
from temporal.generation import generation
from tests.fakes.amounts import FULL
from tests.fakes.machines import Machines, many_machines

DRAFTS = 40 if FULL else 2
KILLS = 60 if FULL else 4
PAUSE_S = 10.0 if FULL else 4.0
PATIENCE_S = 3600.0 if FULL else 400.0

pytestmark = [pytest.mark.faults, pytest.mark.timeout(2 * PATIENCE_S)]


class Artist:
    """Orders over HTTP as a browser would: with the same key again until there is an answer, from any backend."""

    def __init__(self, machines: Machines, stores: Stores, account_id: str, token: str, chance: random.Random) -> None:
        self._machines, self._stores, self._account_id, self._chance = machines, stores, account_id, chance
        self._http = httpx.AsyncClient(
            headers={"Authorization": f"Bearer {token}"}, timeout=90, trust_env=False, follow_redirects=False
        )

    async def ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """One order, once, whatever dies meanwhile."""
        key = {"Idempotency-Key": uuid4().hex}
        while True:
            try:
                url = f"{self._chance.choice(self._machines.urls)}/api/v1{path}"
                answer = await self._http.post(url, json=body, headers=key)
            except httpx.TransportError:
                await asyncio.sleep(0.3)
                continue
            if answer.is_success:
                told: dict[str, Any] = answer.json()
                return told
            assert answer.status_code in (409, 429) or answer.status_code >= 500, answer.text
            await asyncio.sleep(0.5)

    async def make(self, song_id: str, number: int) -> tuple[str, int]:
        """A draft, a regenerated scene, and the end of the run; the video, and what the scene cost."""
        order = {"song_id": song_id, "prompt": f"a fox in the rain, {number}", "profile": "tiny", "style": "neo-noir"}
        video_id = str((await self.ask("/videos", order))["video_id"])
        await until(lambda: asyncio.to_thread(self._stores.vault.is_delivered, self._account_id, video_id))
        ticket = await self.ask(f"/videos/{video_id}/scenes/0/regenerations", {"kind": "image"})
        operation_id = str(ticket["operation_id"])

        async def is_delivered() -> bool:
            look = self._stores.operations.operation
            done = await asyncio.to_thread(look, self._account_id, video_id, operation_id)
            assert done.state is not StudioState.FAILED, done.failure
            return done.state is StudioState.DELIVERED

        await until(is_delivered)
        await self.ask(f"/videos/{video_id}/closing", {"reason": "done"})
        return video_id, int(ticket["price"])

    async def close(self) -> None:
        """Leave."""
        await self._http.aclose()


async def until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await holds():
            await asyncio.sleep(0.3)


async def test_whatever_dies_nothing_is_lost_and_nothing_charged_twice(
    stack_settings: Settings, demo_song: CheckedSong, chance: random.Random, tmp_path: Path
) -> None:
    with ensure_stack(stack_settings, say=print, worker=False) as state:
        settings = settings_for(state, stack_settings)
        stores, client = open_stores(**settings.store_options()), await connect(settings)
        access = open_access(stores.database)
        account_id = access.profiles.sign_up(f"{uuid4().hex}@example.org", "a test has no secrets").account_id
        _, token = access.tokens.issue(account_id, "test", tuple(Scope))
        granted = 300 * DRAFTS
        stores.ledger.grant(
            GrantRequest(account_id=account_id, key=uuid4().hex, amount=granted, source=GrantSource.GOODWILL)
        )
        had = stores.ledger.balance(account_id).posted
        machines = Machines(state, stack_settings, tmp_path)
        artist = Artist(machines, stores, account_id, token, chance)
        try:
            many_machines(machines)
            await machines.ready()
            song = add_song(Application(settings, client, stores), account_id, demo_song)
            killing = asyncio.create_task(machines.kill_now_and_then(chance, KILLS, PAUSE_S))
            made = await asyncio.gather(*(artist.make(song.song_id, number) for number in range(DRAFTS)))
            await killing
            for video_id, _ in made:
                async with asyncio.timeout(PATIENCE_S):
                    result = await generation(client, video_id).result()
                assert result.version == 2
                assert stores.vault.timeline(account_id, video_id).version == 2
        finally:
            machines.end()
            await artist.close()
        assert len({video_id for video_id, _ in made}) == DRAFTS
        balance = stores.ledger.balance(account_id)
        assert (balance.posted, balance.held) == (had - 200 * DRAFTS - sum(price for _, price in made), 0)
        assert stores.ledger.verify().differences == ()
        stores.database.close()
