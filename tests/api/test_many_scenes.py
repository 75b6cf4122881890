"""Several scenes made again with one change: planned, priced, and accepted or refused together."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

import services.many_scenes
from models.credits import GrantRequest, GrantSource, HoldRequest, Operation, Unit
from models.many_scenes import ManyScenes
from models.object_keys import video_prefix
from models.progress import RunStatus
from models.storyboard import ShotList
from models.studio import StudioKind
from services.many_scenes import plan_scenes
from services.studio import order_operation
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_shares import Shared
from tests.api.test_studio import ended, keyed
from tests.api.test_watching import order
from tests.fakes.world import World

IMAGE, CLIP = 10, 50


class Desk:
    """An artist at a finished video."""

    def __init__(self, api: Api, person: Person, video_id: str) -> None:
        self.api, self.person, self.http = api, person, person.http
        self.url = f"/api/v1/videos/{video_id}"
        self.many = f"{self.url}/regenerations"

    async def scenes(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.http.get(f"{self.url}/timeline")).json()["scenes"]
        return found

    def balance(self) -> int:
        return self.api.balance(self.person.account_id)


def waiting_for(go_on: threading.Event) -> Callable[[int], None]:
    def wait(_count: int) -> None:
        go_on.wait(200)

    return wait


async def desk_of(api: Api, world: World) -> Desk:
    person = await api.sign_up()
    api.grant(person.account_id, 200)
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    return Desk(api, person, video_id)


async def test_scenes_are_made_again_with_one_change_or_not_at_all(api: Api, world: World) -> None:
    desk = await desk_of(api, world)
    http, before, scenes = desk.http, desk.balance(), await desk.scenes()
    wish: dict[str, Any] = {"kind": "image", "scenes": [2, 0, 2], "add": "Snow falls", "version": 1}
    planned = (await http.post(f"{desk.many}/preview", json=wish)).json()
    assert [one["scene_index"] for one in planned["scenes"]] == [0, 2]
    assert all(one["prompt"].endswith(" Snow falls.") for one in planned["scenes"])
    assert planned["scenes"][0]["prompt"].startswith(scenes[0]["prompt"].rstrip(". "))
    assert (planned["price"], planned["balance_after"], planned["affordable"]) == (2 * IMAGE, before - 2 * IMAGE, True)

    refusals: tuple[tuple[dict[str, Any], int, str], ...] = (
        ({"add": ""}, 422, "change"),
        ({"find": "x", "replace": "y"}, 422, "change"),
        ({"add": "", "find": "unheard of"}, 422, "no_words"),
        ({"scenes": [0, 999]}, 404, "no_scene"),
        ({"add": "", "like": 999}, 404, "no_scene"),
        ({"add": "", "like": 0, "kind": "video"}, 422, "like"),
        ({"add": "", "like": 0, "scenes": [0]}, 422, "scenes"),
        ({"version": 9}, 404, "not_found"),
        ({"quoted": 1}, 409, "price_changed"),
    )
    for number, (change, status, code) in enumerate(refusals):
        for url in (desk.many,) if code == "price_changed" else (f"{desk.many}/preview", desk.many):
            refused = await http.post(url, json=wish | change, headers=keyed(f"refused {number}".replace(" ", "-")))
            assert (refused.status_code, refused.json().get("code")) == (status, code), (change, refused.text)
    bad: tuple[dict[str, Any], ...] = (
        {"scenes": []},
        {"scenes": list(range(41))},
        {"scenes": ["1"]},
        {"kind": "choose"},
        {"find": "x" * 301},
    )
    for wrong in bad:
        assert (await http.post(desk.many, json=wish | wrong, headers=keyed("w"))).status_code == 422, wrong
    stranger = await api.sign_up()
    assert (await stranger.http.post(f"{desk.many}/preview", json=wish)).status_code == 404
    assert desk.balance() == before

    go_on = threading.Event()
    world.faults.plans["paint"] = waiting_for(go_on)
    try:
        body = wish | {"quoted": planned["price"]}
        made = await http.post(desk.many, json=body, headers=keyed("many"))
        assert made.status_code == 202, made.text
        operations = made.json()["operations"]
        assert [(one["scene_index"], one["price"]) for one in operations] == [(0, IMAGE), (2, IMAGE)]
        assert desk.balance() == before - 2 * IMAGE
        assert (await http.post(desk.many, json=body, headers=keyed("many"))).json() == made.json(), "one order"
        busy = await http.post(desk.many, json=wish | {"scenes": [1, 2]}, headers=keyed("busy"))
        assert (busy.status_code, busy.json()["code"]) == (409, "scene_busy")
        assert "Scene 3 is being worked on" in busy.json()["detail"]
        assert desk.balance() == before - 2 * IMAGE, "scene 2 was not ordered either"
    finally:
        go_on.set()
    versions = sorted([(await ended(desk.person, desk.url, one["operation_id"]))["version"] for one in operations])
    assert versions == [2, 3]
    shown = await desk.scenes()
    assert [one["prompt"].endswith(" Snow falls.") for one in shown[:4]] == [True, False, True, False]

    # Together they cost more than is left, although each alone does not.
    left = desk.balance() // CLIP
    assert 0 < left < len(shown)
    dear = {"kind": "video", "scenes": list(range(left + 1)), "add": "It rains."}
    planned = (await http.post(f"{desk.many}/preview", json=dear)).json()
    assert (planned["affordable"], planned["price"]) == (False, (left + 1) * CLIP)
    refused = await http.post(desk.many, json=dear, headers=keyed("dear"))
    assert (refused.status_code, refused.json()["code"]) == (402, "insufficient_credits")
    assert (await http.get(desk.many)).json()["items"] == [], "none was begun"


async def test_a_late_refusal_gives_all_credits_back(api: Api, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The credits go elsewhere between the check of the sum and the last order."""
    desk = await desk_of(api, world)
    before = desk.balance()
    placed: list[Any] = []

    async def order_and_spend(app: Any, asked: Any, version: Any) -> Any:
        if len(placed) == 2:
            rest = HoldRequest(
                account_id=desk.person.account_id, operation=Operation.REGENERATE_VIDEO, operation_key="elsewhere/x"
            )
            while api.balance(desk.person.account_id) >= IMAGE:
                key = f"elsewhere/{uuid4().hex}"
                spend = Operation.REGENERATE_VIDEO if desk.balance() >= 50 else Operation.REGENERATE_IMAGE
                api.backend.stores.ledger.hold(rest.model_copy(update={"operation_key": key, "operation": spend}))
        placed.append(await order_operation(app, asked, version))
        return placed[-1]

    monkeypatch.setattr(services.many_scenes, "order_operation", order_and_spend)
    go_on = threading.Event()
    world.faults.plans["paint"] = waiting_for(go_on)
    try:
        wish = {"kind": "image", "scenes": [0, 1, 2], "add": "Snow falls."}
        refused = await desk.http.post(desk.many, json=wish, headers=keyed("late"))
    finally:
        go_on.set()
    assert (refused.status_code, refused.json()["code"]) == (402, "insufficient_credits")
    assert len(placed) == 2
    async with asyncio.timeout(200):
        while (await desk.http.get(desk.many)).json()["items"]:
            await asyncio.sleep(0.1)
    holds = [api.backend.stores.ledger.find_hold(desk.person.account_id, one.operation_key) for one in placed]
    assert [one.state.value for one in holds if one is not None] == ["released"] * 2
    assert desk.balance() == before - _held_elsewhere(api, desk)


def _held_elsewhere(api: Api, desk: Desk) -> int:
    return api.backend.stores.ledger.balance(desk.person.account_id).held


async def test_scenes_take_the_setting_of_another_and_keep_who_is_seen(api: Api, world: World) -> None:
    desk = await desk_of(api, world)
    scenes = await desk.scenes()
    wish = {"kind": "image", "scenes": [0, 3], "like": 3}
    planned = (await desk.http.post(f"{desk.many}/preview", json=wish)).json()
    assert [(one["scene_index"], one["prompt"]) for one in planned["scenes"]] == [(0, None)]
    made = (await desk.http.post(desk.many, json=wish, headers=keyed("like"))).json()["operations"]
    assert [one["scene_index"] for one in made] == [0]
    await ended(desk.person, desk.url, made[0]["operation_id"])
    stores, account_id = api.backend.stores, desk.person.account_id
    video_id = desk.url.rpartition("/")[2]
    newest, first = (stores.vault.timeline(account_id, video_id, number) for number in (None, 1))
    assert newest.scenes[0].shots_key.startswith(video_prefix(account_id, video_id))

    def shot(scene: Any) -> Any:
        shots = ShotList.from_bytes(stores.objects.get_bytes(scene.shots_key)).shots
        return next(one for one in shots if one.scene_index == scene.words_id)

    now, was, model = shot(newest.scenes[0]), shot(first.scenes[0]), shot(first.scenes[3])
    setting = ("location_id", "time_of_day", "weather", "light")
    assert all(getattr(now, name) == getattr(model, name) for name in setting)
    assert all(
        getattr(now, name) == getattr(was, name) for name in ("action", "character_ids", "framing", "camera_move")
    )
    assert newest.scenes[0].take_id == made[0]["operation_id"]
    assert scenes[0]["take_id"] != made[0]["operation_id"]


async def test_a_free_image_pays_for_one_scene_of_several(api: Api) -> None:
    shared = Shared(api, await api.sign_up())
    shared.deliver(2, b"three scenes", count=3)
    account_id, ledger = shared.person.account_id, api.backend.stores.ledger
    key, source = uuid4().hex, GrantSource.GOODWILL
    ledger.grant(GrantRequest(account_id=account_id, key=key, amount=1, source=source, unit=Unit.FREE_IMAGE))
    wish = ManyScenes(kind=StudioKind.IMAGE, scenes=(0, 1, 2), add="Snow falls.")
    batch = plan_scenes(api.backend, account_id, shared.video_id, wish)
    assert [one.quoted for one in batch.orders] == [0, IMAGE, IMAGE]
    assert (batch.total.price, batch.total.free_units) == (2 * IMAGE, 1)
    clips = plan_scenes(api.backend, account_id, shared.video_id, wish.model_copy(update={"kind": StudioKind.VIDEO}))
    assert [one.quoted for one in clips.orders] == [CLIP] * 3
