"""Share links: what a stranger with the link sees, gets and never learns."""

import io
import re
from datetime import timedelta
from fractions import Fraction
from uuid import uuid4

import httpx
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo
from sqlalchemy import update

from api.concurrency_limits import SHOWN_AT_ONCE
from models.brief import Brief
from models.credits import HoldRequest, Operation
from models.ids import studio_operation_key, video_id_for
from models.object_keys import video_prefix
from models.profiles import ProfileName
from models.timeline import Timeline, TimelineScene
from models.vault import Shelf
from settings import Settings
from stores.database import utc_now
from stores.schema_access import shares as table
from tests.api.conftest import URL, Api, Person

TITLE = "Rain & <Neon> “Élan”"
PROMPT = "a fox with a private thought"
MP4 = bytes(range(256)) * 4096
NEWER = MP4[::-1]
GONE = {"status": 404, "code": "no_share"}


class Shared:
    """An artist with a video of two versions, and strangers."""

    def __init__(self, api: Api, person: Person, *, confirmed: bool = True) -> None:
        self.api, self.person, self.http = api, person, person.http
        if confirmed:
            assert api.backend.access.profiles.verify(person.account_id)
        self.song = api.add_song(person.account_id, "A song's title")
        self.video_id = video_id_for(person.account_id, uuid4().hex)
        self.url = f"/api/v1/videos/{self.video_id}/shares"
        self.deliver(1, MP4)

    def deliver(self, version: int, data: bytes, count: int = 1) -> None:
        """Store a version, whose file holds these bytes."""
        stores, account_id = self.api.backend.stores, self.person.account_id
        prefix = video_prefix(account_id, self.video_id)
        video_key, still_key = f"{prefix}versions/{version}.mp4", f"{prefix}stills/000-{version}.png"
        stores.objects.put_bytes(video_key, data, "video/mp4")
        stores.objects.put_bytes(still_key, _still(), "image/png")
        scene = TimelineScene(
            index=0,
            section_index=0,
            section="chorus",
            start_frame=0,
            end_frame=240,
            start_s=0,
            end_s=30,
            prompt=PROMPT,
            still_key=still_key,
        )
        timeline = Timeline(
            video_id=self.video_id,
            version=version,
            song_id=self.song.song_id,
            profile=ProfileName.TINY,
            fps=Fraction(8),
            width=90,
            height=160,
            frame_count=240,
            soundtrack_key="s",
            video_key=video_key,
            scenes=tuple(scene.model_copy(update={"index": index}) for index in range(count)),
        )
        key = studio_operation_key(self.video_id, "generate" if version == 1 else str(version))
        self.api.grant(account_id, 200)
        stores.ledger.hold(HoldRequest(account_id=account_id, operation=Operation.GENERATE, operation_key=key))
        brief = Brief(style="film-noir", prompt=PROMPT)
        assert stores.vault.deliver_version(account_id, key, timeline, TITLE, brief.style, brief)

    async def link(self, **wish: object) -> str:
        """The secret of a new link."""
        made = await self.http.post(self.url, json=wish)
        assert made.status_code == 201, made.text
        return str(made.json()["url"].rpartition("/")[2])

    def private_words(self) -> list[str]:
        """What belongs to the account and never leaves with a link."""
        person = self.person
        return [person.account_id, person.email, self.video_id, self.song.song_id, PROMPT, "fox", self.song.title]


def _still() -> bytes:
    """A PNG that carries notes, as the painter's do."""
    out, notes = io.BytesIO(), PngInfo()
    notes.add_text("echonos", PROMPT)
    Image.linear_gradient("L").resize((1080, 1920)).convert("RGB").save(out, "PNG", pnginfo=notes)
    return out.getvalue()


@pytest.fixture
async def shared(api: Api) -> Shared:
    return Shared(api, await api.sign_up())


def _is_unlisted(answer: httpx.Response) -> bool:
    return "noindex" in answer.headers["x-robots-tag"]


async def test_a_stranger_watches_and_learns_the_title_alone(shared: Shared) -> None:
    secret = await shared.link()
    stranger = shared.api.stranger()
    page, told = await stranger.get(f"/shared/{secret}"), await stranger.get(f"/api/v1/shared/{secret}")
    video, poster = [await stranger.get(told.json()[name]) for name in ("video_url", "poster_url")]
    answers = (page, told, video, poster)
    assert [one.status_code for one in answers] == [200] * 4
    assert all(_is_unlisted(one) for one in answers)
    assert video.content == MP4
    with Image.open(io.BytesIO(poster.content)) as picture:
        assert (picture.format, picture.size) == ("JPEG", (720, 1280))
    assert poster.headers["cross-origin-resource-policy"] == "cross-origin"
    assert told.json()["title"] == TITLE
    assert (told.json()["duration_s"], told.json()["download_url"]) == (30, None)
    for answer in answers:
        text = answer.text + repr(answer.headers)
        assert [word for word in shared.private_words() if word in text] == []
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "set-cookie" not in page.headers


async def test_the_page_has_a_card_and_no_control_of_the_account(shared: Shared) -> None:
    secret = await shared.link()
    text = (await shared.api.stranger().get(f"/shared/{secret}")).text
    card = dict(re.findall(r'<meta (?:property|name)="([^"]+)" content="([^"]*)">', text))
    assert card["og:title"] == card["twitter:title"] == "Rain &amp; &lt;Neon&gt; “Élan”"
    assert card["og:image"] == card["twitter:image"] == f"{URL}/api/v1/shared/{secret}/poster"
    assert card["og:video"] == f"{URL}/api/v1/shared/{secret}/video"
    assert card["og:url"] == f"{URL}/shared/{secret}"
    assert "noindex" in card["robots"]
    assert TITLE not in text, "titles are text, never HTML"
    assert not [
        word for word in ("<style", " style=", "<script>", " onclick=", 'href="/studio', 'href="/vault') if word in text
    ]
    # The owner's own session changes nothing of what the page says.
    assert (await shared.http.get(f"/shared/{secret}")).text == text


async def test_a_preview_may_ask_for_the_head_of_a_page(shared: Shared) -> None:
    stranger, secret = shared.api.stranger(), await shared.link()
    for path in (f"/shared/{secret}", "/shared/unknown", "/login"):
        page, head = await stranger.get(path), await stranger.head(path)
        named = ("content-type", "x-robots-tag", "referrer-policy", "cache-control")
        assert head.status_code == page.status_code
        assert [head.headers.get(name) for name in named] == [page.headers.get(name) for name in named]


async def test_a_link_shows_the_version_that_it_was_made_for(shared: Shared) -> None:
    first = await shared.link()
    shared.deliver(2, NEWER)
    second, old = await shared.link(), await shared.link(version=1)
    stranger = shared.api.stranger()
    shown = [(await stranger.get(f"/api/v1/shared/{one}/video")).content for one in (first, second, old)]
    assert shown == [MP4, NEWER, MP4]
    listed = (await shared.http.get(shared.url)).json()["items"]
    assert [one["version"] for one in listed] == [1, 2, 1]
    assert not {"url", "secret", "token_hash"} & set(listed[0])
    assert (await shared.http.post(shared.url, json={"version": 3})).status_code == 404


@pytest.mark.parametrize("end", ["revoked", "expired", "hidden", "erased", "unknown", "malformed"])
async def test_a_link_that_shows_nothing_is_one_same_page(shared: Shared, end: str) -> None:
    backend, secret = shared.api.backend, await shared.link(download=True)
    account_id = shared.person.account_id
    match end:
        case "revoked":
            (listed,) = (await shared.http.get(shared.url)).json()["items"]
            assert (await shared.http.delete(f"{shared.url}/{listed['share_id']}")).status_code == 204
            assert (await shared.http.delete(f"{shared.url}/{listed['share_id']}")).status_code == 404
        case "expired":
            with backend.stores.database.write() as connection:
                connection.execute(update(table).values(expires_at=utc_now() - timedelta(seconds=1)))
        case "hidden":
            backend.stores.deletion.hide(account_id, Shelf.VIDEO, shared.video_id)
        case "erased":
            backend.stores.account_data.close(account_id)
        case "unknown":
            secret = "x" * 43
        case "malformed":
            secret = "'; DROP TABLE shares; --" + "ü" * 300
    stranger = shared.api.stranger()
    page = await stranger.get(f"/shared/{secret}")
    never = await stranger.get("/shared/never")
    assert (page.status_code, page.text) == (404, never.text)
    assert _is_unlisted(page)
    assert "expired, was revoked, or never existed" in page.text
    for part in ("", "/video", "/poster", "/video?download=true"):
        answer = await stranger.get(f"/api/v1/shared/{secret}{part}")
        told = answer.json()
        assert {"status": told["status"], "code": told["code"]} == GONE, (part, told)


async def test_the_file_is_offered_where_the_link_says_so(shared: Shared) -> None:
    watched, saved = await shared.link(), await shared.link(download=True)
    stranger = shared.api.stranger()
    refused = await stranger.get(f"/api/v1/shared/{watched}/video?download=true")
    assert (refused.status_code, refused.json()["code"]) == (403, "watch_only")
    assert "Download" not in (await stranger.get(f"/shared/{watched}")).text
    assert f"/api/v1/shared/{saved}/video?download=true" in (await stranger.get(f"/shared/{saved}")).text
    file = await stranger.get(f"/api/v1/shared/{saved}/video?download=true")
    assert file.content == MP4
    assert file.headers["content-disposition"].startswith("attachment; filename*=UTF-8''Rain%20%26")


SIZE = len(MP4)
RANGES = {
    "bytes=0-1": (0, 1),
    "bytes=100-": (100, SIZE - 1),
    "bytes=-7": (SIZE - 7, SIZE - 1),
    f"bytes=5-{SIZE * 9}": (5, SIZE - 1),
    f"bytes=-{SIZE * 9}": (0, SIZE - 1),
    "BYTES=3-3": (3, 3),
    "bytes=9-3": None,
    "bytes=-": None,
    "bytes=a-b": None,
    "bytes=0-1,5-6": None,
    "items=0-1": None,
    "": None,
}


async def test_players_get_the_ranges_that_they_ask_for(shared: Shared) -> None:
    url, stranger = f"/api/v1/shared/{await shared.link()}/video", shared.api.stranger()
    whole = await stranger.get(url)
    assert (whole.headers["accept-ranges"], whole.headers["content-type"]) == ("bytes", "video/mp4")
    assert "no-store" in whole.headers["cache-control"]
    for wanted, part in RANGES.items():
        answer = await stranger.get(url, headers={"Range": wanted})
        first, last = part or (0, SIZE - 1)
        assert answer.content == MP4[first : last + 1], wanted
        assert answer.headers["content-length"] == str(last - first + 1)
        told = answer.headers.get("content-range")
        assert (answer.status_code, told) == ((206, f"bytes {first}-{last}/{SIZE}") if part else (200, None)), wanted
    beyond = await stranger.get(url, headers={"Range": f"bytes={SIZE}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{SIZE}")
    for mark, status in ((whole.headers["etag"], 206), ('"other"', 200)):
        answer = await stranger.get(url, headers={"Range": "bytes=0-1", "If-Range": mark})
        assert answer.status_code == status


async def test_links_are_made_by_confirmed_accounts_within_limits(api: Api) -> None:
    shared = Shared(api, await api.sign_up())
    for wrong in ({"days": 0}, {"days": 366}, {"days": "7"}, {"version": 0}, {"download": "yes"}):
        assert (await shared.http.post(shared.url, json=wrong)).status_code == 422, wrong
    made = (await shared.http.post(shared.url, json={"days": 7.0})).json()
    assert made["expires_at"] > made["created_at"]
    assert made["url"].startswith(f"{URL}/shared/")
    claim = Shared(api, await api.sign_up(), confirmed=False)
    unconfirmed = await claim.http.post(claim.url, json={})
    assert (unconfirmed.status_code, unconfirmed.json()["code"]) == (403, "unverified")
    eve = await api.sign_up()
    assert api.backend.access.profiles.verify(eve.account_id)
    assert (await eve.http.post(shared.url, json={})).status_code == 404
    assert (await eve.http.get(shared.url)).status_code == 404
    assert (await eve.http.delete(f"{shared.url}/{made['share_id']}")).status_code == 404
    assert len((await shared.http.get(shared.url)).json()["items"]) == 1


async def test_strangers_are_limited_one_by_one_and_by_link(serve: object, api_settings: Settings) -> None:
    rates = api_settings.rates.model_copy(update={"shared": "3/hour"})
    async with serve(api_settings.model_copy(update={"rates": rates})) as api:  # type: ignore[operator]
        shared = Shared(api, await api.sign_up())
        secret, stranger = await shared.link(), api.stranger()
        codes = [(await stranger.get(f"/api/v1/shared/{secret}")).status_code for _ in range(4)]
        assert codes == [200, 200, 200, 429]
        limited = await stranger.get(f"/shared/{secret}", headers={"Accept": "text/html"})
        assert (limited.status_code, "Too often" in limited.text) == (429, True)


async def test_one_client_receives_so_many_at_once(shared: Shared) -> None:
    url, limits = f"/api/v1/shared/{await shared.link()}/video", shared.api.backend.concurrency
    stranger = shared.api.stranger()
    held = [limits.showing("127.0.0.1") for _ in range(SHOWN_AT_ONCE)]
    for one in held:
        one.__enter__()
    assert (await stranger.get(url)).status_code == 429
    held.pop().__exit__(None, None, None)
    assert [(await stranger.get(url)).status_code for _ in range(2)] == [200, 200], "an answer gives its place back"
    for one in held:
        one.__exit__(None, None, None)
