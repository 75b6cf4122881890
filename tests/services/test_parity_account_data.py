"""An account's data, taken out by its person over HTTP and by support on the command line: the same ZIP."""

import asyncio
import zipfile
from collections.abc import Callable
from pathlib import Path

from cli.commands.accounts import take_out
from tests.api.conftest import Api
from tests.fakes.world import World
from tests.services.conftest import Terminal


async def test_both_sides_pack_the_same(
    api: Api, world: World, terminal_for: Callable[..., Terminal], tmp_path: Path
) -> None:
    artist, out = await api.sign_up(), tmp_path / "account.zip"
    api.add_song(artist.account_id)
    ordered = (await artist.http.post("/api/v1/account/takeouts")).json()
    async with asyncio.timeout(200):
        while (state := (await artist.http.get(f"/api/v1/account/takeouts/{ordered['takeout_id']}")).json())[
            "state"
        ] == "packing":
            await asyncio.sleep(0.1)
    terminal = terminal_for(artist.account_id)
    typed = await terminal.run(take_out, artist.account_id, "asked by mail", "kim", out)
    assert state["sentence"].startswith(f"{typed['files']} files")
    assert "rows/songs.json" in zipfile.ZipFile(out).namelist()
