"""Studio over HTTP: one ticket per key, the price held and charged, takes chosen and versions restored."""

import asyncio
import threading
from typing import Any

from models.progress import RunStatus
from models.studio import StudioState
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_watching import order
from tests.fakes.world import World


def keyed(key: str) -> dict[str, str]:
    return {"Idempotency-Key": key}


async def ended(person: Person, url: str, operation_id: str) -> dict[str, Any]:
    async with asyncio.timeout(200):
        while True:
            shown: dict[str, Any] = (await person.http.get(f"{url}/regenerations/{operation_id}")).json()
            if shown["state"] == StudioState.DELIVERED:
                return shown
            await asyncio.sleep(0.1)


async def test_a_scene_is_made_anew_once_per_key(api: Api, world: World) -> None:
    person = await api.sign_up()
    api.grant(person.account_id, 200)
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    url, before = f"/api/v1/videos/{video_id}", api.balance(person.account_id)
    scene, wish = f"{url}/scenes/2/regenerations", {"kind": "video", "seed": 7}
    asked = {"operation": "regenerate_video", "video_id": video_id, "scene": 2}
    quote = await person.http.post("/api/v1/quotes", json=asked)
    assert quote.status_code == 200, quote.text
    price = quote.json()["credits"]
    assert price > 0

    go_on = threading.Event()

    def block(_count: int) -> None:
        go_on.wait(200)

    world.faults.plans["animate"] = block
    try:
        first = await person.http.post(scene, json=wish, headers=keyed("one"))
        assert first.status_code == 202, first.text
        assert api.balance(person.account_id) == before - price, "held"
        again = await person.http.post(scene, json=wish, headers=keyed("one"))
        assert (again.status_code, again.json()) == (202, first.json())
        other = await person.http.post(scene, json={**wish, "seed": 8}, headers=keyed("one"))
        assert other.status_code == 422
        busy = await person.http.post(scene, json=wish, headers=keyed("two"))
        assert (busy.status_code, busy.json()["code"]) == (409, "scene_busy")
    finally:
        go_on.set()
    done = await ended(person, url, first.json()["operation_id"])
    assert (done["version"], done["price"]) == (2, price)
    assert api.balance(person.account_id) == before - price, "charged once"

    chosen = await person.http.post(f"{url}/scenes/2/choices", json={"take": "draft"}, headers=keyed("three"))
    assert chosen.status_code == 202, chosen.text
    assert (await ended(person, url, chosen.json()["operation_id"]))["version"] == 3
    restored = await person.http.post(f"{url}/versions/2/restoration", headers=keyed("four"))
    assert restored.status_code == 202, restored.text
    assert (await ended(person, url, restored.json()["operation_id"]))["version"] == 4
    assert api.balance(person.account_id) == before - price, "choosing and restoring cost nothing"
    told = [one["sentence"] for one in (await person.http.get(f"{url}/versions")).json()["items"]]
    assert told == ["The first draft", "Scene 3 with a new clip", "Scene 3 with another take", "As version 2 was"]


async def test_an_operation_is_withdrawn_and_its_credits_come_back(api: Api, world: World) -> None:
    person, other = await api.sign_up(), await api.sign_up()
    api.grant(person.account_id, 200)
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    url, before = f"/api/v1/videos/{video_id}", api.balance(person.account_id)
    go_on = threading.Event()

    def block(_count: int) -> None:
        go_on.wait(200)

    world.faults.plans["animate"] = block
    try:
        made = await person.http.post(f"{url}/scenes/2/regenerations", json={"kind": "video"}, headers=keyed("one"))
        assert made.status_code == 202, made.text
        assert api.balance(person.account_id) < before, "held"
        operation = f"{url}/regenerations/{made.json()['operation_id']}"
        (listed,) = (await person.http.get(f"{url}/regenerations")).json()["items"]
        assert listed["operation_id"] == made.json()["operation_id"]
        assert (await other.http.delete(operation)).status_code == 404
        assert (await person.http.delete(operation)).status_code == 202
    finally:
        go_on.set()
    async with asyncio.timeout(200):
        while (shown := (await person.http.get(operation)).json())["state"] != StudioState.FAILED:
            await asyncio.sleep(0.1)
    assert (shown["version"], shown["failure"] is not None) == (None, True)
    assert api.balance(person.account_id) == before
    again = await person.http.delete(operation)
    assert (again.status_code, again.json()["code"]) == (409, "ended")
    assert (await person.http.get(f"{url}/regenerations")).json()["items"] == []
    assert [v["version"] for v in (await person.http.get(f"{url}/versions")).json()["items"]] == [1]
    assert (await person.http.delete(f"{url}/regenerations/none-of-them")).status_code == 404
