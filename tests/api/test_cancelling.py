"""Cancelling over HTTP: what is kept is shown first, and many free cancellations make new orders wait."""

import threading
from datetime import UTC, datetime

from models.cancellations import FREE_STOPS
from models.paid_media import Job, JobState, PieceKind
from models.progress import RunStatus
from stores import schema
from temporal.generation import generation
from tests.api.conftest import Api
from tests.api.test_watching import order
from tests.fakes.world import World


async def test_a_cancellation_that_keeps_something_asks_first(api: Api, world: World) -> None:
    go_on = threading.Event()

    def block(_count: int) -> None:
        go_on.wait(200)

    world.faults.plans["envision"] = block
    person, stranger = await api.sign_up(), await api.sign_up()
    video_id = await order(api, person)
    url = f"/api/v1/videos/{video_id}/cancellation"
    assert (await person.http.get(url)).json()["sentence"] == "All 200 credits come back."
    still = Job(
        job_key=f"{video_id}.still",
        workflow_id=f"generate-{video_id}",
        account_id=person.account_id,
        video_id=video_id,
        provider="fal",
        model="model",
        kind=PieceKind.STILL,
        scene_index=0,
        state=JobState.INTENDED,
        intended_at=datetime.now(UTC),
    )
    world.stores.jobs.intend(still)
    world.stores.jobs.end(still.job_key, JobState.DONE, "used")
    terms = (await person.http.get(url)).json()
    assert (terms["kept"], terms["returned"]) == (40, 160)
    assert (await stranger.http.get(url)).status_code == 404
    for body in (None, {}, {"accept_kept": 30}, {"accept_kept": False}):
        refused = await person.http.post(url, json=body)
        assert (refused.status_code, refused.json()["code"], refused.json()["kept"]) == (409, "accept_kept", 40)
    assert (await person.http.post(url, json={"accept_kept": "40"})).status_code == 422
    answer = await person.http.post(url, json={"accept_kept": True})
    assert (answer.status_code, answer.json()["kept"]) == (202, 40)
    go_on.set()
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.CANCELLED)
    assert api.balance(person.account_id) == 210


async def test_after_many_free_cancellations_new_orders_wait(api: Api, world: World) -> None:
    person = await api.sign_up()
    with world.stores.database.write() as connection:
        for number in range(FREE_STOPS):
            counts = {"kept": 0, "stills_bought": 0, "clips_bought": 0, "clips_planned": 0}
            row = {"operation_key": f"{person.account_id}/{number}", "account_id": person.account_id} | counts
            connection.execute(schema.stops.insert(), row | {"stopped_at": datetime.now(UTC)})
    song = api.add_song(person.account_id)
    headers = {"Idempotency-Key": song.song_id}
    refused = await person.http.post("/api/v1/videos", json={"song_id": song.song_id}, headers=headers)
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_stops")
    assert int(refused.headers["Retry-After"]) > 0
    assert api.balance(person.account_id) == 250
