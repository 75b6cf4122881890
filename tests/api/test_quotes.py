"""A quote says what is held, and the provider's cost where pictures are bought."""

from collections.abc import Callable

import pytest
from pydantic import SecretStr

from engines.estimating import SpendingEstimator
from models.profiles import PROFILES, ProfileName
from models.song import SongRef
from settings import Settings
from tests.api.conftest import Api, Person
from tests.fakes.engines import made_analysis
from tests.fakes.fal_server import KEY


def analysed(api: Api, person: Person) -> SongRef:
    song = api.add_song(person.account_id)
    key = f"accounts/{person.account_id}/analysis.json"
    api.backend.stores.objects.put_bytes(key, made_analysis(64.0).to_bytes(), "application/json")
    return api.backend.stores.vault.record_analysis(person.account_id, song.song_id, key, key)


async def test_a_quote_names_what_the_house_will_pay_and_what_is_shown_again(
    serve: Callable[[Settings], object], api_settings: Settings
) -> None:
    settings = api_settings.model_copy(update={"fal_key": SecretStr(KEY), "fal_tier": "premium"})
    async with serve(settings) as api:  # type: ignore[attr-defined]
        person = await api.sign_up()
        song = analysed(api, person)
        wish = {"operation": "generate", "song_id": song.song_id}
        quote = (await person.http.post("/api/v1/quotes", json=wish)).json()
        assert quote["credits"] == 200
        cost = quote["provider"]
        assert 0 < cost["estimate_usd"] <= settings.spending.least_usd, "within the budget of a song of a minute"
        made, again = cost["scenes_made"], cost["scenes_reprised"]
        assert made > 0
        assert again > 0, "at this tier the budget does not pay for every scene"
        assert cost["reprise_share"] == pytest.approx(again / (made + again))

        estimator = SpendingEstimator.of(*settings.media_choice())
        plan = estimator.planner.plan(made_analysis(64.0), PROFILES[ProfileName.TINY], settings.max_scenes, 0)
        assert sum(scene.reprise_of is None for scene in plan.scenes) == made, "the plan that the run will make"

        unheard = api.add_song(person.account_id)
        wish = {"operation": "generate", "song_id": unheard.song_id}
        cost = (await person.http.post("/api/v1/quotes", json=wish)).json()["provider"]
        assert (cost["estimate_usd"], cost["scenes_made"]) == (settings.spending.least_usd, 0)

        other = await api.sign_up()
        assert (await other.http.post("/api/v1/quotes", json=wish)).status_code == 404
        quote = (await person.http.post("/api/v1/quotes", json={"operation": "generate"})).json()
        assert quote["provider"] is None, "without a song nothing is known"


async def test_where_nothing_is_bought_a_quote_names_no_provider(api: Api) -> None:
    person = await api.sign_up()
    song = analysed(api, person)
    wish = {"operation": "generate", "song_id": song.song_id}
    assert (await person.http.post("/api/v1/quotes", json=wish)).json()["provider"] is None


async def test_a_song_matters_to_a_quote_only_where_pictures_are_bought(api: Api) -> None:
    artist = await api.sign_up()
    wish = {"operation": "generate", "song_id": "song-of-another-account"}
    answer = await artist.http.post("/api/v1/quotes", json=wish)
    assert (answer.status_code, answer.json()["credits"], answer.json()["provider"]) == (200, 200, None)
