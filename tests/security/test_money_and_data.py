"""Nothing paid is free, and deletion is complete: on a running stack, over real HTTP."""

import asyncio
import time
from collections.abc import Callable
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import select
from temporalio.service import RPCError, RPCStatusCode

from models.cancellations import FREE_STOPS
from models.search_attributes import SearchAttribute
from stores import schema
from temporal.connection import connect
from tests.security.house import API, House, Person, a_song

PATIENCE_S = 300.0


def until(done: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not done():
        assert time.monotonic() < deadline
        time.sleep(0.2)


def histories(house: House, account_id: str) -> dict[str, bytes]:
    """The account's executions as the server keeps them, by workflow id."""

    async def read() -> dict[str, bytes]:
        client = await connect(house.settings)
        found = {}
        async for run in client.list_workflows(f"{SearchAttribute.ACCOUNT} = '{account_id}'"):
            try:
                history = await client.get_workflow_handle(run.id, run_id=run.run_id).fetch_history()
            except RPCError as error:
                if error.status is not RPCStatusCode.NOT_FOUND:
                    raise
                continue  # deleted since it was listed
            found[run.id] = b"".join(event.SerializeToString() for event in history.events)
        return found

    return asyncio.run(read())


def tables_with(house: House, *words: str) -> list[str]:
    """Tables in which any row says one of the words."""
    found = []
    with house.stores.database.read() as connection:
        for table in schema.metadata.sorted_tables:
            values = (str(value) for row in connection.execute(select(table)) for value in row)
            if any(word in value for value in values for word in words):
                found.append(table.name)
    return found


def with_a_video(person: Person, prompt: str) -> tuple[str, str]:
    """Ids of a song and of a finished video of it."""
    song = person.upload(a_song(seed=500), f"{prompt}-title.wav").json()["song_id"]
    wish = {"song_id": song, "prompt": prompt, "profile": "tiny"}
    order = person.http.post(f"{API}/videos", json=wish, headers={"Idempotency-Key": uuid4().hex})
    assert order.status_code == 202, order.text
    video: str = order.json()["video_id"]
    until(lambda: bool(person.http.get(f"{API}/videos/{video}/versions").json().get("items")))
    return song, video


def test_a_deleted_video_and_song_leave_no_word(house: House) -> None:
    person, word = house.sign_up(), f"xylo{uuid4().hex}"
    song, video = with_a_video(person, word)
    assert set(tables_with(house, word)) >= {"songs", "videos"}
    assert any(word.encode() in history for history in histories(house, person.account_id).values())
    for path in (f"videos/{video}", f"songs/{song}"):
        assert person.http.delete(f"{API}/{path}").status_code == 204
        assert person.http.get(f"{API}/{path}").status_code == 404
    until(lambda: {run.partition("-")[0] for run in histories(house, person.account_id)} <= {"remove"})
    assert not any(word.encode() in history for history in histories(house, person.account_id).values())
    until(lambda: tables_with(house, word) == [])


def test_an_account_takes_its_data_out_and_is_erased(house: House) -> None:
    person, eve, word = house.sign_up(), house.sign_up(), f"xylo{uuid4().hex}"
    with_a_video(person, word)
    url = f"{API}/account/takeouts/" + person.http.post(f"{API}/account/takeouts").json()["takeout_id"]
    until(lambda: person.http.get(url).json()["state"] == "ready")
    assert eve.http.get(url).status_code == 404
    balance = house.stores.ledger.balance(person.account_id)
    assert person.http.post(f"{API}/account/erasure", json={"confirm": "erase"}).status_code == 202
    assert person.http.get(f"{API}/session").status_code == 401
    until(lambda: {run.partition("-")[0] for run in histories(house, person.account_id)} <= {"erase"})
    until(lambda: tables_with(house, word, person.email) == [])
    until(lambda: list(house.stores.objects.list_keys(f"accounts/{person.account_id}/")) == [])
    assert house.stores.ledger.balance(person.account_id) == balance
    assert house.stores.ledger.verify().differences == ()
    assert eve.http.get(f"{API}/session").status_code == 200


def test_aliases_of_one_mailbox_share_one_welcome(house: House) -> None:
    name = uuid4().hex
    people = [house.sign_up(f"{name}{more}@example.org") for more in ("", "+1", "+2")]
    balances = [person.http.get(f"{API}/balance").json()["available"] for person in people]
    assert balances == [250, 0, 0]


def test_after_many_free_cancellations_orders_wait(house: House) -> None:
    person = house.sign_up()
    song = person.upload(a_song(seed=77)).json()["song_id"]
    counts = {"kept": 0, "stills_bought": 0, "clips_bought": 0, "clips_planned": 0}
    with house.stores.database.write() as connection:
        for number in range(FREE_STOPS):
            row = {"operation_key": f"{person.account_id}/{number}", "account_id": person.account_id}
            connection.execute(schema.stops.insert(), row | counts | {"stopped_at": datetime.now(UTC)})
    wish, key = {"song_id": song, "profile": "tiny"}, {"Idempotency-Key": uuid4().hex}
    answer = person.http.post(f"{API}/videos", json=wish, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (429, "too_many_stops")
    assert person.http.get(f"{API}/balance").json()["available"] == 250
