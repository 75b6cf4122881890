"""Everything belongs to an account: every route, with unknown ids and with another account's ids."""

import asyncio
from collections import defaultdict
from typing import Any
from uuid import uuid4

import httpx
from fastapi.routing import APIRoute

from api.app import create_app
from models.object_keys import staged_key
from models.progress import RunStatus
from models.studio import StudioState
from settings import Settings
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_characters import URL as CHARACTERS
from tests.api.test_characters import WHO, png
from tests.api.test_footage import upload_footage
from tests.fakes.world import World

JSON = "application/json"
SUPPORT = "/api/v1/support/"

PUBLIC = {
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/enter"),
    ("POST", "/api/v1/session"),
    ("POST", "/api/v1/accounts"),
    ("POST", "/api/v1/accounts/address-confirmations"),
    ("POST", "/api/v1/accounts/verification"),
    ("POST", "/api/v1/password-resets"),
    ("PUT", "/api/v1/password-resets/{token}"),
    ("GET", "/api/v1/styles"),
    ("GET", "/api/v1/styles/{slug}/picture"),
    ("GET", "/api/v1/products"),
    ("POST", "/api/v1/webhooks/stripe"),
    ("POST", "/api/v1/webhooks/fal/{job_key}"),
    ("POST", "/api/v1/codec/{token}/decode"),
    ("POST", "/api/v1/codec/{token}/encode"),
    ("GET", "/api/v1/shared/{token}"),
    ("GET", "/api/v1/shared/{token}/poster"),
    ("GET", "/api/v1/shared/{token}/video"),
}
"""Routes for strangers, each for a reason; a new one must be added here by hand."""


Route = tuple[str, str]


def routes(api: Api) -> dict[Route, Any]:
    """Every route of the API, from its own description: method and path, and the body that its example shows."""
    described: dict[str, dict[str, Any]] = api.app.openapi()["paths"]
    return {
        (method.upper(), path): operation.get("requestBody", {}).get("content", {}).get(JSON, {}).get("example")
        for path, methods in described.items()
        for method, operation in methods.items()
    }


async def call(http: httpx.AsyncClient, route: Route, ids: dict[str, str], body: Any = None) -> httpx.Response:
    """Use a route with these ids."""
    method, path = route
    headers = {"Idempotency-Key": uuid4().hex}
    return await http.request(method, path.format_map(ids), headers=headers, json=body)


def test_every_route_is_in_the_description(api_settings: Settings) -> None:
    app = create_app(api_settings)
    hidden = [r.path for r in app.routes if isinstance(r, APIRoute) and not r.include_in_schema]
    assert [path for path in hidden if path.startswith("/api/")] == []


async def test_strangers_get_401_everywhere(api: Api) -> None:
    found = routes(api)
    assert len(found) > 40
    stranger, nothing = api.stranger(), defaultdict(lambda: "0", token="x" * 43)
    open_to_all = set()
    for route in found:
        answer = await call(stranger, route, nothing)
        if answer.status_code != 401:
            open_to_all.add(route)
        else:
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["code"] == "unauthenticated"
    assert open_to_all == PUBLIC & found.keys()


async def possessions(api: Api, world: World, owner: Person) -> dict[str, str]:
    """One of everything that an account can have, by the names that addresses give to its id."""
    http = owner.http
    api.grant(owner.account_id, 200)
    song = api.add_song(owner.account_id)
    wish = {"song_id": song.song_id, "profile": "tiny", "prompt": "a fox", "storyboard": True}
    ordered = await http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": "one"})
    assert ordered.status_code == 202, ordered.text
    video_id = ordered.json()["video_id"]
    run, url = generation(api.backend.client, video_id), f"/api/v1/videos/{video_id}"
    await world.until(run, lambda p: p.status is RunStatus.WAITING_FOR_ARTIST)
    still = (await http.get(f"{url}/board")).json()["scenes"][0]["still_url"]
    approval, as_once = {"revision": 0, "everything": True}, {"Idempotency-Key": "all"}
    approved = await http.post(f"{url}/board/approvals", json=approval, headers=as_once)
    assert approved.status_code == 200, approved.text
    await world.until(run, lambda p: p.status is RunStatus.DRAFT_READY)
    anew = await http.post(f"{url}/scenes/0/regenerations", json={"kind": "image"}, headers={"Idempotency-Key": "two"})
    operation = anew.json()["operation_id"]
    export = (await http.post(f"{url}/exports", json={"kind": "poster"})).json()["export_id"]
    character = await http.post(CHARACTERS, data=WHO, files=[("references", ("a.png", png()))])
    assert api.backend.access.profiles.verify(owner.account_id)
    token = (await http.post("/api/v1/tokens", json={"name": "x", "scopes": ["read"]})).json()
    footage = await upload_footage(owner, png())
    begun = await http.post("/api/v1/footage-uploads", json={"filename": "a.png", "size_bytes": 9})
    upload = (await http.post("/api/v1/song-uploads", json={"filename": "a.wav"})).json()
    share = await http.post(f"{url}/shares", json={})
    assert share.status_code == 201, share.text
    staged = staged_key(owner.account_id, upload["upload_id"])
    api.backend.stores.objects.put_bytes(staged, b"not looked at", "audio/wav")
    async with asyncio.timeout(200):
        for address, state in ((f"regenerations/{operation}", StudioState.DELIVERED), (f"exports/{export}", "made")):
            while (await http.get(f"{url}/{address}")).json()["state"] != state:
                await asyncio.sleep(0.1)
    return {
        "song_id": song.song_id,
        "video_id": video_id,
        "token_id": token["token_id"],
        "session_id": (await http.get("/api/v1/sessions")).json()["items"][0]["session_id"],
        "upload_id": upload["upload_id"],
        "character_id": character.json()["character_id"],
        "footage_id": footage["footage_id"],
        "footage_upload_id": begun.json()["upload_id"],
        "offset": "0",
        "operation_id": operation,
        "step_id": approved.json()["operation_id"],
        "name": still.rpartition("/")[2],
        "export_id": export,
        "share_id": share.json()["share_id"],
        "takeout_id": (await http.post("/api/v1/account/takeouts")).json()["takeout_id"],
        "number": "0",
        "index": "0",
        "version": "1",
        "slug": "film-noir",
    }


async def test_somebody_elses_things_are_not_there(api: Api, world: World) -> None:
    """All routes that name something, with ids that exist and are another account's, and with bodies that fit."""
    ada, eve = await api.sign_up(), await api.sign_up()
    ids, balance = await possessions(api, world, ada), api.balance(ada.account_id)
    named = {route: body for route, body in routes(api).items() if "{" in route[1] and route not in PUBLIC}
    assert len(named) > 35
    answers = {route: await call(eve.http, route, ids, body) for route, body in named.items()}
    wrong = {route: (a.status_code, a.text[:100]) for route, a in answers.items() if a.status_code != 404}
    assert wrong == {}

    # The ids exist: their owner can read them.
    looks = [route for route in named if route[0] == "GET" and not route[1].startswith(SUPPORT)]
    assert len(looks) > 20
    shown = {route: (await _begun(ada, route, ids)) for route in looks}
    assert {route: status for route, status in shown.items() if status not in {200, 307}} == {}
    assert api.backend.stores.objects.size(staged_key(ada.account_id, ids["upload_id"])) is not None
    assert api.backend.stores.vault.song(ada.account_id, ids["song_id"]).title == "Song"

    for page in ("processing", "preview", "studio"):
        address = f"/{page}/{ids['video_id']}"
        assert (await eve.http.get(address)).status_code == 404, page
        shown_page = await ada.http.get(address)
        assert shown_page.status_code == 200, page
        assert not [word for word in ("<style", " style=", "<script>", " onclick=") if word in shown_page.text]

    wish = {"song_id": ids["song_id"], "prompt": "a fox"}
    for stolen in (
        wish,
        wish | {"song_id": api.add_song(eve.account_id).song_id, "character_ids": [ids["character_id"]]},
    ):
        ordered = await eve.http.post("/api/v1/videos", json=stolen, headers={"Idempotency-Key": uuid4().hex})
        assert ordered.status_code == 404, ordered.text
    for shelf in ("songs", "videos", "characters"):
        mine = [one["title"] for one in (await eve.http.get(f"/api/v1/{shelf}")).json()["items"]]
        assert mine == (["Song"] if shelf == "songs" else []), "hers alone"
    assert (api.balance(ada.account_id), api.balance(eve.account_id)) == (balance, 250)


async def _begun(person: Person, route: Route, ids: dict[str, str]) -> int:
    """The status of what may be an endless stream: of a run that was closed it ends."""
    if route[1].endswith("/events"):
        await person.http.post(f"/api/v1/videos/{ids['video_id']}/closing")
    return (await call(person.http, route, ids)).status_code
