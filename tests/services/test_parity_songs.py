"""Songs over HTTP and on the command line: the same song, title and cover art, and the same refusals."""

import asyncio
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from mutagen import flac as untyped_flac
from mutagen import id3 as untyped_id3
from PIL import Image

from cli.commands import vault
from cli.commands.songs import analyze
from models.song import SongRef
from models.vault import Shelf
from tests.api.conftest import Api, Person
from tests.engines.intake.conftest import MakeSong, make_song
from tests.fakes.world import World
from tests.services.conftest import Terminal

__all__ = ["make_song"]

TerminalFor = Callable[..., Terminal]
URL = "/api/v1/songs"


@pytest.fixture
def song(make_song: MakeSong, tmp_path: Path) -> Path:
    """A song file with cover art."""
    path = tmp_path / "Night Drive.flac"
    make_song(path, "flac", duration_s=60.5, rate_hz=8_000, layout="mono")
    art = io.BytesIO()
    Image.new("RGB", (300, 300), "teal").save(art, "PNG")
    tagged = untyped_flac.FLAC(path)  # type: ignore[no-untyped-call]
    cover = untyped_flac.Picture()  # type: ignore[no-untyped-call]
    cover.data, cover.type, cover.mime = art.getvalue(), untyped_id3.PictureType.COVER_FRONT, "image/png"
    tagged.add_picture(cover)  # type: ignore[no-untyped-call]
    tagged.save()
    return path


async def upload(person: Person, path: Path, **more: str) -> str:
    sent = await person.http.post(URL, params={"filename": path.name, **more}, content=path.read_bytes())
    assert sent.status_code == 201, sent.text
    return str(sent.json()["song_id"])


async def test_both_sides_keep_the_same_song(api: Api, world: World, terminal_for: TerminalFor, song: Path) -> None:
    ada, eve = await api.sign_up(), await api.sign_up()
    stores = api.backend.stores
    terminal = terminal_for(eve.account_id)
    over_http = stores.vault.song(ada.account_id, await upload(ada, song))
    typed = SongRef.model_validate(await terminal.run(vault.add_song, song, None))
    assert over_http.title == typed.title == "Night Drive"
    own = {"song_id", "account_id", "source_key", "cover_key", "analysis_key", "soundtrack_key", "analysis_revision"}
    alike = set(SongRef.model_fields) - own - {name for name in SongRef.model_fields if "analysis" in name}
    assert over_http.model_dump(include=alike) == typed.model_dump(include=alike)
    assert over_http.cover_key is not None
    assert typed.cover_key is not None
    assert stores.objects.get_bytes(over_http.cover_key) == stores.objects.get_bytes(typed.cover_key)

    terminal_for(ada.account_id)
    again = await terminal.run(vault.add_song, song, "Neon")
    assert (again["song_id"], again["title"]) == (over_http.song_id, "Neon"), "the same bytes are one song"
    assert await upload(ada, song, title="Neon Nights") == over_http.song_id
    assert stores.vault.song(ada.account_id, over_http.song_id).title == "Neon Nights"
    (one,) = stores.catalogue.songs(ada.account_id).songs
    assert one.cover_key == over_http.cover_key


async def test_both_sides_refuse_the_same_files(api: Api, terminal_for: TerminalFor, tmp_path: Path) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    for name, data in (("song.wav", b"<svg/>" * 99), ("song.aiff", b"FORM\0\0\0\0AIFF" + bytes(99)), ("song.mp3", b"")):
        path = tmp_path / name
        path.write_bytes(data)
        refused = (await person.http.post(URL, params={"filename": name}, content=data)).json()
        assert await terminal.refusal(vault.add_song, path, None) == (refused["code"], refused["detail"]), name
        assert refused["field"] == "song"


async def test_both_sides_rename_and_hear_alike(api: Api, world: World, terminal_for: TerminalFor, song: Path) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    song_id = await upload(person, song)
    async with asyncio.timeout(200):
        while not (await person.http.get(f"{URL}/{song_id}")).json()["analysed"]:
            await asyncio.sleep(0.1)
    renamed = await terminal.run(vault.rename, Shelf.SONG, song_id, " Neon\nNights ")
    assert renamed["title"] == (await person.http.get(f"{URL}/{song_id}")).json()["title"] == "Neon Nights"

    unknown = (await person.http.patch(f"{URL}/song-0", json={"title": "Neon"})).json()
    assert await terminal.refusal(vault.rename, Shelf.SONG, "song-0", "Neon") == (
        unknown["code"],
        unknown["detail"],
    )
    heard = await person.http.post(f"{URL}/{song_id}/analysis", json={"again": True})
    assert (heard.status_code, heard.json()["field"]) == (409, "again")
    refused = await terminal.refusal(analyze, song_id, None, True)
    assert refused == (heard.json()["code"], heard.json()["detail"])
    for name in ("song-0", "song-of-another"):
        nothing = (await person.http.post(f"{URL}/{name}/analysis", json={"again": True})).json()
        refused = await terminal.refusal(analyze, name, None, True)
        assert refused == (nothing["code"], nothing["detail"])
    told = await terminal.run(analyze, song_id, None, True, True)
    assert told["tempo_bpm"] == (await person.http.get(f"{URL}/{song_id}/analysis")).json()["tempo_bpm"]


async def test_names_that_show_nothing_are_no_title(api: Api, song: Path) -> None:
    unseen = song.rename(song.with_name("\u202e.flac"))
    person = await api.sign_up()
    song_id = await upload(person, unseen)
    assert (await person.http.get(f"{URL}/{song_id}")).json()["title"] == "Untitled"
