"""The codec server for Temporal's own pages: what it shows, to whom, for how long, and to which origin."""

from base64 import b64encode
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import update
from temporalio.api.common.v1 import Payload

from api.guard import origin_of
from models.access import Role, SecurityEventKind
from models.failures import InvalidInput
from services import decoding
from settings import Settings
from stores.database import utc_now
from stores.schema_access import profiles, sessions
from tests.api.conftest import Api, Person
from tests.api.test_support import helper
from tests.fakes.private import codec_of, new_key

TOKENS = "/api/v1/support/codec-tokens"
UI = "https://temporal.example:8233"
OLD, NEW = new_key("old"), new_key("new")
PLAIN = Payload(metadata={"encoding": b"json/plain"}, data=b'"a fox in the rain"')


@pytest.fixture
async def sealing(serve: Callable[[Settings], Any], api_settings: Settings) -> AsyncIterator[Api]:
    """A process with codec keys, on a day of their rotation."""
    keys = SecretStr(f"{NEW},{OLD}")
    async with serve(api_settings.model_copy(update={"codec_keys": keys, "temporal_ui_url": f"{UI}/"})) as running:
        yield running


def shown(payload: Payload) -> dict[str, Any]:
    """A payload as Temporal's pages send it."""
    metadata = {name: b64encode(value).decode() for name, value in payload.metadata.items()}
    return {"metadata": metadata, "data": b64encode(payload.data).decode()}


async def address(person: Person) -> str:
    answer = await person.http.post(TOKENS)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["endpoint"])


async def use(api: Api, url: str, way: str = "decode", **headers: str) -> httpx.Response:
    """As Temporal's page, which has no cookie of ours."""
    payloads = [shown(codec_of(OLD).sealed(PLAIN)), shown(PLAIN), shown(codec_of(NEW).sealed(PLAIN))]
    return await api.stranger(**headers).post(f"{url}/{way}", json={"payloads": payloads})


async def test_support_reads_payloads_of_every_key_and_writes_with_the_newest(sealing: Api) -> None:
    support = await helper(sealing)
    url = await address(support)
    assert url.startswith(f"{sealing.backend.settings.public_url}/api/v1/codec/new.")
    answer = await use(sealing, url)
    assert (answer.status_code, answer.json()) == (200, {"payloads": [shown(PLAIN)] * 3})
    written = (await use(sealing, url, "encode")).json()["payloads"]
    assert [b64encode(b"new").decode()] * 3 == [one["metadata"]["encryption-key-id"] for one in written]
    assert (await sealing.stranger().post(f"{url}/decode", json={})).json() == {"payloads": []}
    kinds = [event.kind for event in sealing.backend.access.events.of(support.account_id)]
    assert SecurityEventKind.CODEC_TOKEN_MADE in kinds


async def test_a_large_page_of_history_is_taken_and_nothing_larger(sealing: Api) -> None:
    url = await address(await helper(sealing))
    whole = codec_of(NEW).sealed(Payload(metadata=PLAIN.metadata, data=b64encode(bytes(range(256)) * 4_000)))
    many = [shown(Payload(metadata=whole.metadata, data=whole.data))] * 100
    assert (await sealing.stranger().post(f"{url}/decode", json={"payloads": many})).status_code == 200
    huge = await sealing.stranger().post(f"{url}/decode", content=b" " * 16_000_001)
    assert huge.status_code == 413


async def test_an_address_ends_with_what_it_was_given_for(sealing: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    support = await helper(sealing)
    url = await address(support)
    monkeypatch.setattr(decoding, "TOKEN_LASTS", timedelta(seconds=-1))
    expired = await address(support)
    for wrong in (expired, url[:-2] + ("AA" if url[-2:] != "AA" else "BB"), url.replace("/new.", "/old."), url[:-9]):
        refused = await use(sealing, wrong)
        assert (refused.status_code, refused.json()["code"]) == (404, "not_found"), wrong
        assert "support page" in refused.json()["detail"]

    mine, proved = profiles.c.account_id == support.account_id, sessions.c.account_id == support.account_id
    for table, whose, taken, given in (
        (profiles, mine, {"roles": ""}, {"roles": Role.SUPPORT.value}),
        (sessions, proved, {"second_factor_at": utc_now() - timedelta(hours=13)}, {"second_factor_at": utc_now()}),
    ):
        for values, status in ((taken, 404), (given, 200)):
            with sealing.backend.stores.database.write() as connection:
                connection.execute(update(table).where(whose).values(values))
            assert (await use(sealing, url)).status_code == status, values
    assert (await support.http.delete("/api/v1/session")).status_code == 204
    assert (await use(sealing, url)).status_code == 404


async def test_only_support_fetches_an_address_and_only_where_payloads_are_encrypted(sealing: Api, api: Api) -> None:
    artist = await sealing.sign_up()
    assert (await artist.http.post(TOKENS)).status_code == 404
    sealing.make_supporter(artist.account_id)
    assert (await artist.http.post(TOKENS)).json()["code"] == "second_factor"
    assert (await sealing.machine(artist.account_id).post(TOKENS)).status_code == 404
    plain = await (await helper(api)).http.post(TOKENS)
    assert (plain.status_code, plain.json()["code"]) == (409, "no_codec")
    assert (await use(sealing, f"/api/v1/codec/{'x' * 43}")).status_code == 404


async def test_what_cannot_be_opened_is_refused_in_a_sentence(sealing: Api) -> None:
    url = await address(await helper(sealing))
    for payload in ({"data": "no base64!"}, {"metadata": {"encoding": "?"}}, {"metadata": 3}, 7):
        answer = await sealing.stranger().post(f"{url}/decode", json={"payloads": [payload]})
        assert answer.status_code == 422, payload
    foreign = shown(codec_of(new_key("elsewhere")).sealed(PLAIN))
    answer = await sealing.stranger().post(f"{url}/decode", json={"payloads": [foreign]})
    assert (answer.status_code, answer.json()["code"]) == (409, "codec_key")
    assert "elsewhere" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Temporal.Example:8233/ui/", "https://temporal.example:8233"),
        ("HTTPS://temporal.example:443", "https://temporal.example"),
        ("http://kim:secret@temporal.example:80/", "http://temporal.example"),
        ("http://[::1]:8233", "http://[::1]:8233"),
    ],
)
def test_an_origin_is_written_as_browsers_send_it(url: str, origin: str) -> None:
    assert origin_of(url) == origin


def test_an_address_of_temporals_pages_that_is_none_is_refused() -> None:
    assert Settings(temporal_ui_url="https://temporal.example/ui/").temporal_ui_url == "https://temporal.example/ui"
    with pytest.raises(InvalidInput, match="TEMPORAL_UI_URL"):
        Settings(temporal_ui_url="temporal.example:8233")


async def test_only_temporals_own_pages_may_ask_from_another_origin(sealing: Api) -> None:
    url = await address(await helper(sealing))
    ask = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type,x-namespace"}
    for origin, allowed in ((UI, UI), ("https://evil.example", None), (f"{UI}.evil.example", None), ("null", None)):
        asked = await sealing.stranger(Origin=origin, **ask).options(f"{url}/decode")
        assert asked.headers.get("access-control-allow-origin") == allowed, origin
        assert asked.status_code == (200 if allowed else 400)
        for answer in (await use(sealing, url, Origin=origin), await use(sealing, f"{url}x", Origin=origin)):
            assert answer.headers.get("access-control-allow-origin") == allowed, origin
            assert "access-control-allow-credentials" not in answer.headers
    elsewhere = await sealing.stranger(Origin=UI, **ask).options("/api/v1/balance")
    assert "access-control-allow-origin" not in elsewhere.headers
