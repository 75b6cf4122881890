"""Uploads: good songs are stored; all others leave no trace and cause no 5xx."""

import asyncio
import random
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.problems import too_often, unavailable
from api.uploads import staged
from models.failures import InvalidInput
from models.object_keys import staged_key
from models.progress import RunStatus
from services.songs import MOST_SONG_BYTES
from tests.api.conftest import Api, Person
from tests.engines.intake.conftest import MakeSong, make_song, music, songs
from tests.engines.intake.test_lengths_and_limits import _flac_of
from tests.fakes.foreign_files import FOREIGN, box, nested
from tests.fakes.world import World

__all__ = ["make_song", "music", "songs"]

GROUPS = 8
AT_ONCE = 3
KINDS = ("mp3", "m4a", "wav", "aac", "ogg", "flac")


def bad_uploads(songs: dict[str, bytes]) -> list[tuple[str, str, bytes]]:
    """What it is, under which name, and its bytes: at least 150 of them, the same at every run."""
    chance = random.Random(11)
    found = [("nothing", "song.mp3", b""), ("ten hours in a small FLAC", "song.flac", _flac_of(10.0))]
    found += [
        (f"{what} as {ending}", f"song.{ending}", data) for what, data in FOREIGN.items() for ending in ("mp3", "m4a")
    ]
    for kind in KINDS:
        whole = songs[kind]
        found.append((f"too short {kind}", f"song.{kind}", whole))
        found += [
            (f"{kind} called {other}", f"song.{other}", whole)
            for other in (*KINDS, "aiff", "mp4", "txt")
            if other != kind
        ]
        found += [
            (f"{share} of a {kind}", f"song.{kind}", whole[: int(len(whole) * share)]) for share in (0.1, 0.5, 0.9)
        ]
        torn = bytearray(whole)
        for _ in range(200):
            torn[chance.randrange(len(torn))] = chance.randrange(256)
        found.append((f"torn {kind}", f"song.{kind}", bytes(torn)))
    start = box(b"ftyp", b"M4A \0\0\0\0M4A ")
    wav = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 2**32 - 1, b"WAVE", b"fmt ", 16, 1, 2, 44_100, 176_400, 4, 16, b"data", 2**32 - 2
    )
    found += [
        ("deep MP4 atoms", "song.m4a", start + nested(100_000)),
        ("an MP4 atom of 2⁶⁴ bytes", "song.m4a", start + b"\0\0\0\x01moov" + b"\xff" * 8 + bytes(100)),
        ("endless ID3", "song.mp3", b"ID3\x04\0\0\0\0\0\0" * 300_000),
        ("ID3 that promises 256 MB", "song.mp3", b"ID3\x04\0\0\x7f\x7f\x7f\x7f" + bytes(50_000)),
        ("a WAV that claims 4 GB", "song.wav", wav + bytes(400_000)),
    ]
    return found


async def send(person: Person, name: str, data: bytes) -> httpx.Response:
    return await person.http.post("/api/v1/songs", params={"filename": name}, content=data)


def kept(api: Api) -> set[str]:
    return set(api.backend.stores.objects.list_keys(""))


@pytest.fixture(scope="session")
def bad(songs: dict[str, bytes]) -> list[tuple[str, str, bytes]]:
    return bad_uploads(songs)


@pytest.mark.parametrize("group", range(GROUPS))
async def test_bad_uploads_leave_no_trace(api: Api, bad: list[tuple[str, str, bytes]], group: int) -> None:
    assert len(bad) >= 150
    person = await api.sign_up()
    # The wall of styles belongs to no account, and may be painted meanwhile.
    before = {key for key in kept(api) if not key.startswith("styles/")}
    at_once = asyncio.Semaphore(AT_ONCE)
    wrong = []

    async def check(what: str, name: str, data: bytes) -> None:
        async with at_once:
            answer = await send(person, name, data)
        body = answer.json()
        refused = answer.status_code in {413, 415, 422} and body["code"] and len(body["detail"]) > 20
        if not refused or answer.headers["content-type"] != "application/problem+json":
            wrong.append((what, answer.status_code, answer.text[:120]))

    await asyncio.gather(*(check(*upload) for upload in bad[group::GROUPS]))
    assert wrong == []
    assert {key for key in kept(api) if not key.startswith("styles/")} == before
    assert (await person.http.get("/api/v1/songs")).json()["items"] == []
    assert api.balance(person.account_id) == 250
    assert len((await person.http.get("/api/v1/ledger")).json()["items"]) == 1


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.wav", "/etc/passwd.wav", "a\\b.wav", "..wav", "%2e%2e%2f.wav", "ü🎵.wav"]
)
async def test_names_never_become_paths(api: Api, world: World, make_song: MakeSong, tmp_path: Path, name: str) -> None:
    song = make_song(tmp_path / "song.wav", "wav", duration_s=60.5, rate_hz=8_000, layout="mono").read_bytes()
    person = await api.sign_up()
    answer = await send(person, name, song)
    assert answer.status_code == 201, answer.text
    (stored,) = api.backend.stores.catalogue.songs(person.account_id).songs
    assert stored.source_key == f"accounts/{person.account_id}/songs/{stored.song_id}/source.wav"


async def test_a_song_is_kept_heard_and_drawn(api: Api, world: World, make_song: MakeSong, tmp_path: Path) -> None:
    data = make_song(tmp_path / "song.flac", "flac", duration_s=60.5, rate_hz=8_000, layout="mono").read_bytes()
    person = await api.sign_up()
    first, again = await send(person, "Night Drive.flac", data), await send(person, "other.flac", data)
    assert (first.status_code, again.status_code) == (201, 201)
    song_id = first.json()["song_id"]
    assert (first.json()["title"], again.json()["song_id"]) == ("Night Drive", song_id)
    url = f"/api/v1/songs/{song_id}"
    async with asyncio.timeout(200):
        while not (await person.http.get(url)).json()["analysed"]:
            await asyncio.sleep(0.1)
    waveform = (await person.http.get(f"{url}/waveform.json")).json()
    assert waveform["beats"][0] == {"t": 0.0, "downbeat": True}
    assert [section["label"] for section in waveform["sections"]] == ["intro", "verse", "chorus", "outro"]
    picture = await person.http.get(f"{url}/waveform.svg")
    assert picture.headers["content-type"] == "image/svg+xml"
    assert "script" not in picture.text
    assert (await person.http.get(f"{url}/analysis")).json()["tempo_bpm"] == 120
    found = (await person.http.get("/api/v1/songs", params={"search": "drive night"})).json()["items"]
    assert [song["song_id"] for song in found] == [song_id]


@pytest.mark.parametrize("declared", ["honest", "chunked", "lying"])
async def test_the_limit_holds_while_bytes_arrive(api: Api, declared: str) -> None:
    """One byte too many ends it; what is declared is not believed, and what comes after is not read."""
    sent = 0

    async def body(size: int) -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < size:
            chunk = bytes(min(1 << 20, size - sent))
            sent += len(chunk)
            yield chunk

    person = await api.sign_up()
    headers = {"lying": {"Content-Length": "1000"}, "honest": {"Content-Length": str(MOST_SONG_BYTES + 1)}}.get(
        declared, {}
    )
    request = person.http.build_request(
        "POST", "/api/v1/songs", params={"filename": "a.wav"}, content=body(4 * MOST_SONG_BYTES), headers=headers
    )
    answer = await person.http.send(request)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (413, "too_big", "song")
    assert sent <= MOST_SONG_BYTES + (2 << 20)
    exactly = await person.http.post("/api/v1/songs", params={"filename": "a.wav"}, content=bytes(MOST_SONG_BYTES))
    assert exactly.json()["code"] == "unknown_type", "40,000,000 bytes are looked at"


async def test_a_wav_that_is_too_large_learns_how_large_its_flac_will_be(api: Api) -> None:
    head = struct.pack(
        "<4sI4s4sIHHIIHH4sI", b"RIFF", 0, b"WAVE", b"fmt ", 16, 1, 2, 44_100, 176_400, 4, 16, b"data", 60_000_000
    )
    person = await api.sign_up()
    sent = head + bytes(60_000_000)
    answer = await person.http.post("/api/v1/songs", params={"filename": "a.wav"}, content=sent)
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big")
    assert "about 39 MB as FLAC" in answer.json()["detail"]


async def test_a_direct_upload_is_checked_at_its_completion(
    api: Api, world: World, make_song: MakeSong, tmp_path: Path
) -> None:
    good = make_song(tmp_path / "song.wav", "wav", duration_s=60.5, rate_hz=8_000, layout="mono").read_bytes()
    person = await api.sign_up()
    for data, status in ((good, 201), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", 415)):
        form = (await person.http.post("/api/v1/song-uploads", json={"filename": "a.wav"})).json()
        url = f"/api/v1/song-uploads/{form['upload_id']}/completion"
        assert (await person.http.post(url, json={"filename": "a.wav"})).status_code == 404, "nothing is there yet"
        async with httpx.AsyncClient() as outside:
            put = await outside.post(form["url"], data=form["fields"], files={"file": ("a.wav", data)})
            assert put.is_success, put.text
        answer = await person.http.post(url, json={"filename": "a.wav", "title": "Straight in"})
        assert answer.status_code == status, answer.text
        assert not list(api.backend.stores.objects.list_keys(f"staged/{person.account_id}/"))
    listed = (await person.http.get("/api/v1/songs")).json()["items"]
    assert [song["title"] for song in listed] == ["Straight in"]


async def test_a_direct_upload_has_the_same_limit(api: Api) -> None:
    person = await api.sign_up()
    form = (await person.http.post("/api/v1/song-uploads", json={"filename": "a.wav"})).json()
    async with httpx.AsyncClient(timeout=120) as outside:
        large = {"file": ("a.wav", bytes(MOST_SONG_BYTES + 1))}
        assert (await outside.post(form["url"], data=form["fields"], files=large)).status_code == 400
    url = f"/api/v1/song-uploads/{form['upload_id']}/completion"
    assert (await person.http.post(url, json={"filename": "a.wav"})).status_code == 404, "the store took none of it"
    key = staged_key(person.account_id, form["upload_id"])
    await asyncio.to_thread(api.backend.stores.objects.put_bytes, key, bytes(MOST_SONG_BYTES + 1), "audio/wav")
    answer = await person.http.post(url, json={"filename": "a.wav"})
    assert (answer.status_code, answer.json()["code"]) == (413, "too_big"), "nor do we, had it"
    assert api.backend.stores.objects.size(key) is None


@pytest.mark.parametrize(
    ("failure", "is_kept"),
    [
        (too_often(60), True),
        (unavailable(), True),
        (InvalidInput("The title is empty.", "title_empty", "title"), True),
        (InvalidInput("It is no song."), False),
    ],
)
async def test_only_a_refused_file_leaves_the_staging_area(api: Api, failure: Exception, is_kept: bool) -> None:
    """“Try again in a minute” must not end with “nothing was uploaded”."""
    objects, key = api.backend.stores.objects, staged_key("account-1", "upload-1")
    await asyncio.to_thread(objects.put_bytes, key, b"a song", "audio/wav")
    with pytest.raises(type(failure)):
        async with staged(api.backend, "account-1", "upload-1"):
            raise failure
    assert (objects.size(key) is not None) == is_kept


async def test_from_upload_to_video(api: Api, world: World, make_song: MakeSong, tmp_path: Path) -> None:
    data = make_song(tmp_path / "song.wav", "wav", duration_s=60.5, rate_hz=8_000, layout="mono").read_bytes()
    person = await api.sign_up()
    song_id = (await send(person, "song.wav", data)).json()["song_id"]
    enhanced = await person.http.post("/api/v1/briefs/enhancement", json={"prompt": "a fox", "style": "film-noir"})
    assert enhanced.json() == {"prompt": "a fox, richer"}
    wish = {"song_id": song_id, "prompt": "a fox", "style": "film-noir"}
    video_id = (await person.http.post("/api/v1/videos", json=wish, headers={"Idempotency-Key": "k"})).json()[
        "video_id"
    ]
    shown: dict[str, Any] = {}
    async with asyncio.timeout(200):
        while shown.get("status") != RunStatus.DRAFT_READY:
            await asyncio.sleep(0.2)
            shown = (await person.http.get(f"/api/v1/videos/{video_id}/progress")).json()
    (video,) = (await person.http.get("/api/v1/videos")).json()["items"]
    assert (video["video_id"], video["prompt"], video["latest_version"]) == (video_id, "a fox", 1)
    plan = (await person.http.get(f"/api/v1/videos/{video_id}/deletion")).json()
    assert "deleted for good" in plan["sentence"]
    assert (await person.http.delete(f"/api/v1/videos/{video_id}")).status_code == 204
    assert (await person.http.get(f"/api/v1/videos/{video_id}")).status_code == 404
    assert (await person.http.get("/api/v1/videos")).json()["items"] == []
