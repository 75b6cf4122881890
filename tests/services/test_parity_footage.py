"""Own pictures and clips over HTTP and on the command line: the same footage, the same version, the same refusals."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from cli.commands import footage, vault
from models.footage import MOST_FOOTAGE_BYTES
from models.progress import RunStatus
from models.vault import PageQuery, Shelf
from temporal.generation import generation
from tests.api.conftest import Api
from tests.api.test_footage import LIST, upload_footage
from tests.api.test_studio import keyed
from tests.api.test_watching import order
from tests.fakes.own_footage import picture, write_clip
from tests.fakes.world import World
from tests.services.conftest import Terminal

TerminalFor = Callable[..., Terminal]
PAGE = PageQuery()


async def test_both_sides_keep_the_same_footage_and_refuse_alike(
    api: Api, terminal_for: TerminalFor, tmp_path: Path
) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    photo, other, big = tmp_path / "Night.png", tmp_path / "walk.mp4", tmp_path / "big.mov"
    Image.fromarray(picture(128, 96, 5)).save(photo)
    other.write_bytes(b"GIF89a" + bytes(100))
    with big.open("wb") as file:
        file.truncate(MOST_FOOTAGE_BYTES + 1)
    kept = await upload_footage(person, photo.read_bytes(), "Night.png")
    typed = await terminal.run(footage.add_footage, photo)
    assert (typed["footage_id"], typed["title"]) == (kept["footage_id"], "Night")
    listed = await terminal.run(vault.show_page, Shelf.FOOTAGE, PAGE)
    assert [one["footage_id"] for one in listed["footage"]] == [kept["footage_id"]]
    named = await terminal.run(footage.add_footage, photo, " Neon\nNights ")
    url = f"{LIST}/{kept['footage_id']}"
    assert (named["footage_id"], named["title"]) == (kept["footage_id"], "Neon Nights"), "a title replaces the old one"
    assert (await upload_footage(person, photo.read_bytes(), "x.png"))["title"] == "Neon Nights", (
        "a file's name doesn't"
    )
    renamed = await terminal.run(vault.rename, Shelf.FOOTAGE, kept["footage_id"], "The  Harbour")
    assert renamed["title"] == (await person.http.get(url)).json()["title"] == "The Harbour"
    for footage_id, title in (("footage-0", "x"), (kept["footage_id"], "\u202e")):
        refused = await terminal.refusal(vault.rename, Shelf.FOOTAGE, footage_id, title)
        told = (await person.http.patch(f"{LIST}/{footage_id}", json={"title": title})).json()
        assert refused == (told["code"], told["detail"])
    for path in (other, big):
        refused = await terminal.refusal(footage.add_footage, path)
        if path is other:
            told = await upload_footage(person, path.read_bytes(), path.name)
        else:
            wish = {"filename": path.name, "size_bytes": path.stat().st_size}
            told = (await person.http.post("/api/v1/footage-uploads", json=wish)).json()
        assert refused == (told["code"], told["detail"])
    await terminal.run(vault.delete, Shelf.FOOTAGE, kept["footage_id"], True)
    assert (await person.http.get(LIST)).json()["items"] == []


async def test_a_command_shows_a_file_in_a_scene(
    api: Api, world: World, terminal_for: TerminalFor, tmp_path: Path
) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    clip = write_clip(tmp_path / "walk.mov", [picture(96, 160, number % 25) for number in range(90)])
    made = await terminal.run(partial(footage.own, video_id, str(clip), 2, 2.5, "0.5,0.3"))
    assert (made["version"], made["kind"], made["credits_charged"]) == (2, "own", 0)
    url = f"/api/v1/videos/{video_id}"
    scene = (await person.http.get(f"{url}/timeline")).json()["scenes"][1]
    assert (scene["in_frame"], scene["focus"], scene["marks"]) == (20, {"x": 0.5, "y": 0.3}, ["own"])
    late = {"footage_id": made["footage_id"], "in_s": 9.0}
    told = (await person.http.post(f"{url}/scenes/1/own", json=late, headers=keyed("late"))).json()
    refused = await terminal.refusal(partial(footage.own, video_id, made["footage_id"], 2, 9.0))
    assert refused == (told["code"], told["detail"])


@pytest.mark.parametrize("focus", ["left", "2,0", "0.5", "0.1,0.2,0.3"])
async def test_a_focus_that_is_none_is_refused(api: Api, terminal_for: TerminalFor, focus: str) -> None:
    person = await api.sign_up()
    refused = await terminal_for(person.account_id).refusal(partial(footage.own, "video-0", "a.png", 1, 0, focus))
    assert refused[0] == "focus"
