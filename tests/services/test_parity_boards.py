"""Storyboards over HTTP and on the command line: the same revisions, the same refusals."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from cli.commands import board
from models.board_edits import Pace
from models.failures import Conflict, NotFound
from models.progress import RunStatus
from services.footage import add_footage, check_footage
from services.telling import tell_artists
from settings import Settings
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_notices import mailbox
from tests.api.test_studio import keyed
from tests.api.test_watching import order
from tests.fakes.own_footage import picture
from tests.fakes.world import World
from tests.services.conftest import Terminal


class Artist:
    """A person whose video of eight scenes waits with its storyboard, in the page and at a terminal."""

    def __init__(self, person: Person, video_id: str, terminal: Terminal) -> None:
        self.person, self.video_id, self.terminal = person, video_id, terminal
        self.url = f"/api/v1/videos/{video_id}"
        self._keys = 0

    async def asks(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        self._keys += 1
        answer = await self.person.http.post(f"{self.url}/board/{path}", json=body, headers=keyed(str(self._keys)))
        return answer.status_code, dict(answer.json())

    async def shown(self) -> dict[str, Any]:
        answer = await self.person.http.get(f"{self.url}/board")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def types(self, command: Callable[..., Any], *args: Any, **more: Any) -> dict[str, Any]:
        return dict(await self.terminal.run(partial(command, self.video_id, *args, **more)))


@pytest.fixture
async def artist(api: Api, world: World, terminal_for: Callable[..., Terminal]) -> Artist:
    person = await api.sign_up()
    video_id = await order(api, person, storyboard=True)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.WAITING_FOR_ARTIST)
    return Artist(person, video_id, terminal_for(person.account_id))


async def test_page_and_commands_edit_one_board(api: Api, world: World, artist: Artist) -> None:
    first = await artist.shown()
    assert (first["revision"], first["open"], first["shortest_frames"]) == (0, True, 6)
    assert first["cancelling"] == {
        "kept": 0,
        "returned": 200,
        "stills_bought": 0,
        "clips_bought": 0,
        "clips_planned": 0,
        "sentence": "All 200 credits come back.",
    }
    assert [one["follows"] for one in first["scenes"]] == [None] * 7 + [0]
    assert first["scenes"][0]["repaint_price"] == 0
    assert first["characters"] == [{"id": "c1", "name": "One"}]
    still = await artist.person.http.get(first["scenes"][3]["still_url"])
    assert still.status_code == 307
    other = await artist.person.http.get(first["scenes"][3]["still_url"].replace("/003-", "/004-"))
    assert other.status_code == 404

    wish = {"kind": "split", "scene_id": 1, "frame": 96}
    status, preview = await artist.asks("edits/preview", {"revision": 0, "edits": [wish]})
    assert (status, [one["scene_id"] for one in preview["scenes"]][:4]) == (200, [0, 1, 8, 2])
    assert (await artist.shown()) == first, "a preview changes nothing"
    status, done = await artist.asks("edits", {"revision": 0, "edits": [wish]})
    assert (status, done["revision"]) == (200, 1)
    status, refused = await artist.asks("edits", {"revision": 0, "edits": [wish]})
    assert (status, refused["code"], refused["revision"]) == (409, "board_moved", 1)
    for bad, code, expected in (
        ({"kind": "trim", "scene_id": 1, "in_frame": 3}, "edit", 422),
        ({"kind": "merge", "scene_id": 99}, "no_scene", 404),
        ({"kind": "words", "scene_id": 1, "image": "   "}, "invalid", 422),
        ({"kind": "pace", "section_index": 99, "pace": "calmer"}, "no_section", 404),
        ({"kind": "appear", "scene_id": 1, "character_ids": ["c9"]}, "no_character", 404),
    ):
        status, refused = await artist.asks("edits", {"revision": 1, "edits": [bad]})
        assert (status, refused["code"]) == (expected, code)

    typed = await artist.types(board.words, 3, image="a heron", motion="it lands")
    assert (typed["revision"], typed["scene_ids"][:3]) == (2, [0, 1, 8])
    scene = (await artist.shown())["scenes"][2]
    assert (scene["prompt"], scene["motion_prompt"], scene["marks"]) == ("a heron", "it lands", ["still stale"])
    assert (await artist.types(board.repaint, 3))["price"] == 0
    scene = (await artist.shown())["scenes"][2]
    assert (scene["marks"], scene["repaint_price"], len(scene["stills"])) == ([], 10, 2)
    commands: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (board.choose, (3, "draft")),
        (board.move_cut, (5, 25.0)),
        (board.merge, (2,)),
        (board.swap, (5, 6)),
        (board.reorder, (5, 6)),
        (board.repeat, (5, 4)),
        (board.appear, (2,)),
        (board.set_pace, (1, Pace.BUSIER)),
    ]
    for command, args in commands:
        more = {"character": ["c1"]} if command is board.appear else {}
        await artist.types(command, *args, **more)
    shown = await artist.types(board.show_board)
    assert shown["revision"] == (await artist.shown())["revision"]
    await undoes_and_does_again(artist)

    places = (await artist.person.http.get(f"{artist.url}/places")).json()["places"]
    cuts = [(one["start_frame"], one["end_frame"]) for one in (await artist.shown())["scenes"]]
    assert [(one["start_frame"], one["end_frame"]) for one in places] == cuts, "the preview plays the board"
    typed = await artist.types(board.approve, [1, 2])
    assert typed["approved"] == typed["scene_ids"][:2]
    revision = (await artist.shown())["revision"]
    status, refused = await artist.asks("edits", {"revision": revision, "edits": [{"kind": "merge", "scene_id": 0}]})
    assert (status, refused["code"]) == (409, "scene_approved")
    with pytest.raises(Conflict, match="is approved"):
        await artist.types(board.merge, 1)
    status, done = await artist.asks("approvals", {"revision": revision, "everything": True})
    assert (status, done["revision"]) == (200, revision + 1)
    handle = generation(api.backend.client, artist.video_id)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert not (await artist.shown())["open"]
    status, refused = await artist.asks("approvals", {"revision": revision + 1, "everything": True})
    assert (status, refused["code"]) == (409, "no_board_open")
    assert api.balance(artist.person.account_id) == 50


async def undoes_and_does_again(artist: Artist) -> None:
    """The page and the commands, in turn."""
    before = await artist.shown()
    assert (before["undo"], before["redo"]) == (before["revision"] - 1, None)
    status, refused = await artist.asks("redo", {"revision": before["revision"]})
    assert (status, refused["code"], refused["detail"]) == (409, "nothing_to_redo", "There is nothing to redo.")
    with pytest.raises(Conflict, match="nothing to redo"):
        await artist.types(board.redo)
    status, done = await artist.asks("undo", {"revision": before["revision"]})
    assert (status, done["revision"]) == (200, before["revision"] + 1)
    typed = await artist.types(board.undo)
    assert (await artist.shown())["redo"] == before["revision"] - 1
    status, refused = await artist.asks("redo", {"revision": before["revision"]})
    assert (status, refused["code"], refused["revision"]) == (409, "board_moved", typed["revision"])
    await artist.types(board.redo)
    status, done = await artist.asks("redo", {"revision": typed["revision"] + 1})
    after = await artist.shown()
    assert (after["revision"], after["redo"], after["scenes"]) == (done["revision"], None, before["scenes"])


async def test_its_artist_gets_one_email(api: Api, artist: Artist, api_settings: Settings) -> None:
    assert api.backend.access.profiles.verify(artist.person.account_id)
    async with asyncio.timeout(200):  # the server's list of runs follows them
        while not await tell_artists(api.backend):
            await asyncio.sleep(0.05)
    assert await tell_artists(api.backend) == 0
    (message,) = mailbox(api_settings)
    assert message["To"] == artist.person.email
    assert message["Subject"].startswith("The storyboard of")
    assert f"/board/{artist.video_id}" in message.get_content()


async def test_page_and_commands_show_own_pictures(api: Api, world: World, artist: Artist, tmp_path: Path) -> None:
    path = tmp_path / "photo.png"
    Image.fromarray(picture(96, 96, 9)).save(path)
    account_id, stores = artist.person.account_id, api.backend.stores
    photo = add_footage(api.backend, account_id, check_footage(path, path.name, tmp_path)).footage_id
    wish = {"revision": 0, "scene_id": 0, "footage_id": photo, "stands_still": True}
    status, refused = await artist.asks("own", wish | {"footage_id": "footage-unknown"})
    assert (status, refused["code"]) == (404, "no_footage")
    status, refused = await artist.asks("own", wish | {"in_s": 1.0})
    assert (status, refused["code"]) == (422, "in_point")
    status, done = await artist.asks("own", wish)
    assert (status, done["revision"]) == (200, 1)
    shown = (await artist.shown())["scenes"]
    assert [one["footage_id"] for one in shown] == [photo, *[""] * 6, photo], "its reprise shows it, too"
    assert (shown[0]["frozen"], shown[0]["marks"]) == (True, ["own"])
    assert (await artist.person.http.get(shown[0]["still_url"])).status_code == 307
    typed = await artist.types(board.own, str(path), 3)
    assert (typed["revision"], typed["footage_id"]) == (2, photo), "the same file is kept once"
    await artist.types(board.approve)
    await world.until(generation(api.backend.client, artist.video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    made = stores.vault.timeline(account_id, artist.video_id, 1)
    assert [scene.footage_id for scene in made.scenes] == [photo, "", photo, *[""] * 4, photo]


async def test_a_video_without_a_board_has_none(api: Api, world: World, terminal_for: Callable[..., Terminal]) -> None:
    person = await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    answer = await person.http.get(f"/api/v1/videos/{video_id}/board")
    assert (answer.status_code, answer.json()["code"]) == (404, "no_board")
    with pytest.raises(NotFound, match="no storyboard"):
        await terminal_for(person.account_id).run(partial(board.show_board, video_id))
