"""What costs no credits has bounds of its own, and says what to do at them."""

import time
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest

from models.object_keys import account_prefix, staged_key
from tests.security.house import API, House, Neighbour, a_song, another_process, status_of

STREAMS = 20
PATIENCE_S = 200.0
ONCE = "1/hour"


@pytest.fixture(scope="module")
def strict(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A process that lets everything free be done once an hour, and keeps little."""
    rates = {f"RATES__{name}": ONCE for name in ("EXPORT", "RESTORE", "CHOOSE", "CHANGE", "QUOTE", "ANALYSE")}
    quotas = {"QUOTAS__STORAGE_BYTES": "100000000", "QUOTAS__UNVERIFIED_STORAGE_BYTES": "1000000"}
    with another_process(house, tmp_path_factory.mktemp("strict"), **rates, **quotas) as made:
        yield made


FREE: dict[str, tuple[str, str, Any]] = {
    "a rename of a song": ("PATCH", "songs/song-0", {"title": "x"}),
    "a rename of a video": ("PATCH", "videos/video-0", {"title": "x"}),
    "a rename of an own picture": ("PATCH", "footage/footage-0", {"title": "x"}),
    "a change of a character": ("PATCH", "characters/character-0", {"name": "x"}),
    "a quote": ("POST", "quotes", {"operation": "generate"}),
    "an analysis": ("POST", "songs/song-0/analysis", None),
    "a correction": (
        "POST",
        "songs/song-0/corrections",
        {"base_revision": 1, "corrections": [{"kind": "double"}]},
    ),
    "a choice": ("POST", "videos/video-0/scenes/0/choices", {"take": "draft"}),
    "an own picture": ("POST", "videos/video-0/scenes/0/own", {"footage_id": "footage-0"}),
    "an edit": ("POST", "videos/video-0/edits", {"base_version": 1, "edits": [{"kind": "merge", "scene_id": 0}]}),
    "an undo": ("POST", "videos/video-0/undo", {}),
    "an undo of a storyboard": ("POST", "videos/video-0/board/undo", {"revision": 0}),
    "a restoration": ("POST", "videos/video-0/versions/1/restoration", None),
    "an export": ("POST", "videos/video-0/exports", {"kind": "poster"}),
    "a withdrawal": ("DELETE", "videos/video-0/regenerations/0", None),
    "a cancellation": ("POST", "videos/video-0/cancellation", None),
    "a closing": ("POST", "videos/video-0/closing", None),
    "a deletion": ("DELETE", "songs/song-0", None),
}


@pytest.mark.parametrize("what", FREE)
def test_free_things_have_a_rate(strict: House, what: str) -> None:
    method, path, body = FREE[what]
    person, other = strict.sign_up(), strict.sign_up()

    def use(http: httpx.Client) -> httpx.Response:
        return http.request(method, f"{API}/{path}", json=body, headers={"Idempotency-Key": uuid4().hex})

    first, second = use(person.http), use(person.http)
    assert first.status_code in {200, 404}, first.text
    assert second.status_code == 429, second.text
    assert int(second.headers["Retry-After"]) > 0
    assert "try again in" in second.json()["detail"]
    assert use(other.http).status_code == first.status_code, "others are not counted along"


def test_storage_has_a_bound(strict: House) -> None:
    """With what is staged and what could still be staged; the sentence says what makes room."""
    eve = strict.sign_up(verified=False)
    first = eve.upload(a_song(seed=2))
    assert first.status_code == 201, first.text
    for refused in (
        eve.upload(a_song(seed=3, duration_s=70)),
        eve.http.post(f"{API}/song-uploads", json={"filename": "a.wav"}),
    ):
        assert (refused.status_code, refused.json()["code"]) == (403, "storage_unverified"), refused.text
        assert "confirm your e-mail" in refused.json()["detail"]
    assert strict.access.profiles.verify(eve.account_id)
    forms = [eve.http.post(f"{API}/song-uploads", json={"filename": "a.wav"}) for _ in range(4)]
    assert [form.status_code for form in forms] == [201, 201, 413, 413], "each form could still bring 40 MB"
    assert forms[-1].json()["code"] == "storage_full"
    assert "delete" in forms[-1].json()["detail"]
    over = eve.upload(a_song(seed=4, duration_s=2_500))
    assert over.status_code == 413, over.text


def test_staged_uploads_count(strict: House) -> None:
    eve = strict.sign_up()
    strict.stores.objects.put_bytes(staged_key(eve.account_id, uuid4().hex), bytes(99_000_000), "audio/wav")
    refused = eve.upload(a_song(seed=5, duration_s=300))
    assert (refused.status_code, refused.json()["code"]) == (413, "storage_full")
    assert list(strict.stores.objects.list_keys(account_prefix(eve.account_id))) == []


def test_an_account_has_twenty_streams(house: House, neighbour: Neighbour) -> None:
    eve = Neighbour(house.sign_up())
    head = house.head("GET", f"{API}/videos/{eve.video_id}/events", _cookie(eve.person.http))
    streams = [house.dial(head) for _ in range(STREAMS)]
    assert {status_of(stream.recv(2_000)) for stream in streams} == {200}
    with house.dial(head) as one_more:
        answer = one_more.recv(4_000)
    assert status_of(answer) == 429
    assert b"retry-after" in answer.lower()
    neighbour.served()
    with house.dial(
        house.head("GET", f"{API}/videos/{neighbour.video_id}/events", _cookie(neighbour.person.http))
    ) as own:
        assert status_of(own.recv(2_000)) == 200
    for stream in streams:
        stream.close()
    deadline = time.monotonic() + PATIENCE_S
    while not _is_let_in(house, head):
        assert time.monotonic() < deadline, "streams that were left are counted on"


def _is_let_in(house: House, head: bytes) -> bool:
    with house.dial(head) as again:
        return status_of(again.recv(4_000)) == 200


def _cookie(http: httpx.Client) -> str:
    return "Cookie: " + "; ".join(f"{name}={value}" for name, value in http.cookies.items())
