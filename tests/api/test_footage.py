"""Own pictures and clips over HTTP: resumable, judged, private, and shown in a scene."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from models.footage import MOST_FOOTAGE_BYTES
from models.object_keys import own_footage_prefix, staged_key
from models.progress import RunStatus
from temporal.generation import generation
from tests.api.conftest import Api, Person
from tests.api.test_characters import png
from tests.api.test_studio import ended, keyed
from tests.api.test_watching import order
from tests.fakes.own_footage import picture, write_clip
from tests.fakes.world import World

URL = "/api/v1/footage-uploads"
LIST = "/api/v1/footage"


async def upload_footage(person: Person, data: bytes, filename: str = "a.png", part_bytes: int = 0) -> dict[str, Any]:
    begun = await person.http.post(URL, json={"filename": filename, "size_bytes": len(data)})
    assert begun.status_code == 201, begun.text
    url, step = f"{URL}/{begun.json()['upload_id']}", part_bytes or len(data)
    for offset in range(0, len(data), step):
        sent = await person.http.post(f"{url}/parts/{offset}", content=data[offset : offset + step])
        assert sent.status_code == 200, sent.text
    done = await person.http.post(f"{url}/completion", json={})
    return {"status": done.status_code} | dict(done.json())


async def test_a_picture_is_uploaded_in_parts_that_may_be_sent_again(api: Api) -> None:
    person, data = await api.sign_up(), png()
    begun = await person.http.post(URL, json={"filename": "Night.png", "size_bytes": len(data)})
    upload_id = begun.json()["upload_id"]
    url, half = f"{URL}/{upload_id}", len(data) // 2
    early = await person.http.post(f"{url}/completion", json={})
    assert (early.status_code, early.json()["code"]) == (409, "incomplete")
    for _ in range(2):
        first = await person.http.post(f"{url}/parts/0", content=data[:half])
        assert (first.status_code, first.json()["received_bytes"]) == (200, half), "sent again, counted once"
    gap = await person.http.post(f"{url}/parts/{half + 1}", content=data[half + 1 :])
    assert (gap.status_code, gap.json()["code"]) == (409, "offset")
    over = await person.http.post(f"{url}/parts/{half}", content=data[half:] + b"x")
    assert (over.status_code, over.json()["code"]) == (413, "too_big")
    assert (await person.http.get(url)).json()["received_bytes"] == half, "after a lost connection it goes on from here"
    await person.http.post(f"{url}/parts/{half}", content=data[half:])
    done = await person.http.post(f"{url}/completion", json={})
    assert done.status_code == 201, done.text
    kept = done.json()
    assert (kept["title"], kept["kind"], kept["width"], kept["strip_frames"]) == ("Night", "picture", 512, 1)
    assert (await person.http.post(f"{url}/completion", json={})).json() == kept, "a lost answer is asked for again"
    assert (await upload_footage(person, data, "other.png"))["footage_id"] == kept["footage_id"], (
        "the same bytes are one"
    )
    assert [one["title"] for one in (await person.http.get(LIST, params={"search": "night"})).json()["items"]] == [
        "Night"
    ]
    for title, status in (("a" * 201, 422), ("", 422), ("The Harbour", 200)):
        renamed = await person.http.patch(f"{LIST}/{kept['footage_id']}", json={"title": title})
        assert renamed.status_code == status, title
    assert renamed.json()["title"] == "The Harbour"
    found = {
        word: (await person.http.get(LIST, params={"search": word})).json()["items"] for word in ("night", "HARBOUR")
    }
    assert [len(items) for items in found.values()] == [0, 1]
    for link in ("strip", "file"):
        assert (await person.http.get(f"{LIST}/{kept['footage_id']}/{link}")).status_code == 307


async def test_a_refused_title_costs_no_upload(api: Api) -> None:
    person, data = await api.sign_up(), png()
    begun = await person.http.post(URL, json={"filename": "\u202e.png", "size_bytes": len(data)})
    url = f"{URL}/{begun.json()['upload_id']}"
    await person.http.post(f"{url}/parts/0", content=data)
    refused = await person.http.post(f"{url}/completion", json={"title": "\u202e"})
    assert (refused.status_code, refused.json()["code"]) == (422, "title_empty")
    done = await person.http.post(f"{url}/completion", json={})
    assert (done.status_code, done.json()["title"]) == (201, "Untitled")


async def test_what_is_no_footage_is_refused_by_name_and_leaves_nothing(api: Api, tmp_path: Path) -> None:
    person = await api.sign_up()
    refused = await upload_footage(person, b"GIF89a" + bytes(100), "walk.mp4")
    assert (refused["status"], refused["code"]) == (415, "unknown_type")
    assert refused["detail"].startswith("walk.mp4 is a GIF, and we take a JPEG, PNG, WebP or HEIC picture")
    whole = write_clip(tmp_path / "a.mp4", [picture(96, 96, n) for n in range(8)]).read_bytes()
    cut = await upload_footage(person, whole[: len(whole) // 2], "b.mp4")
    assert (cut["status"], cut["code"]) == (422, "corrupt")
    big = await person.http.post(URL, json={"filename": "c.mov", "size_bytes": MOST_FOOTAGE_BYTES + 1})
    assert (big.status_code, big.json()["code"]) == (413, "too_big")
    assert "we take up to 200" in big.json()["detail"]
    empty = await person.http.post(URL, json={"filename": "d.mov", "size_bytes": 0})
    assert (empty.status_code, empty.json()["code"]) == (422, "empty")
    objects = api.backend.stores.objects
    assert list(objects.list_keys(staged_key(person.account_id, ""))) == []
    assert list(objects.list_keys(own_footage_prefix(person.account_id, ""))) == []


async def test_an_own_clip_is_shown_in_a_scene_and_deleted_from_the_vault(
    api: Api, world: World, tmp_path: Path
) -> None:
    person, other = await api.sign_up(), await api.sign_up()
    video_id = await order(api, person)
    await world.until(generation(api.backend.client, video_id), lambda p: p.status is RunStatus.DRAFT_READY)
    url, balance = f"/api/v1/videos/{video_id}", api.balance(person.account_id)
    clip = write_clip(tmp_path / "walk.mov", [picture(96, 160, n % 25) for n in range(90)]).read_bytes()
    kept = await upload_footage(person, clip, "walk.mov", part_bytes=4_000)
    assert (kept["kind"], kept["format"], kept["width"], kept["height"]) == ("clip", "mov", 96, 160)
    theirs = await upload_footage(other, clip, "walk.mov")
    scene = f"{url}/scenes/1/own"
    foreign = await person.http.post(scene, json={"footage_id": theirs["footage_id"]}, headers=keyed("0"))
    assert (foreign.status_code, foreign.json()["code"]) == (404, "no_footage")
    late = await person.http.post(scene, json={"footage_id": kept["footage_id"], "in_s": 9.5}, headers=keyed("1"))
    assert (late.status_code, late.json()["code"]) == (422, "in_point")
    wish = {"footage_id": kept["footage_id"], "in_s": 2, "focus": {"x": 0.25, "y": 0.5}}
    shown = await person.http.post(scene, json=wish, headers=keyed("2"))
    assert shown.status_code == 202, shown.text
    done = await ended(person, url, shown.json()["operation_id"])
    assert (done["version"], done["kind"], done["price"]) == (2, "own", 0)
    timeline = (await person.http.get(f"{url}/timeline")).json()
    one = timeline["scenes"][1]
    assert (one["marks"], one["in_frame"], one["footage_id"]) == (["own"], 16, kept["footage_id"])
    assert one["focus"] == {"x": 0.25, "y": 0.5}
    assert [take["kind"] for take in one["takes"]] == ["draft", "own"]
    told = [one["sentence"] for one in (await person.http.get(f"{url}/versions")).json()["items"]]
    assert told == ["The first draft", "Scene 2 with own footage"]
    assert api.balance(person.account_id) == balance

    gone = f"{LIST}/{kept['footage_id']}"
    assert "stay exactly as they are" in (await person.http.get(f"{gone}/deletion")).json()["sentence"]
    assert (await person.http.delete(gone)).status_code == 204
    assert (await person.http.get(gone)).status_code == 404
    async with asyncio.timeout(200):
        while list(api.backend.stores.objects.list_keys(own_footage_prefix(person.account_id, kept["footage_id"]))):
            await asyncio.sleep(0.1)
    assert (await person.http.get(f"{url}/scenes/1/clip")).status_code == 307, "the video keeps what it shows"
    again = await upload_footage(person, clip, "walk.mov")
    assert again["footage_id"] != kept["footage_id"], "the removal of the first one cannot reach it"
    assert (await other.http.get(f"{LIST}/{theirs['footage_id']}")).status_code == 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"in_s": -1}, "in_s"),
        ({"focus": {"x": 1.5}}, "focus"),
        ({"stands_still": "yes"}, "stands_still"),
        ({"footage_id": ""}, "footage_id"),
    ],
)
async def test_a_shot_that_means_nothing_is_refused(api: Api, body: dict[str, Any], field: str) -> None:
    person = await api.sign_up()
    url = "/api/v1/videos/video-0123456789abcdef0123/scenes/0/own"
    answer = await person.http.post(url, json={"footage_id": "footage-0"} | body, headers=keyed("x"))
    assert answer.status_code == 422
    assert field in answer.text
