"""Pieces over HTTP: what is refused before anything starts, how far one is, why it was not made, its file's name."""

import asyncio
from typing import Any

import pytest

from models.failures import InvalidInput
from models.progress import RunStatus
from tests.api.conftest import Api, Person
from tests.api.test_watching import order
from tests.fakes.world import World
from workflows.clients import generation

LRC = "[00:01.00]First light on the wire\n[00:04.00]<00:04.00>Hold <00:04.60>on"


async def finished(api: Api, world: World) -> tuple[Person, str]:
    """Somebody with a finished video, and the address of its pieces."""
    person = await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    return person, f"/api/v1/videos/{video_id}/exports"


async def ended(person: Person, address: str) -> dict[str, Any]:
    async with asyncio.timeout(60):
        while (state := (await person.http.get(address)).json())["state"] == "making":
            await asyncio.sleep(0.1)
    return dict(state)


async def test_a_lyric_video_from_pasted_words(api: Api, world: World) -> None:
    person, pieces = await finished(api, world)
    started = await person.http.post(pieces, json={"kind": "lyrics", "lyrics": LRC})
    assert started.status_code == 202, started.text
    state = await ended(person, f"{pieces}/{started.json()['export_id']}")
    assert (state["state"], state["piece"]["kind"]) == ("made", "lyrics")
    again = await person.http.post(pieces, json={"kind": "lyrics", "lyrics": LRC})
    assert again.json()["export_id"] == started.json()["export_id"], "the same words are the same piece"
    file = await person.http.get(state["piece"]["file_url"])
    assert file.status_code == 307
    saved = await person.http.get(file.headers["location"])
    assert "Song%20%28lyrics%29.mp4" in saved.request.url.query.decode()


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        ({"kind": "lyrics"}, "needs the song's lyrics"),
        ({"kind": "poster", "lyrics": LRC}, "to a lyric video only"),
        ({"kind": "lyrics", "lyrics": "First light on the wire"}, "Line 1"),
        ({"kind": "lyrics", "lyrics": "[59:00.00]Too late"}, "after the song's end"),
    ],
)
async def test_lyrics_that_do_not_fit_are_refused_at_once(
    api: Api, world: World, wish: dict[str, str], sentence: str
) -> None:
    person, pieces = await finished(api, world)
    answer = await person.http.post(pieces, json=wish)
    assert (answer.status_code, answer.json()["field"]) == (422, "lyrics")
    assert sentence in answer.json()["detail"]
    assert (await person.http.get(pieces)).json()["items"] == []


async def test_a_piece_that_cannot_be_made_says_why(api: Api, world: World) -> None:
    def refuse(_count: int) -> None:
        raise InvalidInput("Line 1 of the lyrics has letters that our typefaces do not hold.", code="letters")

    person, pieces = await finished(api, world)
    world.faults.plans["make_piece"] = refuse
    started = await person.http.post(pieces, json={"kind": "poster"})
    address = f"{pieces}/{started.json()['export_id']}"
    state = await ended(person, address)
    assert (state["state"], state["piece"]) == ("failed", None)
    assert state["sentence"] == "Line 1 of the lyrics has letters that our typefaces do not hold."

    stranger, theirs = await finished(api, world)
    for nobodys in (f"{pieces}/asset-0", address.replace(pieces, theirs)):
        assert (await person.http.get(nobodys)).status_code == 404
        assert (await stranger.http.get(nobodys)).status_code == 404
