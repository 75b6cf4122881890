"""Watching runs: one loop for all watchers, events with ids and resume, none for unwatched runs."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise
from typing import Any

import httpx
import pytest
import uvicorn

from api import watching
from api.deps import SESSION_COOKIE
from api.routes import videos
from models.access import Scope
from models.progress import RunStatus
from services import progress
from services.progress import RunView
from settings import Settings
from temporal import run_progress
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.fakes.amounts import FULL
from tests.fakes.world import World


@asynccontextmanager
async def on_a_port(api: Api, person: Person) -> AsyncIterator[httpx.AsyncClient]:
    """A real server: streams don't end within httpx's own transport before they are complete."""
    server = uvicorn.Server(
        uvicorn.Config(
            api.app, host="127.0.0.1", port=0, lifespan="off", log_level="error", timeout_graceful_shutdown=1
        )
    )
    task = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    _, secret = api.backend.access.tokens.issue(person.account_id, "test", ["read", "write", "spend"])  # type: ignore[list-item]
    async with httpx.AsyncClient(base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=60) as http:
        yield http
    server.should_exit = True
    await task


async def events(response: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    mark = ""
    async for line in response.aiter_lines():
        if line.startswith("id: "):
            mark = line[4:]
        elif line.startswith("data: "):
            yield mark, json.loads(line[6:])


async def order(api: Api, person: Person, **more: Any) -> str:
    song = api.add_song(person.account_id)
    wish = {"song_id": song.song_id, "prompt": "a fox"} | more
    answer = await person.http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": song.song_id})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["video_id"])


async def test_a_stream_tells_the_run_from_begin_to_end_and_resumes(api: Api, world: World) -> None:
    person = await api.sign_up()
    video_id = await order(api, person)
    url = f"/api/v1/videos/{video_id}/events"
    async with on_a_port(api, person) as http:
        async with http.stream("GET", url) as response:
            assert response.headers["content-type"].startswith("text/event-stream")
            async for seen, shown in events(response):
                mark = seen
                if shown["status"] == RunStatus.DRAFT_READY:
                    break
        assert (shown["version"], shown["fraction_done"], shown["credits_charged"]) == (1, 1.0, 200)
        assert shown == (await http.get(f"/api/v1/videos/{video_id}/progress")).json()
        await http.post(f"/api/v1/videos/{video_id}/closing")
        async with http.stream("GET", url, headers={"Last-Event-ID": mark}) as response:
            told = [shown async for _, shown in events(response)]
        assert told[-1]["status"] == RunStatus.CLOSED
        assert told[0]["status"] != RunStatus.DRAFT_READY or len(told) > 1, "what was seen is not told again"
        last = (await http.get(f"/api/v1/videos/{video_id}/progress")).headers["etag"].strip('"')
        assert (await http.get(url, headers={"Last-Event-ID": last})).status_code == 204


async def test_what_has_not_changed_is_not_sent_again(api: Api, world: World) -> None:
    person = await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    url = f"/api/v1/videos/{video_id}/progress"
    async with asyncio.timeout(200):
        while (first := await person.http.get(url)).json()["status"] != RunStatus.DRAFT_READY:
            await asyncio.sleep(0.1)
    mark = first.headers["etag"]
    again = await person.http.get(url, headers={"If-None-Match": mark})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", mark)
    assert (await person.http.get(url, headers={"If-None-Match": '"of another state"'})).json() == first.json()


@pytest.mark.parametrize("way", ["log out", "revoke", "in another process"])
async def test_a_stream_ends_with_the_right_to_watch(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    monkeypatch.setattr(videos, "HEARTBEAT_S", 0.2)
    person = await api.sign_up()
    video_id = await order(api, person)
    tokens, url = api.backend.access.tokens, f"/api/v1/videos/{video_id}/events"
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    async with on_a_port(api, person) as http:
        if way == "log out":
            http.headers = httpx.Headers({"Cookie": f"{SESSION_COOKIE}={person.http.cookies[SESSION_COOKIE]}"})
        async with http.stream("GET", url) as response, asyncio.timeout(200):
            told = events(response)
            assert (await anext(told))[1]["status"] == RunStatus.DRAFT_READY
            if way == "log out":
                assert (await person.http.delete("/api/v1/session")).status_code == 204
            else:
                (token,) = tokens.list(person.account_id)
                if way == "revoke":
                    assert (await person.http.delete(f"/api/v1/tokens/{token.token_id}")).status_code == 204
                else:
                    assert tokens.revoke(person.account_id, token.token_id)
            async for _ in told:
                pass
        assert (await http.get(url)).status_code == 401


async def test_a_right_is_remembered_for_its_owner_and_its_run_only(api: Api, world: World) -> None:
    ada, eve = await api.sign_up(), await api.sign_up()
    hers, of_eve = await order(api, ada), await order(api, eve)
    for _ in range(2):
        assert (await ada.http.get(f"/api/v1/videos/{hers}/progress")).status_code == 200
        assert (await eve.http.get(f"/api/v1/videos/{hers}/progress")).status_code == 404
        assert (await ada.http.get(f"/api/v1/videos/{of_eve}/progress")).status_code == 404
        assert (await api.stranger().get(f"/api/v1/videos/{hers}/progress")).status_code == 401
        writer = api.machine(ada.account_id, Scope.WRITE)
        assert (await writer.get(f"/api/v1/videos/{hers}/progress")).status_code == 403
    assert (await ada.http.delete("/api/v1/session")).status_code == 204
    ada.http.cookies.set(SESSION_COOKIE, "of a session that has ended", domain="localhost.local")
    assert (await ada.http.get(f"/api/v1/videos/{hers}/progress")).status_code == 401


WATCHERS = 500 if FULL else 200


async def test_many_watchers_cost_less_than_two_queries_a_second(
    api: Api, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await api.sign_up()
    video_id = await order(api, person)
    asked: list[float] = []

    async def counted(*args: Any) -> Any:
        asked.append(time.monotonic())
        return await run_progress.ask(*args)

    monkeypatch.setattr(progress, "ask", counted)
    run, tower = RunView(api.backend, person.account_id, video_id), api.backend.tower
    seen = [0] * WATCHERS

    async def watch(number: int) -> None:
        async for sight in tower.follow(run, None, 10, 3.0):
            seen[number] += sight is not None

    async def read() -> None:
        for _ in range(30):
            await tower.look(run)
            await asyncio.sleep(0.1)

    await asyncio.gather(*(watch(number) for number in range(WATCHERS)), read())
    assert all(seen)
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    assert min(gaps) >= 0.5, gaps
    assert tower.watched == 1


async def test_nobody_watches_nothing_is_asked(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watching, "LINGER_S", 0.3)
    person = await api.sign_up()
    video_id = await order(api, person)
    run = RunView(api.backend, person.account_id, video_id)
    assert api.backend.tower.watched == 0
    await api.backend.tower.look(run)
    assert api.backend.tower.watched == 1
    async with asyncio.timeout(200):
        while api.backend.tower.watched:
            await asyncio.sleep(0.05)


async def test_a_run_that_was_ended_from_outside_is_told(api: Api, world: World) -> None:
    person = await api.sign_up()
    video_id = await order(api, person)
    await generation(api.backend.client, video_id).terminate()
    async with asyncio.timeout(200):
        while True:
            shown = (await person.http.get(f"/api/v1/videos/{video_id}/progress")).json()
            if shown["status"] in {RunStatus.FAILED, RunStatus.CLOSED}:
                break
            await asyncio.sleep(0.2)


async def test_cancelling_gives_the_credits_back(api: Api, world: World) -> None:
    go_on = threading.Event()

    def block(_count: int) -> None:
        go_on.wait(200)

    world.faults.plans["envision"] = block
    person = await api.sign_up()
    video_id = await order(api, person)
    answer = await person.http.post(f"/api/v1/videos/{video_id}/cancellation")
    assert answer.status_code == 202
    go_on.set()
    async with asyncio.timeout(200):
        while (again := await person.http.post(f"/api/v1/videos/{video_id}/cancellation")).status_code == 202:
            await asyncio.sleep(0.1)
    assert (again.status_code, again.json()["code"]) == (409, "ended")
    assert api.balance(person.account_id) == 250
    shown = (await person.http.get(f"/api/v1/videos/{video_id}/progress")).json()
    assert shown["status"] == RunStatus.CANCELLED


async def test_media_of_a_delivered_video(api: Api, world: World, api_settings: Settings) -> None:
    person = await api.sign_up()
    video_id = await order(api, person)
    handle = generation(api.backend.client, video_id)
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    url = f"/api/v1/videos/{video_id}"
    assert (await person.http.patch(url, json={"title": 'Нова "пісня" / 1'})).json()["title"] == 'Нова "пісня" / 1'
    link = await person.http.get(f"{url}/versions/1/video", params={"download": 1})
    assert link.status_code == 307
    async with httpx.AsyncClient() as outside:
        part = await outside.get(link.headers["location"], headers={"Range": "bytes=0-3"})
        assert (part.status_code, len(part.content)) == (206, 4)
        assert "filename*=UTF-8''%D0%9D" in part.headers["content-disposition"]
        song_id = (await person.http.get(url)).json()["song_id"]
        song = await person.http.get(f"/api/v1/songs/{song_id}/audio")
        assert (song.status_code, song.headers["cache-control"]) == (307, "no-store")
        heard = await outside.get(song.headers["location"], headers={"Range": "bytes=4-7"})
        assert (heard.status_code, len(heard.content), heard.headers["content-type"]) == (206, 4, "audio/mp4")
        unheard = api.add_song(person.account_id)
        link = await person.http.get(f"/api/v1/songs/{unheard.song_id}/audio")
        assert (await outside.get(link.headers["location"])).text == unheard.sha256, (
            "the file itself, until it was heard"
        )
        scene = await person.http.get(f"{url}/scenes/0/still", params={"version": 1})
        assert (await outside.get(scene.headers["location"])).status_code == 200
    timeline = (await person.http.get(f"{url}/timeline")).json()
    assert [scene["index"] for scene in timeline["scenes"]] == list(range(8))
    assert "accounts/" not in str(timeline), "keys of the object store are ours alone"
    (version,) = (await person.http.get(f"{url}/versions")).json()["items"]
    assert (version["version"], version["latest"]) == (1, True)
    for path in ("timeline?version=2", "versions/2/video", "scenes/99/still", "scenes/0/clip?version=9"):
        assert (await person.http.get(f"{url}/{path}")).status_code == 404
