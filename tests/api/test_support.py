"""Support's actions over HTTP: only for the role; a parked run is retried or given up with a refund."""

import asyncio
from typing import Any

from models.failures import ProviderUnavailable
from models.progress import RunStatus
from models.support import Action
from temporal.generation import GenerateHandle
from tests.api.conftest import Api, Person
from tests.fakes.world import World

WHY = {"reason": "the artist asked"}
RUNS = "/api/v1/support/runs"


async def helper(api: Api) -> Person:
    person = await api.sign_up()
    api.make_supporter(person.account_id)
    await api.enrol(person)
    return person


async def parked(world: World, artist: Person, song_id: str) -> GenerateHandle:
    """A run that is parked because the painter does not answer."""

    def away(_count: int) -> None:
        raise ProviderUnavailable("away")

    world.faults.plans["paint"] = away
    world.account_id = artist.account_id
    handle, _ = await world.start(world.request(song_id))
    await world.until(handle, lambda p: p.status is RunStatus.NEEDS_ATTENTION)
    return handle


async def line_of(person: Person, video_id: str, state: str = "needs_attention") -> dict[str, Any]:
    """Its line in support's list; the server's index of runs comes a moment later than the runs."""
    async with asyncio.timeout(200):
        while True:
            items = (await person.http.get(RUNS, params={"state": state})).json()["items"]
            found = [line for line in items if line["video_id"] == video_id]
            if found:
                return dict(found[0])
            await asyncio.sleep(0.1)


async def test_without_the_role_there_is_no_support(api: Api) -> None:
    person = await api.sign_up()
    calls = [("GET", RUNS, None), ("POST", f"{RUNS}/video-1/retry", WHY), ("POST", f"{RUNS}/video-1/abandonment", WHY)]
    calls.append(("POST", f"{RUNS}/video-1/unpause", WHY))
    for method, url, body in calls:
        answer = await person.http.request(method, url, json=body)
        assert answer.status_code == 404, url

    api.make_supporter(person.account_id)
    for method, url, body in calls:
        answer = await person.http.request(method, url, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "second_factor"), url
    await api.enrol(person)
    assert (await person.http.get(RUNS)).status_code == 200
    for action in ("retry", "abandonment", "unpause"):
        url = f"{RUNS}/video-1/{action}"
        assert (await person.http.post(url, json={"reason": " "})).status_code == 422, "a reason is needed"
        unknown = await person.http.post(url, json=WHY)
        assert (unknown.status_code, unknown.json()["detail"]) == (404, "There is no run of video-1, or it has ended.")
        token = api.machine(person.account_id)
        assert (await token.post(url, json=WHY)).status_code == 404, "people only, whatever the account may do"


async def test_a_parked_run_goes_on_when_support_retries_it(api: Api, world: World) -> None:
    artist, support = await api.sign_up(), await helper(api)
    handle = await parked(world, artist, api.add_song(artist.account_id).song_id)
    video_id = handle.id.removeprefix("generate-")
    line = await line_of(support, video_id)
    assert (line["state"], line["account"]) == ("needs_attention", artist.account_id)
    assert "away" in line["reason"]
    assert api.balance(artist.account_id) == 50, "held"
    del world.faults.plans["paint"]
    answer = await support.http.post(f"{RUNS}/{video_id}/retry", json=WHY)
    assert answer.status_code == 200, answer.text
    await world.until(handle, lambda p: p.status is RunStatus.DRAFT_READY)
    assert api.balance(artist.account_id) == 50
    nothing_waits = await support.http.post(f"{RUNS}/{video_id}/retry", json=WHY)
    assert nothing_waits.status_code == 409
    (action,) = api.backend.stores.support.of(video_id)
    assert (action.actor, action.action, action.reason) == (support.email, Action.RETRY, WHY["reason"])


async def test_without_a_worker_the_list_is_there_all_the_same(api: Api, world: World) -> None:
    artist, support = await api.sign_up(), await helper(api)
    handle = await parked(world, artist, api.add_song(artist.account_id).song_id)
    await world.rest()
    line = await line_of(support, handle.id.removeprefix("generate-"))
    assert (line["state"], line["reason"]) == ("needs_attention", "")


async def test_a_run_that_support_gives_up_is_refunded(api: Api, world: World) -> None:
    artist, support = await api.sign_up(), await helper(api)
    handle = await parked(world, artist, api.add_song(artist.account_id).song_id)
    video_id = handle.id.removeprefix("generate-")
    answer = await support.http.post(f"{RUNS}/{video_id}/abandonment", json=WHY)
    assert answer.status_code == 200, answer.text
    assert api.balance(artist.account_id) == 250, "the answer comes when the credits are back"
    await world.until(handle, lambda p: p.status is RunStatus.FAILED)
    assert (await support.http.post(f"{RUNS}/{video_id}/abandonment", json=WHY)).status_code in {404, 409}
    (action,) = api.backend.stores.support.of(video_id)
    assert (action.actor, action.action) == (support.email, Action.ABANDON)
