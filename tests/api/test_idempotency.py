"""The same key gives the same answer, also after crashes and refusals."""

import asyncio
from typing import Any

from models.progress import RunStatus
from settings import Settings
from temporal.generation import generation
from tests.api.conftest import Api
from tests.fakes.world import World


def wish(song_id: str, **more: Any) -> dict[str, Any]:
    return {"song_id": song_id, "style": "film-noir", "prompt": "a fox", **more}


async def end(api: Api, *video_ids: str) -> None:
    for video_id in video_ids:
        await generation(api.backend.client, video_id).terminate()


async def test_a_key_stands_for_one_request_and_one_account(api: Api, world: World) -> None:
    ada, eve = await api.sign_up(), await api.sign_up()
    songs = {who: api.add_song(who.account_id).song_id for who in (ada, eve)}
    headers = {"Idempotency-Key": "same"}
    first = await ada.http.post("/api/v1/videos", json=wish(songs[ada]), headers=headers)
    other = await ada.http.post("/api/v1/videos", json=wish(songs[ada], prompt="a box"), headers=headers)
    elsewhere = await ada.http.post("/api/v1/test-purchases", json={"price": "top-up-250"}, headers=headers)
    hers = await eve.http.post("/api/v1/videos", json=wish(songs[eve]), headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "key_conflict")
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "key_conflict")
    assert (first.status_code, hers.status_code) == (202, 202)
    assert first.json()["video_id"] != hers.json()["video_id"]
    await end(api, first.json()["video_id"], hers.json()["video_id"])


async def test_a_key_is_needed(api: Api) -> None:
    person = await api.sign_up()
    for headers in ({}, {"Idempotency-Key": ""}, {"Idempotency-Key": "x" * 201}):
        answer = await person.http.post("/api/v1/videos", json=wish("song-1"), headers=headers)
        assert (answer.status_code, answer.json()["field"]) == (422, "Idempotency-Key")


async def test_what_was_cut_off_is_met_again(api: Api, world: World) -> None:
    """A process that died between the start and the answer left a claim and a run: the next one joins it."""
    person = await api.sign_up()
    song = api.add_song(person.account_id)
    keep = api.backend.access.idempotency.keep
    api.backend.access.idempotency.keep = lambda *_: 1 / 0  # type: ignore[method-assign,assignment]
    cut = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "k"})
    assert cut.status_code == 500
    assert "division" not in cut.text
    api.backend.access.idempotency.keep = keep  # type: ignore[method-assign]
    answer = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "k"})
    assert answer.status_code == 202
    assert api.balance(person.account_id) == 50
    await end(api, answer.json()["video_id"])


async def test_another_price_than_was_shown_starts_nothing(api: Api, world: World) -> None:
    person = await api.sign_up()
    song = api.add_song(person.account_id)
    stale = wish(song.song_id) | {"quoted": 180}
    answer = await person.http.post("/api/v1/videos", json=stale, headers={"Idempotency-Key": "a"})
    assert (answer.status_code, answer.json()["code"]) == (422, "price_changed")
    assert (await person.http.get("/api/v1/videos")).json()["items"] == []
    assert api.balance(person.account_id) == 250


async def test_too_few_credits_start_nothing(api: Api, world: World) -> None:
    person = await api.sign_up()
    song = api.add_song(person.account_id)
    first = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "a"})
    short = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "b"})
    assert (short.status_code, short.json()["code"]) == (402, "insufficient_credits")
    assert len((await person.http.get("/api/v1/videos")).json()["items"]) == 1
    api.grant(person.account_id, 200)
    again = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "b"})
    assert again.text == short.text, "the same key, the same answer"
    third = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "c"})
    assert third.status_code == 202
    await end(api, first.json()["video_id"], third.json()["video_id"])


async def test_a_test_purchase_is_made_once(api: Api) -> None:
    person = await api.sign_up()
    buy = [
        person.http.post("/api/v1/test-purchases", json={"price": "top-up-500"}, headers={"Idempotency-Key": "k"})
        for _ in range(4)
    ]
    answers = await asyncio.gather(*buy)
    assert {answer.status_code for answer in answers} == {200}
    assert api.balance(person.account_id) == 750
    lines = (await person.http.get("/api/v1/ledger")).json()["items"]
    assert "TEST purchase" in lines[0]["text"]


async def test_without_a_worker_an_order_waits_and_says_so(api: Api, monkeypatch: Any, api_settings: Settings) -> None:
    from datetime import timedelta

    from services import orders, progress

    monkeypatch.setattr(orders, "PATIENCE", timedelta(seconds=1))
    monkeypatch.setattr(progress, "QUERY_PATIENCE", timedelta(seconds=1))
    person = await api.sign_up()
    song = api.add_song(person.account_id)
    answer = await person.http.post("/api/v1/videos", json=wish(song.song_id), headers={"Idempotency-Key": "k"})
    assert answer.status_code == 202
    assert "waits for a free machine" in answer.json()["sentence"]
    video_id = answer.json()["video_id"]
    shown = (await person.http.get(f"/api/v1/videos/{video_id}/progress")).json()
    assert (shown["waiting"], shown["status"]) == ("no_worker", RunStatus.RUNNING)
    assert "waits for a free machine" in shown["sentence"]
    await end(api, video_id)
