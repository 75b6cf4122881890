"""Videos over HTTP and on the command line: one order, one price, the same lists, the same refusals."""

import asyncio
import threading
from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from cli.commands import studio, vault, videos
from models.ids import digest_of, generate_workflow_id
from models.profiles import ProfileName
from models.progress import RunStatus
from models.vault import PageQuery, Shelf
from services import progress
from temporal.generation import generation
from temporal.reading import describe
from tests.api.conftest import Api, Person
from tests.api.test_watching import order
from tests.fakes.world import World
from tests.services.conftest import Terminal
from workflows.generate_video import GenerateVideo

Terminals = Callable[..., Terminal]


def refused(answer: httpx.Response) -> tuple[str, str]:
    """Code and sentence of a refusal over HTTP."""
    assert answer.status_code >= 400, answer.text
    return answer.json()["code"], answer.json()["detail"]


def typed(song_id: str, **more: Any) -> Any:
    """`generate` with a song of the Vault."""
    return partial(videos.generate, song_id, "Film Noir", "a fox", profile=ProfileName.TINY, yes=True, **more)


def sent(person: Person, song_id: str, key: str = "k", **more: Any) -> Any:
    """The same order over HTTP."""
    wish = {"song_id": song_id, "style": "film-noir", "prompt": "a fox"} | more
    return person.http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": key})


def waiting_for(bell: threading.Event) -> Callable[[int], None]:
    """A step that stands until the bell rings."""

    def wait(_count: int) -> None:
        bell.wait(200)

    return wait


async def is_being_cancelled(api: Api, video_id: str) -> bool:
    description = await describe(api.backend.client, generate_workflow_id(video_id))
    return description.raw_description.workflow_extended_info.cancel_requested


async def finished(api: Api, world: World, person: Person) -> str:
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    return video_id


async def test_the_same_operation_is_one_order_at_one_price(
    api: Api, world: World, terminal_for: Terminals, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    song_id = api.add_song(person.account_id).song_id
    operation_id = digest_of("operation", person.account_id, "k")
    monkeypatch.setattr(videos, "uuid4", lambda: SimpleNamespace(hex=operation_id))
    accepted = (await sent(person, song_id)).json()
    api.grant(person.account_id, 200)
    made = await terminal.run(typed(song_id))
    assert (made["video_id"], made["credits_charged"]) == (accepted["video_id"], accepted["credits"])
    assert made["balance"] == api.balance(person.account_id) == 250, "held and charged once"
    shown = (await person.http.get(f"/api/v1/videos/{made['video_id']}")).json()
    assert (shown["style"], shown["prompt"], shown["seed"]) == ("film-noir", "a fox", 0)

    again = (await sent(person, song_id, "another")).json()
    assert again["video_id"] != made["video_id"]
    api.grant(person.account_id, 200)
    like = partial(videos.generate, like=made["video_id"], profile=ProfileName.TINY, yes=True)
    monkeypatch.setattr(videos, "uuid4", lambda: SimpleNamespace(hex="0" * 32))
    alike = await terminal.run(like)
    shown = (await person.http.get(f"/api/v1/videos/{alike['video_id']}")).json()
    assert (shown["song_id"], shown["prompt"], shown["seed"]) == (song_id, "a fox", 1)


async def test_an_order_is_refused_alike(api: Api, terminal_for: Terminals) -> None:
    person, other = await api.sign_up(), await api.sign_up()
    terminal = terminal_for(person.account_id)
    foreign = api.add_song(other.account_id).song_id
    assert refused(await sent(person, foreign)) == await terminal.refusal(typed(foreign))

    song_id = api.add_song(person.account_id).song_id
    over_http = refused(await sent(person, song_id, "model", clip_model="a/b"))
    assert "no model can be chosen" in over_http[1]
    assert over_http == await terminal.refusal(typed(song_id, clip_model="a/b"))

    await sent(person, song_id, "first")
    code, sentence = refused(await sent(person, song_id, "second"))
    assert code == "insufficient_credits"
    assert await terminal.refusal(typed(song_id)) == ("", sentence)
    assert len(api.backend.stores.orders.undelivered(person.account_id)) <= 1, "what is refused is not listed"


async def test_both_sides_list_find_and_rename_the_same_videos(api: Api, world: World, terminal_for: Terminals) -> None:
    go_on, person = threading.Event(), await api.sign_up()
    terminal = terminal_for(person.account_id)
    stored = await finished(api, world, person)
    api.grant(person.account_id, 200)
    world.faults.plans["envision"] = waiting_for(go_on)
    making = await order(api, person)
    try:
        page = partial(vault.show_page, Shelf.VIDEO)
        renamed = await terminal.run(partial(vault.rename, Shelf.VIDEO, stored, "Neon Nights"))
        assert renamed["title"] == "Neon Nights"
        for words, expected in (("", [making, stored]), ("NIGHTS neon", [stored]), ("song", [making])):
            listed = (await person.http.get("/api/v1/videos", params={"search": words})).json()["items"]
            lines = (await terminal.run(partial(page, PageQuery(search=words))))["videos"]
            assert [one["video_id"] for one in listed] == [one["video_id"] for one in lines] == expected
            for field in ("title", "style", "song_id", "latest_version"):
                assert [one[field] for one in listed] == [one[field] for one in lines]
        url = f"/api/v1/videos/{making}"
        answer = await person.http.patch(url, json={"title": "Too early"})
        assert refused(answer) == await terminal.refusal(partial(vault.rename, Shelf.VIDEO, making, "Too early"))
    finally:
        go_on.set()


async def test_both_sides_see_the_same_run_and_cancel_it_alike(api: Api, world: World, terminal_for: Terminals) -> None:
    go_on, person, other = threading.Event(), await api.sign_up(), await api.sign_up()
    terminal = terminal_for(person.account_id)
    foreign = await finished(api, world, other)
    world.faults.plans["envision"] = waiting_for(go_on)
    video_id = await order(api, person)
    url = f"/api/v1/videos/{video_id}"
    code, sentence = refused(await person.http.post(f"{url}/closing"))
    assert code == "no_draft"
    assert await terminal.refusal(partial(studio.close, video_id)) == (code, sentence)
    cancelling = asyncio.create_task(terminal.run(partial(videos.cancel, video_id, True)))
    terms = (await person.http.get(f"{url}/cancellation")).json()
    async with asyncio.timeout(200):
        while not await is_being_cancelled(api, video_id):
            pass
    go_on.set()
    told = await cancelling
    assert (told["status"], told["balance"]) == (RunStatus.CANCELLED, 250)
    assert terms["returned"] in (0, 200)
    shown = (await person.http.get(f"{url}/progress")).json()
    assert (shown["status"], shown["sentence"]) == (RunStatus.CANCELLED, told["sentence"])
    stranger = refused(await person.http.post(f"/api/v1/videos/{foreign}/cancellation"))
    assert stranger == await terminal.refusal(partial(videos.cancel, foreign, True))
    assert stranger == await terminal.refusal(partial(studio.close, foreign))


async def test_a_finished_run_is_told_alike_also_after_the_server_forgot_it(
    api: Api, world: World, terminal_for: Terminals, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = await api.sign_up()
    terminal = terminal_for(person.account_id)
    video_id = await finished(api, world, person)
    url = f"/api/v1/videos/{video_id}"

    async def both() -> tuple[dict[str, Any], dict[str, Any]]:
        return (await person.http.get(f"{url}/progress")).json(), await terminal.run(partial(videos.watch, video_id))

    for shown, told in [await both()]:
        for field in ("status", "sentence", "version", "credits_charged", "stages"):
            assert shown[field] == told[field]
    told_all = await terminal.run(partial(videos.timeline, video_id))
    shown_all = (await person.http.get(f"{url}/timeline")).json()
    lines, scenes = told_all["scenes"], shown_all["scenes"]
    assert shown_all["asked"] == told_all["asked"]
    shown_alike = ("index", "prompt", "take_id", "in_picture", "not_drawn")
    assert [[one[name] for name in shown_alike] for one in scenes] == [
        [one[name] for name in shown_alike] for one in lines
    ]

    gone = generate_workflow_id("video-gone")
    monkeypatch.setattr(progress, "generation", lambda c, _: c.get_workflow_handle_for(GenerateVideo.run, gone))
    api.backend.tower.close()
    for shown, told in [await both()]:
        assert shown["status"] == told["status"] == RunStatus.CLOSED
        assert shown["sentence"] == told["sentence"] == "Version 1 is in the Vault."


async def test_a_deletion_is_shown_done_and_refused_alike(api: Api, world: World, terminal_for: Terminals) -> None:
    go_on, person = threading.Event(), await api.sign_up()
    terminal = terminal_for(person.account_id)
    stored = await finished(api, world, person)
    api.grant(person.account_id, 200)
    world.faults.plans["envision"] = waiting_for(go_on)
    making = await order(api, person)
    try:
        answer = await person.http.delete(f"/api/v1/videos/{making}")
        assert answer.status_code == 409
        over_http = refused(answer)
        assert await terminal.refusal(partial(vault.delete, Shelf.VIDEO, making, True)) == over_http
    finally:
        go_on.set()
    plan = (await person.http.get(f"/api/v1/videos/{stored}/deletion")).json()
    assert await terminal.run(partial(vault.delete, Shelf.VIDEO, stored, True)) == plan
    for shelf in Shelf:
        subject = stored if shelf is Shelf.VIDEO else f"{shelf}-unknown"
        place = shelf if shelf is Shelf.FOOTAGE else f"{shelf}s"
        over_http = refused(await person.http.delete(f"/api/v1/{place}/{subject}"))
        if shelf is not Shelf.CHARACTER:  # the command takes a name, too, and refuses an unknown one by it
            assert await terminal.refusal(partial(vault.delete, shelf, subject, True)) == over_http
