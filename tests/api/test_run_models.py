"""Models of a run, as an order's fields: unknown ones are refused before anything is held, quotes follow them."""

from collections.abc import Callable
from typing import Any

from pydantic import SecretStr

from settings import Settings
from tests.api.conftest import Api
from tests.api.test_quotes import analysed
from tests.fakes.fal_server import KEY

H3_MAX = "minimax/h3-max/image-to-video"


async def test_a_quote_follows_the_models_and_an_unknown_one_is_refused(
    serve: Callable[[Settings], Any], api_settings: Settings
) -> None:
    settings = api_settings.model_copy(update={"fal_key": SecretStr(KEY)})
    async with serve(settings) as api:
        person = await api.sign_up()
        assert api.backend.access.profiles.verify(person.account_id)
        song = analysed(api, person)
        wish = {"operation": "generate", "song_id": song.song_id}
        usual = (await person.http.post("/api/v1/quotes", json=wish)).json()["provider"]
        dearer = (await person.http.post("/api/v1/quotes", json=wish | {"clip_model": H3_MAX})).json()["provider"]
        assert dearer["estimate_usd"] > usual["estimate_usd"], "5 s are the least that it sells"
        for field in ("still_model", "clip_model"):
            for path, body in (("quotes", wish), ("videos", {"song_id": song.song_id})):
                refused = await person.http.post(
                    f"/api/v1/{path}", json=body | {field: "unknown/model"}, headers={"idempotency-key": field}
                )
                assert refused.status_code == 422, refused.text
                assert refused.json()["code"] == "unknown_model"
                assert ("nano-banana" if field == "still_model" else H3_MAX) in refused.text
        assert api.backend.stores.ledger.balance(person.account_id).held == 0
        assert api.backend.stores.orders.undelivered(person.account_id) == []


async def test_where_nothing_is_bought_no_model_can_be_chosen(api: Api) -> None:
    person = await api.sign_up()
    assert api.backend.access.profiles.verify(person.account_id)
    song = analysed(api, person)
    body = {"song_id": song.song_id, "clip_model": H3_MAX}
    refused = await person.http.post("/api/v1/videos", json=body, headers={"idempotency-key": "one"})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_models")
    assert "FAL_KEY" in refused.text
    assert api.backend.stores.ledger.balance(person.account_id).held == 0
