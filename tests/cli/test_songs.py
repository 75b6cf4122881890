"""`analyze --again`: as the API does it, for people at a terminal."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

import pytest

from bootstrap import Application
from cli.app import main
from cli.commands.songs import analyze
from cli.output import Output
from cli.session import Session
from cli.stack import StackState
from models.failures import InvalidInput
from settings import Settings
from tests.fakes.world import World, stores, world
from tests.workflows.test_hearing_again import old_song

__all__ = ["stores", "world"]


async def test_a_song_is_heard_again_by_its_id(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    @asynccontextmanager
    async def opened(output: Output) -> AsyncIterator[Session]:
        stack = cast(StackState, None)
        app = Application(Settings(home=tmp_path), world.client, world.stores)
        yield Session(app, stack, output, world.account_id)

    monkeypatch.setattr(Session, "open", opened)
    song, output = old_song(world, tmp_path), Output(as_json=True)
    await analyze(song.song_id, again=True, output=output)
    assert json.loads(capsys.readouterr().out)["analysis_version"] == 2
    assert world.stores.vault.song(world.account_id, song.song_id).analysis_revision == 2
    with pytest.raises(InvalidInput, match="would find the same"):
        await analyze(song.song_id, again=True, output=output)
    await analyze(song.song_id, again=True, force=True, output=output)
    assert world.stores.vault.song(world.account_id, song.song_id).analysis_revision == 3
    with pytest.raises(InvalidInput, match="no such song"):
        await analyze("song-0", again=True, output=output)


async def test_force_alone_is_no_command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["starter.py", "analyze", "song-0", "--force", "--json"])
    assert await asyncio.to_thread(main) == 2
    assert "--again" in json.loads(capsys.readouterr().out)["error"]["sentence"]
