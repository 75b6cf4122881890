"""The account's own data over HTTP: the ZIP and its link, the erasure, and who may ask for either."""

import asyncio
import io
import zipfile

import httpx

from models.account_data import TAKEOUT_KEPT
from models.ids import erase_workflow_id
from models.object_keys import takeout_key
from tests.api.conftest import Api
from tests.fakes.world import World


async def test_a_person_takes_everything_out(api: Api, world: World) -> None:
    person, stranger = await api.sign_up(), await api.sign_up()
    api.add_song(person.account_id)
    asked = await person.http.post("/api/v1/account/takeouts")
    assert asked.status_code == 202, asked.text
    url = f"/api/v1/account/takeouts/{asked.json()['takeout_id']}"
    async with asyncio.timeout(200):
        while (state := (await person.http.get(url)).json())["state"] == "packing":
            await asyncio.sleep(0.1)
    assert state["state"] == "ready"
    async with httpx.AsyncClient() as outside:
        data = (await outside.get(state["url"])).content
    assert len(data) == state["size_bytes"]
    names = zipfile.ZipFile(io.BytesIO(data)).namelist()
    assert {"README.txt", "rows/songs.json", "rows/profiles.json", "rows/sessions.json"} <= set(names)
    assert (await stranger.http.get(url)).status_code == 404
    key = takeout_key(person.account_id, asked.json()["takeout_id"])
    await asyncio.to_thread(world.stores.objects.delete_prefix, key)
    gone = await person.http.get(url)
    assert (gone.status_code, f"{TAKEOUT_KEPT.days}" in "7 seven days") == (404, True)
    assert "seven days" in gone.json()["detail"]


async def test_an_erased_person_is_out_at_once_and_cannot_log_in_again(api: Api, world: World) -> None:
    person = await api.sign_up()
    song = api.add_song(person.account_id)
    for body in ({}, {"confirm": "yes"}):
        assert (await person.http.post("/api/v1/account/erasure", json=body)).status_code == 422
    assert (await person.http.get("/api/v1/session")).status_code == 200
    answer = await person.http.post("/api/v1/account/erasure", json={"confirm": "erase"})
    assert answer.status_code == 202, answer.text
    assert (await person.http.get("/api/v1/session")).status_code == 401
    handle = world.client.get_workflow_handle(erase_workflow_id(person.account_id))
    await handle.result()
    assert world.stores.objects.size(song.source_key) is None
    assert world.stores.ledger.verify().differences == ()
    assert api.balance(person.account_id) == 250, "the ledger's journal stays as it was"


async def test_tokens_take_nothing_out_and_erase_nothing(api: Api) -> None:
    person = await api.sign_up()
    _, secret = api.backend.access.tokens.issue(person.account_id, "t", ["read", "write", "spend"])  # type: ignore[list-item]
    transport = httpx.ASGITransport(app=api.app)
    headers = {"Authorization": f"Bearer {secret}"}
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost", headers=headers) as machine:
        assert (await machine.post("/api/v1/account/takeouts")).status_code == 403
        assert (await machine.post("/api/v1/account/erasure", json={"confirm": "erase"})).status_code == 403
