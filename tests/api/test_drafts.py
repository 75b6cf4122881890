"""Unsent words: every window finds them, none silently overwrites another one, and they go with their video."""

from datetime import UTC, datetime

import pytest

from models.brief import Brief
from models.drafts import SceneTyping, TypedWords
from models.failures import InvalidInput
from models.orders import Order
from models.profiles import ProfileName
from models.vault import Shelf
from stores.drafts import Drafts
from tests.api.conftest import Api, Person

BRIEF = "/api/v1/briefs/draft"


def ordered(api: Api, person: Person, video_id: str) -> str:
    """Where the drafts of a video of the person's are."""
    brief = Brief(style="film-noir")
    api.backend.stores.orders.add(
        Order(
            video_id=video_id,
            account_id=person.account_id,
            song_id=api.add_song(person.account_id).song_id,
            song_title="Song",
            brief=brief,
            profile=ProfileName.TINY,
            ordered_at=datetime.now(UTC),
        )
    )
    return f"/api/v1/videos/{video_id}"


async def test_words_of_scenes_are_kept_for_every_window(api: Api) -> None:
    ada, eve = await api.sign_up(), await api.sign_up()
    url = ordered(api, ada, "video-of-ada")

    async def type_(words: str | None, revision: int, **more: object) -> dict[str, object]:
        body = {"image": {"words": words, "revision": revision, **more}}
        answer = await ada.http.put(f"{url}/scenes/3/draft", json=body)
        assert answer.status_code == 200, answer.text
        image: dict[str, object] = answer.json()["image"]
        return image

    assert await type_("a fox", 0) == {"words": "a fox", "revision": 1, "other": None}
    assert await type_("a red fox", 1) == {"words": "a red fox", "revision": 2, "other": None}
    # Another window does not know that: its words are newer and win; the others are kept beside them.
    late = await type_("a hare", 1)
    assert late == {"words": "a hare", "revision": 3, "other": "a red fox"}
    assert await type_("a grey hare", 3) == {"words": "a grey hare", "revision": 4, "other": "a red fox"}
    assert await type_("a red fox", 4) == {"words": "a red fox", "revision": 5, "other": "a grey hare"}, "swapped"
    motion = await ada.http.put(f"{url}/scenes/3/draft", json={"motion": {"words": "it turns"}})
    assert motion.json()["image"]["words"] == "a red fox", "a field that is left out stays"
    (found,) = (await ada.http.get(f"{url}/drafts")).json()["items"]
    assert (found["index"], found["motion"]["words"], found["image"]["other"]) == (3, "it turns", "a grey hare")

    assert await type_(None, 5, forget_other=True) == {"words": None, "revision": 6, "other": None}
    gone = await ada.http.put(f"{url}/scenes/3/draft", json={"motion": {"words": None, "revision": 1}})
    assert gone.status_code == 200
    assert (await ada.http.get(f"{url}/drafts")).json()["items"] == []

    for path, body in (("drafts", None), ("scenes/3/draft", {"image": {"words": "stolen"}})):
        method = "GET" if body is None else "PUT"
        assert (await eve.http.request(method, f"{url}/{path}", json=body)).status_code == 404
    long = await ada.http.put(f"{url}/scenes/3/draft", json={"image": {"words": "x" * 100_000}})
    assert long.status_code == 422

    stores = api.backend.stores
    await type_("a fox", 0)
    few = Drafts(stores.database, most=1)
    typing = SceneTyping(image=TypedWords(words="one more"))
    few.type_scene(ada.account_id, "video-of-ada", 3, typing)
    with pytest.raises(InvalidInput, match="send or withdraw"):
        few.type_scene(ada.account_id, "video-of-ada", 4, typing)
    stores.deletion.forget(ada.account_id, Shelf.VIDEO, "video-of-ada")
    assert stores.drafts.of_video(ada.account_id, "video-of-ada") == [], "they go with the video"


async def test_the_brief_is_kept_until_it_is_ordered(api: Api) -> None:
    ada, eve = await api.sign_up(), await api.sign_up()
    choices = {
        "style": "anime",
        "enhance": True,
        "song_id": "song-1",
        "character_ids": ["c"],
        "aspect": "9:16",
        "storyboard": True,
    }
    body = {"prompt": {"words": "a fox", "revision": 0}, "choices": choices}
    kept = (await ada.http.put(BRIEF, json=body)).json()
    assert (kept["prompt"]["words"], kept["choices"]) == ("a fox", choices)
    assert (await ada.http.get(BRIEF)).json() == kept
    assert (await eve.http.get(BRIEF)).json()["prompt"]["words"] is None
    assert (await ada.http.delete(BRIEF, params={"revision": 0})).status_code == 204
    assert (await ada.http.get(BRIEF)).json() == kept, "typed on meanwhile: it stays"
    assert (await ada.http.delete(BRIEF, params={"revision": 1})).status_code == 204
    assert (await ada.http.get(BRIEF)).json()["choices"]["style"] is None

    await ada.http.put(BRIEF, json=body)
    shown = dict(api.backend.stores.account_data.rows(ada.account_id))
    assert shown["brief_drafts"][0]["document"]["prompt"]["words"] == "a fox", "handed out"
    api.backend.stores.account_data.forget(ada.account_id)
    assert api.backend.stores.drafts.brief(ada.account_id).prompt.words is None, "and erased"
