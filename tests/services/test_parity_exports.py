"""Exports over HTTP and on the command line: the same export is one, and the same refusals."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import cli.commands.export
from models.vault import ExportKind
from tests.api.conftest import Api
from tests.api.test_exports import LRC, ended, finished
from tests.fakes.world import World
from tests.services.conftest import Terminal

TerminalFor = Callable[..., Terminal]


def export(video_id: str, kind: str, version: int | None, lyrics: Path | None, out: Path) -> Callable[..., Any]:
    return partial(cli.commands.export.export, video_id, ExportKind(kind), version, lyrics, out)


async def test_both_sides_make_the_same_export_once(
    api: Api, world: World, terminal_for: TerminalFor, tmp_path: Path
) -> None:
    person, url = await finished(api, world)
    terminal, video_id = terminal_for(person.account_id), url.split("/")[-2]
    words, out = tmp_path / "words.lrc", tmp_path / "out"
    words.write_text(LRC)
    for kind, lyrics in (("square", None), ("lyrics", words)):
        body = {"kind": kind} | ({} if lyrics is None else {"lyrics": LRC})
        started = (await person.http.post(url, json=body)).json()
        await ended(person, f"{url}/{started['export_id']}")
        typed = await terminal.run(export(video_id, kind, None, lyrics, out))
        assert typed["asset_id"] == started["export_id"]
        assert out.stat().st_size == typed["size_bytes"]
    assert world.faults.calls["make_export"] == 2


async def test_both_sides_refuse_alike(api: Api, world: World, terminal_for: TerminalFor, tmp_path: Path) -> None:
    person, url = await finished(api, world)
    terminal, video_id = terminal_for(person.account_id), url.split("/")[-2]
    other = url.replace(video_id, "video-0")
    for number, (address, kind, version, text, status) in enumerate(
        (
            (url, "square", 2, None, 404),
            (other, "square", None, None, 404),
            (url, "lyrics", None, None, 422),
            (url, "poster", None, LRC, 422),
            (url, "lyrics", None, "First light on the wire", 422),
            (url, "lyrics", None, "[59:00.00]Too late", 422),
            (url, "lyrics", None, "[00:01.00]First light\n[00:02.00]ᚠᛇᚻ", 422),
        )
    ):
        words = None
        if text is not None:
            words = tmp_path / f"{number}.lrc"
            words.write_text(text)
        body = {"kind": kind, "version": version} | ({} if text is None else {"lyrics": text})
        refused = (await person.http.post(address, json=body)).json()
        assert (refused["status"], refused.get("field")) == (status, "lyrics" if status == 422 else None), refused
        typed = await terminal.refusal(export(address.split("/")[-2], kind, version, words, tmp_path / "out"))
        assert typed == (refused["code"], refused["detail"])
    assert (await person.http.get(url)).json() == {"items": [], "next_cursor": None, "making": []}
