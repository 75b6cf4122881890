"""Edits over HTTP and on the command line: the same versions, the same refusals, one undo."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from cli.commands import editing
from models.progress import RunStatus
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_studio import ended, keyed
from tests.api.test_watching import order
from tests.fakes.world import World
from tests.services.conftest import Terminal

TerminalFor = Callable[..., Terminal]


class Artist:
    """A person with a finished video of eight scenes of 64 frames, in the page and at a terminal."""

    def __init__(self, person: Person, video_id: str, terminal: Terminal) -> None:
        self.person, self.video_id, self.terminal = person, video_id, terminal
        self.url = f"/api/v1/videos/{video_id}"
        self._keys = 0

    async def asks(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        self._keys += 1
        answer = await self.person.http.post(f"{self.url}/{path}", json=body, headers=keyed(str(self._keys)))
        return dict(answer.json())

    async def edits(self, *edits: dict[str, Any], base: int) -> dict[str, Any]:
        return await self.asks("edits", {"base_version": base, "edits": edits})

    async def done(self, ticket: dict[str, Any]) -> dict[str, Any]:
        return dict(await ended(self.person, self.url, ticket["operation_id"]))

    async def timeline(self) -> dict[str, Any]:
        return dict((await self.person.http.get(f"{self.url}/timeline")).json())

    async def types(self, command: Callable[..., Any], *args: Any) -> dict[str, Any]:
        return dict(await self.terminal.run(partial(command, self.video_id, *args)))


@pytest.fixture
async def artist(api: Api, world: World, terminal_for: TerminalFor) -> Artist:
    person = await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    return Artist(person, video_id, terminal_for(person.account_id))


async def test_page_and_commands_edit_and_undo_alike(api: Api, artist: Artist) -> None:
    balance = api.balance(artist.person.account_id)
    first = await artist.timeline()
    assert (first["undo"], first["redo"], first["shortest_frames"], first["longest_frames"]) == (None, None, 6, 240)
    wish = {"kind": "move_cut", "scene_id": 2, "frame": 133}
    preview = await artist.asks("edits/preview", {"base_version": 1, "edits": [wish]})
    assert preview["changed"] == [1, 2]
    assert preview["sentences"] == ["The cut before scene 3 moves to 0:16.5."]
    assert [scene["start_frame"] for scene in preview["scenes"][:4]] == [0, 64, 132, 192]
    assert [scene["new_clip_price"] for scene in preview["scenes"][:3]] == [None, 50, None]
    assert (await artist.timeline()) == first, "a preview changes nothing"

    assert (await artist.done(await artist.edits(wish, base=1)))["version"] == 2
    moved = await artist.timeline()
    scene = moved["scenes"][1]
    assert (scene["end_frame"], scene["marks"], scene["new_clip_price"]) == (132, ["clip too short"], 50)
    assert (moved["undo"], moved["redo"], moved["scenes"][2]["in_frame"]) == (1, None, 4)
    assert (await artist.types(editing.undo))["version"] == 3
    undone = await artist.timeline()
    assert (undone["undo"], undone["redo"]) == (None, 2)
    assert [one["marks"] for one in undone["scenes"]] == [one["marks"] for one in first["scenes"]]
    assert (await artist.done(await artist.asks("redo", {"base_version": 3})))["version"] == 4

    typed = await artist.types(editing.split, 1, 4.0)
    assert (typed["version"], typed["credits_charged"], typed["kind"]) == (5, 0, "edit")
    await artist.types(editing.swap, 3, 4)
    ids = [one["scene_id"] for one in (await artist.timeline())["scenes"]]
    assert ids == [0, 8, 2, 1, 3, 4, 5, 6, 7]
    commands: list[tuple[Callable[..., Any], tuple[Any, ...]]] = [
        (editing.merge, (1,)),
        (editing.reorder, (1, 2)),
        (editing.repeat, (1, 2)),
        (editing.freeze, (1, 1.0)),
        (editing.trim, (1, 0)),
    ]
    for command, args in commands:
        await artist.types(command, *args)
    sentences = [one["sentence"] for one in (await artist.person.http.get(f"{artist.url}/versions")).json()["items"]]
    assert sentences[1:6] == [
        "Cut moved",
        "Undone: as version 1 was",
        "Redone: as version 2 was",
        "Scene split",
        "Scenes swapped",
    ]
    assert api.balance(artist.person.account_id) == balance


async def test_a_scene_is_found_by_the_version_that_the_artist_saw(artist: Artist) -> None:
    await artist.done(await artist.edits({"kind": "swap", "scene_id": 0, "other_id": 5}, base=1))
    ticket = await artist.asks("scenes/0/regenerations", {"kind": "image", "version": 1})
    made = await artist.done(ticket)
    assert (made["state"], made["scene_id"], made["scene_index"]) == ("delivered", 0, 0)
    scenes = (await artist.timeline())["scenes"]
    assert scenes[5]["take_id"] == ticket["operation_id"]
    assert [take["chosen"] for take in scenes[5]["takes"]] == [False, True]
    again = await artist.person.http.get(scenes[5]["takes"][0]["still_url"], follow_redirects=False)
    assert again.status_code == 307
    await artist.done(await artist.edits({"kind": "merge", "scene_id": 4}, base=3))
    refused = await artist.asks("scenes/0/regenerations", {"kind": "image", "version": 1})
    assert (refused["status"], refused["code"]) == (404, "no_scene")


async def test_page_and_commands_refuse_alike(artist: Artist) -> None:
    last = {"kind": "merge", "scene_id": 7}
    refused = await artist.edits(last, base=1)
    assert (refused["status"], refused["code"]) == (422, "edit")
    previewed = await artist.asks("edits/preview", {"base_version": 1, "edits": [last]})
    assert previewed["detail"] == refused["detail"]
    assert await artist.terminal.refusal(partial(editing.merge, artist.video_id, 8)) == ("edit", refused["detail"])
    nothing = await artist.asks("undo", {})
    assert (nothing["status"], nothing["code"]) == (409, "nothing_to_undo")
    assert await artist.terminal.refusal(partial(editing.undo, artist.video_id)) == (nothing["code"], nothing["detail"])
    await artist.types(editing.swap, 1, 2)
    for path in ("edits", "edits/preview"):
        late = await artist.asks(path, {"base_version": 1, "edits": [last]})
        assert (late["status"], late["code"]) == (409, "version_moved")
        assert "Version 2 is the newest" in late["detail"]
    assert (await artist.asks("undo", {"base_version": 1}))["code"] == "version_moved"
    bodies: list[dict[str, Any]] = [
        {"base_version": 1, "edits": []},
        {"base_version": 1, "edits": [{"kind": "explode", "scene_id": 1}]},
        {"base_version": 1, "edits": [{"kind": "trim", "scene_id": 1}]},
        {"base_version": 1, "edits": [last] * 101},
    ]
    for body in bodies:
        assert (await artist.asks("edits", body))["status"] == 422
    assert (await artist.timeline())["version"] == 2
