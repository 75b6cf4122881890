"""What only PostgreSQL minds: it holds no text with a NUL in it."""

from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest

from bench.servers.postgres import postgres_server
from stores.database import migrate
from tests.api.conftest import Api
from tests.api.test_idempotency import end
from tests.api.test_isolation import PUBLIC, routes
from tests.fakes.world import World

PASSWORDS = "/api/v1/account/password"


class _Ids(dict[str, str]):
    """Ids for the places of an address; those that are not named belong to nothing."""

    def __missing__(self, name: str) -> str:
        return "0" * 32


@pytest.fixture
def database_url() -> Iterator[str]:
    """PostgreSQL, for backend and worker."""
    with postgres_server(durable=False) as server:
        migrate(server.url)
        yield server.url


def with_a_nul(body: Any) -> Iterator[Any]:
    """The body, once for every text in it, with that one holding a NUL."""
    if isinstance(body, str):
        yield f"{body}\0"
    places = enumerate(body) if isinstance(body, list) else body.items() if isinstance(body, dict) else ()
    for place, part in places:
        for changed in with_a_nul(part):
            kept = body.copy()
            kept[place] = changed
            yield kept


async def test_a_text_with_a_nul_is_refused_or_harmless(api: Api, world: World) -> None:
    person = await api.sign_up()
    api.make_supporter(person.account_id)
    await api.enrol(person)
    api.grant(person.account_id, 10_000)
    song_id = api.add_song(person.account_id).song_id
    ids = _Ids(song_id=song_id, index="0", version="1", offset="0")
    wrong, started, seen = [], [], 0
    for (method, path), example in routes(api).items():
        fitting = (
            example | {"song_id": song_id, "character_ids": [], "quoted": None}
            if path.endswith("/videos") and example
            else example
        )
        # Some of these end the session that they come with.
        who = api.stranger() if (method, path) in PUBLIC else person.http
        for body in with_a_nul(fitting if path != PASSWORDS else None):
            seen += 1
            address, headers = path.format_map(ids), {"Idempotency-Key": uuid4().hex}
            answer = await who.request(method, address, json=body, headers=headers)
            assert answer.status_code not in {401, 403} or (method, path) in PUBLIC, path
            if answer.status_code >= 500:
                wrong.append((method, path, body, answer.status_code))
            if (path.endswith("/videos"), answer.status_code) == (True, 202):
                started.append(answer.json()["video_id"])
    await end(api, *started)
    assert wrong == []
    assert seen > 30
