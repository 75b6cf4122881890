"""Songs that are listened to again, asked for over HTTP."""

import asyncio
from typing import Any

from api.deps import Backend
from models.failures import InvalidInput
from models.quotas import Quotas
from models.song import SongRef
from settings import Settings
from tests.api.conftest import Api, Person
from tests.api.test_quotes import analysed
from tests.fakes.world import World

AGAIN = {"again": True}


def url_of(song: SongRef) -> str:
    return f"/api/v1/songs/{song.song_id}"


async def heard(person: Person, url: str) -> dict[str, Any]:
    """What a page waits for."""
    async with asyncio.timeout(200):
        while True:
            progress: dict[str, Any] = (await person.http.get(f"{url}/analysis/progress")).json()
            if not progress["running"]:
                return progress
            await asyncio.sleep(0.05)


async def test_an_older_song_is_heard_again_and_one_of_today_is_not(api: Api, world: World) -> None:
    person = await api.sign_up()
    song = analysed(api, person)
    url = url_of(song)
    assert (await person.http.get(url)).json()["renewable"] is True
    for _ in range(2):
        answer = await person.http.post(f"{url}/analysis", json=AGAIN)
        assert answer.status_code == 202, answer.text
    assert await heard(person, url) == {"running": False, "paused": False, "failure": None}
    shown = (await person.http.get(url)).json()
    assert (shown["renewable"], shown["analysis_revision"]) == (False, 2)
    assert (await person.http.get(f"{url}/analysis")).json()["analysis_version"] == 2
    assert (await person.http.get(f"{url}/waveform.json")).json()["tempo_bpm"] == 120
    refused = await person.http.post(f"{url}/analysis", json=AGAIN)
    assert (refused.status_code, refused.json()["code"]) == (409, "nothing_new")
    assert "would find the same" in refused.json()["detail"]
    for body in (None, {}, {"again": False}):
        assert (await person.http.post(f"{url}/analysis", json=body)).status_code == 202
    await heard(person, url)
    assert world.faults.calls["analyze"] == 1
    assert (await person.http.post(f"{url}/analysis", json=AGAIN | {"force": True})).status_code == 202
    await heard(person, url)
    assert (await person.http.get(url)).json()["analysis_revision"] == 3


async def test_why_it_came_to_nothing_is_said(api: Api, world: World) -> None:
    person = await api.sign_up()
    song = analysed(api, person)

    def refuse(_count: int) -> None:
        raise InvalidInput("This cannot be heard.")

    world.faults.plans["analyze"] = refuse
    await person.http.post(f"{url_of(song)}/analysis", json=AGAIN)
    failure = (await heard(person, url_of(song)))["failure"]
    assert failure["sentence"] == "This cannot be heard."
    assert _song(api.backend, song) == song


async def test_the_copy_must_fit_into_the_accounts_room(serve: Any, api_settings: Settings) -> None:
    quotas = Quotas(storage_bytes=1_000_000, unverified_storage_bytes=1_000_000)
    async with serve(api_settings.model_copy(update={"quotas": quotas})) as api:
        person = await api.sign_up()
        song = analysed(api, person)
        answer = await person.http.post(f"{url_of(song)}/analysis", json=AGAIN)
        assert (answer.status_code, answer.json()["code"]) == (403, "storage_unverified")


def _song(backend: Backend, song: SongRef) -> SongRef:
    return backend.stores.vault.song(song.account_id, song.song_id)
