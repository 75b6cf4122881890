"""All routes of the OpenAPI document, with no account, with another one, and with tokens of other scopes."""

import time
from typing import Any
from uuid import uuid4

import httpx
import pytest

from models.access import Scope
from tests.api.test_characters import WHO, png
from tests.security.access import ACCESS, For
from tests.security.house import API, House, Neighbour

Route = tuple[str, str]
Ids = dict[str, str]

PATIENCE_S = 300.0
_SCOPES = {For.READ: Scope.READ, For.WRITE: Scope.WRITE, For.SPEND: Scope.SPEND}
_PROVEN_OTHERWISE = {
    ("POST", f"{API}/webhooks/stripe"): {404, 422, 400},
    ("POST", f"{API}/webhooks/fal/{{job_key}}"): {404, 422, 400},
}
"""Routes for strangers that must prove who they are in their body."""


@pytest.fixture(scope="module")
def routes(house: House) -> dict[Route, Any]:
    """Method and path of every route that is described, and the body of its example."""
    with house.visitor() as http:
        described = http.get(f"{API}/openapi.json").json()["paths"]
    return {
        (method.upper(), path): operation.get("requestBody", {}).get("content", {}).get("application/json", {})
        for path, methods in described.items()
        for method, operation in methods.items()
    }


@pytest.fixture(scope="module")
def ids(house: House) -> tuple[Neighbour, Ids]:
    """One of everything that an account can have, by the names that addresses give to its id."""
    owner = Neighbour(house.sign_up(), storyboard=True)
    http, url = owner.person.http, f"{API}/videos/{owner.video_id}"
    house.grant(owner.person.account_id, 400)
    _until(lambda: http.get(f"{url}/board").is_success)
    still = http.get(f"{url}/board").json()["scenes"][0]["still_url"]
    approval = {"revision": 0, "everything": True}
    approved = http.post(f"{url}/board/approvals", json=approval, headers={"Idempotency-Key": uuid4().hex})
    assert approved.status_code == 200, approved.text
    _until(lambda: http.get(f"{url}/versions").json().get("items"))
    anew = http.post(f"{url}/scenes/0/regenerations", json={"kind": "image"}, headers={"Idempotency-Key": uuid4().hex})
    assert anew.status_code == 202, anew.text
    export = http.post(f"{url}/exports", json={"kind": "poster"}).json()["export_id"]
    character = http.post(f"{API}/characters", data=WHO, files=[("references", ("a.png", png()))])
    assert character.status_code == 201, character.text
    token = http.post(f"{API}/tokens", json={"name": "x", "scopes": ["read"]})
    assert token.status_code == 201, token.text
    data = png()
    wish = {"filename": "a.png", "size_bytes": len(data)}
    begun = [http.post(f"{API}/footage-uploads", json=wish).json()["upload_id"] for _ in range(2)]
    assert http.post(f"{API}/footage-uploads/{begun[0]}/parts/0", content=data).status_code == 200
    footage = http.post(f"{API}/footage-uploads/{begun[0]}/completion", json={})
    assert footage.status_code == 201, footage.text
    upload = http.post(f"{API}/song-uploads", json={"filename": "a.wav"}).json()["upload_id"]
    found = {
        "song_id": http.get(f"{API}/songs").json()["items"][0]["song_id"],
        "video_id": owner.video_id,
        "token_id": token.json()["token_id"],
        "upload_id": upload,
        "footage_id": footage.json()["footage_id"],
        "footage_upload_id": begun[1],
        "offset": "0",
        "character_id": character.json()["character_id"],
        "operation_id": anew.json()["operation_id"],
        "step_id": approved.json()["operation_id"],
        "name": still.rpartition("/")[2],
        "export_id": export,
        "share_id": http.post(f"{url}/shares", json={}).json()["share_id"],
        "takeout_id": http.post(f"{API}/account/takeouts").json()["takeout_id"],
        "number": "0",
        "index": "0",
        "version": "1",
        "slug": "film-noir",
        "token": "x" * 43,
        "job_key": "job",
        "session_id": http.get(f"{API}/sessions").json()["items"][0]["session_id"],
    }
    _until(lambda: http.get(f"{url}/exports/{export}").json()["state"] == "made")
    _until(lambda: http.get(f"{url}/regenerations/{found['operation_id']}").json()["state"] == "delivered")
    return owner, found


def test_every_route_is_classified(routes: dict[Route, Any]) -> None:
    """A new route belongs into access.py; one that is gone is taken out of it."""
    assert sorted(routes.keys() - ACCESS.keys()) == []
    assert sorted(ACCESS.keys() - routes.keys()) == []


def test_strangers_come_in_where_they_may(house: House, routes: dict[Route, Any], ids: tuple[Neighbour, Ids]) -> None:
    answers = {}
    for route, content in routes.items():
        with house.visitor() as stranger:  # a new one each time: one that has signed up is no stranger
            answers[route] = call(stranger, route, ids[1], content)
    wrong = {
        route: (answer.status_code, answer.text[:100])
        for route, answer in answers.items()
        if (answer.status_code == 401 and answer.json()["code"] == "unauthenticated")
        is (ACCESS.get(route) is For.STRANGERS)
    }
    assert wrong == {}
    assert {route for route, ok in _PROVEN_OTHERWISE.items() if answers[route].status_code not in ok} == set()


def test_tokens_do_what_their_scope_says(house: House, routes: dict[Route, Any], ids: tuple[Neighbour, Ids]) -> None:
    """With all scopes but the one that a route wants; with all of them where no token will do."""
    owner, found = ids
    account_id = owner.person.account_id
    wrong = {}
    for route, content in routes.items():
        who = ACCESS[route]
        if who is For.STRANGERS:
            continue
        lacking = _SCOPES.get(who)
        with house.machine(account_id, *(scope for scope in Scope if scope is not lacking)) as machine:
            answer = call(machine, route, found, content)
        told = (answer.status_code, answer.json()["code"]) if answer.status_code >= 400 else (answer.status_code, "")
        refused = {For.OWNER: (403, "session_only"), For.SUPPORT: (404, "not_found")}.get(who, (403, "scope"))
        if told != refused:
            wrong[route] = told
    assert wrong == {}


def test_another_accounts_things_are_not_there(
    house: House, routes: dict[Route, Any], ids: tuple[Neighbour, Ids]
) -> None:
    owner, found = ids
    eve = house.sign_up()
    house.grant(eve.account_id, 400)
    before = _seen(owner, routes, found)
    named = [route for route in routes if "{" in route[1] and ACCESS[route] is not For.STRANGERS]
    assert len(named) > 35
    answers = {route: call(eve.http, route, found, routes[route]) for route in named}
    assert {route: (a.status_code, a.text[:100]) for route, a in answers.items() if a.status_code != 404} == {}
    for body in (
        {"song_id": found["song_id"], "prompt": "a fox"},
        {"song_id": found["song_id"], "prompt": "a fox", "character_ids": [found["character_id"]]},
    ):
        order = eve.http.post(f"{API}/videos", json=body, headers={"Idempotency-Key": uuid4().hex})
        assert order.status_code == 404, order.text
    price = {"operation": "regenerate_image", "video_id": found["video_id"], "scene": 0}
    assert eve.http.post(f"{API}/quotes", json=price).status_code == 404
    for page in ("processing", "preview", "studio"):
        assert eve.http.get(f"/{page}/{found['video_id']}").status_code == 404, page
    assert _seen(owner, routes, found) == before, "and they are there, as they were"
    assert set(before.values()) <= {200, 307}


def test_support_is_for_supporters(house: House, routes: dict[Route, Any], ids: tuple[Neighbour, Ids]) -> None:
    eve = house.sign_up()
    support = [route for route in routes if ACCESS[route] is For.SUPPORT]
    assert support
    assert {call(eve.http, route, ids[1], routes[route]).status_code for route in support} == {404}


def call(http: httpx.Client, route: Route, ids: Ids, content: dict[str, Any]) -> httpx.Response:
    """Use a route with these ids, and with the body of its example."""
    method, path = route
    url = path.format_map(ids)
    if path.endswith("/songs") and method == "POST":
        url += "?filename=a.wav"
    return http.request(method, url, json=content.get("example"), headers={"Idempotency-Key": uuid4().hex})


def _seen(owner: Neighbour, routes: dict[Route, Any], ids: Ids) -> dict[Route, int]:
    """What its owner is answered where an account's things are looked at; streams are left out, which do not end."""
    looks = [
        route
        for route in routes
        if route[0] == "GET" and "{" in route[1] and ACCESS[route] is For.READ and not route[1].endswith("/events")
    ]
    return {route: call(owner.person.http, route, ids, {}).status_code for route in looks}


def _until(is_so: Any) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.2)
