"""Exports over HTTP: what is refused before anything starts, how far one is, why it was not made, its file's name."""

import asyncio
import threading
from typing import Any

import httpx

from models.failures import InvalidInput
from models.progress import RunStatus
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_watching import order
from tests.fakes.world import World

LRC = "[00:01.00]First light on the wire\n[00:04.00]<00:04.00>Hold <00:04.60>on"


async def finished(api: Api, world: World) -> tuple[Person, str]:
    """A person with a finished video, and the address of its exports."""
    person = await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    return person, f"/api/v1/videos/{video_id}/exports"


async def ended(person: Person, address: str) -> dict[str, Any]:
    async with asyncio.timeout(200):
        while (state := (await person.http.get(address)).json())["state"] == "making":
            await asyncio.sleep(0.1)
    return dict(state)


async def test_a_lyric_video_from_pasted_words(api: Api, world: World) -> None:
    person, exports = await finished(api, world)
    started = await person.http.post(exports, json={"kind": "lyrics", "lyrics": LRC})
    assert started.status_code == 202, started.text
    state = await ended(person, f"{exports}/{started.json()['export_id']}")
    assert (state["state"], state["piece"]["kind"]) == ("made", "lyrics")
    again = await person.http.post(exports, json={"kind": "lyrics", "lyrics": LRC})
    assert again.json()["export_id"] == started.json()["export_id"], "the same words are the same export"
    file = await person.http.get(state["piece"]["file_url"])
    assert file.status_code == 307
    saved = await person.http.get(file.headers["location"])
    assert "Song%20%28lyrics%29.mp4" in saved.request.url.query.decode()


async def test_lyrics_that_do_not_fit_are_refused_at_once(api: Api, world: World) -> None:
    person, exports = await finished(api, world)
    for wish, sentence in (
        ({"kind": "lyrics"}, "needs the song's lyrics"),
        ({"kind": "poster", "lyrics": LRC}, "to a lyric video only"),
        ({"kind": "lyrics", "lyrics": "First light on the wire"}, "Line 1"),
        ({"kind": "lyrics", "lyrics": "[59:00.00]Too late"}, "after the song's end"),
    ):
        answer = await person.http.post(exports, json=wish)
        assert (answer.status_code, answer.json()["field"]) == (422, "lyrics"), wish
        assert sentence in answer.json()["detail"]
        assert (await person.http.get(exports)).json()["items"] == []


async def test_an_export_in_the_making_is_listed_as_such(api: Api, world: World) -> None:
    """A reloaded page lists it."""
    go_on = threading.Event()

    def block(_count: int) -> None:
        go_on.wait(200)

    (person, exports), (stranger, theirs) = await finished(api, world), await finished(api, world)
    world.faults.plans["make_export"] = block
    started = (await person.http.post(exports, json={"kind": "poster"})).json()
    try:
        async with asyncio.timeout(200):
            while (listed := (await person.http.get(exports)).json())["making"] == []:
                await asyncio.sleep(0.1)
        assert listed == {"items": [], "next_cursor": None, "making": [started]}
        assert (await stranger.http.get(theirs)).json()["making"] == []
    finally:
        go_on.set()
    assert (await ended(person, f"{exports}/{started['export_id']}"))["state"] == "made"
    async with asyncio.timeout(200):
        while (listed := (await person.http.get(exports)).json())["making"]:
            await asyncio.sleep(0.1)
    assert [export["export_id"] for export in listed["items"]] == [started["export_id"]]


async def test_an_export_that_cannot_be_made_says_why(api: Api, world: World) -> None:
    def refuse(_count: int) -> None:
        raise InvalidInput("Line 1 of the lyrics has letters that our typefaces do not hold.", code="letters")

    person, exports = await finished(api, world)
    world.faults.plans["make_export"] = refuse
    started = await person.http.post(exports, json={"kind": "poster"})
    address = f"{exports}/{started.json()['export_id']}"
    state = await ended(person, address)
    assert (state["state"], state["piece"]) == ("failed", None)
    assert state["sentence"] == "Line 1 of the lyrics has letters that our typefaces do not hold."

    stranger, theirs = await finished(api, world)
    for nobodys in (f"{exports}/asset-0", address.replace(exports, theirs)):
        assert (await person.http.get(nobodys)).status_code == 404
        assert (await stranger.http.get(nobodys)).status_code == 404


async def listed(person: Person, url: str, count: int) -> list[dict[str, Any]]:
    async with asyncio.timeout(200):
        while len(items := (await person.http.get(f"{url}/exports")).json()["items"]) < count:
            await asyncio.sleep(0.1)
    return list(items)


async def test_an_export_is_made_once_and_downloaded_under_its_title(api: Api, world: World) -> None:
    person, exports = await finished(api, world)
    url = exports.removesuffix("/exports")
    assert (await person.http.patch(url, json={"title": "Ніч / 1"})).status_code == 200
    balance = api.balance(person.account_id)
    first, again = [await person.http.post(f"{url}/exports", json={"kind": "square"}) for _ in range(2)]
    assert (first.status_code, first.json()) == (202, again.json())
    (export,) = await listed(person, url, 1)
    assert export["export_id"] == first.json()["export_id"]
    assert (export["kind"], export["version"], export["media_type"]) == ("square", 1, "video/mp4")
    link = await person.http.get(export["file_url"])
    assert link.status_code == 307
    async with httpx.AsyncClient() as outside:
        part = await outside.get(link.headers["location"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, len(part.content)) == (206, 4)
    assert "filename*=UTF-8''%D0%9D%D1%96%D1%87" in part.headers["content-disposition"]
    assert "(square).mp4" in part.headers["content-disposition"].replace("%20", " ").replace("%28", "(").replace(
        "%29", ")"
    )
    assert api.balance(person.account_id) == balance, "free"
    assert world.faults.calls["make_export"] == 1


async def test_what_cannot_be_an_export_is_refused(api: Api, world: World) -> None:
    (ada, exports), eve = await finished(api, world), await api.sign_up()
    url = exports.removesuffix("/exports")
    for body, status in (({"kind": "square", "version": 2}, 404), ({"kind": "gif"}, 422), ({}, 422)):
        answer = await ada.http.post(f"{url}/exports", json=body)
        assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), body
    export_id = (await ada.http.post(f"{url}/exports", json={"kind": "poster"})).json()["export_id"]
    await listed(ada, url, 1)
    assert (await ada.http.get(f"{url}/exports/asset-unknown/file")).status_code == 404
    assert (await ada.http.get(f"/api/v1/videos/video-1/exports/{export_id}/file")).status_code == 404
    for answer in (
        await eve.http.get(f"{url}/exports"),
        await eve.http.get(f"{url}/exports/{export_id}/file"),
        await eve.http.post(f"{url}/exports", json={"kind": "square"}),
    ):
        assert answer.status_code == 404
